//! The calendar of a pack, as a page and for calendars of other programs.

use crate::lab::{Lab, built, text_of};

fn page(id: &str, kind: &str, status: &str, more: &str) -> String {
    format!(
        "---\nid: {id}\nkind: {kind}\ntitle: {id} title\nstatus: {status}\nowner: ana\n{more}---\n\n# It\n\nText.\n"
    )
}

fn lab() -> Lab {
    let lab = Lab::new();
    lab.write("book.toml", "[output.html]\nsite-url = \"https://docs.example.org/h/\"\n");
    lab.write("people.toml", "[[person]]\nid = \"ana\"\nname = \"Ana\"\n");
    lab.write("tea/pack.toml", "id = \"tea\"\ntitle = \"Tea, green\"\n");
    let hours = "change_window: Mon-Fri 06:00-07:00 Europe/Dublin\nchange_freeze: the first three days of a month\n";
    lab.write("tea/support.md", &page("SUP-1", "support", "approved", hours));
    let window = |day: &str, from: &str, to: &str, zone: &str| {
        format!(
            "planned_start: 2026-05-{day}T{from}:00{zone}\nplanned_end: 2026-05-{day}T{to}:00{zone}\n"
        )
    };
    let changes = [
        ("CHG-1", "scheduled", window("05", "09:00", "10:00", "+01:00")),
        ("CHG-2", "scheduled", window("05", "08:30", "08:45", "Z")),
        ("CHG-3", "scheduled", window("05", "10:00", "11:00", "+01:00")),
        ("CHG-4", "cancelled", window("05", "09:00", "10:00", "+01:00")),
        ("CHG-5", "closed", "deployed_at: 2026-04-30\n".to_owned()),
        ("CHG-6", "scheduled", "planned_start: soon\n".to_owned()),
    ];
    for (id, status, more) in changes {
        lab.write(&format!("tea/{id}.md"), &page(id, "change", status, &more));
    }
    lab.write(
        "tea/intent.md",
        &page("INT-1", "intent", "approved", "start: 2026-05-04\nend: 2026-06-12\n"),
    );
    let phases = "\n| Phase | Percent | Start |\n|---|---|---|\n| first | 10 % | 2026-07-01 |\n| rest | 100 % | later |\n";
    lab.write(
        "tea/rollout.md",
        &(page("RO-1", "rollout", "approved", "") + "\n## Phases\n" + phases),
    );
    lab.commit("Tea");
    lab
}

/// The cells of the rows, one row a line.
fn rows(html: &str) -> Vec<String> {
    let cell = |part: &str| {
        let mut text = String::new();
        for piece in part.split('<') {
            text.push_str(piece.split_once('>').map_or("", |(_, after)| after));
            text.push(' ');
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    html.split("<tr data-day=")
        .skip(1)
        .map(|row| cell(row.split("</tr>").next().unwrap()))
        .collect()
}

#[test]
fn the_calendar_tells_what_happens_when_and_what_meets() {
    let site = built(&lab().root, &[]);
    let html = text_of(&site, "tea/calendar.html");
    let wanted = [
        "Thu 30 Apr 2026 live CHG-5 CHG-5 title closed",
        "Mon 4 May 2026 to Fri 12 Jun 2026 trial INT-1 INT-1 title approved",
        "Tue 5 May 2026, 08:30 to 08:45 UTC planned at the same time as CHG-1 CHG-2 CHG-2 title scheduled",
        "Tue 5 May 2026, 09:00 to 10:00 UTC+01:00 planned at the same time as CHG-2 CHG-1 CHG-1 title scheduled",
        "Tue 5 May 2026, 10:00 to 11:00 UTC+01:00 planned CHG-3 CHG-3 title scheduled",
        "Wed 1 Jul 2026 first: begins RO-1 RO-1 title approved",
    ];
    assert_eq!(rows(&html), wanted);
    assert!(
        html.contains("data-spans=\"360-420 1800-1860 3240-3300 4680-4740 6120-6180\""),
        "{html}"
    );
    assert!(html.contains("<strong>No changes:</strong> the first three days of a month"));
    assert!(text_of(&site, "tea/index.html").contains("href=\"calendar.html\""));
}

#[test]
fn other_programs_read_the_same() {
    let site = built(&lab().root, &[]);
    let written = text_of(&site, "tea/calendar.ics");
    let unfolded = written.replace("\r\n ", "");
    let lines: Vec<&str> = unfolded.split_terminator("\r\n").collect();
    assert_eq!(lines[0..2], ["BEGIN:VCALENDAR", "VERSION:2.0"]);
    assert!(lines.contains(&"X-WR-CALNAME:Tea\\, green"), "{unfolded}");
    let of = |id: &str| -> Vec<&str> {
        let event = unfolded
            .split("BEGIN:VEVENT\r\n")
            .find(|it| it.contains(&format!("SUMMARY:{id} ")))
            .unwrap();
        let is_told = |line: &&str| !line.starts_with("UID") && !line.starts_with("DTSTAMP");
        event.split_terminator("\r\n").filter(is_told).take(4).collect()
    };
    assert_eq!(
        of("CHG-1"),
        [
            "DTSTART:20260505T080000Z",
            "DTEND:20260505T090000Z",
            "SUMMARY:CHG-1 CHG-1 title: planned",
            "URL:https://docs.example.org/h/tea/CHG-1.html"
        ]
    );
    assert_eq!(of("INT-1")[..2], ["DTSTART;VALUE=DATE:20260504", "DTEND;VALUE=DATE:20260613"]);
    assert_eq!(
        of("CHG-5")[..2],
        ["DTSTART;VALUE=DATE:20260430", "SUMMARY:CHG-5 CHG-5 title: live"]
    );
    assert_eq!(unfolded.matches("BEGIN:VEVENT").count(), 6);
    let uids: std::collections::BTreeSet<&str> =
        lines.iter().filter(|line| line.starts_with("UID:")).copied().collect();
    assert_eq!(uids.len(), 6);
}

#[test]
fn a_pack_without_days_has_no_calendar() {
    let lab = Lab::new();
    lab.write("tea/pack.toml", "id = \"tea\"\n");
    lab.write("tea/x.md", "# X\n");
    lab.commit("Tea");
    let site = built(&lab.root, &[]);
    assert!(!site.contains_key("tea/calendar.html") && !site.contains_key("tea/calendar.ics"));
}
