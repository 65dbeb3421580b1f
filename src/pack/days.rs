//! From which day to which something holds: a person is there, a role is held, a shift is on.

/// The first and the last day, both included; open where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days {
    /// `2026-05-05`.
    pub from: Option<String>,
    /// `2026-05-31`.
    pub until: Option<String>,
}

impl Days {
    /// Tells whether neither end is said.
    pub fn are_open(&self) -> bool {
        self.from.is_none() && self.until.is_none()
    }

    /// Tells whether a day is one of these.
    pub fn hold(&self, day: &str) -> bool {
        !self.begin_after(day) && !self.are_over(day)
    }

    /// Tells whether all of them lie before a day.
    pub fn are_over(&self, day: &str) -> bool {
        self.until.as_deref().is_some_and(|until| until < day)
    }

    /// Tells whether all of them lie after a day.
    pub fn begin_after(&self, day: &str) -> bool {
        self.from.as_deref().is_some_and(|from| day < from)
    }
}
