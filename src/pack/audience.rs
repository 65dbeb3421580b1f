//! For whom a document is: the one filter between what is read and what is shown.

use crate::document::front_matter::{FrontMatter, State};
use crate::settings::Audience;

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
