//! From TOML to kinds: the built-in files, then the repository's own, which replace a kind of the same name whole.

use std::sync::{Arc, LazyLock};

use super::{
    Aspect, ColumnSpec, Effect, FieldSpec, Form, Kind, Need, PLACES, SchemeSpec, SectionSpec,
    Standing, StatusSpec, TableSpec, approval, check, goalpost, rhythm,
};
use crate::diagnostic::Diagnostic;
use crate::nearest::did_you_mean;
use crate::source::RepoPath;
use crate::toml::{self, Question, Table};
use crate::value::DateOrder;

/// The kinds that come with the program; the free page last.
const FILES: [(&str, &str); 23] = [
    ("intent.toml", include_str!("intent.toml")),
    ("criteria.toml", include_str!("criteria.toml")),
    ("business-case.toml", include_str!("business-case.toml")),
    ("raci.toml", include_str!("raci.toml")),
    ("support.toml", include_str!("support.toml")),
    ("architecture.toml", include_str!("architecture.toml")),
    ("data.toml", include_str!("data.toml")),
    ("security.toml", include_str!("security.toml")),
    ("register.toml", include_str!("register.toml")),
    ("runbook.toml", include_str!("runbook.toml")),
    ("change.toml", include_str!("change.toml")),
    ("baseline.toml", include_str!("baseline.toml")),
    ("test.toml", include_str!("test.toml")),
    ("exercise.toml", include_str!("exercise.toml")),
    ("metrics.toml", include_str!("metrics.toml")),
    ("incident.toml", include_str!("incident.toml")),
    ("rollout.toml", include_str!("rollout.toml")),
    ("transition.toml", include_str!("transition.toml")),
    ("decision.toml", include_str!("decision.toml")),
    ("enablement.toml", include_str!("enablement.toml")),
    ("review.toml", include_str!("review.toml")),
    ("waiver.toml", include_str!("waiver.toml")),
    ("page.toml", include_str!("page.toml")),
];

const NEEDS: [(&str, Need); 3] = [
    ("required", Need::Required),
    ("recommended", Need::Recommended),
    ("optional", Need::Optional),
];

const STANDINGS: [(&str, Standing); 3] =
    [("draft", Standing::Draft), ("approved", Standing::Approved), ("closed", Standing::Closed)];

const ASPECTS: [(&str, Aspect); 3] =
    [("owned", Aspect::Owned), ("controlled", Aspect::Controlled), ("measured", Aspect::Measured)];

const EFFECTS: [(&str, Effect); 8] = [
    ("steps", Effect::Steps),
    ("contacts", Effect::Contacts),
    ("rollback", Effect::Rollback),
    ("parameters", Effect::Parameters),
    ("changes", Effect::Changes),
    ("risks", Effect::Risks),
    ("decisions", Effect::Decisions),
    ("other", Effect::Other),
];

/// The fields and the life cycle that every kind shares.
struct Common {
    fields: Vec<FieldSpec>,
    statuses: Vec<StatusSpec>,
}

static COMMON: LazyLock<Common> = LazyLock::new(|| {
    let path = RepoPath::new("common.toml");
    let (common, _) = toml::read(&path, include_bytes!("common.toml"), |keys| Common {
        fields: fields(keys),
        statuses: statuses(keys),
    });
    common.unwrap_or(Common { fields: Vec::new(), statuses: Vec::new() })
});

/// The built-in kinds, and what is wrong with their files.
static BUILT_IN: LazyLock<(Vec<Kind>, Vec<Diagnostic>)> = LazyLock::new(|| {
    let (mut kinds, mut findings) = (Vec::new(), Vec::new());
    for (name, text) in FILES {
        add(&mut kinds, &mut findings, &RepoPath::new(name), text.as_bytes());
    }
    (kinds, findings)
});

/// The words for typed relations.
#[derive(Default)]
struct Relations {
    pairs: Vec<(String, String)>,
    acyclic: Vec<String>,
    live: Vec<String>,
}

static RELATIONS: LazyLock<Relations> = LazyLock::new(|| {
    let path = RepoPath::new("relations.toml");
    let bytes = include_bytes!("relations.toml");
    let (read, _) = toml::read(&path, bytes, |keys| Relations {
        acyclic: keys.texts("acyclic"),
        live: keys.texts("live"),
        pairs: keys.pairs("relations"),
    });
    read.unwrap_or_default()
});

/// Returns the fields that every kind has.
pub fn common() -> &'static [FieldSpec] {
    &COMMON.fields
}

