//! What tags say of versions: who set them, whether they are signed, and whether whoever answers for the pack signed.
//! Such a tag is a baseline: it stands for all documents of the pack as they are at its commit. No IO here.

mod read;

pub use read::read;

use std::collections::BTreeMap;

use crate::assemble::day_of;
use crate::git::Tag;
use crate::pack::who::Who;
use crate::pack::{Pack, People};
use crate::signature::{Signature, Signer};

/// The tags of all versions, by the name of the ref and the id of the pack.
pub type Tags = BTreeMap<(String, String), Tagged>;

/// A tag as one pack sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tagged {
    /// A lightweight tag: a name for a commit, and nobody's word.
    Label,
    /// A tag with a message.
    Annotated(Box<Annotated>),
}

/// A tag with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotated {
    /// The name of whoever made it, as it says.
    pub tagger: String,
    /// Their id in the registry, by their address.
    pub person: Option<String>,
    /// When, as it says, seconds since 1970 UTC; nothing when it does not say.
    pub time: Option<i64>,
    /// The first line of its message; empty where readers may not see it.
    pub subject: String,
    /// What its signature shows.
    pub signature: Signature,
    /// Why it is no baseline; empty when it is one.
    pub doubts: Vec<Doubt>,
}

/// Why a tag is no baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// No key that counted then signed it.
    NotSigned,
    /// Whoever signed does not answer for the pack.
    NotAccountable,
    /// Nobody is named who answers for the pack.
    NobodyAccountable,
    /// It was made under another name.
    OtherName(String),
    /// Its commit is none that landed on the branch by which the site goes.
    NotLanded,
}

impl Doubt {
    /// Returns its word in exports.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NotSigned => "not-signed",
            Self::NotAccountable => "not-accountable",
            Self::NobodyAccountable => "nobody-accountable",
            Self::OtherName(_) => "other-name",
            Self::NotLanded => "not-landed",
        }
    }
}

impl Tagged {
    /// Returns whoever signed a baseline.
    pub fn baseline(&self) -> Option<&Signer> {
        match self {
            Self::Annotated(tag) if tag.doubts.is_empty() => tag.signature.signer(),
            _ => None,
        }
    }

    /// Returns the first line of its message.
    pub fn subject(&self) -> &str {
        match self {
            Self::Label => "",
            Self::Annotated(tag) => &tag.subject,
        }
    }

    /// Returns its word in exports.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Annotated(_) if self.baseline().is_some() => "baseline",
            Self::Annotated(_) => "annotated",
        }
    }
}

/// What is known where a tag is judged.
struct Place<'a> {
    /// The name of the ref.
    name: &'a str,
    /// Whether its commit is a landing.
    landed: bool,
    /// The people, as they stood before the landing.
    people: &'a People,
    /// The pack, as it stood before the landing; nothing when it was not there.
    pack: Option<&'a Pack>,
    /// The second at which it counts.
    when: i64,
}

fn judge(tag: &Tag, signature: Signature, place: &Place<'_>) -> Annotated {
    let tagger = tag.tagger.clone().unwrap_or_default();
    let known = place.people.by_address(&tagger.email);
    let mut doubts = Vec::new();
    match signature.signer() {
        None => doubts.push(Doubt::NotSigned),
        Some(signer) => {
            let day = day_of(place.when);
            let answer = place.pack.map(|pack| accountable(pack, place.people, &day));
            doubts.extend(unaccountable(signer, &answer.unwrap_or_default()));
        }
    }
    if tag.name != place.name {
        doubts.push(Doubt::OtherName(tag.name.clone()));
    }
    if !place.landed {
        doubts.push(Doubt::NotLanded);
    }
    Annotated {
        person: known.map(|at| place.people.persons[at].id.clone()),
        tagger: tagger.name,
        time: tag.tagger.as_ref().map(|person| person.time),
        subject: tag.subject(),
        signature,
        doubts,
    }
}

fn unaccountable(signer: &Signer, accountable: &[String]) -> Option<Doubt> {
    if accountable.is_empty() {
        return Some(Doubt::NobodyAccountable);
    }
    let is_one = signer.person.as_ref().is_some_and(|person| accountable.contains(person));
    (!is_one).then_some(Doubt::NotAccountable)
}

/// Lists the persons who answer for a pack on a day: those it names as approvers, else its owner; roles by their
/// holders. A team is nobody.
fn accountable(pack: &Pack, people: &People, day: &str) -> Vec<String> {
    let owner = pack.owner.as_ref().map(|(name, _)| name);
    let named: Vec<&String> = match pack.approvers.as_slice() {
        [] => owner.into_iter().collect(),
        approvers => approvers.iter().collect(),
    };
    named.into_iter().filter_map(|name| person(name, pack, people, day)).collect()
}

fn person(name: &str, pack: &Pack, people: &People, day: &str) -> Option<String> {
    let holder = |role: &str| pack.holding(role, day).map(|holding| holding.person.clone());
    match people.who(name) {
        Some(Who::Person(at)) => Some(people.persons[at].id.clone()),
        Some(Who::Role(at)) => holder(&people.roles[at].id),
        Some(Who::Team(_)) => None,
        None => holder(name),
    }
}
