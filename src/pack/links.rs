//! Where links lead: ids, wiki links, relative paths and anchors, looked up in what the snapshot holds.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{Artifact, Asset, Pack, Packs, Target};
use crate::document::{Link, LinkForm};
use crate::source::{File, RepoPath, Snapshot};

/// File types that a site may offer: nothing that a browser would run. Pictures are judged by their bytes too, see
/// `asset.rs`.
const OFFERED: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "ico", "svg", "pdf", "csv", "tsv", "txt",
    "log", "json", "toml", "yaml", "yml", "zip", "gz", "tgz", "ods", "odt", "odp", "xlsx", "docx",
    "pptx", "drawio", "puml", "mp4", "webm", "mp3", "ogg", "ics", "diff", "patch",
];

/// Looks up what a link may name.
pub struct AddressBook<'a> {
    packs: &'a [Pack],
    snapshot: &'a Snapshot,
    by_path: FxHashMap<&'a str, usize>,
    by_route: FxHashMap<(usize, &'a str), usize>,
    by_id: FxHashMap<(usize, String), usize>,
}

impl<'a> AddressBook<'a> {
    /// Gathers paths and ids. Of two artifacts with one id the first is found; a rule tells about the other.
    pub fn new(packs: &'a [Pack], artifacts: &'a [Artifact], snapshot: &'a Snapshot) -> Self {
        let by_path = artifacts
            .iter()
            .enumerate()
            .map(|(at, artifact)| (artifact.path.as_str(), at))
            .collect();
        let by_route = artifacts
            .iter()
            .enumerate()
            .map(|(at, artifact)| ((artifact.pack, artifact.route.as_str()), at))
            .collect();
        let mut by_id = FxHashMap::default();
        for (at, artifact) in artifacts.iter().enumerate().filter(|(_, artifact)| artifact.has_id) {
            by_id.entry((artifact.pack, artifact.id.to_lowercase())).or_insert(at);
        }
        Self { packs, snapshot, by_path, by_route, by_id }
    }

    /// Finds an artifact by `RB-004` or `pack:RB-004`, seen from pack `from`.
    pub fn id(&self, from: usize, name: &str) -> Option<usize> {
        let (pack, id) = match name.split_once(':') {
            Some((pack, id)) => (self.packs.iter().position(|known| known.id == pack)?, id),
            None => (from, name),
        };
        self.by_id.get(&(pack, id.trim().to_lowercase())).copied()
    }

    /// Finds where a link of artifact `from` leads; an asset is named by its path.
    fn find(&self, from: &Artifact, at: usize, link: &Link) -> Found {
        let target = link.target.as_str();
        match link.form {
            LinkForm::Mention => self
                .id(from.pack, target)
                .map_or(Found::NotALink, |to| Found::Artifact(to, String::new())),
            LinkForm::Wiki { .. } => self.wiki(from, at, target),
            LinkForm::Inline | LinkForm::Image if is_external(target) => Found::External,
            LinkForm::Inline => self.relative(from, at, target),
            LinkForm::Image => match self.relative(from, at, target) {
                Found::Broken => self.relative(from, at, &format!("/{target}")),
                found => found,
            },
        }
    }

    fn wiki(&self, from: &Artifact, at: usize, target: &str) -> Found {
        let (name, anchor) = target.split_once('#').unwrap_or((target, ""));
        if name.is_empty() {
            return Found::Artifact(at, anchor.to_owned());
        }
        match self.id(from.pack, name) {
            Some(to) => Found::Artifact(to, anchor.to_owned()),
            None => self.relative(from, at, target),
        }
    }

    fn relative(&self, from: &Artifact, at: usize, target: &str) -> Found {
        let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
        let path = percent_decode(path.split('?').next().unwrap_or_default());
        let anchor = percent_decode(anchor);
        if path.is_empty() {
            return Found::Artifact(at, anchor);
        }
        if path.starts_with('/') {
            self.site_root(from, &path, &anchor)
        } else {
            self.near(from, &path, &anchor)
        }
    }

    fn near(&self, from: &Artifact, path: &str, anchor: &str) -> Found {
        let root = &self.packs[from.pack].folder;
        let Some(wanted) = RepoPath::resolve(from.path.folder(), path) else {
            return Found::Outside;
        };
        if let Some(found) = self.at(&wanted, anchor) {
            return found;
        }
        let leaves_book = self.packs[from.pack].summary_order.is_some() && !wanted.is_inside(root);
        if self.snapshot.holds_folder(wanted.as_str()) || leaves_book {
            Found::Outside
        } else {
            Found::Broken
        }
    }

    /// A target that starts with `/` is meant from the root of the site, which the repository may keep in a folder
    /// of its own (`docs/`, `content/`): the outermost folder above the page that has the target counts. Where none of
    /// the pack's folders has it, it is meant from the root of the repository, as forges show it.
    fn site_root(&self, from: &Artifact, path: &str, anchor: &str) -> Found {
        let root = &self.packs[from.pack].folder;
        let below = from.path.folder().strip_prefix(root.as_str()).unwrap_or_default();
        let inner = below.match_indices('/').map(|(at, _)| root.len() + at);
        let ends = [root.len()].into_iter().chain(inner).chain([from.path.folder().len(), 0]);
        let folders = ends.map(|end| &from.path.as_str()[..end]);
        let wanted: Vec<RepoPath> =
            folders.filter_map(|folder| RepoPath::resolve(folder, path)).collect();
        if wanted.is_empty() {
            return Found::Outside;
        }
        let found = wanted.iter().find_map(|wanted| self.at(wanted, anchor));
        let is_folder = || wanted.iter().any(|wanted| self.snapshot.holds_folder(wanted.as_str()));
        found.unwrap_or_else(|| if is_folder() { Found::Outside } else { Found::Broken })
    }

