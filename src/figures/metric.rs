//! What numbers mean: the metrics that documents define in a table or among their fields.

use jiff::civil::Date;

use super::{Bound, Direction, Number, Place, Unit};
use crate::document::{Field, Node, Row, front_matter};
use crate::kinds::{Kind, Recognised, normalise};
use crate::pack::Artifact;
use crate::value;

/// The table that defines metrics, and the field that may do so.
pub const METRICS: &str = "metrics";

/// Metrics whose ids begin so are reckoned from change records and incidents.
pub const RECKONED: &str = "dora.";

/// What a number means.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metric {
    /// Its id; its name where it has none.
    pub id: String,
    /// For people.
    pub name: String,
    /// `business`, `delivery`, `risk`.
    pub class: String,
    /// Whether it tells what is to come; nothing when nobody says.
    pub leading: Option<bool>,
    /// What it is counted in.
    pub unit: Unit,
    /// Whether more or less is better.
    pub direction: Option<Direction>,
    /// What it was before.
    pub baseline: Option<Number>,
    /// What is aimed for.
    pub target: Option<Bound>,
    /// Beyond which somebody should look.
    pub warn: Option<Bound>,
    /// Beyond which it must not go.
    pub limit: Option<Bound>,
    /// Between which numbers it can be at all.
    pub plausible: Option<(Number, Number)>,
    /// Whether each segment is judged by itself.
    pub by_segment: bool,
    /// What exactly it is.
    pub definition: String,
    /// Where the numbers come from.
    pub source: String,
    /// Who answers for it, as written.
    pub owner: String,
    /// The document that defines it, among those of its pack.
    pub document: usize,
    /// Where.
    pub place: Place,
}

impl Metric {
    /// Tells whether people mean it by this name.
    pub fn is_called(&self, name: &str) -> bool {
        let name = normalise(name);
        !name.is_empty() && [&self.id, &self.name].iter().any(|own| normalise(own) == name)
    }

    /// Tells whether it is reckoned and not observed.
    pub fn is_reckoned(&self) -> bool {
        self.id.starts_with(RECKONED)
    }
}

/// What is said of a metric under a word; empty when nothing is.
type Said<'s> = &'s dyn Fn(&str) -> String;

/// Lists the metrics that a document defines.
pub(super) fn of(artifact: &Artifact, kind: &Kind, document: usize) -> Vec<Metric> {
    let mut metrics = Vec::new();
    let tables = kind.tables_of(&artifact.document);
    for table in tables.iter().filter(|table| table.spec.name == METRICS) {
        let rows = table.table.rows.iter();
        metrics.extend(rows.filter_map(|row| from_row(artifact, document, table, row)));
    }
    if let Some(field) = kind.field(METRICS).and_then(|spec| artifact.field(spec)) {
        metrics.extend(listed(&field.value).filter_map(|one| from_node(artifact, document, one)));
    }
    metrics
}

fn from_row(
    artifact: &Artifact,
    document: usize,
    table: &Recognised<'_, '_>,
    row: &Row,
) -> Option<Metric> {
    let say = |name: &str| table.cell(row, name).unwrap_or_default().to_owned();
    let place = Place::in_document(artifact, &row.span);
    metric(&say, "metric", document, place)
}

/// Returns the tables of a list, or the one table.
pub(super) fn listed(node: &Node) -> impl Iterator<Item = &Node> {
    let list: &[Node] = match &node.value {
        front_matter::Value::List(items) => items,
        _ => std::slice::from_ref(node),
    };
    list.iter().filter(|one| one.fields().is_some())
}

fn from_node(artifact: &Artifact, document: usize, node: &Node) -> Option<Metric> {
    let say = |name: &str| said(node, name);
    metric(&say, "name", document, Place::in_document(artifact, &node.span))
}

