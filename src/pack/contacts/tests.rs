//! Ways to write addresses and numbers, and what only looks like them.

use super::*;
use crate::pack::people_toml;

const PEOPLE: &[u8] = b"[[person]]\nid = \"ana\"\nmail = \"Ana.Diaz@Example.org\"\ngit_emails = [\"ana@intranet\"]\nphone = \"+49 (0)30 901820\"\n[[team]]\nid = \"t\"\nduty_phone = \"01 555 01 99\"\n";

fn dots(text: &str) -> String {
    let mut dots = String::new();
    push_cover(&mut dots, text);
    dots
}

fn covered(text: &str) -> String {
    let (people, findings) = people_toml::read(&RepoPath::new("people.toml"), PEOPLE);
    assert!(findings.is_empty(), "{findings:?}");
    let contacts = Contacts::new(&people, Audience::Public);
    let covered = contacts.cover(text);
    assert_eq!(covered.len(), text.len(), "{text}");
    assert_eq!(contacts.cover(&covered), covered, "{text}");
    assert!(matches!(Contacts::new(&people, Audience::Internal).cover(text), Cow::Borrowed(_)));
    covered.into_owned()
}

#[test]
fn addresses_are_covered_however_they_are_written() {
    for address in [
        "ana.diaz@example.org",
        "ANA.DIAZ@EXAMPLE.ORG",
        "ana@intranet",
        "x_y+z@mail.example.co.uk",
        "jo\u{eb}l@b\u{fc}ro.de",
        "ana.diaz&#64;example.org",
        "ana.diaz&#x40;example&period;org",
        "ana.diaz&commat;example.org",
        "ana.diaz\\@example.org",
        "ana%2Ediaz%40example.org",
        "ana.diaz\\u0040example.org",
        "ana.diaz\u{ff20}example.org",
        "an\u{ad}a.diaz@exam\u{200b}ple.org",
        "o'brien@example.org",
        "&#97;na.diaz@example.org",
        "ana**.diaz**@example.org",
    ] {
        for (before, after) in
            [("", ""), ("(", ")"), ("[x](mailto:", ")"), ("\"", "\","), ("a ", ". B"), ("| ", " |")]
        {
            let shown = covered(&format!("{before}{address}{after}"));
            assert_eq!(shown, format!("{before}{}{after}", dots(address)));
        }
    }
    assert_eq!(covered("Ana <a@example.org>."), format!("Ana {}.", dots("<a@example.org>")));
}

#[test]
fn registered_numbers_are_covered_however_they_are_written() {
    for number in [
        "+49 30 901820",
        "+4930901820",
        "0049 30 901820",
        "004930901820",
        "030 901820",
        "030901820",
        "030/90 18 20",
        "(030) 901-820",
        "030-9018-20",
        "+49 (0) 30 90 18 20",
        "+49(0)30-901820",
        "030.901.820",
        "030\u{a0}901\u{202f}820",
        "030&nbsp;901&#45;820",
        "+49\u{2011}30\u{2013}901820",
        "901820",
        "030\n901820",
        "%2B4930901820",
        "\u{ff10}30901820",
        "01 555 0199",
        "+353 1 555 0199",
        "1-555-0199",
    ] {
        let shown = covered(&format!("Ask {number}, please"));
        assert!(!shown.contains(|sign: char| sign.is_ascii_digit()), "{number}: {shown}");
        assert!(shown.starts_with("Ask ") && shown.ends_with(", please"), "{number}: {shown}");
    }
}

#[test]
fn numbers_of_others_are_covered_where_they_are_plainly_numbers_to_dial() {
    for text in [
        "Ring +1 (212) 555-0142 now",
        "Ring 0044 20 7946 0958 now",
        "[x](tel:2125550142)",
        "Phone: 212 555 0142",
        "phone: \"212 555 0142\"",
        "Tel. 212/5550142",
        "**Mobile:** 2125550142",
        "| Phone | 212 555 0142 |",
        "phone number is 2125550142",
        "duty_phone = '212 555 0142'",
        "phones: [2125550142, 2125550143]",
        "| Name | Phone |\n|---|---|\n| Jo | 212 555 0142 |\n",
        "Name | Tel.\n--- | ---\nJo | 212 555 0142\n",
    ] {
        let shown = covered(text);
        assert!(!shown.contains(|sign: char| sign.is_ascii_digit()), "{shown}");
    }
}

#[test]
fn what_is_neither_stays() {
    for text in [
        "2026-05-04 06:30, v1.2.3, 10.0.0.1, 1 000 000 records, 0.24 M, ISO 27001, port 8080",
        "git@github.com:acme/tea.git, actions/checkout@v4, logo@2x.png, @app.route, a@b, x @ y",
        "https://user@git.example.org/x and https://example.org/@ana and 212 555 0142",
        "RB-001, CHG-20260504, 3f2504e0, 0x901820ff, a901820, 901820b, 0000-0000",
        "| Step | Minutes |\n|---|---|\n| 1 | 100000 |\n",
        "a\u{301} &amp; &lt; 100% \\* \\n \\u12 %zz &#x110000; &#;",
    ] {
        assert_eq!(covered(text), text);
    }
}
