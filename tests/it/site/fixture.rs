//! A small pack made by hand: two runbooks, a change, a matrix, three people, one verdict, two decisions.

use std::sync::Arc;

use readymark::diagnostic::{Diagnostic, Severity};
use readymark::document::front_matter::{Field, FrontMatter, Node, State, Value};
use readymark::document::{Body, Cell, Document, Heading, Hole, Link, LinkForm, Part, Row, Table};
use readymark::history::{
    Authorship, DecisionLog, Entry, How, Landing, LandingKind, LastChange, Statement, StatusAt,
};
use readymark::kinds::{
    ColumnSpec, Form, Kind, Need, SectionSpec, Standing, Status, TableSpec, normalise_heading,
};
use readymark::pack::{
    Artifact, Folders, Holding, Names, Outgoing, Pack, Packs, People, Person, Relation, Role,
    Target, Team,
};
use readymark::profiles::{Evidence, Level, Outcome, Requirement, Verdict};
use readymark::settings::{Audience, Book, Html, Settings, Versions};
use readymark::site::{Inputs, Version, VersionState};
use readymark::source::{CommitFacts, ObjectId, Origin, RepoPath};
use readymark::value::DateOrder;

/// 20 bytes that differ by their number.
pub(crate) fn id(number: u8) -> ObjectId {
    ObjectId::new(&[number; 20])
}

pub(crate) fn settings() -> Settings {
    Settings {
        book: Book { title: Some("Readiness".into()), language: "en".into(), ..Book::default() },
        build_dir: "book".into(),
        html: Html {
            git_repository_url: Some("https://github.com/example/packs".into()),
            site_url: Some("https://packs.example/site/".into()),
            ..Html::default()
        },
        versions: Versions::default(),
        authority: None,
        forges: Vec::new(),
        rewritten: Vec::new(),
        kinds: Vec::new(),
        locators: Vec::new(),
        approvals: Vec::new(),
        rules: std::collections::BTreeMap::new(),
        profiles: Vec::new(),
        audience: Audience::Internal,
        dates: DateOrder::default(),
    }
}

pub(crate) fn version(name: &str, state: VersionState) -> Version {
    Version {
        name: name.into(),
        slug: name.into(),
        commit: Some(CommitFacts {
            id: id(0xc0),
            time: 1_777_975_200,
            offset: 120,
            subject: "Release".into(),
        }),
        state,
    }
}

pub(crate) fn inputs(packs: Packs, log: DecisionLog, version: Option<Version>) -> Inputs {
    Inputs {
        packs: Arc::new(packs),
        profiles: Arc::from([]),
        verdicts: Arc::from([Arc::new(verdict())]),
        diagnostics: vec![finding()].into(),
        log: Arc::new(log),
        documents: None,
        settings: Arc::new(settings()),
        version,
        as_of: "2026-05-07".into(),
    }
}

fn kind(name: &str, title: &str, plural: &str, purpose: &str) -> Kind {
    Kind {
        effect: readymark::kinds::Effect::default(),
        schemes: readymark::kinds::load(&[]).0.into_iter().flat_map(|kind| kind.schemes).collect(),
        name: name.into(),
        title: title.into(),
        plural: plural.into(),
        purpose: purpose.into(),
        prefix: String::new(),
        folder: String::new(),
        order: 0,
        first: false,
        living: false,
        approver: String::new(),
        synonyms: Vec::new(),
        tags: Vec::new(),
        answers: None,
        fields: Vec::new(),
        shared: Vec::new(),
        sections: Vec::new(),
        tables: Vec::new(),
        statuses: Vec::new(),
        rhythms: Vec::new(),
        checks: Vec::new(),
        goalposts: Vec::new(),
        approvals: Vec::new(),
        places: Vec::new(),
    }
}

