//! What a document says of itself: its status and its owner, from its block of fields or from its text.

use super::sidecar::Sidecar;
use crate::document::front_matter::State;
use crate::document::{Document, Field, Value};
use crate::kinds::{FieldSpec, Kind, Status, is_prose};
use crate::source::Span;

/// What a document says of itself.
pub(super) struct Facts {
    pub(super) status: Status,
    /// Where the status stands; `0..0` when it has none.
    pub(super) status_span: Span,
    pub(super) owner: Option<String>,
    /// The fields that the text states and the block of fields does not.
    pub(super) located: Vec<Field>,
}

/// Where a field was found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Block,
    Text,
    Sidecar,
}

/// Reads the facts of a document of a kind.
pub(super) fn facts(kind: &Kind, document: &Document, sidecar: Option<&Sidecar>) -> Facts {
    let readable = document.front_matter.state != State::Unreadable;
    let beside = sidecar.is_none_or(|sidecar| sidecar.fields.state != State::Unreadable);
    let mut facts = Facts {
        status: if readable && beside { Status::Absent } else { Status::Unreadable },
        status_span: 0..0,
        owner: None,
        located: if readable { kind.located(document) } else { Vec::new() },
    };
    let find = |name| find(kind.field(name)?, document, &facts.located, sidecar);
    let owner =
        find("owner").and_then(|(field, _)| Some(field.value.texts().first()?.0.to_owned()));
    let status = find("status").and_then(|(field, source)| {
        let status = kind.status(field.value.text()?);
        let span = if source == Source::Sidecar { 0..0 } else { field.value.span.clone() };
        (source != Source::Text || !is_prose(&status)).then_some((status, span))
    });
    facts.owner = owner;
    if let Some((status, span)) = status.filter(|_| readable) {
        (facts.status, facts.status_span) = (status, span);
    }
    facts
}

/// Finds a field: in the block, where the text states it, in the file beside it.
fn find<'d>(
    spec: &FieldSpec,
    document: &'d Document,
    located: &'d [Field],
    sidecar: Option<&'d Sidecar>,
) -> Option<(&'d Field, Source)> {
    let stated = spec.find(&document.front_matter);
    let in_text = || located.iter().find(|field| spec.knows(&field.key));
    let beside = || spec.find(&sidecar?.fields);
    let written = stated.filter(|field| field.value.value != Value::Null);
    written
        .map(|field| (field, Source::Block))
        .or_else(|| Some((in_text()?, Source::Text)))
        .or_else(|| Some((beside()?, Source::Sidecar)))
        .or_else(|| Some((stated?, Source::Block)))
}
