//! What somebody who is called at night reads: who decided, what changed after that, whom to call, and what is newest.

use std::collections::BTreeMap;

use crate::lab::{Lab, built, text_of};

type Site = BTreeMap<String, Vec<u8>>;

const PEOPLE: &str = "[[person]]\nid = \"ana\"\nname = \"Ana Diaz\"\nphone = \"+1 555 555 0100\"\n\n\
    [[person]]\nid = \"bo\"\nname = \"Bo Lund\"\nphone = \"+1 555 555 0101\"\n\n\
    [[person]]\nid = \"cy\"\nname = \"Cy Roth\"\n";

const SUPPORT: &str = "---\nid: SUP-1\nkind: support\ntitle: Support of tea\nstatus: approved\nowner: ana\n\
    support_hours: weekdays 08:00-18:00\n---\n# Support of tea\n\n## Escalation\n\n\
    | Step | After | Who | How |\n|---|---|---|---|\n\
    | 1 | 15 min | second on call | phone |\n| 2 | 15 min | Ana Diaz | phone |\n| 3 | 1 h | the night desk | phone |\n\n\
    ## On call\n\n| From | To | Primary | Secondary |\n|---|---|---|---|\n\
    | 2026-05-01 | 2026-05-03 | ana | bo |\n| 2026-05-04 | 2026-05-31 | bo | cy |\n";

/// A pack with one document of each sort that matters here, tagged, and then changed.
fn lab() -> Lab {
    let lab = Lab::new();
    lab.write(
        "book.toml",
        "[book]\ntitle = \"H\"\n\n[versions]\ntags = [\"v*\"]\nbranches = [\"main\"]\n",
    );
    lab.write("people.toml", PEOPLE);
    lab.write(
        "tea/pack.toml",
        "id = \"tea\"\ntitle = \"Tea\"\nprofiles = [\"day-zero\"]\nowner = \"ana\"\n",
    );
    lab.write("tea/waivers/WVR-001.md", "---\nid: WVR-001\nkind: waiver\ntitle: No lid\nstatus: granted\nowner: bo\nwaives: [PH-16]\ngranted_by: ana\nexpires: 2026-06-01\n---\n# No lid\n\nText.\n");
    lab.write("tea/support/SUP-1.md", SUPPORT);
    lab.write("tea/runbooks/RB-001.md", "---\nid: RB-001\nkind: runbook\ntitle: Boil water\nstatus: approved\nowner: ana\nescalation: SUP-1\n---\n# Boil water\n\n## Act\n\n1. Fill the kettle with cold water to the mark.\n");
    lab.write("tea/changes/CHG-001.md", &change("CHG-001", "closed", "A new kettle."));
    lab.write("tea/changes/CHG-002.md", &change("CHG-002", "approved", "A new cup."));
    lab.write("tea/changes/CHG-003.md", &change("CHG-003", "approved", "A new spoon."));
    lab.commit("Start");
    lab.git(&["tag", "v1"]);
    lab.write("tea/changes/CHG-002.md", &change("CHG-002", "approved", "Two new cups."));
    lab.commit("Two cups");
    lab
}

fn change(id: &str, status: &str, text: &str) -> String {
    format!(
        "---\nid: {id}\nkind: change\ntitle: Change {id}\nstatus: {status}\nowner: ana\n---\n# Change {id}\n\n{text}\n"
    )
}

/// The words of a page, one space between them.
fn words(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, words)| words));
        text.push(' ');
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn who_recorded_a_decision_is_not_who_made_it() {
    let site = built(&lab().root, &[]);
    let waiver = words(&text_of(&site, "tea/main/waivers/WVR-001.html"));
    assert!(waiver.contains("granted by Ana Diaz , as the document says"), "{waiver}");
    assert!(waiver.contains("recorded by "), "{waiver}");
    let log = words(&text_of(&site, "tea/main/decision-log.html"));
    assert!(log.contains("granted by Ana Diaz , as the document says"), "{log}");
    assert!(log.contains("Recorded by") && !log.contains(" Who Landed"), "{log}");
}