fn kinds() -> Vec<Kind> {
    let section = |name: &str, title: &str, hint: &str| SectionSpec {
        effect: None,
        name: name.into(),
        title: title.into(),
        words: [title, name].map(normalise_heading),
        need: Need::Required,
        synonyms: Vec::new(),
        steps: false,
        hint: hint.into(),
    };
    let mut runbook =
        kind("runbook", "Runbook", "Runbooks", "What to do when something happens, step by step");
    runbook.sections = vec![
        section("steps", "Steps", "What to do, in order"),
        section(
            "roll-back",
            "Roll back",
            "How to get back to where you were, and how long it takes",
        ),
    ];
    let mut raci =
        kind("raci", "Responsibility matrix", "Responsibility matrices", "Who does what");
    raci.tables = vec![TableSpec {
        effect: None,
        name: "matrix".into(),
        title: "Matrix".into(),
        words: ["matrix".into(), "matrix".into()],
        need: Need::Optional,
        synonyms: Vec::new(),
        sums: Vec::new(),
        columns: vec![ColumnSpec {
            event: String::new(),
            name: "activity".into(),
            word: "activity".into(),
            synonyms: vec!["task".into()],
            required: false,
            form: Form::Text,
        }],
    }];
    let change = kind("change", "Change", "Changes", "What is changed, when, and how to undo it");
    vec![runbook, change, raci, kind("page", "Page", "Pages", "")]
}

/// Markers: `⟦0o⟧` opens link 0, `l` is its label, `c` closes it, `s` is its source.
fn body(marked: &str) -> Body {
    let mut body = Body::default();
    let mut rest = marked;
    while let Some((before, after)) = rest.split_once('⟦') {
        body.html.push_str(before);
        let (hole, after) = after.split_once('⟧').expect("a closed marker");
        let (link, part) = hole.split_at(hole.len() - 1);
        body.holes.push(Hole {
            at: body.html.len(),
            link: link.parse().expect("a number"),
            part: match part {
                "o" => Part::Open,
                "l" => Part::Label,
                "c" => Part::Close,
                _ => Part::Source,
            },
        });
        rest = after;
    }
    body.html.push_str(rest);
    body
}

fn heading(level: u8, id: &str, text: &str, filled: bool) -> Heading {
    Heading {
        level,
        id: id.into(),
        text: text.into(),
        plain: normalise_heading(text),
        span: 0..0,
        section: 0..0,
        words: 0..0,
        filled,
    }
}

fn link(form: LinkForm, target: &str) -> Link {
    Link { form, target: target.into(), span: 0..0 }
}

fn approved() -> Status {
    Status::Known {
        word: "approved".into(),
        written: "approved".into(),
        standing: Standing::Approved,
        note: String::new(),
    }
}

fn artifact(
    path: &str,
    number: u8,
    kind: usize,
    id_text: &str,
    title: &str,
    status: Status,
) -> Artifact {
    Artifact {
        records: Vec::new(),
        path: RepoPath::new(path),
        blob: id(number),
        content: id(number),
        origin: Origin::Committed,
        document: Arc::new(Document::default()),
        pack: 0,
        kind,
        id: id_text.into(),
        has_id: !id_text.contains('/'),
        title: title.into(),
        status,
        status_span: 0..0,
        owner: Some("service-owner".into()),
        located: Vec::new(),
        sidecar: None,
        summary: String::new(),
        route: path.trim_start_matches("agent-copilot/").to_lowercase().replace(".md", ".html"),
    }
}

fn cell(text: &str) -> Cell {
    Cell { text: text.trim_matches('*').into(), span: 0..0, bold: text.starts_with('*') }
}

fn matrix() -> Document {
    let rows = [
        ["*In operation*", "", "", "", ""],
        ["Restart the service", "A", "R", "C", "I"],
        ["Approve a change to the retrieval index and its schema", "I", "", "A/R", "C"],
        ["Answer the regulator", "", "R", "C", ""],
    ];
    let header =
        ["Activity", "Service owner", "Platform operations", "Change manager", "Data steward"];
    Document {
        headings: vec![heading(1, "who", "Who does what", true), heading(2, "run", "Run", true)],
        tables: vec![Table {
            span: 0..0,
            heading: Some(1),
            header: header.map(cell).to_vec(),
            rows: rows.map(|row| Row { cells: row.map(cell).to_vec(), ..Row::default() }).to_vec(),
        }],
        body: body("<h1 id=\"who\">Who does what</h1>\n<h2 id=\"run\">Run</h2>"),
        ..Document::default()
    }
}

