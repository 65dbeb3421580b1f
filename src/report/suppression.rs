//! Comments that keep findings quiet: `<!-- readymark: ignore link.broken until=2026-12-31 reason="why" -->`. A reason
//! and a last day are needed. Nothing but the report becomes quiet: a gate takes waivers.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::{Apart, Noted};
use crate::diagnostic::Diagnostic;
use crate::document::Aside;
use crate::nearest::did_you_mean;
use crate::pack::{Artifact, Packs};
use crate::rules::suppression::{EXPIRED, RULES, UNCLEAR, UNUSED};
use crate::rules::{self, GROUPS};
use crate::source::RepoPath;
use crate::value;

/// What a comment asks for.
#[derive(Debug, PartialEq, Eq)]
struct Suppression {
    /// Names of rules or of groups.
    rules: Vec<String>,
    until: String,
    reason: String,
}

/// Sets apart what comments keep quiet on a day; returns what is wrong with the comments.
pub(super) fn apply(findings: &mut [Noted], packs: &Packs, day: &str) -> Vec<Diagnostic> {
    let speaking = packs.artifacts.iter().filter(|artifact| !artifact.document.asides.is_empty());
    // In a file that is filled in from others lines are not its own.
    let mut speaking = speaking.filter(|artifact| artifact.document.pieces.is_empty()).peekable();
    if speaking.peek().is_none() {
        return Vec::new();
    }
    let mut by_path: BTreeMap<RepoPath, Vec<&mut Noted>> = BTreeMap::new();
    for one in findings {
        by_path.entry(one.finding.path.clone()).or_default().push(one);
    }
    let mut found = Vec::new();
    for artifact in speaking {
        let own = by_path.get_mut(&artifact.path).map(Vec::as_mut_slice).unwrap_or_default();
        found.extend(
            artifact.document.asides.iter().filter_map(|aside| quiet(own, artifact, aside, day)),
        );
    }
    found
}

/// Sets apart what one comment keeps quiet; returns what is wrong with it.
fn quiet(
    own: &mut [&mut Noted],
    artifact: &Artifact,
    aside: &Aside,
    day: &str,
) -> Option<Diagnostic> {
    let tell = |rule, message: String| Diagnostic::new(rule, &artifact.path, &aside.span, message);
    let wanted = match read(&aside.words) {
        Ok(wanted) => wanted,
        Err(message) => return Some(tell(&UNCLEAR, message).help(UNCLEAR.next_step())),
    };
    if wanted.until.as_str() < day {
        let message =
            format!("`{}` was to be mended by {}", wanted.rules.join("`, `"), wanted.until);
        return Some(tell(&EXPIRED, message).help(EXPIRED.next_step()));
    }
    let lines = lines(artifact, aside);
    let mut used = false;
    for one in own.iter_mut().filter(|one| wanted.names(one.finding.rule)) {
        let line = one.finding.place.0;
        if lines.contains(&line) || aside.first && line <= head(artifact) {
            let Suppression { reason, until, .. } = &wanted;
            one.apart = Some(Apart::Suppressed { reason: reason.clone(), until: until.clone() });
            used = true;
        }
    }
    let message = || format!("nothing here breaks `{}`", wanted.rules.join("`, `"));
    (!used).then(|| tell(&UNUSED, message()).help(UNUSED.next_step()))
}

fn lines(artifact: &Artifact, aside: &Aside) -> RangeInclusive<usize> {
    let line = |at| artifact.document.line(at);
    line(aside.about.start)..=line(aside.about.end.saturating_sub(1).max(aside.about.start))
}

/// The last line of the block of fields; 0 is the file as a whole.
fn head(artifact: &Artifact) -> usize {
    match artifact.document.front_matter.span.end {
        0 => 0,
        end => artifact.document.line(end - 1),
    }
}

impl Suppression {
    fn names(&self, rule: &str) -> bool {
        let group = rule.split('.').next().unwrap_or_default();
        let is_own = RULES.iter().any(|own| own.name == rule);
        !is_own && self.rules.iter().any(|name| name == rule || name == group)
    }
}

fn read(words: &str) -> Result<Suppression, String> {
    let rest = words.strip_prefix("ignore").filter(|rest| rest.starts_with(char::is_whitespace));
    let rest = rest.ok_or("the comment does not begin with `ignore`")?;
    let (rest, reason) = rest.split_once("reason=\"").ok_or("the comment gives no reason")?;
    let (reason, after) = reason.split_once('"').ok_or("the reason does not end")?;
    let words = [rest, after].map(|part| part.split([' ', '\t', '\n', '\r', ',']));
    let words = words.into_iter().flatten().filter(|word| !word.is_empty());
    let (mut rules, mut until) = (Vec::new(), None);
    for word in words {
        match word.strip_prefix("until=") {
            Some(day) => until = Some(day.to_owned()),
            None => rules.push(known(word)?),
        }
    }
    let until = until.ok_or("the comment names no last day")?;
    let until = value::date(&until).ok_or_else(|| format!("`{until}` is not a day"))?;
    if rules.is_empty() || reason.trim().is_empty() {
        return Err("the comment names no rule or gives no reason".to_owned());
    }
    Ok(Suppression { rules, until, reason: reason.trim().to_owned() })
}

fn known(name: &str) -> Result<String, String> {
    if rules::rule(name).is_some() || GROUPS.iter().any(|group| group.name == name) {
        return Ok(name.to_owned());
    }
    let names = GROUPS.iter().flat_map(|group| group.rules).map(|rule| rule.name);
    let nearest = did_you_mean(name, names).map(|help| format!(": {help}")).unwrap_or_default();
    Err(format!("no rule is called `{name}`{nearest}"))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_comment_needs_a_rule_a_day_and_a_reason() {
        let sound = "ignore link.broken, raci until=2026-12-31 reason=\"they move it\"";
        let read_one = read(sound).unwrap();
        assert_eq!(read_one.rules, ["link.broken", "raci"]);
        assert_eq!((&*read_one.until, &*read_one.reason), ("2026-12-31", "they move it"));
        for (words, told) in [
            ("keep link.broken until=2026-12-31 reason=\"x\"", "does not begin with `ignore`"),
            ("ignore link.broken until=2026-12-31", "no reason"),
            ("ignore link.broken until=2026-12-31 reason=\" \"", "gives no reason"),
            ("ignore link.broken until=2026-12-31 reason=\"x", "does not end"),
            ("ignore link.broken reason=\"x\"", "no last day"),
            ("ignore link.broken until=soon reason=\"x\"", "not a day"),
            ("ignore until=2026-12-31 reason=\"x\"", "names no rule"),
            ("ignore link.brokn until=2026-12-31 reason=\"x\"", "did you mean `link.broken`"),
        ] {
            let error = read(words).unwrap_err();
            assert!(error.contains(told), "{words}: {error}");
        }
    }
}
