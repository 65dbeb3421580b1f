//! Kinds are data: one TOML file each, built in or in the repository's `kinds/` folder. Nothing matches on a
//! kind's name.

mod approval;
mod check;
mod fields;
mod form;
mod goalpost;
mod load;
mod locate;
mod matching;
mod rhythm;
mod status;
mod table;
mod template;
#[cfg(test)]
mod tests;

pub use approval::{ApprovalSpec, Asks, LEVELS, ask};
pub use check::{Bound, CheckSpec, Condition, Side};
pub use fields::{common_field, common_text, relation_fields};
pub use form::{Complaint, order_dates};
pub use goalpost::{GoalpostPart, GoalpostSpec};
pub use load::{
    acyclic, common, inverse, is_forward, letter, live, load, page, questions, relations,
};
pub use locate::{Locators, PLACES, apply, is_prose};
pub use matching::{find, normalise, normalise_heading, stated};
pub use rhythm::RhythmSpec;
pub use status::word;
pub use table::Recognised;
pub use template::template;

use serde::{Deserialize, Serialize};

use crate::document::Written;
use crate::source::Span;
use crate::value::DateOrder;

/// A kind of artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// `runbook`.
    pub name: String,
    /// `Runbook`.
    pub title: String,
    /// `Runbooks`.
    pub plural: String,
    /// One sentence: what it is for.
    pub purpose: String,
    /// `RB`: ids are `RB-001`. Empty when the kind has no ids.
    pub prefix: String,
    /// The conventional folder inside a pack.
    pub folder: String,
    /// Position in navigation.
    pub order: i64,
    /// Whether its documents are what somebody in trouble needs: search shows them before others.
    pub first: bool,
    /// Whether its documents go on changing while they are in force, as lists and figures do.
    pub living: bool,
    /// The role that must approve its documents when nothing else says so; empty when none.
    pub approver: String,
    /// Other words for it in `kind:` and `type:`.
    pub synonyms: Vec<String>,
    /// Items of frameworks that its documents are evidence for: `nist:CM-2`.
    pub tags: Vec<String>,
    /// Which question of the overview its documents answer; nothing for most.
    pub answers: Option<Aspect>,
    /// What a change of its documents means for those who run the service.
    pub effect: Effect,
    /// The fields beyond the common ones.
    pub fields: Vec<FieldSpec>,
    /// The common fields that it does not describe itself.
    pub shared: Vec<FieldSpec>,
    /// The sections a reader expects, in reading order.
    pub sections: Vec<SectionSpec>,
    /// The tables whose rows mean something.
    pub tables: Vec<TableSpec>,
    /// The words of `status` and how they may follow each other.
    pub statuses: Vec<StatusSpec>,
    /// The letters of its responsibility matrices; the first scheme is meant when a file names none.
    pub schemes: Vec<SchemeSpec>,
    /// What it asks of approvals of its documents.
    pub approvals: Vec<ApprovalSpec>,
    /// How often its documents come again.
    pub rhythms: Vec<RhythmSpec>,
    /// What counts as a defect in its documents.
    pub checks: Vec<CheckSpec>,
    /// What its documents mean for the question whether goalposts stood still.
    pub goalposts: Vec<GoalpostSpec>,
    /// Where in the text fields are looked for that the block of fields does not have, in this order.
    pub places: Vec<Written>,
}

/// A question that the overview of a pack answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// Who answers for it?
    Owned,
    /// Is what can go wrong under control?
    Controlled,
    /// Can it be told whether it is worth it?
    Measured,
}

/// What a change means for those who run the service, the gravest first.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// They do something else.
    Steps,
    /// They call somebody else.
    Contacts,
    /// They go back in another way, or at another moment.
    Rollback,
    /// It runs with other values.
    Parameters,
    /// Something was carried out, or will be.
    Changes,
    /// Something else can go wrong.
    Risks,
    /// Something was decided.
    Decisions,
    /// Good to know.
    #[default]
    Other,
}

/// How much a field or a section is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Missing is an error once the artifact is approved.
    Required,
    /// Missing is worth a note.
    Recommended,
    /// Never asked for.
    Optional,
}

/// A field of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSpec {
    /// The key.
    pub name: String,
    /// How much it is wanted.
    pub need: Need,
    /// Other fields and the values at which it is wanted so much; always, when empty.
    pub when: Vec<(String, Vec<String>)>,
    /// Whether it is looked for in the text too, when the block of fields does not have it.
    pub locate: bool,
    /// Whether its day has come when the document takes effect.
    pub past: bool,
    /// Whether it stands beside the status wherever the document is named: what came of it.
    pub listed: bool,
    /// Values that say that it went wrong; they are marked wherever they are shown.
    pub adverse: Vec<String>,
    /// What the persons it names did to the document: `granted`; empty when they decided nothing.
    pub decision: String,
    /// What happens on its day: `planned`; empty for a day that is of no calendar.
    pub event: String,
    /// The field with the last day of that; empty when it is over at once.
    pub until: String,
    /// What its value must look like.
    pub form: Form,
    /// Other keys for it.
    pub synonyms: Vec<String>,
    /// What to write, for people.
    pub hint: String,
}

