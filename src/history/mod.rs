//! The decision log: what changed, when it landed, by whom, told from one pass over the history.
//! Order follows first-parent landings, never dates. What cannot be known is said.

mod facts;
mod graph;
mod index;
mod lineage;
mod log;
mod origin;
mod pull_request;
mod recount;
mod statement;
mod trees;

pub use index::Index;
pub use log::{
    Authorship, DecisionLog, Entry, How, Landing, LandingKind, LastChange, Returned, StatusAt,
    TakesBack,
};
pub use recount::recount;
pub use statement::{Ambiguous, Comparison, Foxtrot, Odd, Relation, Remark, Statement};
