//! What waits for whom on the day of judging: approvals that are asked of those who must give them, each with the command
//! that gives it. Asked are documents that name who approves them or were approved before, in force or one step before it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::approved::judged;
use super::artifact::{DocumentLink, link};
use super::relation;
use super::standing::state;
use super::unit::Unit;
use super::view::{count, day, later};
use super::who::{self, Who};
use crate::approvals::{
    self, Approval, Class, Evidence, Hindrance, Judged, Lack, asked, parts, wrote,
};
use crate::pack::PersonKind;

/// What ends within so many days is asked for anew.
const SOON: i64 = 30;

/// An approval that is asked for.
pub(super) struct Request {
    /// The document.
    pub(super) at: usize,
    /// The part of it; nothing for the whole.
    pub(super) scope: Option<String>,
    /// Who must approve, as the rules name it; nothing when no rule does.
    pub(super) party: Option<String>,
    /// The ids of those who may speak for it on the day.
    pub(super) persons: Vec<String>,
    /// Whether somebody who may speak for it wrote the text.
    own: bool,
    /// Who wrote some of it and is not known.
    strangers: Vec<String>,
    pub(super) lack: Lack,
    /// Since when the text is another one, and whether the page of its past shows that.
    since: String,
    compared: bool,
}

/// Everything that waits.
#[derive(Debug, Hash, Serialize)]
pub(super) struct WaitingView {
    /// `5 approvals wait for 3 people.`
    words: String,
    inboxes: Vec<Inbox>,
    /// What nobody can give.
    stuck: Vec<ItemView>,
    /// Those for whom nothing waits.
    free: Vec<Free>,
}

/// What waits for one person.
#[derive(Debug, Hash, Serialize)]
struct Inbox {
    anchor: String,
    who: Who,
    items: Vec<ItemView>,
}

#[derive(Debug, Hash, Serialize)]
struct Free {
    anchor: String,
    who: Who,
}

#[derive(Debug, Hash, Serialize)]
struct ItemView {
    document: DocumentLink,
    /// ` the section rollback`; empty for the whole.
    part: String,
    why: String,
    /// As which role or team.
    party: String,
    command: String,
    /// The page that shows what changed since; empty when nothing did.
    since: String,
}

/// Lists what is asked for in a pack, in the order of its documents.
pub(super) fn requests(unit: &Unit) -> Vec<Request> {
    unit.own().flat_map(|at| of_document(unit, at)).collect()
}

fn of_document(unit: &Unit, at: usize) -> Vec<Request> {
    let (edition, today) = (&unit.edition, unit.edition.inputs.as_of.as_str());
    let (artifact, packs) = (&unit.packs().artifacts[at], unit.packs());
    let Some(judged) = judged(edition, at, Some(today)) else { return Vec::new() };
    let Some(kind) = packs.kinds.get(artifact.kind) else { return Vec::new() };
    if matches!(state(edition, at).tone, "over" | "closed") {
        return Vec::new();
    }
    let is_asked = artifact.status.is_approved() || kind.is_last_step(&artifact.status);
    let mut found = Vec::new();
    if is_asked && !kind.living {
        found.extend(of_whole(unit, at, &judged, &wanted(unit, at)));
    }
    if found.is_empty() {
        let own = parts(&judged.approvals).into_iter();
        found.extend(own.flat_map(|part| of_part(unit, at, &judged, part)));
    }
    found
}

/// Names who must approve a document by the rules of the version.
pub(super) fn wanted(unit: &Unit, at: usize) -> Vec<String> {
    unit.edition.policy(unit.pack).wanted_for(unit.packs(), at)
}

