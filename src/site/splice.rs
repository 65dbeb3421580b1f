//! Fills the holes of a body: what each link leads to. The result is safe because the body is and because every
//! filling is written here.

use super::standing::state;
use super::unit::Unit;
use crate::document::html::escape;
use crate::document::{Link, LinkForm, Part};
use crate::kinds::Status;
use crate::pack::Target;
use crate::render::SafeHtml;

/// What stands around and in the text of one link.
#[derive(Debug, Default, Hash)]
pub(super) struct Filling {
    open: String,
    label: String,
    close: &'static str,
    source: String,
}

impl Filling {
    fn link(href: &str, attributes: &str, label: &str) -> Self {
        let href = escape(href);
        Self {
            open: format!("<a href=\"{href}\"{attributes}>"),
            label: escape(label),
            close: "</a>",
            source: href,
        }
    }

    fn note(class: &str, note: &str, label: &str) -> Self {
        Self {
            open: format!("<span class=\"{class}\" title=\"{}\">", escape(note)),
            label: escape(label),
            close: "</span>",
            source: String::new(),
        }
    }

    /// What a picture shows: itself, or its words and a note that it is not there.
    fn picture(self) -> Self {
        if self.source.is_empty() {
            return self;
        }
        Self { source: format!(" src=\"{}\"", self.source), ..Self::default() }
    }
}

/// Decides every link of an artifact, in the order of `Document::links`.
pub(super) fn fillings(unit: &Unit, artifact: usize, up: &str) -> Vec<Filling> {
    let packs = unit.packs();
    let links = &packs.artifacts[artifact].document.links;
    let targets = packs.outgoing.get(artifact).map_or(&[][..], |outgoing| &outgoing.targets);
    links
        .iter()
        .zip(targets)
        .map(|(link, target)| {
            let filling = filling(unit, artifact, link, target, up);
            if link.form == LinkForm::Image { filling.picture() } else { filling }
        })
        .collect()
}

fn filling(unit: &Unit, from: usize, link: &Link, target: &Target, up: &str) -> Filling {
    let packs = unit.packs();
    match target {
        Target::Artifact { artifact, anchor } => {
            let to = &packs.artifacts[*artifact];
            let href = anchored(unit, from, *artifact, anchor, up);
            match to.record(anchor).map(|row| &to.records[row]) {
                Some(row) => {
                    let note = format!(" title=\"{}\"", escape(&row.title));
                    Filling::link(&href, &note, &row.id)
                }
                None => Filling::link(&href, &standing_note(unit, *artifact), &to.title),
            }
        }
        Target::Asset(path) => match packs.asset(packs.artifacts[from].pack, path) {
            Some(asset) => {
                let href = format!("{up}{}", unit.route_to(asset.pack, &asset.route));
                Filling::link(&href, "", path.name())
            }
            None => outside(&link.target),
        },
        Target::Person(person) => {
            let who = unit.registry().named(&packs.people.persons[*person], "");
            Filling::link(&format!("{up}{}", who.href), "", &who.name)
        }
        Target::Outside | Target::Hidden => outside(&link.target),
        Target::Broken => {
            Filling::note("broken", &format!("Nothing is there: {}", link.target), &link.target)
        }
        Target::External | Target::NotALink => {
            Filling { label: escape(&link.target), ..Filling::default() }
        }
    }
}

/// Shows the target of a link that leads out of the site.
fn outside(target: &str) -> Filling {
    Filling::note("outside", &format!("Not part of this site: {target}"), target)
}

/// Links an artifact and a place in it.
fn anchored(unit: &Unit, from: usize, to: usize, anchor: &str, up: &str) -> String {
    let place = if anchor.is_empty() {
        String::new()
    } else {
        format!("#{}", super::address::encode(anchor))
    };
    if from == to && !place.is_empty() {
        return place;
    }
    format!("{up}{}{place}", unit.artifact_route(to))
}

/// Warns of a target that is not in force.
fn standing_note(unit: &Unit, to: usize) -> String {
    let artifact = &unit.packs().artifacts[to];
    let state = state(&unit.edition, to);
    if artifact.status == Status::Absent || matches!(state.tone, "approved" | "over") {
        return String::new();
    }
    let note = format!("{}: {}", artifact.id, state.word);
    format!(" class=\"to-{}\" title=\"{}\"", state.tone, escape(&note))
}

/// Puts the fillings into the body of a page that climbs to the version folder by `up`; returns the heading of the
/// page, when the body begins with it, and what follows.
pub(super) fn splice(unit: &Unit, artifact: usize, up: &str) -> (SafeHtml, SafeHtml) {
    let document = &unit.packs().artifacts[artifact].document;
    let fillings = fillings(unit, artifact, up);
    let html = &document.body.html;
    let mut out = String::with_capacity(html.len() + 64 * document.body.holes.len());
    let mut done = 0;
    for hole in &document.body.holes {
        out.push_str(html.get(done..hole.at).unwrap_or_default());
        done = hole.at;
        if let Some(filling) = fillings.get(hole.link) {
            out.push_str(match hole.part {
                Part::Open => &filling.open,
                Part::Label => &filling.label,
                Part::Close => filling.close,
                Part::Source => &filling.source,
            });
        }
    }
    out.push_str(html.get(done..).unwrap_or_default());
    if let Some(title) = document.first_title() {
        raise(&mut out, title.level);
    }
    let end = if out.starts_with("<h1") { out.find("</h1>").map_or(0, |at| at + 5) } else { 0 };
    let body = out.split_off(end);
    (SafeHtml(out), SafeHtml(body))
}

/// Makes the first heading of a level the heading of the page.
fn raise(html: &mut String, level: u8) {
    let (open, close) = (format!("<h{level}"), format!("</h{level}>"));
    let Some(start) = html.find(&open) else { return };
    let Some(end) = html[start..].find(&close) else { return };
    html.replace_range(start + end..start + end + close.len(), "</h1>");
    html.replace_range(start..start + open.len(), "<h1");
}
