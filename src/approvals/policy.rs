//! Who must approve a document, by the rules as they stood before a landing: its own `approvers`, else the row of a
//! responsibility matrix that links it or names its kind, else the role that its kind names.

use std::sync::Arc;

use super::duty::Identity;
use super::listed::stated;
use crate::document::Document;
use crate::kinds::{Kind, Status, normalise};
use crate::pack::raci::{self, Activity, Matrix};
use crate::pack::who::Who;
use crate::pack::{Artifact, Days, Pack, Packs, People, pack_toml, people_toml};
use crate::source::{ObjectId, Origin, RepoPath};

/// The files that rules are read from, with their bytes.
#[derive(Debug, Default)]
pub struct PolicyFiles {
    /// `people.toml`.
    pub people: Option<Arc<[u8]>>,
    /// The `pack.toml` of the document's pack.
    pub pack: Option<Arc<[u8]>>,
    /// The responsibility matrices of the pack, each with the place of its kind.
    pub matrices: Vec<(RepoPath, usize, Arc<[u8]>)>,
}

/// The rules of one pack at one time.
#[derive(Debug, Default)]
pub struct Policy {
    /// The registry.
    pub people: Arc<People>,
    pack: Pack,
    rows: Vec<Row>,
}

/// A row of a matrix.
#[derive(Debug)]
struct Row {
    /// The ids and paths that it links.
    links: Vec<String>,
    /// Its words, between spaces.
    words: String,
    /// Who is accountable.
    accountable: Vec<String>,
}

/// A document whose approvers are looked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Its id, or its path.
    pub id: &'a str,
    /// Its path.
    pub path: &'a RepoPath,
    /// Its kind.
    pub kind: Option<&'a Kind>,
    /// Who must approve, as it says itself.
    pub approvers: &'a [String],
    /// The section or the row of it that is to be approved; the whole when nothing.
    pub part: Option<&'a str>,
}

impl Policy {
    /// Reads the rules.
    pub fn read(files: &PolicyFiles, kinds: &Arc<[Kind]>) -> Self {
        let path = RepoPath::new("people.toml");
        let people = files.people.as_ref().map(|bytes| people_toml::read(&path, bytes).0);
        let people = Arc::new(people.unwrap_or_default());
        let path = RepoPath::new("pack.toml");
        let pack = files.pack.as_ref().map(|bytes| pack_toml::read(&path, bytes).0);
        let packs =
            Packs { kinds: Arc::clone(kinds), people: Arc::clone(&people), ..Packs::default() };
        let matrices = files.matrices.iter();
        let rows = matrices.flat_map(|(path, kind, bytes)| rows(&packs, &bare(path, *kind, bytes)));
        Self { rows: rows.collect(), pack: pack.unwrap_or_default(), people }
    }

    /// Takes the rules that a snapshot has for one of its packs.
    pub fn of(packs: &Packs, pack: usize) -> Self {
        let artifacts = packs.artifacts[packs.of(pack)].iter();
        Self {
            rows: artifacts.flat_map(|artifact| rows(packs, artifact)).collect(),
            pack: Pack::clone(&packs.packs[pack]),
            people: Arc::clone(&packs.people),
        }
    }

    /// Names who must approve a document: each of them. Empty when no rule says it, or rules contradict each other.
    pub fn wanted(&self, document: Wanted<'_>) -> Vec<String> {
        let of_part =
            |row: &&Row| document.part.is_some_and(|part| row.links.iter().any(|it| it == part));
        if let Some(parties) = self.agreed(self.rows.iter().filter(of_part)) {
            return parties;
        }
        if !document.approvers.is_empty() {
            return document.approvers.to_vec();
        }
        let linked = |row: &&Row| {
            row.links.iter().any(|link| link == document.id || link == document.path.as_str())
        };
        let of_kind = |row: &&Row| {
            row.links.is_empty() && document.kind.is_some_and(|kind| names(&row.words, kind))
        };
        let rows = self.agreed(self.rows.iter().filter(linked));
        let rows = rows.or_else(|| self.agreed(self.rows.iter().filter(of_kind)));
        let default = || {
            let role = document.kind.map(|kind| kind.approver.clone()).unwrap_or_default();
            Some(role).filter(|role| !role.is_empty()).into_iter().collect()
        };
        rows.unwrap_or_else(default)
    }

    /// Names who must approve a document of a snapshot.
    pub fn wanted_for(&self, packs: &Packs, at: usize) -> Vec<String> {
        let artifact = &packs.artifacts[at];
        self.wanted(Wanted {
            id: &artifact.id,
            path: &artifact.path,
            kind: packs.kinds.get(artifact.kind),
            approvers: &stated(&artifact.document.front_matter, &artifact.document.labels),
            part: None,
        })
    }

