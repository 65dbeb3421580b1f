//! One pack's files to its artifacts: kinds, ids, titles, statuses and addresses. Reads nothing: the caller hands in the
//! scope and the parsed documents, and the part that the pack was before.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::kind_folders::KindFolders;
use super::scope::Scope;
use super::sidecar::Sidecar;
use super::{Artifact, Names, Pack, Summary, SummaryItem, locate, records, route};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::front_matter::State;
use crate::document::{Document, Heading, summary};
use crate::kinds;
use crate::rules::front_matter::UNREADABLE;
use crate::rules::{id as id_rules, settings as rules, source as source_rules};
use crate::settings::Settings;
use crate::source::{File, ObjectId, RepoPath};

/// A page's file and what was parsed from it.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The file.
    pub file: File,
    /// Names the text that was parsed: the blob, or a digest when other files were included.
    pub content: ObjectId,
    /// The result.
    pub document: Arc<Document>,
    /// What was found on the way.
    pub findings: Vec<Diagnostic>,
    /// The files that it asked for, and which bytes were there.
    pub included: Vec<Included>,
}

/// A file that a page includes, and its bytes when it is there.
pub type Included = (RepoPath, Option<ObjectId>);

/// One pack, gathered, with what it was made of.
#[derive(Debug)]
pub struct Part {
    /// The pack with its reading order, whose artifacts are places in `artifacts`.
    pub pack: Arc<Pack>,
    /// The artifacts, by path.
    pub artifacts: Vec<Arc<Artifact>>,
    /// Their addresses.
    pub names: Arc<Names>,
    /// Other files that the pack offers: a book all of its own, as mdBook does, a pack only those that a page leads to.
    pub offered: Vec<File>,
    /// The files that its pages include.
    pub included: Vec<Included>,
    /// What is wrong with the files, as far as one pack shows.
    pub findings: Vec<Diagnostic>,
    /// What is wrong with files that the readers may not see: for authors alone.
    pub withheld: Vec<Diagnostic>,
    /// How many of the artifacts are new.
    pub made: usize,
    /// Two files of one name, told when the addresses were settled.
    same_address: Vec<Diagnostic>,
}

/// What every pack of a snapshot is gathered under.
pub struct Gathering<'a> {
    scope: &'a Scope,
    settings: &'a Settings,
    folders: KindFolders,
}

impl<'a> Gathering<'a> {
    /// Takes the scope of a snapshot.
    pub fn new(scope: &'a Scope, settings: &'a Settings) -> Self {
        Self { scope, settings, folders: KindFolders::new(settings, &scope.kinds) }
    }

    /// Gathers pack `at`. `before` is the part that it was under the same `pack.toml`, kinds and settings; artifacts
    /// whose files did not change are taken over from it.
    pub fn part(
        &self,
        at: usize,
        mut pages: Vec<Parsed>,
        others: Vec<File>,
        before: Option<&Part>,
    ) -> Part {
        let facts = &self.scope.packs[at];
        let mut findings = Vec::new();
        let mut included = Vec::new();
        for page in &mut pages {
            included.append(&mut page.included);
        }
        let withheld = self.withhold(&mut pages, facts, &mut findings);
        for page in &mut pages {
            findings.append(&mut page.findings);
        }
        let mut made = 0;
        let mut artifacts: Vec<Arc<Artifact>> = Vec::with_capacity(pages.len());
        for page in pages {
            let sidecar = self.scope.sidecars.get(&page.file.path);
            let known = before.and_then(|before| before.artifact(&page, sidecar));
            made += usize::from(known.is_none());
            artifacts.push(known.unwrap_or_else(|| Arc::new(self.artifact(page, at))));
        }
        let same_address = settle(&mut artifacts, facts, before);
        findings.extend(same_address.iter().cloned());
        let mut pack = Arc::clone(facts);
        let mut offered = Vec::new();
        if let Some((path, lines)) = &self.scope.summaries[at] {
            let shown = lines.iter().filter(|line| !leads_to(path, line, &withheld.pages));
            let shown: Vec<summary::Line> = shown.cloned().collect();
            let summary = order(path, &shown, &artifacts, &mut findings);
            name_chapters(&summary, &mut artifacts);
            pack = Arc::new(Pack { summary_order: Some(summary), ..Pack::clone(facts) });
            offered = others;
            offered.retain(|file| !withheld.files.contains(&file.path));
        }
        let names = Arc::new(Names::new(&artifacts));
        let names = before
            .map(|before| &before.names)
            .filter(|known| **known == names)
            .cloned()
            .unwrap_or(names);
        let withheld = withheld.findings;
        Part { pack, artifacts, names, offered, included, findings, withheld, made, same_address }
    }
}

