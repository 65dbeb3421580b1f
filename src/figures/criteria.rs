//! Criteria, row by row: a metric, a limit, a window, and what came of it. And what that recommends.

use jiff::civil::Date;

use super::delivery::{Delivery, delivery};
use super::measure::{Ground, Measured, Outcome};
use super::{Bound, Figures, Number, Place, Window};
use crate::document::Row;
use crate::kinds::{GoalpostPart, Kind, Recognised, normalise, word};
use crate::pack::{Artifact, Packs};

/// The table whose rows are criteria.
pub const CRITERIA: &str = "criteria";

/// The field that says on which day the windows end.
const EVALUATE_AT: &str = "evaluate_at";

/// The fields of a decision that say what was decided, and when.
const OUTCOME: &str = "outcome";
const DECIDED_ON: &str = "decided_on";

/// The dimension that decides between going on and stopping.
const VALUE: &str = "value";

/// The criteria of one document, held against what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// The document.
    pub artifact: usize,
    /// The day on which all windows end.
    pub until: Date,
    /// Whether the document decides between scale, iterate and stop.
    pub decides: bool,
    /// Row by row.
    pub rows: Vec<Criterion>,
}

/// A criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// The id of the row; empty when it has none.
    pub id: String,
    /// What it is about, as written.
    pub subject: String,
    /// `value`, `stability`; as written.
    pub dimension: String,
    /// Whether it must be kept.
    pub must: bool,
    /// The limit as written.
    pub limit: String,
    /// The window as written.
    pub window: String,
    /// What is said to follow when it is missed.
    pub if_missed: String,
    /// The metric that it is about: index in [`Figures::metrics`].
    pub metric: Option<usize>,
    /// What came of it.
    pub measured: Measured,
    /// Whether not even half of what was asked for was reached.
    pub far: bool,
    /// Where it stands.
    pub place: Place,
}

impl Criterion {
    /// Names it: by its id, or by what it is about.
    pub fn name(&self) -> String {
        if self.id.is_empty() {
            self.subject.clone()
        } else {
            format!("{} ({})", self.id, self.subject)
        }
    }

    fn is_about_value(&self) -> bool {
        normalise(&self.dimension) == VALUE
    }
}

/// Holds the criteria of a document against what is known on a day; nothing when it has none.
pub fn assess(packs: &Packs, artifact: usize, as_of: Date) -> Option<Assessment> {
    let own = &packs.artifacts[artifact];
    let kind = &packs.kinds[own.kind];
    let tables = kind.tables_of(&own.document);
    let mut tables = tables.iter().filter(|table| table.spec.name == CRITERIA).peekable();
    tables.peek()?;
    let decides = decides(kind, own);
    let last = || decision(packs, own.pack, as_of)?.looked_until;
    let ends = day(packs, artifact, EVALUATE_AT).or_else(|| last().filter(|_| decides));
    let until = ends.map_or(as_of, |day: Date| day.min(as_of));
    let records = delivery(packs, own.pack);
    let judging = Judging { figures: packs.figures(own.pack), delivery: &records, until };
    let rows = tables
        .flat_map(|table| table.table.rows.iter().filter_map(|row| judging.row(own, table, row)));
    let rows: Vec<Criterion> = rows.collect();
    Some(Assessment { artifact, until, decides, rows })
}

/// A decision on a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    /// The document.
    pub artifact: usize,
    /// The day on which it was taken.
    pub on: Date,
    /// Until which day figures were looked at for it, when it says so.
    pub looked_until: Option<Date>,
    /// What was decided.
    pub outcome: Advice,
}