/// Returns the built-in relations: the word and its inverse.
pub fn relations() -> &'static [(String, String)] {
    &RELATIONS.pairs
}

/// Returns the built-in relations that must have an end.
pub fn acyclic() -> &'static [String] {
    &RELATIONS.acyclic
}

/// Returns the built-in relations whose target must be in force.
pub fn live() -> &'static [String] {
    &RELATIONS.live
}

/// Returns the word for a built-in relation read from the other side, whichever side is given.
pub fn inverse(relation: &str) -> Option<&'static str> {
    let forward = relations().iter().find(|(name, _)| name == relation);
    let backward = || relations().iter().find(|(_, inverse)| inverse == relation);
    forward
        .map(|(_, inverse)| inverse.as_str())
        .or_else(|| backward().map(|(name, _)| name.as_str()))
}

/// Tells whether a word is a built-in relation as its vocabulary names it first.
pub fn is_forward(relation: &str) -> bool {
    relations().iter().any(|(name, _)| name == relation)
}

/// Returns the index of the free page, the kind of everything that declares none.
pub fn page(kinds: &[Kind]) -> usize {
    kinds.len().saturating_sub(1)
}

/// Loads the built-in kinds and those of the repository (`kinds/*.toml`), in navigation order, the free page last.
pub fn load(files: &[(RepoPath, Arc<[u8]>)]) -> (Vec<Kind>, Vec<Diagnostic>) {
    let (mut kinds, mut findings) = BUILT_IN.clone();
    let free = kinds.last().map(|kind: &Kind| kind.name.clone()).unwrap_or_default();
    for (path, bytes) in files {
        add(&mut kinds, &mut findings, path, bytes);
    }
    kinds.sort_by_key(|kind| (kind.name == free, kind.order));
    (kinds, findings)
}

fn add(kinds: &mut Vec<Kind>, found: &mut Vec<Diagnostic>, path: &RepoPath, bytes: &[u8]) {
    let (kind, mut findings) = toml::read(path, bytes, |keys| kind(keys));
    found.append(&mut findings);
    let Some(kind) = kind.flatten() else { return };
    match kinds.iter_mut().find(|known| known.name == kind.name) {
        Some(known) => *known = kind,
        None => kinds.push(kind),
    }
}

/// Lists what is asked for in the file of a kind.
pub fn questions() -> Vec<Question> {
    toml::questions(|keys| drop(kind(keys)))
}

/// What a word must be that becomes part of a path.
const PLAIN: &str = "one word of letters, digits, `-` and `_`";

/// Tells whether a word can stand in a path.
fn is_plain(word: &str) -> bool {
    word.chars().all(|letter| letter.is_alphanumeric() || letter == '-' || letter == '_')
}

/// Reads a word that becomes part of a path.
fn plain(keys: &Table<'_>, key: &str) -> String {
    let word = keys.text(key).unwrap_or_default();
    if is_plain(&word) {
        return word;
    }
    keys.refuse(key, PLAIN);
    String::new()
}

fn kind(keys: &Table<'_>) -> Option<Kind> {
    let name = keys.needed("name").filter(|name| {
        is_plain(name) || {
            keys.refuse("name", PLAIN);
            false
        }
    });
    let title = keys.text("title").or_else(|| name.clone()).unwrap_or_default();
    let (statuses, fields) = (statuses(keys), fields(keys));
    let own = |field: &&FieldSpec| fields.iter().any(|known| known.name == field.name);
    let kind = Kind {
        name: name.clone().unwrap_or_default(),
        plural: keys.text("plural").unwrap_or_else(|| title.clone()),
        title,
        purpose: keys.text("purpose").unwrap_or_default(),
        prefix: plain(keys, "prefix"),
        folder: plain(keys, "folder"),
        order: keys.integer("order").unwrap_or(500),
        first: keys.truth("first").unwrap_or_default(),
        living: keys.truth("living").unwrap_or_default(),
        approver: keys.text("approver").unwrap_or_default(),
        synonyms: keys.texts("synonyms"),
        tags: keys.texts("tags"),
        answers: keys.choice("answers", &ASPECTS),
        effect: keys.choice("effect", &EFFECTS).unwrap_or_default(),
        shared: common().iter().filter(|field| !own(field)).cloned().collect(),
        fields,
        sections: sections(keys),
        tables: tables(keys),
        schemes: schemes(keys),
        approvals: approval::read(keys),
        rhythms: rhythm::read(keys),
        checks: check::read(keys),
        goalposts: goalpost::read(keys),
        statuses: if statuses.is_empty() { default_statuses(name.as_deref()) } else { statuses },
        places: PLACES.map(|(_, place)| place).to_vec(),
    };
    name.map(|_| kind)
}