fn of_whole(unit: &Unit, at: usize, judged: &Judged<'_>, wanted: &[String]) -> Vec<Request> {
    if judged.is_enough() {
        let latest = judged.approvals.iter().rev().map(|(one, _)| *one);
        let latest = latest.clone().find(|one| is_whole(one));
        return of_parties(unit, at, judged, None, latest.map_or(&[], |one| &one.wanted));
    }
    if wanted.is_empty() {
        let lack = Lack::Never;
        let (since, compared) = (String::new(), false);
        let (scope, party, persons) = (None, None, Vec::new());
        let (own, strangers) = (false, Vec::new());
        return vec![Request { at, scope, party, persons, own, strangers, lack, since, compared }];
    }
    of_parties(unit, at, judged, None, wanted)
}

fn is_whole(one: &Approval) -> bool {
    one.scope.is_none() && one.class == Class::Approves
}

/// Lists what is asked of those who approved a part.
fn of_part(unit: &Unit, at: usize, judged: &Judged<'_>, part: &str) -> Vec<Request> {
    let given = judged.approvals.iter().rev().map(|(one, _)| *one);
    let mut given = given
        .filter(|one| (one.counts() || one.is_too_unsure()) && one.scope.as_deref() == Some(part));
    let parties = given.next().map_or(&[][..], |one| &one.fulfils);
    of_parties(unit, at, judged, Some(part), parties)
}

fn of_parties(
    unit: &Unit,
    at: usize,
    judged: &Judged<'_>,
    scope: Option<&str>,
    parties: &[String],
) -> Vec<Request> {
    let today = unit.edition.inputs.as_of.as_str();
    let (policy, people) = (unit.edition.policy(unit.pack), &unit.packs().people);
    let soon = later(today, SOON);
    let given = judged.given();
    let strangers = match Hindrance::of(&given, &[]) {
        Some(Hindrance::Unknown(names)) => names,
        _ => Vec::new(),
    };
    let is_human = |id: &String| {
        let person = people.person(id).map(|at| &people.persons[at]);
        person.is_some_and(|person| person.kind == PersonKind::Human)
    };
    let one = |party: &String| {
        let lack = match asked(&judged.approvals, scope, party, &soon)? {
            Lack::Never | Lack::Unknown if judged.evidence == Evidence::Undetermined => {
                Lack::Untold
            }
            lack => lack,
        };
        let mut persons = policy.holders(party, Some(today));
        persons.retain(is_human);
        let known = persons.len();
        persons.retain(|id| !wrote(&given, id));
        Some(Request {
            at,
            scope: scope.map(str::to_owned),
            party: Some(party.clone()),
            own: persons.len() < known,
            strangers: strangers.clone(),
            persons,
            since: match lack {
                Lack::Changed(text) => judged.since(text),
                _ => String::new(),
            },
            compared: matches!(lack, Lack::Changed(_)) && judged.changed().is_some(),
            lack,
        })
    };
    parties.iter().filter_map(one).collect()
}

impl Request {
    /// Says why, in a few words.
    fn why(&self) -> String {
        match &self.lack {
            Lack::Never if self.party.is_none() => {
                "no rule says who must approve it: name somebody under `approvers`".to_owned()
            }
            Lack::Never if self.persons.is_empty() && self.own => {
                "whoever must approve it wrote some of it: name somebody else under `approvers`"
                    .to_owned()
            }
            Lack::Never if self.persons.is_empty() => {
                "not approved yet, and nobody holds the role".to_owned()
            }
            Lack::Never => "not approved yet".to_owned(),
            Lack::Changed(_) => format!("the text changed on {} after it was approved", self.since),
            Lack::TakenBack => "the approval was taken back".to_owned(),
            Lack::Untold if !self.strangers.is_empty() => format!(
                "whether the approval counts is not known: add the address of {} to people.toml",
                self.strangers.join(" and ")
            ),
            Lack::Untold => "whether it was approved is not known".to_owned(),
            Lack::Unknown => "which text was approved is not known".to_owned(),
            Lack::Unsure => "approved, and not as surely as it must be: sign the commit".to_owned(),
            Lack::Expired(last) => format!("the approval ended on {}", day(last)),
            Lack::Ends(last) => format!("the approval ends on {}", day(last)),
        }
    }

