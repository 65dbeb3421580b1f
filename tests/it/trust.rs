//! What proves a site: `verify`, `versions freeze`, `bundle`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::lab::{Lab, build, files, run, words};

const MANIFEST: &str = "readymark-manifest.json";

fn lab() -> Lab {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"Handoff\"\n\n[versions]\ntags = [\"v*\"]\n");
    lab.write("svc/pack.toml", "id = \"svc\"\ntitle = \"Service\"\n");
    lab.write("svc/runbooks/rb.md", "---\nid: RB-001\ntitle: Go back\n---\n# Go back\n");
    lab.commit("start");
    lab.git(&["tag", "v1"]);
    lab
}

/// Builds a site; returns its folder.
fn site(lab: &Lab) -> PathBuf {
    let site = lab.dir.path().join("site");
    build(&lab.root, &site, &[]);
    site
}

fn verify(site: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = run(site, &[&["verify", site.to_str().unwrap()], arguments].concat());
    let said = words(&output);
    (output.status.code(), String::from_utf8(output.stdout).unwrap(), said)
}

#[test]
fn a_site_is_what_was_built_until_somebody_touches_it() {
    let lab = lab();
    let site = site(&lab);
    let (code, faults, said) = verify(&site, &[]);
    assert_eq!((code, faults.as_str()), (Some(0), ""), "{said}");
    let listed = files(&site).keys().filter(|path| !path.ends_with(MANIFEST)).count();
    assert!(said.contains(&format!("Verified {listed} files: all as built; digest ")), "{said}");

    fs::write(site.join("svc/v1/runbooks/rb.html"), "other").unwrap();
    fs::write(site.join("svc/v1/more.html"), "more").unwrap();
    fs::create_dir(site.join("own")).unwrap();
    fs::write(site.join("own/page.html"), "more").unwrap();
    fs::remove_file(site.join("svc/latest/nav.js")).unwrap();
    let (code, faults, said) = verify(&site, &[]);
    let expected = "extra    own/page.html\nmissing  svc/latest/nav.js\nextra    svc/v1/more.html\nchanged  svc/v1/runbooks/rb.html\n";
    assert_eq!((code, faults.as_str()), (Some(1), expected));
    assert!(said.contains("4 not as built"), "{said}");
}

#[test]
fn a_letter_is_found_and_so_is_a_manifest_that_was_changed_with_it() {
    let lab = lab();
    let site = site(&lab);
    let digest = |said: &str| said.trim_end().rsplit(' ').next().unwrap().to_owned();
    let whole = digest(&verify(&site, &[]).2);
    let page = site.join("svc/v1/runbooks/rb.html");
    let text = fs::read_to_string(&page).unwrap();
    let other = text.replacen("Go back", "Go Back", 1);
    fs::write(&page, &other).unwrap();
    assert_eq!(verify(&site, &[]).1, "changed  svc/v1/runbooks/rb.html\n");

    // Whoever changes the list as well changes the digest of the list.
    let manifest = site.join("svc/v1").join(MANIFEST);
    let mut listed: Value = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    let sum = std::process::Command::new("sha256sum").arg(&page).output().unwrap();
    let sum = String::from_utf8(sum.stdout).unwrap().split(' ').next().unwrap().to_owned();
    listed["files"]["runbooks/rb.html"]["sha256"] = sum.into();
    fs::write(&manifest, serde_json::to_vec(&listed).unwrap()).unwrap();
    assert_eq!(verify(&site, &[]).1, format!("changed  svc/v1/{MANIFEST}\n"));

    fs::write(&page, &text).unwrap();
    build(&lab.root, &site, &[]);
    assert_eq!(verify(&site, &["--digest", &whole]).0, Some(0));
    let (code, _, said) = verify(&site, &["--digest", "abc"]);
    assert!(code == Some(1) && said.contains("another one than the digest names"), "{said}");
}

#[test]
fn a_version_can_be_verified_alone_and_what_is_no_site_is_refused() {
    let lab = lab();
    let site = site(&lab);
    assert_eq!(verify(&site.join("svc/v1"), &[]).0, Some(0));
    let (code, _, said) = verify(&site.join("svc"), &[]);
    assert!(code == Some(2) && said.contains("is no site that this program built"), "{said}");
}

#[cfg(unix)]
#[test]
fn what_a_link_leads_to_is_no_part_of_the_site() {
    let lab = lab();
    let site = site(&lab);
    let (inside, outside) = (site.join("svc/v1/runbooks"), lab.dir.path().join("outside"));
    let pages = files(&inside);
    fs::rename(&inside, &outside).unwrap();
    std::os::unix::fs::symlink(&outside, &inside).unwrap();
    let first = "extra    svc/v1/runbooks\n".to_owned();
    let expected =
        pages.keys().fold(first, |text, path| text + &format!("missing  svc/v1/runbooks/{path}\n"));
    assert_eq!(verify(&site, &[]).1, expected);
}

