//! `readymark approve`: shows what changed since a text was last approved, and writes down that somebody approves it.

use std::fmt::Display;
use std::path::Path;

use super::accountable::{found_part, named, wanted};
use super::arguments::Approve;
use super::commands::{examined, open, say, work_tree};
use super::files::{put, refuse_links};
use super::{Exit, Streams, Surroundings};
use crate::Failure;
use crate::approvals::{Approval, Assurance, Class, Covers, class, wrote};
use crate::assemble;
use crate::diff::{self, Line};
use crate::document::digest::Digest;
use crate::document::front_matter::{self, Value, with_entry};
use crate::history::DecisionLog;
use crate::kinds::{Kind, Standing};
use crate::pack::{Artifact, Packs, Person, records};
use crate::project::Project;
use crate::source::{ReadBlob, RepoPath, Snapshot};
use crate::visible::visible;

/// What is approved, by whom.
struct Act<'a> {
    artifact: &'a Artifact,
    person: &'a Person,
    address: String,
    word: &'a str,
    class: Class,
    scope: Option<&'a str>,
    /// The row, when it is the scope.
    row: Option<&'a str>,
    expires: Option<&'a str>,
    digest: Digest,
    tree: Tree<'a>,
}

impl Act<'_> {
    /// Tells whether it only counts when it is signed.
    fn is_signed(&self) -> bool {
        let block = &self.artifact.document.front_matter;
        let asks = self.tree.1.map(|kind| kind.asks(block, self.word)).unwrap_or_default();
        asks.assurance > Assurance::LEAST
    }
}

/// The files beside a document, and its kind.
type Tree<'a> = (&'a Snapshot, Option<&'a Kind>);

pub(super) fn approve(
    approve: &Approve,
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let project = open(&approve.dir, true, surroundings, streams)?;
    let snapshot = work_tree(&project)?;
    let packs = examined(&project, &snapshot, &surroundings.today)?.packs;
    let (artifact, row) = found_part(&packs, &approve.id)?;
    let scope = row.or(approve.scope.as_deref());
    let text = read(&project, &snapshot, artifact)?;
    let (person, address) = person(&project, &packs, approve.person.as_deref())?;
    let (word, class) = decision(&approve.decision)?;
    if let Some(day) = &approve.expires {
        expiry(day, &surroundings.today)?;
    }
    let tree = (&snapshot, packs.kinds.get(artifact.kind));
    let act = Act {
        artifact,
        person,
        address,
        word: &word,
        class,
        scope,
        row,
        expires: approve.expires.as_deref(),
        digest: digest_of(tree, artifact, &text, scope)?,
        tree,
    };
    let log = assemble::log(&project, &[], None)?;
    let pack = &packs.packs[artifact.pack].folder;
    let is_own = |one: &Approval| one.pack == *pack && one.document == artifact.id;
    let mut given = log.approvals.iter().rev().filter(|one| one.class == Class::Approves);
    let earlier = given.find(|one| is_own(one));
    show_changes((&project, &packs, &log), &act, &text, earlier, streams)?;
    let own: Vec<&Approval> = log.approvals.iter().filter(|one| is_own(one)).collect();
    say(streams, &visible(&duty(&project, &packs, &act, &own, &surroundings.today)?));
    for doubt in doubts(&project, &act)? {
        say(streams, &visible(&doubt));
    }
    if approve.trailer {
        let _ = streams.out.write_all(trailer(&act).as_bytes());
        let sign = if act.is_signed() { " and sign" } else { "" };
        say(
            streams,
            &format!(
                "Next: put these lines at the end of the message of a commit that you make{sign}"
            ),
        );
    } else {
        write(&project, &act, &text, streams)?;
    }
    Ok(Exit::Clean)
}

