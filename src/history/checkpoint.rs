//! What a published log leaves behind, so that the next one can show that it only goes on from there: the tip and a chain
//! of hashes, each over an entry and all before it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::log::{DecisionLog, Entry};
use super::statement::{Comparison, Relation};
use crate::git::from_hex;
use crate::source::ObjectId;

/// The name of the format.
const SCHEMA: &str = "readymark/checkpoint/1";

/// What a published log leaves behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The ref.
    pub reference: String,
    /// Its commit.
    pub tip: ObjectId,
    /// Number of first-parent landings.
    pub landings: usize,
    /// One hash for each entry, in 32 hexadecimal digits.
    pub chain: Vec<String>,
    /// The commits of the tags that were published as versions, as they were published first.
    pub tags: BTreeMap<String, ObjectId>,
}

impl Checkpoint {
    /// Takes the checkpoint of a log; nothing when there is no history.
    pub fn of(log: &DecisionLog) -> Option<Self> {
        Some(Self {
            reference: log.statement.reference.clone(),
            tip: log.statement.tip?,
            landings: log.statement.landings,
            chain: chain(&log.entries),
            tags: BTreeMap::new(),
        })
    }

    /// Writes it as JSON.
    pub fn write(&self) -> Vec<u8> {
        let value = json!({
            "schema": SCHEMA,
            "ref": self.reference,
            "tip": self.tip.to_string(),
            "first_parent_landings": self.landings,
            "entries": self.chain.len(),
            "chain": self.chain,
            "tags": self.tags.iter().map(tag).collect::<Map<_, _>>(),
        });
        format!("{value:#}\n").into_bytes()
    }

    /// Reads what [`Checkpoint::write`] wrote; nothing when it is something else.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(bytes).ok()?;
        let hashes = value["chain"].as_array()?.iter().map(|hash| Some(hash.as_str()?.to_owned()));
        (value["schema"] == SCHEMA).then_some(())?;
        Some(Self {
            reference: value["ref"].as_str()?.to_owned(),
            tip: from_hex(value["tip"].as_str()?.as_bytes())?,
            landings: usize::try_from(value["first_parent_landings"].as_u64()?).ok()?,
            chain: hashes.collect::<Option<_>>()?,
            tags: tags(&value["tags"]),
        })
    }

    /// Lists the tags that named other commits when they were published first, each with its commit of today.
    pub fn moved<'t>(
        &'t self,
        now: &'t BTreeMap<String, ObjectId>,
    ) -> impl Iterator<Item = (&'t str, ObjectId, Option<ObjectId>)> {
        let all = self.tags.iter();
        all.map(|(name, then)| (name.as_str(), *then, now.get(name).copied()))
            .filter(|(_, then, now)| Some(*then) != *now)
    }

    /// Compares it with what is told now.
    pub(super) fn compare(&self, entries: &[Entry], relation: Relation) -> Comparison {
        let now = chain(entries);
        let first_difference = (0..self.chain.len()).find(|at| now.get(*at) != self.chain.get(*at));
        Comparison { tip: self.tip, relation, first_difference }
    }
}

fn tag((name, commit): (&String, &ObjectId)) -> (String, Value) {
    (name.clone(), Value::from(commit.to_string()))
}

/// Reads the tags; a checkpoint of an older program has none.
fn tags(value: &Value) -> BTreeMap<String, ObjectId> {
    let commit = |value: &Value| from_hex(value.as_str()?.as_bytes());
    let all = value.as_object().into_iter().flatten();
    all.filter_map(|(name, value)| Some((name.clone(), commit(value)?))).collect()
}

fn chain(entries: &[Entry]) -> Vec<String> {
    let mut before = blake3::hash(SCHEMA.as_bytes());
    let mut hashes = Vec::with_capacity(entries.len());
    for entry in entries {
        before = link(&before, entry);
        hashes.push(before.to_hex()[..32].to_owned());
    }
    hashes
}

/// Hashes an entry after the hash before it, each part with its length.
fn link(before: &blake3::Hash, entry: &Entry) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(before.as_bytes());
    let mut add = |part: &str| {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    };
    add(&entry.pack);
    add(&entry.document);
    add(entry.path.as_str());
    add(entry.from.told());
    add(entry.to.told());
    add(&entry.landing.commit.to_string());
    for origin in &entry.origins {
        add(&origin.commit.to_string());
        add(origin.how.word());
    }
    hasher.finalize()
}
