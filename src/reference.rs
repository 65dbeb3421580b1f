//! The reference pages of kinds, rules, profiles and settings, written from the values that the program works with.

mod settings;

use std::fmt::Write as _;

use crate::kinds::{self, ColumnSpec, FieldSpec, Form, Kind, Need, SectionSpec, Standing};
use crate::profiles::Profile;
use crate::rules::{GROUPS, Rule};

pub use settings::{KEYS, Keys, settings};

/// Returns the page about kinds.
pub fn kinds(kinds: &[Kind]) -> String {
    let mut page = String::from(
        "# Kinds\n\nA repository may add a kind, or replace one whole, with a file in its `kinds/` folder.\n\n\
         ## Fields of every kind\n",
    );
    fields(&mut page, kinds::common());
    for kind in kinds {
        one_kind(&mut page, kind);
    }
    page += "\n## Relations\n\n| Relation | Read from the other side |\n|---|---|\n";
    for (name, inverse) in kinds::relations() {
        _ = writeln!(page, "| `{name}` | `{inverse}` |");
    }
    page
}

fn one_kind(page: &mut String, kind: &Kind) {
    _ = write!(page, "\n## {}\n\n{}. Write `kind: {}`", kind.title, kind.purpose, kind.name);
    if !kind.synonyms.is_empty() {
        _ = write!(page, " (or {})", kind.synonyms.join(", "));
    }
    if !kind.prefix.is_empty() {
        _ = write!(page, "; ids are `{}-001`", kind.prefix);
    }
    if !kind.folder.is_empty() {
        _ = write!(page, "; in a pack its folder is `{}/`", kind.folder);
    }
    page.push_str(".\n");
    fields(page, &kind.fields);
    sections(page, &kind.sections);
    for table in &kind.tables {
        let column = |column: &ColumnSpec| match &column.form {
            Form::Relation { name, .. } => format!("{} (`{name}`)", column.name),
            _ => column.name.clone(),
        };
        let columns: Vec<String> = table.columns.iter().map(column).collect();
        _ = write!(page, "\nTable `{}`: {}.\n", table.name, columns.join(", "));
    }
    statuses(page, kind);
}

fn fields(page: &mut String, fields: &[FieldSpec]) {
    if fields.is_empty() {
        return;
    }
    page.push_str("\n| Field | Needed | Value | What to write |\n|---|---|---|---|\n");
    for field in fields {
        let (need, when, form) = (need(field.need), when(field), cell(&form(&field.form)));
        _ = writeln!(page, "| `{}` | {need}{when} | {form} | {} |", field.name, cell(&field.hint));
    }
}

fn sections(page: &mut String, sections: &[SectionSpec]) {
    if sections.is_empty() {
        return;
    }
    page.push_str(
        "\n| Section | Needed | Other headings | What belongs there |\n|---|---|---|---|\n",
    );
    for section in sections {
        let others = cell(&section.synonyms.join(", "));
        let (title, need, hint) = (cell(&section.title), need(section.need), cell(&section.hint));
        _ = writeln!(page, "| {title} | {need} | {others} | {hint} |");
    }
}

fn statuses(page: &mut String, kind: &Kind) {
    page.push_str("\n| Status | Means | Other words | May be followed by |\n|---|---|---|---|\n");
    for status in &kind.statuses {
        let means = match status.means {
            Standing::Draft => "being written",
            Standing::Approved => "in force",
            Standing::Closed => "over",
        };
        let (others, next) = (cell(&status.synonyms.join(", ")), status.next.join(", "));
        _ = writeln!(page, "| `{}` | {means} | {others} | {next} |", status.name);
    }
}

fn need(need: Need) -> &'static str {
    match need {
        Need::Required => "required",
        Need::Recommended => "recommended",
        Need::Optional => "",
    }
}

fn when(field: &FieldSpec) -> String {
    let one = |(name, words): &(String, Vec<String>)| format!("`{name}` is {}", words.join(" or "));
    let all: Vec<String> = field.when.iter().map(one).collect();
    if all.is_empty() { String::new() } else { format!(" when {}", all.join(" and ")) }
}

