//! From the text of a status to its word: emoji, emphasis and case do not count, a remark after the word is kept,
//! an unknown word is never dropped.

use crate::document::text::is_template;

use super::{Kind, Standing, Status, StatusSpec};

/// First words of a remark that take back what the status says.
const DOUBT: [&str; 10] =
    ["not", "no", "never", "pending", "awaiting", "unless", "if", "tbd", "todo", "maybe"];

impl Kind {
    /// Reads a status as its author wrote it.
    pub fn status(&self, text: &str) -> Status {
        let clean = without_decoration(text);
        if clean.is_empty() {
            return if text.trim().is_empty() {
                Status::Absent
            } else {
                Status::Placeholder(text.trim().to_owned())
            };
        }
        if is_template(&clean) || self.is_list_of_words(&clean) {
            return Status::Placeholder(text.trim().to_owned());
        }
        self.known(&clean).unwrap_or_else(|| Status::Unknown(text.trim().to_owned()))
    }

    /// Returns the kind's word for a status, whichever of its words is given.
    pub fn status_word(&self, text: &str) -> Option<&str> {
        let mut known = self.statuses.iter().filter(|spec| spec.words().any(|word| word == text));
        known.next().map(|spec| spec.name.as_str())
    }

    fn known(&self, clean: &str) -> Option<Status> {
        let all = self.statuses.iter().flat_map(|spec| spec.words().map(move |word| (spec, word)));
        let (spec, written, note) = all
            .filter_map(|(spec, name)| Some((spec, name, word(clean, name)?)))
            .min_by_key(|(_, _, note)| note.len())?;
        let first = note.split(|c: char| !c.is_alphabetic()).find(|part| !part.is_empty());
        if first.is_some_and(|first| DOUBT.contains(&first.to_lowercase().as_str())) {
            return None;
        }
        Some(Status::Known {
            word: spec.name.clone(),
            written: written.to_owned(),
            standing: spec.means,
            note: note.trim_matches([' ', ',', ';', ':']).to_owned(),
        })
    }

    /// Tells whether nothing more happens after this status: what has it is kept as a record.
    pub fn is_over(&self, status: &Status) -> bool {
        let Status::Known { word, .. } = status else { return false };
        self.statuses.iter().any(|spec| spec.over && spec.name == *word)
    }

    /// Tells whether what was approved is being carried out under this word: from there on the text tells what happens.
    pub fn is_begun(&self, word: &str) -> bool {
        let known = self.status_word(word).unwrap_or(word);
        self.statuses.iter().any(|spec| spec.begun && spec.name == known)
    }

    /// Tells whether a status is the last step before a document is in force: whoever must approve it is asked to.
    pub fn is_last_step(&self, status: &Status) -> bool {
        let Status::Known { word, .. } = status else { return false };
        let means = |name: &String| {
            self.statuses.iter().find(|spec| spec.name == *name).map(|spec| spec.means)
        };
        let leads = |spec: &&StatusSpec| {
            let next = || spec.next.iter().any(|name| means(name) == Some(Standing::Approved));
            spec.means == Standing::Draft && next()
        };
        self.statuses.iter().rev().find(leads).is_some_and(|spec| spec.name == *word)
    }

    /// `proposed | accepted`, `draft / approved` and `[draft, final]` are what a template offers, not what somebody
    /// chose.
    fn is_list_of_words(&self, clean: &str) -> bool {
        let bracketed = clean.starts_with('[') && clean.ends_with(']');
        let parts: Vec<&str> = clean.split(|c| c == '/' || bracketed && c == ',').collect();
        let all_known = || parts.iter().all(|part| self.known(part.trim()).is_some());
        clean.contains('|') || parts.len() > 1 && (bracketed || all_known())
    }
}

impl Status {
    /// What readers may make of it: everything that is not known counts as a draft.
    pub fn standing(&self) -> Standing {
        match self {
            Self::Known { standing, .. } => *standing,
            _ => Standing::Draft,
        }
    }

    /// Tells whether readers may rely on it.
    pub fn is_approved(&self) -> bool {
        self.standing() == Standing::Approved
    }
}

impl StatusSpec {
    /// The word and its synonyms.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.synonyms.iter().map(String::as_str))
    }
}

/// Tells what follows `word` at the start of `text`, when it stands there as a whole word; letters are compared
/// without case, `-`, `_` and space are equal.
pub fn word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let mut rest = text.chars();
    for expected in word.chars() {
        let is = |c: char| if matches!(c, '_' | '-') { ' ' } else { c };
        if !is(rest.next()?).to_lowercase().eq(is(expected).to_lowercase()) {
            return None;
        }
    }
    let rest = rest.as_str();
    let ends = rest.chars().next().is_none_or(|c| c.is_whitespace() || "([:,;.".contains(c));
    ends.then_some(rest.trim_start())
}

/// Drops emphasis, emoji and other marks at both ends.
fn without_decoration(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !matches!(c, '*' | '`' | '~')).collect();
    let inner = plain.trim().trim_matches('_').trim();
    let start = inner.trim_start_matches(|c: char| !c.is_alphanumeric() && !"<{[?_".contains(c));
    start.trim_end_matches(|c: char| !c.is_alphanumeric() && !">}])?_|/.".contains(c)).to_owned()
}
