//! Addresses inside a version folder: the file's own path, made portable.

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use crate::slug::portable;
use crate::source::RepoPath;

/// What the site writes beside the pages, where it is not HTML.
const OF_THE_SITE: &[&str] = &[
    "404.html",
    "completeness.json",
    "decision-log.csv",
    "decision-log.json",
    "trace.json",
    "nav.js",
    "readymark-manifest.json",
    "schemas/decision-log-1.json",
    "version.css",
    "version.js",
    "versions.js",
];
/// Who has these addresses.
pub(super) const SITE: &str = "a file of the site itself";

/// Returns the address of a page: `runbooks/rb-002.html`; a `README` is the index of its folder.
pub fn of_page(path: &str) -> String {
    let path = RepoPath::new(path);
    // Servers look for `index.html`, whatever letters the file is written in.
    let is_index = stands_for_folder(&path) || path.page_name().eq_ignore_ascii_case("index");
    if is_index { named(&path, "index") } else { of_named_page(path.as_str()) }
}

/// Returns the address of a page under its own name, which a `README` beside an `index` keeps. Names such as
/// `about.html.md` already say what the page is called.
pub fn of_named_page(path: &str) -> String {
    let path = RepoPath::new(path);
    named(&path, path.page_name())
}

/// Tells whether a page is the index of its folder without being called so.
pub fn stands_for_folder(path: &RepoPath) -> bool {
    path.page_name().eq_ignore_ascii_case("readme") || path.page_name() == "_index"
}

fn named(path: &RepoPath, name: &str) -> String {
    let folder = path.folder();
    let parts = folder.split('/').filter(|part| !part.is_empty()).map(portable);
    parts.chain([format!("{}.html", portable(name))]).collect::<Vec<_>>().join("/")
}

/// Returns the address of a file that keeps its name.
pub fn of_file(path: &str) -> String {
    path.split('/').map(portable).collect::<Vec<_>>().join("/")
}

/// Addresses in use inside one folder, without regard to the case and the form of letters: on some systems two that
/// differ in these only are one file.
#[derive(Debug)]
pub struct Taken {
    files: FxHashMap<String, String>,
    folders: FxHashMap<String, String>,
}

impl Default for Taken {
    fn default() -> Self {
        let files = OF_THE_SITE.iter().map(|route| ((*route).to_owned(), SITE.to_owned()));
        Self { files: files.collect(), folders: FxHashMap::default() }
    }
}

impl Taken {
    /// Takes an address for a file; returns who has it, or who is in its way, when it is not free.
    pub fn take(&mut self, route: &str, path: &RepoPath) -> Option<String> {
        let folded = folded(route);
        let folders: Vec<&str> = folded.match_indices('/').map(|(at, _)| &folded[..at]).collect();
        let in_the_way = folders.iter().find_map(|folder| self.files.get(*folder));
        let same = self.files.get(&folded).or_else(|| self.folders.get(&folded));
        if let Some(other) = same.or(in_the_way) {
            return Some(other.clone());
        }
        for folder in folders {
            self.folders.entry(folder.to_owned()).or_insert_with(|| path.to_string());
        }
        self.files.insert(folded, path.to_string());
        None
    }
}

/// Folds an address to the form in which two are compared.
pub fn folded(route: &str) -> String {
    if route.is_ascii() {
        return route.to_ascii_lowercase();
    }
    route.nfc().collect::<String>().to_lowercase().nfc().collect()
}

/// Encodes the parts of a route for use in `href` and `src`; slashes stay.
pub fn encode(route: &str) -> String {
    if route.bytes().all(is_plain) {
        return route.to_owned();
    }
    let mut out = String::with_capacity(route.len());
    for byte in route.bytes() {
        if is_plain(byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(digit(byte >> 4));
            out.push(digit(byte & 15));
        }
    }
    out
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~/@+".contains(&byte)
}

fn digit(value: u8) -> char {
    char::from_digit(u32::from(value), 16).map_or('0', |digit| digit.to_ascii_uppercase())
}

/// Returns an address for a page that cannot have its own.
pub fn page_apart(route: &str, path: &RepoPath) -> String {
    let (folder, name) = route.rsplit_once('/').unwrap_or(("", route));
    let stem = name.trim_end_matches(".html");
    let folder = folder.replace(".html", "-html");
    let slash = if folder.is_empty() { "" } else { "/" };
    format!("{folder}{slash}{stem}-{}.html", digest(path))
}

/// Returns an address for a file that cannot have its own.
pub fn file_apart(path: &RepoPath) -> String {
    format!("_files/{}-{}", digest(path), portable(path.name()))
}

fn digest(path: &RepoPath) -> String {
    blake3::hash(path.as_str().as_bytes()).to_hex()[..8].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_names_and_are_portable() {
        for (path, route) in [
            ("runbooks/RB-002-rollback.md", "runbooks/RB-002-rollback.html"),
            ("README.md", "index.html"),
            ("a/readme.md", "a/index.html"),
            ("a/_index.md", "a/index.html"),
            ("Index.md", "index.html"),
            ("a/about.html.md", "a/about.html"),
            ("a/index.html.markdown", "a/index.html"),
            ("a/index.html.md.erb", "a/index.html"),
            ("0001-first.md", "0001-first.html"),
            ("%.md", "%.html"),
            ("a b/c?.md", "a b/c_3f.html"),
            ("con.md", "_con.html"),
        ] {
            assert_eq!(of_page(path), route, "{path}");
        }
    }
}
