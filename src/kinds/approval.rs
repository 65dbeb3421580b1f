//! What a kind asks of the approvals of its documents: how sure they must be, and from which statuses on there must be
//! one.

use super::{Kind, word};
use crate::approvals::Assurance;
use crate::document::front_matter::FrontMatter;
use crate::toml::Table;

/// What a kind asks of the approvals of some of its documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalSpec {
    /// Fields and the values that they must have; any when empty.
    pub when: Vec<(String, Vec<String>)>,
    /// The words of the decisions that it is about; all when empty.
    pub decisions: Vec<String>,
    /// How sure it must be that the person said so.
    pub assurance: Assurance,
    /// Whether somebody may approve who is named as co-author of the text.
    pub co_authors: bool,
    /// Statuses in which there must be an approval, although they do not say that there is one.
    pub needed: Vec<String>,
}

/// What is asked of one approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asks {
    /// How sure it must be that the person said so.
    pub assurance: Assurance,
    /// Whether somebody may approve who is named as co-author of the text.
    pub co_authors: bool,
}

impl Default for Asks {
    fn default() -> Self {
        Self { assurance: Assurance::LEAST, co_authors: true }
    }
}

/// The words for how sure an approval can be asked to be.
pub const LEVELS: [(&str, Assurance); 3] = [
    ("attributed", Assurance::Attributed),
    ("attested", Assurance::Attested),
    ("verified", Assurance::Verified),
];

/// Reads the `[[approval]]` tables of a kind.
pub(super) fn read(keys: &Table<'_>) -> Vec<ApprovalSpec> {
    let tables = keys.tables("approval");
    let read = tables.iter().map(|part| ApprovalSpec {
        when: part.lists("when"),
        decisions: part.texts("decisions"),
        assurance: part.choice("assurance", &LEVELS).unwrap_or(Assurance::LEAST),
        co_authors: part.truth("co-authors").unwrap_or(true),
        needed: part.texts("needed"),
    });
    read.collect()
}

/// Sets what the settings ask of kinds: it takes the place of how sure the kind itself wants approvals to be.
pub fn ask(kinds: &mut [Kind], asked: &[(String, Assurance)]) {
    for (name, assurance) in asked {
        for kind in kinds.iter_mut().filter(|kind| name == "every" || kind.name == *name) {
            kind.approvals.iter_mut().for_each(|spec| spec.assurance = Assurance::LEAST);
            kind.approvals.push(ApprovalSpec {
                when: Vec::new(),
                decisions: Vec::new(),
                assurance: *assurance,
                co_authors: true,
                needed: Vec::new(),
            });
        }
    }
}

impl Kind {
    /// Tells what is asked of a decision about a document with these fields: what is strictest of all that fits.
    pub fn asks(&self, block: &FrontMatter, decision: &str) -> Asks {
        let about = |spec: &&ApprovalSpec| {
            let word = spec.decisions.is_empty() || spec.decisions.iter().any(|it| it == decision);
            word && self.fits(block, &spec.when)
        };
        let all = self.approvals.iter().filter(about);
        all.fold(Asks::default(), |asks, spec| Asks {
            assurance: asks.assurance.max(spec.assurance),
            co_authors: asks.co_authors && spec.co_authors,
        })
    }

    /// Tells whether a document with these fields and this status must be approved whatever its status says.
    pub fn needs_approval(&self, block: &FrontMatter, status: &str) -> bool {
        let asked = |spec: &&ApprovalSpec| spec.needed.iter().any(|needed| needed == status);
        self.approvals.iter().filter(asked).any(|spec| self.fits(block, &spec.when))
    }

    /// Tells whether fields have values that are asked for.
    pub fn fits(&self, block: &FrontMatter, when: &[(String, Vec<String>)]) -> bool {
        when.iter().all(|(name, words)| {
            let field = self.field(name).and_then(|spec| spec.find(block));
            let values = field.map(|field| field.value.texts()).unwrap_or_default();
            values.iter().any(|(text, _)| words.iter().any(|known| word(text, known).is_some()))
        })
    }
}