/// Finds the last decision between scale, iterate and stop that was taken in a pack until a day.
pub fn decision(packs: &Packs, pack: usize, as_of: Date) -> Option<Decided> {
    let decisions = packs.of(pack).filter_map(|at| {
        let artifact = &packs.artifacts[at];
        let kind = &packs.kinds[artifact.kind];
        let fields = &artifact.document.front_matter;
        let mut parts = kind.goalposts.iter().filter(|one| one.part == GoalpostPart::Decision);
        if !artifact.status.is_approved() || !parts.any(|one| kind.fits(fields, &one.when)) {
            return None;
        }
        let outcome = artifact.field(kind.field(OUTCOME)?)?.value.text()?;
        let all = [Advice::Scale, Advice::Iterate, Advice::Stop];
        let outcome = all.into_iter().find(|one| word(outcome, one.word()).is_some())?;
        let on = day(packs, at, DECIDED_ON)?;
        Some(Decided { artifact: at, on, looked_until: day(packs, at, EVALUATE_AT), outcome })
    });
    decisions.filter(|one| one.on <= as_of).max_by_key(|one| (one.on, one.artifact))
}

/// Reads a day in a field of a document.
fn day(packs: &Packs, artifact: usize, name: &str) -> Option<Date> {
    let own = &packs.artifacts[artifact];
    let spec = packs.kinds[own.kind].field(name)?;
    spec.form.day(own.field(spec)?.value.text()?)?.parse().ok()
}

/// Tells whether a trial is decided by what a document says.
fn decides(kind: &Kind, artifact: &Artifact) -> bool {
    let fields = &artifact.document.front_matter;
    let criteria = kind.goalposts.iter().filter(|one| one.part == GoalpostPart::Criteria);
    criteria.into_iter().any(|one| kind.fits(fields, &one.when))
}

struct Judging<'a> {
    figures: &'a Figures,
    delivery: &'a Delivery,
    until: Date,
}

impl Judging<'_> {
    fn row(&self, artifact: &Artifact, table: &Recognised<'_, '_>, row: &Row) -> Option<Criterion> {
        let cell = |name: &str| table.cell(row, name).unwrap_or_default();
        let (subject, limit) = (cell("metric"), cell("threshold"));
        if normalise(subject).is_empty() || crate::document::text::is_template(subject) {
            return None;
        }
        let metric = self.metric(subject);
        let (measured, far) = match metric {
            Some(metric) => self.judge(metric, table, row),
            None => (Measured::unknown("no metric of this pack is called so"), false),
        };
        Some(Criterion {
            id: row.id.clone(),
            subject: subject.to_owned(),
            dimension: cell("dimension").to_owned(),
            must: !["should", "could", "may", "nice to have", "optional"]
                .contains(&normalise(cell("priority")).as_str()),
            limit: [cell("comparator"), limit].join(" ").trim().to_owned(),
            window: [cell("aggregate"), cell("window")].join(" ").trim().to_owned(),
            if_missed: cell("if-missed").to_owned(),
            metric,
            measured,
            far,
            place: Place::in_document(artifact, &row.span),
        })
    }

    /// Finds the metric that a row is about: `handle time against baseline` is about the handle time.
    fn metric(&self, subject: &str) -> Option<usize> {
        let before = |mark: &str| subject.split(mark).next().unwrap_or_default();
        let names = [subject, before(","), before(" against "), before(" vs"), before(" compared")];
        names.into_iter().find_map(|name| self.figures.metric(name))
    }

    fn judge(&self, metric: usize, table: &Recognised<'_, '_>, row: &Row) -> (Measured, bool) {
        let cell = |name: &str| table.cell(row, name).unwrap_or_default();
        let meant = &self.figures.metrics[metric];
        let (limit, comparison) = (cell("threshold"), cell("comparator"));
        let mut bound = match Bound::read(limit, comparison, cell("metric"), meant.direction) {
            Ok(bound) => bound,
            Err(why) => {
                return (Measured::unknown(format!("its limit cannot be read: {why}")), false);
            }
        };
        let number = |name: &str| Number::read(cell(name)).ok().map(|(number, _)| number);
        bound.tolerance = bound.tolerance.or_else(|| number("tolerance"));
        bound.min_n = bound.min_n.or_else(|| cell("min-n").trim().parse().ok());
        let window = Window::read(cell("window"), cell("aggregate"));
        let ground = Ground { figures: self.figures, delivery: self.delivery };
        let measure = |segment: &str| ground.measure((metric, segment), &bound, window, self.until);
        let measured = if meant.by_segment { self.worst(metric, &measure) } else { measure("") };
        let far = measured.compared.is_some_and(|compared| bound.is_far(compared));
        let far = far && measured.outcome == Outcome::Fail;
        (measured, far)
    }

    /// Judges each segment by itself; the worst of them counts.
    fn worst(&self, metric: usize, measure: &dyn Fn(&str) -> Measured) -> Measured {
        let segments = self.figures.segments(metric).map(|series| series.segment.as_str());
        let each = segments.map(|segment| {
            let measured = measure(segment);
            Measured { words: format!("{segment}: {}", measured.words), ..measured }
        });
        let rank = |outcome| match outcome {
            Outcome::Pass => 0,
            Outcome::Near => 1,
            Outcome::Unknown => 2,
            Outcome::Fail => 3,
        };
        let each: Vec<Measured> = each.collect();
        let words: Vec<&str> = each.iter().map(|one| one.words.as_str()).collect();
        let words = words.join("; ");
        let worst = each.iter().rev().max_by_key(|one| rank(one.outcome)).cloned();
        worst.map_or_else(
            || Measured::unknown("it is judged by segment, and no segment was observed"),
            |worst| Measured { words, ..worst },
        )
    }
}

