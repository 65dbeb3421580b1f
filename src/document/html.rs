//! Safe HTML: escaping and the allow-list of link schemes. [`raw`] holds the allow-list for raw HTML.

pub mod raw;

use pulldown_cmark_escape::{escape_href, escape_html, escape_html_body_text};

/// Appends text with `&`, `<` and `>` escaped.
pub fn push_text(out: &mut String, text: &str) {
    infallible(escape_html_body_text(out, text));
}

/// Appends text for the inside of a double-quoted attribute.
pub fn push_attribute(out: &mut String, text: &str) {
    infallible(escape_html(out, text));
}

/// Appends an address for the inside of a double-quoted attribute.
pub fn push_address(out: &mut String, address: &str) {
    infallible(escape_href(out, address));
}

/// Escapes text for element content and for attributes between double quotes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let is_special = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'');
    while let Some(at) = rest.bytes().position(is_special) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out
}

/// Writing to a `String` cannot fail.
fn infallible(result: Result<(), std::fmt::Error>) {
    debug_assert!(result.is_ok(), "writing to a string cannot fail");
}

/// What may be done with a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// `http`, `https`, `mailto`, `tel`, or an address that starts with `//`.
    External,
    /// A path, a query or a fragment.
    Relative,
    /// Anything else.
    Blocked,
}

/// Tells what may be done with a target. Control characters and white space are ignored first, as browsers do.
pub fn scheme(target: &str) -> Scheme {
    let mut seen = target.chars().filter(|char| !is_ignored(*char)).peekable();
    if seen.peek() == Some(&'/') {
        return if seen.nth(1) == Some('/') { Scheme::External } else { Scheme::Relative };
    }
    let mut name = String::new();
    for char in seen {
        match char {
            ':' => return named(&name),
            'a'..='z' | 'A'..='Z' | '0'..='9' | '+' | '-' | '.' => {
                name.push(char.to_ascii_lowercase());
            }
            _ => return Scheme::Relative,
        }
    }
    Scheme::Relative
}

/// Browsers drop these before they look for a scheme.
fn is_ignored(char: char) -> bool {
    char.is_control()
        || char.is_whitespace()
        || matches!(char, '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

fn named(name: &str) -> Scheme {
    match name {
        "http" | "https" | "mailto" | "tel" => Scheme::External,
        _ => Scheme::Blocked,
    }
}

/// Returns an external target without the characters that browsers ignore, and with a scheme.
pub fn external_address(target: &str) -> String {
    let clean: String = target.trim().chars().filter(|char| !char.is_control()).collect();
    if clean.starts_with("//") { format!("https:{clean}") } else { clean }
}

/// Finds a web address that stands inside a target, behind what does not belong there.
pub fn address_inside(target: &str) -> Option<&str> {
    let start = ["https://", "http://"].iter().filter_map(|scheme| target.find(scheme)).min()?;
    let address = target[start..].trim_end_matches([']', ')', '>']);
    (start > 0).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_four_schemes_lead_outside() {
        let cases = [
            ("https://example.org/a:b", Scheme::External),
            ("HTTP://example.org", Scheme::External),
            ("//example.org/x", Scheme::External),
            ("mailto:a@example.org", Scheme::External),
            ("tel:+353", Scheme::External),
            ("a/b.md#c:d", Scheme::Relative),
            ("/a", Scheme::Relative),
            ("/a:b", Scheme::Relative),
            ("#a:b", Scheme::Relative),
            ("?q=a:b", Scheme::Relative),
            ("", Scheme::Relative),
            ("a b.md", Scheme::Relative),
            ("javascript:alert(1)", Scheme::Blocked),
            ("JaVaScRiPt:alert(1)", Scheme::Blocked),
            (" \u{1}java\tscript\n:alert(1)", Scheme::Blocked),
            ("java\u{0}script:alert(1)", Scheme::Blocked),
            ("java\u{200B}script:x", Scheme::Blocked),
            ("vbscript:x", Scheme::Blocked),
            ("data:text/html,x", Scheme::Blocked),
            ("blob:x", Scheme::Blocked),
            ("file:///etc/passwd", Scheme::Blocked),
            ("feed:javascript:x", Scheme::Blocked),
            (":x", Scheme::Blocked),
        ];
        for (target, expected) in cases {
            assert_eq!(scheme(target), expected, "{target:?}");
        }
    }
}
