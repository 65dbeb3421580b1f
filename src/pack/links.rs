//! Where links and relations lead: ids, wiki links, relative paths and anchors, looked up in what the snapshot holds.

use super::{Artifact, BrokenRelation, Folders, Names, Outgoing, Pack, Relation, RowPlace, Target};
use crate::document::{Link, LinkForm};
use crate::kinds::{self, ColumnSpec, Form, Kind};
use crate::source::{RepoPath, Snapshot, is_markdown};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// File types that a site may offer: nothing that a browser would run. Pictures are judged by their bytes too, see
/// `asset.rs`.
const OFFERED: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "ico", "svg", "pdf", "csv", "tsv", "txt",
    "log", "json", "toml", "yaml", "yml", "zip", "gz", "tgz", "ods", "odt", "odp", "xlsx", "docx",
    "pptx", "drawio", "puml", "mp4", "webm", "mp3", "ogg", "ics", "diff", "patch",
];

/// Looks up what a link may name.
pub struct AddressBook<'a> {
    /// The kinds, whose fields may be relations.
    pub kinds: &'a [Kind],
    /// The packs.
    pub packs: &'a [Arc<Pack>],
    /// The packs by their folders.
    pub folders: &'a Folders,
    /// The addresses inside each pack.
    pub names: &'a [Arc<Names>],
    /// The first artifact of each pack.
    pub starts: &'a [usize],
    /// The files of the repository.
    pub snapshot: &'a Snapshot,
}

