//! Finds mail addresses: what looks like one, and the registered ones however they look.

use std::collections::BTreeSet;
use std::ops::Range;

use super::letters::Letter;

/// Returns the places of addresses among letters.
pub(super) fn find(letters: &[Letter], registered: &BTreeSet<String>) -> Vec<Range<usize>> {
    let signs = letters.iter().enumerate().filter(|(_, letter)| letter.sign == '@');
    signs.filter_map(|(at, _)| around(letters, at, registered)).collect()
}

fn around(letters: &[Letter], at: usize, registered: &BTreeSet<String>) -> Option<Range<usize>> {
    let sign = |at: usize| letters.get(at).map(|letter| letter.sign);
    let is_local = |sign: char| sign.is_alphanumeric() || "._+-'%".contains(sign);
    let is_domain = |sign: char| sign.is_alphanumeric() || "._-".contains(sign);
    let before = letters[..at].iter().rev().take_while(|letter| is_local(letter.sign)).count();
    let after = letters[at + 1..].iter().take_while(|letter| is_domain(letter.sign)).count();
    let (mut start, mut end) = (at - before, at + 1 + after);
    while start < at && sign(start).is_some_and(|sign| !sign.is_alphanumeric()) {
        start += 1;
    }
    while end > at + 1 && sign(end - 1).is_some_and(|sign| !sign.is_alphanumeric()) {
        end -= 1;
    }
    let local: String = letters[start..at].iter().map(|letter| letter.sign).collect();
    let domain: String = letters[at + 1..end].iter().map(|letter| letter.sign).collect();
    let known = registered.contains(&format!("{local}@{domain}").to_lowercase());
    let in_address =
        start >= 3 && (1..=3).map(|back| sign(start - back)).eq([Some('/'), Some('/'), Some(':')]);
    let is_remote = in_address || (local == "git" && sign(end) == Some(':'));
    if local.is_empty() || !(known || (looks_like_domain(&domain) && !is_remote)) {
        return None;
    }
    let bracketed = start > 0 && sign(start - 1) == Some('<') && sign(end) == Some('>');
    Some(if bracketed { start - 1..end + 1 } else { start..end })
}

/// Tells `example.org` from `2x.png` of a picture for dense screens and from a version.
fn looks_like_domain(domain: &str) -> bool {
    let Some((names, top)) = domain.rsplit_once('.') else { return false };
    let is_density = names
        .strip_suffix('x')
        .is_some_and(|number| number.bytes().all(|digit| digit.is_ascii_digit()));
    let is_top = top.chars().count() >= 2 && top.chars().all(char::is_alphabetic);
    is_top && !is_density && !names.is_empty()
}
