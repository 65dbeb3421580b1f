//! The arguments of each command.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::report;

/// Turns a Git repository of readiness packs into a versioned handoff site.
#[derive(Debug, Parser)]
#[command(name = "readymark", version, arg_required_else_help = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Writes the site of all chosen versions, from commits only.
    Build(Build),
    /// Says what is wrong and what is missing, uncommitted edits included.
    Check(Check),
    /// Says what a branch does to readiness before it lands, by the rules that it starts from.
    Review(Review),
    /// Shows how each pack stands at its gates, what is missing and who is next.
    Status(Status),
    /// Shows the site in a browser and keeps it up to date while you edit.
    Serve(Serve),
    /// Starts a pack in a folder; proposes the settings of a repository that has pages already.
    Init(Init),
    /// Writes the start of an artifact: `readymark new runbook "Restart the gateway"`.
    New(New),
    /// Prints the decision log.
    Log(Log),
    /// Shows what changed between two versions, by what it means for those who run the service.
    Diff(Diff),
    /// Looks after the versions that were published.
    Versions(Versions),
    /// Says whether a site is what was built: which files changed, are missing or were added.
    Verify(Verify),
    /// Packs everything as it stood at one version into one file that opens without a server.
    Bundle(Bundle),
    /// Pins what relations lead to, so that `check` tells when a target changed afterwards.
    Lock(Lock),
    /// Shows what changed since a text was last approved, and writes down that you approve it now.
    Approve(Approve),
    /// Writes JSON Schemas of front matter and settings files, for editors and other programs.
    Schema(Schema),
    /// Says in plain words why an approval counts or not, what a requirement rests on, or what a rule wants.
    Explain(Explain),
}

/// Where the packs are.
#[derive(Debug, Args)]
pub struct Place {
    /// The folder of `book.toml`, or any folder of Markdown.
    #[arg(default_value = ".")]
    pub dir: PathBuf,
    /// The day to judge by, such as 2026-05-05; today when absent.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// The keys that count instead of those in people.toml, as in `gpg.ssh.allowedSignersFile` of Git.
    #[arg(long, value_name = "FILE")]
    pub allowed_signers: Option<PathBuf>,
}

/// Arguments of `build`.
#[derive(Debug, Args)]
pub struct Build {
    /// Where the packs are.
    #[command(flatten)]
    pub place: Place,
    /// Where to write the site; `build-dir` of `book.toml` when absent.
    #[arg(short, long, value_name = "DIR")]
    pub dest_dir: Option<PathBuf>,
    /// Also show, folded, the steps that branches took on their way and that did not land as such.
    #[arg(long)]
    pub full: bool,
    /// Print what was read, rendered and written.
    #[arg(long)]
    pub stats: bool,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Where the packs are.
    #[command(flatten)]
    pub place: Place,
    /// How to print: text, concise, json, jsonl, github, gitlab, junit, markdown, rdjson or sarif; several at once, such as
    /// `--format text --format sarif=out.sarif`.
    #[arg(long, value_name = "FORMAT[=FILE]")]
    pub format: Vec<Printing>,
    /// A branch: check what merging into it would give.
    #[arg(long, value_name = "BRANCH")]
    pub into: Option<String>,
    /// First mend what is certain: links whose target only one file or heading can be.
    #[arg(long)]
    pub fix: bool,
    /// Show what `--fix` would change and write nothing.
    #[arg(long)]
    pub diff: bool,
    /// Only what was brought since this commit, or since one's own branch left this one.
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,
    /// What this file lists does not count until its day.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write everything that counts now to a baseline; one that exists only shrinks.
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    pub write_baseline: Option<PathBuf>,
    /// The last day of a new baseline.
    #[arg(long, value_name = "DATE", requires = "write_baseline")]
    pub until: Option<String>,
}

impl Arguments {
    /// Reads the words of the command line; ends the program when they are wrong or ask for help.
    pub fn of(words: std::env::ArgsOs) -> Self {
        Self::parse_from(words)
    }
}

