//! Signatures of commits and tags: who signed, checked in this process against keys that are known beforehand. What
//! cannot be checked is said and never counts as unsigned.

mod allowed_signers;
mod keys;
mod object;
mod ssh;
mod wire;

pub use allowed_signers::{AllowedSigners, Unused};
pub use keys::{Key, Keys, Trust};
pub use object::Signed;
pub use ssh::PublicKey;

#[cfg(test)]
mod tests;

use ssh::Checked;

/// The purpose for which Git signs commits and tags.
pub const GIT: &str = "git";

/// What the signature of a commit or a tag shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Signature {
    /// There is none.
    #[default]
    Absent,
    /// Its author signed, with a key that counted then.
    Verified(Signer),
    /// Somebody else signed, with a key that counted then.
    OtherPerson(Signer),
    /// The signature is good, and nobody is known to have the key, which its fingerprint names.
    UnknownKey(String),
    /// The same, where other keys of the author are known.
    ForeignKey(String),
    /// The signature is good, and the key did not count then: not yet or no more.
    ExpiredKey(Signer),
    /// The signature is of something else, or no signature at all.
    Bad,
    /// There is one, and nothing here can check it.
    Unverifiable(Why),
}

/// Who signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The id of the person in the registry, when the key leads to one.
    pub person: Option<String>,
    /// Whose key it is, in the words of the list of keys: a person's id, or addresses.
    pub holder: String,
    /// The fingerprint of the key.
    pub key: String,
}

/// Why a signature cannot be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// No keys are known to check it against.
    NoKeys,
    /// The commit is not in this clone.
    CommitMissing,
    /// The keys that counted then are not in this clone.
    KeysMissing,
    /// It is one of `OpenPGP`: a library for those would bring 150 crates.
    OpenPgp,
    /// It is one of X.509.
    X509,
    /// It is of no known format.
    UnknownFormat,
    /// It was made with a key or in a way that is not supported.
    Unsupported(String),
}

impl Signature {
    /// Returns its word in exports.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Verified(_) => "verified",
            Self::OtherPerson(_) => "good-other-person",
            Self::UnknownKey(_) | Self::ForeignKey(_) => "good-unknown-key",
            Self::ExpiredKey(_) => "expired-key",
            Self::Bad => "bad",
            Self::Unverifiable(_) => "unverifiable",
        }
    }

    /// Returns who signed, when a key that counted then tells.
    pub fn signer(&self) -> Option<&Signer> {
        match self {
            Self::Verified(signer) | Self::OtherPerson(signer) => Some(signer),
            _ => None,
        }
    }

    /// Returns why it cannot be checked.
    pub fn why(&self) -> Option<&Why> {
        match self {
            Self::Unverifiable(why) => Some(why),
            _ => None,
        }
    }

    /// Tells whether a person of the registry signed, with a key that counted then.
    pub fn is_by(&self, person: &str) -> bool {
        self.signer().is_some_and(|signer| signer.person.as_deref() == Some(person))
    }
}

impl Why {
    /// Says it in a few words.
    pub fn words(&self) -> String {
        match self {
            Self::NoKeys => "no keys are known".to_owned(),
            Self::CommitMissing => "the commit is not in this clone".to_owned(),
            Self::KeysMissing => "the keys of that time are not in this clone".to_owned(),
            Self::OpenPgp => "OpenPGP".to_owned(),
            Self::X509 => "X.509".to_owned(),
            Self::UnknownFormat => "an unknown format".to_owned(),
            Self::Unsupported(what) => what.clone(),
        }
    }
}

/// Checks a signature of `payload`, made for the purpose `namespace`, against the keys that count at the second `when`.
/// `author` is the address of whoever is said to have written what is signed.
pub fn verify(
    payload: &[u8],
    signature: Option<&[u8]>,
    author: &str,
    namespace: &str,
    keys: &Keys,
    when: i64,
) -> Signature {
    let Some(signature) = signature else { return Signature::Absent };
    if !wire::is_armoured(signature) {
        return Signature::Unverifiable(foreign(signature));
    }
    match ssh::check(payload, signature, namespace) {
        Checked::Bad => Signature::Bad,
        Checked::Unsupported(what) => Signature::Unverifiable(Why::Unsupported(what)),
        Checked::Good(_) if keys.is_empty() => Signature::Unverifiable(Why::NoKeys),
        Checked::Good(key) => keys.signed_with(&key, author, namespace, when),
    }
}

fn foreign(signature: &[u8]) -> Why {
    let begins = |start: &str| signature.trim_ascii_start().starts_with(start.as_bytes());
    match () {
        () if begins("-----BEGIN PGP ") => Why::OpenPgp,
        () if begins("-----BEGIN SIGNED MESSAGE-----") => Why::X509,
        () => Why::UnknownFormat,
    }
}