fn form(form: &Form) -> String {
    match form {
        Form::Text => "text".to_owned(),
        Form::Date(_) => "date".to_owned(),
        Form::Duration => "duration".to_owned(),
        Form::Percentage => "percentage".to_owned(),
        Form::Money => "money".to_owned(),
        Form::Number => "number".to_owned(),
        Form::Truth => "true or false".to_owned(),
        Form::Who => "person, team or role".to_owned(),
        Form::Choice(words) => words.join(", "),
        Form::Ids => "ids".to_owned(),
        Form::Relation { kinds, .. } if kinds.is_empty() => "ids".to_owned(),
        Form::Relation { kinds, .. } => format!("ids of {}", kinds.join(", ")),
    }
}

/// Keeps a text inside one table cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ").replace('<', "&lt;")
}

/// Returns the page about rules.
pub fn rules() -> String {
    let mut page = String::from(
        "# Rules\n\nA finding names its rule. `[rules]` in `book.toml` gives a rule or a whole group another severity.\n",
    );
    for group in GROUPS {
        _ = write!(page, "\n## {}\n", group.name);
        group.rules.iter().for_each(|rule| one_rule(&mut page, rule));
    }
    page
}

fn one_rule(page: &mut String, rule: &Rule) {
    let sentence = |text: &str| format!("{}.", cell(text.trim_end_matches('.')));
    _ = write!(
        page,
        "\n### {}\n\n*{}* {}\n",
        rule.name,
        rule.severity.word(),
        sentence(rule.summary)
    );
    _ = write!(page, "\n**Why.** {}\n", sentence(rule.why));
    _ = write!(page, "\n**What to do.** {}\n", sentence(rule.fix));
}

/// Returns the page about profiles.
pub fn profiles(profiles: &[Profile]) -> String {
    let mut page = String::from(
        "# Profiles\n\nA pack names its profiles in `pack.toml`. A repository may add one, replace one whole, or extend \
         some, with a file in its `profiles/` folder.\n",
    );
    for profile in profiles {
        let version = match profile.version.as_str() {
            "" => String::new(),
            version => format!(", or `{}@{version}` to stay with this version", profile.id),
        };
        _ = write!(
            page,
            "\n## {}\n\n{}. Name it `{}`{version}.\n",
            profile.title, profile.summary, profile.id
        );
        for at in 0..profile.gates.len() {
            push_gate(&mut page, profile, at);
        }
    }
    page
}

fn push_gate(page: &mut String, profile: &Profile, at: usize) {
    let gate = &profile.gates[at];
    _ = match gate.question.as_str() {
        "" => write!(page, "\nIts gate is {}.\n", gate.title),
        question => write!(page, "\n### `{}` {}\n\n{question}\n", gate.id, gate.title),
    };
    page.push_str(
        "\n| Id | What must be true | Level | Next | What to do |\n|---|---|---|---|---|\n",
    );
    for one in profile.requirements.iter().filter(|one| one.gate == at) {
        let next = one.next.as_deref().unwrap_or_default();
        let (statement, hint) = (cell(&one.statement), cell(&one.hint));
        let level = if one.waivable {
            one.level.word().to_owned()
        } else {
            format!("{}, no waiver", one.level.word())
        };
        _ = writeln!(page, "| `{}` | {statement} | {level} | {next} | {hint} |", one.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::markdown::parse;

    #[test]
    fn pages_name_everything_and_their_tables_hold() {
        let (all, _) = kinds::load(&[]);
        let known = crate::profiles::built_in().0;
        let (kind_page, rule_page, profile_page) = (kinds(&all), rules(), profiles(known));
        let document = parse(kind_page.as_bytes());
        for kind in &all {
            assert!(
                document.headings.iter().any(|heading| heading.text == kind.title),
                "{}",
                kind.title
            );
        }
        let rows: usize = document.tables.iter().map(|table| table.rows.len()).sum();
        let expected = kinds::common().len()
            + kinds::relations().len()
            + all
                .iter()
                .map(|one| one.fields.len() + one.sections.len() + one.statuses.len())
                .sum::<usize>();
        assert_eq!(rows, expected);
        let titles = parse(rule_page.as_bytes()).headings;
        for rule in GROUPS.iter().flat_map(|group| group.rules) {
            assert!(titles.iter().any(|heading| heading.text == rule.name), "{}", rule.name);
        }
        let tables = parse(profile_page.as_bytes()).tables;
        let rows: usize = tables.iter().map(|table| table.rows.len()).sum();
        assert_eq!(rows, known.iter().map(|profile| profile.requirements.len()).sum::<usize>());
    }
}