impl Part {
    /// Finds the artifact that the same bytes at the same place became.
    fn artifact(&self, page: &Parsed, sidecar: Option<&Arc<Sidecar>>) -> Option<Arc<Artifact>> {
        let known = &self.artifacts[*self.names.paths.get(&page.file.path)?];
        let is_same = known.blob == page.file.blob
            && known.content == page.content
            && known.origin == page.file.origin
            && known.sidecar.as_ref() == sidecar;
        is_same.then(|| Arc::clone(known))
    }

    /// Returns the pack with its reading order in terms of all artifacts, of which its own begin at `start`.
    pub fn pack_from(&self, start: usize) -> Arc<Pack> {
        if start == 0 || self.pack.summary_order.is_none() {
            return Arc::clone(&self.pack);
        }
        let mut pack = Pack::clone(&self.pack);
        for item in pack.summary_order.iter_mut().flat_map(|summary| &mut summary.items) {
            item.artifact = item.artifact.map(|at| at + start);
        }
        Arc::new(pack)
    }
}

/// What these readers may not see.
#[derive(Default)]
struct Withheld {
    pages: FxHashSet<RepoPath>,
    /// Files that the pages lead to.
    files: FxHashSet<RepoPath>,
    findings: Vec<Diagnostic>,
}

impl Gathering<'_> {
    /// Takes out what is not for the readers. What cannot be read is told without its words.
    fn withhold(
        &self,
        pages: &mut Vec<Parsed>,
        pack: &Pack,
        findings: &mut Vec<Diagnostic>,
    ) -> Withheld {
        let mut withheld = Withheld::default();
        pages.retain_mut(|page| {
            if self.may_see(page, pack, findings, &mut withheld.findings) {
                return true;
            }
            withheld.findings.append(&mut page.findings);
            let path = &page.file.path;
            let targets = page.document.links.iter().filter_map(|link| {
                let target = link.target.split(['#', '?']).next().unwrap_or_default();
                RepoPath::resolve(path.folder(), target)
            });
            withheld.files.extend(targets);
            withheld.pages.insert(path.clone());
            false
        });
        withheld
    }

    /// Tells whether a page is for the readers, and why not where that needs to be known.
    fn may_see(
        &self,
        page: &Parsed,
        pack: &Pack,
        findings: &mut Vec<Diagnostic>,
        withheld: &mut Vec<Diagnostic>,
    ) -> bool {
        let (document, path) = (&page.document, &page.file.path);
        let readers = self.scope.readers(self.settings.audience);
        let named = self.scope.contacts.are_in(path.as_str());
        let said = (&document.front_matter, &document.labels[..]);
        if readers.may_see(path, said, pack.classification.as_deref()) && !named {
            return true;
        }
        if named {
            let message = "the name holds addresses or telephone numbers";
            findings.push(source_rules::left_out(&source_rules::CONTACT, path, message));
        }
        let fields = &document.front_matter;
        if fields.state == State::Unreadable {
            let message = "cannot be read, so the page is not shown to the public";
            withheld.push(Diagnostic::new(&UNREADABLE, path, &fields.span, message));
        }
        false
    }
}