/// Reads the document as it lies in the work tree, where the approval will be written.
#[expect(clippy::disallowed_methods, reason = "the file that is about to be changed")]
fn read(project: &Project, snapshot: &Snapshot, artifact: &Artifact) -> Result<String, Failure> {
    let path = Path::new(artifact.path.as_str());
    let failed = |why: &dyn Display| Failure::new(format!("{}: {why}", artifact.path));
    let bytes = if let Some(root) = project.repository.work_dir() {
        refuse_links(root, path)?;
        std::fs::read(root.join(path)).map_err(|error| failed(&error))?
    } else {
        let reader = project.repository.reader()?;
        let bytes = reader.with(snapshot).read(artifact.blob);
        bytes.map_err(|lack| failed(&lack))?.to_vec()
    };
    String::from_utf8(bytes).map_err(|_| {
        Failure::new(format!("{} is not UTF-8 text", artifact.path))
            .help("save it as UTF-8, and approve it then")
    })
}

/// Finds who approves, and the address they commit with.
fn person<'p>(
    project: &Project,
    packs: &'p Packs,
    id: Option<&str>,
) -> Result<(&'p Person, String), Failure> {
    let people = &packs.people;
    let own = project.repository.user_address();
    let Some(id) = id else {
        let Some(address) = own else {
            return Err(Failure::new("Git does not know who you are here")
                .help("set it with `git config user.email ADDRESS`, or say --as PERSON"));
        };
        let at = people.by_address(&address).ok_or_else(|| {
            Failure::new(format!("nobody in people.toml has the address {address}"))
                .help("add it to your entry under `git_emails`, or say --as PERSON")
        })?;
        return Ok((&people.persons[at], address));
    };
    let Some(at) = people.person(id) else {
        let mut ids = people.persons.iter().map(|person| person.id.as_str());
        let help = crate::nearest::did_you_mean(id, &mut ids);
        return Err(Failure::new(format!("nobody in people.toml is called `{id}`"))
            .help(help.unwrap_or_else(|| "name the id of an entry".to_owned())));
    };
    let person = &people.persons[at];
    let address = own.filter(|own| person.has_address(own)).or_else(|| person.mail.clone());
    address.map(|address| (person, address)).ok_or_else(|| {
        Failure::new(format!("{} has no address in people.toml", person.name))
            .help("an approval is matched by address: add `mail`")
    })
}

fn decision(word: &str) -> Result<(String, Class), Failure> {
    let word = word.to_lowercase().replace([' ', '_'], "-");
    match class(&word) {
        Some(class) => Ok((word, class)),
        None => Err(Failure::new(format!("`{word}` decides nothing"))
            .help("say approved, rejected, accept-risk, not-applicable or deferred")),
    }
}

fn expiry(day: &str, today: &str) -> Result<(), Failure> {
    let is_day = day.len() == 10 && day.parse::<jiff::civil::Date>().is_ok();
    if !is_day {
        return Err(
            Failure::new(format!("`{day}` is not a day")).help("write --expires 2027-05-01")
        );
    }
    if day < today {
        return Err(Failure::new(format!("{day} is over already")).help("name a day to come"));
    }
    Ok(())
}

fn digest_of(
    tree: Tree<'_>,
    artifact: &Artifact,
    text: &str,
    scope: Option<&str>,
) -> Result<Digest, Failure> {
    said(tree, artifact, text, scope).ok_or_else(|| {
        let scope = scope.unwrap_or_default();
        let headings = &artifact.document.headings;
        let ids = headings.iter().map(|heading| heading.id.as_str());
        let help = crate::nearest::did_you_mean(scope, ids.clone());
        let all = || format!("its sections are {}", ids.clone().collect::<Vec<_>>().join(", "));
        Failure::new(format!("{} has no section `{scope}`", artifact.id))
            .help(help.unwrap_or_else(all))
    })
}

