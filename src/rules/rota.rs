//! Rotas: days on which nobody is on call, shifts without a second, and one person on every shift. Driven by the table
//! `rota` of the kind's data; a row whose days cannot be read is not judged.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Cell;
use crate::document::text::is_placeholder;
use crate::kinds::Standing;
use crate::pack::Artifact;
use crate::pack::directory::{Cells, ROTA, Sheet};
use crate::pack::reach::Directory;

/// Nobody today.
pub static NOBODY_NOW: Rule = Rule {
    name: "rota.nobody-now",
    severity: Severity::Error,
    summary: "No row of a rota covers today",
    why: "Whoever follows the ladder tonight finds nobody on duty. In a draft it is a warning",
    fix: "Add the missing shift, or say with `oncall_source` that the rota lives elsewhere",
};

/// Nobody later.
pub static GAP: Rule = Rule {
    name: "rota.gap",
    severity: Severity::Warning,
    summary: "A rota leaves days to come between two shifts that nobody covers",
    why: "A gap that is seen weeks ahead is filled with a word; one that is seen at night is not",
    fix: "Give the days to somebody. Weekends count only where the support hours say 24x7",
};

/// Nobody stands in.
pub static NO_BACKUP: Rule = Rule {
    name: "rota.no-backup",
    severity: Severity::Warning,
    summary: "A shift to come has no second, or the same person twice, in a rota with a column for the second",
    why: "The second is who answers when the first is under a tunnel",
    fix: "Name somebody else as the second of the shift",
};

/// The same person always.
pub static ONE_PERSON: Rule = Rule {
    name: "rota.one-person",
    severity: Severity::Warning,
    summary: "One person has the first shift of a rota for four weeks or more without a break",
    why: "Nobody answers every call for a month, and holidays happen",
    fix: "Give some of the shifts to somebody else",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&NOBODY_NOW, &GAP, &NO_BACKUP, &ONE_PERSON];

/// The columns for the first and the second of a shift.
const FIRST: &str = "primary";
const SECOND: &str = "secondary";
/// Somebody alone for so many days is alone too long.
const LONGEST: i32 = 28;

/// A row of a rota.
struct Shift<'a> {
    row: Cells<'a>,
    from: Date,
    to: Date,
}

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let open = |artifact: &&Artifact| artifact.status.standing() != Standing::Closed;
    for artifact in scope.judged().filter(open) {
        let at = scope.packs.find(&artifact.path);
        let Some(directory) = at.and_then(|at| Directory::of(scope.packs, at)) else { continue };
        let rota = Rota { scope, artifact, directory: &directory };
        found.extend(rota.find());
    }
    found
}

/// The rota of one document.
struct Rota<'a> {
    scope: &'a Scope<'a>,
    artifact: &'a Artifact,
    directory: &'a Directory<'a>,
}