    /// Writes the command that gives the approval; empty where nobody can give it.
    pub(super) fn command(&self, unit: &Unit) -> String {
        if self.persons.is_empty() {
            return String::new();
        }
        approvals::command(unit.packs(), self.at, self.scope.as_deref())
    }
}

/// Shows what waits, person by person.
pub(super) fn view(unit: &Unit) -> WaitingView {
    let people = &unit.packs().people;
    let requests = requests(unit);
    let mut by_person: BTreeMap<usize, Vec<ItemView>> = BTreeMap::new();
    for request in &requests {
        for person in request.persons.iter().filter_map(|id| people.person(id)) {
            by_person.entry(person).or_default().push(item(unit, request));
        }
    }
    let stuck: Vec<&Request> = requests.iter().filter(|one| one.persons.is_empty()).collect();
    // Also those who have left: the page of people, which knows no day, leads everybody here.
    let is_free =
        |at: &usize| people.persons[*at].kind == PersonKind::Human && !by_person.contains_key(at);
    let free = (0..people.persons.len()).filter(is_free);
    WaitingView {
        words: words(requests.len() - stuck.len(), by_person.len()),
        stuck: stuck.into_iter().map(|one| item(unit, one)).collect(),
        free: free.map(|at| Free { anchor: anchor(unit, at), who: named(unit, at) }).collect(),
        inboxes: by_person
            .into_iter()
            .map(|(at, items)| Inbox { anchor: anchor(unit, at), who: named(unit, at), items })
            .collect(),
    }
}

fn words(asked: usize, persons: usize) -> String {
    if asked == 0 {
        return "No approval waits for anybody.".to_owned();
    }
    let verb = if asked == 1 { "waits" } else { "wait" };
    let asked = count(asked, "approval", "approvals");
    format!("{asked} {verb} for {}.", count(persons, "person", "people"))
}

fn anchor(unit: &Unit, at: usize) -> String {
    format!("waiting-{}", unit.packs().people.persons[at].id)
}

fn named(unit: &Unit, at: usize) -> Who {
    unit.registry().named(&unit.packs().people.persons[at], "")
}

fn item(unit: &Unit, request: &Request) -> ItemView {
    let people = &unit.packs().people;
    ItemView {
        document: link(unit, request.at),
        part: relation::part(unit, Some(request.at), request.scope.as_deref()),
        why: request.why(),
        party: request.party.as_ref().map(|party| people.written(party)).unwrap_or_default(),
        command: request.command(unit),
        since: if request.compared {
            format!("{}#since-approval", unit.past_route(request.at))
        } else {
            String::new()
        },
    }
}

/// Returns the place of a person's inbox, for a link; empty where there is none.
pub(super) fn place(unit: &Unit, person: &crate::pack::Person) -> String {
    let page = &unit.routes.approvals;
    if page.is_empty() || person.kind != PersonKind::Human {
        return String::new();
    }
    format!("{page}#{}", who::anchor(person).replacen("person", "waiting", 1))
}

/// An approval that is asked for, for programs.
#[derive(Serialize)]
pub(super) struct Asked {
    document: String,
    scope: Option<String>,
    /// Who must approve, as written in the rules; nothing when no rule says it.
    party: Option<String>,
    /// Those who may give it on the day of `as_of`; nobody when the role is vacant.
    persons: Vec<String>,
    why: &'static str,
    /// The last day of the approval there is.
    expires: Option<String>,
    /// Empty where nobody can give it.
    command: String,
}

/// Lists what is asked for.
pub(super) fn values(unit: &Unit) -> Vec<Asked> {
    let one = |request: Request| Asked {
        document: unit.packs().artifacts[request.at].id.clone(),
        command: request.command(unit),
        why: request.lack.word(),
        expires: match &request.lack {
            Lack::Expired(day) | Lack::Ends(day) => Some(day.clone()),
            _ => None,
        },
        scope: request.scope,
        party: request.party,
        persons: request.persons,
    };
    requests(unit).into_iter().map(one).collect()
}
