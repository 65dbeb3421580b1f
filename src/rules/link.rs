//! Links and relations that lead nowhere, to the wrong thing, or to something nobody should rely on yet.

use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::text::is_placeholder;
use crate::document::{Link, LinkForm, html};
use crate::kinds::{self, Form, Standing, Status};
use crate::nearest::{meant, nearest, within};
use crate::pack::alike;
use crate::pack::route::encode;
use crate::pack::{Artifact, Outgoing, Relation, Target};
use crate::source::{RepoPath, Span};

/// How many links of a file are told one by one; nobody reads more, and each looks for what was meant.
const MOST: usize = 200;

/// Nothing is there.
pub static BROKEN: Rule = Rule {
    name: "link.broken",
    severity: Severity::Error,
    summary: "A link or a relation leads to something that does not exist",
    why: "Whoever follows it in an incident loses time and trust",
    fix: "Correct the target; the finding names the nearest one",
};

/// Another program fills in the target.
pub static TEMPLATE: Rule = Rule {
    name: "link.template",
    severity: Severity::Note,
    summary: "A link has a placeholder that another program fills in",
    why: "Where it leads is not known here, so it is shown as text",
    fix: "Nothing, where the other program publishes the page; else write the target itself",
};

/// The file is there, the anchor is not.
pub static BROKEN_ANCHOR: Rule = Rule {
    name: "link.broken-anchor",
    severity: Severity::Warning,
    summary: "A link names an anchor that the other file does not have",
    why: "The reader lands at the top of the page and has to search",
    fix: "Correct the part after `#`; anchors follow the headings",
};

/// Only the case of letters differs.
pub static WRONG_CASE: Rule = Rule {
    name: "link.wrong-case",
    severity: Severity::Warning,
    summary: "A link differs from its target in the case of letters only",
    why: "It works on some systems and breaks on others",
    fix: "Write the target as the finding says",
};

/// The relation leads to something of another kind.
pub static WRONG_KIND: Rule = Rule {
    name: "link.wrong-kind",
    severity: Severity::Error,
    summary: "A relation leads to an artifact or a row of a kind that it does not take",
    why: "A change that rolls back with a decision does not roll back",
    fix: "Name an artifact of the right kind",
};

/// An approved artifact relies on a draft.
pub static TO_DRAFT: Rule = Rule {
    name: "link.to-draft",
    severity: Severity::Warning,
    summary: "An approved artifact relates to one that is still being written",
    why: "What is approved rests on what nobody has agreed to",
    fix: "Approve the other artifact, or name another",
};

/// A document in force relies on what is over.
pub static TO_CLOSED: Rule = Rule {
    name: "link.to-closed",
    severity: Severity::Warning,
    summary: "A document in force relies on one that is retired, superseded or rejected",
    why: "Whoever rolls back, is called or looks for the steps lands where nobody keeps them true",
    fix: "Name what took its place; the finding says what superseded it",
};

/// Several packs have that id.
pub static AMBIGUOUS: Rule = Rule {
    name: "link.ambiguous",
    severity: Severity::Error,
    summary: "An id is known in several other packs and not in this one",
    why: "Nobody can tell which of them is meant",
    fix: "Name the pack as well: `[[pack:RB-001]]`",
};

/// The file is there and is not published.
pub static HIDDEN: Rule = Rule {
    name: "link.hidden",
    severity: Severity::Warning,
    summary: "A link or a picture leads to a file in whose path a name begins with a dot",
    why: "Such files are settings and secrets as often as not, so none is published; readers see a name in place of the \
          picture or the link. For a link it is a note",
    fix: "Move the file to a folder without a dot, or link to where it is shown",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[
    &BROKEN,
    &TEMPLATE,
    &BROKEN_ANCHOR,
    &WRONG_CASE,
    &WRONG_KIND,
    &TO_DRAFT,
    &TO_CLOSED,
    &AMBIGUOUS,
    &HIDDEN,
];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (artifact, outgoing) in scope.own().zip(outgoing(scope)) {
        links(scope, artifact, outgoing, &mut found);
    }
    found.extend(relations(scope));
    found
}

