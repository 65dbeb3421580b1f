//! Verdicts that read the history: who agreed to which text, and what was so before the trial began.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::lab::{Lab, command, run};

const PEOPLE: &str = "[[person]]\nid = \"ana\"\nname = \"Ana\"\nmail = \"ana@example.org\"\n
[[person]]\nid = \"bob\"\nname = \"Bob\"\nmail = \"bob@example.org\"\n
[[person]]\nid = \"cyn\"\nname = \"Cyn\"\nmail = \"cyn@example.org\"\n";

const PACK: &str = "id = \"tea\"\nprofiles = [\"own\"]\nowner = \"ana\"\nbuild_start = \"2026-01-10\"\n
[roles]\nservice-owner = \"ana\"\nsecurity = \"bob\"\nsponsor = [{ person = \"cyn\", from = 2025-12-05 }]\n";

const OWN: &str = r#"
id = "own"
[[gate]]
id = "ONE"
title = "First"
[[requirement]]
id = "STATUS"
statement = "The notes are approved"
need = [{ kind = "security", status = ["approved"] }]
[[requirement]]
id = "ROLE"
statement = "Security agreed to them"
need = [{ kind = "security", approved-by = ["security"] }]
[[requirement]]
id = "BOTH"
statement = "Security and the sponsor agreed"
need = [{ kind = "security", approved-by = ["security", "sponsor"] }]
[[requirement]]
id = "FIRST"
statement = "They were approved before the trial began"
need = [{ kind = "security", status = ["approved"], before = "activation" }]
[[requirement]]
id = "BUILD"
statement = "There was a sponsor before the build"
need = [{ roles = ["sponsor"], before = "build-start" }]
[[requirement]]
id = "SILENT"
statement = "Nothing stands against approvals"
need = [{ no-findings = ["approval.stale", "approval.claimed", "approval.self"] }]
[[requirement]]
id = "ERRORS"
statement = "There are no errors in approvals or criteria"
need = [{ no-findings = ["criteria"] }]
[[requirement]]
id = "GATE"
statement = "They were approved before the gate"
need = [{ kind = "security", status = ["approved"], before = "gate:ONE" }]
[[requirement]]
id = "LIVE"
statement = "There was a sponsor before anything went live"
need = [{ roles = ["sponsor"], before = "first-production-change" }]
[[requirement]]
id = "WAIVED"
statement = "There is a calendar"
need = [{ kind = "support", status = ["approved"] }]
"#;

const NOTES: &str = "tea/security.md";
const CHANGE: &str = "tea/change.md";

fn notes(status: &str, text: &str) -> String {
    format!(
        "---\nid: SEC-1\nkind: security\ntitle: Notes\nstatus: {status}\napprovers: [bob]\n---\n\n# Notes\n\n{text}\n"
    )
}

fn change(status: &str) -> String {
    format!(
        "---\nid: CHG-001\nkind: change\ntitle: Switch it on\nstatus: {status}\nactivation: true\n---\n\n# Switch it on\n"
    )
}

/// A repository whose days go on with each commit.
struct Story {
    lab: Lab,
    day: u32,
}

impl Story {
    /// Ana wrote notes and plans a change.
    fn begin() -> Self {
        let story = Self { lab: Lab::new(), day: 0 };
        story.lab.write("people.toml", PEOPLE);
        story.lab.write("tea/pack.toml", PACK);
        story.lab.write("profiles/own.toml", OWN);
        story.lab.write(NOTES, &notes("draft", "Badges open the doors."));
        story.lab.write(CHANGE, &change("scheduled"));
        story.by("Ana", "Begin")
    }

    fn write(self, path: &str, text: &str) -> Self {
        self.lab.write(path, text);
        self
    }

    /// Commits everything, a day after the last commit.
    fn by(mut self, name: &str, message: &str) -> Self {
        self.day += 1;
        let day = format!("2026-01-{:02}T12:00:00Z", self.day);
        self.lab.git(&["add", "-A"]);
        let mut commit = command(&self.lab.root, &["commit", "-q", "--allow-empty", "-m", message]);
        for role in ["AUTHOR", "COMMITTER"] {
            commit.env(format!("GIT_{role}_NAME"), name);
            commit.env(format!("GIT_{role}_EMAIL"), format!("{}@example.org", name.to_lowercase()));
            commit.env(format!("GIT_{role}_DATE"), &day);
        }
        assert!(commit.status().unwrap().success());
        self
    }

