//! Tables for spreadsheets. A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP, "CSV
//! Injection"); the JSON beside it is exact.

use super::entry::{EntryView, entry};
use super::unit::Unit;

/// The columns of the decision log.
const LOG: [&str; 11] = [
    "landed",
    "document",
    "title",
    "kind",
    "gate",
    "from",
    "to",
    "in force until",
    "recorded by",
    "commit",
    "notes",
];

/// Writes the decision log of a pack, in order of landing.
pub(super) fn decisions(unit: &Unit) -> String {
    let mut out = String::new();
    push_row(&mut out, &LOG);
    for at in super::decisions::own(unit) {
        let EntryView {
            document,
            title,
            kind,
            gate,
            from,
            to,
            when,
            until,
            who,
            commit,
            notes,
            ..
        } = entry(unit, *at);
        let iso = |when: Option<super::view::When>| when.map_or_else(String::new, |when| when.iso);
        let who = who.map_or_else(String::new, |who| who.name);
        let notes = notes.join(" ");
        let (when, until) = (iso(when), iso(until));
        let cells = [
            &when,
            &document.text,
            &title,
            &kind,
            &gate,
            &from,
            &to,
            &until,
            &who,
            &commit.text,
            &notes,
        ];
        push_row(&mut out, &cells);
    }
    out
}

fn push_row(out: &mut String, cells: &[impl AsRef<str>]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        push_cell(out, cell.as_ref());
    }
    out.push_str("\r\n");
}

/// Writes a cell in quotes (RFC 4180).
fn push_cell(out: &mut String, text: &str) {
    out.push('"');
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        out.push('\'');
    }
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_ends_early() {
        let mut out = String::new();
        push_row(&mut out, &["=1+1", "a \"b\", c", "plain", "@x"]);
        assert_eq!(out, "\"'=1+1\",\"a \"\"b\"\", c\",\"plain\",\"'@x\"\r\n");
    }
}