    /// Finds the page or the file at a path; a file that another program makes (`a.csv` from `a.csv.erb`) is not published.
    fn at(&self, path: &RepoPath, anchor: &str) -> Option<Found> {
        if let Some(page) = self.page(path) {
            return Some(Found::Artifact(page, anchor.to_owned()));
        }
        let Some(file) = self.snapshot.file(path.as_str()) else {
            let source = self.snapshot.file(&format!("{path}.erb"));
            return source.map(|_| Found::Outside);
        };
        Some(if is_offered(&file.path) { Found::File(file.clone()) } else { Found::Outside })
    }

    /// Finds the page of a path, also without its extension, by its address, or as the index of a folder.
    fn page(&self, path: &RepoPath) -> Option<usize> {
        let exact = |path: &str| self.by_path.get(path).copied();
        exact(path.as_str()).or_else(|| exact(&format!("{path}.md"))).or_else(|| self.address(path))
    }

    fn address(&self, path: &RepoPath) -> Option<usize> {
        let packs = (0..self.packs.len()).filter(|at| {
            let folder = &self.packs[*at].folder;
            path.as_str() == folder || path.is_inside(folder)
        });
        let pack =
            packs.max_by_key(|at| (self.packs[*at].folder.len(), self.packs[*at].declared))?;
        let inside = path.strip(&self.packs[pack].folder).unwrap_or_default();
        let at = |route: &str| self.by_route.get(&(pack, route)).copied();
        at(inside)
            .or_else(|| at(&format!("{inside}.html")))
            .or_else(|| at(&join(inside, "index.html")))
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

enum Found {
    External,
    Artifact(usize, String),
    File(File),
    Outside,
    Broken,
    NotALink,
}

/// Resolves every link of every artifact and collects the assets that they lead to.
pub fn resolve(packs: &mut Packs, snapshot: &Snapshot) {
    let found: Vec<Vec<Found>> = {
        let book = AddressBook::new(&packs.packs, &packs.artifacts, snapshot);
        packs
            .artifacts
            .par_iter()
            .enumerate()
            .map(|(at, artifact)| {
                artifact.document.links.iter().map(|link| book.find(artifact, at, link)).collect()
            })
            .collect()
    };
    let mut assets: FxHashMap<(usize, RepoPath), usize> = FxHashMap::default();
    let mut targets = Vec::with_capacity(found.len());
    for (at, links) in found.into_iter().enumerate() {
        let pack = packs.artifacts[at].pack;
        targets
            .push(links.into_iter().map(|found| settle(found, pack, packs, &mut assets)).collect());
    }
    packs.targets = targets;
    packs.back_links = back_links(&packs.targets);
}

fn settle(
    found: Found,
    pack: usize,
    packs: &mut Packs,
    known: &mut FxHashMap<(usize, RepoPath), usize>,
) -> Target {
    match found {
        Found::External => Target::External,
        Found::Artifact(artifact, anchor) => Target::Artifact { artifact, anchor },
        Found::Outside => Target::Outside,
        Found::Broken => Target::Broken,
        Found::NotALink => Target::NotALink,
        Found::File(file) => {
            let next = packs.assets.len();
            let at = *known.entry((pack, file.path.clone())).or_insert(next);
            if at == next {
                let inside = file.path.strip(&packs.packs[pack].folder).map(super::route::of_file);
                let route = inside.unwrap_or_else(|| {
                    format!("_files/{}", super::route::of_file(file.path.as_str()))
                });
                packs.assets.push(Asset { file, pack, route });
            }
            Target::Asset(at)
        }
    }
}

/// For each artifact, who links to it, once each and never itself.
fn back_links(targets: &[Vec<Target>]) -> Vec<Vec<usize>> {
    let mut back = vec![Vec::new(); targets.len()];
    for (from, links) in targets.iter().enumerate() {
        for target in links {
            if let Target::Artifact { artifact, .. } = target
                && *artifact != from
                && back[*artifact].last() != Some(&from)
            {
                back[*artifact].push(from);
            }
        }
    }
    back
}

/// Tells whether a target has a scheme or names a host.
pub fn is_external(target: &str) -> bool {
    if target.starts_with("//") {
        return true;
    }
    let Some((scheme, _)) = target.split_once(':') else { return false };
    scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
}

/// Tells whether a file may be offered by the site.
pub fn is_offered(path: &RepoPath) -> bool {
    OFFERED.iter().any(|extension| path.extension().eq_ignore_ascii_case(extension))
        && !path.as_str().split('/').any(|part| part.starts_with('.'))
}

/// Decodes `%20` and its like; what is not UTF-8 afterwards stays as written.
fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let decoded = byte.filter(|_| first == b'%');
        bytes.push(decoded.unwrap_or(first));
        rest = if decoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
