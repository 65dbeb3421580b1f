//! Old addresses that still lead somewhere: small pages that send readers on, also without JavaScript.

use std::collections::{BTreeMap, BTreeSet};

use super::address::{encode, up};
use super::{Lineage, Unit};
use crate::document::html::{Scheme, push_attribute, push_text, scheme};
use crate::serve::CSP;
use crate::source::RepoPath;

/// Pages at the addresses that documents of `latest` had in other versions, unless something else stands there now.
pub fn renamed(latest: &Unit, lineage: &[Lineage]) -> Vec<(String, Vec<u8>)> {
    let own = latest.lineage();
    let now: BTreeMap<&str, &str> =
        own.iter().map(|here| (here.document.as_str(), here.route.as_str())).collect();
    let mut taken: BTreeSet<&str> = latest.pages.iter().map(|page| page.route.as_str()).collect();
    let mut pages = Vec::new();
    for old in lineage {
        let Some(route) = now.get(old.document.as_str()) else { continue };
        if taken.insert(&old.route) {
            pages.push((
                old.route.clone(),
                page(&old.route, &format!("{}{}", up(&old.route), encode(route))),
            ));
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
    let mut href = String::new();
    push_attribute(&mut href, target);
    let mut name = String::new();
    push_text(&mut name, route);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{CSP}\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={href}\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <link rel=\"canonical\" href=\"{href}\">\n<title>Moved: {name}</title>\n</head>\n<body>\n\
         <main>\n<h1>This page has moved</h1>\n<p><a href=\"{href}\">Go to its new address</a></p>\n</main>\n</body>\n</html>\n"
    )
    .into_bytes()
}
