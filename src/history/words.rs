//! What a status says: words are matched to those of the document's kind, and looked for where the kind looks for them.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::log::StatusAt;
use crate::document::Written;
use crate::document::front_matter::{FrontMatter, Value};
use crate::document::labels::{Label, labels_of};
use crate::kinds::{FieldSpec, Kind, Need, Standing, Status, StatusSpec, is_prose};
use crate::pack::kind_folders::KindFolders;
use crate::pack::raci::MATRIX;
use crate::settings::Settings;
use crate::source::RepoPath;
use crate::value::date;

/// Committers that everybody knows and that only press a button for the author.
const FORGES: [&str; 2] = ["noreply@github.com", "noreply@gitlab.com"];

/// The kinds of documents and the words of their life cycles, and who commits for others, the same for the whole history.
#[derive(Debug, Default)]
pub struct Vocabulary {
    kinds: Arc<[Kind]>,
    folders: KindFolders,
    /// Names of files whose fields belong to the page of their folder.
    sidecars: Vec<String>,
    /// The committers of forges that the settings name.
    forges: Vec<String>,
    /// The ways in which kinds spell the key of the status; most share one.
    keys: Vec<FieldSpec>,
    /// The place in `keys` of each kind's status.
    key_of_kind: Vec<Option<usize>>,
    /// Fields whose day has come when a document takes effect, each with its kind.
    days: Vec<(KindAt, FieldSpec)>,
    digest: String,
}

/// A kind's place among all.
pub(super) type KindAt = usize;

/// A status and how it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stand {
    pub(super) status: StatusAt,
    /// Its place in the text, when it is not in the block of fields.
    pub(super) written: Option<Written>,
}

impl Stand {
    pub(super) fn of(status: StatusAt) -> Self {
        Self { status, written: None }
    }
}

/// Words that were asked for before.
pub(super) type Known = FxHashMap<KindAt, FxHashMap<String, StatusAt>>;

impl Vocabulary {
    /// Takes the kinds and the settings that say which files are of which kind.
    pub fn new(kinds: Arc<[Kind]>, settings: &Settings) -> Self {
        let mut keys: Vec<FieldSpec> = Vec::new();
        let mut key = |kind: &Kind| {
            let spec = kind.field("status")?;
            let same = |one: &FieldSpec| one.name == spec.name && one.synonyms == spec.synonyms;
            Some(keys.iter().position(same).unwrap_or_else(|| {
                keys.push(spec.clone());
                keys.len() - 1
            }))
        };
        let key_of_kind = kinds.iter().map(&mut key).collect();
        let sidecars = settings.locators.iter().flat_map(|one| one.sidecars.iter().cloned());
        let digest = blake3::hash(format!("{kinds:?}{settings:?}").as_bytes());
        let days = kinds.iter().enumerate().flat_map(|(at, kind)| {
            kind.all_fields().filter(|spec| spec.past).map(move |spec| (at, spec.clone()))
        });
        Self {
            days: days.collect(),
            digest: digest.to_string(),
            sidecars: sidecars.collect(),
            forges: settings.forges.clone(),
            folders: KindFolders::new(settings, &kinds),
            kinds,
            keys,
            key_of_kind,
        }
    }

    /// Digests the kinds and the settings.
    pub(super) fn digest(&self) -> &str {
        &self.digest
    }

    /// Tells whether an address is that of a forge, which commits for authors.
    pub(super) fn is_forge(&self, address: &str) -> bool {
        let is_it = |forge: &str| forge.eq_ignore_ascii_case(address);
        FORGES.into_iter().any(is_it) || self.forges.iter().any(|forge| is_it(forge))
    }

    pub(super) fn sidecars(&self) -> Vec<String> {
        self.sidecars.clone()
    }

    pub(super) fn kinds(&self) -> &Arc<[Kind]> {
        &self.kinds
    }

    pub(super) fn kind(&self, kind: KindAt) -> Option<&Kind> {
        self.kinds.get(kind)
    }

    /// Tells whether documents of a kind say who is accountable.
    pub(super) fn has_matrix(&self, kind: KindAt) -> bool {
        self.kind(kind).is_some_and(|kind| kind.table(MATRIX).is_some())
    }

    /// Tells the kind of a file that states `stated`.
    pub(super) fn kind_of(&self, path: &RepoPath, stated: Option<&str>, declared: bool) -> KindAt {
        self.folders.kind_of(path, stated, declared, &self.kinds)
    }

    pub(super) fn name(&self, kind: KindAt) -> &str {
        self.kinds.get(kind).map_or("", |kind| &kind.name)
    }

    /// Lists what a block of fields states as status, by spelling of the key.
    pub(super) fn stated(&self, block: &FrontMatter) -> Box<[Option<Box<str>>]> {
        self.keys.iter().map(|spec| Some(text(&spec.find(block)?.value.value)?.into())).collect()
    }

    /// Lists the days of a block of fields that have come when a document takes effect, by kind.
    pub(super) fn days(&self, block: &FrontMatter) -> Box<[(KindAt, String)]> {
        let day = |(kind, spec): &(KindAt, FieldSpec)| {
            let text = text(&spec.find(block)?.value.value)?;
            Some((*kind, date(&text)?))
        };
        self.days.iter().filter_map(day).collect()
    }

    /// Lists what a block of fields makes a document in the question of goalposts, by kind.
    pub(super) fn goalposts(&self, block: &FrontMatter) -> Box<[(KindAt, usize)]> {
        let places = self.kinds.iter().enumerate().flat_map(|(at, kind)| {
            let specs = kind.goalposts.iter().enumerate();
            specs.map(move |(spec, asked)| (at, kind, spec, asked))
        });
        let fits = places.filter(|(_, kind, _, asked)| kind.fits(block, &asked.when));
        fits.map(|(at, _, spec, _)| (at, spec)).collect()
    }

