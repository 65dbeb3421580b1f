//! The command line: arguments in, text and an exit code out. Everything else is the library's.

mod accountable;
mod approve;
pub mod arguments;
mod bundle;
mod check;
mod commands;
mod diff;
mod explain;
mod files;
mod fix;
mod freeze;
mod lock;
mod log;
pub mod report;
mod review;
mod scaffold;
mod schema;
mod serve;
mod signers;
mod status;
mod verify;

use std::io::Write;

pub use arguments::{Arguments, Color, Command};
use arguments::{Versions, VersionsAction};
use report::Style;

use crate::Failure;

/// What `main` read from the machine, once.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// Today in UTC, or the day of `SOURCE_DATE_EPOCH`.
    pub today: String,
    /// How to draw on standard error.
    pub style: Style,
    /// How to draw results on standard output.
    pub out: Style,
    /// Whether standard error is a terminal: progress is shown only there.
    pub terminal: bool,
    /// The user's home folder, which no site may replace.
    pub home: Option<std::path::PathBuf>,
    /// The user's folder for what is kept between runs.
    pub cache: Option<std::path::PathBuf>,
    /// Whether GitHub Actions reads standard output.
    pub annotations: bool,
    /// The file of a job summary on GitHub Actions.
    pub summary: Option<std::path::PathBuf>,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Nothing at error level.
    Clean,
    /// Findings at error level; of what compares or verifies: something differs.
    Findings,
}

/// Where a command writes: results to `out`, words about the run to `err`.
pub struct Streams<'a> {
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
}

/// Runs one command.
///
/// # Errors
/// When the command could not do its work; findings about packs are no errors here.
pub fn run(
    arguments: &Arguments,
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    match &arguments.command {
        Command::Build(build) => commands::build(build, surroundings, streams),
        Command::Check(check) => check::check(check, surroundings, streams),
        Command::Review(review) => review::review(review, surroundings, streams),
        Command::Serve(serve) => serve::serve(serve, surroundings, streams),
        Command::Init(init) => commands::init(init, surroundings, streams),
        Command::New(new) => commands::new(new, surroundings, streams),
        Command::Diff(diff) => diff::diff(diff, surroundings, streams),
        Command::Log(log) => log::log(log, surroundings, streams),
        Command::Status(status) => status::status(status, surroundings, streams),
        Command::Schema(schema) => schema::schema(schema, surroundings, streams),
        Command::Explain(explain) => explain::explain(explain, surroundings, streams),
        Command::Approve(approve) => approve::approve(approve, surroundings, streams),
        Command::Versions(Versions { action: VersionsAction::Freeze(freeze) }) => {
            freeze::freeze(freeze, surroundings, streams)
        }
        Command::Verify(verify) => verify::verify(verify, streams),
        Command::Bundle(bundle) => bundle::bundle(bundle, surroundings, streams),
        Command::Lock(lock) => lock::lock(lock, surroundings, streams),
    }
}
