//! The allow-list for raw HTML: which elements are written anew, as what, and with which attributes. Data only.

/// How an element behaves where Markdown meets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Part of a sentence.
    Phrase,
    /// A block of its own; inside a paragraph it is written as `span`.
    Block,
    /// Without content.
    Void,
    /// `a`, a link or an anchor.
    Link,
    /// `img`.
    Picture,
}

/// An element that is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element {
    /// The name as the author wrote it.
    pub name: &'static str,
    /// The name that is written.
    pub written: &'static str,
    /// How it behaves.
    pub kind: Kind,
}

const fn same(name: &'static str, kind: Kind) -> Element {
    Element { name, written: name, kind }
}

const fn other(name: &'static str, written: &'static str, kind: Kind) -> Element {
    Element { name, written, kind }
}

/// Allowed elements, sorted by name.
static ELEMENTS: [Element; 61] = [
    same("a", Kind::Link),
    same("abbr", Kind::Phrase),
    same("b", Kind::Phrase),
    same("bdi", Kind::Phrase),
    same("blockquote", Kind::Block),
    same("br", Kind::Void),
    same("caption", Kind::Block),
    other("center", "div", Kind::Block),
    same("cite", Kind::Phrase),
    same("code", Kind::Phrase),
    same("dd", Kind::Block),
    same("del", Kind::Phrase),
    same("details", Kind::Block),
    same("dfn", Kind::Phrase),
    same("div", Kind::Block),
    same("dl", Kind::Block),
    same("dt", Kind::Block),
    same("em", Kind::Phrase),
    same("figcaption", Kind::Block),
    same("figure", Kind::Block),
    other("font", "span", Kind::Phrase),
    same("h1", Kind::Block),
    same("h2", Kind::Block),
    same("h3", Kind::Block),
    same("h4", Kind::Block),
    same("h5", Kind::Block),
    same("h6", Kind::Block),
    same("hr", Kind::Void),
    same("i", Kind::Phrase),
    same("img", Kind::Picture),
    same("ins", Kind::Phrase),
    same("kbd", Kind::Phrase),
    same("li", Kind::Block),
    same("mark", Kind::Phrase),
    same("ol", Kind::Block),
    same("p", Kind::Block),
    same("pre", Kind::Block),
    same("q", Kind::Phrase),
    same("rp", Kind::Phrase),
    same("rt", Kind::Phrase),
    same("ruby", Kind::Phrase),
    same("s", Kind::Phrase),
    same("samp", Kind::Phrase),
    same("small", Kind::Phrase),
    same("span", Kind::Phrase),
    other("strike", "s", Kind::Phrase),
    same("strong", Kind::Phrase),
    same("sub", Kind::Phrase),
    same("summary", Kind::Block),
    same("sup", Kind::Phrase),
    same("table", Kind::Block),
    same("tbody", Kind::Block),
    same("td", Kind::Block),
    same("tfoot", Kind::Block),
    same("th", Kind::Block),
    same("thead", Kind::Block),
    same("tr", Kind::Block),
    other("tt", "code", Kind::Phrase),
    same("u", Kind::Phrase),
    same("ul", Kind::Block),
    same("var", Kind::Phrase),
];

/// Elements of HTML that are never written, sorted. Names that are neither here nor above are taken for the author's
/// own placeholders, such as `<service>`.
static FORBIDDEN: [&str; 70] = [
    "annotation-xml",
    "animate",
    "applet",
    "area",
    "article",
    "aside",
    "audio",
    "base",
    "basefont",
    "bgsound",
    "body",
    "button",
    "canvas",
    "col",
    "colgroup",
    "data",
    "datalist",
    "dialog",
    "embed",
    "fieldset",
    "footer",
    "foreignobject",
    "form",
    "frame",
    "frameset",
    "head",
    "header",
    "hgroup",
    "html",
    "iframe",
    "image",
    "input",
    "isindex",
    "keygen",
    "label",
    "legend",
    "link",
    "main",
    "map",
    "marquee",
    "math",
    "menu",
    "meta",
    "meter",
    "nav",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "optgroup",
    "option",
    "output",
    "param",
    "picture",
    "plaintext",
    "portal",
    "progress",
    "script",
    "section",
    "select",
    "slot",
    "source",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "track",
    "video",
    "xmp",
];

/// Finds an allowed element by its lower-case name.
pub fn element(name: &str) -> Option<&'static Element> {
    ELEMENTS.binary_search_by(|element| element.name.cmp(name)).ok().map(|at| &ELEMENTS[at])
}

/// Tells whether a name is an element of HTML that is not allowed.
pub fn is_forbidden(name: &str) -> bool {
    FORBIDDEN.contains(&name)
}

/// What becomes of an attribute's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attribute {
    /// Written as it is, escaped.
    Text,
    /// Written without a value.
    Flag,
    /// Written when it is a number of at most four digits.
    Number,
    /// `left`, `right` or `center`, written as a class.
    Alignment,
    /// An anchor, written when it looks like one and no other element has it.
    Anchor,
}

/// Tells what becomes of an attribute of an allowed element.
pub fn attribute(element: &str, name: &str) -> Option<Attribute> {
    match (element, name) {
        (_, "title") => Some(Attribute::Text),
        ("details", "open") => Some(Attribute::Flag),
        ("td" | "th", "colspan" | "rowspan") | ("ol", "start") => Some(Attribute::Number),
        ("p" | "div" | "td" | "th" | "tr" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6", "align") => {
            Some(Attribute::Alignment)
        }
        (_, "id") | ("a", "name") => Some(Attribute::Anchor),
        _ => None,
    }
}

/// Tells whether an attribute could run code: it is left out with a finding. Others are left out silently.
pub fn is_active(name: &str) -> bool {
    name.starts_with("on") || matches!(name, "srcdoc" | "formaction" | "xlink:href" | "action")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_and_never_both_allowed_and_forbidden() {
        assert!(ELEMENTS.is_sorted_by(|one, other| one.name < other.name));
        assert!(
            ELEMENTS.iter().all(
                |allowed| element(allowed.name) == Some(allowed) && !is_forbidden(allowed.name)
            )
        );
        for name in [
            "script", "style", "iframe", "svg", "math", "form", "input", "base", "meta", "object",
            "template",
        ] {
            assert!(element(name).is_none() && is_forbidden(name), "{name}");
        }
    }
}
