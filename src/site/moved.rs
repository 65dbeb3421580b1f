//! Old addresses that still lead somewhere: small pages that send readers on, also without JavaScript, and pages that say
//! that a document was removed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::Unit;
use super::address::{encode, up};
use super::view::{Forge, When};
use crate::compare::lines::{Lines, at};
use crate::document::html::{Scheme, push_attribute, push_text, scheme};
use crate::pack::{Artifact, Packs};
use crate::serve::CSP;
use crate::source::{ObjectId, RepoPath};

/// The relation from a document to the one whose place it took.
const SUPERSEDES: &str = "supersedes";

/// A document that a version does not hold any more.
#[derive(Debug, Clone)]
pub struct Gone {
    /// For people: its id and its title.
    pub name: String,
    /// The last version that held it, as readers know it.
    pub version: String,
    /// The slug of that version.
    pub slug: String,
    /// The commit that took it away and its time, when the history tells.
    pub removed: Option<(ObjectId, i64)>,
}

/// The documents that are gone, by their lines and the first version without them.
pub type Graves = BTreeMap<(usize, usize), Gone>;

/// Pages at the addresses that the documents of a unit had in versions before `known`, and at those of documents that are
/// gone, unless something else stands there now. `version` is that of the unit.
pub fn stubs(
    unit: &Unit,
    lines: &Lines,
    [version, known]: [usize; 2],
    graves: &Graves,
) -> Vec<(String, Vec<u8>)> {
    let assets = unit.packs().assets.get(unit.pack).map_or(&[][..], |assets| assets).iter();
    let mut taken: BTreeSet<&str> = unit.pages.iter().map(|page| page.route.as_str()).collect();
    taken.extend(assets.map(|asset| asset.route.as_str()));
    let mut pages = Vec::new();
    for line in &lines.lines {
        let Some(now) = at(line, version) else { continue };
        for old in line.iter().filter(|old| old.version < known) {
            if taken.insert(&old.route) {
                let target = format!("{}{}", up(&old.route), encode(&now.route));
                pages.push((old.route.clone(), page(&old.route, &target)));
            }
        }
    }
    for (number, line) in lines.lines.iter().enumerate() {
        let last = line.iter().rfind(|held| held.version < version);
        let gone = graves.range((number, 0)..=(number, version)).next_back();
        let is_there = at(line, version).is_some();
        let (Some(last), Some((_, gone)), false) = (last, gone, is_there) else { continue };
        if taken.insert(&last.route) {
            pages.push((last.route.clone(), tombstone(unit, gone, &last.id, &last.route)));
        }
    }
    pages
}

/// Pages for the `[output.html.redirect]` table of a book, unless a page stands there. Targets other than web
/// addresses and paths are left out.
pub fn redirects(book: &Unit, table: &BTreeMap<String, String>) -> Vec<(String, Vec<u8>)> {
    let taken = |route: &str| book.pages.iter().any(|page| page.route == route);
    let wanted = table.iter().map(|(from, to)| (from.trim_start_matches('/').to_owned(), to));
    wanted
        .filter(|(from, to)| {
            let plain = RepoPath::new(from).extension() == "html"
                && !from.split('/').any(|part| matches!(part, "" | "." | ".."));
            plain && !taken(from) && scheme(to) != Scheme::Blocked
        })
        .map(|(from, to)| (from.clone(), page(&from, to)))
        .collect()
}

/// A page that leads to `target` by itself.
fn page(route: &str, target: &str) -> Vec<u8> {
    let (href, name) = (attribute(target), text(route));
    let head = format!(
        "<meta http-equiv=\"refresh\" content=\"0; url={href}\">\n<link rel=\"canonical\" href=\"{href}\">\n"
    );
    let body = format!(
        "<h1>This page has moved</h1>\n<p><a href=\"{href}\">Go to its new address</a></p>\n"
    );
    small(&head, &format!("Moved: {name}"), &body)
}

/// A page that says when a document was removed, by which commit, what took its place and where it still is.
fn tombstone(unit: &Unit, gone: &Gone, id: &str, route: &str) -> Vec<u8> {
    let name = text(&gone.name);
    let version = text(&gone.version);
    let mut body = format!("<h1>{name} was removed</h1>\n");
    if let Some((commit, time)) = gone.removed {
        let linked = Forge::new(unit.settings()).commit(commit);
        let words = text(&linked.text);
        let commit = match linked.href.as_str() {
            "" => format!("<code>{words}</code>"),
            href => format!("<a href=\"{}\"><code>{words}</code></a>", attribute(href)),
        };
        _ = writeln!(body, "<p>On {}, with commit {commit}.</p>", When::new(time).day);
    }
    for (title, target) in replaced(unit.packs(), unit.own(), id) {
        let href = attribute(&format!("{}{}", up(route), encode(target)));
        let title = text(&title);
        _ = writeln!(body, "<p>Its place was taken by <a href=\"{href}\">{title}</a>.</p>");
    }
    let last = format!("{}../{}", up(route), encode(&format!("{}/{route}", gone.slug)));
    let here = format!("{}index.html", up(route));
    let last = attribute(&last);
    _ = writeln!(
        body,
        "<p>The last version that holds it is <a href=\"{last}\">{version}</a>.</p>"
    );
    _ = writeln!(body, "<p><a href=\"{here}\">What this version holds</a></p>");
    small("", &format!("Removed: {name}"), &body)
}

/// Lists the documents that say that they took the place of one, each with its name and its route.
fn replaced<'p>(
    packs: &'p Packs,
    own: std::ops::Range<usize>,
    id: &'p str,
) -> impl Iterator<Item = (String, &'p str)> {
    let takes = move |at: &usize| {
        let mut broken = packs.outgoing[*at].broken.iter();
        broken.any(|relation| relation.name == SUPERSEDES && relation.target == id)
    };
    let named = |one: &'p Artifact| (name(one), one.route.as_str());
    own.filter(takes).map(move |at| named(&packs.artifacts[at]))
}

/// Names a document for people.
pub fn name(artifact: &Artifact) -> String {
    let id = if artifact.has_id { artifact.id.as_str() } else { "" };
    format!("{id} {}", artifact.title).trim().to_owned()
}

/// A page without theme and scripts, which search engines leave out.
fn small(head: &str, title: &str, body: &str) -> Vec<u8> {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{CSP}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         {head}<meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n</head>\n<body>\n\
         <main>\n{body}</main>\n</body>\n</html>\n"
    )
    .into_bytes()
}

fn attribute(value: &str) -> String {
    let mut out = String::new();
    push_attribute(&mut out, value);
    out
}

fn text(value: &str) -> String {
    let mut out = String::new();
    push_text(&mut out, value);
    out
}