    /// Returns who is accountable in rows; nobody when there are several or none, nothing when there is no row.
    fn agreed<'r>(&self, rows: impl Iterator<Item = &'r Row>) -> Option<Vec<String>> {
        let mut all: Option<Vec<String>> = None;
        for row in rows {
            let all = all.get_or_insert_default();
            for party in &row.accountable {
                if !all.iter().any(|known| self.holders(known, None) == self.holders(party, None)) {
                    all.push(party.clone());
                }
            }
        }
        all.map(|all| if all.len() == 1 { all } else { Vec::new() })
    }

    /// Tells whether a person may speak for a role, a team or a person on a day: who holds it, who stands in on dated
    /// days, who is in the team.
    pub fn speaks_for(&self, person: &str, party: &str, day: &str) -> bool {
        self.holders(party, Some(day)).iter().any(|holder| holder == person)
    }

    /// Lists the roles of the pack that a person holds on a day.
    pub fn roles_of(&self, person: &str, day: &str) -> Vec<String> {
        let own = self.pack.roles.iter().filter(|one| one.person == person);
        let held = own.filter(|one| self.speaks_for(person, &one.role, day));
        held.map(|one| one.role.clone()).collect()
    }

    /// Tells whether a person holds a role only for dated days, while somebody else holds it too.
    pub fn stands_in(&self, person: &str, party: &str, day: &str) -> bool {
        let role = match self.people.who(party) {
            Some(Who::Role(at)) => self.people.roles[at].id.as_str(),
            Some(_) => return false,
            None => party,
        };
        let held = || self.pack.holdings(role).filter(|one| one.days.hold(day));
        let is_dated = |days: &Days| days.from.is_some() && days.until.is_some();
        let mut own = held().filter(|one| one.person == person).peekable();
        own.peek().is_some()
            && own.all(|one| is_dated(&one.days))
            && held().any(|one| one.person != person)
    }

    /// Returns the last day on which a person holds a role, when each of their terms has one.
    pub fn last_day(&self, person: &str, party: &str) -> Option<&str> {
        let Some(Who::Role(at)) = self.people.who(party) else { return None };
        let held = self.pack.holdings(&self.people.roles[at].id);
        let own = held.filter(|one| one.person == person).map(|one| one.days.until.as_deref());
        own.max_by_key(|until| (until.is_none(), *until)).flatten()
    }

    /// Lists the ids of those who hold a role, are a team or are the person, on a day or ever.
    pub fn holders(&self, party: &str, day: Option<&str>) -> Vec<String> {
        let people = &self.people;
        let role = |id: &str| {
            let held = self.pack.holdings(id);
            let held = held.filter(|one| day.is_none_or(|day| one.days.hold(day)));
            held.map(|one| one.person.clone()).collect::<Vec<_>>()
        };
        let mut ids = match people.who(party) {
            Some(Who::Role(at)) => role(&people.roles[at].id),
            Some(Who::Person(at)) => vec![people.persons[at].id.clone()],
            Some(Who::Team(at)) => {
                let team = Some(people.teams[at].id.as_str());
                let members = people.persons.iter().filter(|one| one.team.as_deref() == team);
                members.map(|one| one.id.clone()).collect()
            }
            None => role(party),
        };
        let active = |id: &String| {
            let person = people.person(id).map(|at| &people.persons[at]);
            day.is_none_or(|day| person.is_some_and(|person| person.days.hold(day)))
        };
        ids.retain(active);
        ids
    }

    /// Writes parties with those who speak for them on a day: `Ingrid Solheim (Sponsor)`.
    pub fn named(&self, parties: &[String], day: &str) -> String {
        let one = |party: &String| {
            let (written, holders) = (self.people.written(party), self.holders(party, Some(day)));
            let names: Vec<String> = holders.iter().map(|id| self.people.written(id)).collect();
            match names.join(" or ") {
                names if names.is_empty() => format!("{written} (nobody, at present)"),
                names if names == written => names,
                names => format!("{names} ({written})"),
            }
        };
        parties.iter().map(one).collect::<Vec<_>>().join(" and ")
    }

    /// Tells whether the registry has no address by which commits of a person could be told.
    pub fn has_no_address(&self, person: &str) -> bool {
        let found = self.people.person(person).map(|at| &self.people.persons[at]);
        found.is_some_and(|person| person.git_emails.is_empty())
    }

    /// Finds who has an address or an id.
    pub fn identity(&self, address: &str) -> Identity {
        Identity::of(&self.people, address)
    }
}

/// Tells whether words name a kind.
fn names(words: &str, kind: &Kind) -> bool {
    let known = [&kind.name, &kind.title, &kind.plural].into_iter().chain(&kind.synonyms);
    known.into_iter().any(|name| {
        let name = normalise(name);
        let plural = format!(" {name}s ");
        !name.is_empty() && (words.contains(&format!(" {name} ")) || words.contains(&plural))
    })
}

/// Reads the rows of the matrices of a document.
fn rows(packs: &Packs, artifact: &Artifact) -> Vec<Row> {
    let Artifact { path, document, .. } = artifact;
    let matrices = raci::read(packs, artifact);
    let rows = matrices.iter().flat_map(|matrix| {
        matrix.activities.iter().map(|activity| row(path, document, matrix, activity))
    });
    rows.collect()
}

fn row(path: &RepoPath, document: &Document, matrix: &Matrix, activity: &Activity) -> Row {
    let inside = document.links.iter().filter(|link| {
        activity.span.start <= link.span.start && link.span.end <= activity.span.end
    });
    let links = inside.map(|link| {
        let target = link.target.split(['#', '|']).next().unwrap_or_default();
        let file = RepoPath::resolve(path.folder(), target).filter(|file| file.extension() == "md");
        file.map_or_else(|| target.to_owned(), |file| file.to_string())
    });
    let parts = activity.with(matrix.scheme.accountable);
    Row {
        links: links.collect(),
        words: format!(" {} ", normalise(&activity.text)),
        accountable: parts.map(|part| matrix.columns[part.column].text.clone()).collect(),
    }
}

/// A document of which only the text and the kind are asked for.
fn bare(path: &RepoPath, kind: usize, bytes: &[u8]) -> Artifact {
    Artifact {
        path: path.clone(),
        blob: ObjectId::new(&[]),
        content: ObjectId::new(&[]),
        origin: Origin::Committed,
        document: Arc::new(crate::document::parse(bytes)),
        pack: 0,
        kind,
        id: String::new(),
        has_id: false,
        title: String::new(),
        status: Status::Absent,
        status_span: 0..0,
        owner: None,
        located: Vec::new(),
        sidecar: None,
        summary: String::new(),
        route: String::new(),
        records: Vec::new(),
    }
}
