//! From TOML to kinds: the built-in files, then the repository's own, which replace a kind of the same name whole.

use std::sync::{Arc, LazyLock};

use super::{FieldSpec, Form, Kind, Need, SectionSpec, Standing, StatusSpec, TableSpec};
use crate::data_file::{self, Findings, Keys};
use crate::diagnostic::Diagnostic;
use crate::nearest::did_you_mean;
use crate::source::RepoPath;

/// The kinds that come with the program.
const BUILT_IN: [(&str, &str); 9] = [
    ("intent.toml", include_str!("intent.toml")),
    ("raci.toml", include_str!("raci.toml")),
    ("support.toml", include_str!("support.toml")),
    ("runbook.toml", include_str!("runbook.toml")),
    ("change.toml", include_str!("change.toml")),
    ("baseline.toml", include_str!("baseline.toml")),
    ("decision.toml", include_str!("decision.toml")),
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

/// The fields and the life cycle that every kind shares.
struct Common {
    fields: Vec<FieldSpec>,
    statuses: Vec<StatusSpec>,
}

static COMMON: LazyLock<Common> = LazyLock::new(|| {
    let path = RepoPath::new("common.toml");
    let (common, _) = data_file::read(&path, include_bytes!("common.toml"), |keys, findings| {
        Some(Common { fields: fields(keys, findings), statuses: statuses(keys, findings) })
    });
    common.unwrap_or(Common { fields: Vec::new(), statuses: Vec::new() })
});

static RELATIONS: LazyLock<Vec<(String, String)>> =
    LazyLock::new(|| data_file::pairs(include_str!("relations.toml"), "relations"));

/// Returns the fields that every kind has.
pub fn common() -> &'static [FieldSpec] {
    &COMMON.fields
}

/// Returns the built-in relations: the word and its inverse.
pub fn relations() -> &'static [(String, String)] {
    &RELATIONS
}

/// Returns the word for a built-in relation read from the other side.
pub fn inverse(relation: &str) -> Option<&'static str> {
    RELATIONS.iter().find(|(name, _)| name == relation).map(|(_, inverse)| inverse.as_str())
}

/// Returns the index of the free page, the kind of everything that declares none.
pub fn page(kinds: &[Kind]) -> usize {
    kinds.len().saturating_sub(1)
}

/// Loads the built-in kinds and those of the repository (`kinds/*.toml`), in navigation order, the free page last.
pub fn load(files: &[(RepoPath, Arc<[u8]>)]) -> (Vec<Kind>, Vec<Diagnostic>) {
    let (mut kinds, mut findings) = (Vec::new(), Vec::new());
    for (name, text) in BUILT_IN {
        add(&mut kinds, &mut findings, &RepoPath::new(name), text.as_bytes());
    }
    let free = kinds.last().map(|kind: &Kind| kind.name.clone()).unwrap_or_default();
    for (path, bytes) in files {
        add(&mut kinds, &mut findings, path, bytes);
    }
    kinds.sort_by_key(|kind| (kind.name == free, kind.order));
    (kinds, findings)
}

fn add(kinds: &mut Vec<Kind>, found: &mut Vec<Diagnostic>, path: &RepoPath, bytes: &[u8]) {
    let (kind, mut findings) = data_file::read(path, bytes, kind);
    found.append(&mut findings);
    let Some(kind) = kind else { return };
    match kinds.iter_mut().find(|known| known.name == kind.name) {
        Some(known) => *known = kind,
        None => kinds.push(kind),
    }
}

fn kind(keys: &mut Keys<'_>, findings: &mut Findings<'_>) -> Option<Kind> {
    let name = keys.needed("name", findings);
    let title = keys.text("title", findings).or_else(|| name.clone()).unwrap_or_default();
    let statuses = statuses(keys, findings);
    let kind = Kind {
        name: name.clone().unwrap_or_default(),
        plural: keys.text("plural", findings).unwrap_or_else(|| title.clone()),
        title,
        purpose: keys.text("purpose", findings).unwrap_or_default(),
        prefix: keys.text("prefix", findings).unwrap_or_default(),
        folder: keys.text("folder", findings).unwrap_or_default(),
        order: keys.integer("order", findings).unwrap_or(500),
        synonyms: keys.texts("synonyms", findings),
        fields: fields(keys, findings),
        sections: sections(keys, findings),
        tables: tables(keys, findings),
        statuses: if statuses.is_empty() { default_statuses(name.as_deref()) } else { statuses },
    };
    name.map(|_| kind)
}

