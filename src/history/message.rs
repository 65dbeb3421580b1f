//! What a message claims: a pull request, a revert, a copy. Text is never proof.

use serde::{Deserialize, Serialize};

use crate::git::from_hex;
use crate::source::ObjectId;

/// What a message says it takes back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reverted {
    /// The commit.
    pub(super) commit: Option<ObjectId>,
    /// Its subject.
    pub(super) subject: Option<String>,
}

/// Reads `Revert "..."`, `Reapply "..."` and `This reverts commit ...`.
pub(super) fn reverted(message: &str) -> Option<Reverted> {
    let subject = message.trim_start().lines().next().unwrap_or_default().trim_end();
    let quoted = |start: &str| Some(subject.strip_prefix(start)?.rsplit_once('"')?.0);
    let again = || quoted("Reapply \"").map(|subject| format!("Revert \"{subject}\""));
    let subject = quoted("Revert \"").map(str::to_owned).or_else(again);
    let commit = message.lines().find_map(|line| line.trim().strip_prefix("This reverts commit "));
    (subject.is_some() || commit.is_some())
        .then(|| Reverted { commit: commit.and_then(leading_id), subject })
}

/// Reads `(cherry picked from commit ...)`.
pub(super) fn picked_from(message: &str) -> Option<ObjectId> {
    let line = |line: &str| leading_id(line.trim().strip_prefix("(cherry picked from commit ")?);
    message.lines().rev().find_map(line)
}

/// Reads the key under which Gerrit knows a change.
pub(super) fn change_id(message: &str) -> Option<&str> {
    let pairs = message.lines().rev().filter_map(|line| line.split_once(':'));
    let mut named = pairs.filter(|(key, _)| key.eq_ignore_ascii_case("Change-Id"));
    named.next().map(|(_, id)| id.trim()).filter(|id| !id.is_empty())
}

/// Returns the branch that a subject says was merged from another repository: into itself, when it is this one.
pub(super) fn pulled(subject: &str) -> Option<&str> {
    let inside = |start: &str| subject.strip_prefix(start)?.split_once('\'');
    let local = || inside("Merge branch '").filter(|(_, rest)| rest.starts_with(" of "));
    let remote = || inside("Merge remote-tracking branch 'origin/");
    local().or_else(remote).map(|(branch, _)| branch)
}

fn leading_id(text: &str) -> Option<ObjectId> {
    let end = text.bytes().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(text.len());
    from_hex(&text.as_bytes()[..end])
}

/// The patterns of the forges, in order. What stands right before the number, and where: the first pattern that fits counts.
const PATTERNS: [(Place, &str, &str); 6] = [
    (Place::Start, "Merge pull request #", ""),
    (Place::Anywhere, "See merge request ", "!"),
    (Place::Start, "Merged in ", "(pull request #"),
    (Place::Start, "Merged PR ", ""),
    (Place::Start, "Auto merge of #", ""),
    (Place::Anywhere, "Reviewed-on: ", "/+/"),
];

enum Place {
    /// The subject begins so.
    Start,
    /// A line of the message begins so.
    Anywhere,
}

/// Returns the number that a message claims.
pub(super) fn pull_request(message: &str) -> Option<u64> {
    let message = message.trim_start();
    let subject = message.lines().next().unwrap_or_default();
    PATTERNS
        .iter()
        .find_map(|(place, start, then)| match place {
            Place::Start => after(subject, start, then),
            Place::Anywhere => message.lines().find_map(|line| after(line.trim(), start, then)),
        })
        .or_else(|| at_the_end(subject))
}

fn after(line: &str, start: &str, then: &str) -> Option<u64> {
    let rest = line.strip_prefix(start)?;
    let rest = if then.is_empty() { rest } else { rest.rsplit_once(then)?.1 };
    leading_number(rest)
}

/// Reads `(#12)` or `(!12)` at the very end of the subject.
fn at_the_end(subject: &str) -> Option<u64> {
    let (_, inner) = subject.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    let digits = inner.strip_prefix(['#', '!'])?;
    digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok())?
}

fn leading_number(text: &str) -> Option<u64> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{change_id, picked_from, pull_request, pulled, reverted};

    #[test]
    fn reverts_and_copies_are_those_that_git_writes() {
        let id = "0123456789abcdef0123456789abcdef01234567";
        let of = |message: &str| {
            let found = reverted(message)?;
            Some((found.subject.unwrap_or_default(), found.commit.map(|id| id.to_string())))
        };
        let text = format!("Revert \"Approve\"\n\nThis reverts commit {id}, for now.\n");
        assert_eq!(of(&text), Some(("Approve".to_owned(), Some(id.to_owned()))));
        let again = Some(("Revert \"Approve \"it\"\"".to_owned(), None));
        assert_eq!(of("Reapply \"Approve \"it\"\""), again);
        assert_eq!(of("Revert the approval\n\nIt reverts commit x."), None);
        let text = format!("Approve\n\n(cherry picked from commit {id})\nChange-id:  Iab \n");
        assert_eq!(picked_from(&text).map(|id| id.to_string()), Some(id.to_owned()));
        assert_eq!(change_id(&text), Some("Iab"));
        assert_eq!((picked_from("x"), change_id("Change-Id:"), change_id("")), (None, None, None));
    }

    #[test]
    fn a_branch_pulled_from_elsewhere_is_named() {
        for (subject, expected) in [
            ("Merge branch 'main' of example.org:ops/packs", Some("main")),
            ("Merge branch 'main' of https://example.org/x into main", Some("main")),
            ("Merge remote-tracking branch 'origin/main'", Some("main")),
            ("Merge branch 'main' into side", None),
            ("Merge branch 'side'", None),
            ("Merge pull request #4 from ana/main", None),
            ("Merge branch '", None),
        ] {
            assert_eq!(pulled(subject), expected, "{subject}");
        }
    }

    #[test]
    fn numbers_are_those_the_forges_write() {
        for (message, expected) in [
            ("Merge pull request #42 from ana/rb-3\n\nApprove RB-003", Some(42)),
            (
                "Merge branch 'rb' into 'main'\n\nApprove\n\nSee merge request ops/packs!17",
                Some(17),
            ),
            ("Merged in rb (pull request #9)\n\nApprove", Some(9)),
            ("Merged PR 31: Approve RB-003", Some(31)),
            ("Auto merge of #7 - ana:rb, r=bob", Some(7)),
            ("Approve RB-003\n\nReviewed-on: https://review.example.org/c/packs/+/512", Some(512)),
            ("Approve RB-003 (#42)", Some(42)),
            ("Approve RB-003 (!43)", Some(43)),
            ("Revert \"Approve (#6)\" (#8)", Some(8)),
            ("Revert \"Approve (#6)\"", None),
            ("fix: closes #99", None),
            ("Fixes #12\n\nSee #13", None),
            ("Approve (#) (#x1)", None),
            ("Approve (#42) and more", None),
            ("", None),
        ] {
            assert_eq!(pull_request(message), expected, "{message}");
        }
    }
}
