//! Raw HTML: tokenised, and written anew from the allow-list. What is not allowed is shown as text. Elements are
//! balanced: each is closed at the latest with the Markdown element it was opened in.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use html5gum::{DefaultEmitter, EndTag, HtmlString, Spanned, StartTag, Token, Tokenizer};

use super::limits;
use super::links::Started;
use super::writer::Writer;
use crate::document::html::{
    self,
    raw::{Attribute, Element, Kind},
};
use crate::rules::markup as rules;

/// This many raw elements may be open.
const MOST_OPEN: usize = 64;

/// A raw element that is open.
pub(super) struct RawTag {
    name: &'static str,
    close: &'static str,
    depth: usize,
    link: bool,
}

/// `<a id="x">` leads nowhere; it is a place to link to.
static ANCHOR: Element = Element { name: "a", written: "span", kind: Kind::Phrase };

type Attributes = BTreeMap<HtmlString, Spanned<HtmlString>>;

impl Writer<'_> {
    pub(super) fn start_html(&mut self, range: Range<usize>) {
        self.end_block();
        self.raw_block = Some((String::new(), range));
    }

    /// Lines of a block are joined first: an element may stand on several.
    pub(super) fn html_line(&mut self, text: &str, range: Range<usize>) {
        match &mut self.raw_block {
            Some((block, _)) => block.push_str(text),
            None => self.inline_html(text, range),
        }
    }

    /// A block's elements may stay open for the Markdown that follows, so they belong to the element outside.
    pub(super) fn end_html(&mut self) {
        let Some((block, range)) = self.raw_block.take() else { return };
        self.depth -= 1;
        self.tokens(&block, &range);
        self.depth += 1;
        self.end_block();
    }

    pub(super) fn inline_html(&mut self, text: &str, range: Range<usize>) {
        self.tokens(text, &range);
    }

    fn tokens(&mut self, text: &str, range: &Range<usize>) {
        let emitter = DefaultEmitter::<usize>::new_with_span();
        for token in Tokenizer::new_with_emitter(text, emitter).flatten() {
            self.tags += usize::from(matches!(token, Token::StartTag(_) | Token::EndTag(_)));
            if self.tags > limits::MOST_TAGS {
                return;
            }
            match token {
                Token::StartTag(tag) => self.start_tag(&tag, text, range),
                Token::EndTag(tag) => self.end_tag(&tag, text),
                Token::String(string) => self.push_text(&lossy(&string)),
                Token::Comment(comment) => self.comment(&lossy(&comment.value), range),
                Token::Doctype(_) | Token::Error(_) => {}
            }
        }
    }

    fn start_tag(&mut self, tag: &StartTag<usize>, text: &str, range: &Range<usize>) {
        let name = lossy(&tag.name);
        let Some(element) = html::raw::element(&name) else {
            self.refuse(&name, text.get(tag.span.start..tag.span.end).unwrap_or_default(), range);
            return;
        };
        if let Some(active) =
            tag.attributes.keys().map(|name| lossy(name)).find(|name| html::raw::is_active(name))
        {
            let message = format!("the attribute `{active}` is not allowed");
            self.fault(&rules::RAW_HTML, range, message, "remove the attribute");
        }
        match element.kind {
            Kind::Void => {
                self.separate();
                self.open_tag(element.written, element, &tag.attributes);
            }
            Kind::Picture => self.raw_picture(&tag.attributes, range),
            Kind::Link => self.raw_link(element, &tag.attributes, range),
            Kind::Phrase | Kind::Block => self.raw_element(element, &tag.attributes),
        }
    }

    /// Shows what is not allowed as text.
    fn refuse(&mut self, name: &str, written: &str, range: &Range<usize>) {
        self.push_text(written);
        if html::raw::is_forbidden(name) {
            let message = format!("the element `{name}` is not allowed");
            self.fault(
                &rules::RAW_HTML,
                range,
                message,
                "use Markdown, or show the element as code",
            );
        }
    }

    fn raw_element(&mut self, element: &'static Element, attributes: &Attributes) {
        if self.raw.len() >= MOST_OPEN {
            return;
        }
        let written =
            if element.kind == Kind::Block && self.phrasing > 0 { "span" } else { element.written };
        if element.kind == Kind::Block && self.phrasing == 0 {
            self.separate();
        }
        self.open_tag(written, element, attributes);
        self.raw.push(RawTag {
            name: element.name,
            close: written,
            depth: self.depth,
            link: false,
        });
    }

    /// Words of different cells, items and blocks do not touch.
    fn separate(&mut self) {
        let words = &mut self.document.text;
        if !words.is_empty() && !words.ends_with(char::is_whitespace) {
            words.push(' ');
        }
    }

    fn open_tag(&mut self, written: &str, element: &Element, attributes: &Attributes) {
        self.push("<");
        self.push(written);
        for (name, value) in attributes {
            self.raw_attribute(element.name, &lossy(name), &lossy(value));
        }
        self.push(">");
    }

    fn raw_attribute(&mut self, element: &str, name: &str, value: &str) {
        match html::raw::attribute(element, name) {
            Some(Attribute::Text) => self.push_attribute(name, value),
            Some(Attribute::Flag) => self.push_attribute(name, ""),
            Some(Attribute::Number) if is_number(value) => self.push_attribute(name, value),
            Some(Attribute::Alignment) => {
                let value = value.trim().to_ascii_lowercase();
                if matches!(value.as_str(), "left" | "right" | "center") {
                    self.push_attribute("class", &value);
                }
            }
            Some(Attribute::Anchor) if self.is_free_anchor(value) => {
                self.anchors.insert(value.to_owned(), 0);
                self.push_attribute("id", value);
            }
            _ => {}
        }
    }

    fn push_attribute(&mut self, name: &str, value: &str) {
        let out = &mut self.document.body.html;
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        html::push_attribute(out, value);
        out.push('"');
    }

    fn is_free_anchor(&self, value: &str) -> bool {
        const LONGEST: usize = 200;
        !value.is_empty()
            && value.len() <= LONGEST
            && value.chars().all(|char| char.is_alphanumeric() || matches!(char, '-' | '_' | '.'))
            && !self.anchors.contains_key(value)
    }

    fn raw_picture(&mut self, attributes: &Attributes, range: &Range<usize>) {
        let value = |name: &str| {
            attributes.get(name.as_bytes()).map(|value| lossy(value)).unwrap_or_default()
        };
        let mut size = String::new();
        for name in ["width", "height"] {
            let number = value(name);
            if is_number(&number) {
                size.extend([" ", name, "=\"", &number, "\""]);
            }
        }
        self.show(&value("src"), &value("alt"), &value("title"), range.clone(), &size);
    }

    fn raw_link(
        &mut self,
        element: &'static Element,
        attributes: &Attributes,
        range: &Range<usize>,
    ) {
        let value = |name: &str| attributes.get(name.as_bytes()).map(|value| lossy(value));
        let Some(target) = value("href") else {
            return self.raw_element(&ANCHOR, attributes);
        };
        if self.raw.len() >= MOST_OPEN || self.is_in_link() {
            return;
        }
        if let Some(anchor) = value("id").or_else(|| value("name")) {
            self.push("<span");
            self.raw_attribute(element.name, "id", &anchor);
            self.push("></span>");
        }
        let started =
            self.open_address(&target, &value("title").unwrap_or_default(), range.clone());
        self.links.push(started);
        self.raw.push(RawTag { name: element.name, close: "", depth: self.depth, link: true });
    }

    fn end_tag(&mut self, tag: &EndTag<usize>, text: &str) {
        let name = lossy(&tag.name);
        if html::raw::element(&name).is_none() {
            return self.push_text(text.get(tag.span.start..tag.span.end).unwrap_or_default());
        }
        let here = self.raw.iter().rev().take_while(|open| open.depth == self.depth);
        if let Some(inside) = here.into_iter().position(|open| open.name == name) {
            for _ in 0..=inside {
                self.close_one();
            }
        }
    }

    /// Closes the raw elements that were opened at this depth or deeper.
    pub(super) fn close_raw(&mut self, depth: usize) {
        while self.raw.last().is_some_and(|open| open.depth >= depth) {
            self.close_one();
        }
    }

    fn close_one(&mut self) {
        let Some(open) = self.raw.pop() else { return };
        if open.link {
            let started = self.links.pop().unwrap_or(Started::Text);
            return self.close_link(started);
        }
        self.push("</");
        self.push(open.close);
        self.push(">");
    }
}

fn is_number(text: &str) -> bool {
    (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
