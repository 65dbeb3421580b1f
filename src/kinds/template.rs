//! The file that `new` writes: what is required and nothing else. Left untouched it counts as nothing.

use std::fmt::Write as _;

use super::{FieldSpec, Form, Kind, Need};

/// Returns a file of this kind with its required fields and sections, each with a hint.
pub fn template(kind: &Kind, id: &str, title: &str) -> String {
    let mut text = String::from("---\n");
    if !kind.prefix.is_empty() {
        _ = writeln!(text, "id: {}", if is_plain(id) { id.to_owned() } else { quoted(id) });
    }
    _ = writeln!(text, "kind: {}\ntitle: {}", kind.name, quoted(title));
    if let Some(first) = kind.statuses.first() {
        _ = writeln!(text, "status: {}", first.name);
    }
    let needed = |field: &&FieldSpec| field.need == Need::Required;
    let given = ["id", "kind", "title", "status"];
    let mut fields: Vec<&FieldSpec> = kind.all_fields().filter(needed).collect();
    fields.sort_by_key(|field| field.name != "owner");
    for field in fields.iter().filter(|field| !given.contains(&field.name.as_str())) {
        _ = writeln!(text, "{}: {}  # {}", field.name, prompt(field), one_line(&field.hint));
    }
    _ = write!(text, "---\n\n# {}\n", one_line(title));
    for section in kind.sections.iter().filter(|section| section.need == Need::Required) {
        let hint = one_line(&section.hint).replace("--", "-");
        _ = write!(text, "\n## {}\n\n<!-- {hint} -->\n\nTBD\n", one_line(&section.title));
    }
    text
}

fn prompt(field: &FieldSpec) -> String {
    match &field.form {
        Form::Choice(words) => quoted(&words.join(" | ")),
        _ => "TBD".to_owned(),
    }
}

fn is_plain(id: &str) -> bool {
    id.contains('-') && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A YAML text that can hold anything.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
