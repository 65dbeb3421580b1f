//! The decision log: what changed, when it landed, by whom, told from one pass over the history.
//! Order follows first-parent landings, never dates. What cannot be known is said.

mod approving;
mod bases;
mod beside;
mod by_document;
mod checkpoint;
mod clock;
mod concurrent;
mod content;
mod contributors;
mod covers;
mod drafting;
mod elsewhere;
mod entitled;
mod facts;
mod goalposts;
mod graph;
mod index;
mod inside;
mod kept;
mod lineage;
mod log;
mod message;
mod notary;
mod origin;
mod place;
mod record;
mod recount;
mod relate;
mod removed;
mod rows;
mod shown;
mod statement;
mod tagged;
mod texts;
mod three_way;
mod trees;
mod weigh;
mod witness;
mod words;

pub use by_document::ByDocument;
pub use checkpoint::Checkpoint;
pub use clock::end_of;
pub use goalposts::{Goalpost, Move, Stood, Trials};
pub use index::Index;
pub use inside::Inside;
pub use log::{
    Authorship, DecisionLog, Entry, How, Landing, LandingKind, LastChange, Returned, StatusAt,
    TakesBack,
};
pub use notary::{KeySource, Notary, Policy};

pub use recount::{Question, recount, recount_from, recount_full};
pub use relate::Interval;
pub use removed::removed;
pub use statement::{Ambiguous, Comparison, Foxtrot, Odd, Relation, Remark, Statement};
pub use weigh::Revocation;
pub use witness::{LandedAt, Signatures, TrustRoot};
pub use words::Vocabulary;
