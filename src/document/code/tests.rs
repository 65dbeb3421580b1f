//! Tests of the highlighter.

use proptest::prelude::*;

use super::*;

fn html(language: &str, code: &str) -> String {
    let mut out = String::new();
    highlight(&mut out, language, code);
    out
}

/// Drops tags and resolves the escapes that are written: what a browser shows.
fn shown(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        rest = &rest[open + rest[open..].find('>').expect("a tag ends") + 1..];
    }
    text.push_str(rest);
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Lists the marked pieces as `class:text`.
fn marks(language: &str, code: &str) -> String {
    let html = html(language, code);
    let pieces = html.split("<i class=\"").skip(1).map(|piece| {
        let (class, rest) = piece.split_once("\">").expect("a class ends");
        format!("{class}:{}", shown(rest.split("</i>").next().unwrap_or_default()))
    });
    pieces.collect::<Vec<_>>().join(" ")
}

#[test]
fn each_language_marks_what_matters() {
    let cases = [
        ("bash", "ls -l \"$HOME\" # all", "o:-l s:\"$HOME\" c:# all"),
        ("sh", "if [ $# -gt 1 ]; then echo ${A}; fi", "k:if v:$# o:-gt n:1 k:then v:${A} k:fi"),
        ("console", "$ cd /x\nplain -x\nada@db:~$ ls -a\n", "v:$  v:ada@db:~$  o:-a"),
        (
            "yaml",
            "- key: 'v' # c\n  on: true\n  url: http://a#b\n",
            "y:key s:'v' c:# c y:on k:true y:url",
        ),
        ("json", "{\"a\": [1.5, \"b\", null]}", "y:\"a\" n:1.5 s:\"b\" k:null"),
        ("toml", "[t]\na.b = \"x\" # c", "y:a.b s:\"x\" c:# c"),
        ("ini", "; note\nuser name = ada\n", "c:; note y:user name"),
        ("sql", "SELECT count(*) FROM t -- all", "k:SELECT f:count k:FROM c:-- all"),
        ("python", "@x\ndef f(a):\n  return '''b\nc'''", "v:@x k:def f:f k:return s:'''b\nc'''"),
        ("rust", "fn main() { let a = 1_000; } // x", "k:fn f:main k:let n:1_000 c:// x"),
        ("ts", "const a = `b ${c}`;", "k:const s:`b ${c}`"),
        ("powershell", "Get-Item -Path $x # c", "o:-Path v:$x c:# c"),
        ("dockerfile", "FROM a AS b\nRUN x --y", "k:FROM k:AS k:RUN o:--y"),
        ("makefile", "all: dep\n\techo $@", "y:all v:$@"),
        ("hcl", "resource \"a\" \"b\" { x = 1 }", "k:resource s:\"a\" s:\"b\" y:x n:1"),
        ("promql", "sum by (job) (rate(x{a=\"b\"}[5m]))", "k:sum k:by f:rate y:a s:\"b\" n:5m"),
        ("diff", "--- a\n+++ b\n@@ -1 @@\n-x\n+y\n z\n", "c:--- a c:+++ b k:@@ -1 @@ m:-x p:+y"),
        ("html", "<!-- c --><a href=\"x\">t</a>", "c:<!-- c --> k:<a y:href s:\"x\" k:> k:</a k:>"),
        ("css", "a { color: red; /* c */ }", "y:color c:/* c */"),
        ("go", "func f() { return nil }", "k:func f:f k:return k:nil"),
        ("mermaid", "graph TD; A-->B", ""),
        ("unheard-of", "if x", ""),
    ];
    for (language, code, expected) in cases {
        assert_eq!(marks(language, code), expected, "{language}");
    }
}

#[test]
fn names_are_not_taken_twice() {
    let mut names: Vec<_> = languages::all().flat_map(|language| language.names).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn a_large_block_stays_plain() {
    let code = "if ".repeat(LARGEST);
    assert_eq!(html("sh", &code), code);
}

#[test]
fn unclosed_pieces_end_with_the_block() {
    for language in languages::all().flat_map(|language| language.names) {
        for code in [
            "\"", "'", "`", "/*", "<!--", "<", "${", "$", "@", "\"\\", "--", "key:", "é\"\\é",
            "<a 'é",
        ] {
            assert_eq!(shown(&html(language, code)), code, "{language}");
        }
    }
}

proptest! {
    #[test]
    fn the_text_of_the_output_is_the_input(
        language in proptest::sample::select(languages::all().flat_map(|language| language.names).copied().collect::<Vec<_>>()),
        code in "([a-zA-Z0-9 ]|[-$@#:=<>&\"'`/*(){}\\[\\];\\\\\n\t]|é|😀|if |<!--|\"\"\"){0,80}",
    ) {
        prop_assert_eq!(shown(&html(language, &code)), code);
    }
}
