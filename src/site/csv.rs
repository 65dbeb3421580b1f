//! Tables for spreadsheets. A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP, "CSV
//! Injection"); the JSON beside it is exact.

use super::entry::{LogLine, line};
use super::standing::Decided;
use super::unit::Unit;
use super::view::When;
use crate::visible::visible;

/// The columns of the decision log.
const LOG: [&str; 16] = [
    "landed",
    "document",
    "title",
    "kind",
    "gate",
    "from",
    "to",
    "in force until",
    "text changed later",
    "decided by",
    "recorded by",
    "signature",
    "commit",
    "pull request",
    "marks",
    "notes",
];

/// Writes these lines of the decision log of a pack.
pub(super) fn decisions(unit: &Unit, lines: &[LogLine]) -> String {
    // Without the mark some spreadsheets take the letters for those of another alphabet.
    let mut out = String::from("\u{feff}");
    push_row(&mut out, &LOG);
    for at in lines {
        let one = line(unit, *at);
        let marks: Vec<&str> = one.marks.iter().map(|mark| mark.word).collect();
        let decided = one.decided.iter().flat_map(Decided::names);
        let decided: Vec<&str> =
            decided.chain(one.by.iter().map(|who| who.name.as_str())).collect();
        let iso =
            |when: &Option<When>| when.as_ref().map_or_else(String::new, |when| when.iso.clone());
        let cells = [
            iso(&one.when),
            one.document.text,
            one.title,
            one.kind,
            one.gate,
            if one.by.is_some() { String::new() } else { one.from },
            one.to,
            iso(&one.until),
            if one.changed { "yes" } else { "" }.to_owned(),
            decided.join(", "),
            one.who.map_or_else(String::new, |who| who.name),
            one.signed,
            one.commit.text,
            one.pull.map_or_else(String::new, |pull| pull.text),
            marks.join(" "),
            one.notes.join(" "),
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
    out.push_str(&visible(text).replace('"', "\"\""));
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
