//! Who signed what the log tells.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::log::{DecisionLog, Landing, LandingKind};
use super::notary::Notary;
use crate::approvals::Approval;
use crate::signature::{Signature, Trust, Why};
use crate::source::ObjectId;

/// What the signatures show of all commits that the log names.
#[derive(Debug, Default, Clone)]
pub struct Signatures {
    of: BTreeMap<ObjectId, Signature>,
    trust: Trust,
    /// The landings that changed the keys of the registry, by their place on the branch.
    changes: Vec<(usize, ObjectId)>,
    /// Whether any keys are known.
    known: bool,
}

/// On what the answers about signatures rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustRoot {
    /// A list of keys that was given with the call.
    External,
    /// The registry in the repository, which this landing changed last.
    InRepository(ObjectId),
}

/// Where the commit of a version landed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LandedAt {
    /// The landing before.
    pub before: Option<ObjectId>,
    /// The latest time claimed up to it.
    pub clock: i64,
    /// Whether the commit is itself a landing; else one before it is the last that the branch has.
    pub exact: bool,
    /// Whether this clone ends here, so that nothing before it is known.
    pub edge: bool,
}

impl DecisionLog {
    /// Checks the signatures of the commits that the entries name.
    pub fn witness(&mut self, notary: &mut Notary<'_>) {
        let mut found = Signatures::default();
        let entries = self.entries.iter().flat_map(|entry| {
            let made = entry.origins.iter().map(|origin| origin.commit);
            made.chain([entry.landing.commit]).map(|commit| (commit, &entry.landing))
        });
        let (tagged, own): (Vec<&Approval>, Vec<&Approval>) =
            self.approvals.iter().partition(|one| one.tag.is_some());
        let approvals = own.into_iter().map(|one| (one.commit, &one.landing));
        for (commit, landing) in entries.chain(approvals) {
            if found.of.contains_key(&commit) || !self.index.signed.contains(&commit) {
                continue;
            }
            let before = self.before(landing.index);
            let signature = notary.commit(commit, before, landing.clock);
            found.of.insert(commit, as_known(signature, landing));
        }
        for (one, tag) in tagged.into_iter().filter_map(|one| Some((one, one.tag.as_ref()?))) {
            let when = one.landing.clock.max(tag.time);
            let signature =
                notary.tag(tag.object, &tag.email, self.before(one.landing.index), when);
            found.of.insert(tag.object, as_known(signature, &one.landing));
        }
        self.note_trust(notary, &mut found);
        self.signatures = Arc::new(found);
        self.weigh_approvals();
    }

    fn note_trust(&self, notary: &mut Notary<'_>, found: &mut Signatures) {
        let chain = &self.index.chain;
        let Ok(policy) = notary.policy(chain.last().map(|(commit, _)| *commit)) else { return };
        (found.known, found.trust) = (!policy.keys.is_empty(), policy.keys.trust);
        if !found.known || found.trust == Trust::External {
            return;
        }
        let mut last = Vec::new();
        for (at, (commit, _)) in chain.iter().enumerate() {
            let Ok(policy) = notary.policy(Some(*commit)) else { continue };
            let keys = policy.keys.fingerprints();
            if keys != last {
                found.changes.push((at, *commit));
                last = keys;
            }
        }
    }

    /// Returns the landing before one, by its place on the branch.
    pub fn before(&self, landing: usize) -> Option<ObjectId> {
        self.index.chain.get(landing.checked_sub(1)?).map(|(commit, _)| *commit)
    }

    /// Says where the commit of a version landed; nothing when it shares no landing with the branch.
    pub fn landed_at(&self, commit: ObjectId) -> Option<LandedAt> {
        let at = self.landing_of(commit)?;
        let (landing, clock) = *self.index.chain.get(at)?;
        let edge = self.statement.shallow.contains(&landing);
        Some(LandedAt { before: self.before(at), clock, exact: landing == commit, edge })
    }

    /// Returns what the signature of a commit shows that an entry names.
    pub fn signature(&self, commit: ObjectId) -> &Signature {
        self.signatures.of.get(&commit).unwrap_or(&Signature::Absent)
    }

    /// Lists the commits whose signatures are bad.
    pub fn forged(&self) -> impl Iterator<Item = ObjectId> {
        let bad = self.signatures.of.iter().filter(|(_, signature)| **signature == Signature::Bad);
        bad.map(|(commit, _)| *commit)
    }

    /// Says on what the answers about signatures rest; nothing where no keys are known.
    pub fn trust(&self) -> Option<TrustRoot> {
        if !self.signatures.known {
            return None;
        }
        if self.signatures.trust == Trust::External {
            return Some(TrustRoot::External);
        }
        let landings = self.statement.landings;
        let past = self.signatures.changes.iter().rev().find(|(at, _)| *at < landings);
        past.map(|(_, commit)| TrustRoot::InRepository(*commit))
    }
}

/// Says what a signature shows at a landing: at the edge of a clone the keys that counted before it are not there. What
/// no key could check stays so.
fn as_known(signature: Signature, landing: &Landing) -> Signature {
    let needs_no_key = match &signature {
        Signature::Absent => true,
        Signature::Unverifiable(why) => *why != Why::NoKeys,
        _ => false,
    };
    match landing.kind {
        LandingKind::Boundary if !needs_no_key => Signature::Unverifiable(Why::KeysMissing),
        _ => signature,
    }
}
