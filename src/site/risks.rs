//! The risks of a pack by how likely and how bad they are, before and after what is done about them, and by category.
//! Rows of every table that has these two columns; a value that cannot be read leaves its row beside the map.

use std::collections::BTreeMap;

use serde::Serialize;

use super::rows::anchor;
use super::unit::Unit;
use super::view::Linked;
use crate::document::{Cell, Row};
use crate::kinds::Recognised;
use crate::pack::Artifact;
use crate::rules::table::is_over;
use crate::value::{HIGHEST_LEVEL, level};

/// The page of all risks.
#[derive(Debug, Hash, Serialize)]
pub(super) struct RisksView {
    /// From the likeliest down.
    lines: Vec<Line>,
    categories: Vec<Category>,
    /// How many rows are not on the map.
    beside: usize,
}

#[derive(Debug, Hash, Serialize)]
struct Line {
    likelihood: u8,
    cells: Vec<Field>,
}

/// A field of the map.
#[derive(Debug, Hash, Serialize)]
struct Field {
    impact: u8,
    /// `low`, `middle` or `high`, by the product.
    heat: &'static str,
    now: Vec<Linked>,
    /// Where they shall be when everything is done.
    then: Vec<Linked>,
}

#[derive(Debug, Hash, Serialize)]
struct Category {
    name: String,
    rows: Vec<RiskView>,
}

#[derive(Debug, Clone, Hash, Serialize)]
struct RiskView {
    link: Linked,
    title: String,
    likelihood: String,
    impact: String,
    /// How bad it is in each category: `Compliance 5`.
    scores: Vec<String>,
    /// `2 and 3`; empty when nothing says so.
    residual: String,
    owner: String,
    state: String,
}

/// A risk with its places on the map.
struct Risk {
    /// Its category, or those in which it is the worst.
    categories: Vec<String>,
    now: Option<(u8, u8)>,
    then: Option<(u8, u8)>,
    over: bool,
    view: RiskView,
}

pub(super) fn view(unit: &Unit) -> RisksView {
    let risks: Vec<Risk> = unit.own().flat_map(|at| of_document(unit, at)).collect();
    let lines = (1..=HIGHEST_LEVEL).rev().map(|likelihood| line(&risks, likelihood)).collect();
    let open = risks.iter().filter(|risk| !risk.over);
    let beside = open.filter(|risk| risk.now.is_none()).count();
    let mut categories: BTreeMap<String, Vec<RiskView>> = BTreeMap::new();
    for risk in &risks {
        for category in &risk.categories {
            categories.entry(category.clone()).or_default().push(risk.view.clone());
        }
    }
    let category = |(name, rows): (String, Vec<RiskView>)| Category { name, rows };
    RisksView { lines, beside, categories: categories.into_iter().map(category).collect() }
}

fn line(risks: &[Risk], likelihood: u8) -> Line {
    let cell = |impact: u8| {
        let place = Some((likelihood, impact));
        let open = || risks.iter().filter(|risk| !risk.over);
        Field {
            impact,
            heat: match likelihood * impact {
                15.. => "high",
                6.. => "middle",
                _ => "low",
            },
            now: open().filter(|one| one.now == place).map(|one| one.view.link.clone()).collect(),
            then: open().filter(|one| one.then == place).map(|one| one.view.link.clone()).collect(),
        }
    };
    Line { likelihood, cells: (1..=HIGHEST_LEVEL).map(cell).collect() }
}

fn of_document(unit: &Unit, at: usize) -> Vec<Risk> {
    let artifact = &unit.packs().artifacts[at];
    let Some(kind) = unit.packs().kinds.get(artifact.kind) else { return Vec::new() };
    let tables = kind.tables_of(&artifact.document);
    let is_map = |table: &&Recognised<'_, '_>| {
        ["likelihood", "impact"].iter().all(|name| table.spec.column(name).is_some())
    };
    let rows = tables.iter().filter(is_map).flat_map(|table| {
        table.table.rows.iter().map(move |row| risk(unit, (at, artifact), table, row))
    });
    rows.flatten().collect()
}

fn risk(
    unit: &Unit,
    (at, artifact): (usize, &Artifact),
    table: &Recognised<'_, '_>,
    row: &Row,
) -> Option<Risk> {
    let record = artifact.records.iter().find(|record| record.id == row.id)?;
    let cell = |name: &str| table.cell(row, name).unwrap_or_default().trim().to_owned();
    let (likelihood, impact) = (cell("likelihood"), cell("impact"));
    let (least, worst) = (cell("residual-l"), cell("residual-i"));
    let place = |one: &str, other: &str| Some((level(one)?, level(other)?));
    let scores = scores(table, row);
    let score = |(title, step): &(&str, u8)| format!("{title} {step}");
    Some(Risk {
        categories: categories(&cell("category"), &scores),
        now: place(&likelihood, &impact),
        then: place(&least, &worst),
        over: is_over(table, row),
        view: RiskView {
            link: Linked {
                text: record.id.clone(),
                href: format!("{}{}", unit.artifact_route(at), anchor(record)),
            },
            title: record.title.clone(),
            scores: scores.iter().map(score).collect(),
            residual: [least, worst]
                .into_iter()
                .filter(|one| !one.is_empty())
                .collect::<Vec<_>>()
                .join(" and "),
            likelihood,
            impact,
            owner: unit.registry().who(&cell("owner")).name,
            state: cell("status"),
        },
    })
}

/// Reads the columns that the kind does not know and that hold steps: one for each category.
fn scores<'r>(table: &Recognised<'_, 'r>, row: &Row) -> Vec<(&'r str, u8)> {
    let header = table.table.header.iter().enumerate();
    let others = header.filter(|(at, _)| !table.columns.contains(&Some(*at)));
    let score = |(at, title): (usize, &'r Cell)| {
        Some((title.text.as_str(), level(&row.cells.get(at)?.text)?))
    };
    others.filter_map(score).collect()
}

fn categories(written: &str, scores: &[(&str, u8)]) -> Vec<String> {
    let worst = scores.iter().map(|(_, step)| *step).max();
    let in_them = scores.iter().filter(|(_, step)| Some(*step) == worst);
    let named: Vec<String> = in_them.map(|(title, _)| (*title).to_owned()).collect();
    match written {
        "" if named.is_empty() => vec!["No category".to_owned()],
        "" => named,
        written => vec![written.to_owned()],
    }
}
