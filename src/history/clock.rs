//! Times that commits claim: what cannot be true is remarked, and a clock that never goes back is kept beside them.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::graph::{Graph, Node};
use super::log::{DecisionLog, Landing};
use super::statement::{Odd, Remark};

/// Returns the last second of a day, `2026-05-05`, in UTC; no moment is later than a day that cannot be read.
pub fn end_of(day: &str) -> i64 {
    let next = day.parse::<Date>().and_then(|day| day.tomorrow()?.to_zoned(TimeZone::UTC));
    next.map_or(i64::MAX, |next| next.timestamp().as_second() - 1)
}

/// No time zone is further ahead of UTC, in seconds.
const FURTHEST: i64 = 14 * 3600;

/// Tells whether a day begins after a moment, wherever on earth.
pub(super) fn is_later(day: &str, moment: i64) -> bool {
    let start = day.parse::<Date>().and_then(|day| day.to_zoned(TimeZone::UTC));
    let start = start.map(|start| start.timestamp().as_second());
    start.is_ok_and(|start| start - FURTHEST > moment)
}

/// Clocks of machines may differ by so many seconds.
const TOLERANCE: i64 = 15 * 60;

impl Graph {
    /// Lists what is odd about the times of commits, parents before children.
    pub(super) fn skews(&self) -> Vec<Remark> {
        let mut nodes: Vec<&Node> = self.nodes.iter().collect();
        nodes.sort_by_key(|node| node.order);
        let one = |node: &&Node| {
            let odd = |odd: Option<Odd>| odd.map(|odd| Remark::of(node.id, odd));
            [odd(impossible(node)), odd(self.before_parent(node)), odd(written_later(node))]
        };
        nodes.iter().flat_map(one).flatten().collect()
    }

    fn before_parent(&self, node: &Node) -> Option<Odd> {
        let parents = node.parents.iter().filter_map(|parent| self.nodes[*parent].committed);
        let by = parents.max()? - node.committed?;
        (by > TOLERANCE).then_some(Odd::BeforeParent(by))
    }

    /// Returns for each landing the latest time that it or one before it claims.
    pub(super) fn clocks(&self) -> Vec<i64> {
        let mut latest = 0;
        let times = self.landings.iter().map(|at| self.nodes[*at].committed.unwrap_or_default());
        times
            .map(|time| {
                latest = time.max(latest);
                latest
            })
            .collect()
    }
}

fn impossible(node: &Node) -> Option<Odd> {
    (node.authored.is_none() || node.committed.is_none()).then_some(Odd::Impossible)
}

fn written_later(node: &Node) -> Option<Odd> {
    let by = node.authored? - node.committed?;
    (by > TOLERANCE).then_some(Odd::WrittenLater(by))
}

impl Landing {
    /// Returns the clock of validity as it is known at `now`: what claims to be later counts as now.
    pub fn clock_at(&self, now: i64) -> i64 {
        self.clock.min(now)
    }
}

impl DecisionLog {
    /// Lists the landings with entries that claim to be later than `now`.
    pub fn ahead_of(&self, now: i64) -> Vec<&Landing> {
        let mut ahead: Vec<&Landing> =
            self.entries.iter().map(|entry| &entry.landing).filter(|one| one.time > now).collect();
        ahead.dedup_by_key(|landing| landing.index);
        ahead
    }
}

#[cfg(test)]
mod tests {
    use super::end_of;

    #[test]
    fn a_day_ends_a_second_before_the_next_one() {
        assert_eq!(end_of("1970-01-01"), 86_399);
        assert_eq!(end_of("no day"), i64::MAX);
    }
}
