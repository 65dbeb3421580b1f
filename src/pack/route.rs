//! Addresses inside a version folder: the file's own path, made portable.

use crate::slug::portable;
use crate::source::RepoPath;

/// Returns the address of a page: `runbooks/rb-002.html`; a `README` is the index of its folder.
pub fn of_page(path: &str) -> String {
    let path = RepoPath::new(path);
    let name = if path.stem().eq_ignore_ascii_case("readme") { "index" } else { path.stem() };
    let folder = path.folder();
    let parts = folder.split('/').filter(|part| !part.is_empty()).map(portable);
    parts.chain([format!("{}.html", portable(name))]).collect::<Vec<_>>().join("/")
}

/// Returns the address of a file that keeps its name.
pub fn of_file(path: &str) -> String {
    path.split('/').map(portable).collect::<Vec<_>>().join("/")
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
            ("0001-first.md", "0001-first.html"),
            ("%.md", "%.html"),
            ("a b/c?.md", "a b/c_3f.html"),
            ("con.md", "_con.html"),
        ] {
            assert_eq!(of_page(path), route, "{path}");
        }
    }
}