    /// Picks what counts for a kind.
    pub(super) fn pick<'s>(&self, kind: KindAt, stated: &'s [Option<Box<str>>]) -> Option<&'s str> {
        stated.get((*self.key_of_kind.get(kind)?)?)?.as_deref()
    }

    /// Reads a status as a kind does.
    pub(super) fn read(&self, kind: KindAt, text: &str) -> StatusAt {
        self.kinds.get(kind).map_or(StatusAt::Absent, |kind| folded(&kind.status(text)))
    }

    /// Tells whether some part of a text begins with the key of a status, marks left out. Costs little, so that texts
    /// which state no status are not looked at any further.
    fn is_labelled(&self, text: &[u8]) -> bool {
        // Labels that share a line stand between strokes, dots (`·` ends in this byte) or tags.
        if memchr::memchr(0xb7, text).is_some() {
            let mut parts = text.split(|byte| matches!(byte, b'\n' | b'|' | b'>' | 0xb7));
            return parts.any(|part| self.begins_with_key(part));
        }
        let mut from = 0;
        let mut ends = memchr::memchr3_iter(b'\n', b'|', b'>', text).chain([text.len()]);
        ends.any(|end| self.begins_with_key(&text[std::mem::replace(&mut from, end + 1)..end]))
    }

    fn begins_with_key(&self, part: &[u8]) -> bool {
        let Some(start) = part.iter().position(u8::is_ascii_alphabetic) else { return false };
        let part = &part[start..];
        let begins = |key: &String| {
            let is_same = || part.get(..key.len()).is_some_and(|one| is_same_key(one, key));
            !key.is_ascii() || is_same() && may_end_name(&part[key.len()..])
        };
        self.spellings().any(begins)
    }

    /// Lists all words for a status.
    fn spellings(&self) -> impl Iterator<Item = &String> {
        self.keys.iter().flat_map(|spec| std::iter::once(&spec.name).chain(&spec.synonyms))
    }

    /// Finds what may be a status in the text of a file whose block of fields has none and ends at `start`.
    pub(super) fn labels(&self, text: &str, start: usize) -> Box<[Label]> {
        let start = if text.is_char_boundary(start) { start } else { text.len() };
        if !self.is_labelled(&text.as_bytes()[start..]) {
            return Box::default();
        }
        let wanted = |name: &str| self.keys.iter().any(|spec| spec.is_called(name));
        labels_of(text, start, &wanted).into()
    }

    /// Picks a status among labels.
    pub(super) fn located(&self, kind: KindAt, labels: &[Label]) -> Option<Stand> {
        let kind = self.kinds.get(kind)?;
        let field = kind.field("status")?.located(labels, &kind.places)?;
        let status = kind.status(field.value.text()?);
        let label = labels.iter().find(|label| label.name_span == field.key_span)?;
        (!is_prose(&status))
            .then(|| Stand { status: folded(&status), written: Some(label.written) })
    }

    /// Tells what a status means for readers.
    pub(super) fn standing(&self, kind: KindAt, status: &StatusAt) -> Option<Standing> {
        Some(self.spec(kind, status)?.means)
    }

    /// Tells whether the life cycle of a kind has a step. Nothing is said of kinds that owe nobody a status, and of words
    /// that the kind does not know.
    pub(super) fn is_legal(&self, kind: KindAt, from: &StatusAt, to: &StatusAt) -> Option<bool> {
        let owed = self.kinds.get(kind)?.field("status")?.need == Need::Required;
        let (before, after) = (self.spec(kind, from)?, self.spec(kind, to)?);
        owed.then(|| before.name == after.name || before.next.contains(&after.name))
    }

    fn spec(&self, kind: KindAt, status: &StatusAt) -> Option<&StatusSpec> {
        let StatusAt::Word(word) = status else { return None };
        let specs = &self.kinds.get(kind)?.statuses;
        specs.iter().find(|spec| spec.words().any(|one| one.to_lowercase() == *word))
    }
}

/// Compares letters without case, `-`, `_` and space being equal.
fn is_same_key(one: &[u8], key: &str) -> bool {
    let fold =
        |byte: &u8| if matches!(byte, b'_' | b' ') { b'-' } else { byte.to_ascii_lowercase() };
    one.iter().map(fold).eq(key.as_bytes().iter().map(fold))
}

/// Tells whether the name of a label may end here: a colon, a dash or the end follows, and no other word.
fn may_end_name(rest: &[u8]) -> bool {
    let rest = rest.strip_prefix(b"(s)").unwrap_or(rest);
    let end = rest.iter().position(u8::is_ascii_alphanumeric).unwrap_or(rest.len());
    let gap = &rest[..end];
    let is_dash = |pair: &[u8]| pair == b"- ";
    end == rest.len()
        || gap.iter().any(|byte| *byte == b':' || !byte.is_ascii())
        || gap.windows(2).any(is_dash)
}

/// Returns the text of a value. Several words are what a template offers.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Map(_) => Some("|".to_owned()),
        Value::Scalar(text) => Some(text.trim().to_owned()),
        Value::List(items) => {
            let words: Vec<&str> = items.iter().filter_map(|item| item.text()).collect();
            Some(words.join(" | "))
        }
    }
    .filter(|text| !text.is_empty())
}

fn folded(status: &Status) -> StatusAt {
    match status {
        Status::Absent => StatusAt::Absent,
        Status::Unreadable => StatusAt::Unreadable,
        Status::Placeholder(_) => StatusAt::Placeholder,
        Status::Unknown(text) => StatusAt::Invalid(text.trim().to_lowercase()),
        Status::Known { written, .. } => StatusAt::Word(written.to_lowercase()),
    }
}
