//! Packs without a home, and packs that ask to be judged by something that is not there.

use super::{Past, Rule, Scope, trial};
use crate::assemble::day_of;
use crate::diagnostic::{Diagnostic, Severity};
use crate::kinds::word;
use crate::nearest::did_you_mean;
use crate::pack::{Exemption, Pack, PersonKind};
use crate::profiles::Profile;
use crate::source::RepoPath;

/// Nobody has it.
pub static NO_HOME: Rule = Rule {
    name: "pack.no-home",
    severity: Severity::Warning,
    summary: "A pack names no owner, no home team and nobody in any role",
    why: "A pilot without a home quietly becomes production that nobody runs",
    fix: "Add `owner`, `[home]` or `[roles]` to `pack.toml`",
};

/// A profile that is not there.
pub static UNKNOWN_PROFILE: Rule = Rule {
    name: "pack.unknown-profile",
    severity: Severity::Error,
    summary: "A pack asks to be judged by a profile that does not exist",
    why: "There is no verdict, and nobody notices",
    fix: "Correct the name, or add the profile to `profiles/`",
};

/// Two packs would be one folder of the site.
pub static DUPLICATE_ID: Rule = Rule {
    name: "pack.duplicate-id",
    severity: Severity::Error,
    summary: "Two packs have the same id, or ids that make the same address",
    why: "Links between packs cannot be trusted, and one pack would hide the other",
    fix: "Give one of them another `id` in `pack.toml`",
};

/// The pack says that a requirement does not apply, and nothing follows from that.
pub static IDLE_EXEMPTION: Rule = Rule {
    name: "pack.idle-exemption",
    severity: Severity::Error,
    summary: "`[[not-applicable]]` names a requirement that no profile of the pack has or that always applies, or somebody who is not there",
    why: "The requirement is asked all the same, and whoever wrote the line believes that it is not",
    fix: "Correct the id or the person, or meet the requirement",
};

/// Nobody decided in time.
pub static DECISION_OVERDUE: Rule = Rule {
    name: "pack.decision-overdue",
    severity: Severity::Error,
    summary: "The day by which a trial was to be decided on is over, and no decision is in force",
    why: "A pilot without an end quietly becomes production that nobody runs",
    fix: "Decide to scale, iterate or stop, or set another day with a reason",
};

/// It has an owner and no home.
pub static NO_HOME_TEAM: Rule = Rule {
    name: "pack.no-home-team",
    severity: Severity::Note,
    summary: "A pack whose `stage` is pilot or later has an owner and names no team that runs it afterwards",
    why: "Owners change; what no team has in its plans is nobody's in the next year",
    fix: "Add `[home]` with `team` to `pack.toml`",
};

/// Nothing happens any more.
pub static DORMANT: Rule = Rule {
    name: "pack.dormant",
    severity: Severity::Warning,
    summary: "No document of a pack changed for thirty days, and the day of its decision is still to come",
    why: "A trial that nobody works on is not stopped and not handed over: it dies quietly",
    fix: "Go on with it, or decide now to stop it",
};

/// After so many days without a change a pack that waits for its decision is dormant.
const QUIET: i64 = 30;

/// The rules of this group whose defects stand in the history.
pub(super) static PAST: &[&Rule] = &[&DORMANT];

/// Tells whether a pack that is still to be decided on has gone quiet.
pub(super) fn find_past(past: &Past<'_>) -> Vec<Diagnostic> {
    let pack = &past.packs.packs[past.pack];
    let until = pack.facts.iter().find(|fact| fact.name == "decision_by");
    let Some((fact, until)) = until.and_then(|fact| Some((fact, fact.values.first()?))) else {
        return Vec::new();
    };
    let last = past.changes().map(|change| change.landing.clock).max();
    let Some(last) = last.filter(|_| until.as_str() >= past.day).map(day_of) else {
        return Vec::new();
    };
    let date = |day: &str| day.parse::<jiff::civil::Date>().ok();
    let days =
        date(past.day).zip(date(&last)).map_or(0, |(now, last)| i64::from((now - last).get_days()));
    if !pack.declared || days < QUIET {
        return Vec::new();
    }
    let message = format!(
        "no document of {} changed for {days} days, and it is to be decided on by {until}",
        pack.id
    );
    let path = RepoPath::new(&pack.folder_file("pack.toml"));
    let mut found = Diagnostic::new(&DORMANT, &path, &(0..0), message)
        .help("go on with it, or decide now to stop it");
    found.place = (fact.line, 1);
    vec![found]
}

/// The rules of this group.
pub static RULES: &[&Rule] = &[
    &DORMANT,
    &DUPLICATE_ID,
    &IDLE_EXEMPTION,
    &NO_HOME,
    &NO_HOME_TEAM,
    &UNKNOWN_PROFILE,
    &DECISION_OVERDUE,
];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let pack = scope.pack();
    if !pack.declared {
        return Vec::new();
    }
    let mut found = of(scope, pack);
    found.extend(undecided(scope));
    found
}

