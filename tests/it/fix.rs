//! `check --fix`: what is certain is mended, nothing else changes, and it can be looked at first.

use std::process::Output;

use crate::lab::{DAY, Lab, run, words};

fn check(lab: &Lab, options: &[&str]) -> Output {
    run(&lab.root, &[&["check", ".", "--as-of", DAY], options].concat())
}

fn text(lab: &Lab, path: &str) -> String {
    std::fs::read_to_string(lab.root.join(path)).unwrap()
}

/// Pages with links of which some can mean one place only; the last of them is not committed.
fn lab() -> Lab {
    let lab = Lab::new();
    lab.write("guides/boil.md", "# Boil\n\n## Back-out steps\n\n## Step 2\n");
    lab.write("one/twin.md", "# Twin\n");
    lab.write("two/twin.md", "# Twin\n");
    lab.commit("Begin");
    lab.write(
        "a.md",
        "# A\r\n\r\n[moved](boil.md), [case](guides/Boil.md)\r\n[near](guides/boil.md#backout-steps \"t\") [two](guides/boil.md#step-1)\r\n\r\n[twin](twin.md) [none](gone.md) <www.example.org> [host](www.example.org)\r\n",
    );
    lab
}

const MENDED: &str = "# A\r\n\r\n[moved](guides/boil.md), [case](guides/boil.md)\r\n[near](guides/boil.md#back-out-steps \"t\") [two](guides/boil.md#step-1)\r\n\r\n[twin](twin.md) [none](gone.md) <www.example.org> [host](https://www.example.org)\r\n";

#[test]
fn what_can_mean_one_place_only_is_mended_and_the_rest_is_told() {
    let lab = lab();
    assert!(words(&check(&lab, &[])).contains("Can be mended with --fix: 4"));
    let output = check(&lab, &["--fix"]);
    assert_eq!(text(&lab, "a.md"), MENDED);
    let said = words(&output);
    assert!(said.contains("Mended 4 findings in 1 file"), "{said}");
    assert!(said.contains("2 errors, 1 warning,") && !said.contains("Can be mended"), "{said}");
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&check(&lab, &["--fix"])).contains("Mended 0 findings in 0 files"));
    assert_eq!(text(&lab, "a.md"), MENDED);
}

#[test]
fn the_difference_is_shown_first_and_git_can_apply_it() {
    let lab = lab();
    let before = text(&lab, "a.md");
    let output = check(&lab, &["--diff"]);
    assert_eq!(text(&lab, "a.md"), before, "nothing is written");
    assert!(words(&output).contains("Would mend 4 findings in 1 file"), "{}", words(&output));
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("\n-[moved](boil.md), [case](guides/Boil.md)"), "{shown}");
    // Lines end as on a terminal, so Git is told to look past that.
    let lab = lab_with_line_feeds();
    let patch = check(&lab, &["--diff"]).stdout;
    lab.write("change.patch", &String::from_utf8(patch).unwrap());
    lab.git(&["apply", "change.patch"]);
    assert_eq!(text(&lab, "a.md"), MENDED.replace('\r', ""));
}

fn lab_with_line_feeds() -> Lab {
    let lab = lab();
    let plain = text(&lab, "a.md").replace('\r', "");
    lab.write("a.md", &plain);
    lab
}

#[test]
fn a_page_that_is_filled_in_from_others_and_one_behind_a_link_stay_as_they_are() {
    let lab = lab();
    std::fs::remove_file(lab.root.join("a.md")).unwrap();
    let outside = lab.dir.path().join("outside.md");
    std::fs::write(&outside, "# O\n\n[moved](boil.md)\n").unwrap();
    std::os::unix::fs::symlink(&outside, lab.root.join("a.md")).unwrap();
    check(&lab, &["--fix"]);
    assert_eq!(std::fs::read_to_string(&outside).unwrap(), "# O\n\n[moved](boil.md)\n");
}
