//! Finding kinds, fields, sections and table columns by the words that people really write.

use super::{FieldSpec, Kind, SectionSpec, TableSpec};
use crate::document::text;
use crate::document::{Document, Field, FrontMatter, Heading};

/// Brings a heading, a column title or a kind's name into the form in which words are compared: lower case, no
/// numbering, emoji, brackets or punctuation, single spaces.
pub fn normalise(text: &str) -> String {
    let text = text.trim();
    let text = text.split_once(['(', '{']).map_or(text, |(before, _)| before);
    let words =
        || text.split(|c: char| !c.is_alphanumeric() && c != '#').filter(|word| !word.is_empty());
    let skipped = words().position(|word| !is_number(word)).unwrap_or_default();
    let mut out = String::with_capacity(text.len());
    for word in words().skip(skipped) {
        if !out.is_empty() {
            out.push(' ');
        }
        if word.is_ascii() {
            out.extend(word.chars().map(|c| c.to_ascii_lowercase()));
        } else {
            out.push_str(&word.to_lowercase());
        }
    }
    out
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
    if let Some(named) = kinds.iter().position(|kind| kind.name == word) {
        return Some(named);
    }
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

    /// Tells whether `key` is the name of this field.
    pub fn is_named(&self, key: &str) -> bool {
        same_key(&self.name, key)
    }

    /// Tells whether `key` means this field.
    pub fn knows(&self, key: &str) -> bool {
        std::iter::once(&self.name).chain(&self.synonyms).any(|name| same_key(name, key))
    }
}

fn field<'d>(front_matter: &'d FrontMatter, key: &str) -> Option<&'d Field> {
    front_matter.fields.iter().find(|field| same_key(&field.key, key))
}

/// Keys compare without case; `-`, `_` and space are equal.
pub(super) fn same_key(one: &str, other: &str) -> bool {
    let plain = |byte: u8| match byte {
        b'_' | b' ' => b'-',
        byte => byte.to_ascii_lowercase(),
    };
    for (here, there) in one.bytes().zip(other.bytes()) {
        if !here.is_ascii() || !there.is_ascii() {
            let fold = |key: &str| key.to_lowercase().replace(['_', ' '], "-");
            return fold(one) == fold(other);
        }
        if plain(here) != plain(there) {
            return false;
        }
    }
    one.len() == other.len()
}

impl SectionSpec {
    /// Finds the section's headings in a file; a heading that says the section's own title comes first. Bold lines count
    /// where no heading does.
    pub fn headings<'d>(&self, document: &'d Document) -> Vec<&'d Heading> {
        let found = self.among(&document.headings);
        if found.is_empty() { self.among(&document.bold_lines) } else { found }
    }

    fn among<'d>(&self, headings: &'d [Heading]) -> Vec<&'d Heading> {
        let [title, name] = &self.words;
        let mut found: Vec<(bool, &Heading)> = Vec::new();
        for heading in headings {
            let text = &heading.plain;
            let other = heading.id == self.name || text == name || self.synonyms.contains(text);
            if other || text == title {
                found.push((text != title, heading));
            }
        }
        found.sort_by_key(|(other, _)| *other);
        found.into_iter().map(|(_, heading)| heading).collect()
    }
}

impl Kind {
    /// Finds one of its own fields or a common one by key.
    pub fn field(&self, key: &str) -> Option<&FieldSpec> {
        let named = |field: &&FieldSpec| same_key(&field.name, key);
        self.all_fields().find(named).or_else(|| self.all_fields().find(|field| field.knows(key)))
    }

    /// Its own fields, then the common ones that it does not describe itself.
    pub fn all_fields(&self) -> impl Iterator<Item = &FieldSpec> {
        self.fields.iter().chain(&self.shared)
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
