//! Who approved what, on which text, whether it was the right person, and whether it is still true. Plain values; the
//! history feeds them. What a document declares and what the repository can show stand side by side.

mod asked;
mod covers;
mod duty;
mod evidence;
mod gone;
mod hindrance;
mod judged;
mod listed;
mod policy;
mod record;
mod state;
mod trailers;

pub use asked::{Lack, asked, command, parts};
pub use covers::Covers;
pub use duty::{Contributor, Duty, Grounds, Identity};
pub use evidence::{Evidence, Shown, evidence, shown};
pub use gone::{Gone, gone};
pub use hindrance::{Hindrance, wrote};
pub use judged::Judged;
pub use listed::{Listed, approvers, listed, stated};
pub use policy::{Policy, PolicyFiles, Wanted};
pub use record::{Approval, Assurance, Binding, By, Class, InTag, Lacks, Source, class};
pub use state::{State, TextAt, states};
pub use trailers::{Decided, Said, co_authors, has_keys, said};
