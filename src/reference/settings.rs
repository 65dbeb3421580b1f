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
            (
                &["accepted"],
                "Patterns of the versions that operations accepted; later versions are compared with the last of them. \
                 `ops-accepted/*` when absent.",
            ),
        ],
    },
    Keys {
        file: BOOK,
        table: "[history]",
        rows: &[
            (&["ref"], "The branch whose history counts; the default branch when absent."),
            (
                &["forges"],
                "Addresses with which a forge of your own commits for authors, beside those of GitHub and GitLab: whoever presses its button still made the commit, and its clock is a server's.",
            ),
        ],
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
                    "currency",
                    "start",
                    "build_start",
                    "decision_by",
                    "environments",
                    "regions",
                    "languages",
                    "sectors",
                    "ai",
                ],
                "Facts by which profiles may judge it: one value or a list.",
            ),
            (
                &["timezone", "classification", "dashboards", "acceptance"],
                "Describe the pack for people; not checked.",
            ),
        ],
    },
    Keys {
        file: PACK,
        table: "[facts]",
        rows: &[(&["<fact>"], "Further facts, for the profiles of your company.")],
    },
    Keys {
        file: PACK,
        table: "[[not-applicable]]",
        rows: &[
            (&["requirement"], "The id of a requirement that does not apply. Needed."),
            (&["reason"], "Why it does not. Needed."),
            (&["by"], "The person who agreed, by their id. Needed."),
        ],
    },
    Keys {
        file: PACK,
        table: "[[attestation]]",
        rows: &[
            (&["id"], "What is stated, as a profile names it. Needed."),
            (&["by"], "The person who states it, by their id. Needed."),
            (&["on"], "The day, such as 2026-05-05; without it the statement does not count."),
            (&["evidence"], "What it rests on."),
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
            (
                &["may"],
                "What its holders may do: `accept-risk<=12`, so that a risk above that is not theirs to accept. Other words are for people.",
            ),
            (&["owns", "not_with"], "For people; not checked."),
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
            (
                &["effect"],
                "What a change means for those who run the service, which decides where comparisons tell it: `steps`, \
                 `contacts`, `rollback`, `parameters`, `changes`, `risks`, `decisions`, or `other` when absent.",
            ),
            (&["approver"], "The role that must approve its documents when nothing else says who."),
            (&["synonyms"], "Other words for `kind:`."),
            (
                &["tags"],
                "Items of frameworks that its documents in force are evidence for, such as `nist:CM-2`.",
            ),
            (
                &["answers"],
                "The question of the overview that its documents answer: `owned`, `controlled` or `measured`.",
            ),
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
                &["event", "until"],
                "What happens on its day, for the calendar: `planned`; and the field with the last day of that.",
            ),
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
            (&["days"], "The fields that name the day of it, the surest first."),
        ],
    },
    Keys {
        file: KIND,
        table: "[[check]]",
        rows: &[
            (&["rule"], "The rule that is broken, by its name. Needed."),
            (
                &["says"],
                "What is told; a name in braces is what stands there, `{name}` the row or the document. Needed.",
            ),
            (&["help"], "The next step; that of the rule when absent."),
            (
                &["table"],
                "The table whose rows are looked at; the document as a whole when absent.",
            ),
            (
                &["when", "unless"],
                "Names with values of which one must, or must not, stand there: `{ severity = [\"SEV1\"] }`. A name is a column, a \
                 field (`capacity.expected` inside one), a relation, a section (`section:name` alone), `status`, `text`, \
                 `trial-start` or `pack-profiles`.",
            ),
            (
                &["if"],
                "What holds of each name, several with `and`: `missing`, `empty` (there is a place for it), `filled`, `no number`, \
                 `no link`, `with a|b`, `without a|b`, `unlike NAME`, `past`, `past 7d`, `after NAME`, `under 5 words`, `above 10`, \
                 `under 90 % of NAME`, `outside 4 8 weeks after NAME`. Of a value that cannot be read none holds.",
            ),
            (
                &["covers"],
                "A column and words of which each must stand in some row, `launch|start` being either; `{open}` in `says` names \
                 those that do not.",
            ),
            (&["severity"], "`warning` or `note`, where it is milder than the rule says."),
            (&["drafts"], "Whether it is as bad in a draft, where it is a note otherwise."),
        ],
    },
    Keys {
        file: KIND,
        table: "[[rhythm]]",
        rows: &[
            (&["when"], "Fields with the values that documents of the series have."),
            (&["day"], "The field with the day. Needed."),
            (&["within"], "How much time may lie between two of them, such as 10d. Needed."),
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
            (&["effect"], "What a change of it means, where that is not what the kind says."),
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
            (&["sums"], "The columns of money or hours that a row called total adds up."),
            (
                &["effect"],
                "What a change of its rows means, where that is not what the section says.",
            ),
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
        table: "[table.events]",
        rows: &[(
            &["<column>"],
            "What happens on the day in its cells, for the calendar: `begins`.",
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
            (
                &["begun"],
                "`true` when what was approved is being carried out, so that the text goes on to tell what happens.",
            ),
            (&["next"], "The words that may follow."),
        ],
    },
    Keys {
        file: PROFILE,
        table: "",
        rows: &[
            (&["id"], "The word in `profiles`. Needed."),
            (&["version"], "Packs may pin it: `staircase@1.2`."),
            (&["title"], "What readers see."),
            (&["gate"], "The title of the only gate: `Day zero`. Several are `[[gate]]`."),
            (&["summary"], "One sentence without a full stop."),
            (
                &["extends"],
                "Profiles whose gates and requirements it takes over, such as `staircase@1`.",
            ),
        ],
    },
    Keys {
        file: PROFILE,
        table: "[[gate]]",
        rows: &[
            (&["id"], "Its short name, such as `G2`. Needed."),
            (&["title"], "What readers see."),
            (&["question"], "What is asked there."),
            (&["deciders"], "The roles that decide there."),
        ],
    },
    Keys {
        file: PROFILE,
        table: "[[stage]]",
        rows: &[
            (&["id"], "The word that packs write as `stage`. Needed."),
            (&["title"], "What readers see."),
            (&["ends-with"], "The gate at its end."),
            (&["loops-to"], "The stage to which what is learnt leads back."),
        ],
    },
    Keys {
        file: PROFILE,
        table: "[[pace]]",
        rows: &[
            (&["from", "to"], "Two gates. Needed."),
            (&["least-days", "most-days"], "How many days are usual from the one to the other."),
        ],
    },
    Keys {
        file: PROFILE,
        table: "[[source]]",
        rows: &[
            (&["id"], "What tags call a framework: `nist`. Needed."),
            (&["title"], "What readers see."),
            (&["url"], "Where it can be read."),
        ],
    },
    Keys {
        file: PROFILE,
        table: "[[override]]",
        rows: &[
            (&["id"], "A requirement that is extended. Needed."),
            (&["level", "weight", "tiers", "waivable"], "What becomes of it."),
            (&["reason"], "Why. Needed where it asks for less."),
        ],
    },
    Keys {
        file: PROFILE,
        table: "[[remove]]",
        rows: &[
            (&["id"], "A requirement that is extended and no longer asked. Needed."),
            (&["reason"], "Why. Needed."),
        ],
    },
    Keys {
        file: PROFILE,
        table: "[[overlay]]",
        rows: &[
            (&["id"], "What people call it."),
            (&["tiers"], "The tiers of packs of which its requirements are asked."),
            (&["applies-when-several"], "Facts of the pack that must have more than one value."),
            (&["scope"], "`pack`, or `each:` with a fact for each value of which they are asked."),
            (&["requirement"], "Its requirements, as `[[requirement]]`."),
        ],
    },
    Keys {
        file: PROFILE,
        table: "[overlay.applies-when]",
        rows: &[(&["<fact>"], "The values of which the fact of the pack must have one.")],
    },
    Keys {
        file: PROFILE,
        table: "[[requirement]]",
        rows: &[
            (&["id"], "Its short name. Needed."),
            (&["statement"], "One sentence that is true when it is met. Needed."),
            (&["gate"], "The first gate that asks for it; the first of the profile when absent."),
            (&["level"], "`required`, `recommended` or `optional`."),
            (
                &["weight"],
                "5 unsafe without it, 3 operations would be hurt, 2 governance, 1 order.",
            ),
            (&["hint"], "What to do when it is not met."),
            (&["next"], "The role that is next when no artifact names an owner."),
            (&["waivable"], "`false` when no waiver may cover it and it always applies."),
            (&["tiers"], "The tiers of packs of which it is asked; all when absent."),
            (&["applies-when-several"], "Facts of the pack that must have more than one value."),
            (
                &["scope"],
                "`pack`, or `each:` with a fact for each value of which it is asked. Where there are several, only documents count \
                 that say for which they are, such as `regions: [EU]`.",
            ),
            (
                &["tags"],
                "Items of frameworks for which its evidence is recorded, such as `nist:CM-3`.",
            ),
        ],
    },
    Keys {
        file: PROFILE,
        table: "[requirement.applies-when]",
        rows: &[(&["<fact>"], "The values of which the fact of the pack must have one.")],
    },
    Keys {
        file: PROFILE,
        table: "[[requirement.need]]",
        rows: &[
            (&["any"], "Of the needs that share this word one is enough."),
            (&["kind"], "Artifacts of this kind."),
            (&["type", "of"], "The values of which the field of that name must have one."),
            (
                &["status"],
                "Words of the kind's life cycle; `approved` means all that are in force.",
            ),
            (&["min"], "How many artifacts must comply, 1 when absent."),
            (&["each"], "`true` when all that have the status and the values must comply."),
            (&["sections", "fields"], "What must say something."),
            (&["one-of"], "Sections or fields of which one must say something."),
            (
                &["covers"],
                "A kind and one of its fields, such as `intent.journeys`: a row must speak of each value.",
            ),
            (
                &["table", "columns", "rows"],
                "A table with these columns filled in so many rows. `of` names the table as well.",
            ),
            (
                &["each-row"],
                "`true` when the columns must be filled in every row that says anything.",
            ),
            (
                &["all-status", "all-state"],
                "What every row must say in its column `status` or `state`.",
            ),
            (
                &["reachable"],
                "`true` when every step of the ladder and everybody on the rota must lead to a phone number.",
            ),
            (&["roles"], "Roles that active persons must hold."),
            (&["deciders"], "Roles whose holders must be among those who decided."),
            (&["no-findings"], "Rules or groups that must have found nothing."),
            (&["no-errors"], "`true` when no finding of the pack may be an error."),
            (&["pack"], "Facts that `pack.toml` must state."),
            (&["attest"], "A statement that somebody makes in `[[attestation]]` of `pack.toml`."),
            (
                &["approved-by"],
                "Roles that must have approved the text as it is, each by a person of its own.",
            ),
            (
                &["before"],
                "The event before which it must have been so: `activation`, the start of the trial; `build-start`, the day in `build_start` of `pack.toml`; `first-production-change`, by the change records; `gate:G2`, the first decision that passed this gate.",
            ),
            (
                &["observed-within", "observed-weeks", "metric"],
                "How fresh the last observation must be (`14d`), over how many weeks there must be some, and of which \
                 metrics of the document.",
            ),
            (
                &["results"],
                "What the criteria of a document that must be kept may come to: `pass`, `within tolerance`, `fail`.",
            ),
            (
                &["file"],
                "A data file of figures that a document names; `rows` says how many it has at least.",
            ),
        ],
    },
    Keys {
        file: PROFILE,
        table: "[requirement.need.where]",
        rows: &[(
            &["<field>"],
            "The values of which the field must have one; `a.b` is the field `b` of the table `a`.",
        )],
    },
    Keys {
        file: PROFILE,
        table: "[requirement.need.each-of]",
        rows: &[(
            &["<column>"],
            "What it must say, each in one row or another; `happy|usual` is either word.",
        )],
    },
    Keys {
        file: PROFILE,
        table: "[requirement.need.row-where]",
        rows: &[(
            &["<column>"],
            "The values of which the column must have one; other rows do not count.",
        )],
    },
    Keys {
        file: PROFILE,
        table: "[requirement.need.max-age]",
        rows: &[(
            &["<field>"],
            "How old the day in the field may be, such as `90d`, `6w` or `1y`.",
        )],
    },
    Keys {
        file: PROFILE,
        table: "[requirement.need.activities]",
        rows: &[(
            &["<activity>"],
            "Words of which the row of a matrix must have one; exactly one party answers for it.",
        )],
    },
    Keys {
        file: PROFILE,
        table: "[requirement.need.link]",
        rows: &[
            (&["rel"], "The relation that a document must have, in either direction. Needed."),
            (&["to"], "The kind on the other side."),
        ],
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
