//! `readymark status` on a repository with a pack that is judged by a profile of its own.

use crate::lab::{Lab, run, words};

const OWN: &str = r#"
id = "own"
extends = ["base"]
[[requirement]]
id = "O-1"
statement = "Somebody can be asked"
gate = "TWO"
next = "sponsor"
hint = "Name somebody"
[[requirement.need]]
any = "who"
pack = ["service"]
[[requirement.need]]
any = "who"
roles = ["sponsor"]
[[requirement.need]]
pack = ["stage"]
"#;

const BASE: &str = r#"
id = "base"
[[gate]]
id = "ONE"
title = "First"
[[gate]]
id = "TWO"
title = "Second"
[[requirement]]
id = "B-1"
statement = "There is a tier"
hint = "Say it"
need = [{ pack = ["tier"] }]
"#;

fn lab() -> Lab {
    let lab = Lab::new();
    lab.write(
        "tea/pack.toml",
        "id = \"tea\"\ntitle = \"Tea\"\nprofiles = [\"own\"]\nowner = \"ana\"\nstage = \"pilot\"\n",
    );
    lab.write("people.toml", "[[person]]\nid = \"ana\"\nname = \"Ana Ruiz\"\n");
    lab.write("tea/x.md", "# X\n");
    lab.write("profiles/base.toml", BASE);
    lab.write("profiles/own.toml", OWN);
    lab.commit("Tea");
    lab
}

fn status(lab: &Lab, arguments: &[&str]) -> String {
    let output = run(&lab.root, &[&["status"], arguments].concat());
    String::from_utf8(output.stdout.clone()).unwrap() + &words(&output)
}

#[test]
fn each_gate_says_what_is_missing_and_why_it_is_not_green() {
    let first = "  ONE First: not ready · 1 blocker (0 of 1 required met)
    B-1 unmet: There is a tier
      `tier` is not in tea/pack.toml
      next: Ana Ruiz: Say it
";
    let second = "  TWO Second: not ready · 2 blockers (0 of 2 required met)
    O-1 unmet: Somebody can be asked
      unmet: `service` is not in tea/pack.toml
      or unmet: nobody holds the role `sponsor` in tea/pack.toml
      met: `stage` is pilot
      next: sponsor (nobody holds this role): Name somebody
";
    let lab = lab();
    assert_eq!(status(&lab, &[]), format!("Tea\n{first}{second}"));
    assert_eq!(status(&lab, &["--gate", "two"]), format!("Tea\n{second}"));
    assert!(status(&lab, &["--gate", "TWOO"]).contains("did you mean `TWO`"));
    assert!(status(&lab, &["--pack", "te"]).contains("did you mean `tea`"));
    lab.write("tea/pack.toml", "id = \"tea\"\ntitle = \"Tea\"\n");
    assert!(status(&lab, &[]).starts_with("No pack names a profile"), "uncommitted edits count");
}