fn runbook() -> Document {
    Document {
        front_matter: FrontMatter {
            state: State::Readable,
            span: 0..0,
            fields: vec![Field {
                key: "owner".into(),
                key_span: 0..0,
                value: Node { span: 0..0, value: Value::Scalar("service-owner".into()) },
            }],
        },
        headings: vec![
            heading(1, "restart", "Restart the copilot", true),
            heading(2, "when", "When to use it", true),
            heading(2, "steps", "Steps", true),
            heading(3, "check", "Check that it is back", true),
        ],
        links: vec![
            link(LinkForm::Wiki { titled: false }, "RB-002"),
            link(LinkForm::Inline, "../changes/none.md"),
            link(LinkForm::Mention, "UTF-8"),
            link(LinkForm::Inline, "../../src/main.py"),
            link(LinkForm::Wiki { titled: false }, "priya"),
        ],
        body: body(RUNBOOK),
        ..Document::default()
    }
}

const RUNBOOK: &str = r##"<h1 id="restart">Restart the copilot <a class="anchor" href="#restart" aria-label="Link to this section">#</a></h1>
<p>Agents see <em>“copilot is thinking”</em> for more than a minute. Restarting loses nothing: drafts are kept in the queue (⟦2o⟧UTF-8⟦2c⟧ only).</p>
<h2 id="when">When to use it</h2>
<ul>
<li>The alert <code>CopilotQueueStuck</code> fires.</li>
<li>If answers are wrong rather than slow, use ⟦0o⟧⟦0l⟧⟦0c⟧ instead.</li>
<li>Plan it as in ⟦1o⟧the change⟦1c⟧; the code is in ⟦3o⟧main.py⟦3c⟧. Ask ⟦4o⟧⟦4l⟧⟦4c⟧.</li>
</ul>
<h2 id="steps">Steps</h2>
<ol>
<li>Drain the queue.
<pre tabindex="0"><code class="language-sh">kubectl -n copilot scale deployment/worker --replicas=0
kubectl -n copilot wait --for=delete pod -l app=worker --timeout=120s
</code></pre></li>
<li>Start it again and watch the error rate for five minutes.</li>
</ol>
<aside class="alert alert-warning" role="note"><p class="alert-title">Warning</p><p>Never restart during the nightly index swap (01:00 to 01:20 UTC).</p></aside>
<h3 id="check">Check that it is back</h3>
<div class="table" role="region" tabindex="0" aria-label="Table 1"><table><thead><tr><th scope="col">Signal</th><th scope="col">Good</th><th scope="col">Dashboard</th></tr></thead><tbody><tr><td>Queue length</td><td>below 20</td><td>Copilot / Queue</td></tr><tr><td>Answers per minute</td><td>above 40</td><td>Copilot / Answers</td></tr></tbody></table></div>
"##;

fn people() -> People {
    let person = |id: &str, name: &str, phone: &str| Person {
        id: id.into(),
        name: name.into(),
        mail: Some(format!("{id}@example.com")),
        phone: Some(phone.into()),
        team: Some("platform".into()),
        timezone: Some("Europe/Berlin".into()),
        ..Person::default()
    };
    let role =
        |id: &str, title: &str| Role { id: id.into(), title: title.into(), ..Role::default() };
    People {
        path: Some(RepoPath::new("people.toml")),
        persons: vec![
            person("priya", "Priya Raman", "+49 30 1234 5670"),
            person("ben", "Ben Okafor", "+49 30 1234 5671"),
            person("ana", "Ana Souza", "+49 30 1234 5672"),
        ],
        teams: vec![Team {
            id: "platform".into(),
            name: "Contact centre platforms".into(),
            side: Some("operations".into()),
            duty_phone: Some("+49 30 1234 9999".into()),
            span: 0..0,
        }],
        roles: vec![
            role("service-owner", "Service owner"),
            role("platform-operations", "Platform operations"),
            role("change-manager", "Change manager"),
            role("data-steward", "Data steward"),
        ],
    }
}

