//! Rules about approvals: what documents say of themselves beside what the history shows.

use super::{Past, Rule};
use crate::approvals::{
    self, Approval, Assurance, Class, Duty, Gone, Judged, Policy, Shown, State,
};
use crate::assemble::day_of;
use crate::diagnostic::{Diagnostic, Severity};
use crate::history::{ByDocument, DecisionLog, Odd};
use crate::kinds::Status;
use crate::pack::{Artifact, Packs};
use crate::source::RepoPath;

/// A text that changed after it was approved.
pub static STALE: Rule = Rule {
    name: "approval.stale",
    severity: Severity::Warning,
    summary: "Finds documents in force whose text changed after it was approved.",
    why: "Readers take it for what somebody agreed to, and it says something else.",
    fix: "Read what changed with `readymark approve ID`, which also writes down that it is approved again.",
};

/// An approval for a time that is over.
pub static EXPIRED: Rule = Rule {
    name: "approval.expired",
    severity: Severity::Warning,
    summary: "Finds documents in force whose approval was given for a time that is over.",
    why: "Whoever approved it wanted to look at it again by that day.",
    fix: "Look at it again, and approve it with `readymark approve ID --expires DAY`.",
};

/// An approval by one of the authors.
pub static OWN: Rule = Rule {
    name: "approval.self",
    severity: Severity::Warning,
    summary: "Finds documents in force that only somebody approved who wrote some of them.",
    why: "A second pair of eyes finds what the first one overlooks; nobody looks twice at their own text.",
    fix: "Have somebody approve it who wrote nothing of it.",
};

/// An approval by somebody else than who must.
pub static NOT_AUTHORISED: Rule = Rule {
    name: "approval.not-authorised",
    severity: Severity::Warning,
    summary: "Finds documents in force that only somebody approved for whom it was not to approve.",
    why: "Whoever answers for it has not agreed to it.",
    fix: "Have it approved by whom the rules name, or change the rules first, in a change of their own.",
};

/// An approval that is not sure enough.
pub static UNVERIFIABLE: Rule = Rule {
    name: "approval.unverifiable",
    severity: Severity::Note,
    summary: "Finds documents in force whose approval somebody else wrote down, or is not signed as it must be.",
    why: "Anybody can write that somebody else agreed.",
    fix: "Commit the approval yourself, signed with your own key where the kind asks for that.",
};

/// A claim without evidence.
pub static CLAIMED: Rule = Rule {
    name: "approval.claimed",
    severity: Severity::Note,
    summary: "Finds documents that say they are approved where nobody is recorded, or not everybody who must.",
    why: "A status is a word in a file; that somebody agreed is what their own commit shows.",
    fix: "Have whoever must approve it run `readymark approve ID` and commit what that wrote.",
};

/// A document that needs an approval and has none.
pub static MISSING: Rule = Rule {
    name: "approval.missing",
    severity: Severity::Warning,
    summary: "Finds documents that somebody must have approved by now, such as emergency changes that nobody ratified.",
    why: "What could not wait for an approval gets it afterwards, while everybody still remembers.",
    fix: "Have whoever must approve it run `readymark approve ID` and commit what that wrote.",
};

/// An approval of which the document does not speak.
pub static NOT_MARKED: Rule = Rule {
    name: "approval.not-marked",
    severity: Severity::Note,
    summary: "Finds documents that whoever must approve them did, and whose status does not say so yet.",
    why: "Readers still take it for a draft.",
    fix: "Set its status.",
};

/// An approval by somebody who left.
pub static LEFT: Rule = Rule {
    name: "approval.left",
    severity: Severity::Note,
    summary: "Finds documents in force that rest on an approval by somebody who is there no longer.",
    why: "It stays true for its time, and nobody is there who would answer for it now.",
    fix: "Have whoever answers for it today confirm it with `readymark approve ID`.",
};

/// An approval of which it is not known whether it counts.
pub static UNDETERMINED: Rule = Rule {
    name: "approval.undetermined",
    severity: Severity::Note,
    summary: "Finds documents in force of which nobody can tell whether they are approved.",
    why: "An address that the registry does not know may be anybody's, also the author's.",
    fix: "Add the address to `git_emails` in people.toml, say under `approvers` who must approve it, or have it \
          approved again with a signature by a key that people.toml lists before.",
};

