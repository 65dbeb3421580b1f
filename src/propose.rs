//! A first `book.toml` for a repository that has pages already: what its folders, headings, fields and tags look like,
//! each guess with its reason. Decides nothing: people read it before they commit it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::document::{Document, Heading};
use crate::kinds::{self, Kind};
use crate::pack::{Artifact, Packs};
use crate::source::RepoPath;

/// So many lines people still read.
const MOST_LINES: usize = 15;
/// Fewer pages are no repository of pages yet.
const FEWEST_PAGES: usize = 3;
/// More versions than these are not proposed without being asked.
const MOST_VERSIONS: usize = 50;
/// Folders in which many keep their site.
const SITES: &[&str] = &["docs", "doc", "documentation", "source", "content", "site", "handbook"];
/// What a heading says that one kind alone knows; it can be shared among two to six without a rest.
const WHOLE: usize = 60;
/// How many such headings the name of a folder or a file is worth: people chose it on purpose.
const NAME: usize = 3;
/// Other words for who keeps a page true, the best first.
const OWNERS: &[&str] = &[
    "owner_slack",
    "team",
    "maintainers",
    "decision-makers",
    "deciders",
    "authors",
    "author",
    "contact",
];

/// Proposes the text of `book.toml`; nothing where there are too few pages to guess from.
///
/// `name` stands in for a title, `packs` was read without settings, `tags` are the names of all tags, the newest last;
/// `held` tells how many of the pages a tag has.
pub fn propose(
    name: &str,
    packs: &Packs,
    tags: &[&str],
    held: impl FnOnce(&str) -> usize,
) -> Option<String> {
    if packs.artifacts.len() < FEWEST_PAGES || packs.packs.iter().any(|pack| pack.declared) {
        return None;
    }
    let site = site(packs);
    let mut parts = vec![book(name, packs, site)];
    parts.extend(versions(tags, packs.artifacts.len(), held));
    let folders = folders(packs, site.map_or("", |(folder, _)| folder));
    let room = MOST_LINES - parts.iter().map(|part| part.lines().count() + 1).sum::<usize>();
    let locate = locate(packs, &folders);
    let rows = room - 1 - if locate.is_some() { 3 } else { 0 };
    if !folders.is_empty() {
        parts.push(folders.iter().take(rows).fold("[kinds]\n".to_owned(), |text, folder| {
            let Folder { path, kind, like, pages, .. } = folder;
            let kind = &packs.kinds[*kind].name;
            text + &format!("{path:?} = {kind:?} # {like} of {pages} pages look like one\n")
        }));
    }
    parts.extend(locate);
    Some(parts.join("\n"))
}

/// The folder that holds most pages, where it is called like one of a site, and how many.
fn site(packs: &Packs) -> Option<(&'static str, usize)> {
    let holds = |folder: &str| {
        packs.artifacts.iter().filter(|artifact| artifact.path.is_inside(folder)).count()
    };
    let counts = SITES.iter().map(|folder| (*folder, holds(folder)));
    let most = counts.max_by_key(|(_, count)| *count)?;
    (most.1 * 2 > packs.artifacts.len()).then_some(most)
}

fn book(name: &str, packs: &Packs, site: Option<(&str, usize)>) -> String {
    let is_readme =
        |one: &&Arc<Artifact>| one.path.folder().is_empty() && one.path.page_name() == "README";
    let readme = packs.artifacts.iter().find(is_readme);
    let heading = readme.and_then(|one| Some((one.document.first_title()?.text.trim(), "README")));
    let (title, whence) =
        heading.filter(|(title, _)| !title.is_empty()).unwrap_or((name, "folder"));
    let title: String = title.chars().filter(|c| !c.is_control()).collect();
    let mut text = format!("[book]\ntitle = {title:?} # as the {whence} says\n");
    if let Some((folder, count)) = site {
        let all = packs.artifacts.len();
        _ = writeln!(text, "src = {folder:?} # {count} of {all} pages are there");
    }
    text
}

