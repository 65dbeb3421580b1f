//! Where a field stands when the block of fields does not have it: behind a label in the text. The block comes first,
//! then the places of the kind in their order.

use super::matching::same_key;
use super::{FieldSpec, Form, Kind, Status};
use crate::document::front_matter::{self, State};
use crate::document::{Document, Field, Label, Node, Value, Written, labels};
use crate::source::Span;

/// The places in the order in which they are asked, with their words in settings.
pub const PLACES: [(&str, Written); 4] = [
    ("section", Written::Section),
    ("table", Written::Row),
    ("line", Written::Line),
    ("bullet", Written::Bullet),
];

/// A text of more words below a heading is no status but a text about one.
const MOST_WORDS: usize = 8;

/// Where a repository writes the fields of a kind, from its settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Locators {
    /// The kind's name; `every` for all kinds.
    pub kind: String,
    /// Field to other words for it: keys, headings, labels.
    pub words: Vec<(String, Vec<String>)>,
    /// The places in the text, in the order in which they are asked; as usual when absent.
    pub places: Option<Vec<Written>>,
    /// Names of files whose fields belong to the `README` or `index` beside them.
    pub sidecars: Vec<String>,
}

/// Adds what the settings say to the kinds.
pub fn apply(kinds: &mut [Kind], locators: &[Locators]) {
    for locators in locators {
        let meant = |kind: &&mut Kind| locators.kind == "every" || kind.name == locators.kind;
        for kind in kinds.iter_mut().filter(meant) {
            if let Some(places) = &locators.places {
                kind.places.clone_from(places);
            }
            for (name, words) in &locators.words {
                let all = kind.fields.iter_mut().chain(&mut kind.shared);
                let named = all.filter(|field| same_key(&field.name, name));
                named.for_each(|field| field.synonyms.extend(words.iter().cloned()));
            }
        }
    }
}

impl Kind {
    /// Reads the fields that a document states in its text and not in its block of fields.
    pub fn located(&self, document: &Document) -> Vec<Field> {
        if document.labels.is_empty() {
            return Vec::new();
        }
        let absent = |spec: &&FieldSpec| {
            let field = spec.find(&document.front_matter);
            field.is_none_or(|field| field.value.value == Value::Null)
        };
        let wanted = self.all_fields().filter(absent);
        wanted.filter_map(|spec| spec.located(&document.labels, &self.places)).collect()
    }
}

impl Kind {
    /// Reads the status that the bytes of a file state, in the block of fields or behind a label, and its place. Parses
    /// no Markdown, so that history can ask for every blob.
    pub fn status_in(&self, source: &str) -> Option<(Status, Span)> {
        let spec = self.field("status")?;
        let (block, _) = front_matter::read(source);
        if block.state == State::Unreadable {
            return Some((Status::Unreadable, block.span));
        }
        let stated = spec.find(&block).filter(|field| field.value.value != Value::Null);
        if let Some(field) = stated {
            return Some((self.status(field.value.text()?), field.value.span.clone()));
        }
        let field = spec.located(&labels::labels(source, block.span.end), &self.places)?;
        let status = self.status(field.value.text()?);
        (!is_prose(&status)).then(|| (status, field.value.span.clone()))
    }
}

impl FieldSpec {
    /// Tells whether a label of this name may be the field.
    pub fn is_called(&self, name: &str) -> bool {
        let name = plain(name);
        std::iter::once(&self.name).chain(&self.synonyms).any(|word| same_key(word, name))
    }

    /// Finds the field among labels: the first place first, its own name before other words for it.
    pub fn located(&self, labels: &[Label], places: &[Written]) -> Option<Field> {
        let rank = |label: &Label| {
            // A table of fields is like a block of fields; elsewhere only some fields are looked for.
            let asked = self.locate || label.written == Written::Row;
            let place = places.iter().position(|place| *place == label.written && asked)?;
            let name = plain(&label.name);
            let mut words = std::iter::once(&self.name).chain(&self.synonyms);
            Some((place, words.position(|word| same_key(word, name))?))
        };
        let found = labels.iter().filter_map(|label| Some((rank(label)?, label)));
        found.min_by_key(|(rank, _)| *rank).map(|(_, label)| self.field(label))
    }

    fn field(&self, label: &Label) -> Field {
        let values = label.values.iter();
        let mut nodes: Vec<Node> = match self.form {
            Form::Who => values.flat_map(|(text, span)| names(text, span)).collect(),
            Form::Date(_) => values.map(|(text, span)| node(undecorated(text), span)).collect(),
            _ => values.map(|(text, span)| node(text, span)).collect(),
        };
        let value = match nodes.len() {
            1 => nodes.remove(0),
            _ => Node { span: label.name_span.clone(), value: Value::List(nodes) },
        };
        Field { key: plain(&label.name).to_owned(), key_span: label.name_span.clone(), value }
    }
}

/// `Author(s)` is `Author`.
fn plain(name: &str) -> &str {
    name.trim_end_matches("(s)")
}

fn node(text: &str, span: &Span) -> Node {
    Node { span: span.clone(), value: Value::Scalar(text.to_owned()) }
}

