//! A snapshot's files to [`Packs`]: kinds, ids, titles, statuses, addresses, links and relations. Reads nothing:
//! the caller hands in the scope and the parsed documents.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::links::AddressBook;
use super::scope::Scope;
use super::sidecar::Sidecars;
use super::{
    Artifact, Asset, BrokenRelation, Packs, Relation, Summary, SummaryItem, audience, links,
    locate, route,
};
use crate::diagnostic::Diagnostic;
use crate::document::front_matter::{FrontMatter, State};
use crate::document::{Document, summary};
use crate::kinds::{self, Form, Kind};
use crate::rules::front_matter::UNREADABLE;
use crate::rules::{id as id_rules, settings as rules, source as source_rules};
use crate::settings::{Audience, Settings};
use crate::source::{File, RepoPath, Snapshot};

/// A page's file and what was parsed from it.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The file.
    pub file: File,
    /// Index of its pack in the scope.
    pub pack: usize,
    /// Names the text that was parsed: the blob, or a digest when other files were included.
    pub content: crate::source::ObjectId,
    /// The result.
    pub document: Arc<Document>,
}

/// Gathers the packs of a snapshot, with the findings that gathering itself makes.
pub fn gather(
    snapshot: &Snapshot,
    scope: Scope,
    mut pages: Vec<Parsed>,
    settings: &Settings,
) -> (Packs, Vec<Diagnostic>) {
    let mut findings = scope.findings;
    let (mut kinds, mut kind_findings) = kinds::load(&scope.kinds);
    kinds::apply(&mut kinds, &settings.locators);
    findings.append(&mut kind_findings);
    let mut packs = Packs {
        commit: snapshot.commit.clone(),
        kinds,
        packs: scope.packs,
        people: scope.people,
        contacts: scope.contacts,
        ..Packs::default()
    };
    let folders = KindFolders::new(settings, &packs.kinds);
    let withheld = withhold(&mut pages, &packs, settings.audience, &mut findings);
    packs.artifacts =
        pages.into_iter().map(|page| artifact(page, &packs, &folders, &scope.sidecars)).collect();
    packs.artifacts.sort_by(|one, other| (one.pack, &one.path).cmp(&(other.pack, &other.path)));
    settle_routes(&mut packs.artifacts, &mut findings);
    for (at, summary) in scope.summaries.iter().enumerate() {
        if let Some((path, lines)) = summary {
            let shown: Vec<summary::Line> = lines
                .iter()
                .filter(|line| !leads_to(path, line, &withheld.pages))
                .cloned()
                .collect();
            let summary = order(path, &shown, &packs.artifacts, &mut findings);
            name_chapters(&summary, &mut packs.artifacts);
            packs.packs[at].summary_order = Some(summary);
        }
    }
    links::resolve(&mut packs, snapshot);
    publish_book_files(&mut packs, scope.others, &withheld.files);
    settle_assets(&mut packs);
    relate(&mut packs, snapshot);
    if settings.audience == Audience::Public {
        withhold_contacts(&mut packs);
    }
    (packs, findings)
}

/// What these readers may not see.
#[derive(Default)]
struct Withheld {
    pages: FxHashSet<RepoPath>,
    /// Files that the pages lead to.
    files: FxHashSet<RepoPath>,
}

