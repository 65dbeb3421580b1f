//! What pages and commands say to people of a document: how it stands, since when, who decided.

use std::collections::BTreeSet;

use jiff::civil::Date;

/// How sure an approval is, the least first.
const LEVELS: [&str; 4] = ["reported", "attributed", "attested", "verified"];

/// Words that say that something is not known.
const OPEN: [&str; 11] = [
    "not known",
    "unknown",
    "undetermined",
    "unreadable",
    "cannot",
    "Nobody can tell",
    "Not everybody is known",
    "did not know this address",
    "not in this clone",
    "somebody",
    "none of the approver's keys that are known",
];

/// What `explain` says of a document of which nothing is sure but what it declares.
const PLAIN: [&str; 2] = ["Approvals", "The status is as the document says."];

/// What is left out where the rules that came with a change are lost.
const NAMED: &str = " The change made this person its approver; the rules before it count.";

/// Lists what `explain` says of a document, but for what could be done.
pub(super) fn lines(text: &str) -> BTreeSet<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.filter(|line| !line.starts_with("What would count: ")).map(str::to_owned).collect()
}

/// Lists what a page says of a document under its title, and each line of the lists and tables about approvals.
pub(super) fn said(page: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for part in page.split("<p class=\"line\">").skip(1) {
        let part = part.split("</p>").next().unwrap();
        all.extend(part.split("</span> <span").flat_map(|one| one.split("</span>\n")).map(plain));
    }
    for section in ["<section id=\"waiting\"", "<section id=\"separation\""] {
        let Some((_, part)) = page.split_once(section) else { continue };
        let rows = part.split("<li>").skip(1).filter_map(|row| row.split("</li>").next());
        let cells = part.split("<tr>").skip(1).filter_map(|row| row.split("</tr>").next());
        all.extend(rows.chain(cells).map(plain));
    }
    all.retain(|text| !text.is_empty());
    all
}

/// Takes the text without its marks.
fn plain(html: &str) -> String {
    let text: String =
        html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Tells whether a text is among those known, says less than one of them, or says that something is not known.
pub(super) fn is_less(text: &str, known: &BTreeSet<String>) -> bool {
    let level = LEVELS.iter().position(|level| text.contains(level));
    let surer = |more: &&str| known.contains(&text.replace(LEVELS[level.unwrap()], more));
    known.contains(text)
        || PLAIN.contains(&text)
        || OPEN.iter().any(|word| text.contains(word))
        || known.iter().any(|more| is_before(text, more))
        || known.iter().any(|more| {
            more.replacen(NAMED, "", 1) == text
                || without_who(more) == text
                || is_declared(text, more)
                || is_less_stale(text, more)
                || names_fewer(text, more)
        })
        || names_a_writer(text, known)
        || level.is_some_and(|level| LEVELS[level..].iter().any(surer))
}

/// Tells whether a text says of a day, or before, what is known to be of that day or an earlier one.
fn is_before(text: &str, known: &str) -> bool {
    let day = |text: &str| Date::strptime("since %d %b %Y", text).ok();
    let told = text.strip_suffix(" or before").and_then(day);
    let since = without_who(known);
    let true_one = day(since.split(", #").next().unwrap());
    told.is_some_and(|told| true_one.is_some_and(|since| since <= told))
}

/// Tells whether a text names some of those who approved, as surely: `approved by bob, cyn · attributed`.
fn names_fewer(text: &str, known: &str) -> bool {
    let parts = |text: &str| {
        let (names, level) = text.strip_prefix("approved by ")?.split_once(" · ")?;
        let names: BTreeSet<String> = names.split(", ").map(str::to_owned).collect();
        Some((names, level.to_owned()))
    };
    let told = parts(text).zip(parts(known));
    told.is_some_and(|((few, level), (all, sure))| level == sure && few.is_subset(&all))
}

/// Tells whether a row of the table of approvals says the same but that it names writers whom another row names: since when
/// they count may not be known any more.
fn names_a_writer(text: &str, known: &BTreeSet<String>) -> bool {
    let Some((row, rest)) = text.split_once("written by ") else { return false };
    // `ana 1 Jan 2026 commit`
    let writers = rest.rsplitn(5, ' ').nth(4).unwrap_or_default();
    let wrote = format!("written by {writers} ");
    known.contains(&format!("{row}{}", &rest[writers.len()..]))
        && known.iter().any(|other| other.contains(&wrote))
}

/// Tells whether a text is what the document declares, of which more is said where more is known: `approved, then changed`.
fn is_declared(text: &str, known: &str) -> bool {
    known.strip_prefix(text).is_some_and(|rest| rest == ", then changed")
}

/// Leaves out who did it: `since 1 Jan 2026, recorded by Bob, #2`.
fn without_who(text: &str) -> String {
    let Some((start, rest)) = text.split_once(", recorded by ") else { return text.to_owned() };
    let end = rest.split_once(", ").map_or_else(String::new, |(_, end)| format!(", {end}"));
    format!("{start}{end}")
}

/// Tells whether a text says the same but that it is stale, which is only known of what is known to be approved; that it
/// changed after its status did is seen in its own past.
fn is_less_stale(text: &str, known: &str) -> bool {
    let changed = text.replacen(", then changed", "", 1);
    let stale = known.split_once(", stale since ").map(|(start, rest)| {
        // A year is four digits, whatever follows it.
        let end = rest.match_indices(' ').nth(1).map_or(rest.len(), |(at, _)| at + 5);
        format!("{start}{}", rest.get(end..).unwrap_or_default())
    });
    changed == known || stale.is_some_and(|stale| changed == stale)
}
