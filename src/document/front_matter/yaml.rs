//! YAML to fields with places, from parser events. Aliases, tags, merge keys and further documents are refused, so
//! nothing grows; depth and number of values are limited.

use granit_parser::{Event, Parser, ScalarStyle};

use super::split::{DEEPEST, MOST_NODES, Problem};
use super::{Field, Node, Value};
use crate::rules::front_matter as rules;
use crate::source::Span;

/// Reads a mapping.
pub(super) fn read(text: &str) -> Result<Vec<Field>, Vec<Problem>> {
    let mut reader =
        Reader { text, open: Vec::new(), nodes: 0, root: None, documents: 0, problems: Vec::new() };
    for next in Parser::new_from_str(text) {
        let step = match next {
            Ok((event, span)) => {
                let span = span.byte_range().unwrap_or_default();
                reader.event(event, span)
            }
            Err(error) => Err(unreadable(
                text,
                error.marker().byte_offset().unwrap_or_default(),
                &error.info(),
            )),
        };
        if let Err(problem) = step {
            reader.problems.push(problem);
            return Err(reader.problems);
        }
    }
    reader.finish()
}

/// A list or mapping whose end has not come yet.
enum Open {
    List(Span, Vec<Node>),
    Map(Span, Vec<Field>, Option<(String, Span)>),
}

struct Reader<'a> {
    text: &'a str,
    open: Vec<Open>,
    nodes: usize,
    root: Option<Node>,
    documents: usize,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        match event {
            Event::DocumentStart(..) => self.document(span),
            Event::Scalar(text, style, anchor, tag) => {
                Self::plain_only(anchor, tag.is_some(), &span)?;
                let value = if style == ScalarStyle::Plain {
                    plain(&text)
                } else {
                    Value::Scalar(text.into_owned())
                };
                self.add(Node { span, value })
            }
            Event::SequenceStart(_, anchor, tag) => {
                Self::plain_only(anchor, tag.is_some(), &span)?;
                self.open(Open::List(span, Vec::new()))
            }
            Event::MappingStart(_, anchor, tag) => {
                Self::plain_only(anchor, tag.is_some(), &span)?;
                self.open(Open::Map(span, Vec::new(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(&span),
            Event::Alias(_) => {
                Err(Problem::new(&rules::UNSUPPORTED, span, "an alias (`*name`) is used")
                    .help("write the value out, or quote it when it is text"))
            }
            _ => Ok(()),
        }
    }

    fn document(&mut self, span: Span) -> Result<(), Problem> {
        self.documents += 1;
        if self.documents == 1 {
            return Ok(());
        }
        Err(Problem::new(&rules::UNSUPPORTED, span, "the block has several documents")
            .help("keep one"))
    }

    fn plain_only(anchor: usize, tagged: bool, span: &Span) -> Result<(), Problem> {
        if tagged {
            let problem =
                Problem::new(&rules::UNSUPPORTED, span.clone(), "a tag (`!name`) is used");
            return Err(problem.help("remove the tag, or quote the value when it is text"));
        }
        if anchor != 0 {
            let problem =
                Problem::new(&rules::UNSUPPORTED, span.clone(), "an anchor (`&name`) is used");
            return Err(problem.help("remove the anchor, or quote the value when it is text"));
        }
        Ok(())
    }

    fn open(&mut self, open: Open) -> Result<(), Problem> {
        let (Open::List(span, _) | Open::Map(span, ..)) = &open;
        if self.open.len() >= DEEPEST {
            let message = format!("the fields are nested more than {DEEPEST} levels deep");
            return Err(Problem::new(&rules::TOO_LARGE, span.clone(), message));
        }
        if let Some(Open::Map(_, _, key @ None)) = self.open.last_mut() {
            *key = None;
            let problem =
                Problem::new(&rules::UNREADABLE, span.clone(), "a key is a list or a table");
            return Err(problem.help("quote the value when it starts with `{` or `[`"));
        }
        self.open.push(open);
        Ok(())
    }

    fn close(&mut self, span: &Span) -> Result<(), Problem> {
        let node = match self.open.pop() {
            Some(Open::List(start, items)) => {
                Node { span: self.trim(start.start..span.end), value: Value::List(items) }
            }
            Some(Open::Map(start, fields, _)) => {
                Node { span: self.trim(start.start..span.end), value: Value::Map(fields) }
            }
            None => return Ok(()),
        };
        self.add(node)
    }

    /// Block collections are reported up to the next token; their span ends with their last line.
    fn trim(&self, span: Span) -> Span {
        let text = self.text.get(span.clone()).unwrap_or_default();
        span.start..span.start + text.trim_end().len()
    }

    fn add(&mut self, node: Node) -> Result<(), Problem> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            let message = format!("the block has more than {MOST_NODES} values");
            return Err(Problem::new(&rules::TOO_LARGE, node.span, message));
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List(_, items)) => items.push(node),
            Some(Open::Map(_, fields, key)) => match key.take() {
                Some((name, key_span)) => fields.push(Field { key: name, key_span, value: node }),
                None => return self.key(node),
            },
        }
        Ok(())
    }

    fn key(&mut self, node: Node) -> Result<(), Problem> {
        let name = match node.value {
            Value::Scalar(name) => name,
            _ => self.text.get(node.span.clone()).unwrap_or_default().to_owned(),
        };
        if name == "<<" {
            return Err(Problem::new(&rules::UNSUPPORTED, node.span, "a merge key (`<<`) is used")
                .help("write the fields out"));
        }
        let Some(Open::Map(_, fields, key)) = self.open.last_mut() else { return Ok(()) };
        if let Some(first) = fields.iter().find(|field| field.key == name) {
            let line = line_of(self.text, first.key_span.start) + 1;
            self.problems.push(twice(&name, node.span.clone(), line));
        }
        *key = Some((name, node.span));
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<Field>, Vec<Problem>> {
        let fields = match self.root.take() {
            None | Some(Node { value: Value::Null, .. }) => Vec::new(),
            Some(Node { value: Value::Map(fields), .. }) => fields,
            Some(node) => {
                self.problems.push(no_mapping(self.text, node.span));
                Vec::new()
            }
        };
        if self.problems.is_empty() { Ok(fields) } else { Err(self.problems) }
    }
}

