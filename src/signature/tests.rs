//! Signatures that OpenSSH made and found good; `tests/signatures/keys/make.py` makes such.

use super::{AllowedSigners, GIT, Keys, PublicKey, Signature, Why, verify};
use crate::pack::{People, people_toml};
use crate::source::RepoPath;

macro_rules! data {
    ($name:literal) => {
        include_str!(concat!("../../tests/signatures/keys/", $name))
    };
}

const MESSAGE: &str = data!("message");

/// Name, public key, signature.
const GOOD: [(&str, &str, &str); 6] = [
    ("ed25519", data!("ed25519.pub"), data!("ed25519.sig")),
    ("rsa", data!("rsa.pub"), data!("rsa.sig")),
    ("ecdsa-256", data!("ecdsa-256.pub"), data!("ecdsa-256.sig")),
    ("ecdsa-384", data!("ecdsa-384.pub"), data!("ecdsa-384.sig")),
    ("sk-ed25519", data!("sk-ed25519.pub"), data!("sk-ed25519.sig")),
    ("sk-ecdsa", data!("sk-ecdsa.pub"), data!("sk-ecdsa.sig")),
];

const ED25519: &str = data!("ed25519.pub");

/// The second of the commit in the message, 2026-01-01.
const WHEN: i64 = 1_767_225_600;

fn people(keys: &str) -> People {
    let bob = "[[person]]\nid = \"bob\"\nmail = \"bob@example.org\"\ngit_emails = [\"bob@home.example\"]\n";
    let eve = "[[person]]\nid = \"eve\"\nmail = \"eve@example.org\"\n";
    let text = format!("{bob}{keys}\n{eve}");
    let (people, findings) = people_toml::read(&RepoPath::new("people.toml"), text.as_bytes());
    assert_eq!(findings, [], "{text}");
    people
}

fn registry(key: &str, days: &str) -> Keys {
    Keys::of_registry(&people(&format!("keys = [{{ key = \"{}\"{days} }}]", key.trim())))
}

fn list(line: &str) -> Keys {
    let signers = AllowedSigners::read(line);
    assert_eq!(signers.unused, []);
    Keys::external(&signers, &people(""))
}

fn told(message: &str, signature: &str, author: &str, keys: &Keys) -> Signature {
    verify(message.as_bytes(), Some(signature.as_bytes()), author, GIT, keys, WHEN)
}

fn word(author: &str, keys: &Keys) -> &'static str {
    told(MESSAGE, data!("ed25519.sig"), author, keys).word()
}

#[test]
fn each_type_of_key_verifies_what_it_signed_and_nothing_else() {
    for (name, key, signature) in GOOD {
        let keys = registry(key, "");
        let good = told(MESSAGE, signature, "bob@example.org", &keys);
        assert_eq!(good.word(), "verified", "{name}");
        assert!(good.is_by("bob") && !good.is_by("eve"), "{name}");
        let other = MESSAGE.replace("Approve", "Reject");
        assert_eq!(told(&other, signature, "bob@example.org", &keys), Signature::Bad, "{name}");
    }
}

#[test]
fn any_byte_of_a_signature_that_changes_makes_it_bad_or_impossible_to_check() {
    for (name, key, signature) in GOOD {
        let keys = registry(key, "");
        let body = signature.find('\n').unwrap() + 1;
        for at in body..signature.rfind("\n-----END").unwrap() {
            let mut bytes = signature.as_bytes().to_vec();
            if bytes[at] == b'\n' {
                continue;
            }
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let text = String::from_utf8(bytes).unwrap();
            let word = told(MESSAGE, &text, "bob@example.org", &keys).word();
            assert!(matches!(word, "bad" | "unverifiable"), "{name} {at} {word}");
        }
    }
}

#[test]
fn what_cannot_be_checked_is_said_and_never_counts_as_unsigned() {
    let keys = registry(ED25519, "");
    let why = |signature| match told(MESSAGE, signature, "bob@example.org", &keys) {
        Signature::Unverifiable(why) => why,
        other => panic!("{other:?}"),
    };
    let unsupported = |what: &str| Why::Unsupported(what.to_owned());
    assert_eq!(why(data!("ecdsa-521.sig")), unsupported("ecdsa-sha2-nistp521"));
    assert_eq!(why(data!("rsa-short.sig")), unsupported("an RSA key of less than 2048 bits"));
    assert_eq!(why("-----BEGIN PGP SIGNATURE-----\n"), Why::OpenPgp);
    assert_eq!(why("-----BEGIN SIGNED MESSAGE-----\n"), Why::X509);
    assert_eq!(why("signed, Bob"), Why::UnknownFormat);
    let none = told(MESSAGE, data!("ed25519.sig"), "bob@example.org", &Keys::default());
    assert_eq!(none, Signature::Unverifiable(Why::NoKeys));
    let absent = verify(MESSAGE.as_bytes(), None, "bob@example.org", GIT, &keys, WHEN);
    assert_eq!(absent, Signature::Absent);
}

