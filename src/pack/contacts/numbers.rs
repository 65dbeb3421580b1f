//! Finds telephone numbers: the registered ones in every way of writing them, those of others where it is plain that
//! they are numbers to dial.

use std::ops::Range;

use super::letters::Letter;

/// Words in front of a number that say what it is.
const WORDS: &[&str] = &[
    "tel",
    "phone",
    "telephone",
    "telefon",
    "telefone",
    "mobile",
    "mobil",
    "handy",
    "fax",
    "pager",
    "hotline",
    "sms",
    "whatsapp",
    "callto",
    "rufnummer",
    "durchwahl",
    "téléphone",
    "teléfono",
];

/// Words that may stand between.
const BETWEEN: &[&str] = &["number", "no", "nr", "nummer", "at", "is", "under"];

/// How few digits a number has behind a word, and how few a registered one has that is looked for.
const FEWEST: usize = 5;

/// Digits with their places among letters.
struct Run {
    digits: String,
    places: Vec<usize>,
    /// Whether a plus sign stands in front.
    plus: bool,
}

/// A registered number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    /// The digits without zeros in front.
    digits: String,
    /// How many of the last ones are the same from wherever one calls.
    core: usize,
}

impl Number {
    /// Reads a number as people write it; nothing when it is too short to be told from others.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.replace("(0)", "");
        let end = text.find(char::is_alphabetic).unwrap_or(text.len());
        let all: String = text[..end].chars().filter(char::is_ascii_digit).collect();
        let digits = all.trim_start_matches('0').to_owned();
        let abroad = text.trim_start().starts_with('+') || all.starts_with("00");
        let longest_code = if abroad { 3 } else { 0 };
        let core = digits.len().saturating_sub(longest_code).max(6).min(digits.len());
        (digits.len() >= FEWEST).then_some(Self { digits, core })
    }

    /// Finds the number among digits: whole, from this country, or from next door.
    fn within(&self, run: &Run) -> Vec<Range<usize>> {
        let (before, core) = self.digits.split_at(self.digits.len() - self.core);
        let is_tail = run.digits.len() > FEWEST && self.digits.ends_with(&run.digits);
        let tail = is_tail.then_some(0..run.digits.len());
        // `00` or `(0)` may stand in front of what is left of the code.
        let reach = before.len() + 3;
        let found = run.digits.match_indices(core);
        let found = found.map(|(at, core)| at.saturating_sub(reach)..at + core.len());
        tail.into_iter().chain(found).collect()
    }
}

/// Returns the places of numbers among letters.
pub(super) fn find(letters: &[Letter], registered: &[Number]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for run in runs(letters) {
        let known = registered
            .iter()
            .flat_map(|number| number.within(&run))
            .map(|part| run.place(&part, letters));
        found.extend(known);
        let start = run.places[0];
        let goes_on = found.last().is_some_and(|last| {
            last.end <= start
                && start - last.end < 6
                && letters[last.end..start].iter().all(|letter| letter.sign != '\n')
        });
        let is_named = run.digits.len() >= FEWEST && (goes_on || is_named(letters, start));
        if is_named || run.is_from_abroad(letters) {
            found.push(run.place(&(0..run.digits.len().min(17)), letters));
        }
    }
    found.extend(columns(letters));
    found
}

impl Run {
    /// Returns the place of some of the digits, with the sign in front.
    fn place(&self, digits: &Range<usize>, letters: &[Letter]) -> Range<usize> {
        let mut start = self.places[digits.start];
        while start > 0 && matches!(letters[start - 1].sign, '+' | '(') {
            start -= 1;
        }
        start..self.places[digits.end - 1] + 1
    }

    /// Leaves out the last digits when they are the start of a word.
    fn drop_start_of_word(&mut self, letters: &[Letter]) {
        let after = |last: usize| letters.get(last + 1).map(|letter| letter.sign);
        let Some(mut last) = self.places.last().copied() else { return };
        if !after(last).is_some_and(char::is_alphanumeric) {
            return;
        }
        while self.places.last() == Some(&last) {
            self.places.pop();
            self.digits.pop();
            last = last.saturating_sub(1);
        }
    }

