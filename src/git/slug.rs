//! Folder names for versions that mean the same on every file system. No IO here.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

/// Characters of a slug before a digest takes over.
const LONGEST: usize = 48;

/// Two names that would share a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    /// The folder.
    pub slug: String,
    /// The name that came first.
    pub first: String,
    /// The name that came later.
    pub second: String,
}

/// Makes a portable folder name: NFC, lower case, letters, digits, `.`, `_` and single `-`; no name that Windows
/// reserves; a long name ends in a digest of the whole.
pub fn slug(name: &str) -> String {
    let folded: String = name.nfc().collect::<String>().to_lowercase().nfc().collect();
    let mut slug = String::new();
    for letter in folded.chars() {
        match letter {
            letter if letter.is_alphanumeric() || matches!(letter, '.' | '_') => slug.push(letter),
            _ if slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    let slug = slug.trim_matches(['-', '.']);
    let reserved = slug.is_empty() || is_reserved(slug);
    shortened(if reserved { format!("_{slug}") } else { slug.to_owned() }, name)
}

/// Finds names that differ and would share a folder; each is told against the first one.
pub fn collisions<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<Collision> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for name in names {
        let slug = slug(name);
        let first = *seen.entry(slug.clone()).or_insert(name);
        if first != name {
            found.push(Collision { slug, first: first.to_owned(), second: name.to_owned() });
        }
    }
    found
}

/// Windows refuses these as file names, with any extension.
fn is_reserved(slug: &str) -> bool {
    let stem = slug.split('.').next().unwrap_or_default();
    match stem.len() {
        3 => matches!(stem, "con" | "prn" | "aux" | "nul"),
        4 => {
            let (device, digit) = stem.split_at_checked(3).unwrap_or_default();
            matches!(device, "com" | "lpt") && digit.chars().all(|digit| digit.is_ascii_digit())
        }
        _ => false,
    }
}

fn shortened(slug: String, name: &str) -> String {
    if slug.chars().count() <= LONGEST {
        return slug;
    }
    let digest = blake3::hash(name.nfc().collect::<String>().as_bytes()).to_hex();
    let start: String = slug.chars().take(LONGEST - 9).collect();
    format!("{}-{}", start.trim_end_matches(['-', '.']), &digest[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_portable() {
        for (name, expected) in [
            ("v1.0.0", "v1.0.0"),
            ("release/2.x", "release-2.x"),
            ("V1", "v1"),
            ("con", "_con"),
            ("AUX.1", "_aux.1"),
            ("com7", "_com7"),
            ("company", "company"),
            ("v1/../../x", "v1-..-..-x"),
            ("-rf", "rf"),
            ("<img src=x>", "img-src-x"),
            ("...", "_"),
            ("", "_"),
            ("caf\u{65}\u{301}", "caf\u{e9}"),
            ("a:b?c*d|e\"f\\g", "a-b-c-d-e-f-g"),
            ("two  spaces", "two-spaces"),
        ] {
            assert_eq!(slug(name), expected, "{name}");
        }
    }

    #[test]
    fn long_names_stay_apart() {
        let (one, other) = (format!("{}1", "x".repeat(300)), format!("{}2", "x".repeat(300)));
        assert_ne!(slug(&one), slug(&other));
        assert!(slug(&one).len() <= 60);
    }

    #[test]
    fn both_names_of_a_collision_are_told() {
        let found = collisions(["v1/a", "v2", "v1-a", "V2"]);
        let pairs: Vec<_> =
            found.iter().map(|one| (one.first.as_str(), one.second.as_str())).collect();
        assert_eq!(pairs, [("v1/a", "v1-a"), ("v2", "V2")]);
    }
}