/// Finds what is wrong with the links of a file; where many are, the rest is only counted.
fn links(scope: &Scope<'_>, from: &Artifact, to: &Outgoing, found: &mut Vec<Diagnostic>) {
    let mut links = from.document.links.iter().zip(&to.targets);
    let wrong = links.by_ref().filter_map(|(link, target)| of(scope, from, link, target));
    found.extend(wrong.take(MOST));
    let rest: Vec<&Link> =
        links.filter(|(_, target)| leads_nowhere(scope, target)).map(|(link, _)| link).collect();
    if let Some(next) = rest.first() {
        let message = format!("{} more links of this file lead nowhere", rest.len());
        found.push(Diagnostic::new(&BROKEN, &from.path, &next.span, message));
    }
}

fn leads_nowhere(scope: &Scope<'_>, target: &Target) -> bool {
    match target {
        Target::Broken => true,
        Target::Artifact { artifact, anchor } if !anchor.is_empty() => {
            scope.packs.artifacts.get(*artifact).is_some_and(|to| !has_anchor(to, anchor))
        }
        _ => false,
    }
}

/// What each artifact of the pack leads to.
pub(super) fn outgoing<'a>(scope: &Scope<'a>) -> impl Iterator<Item = &'a Outgoing> + use<'a> {
    let packs = scope.packs;
    packs.outgoing[packs.of(scope.pack)].iter().map(|outgoing| &**outgoing)
}

fn of(scope: &Scope<'_>, from: &Artifact, link: &Link, target: &Target) -> Option<Diagnostic> {
    match target {
        Target::Broken => Some(broken(scope, from, &link.target, &link.span, is_wiki(link))),
        Target::Artifact { artifact, anchor } if !anchor.is_empty() => {
            broken_anchor(scope.packs.artifacts.get(*artifact)?, from, link, anchor)
        }
        Target::Hidden => Some(hidden(from, link)),
        _ => None,
    }
}

fn hidden(from: &Artifact, link: &Link) -> Diagnostic {
    let message =
        format!("`{}` is not published: a name in its path begins with a dot", link.target);
    let mut finding = Diagnostic::new(&HIDDEN, &from.path, &link.span, message);
    if link.form != LinkForm::Image {
        finding.severity = Severity::Note;
    }
    finding.help("move it to a folder whose name has no dot in front")
}

fn is_wiki(link: &Link) -> bool {
    matches!(link.form, LinkForm::Wiki { .. })
}

fn broken(
    scope: &Scope<'_>,
    from: &Artifact,
    target: &str,
    span: &Span,
    is_id: bool,
) -> Diagnostic {
    let name = target.split('#').next().unwrap_or_default();
    let packs = if is_id { packs_with(scope, name) } else { Vec::new() };
    if packs.len() > 1 {
        let message = format!("`{name}` is in the packs {} and not in this one", packs.join(", "));
        let help = format!("write [[{}:{name}]] to name the pack", packs[0]);
        return Diagnostic::new(&AMBIGUOUS, &from.path, span, message).help(help);
    }
    if let Some(pack) = packs.first() {
        let message = format!("`{name}` is not in this pack");
        let help = format!("write [[{pack}:{name}]]: it is in the pack {pack}");
        return Diagnostic::new(&BROKEN, &from.path, span, message).help(help);
    }
    if !is_id {
        return no_such_path(scope, from, name, span);
    }
    let mut finding = no_such_id(scope, from, name, span);
    if !scope.packs.packs[from.pack].declared && !has_prefix(scope, name) {
        // Double brackets are also how others write arrays, footnotes and commands.
        finding.severity = Severity::Warning;
    }
    finding
}

/// The ids of the packs that know an id.
fn packs_with<'a>(scope: &Scope<'a>, id: &str) -> Vec<&'a str> {
    let id = id.to_lowercase();
    let packs = scope.packs.names.iter().zip(&scope.packs.packs);
    packs
        .filter(|(names, _)| names.ids.contains_key(&id) || names.rows.contains_key(&id))
        .map(|(_, pack)| &*pack.id)
        .collect()
}

fn no_such_id(scope: &Scope<'_>, from: &Artifact, id: &str, span: &Span) -> Diagnostic {
    let ids = scope.own().flat_map(|artifact| {
        let rows = artifact.records.iter().map(|record| record.id.as_str());
        std::iter::once(artifact.id.as_str()).chain(rows)
    });
    let finding =
        Diagnostic::new(&BROKEN, &from.path, span, format!("nothing here is called `{id}`"));
    match nearest(id, ids) {
        Some(near) => finding.help(format!("did you mean `{near}`")),
        None => finding,
    }
}

