//! Error budgets: how much of what a service level allows was used up, from observed figures or from incidents.

use jiff::civil::Date;

use super::delivery::Delivery;
use super::window::Reach;
use super::{Aggregate, Figures, Number, Place, Window};
use crate::kinds::normalise;
use crate::pack::Packs;

/// The table of service levels.
pub const LEVELS: &str = "service-levels";

/// A service level and what is left of its budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// The id of the row; empty when it has none.
    pub id: String,
    /// What is promised.
    pub level: String,
    /// How much of it, as written.
    pub target: String,
    /// Over which days, as written.
    pub window: String,
    /// How many hundredths of the budget were used up; nothing when nobody can tell.
    pub used: Option<Number>,
    /// The arithmetic, or why there is none.
    pub words: String,
    /// Where it stands.
    pub place: Place,
}

impl Budget {
    /// Tells whether nothing is left.
    pub fn is_exhausted(&self) -> bool {
        self.used.is_some_and(|used| used >= Number::whole(100))
    }

    /// Tells how many hundredths are left.
    pub fn left(&self) -> Option<Number> {
        self.used.map(|used| Number::whole(100).minus(used).max(Number::ZERO))
    }
}

/// Lists the service levels of a pack with what was used of each until a day.
pub fn budgets(packs: &Packs, pack: usize, delivery: &Delivery, end: Date) -> Vec<Budget> {
    let mut budgets = Vec::new();
    for at in packs.of(pack) {
        let artifact = &packs.artifacts[at];
        for table in packs.kinds[artifact.kind].tables_of(&artifact.document) {
            if table.spec.name != LEVELS {
                continue;
            }
            for row in &table.table.rows {
                let cell = |name: &str| table.cell(row, name).unwrap_or_default();
                if normalise(cell("level")).is_empty() {
                    continue;
                }
                let level = Level {
                    target: cell("target"),
                    budget: cell("budget"),
                    metric: packs.figures(pack).metric(cell("metric")),
                    reach: Window::read(cell("window"), "").reach,
                };
                let used = level.used(packs.figures(pack), delivery, end);
                budgets.push(Budget {
                    id: row.id.clone(),
                    level: cell("level").to_owned(),
                    target: cell("target").to_owned(),
                    window: cell("window").to_owned(),
                    used: used.as_ref().ok().map(|(used, _)| *used),
                    words: used.map_or_else(|why| why, |(_, words)| words),
                    place: Place::in_document(artifact, &row.span),
                });
            }
        }
    }
    budgets
}

struct Level<'a> {
    target: &'a str,
    budget: &'a str,
    metric: Option<usize>,
    reach: Reach,
}

impl Level<'_> {
    fn used(
        &self,
        figures: &Figures,
        delivery: &Delivery,
        end: Date,
    ) -> Result<(Number, String), String> {
        match self.metric {
            Some(metric) => self.of_figures(figures, metric, end),
            None => self.of_incidents(delivery, end),
        }
    }

    /// A target in hundredths: what is observed below it uses up the budget.
    fn of_figures(
        &self,
        figures: &Figures,
        metric: usize,
        end: Date,
    ) -> Result<(Number, String), String> {
        let hundred = Number::whole(100);
        let target = Number::read(self.target).ok().filter(|(_, unit)| unit.starts_with('%'));
        let allowed = target.map(|(target, _)| hundred.minus(target));
        let allowed = allowed.filter(|allowed| *allowed > Number::ZERO);
        let allowed = allowed.ok_or("its target is no percentage below 100")?;
        let window = Window { reach: self.reach, aggregate: Aggregate::Mean };
        let mean = window.reckon(figures.points(metric, ""), end)?;
        let missing = hundred.minus(mean.value);
        let used = missing.times(100).over(allowed).ok_or("it cannot be reckoned")?;
        let (value, missing) = (mean.value.to_places(2), missing.to_places(2));
        Ok((used, format!("100 − {value} = {missing} of {allowed} % ({})", mean.words)))
    }

    /// A budget in minutes, which incidents say that they used up.
    fn of_incidents(&self, delivery: &Delivery, end: Date) -> Result<(Number, String), String> {
        let budget = Number::read(self.budget).ok().filter(|(_, unit)| unit.starts_with("min"));
        let (budget, _) =
            budget.ok_or("no metric says how it is kept, and no budget is in minutes")?;
        let (from, until) = delivery.days(self.reach, end);
        let within = |day: Date| day > from && day <= until;
        let incidents = delivery.incidents.iter().filter(|one| within(one.day));
        let minutes: Vec<Option<Number>> = incidents.map(|one| one.budget).collect();
        let silent = minutes.iter().filter(|one| one.is_none()).count();
        if silent > 0 {
            let all = minutes.len();
            return Err(format!(
                "{silent} of {all} incidents after {from} do not say how much they used"
            ));
        }
        let sum: Number = minutes.iter().flatten().copied().sum();
        let used = sum.times(100).over(budget).ok_or("the budget is nothing")?;
        Ok((used, format!("{sum} of {budget} min, by {} incidents after {from}", minutes.len())))
    }
}
