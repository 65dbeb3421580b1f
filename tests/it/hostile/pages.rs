//! Pages and includes that are bombs.

use super::*;

// F01 to F13, F33, F34: front matter and pages, whole program
#[test]
fn hostile_pages_leave_the_others_alone() {
    let bomb = format!(
        "---\na: &a [x]\n{}---\n# X\n",
        (0..9).map(|at| format!("b{at}: &b{at} [*a, *a, *a, *a]\n")).collect::<String>()
    );
    let mut all = vec![file("good.md", "# Canary-good\n"), file("ids/x.md", "# X\n")];
    for (at, text) in [
        bomb,
        format!("---\na: {}\n---\n# X\n", "[".repeat(100_000)),
        "---\na: &a *a\n<<: *a\n---\n".to_owned(),
        "---\nid: 1\nid: 2\n---\n".to_owned(),
        format!("---\ntitle: {}\n---\n", "x".repeat(70_000)),
        "---\ntitle: never closed\n".to_owned(),
        "---\n!!python/object:os.system x: y\nz: !include /etc/passwd\n---\n".to_owned(),
        format!("---\nid: {}\n---\n# X\n", "x".repeat(10_000)),
        "---\nid: ..\nslug: ../../x\n---\n# X\n".to_owned(),
        "---\nid: con\ntitle: \"{{ 7*7 }} {% raw %} ${x} <%= 1 %>\"\n---\n".to_owned(),
        format!("{}x", "> ".repeat(20_000)),
        "<!--".repeat(50_000),
        format!("{{{{#include {}}}}}", "x".repeat(300)),
        "x".repeat(3_000_000),
        "\u{0}\u{feff}\r\u{85}\u{2028}".to_owned(),
    ]
    .into_iter()
    .enumerate()
    {
        all.push(file(&format!("ids/{at}.md"), &text));
    }
    let lab = imported(&all);
    let site = built(&lab);
    assert!(holds(&site, "canary-good").is_some() && holds(&site, ">49<").is_none());
    assert!(!found(&lab).is_empty());
}

// F34
#[test]
fn includes_of_includes_end() {
    let mut all = vec![file("SUMMARY.md", "- [A](f0.md)\n"), file("e", "")];
    for at in 0..9 {
        let next = if at == 8 { "e".to_owned() } else { format!("f{}.md", at + 1) };
        all.push(file(&format!("f{at}.md"), &format!("{{{{#include {next}}}}}").repeat(100)));
    }
    all.push(file("f9.md", "{{#include f9.md}}\n"));
    assert!(built(&imported(&all)).contains_key("f0.html"));
}

// What nobody reads is counted, not listed
#[test]
fn many_dead_links_are_counted() {
    let links: String =
        (0..300).map(|at| format!("[{at}](gone-{at}.md) [é](#gone-{at})\n\n")).collect();
    let lab = imported(&[file("a.md", &links), file("b.md", "# B\n\n[a](c.md)\n")]);
    let found = found(&lab);
    let of = |path: &str| found.iter().filter(|(_, one)| one == path).count();
    assert_eq!((of("a.md"), of("b.md")), (201, 1));
    lab.git(&["reset", "-q", "--hard"]);
    let told = words(&run(&lab.root, &["check", "."]));
    assert!(told.contains("400 more links of this file lead nowhere"), "{told}");
    assert!(told.contains("a.md:201:1"), "{told}");
}
