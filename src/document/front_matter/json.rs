//! A JSON object to fields with places. Numbers keep their source text; depth and number of values are limited.

use super::split::{DEEPEST, MOST_NODES, Problem};
use super::yaml::{line_of, twice};
use super::{Field, Node, Value};
use crate::rules::front_matter as rules;

/// Reads an object.
pub(super) fn read(text: &str, first_line: usize) -> Result<Vec<Field>, Vec<Problem>> {
    let mut reader = Reader { text, first_line, at: 0, nodes: 0, problems: Vec::new() };
    let fields = reader.document();
    match fields {
        Err(problem) => reader.problems.push(problem),
        Ok(fields) if reader.problems.is_empty() => return Ok(fields),
        Ok(_) => {}
    }
    Err(reader.problems)
}

struct Reader<'a> {
    text: &'a str,
    /// The line of the file that the text starts on.
    first_line: usize,
    at: usize,
    nodes: usize,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Vec<Field>, Problem> {
        self.space();
        self.expect(b'{')?;
        let fields = self.object(1)?;
        self.space();
        if self.at < self.text.len() { Err(self.unexpected("the end")) } else { Ok(fields) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Problem> {
        if self.peek() != Some(byte) {
            return Err(self.unexpected(&format!("`{}`", char::from(byte))));
        }
        self.at += 1;
        Ok(())
    }

    fn unexpected(&self, wanted: &str) -> Problem {
        let width = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        let message = format!("the JSON cannot be read: {wanted} is expected here");
        Problem::new(&rules::UNREADABLE, self.at..self.at + width, message)
            .help("quote every key and every text with `\"`, and put commas between fields only")
    }

    fn object(&mut self, depth: usize) -> Result<Vec<Field>, Problem> {
        let mut fields: Vec<Field> = Vec::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(fields);
        }
        loop {
            self.space();
            let start = self.at;
            let key = self.string()?;
            let key_span = start..self.at;
            if let Some(first) = fields.iter().find(|field| field.key == key) {
                let line = line_of(self.text, first.key_span.start) + self.first_line - 1;
                self.problems.push(twice(&key, key_span.clone(), line));
            }
            self.space();
            self.expect(b':')?;
            let value = self.value(depth)?;
            fields.push(Field { key, key_span, value });
            if !self.more(b'}')? {
                return Ok(fields);
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, Problem> {
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(items);
        }
        loop {
            items.push(self.value(depth)?);
            if !self.more(b']')? {
                return Ok(items);
            }
        }
    }

    /// Steps over a comma, or over the end.
    fn more(&mut self, end: u8) -> Result<bool, Problem> {
        self.space();
        match self.peek() {
            Some(b',') => self.at += 1,
            Some(byte) if byte == end => {
                self.at += 1;
                return Ok(false);
            }
            _ => return Err(self.unexpected(&format!("`,` or `{}`", char::from(end)))),
        }
        Ok(true)
    }

    fn value(&mut self, depth: usize) -> Result<Node, Problem> {
        self.space();
        let start = self.at;
        self.nodes += 1;
        if self.nodes > MOST_NODES || depth > DEEPEST {
            let message =
                format!("the block has more than {MOST_NODES} values or {DEEPEST} levels");
            return Err(Problem::new(&rules::TOO_LARGE, start..start, message));
        }
        let value = match self.peek() {
            Some(b'"') => Value::Scalar(self.string()?),
            Some(b'{') => {
                self.at += 1;
                Value::Map(self.object(depth + 1)?)
            }
            Some(b'[') => {
                self.at += 1;
                Value::List(self.list(depth + 1)?)
            }
            _ => self.word()?,
        };
        Ok(Node { span: start..self.at, value })
    }

    fn word(&mut self) -> Result<Value, Problem> {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.'))
        {
            self.at += 1;
        }
        let word = &self.text[start..self.at];
        match serde_json::from_str::<serde_json::Value>(word) {
            Ok(serde_json::Value::Null) => Ok(Value::Null),
            Ok(_) => Ok(Value::Scalar(word.to_owned())),
            Err(_) => {
                self.at = start;
                Err(self.unexpected("a value"))
            }
        }
    }

    fn string(&mut self) -> Result<String, Problem> {
        let start = self.at;
        self.expect(b'"')?;
        loop {
            match self.peek() {
                Some(b'\\') => self.at = (self.at + 2).min(self.text.len()),
                Some(b'"') => break,
                Some(_) => self.at += 1,
                None => return Err(self.unexpected("a closing `\"`")),
            }
        }
        self.at += 1;
        serde_json::from_str(&self.text[start..self.at]).map_err(|error| {
            let message = format!("the JSON text cannot be read: {error}");
            Problem::new(&rules::UNREADABLE, start..self.at, message)
                .help("write a backslash as `\\\\`")
        })
    }
}
