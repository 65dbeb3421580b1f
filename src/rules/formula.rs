//! Formulas of business cases: `+ - * / ( )`, `min`, `max`, `round` and `payback`, numbers and names. What cannot be read gives
//! nothing.

use crate::value::{Exact, quantity};

/// So deep may brackets stand in each other.
const DEEPEST: usize = 32;

/// Reckons a formula; `named` gives the number that a name stands for.
pub(super) fn reckon(text: &str, named: &dyn Fn(&str) -> Option<Exact>) -> Option<Exact> {
    let tokens = tokens(text)?;
    let mut reader = Reader { tokens: &tokens, at: 0, deep: 0, named };
    let number = reader.sum()?;
    (reader.at == tokens.len()).then_some(number)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    Sign(char),
    Operand(&'t str),
}

/// Cuts a formula at its signs. A dash inside a word and a comma inside a number are none.
fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    let operand = |from: usize, to: usize| {
        let text = text[from..to].trim();
        (!text.is_empty()).then_some(Token::Operand(text))
    };
    for (at, letter) in text.char_indices() {
        if !is_sign(text, at, letter) {
            continue;
        }
        tokens.extend(operand(start, at));
        tokens.push(Token::Sign(plain(letter)));
        start = at + letter.len_utf8();
    }
    tokens.extend(operand(start, text.len()));
    (!tokens.is_empty() && tokens.len() <= 200).then_some(tokens)
}

fn plain(letter: char) -> char {
    match letter {
        '×' | '·' | '∗' => '*',
        '÷' => '/',
        '−' | '–' => '-',
        other => other,
    }
}

fn is_sign(text: &str, at: usize, letter: char) -> bool {
    let before = text[..at].chars().next_back();
    let after = &text[at + letter.len_utf8()..];
    match plain(letter) {
        '*' | '/' | '(' | ')' | '+' => true,
        '-' => before.is_none_or(|before| before.is_whitespace() || "()*/+,".contains(before)),
        ',' => !after.starts_with(|c: char| c.is_ascii_digit()),
        _ => false,
    }
}

struct Reader<'t> {
    tokens: &'t [Token<'t>],
    at: usize,
    deep: usize,
    named: &'t dyn Fn(&str) -> Option<Exact>,
}

impl Reader<'_> {
    fn takes(&mut self, sign: char) -> bool {
        let is_it = self.tokens.get(self.at) == Some(&Token::Sign(sign));
        self.at += usize::from(is_it);
        is_it
    }

    fn sum(&mut self) -> Option<Exact> {
        let mut number = self.product()?;
        loop {
            if self.takes('+') {
                number = number.plus(self.product()?)?;
            } else if self.takes('-') {
                number = number.minus(self.product()?)?;
            } else {
                return Some(number);
            }
        }
    }

    fn product(&mut self) -> Option<Exact> {
        let mut number = self.part()?;
        loop {
            if self.takes('*') {
                number = number.times(self.part()?)?;
            } else if self.takes('/') {
                number = number.by(self.part()?)?;
            } else {
                return Some(number);
            }
        }
    }

    fn part(&mut self) -> Option<Exact> {
        self.deep += 1;
        let number = if self.deep > DEEPEST { None } else { self.one() };
        self.deep -= 1;
        number
    }

    fn one(&mut self) -> Option<Exact> {
        if self.takes('-') {
            return Exact::whole(0).minus(self.part()?);
        }
        if self.takes('(') {
            let number = self.sum()?;
            return self.takes(')').then_some(number);
        }
        let Some(Token::Operand(text)) = self.tokens.get(self.at).copied() else { return None };
        self.at += 1;
        if self.takes('(') { self.call(text) } else { self.operand(text) }
    }

    fn operand(&self, text: &str) -> Option<Exact> {
        (self.named)(text).or_else(|| {
            let read = quantity(text)?;
            text.starts_with(|c: char| c.is_ascii_digit()).then_some(read.number)
        })
    }

    fn call(&mut self, name: &str) -> Option<Exact> {
        let mut numbers = vec![self.sum()?];
        while self.takes(',') {
            numbers.push(self.sum()?);
        }
        if !self.takes(')') {
            return None;
        }
        let first = numbers[0];
        let best = |wanted| {
            numbers.iter().try_fold(first, |best, one| {
                Some(if one.compare(best)? == wanted { *one } else { best })
            })
        };
        match (name.to_lowercase().as_str(), numbers.len()) {
            ("min", _) => best(std::cmp::Ordering::Less),
            ("max", _) => best(std::cmp::Ordering::Greater),
            ("round", 1) => first.rounded(),
            ("payback", _) => payback(&numbers),
            _ => None,
        }
    }
}

