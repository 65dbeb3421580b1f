//! What approvals amount to, in order of landing. Signatures first: the approver's own key makes an approval sure, that of
//! somebody else does not, nor one that nobody is known to have when the approver's are known: only what is unsigned, or
//! signed in a way that says nothing for or against, is as sure as its author and its committer. Then the duty: who wrote
//! the text counts since all who must had approved it, and whether they had goes by signatures too.

use rustc_hash::FxHashMap;

use super::lineage::Line;
use super::log::{DecisionLog, Landing};
use crate::approvals::{self, Approval, Assurance, Class, Duty, Evidence, Source};
use crate::signature::{Signature, Why};

/// That approvals of a document, or of a row of it, were taken back.
#[derive(Debug, Clone)]
pub struct Revocation {
    /// Which document, as in [`Approval::line`].
    pub line: usize,
    /// The row; the whole document when nothing.
    pub row: Option<String>,
    /// Where it landed.
    pub landing: Landing,
    /// How many approvals there were before.
    pub after: usize,
}

impl Revocation {
    /// Tells whether it takes back the approval at a place.
    pub(super) fn ends(&self, at: usize, approval: &Approval) -> bool {
        let is_about = self.row.is_none() || self.row == approval.scope;
        at < self.after && self.line == approval.line && is_about
    }
}

/// What is known of a document up to a landing.
#[derive(Default)]
struct Before {
    /// The places of its approvals.
    approvals: Vec<usize>,
    /// The landings at which all who must had approved it.
    approved: Vec<usize>,
    /// The last landing at which all who must may have approved it, as far as this clone tells.
    unsure: Option<usize>,
}

impl Before {
    /// From here on all who wrote the document count again.
    fn begin_anew(&mut self) {
        self.approved.clear();
        self.unsure = None;
    }
}

impl DecisionLog {
    /// Judges how sure approvals are, by who signed what records them, and whether the right people gave them.
    pub(super) fn weigh_approvals(&mut self) {
        let mut documents: FxHashMap<Line, Before> = FxHashMap::default();
        let revocations = std::mem::take(&mut self.revocations);
        let mut later = revocations.iter().peekable();
        let approvals = std::mem::take(&mut self.approvals);
        for (at, mut approval) in approvals.into_iter().enumerate() {
            while let Some(one) = later.next_if(|one| one.after <= at) {
                self.revoke(one, documents.entry(one.line).or_default());
            }
            approval.assurance = weighed(&approval, self.signature(approval.proof()));
            approval.revoked = None;
            self.add(approval, &mut documents);
        }
        for one in later {
            self.revoke(one, documents.entry(one.line).or_default());
        }
        self.revocations = revocations;
    }

    fn revoke(&mut self, taken: &Revocation, before: &mut Before) {
        if taken.row.is_none() {
            before.begin_anew();
        }
        for at in &before.approvals {
            let approval = &mut self.approvals[*at];
            if taken.ends(*at, approval) {
                approval.revoked.get_or_insert_with(|| taken.landing.clone());
            }
        }
    }

    /// Adds an approval, judged by who wrote the text since all who must had approved it.
    fn add(&mut self, mut approval: Approval, documents: &mut FxHashMap<Line, Before>) {
        let (line, landing) = (approval.line, approval.landing.index);
        let before = documents.entry(line).or_default();
        let since = before.approved.iter().rev().find(|at| **at < landing).copied();
        let contributors = approval.grounds.contributors(since);
        let sure = before.unsure.map(|at| approval.grounds.contributors(Some(at)));
        approval.duty = approval.grounds.judge(&contributors, sure.as_deref());
        approval.appointed = approval.duty == Duty::NotAccountable && approval.grounds.appointed;
        approval.lacks.key = self.may_be_surer(&approval);
        approval.contributors = contributors;
        if approval.class == Class::Rejects {
            before.begin_anew();
        }
        before.approvals.push(self.approvals.len());
        self.approvals.push(approval);
        match self.evidence_at(before, line, landing) {
            Evidence::Enough => {
                before.approved.push(landing);
                before.unsure = None;
            }
            Evidence::Undetermined => before.unsure = Some(landing),
            _ => {}
        }
    }

    /// Tells whether an approval that is not as sure as it must be may be signed with the approver's own key.
    fn may_be_surer(&self, approval: &Approval) -> bool {
        let signature = self.signature(approval.proof());
        let is_open = matches!(signature, Signature::UnknownKey(_) | Signature::Unverifiable(_));
        is_open && approval.is_too_unsure() && approval.source != Source::Embedded
    }

    /// Adds up the approvals of a document at a landing. It cannot be told where a signature may be that of the approver.
    fn evidence_at(&self, before: &Before, line: Line, landing: usize) -> Evidence {
        let own = || before.approvals.iter().map(|at| &self.approvals[*at]);
        let known = self.evidence_of(&own().collect::<Vec<_>>(), line, landing);
        let is_open = |one: &Approval| is_open(self.signature(one.proof()));
        if known == Evidence::Enough || !own().any(is_open) {
            return known;
        }
        let mut sure: Vec<Approval> = own().cloned().collect();
        for one in sure.iter_mut().filter(|one| is_open(one)) {
            one.assurance = Assurance::Verified;
        }
        match self.evidence_of(&sure.iter().collect::<Vec<_>>(), line, landing) {
            Evidence::Enough => Evidence::Undetermined,
            _ => known,
        }
    }

    fn evidence_of(&self, own: &[&Approval], line: Line, landing: usize) -> Evidence {
        let texts = self.texts.get(&line).map(Vec::as_slice).unwrap_or_default();
        let until = texts.partition_point(|text| text.landing.index <= landing);
        let states = approvals::states(own, &texts[..until], None);
        let judged: Vec<_> = own.iter().copied().zip(states).collect();
        approvals::evidence(&judged, self.statement.complete())
    }
}

fn weighed(approval: &Approval, signature: &Signature) -> Assurance {
    let (person, unsigned) = (approval.by.person.as_deref(), approval.grounds.unsigned);
    match signature {
        _ if approval.source == Source::Embedded => unsigned,
        Signature::Verified(_) | Signature::OtherPerson(_)
            if signature.is_by(person.unwrap_or_default()) =>
        {
            Assurance::Verified
        }
        Signature::OtherPerson(_) | Signature::ForeignKey(_) | Signature::Bad => {
            Assurance::Reported
        }
        // Another clone may know whose key it is.
        Signature::Unverifiable(Why::KeysMissing | Why::CommitMissing) => Assurance::Reported,
        _ => unsigned,
    }
}

/// Tells whether a signature may be that of anybody.
fn is_open(signature: &Signature) -> bool {
    let is_told = matches!(
        signature,
        Signature::Absent | Signature::Verified(_) | Signature::OtherPerson(_) | Signature::Bad
    );
    !is_told
}
