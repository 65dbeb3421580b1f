//! The reference page of our TOML files. The keys stand here by hand, because only people can say what they mean; a test
//! asks the readers for every key that they know and compares.

use std::fmt::Write as _;

/// The keys of one table of a file.
#[derive(Debug, Clone, Copy)]
pub struct Keys {
    /// The file, as the page's headings name it.
    pub file: &'static str,
    /// The table as it is written, empty for the top of the file.
    pub table: &'static str,
    /// Keys that share a meaning, and the meaning. A free name stands between `<` and `>`.
    pub rows: &'static [(&'static [&'static str], &'static str)],
}

const BOOK: &str = "book.toml";
const PACK: &str = "pack.toml";
const PEOPLE: &str = "people.toml";
const KIND: &str = "kinds/*.toml";
const PROFILE: &str = "profiles/*.toml";

/// Every key that a reader knows, except the tables that have rows of their own.
pub static KEYS: &[Keys] = &[
    Keys {
        file: BOOK,
        table: "[book]",
        rows: &[
            (&["title"], "The site's title."),
            (&["description", "authors", "author"], "For metadata."),
            (&["language"], "The language of the pages, `en` when absent."),
            (&["text-direction"], "`ltr` or `rtl`; told from the language when absent."),
            (&["src"], "The folder of the pages."),
            (&["multilingual"], "Accepted from older books; changes nothing."),
        ],
    },
    Keys {
        file: BOOK,
        table: "[build]",
        rows: &[
            (&["build-dir"], "Where `build` writes, `book` when absent."),
            (
                &["create-missing", "use-default-preprocessors", "extra-watch-dirs"],
                "Accepted from mdBook; change nothing.",
            ),
        ],
    },
    Keys {
        file: BOOK,
        table: "[rust]",
        rows: &[(&["edition"], "Accepted from mdBook; changes nothing.")],
    },
    Keys {
        file: BOOK,
        table: "[output.html]",
        rows: &[
            (
                &["git-repository-url"],
                "Where the repository can be browsed; commits and pull requests are linked there.",
            ),
            (&["edit-url-template"], "The address of an editor; `{path}` is the file's path."),
            (&["site-url"], "Where the site lives; a full address makes canonical links."),
            (&["no-section-label"], "`true` shows chapters without numbers."),
            (
                &[
                    "smart-punctuation",
                    "curly-quotes",
                    "definition-lists",
                    "admonitions",
                    "mathjax-support",
                    "hash-files",
                    "sidebar-header-nav",
                    "copy-fonts",
                    "theme",
                    "default-theme",
                    "preferred-dark-theme",
                    "git-repository-icon",
                    "input-404",
                    "cname",
                    "live-reload-endpoint",
                    "google-analytics",
                    "additional-css",
                    "additional-js",
                    "print",
                    "fold",
                    "playground",
                    "playpen",
                    "code",
                    "search",
                ],
                "Accepted from mdBook; change nothing.",
            ),
        ],
    },
    Keys {
        file: BOOK,
        table: "[output.html.redirect]",
        rows: &[(&["<old address>"], "The address that took its place.")],
    },
    Keys {
        file: BOOK,
        table: "[output.<other>]",
        rows: &[(&["<any>"], "Other renderers; left alone.")],
    },
    Keys {
        file: BOOK,
        table: "[preprocessor.<name>]",
        rows: &[(&["<any>"], "Preprocessors; noted and never run.")],
    },
    Keys {
        file: BOOK,
        table: "[versions]",
        rows: &[
            (&["tags"], "Patterns of tags to publish; a leading `!` leaves out."),
            (&["branches"], "Patterns of branches to publish."),
            (&["latest"], "The version that `latest` means; the newest tag when absent."),
        ],
    },
    Keys {
        file: BOOK,
        table: "[history]",
        rows: &[(&["ref"], "The branch whose history counts; the default branch when absent.")],
    },
    Keys {
        file: BOOK,
        table: "[[history.rewritten]]",
        rows: &[
            (
                &["tip"],
                "A commit that was published and is no longer part of the history, on purpose.",
            ),
            (&["on"], "The day on which it was rewritten."),
            (&["why"], "Why, in a sentence that every reader may see."),
        ],
    },
    Keys {
        file: BOOK,
        table: "[site]",
        rows: &[
            (&["profiles"], "Profiles of packs that name none themselves."),
            (&["audience"], "`internal`, or `public`: without phones, mail addresses and drafts."),
            (
                &["dates"],
                "`day-first` or `month-first`: how `03/04/2026` is read in fields and tables. Not read when absent, because the order is never guessed.",
            ),
        ],
    },
    Keys {
        file: BOOK,
        table: "[kinds]",
        rows: &[(&["<folder or pattern>"], "The kind of the files there.")],
    },
    Keys {
        file: BOOK,
        table: "[locate.<kind>]",
        rows: &[
            (
                &["places"],
                "Where in the text fields of the kind are looked for, in this order: `section`, `table`, `line`, \
                 `bullet`. All of them when absent; `every` stands for all kinds.",
            ),
            (
                &["sidecars"],
                "Files such as `kep.yaml` whose fields belong to the `README` or `index` beside them.",
            ),
            (&["<field>"], "Other words for a field: keys, headings and labels."),
        ],
    },
    Keys {
        file: BOOK,
        table: "[approvals]",
        rows: &[(
            &["<kind>"],
            "How sure approvals of its documents must be: `attributed`, `attested` or `verified`. It takes the place of what the kind itself asks; `every` stands for all kinds.",
        )],
    },
    Keys {
        file: BOOK,
        table: "[rules]",
        rows: &[(&["<rule or group>"], "`error`, `warning` or `note`.")],
    },
    Keys {
        file: PACK,
        table: "",
        rows: &[
            (&["id"], "The pack's name in addresses and links; the folder's name when absent."),
            (&["title"], "What people call it."),
            (&["summary"], "One sentence."),
            (&["owner"], "The person, team or role that answers for it."),
            (
                &["approvers"],
                "Whose signed tags are baselines, persons or roles; the owner when absent.",
            ),
            (&["profiles"], "The profiles that judge it."),
            (
                &[
                    "service",
                    "stage",
                    "tier",
                    "timezone",
                    "currency",
                    "start",
                    "decision_by",
                    "classification",
                    "dashboards",
                    "environments",
                    "regions",
                    "languages",
                    "sectors",
                    "ai",
                    "acceptance",
                    "attestation",
                ],
                "Describe the pack for people; not checked.",
            ),
        ],
    },
    Keys {
        file: PACK,
        table: "[roles]",
        rows: &[(
            &["<role>"],
            "The person who holds it in this pack, or a list of `{ person, from, until }` for those who do so in turn.",
        )],
    },
    Keys {
        file: PACK,
        table: "[home]",
        rows: &[
            (&["team"], "The team that runs it after the handoff."),
            (&["operational_owner"], "The person who answers for running it."),
            (&["run_budget"], "Where the money for running it comes from."),
        ],
    },
    Keys {
        file: PEOPLE,
        table: "[[person]]",
        rows: &[
            (&["id"], "The short name that packs use. Needed."),
            (&["name"], "The name that readers see."),
            (&["mail", "git_emails"], "Addresses of commits; names never match."),
            (&["phone", "chat"], "How to reach the person; left out of public sites."),
            (&["team"], "The id of a team."),
            (&["timezone"], "Where the working day is: `Europe/Oslo`."),
            (&["from", "until"], "First and last day."),
            (&["backup"], "The id of the person who stands in."),
            (
                &["kind"],
                "`human`, or `bot` and `shared` for addresses that cannot approve anything.",
            ),
            (&["access", "competencies"], "For people; not checked."),
        ],
    },
    Keys {
        file: PEOPLE,
        table: "[[person.keys]]",
        rows: &[
            (
                &["key"],
                "The public SSH key that signs commits and tags: `ssh-ed25519 AAAA...`. Needed.",
            ),
            (&["from", "until"], "First and last day on which it counts."),
        ],
    },
    Keys {
        file: PEOPLE,
        table: "[[team]]",
        rows: &[
            (&["id"], "The short name that packs use. Needed."),
            (&["name"], "The name that readers see."),
            (&["side"], "Whose team it is: the supplier's, the customer's."),
            (&["duty_phone"], "Who answers at night; left out of public sites."),
            (&["risk_appetite"], "For people; not checked."),
        ],
    },
    Keys {
        file: PEOPLE,
        table: "[[role]]",
        rows: &[
            (&["id"], "The short name that packs use. Needed."),
            (&["title"], "The name that readers see."),
            (&["synonyms"], "Other names in tables."),
            (&["backup_required"], "`true` when somebody must stand in for whoever holds it."),
            (&["owns", "may", "not_with"], "For people; not checked."),
        ],
    },
    Keys {
        file: KIND,
        table: "",
        rows: &[
            (&["name"], "The word for `kind:`. Needed."),
            (&["title", "plural"], "What readers see."),
            (&["purpose"], "One sentence without a full stop."),
            (&["prefix"], "What ids begin with: `RB`."),
            (&["folder"], "The folder of a pack whose files have this kind."),
            (&["order"], "The place in the navigation, 500 when absent."),
            (&["first"], "`true` when search shows its documents before others."),
            (&["living"], "`true` when its documents go on changing while they are in force."),
            (&["approver"], "The role that must approve its documents when nothing else says who."),
            (&["synonyms"], "Other words for `kind:`."),
        ],
    },
    Keys {
        file: KIND,
        table: "[[field]]",
        rows: &[
            (&["name"], "The key in front matter. Needed."),
            (&["need"], "`required`, `recommended` or `optional`."),
            (
                &["when"],
                "Other fields with the values at which it is needed: `{ type = [\"exit\"] }`.",
            ),
            (&["locate"], "`true` when it is looked for in the text too."),
            (&["past"], "`true` when its day has come before the document takes effect."),
            (
                &["adverse"],
                "Values of `listed` that say that it went wrong; they are marked wherever they are shown.",
            ),
            (
                &["listed"],
                "`true` for the one that stands beside the status wherever a document is named: what came of it.",
            ),
            (&["decision"], "What the persons it names did to the document: `granted`, `decided`."),
            (
                &["form"],
                "`text`, `date`, `duration`, `percentage`, `money`, `number`, `truth`, `choice`, `who`, `ids` or `relation`.",
            ),
            (&["choices"], "The words of a `choice`."),
            (&["kinds"], "The kinds that a `relation` may lead to."),
            (&["inverse"], "The word for a `relation` read from the other side."),
            (&["synonyms"], "Other keys for it."),
            (&["hint"], "What to write."),
        ],
    },
    Keys {
        file: KIND,
        table: "[[approval]]",
        rows: &[
            (
                &["when"],
                "Fields with the values at which it is asked: `{ type = [\"go-no-go\"] }`.",
            ),
            (
                &["decisions"],
                "The words of the decisions that it is about, such as `accept-risk`; all when absent.",
            ),
            (
                &["assurance"],
                "How sure an approval must be: `attributed` (when absent), `attested` or `verified`.",
            ),
            (
                &["co-authors"],
                "`false` when somebody who is named as co-author of a text may not approve it.",
            ),
            (
                &["needed"],
                "Statuses in which somebody must have approved it, although they do not say so.",
            ),
        ],
    },
    Keys {
        file: KIND,
        table: "[[goalpost]]",
        rows: &[
            (
                &["part"],
                "`criteria` when its documents hold the criteria of a trial, `start` or `decision` when a status of theirs starts one or decides on it. Needed.",
            ),
            (&["status"], "The statuses that start or decide."),
            (&["when"], "Fields with the values that they must have: `{ type = [\"exit\"] }`."),
        ],
    },
    Keys {
        file: KIND,
        table: "[[section]]",
        rows: &[
            (&["name"], "The section's word in profiles. Needed."),
            (&["title"], "The heading that `new` writes."),
            (&["need"], "`required`, `recommended` or `optional`."),
            (&["synonyms"], "Other headings for it."),
            (&["steps"], "`true` when its numbered list is what a reader comes for."),
            (&["hint"], "What belongs there."),
        ],
    },
    Keys {
        file: KIND,
        table: "[[table]]",
        rows: &[
            (&["name"], "The table's word in profiles. Needed."),
            (&["title"], "The heading that `new` writes."),
            (&["need"], "`required`, `recommended` or `optional`."),
            (&["synonyms"], "Other headings that it may stand under."),
            (&["required"], "The columns that every row fills."),
        ],
    },
    Keys {
        file: KIND,
        table: "[[scheme]]",
        rows: &[
            (
                &["name"],
                "The word for `scheme` in a responsibility matrix. Needed; the first scheme is the default.",
            ),
            (&["accountable"], "The letter that stands exactly once in a row. Needed."),
            (&["responsible"], "The letter that stands at least once in a row. Needed."),
        ],
    },
    Keys {
        file: KIND,
        table: "[scheme.letters]",
        rows: &[(&["<letter>"], "What the letter means; also the title of a column of names.")],
    },
    Keys {
        file: KIND,
        table: "[table.columns]",
        rows: &[(&["<column>"], "Other titles of the column; the first column names a row.")],
    },
    Keys {
        file: KIND,
        table: "[table.forms]",
        rows: &[(
            &["<column>"],
            "What its cells hold: a form of a field, without `choice` and `relation`.",
        )],
    },
    Keys {
        file: KIND,
        table: "[table.relations]",
        rows: &[(
            &["<column>"],
            "The relation of a row to what its cell links, in either direction: `mitigated-by`.",
        )],
    },
    Keys {
        file: KIND,
        table: "[[status]]",
        rows: &[
            (&["name"], "The word. Needed."),
            (&["synonyms"], "Other words for it."),
            (&["means"], "`draft`, `approved` or `closed`."),
            (
                &["over"],
                "`true` when nothing more is to happen, as with a change that was carried out.",
            ),
            (&["next"], "The words that may follow."),
        ],
    },
    Keys {
        file: PROFILE,
        table: "",
        rows: &[
            (&["id"], "The word in `profiles`. Needed."),
            (&["title"], "What readers see."),
            (&["gate"], "What the verdict is about: `Day zero`."),
            (&["summary"], "One sentence without a full stop."),
        ],
    },
    Keys {
        file: PROFILE,
        table: "[[requirement]]",
        rows: &[
            (&["id"], "Its short name. Needed."),
            (&["statement"], "One sentence that is true when it is met. Needed."),
            (&["level"], "`required` or `recommended`."),
            (&["hint"], "What to do when it is not met."),
            (&["next"], "The role that is next when no artifact names an owner."),
            (&["waivable"], "`false` when no waiver may cover it."),
        ],
    },
    Keys {
        file: PROFILE,
        table: "[[requirement.need]]",
        rows: &[
            (&["any"], "Of the needs that share this word one is enough."),
            (&["kind"], "Artifacts of this kind."),
            (
                &["status"],
                "Words of the kind's life cycle; `approved` means all that are in force.",
            ),
            (&["min"], "How many artifacts must comply, 1 when absent."),
            (&["each"], "`true` when all that have the status and the values must comply."),
            (&["sections", "fields"], "What must say something."),
            (&["one-of"], "Sections or fields of which one must say something."),
            (&["table", "columns", "rows"], "A table with these columns filled in so many rows."),
            (
                &["reachable"],
                "`true` when every step of the ladder and everybody on the rota must lead to a phone number.",
            ),
            (&["roles"], "Roles that active persons must hold."),
            (&["no-findings"], "Rules or groups that must have found nothing."),
            (&["no-errors"], "`true` when no finding of the pack may be an error."),
        ],
    },
    Keys {
        file: PROFILE,
        table: "[requirement.need.where]",
        rows: &[(&["<field>"], "The values of which the field must have one.")],
    },
];

/// Returns the page about the keys of our TOML files.
pub fn settings() -> String {
    let mut page = String::from(
        "# Keys of the settings files\n\nEvery key is optional unless it says so. A key that is not known is an error, with \
         the nearest known key.\n",
    );
    let mut file = "";
    for keys in KEYS {
        if keys.file != file {
            file = keys.file;
            _ = write!(page, "\n## {file}\n");
        }
        if !keys.table.is_empty() {
            _ = write!(page, "\n### `{}`\n", keys.table);
        }
        page.push_str("\n| Key | Meaning |\n|---|---|\n");
        for (names, meaning) in keys.rows {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            _ = writeln!(page, "| {} | {} |", names.join(", "), meaning.replace('|', "\\|"));
        }
    }
    page
}