impl Gathering<'_> {
    fn artifact(&self, page: Parsed, at: usize) -> Artifact {
        let pack = &self.scope.packs[at];
        let kinds = &self.scope.kinds;
        let path = page.file.path;
        let fields = &page.document.front_matter;
        let stated = kinds::common_text(fields, "kind");
        let kind = self.folders.kind_of(&path, stated, pack.declared, kinds);
        let inside = path.strip(&pack.folder).unwrap_or(path.as_str()).to_owned();
        let id = kinds::common_text(fields, "id").map(str::to_owned);
        let sidecar = self.scope.sidecars.get(&path).cloned();
        let found = locate::facts(&kinds[kind], &page.document, sidecar.as_deref());
        Artifact {
            blob: page.file.blob,
            content: page.content,
            origin: page.file.origin,
            pack: at,
            kind,
            has_id: id.is_some(),
            title: title(&page.document, &path),
            status: found.status,
            status_span: found.status_span,
            owner: found.owner,
            located: found.located,
            sidecar,
            summary: summary_of(&page.document),
            route: route::of_page(&inside),
            records: records::of(&kinds[kind], &page.document),
            id: id.unwrap_or(inside),
            document: page.document,
            path,
        }
    }
}

fn title(document: &Document, path: &RepoPath) -> String {
    let stated = kinds::common_text(&document.front_matter, "title").map(str::to_owned);
    let heading = || {
        document
            .first_title()
            .map(|heading| heading.text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    stated.or_else(heading).unwrap_or_else(|| {
        let folder = path.folder().rsplit('/').next().unwrap_or_default();
        let is_index =
            ["index", "_index", "readme"].contains(&path.page_name().to_lowercase().as_str());
        let name = if is_index && !folder.is_empty() { folder } else { path.page_name() };
        name.replace(['-', '_'], " ")
    })
}

/// The summary field, or the first line of text that is no heading, cut at 200 letters.
fn summary_of(document: &Document) -> String {
    if let Some(text) = kinds::common_text(&document.front_matter, "summary") {
        return text.to_owned();
    }
    // A heading may have words of pictures that its text leaves out; its section starts behind its line.
    let is_heading = |(end, line): &(usize, &str)| {
        let is = |one: &Heading| one.words.start == *end || one.text.trim() == *line;
        document.headings.iter().any(is)
    };
    let mut lines = document.text.split_inclusive('\n').scan(0, |end, line| {
        *end += line.len();
        Some((*end, line.trim()))
    });
    let line = lines.find(|line| !line.1.is_empty() && !is_heading(line)).unwrap_or_default().1;
    match line.char_indices().nth(200) {
        Some((end, _)) => {
            format!("{}…", line[..end].rsplit_once(' ').map_or(&line[..end], |(whole, _)| whole))
        }
        None => line.to_owned(),
    }
}

/// A `README` beside an `index` keeps its own name: both are pages of their folder.
fn make_room_for_index(artifacts: &mut [Arc<Artifact>]) {
    let is_guest = |at: &usize| route::stands_for_folder(&artifacts[*at].path);
    let (mut guests, hosts): (Vec<usize>, Vec<usize>) = (0..artifacts.len()).partition(is_guest);
    if guests.is_empty() {
        return;
    }
    let mut taken: FxHashSet<String> =
        hosts.iter().map(|at| route::folded(&artifacts[*at].route)).collect();
    // `_index` comes before `readme`, in whatever letters that is written.
    guests.sort_by_key(|at| artifacts[*at].path.page_name().to_lowercase());
    for at in guests {
        let artifact = &mut artifacts[at];
        if !taken.insert(route::folded(&artifact.route)) {
            let folder = RepoPath::new(&artifact.route).folder().to_owned();
            let route = route::of_named_page(&format!("{folder}/{}", artifact.path.name()));
            Arc::make_mut(artifact).route = route;
        }
    }
}

/// Gives every page its address: that of before where the files have the same names, since it follows from these.
fn settle(artifacts: &mut [Arc<Artifact>], pack: &Pack, before: Option<&Part>) -> Vec<Diagnostic> {
    let same_files = |before: &&Part| {
        let pairs = before.artifacts.iter().zip(artifacts.iter());
        before.artifacts.len() == artifacts.len()
            && pairs.clone().all(|(one, other)| one.path == other.path)
    };
    if let Some(before) = before.filter(same_files) {
        for (artifact, known) in artifacts.iter_mut().zip(&before.artifacts) {
            put(artifact, &known.route);
        }
        return before.same_address.clone();
    }
    for artifact in artifacts.iter_mut() {
        let inside = artifact.path.strip(&pack.folder).unwrap_or(artifact.path.as_str());
        let plain = route::of_page(inside);
        put(artifact, &plain);
    }
    settle_routes(artifacts)
}

fn put(artifact: &mut Arc<Artifact>, route: &str) {
    if artifact.route != route {
        route.clone_into(&mut Arc::make_mut(artifact).route);
    }
}

/// Makes addresses of pages unique; the later of two gets a digest and a finding.
fn settle_routes(artifacts: &mut [Arc<Artifact>]) -> Vec<Diagnostic> {
    make_room_for_index(artifacts);
    let mut taken = route::Taken::default();
    let mut findings = Vec::new();
    for artifact in artifacts {
        let Some(first) = taken.take(&artifact.route, &artifact.path) else { continue };
        let message = format!("has the same address as {first}");
        let apart = route::page_apart(&artifact.route, &artifact.path);
        let help = format!("rename one of them; it is published as {apart} for now");
        put(artifact, &apart);
        let rule = &id_rules::SAME_ADDRESS;
        let mut finding = Diagnostic::new(rule, &artifact.path, &(0..0), message).help(help);
        if first == route::SITE {
            // Another generator publishes it there; here it only moves.
            finding.severity = Severity::Warning;
        }
        findings.push(finding);
    }
    findings
}

/// Tells whether a chapter is one of `pages`.
fn leads_to(summary: &RepoPath, line: &summary::Line, pages: &FxHashSet<RepoPath>) -> bool {
    !line.target.is_empty()
        && RepoPath::resolve(summary.folder(), &line.target)
            .is_some_and(|wanted| pages.contains(&wanted))
}

fn order(
    path: &RepoPath,
    lines: &[summary::Line],
    artifacts: &[Arc<Artifact>],
    findings: &mut Vec<Diagnostic>,
) -> Summary {
    let by_path: FxHashMap<&str, usize> =
        artifacts.iter().enumerate().map(|(at, artifact)| (artifact.path.as_str(), at)).collect();
    let numbers = summary::numbers(lines);
    let item = |(line, number): (&summary::Line, String)| {
        let wanted = RepoPath::resolve(path.folder(), &line.target);
        let artifact = wanted.and_then(|wanted| by_path.get(wanted.as_str()).copied());
        if artifact.is_none() && !line.target.is_empty() {
            let message = format!("the chapter `{}` is not in this commit", line.target);
            findings.push(Diagnostic::new(&rules::MISSING_CHAPTER, path, &line.span, message));
        }
        SummaryItem {
            title: line.title.clone(),
            artifact,
            number,
            depth: if let summary::LineKind::Numbered(depth) = line.kind { depth } else { 0 },
            part: line.kind == summary::LineKind::Part,
        }
    };
    Summary { items: lines.iter().zip(numbers).map(item).collect() }
}

/// A chapter is called what the summary calls it, unless it states its title itself.
fn name_chapters(summary: &Summary, artifacts: &mut [Arc<Artifact>]) {
    for item in &summary.items {
        let Some(artifact) = item.artifact.map(|at| &mut artifacts[at]) else { continue };
        let states = kinds::common_text(&artifact.document.front_matter, "title").is_some();
        if !states && !item.title.is_empty() && artifact.title != item.title {
            Arc::make_mut(artifact).title.clone_from(&item.title);
        }
    }
}
