//! The list of keys that `ssh-keygen` and Git read: one key a line, the addresses it stands for before it.

use jiff::civil::DateTime;

use super::keys::{Key, Patterns};
use super::ssh::PublicKey;

/// The keys of a list.
#[derive(Debug, Clone, Default)]
pub struct AllowedSigners {
    pub(super) keys: Vec<Key>,
    /// Lines of which nothing could be used.
    pub unused: Vec<Unused>,
}

/// A line that counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unused {
    /// Its number, from 1.
    pub line: usize,
    /// Why, as a phrase.
    pub why: String,
}

impl AllowedSigners {
    /// Reads a list.
    pub fn read(text: &str) -> Self {
        let mut signers = Self::default();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match entry(line) {
                Ok(key) => signers.keys.push(key),
                Err(why) => signers.unused.push(Unused { line: at + 1, why }),
            }
        }
        signers
    }
}

fn entry(line: &str) -> Result<Key, String> {
    let (principals, rest) = word(line);
    if let Some(key) = PublicKey::read(rest) {
        return usable(blank(key, principals));
    }
    let (options, rest) = word(rest);
    let key = PublicKey::read(rest).ok_or("no public key of SSH stands behind the addresses")?;
    let mut entry = blank(key, principals);
    for option in split(options, ',') {
        add(&mut entry, option)?;
    }
    usable(entry)
}

fn blank(public: PublicKey, principals: &str) -> Key {
    let holder = principals.trim_matches('"').to_owned();
    let addresses = Patterns::read(&holder);
    Key { public, holder, addresses, namespaces: None, from: None, until: None }
}

fn usable(entry: Key) -> Result<Key, String> {
    match entry.public.unsupported() {
        Some(name) => Err(format!("keys of the type `{name}` are not supported")),
        None => Ok(entry),
    }
}

fn add(entry: &mut Key, option: &str) -> Result<(), String> {
    let (name, value) = option.split_once('=').unwrap_or((option, ""));
    let value = value.trim_matches('"');
    let moment = || second(value).ok_or_else(|| format!("`{value}` is no time such as 20260505"));
    match name.to_ascii_lowercase().as_str() {
        "cert-authority" => {
            return Err("keys that sign other keys (cert-authority) are not supported".to_owned());
        }
        "namespaces" => entry.namespaces = Some(Patterns::read(value)),
        "valid-after" => entry.from = Some(moment()?),
        "valid-before" => entry.until = Some(moment()? - 1),
        _ => return Err(format!("`{name}` is not a known option")),
    }
    Ok(())
}

/// Splits off the first word; what stands between quotes is one.
fn word(text: &str) -> (&str, &str) {
    let mut quoted = false;
    let end = text.find(|c: char| {
        quoted ^= c == '"';
        !quoted && c.is_ascii_whitespace()
    });
    let (word, rest) = text.split_at(end.unwrap_or(text.len()));
    (word, rest.trim_start())
}

/// Splits at a character outside quotes.
fn split(text: &str, at: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c: char| {
        quoted ^= c == '"';
        !quoted && c == at
    })
}

/// Reads `20260505`, `202605051230` or `20260505123059`, with or without a `Z`: all times are in UTC, so that every
/// machine reads the same.
pub(super) fn second(text: &str) -> Option<i64> {
    let digits = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    let is_time = matches!(digits.len(), 8 | 12 | 14) && digits.bytes().all(|c| c.is_ascii_digit());
    let whole = is_time.then(|| format!("{digits:0<14}"))?;
    let moment = DateTime::strptime("%Y%m%d%H%M%S", &whole).ok()?;
    Some(moment.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}