fn no_such_path(scope: &Scope<'_>, from: &Artifact, target: &str, span: &Span) -> Diagnostic {
    let wanted = RepoPath::resolve(from.path.folder(), target);
    let wanted = wanted.as_ref().map_or(target, RepoPath::as_str);
    let path_of = |at: usize| scope.packs.artifacts[at].path.as_str();
    if let Some(other) = scope.alike().spelled(wanted).map(path_of) {
        let message = format!("`{target}` is spelled `{other}`, the case of letters counts");
        let mut finding = Diagnostic::new(&WRONG_CASE, &from.path, span, message);
        finding.severity = Severity::Error;
        let other = relative(from.path.folder(), other);
        return finding.help(format!("write `{other}`")).fix(target, encoded(&other));
    }
    if let Some(finding) = no_path_at_all(from, target, span) {
        return finding;
    }
    let mut finding =
        Diagnostic::new(&BROKEN, &from.path, span, format!("`{target}` does not exist"));
    if target.starts_with('/') && !target.to_lowercase().ends_with(".md") {
        finding.severity = Severity::Warning;
        finding.message = format!("nothing in this repository is at `{target}`");
    }
    let paths = scope.packs.artifacts.iter().map(|artifact| artifact.path.as_str());
    // Folders that both paths share make no word similar.
    let near = || within(wanted, (alike::name(wanted).chars().count() / 3).max(1), paths);
    let only = scope.alike().only(wanted).map(path_of);
    if let Some(only) = only {
        finding = finding.fix(target, encoded(&relative(from.path.folder(), only)));
    }
    match scope.alike().named(wanted).map(path_of).or_else(near) {
        Some(near) => {
            finding.help(format!("did you mean `{}`", relative(from.path.folder(), near)))
        }
        None if finding.severity == Severity::Warning => {
            finding.help("write the whole address if another site has it")
        }
        None => finding,
    }
}

/// Tells whether a target is still to be given, or a number in it: `TODO`, `NNNN-title.md`, `eip-xxxx.md`.
fn is_gap(target: &str) -> bool {
    let mut words = target.split(|char: char| !char.is_ascii_alphanumeric());
    let is_letter = |word: &str, letter: u8| {
        word.len() >= 3 && word.bytes().all(|byte| byte.eq_ignore_ascii_case(&letter))
    };
    let is_open = |word: &str| {
        is_letter(word, b'n') || is_letter(word, b'x') || word.eq_ignore_ascii_case("yyyymmdd")
    };
    let is_word = target.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_word && is_placeholder(target) || words.any(is_open)
}

/// Tells about a target that is not meant as a path: a template, a name, an address without its scheme.
fn no_path_at_all(from: &Artifact, target: &str, span: &Span) -> Option<Diagnostic> {
    let is_erb = target.contains("<%") || (target.starts_with('%') && target.ends_with('%'));
    if is_erb || target.contains('{') && target.contains('}') {
        let message = format!("`{target}` is filled in by another program");
        return Some(Diagnostic::new(&TEMPLATE, &from.path, span, message));
    }
    if is_gap(target) {
        let message = format!("`{target}` stands for a name that is not known yet");
        return Some(Diagnostic::new(&TEMPLATE, &from.path, span, message));
    }
    let broken = |message: &str, help: String| {
        let message = format!("`{target}` {message}");
        Some(Diagnostic::new(&BROKEN, &from.path, span, message).help(help))
    };
    if let Some(address) = html::address_inside(target) {
        let fixed = broken("is no address", format!("did you mean `{address}`"));
        return fixed.map(|finding| finding.fix(target, address));
    }
    let (first, is_one_word) =
        target.split_once('/').map_or((target, true), |(host, _)| (host, false));
    if is_host(first) {
        let address = format!("https://{target}");
        let fixed = broken("is an address without its scheme", format!("did you mean `{address}`"));
        return fixed.map(|finding| finding.fix(target, address));
    }
    match target.split_once('@').filter(|_| is_one_word) {
        Some(("", _)) => broken(
            "is a name, not an address",
            "link to a profile page, or drop the link".to_owned(),
        ),
        Some((_, host)) if host.contains('.') => {
            let address = format!("mailto:{target}");
            let fixed =
                broken("is a mail address without its scheme", format!("write `{address}`"));
            fixed.map(|finding| finding.fix(target, address))
        }
        _ => None,
    }
}

/// Tells whether a word can hardly be the name of a file.
fn is_host(word: &str) -> bool {
    const ENDS: &[&str] = &["com", "dev", "edu", "gov", "io", "net", "org"];
    let end = word.rsplit_once('.').filter(|(name, _)| !name.is_empty() && !word.contains('@'));
    word.starts_with("www.") || end.is_some_and(|(_, end)| ENDS.contains(&end))
}