impl Rota<'_> {
    fn find(&self) -> Vec<Diagnostic> {
        let Some(sheet) = self.directory.sheet() else { return Vec::new() };
        let says = |row: &Cells<'_>| ["from", "to"].iter().any(|day| !row.text(day).is_empty());
        let rows: Vec<Cells<'_>> = sheet.rows(ROTA).filter(says).collect();
        let written = rows.len();
        let mut shifts: Vec<Shift<'_>> = rows.into_iter().filter_map(shift).collect();
        shifts.sort_by_key(|shift| (shift.from, shift.to));
        let Ok(today) = self.scope.day().parse::<Date>() else { return Vec::new() };
        let mut found: Vec<Diagnostic> = Vec::new();
        // A row that cannot be read may be the one that covers a gap.
        if written == shifts.len() && !self.lives_elsewhere() {
            found.extend(self.nobody(&shifts, today));
            found.extend(self.gaps(&shifts, today));
        }
        let coming: Vec<&Shift<'_>> = shifts.iter().filter(|shift| today <= shift.to).collect();
        found.extend(coming.iter().filter_map(|shift| self.alone(sheet, shift)));
        found.extend(self.one_person(&coming));
        found
    }

    fn text(&self, field: &str) -> Option<&str> {
        let spec = self.scope.kind(self.artifact).field(field)?;
        self.artifact.field(spec)?.value.text()
    }

    fn lives_elsewhere(&self) -> bool {
        self.text("oncall_source").is_some_and(|source| source != "rota-table")
    }

    /// Tells whether nobody is promised on a day: at weekends, unless the hours of support say always.
    fn is_free(&self, day: Date) -> bool {
        let hours = self.text("support_hours").unwrap_or_default().to_lowercase();
        let always = ["24x7", "24/7", "24×7"].iter().any(|word| hours.contains(word));
        !always && matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    fn finding(&self, rule: &'static Rule, shift: &Shift<'_>, message: String) -> Diagnostic {
        Diagnostic::new(rule, &self.artifact.path, &shift.row.span(), message)
    }

    fn nobody(&self, shifts: &[Shift<'_>], today: Date) -> Option<Diagnostic> {
        let covered = shifts.iter().any(|shift| shift.from <= today && today <= shift.to);
        if covered || self.is_free(today) {
            return None;
        }
        let before = shifts.iter().filter(|shift| shift.to < today).max_by_key(|shift| shift.to);
        let after = shifts.iter().find(|shift| today < shift.from);
        let (shift, message) = match (before, after) {
            (Some(last), None) => (last, format!("the rota ended on {}", last.to)),
            (None, Some(first)) => (first, format!("the rota begins only on {}", first.from)),
            (Some(last), Some(next)) => {
                (next, format!("nobody is on call between {} and {}", last.to, next.from))
            }
            (None, None) => return None,
        };
        let mut finding = self.finding(&NOBODY_NOW, shift, message);
        if !self.artifact.status.is_approved() {
            finding.severity = Severity::Warning;
        }
        Some(finding.help("add the shift that covers today"))
    }

    /// Finds the days to come after today that lie between two shifts.
    fn gaps(&self, shifts: &[Shift<'_>], today: Date) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut covered = shifts.first().map_or(today, |shift| shift.to);
        for shift in shifts {
            let first = covered.max(today).saturating_add(1.day());
            let last = shift.from.saturating_sub(1.day());
            let missing = || first.series(1.day()).take_while(|day| *day <= last);
            let is_told = covered < today && !self.is_free(today);
            if !is_told && missing().any(|day| !self.is_free(day)) {
                let message = format!("nobody is on call from {first} to {last}");
                let finding = self.finding(&GAP, shift, message);
                found.push(finding.help("give these days to somebody"));
            }
            covered = covered.max(shift.to);
        }
        found
    }

    /// Tells of a shift whose second is nobody, or the first again.
    fn alone(&self, sheet: &Sheet<'_>, shift: &Shift<'_>) -> Option<Diagnostic> {
        sheet.shifts().find(|(column, _)| column.name == SECOND)?;
        let named = |column| shift.row.cell(column).filter(|cell| !is_placeholder(&cell.text));
        let first = named(FIRST)?;
        let (second, days) = (named(SECOND), format!("from {} to {}", shift.from, shift.to));
        let message = match second {
            None => format!("nobody is the second of {} {days}", first.text),
            Some(second) if self.who(second) == self.who(first) => {
                format!("{} is the first and the second {days}", first.text)
            }
            Some(_) => return None,
        };
        let finding = self.finding(&NO_BACKUP, shift, message);
        Some(finding.help("name somebody else as the second"))
    }

    /// Names those whom a cell means.
    fn who(&self, cell: &Cell) -> Vec<String> {
        let ways = self.directory.ways(&cell.text);
        let known: Vec<String> = ways.into_iter().map(|way| way.name).collect();
        if known.is_empty() { vec![cell.text.to_lowercase()] } else { known }
    }

    /// Finds somebody who has the first shift too long.
    fn one_person(&self, coming: &[&Shift<'_>]) -> Vec<Diagnostic> {
        let first = |shift: &Shift<'_>| shift.row.cell(FIRST).map(|cell| self.who(cell));
        let named: Vec<_> = coming.iter().map(|shift| (*shift, first(shift))).collect();
        let mut found = Vec::new();
        for group in named.chunk_by(|one, other| one.1 == other.1) {
            let (Some((start, Some(who))), Some((end, _))) = (group.first(), group.last()) else {
                continue;
            };
            let days = (end.to - start.from).get_days() + 1;
            if days >= LONGEST {
                let who = who.join(" and ");
                let message = format!("{who} is the only first on call for {days} days");
                let finding = self.finding(&ONE_PERSON, start, message);
                found.push(finding.help("give some of the shifts to somebody else"));
            }
        }
        found
    }
}

/// Reads the days of a row; nothing when one of them cannot be read.
fn shift(row: Cells<'_>) -> Option<Shift<'_>> {
    let days = row.days();
    let day = |text: Option<String>| text?.parse::<Date>().ok();
    let (from, to) = (day(days.from)?, day(days.until)?);
    Some(Shift { row, from, to })
}
