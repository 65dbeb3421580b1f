//! A review in words, once for all that people read: sections of items, in the order in which they matter. What comes from
//! the repository is marked, so that each writer makes it harmless in its own way.

use super::{Found, Gate, Given, Lapsed, Recorded, Review, Step, Vanished};

/// A part of an item.
pub(super) enum Piece {
    /// Our own words.
    Ours(String),
    /// Words of the repository.
    Words(String),
    /// A name, a path or a rule.
    Code(String),
}

use Piece::{Code, Ours, Words};

/// A line of a list, and lines below it.
pub(super) struct Item {
    pub(super) pieces: Vec<Piece>,
    pub(super) below: Vec<Vec<Piece>>,
}

/// A list under a title.
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) items: Vec<Item>,
}

/// Makes a line; words of ours and of the repository take turns.
macro_rules! line {
    ($($kind:ident $text:expr),+ $(,)?) => { vec![$($kind($text.to_string())),+] };
}

fn alone(pieces: Vec<Piece>) -> Item {
    Item { pieces, below: Vec::new() }
}

/// Tells a review; a section without items is left out.
pub(super) fn sections(review: &Review) -> Vec<Section> {
    let paths = |paths: &[String]| paths.iter().map(|path| alone(line![Code path])).collect();
    let found = |list: &[Found]| list.iter().map(found).collect();
    let all: [(&'static str, Vec<Item>); 10] = [
        ("Cannot be joined", paths(&review.conflicts)),
        ("Touches what it is judged by, and is judged by that as it was", paths(&review.rules)),
        ("Kept quiet by comments of this change", found(&review.quieted)),
        ("Gates", review.gates.iter().map(gate).collect()),
        ("Wrong in what it changes", found(&review.brought)),
        ("Wrong in files that it does not touch", found(&review.elsewhere)),
        ("Approvals that it ends", review.lapsed.iter().map(lapsed).collect()),
        ("Approvals that it records", review.given.iter().map(given).collect()),
        ("Decisions that it records", review.decisions.iter().map(recorded).collect()),
        ("Addresses that would be no more", review.vanished.iter().map(vanished).collect()),
    ];
    let sections = all.into_iter().map(|(title, items)| Section { title, items });
    sections.filter(|section| !section.items.is_empty()).collect()
}

/// Says in one line what it comes to.
pub(super) fn headline(review: &Review) -> &'static str {
    if review.is_worse() { "Readiness gets worse" } else { "Readiness does not get worse" }
}

/// Says how many findings it mends and how many are not its own.
pub(super) fn rest(review: &Review) -> String {
    let Review { mended, old, .. } = review;
    format!("Mended: {mended}. There before and not its own: {old}.")
}

/// Says by what it was judged.
pub(super) fn grounds(review: &Review) -> Vec<Piece> {
    let short = |commit: &str| commit.chars().take(7).collect::<String>();
    line![
        Ours "Judged by the rules of ", Code review.base, Ours " at ", Code short(&review.base_commit),
        Ours "; the change is at ", Code short(&review.head_commit), Ours ", the day is ",
        Ours review.as_of, Ours ".",
    ]
}

fn found(one: &Found) -> Item {
    let place = if one.line > 0 { format!("{}:{}", one.path, one.line) } else { one.path.clone() };
    let mut pieces = line![
        Ours one.severity.word(), Ours " ", Code one.rule, Ours " ", Code place, Ours ": ",
        Words one.message,
    ];
    for more in [&one.help, &one.reason].into_iter().flatten() {
        pieces.extend(line![Ours " (", Words more, Ours ")"]);
    }
    alone(pieces)
}

fn gate(gate: &Gate) -> Item {
    let or = |words: &Option<String>, none: &str| words.clone().unwrap_or_else(|| none.to_owned());
    let before = or(&gate.before, "not judged");
    let after = or(&gate.after, "judged no more");
    let mut pieces = line![Words gate.title, Ours ", ", Words gate.gate, Ours ": "];
    if before == after {
        pieces.extend(line![Words after, Ours " as before"]);
    } else {
        pieces.extend(line![Words before, Ours " → ", Words after]);
    }
    let lists = [("opens", &gate.opened), ("closes", &gate.closed), ("changes", &gate.moved)];
    let lines =
        lists.into_iter().flat_map(|(verb, steps)| steps.iter().map(move |one| step(verb, one)));
    Item { pieces, below: lines.collect() }
}

fn step(verb: &str, step: &Step) -> Vec<Piece> {
    let before = step.before.unwrap_or("not asked");
    let mut pieces = line![
        Ours verb, Ours " ", Code step.id, Ours format!(" ({before} → {}, {}): ", step.after, step.level),
        Words step.statement,
    ];
    if verb == "opens" {
        pieces.extend(line![Ours "; ", Words step.reason]);
        if let Some(next) = &step.next {
            pieces.extend(line![Ours "; next: ", Words next]);
        }
    }
    pieces
}

fn scope(scope: Option<&str>) -> Vec<Piece> {
    scope.map(|scope| line![Ours ", part ", Code scope]).unwrap_or_default()
}

fn lapsed(one: &Lapsed) -> Item {
    let mut pieces = line![Code one.document, Ours " ", Words one.title];
    pieces.extend(scope(one.scope.as_deref()));
    pieces.extend(line![
        Ours ": approved by ", Words one.by, Ours format!(" on {}, would be {}", one.on, one.state),
    ]);
    alone(pieces)
}

fn given(one: &Given) -> Item {
    let mut pieces = line![Code one.document];
    pieces.extend(scope(one.scope.as_deref()));
    pieces.extend(line![Ours ": ", Words one.decision, Ours " by ", Words one.by]);
    if let Some(lack) = one.lack {
        pieces.extend(line![Ours ", would not count: ", Ours lack]);
    }
    alone(pieces)
}

fn recorded(one: &Recorded) -> Item {
    let illegal = if one.illegal { ", a step that its kind does not know" } else { "" };
    alone(line![
        Code one.document, Ours " ", Words one.title, Ours ": ", Words one.from, Ours " → ",
        Words one.to, Ours illegal,
    ])
}

fn vanished(one: &Vanished) -> Item {
    let mut pieces = line![Code one.address];
    if let Some(now) = &one.now {
        pieces.extend(line![Ours ", now ", Code now]);
    }
    alone(pieces)
}
