//! An approval: a recorded statement by a person about a text.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::duty::{Contributor, Duty, Grounds};
use crate::document::digest::Digest;
use crate::history::{Authorship, Landing};
use crate::kinds::Asks;
use crate::source::{ObjectId, RepoPath};

/// What one person said about one document, or one section of it, in one landing.
#[expect(clippy::struct_excessive_bools, reason = "facts that pages and exports ask for by name")]
#[derive(Debug, Clone)]
pub struct Approval {
    /// Which document, as in [`crate::history::Entry::line`].
    pub line: usize,
    /// The folder of its pack, empty outside all packs.
    pub pack: String,
    /// The document's id at that time, or its path.
    pub document: String,
    /// Where it lay after the landing.
    pub path: RepoPath,
    /// Whether the public may see the document as it was then.
    pub public: bool,
    /// Who said it.
    pub by: By,
    /// The word of the decision: `approved`, `accept-risk`.
    pub decision: String,
    /// What the word means for the text.
    pub class: Class,
    /// The section or the row it speaks of; the whole document when nothing.
    pub scope: Option<String>,
    /// The last day on which it holds, `2027-05-01`.
    pub expires: Option<String>,
    /// The commit that records it, or that the tag names which does.
    pub commit: ObjectId,
    /// The tag that records it.
    pub tag: Option<InTag>,
    /// Where that became part of the branch.
    pub landing: Landing,
    /// Where it is written.
    pub source: Source,
    /// How sure it is that this person said so.
    pub assurance: Assurance,
    /// What its kind asks of such an approval.
    pub asks: Asks,
    /// How the text is known.
    pub binding: Binding,
    /// The text that was approved; nothing when that is not known.
    pub digest: Option<Digest>,
    /// What that text says however it is written.
    pub likeness: Option<Digest>,
    /// The bytes of that text, when the history has them.
    pub blob: Option<ObjectId>,
    /// Who made that commit.
    pub recorded: Authorship,
    /// Whether the landing changed the document, or the document said so already; nothing when this clone cannot tell.
    pub reflected: Option<bool>,
    /// Whether the rules that name who must approve came with the same landing, since there were none before.
    pub bootstrap: bool,
    /// What this clone lacks to be sure of it.
    pub lacks: Lacks,
    /// Who must approve the document, by the rules before the landing: roles or persons as written.
    pub wanted: Vec<String>,
    /// Those of `wanted` for whom this person may speak.
    pub fulfils: Vec<String>,
    /// The roles of the pack that this person held, by the rules before the landing.
    pub roles: Vec<String>,
    /// Whether it was the right person.
    pub duty: Duty,
    /// Whether the person only stood in for another one on these days.
    pub stands_in: bool,
    /// Whether the rules ask this person only since the landing: a change cannot name its own approver.
    pub appointed: bool,
    /// Who wrote what was approved, since the document was last approved.
    pub contributors: Vec<Contributor>,
    /// What `assurance`, `duty`, `appointed` and `contributors` follow from.
    pub grounds: Arc<Grounds>,
    /// The landing that took it back.
    pub revoked: Option<Landing>,
}

impl Approval {
    /// Tells whether it counts as long as its text stands.
    pub fn counts(&self) -> bool {
        self.is_by_the_right_person() && self.assurance >= self.asks.assurance
    }

    /// Returns the object whose signature shows who said it.
    pub fn proof(&self) -> ObjectId {
        self.tag.as_ref().map_or(self.commit, |tag| tag.object)
    }

    /// Tells whether only how sure it is stands against it.
    pub fn is_too_unsure(&self) -> bool {
        self.is_by_the_right_person() && self.assurance < self.asks.assurance
    }

    fn is_by_the_right_person(&self) -> bool {
        let right = match self.duty {
            Duty::Ok => true,
            Duty::CoAuthor => self.asks.co_authors,
            _ => false,
        };
        self.class == Class::Approves && right
    }
}

