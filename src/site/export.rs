//! What programs read: `completeness.json` and `decision-log.json`. Unknown facts are left out, never guessed;
//! addresses are left out always.

use serde::Serialize;
use serde_json::{Value, json};

use super::approved::judged;
use super::entry::{LogLine, line};
use super::given::{self, Given};
use super::goalposts;
use super::standing::Decided;
use super::unit::Unit;
use super::verdict::{self, applicable, tally};
use super::view::{When, past, word};
use super::waiting::{self, Asked};
use crate::history::{Authorship, Entry, LandingKind, Returned, Statement, StatusAt, TrustRoot};
use crate::profiles::{Level, Outcome, Standing, Verdict};
use crate::settings::Audience;
use crate::signature::Why;
use crate::source::ObjectId;
use crate::visible::json_text;

pub(super) fn completeness(unit: &Unit) -> String {
    let gates: Vec<Value> = verdict::own(unit).map(|verdict| gate(unit, verdict)).collect();
    json_text(&json!({
        "schema": "readiness-pack/completeness/1",
        "tool": tool(),
        "as_of": unit.edition.inputs.as_of,
        "pack": unit.facts().id,
        "gates": gates,
    }))
}

fn gate(unit: &Unit, verdict: &Verdict) -> Value {
    let word = match verdict.standing() {
        Standing::Ready => "ready",
        Standing::ReadyWithWaivers => "ready-with-waivers",
        Standing::Undetermined => "undetermined",
        Standing::NotReady => "not-ready",
    };
    let (low, high) = verdict.progress();
    json!({
        "model": {"id": verdict.profile},
        "gate": {
            "id": verdict.gate_id,
            "title": verdict.gate,
            "verdict": word,
            "words": verdict.words(),
            "progress": {"low": low, "high": high},
            "required": tallies(verdict, Level::Required),
            "recommended": tallies(verdict, Level::Recommended),
        },
        "checks": verdict.requirements.iter().map(|one| one.json(unit.packs())).collect::<Vec<_>>(),
    })
}

fn tallies(verdict: &Verdict, level: Level) -> Value {
    let count = |outcome| tally(verdict, level, outcome);
    json!({
        "applicable": applicable(verdict, level),
        "met": count(Outcome::Met),
        "unmet": count(Outcome::Unmet),
        "stale": count(Outcome::Stale),
        "waived": count(Outcome::Waived),
        "not_applicable": count(Outcome::NotApplicable),
        "unknown": count(Outcome::Unknown),
    })
}

/// The decision log of one pack, for programs.
#[derive(Serialize)]
struct Log<'u> {
    schema: &'static str,
    tool: Value,
    history: Value,
    /// Where the keys come from that signatures are checked against; nothing where there are none.
    trust: Option<Value>,
    /// Whether criteria stood still from the start of a trial to the decision.
    goalposts: Vec<Value>,
    documents: Vec<Document<'u>>,
    entries: Vec<Transition<'u>>,
    /// What branches did on their way that is no entry; left out unless asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inside: Vec<Passed<'u>>,
    /// Who approved what, in order of landing, judged at the end of the day of `as_of`.
    approvals: Vec<Given<'u>>,
    /// Approvals that are asked for on the day of `as_of`; for internal readers.
    waiting: Vec<Asked>,
    as_of: &'u str,
}

/// Writes the decision log of a pack with these lines; all approvals stand in it.
pub(super) fn decisions(unit: &Unit, lines: &[LogLine]) -> String {
    let entries = lines.iter().filter_map(|line| match line {
        LogLine::Change(at) => Some(transition(unit, *at)),
        LogLine::Decision(..) | LogLine::Inside(..) => None,
    });
    let inside = lines.iter().filter_map(|line| match line {
        LogLine::Inside(at, _) => Some(passed(unit, *at)),
        LogLine::Change(_) | LogLine::Decision(..) => None,
    });
    json_text(&Log {
        schema: "readiness-pack/decision-log/1",
        tool: tool(),
        history: history(&unit.edition.inputs.log.statement),
        trust: trust(unit),
        goalposts: goalposts::values(unit),
        documents: documents(unit),
        entries: entries.collect(),
        inside: inside.collect(),
        approvals: given::all(unit),
        waiting: waiting(unit),
        as_of: &unit.edition.inputs.as_of,
    })
}

fn waiting(unit: &Unit) -> Vec<Asked> {
    match unit.edition.inputs.settings.audience {
        Audience::Internal => waiting::values(unit),
        Audience::Public => Vec::new(),
    }
}

pub(super) fn tool() -> Value {
    json!({"name": "readymark", "version": env!("CARGO_PKG_VERSION")})
}

