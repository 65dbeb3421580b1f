//! What commit messages say about approvals, in trailers and in what squashes leave of them.

use super::record::{Class, class};
use crate::document::digest::Digest;

/// Keys that decide something; a message without any of them says nothing here.
const KEYS: [&str; 4] = ["decision", "approved-by", "rejected-by", "revokes"];

/// What one paragraph of a message says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// What was decided, by document.
    pub decided: Vec<Decided>,
    /// Who decided: name, address, and whether against it.
    pub by: Vec<(String, String, bool)>,
    /// Sections that the decisions are about; whole documents when empty.
    pub scopes: Vec<String>,
    /// The last day on which it holds.
    pub expires: Option<String>,
    /// Documents of which earlier approvals are taken back.
    pub revokes: Vec<String>,
    /// Whether it stands elsewhere than at the end of the message.
    pub embedded: bool,
    /// Lines that name nobody or decide nothing.
    pub unclear: Vec<String>,
}

/// What was decided about one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// `RB-003`, or `agent-copilot:RB-003`.
    pub document: String,
    /// `approved`.
    pub word: String,
    /// What the word means.
    pub class: Class,
    /// The text that it is about, when that is said.
    pub digest: Option<Digest>,
}

/// Tells quickly whether raw bytes of a commit may have such keys at the start of a line.
pub fn has_keys(raw: &[u8]) -> bool {
    memchr::memchr_iter(b'\n', raw).any(|at| {
        let line = &raw[at + 1..];
        KEYS.iter().any(|key| {
            line.len() > key.len()
                && (line[0] | 0x20) == key.as_bytes()[0]
                && line[..key.len()].eq_ignore_ascii_case(key.as_bytes())
        })
    })
}

/// Reads what a message decides, each paragraph by itself.
pub fn said(message: &str) -> Vec<Said> {
    let paragraphs = paragraphs(message);
    let last = paragraphs.len().saturating_sub(1);
    let one = |(at, lines): (usize, &Vec<String>)| {
        let is_end = at > 0 && at == last && lines.iter().all(|line| is_trailer(line));
        let said = read(lines, !is_end);
        let says_something = !said.decided.is_empty() || !said.revokes.is_empty();
        (says_something || !said.unclear.is_empty()).then_some(said)
    };
    paragraphs.iter().enumerate().filter_map(one).collect()
}

/// Reads the persons that a message names beside the author: name and address.
pub fn co_authors(message: &str) -> Vec<(String, String)> {
    let lines = paragraphs(message).into_iter().flatten();
    let pairs = lines.filter_map(|line| {
        let (key, value) = pair(&line)?;
        key.eq_ignore_ascii_case("Co-authored-by").then(|| person(value))?
    });
    pairs.collect()
}

/// Splits a message at empty lines, folded lines joined; code and quotes are left out.
fn paragraphs(message: &str) -> Vec<Vec<String>> {
    let (mut all, mut current): (Vec<Vec<String>>, Vec<String>) = (Vec::new(), Vec::new());
    let mut fenced = false;
    for line in message.trim().lines().map(str::trim_end) {
        let is_fence = ["```", "~~~"].iter().any(|fence| line.trim_start().starts_with(fence));
        fenced ^= is_fence;
        if is_fence || fenced || line.starts_with('>') {
            continue;
        }
        match current.last_mut() {
            _ if line.is_empty() => all.push(std::mem::take(&mut current)),
            Some(before) if line.starts_with([' ', '\t']) => {
                before.push(' ');
                before.push_str(line.trim_start());
            }
            _ => current.push(line.to_owned()),
        }
    }
    all.push(current);
    all.retain(|lines| !lines.is_empty());
    all
}

/// Tells whether a line may stand in the block of trailers; Git writes some without a key.
fn is_trailer(line: &str) -> bool {
    pair(line).is_some() || line.starts_with("(cherry picked from commit ")
}

fn pair(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let is_key =
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_key.then(|| (key, value.trim()))
}

fn read(lines: &[String], embedded: bool) -> Said {
    let mut said = Said { embedded, ..Said::default() };
    let mut digests: Vec<(String, Option<Digest>)> = Vec::new();
    for (key, value) in lines.iter().filter_map(|line| pair(line)) {
        let mut unclear = || said.unclear.push(format!("{key}: {value}"));
        match key.to_ascii_lowercase().as_str() {
            "decision" => match decided(value) {
                Some(decided) => said.decided.push(decided),
                None => unclear(),
            },
            "decision-digest" => {
                let (document, digest) =
                    value.split_once(char::is_whitespace).unwrap_or((value, ""));
                let digest = Digest::read(digest);
                if digest.is_none() {
                    unclear();
                }
                digests.push((document.to_owned(), digest));
            }
            key @ ("approved-by" | "rejected-by") => match person(value) {
                Some((name, address)) => said.by.push((name, address, key == "rejected-by")),
                None => unclear(),
            },
            "decision-scope" => said.scopes.extend(words(value)),
            "decision-expires" => said.expires = Some(value.to_owned()),
            "revokes" => said.revokes.extend(words(value)),
            _ => {}
        }
    }
    // A digest that cannot be read is that of a text nobody knows.
    said.decided.retain_mut(|decided| {
        let named = digests.iter().find(|(document, _)| *document == decided.document);
        decided.digest = named.and_then(|(_, digest)| *digest);
        named.is_none() || decided.digest.is_some()
    });
    // An address alone says nothing about any document.
    if said.decided.is_empty() && said.revokes.is_empty() {
        said.unclear.retain(|line| line.to_ascii_lowercase().starts_with("decision"));
    }
    said
}