/// The shared life cycle; a kind without a name is not kept and needs none.
fn default_statuses(name: Option<&str>) -> Vec<StatusSpec> {
    name.map(|_| COMMON.statuses.clone()).unwrap_or_default()
}

/// Reads every `[[key]]` table with `one`, keeps those that have a name and reports unknown keys in each.
fn each<'t, T>(
    keys: &mut Keys<'t>,
    key: &'static str,
    findings: &mut Findings<'_>,
    one: impl Fn(&mut Keys<'t>, String, &mut Findings<'_>) -> T,
) -> Vec<T> {
    let mut list = Vec::new();
    for mut part in keys.tables(key, findings) {
        let name = part.needed("name", findings);
        let value = one(&mut part, name.clone().unwrap_or_default(), findings);
        part.finish(findings);
        list.extend(name.map(|_| value));
    }
    list
}

fn fields(keys: &mut Keys<'_>, findings: &mut Findings<'_>) -> Vec<FieldSpec> {
    each(keys, "field", findings, |part, name, findings| FieldSpec {
        need: part.choice("need", &NEEDS, findings).unwrap_or(Need::Optional),
        form: form(part, &name, findings),
        synonyms: part.texts("synonyms", findings),
        hint: part.text("hint", findings).unwrap_or_default(),
        name,
    })
}

fn form(part: &mut Keys<'_>, name: &str, findings: &mut Findings<'_>) -> Form {
    let words = ["text", "date", "duration", "choice", "who", "relation"];
    let word = part.choice("form", &words.map(|word| (word, word)), findings).unwrap_or("text");
    let choices = part.texts("choices", findings);
    let kinds = part.texts("kinds", findings);
    let given = part.text("inverse", findings);
    match word {
        "date" => Form::Date,
        "duration" => Form::Duration,
        "who" => Form::Who,
        "choice" => {
            if choices.is_empty() {
                let help = Some("add choices = [\"one\", \"other\"]".to_owned());
                findings.bad_value(&part.place_of("form"), "a choice needs `choices`", help);
            }
            Form::Choice(choices)
        }
        "relation" => {
            let known = inverse(name).map(str::to_owned);
            let inverse = given.or(known).unwrap_or_else(|| format!("{name} of"));
            Form::Relation { name: name.to_owned(), inverse, kinds }
        }
        _ => Form::Text,
    }
}

fn sections(keys: &mut Keys<'_>, findings: &mut Findings<'_>) -> Vec<SectionSpec> {
    each(keys, "section", findings, |part, name, findings| SectionSpec {
        title: part.text("title", findings).unwrap_or_else(|| name.clone()),
        need: part.choice("need", &NEEDS, findings).unwrap_or(Need::Optional),
        synonyms: part
            .texts("synonyms", findings)
            .iter()
            .map(|word| super::normalise(word))
            .collect(),
        hint: part.text("hint", findings).unwrap_or_default(),
        name,
    })
}

fn tables(keys: &mut Keys<'_>, findings: &mut Findings<'_>) -> Vec<TableSpec> {
    each(keys, "table", findings, |part, name, findings| TableSpec {
        columns: part.lists("columns", findings),
        name,
    })
}

fn statuses(keys: &mut Keys<'_>, findings: &mut Findings<'_>) -> Vec<StatusSpec> {
    let mut places = Vec::new();
    let mut list = Vec::new();
    for mut part in keys.tables("status", findings) {
        let name = part.needed("name", findings);
        let spec = StatusSpec {
            name: name.clone().unwrap_or_default(),
            synonyms: part.texts("synonyms", findings),
            means: part.choice("means", &STANDINGS, findings).unwrap_or(Standing::Draft),
            next: part.texts("next", findings),
        };
        part.finish(findings);
        places.push(part.place_of("next"));
        list.extend(name.map(|_| spec));
    }
    report_unknown_next(&list, &places, findings);
    list
}

fn report_unknown_next(
    statuses: &[StatusSpec],
    places: &[crate::source::Span],
    findings: &mut Findings<'_>,
) {
    let names: Vec<&str> = statuses.iter().map(|status| status.name.as_str()).collect();
    for (status, place) in statuses.iter().zip(places) {
        for word in status.next.iter().filter(|word| !names.contains(&word.as_str())) {
            let message = format!("`{word}` is not a status of this kind");
            findings.bad_value(place, message, did_you_mean(word, names.iter().copied()));
        }
    }
}
