//! Names of kinds and of their fields in `book.toml`. Which there are, only the snapshot knows that has the file.

use crate::diagnostic::Diagnostic;
use crate::kinds::{self, Kind};
use crate::nearest::did_you_mean;
use crate::rules::settings::UNKNOWN_NAME;
use crate::source::{RepoPath, Span};
use crate::toml::{self, Table};

/// What stands for all kinds in `[locate]` and `[approvals]`.
const EVERY: &str = "every";
/// Keys of `[locate.<kind>]` that are no fields.
const NO_FIELDS: [&str; 2] = ["places", "sidecars"];

/// Finds the kinds that `[kinds]`, `[approvals]` and `[locate]` name and nobody knows, and the fields that the kind does not have.
pub fn unknown_names(path: &RepoPath, bytes: &[u8], known: &[Kind]) -> Vec<Diagnostic> {
    // What else is wrong with the file is told where its settings are read.
    let (_, findings) = toml::read(path, bytes, |root| {
        root.keys();
        kinds_of_files(root, known);
        kinds_of_approvals(root, known);
        locators(root, known);
    });
    findings.into_iter().filter(|one| one.rule == UNKNOWN_NAME.name).collect()
}

fn kinds_of_files(root: &Table<'_>, known: &[Kind]) {
    let Some(mut table) = root.table("kinds") else { return };
    for (pattern, _) in table.keys() {
        if let Some((kind, span)) = table.placed_text(&pattern) {
            kind_is_known(&table, &kind, &span, known);
        }
    }
}

fn kinds_of_approvals(root: &Table<'_>, known: &[Kind]) {
    let Some(mut table) = root.table("approvals") else { return };
    for (kind, span) in table.keys() {
        table.accept(&kind);
        if kind != EVERY {
            kind_is_known(&table, &kind, &span, known);
        }
    }
}

fn locators(root: &Table<'_>, known: &[Kind]) {
    let Some(mut table) = root.table("locate") else { return };
    for (kind, span) in table.keys() {
        let is_meant = |one: &&Kind| kind == EVERY || one.name == kind;
        let Some(mut inner) = table.table(&kind) else { continue };
        let keys = inner.keys();
        if kind != EVERY && !kind_is_known(&table, &kind, &span, known) {
            continue;
        }
        let fields = || known.iter().filter(is_meant).flat_map(Kind::all_fields);
        let keys = keys.iter().filter(|(key, _)| !NO_FIELDS.contains(&key.as_str()));
        for (key, span) in keys.filter(|(key, _)| !fields().any(|field| field.is_named(key))) {
            let names = fields().map(|field| field.name.as_str()).chain(NO_FIELDS);
            let help = did_you_mean(key, names).unwrap_or_else(|| {
                "write the name of a field, as the reference of kinds has it".to_owned()
            });
            let of = if kind == EVERY { "any kind" } else { &kind };
            let message = format!("`{key}` is not a field of {of}");
            inner.report(&UNKNOWN_NAME, span, message, Some(help));
        }
    }
}

/// Tells whether a kind is known, and reports it when it is not.
fn kind_is_known(table: &Table<'_>, kind: &str, span: &Span, known: &[Kind]) -> bool {
    if known.iter().any(|one| one.name == kind) {
        return true;
    }
    let names = || known.iter().map(|one| one.name.as_str());
    let meant = kinds::find(known, kind).map(|at| format!("write `{}`", known[at].name));
    let help = meant
        .or_else(|| did_you_mean(kind, names()))
        .unwrap_or_else(|| format!("write one of {}", names().collect::<Vec<_>>().join(", ")));
    table.report(&UNKNOWN_NAME, span, format!("`{kind}` is not a kind"), Some(help));
    false
}
