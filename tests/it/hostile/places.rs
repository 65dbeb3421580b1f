//! Settings and commands that would lead out of the repository.

use std::fs;

use super::*;

// F01 to F05 for settings
#[test]
fn settings_bombs_are_told_or_harmless() {
    for text in [
        format!("x = {}", "[".repeat(100_000)),
        format!("x = {}", "{a=".repeat(50_000)),
        format!("[a{}]", ".a".repeat(50_000)),
        format!("[versions]\ntags = [\"{}\"]", "{a,b,c,d}".repeat(40)),
        format!("[versions]\ntags = [\"{}\"]", "[a-z]?*".repeat(20_000)),
        format!("[kinds]\n\"{}\" = \"runbook\"", "{a,b,**/*}".repeat(40)),
        "[versions]\ntags = [\"{\"]".to_owned(),
        "[book]\ntitle = 1\ntitle = 2".to_owned(),
        "[book]\ntitle = \"\\u0000\"\nsrc = \"../..\"".to_owned(),
        "[book]\nsrc = \"/etc\"\nlanguage = \"\\\"><script>\"".to_owned(),
        "\u{feff}\u{0}\u{1}".to_owned(),
    ] {
        let lab = imported(&[file("book.toml", &text), file("a.md", "# A\n")]);
        let site = lab.dir.path().join("site");
        run(&lab.root, &["build", ".", "-d", site.to_str().unwrap()]);
    }
}

// F45: the repository names the folder of the site
#[cfg(unix)]
#[test]
fn the_settings_cannot_lead_the_site_out_of_the_repository() {
    for dir in
        ["../out", "LAB/out", "link/out", "link", ".git/out", ".", "..", "a/../../out\u{1b}[31m"]
    {
        let lab = Lab::new();
        let dir = dir.replace("LAB", lab.dir.path().to_str().unwrap());
        let outside = lab.dir.path().join("outside");
        fs::create_dir(&outside).unwrap();
        lab.write("book.toml", &format!("[build]\nbuild-dir = {}\n", dir.escape_unicode_toml()));
        lab.write("a.md", "# A\n");
        std::os::unix::fs::symlink(&outside, lab.root.join("link")).unwrap();
        lab.commit("Start");
        let before = files(lab.dir.path());
        let output = run(&lab.root, &["build", "."]);
        assert_eq!(output.status.code(), Some(2), "{dir}");
        assert!(before == files(lab.dir.path()), "{dir}: something was written");
    }
}

trait Toml {
    fn escape_unicode_toml(&self) -> String;
}

impl Toml for String {
    fn escape_unicode_toml(&self) -> String {
        format!("\"{}\"", self.replace('\u{1b}', "\\u001b"))
    }
}

// F41, F42 for the one command that writes into the work tree
#[cfg(unix)]
#[test]
fn new_artifacts_stay_inside_the_repository() {
    let lab = Lab::new();
    lab.write("kinds/a.toml", "name = \"drill\"\ntitle = \"D\"\nfolder = \"../../../escape\"\n");
    lab.write("kinds/b.toml", "name = \"trill\"\ntitle = \"D\"\nprefix = \"../../../P\"\n");
    lab.write("kinds/c.toml", "name = \"../../../x\"\ntitle = \"D\"\n");
    lab.write("packs/tea/pack.toml", "id = \"tea\"\n");
    let outside = lab.dir.path().join("outside");
    fs::create_dir(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, lab.root.join("packs/tea/runbooks")).unwrap();
    lab.commit("Start");
    for kind in ["drill", "trill", "../../../x", "runbook"] {
        run(&lab.root, &["new", kind, "T"]);
    }
    run(&lab.root, &["new", "change", "T", "--id", "../../../../x"]);
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0, "a link was followed");
    assert_eq!(
        fs::read_dir(lab.dir.path()).unwrap().count(),
        2,
        "something lies beside the repository"
    );
}