/// The shared life cycle; a kind without a name is not kept and needs none.
fn default_statuses(name: Option<&str>) -> Vec<StatusSpec> {
    name.map(|_| COMMON.statuses.clone()).unwrap_or_default()
}

/// Reads every `[[key]]` table with `one` and keeps those that have a name.
fn each<T>(keys: &Table<'_>, key: &str, one: impl Fn(&Table<'_>, String) -> T) -> Vec<T> {
    let mut list = Vec::new();
    for part in keys.tables(key) {
        let name = part.needed("name");
        let value = one(&part, name.clone().unwrap_or_default());
        list.extend(name.map(|_| value));
    }
    list
}

fn fields(keys: &Table<'_>) -> Vec<FieldSpec> {
    each(keys, "field", |part, name| FieldSpec {
        need: part.choice("need", &NEEDS).unwrap_or(Need::Optional),
        when: part.lists("when"),
        locate: part.truth("locate").unwrap_or_default(),
        past: part.truth("past").unwrap_or_default(),
        listed: part.truth("listed").unwrap_or_default(),
        adverse: part.texts("adverse"),
        decision: part.text("decision").unwrap_or_default(),
        event: part.text("event").unwrap_or_default(),
        until: part.text("until").unwrap_or_default(),
        form: form(part, &name),
        synonyms: part.texts("synonyms"),
        hint: part.text("hint").unwrap_or_default(),
        name,
    })
}

/// The words for forms that need nothing else said.
const FORMS: [(&str, &Form); 9] = [
    ("text", &Form::Text),
    ("date", &Form::Date(DateOrder::Unsaid)),
    ("duration", &Form::Duration),
    ("percentage", &Form::Percentage),
    ("money", &Form::Money),
    ("number", &Form::Number),
    ("truth", &Form::Truth),
    ("who", &Form::Who),
    ("ids", &Form::Ids),
];

fn form(part: &Table<'_>, name: &str) -> Form {
    let words = FORMS.map(|(word, _)| word).into_iter().chain(["choice", "relation"]);
    let words: Vec<(&str, &str)> = words.map(|word| (word, word)).collect();
    let word = part.choice("form", &words).unwrap_or("text");
    let choices = part.texts("choices");
    let kinds = part.texts("kinds");
    let given = part.text("inverse");
    match word {
        "choice" => {
            if choices.is_empty() {
                let help = Some("add choices = [\"one\", \"other\"]".to_owned());
                part.wrong_value(&part.place_of("form"), "a choice needs `choices`", help);
            }
            Form::Choice(choices)
        }
        "relation" => {
            let known = inverse(name).map(str::to_owned);
            let inverse = given.or(known).unwrap_or_else(|| format!("{name} of"));
            Form::Relation { name: name.to_owned(), inverse, kinds }
        }
        word => simple(word),
    }
}

fn simple(word: &str) -> Form {
    FORMS.iter().find(|(name, _)| *name == word).map_or(Form::Text, |(_, form)| (*form).clone())
}

fn sections(keys: &Table<'_>) -> Vec<SectionSpec> {
    each(keys, "section", |part, name| {
        let title = part.text("title").unwrap_or_else(|| name.clone());
        SectionSpec {
            words: [&title, &name].map(|word| super::normalise_heading(word)),
            need: part.choice("need", &NEEDS).unwrap_or(Need::Optional),
            synonyms: normalised(&part.texts("synonyms")),
            steps: part.truth("steps").unwrap_or_default(),
            effect: part.choice("effect", &EFFECTS),
            hint: part.text("hint").unwrap_or_default(),
            title,
            name,
        }
    })
}

fn tables(keys: &Table<'_>) -> Vec<TableSpec> {
    each(keys, "table", |part, name| {
        let title = part.text("title").unwrap_or_else(|| name.clone());
        TableSpec {
            words: [&title, &name].map(|word| super::normalise_heading(word)),
            need: part.choice("need", &NEEDS).unwrap_or(Need::Optional),
            synonyms: normalised(&part.texts("synonyms")),
            columns: columns(part),
            sums: part.texts("sums"),
            effect: part.choice("effect", &EFFECTS),
            title,
            name,
        }
    })
}

