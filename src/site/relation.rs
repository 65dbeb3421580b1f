//! What an approver has to do with the text, in sentences and in words for programs: whether it was the right person, and
//! whether the person is still there. None of it knows a day.

use super::unit::Unit;
use super::view::{When, day};
use crate::approvals::{self, Approval, Assurance, Class, Duty, Gone};
use crate::signature::{Signature, Why};

/// Tells whether whoever approved is no longer there, or no longer in the role for which it counted.
pub(super) fn gone(unit: &Unit, one: &Approval) -> Option<Gone> {
    approvals::gone(unit.edition.policy(unit.pack), &unit.packs().people, one)
}

/// Says that somebody is gone in a sentence that holds on every day.
pub(super) fn left(gone: &Gone) -> String {
    match gone {
        Gone::NotListed => "people.toml does not list this person any more.".to_owned(),
        Gone::Leaves(last) => format!("This person's last day: {}.", day(last)),
        Gone::RoleEnds(role, last) => format!("Last day as {role}: {}.", day(last)),
        Gone::RoleOver(role) => format!("Does not hold the role any more: {role}."),
    }
}

/// Names the part that somebody approved: ` the row RSK-004`, ` the section rollback`; ` the part …` of a document that is
/// gone, empty for the whole.
pub(super) fn part(unit: &Unit, at: Option<usize>, scope: Option<&str>) -> String {
    let Some(scope) = scope else { return String::new() };
    let is_row = |at: usize| unit.packs().artifacts[at].records.iter().any(|row| row.id == scope);
    let word = at.map_or("part", |at| if is_row(at) { "row" } else { "section" });
    format!(" the {word} {scope}")
}

/// Says what was decided: `approved`, `approved the section rollback`.
pub(super) fn decision(unit: &Unit, at: Option<usize>, one: &Approval) -> String {
    format!("{}{}", one.decision.replace('-', " "), part(unit, at, one.scope.as_deref()))
}

/// Says whether an approval counts as long as its text stands: `yes`, `no`, or that it cannot be told.
pub(super) fn counts(one: &Approval) -> &'static str {
    match one.duty {
        _ if one.counts() => "yes",
        Duty::Undetermined => "not known",
        _ if !one.lacks.nothing() => "not known",
        _ => "no",
    }
}

/// Lists in words for programs what the approver has to do with the text.
pub(super) fn words(one: &Approval) -> Vec<&'static str> {
    let own = || {
        let person = one.by.person.as_deref();
        let is_known = person.is_some() && one.duty != Duty::Undetermined;
        one.contributors.iter().filter(move |it| is_known && it.identity.person() == person)
    };
    [
        (own().any(|it| !it.co_author), "author"),
        (own().any(|it| it.co_author), "co-author"),
        (one.stands_in, "delegate"),
        (one.duty == Duty::SharedIdentity, "shared"),
        (one.duty == Duty::Insufficient, "bot"),
        (one.bootstrap || one.appointed, "named-by-the-change"),
    ]
    .into_iter()
    .filter_map(|(is, word)| is.then_some(word))
    .collect()
}

/// Says why it is not sure that the approver said it.
fn recorded(unit: &Unit, one: &Approval) -> &'static str {
    match unit.edition.inputs.log.signature(one.commit) {
        _ if one.lacks.author || one.by.person.is_none() => {
            "Nobody can tell whose commit it is, so it does not count."
        }
        Signature::ForeignKey(_) => {
            "It is signed with none of the approver's keys that are known, so it does not count."
        }
        Signature::Unverifiable(Why::KeysMissing | Why::CommitMissing) => {
            "Whose key signed it is not known in this clone, so it does not count."
        }
        _ => "Somebody else wrote it down, so it does not count.",
    }
}

/// Says what a reader should know about who approved.
pub(super) fn notes(unit: &Unit, one: &Approval) -> Vec<String> {
    let asked = (one.class == Class::Approves).then(|| duty(unit, one)).flatten();
    let reported = (one.assurance < Assurance::LEAST).then(|| recorded(unit, one).to_owned());
    let unsigned = (one.assurance >= Assurance::LEAST && one.is_too_unsure()).then(|| {
        let least = one.asks.assurance.word();
        if one.lacks.key {
            format!("Approvals of this must be {least}, and whose key signed it is not known.")
        } else {
            format!("Approvals of this must be {least}: signed with the key of whoever approves.")
        }
    });
    let parties = one.fulfils.iter().map(|party| unit.packs().people.written(party));
    let stood_in = one
        .stands_in
        .then(|| format!("Stood in on these days: {}.", parties.collect::<Vec<_>>().join(" and ")));
    let bootstrap = one
        .bootstrap
        .then(|| "Who must approve it was written down with the same change.".to_owned());
    let appointed = one
        .appointed
        .then(|| "The change made this person its approver; the rules before it count.".to_owned());
    let tagged = one
        .tag
        .as_ref()
        .map(|tag| format!("Said in the tag {} of {}.", tag.name, When::new(tag.time).day));
    [asked, reported, unsigned, tagged, stood_in, bootstrap, appointed]
        .into_iter()
        .flatten()
        .collect()
}

/// Says why it was not the right person, or why that is not known.
fn duty(unit: &Unit, one: &Approval) -> Option<String> {
    Some(match one.duty {
        Duty::Ok => return None,
        Duty::SelfApproved => "Who approved wrote some of it, so somebody else must.".to_owned(),
        Duty::CoAuthor if one.asks.co_authors => {
            "Who approved is named as co-author of some of it.".to_owned()
        }
        Duty::CoAuthor => {
            "Who approved is named as co-author of some of it, so somebody else must.".to_owned()
        }
        Duty::NotAccountable => {
            let wanted = one.wanted.iter().map(|name| unit.registry().who(name).name);
            format!(
                "Not for this person to approve: that is for {}.",
                wanted.collect::<Vec<_>>().join(" and ")
            )
        }
        Duty::Insufficient => "A machine cannot approve anything.".to_owned(),
        Duty::SharedIdentity => "Several people share this address.".to_owned(),
        Duty::Undetermined if one.lacks.rules => {
            "Who had to approve it then is not known in this clone.".to_owned()
        }
        Duty::Undetermined if one.wanted.is_empty() => {
            "No rule says who must approve it.".to_owned()
        }
        Duty::Undetermined if one.by.person.is_none() => {
            "people.toml did not know this address before.".to_owned()
        }
        Duty::Undetermined => "Not everybody is known who wrote it.".to_owned(),
    })
}

/// Names those who wrote the text, the approver too.
pub(super) fn writers(unit: &Unit, one: &Approval) -> Vec<String> {
    let people = &unit.packs().people;
    let name = |person: &str| people.person(person).map(|at| people.persons[at].name.clone());
    let named = one.contributors.iter().map(|it| {
        it.identity.person().and_then(name).unwrap_or_else(|| match it.name.as_str() {
            "" => "not known".to_owned(),
            known => known.to_owned(),
        })
    });
    named.collect()
}