    fn is_from_abroad(&self, letters: &[Letter]) -> bool {
        let grouped = self.places.windows(2).any(|two| two[1] > two[0] + 1);
        let zeros = self.digits.starts_with("00") && !self.digits.starts_with("000") && grouped;
        let first = self.places[0];
        let bound = first < 2 || !letters[first - 2].sign.is_alphanumeric();
        (self.plus && bound && self.digits.len() >= 8 && !self.digits.starts_with('0'))
            || (zeros && self.digits.len() >= 10)
    }
}

/// Cuts the letters into runs of digits that nothing but spaces and signs of numbers keeps apart.
fn runs(letters: &[Letter]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let starts = letters[at].sign.is_ascii_digit()
            && (at == 0 || !letters[at - 1].sign.is_alphanumeric());
        if !starts {
            at += 1;
            continue;
        }
        let mut run = run(letters, at);
        at = run.places.last().map_or(at, |last| *last) + 1;
        run.drop_start_of_word(letters);
        runs.extend(Some(run).filter(|run| !run.places.is_empty()));
    }
    runs
}

fn run(letters: &[Letter], start: usize) -> Run {
    let plus = start > 0 && letters[start - 1].sign == '+'
        || start > 1 && letters[start - 1].sign == '(' && letters[start - 2].sign == '+';
    let mut run = Run { digits: String::new(), places: Vec::new(), plus };
    for (at, letter) in letters.iter().enumerate().skip(start) {
        match letter.sign {
            sign if sign.is_ascii_digit() => {
                run.digits.push(sign);
                run.places.push(at);
            }
            ' ' | '\n' | '-' | '.' | '/' | '(' | ')'
                if at - run.places[run.places.len() - 1] < 4 => {}
            _ => break,
        }
    }
    run
}

/// Tells whether a word in front of a number says that it is one to dial.
fn is_named(letters: &[Letter], number: usize) -> bool {
    let line =
        letters[..number].iter().rev().map(|letter| letter.sign).take_while(|sign| *sign != '\n');
    let before: String = line.take(40).collect::<Vec<_>>().into_iter().rev().collect();
    let signs = before.len() - before.trim_end_matches(|sign: char| !sign.is_alphabetic()).len();
    let words = before.split(|sign: char| !sign.is_alphabetic()).filter(|word| !word.is_empty());
    let mut words =
        words.rev().map(str::to_lowercase).skip_while(|word| BETWEEN.contains(&word.as_str()));
    signs < 10 && words.next().is_some_and(|word| says_phone(&word))
}

fn says_phone(word: &str) -> bool {
    WORDS.contains(&word) || WORDS.iter().any(|known| word.strip_suffix('s') == Some(known))
}

/// Finds the numbers of the columns of tables that are headed as numbers to dial.
fn columns(letters: &[Letter]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut headed: Vec<usize> = Vec::new();
    let mut before: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for line in letters.split(|letter| letter.sign == '\n') {
        let cells = cells(line, start);
        let is_rule = line.len() > 2 && line.iter().all(|letter| "|-: \r".contains(letter.sign));
        if is_rule {
            let is_headed = |cell: &Range<usize>| {
                let text: String = letters[cell.clone()].iter().map(|letter| letter.sign).collect();
                text.to_lowercase().split(|sign: char| !sign.is_alphabetic()).any(says_phone)
            };
            headed = (0..before.len()).filter(|at| is_headed(&before[*at])).collect();
        } else if cells.len() < 2 {
            headed.clear();
        }
        for cell in headed.iter().filter_map(|at| cells.get(*at)).filter(|_| !is_rule) {
            let shift = |place: Range<usize>| place.start + cell.start..place.end + cell.start;
            let own = &letters[cell.clone()];
            let long = runs(own).into_iter().filter(|run| run.digits.len() >= FEWEST);
            found.extend(long.map(|run| shift(run.place(&(0..run.digits.len()), own))));
        }
        before = cells;
        start += line.len() + 1;
    }
    found
}

/// The cells of a line of a table; one without lines at its edges has the same cells.
fn cells(line: &[Letter], start: usize) -> Vec<Range<usize>> {
    let first = line.iter().position(|letter| letter.sign != ' ').unwrap_or(0);
    let skipped = first + usize::from(line.get(first).is_some_and(|letter| letter.sign == '|'));
    let mut at = start + skipped;
    let cells = line[skipped.min(line.len())..].split(|letter| letter.sign == '|');
    cells
        .map(|cell| {
            let place = at..at + cell.len();
            at = place.end + 1;
            place
        })
        .collect()
}
