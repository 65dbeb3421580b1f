//! A file that is nothing but fields, such as a `kep.yaml` beside a page.

use super::{FrontMatter, State, split, toml, yaml};
use crate::document::Fault;

/// Reads a whole file as a block of fields; nothing when its extension is neither YAML's nor TOML's.
pub fn whole(extension: &str, source: &str) -> Option<(FrontMatter, Vec<Fault>)> {
    let read = match extension.to_lowercase().as_str() {
        "yaml" | "yml" => {
            |text| yaml::read(text).or_else(|why| yaml::read(without_end(text)).map_err(|_| why))
        }
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

/// Leaves out a last line of dashes: who copied the fields out of a page copied its fence, and nothing comes after it.
fn without_end(source: &str) -> &str {
    let fields = source.trim_end().strip_suffix("---").unwrap_or(source);
    let is_empty = fields.lines().all(|line| ["", "---"].contains(&line.trim()));
    if fields.ends_with('\n') && !is_empty { fields } else { source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_at_the_end_begins_no_second_document() {
        let state = |text: &str| whole("yaml", text).unwrap().0.state;
        for text in
            ["---\nstatus: approved\n---\n", "status: approved\n---\n\n", "status: approved\n"]
        {
            assert_eq!(state(text), State::Readable, "{text}");
        }
        for text in ["---\nstatus: approved\n---\nstatus: draft\n", "status: [approved\n---\n"] {
            assert_eq!(state(text), State::Unreadable, "{text}");
        }
        assert_eq!(state("---"), whole("yaml", "").unwrap().0.state);
    }
}
