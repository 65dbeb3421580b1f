//! Names that mean the same on every file system: short ones for folders of packs and versions, and the parts of a path,
//! which keep what the author wrote. No IO here.

use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization;

/// Bytes of a slug before a digest takes over.
const LONGEST_SLUG: usize = 64;

/// Bytes of a part of a path before a digest takes over.
const LONGEST_PART: usize = 120;

/// Names that Windows keeps for devices, with any extension; `com` and `lpt` with a digit behind them.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
const PORTS: [&str; 2] = ["com", "lpt"];

/// Makes a portable folder name: NFC, lower case, letters, digits, `.`, `_` and single `-`; no name that Windows
/// reserves; a long name ends in a digest of the whole.
pub fn slug(name: &str) -> String {
    let folded = crate::pack::route::folded(name);
    let mut slug = String::new();
    for letter in folded.chars() {
        match letter {
            letter if letter.is_alphanumeric() || matches!(letter, '.' | '_') => slug.push(letter),
            _ if slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    let slug = slug.trim_matches(['-', '.']);
    let slug =
        if slug.is_empty() || is_reserved(slug) { format!("_{slug}") } else { slug.to_owned() };
    shortened(slug, LONGEST_SLUG, &name.nfc().collect::<String>())
}

/// Makes one part of a path valid on every common file system; other letters stay as they are.
pub fn portable(part: &str) -> String {
    let mut name = String::with_capacity(part.len());
    for letter in part.chars() {
        if letter.is_control() || r#"<>:"|?*\/"#.contains(letter) {
            _ = write!(name, "_{:02x}", u32::from(letter));
        } else {
            name.push(letter);
        }
    }
    let trimmed = name.trim_end_matches(['.', ' ']).len();
    if trimmed < name.len() || name.is_empty() {
        name.truncate(trimmed);
        name.push('_');
    }
    if is_reserved(&name) {
        name.insert(0, '_');
    }
    let whole = name.clone();
    shortened(name, LONGEST_PART, &whole)
}

/// Tells whether Windows keeps a name for a device, with any extension and in any case.
pub fn is_reserved(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().trim_end();
    let numbered = PORTS.iter().any(|port| match stem.as_bytes() {
        [name @ .., b'0'..=b'9'] => name.eq_ignore_ascii_case(port.as_bytes()),
        _ => false,
    });
    numbered || DEVICES.iter().any(|device| stem.eq_ignore_ascii_case(device))
}

/// Cuts a long name and adds a digest of the whole, so that two long names stay two.
fn shortened(name: String, longest: usize, whole: &str) -> String {
    if name.len() <= longest {
        return name;
    }
    let mut end = longest - 17;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    let digest = blake3::hash(whole.as_bytes()).to_hex();
    format!("{}-{}", name[..end].trim_end_matches(['-', '.']), &digest[..16])
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
        assert!(slug(&one).len() <= 64);
        let long = |letter: &str| portable(&format!("{}{letter}", "é".repeat(150)));
        assert!(long("a").len() <= 120 && long("a") != long("b"));
    }

    #[test]
    fn parts_of_paths_keep_their_letters() {
        for (part, expected) in [
            ("RB-002 Roll back", "RB-002 Roll back"),
            ("c?", "c_3f"),
            ("a/b", "a_2fb"),
            ("Con", "_Con"),
            ("com1.txt", "_com1.txt"),
            ("com10", "com10"),
            ("x. .", "x_"),
            ("..", "_"),
            ("", "_"),
        ] {
            assert_eq!(portable(part), expected, "{part}");
        }
    }
}
