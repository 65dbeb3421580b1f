//! A file that is nothing but fields, such as a `kep.yaml` beside a page.

use super::{FrontMatter, State, split, toml, yaml};
use crate::document::Fault;

/// Reads a whole file as a block of fields; nothing when its extension is neither YAML's nor TOML's.
pub fn whole(extension: &str, source: &str) -> Option<(FrontMatter, Vec<Fault>)> {
    let read = match extension.to_lowercase().as_str() {
        "yaml" | "yml" => yaml::read,
        "toml" => toml::read,
        _ => return None,
    };
    let span = 0..source.len();
    if source.len() > split::LARGEST {
        return Some((
            FrontMatter { state: State::Unreadable, span, fields: Vec::new() },
            Vec::new(),
        ));
    }
    Some(match read(source) {
        Ok(fields) => (FrontMatter { state: State::Readable, span, fields }, Vec::new()),
        Err(problems) => {
            let faults = problems.into_iter().map(|problem| split::fault(problem, 0)).collect();
            (FrontMatter { state: State::Unreadable, span, fields: Vec::new() }, faults)
        }
    })
}