/// What criteria recommend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// Go on to everybody.
    Scale,
    /// Once more with the same people.
    Iterate,
    /// End it.
    Stop,
    /// Nobody can tell.
    Undetermined,
}

impl Advice {
    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Scale => "scale",
            Self::Iterate => "iterate",
            Self::Stop => "stop",
            Self::Undetermined => "undetermined",
        }
    }
}

/// What criteria recommend, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recommendation {
    /// What.
    pub advice: Advice,
    /// Why, as a phrase.
    pub why: String,
    /// The rows that it rests on, by name.
    pub rows: Vec<String>,
}

impl Assessment {
    /// Recommends what to do; the first rule that fits counts.
    pub fn recommend(&self) -> Recommendation {
        let of = |outcome: Outcome| -> Vec<&Criterion> {
            let must = self.rows.iter().filter(|row| row.must);
            must.filter(|row| row.measured.outcome == outcome).collect()
        };
        let (unknown, missed) = (of(Outcome::Unknown), of(Outcome::Fail));
        let near = of(Outcome::Near);
        let says_stop = |row: &&Criterion| normalise(&row.if_missed).starts_with("stop");
        let stops: Vec<&Criterion> = missed
            .iter()
            .copied()
            .filter(|row| says_stop(row) || (row.far && row.is_about_value()))
            .collect();
        let worthless = missed.iter().any(|row| row.is_about_value());
        if !self.rows.iter().any(|row| row.must) {
            return recommended(Advice::Undetermined, "no criterion must be kept", &[]);
        }
        if !unknown.is_empty() {
            return recommended(Advice::Undetermined, "nobody can tell of", &unknown);
        }
        if !stops.is_empty() {
            return recommended(Advice::Stop, "what stops it is missed:", &stops);
        }
        if missed.is_empty() && near.is_empty() {
            let must = of(Outcome::Pass);
            return recommended(Advice::Scale, "every criterion that must be kept is kept:", &must);
        }
        let open: Vec<&Criterion> = missed.iter().chain(&near).copied().collect();
        if worthless {
            let why = "the value is missed by less than half, which no rule decides:";
            return recommended(Advice::Undetermined, why, &open);
        }
        recommended(Advice::Iterate, "the value is there, and these are not:", &open)
    }
}

fn recommended(advice: Advice, why: &str, rows: &[&Criterion]) -> Recommendation {
    let rows: Vec<String> = rows.iter().map(|row| row.name()).collect();
    Recommendation { advice, why: format!("{why} {}", rows.join(", ")).trim().to_owned(), rows }
}
