//! The pull request that a message claims: the patterns of the forges, in order; text is never proof.

/// What stands right before the number, and where: the first pattern that fits counts.
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
    use super::pull_request;

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