/// Writes a path so that Markdown takes all of it for the target of a link.
fn encoded(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    if path.bytes().all(is_plain) { path.to_owned() } else { encode(path) }
}

/// Writes `path` as a link from `folder`.
fn relative(folder: &str, path: &str) -> String {
    let here: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let there: Vec<&str> = path.split('/').collect();
    let most = here.len().min(there.len() - 1);
    let shared = (0..most).take_while(|at| here[*at] == there[*at]).count();
    let mut parts = vec![".."; here.len() - shared];
    parts.extend(&there[shared..]);
    parts.join("/")
}

fn broken_anchor(to: &Artifact, from: &Artifact, link: &Link, anchor: &str) -> Option<Diagnostic> {
    if has_anchor(to, anchor) {
        return None;
    }
    let anchors = || to.document.headings.iter().map(|heading| heading.id.as_str());
    if let Some(other) = anchors().find(|id| id.to_lowercase() == anchor.to_lowercase()) {
        let message = format!("`#{anchor}` is spelled `#{other}`, the case of letters counts");
        let finding = Diagnostic::new(&WRONG_CASE, &from.path, &link.span, message)
            .fix(&format!("#{anchor}"), format!("#{other}"));
        return Some(finding.help(format!("write `#{other}`")));
    }
    let message = format!("{} has no anchor `#{anchor}`", to.path);
    let mut finding = Diagnostic::new(&BROKEN_ANCHOR, &from.path, &link.span, message);
    if let Some(meant) = meant(anchor, anchors()) {
        finding = finding.fix(&format!("#{anchor}"), format!("#{meant}"));
    }
    Some(match nearest(anchor, anchors()) {
        Some(near) => finding.help(format!("did you mean `#{near}`")),
        None => finding,
    })
}

fn has_anchor(to: &Artifact, anchor: &str) -> bool {
    to.document.has_anchor(anchor) || to.record(anchor).is_some() || is_top(to, anchor)
}

/// Every page has a top; GitHub shows a `README` below an anchor of that name.
fn is_top(to: &Artifact, anchor: &str) -> bool {
    let is = |word: &str| anchor.eq_ignore_ascii_case(word);
    is("top") || (is("readme") && to.path.page_name().eq_ignore_ascii_case("readme"))
}

fn relations(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let packs = scope.packs;
    let mut found = Vec::new();
    for relation in outgoing(scope).flat_map(|outgoing| &outgoing.relations) {
        let (from, to) = (&packs.artifacts[relation.from], &packs.artifacts[relation.to]);
        found.extend(wrong_kind(scope, relation));
        found.extend(to_closed(scope, relation));
        if relation.to_row.is_some() {
            continue;
        }
        let draft = matches!(to.status, Status::Known { standing: Standing::Draft, .. });
        let relies = from.status.is_approved() && !scope.kind(from).is_over(&from.status);
        if relies && draft {
            let message = format!("{} is approved, {} is still being written", from.id, to.id);
            let help = format!("approve {} first, or name another artifact", to.id);
            found.push(Diagnostic::new(&TO_DRAFT, &from.path, &relation.span, message).help(help));
        }
    }
    let broken_ones = outgoing(scope).flat_map(|outgoing| &outgoing.broken);
    let broken_ones = broken_ones.filter(|broken| looks_like_id(scope, broken));
    found.extend(broken_ones.map(|broken_one| {
        let from = &packs.artifacts[broken_one.from];
        broken(scope, from, &broken_one.target, &broken_one.span, true)
    }));
    found
}

/// Finds a relation by which something in force relies on what is over, whichever side declares it.
fn to_closed(scope: &Scope<'_>, relation: &Relation) -> Option<Diagnostic> {
    let packs = scope.packs;
    let is_live = |word: &String| kinds::live().contains(word);
    let (by, on, word) = if is_live(&relation.name) {
        (relation.from, relation.to, &relation.name)
    } else {
        (relation.to, relation.from, Some(&relation.inverse).filter(|word| is_live(word))?)
    };
    let (by, to) = (&packs.artifacts[by], &packs.artifacts[on]);
    // A row has a state of its own.
    let is_row = word == &relation.name && relation.to_row.is_some();
    let relies = by.status.is_approved() && !scope.kind(by).is_over(&by.status);
    if is_row || !relies || to.status.standing() != Standing::Closed {
        return None;
    }
    let message =
        format!("{} is {}, and {} relies on it (`{word}`)", to.id, to.status.label(), by.id);
    let help = successor(scope, on).map_or_else(
        || "name what took its place, or take the relation out".to_owned(),
        |next| format!("name {next}, which supersedes it"),
    );
    let path = &packs.artifacts[relation.from].path;
    Some(Diagnostic::new(&TO_CLOSED, path, &relation.span, message).help(help))
}