fn artifacts() -> Vec<Artifact> {
    let mut artifacts = vec![
        artifact(
            "agent-copilot/changes/CHG-001.md",
            1,
            1,
            "CHG-001",
            "Swap the retrieval index",
            approved(),
        ),
        artifact("agent-copilot/raci.md", 2, 2, "RAC-001", "Who does what", approved()),
        artifact(
            "agent-copilot/runbooks/rb-001.md",
            3,
            0,
            "RB-001",
            "Restart the copilot",
            approved(),
        ),
        artifact(
            "agent-copilot/runbooks/rb-002.md",
            4,
            0,
            "RB-002",
            "Roll the retrieval index back",
            Status::Known {
                word: "draft".into(),
                written: "wip".into(),
                standing: Standing::Draft,
                note: String::new(),
            },
        ),
    ];
    artifacts[1].document = Arc::new(matrix());
    artifacts[2].document = Arc::new(runbook());
    artifacts[2].summary = "Restart the copilot without losing a draft.".into();
    artifacts[3].owner = None;
    artifacts
}

fn holding(role: &str, person: &str) -> Holding {
    Holding { role: role.into(), person: person.into(), ..Holding::default() }
}

fn pack() -> Pack {
    Pack {
        slug: "agent-copilot".into(),
        id: "agent-copilot".into(),
        title: "Agent copilot".into(),
        summary: "Suggests answers to agents of the contact centre while they talk to customers."
            .into(),
        folder: "agent-copilot".into(),
        declared: true,
        profiles: vec!["day-zero".into()],
        roles: vec![
            holding("service-owner", "priya"),
            holding("platform-operations", "ben"),
            holding("change-manager", "ana"),
        ],
        summary_order: None,
        ..Pack::default()
    }
}

/// The pack `agent-copilot` and all that is in it.
pub(crate) fn packs() -> Packs {
    let artifacts: Vec<Arc<Artifact>> = artifacts().into_iter().map(Arc::new).collect();
    let packs = vec![Arc::new(pack())];
    let to = |artifact| Target::Artifact { artifact, anchor: String::new() };
    let mut outgoing: Vec<Outgoing> = artifacts.iter().map(|_| Outgoing::default()).collect();
    outgoing[0].targets = vec![to(2)];
    outgoing[0].relations = vec![Relation {
        from: 0,
        from_row: None,
        name: "rolls-back-with".into(),
        inverse: "rolls-back".into(),
        to: 3,
        to_row: None,
        span: 0..0,
        kinds: Vec::new(),
    }];
    outgoing[1].targets = vec![to(2)];
    outgoing[2].targets =
        vec![to(3), Target::Broken, Target::NotALink, Target::Outside, Target::Person(0)];
    Packs {
        commit: None,
        kinds: kinds().into(),
        folders: Folders::new(&packs),
        packs,
        starts: vec![0, artifacts.len()],
        names: vec![Arc::new(Names::new(&artifacts))],
        outgoing: outgoing.into_iter().map(Arc::new).collect(),
        artifacts,
        people: Arc::new(people()),
        contacts: Arc::default(),
        pins: Arc::default(),
        figures: Vec::new(),
        assets: vec![Arc::from([])],
    }
}

/// Gives what is shared to be changed.
pub(crate) fn own<T: Clone>(shared: &mut Arc<T>) -> &mut T {
    Arc::make_mut(shared)
}

fn landing(index: usize, day: i64, pull_request: Option<u64>) -> Landing {
    Landing {
        index,
        commit: id(u8::try_from(0xa0 + index).expect("few landings")),
        time: 1_777_000_000 + day * 86_400,
        offset: 60,
        clock: 1_777_000_000 + day * 86_400,
        subject: "Approve the restart runbook".into(),
        kind: LandingKind::Merge,
        pull_request,
        by_forge: false,
    }
}

fn author(name: &str) -> Authorship {
    Authorship {
        commit: id(0xee),
        how: How::Commit,
        name: name.into(),
        email: format!("{}@example.com", name.to_lowercase()),
        time: 1_777_000_000,
        offset: 60,
        committer: name.into(),
        sides: Vec::new(),
        picked_from: None,
    }
}