/// Says what is new since the last approval.
fn show_changes(
    (project, packs, log): (&Project, &Packs, &DecisionLog),
    act: &Act<'_>,
    text: &str,
    earlier: Option<&Approval>,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    let about = act.row.map_or_else(String::new, |row| format!("{row}, a row of "));
    say(streams, &visible(&format!("{about}{} {}", act.artifact.id, act.artifact.title)));
    let Some(earlier) = earlier else {
        say(streams, "Nobody approved it before: all of it is new");
        return Ok(());
    };
    let day = assemble::day_of(earlier.landing.time);
    let name = earlier.by.person.as_deref().map(|id| packs.people.written(id));
    let name = name.unwrap_or_else(|| earlier.by.name.clone());
    let since = visible(&format!("since {name} approved it on {day}"));
    let reader = project.repository.reader()?;
    let Some(before) = earlier.blob.and_then(|blob| reader.read(blob).ok()) else {
        say(
            streams,
            &format!("What changed {since} cannot be told: that text is not in this clone"),
        );
        return Ok(());
    };
    let before = String::from_utf8_lossy(&before);
    if said(act.tree, act.artifact, &before, act.scope) == Some(act.digest) {
        let beside = earlier.scope.as_deref() == act.scope && earlier.digest != Some(act.digest);
        let what = if beside { painted(log, earlier) } else { "Nothing".to_owned() };
        say(streams, &visible(&format!("{what} changed {since}")));
        return Ok(());
    }
    say(streams, &format!("Changed {since}:"));
    match diff::hunks(&part(act, &before), &part(act, text)) {
        Some(hunks) => {
            let hunks = hunks.iter().map(|hunk| hunk.lines.iter().map(line).collect::<String>());
            let _ = streams.out.write_all(hunks.collect::<Vec<_>>().join("  ...\n").as_bytes());
        }
        None => say(streams, "  too much to compare"),
    }
    Ok(())
}

/// Names the files that landings changed and a text shows; the others are not committed yet.
fn painted(log: &DecisionLog, earlier: &Approval) -> String {
    let texts = log.texts.get(&earlier.line).into_iter().flatten();
    let later = texts.filter(|text| text.landing.index > earlier.landing.index);
    let mut names: Vec<&str> = later.flat_map(|text| &text.beside).map(RepoPath::as_str).collect();
    names.sort_unstable();
    names.dedup();
    match names.as_slice() {
        [] => "A file that it shows or includes".to_owned(),
        names => format!("{}, which it shows or includes,", names.join(" and ")),
    }
}

/// What the whole text says with the files that it shows, or one part of it.
fn said(
    (snapshot, kind): Tree<'_>,
    artifact: &Artifact,
    text: &str,
    scope: Option<&str>,
) -> Option<Digest> {
    let mut file = |path: &RepoPath| snapshot.file(path.as_str()).map(|file| file.blob);
    Covers::new(text.as_bytes(), &artifact.path, kind, &mut file).said(scope)
}

/// The text, or one section or row of it, with line feeds.
fn part(act: &Act<'_>, text: &str) -> String {
    let document = crate::document::parse(text.as_bytes());
    let heading = document.headings.iter().find(|it| Some(it.id.as_str()) == act.scope);
    let heading = heading.map(|it| it.span.start..it.section.end);
    let rows = || act.tree.1.map(|kind| records::of(kind, &document)).unwrap_or_default();
    let row = || rows().into_iter().find(|it| Some(it.id.as_str()) == act.scope).map(|it| it.row);
    let span = heading.or_else(row).unwrap_or(0..text.len());
    text[span].replace("\r\n", "\n")
}

fn line(line: &Line) -> String {
    let sign = match line.how {
        "added" => '+',
        "removed" => '-',
        _ => ' ',
    };
    let words: String = line.pieces.iter().map(|piece| piece.text.as_str()).collect();
    format!("{sign} {}\n", visible(&words))
}

/// Says whether the rules of what is committed ask this person; the history judges when the approval has landed.
fn duty(
    project: &Project,
    packs: &Packs,
    act: &Act<'_>,
    earlier: &[&Approval],
    day: &str,
) -> Result<String, Failure> {
    let id = act.row.unwrap_or(&act.artifact.id);
    let (policy, wanted) = wanted(project, packs, act.artifact, act.scope)?;
    let names = named(packs, &wanted);
    Ok(if wanted.is_empty() {
        format!(
            "No rule says who must approve {id}: yours is shown, and nobody can say that it is enough"
        )
    } else if wanted.iter().any(|party| policy.speaks_for(&act.person.id, party, day)) {
        let own = if wrote(earlier, &act.person.id) {
            "; you wrote some of it, so yours does not count"
        } else {
            ""
        };
        format!("{id} needs {names}: that is you{own}")
    } else {
        format!("{id} needs {names}: yours is shown beside, and does not count")
    })
}

