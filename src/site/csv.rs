//! Tables for spreadsheets. A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP, "CSV
//! Injection"); the JSON beside it is exact.

use super::approved::by;
use super::entry::{LogLine, line};
use super::relation;
use super::separation;
use super::standing::Decided;
use super::unit::Unit;
use super::view::When;
use crate::visible::visible;

/// The columns of the decision log.
const LOG: [&str; 17] = [
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
    "approvals",
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
            if one.by.is_some() { one.words } else { one.approved.join("; ") },
            one.who.map_or_else(String::new, |who| who.name),
            one.signed,
            one.commit.text,
            one.pull.map_or_else(String::new, |pull| pull.text),
            marks.join(", "),
            one.notes.join(" "),
        ];
        push_row(&mut out, &cells);
    }
    out
}

/// The columns of the table of approvals.
const APPROVALS: [&str; 17] = [
    "landed",
    "document",
    "part",
    "decision",
    "by",
    "must be given by",
    "outcome",
    "relation",
    "counts",
    "level",
    "state",
    "last day",
    "written by",
    "left",
    "to be confirmed by",
    "commit",
    "pull request",
];

/// Writes the approvals of a pack, in order of landing.
pub(super) fn approvals(unit: &Unit) -> String {
    let mut out = String::from("\u{feff}");
    push_row(&mut out, &APPROVALS);
    for told in separation::told(unit) {
        let one = told.one;
        let people = &unit.packs().people;
        let named =
            |ids: &[String]| ids.iter().map(|id| people.written(id)).collect::<Vec<_>>().join(", ");
        let cells = [
            When::new(one.landing.time).iso,
            one.document.clone(),
            one.scope.clone().unwrap_or_default(),
            one.decision.clone(),
            by(unit, one).name,
            named(&one.wanted),
            one.duty.word().to_owned(),
            relation::words(one).join(", "),
            relation::counts(one).to_owned(),
            one.assurance.word().to_owned(),
            told.state.word().to_owned(),
            one.expires.clone().unwrap_or_default(),
            relation::writers(unit, one).join(", "),
            told.gone.as_ref().map_or_else(String::new, relation::left),
            named(&told.confirming(unit)),
            one.commit.to_string(),
            one.landing.pull_request.map_or_else(String::new, |number| format!("#{number}")),
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