/// Reckons after how many months a sum has come back: `payback(sum, saving a year, cost a year)` at once, with pairs of a
/// week and the share that is reached from it on behind these in steps.
fn payback(numbers: &[Exact]) -> Option<Exact> {
    let [sum, saving, cost, steps @ ..] = numbers else { return None };
    let weeks = Exact::whole(52);
    let at_once = [Exact::whole(1), Exact::whole(1)];
    let steps = if steps.is_empty() { &at_once } else { steps };
    let (mut open, mut at) = (*sum, Exact::whole(0));
    for (index, step) in steps.chunks(2).enumerate() {
        let [_, share] = step else { return None };
        let gain = saving.times(*share)?.minus(*cost)?.by(weeks)?;
        let next = steps.get(index * 2 + 2);
        let end = next.and_then(|week| week.minus(Exact::whole(1)));
        let gained = end.and_then(|end| gain.times(end.minus(at)?));
        match (end, gained) {
            (Some(end), Some(gained)) if gained.compare(open)?.is_lt() => {
                (open, at) = (open.minus(gained)?, end);
            }
            _ if gain.compare(Exact::whole(0))?.is_gt() => {
                return at.plus(open.by(gain)?)?.times(Exact::whole(12))?.by(weeks);
            }
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::reckon;
    use crate::value::Exact;

    fn named(name: &str) -> Option<Exact> {
        match name {
            "calls" => Some(Exact::whole(240_000)),
            "handle time" => Exact::ratio(15, 2),
            "aht-cut" => Exact::ratio(3, 25),
            _ => None,
        }
    }

    #[test]
    fn formulas_are_reckoned() {
        for (text, over, under) in [
            ("calls * handle time / 60 / 1 200 agents", 25, 1),
            ("12 × calls * handle time * aht-cut * 1.015", 2_630_880, 1),
            ("(1 + 2) * -3", -9, 1),
            ("1 - 2 - 3", -4, 1),
            ("8 / 4 / 2", 1, 1),
            ("calls - 12 %", 5_999_997, 25),
            ("min(3, 1,200, 2) + max(1, 5) + round(2.5)", 10, 1),
            ("1/3", 1, 3),
        ] {
            assert_eq!(reckon(text, &named), Exact::ratio(over, under), "{text}");
        }
    }

    /// The example of the staircase: 380 k to win back from 2.62 M a year less 480 k, at once in 2.13 months, with a
    /// quarter in week 1, half in week 3 and all in week 6 in 12.9 weeks.
    #[test]
    fn a_sum_comes_back_at_once_or_in_steps() {
        let rounded = |text: &str| reckon(text, &named).map(|months| months.to_string());
        let case = "380000, 2620000, 480000";
        assert_eq!(rounded(&format!("payback({case})")).as_deref(), Some("2.13"));
        let steps = format!("payback({case}, 1, 25 %, 3, 50 %, 6, 100 %)");
        assert_eq!(rounded(&steps).as_deref(), Some("2.98"));
        assert_eq!(rounded("payback(1, 2, 3)"), None);
    }

    #[test]
    fn what_cannot_be_read_gives_nothing() {
        let deep = format!("{}1{}", "(".repeat(40), ")".repeat(40));
        for text in [
            "",
            "calls *",
            "calls * volume",
            "(1",
            "1)",
            "1 2 + x",
            "npv(1)",
            "1 / 0",
            "= 3",
            &deep,
        ] {
            assert_eq!(reckon(text, &named), None, "{text}");
        }
    }
}