/// What a table of fields says under a key: a text, `> 5` for `{ op = ">", value = 5 }`, `3, 20` for a list.
pub(super) fn said(node: &Node, key: &str) -> String {
    let Some(Field { value, .. }) = node.inner(key) else { return String::new() };
    let inner = |key: &str| said(value, key);
    match value.fields() {
        Some(_) => {
            let change = inner("change_pct");
            let relative = !change.is_empty() || inner("relative_to") == "baseline";
            let number = if change.is_empty() { inner("value") } else { format!("{change} %") };
            let baseline = if relative { " against baseline" } else { "" };
            format!("{} {number}{baseline}", inner("op")).trim().to_owned()
        }
        None => value.texts().iter().map(|(text, _)| *text).collect::<Vec<_>>().join("; "),
    }
}

fn metric(say: Said<'_>, naming: &str, document: usize, place: Place) -> Option<Metric> {
    let (id, name) = (say("id"), say(naming));
    let id = if id.is_empty() { name.clone() } else { id };
    let name = if name.is_empty() { id.clone() } else { name };
    if normalise(&id).is_empty() || crate::document::text::is_template(&name) {
        return None;
    }
    let direction = match say("direction").to_lowercase().as_str() {
        "up" | "higher" | "more" | "higher is better" => Some(Direction::Up),
        "down" | "lower" | "less" | "lower is better" => Some(Direction::Down),
        _ => None,
    };
    let (baseline, unit_of_baseline) = amount(&say("baseline"));
    let written = Unit::new(&say("unit"));
    let unit = if written.is_unsaid() { unit_of_baseline } else { written };
    let bound = |key: &str| {
        let bound = Bound::read(&say(key), "", &name, direction).ok()?;
        Some(bound.that_holds(direction))
    };
    Some(Metric {
        class: normalise(&say("class")),
        leading: match say("kind").to_lowercase().as_str() {
            "leading" => Some(true),
            "lagging" => Some(false),
            _ => None,
        },
        unit,
        direction,
        baseline,
        target: bound("target"),
        warn: bound("warn"),
        limit: bound("limit"),
        plausible: range(&say("plausible")),
        by_segment: !say("segment_by").is_empty(),
        definition: say("definition"),
        source: say("source"),
        owner: say("owner"),
        document,
        place,
        id,
        name,
    })
}

/// Reads a number with its unit; what comes after a comma is a remark.
fn amount(text: &str) -> (Option<Number>, Unit) {
    match Number::read(text) {
        Ok((number, rest)) => {
            let end = rest.find([',', ';', '(']).unwrap_or(rest.len());
            (Some(number), Unit::new(&rest[..end]))
        }
        Err(_) => (None, Unit::default()),
    }
}

fn range(text: &str) -> Option<(Number, Number)> {
    let (low, high) = text.split_once("; ")?;
    Some((Number::read(low).ok()?.0, Number::read(high).ok()?.0))
}

/// Reads a day, the last day of a month or of a week: `2026-05-05`, `2026-05`, `2026-W19`.
pub(super) fn day(text: &str) -> Option<Date> {
    if let Some(day) = value::date(text) {
        return day.parse().ok();
    }
    let (year, rest) = text.trim().split_once('-')?;
    let year: i16 = year.parse().ok().filter(|_| year.len() == 4)?;
    match rest.strip_prefix(['W', 'w']) {
        Some(week) => {
            let sunday = jiff::civil::Weekday::Sunday;
            Some(jiff::civil::ISOWeekDate::new(year, week.parse().ok()?, sunday).ok()?.date())
        }
        None if rest.len() == 2 => {
            Some(Date::new(year, rest.parse().ok()?, 1).ok()?.last_of_month())
        }
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_and_a_month_end_on_their_last_day() {
        for (text, date) in [
            ("2026-05-05", Some("2026-05-05")),
            ("5 May 2026", Some("2026-05-05")),
            ("2026-02", Some("2026-02-28")),
            ("2026-W16", Some("2026-04-19")),
            ("1", None),
            ("03/04/2026", None),
            ("2026-13", None),
            ("2026-W60", None),
            ("week 1", None),
        ] {
            assert_eq!(day(text).map(|day| day.to_string()).as_deref(), date, "{text}");
        }
    }
}
