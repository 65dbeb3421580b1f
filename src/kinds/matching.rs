//! Finding kinds, fields, sections and table columns by the words that people really write.

use super::{FieldSpec, Kind, SectionSpec, TableSpec};
use crate::document::text;
use crate::document::{Document, Field, FrontMatter, Heading, Table};

/// Brings a heading, a column title or a kind's name into the form in which words are compared: lower case, no
/// numbering, emoji, brackets or punctuation, single spaces.
pub fn normalise(text: &str) -> String {
    let text = text.trim();
    let text = text.split_once(['(', '{']).map_or(text, |(before, _)| before);
    let spaced: String =
        text.chars().map(|c| if c.is_alphanumeric() || c == '#' { c } else { ' ' }).collect();
    let words: Vec<String> = spaced.split_whitespace().map(str::to_lowercase).collect();
    let numbers = words.iter().take_while(|word| is_number(word)).count();
    let kept = if numbers < words.len() { &words[numbers..] } else { &words[..] };
    kept.join(" ")
}

/// Brings a heading into the form in which headings are compared: that of [`normalise`], without accents, letters and
/// words that only number it (`Step 1:`, `IV.`).
pub fn normalise_heading(heading: &str) -> String {
    normalise(&text::normalise_heading(heading))
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Finds a kind by its name, its title, its plural or another word for it.
pub fn find(kinds: &[Kind], word: &str) -> Option<usize> {
    let word = normalise(word);
    let known = |kind: &Kind| {
        [&kind.name, &kind.title, &kind.plural].iter().any(|name| normalise(name) == word)
    };
    let other = |kind: &Kind| kind.synonyms.iter().any(|name| normalise(name) == word);
    kinds.iter().position(known).or_else(|| kinds.iter().position(other))
}

/// Tells which kind `kind:` states, if it states one: an index, or nothing when no kind has that name. Its synonyms
/// (`type`, `template`) belong to other tools as well and are not asked.
pub fn stated(kinds: &[Kind], front_matter: &FrontMatter) -> Option<Option<usize>> {
    Some(find(kinds, front_matter.text("kind")?))
}

impl FieldSpec {
    /// Finds the field in a file, by its name, then by its other keys in the order of the data.
    pub fn find<'d>(&self, front_matter: &'d FrontMatter) -> Option<&'d Field> {
        let mut keys = std::iter::once(&self.name).chain(&self.synonyms);
        keys.find_map(|key| field(front_matter, key))
    }

    /// Tells whether `key` means this field.
    pub fn knows(&self, key: &str) -> bool {
        std::iter::once(&self.name).chain(&self.synonyms).any(|name| fold(name) == fold(key))
    }
}

fn field<'d>(front_matter: &'d FrontMatter, key: &str) -> Option<&'d Field> {
    front_matter.fields.iter().find(|field| fold(&field.key) == fold(key))
}

/// Keys compare without case; `-`, `_` and space are equal.
fn fold(key: &str) -> String {
    key.to_lowercase().replace(['_', ' '], "-")
}

impl SectionSpec {
    /// Tells whether a heading opens this section.
    pub fn knows(&self, heading: &Heading) -> bool {
        let text = normalise_heading(&heading.text);
        heading.id == self.name
            || normalise_heading(&self.name) == text
            || normalise_heading(&self.title) == text
            || self.synonyms.contains(&text)
    }

    /// Finds the section's headings in a file; a heading that says the section's own title comes first.
    pub fn headings<'d>(&self, document: &'d Document) -> Vec<&'d Heading> {
        let mut found: Vec<&Heading> =
            document.headings.iter().filter(|heading| self.knows(heading)).collect();
        let title = normalise_heading(&self.title);
        found.sort_by_key(|heading| normalise_heading(&heading.text) != title);
        found
    }
}

impl TableSpec {
    /// Tells, when the table is of this sort, which of its columns each known column is.
    pub fn columns_of(&self, table: &Table) -> Option<Vec<Option<usize>>> {
        let columns = self.positions(table);
        (columns.first()? == &Some(0)).then_some(columns)
    }

    /// Tells which column of a table each known column is, whatever the table is.
    pub fn positions(&self, table: &Table) -> Vec<Option<usize>> {
        let titles: Vec<String> = table.header.iter().map(|cell| normalise(&cell.text)).collect();
        let position = |(name, synonyms): &(String, Vec<String>)| {
            let mut names = std::iter::once(name).chain(synonyms).map(|name| normalise(name));
            names.find_map(|name| titles.iter().position(|title| *title == name))
        };
        self.columns.iter().map(position).collect()
    }

    /// Returns the position of a column in [`TableSpec::columns`].
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|(column, _)| column == name)
    }
}

impl Kind {
    /// Finds one of its own fields or a common one by key.
    pub fn field(&self, key: &str) -> Option<&FieldSpec> {
        let named = |field: &&FieldSpec| fold(&field.name) == fold(key);
        self.all_fields().find(named).or_else(|| self.all_fields().find(|field| field.knows(key)))
    }

    /// Its own fields, then the common ones that it does not describe itself.
    pub fn all_fields(&self) -> impl Iterator<Item = &FieldSpec> {
        let own = |field: &&FieldSpec| self.fields.iter().any(|known| known.name == field.name);
        self.fields.iter().chain(super::common().iter().filter(move |field| !own(field)))
    }

    /// Finds one of its sections by name.
    pub fn section(&self, name: &str) -> Option<&SectionSpec> {
        self.sections.iter().find(|section| section.name == name)
    }

    /// Finds one of its tables by name.
    pub fn table(&self, name: &str) -> Option<&TableSpec> {
        self.tables.iter().find(|table| table.name == name)
    }
}
