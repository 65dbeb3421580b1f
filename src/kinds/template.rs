//! The file that `new` writes: what is required and nothing else. Left untouched it counts as nothing.

use std::fmt::Write as _;

use super::{FieldSpec, Form, Kind, Need, TableSpec};

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
    let needed = |field: &&FieldSpec| field.need == Need::Required && field.when.is_empty();
    let given = ["id", "kind", "title", "status"];
    let mut fields: Vec<&FieldSpec> = kind.all_fields().filter(needed).collect();
    fields.sort_by_key(|field| field.name != "owner");
    for field in fields.iter().filter(|field| !given.contains(&field.name.as_str())) {
        _ = writeln!(text, "{}: {}  # {}", field.name, prompt(field), one_line(&field.hint));
    }
    _ = write!(text, "---\n\n# {}\n", one_line(title));
    let required = |need: Need| need == Need::Required;
    for section in kind.sections.iter().filter(|section| required(section.need)) {
        let hint = one_line(&section.hint).replace("--", "-");
        _ = write!(text, "\n## {}\n\n<!-- {hint} -->\n\nTBD\n", one_line(&section.title));
    }
    kind.tables.iter().filter(|table| required(table.need)).for_each(|spec| table(&mut text, spec));
    text
}

/// A table without a row: its title, the column that names a row and those that a row needs.
fn table(text: &mut String, spec: &TableSpec) {
    let columns = spec.columns.iter().enumerate();
    let shown = columns.filter(|(at, column)| *at == 0 || column.required);
    let names: Vec<String> = shown.map(|(_, column)| title_of(&column.name)).collect();
    let rule = "---|".repeat(names.len());
    _ = write!(text, "\n## {}\n\n| {} |\n|{rule}\n", one_line(&spec.title), names.join(" | "));
}

fn title_of(name: &str) -> String {
    let words = name.replace(['-', '_', '|'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
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
