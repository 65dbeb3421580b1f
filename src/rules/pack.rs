//! Packs without a home, and packs that ask to be judged by something that is not there.

use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::nearest::did_you_mean;
use crate::pack::Pack;
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

/// The rules of this group.
pub static RULES: &[&Rule] = &[&DUPLICATE_ID, &NO_HOME, &UNKNOWN_PROFILE];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let pack = scope.pack();
    if pack.declared { of(scope, pack) } else { Vec::new() }
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
    }
    let known = || scope.profiles.iter().map(|profile| profile.id.as_str());
    for name in pack.profiles.iter().filter(|name| !known().any(|id| id == name.as_str())) {
        let message = format!("the profile `{name}` does not exist");
        let help = did_you_mean(name, known()).unwrap_or_else(|| {
            format!("known profiles are {}", known().collect::<Vec<_>>().join(", "))
        });
        found.push(Diagnostic::new(&UNKNOWN_PROFILE, &path, &(0..0), message).help(help));
    }
    found
}
