//! Whether the right person approved: accountable for the document, and not one of those who wrote it.

use super::record::Assurance;
use crate::pack::{People, PersonKind};

/// Who somebody is, by an address or an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// A person of the registry.
    Person(String),
    /// A machine: it cannot approve.
    Bot,
    /// An address of several people.
    Shared,
    /// The registry does not know the address.
    Unknown,
}

impl Identity {
    /// Finds who has an address or an id. Names never match.
    pub fn of(people: &People, address: &str) -> Self {
        let having =
            |person: &&crate::pack::Person| person.id == address || person.has_address(address);
        let mut found = people.persons.iter().filter(having);
        match (found.next(), found.next()) {
            (None, _) => Self::Unknown,
            (Some(_), Some(_)) => Self::Shared,
            (Some(person), None) => match person.kind {
                PersonKind::Human => Self::Person(person.id.clone()),
                PersonKind::Bot => Self::Bot,
                PersonKind::Shared => Self::Shared,
            },
        }
    }

    /// Returns the id of a person.
    pub fn person(&self) -> Option<&str> {
        match self {
            Self::Person(id) => Some(id),
            _ => None,
        }
    }
}

/// Somebody who wrote what was approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contributor {
    /// Who it is.
    pub identity: Identity,
    /// The name as committed.
    pub name: String,
    /// Whether only `Co-authored-by` names this person.
    pub co_author: bool,
}

/// Whether it was the right person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// Accountable, and wrote nothing of it.
    Ok,
    /// Wrote some of it.
    SelfApproved,
    /// Is named as co-author of some of it.
    CoAuthor,
    /// Somebody else must approve it.
    NotAccountable,
    /// A machine cannot approve.
    Insufficient,
    /// Several people share the address.
    SharedIdentity,
    /// The registry does not know somebody, or nobody is named who must approve.
    Undetermined,
}

impl Duty {
    /// Returns its word in exports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::SelfApproved => "self-approved",
            Self::CoAuthor => "co-author",
            Self::NotAccountable => "not-accountable",
            Self::Insufficient => "insufficient",
            Self::SharedIdentity => "shared-identity",
            Self::Undetermined => "undetermined",
        }
    }
}

/// What is known of an approver and of those who wrote the text, whatever was approved before.
#[derive(Debug, Clone)]
pub struct Grounds {
    /// Who approved.
    pub by: Identity,
    /// Whether the rules name this person; nothing when they name nobody.
    pub accountable: Option<bool>,
    /// Whether the rules that came with the landing name this person.
    pub appointed: bool,
    /// Whether what records it does not say whose it is, so that it may be the word of whom it names.
    pub anonymous: bool,
    /// How sure it is that the person said so when no signature is looked at.
    pub unsigned: Assurance,
    /// Who wrote the text up to then, each with the place of the landing, in order.
    pub writers: Vec<(usize, Contributor)>,
}

impl Grounds {
    /// Lists each of those once who wrote what landed after a landing; who is an author is no mere co-author.
    pub fn contributors(&self, since: Option<usize>) -> Vec<Contributor> {
        let mut found: Vec<Contributor> = Vec::new();
        let later = |(landing, _): &&(usize, Contributor)| since.is_none_or(|it| *landing > it);
        for (_, one) in self.writers.iter().filter(later) {
            let same = |known: &&mut Contributor| {
                let is_told = one.identity.person().is_some() || known.name == one.name;
                known.identity == one.identity && is_told
            };
            match found.iter_mut().find(same) {
                Some(known) => known.co_author &= one.co_author,
                None => found.push(one.clone()),
            }
        }
        found
    }

    /// Judges the approver beside those who wrote the text; where it is not known since when they count, `sure` are those who
    /// do in any case.
    pub fn judge(&self, contributors: &[Contributor], sure: Option<&[Contributor]>) -> Duty {
        let of = |contributors| judge(&self.by, self.accountable, contributors);
        match of(contributors) {
            Duty::Ok | Duty::CoAuthor if self.anonymous => Duty::Undetermined,
            wrote @ (Duty::SelfApproved | Duty::CoAuthor)
                if sure.is_some_and(|sure| of(sure) != wrote) =>
            {
                Duty::Undetermined
            }
            judged => judged,
        }
    }
}

/// Judges who approved. `accountable` says whether the rules name this person; nothing when they name nobody.
fn judge(by: &Identity, accountable: Option<bool>, contributors: &[Contributor]) -> Duty {
    let own = || contributors.iter().filter(|one| one.identity == *by);
    match by {
        Identity::Unknown => Duty::Undetermined,
        Identity::Bot => Duty::Insufficient,
        Identity::Shared => Duty::SharedIdentity,
        Identity::Person(_) if own().any(|one| !one.co_author) => Duty::SelfApproved,
        Identity::Person(_) if accountable == Some(false) => Duty::NotAccountable,
        Identity::Person(_) if own().next().is_some() => Duty::CoAuthor,
        Identity::Person(_) => {
            let unknown =
                |one: &Contributor| matches!(one.identity, Identity::Unknown | Identity::Shared);
            if accountable.is_none() || contributors.iter().any(unknown) {
                Duty::Undetermined
            } else {
                Duty::Ok
            }
        }
    }
}
