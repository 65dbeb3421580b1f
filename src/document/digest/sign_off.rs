//! Tables in which people sign: the cells that say whether, when and how somebody did are left out of a digest, since
//! signing changes no word of what is signed. Found line by line, so that every program finds the same cells.

use super::fields::canonical;
use crate::document::labels::cells as cells_of;
use crate::source::Span;

/// Columns that name who signs; a table with one of them is one in which people sign.
const BY: [&str; 7] = [
    "approved-by",
    "reviewed-by",
    "signed-by",
    "signed-off-by",
    "approvers",
    "reviewer",
    "signatory",
];
/// Headings under which every table is one.
const ABOUT: [&str; 8] = [
    "sign-off",
    "sign-offs",
    "signoff",
    "approval",
    "approvals",
    "review-and-approval",
    "reviews",
    "signatures",
];
/// Columns whose cells are left out.
const LEFT_OUT: [&str; 18] = [
    "status",
    "decision",
    "date",
    "signed",
    "signed-on",
    "signed-off",
    "sign-off",
    "sign-off-date",
    "signoff",
    "signature",
    "approved",
    "approved-on",
    "approval",
    "approval-date",
    "reviewed",
    "reviewed-on",
    "review-date",
    "review-by",
];

/// Finds the insides of cells that are left out, between their pipes; `start` is where the block of fields ends.
pub(super) fn cells(text: &str, start: usize) -> Vec<Span> {
    if memchr::memchr(b'|', &text.as_bytes()[start..]).is_none() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let (mut fence, mut about) = (None, false);
    let mut columns: Option<Vec<bool>> = None;
    let mut before: Option<Vec<Span>> = None;
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let (start, bare) = (at, line.trim());
        at += line.len();
        if let Some(mark) = fence_of(bare) {
            match fence {
                None => fence = Some(mark),
                Some(open) if closes(bare, open) => fence = None,
                Some(_) => {}
            }
        }
        let row = Some(bare).filter(|bare| fence.is_none() && bare.starts_with('|'));
        let Some(row) = row.map(|_| split(line, start)) else {
            (columns, before) = (None, None);
            if let Some(heading) = heading(bare).filter(|_| fence.is_none()) {
                about = ABOUT.contains(&canonical(heading).as_str());
            }
            continue;
        };
        if let Some(columns) = &columns {
            let wanted = row.into_iter().zip(columns).filter(|(_, left_out)| **left_out);
            found.extend(wanted.map(|(span, _)| span));
        } else if before.is_some() && is_rule(bare) {
            columns = before.take().map(|header| left_out(text, &header, about));
        } else {
            before = Some(row);
        }
    }
    found
}

/// Tells which columns are left out.
fn left_out(text: &str, header: &[Span], about: bool) -> Vec<bool> {
    let names: Vec<String> = header.iter().map(|span| name(&text[span.clone()])).collect();
    let is_signed = about || names.iter().any(|name| BY.contains(&name.as_str()));
    names.iter().map(|name| is_signed && LEFT_OUT.contains(&name.as_str())).collect()
}

fn name(cell: &str) -> String {
    canonical(cell.trim().trim_matches(['*', '_']))
}

/// The mark and the length of a fence that a line begins with.
fn fence_of(line: &str) -> Option<(char, usize)> {
    let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let length = line.chars().take_while(|other| *other == mark).count();
    (length >= 3).then_some((mark, length))
}

fn closes(line: &str, open: (char, usize)) -> bool {
    let mark = fence_of(line);
    mark.is_some_and(|mark| mark.0 == open.0 && mark.1 >= open.1 && line.len() == mark.1)
}

fn heading(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    let text = rest.split("{#").next().unwrap_or_default();
    ((1..=6).contains(&level) && rest.starts_with(' '))
        .then(|| text.trim().trim_end_matches('#').trim())
}

/// Tells whether a line stands between the header of a table and its rows.
fn is_rule(line: &str) -> bool {
    line.contains('-') && line.chars().all(|c| "|-: \t".contains(c))
}

/// Splits a row at its pipes; `at` is the place of the line.
fn split(line: &str, at: usize) -> Vec<Span> {
    cells_of(line).into_iter().map(|cell| at + cell.start..at + cell.end).collect()
}
