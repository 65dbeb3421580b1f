//! Links and pictures. Relative ones leave holes, external ones are written, blocked ones stay text with a finding.
//! No picture of another site is ever loaded.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::writer::Writer;
use crate::document::html::{self, Scheme};
use crate::document::{Link, LinkForm, Part};
use crate::rules::markup as rules;

/// What ends an open link.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Started {
    /// A hole for the closing; the text of an untitled wiki link is left out.
    Hole { link: usize, hide_text: bool },
    /// `</a>`.
    External,
    /// A bracket that is part of the words, and then what ends the link: a hole, or `</a>`.
    Bracketed { link: Option<usize> },
    /// Nothing: the link is shown as text.
    Text,
}

/// A picture whose alternative text is being collected.
pub(super) struct Picture {
    pub(super) alt: String,
    target: String,
    title: String,
    range: Range<usize>,
    depth: usize,
}

impl Writer<'_> {
    pub(super) fn is_in_link(&self) -> bool {
        !self.links.is_empty()
    }

    pub(super) fn is_hidden_by_link(&self) -> bool {
        matches!(self.links.last(), Some(Started::Hole { hide_text: true, .. }))
    }

    pub(super) fn start_link(
        &mut self,
        kind: LinkType,
        target: &str,
        title: &str,
        range: Range<usize>,
    ) {
        let started = if self.is_in_link() {
            Started::Text
        } else {
            self.open_link(kind, target, title, range)
        };
        self.links.push(started);
    }

    fn open_link(
        &mut self,
        kind: LinkType,
        target: &str,
        title: &str,
        range: Range<usize>,
    ) -> Started {
        match kind {
            LinkType::WikiLink { has_pothole } => self.open_wiki(has_pothole, target, range),
            LinkType::Email => self.open_address(&format!("mailto:{target}"), title, range),
            _ => self.open_address(target, title, range),
        }
    }

    fn open_wiki(&mut self, titled: bool, target: &str, range: Range<usize>) -> Started {
        let target = target.trim().trim_end_matches('\\').trim_end();
        if html::scheme(target) == Scheme::External {
            return self.open_address(target, "", range);
        }
        if let Some(address) = self.definitions.get(&target.to_lowercase()).filter(|_| !titled) {
            return self.open_bracketed(&address.clone(), range);
        }
        let link = self.add_link(LinkForm::Wiki { titled }, target, &range);
        self.hole(link, Part::Open);
        if !titled {
            self.hole(link, Part::Label);
            self.document.text.push_str(target);
        }
        Started::Hole { link, hide_text: !titled }
    }

    /// Opens a link by its target's scheme.
    pub(super) fn open_address(
        &mut self,
        target: &str,
        title: &str,
        range: Range<usize>,
    ) -> Started {
        match html::scheme(target) {
            Scheme::Blocked => {
                self.blocked(target, &range);
                Started::Text
            }
            Scheme::External if leads_to_nobody(target) => Started::Text,
            Scheme::External => {
                self.add_link(LinkForm::Inline, target, &range);
                self.push_external(target, title);
                Started::External
            }
            Scheme::Relative => {
                let link = self.add_link(LinkForm::Inline, target, &range);
                self.hole(link, Part::Open);
                Started::Hole { link, hide_text: false }
            }
        }
    }

    /// Two brackets around a name that the file defines are an ordinary link in brackets: `[[C++17]]`.
    fn open_bracketed(&mut self, address: &str, range: Range<usize>) -> Started {
        let started = match self.open_address(address, "", range) {
            Started::External => Started::Bracketed { link: None },
            Started::Hole { link, .. } => Started::Bracketed { link: Some(link) },
            other => return other,
        };
        self.push_text("[");
        started
    }

    fn add_link(&mut self, form: LinkForm, target: &str, range: &Range<usize>) -> usize {
        let span = self.place(range);
        self.document.links.push(Link { form, target: target.to_owned(), span });
        self.note_solid();
        self.document.links.len() - 1
    }

    fn blocked(&mut self, target: &str, range: &Range<usize>) {
        const SHOWN: usize = 40;
        let clean: String = target.chars().filter(|char| !char.is_control()).collect();
        let shown: String = clean.chars().take(SHOWN).collect();
        let more = if shown.len() < clean.len() { "…" } else { "" };
        let scheme = clean.split(':').next().unwrap_or_default();
        let message =
            format!("`{shown}{more}` is shown as text: links with `{scheme}:` are not allowed");
        let rule = match instead_of(scheme, &clean) {
            None if !is_harmful(scheme) => &rules::UNKNOWN_SCHEME,
            _ => &rules::BLOCKED_SCHEME,
        };
        let usual = "use `https:`, `http:`, `mailto:`, `tel:` or a relative path";
        let help = instead_of(scheme, &clean).unwrap_or_else(|| usual.to_owned());
        self.fault(rule, range, message, &help);
    }

    pub(super) fn end_link(&mut self) {
        if let Some(started) = self.links.pop() {
            self.close_link(started);
        }
    }

    pub(super) fn close_link(&mut self, started: Started) {
        match started {
            Started::Hole { link, .. } => self.hole(link, Part::Close),
            Started::External => self.push("</a>"),
            Started::Bracketed { link } => {
                self.push_text("]");
                match link {
                    Some(link) => self.hole(link, Part::Close),
                    None => self.push("</a>"),
                }
            }
            Started::Text => {}
        }
    }

    pub(super) fn start_picture(
        &mut self,
        kind: LinkType,
        target: &str,
        title: &str,
        range: Range<usize>,
    ) {
        let target = if matches!(kind, LinkType::WikiLink { .. }) {
            target.trim_end_matches('\\')
        } else {
            target
        };
        self.depth -= 1;
        self.picture = Some(Picture {
            alt: String::new(),
            target: target.to_owned(),
            title: title.to_owned(),
            range,
            depth: 1,
        });
    }

    /// Collects the alternative text; what is inside counts as words only.
    pub(super) fn picture_event(&mut self, event: Event<'_>) {
        let Some(picture) = &mut self.picture else { return };
        match event {
            Event::Start(Tag::Image { .. }) => picture.depth += 1,
            Event::End(TagEnd::Image) => picture.depth -= 1,
            Event::Code(text) => picture.alt.push_str(&text),
            Event::SoftBreak | Event::HardBreak => picture.alt.push(' '),
            _ => {}
        }
        if let Some(picture) = self.picture.take_if(|picture| picture.depth == 0) {
            self.show(&picture.target, &picture.alt, &picture.title, picture.range, "");
        }
    }

    /// Writes a picture, or what stands for it. `size` is a piece of safe HTML.
    pub(super) fn show(
        &mut self,
        target: &str,
        alt: &str,
        title: &str,
        range: Range<usize>,
        size: &str,
    ) {
        match html::scheme(target) {
            Scheme::Blocked => self.blocked(target, &range),
            Scheme::External if !self.is_in_link() => {
                self.add_link(LinkForm::Image, target, &range);
                self.push_external(target, title);
                self.push_alt(if alt.is_empty() { target } else { alt });
                return self.push("</a>");
            }
            Scheme::External => {}
            Scheme::Relative => {
                let link = self.add_link(LinkForm::Image, target, &range);
                return self.show_file(link, alt, title, size);
            }
        }
        self.push_alt(alt);
    }

    fn push_alt(&mut self, alt: &str) {
        let start = self.document.text.len();
        self.push_text(alt);
        self.note_picture(start);
    }

    fn show_file(&mut self, link: usize, alt: &str, title: &str, size: &str) {
        self.push("<img");
        self.hole(link, Part::Source);
        let out = &mut self.document.body.html;
        out.push_str(" alt=\"");
        html::push_attribute(out, alt);
        if !title.is_empty() {
            out.push_str("\" title=\"");
            html::push_attribute(out, title);
        }
        out.push('"');
        out.push_str(size);
        out.push('>');
        for part in [Part::Open, Part::Label, Part::Close] {
            self.hole(link, part);
        }
        let start = self.document.text.len();
        self.document.text.push_str(alt);
        self.note_picture(start);
    }
}

/// Tells whether an address or a number was covered, or never written.
fn leads_to_nobody(target: &str) -> bool {
    let scheme = ["mailto:", "tel:"].iter().find_map(|scheme| target.strip_prefix(scheme));
    scheme.is_some_and(|who| !who.contains(char::is_alphanumeric))
}

/// Tells whether a scheme can run code or read files; browsers pass over what hides in it.
fn is_harmful(scheme: &str) -> bool {
    let name: String = scheme.chars().filter(char::is_ascii_alphabetic).collect();
    let names =
        ["javascript", "vbscript", "blob", "file", "filesystem", "feed", "viewsource", "about"];
    names.iter().any(|harmful| name.eq_ignore_ascii_case(harmful))
}

/// What to write in place of a target whose scheme is a mistake.
fn instead_of(scheme: &str, target: &str) -> Option<String> {
    if let Some(address) = html::address_inside(target) {
        return Some(format!("did you mean `{address}`"));
    }
    let rest = target[scheme.len()..].trim_start_matches(':');
    match scheme.trim().to_ascii_lowercase().as_str() {
        "data" => Some("save the picture as a file beside the page and link to that".to_owned()),
        "mail" | "email" => Some(format!("did you mean `mailto:{rest}`")),
        _ => None,
    }
}
