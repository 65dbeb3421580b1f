//! What a document says of itself: its status and its owner, from its block of fields or from its text.

use crate::document::front_matter::State;
use crate::document::{Document, Field, Value};
use crate::kinds::{Kind, Status};
use crate::source::Span;

/// A text of more words below a heading is no status but a text about one.
const MOST_WORDS: usize = 8;

/// What a document says of itself.
pub(super) struct Facts {
    pub(super) status: Status,
    /// Where the status stands; `0..0` when it has none.
    pub(super) status_span: Span,
    pub(super) owner: Option<String>,
    /// The fields that the text states and the block of fields does not.
    pub(super) located: Vec<Field>,
}

/// Reads the facts of a document of a kind.
pub(super) fn facts(kind: &Kind, document: &Document) -> Facts {
    let readable = document.front_matter.state != State::Unreadable;
    let mut facts = Facts {
        status: if readable { Status::Absent } else { Status::Unreadable },
        status_span: 0..0,
        owner: None,
        located: if readable { kind.located(document) } else { Vec::new() },
    };
    let field = |name| find(kind, document, &facts.located, name);
    let (status, owner) = (field("status"), field("owner"));
    let owner = owner
        .and_then(|(field, _)| field.value.texts().first().map(|(text, _)| (*text).to_owned()));
    let word = status.and_then(|(field, located)| {
        let status = kind.status(field.value.text()?);
        let prose = located && is_prose(&status);
        (!prose).then(|| (status, field.value.span.clone()))
    });
    facts.owner = owner;
    if let Some((status, span)) = word.filter(|_| readable) {
        (facts.status, facts.status_span) = (status, span);
    }
    facts
}

/// Finds a field and tells whether the text states it.
fn find<'d>(
    kind: &Kind,
    document: &'d Document,
    located: &'d [Field],
    name: &str,
) -> Option<(&'d Field, bool)> {
    let spec = kind.field(name)?;
    let stated = spec.find(&document.front_matter).map(|field| (field, false));
    let in_text = || located.iter().find(|field| spec.knows(&field.key)).map(|field| (field, true));
    stated.filter(|(field, _)| field.value.value != Value::Null).or_else(in_text).or(stated)
}

fn is_prose(status: &Status) -> bool {
    matches!(status, Status::Unknown(text) if text.split_whitespace().count() > MOST_WORDS)
}