/// The tags that begin alike up to their first digit, where most do; only as a remark where they are many or where the
/// newest has few of the pages, so that a site of it would show little.
fn versions(tags: &[&str], pages: usize, held: impl FnOnce(&str) -> usize) -> Option<String> {
    let mut families: BTreeMap<&str, usize> = BTreeMap::new();
    let prefixes =
        tags.iter().filter_map(|tag| Some(&tag[..tag.find(|c: char| c.is_ascii_digit())?]));
    prefixes.for_each(|prefix| *families.entry(prefix).or_default() += 1);
    let (prefix, count) = families.into_iter().max_by_key(|(_, count)| *count)?;
    if count * 2 <= tags.len() || count < 2 {
        return None;
    }
    let pattern = if prefix.is_empty() { "[0-9]*".to_owned() } else { format!("{prefix}*") };
    let newest = tags.iter().rev().find(|tag| tag.starts_with(prefix))?;
    let has_few = || held(newest) * 2 < pages;
    let (off, why) = match count {
        count if count > MOST_VERSIONS => ("# ", "; choose fewer"),
        _ if has_few() => ("# ", "; the newest has few of these pages"),
        _ => ("", " begin so"),
    };
    let all = tags.len();
    Some(format!("[versions]\n{off}tags = [{pattern:?}] # {count} of {all} tags{why}\n"))
}

/// A folder whose pages look like one kind.
#[derive(Debug, PartialEq, Eq)]
struct Folder {
    path: String,
    /// Index in [`Packs::kinds`].
    kind: usize,
    like: usize,
    pages: usize,
}

/// The folders above a page, the outermost first; for a page at the root the pattern of names that begin as its own up
/// to a number (`adr-*.md`).
fn places(path: &RepoPath) -> Vec<String> {
    let folder = path.folder();
    if folder.is_empty() {
        let name = path.as_str();
        let number = name.find(|char: char| char.is_ascii_digit());
        let start = number.map(|at| if at == 0 { "[0-9]" } else { &name[..at] });
        let is_word = |start: &&str| !start.contains(['*', '?', '{']);
        return start.filter(is_word).map(|start| format!("{start}*.md")).into_iter().collect();
    }
    let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
    ends.map(|end| folder[..end].to_owned()).collect()
}

/// The outermost folders inside `site` most of whose pages look like one kind, the fullest first; of folders with the
/// same such pages the innermost.
fn folders(packs: &Packs, site: &str) -> Vec<Folder> {
    let mut votes: BTreeMap<String, (usize, BTreeMap<usize, usize>)> = BTreeMap::new();
    for artifact in packs.artifacts.iter().filter(|one| one.path.is_inside(site)) {
        let kind = looks_like(&packs.kinds, &artifact.path, &artifact.document);
        for place in places(&artifact.path) {
            let (pages, kinds) = votes.entry(place).or_default();
            *pages += 1;
            if let Some(kind) = kind {
                *kinds.entry(kind).or_default() += 1;
            }
        }
    }
    let mut found: Vec<Folder> = Vec::new();
    for (path, (pages, kinds)) in votes {
        let Some((kind, like)) = kinds.into_iter().max_by_key(|(_, count)| *count) else {
            continue;
        };
        let inner = RepoPath::new(&path);
        let is_outer = |outer: &&mut Folder| inner.is_inside(&outer.path);
        let folder = Folder { path: path.clone(), kind, like, pages };
        match found.iter_mut().find(is_outer) {
            Some(outer) if outer.like == like && outer.pages > pages => *outer = folder,
            None if is_clear(&folder, packs.artifacts.len()) => found.push(folder),
            _ => {}
        }
    }
    found.sort_by_key(|folder| std::cmp::Reverse(folder.like));
    found
}