#[test]
fn what_changed_after_it_was_approved_says_so_wherever_its_state_is_shown() {
    let site = built(&lab().root, &[]);
    let state = "approved, then changed";
    let shown = ["changes/CHG-002.html", "kinds/change.html", "index.html", "contents.html"];
    for route in shown {
        assert!(text_of(&site, &format!("tea/main/{route}")).contains(state), "{route}");
        assert!(!text_of(&site, &format!("tea/v1/{route}")).contains(state), "{route} of v1");
    }
    assert!(!text_of(&site, "tea/main/changes/CHG-003.html").contains(state));
    assert!(text_of(&site, "tea/main/decision-log.html").contains("then changed</span>"));
    assert!(text_of(&site, "tea/main/nav.js").contains("then changed"));
    assert!(text_of(&site, "tea/main/badges/documents/chg-002.svg").contains(state));
    assert!(text_of(&site, "search/d-0.js").contains(state));
}

#[test]
fn a_change_that_is_closed_is_not_counted_as_in_force() {
    let site = built(&lab().root, &[]);
    let kind = words(&text_of(&site, "tea/main/kinds/change.html"));
    assert!(kind.contains("1 closed · 1 approved · 1 approved, then changed"), "{kind}");
    let overview = words(&text_of(&site, "tea/main/index.html"));
    let each = "CHG-001 Change CHG-001 closed CHG-002 Change CHG-002 approved, then changed";
    assert!(overview.contains(each), "{overview}");
    assert!(!overview.contains("in force"), "{overview}");
}

#[test]
fn the_root_says_what_a_branch_holds_that_is_newer_than_the_published_version() {
    let site = built(&lab().root, &[]);
    for route in ["index.html", "tea/index.html"] {
        let text = words(&text_of(&site, route));
        assert!(
            text.contains(
                "main holds 1 document new or changed since the published version, last CHG-002 on "
            ),
            "{text}"
        );
    }
    assert!(!text_of(&site, "tea/v1/index.html").contains("CHG-002 on"));
    assert!(text_of(&site, "tea/v1/version.css").contains("v1 (published)"));
}

#[test]
fn hours_are_told_with_who_answers_outside_of_them_and_no_page_knows_the_time() {
    let lab = lab();
    let hours = |site: &Site| {
        ["index.html", "whom-to-call.html", "runbooks/RB-001.html"].map(|route| {
            let html = text_of(site, &format!("tea/main/{route}"));
            let start = html.find("<p class=\"hours\"").expect("hours");
            html[start..html.find("<ol class=\"ladder\"").expect("a ladder")].to_owned()
        })
    };
    for part in hours(&built(&lab.root, &[])) {
        assert!(part.contains("Nothing says who answers outside these hours"), "{part}");
        assert!(!part.contains("data-spans"), "no time zone is known: {part}");
    }
    let zoned = "id = \"tea\"\ntitle = \"Tea\"\ntimezone = \"Europe/Oslo\"\n";
    lab.write("tea/pack.toml", zoned);
    let outside = "support_hours: Mon 08:00-18:00, Sun 22:00-02:00\nout_of_hours: the night desk, +1 555 555 0199";
    lab.write(
        "tea/support/SUP-1.md",
        &SUPPORT.replace("support_hours: weekdays 08:00-18:00", outside),
    );
    lab.commit("Say who answers at night");
    for part in hours(&built(&lab.root, &[])) {
        assert!(
            part.contains("data-spans=\"480-1080 9960-10200\" data-zone=\"Europe/Oslo\""),
            "{part}"
        );
        assert!(words(&part).contains("Sun 22:00-02:00 Europe/Oslo"), "{part}");
        assert!(
            words(&part).contains("Outside these hours: the night desk, +1 555 555 0199"),
            "{part}"
        );
    }
    lab.write("tea/support/SUP-1.md", &SUPPORT.replace("weekdays 08:00-18:00", "24x7"));
    lab.commit("Always");
    for part in hours(&built(&lab.root, &[])) {
        assert!(!part.contains("outside") && !part.contains("data-spans"), "{part}");
    }
}

