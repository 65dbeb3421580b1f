//! Decisions at gates as documents record them: what came of each and when.

use jiff::civil::Date;

use super::Packs;
use crate::kinds::Kind;

/// What a recorded outcome does to a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The gate is behind.
    Passes,
    /// The gate is behind, as long as conditions hold.
    Conditional,
    /// Something else was decided, and that is as good an end: once more, otherwise, no further.
    Otherwise,
    /// The gate was not passed.
    Against,
}

/// The outcomes of the four frameworks, folded.
const OUTCOMES: [(&str, Effect); 16] = [
    ("pass", Effect::Passes),
    ("passed", Effect::Passes),
    ("go", Effect::Passes),
    ("scale", Effect::Passes),
    ("operate", Effect::Passes),
    ("hand-off", Effect::Passes),
    ("handoff", Effect::Passes),
    ("pass-with-conditions", Effect::Conditional),
    ("go-with-conditions", Effect::Conditional),
    ("scale-with-conditions", Effect::Conditional),
    ("operate-with-conditions", Effect::Conditional),
    ("fail", Effect::Against),
    ("failed", Effect::Against),
    ("no-go", Effect::Against),
    ("not-passed", Effect::Against),
    ("rejected", Effect::Against),
];

impl Effect {
    fn of(outcome: &str) -> Self {
        let folded = outcome.trim().to_lowercase().replace([' ', '_'], "-");
        let known = OUTCOMES.iter().find(|(word, _)| *word == folded);
        known.map_or(Self::Otherwise, |(_, effect)| *effect)
    }

    /// Tells whether the pack went on through the gate.
    pub fn passes(self) -> bool {
        matches!(self, Self::Passes | Self::Conditional)
    }
}

/// A decision that names a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Index in `Packs::artifacts`.
    pub at: usize,
    /// The gate as written.
    pub gate: String,
    /// `pass-with-conditions`.
    pub outcome: String,
    /// What that does to the gate.
    pub effect: Effect,
    /// Whether the document is in force.
    pub counts: bool,
    /// `2026-05-05`; empty when it does not say.
    pub raised: String,
    /// `2026-05-05`; empty when it does not say.
    pub decided: String,
}

impl Recorded {
    /// How many days passed from the question to the decision.
    pub fn lasted(&self) -> Option<i64> {
        let day = |text: &str| text.parse::<Date>().ok();
        let days = i64::from((day(&self.decided)? - day(&self.raised)?).get_days());
        Some(days).filter(|days| *days >= 0)
    }

    /// Tells whether it was taken at a gate.
    pub fn is_at(&self, gate: &str) -> bool {
        self.gate.eq_ignore_ascii_case(gate)
    }
}

/// Lists the decisions of a pack that name a gate, the earliest first. A kind records decisions when fields of its own
/// say what came of them and who decided.
pub fn recorded(packs: &Packs, pack: usize) -> Vec<Recorded> {
    let mut found: Vec<Recorded> = packs.of(pack).filter_map(|at| of(packs, at)).collect();
    found.sort_by(|one, other| {
        let order = |it: &Recorded| (it.decided.clone(), packs.artifacts[it.at].id.clone());
        order(one).cmp(&order(other))
    });
    found
}

fn of(packs: &Packs, at: usize) -> Option<Recorded> {
    let artifact = &packs.artifacts[at];
    let kind = packs.kinds.get(artifact.kind).filter(|kind| decides(kind))?;
    let text = |name: &str| Some(artifact.field(kind.field(name)?)?.value.text()?.to_owned());
    let date = |name: &str| {
        let spec = kind.field(name)?;
        spec.form.day(artifact.field(spec)?.value.text()?)
    };
    let (gate, outcome) = (text("gate")?, text("outcome")?);
    Some(Recorded {
        at,
        effect: Effect::of(&outcome),
        gate,
        outcome,
        counts: artifact.status.is_approved(),
        raised: date("raised_on").unwrap_or_default(),
        decided: date("decided_on").unwrap_or_default(),
    })
}

fn decides(kind: &Kind) -> bool {
    let has_result = kind.fields.iter().any(|field| field.name == "outcome");
    has_result && kind.fields.iter().any(|field| !field.decision.is_empty())
}
