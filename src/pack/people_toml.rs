//! `people.toml`: persons, teams and roles.

use super::{Days, HeldKey, People, Person, PersonKind, Role, Team};
use crate::diagnostic::Diagnostic;
use crate::signature::PublicKey;
use crate::source::{RepoPath, Span};
use crate::toml::{self, Question, Table};

/// Reads the bytes of `people.toml`. Entries without an id are findings and left out.
pub fn read(path: &RepoPath, bytes: &[u8]) -> (People, Vec<Diagnostic>) {
    let mut people = People { path: Some(path.clone()), ..People::default() };
    let (_, findings) = toml::read(path, bytes, |root| read_root(root, &mut people));
    (people, findings)
}

/// Lists what is asked for in `people.toml`.
pub fn questions() -> Vec<Question> {
    toml::questions(|root| read_root(root, &mut People::default()))
}

fn read_root(root: &Table<'_>, people: &mut People) {
    people.persons = entries(root, "person", read_person);
    people.teams = entries(root, "team", read_team);
    people.roles = entries(root, "role", read_role);
}

fn entries<T>(root: &Table<'_>, key: &str, read: fn(&Table<'_>, String, Span) -> T) -> Vec<T> {
    let mut found = Vec::new();
    for table in root.tables(key) {
        let id = table.needed("id");
        let entry = read(&table, id.clone().unwrap_or_default(), table.span());
        found.extend(id.map(|_| entry));
    }
    found
}

/// The words for what stands behind an address.
const KINDS: [(&str, PersonKind); 3] =
    [("human", PersonKind::Human), ("bot", PersonKind::Bot), ("shared", PersonKind::Shared)];

fn read_person(table: &Table<'_>, id: String, span: Span) -> Person {
    let mail = table.text("mail");
    let mut git_emails: Vec<String> = table.texts("git_emails");
    git_emails.extend(mail.clone());
    for key in ["access", "competencies"] {
        table.accept(key);
    }
    Person {
        kind: table.choice("kind", &KINDS).unwrap_or_default(),
        name: table.text("name").unwrap_or_else(|| id.clone()),
        id,
        mail,
        git_emails: git_emails.iter().map(|address| fold_address(address)).collect(),
        phone: table.text("phone"),
        chat: table.text("chat"),
        team: table.text("team"),
        timezone: table.text("timezone"),
        days: read_days(table),
        backup: table.text("backup"),
        keys: table.tables("keys").iter().filter_map(read_key).collect(),
        span,
    }
}

/// Reads a key; one that no signature could be checked with is a finding and left out.
fn read_key(table: &Table<'_>) -> Option<HeldKey> {
    let days = read_days(table);
    let key = PublicKey::read(&table.needed("key")?);
    let wrong = match key.as_ref().map(PublicKey::unsupported) {
        Some(None) => return Some(HeldKey { key: key?, days }),
        Some(Some(name)) => format!("keys of the type `{name}` are not supported"),
        None => "`key` must be a public key of SSH".to_owned(),
    };
    let help = "write the line of the file that ends in .pub, such as `ssh-ed25519 AAAA...`";
    table.wrong_value(&table.place_of("key"), wrong, Some(help.to_owned()));
    None
}

/// Reads `from` and `until`.
pub(super) fn read_days(table: &Table<'_>) -> Days {
    Days { from: table.day("from"), until: table.day("until") }
}

fn read_team(table: &Table<'_>, id: String, span: Span) -> Team {
    table.accept("risk_appetite");
    Team {
        name: table.text("name").unwrap_or_else(|| id.clone()),
        id,
        side: table.text("side"),
        duty_phone: table.text("duty_phone"),
        span,
    }
}

fn read_role(table: &Table<'_>, id: String, span: Span) -> Role {
    for key in ["owns", "not_with"] {
        table.accept(key);
    }
    let may = table.texts("may");
    Role {
        accepts: may.iter().find_map(|right| accepts(right)),
        title: table.text("title").unwrap_or_else(|| id.replace('-', " ")),
        id,
        synonyms: table.texts("synonyms"),
        backup_required: table.truth("backup_required").unwrap_or_default(),
        span,
    }
}

/// Reads `accept-risk<=12`; without a number any risk is meant.
fn accepts(right: &str) -> Option<i64> {
    let rest = right.trim().strip_prefix("accept-risk")?;
    match rest.trim_start_matches(|sign: char| sign.is_whitespace() || "<=≤:".contains(sign)) {
        "" => Some(i64::MAX),
        limit => limit.parse().ok(),
    }
}

/// Folds the case of the domain, which mail systems ignore, and keeps the rest.
pub fn fold_address(address: &str) -> String {
    match address.trim().rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.to_lowercase()),
        None => address.trim().to_owned(),
    }
}

impl Person {
    /// Tells whether commits with this address are theirs.
    pub fn has_address(&self, address: &str) -> bool {
        self.git_emails.contains(&fold_address(address))
    }
}

impl People {
    /// Finds a person by id.
    pub fn person(&self, id: &str) -> Option<usize> {
        self.persons.iter().position(|person| person.id == id)
    }

    /// Finds the person to whom a commit address belongs. Names never match.
    pub fn by_address(&self, address: &str) -> Option<usize> {
        let address = fold_address(address);
        self.persons.iter().position(|person| person.git_emails.contains(&address))
    }

    /// Finds a team by id or name.
    pub fn team(&self, name: &str) -> Option<usize> {
        self.teams.iter().position(|team| team.id == name || team.name.eq_ignore_ascii_case(name))
    }
}