fn history(statement: &Statement) -> Value {
    json!({
        "ref": statement.reference,
        "tip": statement.tip.map(|tip| tip.to_string()),
        "first_parent_landings": statement.landings,
        "roots": statement.roots.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "complete": statement.complete(),
        "shallow_boundaries": statement.shallow.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "missing_objects": statement.missing_blobs + statement.missing_tags,
        "replace_refs_ignored": statement.replace_refs,
        "grafts_ignored": statement.grafts,
        "foxtrots": statement.foxtrots.iter().map(|swap| json!({
            "commit": swap.commit.to_string(),
            "proven": swap.proven,
        })).collect::<Vec<_>>(),
        "rewritten_on_purpose": statement.declared.iter().map(|one| json!({
            "tip": one.tip.to_string(),
            "on": one.on,
            "why": one.why,
        })).collect::<Vec<_>>(),
    })
}

fn trust(unit: &Unit) -> Option<Value> {
    let told = unit.edition.inputs.log.trust()?;
    Some(match told {
        TrustRoot::External => json!({"keys": "external"}),
        TrustRoot::InRepository(commit) => {
            json!({"keys": "in-repository", "changed_in": commit.to_string()})
        }
    })
}

/// A document and what it declares.
#[derive(Serialize)]
struct Document<'u> {
    id: &'u str,
    r#type: Option<&'u str>,
    path: &'u str,
    declared: &'u str,
    /// What its approvals add up to; nothing where nobody approved it and it names nobody who must.
    evidenced: Option<&'static str>,
    identity: &'static str,
}

fn documents(unit: &Unit) -> Vec<Document<'_>> {
    let packs = unit.packs();
    let own = packs.artifacts[unit.own()].iter();
    let day = Some(unit.edition.inputs.as_of.as_str());
    let evidenced = |at: usize| Some(judged(&unit.edition, at, day)?.evidence.word());
    own.zip(unit.own())
        .map(|(artifact, at)| Document {
            evidenced: evidenced(at),
            id: &artifact.id,
            r#type: packs.kinds.get(artifact.kind).map(|kind| kind.name.as_str()),
            path: artifact.path.as_str(),
            declared: word(&artifact.status),
            identity: if artifact.has_id { "id" } else { "path" },
        })
        .collect()
}

/// A change of status.
#[derive(Serialize)]
struct Transition<'u> {
    seq: usize,
    kind: &'static str,
    document: &'u str,
    r#type: &'u str,
    title: &'u str,
    field: &'static str,
    from: String,
    to: String,
    /// Whether the life cycle of the kind allows it; nothing where it does not say.
    legal: Option<bool>,
    landing: LandedAt,
    /// The day on which the document says that it was done.
    observed: Option<&'u str>,
    origins: Vec<Origin>,
    /// Who did the same on a branch that landed later.
    concurrent: Vec<Origin>,
    /// Where the status could not be read in between.
    gap: Vec<String>,
    /// The landing that ended what this entry put in force; nothing while it lasts or where a later entry says that what
    /// was before is not known.
    in_force_until: Option<String>,
    /// How many entries of the landing make the same step.
    together: usize,
    /// Whether the same pull request changed it again.
    passing: bool,
    restores: Option<usize>,
    takes_back: Option<TakenBack>,
    lands_again: Option<usize>,
    /// Commits of other chosen versions with the same `Change-Id`.
    same_change: Vec<String>,
    /// Who decided, as the document says; on the entry that its status rests on.
    decided_by: Vec<String>,
    /// Whether the text changed after its status did; on the same entry.
    changed_later: bool,
    /// `superseded`, `contested`, `illegal`.
    marks: Vec<&'static str>,
    /// What a reader should know, in sentences.
    notes: Vec<String>,
}

/// What a branch did on its way.
#[derive(Serialize)]
struct Passed<'u> {
    document: &'u str,
    from: String,
    to: String,
    commit: String,
    how: &'static str,
    authors: [String; 1],
    authored: String,
    /// The landing that brought it in.
    landing: String,
    pr: Option<u64>,
}

fn passed(unit: &Unit, at: usize) -> Passed<'_> {
    let one = &unit.edition.inputs.log.inside[at];
    Passed {
        document: &one.document,
        from: past(&one.from),
        to: past(&one.to),
        commit: one.made.commit.to_string(),
        how: one.made.how.word(),
        authors: [unit.registry().author(&one.made).name],
        authored: When::new(one.made.time).iso,
        landing: one.landing.commit.to_string(),
        pr: one.landing.pull_request,
    }
}

/// An earlier entry that is taken back.
#[derive(Serialize)]
struct TakenBack {
    seq: usize,
    how: &'static str,
}

