//! The text of a document, section by section: a section that stands elsewhere has moved, one under another heading was
//! renamed, and of the others the words are compared.

use std::collections::{BTreeMap, BTreeSet};

use super::tables::{self, Grid};
use super::{How, Point};
use crate::diff::{self, Hunk, Step, align};
use crate::document::{Document, LinkForm, Table};
use crate::kinds::{Effect, Kind};

/// A heading with what stands right under it.
struct Section<'d> {
    anchor: &'d str,
    title: &'d str,
    effect: Effect,
    /// Its words without those of its tables, a block in each line.
    words: String,
    tables: Vec<Grid<'d>>,
}

/// A section and the same one later.
type Pair = (Option<usize>, Option<usize>, bool);

pub(super) fn compare(kind: &Kind, before: &Document, after: &Document) -> Vec<Point> {
    let (then, now) = (sections(kind, before), sections(kind, after));
    let mut points = Vec::new();
    for (one, other, moved) in pairs(&then, &now) {
        points.extend(section(one.map(|at| &then[at]), other.map(|at| &now[at]), moved));
    }
    points.extend(links(kind, before, after, points.is_empty()));
    if points.is_empty() && before.body.html != after.body.html {
        let point = Point::value(kind.effect, "", "the way it is written", [Some(""), Some("")]);
        points.push(point);
    }
    points
}

/// Cuts a document into what stands before the first heading and what stands under each heading.
fn sections<'d>(kind: &Kind, document: &'d Document) -> Vec<Section<'d>> {
    let headings = &document.headings;
    let (effects, known) = (effects(kind, document), kind.tables_of(document));
    let start = |at: usize| if at == 0 { 0 } else { headings[at - 1].words.start };
    let sections = (0..=headings.len()).map(|at| {
        let end = headings.get(at).map_or(document.text.len(), |next| next.words.start);
        let mut words = document.text.get(start(at)..end).unwrap_or_default();
        if let Some(next) = headings.get(at) {
            let trimmed = words.trim_end();
            words = trimmed.strip_suffix(next.text.trim()).unwrap_or(words);
        }
        let heading = at.checked_sub(1).map(|at| &headings[at]);
        let own = document.tables.iter().filter(|table| table.heading == at.checked_sub(1));
        Section {
            anchor: heading.map_or("", |heading| &heading.id),
            title: heading.map_or("", |heading| &heading.text),
            effect: effects[at],
            words: without_tables(words, own.clone()),
            tables: own.map(|table| Grid::of(&known, table)).collect(),
        }
    });
    sections.collect()
}

/// Tells what each section means: what its kind says of it, else of the section around it, else of the kind.
fn effects(kind: &Kind, document: &Document) -> Vec<Effect> {
    let mut effects = vec![kind.effect];
    let mut around: Vec<(u8, Effect)> = Vec::new();
    let specs = kind.sections.iter().filter_map(|spec| Some((spec, spec.effect?)));
    let stated: BTreeMap<usize, Effect> = specs
        .rev()
        .flat_map(|(spec, effect)| {
            let headings = spec.headings(document).into_iter();
            headings.map(move |heading| (heading.span.start, effect))
        })
        .collect();
    for heading in &document.headings {
        around.retain(|(level, _)| *level < heading.level);
        let inherited = around.last().map_or(kind.effect, |(_, effect)| *effect);
        let effect = stated.get(&heading.span.start).copied().unwrap_or(inherited);
        around.push((heading.level, effect));
        effects.push(effect);
    }
    effects
}

/// Leaves out the lines that are rows of tables.
fn without_tables<'d>(words: &str, tables: impl Iterator<Item = &'d Table>) -> String {
    let line = |cells: &[crate::document::Cell]| {
        let texts = cells.iter().flat_map(|cell| cell.text.split_whitespace());
        texts.collect::<Vec<_>>().join(" ")
    };
    let rows: BTreeSet<String> = tables
        .flat_map(|table| {
            let rows = table.rows.iter().map(|row| line(&row.cells));
            std::iter::once(line(&table.header)).chain(rows)
        })
        .collect();
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let kept = words.lines().filter(|text| rows.is_empty() || !rows.contains(&plain(text)));
    kept.flat_map(|text| [text.trim_end(), "\n"]).collect()
}