impl AddressBook<'_> {
    /// Finds an artifact or a row by `RB-004` or `pack:RB-004`, seen from pack `from`.
    fn id(&self, from: usize, name: &str) -> Option<(usize, Option<&RowPlace>)> {
        let (pack, id) = match name.split_once(':') {
            Some((pack, id)) => (self.packs.iter().position(|known| known.id == pack)?, id),
            None => (from, name),
        };
        let (names, id) = (&self.names[pack], id.trim().to_lowercase());
        let document = names.ids.get(&id).map(|at| (*at, None));
        let row = || names.rows.get(&id).map(|row| (row.artifact, Some(row)));
        let (at, row) = document.or_else(row)?;
        Some((self.starts[pack] + at, row))
    }

    /// Finds where everything leads that artifact `at` names.
    pub fn outgoing(&self, from: &Artifact, at: usize) -> Outgoing {
        let links = from.document.links.iter();
        let mut outgoing = Outgoing {
            targets: links.map(|link| self.find(from, at, link)).collect(),
            ..Outgoing::default()
        };
        self.relate(from, at, &mut outgoing);
        self.relate_rows(from, at, &mut outgoing);
        let own = self.starts[from.pack]..self.starts[from.pack + 1];
        let related = outgoing.relations.iter().map(|relation| relation.to);
        let all = outgoing.linked().chain(related);
        outgoing.abroad = all.filter(|to| !own.contains(to)).collect();
        outgoing
    }

    /// Resolves the ids in relation fields, of the kind and of the common vocabulary.
    fn relate(&self, artifact: &Artifact, from: usize, outgoing: &mut Outgoing) {
        let fields = &artifact.document.front_matter;
        for (field, form) in kinds::relation_fields(&self.kinds[artifact.kind], fields) {
            let Form::Relation { name, inverse, kinds } = form else { continue };
            for (text, span) in field.value.texts() {
                match self.id(artifact.pack, text) {
                    Some((to, row)) => outgoing.relations.push(Relation {
                        from,
                        from_row: None,
                        name: name.clone(),
                        inverse: inverse.clone(),
                        to,
                        to_row: row.map(|row| row.row),
                        span: span.clone(),
                        kinds: kinds.clone(),
                    }),
                    None => outgoing.broken.push(BrokenRelation {
                        from,
                        name: name.clone(),
                        target: text.to_owned(),
                        span: span.clone(),
                    }),
                }
            }
        }
    }

    /// Takes the links in cells of columns that are relations as relations of their rows.
    fn relate_rows(&self, artifact: &Artifact, from: usize, outgoing: &mut Outgoing) {
        let kind = &self.kinds[artifact.kind];
        if !kind.tables.iter().flat_map(|table| &table.columns).any(is_relation) {
            return;
        }
        let rows: FxHashMap<usize, usize> =
            artifact.records.iter().enumerate().map(|(at, one)| (one.row.start, at)).collect();
        let mut places: Vec<usize> = (0..outgoing.targets.len()).collect();
        places.sort_by_key(|at| artifact.document.links[*at].span.start);
        for table in kind.tables_of(&artifact.document) {
            let columns = table.spec.columns.iter().zip(&table.columns);
            let related = columns.filter(|(column, _)| is_relation(column));
            let related: Vec<(&Form, usize)> =
                related.filter_map(|(column, at)| Some((&column.form, (*at)?))).collect();
            for row in table.table.rows.iter().filter(|_| !related.is_empty()) {
                let own = (from, rows.get(&row.span.start).copied());
                for (form, at) in &related {
                    let Some(cell) = row.cells.get(*at).map(|cell| &cell.span) else { continue };
                    let start = |at: &usize| artifact.document.links[*at].span.start;
                    let first = places.partition_point(|at| start(at) < cell.start);
                    let inside = places[first..].iter().take_while(|at| start(at) < cell.end);
                    let links =
                        inside.map(|at| (&artifact.document.links[*at], &outgoing.targets[*at]));
                    let found = self.relate_cell(own, form, links);
                    outgoing.relations.extend(found);
                }
            }
        }
    }

    /// Makes relations of the links in a cell, each target once; a row that names itself leads nowhere.
    fn relate_cell<'l>(
        &self,
        (from, from_row): (usize, Option<usize>),
        form: &Form,
        links: impl Iterator<Item = (&'l Link, &'l Target)>,
    ) -> Vec<Relation> {
        let Form::Relation { name, inverse, kinds } = form else { return Vec::new() };
        let mut found: Vec<Relation> = Vec::new();
        for (link, target) in links {
            let Target::Artifact { artifact: to, anchor } = target else { continue };
            let (to, to_row) = (*to, self.row(*to, anchor));
            let is_own = to == from && (to_row.is_none() || to_row == from_row);
            if is_own || found.iter().any(|one| (one.to, one.to_row) == (to, to_row)) {
                continue;
            }
            found.push(Relation {
                from,
                from_row,
                name: name.clone(),
                inverse: inverse.clone(),
                to,
                to_row,
                span: link.span.clone(),
                kinds: kinds.clone(),
            });
        }
        found
    }

    /// Finds the row of an artifact that an anchor of its page leads to.
    fn row(&self, artifact: usize, anchor: &str) -> Option<usize> {
        let pack = self.starts.partition_point(|start| *start <= artifact).checked_sub(1)?;
        let place = self.names.get(pack)?.rows.get(&anchor.to_lowercase())?;
        (self.starts[pack] + place.artifact == artifact && place.anchor == anchor)
            .then_some(place.row)
    }

    /// Finds where a link of artifact `from` leads.
    fn find(&self, from: &Artifact, at: usize, link: &Link) -> Target {
        let target = link.target.as_str();
        match link.form {
            LinkForm::Mention => {
                self.id(from.pack, target).map_or(Target::NotALink, |(to, row)| place(to, row, ""))
            }
            LinkForm::Wiki { .. } => self.wiki(from, at, target),
            LinkForm::Inline | LinkForm::Image if is_external(target) => Target::External,
            LinkForm::Inline => self.relative(from, at, target),
            LinkForm::Image => match self.relative(from, at, target) {
                Target::Broken => self.relative(from, at, &format!("/{target}")),
                found => found,
            },
        }
    }

    fn wiki(&self, from: &Artifact, at: usize, target: &str) -> Target {
        let (name, anchor) = target.split_once('#').unwrap_or((target, ""));
        if name.is_empty() {
            return page(at, anchor);
        }
        match self.id(from.pack, name) {
            Some((to, row)) => place(to, row, anchor),
            None => self.relative(from, at, target),
        }
    }

    fn relative(&self, from: &Artifact, at: usize, target: &str) -> Target {
        let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
        let path = percent_decode(path.split('?').next().unwrap_or_default());
        let anchor = percent_decode(anchor);
        if path.is_empty() {
            return page(at, &anchor);
        }
        if path.starts_with('/') {
            self.site_root(from, &path, &anchor)
        } else {
            self.near(from, &path, &anchor)
        }
    }

    fn near(&self, from: &Artifact, path: &str, anchor: &str) -> Target {
        let root = &self.packs[from.pack].folder;
        let Some(wanted) = RepoPath::resolve(from.path.folder(), path) else {
            return self.stopped(from, path, anchor).unwrap_or(Target::Outside);
        };
        let found = self.at(&wanted, anchor);
        let found = found.or_else(|| self.climbed(from, path, anchor));
        let found = found.or_else(|| self.without_slash(from, path, anchor));
        if let Some(found) = found.or_else(|| self.stopped(from, path, anchor)) {
            return found;
        }
        let leaves_book = self.packs[from.pack].summary_order.is_some() && !wanted.is_inside(root);
        if self.snapshot.holds_folder(wanted.as_str()) || leaves_book {
            Target::Outside
        } else {
            Target::Broken
        }
    }

    /// Many generators publish `a.md` as `a/`; links written for them start one folder deeper.
    fn climbed(&self, from: &Artifact, path: &str, anchor: &str) -> Option<Target> {
        let own = from.path.as_str().strip_suffix(".md")?;
        self.at(&RepoPath::resolve(own, path)?, anchor)
    }

    /// The index of a folder may be served without the slash behind it; links written for that start one folder higher.
    fn without_slash(&self, from: &Artifact, path: &str, anchor: &str) -> Option<Target> {
        let (folder, is_index) = (from.path.folder(), from.path.page_name() == "index");
        let parent = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
        let wanted = RepoPath::resolve(parent, path).filter(|_| is_index && !folder.is_empty())?;
        self.at(&wanted, anchor).filter(|target| matches!(target, Target::Artifact { .. }))
    }

    /// Browsers stop at the root of a site: in a plain book what climbs beyond it is meant from there.
    fn stopped(&self, from: &Artifact, path: &str, anchor: &str) -> Option<Target> {
        let pack = &self.packs[from.pack];
        let below = from.path.folder().strip_prefix(pack.folder.as_str())?;
        let depth = below.split('/').filter(|part| !part.is_empty()).count();
        let ups = path.split('/').take_while(|part| *part == "..").count();
        let rest = path.get(ups * "../".len()..).filter(|_| ups > depth && !pack.declared)?;
        self.at(&RepoPath::resolve(&pack.folder, rest)?, anchor)
    }

    /// A target that starts with `/` is meant from the root of the site, which the repository may keep in a folder
    /// of its own (`docs/`, `content/`): the outermost folder above the page that has the target counts. Where none of
    /// the pack's folders has it, it is meant from the root of the repository, as forges show it.
    fn site_root(&self, from: &Artifact, path: &str, anchor: &str) -> Target {
        let root = &self.packs[from.pack].folder;
        let below = from.path.folder().strip_prefix(root.as_str()).unwrap_or_default();
        let inner = below.match_indices('/').map(|(at, _)| root.len() + at);
        let ends = [root.len()].into_iter().chain(inner).chain([from.path.folder().len(), 0]);
        let folders = ends.map(|end| &from.path.as_str()[..end]);
        let wanted: Vec<RepoPath> =
            folders.filter_map(|folder| RepoPath::resolve(folder, path)).collect();
        if wanted.is_empty() {
            return Target::Outside;
        }
        let found = wanted.iter().find_map(|wanted| self.at(wanted, anchor));
        let is_folder = || wanted.iter().any(|wanted| self.snapshot.holds_folder(wanted.as_str()));
        found.unwrap_or_else(|| if is_folder() { Target::Outside } else { Target::Broken })
    }

    /// Finds the page or the file at a path; a file that another program makes (`a.csv` from `a.csv.erb`) is not published.
    fn at(&self, path: &RepoPath, anchor: &str) -> Option<Target> {
        if let Some(found) = self.page(path) {
            return Some(page(found, anchor));
        }
        let Some(file) = self.snapshot.file(path.as_str()) else {
            let source = self.snapshot.file(&format!("{path}.erb"));
            return source.map(|_| Target::Outside);
        };
        Some(match (is_shown(&file.path), is_hidden(&file.path)) {
            (true, true) => Target::Hidden,
            (_, false) if is_offered(&file.path) => Target::Asset(file.path.clone()),
            _ => Target::Outside,
        })
    }

    /// Finds the page of a path, also without its extension, by its address, or as the index of a folder.
    fn page(&self, path: &RepoPath) -> Option<usize> {
        let exact = |path: &RepoPath| {
            let pack = self.folders.holding(path).next()?;
            Some(self.starts[pack] + self.names[pack].paths.get(path)?)
        };
        let named = || exact(&RepoPath::new(&format!("{path}.md")));
        exact(path).or_else(named).or_else(|| self.address(path))
    }

    fn address(&self, path: &RepoPath) -> Option<usize> {
        // A folder belongs to the pack that it is the folder of.
        let inner = RepoPath::new(&join(path.as_str(), "index.html"));
        let pack = self.folders.holding(&inner).next()?;
        let inside = path.strip(&self.packs[pack].folder).unwrap_or_default();
        let routes = &self.names[pack].routes;
        let found = routes
            .get(inside)
            .or_else(|| routes.get(&format!("{inside}.html")))
            .or_else(|| routes.get(&join(inside, "index.html")));
        found.map(|at| self.starts[pack] + at)
    }
}

fn is_relation(column: &ColumnSpec) -> bool {
    matches!(column.form, Form::Relation { .. })
}

/// The place of what an id names; a row is its own anchor.
fn place(artifact: usize, row: Option<&RowPlace>, anchor: &str) -> Target {
    page(artifact, row.map_or(anchor, |row| &row.anchor))
}

fn page(artifact: usize, anchor: &str) -> Target {
    Target::Artifact { artifact, anchor: anchor.to_owned() }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
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
    has_offered_type(path) && !is_hidden(path)
}

fn has_offered_type(path: &RepoPath) -> bool {
    OFFERED.iter().any(|extension| path.extension().eq_ignore_ascii_case(extension))
}

/// Tells whether a file has a type that a site shows or offers.
fn is_shown(path: &RepoPath) -> bool {
    has_offered_type(path) || is_markdown(path.as_str())
}

/// Tells whether a name in the path begins with a dot, as those of settings and secrets do.
fn is_hidden(path: &RepoPath) -> bool {
    path.as_str().split('/').any(|part| part.starts_with('.'))
}

/// Decodes `%20` and its like; what is not UTF-8 afterwards stays as written.
pub(crate) fn percent_decode(text: &str) -> String {
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
