//! What a finding is known by while lines move and files are renamed: its rule, its document, the section that it stands
//! in and what it says, never a line number.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::pack::Packs;

/// Returns what each finding is known by. Of several that are alike each has its own, in their order.
pub fn fingerprints(findings: &[Diagnostic], packs: &Packs) -> Vec<String> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    let one = |finding: &Diagnostic| {
        let known = facts(finding, packs);
        let time = times.entry(known.clone()).or_insert(0);
        *time += 1;
        blake3::hash(format!("{known} {time}").as_bytes()).to_hex()[..32].to_owned()
    };
    findings.iter().map(one).collect()
}

fn facts(finding: &Diagnostic, packs: &Packs) -> String {
    let artifact = packs.find(&finding.path).map(|at| &packs.artifacts[at]);
    let named = artifact.filter(|artifact| artifact.has_id);
    let document = named.map_or(("", finding.path.as_str()), |artifact| {
        (packs.packs[artifact.pack].id.as_str(), artifact.id.as_str())
    });
    let section = artifact.and_then(|artifact| {
        let headings = artifact.document.headings.iter().rev();
        let mut before = headings.filter(|one| one.span.start <= finding.span.0);
        before.find(|one| finding.span.0 < one.section.end)
    });
    let section = section.map_or("", |heading| heading.id.as_str());
    format!("{:?}", (finding.rule, document, section, words(&finding.message)))
}

/// Leaves out of a message what time alone changes: counts and days.
fn words(message: &str) -> String {
    let is_number = |word: &&str| {
        let word = word.trim_matches(|letter: char| ",;:.()%".contains(letter));
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_digit() || b"-.,:".contains(&byte))
    };
    let blank = |word| if is_number(&word) { "#" } else { word };
    message.split_whitespace().map(blank).collect::<Vec<_>>().join(" ")
}