/// `columns` has the names with other titles, `required` those that a row needs, `forms` those that are no text and
/// `relations` those whose links are relations of the row.
fn columns(part: &Table<'_>) -> Vec<ColumnSpec> {
    let columns = part.lists("columns");
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let (required, mut forms) = (part.texts("required"), column_relations(part, &names));
    forms.extend(column_forms(part, &names));
    for name in required.iter().filter(|name| !names.contains(&name.as_str())) {
        let help = did_you_mean(name, names.iter().copied());
        part.wrong_value(&part.place_of("required"), format!("`{name}` is not a column"), help);
    }
    let events = column_events(part, &names);
    let column = |(name, synonyms): &(String, Vec<String>)| ColumnSpec {
        event: events.iter().find(|(column, _)| column == name).map_or("", |(_, it)| it).to_owned(),
        synonyms: synonyms
            .iter()
            .map(|word| super::normalise(word))
            .filter(|word| !word.is_empty())
            .collect(),
        required: required.contains(name),
        form: forms
            .iter()
            .find(|(column, _)| column == name)
            .map_or(Form::Text, |(_, form)| form.clone()),
        word: super::normalise(name),
        name: name.clone(),
    };
    columns.iter().map(column).collect()
}

/// Reads what happens on the days of columns.
fn column_events(part: &Table<'_>, names: &[&str]) -> Vec<(String, String)> {
    let Some(table) = part.table("events") else { return Vec::new() };
    names.iter().filter_map(|name| Some(((*name).to_owned(), table.text(name)?))).collect()
}

fn column_forms(part: &Table<'_>, names: &[&str]) -> Vec<(String, Form)> {
    let Some(table) = part.table("forms") else { return Vec::new() };
    let words = FORMS.map(|(word, _)| (word, word));
    names
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), simple(table.choice(name, &words)?))))
        .collect()
}

fn column_relations(part: &Table<'_>, names: &[&str]) -> Vec<(String, Form)> {
    let Some(table) = part.table("relations") else { return Vec::new() };
    let relation = |column: &&str| {
        let (name, span) = table.placed_text(column)?;
        let Some(inverse) = inverse(&name) else {
            let known = relations().iter().flat_map(|(name, inverse)| [&**name, &**inverse]);
            let help = did_you_mean(&name, known);
            table.wrong_value(&span, format!("`{name}` is not a relation"), help);
            return None;
        };
        let (inverse, kinds) = (inverse.to_owned(), Vec::new());
        Some(((*column).to_owned(), Form::Relation { name, inverse, kinds }))
    };
    names.iter().filter_map(relation).collect()
}

/// Returns the letter that a word begins with, as matrices compare letters.
pub fn letter(word: &str) -> Option<char> {
    word.trim().chars().next().map(|first| first.to_ascii_uppercase())
}

fn schemes(keys: &Table<'_>) -> Vec<SchemeSpec> {
    each(keys, "scheme", |part, name| {
        let letters = part.pairs("letters");
        let letters: Vec<(char, String)> =
            letters.into_iter().filter_map(|(sign, means)| Some((letter(&sign)?, means))).collect();
        let one = |key: &str| {
            let sign = part.needed(key).and_then(|sign| letter(&sign))?;
            let is_known = letters.iter().any(|(known, _)| *known == sign);
            if !is_known {
                part.refuse(key, "one of the letters of the scheme");
            }
            is_known.then_some(sign)
        };
        let (accountable, responsible) = (one("accountable"), one("responsible"));
        SchemeSpec { name, letters, accountable, responsible }
    })
}

fn normalised(words: &[String]) -> Vec<String> {
    words.iter().map(|word| super::normalise_heading(word)).collect()
}

fn statuses(keys: &Table<'_>) -> Vec<StatusSpec> {
    let parts = keys.tables("status");
    let mut list = Vec::new();
    for part in &parts {
        let name = part.needed("name");
        let spec = StatusSpec {
            name: name.clone().unwrap_or_default(),
            synonyms: part.texts("synonyms"),
            means: part.choice("means", &STANDINGS).unwrap_or(Standing::Draft),
            over: part.truth("over").unwrap_or_default(),
            begun: part.truth("begun").unwrap_or_default(),
            next: part.texts("next"),
        };
        list.extend(name.map(|_| (spec, part)));
    }
    report_unknown_next(&list);
    list.into_iter().map(|(spec, _)| spec).collect()
}

fn report_unknown_next(statuses: &[(StatusSpec, &Table<'_>)]) {
    let names: Vec<&str> = statuses.iter().map(|(status, _)| status.name.as_str()).collect();
    for (status, part) in statuses {
        for word in status.next.iter().filter(|word| !names.contains(&word.as_str())) {
            let message = format!("`{word}` is not a status of this kind");
            let help = did_you_mean(word, names.iter().copied());
            part.wrong_value(&part.place_of("next"), message, help);
        }
    }
}
