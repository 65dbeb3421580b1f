//! From TOML to profiles: the built-in one, then the repository's own, which replace one of the same id.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::source::RepoPath;
use crate::toml::{self, Table};

const BUILT_IN: [(&str, &str); 1] = [("day-zero.toml", include_str!("day-zero.toml"))];

const LEVELS: [(&str, Level); 2] =
    [("required", Level::Required), ("recommended", Level::Recommended)];

/// What must be true at a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// `day-zero`.
    pub id: String,
    /// `Day-zero readiness`.
    pub title: String,
    /// The gate's title: `Day zero`.
    pub gate: String,
    /// One sentence.
    pub summary: String,
    /// What it asks for, in order.
    pub requirements: Vec<Spec>,
}

/// How much a requirement weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The gate depends on it.
    Required,
    /// It is shown and counted by itself; the verdict does not depend on it.
    Recommended,
}

/// One requirement of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// `PH-03`.
    pub id: String,
    /// One sentence that is true when it is met.
    pub statement: String,
    /// How much it weighs.
    pub level: Level,
    /// What to do when it is not met.
    pub hint: String,
    /// The role that is next when no artifact names an owner.
    pub next: Option<String>,
    /// Whether a waiver may cover it.
    pub waivable: bool,
    /// What it needs: all of these, of those that share a group one.
    pub needs: Vec<Need>,
}

/// One thing that a requirement needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Need {
    /// Of the needs that share this word one is enough.
    pub any: Option<String>,
    /// Artifacts of this kind.
    pub kind: Option<String>,
    /// Words of the kind's life cycle; `approved` also means every word that readers may rely on.
    pub status: Vec<String>,
    /// Fields that must have one of these values.
    pub matching: Vec<(String, Vec<String>)>,
    /// How many artifacts must comply.
    pub min: usize,
    /// Whether all that have the status and the values must comply.
    pub each: bool,
    /// Sections that must be filled.
    pub sections: Vec<String>,
    /// Fields that must say something.
    pub fields: Vec<String>,
    /// Sections or fields of which one must say something.
    pub one_of: Vec<String>,
    /// A table of the kind that must be there.
    pub table: Option<String>,
    /// Columns of the table that must be filled in at least `rows` rows.
    pub columns: Vec<String>,
    /// How many rows.
    pub rows: usize,
    /// Whether every step of the ladder and everybody on the rota must lead to a telephone number.
    pub reachable: bool,
    /// Roles that active persons must hold.
    pub roles: Vec<String>,
    /// Rules or groups that must have found nothing in the artifacts, or in the pack when there is no kind.
    pub no_findings: Vec<String>,
    /// Whether no finding of the pack may be an error.
    pub no_errors: bool,
}

/// Loads the built-in profiles and those of the repository (`profiles/*.toml`).
pub fn load(files: &[(RepoPath, Arc<[u8]>)]) -> (Vec<Profile>, Vec<Diagnostic>) {
    let (mut profiles, mut findings) = (Vec::new(), Vec::new());
    for (name, text) in BUILT_IN {
        add(&mut profiles, &mut findings, &RepoPath::new(name), text.as_bytes());
    }
    for (path, bytes) in files {
        add(&mut profiles, &mut findings, path, bytes);
    }
    (profiles, findings)
}

fn add(list: &mut Vec<Profile>, found: &mut Vec<Diagnostic>, path: &RepoPath, bytes: &[u8]) {
    let (profile, mut findings) = toml::read(path, bytes, |keys| profile(keys));
    found.append(&mut findings);
    let Some(profile) = profile.flatten() else { return };
    match list.iter_mut().find(|known| known.id == profile.id) {
        Some(known) => *known = profile,
        None => list.push(profile),
    }
}

fn profile(keys: &Table<'_>) -> Option<Profile> {
    let id = keys.needed("id");
    let title = keys.text("title").or_else(|| id.clone()).unwrap_or_default();
    let profile = Profile {
        id: id.clone().unwrap_or_default(),
        gate: keys.text("gate").unwrap_or_else(|| title.clone()),
        title,
        summary: keys.text("summary").unwrap_or_default(),
        requirements: requirements(keys),
    };
    if profile.requirements.is_empty() {
        let place = keys.place_of("requirement");
        keys.wrong_value(&place, "a profile needs `[[requirement]]`", None);
    }
    id.map(|_| profile)
}

fn requirements(keys: &Table<'_>) -> Vec<Spec> {
    let mut list: Vec<Spec> = Vec::new();
    for part in keys.tables("requirement") {
        let id = part.needed("id");
        let spec = Spec {
            statement: part.needed("statement").unwrap_or_default(),
            level: part.choice("level", &LEVELS).unwrap_or(Level::Required),
            hint: part.text("hint").unwrap_or_default(),
            next: part.text("next"),
            waivable: part.truth("waivable").unwrap_or(true),
            needs: needs(&part),
            id: id.clone().unwrap_or_default(),
        };
        let place = part.place_of("id");
        if spec.needs.is_empty() {
            part.wrong_value(&place, "a requirement needs `[[requirement.need]]`", None);
        }
        if list.iter().any(|known| known.id == spec.id) {
            let message = format!("`{}` is the id of two requirements", spec.id);
            part.wrong_value(&place, message, None);
        } else {
            list.extend(id.map(|_| spec));
        }
    }
    list
}

fn needs(part: &Table<'_>) -> Vec<Need> {
    part.tables("need").iter().map(need).collect()
}

fn need(keys: &Table<'_>) -> Need {
    let count =
        |key| keys.integer(key).and_then(|number| number.try_into().ok()).unwrap_or(1).max(1);
    let need = Need {
        any: keys.text("any"),
        kind: keys.text("kind"),
        status: keys.texts("status"),
        matching: keys.lists("where"),
        min: count("min"),
        each: keys.truth("each").unwrap_or(false),
        sections: keys.texts("sections"),
        fields: keys.texts("fields"),
        one_of: keys.texts("one-of"),
        table: keys.text("table"),
        columns: keys.texts("columns"),
        rows: count("rows"),
        reachable: keys.truth("reachable").unwrap_or_default(),
        roles: keys.texts("roles"),
        no_findings: keys.texts("no-findings"),
        no_errors: keys.truth("no-errors").unwrap_or(false),
    };
    let says_something =
        need.kind.is_some() || !need.roles.is_empty() || !need.no_findings.is_empty();
    if !says_something && !need.no_errors {
        let message = "a need asks for a kind, roles, no-findings or no-errors";
        keys.wrong_value(&keys.span(), message, None);
    }
    need
}
