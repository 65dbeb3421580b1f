//! Every name that a need uses is one that the kinds and the rules know.

use super::Need;
use super::order::EVENTS;
use super::people::DECIDERS;
use crate::kinds::{Form, Kind, word};
use crate::profiles::Gate;
use crate::rules::GROUPS;

/// A name that nobody knows.
pub(in crate::profiles) struct Wrong<'n> {
    /// The key under which it stands.
    pub(in crate::profiles) key: &'static str,
    /// What it says.
    pub(in crate::profiles) name: &'n str,
    /// What it would be a name of.
    pub(in crate::profiles) what: String,
    /// The names that are known there.
    pub(in crate::profiles) known: Vec<&'n str>,
}

/// Lists the names of a need that no kind, no rule and no gate of the profile has.
pub(in crate::profiles) fn wrong_names<'n>(
    need: &'n Need,
    kinds: &'n [Kind],
    gates: &'n [Gate],
) -> Vec<Wrong<'n>> {
    let mut checking = Checking { found: Vec::new() };
    checking.rules(need);
    match need.order.gate() {
        Some(gate) => checking.among("before", [gate], "a gate of this profile", || {
            gates.iter().map(|gate| gate.id.as_str()).collect()
        }),
        None => {
            checking.among("before", need.order.before.as_deref(), "an event", || EVENTS.to_vec());
        }
    }
    let kind_names = || kinds.iter().map(|kind| kind.name.as_str());
    let linked = need.relations.link.iter().filter_map(|(_, to)| to.as_deref());
    let covered = need.content.covers.iter().map(|(kind, _)| kind.as_str());
    checking.among("link", linked, "a kind", || kind_names().collect());
    checking.among("covers", covered, "a kind", || kind_names().collect());
    if let Some((name, field)) = &need.content.covers
        && let Some(kind) = kinds.iter().find(|kind| kind.name == *name)
    {
        checking.fields("covers", kind, [field.as_str()]);
    }
    let Some(name) = need.choice.kind.as_deref() else { return checking.found };
    match kinds.iter().find(|kind| kind.name == name) {
        Some(kind) => checking.document(need, kind),
        None => checking.among("kind", [name], "a kind", || kind_names().collect()),
    }
    checking.found
}

struct Checking<'n> {
    found: Vec<Wrong<'n>>,
}

impl<'n> Checking<'n> {
    fn among(
        &mut self,
        key: &'static str,
        names: impl IntoIterator<Item = &'n str>,
        what: &str,
        known: impl Fn() -> Vec<&'n str>,
    ) {
        let mut names = names.into_iter().peekable();
        if names.peek().is_none() {
            return;
        }
        let known = known();
        for name in names.filter(|name| !known.contains(name)) {
            let (what, known) = (what.to_owned(), known.clone());
            self.found.push(Wrong { key, name, what, known });
        }
    }

    fn rules(&mut self, need: &'n Need) {
        let rules = || GROUPS.iter().flat_map(|group| group.rules).map(|rule| rule.name);
        let known = || rules().chain(GROUPS.iter().map(|group| group.name)).collect();
        self.among(
            "no-findings",
            texts(&need.findings.no_findings),
            "a rule or a group of rules",
            known,
        );
    }

    fn document(&mut self, need: &'n Need, kind: &'n Kind) {
        let what = |thing: &str| format!("{thing} of {}", kind.name);
        let sections = || kind.sections.iter().map(|one| one.name.as_str());
        let statuses = || kind.statuses.iter().map(|one| one.name.as_str()).chain(["approved"]);
        let content = &need.content;
        self.among("sections", texts(&content.sections), &what("a section"), || {
            sections().collect()
        });
        self.fields("fields", kind, texts(&content.fields));
        let either = || sections().chain(field_names(kind)).collect();
        self.among("one-of", texts(&content.one_of), &what("a section or a field"), either);
        self.among("status", texts(&need.choice.status), &what("a status"), || {
            statuses().collect()
        });
        self.fields("where", kind, need.choice.matching.iter().map(|(name, _)| outer(name)));
        for (name, values) in &need.choice.matching {
            self.values(kind, name, values);
        }
        self.fields("max-age", kind, need.time.max.iter().map(|(name, ..)| name.as_str()));
        let deciders = need.people.deciders.first().map(|_| DECIDERS);
        self.fields("deciders", kind, deciders);
        self.table(need, kind);
    }

    fn fields(
        &mut self,
        key: &'static str,
        kind: &'n Kind,
        names: impl IntoIterator<Item = &'n str>,
    ) {
        let what = format!("a field of {}", kind.name);
        self.among(key, names, &what, || field_names(kind).collect());
    }

    /// The values that a field with a choice may have.
    fn values(&mut self, kind: &'n Kind, field: &str, values: &'n [String]) {
        let spec = kind.field(field).map(|spec| &spec.form);
        let key = ["type", "of"].into_iter().find(|key| *key == field).unwrap_or("where");
        if field == "status" {
            let known = || kind.statuses.iter().map(|one| one.name.as_str()).collect();
            self.among(key, texts(values), &format!("a status of {}", kind.name), known);
        } else if let Some(Form::Choice(words)) = spec {
            let is_known = |value: &&str| words.iter().any(|known| word(value, known).is_some());
            let wrong = texts(values).filter(|value| !is_known(value));
            self.among(key, wrong, &format!("a value of `{field}`"), || texts(words).collect());
        }
    }

    fn table(&mut self, need: &'n Need, kind: &'n Kind) {
        let rows = &need.tables;
        let Some(name) = rows.table.as_deref() else { return };
        let Some(spec) = kind.table(name) else {
            let known = || kind.tables.iter().map(|one| one.name.as_str()).collect();
            return self.among("table", [name], &format!("a table of {}", kind.name), known);
        };
        let columns = || spec.columns.iter().map(|one| one.name.as_str()).collect();
        let what = format!("a column of {name}");
        self.among("columns", texts(&rows.columns), &what, columns);
        let meant = rows.matching.iter().chain(&rows.all).map(|(name, _)| name.as_str());
        self.among("row-where", meant, &what, columns);
        let covered = rows.covered.iter().map(|(name, _)| name.as_str());
        self.among("each-of", covered, &what, columns);
    }
}

fn texts(list: &[String]) -> impl Iterator<Item = &str> {
    list.iter().map(String::as_str)
}

fn field_names(kind: &Kind) -> impl Iterator<Item = &str> {
    kind.all_fields().map(|field| field.name.as_str())
}

/// `acceptance.status` stands in the field `acceptance`.
fn outer(name: &str) -> &str {
    name.split_once('.').map_or(name, |(outer, _)| outer)
}