/// Takes out what is not for the readers. What cannot be read is told without its words.
fn withhold(
    pages: &mut Vec<Parsed>,
    packs: &Packs,
    audience: Audience,
    findings: &mut Vec<Diagnostic>,
) -> Withheld {
    let mut withheld = Withheld::default();
    pages.retain(|page| {
        let fields = &page.document.front_matter;
        let located = locate::class(&page.document);
        let class = located.or(packs.packs[page.pack].classification.as_deref());
        let path = &page.file.path;
        let named = packs.contacts.are_in(path.as_str());
        if audience::may_see(audience, fields, class) && !named {
            return true;
        }
        if named {
            let message = "the name holds addresses or telephone numbers";
            findings.push(source_rules::left_out(&source_rules::CONTACT, path, message));
        }
        if fields.state == State::Unreadable {
            let message = "cannot be read, so the page is not shown to the public";
            findings.push(Diagnostic::new(&UNREADABLE, path, &fields.span, message));
        }
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

fn withhold_contacts(packs: &mut Packs) {
    for person in &mut packs.people.persons {
        person.mail = None;
        person.phone = None;
        person.chat = None;
        person.git_emails.clear();
    }
    packs.people.teams.iter_mut().for_each(|team| team.duty_phone = None);
}

/// The folders and patterns that give a kind to a file without a `kind` field.
struct KindFolders {
    declared: Vec<(globset::GlobMatcher, usize)>,
    conventional: Vec<(String, usize)>,
}

impl KindFolders {
    fn new(settings: &Settings, kinds: &[Kind]) -> Self {
        let find = |name: &str| kinds.iter().position(|kind| kind.name == name);
        let glob = |pattern: &str| {
            let folder = pattern.trim_end_matches('/');
            let is_folder =
                !folder.contains(['*', '?', '[', '{']) && RepoPath::new(folder).extension() != "md";
            let whole = if is_folder { format!("{folder}/**") } else { pattern.to_owned() };
            globset::GlobBuilder::new(&whole).literal_separator(true).build().ok()
        };
        Self {
            declared: settings
                .kinds
                .iter()
                .filter_map(|(pattern, kind)| Some((glob(pattern)?.compile_matcher(), find(kind)?)))
                .collect(),
            conventional: kinds
                .iter()
                .enumerate()
                .filter(|(_, kind)| !kind.folder.is_empty())
                .map(|(at, kind)| (kind.folder.clone(), at))
                .collect(),
        }
    }

    /// Contract: the field, then a declared pattern, then, in a declared pack, the folder's name.
    fn kind_of(
        &self,
        path: &RepoPath,
        fields: &FrontMatter,
        declared_pack: bool,
        kinds: &[Kind],
    ) -> usize {
        let stated = kinds::common_text(fields, "kind").and_then(|word| kinds::find(kinds, word));
        let by_pattern = || {
            self.declared.iter().find(|(glob, _)| glob.is_match(path.as_str())).map(|(_, at)| *at)
        };
        let by_folder = || {
            let folder = path.folder().rsplit('/').next().unwrap_or_default();
            let found = self.conventional.iter().find(|(name, _)| name == folder);
            found.filter(|_| declared_pack).map(|(_, at)| *at)
        };
        stated.or_else(by_pattern).or_else(by_folder).unwrap_or(kinds.len() - 1)
    }
}

fn artifact(page: Parsed, packs: &Packs, folders: &KindFolders, sidecars: &Sidecars) -> Artifact {
    let pack = &packs.packs[page.pack];
    let path = page.file.path;
    let fields = &page.document.front_matter;
    let kind = folders.kind_of(&path, fields, pack.declared, &packs.kinds);
    let inside = path.strip(&pack.folder).unwrap_or(path.as_str()).to_owned();
    let id = kinds::common_text(fields, "id").map(str::to_owned);
    let sidecar = sidecars.get(&path).cloned();
    let found = locate::facts(&packs.kinds[kind], &page.document, sidecar.as_deref());
    Artifact {
        blob: page.file.blob,
        content: page.content,
        origin: page.file.origin,
        pack: page.pack,
        kind,
        has_id: id.is_some(),
        id: id.unwrap_or_else(|| inside.clone()),
        title: title(&page.document, &path),
        status: found.status,
        status_span: found.status_span,
        owner: found.owner,
        located: found.located,
        sidecar,
        summary: summary_of(&page.document),
        route: route::of_page(&inside),
        document: page.document,
        path,
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
    let is_heading =
        |line: &str| document.headings.iter().any(|heading| heading.text.trim() == line);
    let line = document
        .text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !is_heading(line))
        .unwrap_or_default();
    match line.char_indices().nth(200) {
        Some((end, _)) => {
            format!("{}…", line[..end].rsplit_once(' ').map_or(&line[..end], |(whole, _)| whole))
        }
        None => line.to_owned(),
    }
}

/// A `README` beside an `index` keeps its own name: both are pages of their folder.
fn make_room_for_index(artifacts: &mut [Artifact]) {
    let is_guest = |at: &usize| route::stands_for_folder(&artifacts[*at].path);
    let (mut guests, hosts): (Vec<usize>, Vec<usize>) = (0..artifacts.len()).partition(is_guest);
    let mut taken: FxHashSet<(usize, String)> = hosts
        .iter()
        .map(|at| (artifacts[*at].pack, route::folded(&artifacts[*at].route)))
        .collect();
    // `_index` comes before `readme`, in whatever letters that is written.
    guests.sort_by_key(|at| artifacts[*at].path.page_name().to_lowercase());
    for at in guests {
        let artifact = &mut artifacts[at];
        if !taken.insert((artifact.pack, route::folded(&artifact.route))) {
            let folder = RepoPath::new(&artifact.route).folder().to_owned();
            artifact.route = route::of_named_page(&format!("{folder}/{}", artifact.path.name()));
        }
    }
}

/// Makes addresses of pages unique; the later of two gets a digest and a finding.
fn settle_routes(artifacts: &mut [Artifact], findings: &mut Vec<Diagnostic>) {
    make_room_for_index(artifacts);
    let mut taken: FxHashMap<usize, route::Taken> = FxHashMap::default();
    for artifact in artifacts {
        let taken = taken.entry(artifact.pack).or_default();
        let Some(first) = taken.take(&artifact.route, &artifact.path) else { continue };
        let message = format!("has the same address as {first}");
        artifact.route = route::page_apart(&artifact.route, &artifact.path);
        let help = format!("rename one of them; it is published as {} for now", artifact.route);
        let rule = &id_rules::SAME_ADDRESS;
        findings.push(Diagnostic::new(rule, &artifact.path, &(0..0), message).help(help));
    }
}

/// Moves files out of the way of pages, of each other and of what the site writes itself.
fn settle_assets(packs: &mut Packs) {
    let mut taken: FxHashMap<usize, route::Taken> = FxHashMap::default();
    for artifact in &packs.artifacts {
        let taken = taken.entry(artifact.pack).or_default();
        taken.take(&artifact.route, &artifact.path);
    }
    for asset in &mut packs.assets {
        let taken = taken.entry(asset.pack).or_default();
        let is_badge = asset.route.to_lowercase().starts_with("badges/");
        let is_list = asset.file.path.name().eq_ignore_ascii_case("readymark-manifest.json");
        if is_badge || is_list || taken.take(&asset.route, &asset.file.path).is_some() {
            asset.route = route::file_apart(&asset.file.path);
        }
    }
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
    artifacts: &[Artifact],
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
fn name_chapters(summary: &Summary, artifacts: &mut [Artifact]) {
    for item in &summary.items {
        let Some(artifact) = item.artifact.map(|at| &mut artifacts[at]) else { continue };
        let states = kinds::common_text(&artifact.document.front_matter, "title").is_some();
        if !states && !item.title.is_empty() {
            artifact.title.clone_from(&item.title);
        }
    }
}

/// A book offers its other files too, as mdBook does; a pack only those that a page leads to.
fn publish_book_files(
    packs: &mut Packs,
    others: Vec<(File, usize)>,
    withheld: &FxHashSet<RepoPath>,
) {
    let known: FxHashSet<RepoPath> =
        packs.assets.iter().map(|asset| asset.file.path.clone()).collect();
    for (file, pack) in others {
        if packs.packs[pack].summary_order.is_none()
            || known.contains(&file.path)
            || withheld.contains(&file.path)
            || !links::is_offered(&file.path)
        {
            continue;
        }
        let route = route::of_file(
            file.path.strip(&packs.packs[pack].folder).unwrap_or(file.path.as_str()),
        );
        packs.assets.push(Asset { file, pack, route });
    }
}

/// Resolves the ids in relation fields, of the kind and of the common vocabulary.
fn relate(packs: &mut Packs, snapshot: &Snapshot) {
    let (mut relations, mut broken) = (Vec::new(), Vec::new());
    let book = AddressBook::new(&packs.packs, &packs.artifacts, snapshot);
    for (from, artifact) in packs.artifacts.iter().enumerate() {
        for (field, form) in
            kinds::relation_fields(&packs.kinds[artifact.kind], &artifact.document.front_matter)
        {
            let Form::Relation { name, inverse, kinds } = form else { continue };
            for (text, span) in field.value.texts() {
                match book.id(artifact.pack, text) {
                    Some(to) => relations.push(Relation {
                        from,
                        name: name.clone(),
                        inverse: inverse.clone(),
                        to,
                        span: span.clone(),
                        kinds: kinds.clone(),
                    }),
                    None => broken.push(BrokenRelation {
                        from,
                        name: name.clone(),
                        target: text.to_owned(),
                        span: span.clone(),
                    }),
                }
            }
        }
    }
    packs.relations = relations;
    packs.broken_relations = broken;
}