#[test]
fn a_signature_for_another_purpose_and_a_torn_one_are_bad() {
    let keys = registry(ED25519, "");
    let whole = data!("ed25519.sig");
    let torn = whole.replacen("U1NIU0lH", "", 1);
    assert_ne!(whole, torn);
    for signature in [data!("ed25519.other-purpose.sig"), &torn, "-----BEGIN SSH SIGNATURE-----\n"]
    {
        assert_eq!(told(MESSAGE, signature, "bob@example.org", &keys), Signature::Bad);
    }
}

#[test]
fn who_wrote_and_who_signed_are_compared_by_all_addresses_of_a_person() {
    let keys = registry(ED25519, "");
    assert_eq!(word("bob@home.example", &keys), "verified");
    assert_eq!(word("bob@HOME.example", &keys), "verified");
    let by_eve = told(MESSAGE, data!("ed25519.sig"), "eve@example.org", &keys);
    assert_eq!(by_eve.word(), "good-other-person");
    assert!(by_eve.is_by("bob"));
    assert_eq!(word("bob@example.org", &registry(data!("rsa.pub"), "")), "good-unknown-key");
}

#[test]
fn a_key_counts_from_its_first_to_its_last_day() {
    for (days, expected) in [
        ("", "verified"),
        (", from = \"2026-01-01\", until = \"2026-01-01\"", "verified"),
        (", until = \"2025-12-31\"", "expired-key"),
        (", from = \"2026-01-02\"", "expired-key"),
    ] {
        assert_eq!(word("bob@example.org", &registry(ED25519, days)), expected, "{days}");
    }
    let gone = format!("until = \"2025-06-30\"\nkeys = [{{ key = \"{}\" }}]", ED25519.trim());
    assert_eq!(word("bob@example.org", &Keys::of_registry(&people(&gone))), "expired-key");
}

#[test]
fn a_list_of_allowed_signers_counts_as_openssh_reads_it() {
    for (before, author, expected) in [
        ("bob@example.org", "bob@example.org", "verified"),
        ("bob@example.org", "bob@home.example", "good-other-person"),
        ("eve@example.org,bob@home.example", "bob@home.example", "verified"),
        ("*@example.org", "anybody@example.org", "verified"),
        ("*@example.org,!eve@example.org", "eve@example.org", "good-other-person"),
        ("b?b@example.org", "bob@example.org", "verified"),
        ("[ab]ob@example.org", "bob@example.org", "good-other-person"),
        ("bob@example.org namespaces=\"git,file\"", "bob@example.org", "verified"),
        ("bob@example.org namespaces=\"file\"", "bob@example.org", "good-unknown-key"),
        ("bob@example.org valid-before=\"20260101\"", "bob@example.org", "expired-key"),
        ("bob@example.org valid-before=\"20260101000001Z\"", "bob@example.org", "verified"),
        ("bob@example.org valid-after=\"202601010001\"", "bob@example.org", "expired-key"),
    ] {
        let keys = list(&format!("# who may sign\n\n{before} {ED25519}"));
        assert_eq!(word(author, &keys), expected, "{before} {author}");
    }
}

#[test]
fn a_key_for_many_addresses_leads_to_the_author_or_to_nobody() {
    let keys = list(&format!("*@example.org {ED25519}"));
    let told = |author| told(MESSAGE, data!("ed25519.sig"), author, &keys);
    assert!(told("bob@example.org").is_by("bob"));
    let other = told("bob@home.example");
    assert_eq!(other.word(), "good-other-person");
    assert_eq!(other.signer().unwrap().person, None);
}

#[test]
fn lines_that_count_for_nothing_are_told_with_their_number() {
    let p521 = data!("ecdsa-521.pub").trim();
    let key = ED25519.trim();
    let text = format!(
        "bob@example.org {key}\nca@example.org cert-authority {key}\nbob@example.org {p521}\nbob@example.org\nbob@example.org valid-after=\"soon\" {key}\nbob@example.org no-touch {key}\n"
    );
    let unused = AllowedSigners::read(&text).unused;
    let lines: Vec<usize> = unused.iter().map(|one| one.line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6]);
    for (one, part) in
        unused.iter().zip(["cert-authority", "nistp521", "no public key", "soon", "no-touch"])
    {
        assert!(one.why.contains(part), "{one:?}");
    }
}

#[test]
fn fingerprints_are_those_that_openssh_shows() {
    let key = PublicKey::read(ED25519).unwrap();
    assert_eq!(key.fingerprint(), "SHA256:+sTShkWvOTZvOBWTbXmkH5RRGApODLc7Swepmq3FK9I");
}
