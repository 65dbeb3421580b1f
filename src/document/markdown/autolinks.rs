//! Addresses in running text that become links without any markup, as GitHub's extension of Markdown has them: with
//! `http` or `https`, with `www.`, and of mail. Where it differs: `host:path` after a mail address is how Git names a
//! place, so that no mail address is found there.

use std::ops::Range;

/// Finds an address around the colon of `http://` or `https://`; final punctuation is not part of it.
pub(super) fn address(text: &str, from: usize, colon: usize) -> Option<Range<usize>> {
    let before = &text[from..colon];
    let ends_with = |scheme: &&str| ends_with_word(before, scheme);
    let scheme = ["https", "http"].into_iter().find(ends_with)?;
    let start = colon - scheme.len();
    if text[..start].ends_with(char::is_alphanumeric) || !text[colon..].starts_with("://") {
        return None;
    }
    let rest = &text[colon + 3..];
    has_host(rest).then(|| start..colon + 3 + trim(until_space(rest)).len())
}

/// Finds an address that begins with `www.` at `start`.
pub(super) fn www(text: &str, from: usize, start: usize) -> Option<Range<usize>> {
    let opens = |char: char| char.is_whitespace() || "*_~(".contains(char);
    let free = text[..start].chars().next_back().is_none_or(opens);
    let rest = text[start..].strip_prefix("www.").filter(|_| free && from <= start)?;
    has_host(rest).then(|| start..start + 4 + trim(until_space(rest)).len())
}

/// Finds a mail address around its `@`, with `mailto:` when that stands before it.
pub(super) fn mail(text: &str, from: usize, at: usize) -> Option<Range<usize>> {
    let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_+".contains(byte);
    let is_host = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_".contains(byte);
    let bytes = text.as_bytes();
    let name = bytes[from..at].iter().rev().take_while(|byte| is_local(byte)).count();
    let length = bytes[at + 1..].iter().take_while(|byte| is_host(byte)).count();
    let host = text[at + 1..at + 1 + length].trim_end_matches('.');
    let (start, end) = (at - name, at + 1 + host.len());
    let whole = !host.ends_with(['-', '_']) && host.contains('.') && !host.starts_with('.');
    let before = text[..start].chars().next_back();
    let apart = before.is_none_or(|char| !char.is_alphanumeric() && char != '/');
    let after = &text[end..];
    let is_place = after.strip_prefix(':').is_some_and(|path| {
        path.starts_with(|char: char| char.is_alphanumeric() || "~/_.".contains(char))
    });
    let named = bytes[start..at].iter().any(u8::is_ascii_alphanumeric);
    if !named || !whole || !apart || is_place || after.starts_with('@') {
        return None;
    }
    let scheme = "mailto:";
    let has_scheme = ends_with_word(&text[from..start], scheme);
    Some(if has_scheme { start - scheme.len()..end } else { start..end })
}

/// Tells whether a text ends with some ASCII letters, of either case.
fn ends_with_word(text: &str, word: &str) -> bool {
    let start = text.len().checked_sub(word.len());
    start.is_some_and(|start| text.as_bytes()[start..].eq_ignore_ascii_case(word.as_bytes()))
}

fn until_space(text: &str) -> &str {
    let ends = |char: char| char.is_whitespace() || char == '<' || char.is_control();
    &text[..text.find(ends).unwrap_or(text.len())]
}

/// A host's name is no longer than this.
const LONGEST: usize = 253;

/// Tells whether an address begins with a host, whose last two parts have no underscore. This is asked before the end of
/// the address is looked for, so that what is none costs little.
fn has_host(address: &str) -> bool {
    if !address.starts_with(|char: char| char.is_alphanumeric() || char == '[') {
        return false;
    }
    let is_part =
        |byte: &u8| !byte.is_ascii() || byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let length = address.bytes().take(LONGEST + 1).take_while(is_part).count();
    let name = address.get(..length).filter(|_| length <= LONGEST).unwrap_or("_");
    name.trim_end_matches('.').rsplit('.').take(2).all(|part| !part.contains('_'))
}

/// Drops what belongs to the sentence: punctuation, brackets without their opening, what looks like an entity.
fn trim(address: &str) -> &str {
    let mut kept = address;
    let mut surplus = memchr::memchr_iter(b')', kept.as_bytes())
        .count()
        .saturating_sub(memchr::memchr_iter(b'(', kept.as_bytes()).count());
    loop {
        let trimmed = kept
            .trim_end_matches(['?', '!', '.', ',', ':', '*', '_', '~', '\'', '"', '|', ']', '}']);
        let inner = match trimmed.strip_suffix(')') {
            Some(inner) if surplus > 0 => {
                surplus -= 1;
                Some(inner)
            }
            _ => trimmed.strip_suffix(';').map(without_entity),
        };
        let Some(inner) = inner else { return trimmed };
        kept = inner;
    }
}

/// Drops `&name` from the end.
fn without_entity(text: &str) -> &str {
    let name = text.trim_end_matches(|char: char| char.is_ascii_alphanumeric());
    name.strip_suffix('&').filter(|_| name.len() < text.len()).unwrap_or(text)
}