/// Arguments of `log`.
#[derive(Debug, Args)]
pub struct Log {
    /// Where the packs are.
    #[command(flatten)]
    pub place: Place,
    /// How to print: lines for people, or the pack's `decision-log.json` or `decision-log.csv`.
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub format: LogFormat,
    /// The pack's id; all packs when absent.
    #[arg(long)]
    pub pack: Option<String>,
    /// A part of the name of somebody who recorded or decided.
    #[arg(long, value_name = "NAME")]
    pub person: Option<String>,
    /// The kind of document: runbook, change, decision and so on.
    #[arg(long)]
    pub kind: Option<String>,
    /// The document's id, or its path.
    #[arg(long, value_name = "ID")]
    pub document: Option<String>,
    /// The gate that the document serves.
    #[arg(long)]
    pub gate: Option<String>,
    /// The first day, such as 2026-05-05.
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// The last day.
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Words that all stand in what is told.
    #[arg(long, value_name = "WORDS")]
    pub text: Option<String>,
    /// Also tell the steps that branches took on their way and that did not land as such.
    #[arg(long)]
    pub full: bool,
    /// End with 1 when the history is incomplete, or no longer tells what was published.
    #[arg(long)]
    pub complete: bool,
}

/// How to print the decision log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
}

/// Arguments of `diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// The earlier version: a tag, a branch, a commit.
    pub before: String,
    /// The later version; the files as they are, uncommitted edits included, when absent.
    pub after: Option<String>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub format: DiffFormat,
    /// Only the pack with this id.
    #[arg(long, value_name = "ID")]
    pub pack: Option<String>,
    /// The folder of `book.toml`.
    #[arg(long, default_value = ".")]
    pub dir: PathBuf,
}

/// How to print what changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people.
    Text,
    /// For a pull request or a job summary.
    #[value(alias = "md")]
    Markdown,
    /// For programs.
    Json,
}

/// Arguments of `versions`.
#[derive(Debug, Args)]
pub struct Versions {
    /// What to do.
    #[command(subcommand)]
    pub action: VersionsAction,
}

/// What to do with the versions.
#[derive(Debug, Subcommand)]
pub enum VersionsAction {
    /// Writes down what each published tag names, so that a tag that is moved fails the build.
    Freeze(Freeze),
}

/// Arguments of `versions freeze`.
#[derive(Debug, Args)]
pub struct Freeze {
    /// The folder of `book.toml`.
    #[arg(default_value = ".")]
    pub dir: PathBuf,
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// The folder of the site, or of one version in it.
    pub site: PathBuf,
    /// The digest of the whole site, as it was noted somewhere else.
    #[arg(long, value_name = "DIGEST")]
    pub digest: Option<String>,
}

/// Arguments of `bundle`.
#[derive(Debug, Args)]
pub struct Bundle {
    /// The version: a tag, a branch, a commit.
    pub version: String,
    /// The file to write; named after the version, in this folder, when absent.
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The folder of `book.toml`.
    #[arg(long, default_value = ".")]
    pub dir: PathBuf,
}

/// Arguments of `lock`.
#[derive(Debug, Args)]
pub struct Lock {
    /// Documents whose relations somebody looked at: their pins follow the targets. New relations are pinned always.
    pub ids: Vec<String>,
    /// Somebody looked at every relation.
    #[arg(long)]
    pub all: bool,
    /// The folder of `book.toml`.
    #[arg(long, default_value = ".")]
    pub dir: PathBuf,
}

/// Arguments of `approve`.
#[derive(Debug, Args)]
pub struct Approve {
    /// The document: `RB-001`, or `agent-copilot:RB-001` when several packs have one.
    pub id: String,
    /// Only this section: the anchor of its heading.
    #[arg(long, value_name = "SECTION")]
    pub scope: Option<String>,
    /// What you decide: approved, rejected, accept-risk and so on.
    #[arg(long, value_name = "WORD", default_value = "approved")]
    pub decision: String,
    /// The last day on which it holds.
    #[arg(long, value_name = "DATE")]
    pub expires: Option<String>,
    /// Who you are in people.toml; whoever has the address that Git commits with when absent.
    #[arg(long = "as", value_name = "PERSON")]
    pub person: Option<String>,
    /// Print lines for a commit message instead of writing into the document.
    #[arg(long)]
    pub trailer: bool,
    /// The folder of `book.toml`.
    #[arg(long, default_value = ".")]
    pub dir: PathBuf,
}

