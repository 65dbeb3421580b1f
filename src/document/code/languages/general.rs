//! General programming languages, style sheets and markup.

use super::super::{Language, Shape};
use super::{BACKTICK, BARE, BRACES, DOUBLE, SINGLE, quote};

pub(super) static LANGUAGES: &[Language] = &[
    Language {
        names: &["python", "py", "python3", "starlark", "bzl"],
        line_comments: &["#"],
        quotes: &[
            quote("\"\"\"", "\"\"\"", true, true),
            quote("'''", "'''", true, true),
            DOUBLE,
            SINGLE,
        ],
        keywords: "and as assert async await break class continue def del elif else except finally for from global if \
                   import in is lambda nonlocal not or pass raise return try while with yield match case True False None",
        variables: "@",
        functions: true,
        ..BARE
    },
    Language {
        names: &["rust", "rs"],
        quotes: &[
            quote("r#\"", "\"#", false, true),
            quote("\"", "\"", true, true),
            quote("'\\", "'", true, false),
        ],
        keywords: "as async await break const continue crate dyn else enum extern fn for if impl in let loop match mod \
                   move mut pub ref return self Self static struct super trait type unsafe use where while true false",
        ..BRACES
    },
    Language {
        names: &["go", "golang"],
        quotes: &[DOUBLE, SINGLE, quote("`", "`", false, true)],
        keywords: "break case chan const continue default defer else fallthrough for func go goto if import interface \
                   map package range return select struct switch type var true false nil",
        ..BRACES
    },
    Language {
        names: &["javascript", "js", "jsx", "mjs", "cjs", "node", "typescript", "ts", "tsx"],
        quotes: &[DOUBLE, SINGLE, BACKTICK],
        keywords: "abstract as async await break case catch class const continue debugger declare default delete do else \
                   enum export extends finally for from function get if implements import in instanceof interface let \
                   namespace new of private protected public readonly return set static super switch this throw try \
                   type typeof var void while with yield true false null undefined",
        word: "$",
        ..BRACES
    },
    Language {
        names: &["java", "groovy", "gradle", "jenkinsfile", "scala"],
        keywords: "abstract assert boolean break byte case catch char class const continue def default do double else \
                   enum extends final finally float for if implements import instanceof int interface long native new \
                   package private protected public record return short static super switch synchronized this throw \
                   throws transient try val var void volatile while yield true false null",
        variables: "@",
        ..BRACES
    },
    Language {
        names: &["c", "h", "cpp", "c++", "cc", "hpp", "cxx", "objective-c", "arduino"],
        keywords: "alignas alignof auto bool break case catch char class const constexpr continue default delete do double \
                   else enum explicit extern false float for friend if inline int long mutable namespace new noexcept \
                   nullptr operator private protected public register return short signed sizeof static struct switch \
                   template this throw true try typedef typename union unsigned using virtual void volatile while \
                   #include #define #ifdef #ifndef #endif #if #else #pragma",
        word: "#",
        ..BRACES
    },
    Language {
        names: &["csharp", "cs", "c#", "dotnet"],
        quotes: &[quote("@\"", "\"", false, true), DOUBLE, SINGLE],
        keywords: "abstract as async await base bool break byte case catch char class const continue decimal default \
                   delegate do double else enum event explicit extern false finally fixed float for foreach get goto if \
                   implicit in init int interface internal is lock long namespace new null object operator out override \
                   params private protected public readonly record ref return sealed set short static string struct \
                   switch this throw true try typeof uint ulong unchecked unsafe using var virtual void while",
        ..BRACES
    },
    Language {
        names: &["ruby", "rb", "vagrantfile", "rakefile", "puppet"],
        line_comments: &["#"],
        quotes: &[DOUBLE, SINGLE],
        keywords: "alias and begin break case class def defined do else elsif end ensure false for if in module next nil \
                   not or raise redo require rescue retry return self super then true undef unless until when while yield",
        word: "?",
        variables: "@$",
        functions: true,
        ..BARE
    },
    Language {
        names: &["php"],
        line_comments: &["//", "#"],
        keywords: "abstract and array as break callable case catch class clone const continue declare default do echo else \
                   elseif empty enum extends final finally fn for foreach function global if implements include \
                   instanceof interface isset list match namespace new null or print private protected public readonly \
                   require require_once return static switch throw trait true false try unset use var while yield",
        variables: "$",
        ..BRACES
    },
    Language {
        names: &["kotlin", "kt", "kts", "swift", "dart"],
        quotes: &[quote("\"\"\"", "\"\"\"", false, true), DOUBLE, SINGLE],
        keywords: "as async await break case catch class companion continue data default defer do else enum extension \
                   false final for fun func guard if import in init inline interface internal is lateinit let nil null \
                   object open operator override package private protocol public return sealed self static struct super \
                   suspend switch this throw throws true try typealias val var when where while",
        variables: "@",
        ..BRACES
    },
    Language {
        names: &["css", "scss", "less"],
        line_comments: &[],
        keywords: "@media @import @supports @font-face @keyframes @layer @container @page !important inherit initial none auto",
        word: "-@!",
        variables: "$",
        key: Some(':'),
        ..BRACES
    },
    Language {
        names: &["lua"],
        line_comments: &["--"],
        block_comment: Some(("--[[", "]]")),
        quotes: &[DOUBLE, SINGLE, quote("[[", "]]", false, true)],
        keywords: "and break do else elseif end false for function goto if in local nil not or repeat return then true until while",
        functions: true,
        ..BARE
    },
    Language {
        names: &["html", "xml", "xhtml", "svg", "vue", "svelte", "pom", "plist"],
        shape: Shape::Markup,
        ..BARE
    },
];