/// Where a change became part of the branch.
#[derive(Serialize)]
struct LandedAt {
    commit: String,
    kind: &'static str,
    landed: Option<String>,
    offset_minutes: Option<i32>,
    /// Whose clock that is: a forge's server or somebody's machine.
    clock: Option<&'static str>,
    pr: Option<PullRequest>,
    #[serde(flatten)]
    signature: Signed,
}

/// The pull request that a landing names.
#[derive(Serialize)]
struct PullRequest {
    number: u64,
    via: Vec<u64>,
    trust: &'static str,
}

/// Where a change was made.
#[derive(Serialize)]
struct Origin {
    commit: String,
    how: &'static str,
    authors: [String; 1],
    authored: String,
    offset_minutes: i32,
    committer: String,
    /// The parents of a merge that have the value which it chose.
    sides: Vec<String>,
    /// The commit that it says it copies.
    picked_from: Option<String>,
    #[serde(flatten)]
    signature: Signed,
}

/// What a signature shows.
#[derive(Serialize)]
struct Signed {
    #[serde(rename = "signature")]
    shows: &'static str,
    /// The person of the registry whose key it is.
    #[serde(rename = "signed_by")]
    by: Option<String>,
    /// Why it cannot be checked.
    unverifiable: Option<String>,
}

fn signed(unit: &Unit, commit: ObjectId) -> Signed {
    let signature = unit.edition.inputs.log.signature(commit);
    Signed {
        shows: signature.word(),
        by: signature.signer().and_then(|signer| signer.person.clone()),
        unverifiable: signature.why().map(Why::words),
    }
}

fn transition(unit: &Unit, at: usize) -> Transition<'_> {
    let entry = &unit.edition.inputs.log.entries[at];
    let told = line(unit, LogLine::Change(at));
    let commit = |at: usize| unit.edition.inputs.log.entries[at].landing.commit.to_string();
    // Else it may have ended earlier.
    let is_known = |at: usize| unit.edition.inputs.log.entries[at].from != StatusAt::Unknown;
    Transition {
        seq: entry.seq,
        kind: "transition",
        document: &entry.document,
        r#type: &entry.kind,
        title: &entry.title,
        field: "status",
        from: past(&entry.from),
        to: past(&entry.to),
        legal: entry.legal,
        landing: landed_at(unit, entry),
        observed: entry.observed.as_deref(),
        origins: origins(unit, &entry.origins),
        concurrent: origins(unit, &entry.concurrent),
        gap: entry.gap.iter().map(ToString::to_string).collect(),
        in_force_until: unit.edition.log_index().ended(at).filter(|at| is_known(*at)).map(commit),
        together: entry.together,
        passing: entry.passing,
        restores: entry.restores,
        takes_back: entry.takes_back.map(|taken| TakenBack {
            seq: taken.entry,
            how: match taken.how {
                Returned::Confirmed => "confirmed",
                Returned::Claimed | Returned::Unclear => "claimed",
                Returned::Reversal => "reversal",
            },
        }),
        lands_again: entry.lands_again,
        same_change: entry.elsewhere.iter().map(ToString::to_string).collect(),
        decided_by: told.decided.iter().flat_map(Decided::names).map(str::to_owned).collect(),
        changed_later: told.changed,
        marks: told.marks.iter().map(|mark| mark.word).collect(),
        notes: told.notes,
    }
}

fn landed_at(unit: &Unit, entry: &Entry) -> LandedAt {
    let landing = &entry.landing;
    let known = landing.kind != LandingKind::Boundary;
    LandedAt {
        commit: landing.commit.to_string(),
        kind: landing.kind.word(),
        landed: known.then(|| When::new(landing.time).iso),
        offset_minutes: known.then_some(landing.offset),
        clock: known.then_some(if landing.by_forge { "server" } else { "client" }),
        pr: landing.pull_request.map(|number| PullRequest {
            number,
            via: entry.via.clone(),
            trust: "claimed",
        }),
        signature: signed(unit, landing.commit),
    }
}

fn origins(unit: &Unit, authors: &[Authorship]) -> Vec<Origin> {
    let one = |origin: &Authorship| Origin {
        commit: origin.commit.to_string(),
        how: origin.how.word(),
        authors: [unit.registry().author(origin).name],
        authored: When::new(origin.time).iso,
        offset_minutes: origin.offset,
        committer: origin.committer.clone(),
        sides: origin.sides.iter().map(ToString::to_string).collect(),
        picked_from: origin.picked_from.map(|commit| commit.to_string()),
        signature: signed(unit, origin.commit),
    };
    authors.iter().map(one).collect()
}