#[test]
fn other_programs_can_check_the_digests() {
    let lab = lab();
    let site = site(&lab);
    let manifest = fs::read(site.join("svc/v1").join(MANIFEST)).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    let sums: String =
        manifest["files"].as_object().unwrap().iter().fold(String::new(), |sums, (path, entry)| {
            sums + &format!("{}  {path}\n", entry["sha256"].as_str().unwrap())
        });
    fs::write(lab.dir.path().join("sums"), sums).unwrap();
    let check = std::process::Command::new("sha256sum")
        .args(["-c", "--quiet"])
        .arg(lab.dir.path().join("sums"))
        .current_dir(site.join("svc/v1"))
        .output()
        .unwrap();
    assert!(check.status.success(), "{check:?}");
}

#[test]
fn a_frozen_tag_that_moves_stops_the_build() {
    let lab = lab();
    let said = words(&run(&lab.root, &["versions", "freeze"]));
    assert!(said.contains("Wrote versions.lock: 1 frozen, 1 new"), "{said}");
    let then = lab.git(&["rev-parse", "v1"]);
    let tree = lab.git(&["rev-parse", "v1^{tree}"]);
    let text = fs::read_to_string(lab.root.join("versions.lock")).unwrap();
    assert!(text.ends_with(&format!("[tags]\n\"v1\" = \"{then} {tree}\"\n")), "{text}");
    lab.commit("freeze");
    let now = lab.git(&["rev-parse", "HEAD"]);
    let out = lab.dir.path().join("site");
    let built = || run(&lab.root, &["build", "-d", out.to_str().unwrap()]);
    assert_ne!(built().status.code(), Some(2));
    let before = files(&out);

    lab.git(&["tag", "--force", "v1", &now]);
    let output = built();
    let said = words(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let message =
        format!("the tag `v1` is moved: it was frozen as {} and names {}", &then[..10], &now[..10]);
    assert!(said.contains(&message) && said.contains("git tag --force v1"), "{said}");
    assert!(said.contains("versions.lock"), "{said}");
    assert_eq!(files(&out), before, "nothing was written");
    assert!(words(&run(&lab.root, &["check"])).contains(&message));
    let output = run(&lab.root, &["versions", "freeze"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        fs::read_to_string(lab.root.join("versions.lock")).unwrap(),
        text,
        "nobody thaws by freezing"
    );

    lab.git(&["tag", "--delete", "v1"]);
    assert!(words(&built()).contains("the tag `v1` is gone: it was frozen as"));
    lab.git(&["tag", "v1", &then]);
    assert_ne!(built().status.code(), Some(2));
    lab.git(&["tag", "v2"]);
    let said = words(&run(&lab.root, &["versions", "freeze"]));
    assert!(said.contains("2 frozen, 1 new"), "{said}");
}

#[test]
fn a_rewritten_history_with_the_same_files_is_told_as_such() {
    let lab = lab();
    run(&lab.root, &["versions", "freeze"]);
    lab.commit("freeze");
    let tree = lab.git(&["rev-parse", "v1^{tree}"]);
    let other = lab.git(&["commit-tree", &tree, "-m", "the same files"]);
    lab.git(&["tag", "--force", "v1", &other]);
    assert!(words(&run(&lab.root, &["check"])).contains(", which holds the same files"));
}

/// Packs a version and unpacks it again; returns the bytes of the archive and the folder.
fn bundle(lab: &Lab, name: &str, version: &str) -> (Vec<u8>, PathBuf) {
    let archive = lab.dir.path().join(name);
    let output = run(&lab.root, &["bundle", version, "--out", archive.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    let into = lab.dir.path().join(format!("{name}-open"));
    let packed = fs::File::open(&archive).unwrap();
    zip::ZipArchive::new(packed).unwrap().extract(&into).unwrap();
    (fs::read(&archive).unwrap(), into)
}

#[test]
fn a_bundle_is_the_same_each_time_and_whole_by_itself() {
    let lab = lab();
    let (first, open) = bundle(&lab, "one.zip", "v1");
    lab.write("svc/runbooks/rb.md", "---\nid: RB-001\ntitle: Go on\n---\n# Go on\n");
    lab.commit("later");
    let (second, _) = bundle(&lab, "two.zip", "v1");
    assert!(first == second, "what came later plays no part");
    let site = open.join("v1");
    assert_eq!(verify(&site, &[]).0, Some(0));
    let pages: BTreeMap<String, Vec<u8>> = files(&site);
    let page = String::from_utf8(pages["svc/runbooks/rb.html"].clone()).unwrap();
    assert!(page.contains("Handoff, v1") && page.contains("Go back"), "{page}");
    assert!(pages.contains_key("index.html") && pages.contains_key("assets/style.css"));
    let output = run(&lab.root, &["bundle", "v9"]);
    assert!(output.status.code() == Some(2) && words(&output).contains("`v9`"));
}
