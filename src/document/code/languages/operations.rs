//! Languages of operations: shells, configuration, queries, differences.

use super::super::{Language, Shape};
use super::{BARE, BRACES, DOUBLE, SINGLE, quote};

pub(super) static LANGUAGES: &[Language] = &[
    Language {
        names: &["sh", "bash", "shell", "zsh", "ksh"],
        line_comments: &["#"],
        quotes: &[
            quote("\"", "\"", true, true),
            quote("'", "'", false, true),
            quote("`", "`", true, true),
        ],
        keywords: "if then else elif fi for while until do done case esac in function return local export readonly \
                   declare unset set exit trap source alias eval exec shift break continue select time",
        word: "-",
        variables: "$",
        flags: true,
        spaced_comments: true,
        ..BARE
    },
    Language {
        names: &["console", "shell-session", "terminal", "session"],
        shape: Shape::Console,
        ..BARE
    },
    Language { names: &["diff", "patch", "udiff"], shape: Shape::Diff, ..BARE },
    Language {
        names: &["yaml", "yml"],
        line_comments: &["#"],
        quotes: &[quote("\"", "\"", true, true), quote("'", "'", false, true)],
        keywords: "true false null yes no on off True False",
        word: "-./",
        key: Some(':'),
        key_starts_line: true,
        spaced_comments: true,
        ..BARE
    },
    Language {
        names: &["json", "jsonc", "json5", "jsonl", "ndjson"],
        line_comments: &["//"],
        block_comment: Some(("/*", "*/")),
        quotes: &[DOUBLE],
        keywords: "true false null",
        key: Some(':'),
        ..BARE
    },
    Language {
        names: &["toml"],
        line_comments: &["#"],
        quotes: &[
            quote("\"\"\"", "\"\"\"", true, true),
            quote("'''", "'''", false, true),
            DOUBLE,
            quote("'", "'", false, false),
        ],
        keywords: "true false inf nan",
        word: "-.",
        key: Some('='),
        ..BARE
    },
    Language {
        names: &["ini", "cfg", "conf", "properties", "dotenv", "env", "systemd", "desktop"],
        line_comments: &["#", ";"],
        quotes: &[DOUBLE],
        keywords: "true false yes no on off",
        word: "-.",
        variables: "$",
        key: Some('='),
        key_starts_line: true,
        spaced_comments: true,
        ..BARE
    },
    Language {
        names: &["sql", "postgres", "postgresql", "psql", "mysql", "plsql", "sqlite"],
        line_comments: &["--"],
        block_comment: Some(("/*", "*/")),
        quotes: &[quote("'", "'", false, true), quote("\"", "\"", false, false)],
        keywords: "select from where and or not in is null like between exists insert into values update set delete \
                   create alter drop table index view schema database grant revoke on to join inner left right full \
                   outer cross using group by order having limit offset union all distinct as case when then else end \
                   begin commit rollback transaction primary key foreign references unique check default constraint \
                   with returning explain analyze vacuum truncate cascade asc desc true false if add column trigger \
                   function returns language replace",
        any_case: true,
        functions: true,
        ..BARE
    },
    Language {
        names: &["powershell", "ps1", "pwsh", "posh"],
        line_comments: &["#"],
        block_comment: Some(("<#", "#>")),
        quotes: &[
            quote("@\"", "\"@", false, true),
            quote("@'", "'@", false, true),
            quote("\"", "\"", false, true),
            quote("'", "'", false, true),
        ],
        keywords: "if else elseif switch foreach for while do until in function param return begin process end try \
                   catch finally throw break continue class enum using filter exit trap",
        any_case: true,
        word: "-",
        variables: "$@",
        flags: true,
        ..BARE
    },
    Language {
        names: &["dockerfile", "docker", "containerfile"],
        line_comments: &["#"],
        quotes: &[DOUBLE, SINGLE],
        keywords: "FROM AS RUN CMD LABEL MAINTAINER EXPOSE ENV ADD COPY ENTRYPOINT VOLUME USER WORKDIR ARG ONBUILD \
                   STOPSIGNAL HEALTHCHECK SHELL",
        word: "-.",
        variables: "$",
        flags: true,
        spaced_comments: true,
        ..BARE
    },
    Language {
        names: &["makefile", "make", "mk"],
        line_comments: &["#"],
        quotes: &[DOUBLE, SINGLE],
        keywords: "ifeq ifneq ifdef ifndef else endif include define endef export override",
        word: "-.",
        variables: "$",
        key: Some(':'),
        key_starts_line: true,
        flags: true,
        spaced_comments: true,
        ..BARE
    },
    Language {
        names: &["hcl", "terraform", "tf", "tfvars", "nomad"],
        line_comments: &["#", "//"],
        block_comment: Some(("/*", "*/")),
        quotes: &[DOUBLE],
        keywords: "resource data variable output module provider terraform locals backend required_providers for in if \
                   true false null dynamic moved import check",
        word: "-",
        key: Some('='),
        functions: true,
        ..BARE
    },
    Language {
        names: &["promql", "prometheus", "logql", "metricsql"],
        line_comments: &["#"],
        quotes: &[DOUBLE, SINGLE],
        keywords: "by without on ignoring group_left group_right offset bool and or unless sum min max avg count stddev \
                   stdvar topk bottomk quantile count_values group",
        word: ":",
        key: Some('='),
        functions: true,
        ..BARE
    },
    Language {
        names: &["rego", "opa"],
        line_comments: &["#"],
        quotes: &[DOUBLE, quote("`", "`", false, true)],
        keywords: "package import default not with as some in every if contains else true false null",
        key: Some(':'),
        functions: true,
        ..BARE
    },
    Language {
        names: &["nginx", "caddyfile"],
        line_comments: &["#"],
        quotes: &[DOUBLE, SINGLE],
        keywords: "server location upstream http events listen server_name root index return rewrite proxy_pass include if",
        word: "-.",
        variables: "$",
        spaced_comments: true,
        ..BARE
    },
    Language {
        names: &["graphql", "gql"],
        line_comments: &["#"],
        block_comment: None,
        keywords: "query mutation subscription fragment on type input enum interface union scalar schema extend implements true false null",
        variables: "$",
        key: Some(':'),
        ..BRACES
    },
    Language {
        names: &["protobuf", "proto"],
        keywords: "syntax package import message service rpc returns enum oneof map repeated optional reserved option \
                   string bytes bool int32 int64 uint32 uint64 double float true false",
        ..BRACES
    },
];
