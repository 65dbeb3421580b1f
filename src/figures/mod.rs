//! Observed figures: what metrics mean, what was observed of them, and what follows from that. Plain values of one
//! snapshot; nothing here knows what day it is unless it is told.

pub mod bound;
pub mod budget;
pub mod criteria;
mod csv;
pub mod delivery;
pub mod measure;
pub mod metric;
mod number;
mod observe;
pub mod trigger;
mod unit;
pub mod window;

use std::sync::Arc;

use jiff::civil::Date;

pub use bound::{Bound, Direction, Of, Op, Side};
pub use metric::Metric;
pub use number::{Number, Unread};
pub use unit::Unit;
pub use window::{Aggregate, Window};

use crate::diagnostic::Diagnostic;
use crate::pack::{Artifact, Packs};
use crate::source::{ObjectId, RepoPath, Span};

/// The figures of one pack.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// What its documents define, in their order.
    pub metrics: Vec<Metric>,
    /// What was observed, by metric and segment.
    pub series: Vec<Series>,
    /// The data files that its documents name, and which bytes were there.
    pub files: Vec<(RepoPath, Option<ObjectId>)>,
    /// What is wrong with what was observed.
    pub findings: Vec<Diagnostic>,
}

/// What was observed of one metric in one segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Index in [`Figures::metrics`].
    pub metric: usize,
    /// Of which part; empty for the whole.
    pub segment: String,
    /// By day, one for each.
    pub points: Vec<Point>,
}

/// One observed number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// The last day that it speaks of.
    pub day: Date,
    /// The number, in the unit of its metric.
    pub value: Number,
    /// On how many samples it rests, when that is said.
    pub n: Option<Number>,
    /// Where it stands.
    pub place: Place,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: RepoPath,
    /// Where in it.
    pub span: Span,
    /// From 1.
    pub line: usize,
}

impl Default for Place {
    fn default() -> Self {
        Self { path: RepoPath::new(""), span: 0..0, line: 0 }
    }
}

impl Place {
    fn in_document(artifact: &Artifact, span: &Span) -> Self {
        let line = artifact.document.line(span.start);
        Self { path: artifact.path.clone(), span: span.clone(), line }
    }
}

/// The control group's segment.
pub const CONTROL: &str = "control";

impl Figures {
    /// No figures at all.
    pub const NONE: Self =
        Self { metrics: Vec::new(), series: Vec::new(), files: Vec::new(), findings: Vec::new() };

    /// Finds a metric by its id or its name; the id counts first.
    pub fn metric(&self, name: &str) -> Option<usize> {
        let by_id = self.metrics.iter().position(|metric| metric.id == name.trim());
        by_id.or_else(|| self.metrics.iter().position(|metric| metric.is_called(name)))
    }

    /// Lists what was observed of a metric in a segment.
    pub fn points(&self, metric: usize, segment: &str) -> &[Point] {
        let found = self.series.iter().find(|one| one.metric == metric && one.segment == segment);
        found.map_or(&[], |series| &series.points)
    }

    /// Lists the segments of a metric but the whole and the control group.
    pub fn segments(&self, metric: usize) -> impl Iterator<Item = &Series> {
        let is_part = |one: &&Series| !one.segment.is_empty() && one.segment != CONTROL;
        self.series.iter().filter(move |one| one.metric == metric).filter(is_part)
    }

    /// Tells whether there is anything to show.
    pub fn are_there(&self) -> bool {
        !self.series.is_empty()
    }
}

/// What gives the bytes of the file at a path, and their id; nothing when no file is there.
pub type ReadData<'a> = dyn Fn(&RepoPath) -> Option<(ObjectId, Result<Arc<[u8]>, String>)> + 'a;

/// Gathers the figures of a pack.
pub fn gather(packs: &Packs, pack: usize, read: &ReadData<'_>) -> Figures {
    let mut figures = Figures::default();
    let own = &packs.artifacts[packs.of(pack)];
    for (at, artifact) in own.iter().enumerate() {
        let kind = &packs.kinds[artifact.kind];
        figures.metrics.extend(metric::of(artifact, kind, at));
    }
    let folder = &packs.packs[pack].folder;
    observe::observe(&mut figures, packs, own, folder, read);
    figures
}
