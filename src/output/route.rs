//! Which addresses a file of a site may have: relative, without `..`, and valid on every file system.

use std::collections::BTreeMap;
use std::ops::Bound::{Included, Unbounded};

use crate::Failure;
use crate::slug::is_reserved;

/// Checks a route such as `agent/v1/index.html`.
pub(super) fn check(route: &str) -> Result<(), Failure> {
    match route.split('/').find_map(fault) {
        None if route.len() <= 1000 => Ok(()),
        fault => Err(Failure::new(format!(
            "the address “{}” cannot be a file: {}",
            route.escape_debug(),
            fault.unwrap_or("it is longer than 1000 bytes")
        ))
        .help("give the page another name")),
    }
}

/// Says what is wrong with one part of a route.
fn fault(part: &str) -> Option<&'static str> {
    let forbidden = |c: char| c.is_control() || r#"\:*?"<>|"#.contains(c);
    if part.is_empty() {
        Some("a part of it is empty")
    } else if part == "." || part == ".." {
        Some("it holds “.” or “..”")
    } else if part.chars().any(forbidden) {
        Some("it holds a character that not every system allows")
    } else if part.ends_with(['.', ' ']) {
        Some("a part of it ends with a dot or a space")
    } else if part.len() > 240 {
        Some("a part of it is longer than 240 bytes")
    } else {
        is_reserved(part).then_some("a part of it is a name that Windows keeps for devices")
    }
}

/// Tells whether `route` is `folder` or lies inside it; everything lies inside `""`.
pub(super) fn is_within(route: &str, folder: &str) -> bool {
    folder.is_empty()
        || route.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Finds the outermost folder that is or holds `route`; `""` holds everything.
pub(super) fn holder(route: &str, is_one: impl Fn(&str) -> bool) -> Option<&str> {
    let inner = route.match_indices('/').map(|(at, _)| &route[..at]);
    [""].into_iter().chain(inner).chain([route]).find(|folder| is_one(folder))
}

/// Finds a folder that is `route`, holds it or lies in it.
pub(super) fn overlap<'r, V>(folders: &'r BTreeMap<String, V>, route: &'r str) -> Option<&'r str> {
    let prefix = prefix(route);
    let inner = folders.range::<str, _>((Included(&*prefix), Unbounded)).next();
    let inner = inner.filter(|(inner, _)| inner.starts_with(&prefix)).map(|(inner, _)| &**inner);
    inner.or_else(|| holder(route, |one| folders.contains_key(one)))
}

/// Where the routes inside a folder begin, when they are sorted.
pub(super) fn prefix(folder: &str) -> String {
    if folder.is_empty() { String::new() } else { format!("{folder}/") }
}

/// Joins a folder (`""`: none) and a route inside it.
pub(super) fn join(folder: &str, route: &str) -> String {
    if folder.is_empty() { route.to_owned() } else { format!("{folder}/{route}") }
}