/// A message that says nothing clear.
pub static UNCLEAR: Rule = Rule {
    name: "approval.unclear",
    severity: Severity::Note,
    summary: "Finds commits that speak of an approval, but not of what, or not by whom.",
    why: "Whoever wrote that meant to approve something, and it counts for nothing.",
    fix: "Write `Decision: ID approved` and `Approved-by: Name <address>` at the end of the message of another commit.",
};

/// Says what is not known of the last approval of which it is not known whether it counts.
fn unknown(judged: &Judged<'_>) -> String {
    let mut latest = judged.approvals.iter().rev().map(|(one, _)| *one);
    match latest.find(|one| one.duty == Duty::Undetermined || one.lacks.key) {
        None => String::new(),
        Some(one) if one.lacks.key => ": whose key signed the approval is not known".to_owned(),
        Some(one) if one.wanted.is_empty() => ": no rule says who must approve it".to_owned(),
        Some(one) if one.by.person.is_none() => {
            format!(": people.toml does not know {}", one.by.name)
        }
        Some(_) => ": not everybody is known who wrote it".to_owned(),
    }
}

/// Names files.
fn files(paths: &[RepoPath]) -> String {
    paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(" and ")
}

/// What approvals are looked up in.
struct Asked<'a> {
    documents: &'a ByDocument,
    packs: &'a Packs,
    policy: Policy,
    day: &'a str,
}

/// Tells what is wrong with the approvals of the documents of a pack.
pub(super) fn find(past: &Past<'_>) -> Vec<Diagnostic> {
    let Past { documents, packs, pack, day, .. } = *past;
    if documents.log.statement.tip.is_none() {
        return Vec::new();
    }
    let asked = Asked { documents, packs, policy: Policy::of(packs, pack), day };
    packs.of(pack).flat_map(|at| asked.of_document(at)).collect()
}

/// Counts the commits that speak of an approval and do not say enough; `place` is the file that stands for the whole
/// site.
pub fn unclear(log: &DecisionLog, place: &RepoPath) -> Option<Diagnostic> {
    let mut all = log.remarks.iter().filter(|remark| remark.odd == Odd::Unclear);
    let first = all.next()?.commit.short();
    let message = match all.count() {
        0 => format!("{first} speaks of an approval, but not of what, or not by whom"),
        more => format!(
            "{} commits speak of an approval, but not of what, or not by whom, such as {first}",
            more + 1
        ),
    };
    Some(found(&UNCLEAR, place, &(0..0), message, UNCLEAR.fix))
}

fn found(
    rule: &'static Rule,
    path: &RepoPath,
    span: &crate::source::Span,
    message: String,
    help: &str,
) -> Diagnostic {
    Diagnostic::new(rule, path, span, message).help(help.trim_end_matches('.'))
}

