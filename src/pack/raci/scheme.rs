//! Which letters a matrix uses: those of a scheme of its kind, or those that its file declares.

use crate::document::Node;
use crate::kinds::{Kind, SchemeSpec, letter, normalise};
use crate::pack::Artifact;

/// The scheme that a file declares or names, else the first of its kind.
pub(super) fn scheme(kind: &Kind, artifact: &Artifact) -> Option<SchemeSpec> {
    let field = |name| kind.field(name).and_then(|spec| artifact.field(spec));
    let named = field("scheme").and_then(|field| field.value.text());
    let known = named.and_then(|named| {
        kind.schemes.iter().find(|scheme| normalise(&scheme.name) == normalise(named))
    });
    let declared = || declared(&field("letters")?.value);
    known.cloned().or_else(declared).or_else(|| kind.schemes.first().cloned())
}

/// Reads letters that a file declares itself: `A: accountable`, or `A: {meaning: decides, unique: true}`. The one that
/// is unique answers, the one with a minimum does it; without such words, those that say so by their meaning.
fn declared(letters: &Node) -> Option<SchemeSpec> {
    let mut scheme = SchemeSpec {
        name: "this file's scheme".to_owned(),
        letters: Vec::new(),
        accountable: None,
        responsible: None,
    };
    for field in letters.fields()? {
        let Some(sign) = letter(&field.key) else { continue };
        let says = |key: &str| {
            let found = field.value.fields()?.iter().find(|field| field.key == key);
            found.and_then(|field| field.value.text())
        };
        let meaning = says("meaning").or_else(|| field.value.text()).unwrap_or_default();
        let least = says("min").and_then(|min| min.parse::<u32>().ok()).unwrap_or_default();
        let unique = says("unique").is_some_and(|truth| truth == "true");
        if unique || (scheme.accountable.is_none() && normalise(meaning) == "accountable") {
            scheme.accountable = Some(sign);
        } else if least > 0 || (scheme.responsible.is_none() && normalise(meaning) == "responsible")
        {
            scheme.responsible = Some(sign);
        }
        scheme.letters.push((sign, meaning.to_owned()));
    }
    (!scheme.letters.is_empty()).then_some(scheme)
}

/// The letters of a scheme, then those of the kind's others, each with its meaning as words are compared.
pub(super) fn letters(kind: &Kind, scheme: &SchemeSpec) -> Vec<(char, String)> {
    let others = kind.schemes.iter().filter(|other| other.name != scheme.name);
    let letters = std::iter::once(scheme).chain(others).flat_map(|scheme| &scheme.letters);
    letters.map(|(letter, meaning)| (*letter, normalise(meaning))).collect()
}