/// An annotated tag that records an approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InTag {
    /// Its name.
    pub name: String,
    /// Its object.
    pub object: ObjectId,
    /// The name of whoever made it, as it says.
    pub tagger: String,
    /// Their address. For matching, never for pages.
    pub email: String,
    /// When, as it says, seconds since 1970 UTC.
    pub time: i64,
    /// The offset in minutes.
    pub offset: i32,
}

/// Who said something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// The id of the person in the registry as it was before the landing; nothing when it did not know the address.
    pub person: Option<String>,
    /// The name as recorded.
    pub name: String,
    /// The address as recorded, or the id. For matching, never for pages.
    pub address: String,
}

impl By {
    /// Tells whether both are the same person, as far as that is known.
    pub fn is(&self, other: &Self) -> bool {
        match (&self.person, &other.person) {
            (Some(one), Some(other)) => one == other,
            _ => self.address == other.address,
        }
    }
}

/// What a clone lacks to be sure of an approval.
#[expect(clippy::struct_excessive_bools, reason = "each is lacking by itself")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lacks {
    /// The rules of that time: who had which address, and who must approve.
    pub rules: bool,
    /// Commits that landed later, or together with it, and may have taken it back.
    pub later: bool,
    /// The commit that it was copied from, which may have spoken of a document of another pack.
    pub original: bool,
    /// Whose commit it is that records it: that may be the approver's own.
    pub author: bool,
    /// Whose key signed it: that may be the approver's own, and the approval as sure as it must be.
    pub key: bool,
}

impl Lacks {
    /// Tells whether nothing is lacking.
    pub fn nothing(self) -> bool {
        self == Self::default()
    }
}

/// What a decision means for the text that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Class {
    /// The person agrees to it.
    Approves,
    /// The person does not.
    Rejects,
    /// Something else was decided.
    Other,
}

/// The words of decisions.
const WORDS: [(&str, Class); 19] = [
    ("approved", Class::Approves),
    ("accepted", Class::Approves),
    ("granted", Class::Approves),
    ("accept-risk", Class::Approves),
    ("waive", Class::Approves),
    ("not-applicable", Class::Approves),
    ("rejected", Class::Rejects),
    ("denied", Class::Rejects),
    ("declined", Class::Rejects),
    ("revoked", Class::Rejects),
    ("deferred", Class::Other),
    ("rollback", Class::Other),
    ("scale", Class::Other),
    ("iterate", Class::Other),
    ("stop", Class::Other),
    ("operate", Class::Other),
    ("harden", Class::Other),
    ("hand-off", Class::Other),
    ("reframe", Class::Other),
];

/// Tells what the word of a decision means; nothing when it is none.
pub fn class(word: &str) -> Option<Class> {
    WORDS.iter().find(|(known, _)| *known == word).map(|(_, class)| *class)
}

/// Where an approval is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// At the end of a commit message.
    Trailer,
    /// At the end of the message of an annotated tag.
    Tag,
    /// Somewhere else in a message, as a squash leaves it.
    Embedded,
    /// In the list `approvals` of the document.
    FrontMatter,
}

impl Source {
    /// Returns its word in exports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Trailer => "trailer",
            Self::Tag => "tag",
            Self::Embedded => "embedded",
            Self::FrontMatter => "front-matter",
        }
    }
}

/// How sure it is that a person said something, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assurance {
    /// Somebody else wrote it down.
    Reported,
    /// The commit that records it has the person as author and as committer, unsigned.
    Attributed,
    /// A system that is trusted signed a statement which names the person and the text.
    Attested,
    /// The person's own key signed it.
    Verified,
}

impl Assurance {
    /// What counts where nothing else is asked.
    pub const LEAST: Self = Self::Attributed;

    /// Returns its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Attributed => "attributed",
            Self::Attested => "attested",
            Self::Verified => "verified",
        }
    }
}

/// How it is known which text was approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// The record states the digest.
    Explicit,
    /// It is the text at the commit that records it.
    Implicit,
    /// It is the text of a squashed landing: that proves what landed, not what was read.
    ImplicitSquash,
}

impl Binding {
    /// Returns its word in exports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Explicit => "explicit",
            Self::Implicit => "implicit",
            Self::ImplicitSquash => "implicit-squash",
        }
    }
}