impl Asked<'_> {
    fn of_document(&self, at: usize) -> Vec<Diagnostic> {
        let artifact = &*self.packs.artifacts[at];
        let Some(kind) = self.packs.kinds.get(artifact.kind) else { return Vec::new() };
        let Status::Known { word, .. } = &artifact.status else { return Vec::new() };
        if kind.is_over(&artifact.status) {
            return Vec::new();
        }
        let has_landed = self.documents.landed(artifact).is_some();
        let judged = self.documents.judged(self.packs, at, Some(self.day));
        let is_needed = kind.needs_approval(&artifact.document.front_matter, word);
        let told = |(rule, message): (&'static Rule, String)| {
            let help = self.help(at, rule);
            found(rule, &artifact.path, &artifact.status_span, message, &help)
        };
        let doubt = match &judged {
            // Of a text that has not landed only what it makes stale is known.
            Some(judged) if !kind.living => self
                .doubt(at, judged, is_needed)
                .filter(|(rule, _)| has_landed || rule == &&STALE && !self.says_who(at)),
            None if is_needed && has_landed && self.documents.log.statement.complete() => {
                Some((&MISSING, format!("`{}` is {word}, and nobody approved it", artifact.id)))
            }
            _ => None,
        };
        let left = judged.iter().flat_map(|judged| self.left(artifact, judged));
        doubt.into_iter().chain(left).map(told).collect()
    }

    /// Tells what stands against a document that says it is approved, or must be.
    fn doubt(
        &self,
        at: usize,
        judged: &Judged<'_>,
        is_needed: bool,
    ) -> Option<(&'static Rule, String)> {
        let artifact = &*self.packs.artifacts[at];
        let id = &artifact.id;
        match judged.shown {
            Shown::Stale(_) if self.documents.was_approved_at_its_start(self.packs, at) => None,
            Shown::Stale(text) => Some((&STALE, self.changed(id, judged, text))),
            Shown::Expired => {
                let ends = judged.approvals.iter().filter(|(_, state)| *state == State::Expired);
                let last = ends.filter_map(|(one, _)| one.expires.as_deref()).max();
                let last = last.unwrap_or_default();
                Some((&EXPIRED, format!("`{id}` was approved until {last}")))
            }
            Shown::Claimed => Some(self.claim(artifact, judged)),
            Shown::Undetermined if self.documents.log.statement.complete() => {
                let why = unknown(judged);
                Some((&UNDETERMINED, format!("nobody can tell whether `{id}` is approved{why}")))
            }
            Shown::NotYetMarked if !artifact.status.is_approved() => {
                let names = self.names(judged, |one, state| one.counts() && state.holds());
                Some((&NOT_MARKED, format!("{names} approved `{id}`, and it does not say so")))
            }
            Shown::Declared if is_needed && !judged.is_enough() => {
                let (_, why) = self.claim(artifact, judged);
                Some((&MISSING, why))
            }
            _ => None,
        }
    }

    /// Tells whether a text that has not landed says itself who approved it.
    fn says_who(&self, at: usize) -> bool {
        let said = approvals::listed(&self.packs.artifacts[at].document.front_matter);
        said.iter().any(|one| one.digest == Some(self.packs.digest(at)))
    }

    fn changed(&self, id: &str, judged: &Judged<'_>, text: usize) -> String {
        let names = self.names(judged, |one, state| one.counts() && state.changed_at().is_some());
        let landed = judged.texts.get(text).filter(|text| text.blob.is_some());
        let what = match landed {
            Some(text) if !text.beside.is_empty() => {
                format!("{}, which `{id}` shows, was changed", files(&text.beside))
            }
            _ => format!("`{id}` was changed"),
        };
        let by = landed.and_then(|text| text.by.as_ref()).map(|by| {
            let known = self.packs.people.by_address(&by.email);
            known.map_or(by.name.as_str(), |at| &self.packs.people.persons[at].name)
        });
        let by = by.map_or_else(String::new, |by| format!(" by {by}"));
        let when = landed.map_or_else(
            || " here".to_owned(),
            |text| format!(" on {}", day_of(text.landing.time)),
        );
        format!("{what}{when}{by}, after {names} approved it")
    }

    /// Says why what is recorded does not add up to an approval.
    fn claim(&self, artifact: &Artifact, judged: &Judged<'_>) -> (&'static Rule, String) {
        let id = &artifact.id;
        let whole = judged.approvals.iter().rev().filter(|(one, state)| {
            let is_over = matches!(state, State::Superseded | State::Revoked);
            one.scope.is_none() && one.class == Class::Approves && !is_over
        });
        let said = whole.clone().find_map(|(one, _)| self.against(id, one));
        said.unwrap_or_else(|| {
            let names = self
                .names(judged, |one, state| one.counts() && state.holds() && one.scope.is_none());
            let latest = whole.clone().next();
            let needs = latest.map(|(one, _)| self.written(&one.wanted)).unwrap_or_default();
            let message = match names.as_str() {
                "" if latest.is_none() => {
                    format!(
                        "`{id}` says that it is approved, and nobody is recorded who approved it"
                    )
                }
                "" => format!(
                    "`{id}` says that it is approved, and nobody is recorded whose word holds"
                ),
                names => format!("`{id}` needs {needs}, and only {names} approved it"),
            };
            (&CLAIMED, message)
        })
    }

    /// Says what stands against one approval.
    fn against(&self, id: &str, one: &Approval) -> Option<(&'static Rule, String)> {
        let who = self.name(one);
        let wrote = matches!(one.duty, Duty::SelfApproved)
            || one.duty == Duty::CoAuthor && !one.asks.co_authors;
        Some(if wrote {
            (&OWN, format!("{who} approved `{id}` and wrote some of it"))
        } else {
            match one.duty {
                Duty::NotAccountable => {
                    let wanted = self.written(&one.wanted);
                    (&NOT_AUTHORISED, format!("{who} approved `{id}`, which is for {wanted}"))
                }
                Duty::Insufficient => {
                    (&NOT_AUTHORISED, format!("{who}, a machine, approved `{id}`"))
                }
                Duty::SharedIdentity => {
                    let message =
                        format!("`{id}` was approved from an address that several people share");
                    (&NOT_AUTHORISED, message)
                }
                _ if one.assurance < Assurance::LEAST => {
                    let message = format!("somebody else wrote down that {who} approved `{id}`");
                    (&UNVERIFIABLE, message)
                }
                _ if one.is_too_unsure() => {
                    let message = format!(
                        "{who} approved `{id}` without a signature: it must be {}",
                        one.asks.assurance.word()
                    );
                    (&UNVERIFIABLE, message)
                }
                _ => return None,
            }
        })
    }

    /// Lists the approvals on which a document rests and whose givers are gone.
    fn left(&self, artifact: &Artifact, judged: &Judged<'_>) -> Vec<(&'static Rule, String)> {
        let resting = judged
            .approvals
            .iter()
            .filter(|(one, state)| artifact.status.is_approved() && one.counts() && state.holds());
        let gone = resting.filter_map(|(one, _)| {
            let gone = approvals::gone(&self.policy, &self.packs.people, one)?;
            let part = one.scope.as_ref().map_or_else(String::new, |part| format!(" {part} of"));
            let how = match &gone {
                Gone::NotListed | Gone::Leaves(_) => "has left".to_owned(),
                Gone::RoleEnds(role, _) | Gone::RoleOver(role) => format!("is not {role} any more"),
            };
            let message = format!("{} approved{part} `{}` and {how}", self.name(one), artifact.id);
            gone.is_past(self.day).then_some((&LEFT, message))
        });
        gone.collect()
    }

    fn name(&self, one: &Approval) -> String {
        let known = one.by.person.as_deref().map(|id| self.packs.people.written(id));
        known.unwrap_or_else(|| one.by.name.clone())
    }

    /// Names those whose approvals are meant, once each.
    fn names(&self, judged: &Judged<'_>, meant: impl Fn(&Approval, State) -> bool) -> String {
        let own = judged.approvals.iter().filter(|(one, state)| meant(one, *state));
        let mut names: Vec<String> = Vec::new();
        for name in own.map(|(one, _)| self.name(one)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(" and ")
    }

    fn written(&self, parties: &[String]) -> String {
        let written = parties.iter().map(|party| self.packs.people.written(party));
        written.collect::<Vec<_>>().join(" and ")
    }

    /// Says who can do what about it.
    fn help(&self, at: usize, rule: &Rule) -> String {
        let policy = &self.policy;
        let wanted = policy.wanted_for(self.packs, at);
        if [&NOT_MARKED, &OWN].contains(&rule) {
            return rule.fix.to_owned();
        }
        if wanted.is_empty() {
            return "no rule says who must approve it: name somebody under `approvers`".to_owned();
        }
        if rule == &UNDETERMINED {
            return rule.fix.to_owned();
        }
        if wanted.iter().all(|party| policy.holders(party, Some(self.day)).is_empty()) {
            let parties = self.written(&wanted);
            return format!(
                "nobody is {parties} at present: name somebody, who can then approve it"
            );
        }
        let (who, command) =
            (policy.named(&wanted, self.day), approvals::command(self.packs, at, None));
        let signed = if rule == &UNVERIFIABLE { ", signed with their own key" } else { "" };
        format!("{who} runs `{command}` and commits what that wrote{signed}")
    }
}

/// The rules of this group.
pub static RULES: &[&Rule] = &[
    &STALE,
    &EXPIRED,
    &OWN,
    &NOT_AUTHORISED,
    &UNVERIFIABLE,
    &CLAIMED,
    &MISSING,
    &NOT_MARKED,
    &LEFT,
    &UNDETERMINED,
    &UNCLEAR,
];
