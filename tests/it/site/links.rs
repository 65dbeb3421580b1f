//! Every link leads to a file of the site, from wherever the page lies.

use readymark::source::RepoPath;

use super::{Files, is_page, site, text};

/// Lists the values of `href` and `src`.
fn addresses(page: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for name in [" href=\"", " src=\""] {
        found.extend(page.split(name).skip(1).filter_map(|rest| rest.split('"').next()));
    }
    found
}

/// Follows a relative address; nothing when it leaves the site.
fn follow(from: &str, address: &str) -> Option<String> {
    let (path, _) = address.split_once('#').unwrap_or((address, ""));
    if path.is_empty() {
        return Some(from.to_owned());
    }
    let folder = RepoPath::new(from).folder().to_owned();
    Some(RepoPath::resolve(&folder, path)?.to_string())
}

fn is_outward(address: &str) -> bool {
    ["https://", "mailto:", "tel:"].iter().any(|scheme| address.starts_with(scheme))
}

fn check(files: &Files, route: &str) -> usize {
    let page = text(files, route);
    let inward: Vec<&str> =
        addresses(&page).into_iter().filter(|address| !is_outward(address)).collect();
    for address in &inward {
        let target =
            follow(route, address).unwrap_or_else(|| panic!("{route} leaves the site: {address}"));
        assert!(files.contains_key(&target), "{route}: {address} is {target}");
        if let Some((_, anchor)) = address.split_once('#').filter(|(_, anchor)| !anchor.is_empty())
        {
            assert!(
                text(files, &target).contains(&format!("id=\"{anchor}\"")),
                "{route}: {address}"
            );
        }
    }
    inward.len()
}

#[test]
fn every_relative_link_leads_to_a_file_and_every_anchor_to_a_place() {
    let files = site();
    // The 404 page is served at any depth and links from the site's address.
    let pages = files.keys().filter(|route| is_page(route) && *route != "404.html");
    let links: usize = pages.map(|route| check(&files, route)).sum();
    assert!(links > 500, "{links}");
    assert!(text(&files, "404.html").contains("https://packs.example/site/assets/style.css"));
}

#[test]
fn the_switcher_finds_the_document_in_each_version() {
    let files = site();
    let page = text(&files, "agent-copilot/v0.1.0/runbooks/rb-001.html");
    let (_, rest) = page.split_once("data-shard=\"").expect("a shard");
    let shard = rest.split('"').next().expect("a value");
    let script = text(&files, &format!("lineage/{shard}.js"));
    assert!(page.contains("data-document=\"agent-copilot:RB-001\""));
    let expected = r#""agent-copilot:RB-001":[[["v0.1.0","runbooks/rb-001.html","#;
    let (_, rest) = script.split_once(expected).expect(&script);
    let (token, rest) = rest.split_at(10);
    assert!(token.starts_with('"') && token.ends_with('"'), "{script}");
    assert!(rest.starts_with("]]]"), "the same text goes on: {script}");
    let versions = text(&files, "versions.js");
    assert!(versions.starts_with("window.readymarkVersions = {\"agent-copilot\":"), "{versions}");
    assert!(versions.contains("\"latest\":\"v0.2.0\""), "{versions}");
}
