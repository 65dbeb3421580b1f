//! Whose key is whose, for which purpose and when.

use std::collections::BTreeMap;

use globset::{GlobBuilder, GlobMatcher};

use super::allowed_signers::AllowedSigners;
use super::ssh::PublicKey;
use super::{Signature, Signer};
use crate::pack::People;
use crate::pack::people_toml::fold_address;

/// Where keys come from, on which every answer rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trust {
    /// A file that was given with the call.
    External,
    /// The registry of people in the repository itself.
    #[default]
    InRepository,
}

/// The keys that count at one landing.
#[derive(Debug, Clone, Default)]
pub struct Keys {
    /// Where they come from.
    pub trust: Trust,
    known: Vec<Key>,
    /// Persons of the registry by their addresses.
    people: BTreeMap<String, String>,
}

/// A key and whose it is.
#[derive(Debug, Clone)]
pub struct Key {
    pub(super) public: PublicKey,
    /// Whose it is, as written: a person's id, or addresses.
    pub(super) holder: String,
    /// Which addresses it stands for.
    pub(super) addresses: Patterns,
    /// The purposes it may be used for; any when there is none.
    pub(super) namespaces: Option<Patterns>,
    /// The first and the last second at which it counts.
    pub(super) from: Option<i64>,
    pub(super) until: Option<i64>,
}

/// Texts with `*` and `?`; one after `!` takes back what another one matches.
#[derive(Debug, Clone, Default)]
pub(super) struct Patterns {
    wanted: Vec<GlobMatcher>,
    refused: Vec<GlobMatcher>,
}

impl Patterns {
    /// Reads patterns between commas.
    pub(super) fn read(list: &str) -> Self {
        let mut patterns = Self::default();
        for pattern in list.split(',').map(str::trim).filter(|pattern| !pattern.is_empty()) {
            let (kind, text) = match pattern.strip_prefix('!') {
                Some(text) => (&mut patterns.refused, text),
                None => (&mut patterns.wanted, pattern),
            };
            kind.extend(matcher(text));
        }
        patterns
    }

    fn of_texts(texts: &[String]) -> Self {
        Self { wanted: texts.iter().filter_map(|text| exact(text)).collect(), refused: Vec::new() }
    }

    fn has(&self, text: &str) -> bool {
        self.wanted.iter().any(|pattern| pattern.is_match(text))
            && !self.refused.iter().any(|pattern| pattern.is_match(text))
    }
}

/// Only `*` and `?` mean something in a pattern; addresses are compared without the case of their domain.
fn matcher(pattern: &str) -> Option<GlobMatcher> {
    let folded = fold_address(pattern);
    let plain: Vec<String> = folded
        .split_inclusive(['*', '?'])
        .map(|part| {
            let cut = part.len() - usize::from(part.ends_with(['*', '?']));
            format!("{}{}", globset::escape(&part[..cut]), &part[cut..])
        })
        .collect();
    let glob = GlobBuilder::new(&plain.concat()).literal_separator(false).build().ok()?;
    Some(glob.compile_matcher())
}

fn exact(text: &str) -> Option<GlobMatcher> {
    Some(GlobBuilder::new(&globset::escape(text)).build().ok()?.compile_matcher())
}

impl Keys {
    /// Takes the keys of the registry.
    pub fn of_registry(people: &People) -> Self {
        let held = people.persons.iter().flat_map(|person| {
            person.keys.iter().map(|held| Key {
                public: held.key.clone(),
                holder: person.id.clone(),
                addresses: Patterns::of_texts(&person.git_emails),
                namespaces: None,
                from: latest(start(held.days.from.as_deref()), start(person.days.from.as_deref())),
                until: earliest(end(held.days.until.as_deref()), end(person.days.until.as_deref())),
            })
        });
        let known = held.collect();
        Self { trust: Trust::InRepository, known, people: addresses(people) }
    }

    /// Takes the keys of a file that was given with the call; the registry only says whose address is whose.
    pub fn external(signers: &AllowedSigners, people: &People) -> Self {
        let known = signers.keys.clone();
        Self { trust: Trust::External, known, people: addresses(people) }
    }

    /// Tells whether there is nothing to check against.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Lists the keys with whose they are, to tell whether anything about them changed.
    pub fn fingerprints(&self) -> Vec<String> {
        let one = |key: &Key| {
            let (from, until) = (key.from, key.until);
            format!("{} {} {from:?} {until:?}", key.holder, key.public.fingerprint())
        };
        self.known.iter().map(one).collect()
    }

    /// Says whose key made a good signature.
    pub(super) fn signed_with(
        &self,
        key: &PublicKey,
        author: &str,
        namespace: &str,
        when: i64,
    ) -> Signature {
        let author = fold_address(author);
        let known: Vec<&Key> = self.known.iter().filter(|one| one.is(key, namespace)).collect();
        let counting = || known.iter().filter(|one| one.counts_at(when));
        let own = counting().find(|one| one.addresses.has(&author));
        match (own, counting().next(), known.first()) {
            (Some(own), ..) => Signature::Verified(self.signer(own, Some(&author))),
            (None, Some(other), _) => Signature::OtherPerson(self.signer(other, None)),
            (None, None, Some(old)) => Signature::ExpiredKey(self.signer(old, None)),
            _ if self.known.iter().any(|one| one.addresses.has(&author)) => {
                Signature::ForeignKey(key.fingerprint())
            }
            (None, None, None) => Signature::UnknownKey(key.fingerprint()),
        }
    }

    fn signer(&self, key: &Key, author: Option<&str>) -> Signer {
        let person = match author {
            Some(address) => self.people.get(address).cloned(),
            None => self.only_holder(key),
        };
        Signer { person, holder: key.holder.clone(), key: key.public.fingerprint() }
    }

    /// Finds the one person whose addresses a key stands for.
    fn only_holder(&self, key: &Key) -> Option<String> {
        let mut held = self.people.iter().filter(|(address, _)| key.addresses.has(address));
        let (_, first) = held.next()?;
        held.all(|(_, person)| person == first).then(|| first.clone())
    }
}

impl Key {
    fn is(&self, key: &PublicKey, namespace: &str) -> bool {
        self.public == *key && self.namespaces.as_ref().is_none_or(|some| some.has(namespace))
    }

    fn counts_at(&self, when: i64) -> bool {
        self.from.is_none_or(|from| from <= when) && self.until.is_none_or(|until| when <= until)
    }
}

fn addresses(people: &People) -> BTreeMap<String, String> {
    let persons = people.persons.iter().rev();
    persons
        .flat_map(|person| person.git_emails.iter().map(|one| (one.clone(), person.id.clone())))
        .collect()
}

fn latest(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    one.max(other)
}

fn earliest(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    [one, other].into_iter().flatten().min()
}

fn start(day: Option<&str>) -> Option<i64> {
    super::allowed_signers::second(&day?.replace('-', ""))
}

fn end(day: Option<&str>) -> Option<i64> {
    start(day).map(|start| start + DAY - 1)
}

/// Seconds of a day.
const DAY: i64 = 86_400;
