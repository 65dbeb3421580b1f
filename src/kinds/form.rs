//! What a value must look like: each form judges one value and says what to write instead.

use super::{Form, Kind, word};
use crate::nearest::did_you_mean;
use crate::value::{self, DateOrder, DateReading};

/// Why a value is not what its field wants: the complaint and the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// What is wrong, as a phrase that follows the value.
    pub message: &'static str,
    /// The next step.
    pub help: String,
}

impl Form {
    /// Judges one value. `unknown` has every form: it is said elsewhere and counts for nothing.
    pub fn judge(&self, text: &str) -> Result<(), Complaint> {
        let fits = |fits: bool, message, help: &str| {
            if fits { Ok(()) } else { Err(Complaint { message, help: help.to_owned() }) }
        };
        if value::is_unknown(text) {
            return Ok(());
        }
        match self {
            Self::Text | Self::Who | Self::Relation { .. } => Ok(()),
            Self::Date(order) => judge_date(text, *order),
            Self::Choice(words) => judge_choice(text, words),
            Self::Duration => fits(
                value::is_duration(text),
                "is not a duration",
                "write it as 15m, 2h, 90d, 6w, 3mo or 1y",
            ),
            Self::Percentage => {
                fits(value::is_percentage(text), "is not a percentage", "write it as 12 % or 2 pp")
            }
            Self::Money => fits(
                value::is_money(text),
                "is not a sum of money",
                "write it as 140k, 1.2M or 1200 EUR",
            ),
            Self::Number => {
                fits(value::is_number(text), "is not a number", "write it in digits, such as 420")
            }
            Self::Truth => fits(is_truth(text), "is neither true nor false", "write true or false"),
            Self::Ids => fits(
                !text.trim().contains(char::is_whitespace),
                "is not an id",
                "write the id alone, such as ACT-017; a list has one id in each item",
            ),
        }
    }

    /// Reads a day as `2026-05-05`, in the order that a form for dates says.
    pub fn day(&self, text: &str) -> Option<String> {
        let order = if let Self::Date(order) = self { *order } else { DateOrder::Unsaid };
        match value::read_date(text).settle(order) {
            DateReading::Day(day) => Some(day.to_string()),
            _ => None,
        }
    }
}

/// Says in which order day and month stand in all dates of the kinds.
pub fn order_dates(kinds: &mut [Kind], order: DateOrder) {
    for kind in kinds {
        let fields = kind.fields.iter_mut().chain(&mut kind.shared).map(|field| &mut field.form);
        let tables = kind.tables.iter_mut().flat_map(|table| &mut table.columns);
        for form in fields.chain(tables.map(|column| &mut column.form)) {
            if let Form::Date(own) = form {
                *own = order;
            }
        }
    }
}

fn judge_date(text: &str, order: DateOrder) -> Result<(), Complaint> {
    match value::read_date(text).settle(order) {
        DateReading::Day(_) => Ok(()),
        DateReading::Either(one, other) => Err(Complaint {
            message: "can be read as two dates",
            help: format!(
                "write {one} or {other}: the order of day and month is not guessed, unless `dates` in [site] says it"
            ),
        }),
        DateReading::Nothing => Err(Complaint {
            message: "is not a date",
            help: "write it as year-month-day, such as 2026-05-05".to_owned(),
        }),
    }
}

fn judge_choice(text: &str, words: &[String]) -> Result<(), Complaint> {
    if words.iter().any(|choice| word(text, choice).is_some()) {
        return Ok(());
    }
    let known = words.iter().map(String::as_str);
    let help =
        did_you_mean(text, known).unwrap_or_else(|| format!("write one of {}", words.join(", ")));
    Err(Complaint { message: "is not one of the known words", help })
}

fn is_truth(text: &str) -> bool {
    ["true", "false", "yes", "no"].iter().any(|truth| word(text, truth).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help(form: &Form, text: &str) -> String {
        form.judge(text).expect_err(text).help
    }

    #[test]
    fn a_date_with_two_readings_is_told_with_both() {
        let both = help(&Form::Date(DateOrder::Unsaid), "03/04/2026");
        assert!(both.contains("2026-04-03") && both.contains("2026-03-04"), "{both}");
        assert!(help(&Form::Date(DateOrder::Unsaid), "next week").contains("2026-05-05"));
        assert_eq!(Form::Date(DateOrder::Unsaid).judge("31/12/2026"), Ok(()));
    }

    #[test]
    fn an_order_settles_what_can_be_read_as_two_dates_and_nothing_else() {
        let (day, month) = (Form::Date(DateOrder::DayFirst), Form::Date(DateOrder::MonthFirst));
        for (text, by_day, by_month) in [
            ("03/04/2026", Some("2026-04-03"), Some("2026-03-04")),
            ("3.4.2026", Some("2026-04-03"), Some("2026-03-04")),
            ("31/12/2026", Some("2026-12-31"), Some("2026-12-31")),
            ("12/31/2026", Some("2026-12-31"), Some("2026-12-31")),
            ("2026-03-04", Some("2026-03-04"), Some("2026-03-04")),
            ("31/02/2026", None, None),
        ] {
            assert_eq!(day.day(text).as_deref(), by_day, "{text}");
            assert_eq!(month.day(text).as_deref(), by_month, "{text}");
            assert_eq!(day.judge(text).is_ok(), by_day.is_some(), "{text}");
        }
        assert_eq!(Form::Date(DateOrder::Unsaid).day("03/04/2026"), None);
    }

    #[test]
    fn choices_take_a_remark_and_offer_the_nearest_word() {
        let risk = Form::Choice(vec!["low".into(), "high".into()]);
        assert_eq!(risk.judge("Low: nothing changes for users"), Ok(()));
        assert_eq!(help(&risk, "hihg"), "did you mean `high`");
        assert_eq!(help(&risk, "huge risk"), "write one of low, high");
    }

    #[test]
    fn every_form_takes_unknown_and_refuses_what_is_not_its_own() {
        let choice = Form::Choice(vec!["low".into()]);
        let forms = [
            Form::Date(DateOrder::Unsaid),
            Form::Duration,
            choice,
            Form::Percentage,
            Form::Money,
            Form::Number,
            Form::Truth,
            Form::Ids,
        ];
        for form in forms {
            assert_eq!(form.judge("unknown (asked)"), Ok(()), "{form:?}");
            assert!(form.judge("something quite else").is_err(), "{form:?}");
        }
    }
}
