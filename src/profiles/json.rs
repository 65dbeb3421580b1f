//! A requirement as programs read it, the same from `check` and beside the site.

use serde_json::{Value, json};

use super::Requirement;
use crate::pack::Packs;

impl Requirement {
    /// Writes it as an object, of packs among which its own is.
    pub fn json(&self, packs: &Packs) -> Value {
        let evidence = self
            .evidence
            .iter()
            .map(|place| json!({"path": place.path.as_str(), "line": place.line}));
        let waiver = self.waiver.as_ref().map(|(at, until)| {
            let document = packs.artifacts.get(*at).map(|artifact| artifact.id.as_str());
            json!({"document": document, "until": until})
        });
        json!({
            "id": self.id,
            "gate": self.gate,
            "level": self.level.word(),
            "weight": self.weight,
            "outcome": self.outcome.word(),
            "statement": self.statement,
            "evidence": evidence.collect::<Vec<_>>(),
            "reason": self.reason,
            "owner": self.next,
            "waiver": waiver,
            "fresh_until": self.fresh.as_ref().map(|fresh| &fresh.last),
            "due_from": self.fresh.as_ref().map(|fresh| &fresh.due),
            "fix": self.hint,
        })
    }
}