/// The id of a document of the pack that supersedes another.
fn successor<'a>(scope: &Scope<'a>, of: usize) -> Option<&'a str> {
    const SUPERSEDES: &str = "supersedes";
    let mut relations = outgoing(scope).flat_map(|outgoing| &outgoing.relations);
    relations.find_map(|one| {
        let newer = if one.to == of && one.name == SUPERSEDES {
            one.from
        } else if one.from == of && one.inverse == SUPERSEDES {
            one.to
        } else {
            return None;
        };
        Some(scope.packs.artifacts[newer].id.as_str())
    })
}

fn wrong_kind(scope: &Scope<'_>, relation: &Relation) -> Option<Diagnostic> {
    let (from, to) = (&scope.packs.artifacts[relation.from], &scope.packs.artifacts[relation.to]);
    let kind = &scope.kind(to).name;
    let row = relation.to_row.and_then(|row| to.records.get(row));
    let fits = |word: &String| word == kind || row.is_some_and(|row| row.sort == *word);
    let is_kind = |word: &&String| scope.packs.kinds.iter().any(|kind| kind.name == **word);
    let (kinds, rows): (Vec<&String>, Vec<&String>) = relation.kinds.iter().partition(is_kind);
    // A company may keep in files of their own what others keep in rows.
    let is_free = kinds.is_empty() && (row.is_none() || rows.is_empty());
    if is_free || relation.kinds.iter().any(fits) {
        return None;
    }
    let wanted = if kinds.is_empty() { "a row of " } else { "a " };
    let words = if kinds.is_empty() { rows } else { kinds };
    let words: Vec<&str> = words.iter().map(|word| word.as_str()).collect();
    let wanted = format!("{wanted}{}", words.join(" or "));
    let is = match row {
        Some(row) => format!("{} is a row of {}", row.id, row.sort),
        None => format!("{} is a {kind}", to.id),
    };
    let message = format!("`{}` must lead to {wanted}; {is}", relation.name);
    Some(Diagnostic::new(&WRONG_KIND, &from.path, &relation.span, message))
}

/// A relation may also name what is neither an artifact nor a row here (a component, a ticket); only what has the prefix
/// of a kind or of a row of the pack, or what was there when it was pinned, must exist.
fn looks_like_id(scope: &Scope<'_>, broken: &crate::pack::BrokenRelation) -> bool {
    let from = &scope.packs.artifacts[broken.from];
    let known = has_prefix(scope, &broken.target);
    let kinds = &scope.packs.kinds;
    let typed = scope.kind(from).field(&broken.name).is_some_and(|field| {
        matches!(&field.form, Form::Relation { kinds: wanted, .. }
            if kinds.iter().any(|kind| wanted.contains(&kind.name)))
    });
    let pack = &scope.pack().id;
    let key = format!("{pack}:{} {} {}", from.id, broken.name, broken.target);
    let was_there = scope.packs.pins.contains_key(&key);
    (known || typed || was_there) && !crate::document::text::is_template(&broken.target)
}

/// Tells whether a word begins as the ids of a kind or of a row do, behind the name of a pack or without one.
fn has_prefix(scope: &Scope<'_>, word: &str) -> bool {
    let prefix = |id: &str| id.split_once('-').map(|(prefix, _)| prefix.to_lowercase());
    let own = word.rsplit(':').next().and_then(prefix);
    let mut rows = scope.own().flat_map(|artifact| &artifact.records);
    own.is_some_and(|own| {
        scope.packs.kinds.iter().any(|kind| kind.prefix.to_lowercase() == own)
            || rows.any(|row| prefix(&row.id).as_ref() == Some(&own))
    })
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn paths_are_written_as_links() {
        assert_eq!(relative("a/b", "a/c/d.md"), "../c/d.md");
        assert_eq!(relative("", "a/d.md"), "a/d.md");
        assert_eq!(relative("a", "a/d.md"), "d.md");
    }
}