/// Tells whether so many pages look alike that it can hardly be chance.
fn is_clear(folder: &Folder, all: usize) -> bool {
    let &Folder { like, pages, .. } = folder;
    like >= FEWEST_PAGES && like * 5 >= pages * 3 && like * 20 >= all
}

/// The kind whose sections a page has. A heading that several kinds know says that much less; a folder or a file named
/// like the kind says more than a heading of its own. There must be two signs, together worth one such heading.
fn looks_like(kinds: &[Kind], path: &RepoPath, document: &Document) -> Option<usize> {
    let found: Vec<Vec<&Heading>> = kinds.iter().map(|kind| headings(kind, document)).collect();
    let known = |heading: &Heading| {
        let same = |other: &&Heading| other.span == heading.span;
        found.iter().filter(|own| own.iter().any(&same)).count()
    };
    let score = |(kind, own): (&Kind, &Vec<&Heading>)| {
        let named = usize::from(!own.is_empty() && is_named(kind, path));
        let weight: usize = own.iter().map(|heading| WHOLE / known(heading)).sum();
        // Names alone mislead: `rfc` is a request for comments, or for a change.
        let name = if weight >= WHOLE { NAME } else { 1 };
        let weight = weight + named * name * WHOLE;
        if own.len() + named >= 2 && weight >= WHOLE { weight } else { 0 }
    };
    let scores = kinds.iter().zip(&found).map(score).enumerate();
    // Of two kinds with as much to say for them the first in navigation order counts.
    let best = scores.rev().max_by_key(|(_, score)| *score)?;
    (best.1 > 0).then_some(best.0)
}

/// The first heading of each section of a kind that a page has.
fn headings<'d>(kind: &Kind, document: &'d Document) -> Vec<&'d Heading> {
    kind.sections.iter().filter_map(|one| one.headings(document).into_iter().next()).collect()
}

/// Tells whether a folder above the page, or a word of its file name, is a word for the kind.
fn is_named(kind: &Kind, path: &RepoPath) -> bool {
    let words = [&kind.name, &kind.plural, &kind.folder].into_iter().chain(&kind.synonyms);
    let words: Vec<String> = words.map(|word| kinds::normalise(word)).collect();
    let is_word = |part: &str| {
        let part = kinds::normalise(part);
        let single = part.strip_suffix('s').unwrap_or(&part);
        !part.is_empty() && words.iter().any(|word| *word == part || *word == single)
    };
    path.folder().split('/').any(is_word) || path.page_name().split(['-', '_']).any(is_word)
}

/// Who answers for the pages, where they say so in another word than `owner`.
fn locate(packs: &Packs, folders: &[Folder]) -> Option<String> {
    let within = |artifact: &&Arc<Artifact>| {
        folders.is_empty() || folders.iter().any(|folder| artifact.path.is_inside(&folder.path))
    };
    let pages: Vec<&Arc<Artifact>> = packs.artifacts.iter().filter(within).collect();
    let owned = pages.iter().filter(|artifact| artifact.owner.is_some()).count();
    let count = |word: &str| pages.iter().filter(|page| says(&page.document, word)).count();
    let (word, said) = OWNERS.iter().map(|word| (*word, count(word))).find(|(_, said)| {
        // A third of the pages is a habit, less may be chance.
        *said > owned && said * 3 >= pages.len()
    })?;
    let of = match folders {
        [only] => packs.kinds[only.kind].name.as_str(),
        _ => "every",
    };
    let all = pages.len();
    Some(format!("[locate.{of}]\nowner = [{word:?}] # in {said} of {all} pages\n"))
}

/// Tells whether a page has a field or a label of that name.
fn says(document: &Document, word: &str) -> bool {
    let same = |name: &str| crate::document::front_matter::same_key(name, word);
    document.front_matter.fields.iter().any(|field| same(&field.key))
        || document.labels.iter().any(|label| same(label.name.trim_end_matches("(s)")))
}
