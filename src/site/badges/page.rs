//! The page that shows a pack's badges with the Markdown to paste. It holds no verdict: the pictures do.

use serde::Serialize;

use super::{Subject, href, subjects};
use crate::site::address::encode;
use crate::site::unit::{Unit, folder};
use crate::site::verdict;
use crate::site::view::{count, is_web};

/// More documents than that are not shown by themselves.
const SHOWN: usize = 200;

/// Stands for the address of the site where the settings do not say it.
const SITE: &str = "https://example.org/";

/// The page of a pack's badges.
#[derive(Debug, Hash, Serialize)]
pub(in crate::site) struct BadgesView {
    /// Whether the settings say where the site lives.
    is_placed: bool,
    groups: Vec<Group>,
    /// How many documents are not shown: `12 documents`.
    more: String,
}

#[derive(Debug, Hash, Serialize)]
struct Group {
    title: &'static str,
    rows: Vec<Row>,
}

#[derive(Debug, Hash, Serialize)]
struct Row {
    /// What it is about.
    name: String,
    /// Its stem, for the script that greys it.
    stem: String,
    /// The picture; the page lies in the version folder.
    src: String,
    /// What explains it.
    href: String,
    /// What to paste.
    markdown: String,
}

pub(in crate::site) fn view(unit: &Unit) -> BadgesView {
    let mut all = subjects(unit);
    let documents = all.iter().filter(|(_, subject)| group(*subject) == "Documents").count();
    let hidden = documents.saturating_sub(SHOWN);
    all.truncate(all.len() - hidden);
    let mut groups: Vec<Group> = today(unit).into_iter().collect();
    groups.extend(["Gates", "Kinds", "Documents"].map(|title| {
        let own = all.iter().filter(|(_, subject)| group(*subject) == title);
        Group { title, rows: own.map(|(stem, subject)| row(unit, stem, *subject)).collect() }
    }));
    groups.retain(|group| !group.rows.is_empty());
    BadgesView {
        is_placed: site(unit).is_some(),
        groups,
        more: if hidden == 0 { String::new() } else { count(hidden, "document", "documents") },
    }
}

/// Where the latest version would lie.
fn somewhere(unit: &Unit) -> String {
    let version = unit.edition().inputs.version.as_ref().map(|_| "latest");
    match folder(unit.facts(), version).as_str() {
        "" => SITE.to_owned(),
        folder => format!("{SITE}{}/", encode(folder)),
    }
}

fn group(subject: Subject) -> &'static str {
    match subject {
        Subject::Verdict(_) => "Gates",
        Subject::Kind(_) => "Kinds",
        Subject::Artifact(_) => "Documents",
    }
}

/// The badge of the pack as of today, which stands above all versions.
fn today(unit: &Unit) -> Option<Group> {
    let slug = &unit.facts().slug;
    verdict::own(unit).next().filter(|_| !slug.is_empty())?;
    let top = unit.top();
    let address = format!("badges/{}.svg", encode(slug));
    let site = site(unit).unwrap_or(SITE).trim_end_matches('/');
    let name = unit.facts().title.clone();
    let row = Row {
        stem: String::new(),
        src: format!("{top}{address}"),
        href: format!("{top}index.html"),
        markdown: markdown(&name, &format!("{site}/{address}"), &format!("{site}/index.html")),
        name,
    };
    Some(Group { title: "As of today, above all versions", rows: vec![row] })
}

fn row(unit: &Unit, stem: &str, subject: Subject) -> Row {
    let src = format!("badges/{}.svg", encode(stem));
    let href = href(unit, subject);
    let base = unit.latest().unwrap_or_else(|| somewhere(unit));
    let name = name(unit, subject);
    let markdown = markdown(&name, &format!("{base}{src}"), &format!("{base}{href}"));
    Row { name, stem: stem.to_owned(), src, href, markdown }
}

fn name(unit: &Unit, subject: Subject) -> String {
    let packs = unit.packs();
    match subject {
        Subject::Verdict(at) => {
            verdict::own(unit).nth(at).map(|verdict| verdict.gate.clone()).unwrap_or_default()
        }
        Subject::Kind(kind) => packs.kinds[kind].plural.clone(),
        Subject::Artifact(at) => packs.artifacts[at].id.clone(),
    }
}

/// Writes a picture that leads to what explains it.
fn markdown(name: &str, picture: &str, page: &str) -> String {
    let name = name.replace(['[', ']', '\\', '\n'], " ");
    format!("[![{name}]({picture})]({page})")
}

fn site(unit: &Unit) -> Option<&str> {
    unit.edition().inputs.settings.html.site_url.as_deref().filter(|url| is_web(url))
}
