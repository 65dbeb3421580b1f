//! What a signature shows, in words: whose key it was comes from the registry; fingerprints are for programs.

use super::unit::Unit;
use crate::history::TrustRoot;
use crate::pack::People;
use crate::signature::{Signature, Signer};

/// Says what a signature shows, as a phrase; empty where there is none. `maker` is the author or the tagger.
pub(super) fn words(signature: &Signature, maker: &str, people: &People) -> String {
    match signature {
        Signature::Absent => String::new(),
        Signature::Verified(_) => "signed".to_owned(),
        Signature::OtherPerson(signer) => {
            format!("signed by {}, not by the {maker}", name(signer, people))
        }
        Signature::ForeignKey(_) => {
            format!("signed with a key that nobody is known to have, and none of the {maker}'s")
        }
        Signature::UnknownKey(_) => "signed with a key that nobody is known to have".to_owned(),
        Signature::ExpiredKey(signer) => {
            format!("signed with a key of {} that did not count then", name(signer, people))
        }
        Signature::Bad => "its signature is bad".to_owned(),
        Signature::Unverifiable(why) => format!("signed, not checked: {}", why.words()),
    }
}

/// Returns the name of whoever signed; addresses of a list of keys are never shown.
pub(super) fn name(signer: &Signer, people: &People) -> String {
    let person = signer.person.as_deref().and_then(|id| people.person(id));
    person.map_or_else(|| "somebody else".to_owned(), |at| people.persons[at].name.clone())
}

/// Says on what the answers about signatures rest; empty where no keys are known.
pub(super) fn trust(unit: &Unit) -> String {
    match unit.edition.inputs.log.trust() {
        None => String::new(),
        Some(TrustRoot::External) => {
            "Signatures are checked against a list of keys from outside the repository.".to_owned()
        }
        Some(TrustRoot::InRepository(commit)) => format!(
            "Signatures are checked against the keys that people.toml held before each commit reached the branch; {} changed them last.",
            commit.short()
        ),
    }
}