/// RB-001 was added as proposed and then approved.
pub(crate) fn log() -> DecisionLog {
    let entry = |from: StatusAt, to: &str, landing: Landing, name: &str| Entry {
        seq: usize::from(from != StatusAt::NoDocument),
        line: 3,
        pack: "agent-copilot".into(),
        document: "RB-001".into(),
        has_id: true,
        kind: "runbook".into(),
        title: "Restart the copilot".into(),
        public: true,
        path: RepoPath::new("agent-copilot/runbooks/rb-001.md"),
        blob: Some(id(3)),
        from,
        to: StatusAt::Word(to.into()),
        standing: None,
        legal: None,
        written: None,
        run: landing.index,
        landing,
        via: Vec::new(),
        origins: vec![author(name)],
        concurrent: Vec::new(),
        gap: Vec::new(),
        together: 1,
        passing: false,
        restores: None,
        takes_back: None,
        lands_again: None,
        observed: None,
        elsewhere: Vec::new(),
        part: None,
    };
    let last = |path: &str, blob: u8, landing: Landing| LastChange {
        line: blob.into(),
        path: RepoPath::new(path),
        blob: id(blob),
        landing: Arc::new(landing),
        origin: Some(Arc::new(author("Ben"))),
    };
    DecisionLog {
        statement: Statement {
            reference: "main".into(),
            tip: Some(id(0xc0)),
            landings: 12,
            ..Statement::default()
        },
        entries: vec![
            entry(StatusAt::NoDocument, "proposed", landing(2, 2, None), "Ben"),
            entry(StatusAt::Word("proposed".into()), "approved", landing(5, 6, Some(14)), "Priya"),
        ],
        last_changes: vec![
            last("agent-copilot/changes/CHG-001.md", 1, landing(3, 3, None)),
            last("agent-copilot/raci.md", 2, landing(1, 1, None)),
            last("agent-copilot/runbooks/rb-001.md", 3, landing(5, 6, Some(14))),
            last("agent-copilot/runbooks/rb-002.md", 4, landing(4, 4, None)),
        ],
        ..DecisionLog::default()
    }
}

fn finding() -> Diagnostic {
    finding_about("../changes/none.md")
}

/// A finding in RB-001 about a link.
pub(crate) fn finding_about(target: &str) -> Diagnostic {
    Diagnostic {
        path: RepoPath::new("agent-copilot/runbooks/rb-001.md"),
        span: (0, 0),
        place: (9, 14),
        rule: "link.broken",
        severity: Severity::Error,
        message: format!("nothing is at {target}"),
        help: Some("correct the path, or remove the link".into()),
        fix: None,
    }
}

/// Not ready: one unmet, one waived, one met.
pub(crate) fn verdict() -> Verdict {
    let requirement = |id: &str, statement: &str, outcome: Outcome| Requirement {
        id: id.into(),
        statement: statement.into(),
        gate: "day-zero".into(),
        level: Level::Required,
        weight: 1,
        outcome,
        reason: String::new(),
        hint: "Write the section".into(),
        next: Some("Priya Raman".into()),
        needs: Vec::new(),
        evidence: vec![Evidence {
            path: RepoPath::new("agent-copilot/runbooks/rb-002.md"),
            span: 0..0,
            line: 12,
            artifact: Some(3),
        }],
        waiver: None,
        fresh: None,
        changes: None,
    };
    let mut waived = requirement("DZ-03", "Somebody is on call at night.", Outcome::Waived);
    waived.waiver = Some((0, "2026-05-15".into()));
    let mut unmet =
        requirement("DZ-02", "Every change names the runbook that undoes it.", Outcome::Unmet);
    unmet.reason = "RB-002 is a draft".into();
    unmet.hint = "Approve RB-002".into();
    Verdict {
        pack: 0,
        profile: "day-zero".into(),
        gate_id: "day-zero".into(),
        gate: "Day zero".into(),
        question: String::new(),
        as_of: "2026-05-07".into(),
        requirements: vec![
            requirement("DZ-01", "Somebody runs the service.", Outcome::Met),
            unmet,
            waived,
        ],
    }
}