    fn approved(self, name: &str) -> Self {
        let address = format!("{}@example.org", name.to_lowercase());
        let message = format!("Agree\n\nDecision: SEC-1 approved\nApproved-by: {name} <{address}>");
        self.write(NOTES, &notes("approved", "Badges open the doors.")).by(name, &message)
    }

    fn switched_on(self) -> Self {
        self.write(CHANGE, &change("implementing")).by("Ana", "Switch it on")
    }

    fn told(&self) -> Told {
        told(&self.lab)
    }
}

/// What became of each requirement, with the reason.
type Told = BTreeMap<String, (String, String)>;

fn told(lab: &Lab) -> Told {
    let output = run(&lab.root, &["check", "--format", "json", "--as-of", "2026-02-01"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let requirements = report["verdicts"][0]["requirements"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let one = |it: &Value| (text(&it["id"]), (text(&it["outcome"]), text(&it["reason"])));
    requirements.iter().map(one).collect()
}

/// Compares the outcomes of some requirements: `STATUS met, ROLE unmet: SEC-1: the security has ...`.
fn expect(told: &Told, wanted: &[(&str, &str, &str)]) {
    for (id, outcome, reason) in wanted {
        let (found, why) = &told[*id];
        assert_eq!((found.as_str(), why.contains(reason)), (*outcome, true), "{id}: {why}");
    }
}

#[test]
fn whom_the_history_shows_counts_and_whom_a_status_claims_does_not() {
    let claimed = Story::begin().write(NOTES, &notes("approved", "Badges open the doors."));
    expect(
        &claimed.told(),
        &[
            ("STATUS", "unknown", "has not landed"),
            ("ROLE", "unmet", "the security has not approved it"),
        ],
    );
    let claimed = claimed.by("Ana", "Say so");
    expect(
        &claimed.told(),
        &[
            ("STATUS", "unmet", "nobody is recorded who approved it"),
            ("ROLE", "unmet", "the security has not approved it"),
            ("SILENT", "unmet", "nobody is recorded who approved it"),
        ],
    );
    let approved = claimed.approved("Bob");
    expect(
        &approved.told(),
        &[
            ("STATUS", "met", "SEC-1"),
            ("ROLE", "met", "SEC-1"),
            ("BOTH", "unmet", "the sponsor has not approved it"),
            ("SILENT", "met", ""),
        ],
    );
    expect(&approved.approved("Cyn").told(), &[("BOTH", "met", "SEC-1")]);
}

#[test]
fn who_wrote_the_text_or_holds_another_role_does_not_count() {
    let own = Story::begin().write(NOTES, &notes("draft", "Badges open all doors."));
    let own = own.by("Bob", "All doors");
    let own = own.write(NOTES, &notes("approved", "Badges open all doors."));
    let own =
        own.by("Bob", "Agree\n\nDecision: SEC-1 approved\nApproved-by: Bob <bob@example.org>");
    expect(
        &own.told(),
        &[
            ("STATUS", "unmet", "nobody is recorded"),
            ("ROLE", "unmet", "the security has not approved it"),
        ],
    );
    let other = Story::begin().approved("Cyn");
    expect(&other.told(), &[("ROLE", "unmet", "the security has not approved it")]);
    // A role that somebody gets with the very change that they approve counts for nothing.
    let appointed = Story::begin().write("tea/pack.toml", &PACK.replace("\"bob\"", "\"cyn\""));
    expect(
        &appointed.approved("Cyn").told(),
        &[("ROLE", "unmet", "the security has not approved it")],
    );
}

#[test]
fn one_person_does_not_agree_for_two_roles() {
    let pack = PACK.replace("security = \"bob\"", "security = \"cyn\"");
    let story =
        Story::begin().write("tea/pack.toml", &pack).by("Ana", "Cyn does both").approved("Cyn");
    expect(
        &story.told(),
        &[("ROLE", "met", "SEC-1"), ("BOTH", "unmet", "one person approved it for several roles")],
    );
}

#[test]
fn a_text_that_changed_is_stale_and_one_that_came_back_is_not() {
    let changed =
        Story::begin().approved("Bob").write(NOTES, &notes("approved", "Doors are open."));
    expect(
        &changed.told(),
        &[
            ("STATUS", "stale", "it changed, after it was approved"),
            ("ROLE", "stale", "it changed"),
        ],
    );
    let changed = changed.by("Ana", "Open the doors");
    expect(
        &changed.told(),
        &[
            ("STATUS", "stale", "it changed on 2026-01-03, after it was approved"),
            ("ROLE", "stale", "the security approved it, and it changed on 2026-01-03"),
            ("SILENT", "unmet", "was changed on 2026-01-03 by Ana, after Bob approved it"),
        ],
    );
    let back = changed.write(NOTES, &notes("approved", "Badges open the doors."));
    expect(&back.by("Ana", "Close them").told(), &[("STATUS", "met", ""), ("ROLE", "met", "")]);
}

#[test]
fn what_had_to_be_first_is_compared_by_landings() {
    let before = Story::begin().approved("Bob");
    expect(&before.told(), &[("FIRST", "met", "SEC-1")]);
    expect(&before.switched_on().told(), &[("FIRST", "met", "SEC-1")]);
    let after = Story::begin().switched_on().approved("Bob");
    expect(
        &after.told(),
        &[("FIRST", "unmet", "it was approved on 2026-01-03, after activation on 2026-01-02")],
    );
    let together = Story::begin().write(CHANGE, &change("implementing")).approved("Bob");
    expect(&together.told(), &[("FIRST", "unknown", "landed together with activation")]);
    expect(&together.told(), &[("BUILD", "met", "Cyn holds the role")]);
    let late = PACK.replace("2025-12-05", "2026-01-11");
    let late = Story::begin().write("tea/pack.toml", &late);
    expect(
        &late.told(),
        &[("BUILD", "unmet", "since 2026-01-11, and build start was on 2026-01-10")],
    );
    let unsaid = late.write("tea/pack.toml", &PACK.replace("build_start", "start"));
    expect(&unsaid.told(), &[("BUILD", "unknown", "`build_start` is not in pack.toml")]);
}

#[test]
fn what_had_to_be_before_a_gate_or_the_first_change_is_told() {
    let decision = "---\nid: DEC-1\nkind: decision\ntitle: Go\nstatus: accepted\ntype: gate\ngate: one\noutcome: pass\ndecided_on: 2026-01-03\n---\n\n# Go\n";
    let decide = |story: Story| story.write("tea/go.md", decision).by("Ana", "Go");
    expect(&Story::begin().approved("Bob").told(), &[("GATE", "met", "SEC-1")]);
    expect(&decide(Story::begin().approved("Bob")).told(), &[("GATE", "met", "SEC-1")]);
    let late = decide(Story::begin()).approved("Bob");
    let why = "it was approved on 2026-01-03, after the decision at ONE on 2026-01-02";
    expect(&late.told(), &[("GATE", "unmet", why)]);
    let against = decision.replace("outcome: pass", "outcome: fail");
    let open = Story::begin().write("tea/go.md", &against).by("Ana", "No").approved("Bob");
    expect(&open.told(), &[("GATE", "met", "SEC-1")]);
    let live = change("closed")
        .replace("---\n\n", "deployed_at: 2025-12-01\noutcome: successful\n---\n\n");
    let live = Story::begin().write(CHANGE, &live).by("Ana", "Done");
    let why = "somebody is sponsor since 2025-12-05, and first production change was on 2025-12-01";
    expect(&live.told(), &[("LIVE", "unmet", why)]);
    expect(&open.told(), &[("LIVE", "met", "Cyn holds the role")]);
}

#[test]
fn a_shallow_clone_knows_less_and_nothing_better() {
    let story = || {
        let story = Story::begin().approved("Bob").switched_on();
        story.write(NOTES, &notes("approved", "Doors are open.")).by("Ana", "Open")
    };
    let whole = story().told();
    expect(&whole, &[("STATUS", "stale", ""), ("FIRST", "stale", ""), ("ERRORS", "met", "")]);
    for depth in 1..4 {
        let known = told(&story().lab.shallow(depth));
        for (id, (outcome, why)) in &known {
            let same = *outcome == whole[id].0;
            assert!(same || outcome == "unknown", "depth {depth}, {id}: {outcome}: {why}");
        }
        expect(&known, &[("ERRORS", "unknown", "this clone lacks some of the history")]);
    }
}

#[test]
fn a_waiver_that_nobody_approved_covers_nothing() {
    let waiver = |status: &str| {
        format!(
            "---\nid: WVR-1\nkind: waiver\ntitle: Later\nstatus: {status}\nwaives: [WAIVED]\nexpires: 2026-03-01\nrequested_by: ana\ngranted_by: bob\napprovers: [bob]\n---\n\n# Later\n"
        )
    };
    let claimed =
        Story::begin().write("tea/waivers/WVR-1.md", &waiver("granted")).by("Ana", "Waive");
    expect(
        &claimed.told(),
        &[("WAIVED", "unmet", "WVR-1 covers nothing: nobody is recorded who approved it")],
    );
    let message = "Grant\n\nDecision: WVR-1 granted\nApproved-by: Bob <bob@example.org>";
    expect(&claimed.by("Bob", message).told(), &[("WAIVED", "waived", "")]);
}

#[test]
fn a_pack_that_waits_for_its_decision_is_dormant_after_thirty_days() {
    let pack = |more: &str| PACK.replace("owner =", &format!("{more}\nowner ="));
    let found = |story: &Story, day: &str| {
        let output = run(&story.lab.root, &["check", "--format", "json", "--as-of", day]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let all = report["findings"].as_array().unwrap();
        let quiet = all.iter().find(|one| one["rule"] == "pack.dormant")?;
        Some((quiet["line"].as_u64(), quiet["message"].as_str().unwrap().to_owned()))
    };
    // The last landing is of 1 January.
    let story = Story::begin().write("tea/pack.toml", &pack("decision_by = \"2026-03-01\""));
    let message =
        "no document of tea changed for 30 days, and it is to be decided on by 2026-03-01";
    assert_eq!(found(&story, "2026-01-31"), Some((Some(3), message.to_owned())));
    assert_eq!(found(&story, "2026-01-30"), None, "not yet");
    assert_eq!(found(&story, "2026-03-02"), None, "that its day is over is told otherwise");
    let open = Story::begin().write("tea/pack.toml", &pack(""));
    assert_eq!(found(&open, "2026-02-20"), None, "nobody says when it is decided on");
}

#[test]
fn operations_that_take_no_part_are_told_as_long_as_they_do_not() {
    let people = format!("{PEOPLE}\n[[team]]\nid = \"desk\"\nside = \"operations\"\n");
    let people = people.replace("id = \"bob\"", "id = \"bob\"\nteam = \"desk\"");
    let absent = |lab: &Lab| {
        let output = run(&lab.root, &["check", "--as-of", "2026-02-01"]);
        crate::lab::words(&output).contains("people.ops-absent")
    };
    let pack = PACK.replace("owner =", "stage = \"pilot\"\nowner =");
    let begun = || Story::begin().write("tea/pack.toml", &pack).write("people.toml", &people);
    let story = begun().by("Ana", "Who is who");
    assert!(absent(&story.lab));
    assert!(!absent(&story.approved("Bob").lab), "one of them approved something");
    let wrote = begun().write("tea/page.md", "# Page\n").by("Bob", "A page");
    assert!(!absent(&wrote.lab), "one of them wrote something");
    assert!(!absent(&begun().write("people.toml", PEOPLE).lab), "there are none");
    assert!(!absent(&begun().write("tea/pack.toml", PACK).lab), "it is not tried yet");
}

/// The findings of a rule: line and message.
fn findings(lab: &Lab, rule: &str) -> Vec<String> {
    let output = run(&lab.root, &["check", "--format", "json", "--as-of", "2026-02-01"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let all = report["findings"].as_array().unwrap().iter();
    let own = all.filter(|one| one["rule"] == rule);
    own.map(|one| format!("{} {}", one["line"], one["message"].as_str().unwrap())).collect()
}

#[test]
fn a_risk_is_accepted_by_somebody_who_may_until_a_day() {
    let people = format!(
        "{PEOPLE}\n[[role]]\nid = \"service-owner\"\nmay = [\"gate:D0\", \"accept-risk<=9\"]\n\n[[role]]\nid = \"security\"\n"
    );
    let rows = [
        "| A | RSK-001 | 2 | 2 | accepted |",
        "| B | RSK-002 | 3 | 4 | accepted by ana until 2026-12-31 |",
        "| C | RSK-003 | 3 | 3 | accepted by ana |",
        "| D | RSK-004 | 3 | 3 | accepted by the service owner until 2026-12-31 |",
        "| E | RSK-005 | 2 | 2 | accepted by bob until 2026-12-31 |",
        "| F | RSK-006 | 2 | 2 | accepted |",
        "| G | RSK-007 | 2 | 2 | accepted until 2026-12-31 |",
        "| H | RSK-008 | 5 | 5 | open |",
    ];
    let register = format!(
        "---\nid: REG-1\nkind: register\ntitle: Risks\nstatus: approved\n---\n\n# Risks\n\n| Risk | id | likelihood | impact | status |\n|---|---|---|---|---|\n{}\n",
        rows.join("\n")
    );
    let waiver = "---\nid: WVR-1\nkind: waiver\ntitle: Run it\nstatus: granted\naccepts: [RSK-006]\ngranted_by: ana\nexpires: 2026-06-30\n---\n\n# Run it\n";
    let story = Story::begin()
        .write("people.toml", &people)
        .write("tea/risks.md", &register)
        .write("tea/w.md", waiver)
        .by("Cyn", "Risks")
        .by("Ana", "Run it\n\nDecision: RSK-007 accept-risk\nApproved-by: Ana <ana@example.org>");
    let told = findings(&story.lab, "risk.accepted-without-authority");
    let wanted = [
        "12 RSK-001 is accepted by nobody who is named",
        "13 RSK-002 is accepted at 12 by Ana, who may accept up to 9",
        "14 RSK-003 is accepted by Ana without a last day",
        "16 RSK-005 is accepted at 4 by Bob, whose roles accept no risks",
    ];
    assert_eq!(told, wanted);
    let plain = story.write("people.toml", PEOPLE);
    let told = findings(&plain.lab, "risk.accepted-without-authority");
    assert_eq!(told, [wanted[0], wanted[2]], "no role has a limit");
}

#[test]
fn a_runbook_that_failed_in_an_incident_and_stayed_as_it_is_is_told() {
    let runbook = |text: &str| {
        format!(
            "---\nid: RB-001\nkind: runbook\ntitle: Roll back\nstatus: draft\n---\n\n# Roll back\n\n{text}\n"
        )
    };
    let incident = "---\nid: INC-001\nkind: incident\ntitle: Down\nstatus: resolved\nstarted_at: 2026-01-02T13:00:00Z\nresponded-with: [RB-001]\n---\n\n# Down\n\n## What went well\n\n[[RB-001]] was at hand.\n\n## What went badly\n\nStep 2 of [[RB-001]] names a host that is gone.\n";
    let story = || {
        let begun = Story::begin().write("tea/runbooks/rb.md", &runbook("1. Log in to alpha."));
        begun
            .by("Ana", "A runbook")
            .write("tea/incidents/inc.md", incident)
            .by("Bob", "It was down")
    };
    let rule = "runbook.unchanged-after-incident";
    let message =
        "INC-001 says what did not go well with RB-001, which has not changed since 2026-01-02";
    assert_eq!(findings(&story().lab, rule), [format!("18 {message}")]);
    let clone = story().lab.shallow(1);
    assert_eq!(findings(&clone, rule), Vec::<String>::new(), "the edge of a clone tells no day");
    let mended =
        story().write("tea/runbooks/rb.md", &runbook("1. Log in to beta.")).by("Ana", "Mend it");
    assert_eq!(findings(&mended.lab, rule), Vec::<String>::new());
}
