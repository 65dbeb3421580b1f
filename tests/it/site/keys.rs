//! Keys change when bytes change, and only then; documents' bytes do not know their version.

use std::sync::Arc;

use readymark::document::Document;
use readymark::profiles::Outcome;
use readymark::site::{Edition, Inputs, VersionState, plan};

use super::fixture::{id, inputs, log, own, packs, settings, verdict, version};
use super::{is_page, render, site, text, theme};

/// One change of the inputs.
type Change = (&'static str, fn(&mut Inputs));

fn edit_packs(inputs: &mut Inputs, edit: impl FnOnce(&mut readymark::pack::Packs)) {
    let mut changed = packs();
    edit(&mut changed);
    inputs.packs = Arc::new(changed);
}

fn edit_log(inputs: &mut Inputs, edit: impl FnOnce(&mut readymark::history::DecisionLog)) {
    let mut changed = log();
    edit(&mut changed);
    inputs.log = Arc::new(changed);
}

const CHANGES: &[Change] = &[
    ("nothing", |_| {}),
    ("a target's status", |inputs| {
        edit_packs(inputs, |packs| {
            own(&mut packs.artifacts[3]).status = packs.artifacts[0].status.clone();
        });
    }),
    ("a target's title", |inputs| {
        edit_packs(inputs, |packs| own(&mut packs.artifacts[3]).title = "Undo".into());
    }),
    ("a body", |inputs| {
        edit_packs(inputs, |packs| {
            let mut document = Document::default();
            document.body.html = "<h1>Other</h1>".into();
            let artifact = own(&mut packs.artifacts[2]);
            artifact.document = Arc::new(document);
            artifact.content = id(99);
        });
    }),
    ("a link's end", |inputs| {
        edit_packs(inputs, |packs| {
            let targets = &mut own(&mut packs.outgoing[2]).targets;
            targets[1] = targets[0].clone();
        });
    }),
    ("an owner", |inputs| {
        edit_packs(inputs, |packs| own(&mut packs.artifacts[0]).owner = Some("ben".into()));
    }),
    ("who holds a role", |inputs| {
        edit_packs(inputs, |packs| own(&mut packs.packs[0]).roles[0].person = "ben".into());
    }),
    ("a phone number", |inputs| {
        edit_packs(inputs, |packs| own(&mut packs.people).persons[0].phone = Some("+44 1".into()));
    }),
    ("a relation", |inputs| {
        edit_packs(inputs, |packs| own(&mut packs.outgoing[0]).relations.clear());
    }),
    ("a back-link", |inputs| {
        edit_packs(inputs, |packs| own(&mut packs.outgoing[1]).targets.clear());
    }),
    ("what a section is for", |inputs| {
        edit_packs(inputs, |packs| {
            Arc::make_mut(&mut packs.kinds)[0].sections[1].hint = "Otherwise".into();
        });
    }),
    ("a pack's title", |inputs| {
        edit_packs(inputs, |packs| own(&mut packs.packs[0]).title = "Copilot".into());
    }),
    ("who approved", |inputs| {
        edit_log(inputs, |log| {
            log.entries[1].origins[0].email = "x@y".into();
        });
    }),
    ("the last change", |inputs| {
        edit_log(inputs, |log| own(&mut log.last_changes[2].landing).time += 86_400);
    }),
    ("one more landing", |inputs| edit_log(inputs, |log| log.statement.landings += 1)),
    ("a finding", |inputs| inputs.diagnostics = Vec::new().into()),
    ("a verdict", |inputs| {
        let mut changed = verdict();
        changed.requirements[1].outcome = Outcome::Met;
        inputs.verdicts = Arc::from([Arc::new(changed)]);
    }),
    ("the version", |inputs| {
        inputs.version = Some(version("v9.9.9", VersionState::Outdated));
        inputs.as_of = "2031-01-01".into();
    }),
    ("where the repository is", |inputs| {
        let mut changed = settings();
        changed.html.git_repository_url = Some("https://gitlab.example/packs".into());
        inputs.settings = Arc::new(changed);
    }),
];

#[test]
fn keys_change_when_bytes_change_and_only_then() {
    let theme = theme();
    let make = |change: fn(&mut Inputs)| {
        let mut inputs = inputs(packs(), log(), Some(version("v0.1.0", VersionState::Latest)));
        change(&mut inputs);
        let unit = plan(&Edition::new(inputs), &theme, 0);
        let files = render(&unit, &theme);
        let keys =
            unit.pages.iter().enumerate().map(|(at, page)| (page.route.clone(), unit.key(at)));
        (keys.collect::<Vec<_>>(), files)
    };
    let (keys, files) = make(|_| {});
    for (name, change) in CHANGES {
        let (other_keys, other_files) = make(*change);
        let mut changed = 0;
        for ((route, key), (other_route, other_key)) in keys.iter().zip(&other_keys) {
            assert_eq!(route, other_route, "{name} moves no page");
            let same = files[route] == other_files[route];
            changed += usize::from(!same);
            assert_eq!(key == other_key, same, "{name}: {route}");
        }
        assert_eq!(changed == 0, *name == "nothing", "{name} changes {changed} files");
    }
}

#[test]
fn a_change_touches_only_the_documents_that_show_it() {
    let theme = theme();
    let make = |change: fn(&mut Inputs)| {
        let mut inputs = inputs(packs(), log(), None);
        change(&mut inputs);
        let unit = plan(&Edition::new(inputs), &theme, 0);
        let keys =
            unit.pages.iter().enumerate().map(|(at, page)| (page.route.clone(), unit.key(at)));
        keys.collect::<Vec<_>>()
    };
    let before = make(|_| {});
    let after = make(|inputs| {
        edit_packs(inputs, |packs| own(&mut packs.artifacts[3]).title = "Undo".into());
    });
    let pairs = before.iter().zip(&after).filter(|(one, other)| one != other);
    let documents: Vec<&str> = pairs
        .map(|((route, _), _)| route.as_str())
        .filter(|route| route.contains('/') && is_page(route))
        .filter(|route| !route.starts_with("kinds/") && !route.starts_with("gates/"))
        .collect();
    // The change has a relation to RB-002, RB-001 links it; the matrix does neither.
    assert_eq!(documents, ["changes/chg-001.html", "runbooks/rb-001.html", "runbooks/rb-002.html"]);
}

#[test]
fn a_document_has_the_same_bytes_in_every_version() {
    let files = site();
    for document in
        ["changes/chg-001.html", "raci.html", "runbooks/rb-001.html", "runbooks/rb-002.html"]
    {
        let old = text(&files, &format!("agent-copilot/v0.1.0/{document}"));
        assert_eq!(old, text(&files, &format!("agent-copilot/v0.2.0/{document}")));
        assert_eq!(old, text(&files, &format!("agent-copilot/latest/{document}")));
        for wrong in [
            "v0.1.0",
            "v0.2.0",
            "c0c0c0c0c0",
            "2026-05-07",
            "7 May 2026",
            "not ready",
            "superseded",
        ] {
            assert!(!old.contains(wrong), "{document} holds {wrong}");
        }
    }
    let style = text(&files, "agent-copilot/v0.1.0/version.css");
    assert!(style.contains(".outdated { display: block; }") && style.contains("v0.1.0"), "{style}");
    let latest = text(&files, "agent-copilot/latest/version.css");
    assert!(!latest.contains(".outdated") && latest.contains("v0.2.0"), "{latest}");
}
