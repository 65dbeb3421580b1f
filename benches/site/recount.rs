//! Tells the decision log of a repository and nothing else, so that its cost can be compared with that of `git log`.
//! A second folder is where it keeps something for the next run.

use std::io::Write;
use std::path::Path;

use readymark::project::Project;
use readymark::{Failure, assemble};

fn main() -> Result<(), Failure> {
    let place = std::env::args().nth(1).ok_or_else(|| Failure::new("name a repository"))?;
    let Ok(mut project) = Project::open(Path::new(&place), false)? else {
        return Err(Failure::new("book.toml cannot be used"));
    };
    project.cache = std::env::args_os().nth(2).map(Into::into);
    let log = assemble::log(&project, &[], None)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for entry in &log.entries {
        let _ = writeln!(
            out,
            "{}\t{}\t{}\t{}\t{}\t{}",
            entry.landing.commit,
            entry.path,
            entry.document,
            entry.from.told(),
            entry.to.told(),
            entry.origins.iter().map(|one| one.commit.to_string()).collect::<Vec<_>>().join(","),
        );
    }
    Ok(())
}