/// Finds the days of decision that are over while nothing decides on the trial.
fn undecided(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for artifact in scope.judged().filter(|artifact| artifact.status.is_approved()) {
        let spec = scope.kind(artifact).field("decision_by");
        let Some((field, path)) = spec.and_then(|spec| artifact.sourced(spec)) else { continue };
        let day = field.value.text().and_then(crate::value::date);
        let Some(day) = day.filter(|day| day.as_str() < scope.day()) else { continue };
        let message =
            format!("{} was to be decided on by {day}, and no decision is in force", artifact.id);
        let finding = Diagnostic::new(&DECISION_OVERDUE, path, &field.value.span, message);
        found.push(
            finding.help("decide to scale, iterate or stop, or set another day with a reason"),
        );
    }
    if !found.is_empty() && scope.judged().any(|artifact| trial::decides(scope, artifact)) {
        found.clear();
    }
    found
}

fn of(scope: &Scope<'_>, pack: &Pack) -> Vec<Diagnostic> {
    let path = RepoPath::new(&pack.folder_file("pack.toml"));
    let mut found = Vec::new();
    let home = &pack.home;
    let homeless = pack.owner.is_none() && home.team.is_none() && home.operational_owner.is_none();
    if homeless && pack.roles.is_empty() {
        let message = format!("the pack {} has no owner, no home and no roles", pack.id);
        let help = "add `owner`, `[home]` or `[roles]`";
        found.push(Diagnostic::new(&NO_HOME, &path, &(0..0), message).help(help));
    } else if home.team.is_none() && is_tried(pack) {
        let message = format!("the pack {} names no team that is its home", pack.id);
        let help = "add `[home]` with the `team` that runs it";
        found.push(Diagnostic::new(&NO_HOME_TEAM, &path, &(0..0), message).help(help));
    }
    let known = || scope.profiles.iter().map(|profile| profile.id.as_str());
    let is_here = |name: &&String| scope.profiles.iter().any(|profile| profile.is_named(name));
    for name in pack.profiles.iter().filter(|name| !is_here(name)) {
        if let Some((id, version)) = other_version(scope, name) {
            let (has, help) = match version {
                "" => ("has no version".to_owned(), format!("write `{id}`")),
                version => (
                    format!("is {version} here"),
                    format!("write `{id}@{version}` when its requirements suit the pack"),
                ),
            };
            let message = format!("the pack asks for `{name}`, and `{id}` {has}");
            found.push(Diagnostic::new(&UNKNOWN_PROFILE, &path, &(0..0), message).help(help));
            continue;
        }
        let message = format!("the profile `{name}` does not exist");
        let help = did_you_mean(name, known()).unwrap_or_else(|| {
            format!("known profiles are {}", known().collect::<Vec<_>>().join(", "))
        });
        found.push(Diagnostic::new(&UNKNOWN_PROFILE, &path, &(0..0), message).help(help));
    }
    found.extend(pack.exemptions.iter().filter_map(|one| idle(scope, pack, &path, one)));
    found
}

/// Tells whether a pack says that it is past its prototype.
pub(super) fn is_tried(pack: &Pack) -> bool {
    const STAGES: [&str; 7] =
        ["pilot", "hardening", "transition", "rollout", "operation", "production", "live"];
    pack.fact("stage").iter().any(|stage| STAGES.iter().any(|known| word(stage, known).is_some()))
}

/// Finds the version of a profile that a pack pins in another one.
fn other_version<'s>(scope: &'s Scope<'_>, name: &str) -> Option<(&'s str, &'s str)> {
    let (id, _) = name.split_once('@')?;
    let profile = scope.profiles.iter().find(|profile| profile.id == id)?;
    Some((&profile.id, &profile.version))
}

fn idle(scope: &Scope<'_>, pack: &Pack, path: &RepoPath, one: &Exemption) -> Option<Diagnostic> {
    let own = |profile: &&Profile| pack.profiles.iter().any(|name| profile.is_named(name));
    let specs = || scope.profiles.iter().filter(own).flat_map(|profile| &profile.requirements);
    let id = &one.requirement;
    let spec = specs().find(|spec| spec.id.eq_ignore_ascii_case(id));
    let people = &scope.packs.people;
    let person = people.person(&one.by).map(|at| &people.persons[at]);
    let (message, help) = match (spec, person) {
        (None, _) => {
            let ids = specs().map(|spec| spec.id.as_str());
            let help =
                did_you_mean(id, ids).unwrap_or_else(|| "name one that is asked of it".into());
            (format!("no profile of this pack has the requirement `{id}`"), help)
        }
        (Some(spec), _) if !spec.waivable => {
            let help = "meet it; neither a waiver nor `[[not-applicable]]` covers it".to_owned();
            (format!("`{}` always applies", spec.id), help)
        }
        (_, None) => {
            let help = "name the person who agreed, by their id in people.toml".to_owned();
            (
                format!(
                    "`{}`, who agreed that `{id}` does not apply, is not in people.toml",
                    one.by
                ),
                help,
            )
        }
        (_, Some(person)) if person.kind != PersonKind::Human || !scope.holds(&person.days) => {
            let help = "ask somebody who is there to agree, and name them".to_owned();
            (format!("{}, who agreed that `{id}` does not apply, is not there", person.name), help)
        }
        _ => return None,
    };
    Some(Diagnostic::new(&IDLE_EXEMPTION, path, &one.span, message).help(help))
}
