//! What signatures make of approvals: the approver's own key makes them sure, that of somebody else does not, nor one that
//! nobody is known to have when the approver's are known: only what is unsigned, or signed in a way that says nothing for
//! or against, is as sure as its author and its committer.

use std::collections::BTreeSet;

use super::log::DecisionLog;
use crate::approvals::{Approval, Assurance, Duty, Source};
use crate::signature::{Signature, Why};

impl DecisionLog {
    /// Raises and lowers how sure approvals are by who signed the commits that record them.
    pub(super) fn weigh_approvals(&mut self) {
        let mut lowered = BTreeSet::new();
        let mut approvals = std::mem::take(&mut self.approvals);
        for approval in &mut approvals {
            // Who wrote the text was asked since an approval which does not count any more.
            if lowered.contains(&approval.line) && approval.duty == Duty::Ok {
                approval.duty = Duty::Undetermined;
            }
            let counted = approval.counts();
            approval.assurance = weighed(approval, self.signature(approval.proof()));
            if counted && !approval.counts() {
                lowered.insert(approval.line);
            }
        }
        self.approvals = approvals;
    }
}

fn weighed(approval: &Approval, signature: &Signature) -> Assurance {
    let person = approval.by.person.as_deref().unwrap_or_default();
    match signature {
        _ if approval.source == Source::Embedded => approval.assurance,
        Signature::Verified(_) | Signature::OtherPerson(_) if signature.is_by(person) => {
            Assurance::Verified
        }
        Signature::OtherPerson(_) | Signature::ForeignKey(_) | Signature::Bad => {
            Assurance::Reported
        }
        // Another clone may know whose key it is.
        Signature::Unverifiable(Why::KeysMissing | Why::CommitMissing) => Assurance::Reported,
        _ => approval.assurance,
    }
}