/// One line of names: `Ann, @bob and Team C`.
fn names(text: &str, span: &Span) -> Vec<Node> {
    let parts = text.split([',', ';']).flat_map(|part| part.split(" and ")).map(undecorated);
    parts.filter(|part| !part.is_empty()).map(|part| node(part, span)).collect()
}

/// Drops pictograms and brackets of a whole remark at both ends.
fn undecorated(text: &str) -> &str {
    let starts = |c: char| !c.is_alphanumeric() && !"@#<[{(_".contains(c);
    text.trim().trim_start_matches(starts).trim()
}

/// Tells whether a status that a text states is no word but a text about it.
pub fn is_prose(status: &Status) -> bool {
    matches!(status, Status::Unknown(text) if text.split_whitespace().count() > MOST_WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse;
    use crate::kinds::{find, load};

    fn kind(name: &str) -> Kind {
        let (kinds, _) = load(&[]);
        kinds[find(&kinds, name).expect(name)].clone()
    }

    /// Shows the fields that a kind finds in a text, with what their places hold.
    fn found(kind: &Kind, text: &str) -> Vec<String> {
        let one = |field: &Field| {
            let values = field.value.texts();
            let values = values.iter().map(|(value, span)| {
                let raw = &text[(*span).clone()];
                if raw == *value { raw.to_owned() } else { format!("{value} <{raw}>") }
            });
            format!("{}: {}", field.key, values.collect::<Vec<_>>().join(" + "))
        };
        kind.located(&parse(text.as_bytes())).iter().map(one).collect()
    }

    #[test]
    fn fields_are_found_where_people_write_them() {
        let decision = kind("decision");
        for (text, expected) in [
            ("# T\n\n## Status\n\nAccepted\n", "Status: Accepted"),
            ("# T\n\n| | |\n|-|-|\n| Status | Draft |\n", "Status: Draft"),
            ("# T\n\n**Status:** Accepted\n", "Status: Accepted"),
            ("# T\n\n* Status: accepted\n", "Status: accepted"),
            ("# T\n\nState: open\n", "State: open"),
        ] {
            assert_eq!(found(&decision, text), [expected], "{text}");
        }
        let people = "# T\n\n- Deciders: Ann, [Bob](b.md) and Cem\n";
        assert_eq!(
            found(&decision, people),
            [
                "Deciders: Ann <Ann, [Bob](b.md) and Cem> + Bob <Ann, [Bob](b.md) and Cem> + Cem <Ann, [Bob](b.md) and Cem>"
            ]
        );
    }

    #[test]
    fn the_block_of_fields_comes_first_and_a_section_before_a_line() {
        let decision = kind("decision");
        assert!(found(&decision, "---\nstatus: accepted\n---\n# T\n\nStatus: draft\n").is_empty());
        assert_eq!(
            found(&decision, "---\nstatus:\n---\n# T\n\nStatus: draft\n"),
            ["Status: draft"]
        );
        let both = "# T\n\nStatus: draft\n\n## Status\n\nAccepted\n";
        assert_eq!(found(&decision, both), ["Status: Accepted"]);
    }

    #[test]
    fn only_some_fields_are_looked_for_outside_tables() {
        let change = kind("change");
        assert!(found(&change, "# T\n\n**Impact:** two teams\n\n## Risk\n\nLow\n").is_empty());
        let table =
            "# T\n\n| Field | Value |\n|---|---|\n| Risk | low |\n| Window | 2026-05-05 |\n";
        assert_eq!(
            found(&change, table),
            ["risk: low", "Window: 2026-05-05"].map(|one| one.replace("risk", "Risk"))
        );
    }

    #[test]
    fn settings_add_words_and_choose_places() {
        let (mut kinds, _) = load(&[]);
        let locators = Locators {
            kind: "decision".into(),
            words: vec![("owner".into(), vec!["Shepherd".into()])],
            places: Some(vec![Written::Line]),
            ..Locators::default()
        };
        apply(&mut kinds, &[locators]);
        let decision = &kinds[find(&kinds, "decision").unwrap()];
        let text = "# T\n\nShepherd: Ann\n\n## Status\n\nAccepted\n";
        assert_eq!(found(decision, text), ["Shepherd: Ann"]);
        assert_eq!(found(&kind("runbook"), text), ["Status: Accepted"]);
    }

    #[test]
    fn history_finds_the_status_in_the_bytes_alone() {
        let decision = kind("decision");
        let of = |text: &str| {
            let (status, span) = decision.status_in(text)?;
            Some((status.label().to_owned(), text[span].to_owned()))
        };
        let found = |word: &str, raw: &str| Some((word.to_owned(), raw.to_owned()));
        assert_eq!(of("---\nstatus: final\n---\n\nStatus: draft\n"), found("final", "final"));
        let reverted = "Reverted by discussion #1197";
        let text = format!("# T\n\n## Status\n\n{reverted}\n");
        assert_eq!(of(&text), found("reverted", reverted));
        assert_eq!(of("# T\n\nNothing here.\n"), None);
        let prose = "# T\n\n## Status\n\nNobody has had the time to look at it so far.\n";
        assert_eq!(of(prose), None);
    }
}
