//! For whom a document is: the one filter between what is read and what is shown.

use super::contacts::Contacts;
use super::sidecar::Sidecars;
use crate::document::front_matter::{FrontMatter, State};
use crate::document::{Label, Written};
use crate::settings::Audience;
use crate::source::RepoPath;

/// What decides who may see a file, beside its own text.
#[derive(Clone, Copy)]
pub struct Readers<'a> {
    /// Who they are.
    pub audience: Audience,
    /// What they may not see in any text.
    pub contacts: &'a Contacts,
    /// The folders of packs that are not for them.
    pub closed: &'a [String],
    /// The files of fields beside pages.
    pub sidecars: &'a Sidecars,
}

impl Readers<'_> {
    /// Tells whether the text at a path may be shown: by its fields, by what it states in its text, by the file beside
    /// it, and by its pack, whose class is `class`.
    pub fn may_see(
        &self,
        path: &RepoPath,
        (fields, labels): (&FrontMatter, &[Label]),
        class: Option<&str>,
    ) -> bool {
        let sidecar = || self.sidecars.get(path);
        self.audience == Audience::Internal
            || (may_see(self.audience, fields, located(labels).or(class))
                && sidecar().is_none_or(|it| may_see(self.audience, &it.fields, None))
                && !self.closed.iter().any(|folder| path.is_inside(folder)))
    }
}

/// Returns the class other than `public` that a text states. In doubt it counts, whatever the kind; under a heading one
/// word alone does, for what is longer may be a text about classes.
fn located(labels: &[Label]) -> Option<&str> {
    let named = labels.iter().filter(|label| label.name.eq_ignore_ascii_case("classification"));
    let mut classes = named.filter_map(|label| {
        let (text, _) = label.values.first()?;
        let is_class = label.written != Written::Section || !text.trim().contains(' ');
        is_class.then_some(text.as_str())
    });
    classes.find(|class| !is_public(Some(class)))
}

/// Tells whether a document may be shown. In doubt the public does not see it: a draft, a class other than `public`, and
/// fields that cannot be read. `class` is that of the pack, for documents that state none.
pub fn may_see(audience: Audience, fields: &FrontMatter, class: Option<&str>) -> bool {
    if audience == Audience::Internal {
        return true;
    }
    let draft = fields.field("draft").is_some_and(|field| {
        !field.value.text().is_some_and(|text| text.eq_ignore_ascii_case("false"))
    });
    let class_field = fields.field("classification");
    let class = match class_field {
        Some(field) => field.value.text().or(Some("")),
        None => class,
    };
    fields.state != State::Unreadable && !draft && is_public(class)
}

/// Tells whether a class is public; without one everything is.
pub fn is_public(class: Option<&str>) -> bool {
    class.is_none_or(|class| class.trim().eq_ignore_ascii_case("public"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::front_matter;

    #[test]
    fn in_doubt_the_public_does_not_see_it() {
        for (block, class, seen) in [
            ("title: x", None, true),
            ("draft: false", None, true),
            ("draft: true", None, false),
            ("draft: True", None, false),
            ("draft: yes", None, false),
            ("draft: [true]", None, false),
            ("classification: public", None, true),
            ("classification: Public", Some("internal"), true),
            ("classification: internal", None, false),
            ("classification: Confidential", None, false),
            ("classification: [restricted]", None, false),
            ("classification: resticted", None, false),
            ("title: x", Some("confidential"), false),
            ("title: x", Some("PUBLIC"), true),
            ("draft: true\ndraft: false", None, false),
        ] {
            let (fields, _) = front_matter::read(&format!("---\n{block}\n---\n"));
            assert_eq!(may_see(Audience::Public, &fields, class), seen, "{block} {class:?}");
            assert!(may_see(Audience::Internal, &fields, class));
        }
    }
}
