//! `readymark status`: how each pack stands at its gates, and of what is open the tree of needs, who is next and what to
//! do. Shows the verdicts of `check` and judges nothing itself.

use std::fmt::Write as _;

use super::arguments::Status;
use super::commands::{day, judged, open, work_tree};
use super::signers::trusting;
use super::{Exit, Streams, Surroundings};
use crate::Failure;
use crate::judge::Judged;
use crate::nearest::did_you_mean;
use crate::pack::Packs;
use crate::profiles::{Level, Outcome, Requirement, Verdict};
use crate::visible::visible;

pub(super) fn status(
    status: &Status,
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let today = day(&status.place, surroundings)?;
    let project = open(&status.place.dir, true, surroundings, streams)?;
    let project = trusting(project, &status.place)?;
    let snapshot = work_tree(&project)?;
    let (examined, judged, _) = judged(&project, &snapshot, &today)?;
    let chosen = chosen(status, &judged, &examined.packs)?;
    for line in board(&examined.packs, &chosen).lines() {
        let _ = writeln!(streams.out, "{}", visible(line));
    }
    Ok(Exit::Clean)
}

/// Chooses the verdicts that are asked for; a name that nothing has is a failure with the nearest one.
fn chosen<'j>(
    status: &Status,
    judged: &'j Judged,
    packs: &Packs,
) -> Result<Vec<&'j Verdict>, Failure> {
    let pack_id = |verdict: &Verdict| packs.packs[verdict.pack].id.as_str();
    let all = || judged.verdicts.iter().map(|verdict| &**verdict);
    let ids: Vec<&str> = all().map(pack_id).collect();
    let gates: Vec<&str> = all().map(|verdict| verdict.gate_id.as_str()).collect();
    known("pack", status.pack.as_deref(), &ids)?;
    known("gate", status.gate.as_deref(), &gates)?;
    let is_asked = |verdict: &&Verdict| {
        let pack = status.pack.as_deref().is_none_or(|id| id == pack_id(verdict));
        let gate = status.gate.as_deref();
        pack && gate.is_none_or(|id| id.eq_ignore_ascii_case(&verdict.gate_id))
    };
    Ok(all().filter(is_asked).collect())
}

fn known(what: &str, name: Option<&str>, names: &[&str]) -> Result<(), Failure> {
    let Some(name) = name else { return Ok(()) };
    if names.iter().any(|one| one.eq_ignore_ascii_case(name)) {
        return Ok(());
    }
    let help = did_you_mean(name, names.iter().copied())
        .unwrap_or_else(|| "`profiles` in pack.toml says by what a pack is judged".to_owned());
    Err(Failure::new(format!("no pack is judged at the {what} `{name}`")).help(help))
}

fn board(packs: &Packs, verdicts: &[&Verdict]) -> String {
    if verdicts.is_empty() {
        return "No pack names a profile, so none is judged; name one under `profiles` in pack.toml\n"
            .to_owned();
    }
    let mut text = String::new();
    let mut last = None;
    for verdict in verdicts {
        if last != Some(verdict.pack) {
            let gap = if last.is_some() { "\n" } else { "" };
            let _ = writeln!(text, "{gap}{}", packs.packs[verdict.pack].title);
            last = Some(verdict.pack);
        }
        push_gate(&mut text, verdict);
    }
    text
}

fn push_gate(text: &mut String, verdict: &Verdict) {
    let name = if verdict.gate_id == verdict.profile {
        verdict.gate.clone()
    } else {
        format!("{} {}", verdict.gate_id, verdict.gate)
    };
    let met = verdict.count(Outcome::Met);
    let _ = writeln!(
        text,
        "  {name}: {} ({met} of {} required met)",
        verdict.words(),
        verdict.applicable().count()
    );
    // Those of earlier gates stand there.
    let own = verdict.requirements.iter().filter(|one| one.gate == verdict.gate_id);
    for one in own.filter(|one| one.is_open() && one.level != Level::Optional) {
        push_requirement(text, one);
    }
}

fn push_requirement(text: &mut String, one: &Requirement) {
    let level = if one.is_required() { "" } else { " (recommended)" };
    let _ = writeln!(text, "    {} {}{level}: {}", one.id, one.outcome.word(), one.statement);
    if let Some((_, until)) = &one.waiver {
        let _ = writeln!(text, "      waived until {until}");
    }
    match one.needs.as_slice() {
        [] | [_] => {
            let _ = writeln!(text, "      {}", one.reason);
        }
        needs => {
            for (at, need) in needs.iter().enumerate() {
                let or = if need.is_alternative(&needs[..at]) { "or " } else { "" };
                let _ = writeln!(text, "      {}{}: {}", or, need.outcome.word(), need.reason);
            }
        }
    }
    let who = one.next.as_deref().unwrap_or("nobody is named");
    let _ = writeln!(text, "      next: {who}: {}", one.hint);
}
