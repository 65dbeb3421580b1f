//! The binary: reads the clock and the environment once, runs the command, turns its end into an exit code.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use readymark::Failure;
use readymark::cli::report::{self, Style};
use readymark::cli::{self, Arguments, Color, Exit, Streams, Surroundings};

fn main() -> ExitCode {
    let arguments = Arguments::of(std::env::args_os());
    let style = style(arguments.color);
    let outcome = surroundings(style, results(arguments.color)).and_then(|surroundings| {
        let (mut out, mut err) = (std::io::stdout().lock(), std::io::stderr());
        let exit =
            cli::run(&arguments, &surroundings, &mut Streams { out: &mut out, err: &mut err })?;
        // A reader that closed the pipe has what it wanted.
        let _ = out.flush();
        Ok(exit)
    });
    match outcome {
        Ok(Exit::Clean) => ExitCode::SUCCESS,
        Ok(Exit::Findings) => ExitCode::from(1),
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "{}", report::failure(&failure, style));
            ExitCode::from(2)
        }
    }
}

/// How to draw on standard error.
fn style(color: Color) -> Style {
    let color = match color {
        Color::Auto => std::io::stderr().is_terminal() && !is_refused(),
        Color::Always => true,
        Color::Never => false,
    };
    Style { color, width: columns().unwrap_or(100) }
}

/// How to draw results: in a pipe or a file in whole lines and without colours.
fn results(color: Color) -> Style {
    let terminal = std::io::stdout().is_terminal();
    let color = match color {
        Color::Auto => terminal && !is_refused(),
        Color::Always => true,
        Color::Never => false,
    };
    let width = || columns().or(terminal_size::terminal_size().map(|(width, _)| width.0.into()));
    Style { color, width: if terminal { width().unwrap_or(100) } else { usize::MAX } }
}

#[expect(clippy::disallowed_methods, reason = "the environment is read here and nowhere else")]
fn is_refused() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "the environment is read here and nowhere else")]
fn columns() -> Option<usize> {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the clock and the environment are read here and nowhere else"
)]
fn surroundings(style: Style, out: Style) -> Result<Surroundings, Failure> {
    let now = match std::env::var_os("SOURCE_DATE_EPOCH") {
        Some(text) => {
            let text = text.to_string_lossy();
            let seconds = text.trim().parse().ok().filter(|seconds| *seconds >= 0);
            let stamp = seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
            stamp.ok_or_else(|| {
                Failure::new(format!("SOURCE_DATE_EPOCH is `{text}`"))
                    .help("set it to seconds since 1970, or unset it")
            })?
        }
        None => jiff::Timestamp::now(),
    };
    Ok(Surroundings {
        today: now.to_zoned(jiff::tz::TimeZone::UTC).date().to_string(),
        style,
        out,
        terminal: std::io::stderr().is_terminal(),
        home: std::env::var("HOME").ok().map(Into::into),
        cache: cache(),
        annotations: std::env::var("GITHUB_ACTIONS").is_ok_and(|value| value == "true"),
        summary: std::env::var("GITHUB_STEP_SUMMARY")
            .ok()
            .filter(|at| !at.is_empty())
            .map(Into::into),
    })
}

/// Finds the user's folder for what is kept between runs.
#[expect(clippy::disallowed_methods, reason = "the environment is read here and nowhere else")]
fn cache() -> Option<PathBuf> {
    let path =
        |name: &str| std::env::var(name).ok().map(PathBuf::from).filter(|one| one.is_absolute());
    let caches = path("XDG_CACHE_HOME").or_else(|| path("LOCALAPPDATA"));
    caches.or_else(|| Some(path("HOME")?.join(".cache"))).map(|caches| caches.join("readymark"))
}