/// Lists what speaks against approving the text as it lies there.
fn doubts(project: &Project, act: &Act<'_>) -> Result<Vec<String>, Failure> {
    let (artifact, kind) = (act.artifact, act.tree.1);
    let mut found = Vec::new();
    let is_over = kind.is_some_and(|kind| kind.is_over(&artifact.status));
    if is_over || artifact.status.standing() == Standing::Closed {
        found.push(format!("{} is over: nobody need approve it again", artifact.id));
    }
    if act.class == Class::Approves && !is_committed(project, act)? {
        found.push(
            "This text is not committed yet: commit it first, because who commits a text together with the approval wrote it"
                .to_owned(),
        );
    }
    Ok(found)
}

/// Tells whether the last commit has the text that is approved.
fn is_committed(project: &Project, act: &Act<'_>) -> Result<bool, Failure> {
    let Some(head) = project.repository.head()? else { return Ok(false) };
    let snapshot = project.snapshot(head)?;
    let Some(file) = snapshot.file(act.artifact.path.as_str()) else { return Ok(false) };
    let bytes = project.repository.reader()?.read(file.blob).map_err(Failure::new)?;
    let text = String::from_utf8_lossy(&bytes);
    let tree = (&snapshot, act.tree.1);
    Ok(said(tree, act.artifact, &text, act.scope) == Some(act.digest))
}

/// Writes the lines for a commit message.
fn trailer(act: &Act<'_>) -> String {
    let id = &act.artifact.id;
    let mut lines = vec![
        format!("Decision: {id} {}", act.word),
        format!("Decision-digest: {id} {}", act.digest.write()),
    ];
    lines.extend(act.scope.map(|scope| format!("Decision-scope: {scope}")));
    lines.extend(act.expires.map(|day| format!("Decision-expires: {day}")));
    let key = if act.class == Class::Rejects { "Rejected-by" } else { "Approved-by" };
    lines.push(format!("{key}: {} <{}>", visible(&act.person.name), visible(&act.address)));
    lines.join("\n") + "\n"
}

/// Writes the approval into the document, in the place of an earlier one by the same person.
fn write(
    project: &Project,
    act: &Act<'_>,
    text: &str,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    let Some(root) = project.repository.work_dir() else {
        return Err(Failure::new("there is no work tree to write to").help("say --trailer"));
    };
    let digest = act.digest.write();
    let mut entry = vec![("by", act.person.id.as_str()), ("decision", act.word)];
    entry.extend(act.scope.map(|scope| ("scope", scope)));
    entry.push(("digest", &digest));
    entry.extend(act.expires.map(|day| ("expires", day)));
    let changed = with_entry(text, "approvals", &entry, earlier(act, text)).ok_or_else(|| {
        Failure::new(format!("the fields of {} cannot take one more entry", act.artifact.path))
            .help("mend what `readymark check` says about them, or say --trailer")
    })?;
    let path = visible(act.artifact.path.as_str());
    if changed == text {
        say(streams, &format!("{path} says so already"));
        return Ok(());
    }
    put(&root.join(act.artifact.path.as_str()), &changed)?;
    say(streams, &format!("Wrote “{} by {}” into {path}", act.word, visible(&act.person.name)));
    let sign = if act.is_signed() { " and sign it (`git commit -S`)" } else { "" };
    say(
        streams,
        &format!(
            "Next: commit it yourself{sign}, because an approval counts when its author is the one who approves"
        ),
    );
    Ok(())
}

/// Finds the place of this person's entry about the same text in the list.
fn earlier(act: &Act<'_>, text: &str) -> Option<usize> {
    let (block, _) = front_matter::read(text);
    let Value::List(items) = &block.field("approvals")?.value.value else { return None };
    items.iter().position(|item| {
        let Some(fields) = item.fields() else { return false };
        let said = |key: &str| {
            fields.iter().find(|field| field.key == key).and_then(|field| field.value.text())
        };
        let is_own = said("by").is_some_and(|by| by == act.person.id || act.person.has_address(by));
        is_own && said("scope") == act.scope
    })
}