/// What a value must look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// Any text.
    Text,
    /// A date, `2026-05-05`; the order says how one with numbers alone is read.
    Date(DateOrder),
    /// A duration, `15m`, `90d`.
    Duration,
    /// One of these words.
    Choice(Vec<String>),
    /// A percentage or a number of percentage points, `12 %`, `2 pp`.
    Percentage,
    /// A sum of money, `140k`, `1.2M EUR`.
    Money,
    /// A number.
    Number,
    /// True or false.
    Truth,
    /// A person, a team or a role.
    Who,
    /// Ids of rows or of what other systems hold; nothing asks whether they are there.
    Ids,
    /// Ids; the field is a relation of this name (`rolls-back-with`), and leads to one of these kinds (any when empty).
    Relation {
        /// The word in this direction.
        name: String,
        /// The word read from the other side.
        inverse: String,
        /// The kinds it may lead to.
        kinds: Vec<String>,
    },
}

/// A section that readers expect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionSpec {
    /// `roll-back`.
    pub name: String,
    /// The heading that `new` writes.
    pub title: String,
    /// How much it is wanted.
    pub need: Need,
    /// Its title and its name, normalised.
    pub words: [String; 2],
    /// Other headings for it, normalised.
    pub synonyms: Vec<String>,
    /// Whether its numbered list is what a reader comes for.
    pub steps: bool,
    /// What a change of it means for those who run the service; what the kind says when nothing.
    pub effect: Option<Effect>,
    /// What belongs there, for people.
    pub hint: String,
}

/// A table whose rows mean something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSpec {
    /// `matrix`.
    pub name: String,
    /// The heading that `new` writes above it.
    pub title: String,
    /// How much it is wanted.
    pub need: Need,
    /// Its title and its name, normalised.
    pub words: [String; 2],
    /// Other headings that it may stand under, normalised.
    pub synonyms: Vec<String>,
    /// The columns, the one that names a row first.
    pub columns: Vec<ColumnSpec>,
    /// The columns whose numbers a last row may add up.
    pub sums: Vec<String>,
    /// What a change of its rows means for those who run the service; what the section says when nothing.
    pub effect: Option<Effect>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnSpec {
    /// `owner`.
    pub name: String,
    /// Its name, normalised.
    pub word: String,
    /// Other titles for it, normalised.
    pub synonyms: Vec<String>,
    /// Whether a row says nothing without it.
    pub required: bool,
    /// What its cells must look like; a relation is one of the row to what its cell links.
    pub form: Form,
    /// What happens on the day in its cells; empty for a day that is of no calendar.
    pub event: String,
}

/// The letters of responsibility matrices: which there are, who answers, who does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemeSpec {
    /// `raci`.
    pub name: String,
    /// The letters and what each means.
    pub letters: Vec<(char, String)>,
    /// The letter that stands exactly once in a row, when there is one.
    pub accountable: Option<char>,
    /// The letter that stands at least once in a row, when there is one.
    pub responsible: Option<char>,
}

/// A word of `status`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusSpec {
    /// The word.
    pub name: String,
    /// Other words for it.
    pub synonyms: Vec<String>,
    /// What it means for readers.
    pub means: Standing,
    /// Whether nothing more is to happen: it was carried out and is kept as a record.
    pub over: bool,
    /// Whether what was approved is being carried out: from here on the text tells what happens.
    pub begun: bool,
    /// The words that may follow.
    pub next: Vec<String>,
}

/// What a status means for readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Standing {
    /// Being written; nobody should rely on it.
    Draft,
    /// In force.
    Approved,
    /// Over: superseded, retired, rejected, expired.
    Closed,
}

impl Kind {
    /// Tells whether rows of its documents may have ids of their own.
    pub fn has_records(&self) -> bool {
        self.tables.iter().any(|table| table.column("id").is_some())
    }
}

/// A status as an artifact declares it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Status {
    /// No status field.
    Absent,
    /// The front matter could not be read.
    Unreadable,
    /// Template text (`proposed | accepted`, `TBD`, `{...}`).
    Placeholder(String),
    /// A word that the kind does not know; counts as not approved.
    Unknown(String),
    /// A known word.
    Known {
        /// The kind's word for it.
        word: String,
        /// The word that the author chose: the kind's, or another word for it.
        written: String,
        /// What it means for readers.
        standing: Standing,
        /// What the author wrote after the word.
        note: String,
    },
}

impl Kind {
    /// Finds the field that lists show beside the status.
    pub fn listed(&self) -> Option<&FieldSpec> {
        self.fields.iter().find(|field| field.listed)
    }
}

impl Status {
    /// Returns the word that people see: the author's; empty when there is none.
    pub fn label(&self) -> &str {
        match self {
            Self::Absent | Self::Unreadable => "",
            Self::Placeholder(word) | Self::Unknown(word) | Self::Known { written: word, .. } => {
                word
            }
        }
    }
}

/// A place in a settings or kind file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}
