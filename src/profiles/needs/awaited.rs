//! Rules that are yet to be written: what asks for their silence is unknown.

/// Rules that profiles ask for and that nothing looks for yet, by name.
pub(in crate::profiles) const AWAITED: [&str; 3] =
    ["risk.accepted-without-authority", "runbook.unchanged-after-incident", "test.predates-change"];