/// Arguments of `status`.
#[derive(Debug, Args)]
pub struct Status {
    /// Where the packs are.
    #[command(flatten)]
    pub place: Place,
    /// Only the pack with this id.
    #[arg(long, value_name = "ID")]
    pub pack: Option<String>,
    /// Only the gate with this id, such as G2.
    #[arg(long, value_name = "ID")]
    pub gate: Option<String>,
}

/// Arguments of `review`.
#[derive(Debug, Clone, Args)]
pub struct Review {
    /// The branch to compare with, or `BASE..HEAD`; `origin/HEAD`, `main` or `master` when absent.
    #[arg(value_name = "BASE[..HEAD]")]
    pub range: Option<String>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = ReviewFormat::Text)]
    pub format: ReviewFormat,
    /// The folder of `book.toml`.
    #[arg(long, default_value = ".")]
    pub dir: PathBuf,
    /// The day to judge by, such as 2026-05-05; today when absent.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// The keys that count instead of those in people.toml, as in `gpg.ssh.allowedSignersFile` of Git.
    #[arg(long, value_name = "FILE")]
    pub allowed_signers: Option<PathBuf>,
}

impl Review {
    /// Says where the packs are and how they are judged.
    pub fn place(&self) -> Place {
        let Self { dir, as_of, allowed_signers, .. } = self.clone();
        Place { dir, as_of, allowed_signers }
    }
}

/// How to print a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReviewFormat {
    /// For people.
    Text,
    /// For a comment on a forge.
    Markdown,
    /// For programs.
    Json,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// A document (`RB-001`), a requirement (`DZ-03`) or a rule (`link.broken`).
    pub name: String,
    /// Where the packs are.
    #[command(flatten)]
    pub place: Place,
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct Schema {
    /// What to describe: a kind, `front-matter` for any kind, or a file such as pack.toml; lists all when absent.
    #[arg(conflicts_with = "out")]
    pub name: Option<String>,
    /// Write all of them into this folder.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The folder of `book.toml`, whose own kinds are described too.
    #[arg(long, default_value = ".")]
    pub dir: PathBuf,
}

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where the packs are.
    #[command(flatten)]
    pub place: Place,
    /// The port; the next free one from 3000 on when absent.
    #[arg(short, long)]
    pub port: Option<u16>,
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct Init {
    /// The folder; made when it does not exist.
    #[arg(default_value = ".")]
    pub dir: PathBuf,
    /// The title of a pack to start, also beside pages.
    #[arg(long)]
    pub title: Option<String>,
}

/// Arguments of `new`.
#[derive(Debug, Args)]
pub struct New {
    /// The kind: runbook, change, decision and so on.
    pub kind: String,
    /// The title.
    pub title: Option<String>,
    /// The folder of `book.toml`.
    #[arg(long, default_value = ".")]
    pub dir: PathBuf,
    /// The pack's id, when there are several.
    #[arg(long)]
    pub pack: Option<String>,
    /// The artifact's id; the next free number when absent.
    #[arg(long)]
    pub id: Option<String>,
}

/// A format to print in, and the file to print to; nothing is standard output.
#[derive(Debug, Clone)]
pub struct Printing {
    /// The format; nothing is for people.
    pub format: Option<&'static report::Format>,
    /// The file.
    pub file: Option<PathBuf>,
}

impl FromStr for Printing {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, file) = match text.split_once('=') {
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        if name == "text" && file.is_none() {
            return Ok(Self { format: None, file });
        }
        let format = report::format(name).ok_or_else(|| {
            let names: Vec<_> = report::FORMATS.iter().map(|one| one.name).collect();
            format!("known formats are text, {}", names.join(", "))
        })?;
        Ok(Self { format: Some(format), file })
    }
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