#[test]
fn every_step_of_the_ladder_gives_a_number_or_says_that_there_is_none() {
    let site = built(&lab().root, &[]);
    for route in ["index.html", "whom-to-call.html", "runbooks/RB-001.html"] {
        let html = text_of(&site, &format!("tea/main/{route}"));
        assert!(html.contains("<li data-from=\"2026-05-01\" data-to=\"2026-05-03\">"), "{html}");
        assert!(
            html.contains("<a class=\"call\" href=\"tel:+15555550101\">+1 555 555 0101</a>"),
            "{html}"
        );
        let text = words(&html);
        assert!(text.contains("Cy Roth no number written down"), "{text}");
        assert!(text.contains("Ana Diaz phone Ana Diaz +1 555 555 0100"), "{text}");
        assert!(text.contains("the night desk phone no number written down"), "{text}");
    }
    let overview = words(&text_of(&site, "tea/main/index.html"));
    assert!(overview.contains("Support hours: weekdays 08:00-18:00"), "{overview}");
    assert!(
        overview.contains("No freeze and no change window is written down. Ask Ana Diaz"),
        "{overview}"
    );
    assert!(text_of(&site, "tea/main/runbooks/RB-001.html").contains("href=\"#act\">Go to step 1"));
}

#[test]
fn whoever_cannot_be_called_keeps_the_pack_from_being_ready() {
    let lab = lab();
    let reason = |lab: &Lab| {
        let json = text_of(&built(&lab.root, &[]), "tea/main/completeness.json");
        let all: serde_json::Value = serde_json::from_str(&json).unwrap();
        let text = all.to_string();
        let start = text.find("no telephone number is written down for");
        start.map(|start| text[start..].split('"').next().unwrap().to_owned())
    };
    assert_eq!(
        reason(&lab).as_deref(),
        Some("no telephone number is written down for `second on call`")
    );
    lab.write("tea/support/SUP-1.md", &SUPPORT.replace("bo | cy", "bo | ana"));
    lab.commit("Ana stands in");
    assert_eq!(
        reason(&lab).as_deref(),
        Some("no telephone number is written down for `the night desk`")
    );
    lab.write(
        "tea/support/SUP-1.md",
        &SUPPORT.replace("bo | cy", "bo | ana").replace("desk | phone", "desk | +1 555 555 0199"),
    );
    lab.commit("The number of the night desk");
    assert_eq!(reason(&lab), None);
}

#[test]
fn a_role_that_is_held_in_turn_names_everybody_with_their_days() {
    let lab = lab();
    lab.write(
        "people.toml",
        &format!("{PEOPLE}\n[[role]]\nid = \"service-owner\"\ntitle = \"Service owner\"\n"),
    );
    lab.write(
        "tea/pack.toml",
        "id = \"tea\"\ntitle = \"Tea\"\nowner = \"ana\"\n\n[roles]\nservice-owner = [{ person = \"ana\", until = 2026-05-31 }, { person = \"bo\", from = 2026-06-01 }]\n",
    );
    let step = SUPPORT.replace("the night desk", "service owner");
    lab.write("tea/support/SUP-1.md", &step);
    lab.commit("Hand the role over");
    let site = built(&lab.root, &[]);
    let overview = words(&text_of(&site, "tea/main/index.html"));
    assert!(overview.contains("Ana Diaz until 31 May 2026, Bo Lund from 1 Jun 2026"), "{overview}");
    let people = words(&text_of(&site, "tea/main/whom-to-call.html"));
    assert!(people.contains("Service owner until 31 May 2026"), "{people}");
    assert!(people.contains("Service owner from 1 Jun 2026"), "{people}");
    let html = text_of(&site, "tea/main/whom-to-call.html");
    assert!(html.contains("data-from=\"2026-06-01\" data-to=\"9999-12-31\""), "{html}");
    assert!(html.contains("data-from=\"\" data-to=\"2026-05-31\""), "{html}");
}
