//! `pack.toml`: declares that a folder is a pack, and who holds which role in it.

use super::people_toml::read_days;
use super::{Attestation, Days, Exemption, Fact, Holding, Pack};
use crate::diagnostic::Diagnostic;
use crate::source::RepoPath;
use crate::toml::{self, Question, Table};

/// Keys that say something of a pack by which profiles may judge it.
const FACTS: [&str; 12] = [
    "service",
    "stage",
    "tier",
    "currency",
    "start",
    "build_start",
    "decision_by",
    "environments",
    "regions",
    "languages",
    "sectors",
    "ai",
];

/// Reads the bytes of `pack.toml`. A file that cannot be read still declares its folder.
pub fn read(path: &RepoPath, bytes: &[u8]) -> (Pack, Vec<Diagnostic>) {
    let folder = path.folder().to_owned();
    let name =
        folder.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("pack").to_owned();
    let mut pack =
        Pack { id: name.clone(), title: name, folder, declared: true, ..Pack::default() };
    let (_, findings) = toml::read(path, bytes, |root| read_root(root, &mut pack));
    (pack, findings)
}

/// Lists what is asked for in `pack.toml`.
pub fn questions() -> Vec<Question> {
    toml::questions(|root| read_root(root, &mut Pack::default()))
}

fn read_root(root: &Table<'_>, pack: &mut Pack) {
    if let Some(id) = root.text("id") {
        pack.title.clone_from(&id);
        pack.id = id;
    }
    if let Some(title) = root.text("title") {
        pack.title = title;
    }
    pack.summary = root.text("summary").unwrap_or_default();
    pack.classification = root.text("classification");
    pack.owner = root.placed_text("owner");
    pack.timezone = root.text("timezone");
    pack.approvers = root.texts("approvers");
    pack.profiles = root.texts("profiles");
    pack.facts = FACTS.iter().map(|key| read_fact(root, key)).collect();
    if let Some(mut own) = root.table("facts") {
        for (key, _) in own.keys() {
            pack.facts.push(read_fact(&own, &key));
        }
    }
    pack.facts.retain(|fact| !fact.values.is_empty());
    pack.exemptions = root.tables("not-applicable").iter().filter_map(read_exemption).collect();
    pack.attestations = root.tables("attestation").iter().filter_map(read_attestation).collect();
    root.accept("acceptance");
    root.accept("dashboards");
    if let Some(mut roles) = root.table("roles") {
        for (role, _) in roles.keys() {
            pack.roles.extend(read_holders(&roles, &role));
        }
    }
    if let Some(home) = root.table("home") {
        pack.home = super::Home {
            team: home.text("team"),
            run_budget: home.text("run_budget"),
            operational_owner: home.placed_text("operational_owner"),
        };
    }
}

fn read_fact(table: &Table<'_>, key: &str) -> Fact {
    let line = table.line_of(&table.place_of(key));
    Fact { name: key.to_owned(), values: table.texts(key), line }
}

fn read_exemption(entry: &Table<'_>) -> Option<Exemption> {
    let (requirement, reason, by) =
        (entry.needed("requirement"), entry.needed("reason"), entry.needed("by"));
    Some(Exemption { requirement: requirement?, reason: reason?, by: by?, span: entry.span() })
}

fn read_attestation(entry: &Table<'_>) -> Option<Attestation> {
    let (id, by, on) = (entry.needed("id"), entry.needed("by"), entry.day("on"));
    let evidence = entry.text("evidence");
    Some(Attestation { id: id?, by: by?, on, evidence, span: entry.span(), line: entry.line() })
}

/// Reads who holds a role: one person, or `{ person, from, until }` for each who does so in turn.
fn read_holders(roles: &Table<'_>, role: &str) -> Vec<Holding> {
    let holding = |(person, span), days| {
        let line = roles.line_of(&span);
        Holding { role: role.to_owned(), person, days, span, line }
    };
    if roles.is_list(role) {
        let entries = roles.tables(role);
        let dated = |entry: &Table<'_>| {
            let days = read_days(entry);
            entry.needed("person")?;
            Some(holding(entry.placed_text("person")?, days))
        };
        return entries.iter().filter_map(dated).collect();
    }
    let person = roles.placed_text(role);
    person.map(|person| holding(person, Days::default())).into_iter().collect()
}