/// Pairs sections by their anchors; what is left over, by equal words.
fn pairs(then: &[Section<'_>], now: &[Section<'_>]) -> Vec<Pair> {
    let anchors = |sections: &[Section<'_>]| -> Vec<String> {
        sections.iter().map(|section| section.anchor.to_owned()).collect()
    };
    let (mut pairs, mut gone, mut new): (Vec<Pair>, Vec<usize>, Vec<usize>) = Default::default();
    for step in align(&anchors(then), &anchors(now)) {
        match step {
            Step::Same(one, other) => pairs.push((Some(one), Some(other), false)),
            Step::Gone(one) => gone.push(one),
            Step::New(other) => new.push(other),
        }
    }
    for other in new {
        let here = &now[other];
        let same = |one: &&usize| then[**one].anchor == here.anchor;
        let alike = |one: &&usize| !here.words.is_empty() && then[**one].words == here.words;
        let found = gone.iter().find(same).or_else(|| gone.iter().find(alike)).copied();
        let moved = found.is_some_and(|one| then[one].anchor == here.anchor);
        gone.retain(|one| Some(*one) != found);
        pairs.push((found, Some(other), moved));
    }
    pairs.sort_by_key(|(_, other, _)| *other);
    pairs.extend(gone.into_iter().map(|one| (Some(one), None, false)));
    pairs
}

fn section(before: Option<&Section<'_>>, after: Option<&Section<'_>>, moved: bool) -> Vec<Point> {
    let Some(shown) = after.or(before) else { return Vec::new() };
    let (effect, title) = (shown.effect, shown.title);
    let mut points = Vec::new();
    if moved {
        let point = Point::value(effect, title, "", [Some(""), Some("")]);
        points.push(Point { how: How::Moved, ..point });
    }
    let titles = [before, after].map(|section| section.map(|section| section.title));
    if let [Some(was), Some(is)] = titles
        && was != is
    {
        points.push(Point::value(effect, title, "heading", titles));
    }
    points.extend(words(effect, title, before, after));
    let tables = |section: Option<&Section<'_>>| section.map_or(0, |section| section.tables.len());
    for at in 0..tables(before).max(tables(after)) {
        let [one, other] = [before, after].map(|section| section?.tables.get(at));
        points.extend(tables::compare(title, effect, one, other));
    }
    points
}

/// Compares the words of a section.
fn words(
    effect: Effect,
    title: &str,
    before: Option<&Section<'_>>,
    after: Option<&Section<'_>>,
) -> Option<Point> {
    let said = [before, after].map(|section| section.map(|section| section.words.as_str()));
    if said[0] == said[1] {
        return None;
    }
    let [was, is] = said.map(Option::unwrap_or_default);
    let hunks = diff::hunks(was, is).unwrap_or_default();
    let point = Point::value(effect, title, "", said.map(|words| words.map(|_| "")));
    let how =
        if said.iter().all(Option::is_some) && is_moved(&hunks) { How::Moved } else { point.how };
    Some(Point { how, hunks, ..point })
}

/// Tells whether the lines that were taken away stand elsewhere again.
fn is_moved(hunks: &[Hunk]) -> bool {
    let lines = |how: &str| {
        let lines = hunks.iter().flat_map(|hunk| &hunk.lines).filter(|line| line.how == how);
        let mut texts: Vec<String> =
            lines.map(|line| line.pieces.iter().map(|piece| &*piece.text).collect()).collect();
        texts.sort_unstable();
        texts
    };
    let added = lines("added");
    !added.is_empty() && added == lines("removed")
}

/// Tells which links lead elsewhere; with `all` also those that are new or gone.
fn links(kind: &Kind, before: &Document, after: &Document, all: bool) -> Vec<Point> {
    let targets = |document: &Document| -> Vec<String> {
        let links = document.links.iter().filter(|link| link.form != LinkForm::Mention);
        links.map(|link| link.target.clone()).collect()
    };
    let (then, now) = (targets(before), targets(after));
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for step in align(&then, &now) {
        match step {
            Step::Same(..) => {}
            Step::Gone(at) => gone.push(then[at].as_str()),
            Step::New(at) => new.push(now[at].as_str()),
        }
    }
    let told = if all || gone.len() == new.len() { gone.len().max(new.len()) } else { 0 };
    let pair = |at: usize| [gone.get(at).copied(), new.get(at).copied()];
    (0..told).map(|at| Point::value(kind.effect, "", "link", pair(at))).collect()
}
