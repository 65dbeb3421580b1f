//! Addresses inside a version folder: the file's own path, made portable.

use crate::source::RepoPath;

/// Names that Windows keeps for devices.
const RESERVED: &[&str] = &["con", "prn", "aux", "nul"];
/// The longest part of an address, in bytes.
const MAX_PART: usize = 120;

/// Returns the address of a page: `runbooks/rb-002.html`; a `README` is the index of its folder.
pub fn of_page(path: &str) -> String {
    let path = RepoPath::new(path);
    if stands_for_folder(&path) { named(&path, "index") } else { of_named_page(path.as_str()) }
}

/// Returns the address of a page under its own name, which a `README` beside an `index` keeps. Names such as
/// `about.html.md` already say what the page is called.
pub fn of_named_page(path: &str) -> String {
    let path = RepoPath::new(path);
    named(&path, path.stem().strip_suffix(".html").unwrap_or(path.stem()))
}

/// Tells whether a page is the index of its folder without being called so.
pub fn stands_for_folder(path: &RepoPath) -> bool {
    path.stem().eq_ignore_ascii_case("readme") || path.stem() == "_index"
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

/// Returns a name for the folder of a pack: lower case letters, digits and dashes.
pub fn slug(name: &str) -> String {
    let letters = name.to_lowercase();
    let words: Vec<&str> = letters
        .split(|letter: char| !letter.is_alphanumeric() && letter != '.' && letter != '_')
        .collect();
    let slug = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    portable(if slug.is_empty() { "pack" } else { &slug })
}

/// Makes one part of a path valid on every common file system; other letters stay as they are.
fn portable(part: &str) -> String {
    let mut name = String::with_capacity(part.len());
    for letter in part.chars() {
        if letter.is_control() || r#"<>:"|?*\/"#.contains(letter) {
            name.push_str(&format!("_{:02x}", u32::from(letter)));
        } else {
            name.push(letter);
        }
    }
    let trimmed = name.trim_end_matches(['.', ' ']).len();
    if trimmed < name.len() || name.is_empty() {
        name.truncate(trimmed);
        name.push('_');
    }
    let stem = name.split('.').next().unwrap_or_default().to_lowercase();
    let numbered = ["com", "lpt"].iter().any(|port| {
        stem.strip_prefix(port)
            .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit()))
    });
    if RESERVED.contains(&stem.as_str()) || numbered {
        name.insert(0, '_');
    }
    shorten(name)
}

/// Cuts a long name and adds a digest, so that two long names stay two.
fn shorten(name: String) -> String {
    if name.len() <= MAX_PART {
        return name;
    }
    let mut end = MAX_PART - 17;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}-{}", &name[..end], &blake3::hash(name.as_bytes()).to_hex()[..16])
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
            ("a/about.html.md", "a/about.html"),
            ("a/index.html.markdown", "a/index.html"),
            ("0001-first.md", "0001-first.html"),
            ("%.md", "%.html"),
            ("a b/c?.md", "a b/c_3f.html"),
            ("con.md", "_con.html"),
            ("com1.txt.md", "_com1.txt.html"),
            ("x. .md", "x_.html"),
        ] {
            assert_eq!(of_page(path), route, "{path}");
        }
        let long = |letter: &str| of_page(&format!("{}{letter}.md", "é".repeat(150)));
        assert!(long("a").len() < 140 && long("a") != long("b"));
    }
}