/// Makes the finding for a key that stands twice; `line` is the line of the first, in the file.
pub(super) fn twice(name: &str, span: Span, line: usize) -> Problem {
    Problem::new(
        &rules::DUPLICATE_KEY,
        span,
        format!("the key `{name}` stands twice, first in line {line}"),
    )
    .help("keep one of the two lines")
}

/// Returns the line of an offset, from 1.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let feeds = memchr::memchr_iter(b'\n', before).count();
    1 + if feeds > 0 { feeds } else { memchr::memchr_iter(b'\r', before).count() }
}

fn no_mapping(text: &str, span: Span) -> Problem {
    let problem = Problem::new(&rules::UNREADABLE, span, "the block is not a list of fields");
    if text.contains('=') && !text.contains(": ") {
        return problem.help("fence TOML with `+++`, or write `key: value`");
    }
    problem.help("write one `key: value` on each line")
}

fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        _ => Value::Scalar(text.to_owned()),
    }
}

/// Explains a syntax error by the line it was found on, or the one before.
fn unreadable(text: &str, offset: usize, info: &str) -> Problem {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let start = text[..offset].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let before = text[..start].trim_end().lines().next_back().unwrap_or_default();
    let end = (offset + 1).min(start + line.len()).max(offset);
    let end = (end..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    let problem =
        Problem::new(&rules::UNREADABLE, offset..end, format!("the YAML cannot be read: {info}"));
    match [line, before].into_iter().find_map(advice) {
        Some(help) => problem.help(help),
        None => {
            problem.help("check the indentation and the quotes of this line and the one before")
        }
    }
}

/// Names the usual mistake in a line, if it has one.
fn advice(line: &str) -> Option<String> {
    let indent = &line[..line.len() - line.trim_start().len()];
    if indent.contains('\t') {
        return Some("indent with spaces; YAML does not allow tabs".to_owned());
    }
    let (key, value) = line
        .split_once(':')
        .map_or(("", line.trim_start().trim_start_matches("- ")), |(key, value)| {
            (key.trim(), value)
        });
    let value = value.trim();
    let value = value.trim_start_matches(['[', ' ']);
    let sign = value.chars().next()?;
    if matches!(sign, '@' | '`' | '%' | '*' | '&' | '!') {
        return Some(
            format!("quote a value that starts with `{sign}`: {key}: \"{value}\"")
                .replace(": : ", ": "),
        );
    }
    let quoted = matches!(sign, '"' | '\'');
    if !quoted && value.contains(": ") {
        return Some(format!("quote a value that holds `: `: {key}: \"{value}\""));
    }
    if quoted && !(value.len() > 1 && value.ends_with(sign)) {
        return Some(format!("close the quote: the value of `{key}` starts with {sign}"));
    }
    None
}
