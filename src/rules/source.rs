//! Rules about files that could not be read as files.

use super::Rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{RepoPath, Skipped, Snapshot};

/// A symbolic link.
pub static SYMBOLIC_LINK: Rule = Rule {
    name: "source.symbolic-link",
    severity: Severity::Warning,
    summary: "Finds symbolic links, which are never followed.",
    why: "A link may lead out of the repository, and means something else on another machine.",
    fix: "Put the file itself in its place, or link to it from the text.",
};

/// A submodule.
pub static SUBMODULE: Rule = Rule {
    name: "source.submodule",
    severity: Severity::Note,
    summary: "Finds submodules and repositories inside the repository.",
    why: "Their files have a history of their own and are not part of this one.",
    fix: "Publish the other repository by itself and link to it.",
};

/// A name that is not UTF-8.
pub static PATH_ENCODING: Rule = Rule {
    name: "source.path-encoding",
    severity: Severity::Warning,
    summary: "Finds file names that are not UTF-8 or that Git does not allow.",
    why: "Such a name has no address on a site, so the file is left out.",
    fix: "Rename the file with `git mv`.",
};

/// A path that is too long.
pub static PATH_LENGTH: Rule = Rule {
    name: "source.path-length",
    severity: Severity::Warning,
    summary: "Finds paths of more than 350 bytes.",
    why: "Its address would not fit every file system, so the file is left out.",
    fix: "Shorten the names of the file and its folders with `git mv`.",
};

/// A file of the work tree that cannot be read.
pub static UNREADABLE_FILE: Rule = Rule {
    name: "source.unreadable-file",
    severity: Severity::Warning,
    summary: "Finds entries of the work tree that cannot be read as files.",
    why: "A pipe, a device, a file without permission or a huge file would stop or fill the program.",
    fix: "Remove it, ignore it in `.gitignore`, or correct its permissions.",
};

/// A file with contacts, on a public site.
pub static CONTACT: Rule = Rule {
    name: "source.contact",
    severity: Severity::Warning,
    summary: "Finds files whose name, or whose text as a download, holds addresses or telephone numbers.",
    why: "A public site covers them in its pages; a name or a download cannot be changed, so the file is left out.",
    fix: "Rename the file, or take the addresses and numbers out of it.",
};

/// A blob that is not in a partial clone.
pub static MISSING_BLOB: Rule = Rule {
    name: "source.missing-blob",
    severity: Severity::Error,
    summary: "Finds files whose content is not in this clone.",
    why: "A partial clone holds only what was asked for; the page would be empty, and nothing is fetched silently.",
    fix: "Run `git fetch --refetch --no-filter`.",
};

/// A pointer in place of content.
pub static LFS_POINTER: Rule = Rule {
    name: "source.lfs-pointer",
    severity: Severity::Warning,
    summary: "Finds files whose content Git LFS keeps elsewhere.",
    why: "The commit holds only a pointer, so readers would see a broken picture, or the pointer instead of the page.",
    fix: "Commit the file without LFS, or leave it out of the site.",
};

/// A picture that is none.
pub static NOT_A_PICTURE: Rule = Rule {
    name: "source.not-a-picture",
    severity: Severity::Warning,
    summary: "Finds files named as pictures whose bytes are something else.",
    why: "Readers would see a broken picture, and a page in disguise could run where the site is served.",
    fix: "Commit the picture again, or give the file the name of what it is.",
};

/// A picture that does more than to be seen.
pub static UNSAFE_SVG: Rule = Rule {
    name: "source.unsafe-svg",
    severity: Severity::Warning,
    summary: "Finds SVG pictures with scripts, event handlers, foreign content or anything loaded from elsewhere.",
    why: "A browser runs such a picture as a page of the site when it is opened by itself, so it is left out.",
    fix: "Export it as plain SVG, or as PNG.",
};

/// Tells what was passed over of the files that `is_wanted`.
pub fn skipped(snapshot: &Snapshot, is_wanted: impl Fn(&RepoPath) -> bool) -> Vec<Diagnostic> {
    let wanted = snapshot.skipped.iter().filter(|entry| is_wanted(&entry.path));
    wanted.filter_map(|entry| finding(entry, snapshot)).collect()
}

fn finding(entry: &Skipped, snapshot: &Snapshot) -> Option<Diagnostic> {
    let rule = RULES.iter().copied().find(|rule| rule.name == entry.rule)?;
    let is_here = |path: &&RepoPath| {
        snapshot.file(path.as_str()).is_some() || snapshot.holds_folder(path.as_str())
    };
    if let Some(target) = entry.leads_to.as_ref().filter(is_here) {
        let message =
            format!("this is a symbolic link to {target}, which is shown in its own place");
        let mut finding = Diagnostic::new(rule, &entry.path, &(0..0), message);
        finding.severity = Severity::Note;
        return Some(finding);
    }
    let message = format!("this is {}", entry.reason);
    Some(Diagnostic::new(rule, &entry.path, &(0..0), message).help(next_step(rule)))
}

/// What to do, as a phrase that follows `help:`.
fn next_step(rule: &Rule) -> String {
    let fix = rule.fix.trim_end_matches('.');
    let first = fix.chars().next().map_or(0, char::len_utf8);
    fix[..first].to_lowercase() + &fix[first..]
}

/// Tells that the content of a file could not be read, and why.
pub fn missing_blob(path: &RepoPath, reason: &str) -> Diagnostic {
    Diagnostic::new(&MISSING_BLOB, path, &(0..0), reason).help(next_step(&MISSING_BLOB))
}

/// Tells why a file that a page shows or offers is left out.
pub fn left_out(rule: &'static Rule, path: &RepoPath, message: &str) -> Diagnostic {
    Diagnostic::new(rule, path, &(0..0), message).help(next_step(rule))
}

/// The rules of this group.
pub static RULES: &[&Rule] = &[
    &SYMBOLIC_LINK,
    &SUBMODULE,
    &PATH_ENCODING,
    &PATH_LENGTH,
    &UNREADABLE_FILE,
    &MISSING_BLOB,
    &LFS_POINTER,
    &NOT_A_PICTURE,
    &UNSAFE_SVG,
    &CONTACT,
];