fn words(value: &str) -> impl Iterator<Item = String> + '_ {
    value.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned)
}

/// Reads `RB-003 approved`.
fn decided(value: &str) -> Option<Decided> {
    let (document, word) = value.split_once(char::is_whitespace)?;
    let word = word.trim().to_lowercase().replace([' ', '_'], "-");
    Some(Decided { document: document.to_owned(), class: class(&word)?, word, digest: None })
}

/// Reads `Bob Iyer <bob@example.org>`; a name alone is nobody.
fn person(value: &str) -> Option<(String, String)> {
    let (name, rest) = value.split_once('<')?;
    let (address, _) = rest.split_once('>')?;
    address.contains('@').then(|| (name.trim().to_owned(), address.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{co_authors, has_keys, said};

    /// Shows each paragraph as `documents by addresses`, `~` before what is embedded.
    fn shown(message: &str) -> Vec<String> {
        let one = |said: &super::Said| {
            let documents: Vec<String> =
                said.decided.iter().map(|one| format!("{} {}", one.document, one.word)).collect();
            let by: Vec<&str> = said.by.iter().map(|(_, address, _)| address.as_str()).collect();
            let start = if said.embedded { "~" } else { "" };
            let revokes: Vec<String> = said.revokes.iter().map(|id| format!(" -{id}")).collect();
            let unclear: Vec<String> =
                said.unclear.iter().map(|line| format!(" ?{line}")).collect();
            let (revokes, unclear) = (revokes.concat(), unclear.concat());
            format!("{start}{} by {}{revokes}{unclear}", documents.join(", "), by.join(", "))
        };
        said(message).iter().map(one).collect()
    }

    #[test]
    fn trailers_are_read_wherever_the_end_begins() {
        let end = "Decision: RB-1 approved\ndecision: RB-2  Approved\nAPPROVED-BY: Bob Iyer\n  <bob@example.org>\n";
        let expected = ["RB-1 approved, RB-2 approved by bob@example.org"];
        assert_eq!(shown(&format!("Subject\n\n{end}")), expected);
        assert_eq!(shown(&format!("Subject\n\nText\n---\nmore\n\n{end}")), expected);
        assert_eq!(shown(&format!("Subject\n\n{end}(cherry picked from commit 0123)\n")), expected);
        assert_eq!(
            shown(&format!("Subject\n\n* one\n\n{end}\nMore text.")),
            ["~RB-1 approved, RB-2 approved by bob@example.org"]
        );
        assert!(shown(&format!("Subject\n\n```\n{end}```\n")).is_empty());
        assert!(
            shown("Subject\n\n> Decision: RB-1 approved\n> Approved-by: B <b@x.org>\n").is_empty()
        );
        for message in [
            "",
            "Subject",
            "Subject\n\nhttps://x.example: y\nTrello: 12\n",
            "S\n\nReviewed-by: B <b@x.org>\n",
            "S\n\nApproved-by: B <b@x.org>\n",
        ] {
            assert!(shown(message).is_empty(), "{message}");
        }
    }

    #[test]
    fn what_names_nobody_or_decides_nothing_is_unclear() {
        assert_eq!(
            shown("S\n\nDecision: RB-1 approved\nApproved-by: Bob\n"),
            ["RB-1 approved by  ?Approved-by: Bob"]
        );
        assert_eq!(
            shown("S\n\nDecision: maybe\nApproved-by: B <b@x.org>\n"),
            [" by b@x.org ?Decision: maybe"]
        );
        assert_eq!(shown("S\n\nRevokes: RB-1\n"), [" by  -RB-1"]);
    }

    #[test]
    fn keys_are_seen_in_raw_bytes() {
        assert!(has_keys(b"tree 00\n\nS\n\ndecision: RB-1 approved\n"));
        assert!(!has_keys(b"Decision: at the very start is a subject\n\nText about a decision\n"));
        let message = "S\n\nCo-authored-by: Cyn <cyn@x.org>\nco-authored-by: nobody\n";
        assert_eq!(co_authors(message), [("Cyn".to_owned(), "cyn@x.org".to_owned())]);
    }
}
