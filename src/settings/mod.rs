//! `book.toml`: mdBook's tables with mdBook's meaning, ours beside them. Unknown keys are findings with the
//! nearest known key; nothing here reads a file.

mod names;
mod read;

use std::collections::BTreeMap;

use crate::approvals::Assurance;
use crate::diagnostic::Severity;
use crate::kinds::Locators;
use crate::source::ObjectId;
use crate::value::DateOrder;
pub use names::unknown_names;
pub use read::{questions, read};

/// The settings of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `[book]`.
    pub book: Book,
    /// `[build] build-dir`, relative to the folder of `book.toml`.
    pub build_dir: String,
    /// `[output.html]`.
    pub html: Html,
    /// `[versions]`.
    pub versions: Versions,
    /// `[history] ref`: the authority ref; the default branch when absent.
    pub authority: Option<String>,
    /// `[history] forges`: addresses with which a forge commits for authors, beside those that everybody knows.
    pub forges: Vec<String>,
    /// `[[history.rewritten]]`: what was published and then rewritten on purpose.
    pub rewritten: Vec<Rewriting>,
    /// `[kinds]`: folder or glob to kind, in order of appearance.
    pub kinds: Vec<(String, String)>,
    /// `[locate.<kind>]`: where the repository writes status, owner, date and other fields.
    pub locators: Vec<Locators>,
    /// `[approvals]`: kind, or `every`, to how sure approvals of its documents must be.
    pub approvals: Vec<(String, Assurance)>,
    /// `[rules]`: rule or group to severity; nothing switches a rule off.
    pub rules: BTreeMap<String, Severity>,
    /// `[site] profiles`: judged packs that name none themselves.
    pub profiles: Vec<String>,
    /// `[site] audience`.
    pub audience: Audience,
    /// `[site] dates`.
    pub dates: DateOrder,
}

/// `[book]`, as mdBook defines it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Book {
    /// The site's title.
    pub title: Option<String>,
    /// For metadata.
    pub authors: Vec<String>,
    /// For metadata.
    pub description: Option<String>,
    /// The folder of the pages, relative to the folder of `book.toml`; nothing when the key is absent.
    pub src: Option<String>,
    /// BCP 47.
    pub language: String,
    /// Right to left.
    pub rtl: bool,
}

/// `[output.html]`, the keys that matter here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Html {
    /// Where the repository can be browsed.
    pub git_repository_url: Option<String>,
    /// `{path}` is the file's path.
    pub edit_url_template: Option<String>,
    /// Where the site lives; used in canonical links when it is a full address.
    pub site_url: Option<String>,
    /// No numbers before chapters.
    pub no_section_label: bool,
    /// Old address to target.
    pub redirect: BTreeMap<String, String>,
}

/// A history that was published and had to be rewritten, such as to take out a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewriting {
    /// The commit that was published.
    pub tip: ObjectId,
    /// The day.
    pub on: String,
    /// Why, for readers.
    pub why: String,
}

/// `[versions]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Versions {
    /// Globs of tags; a leading `!` excludes.
    pub tags: Vec<String>,
    /// Globs of branches.
    pub branches: Vec<String>,
    /// The version that `latest` means; the newest tag when absent.
    pub latest: Option<String>,
    /// Globs of the versions that operations accepted, as readers know them.
    pub accepted: Vec<String>,
}

/// Who will read the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Audience {
    /// Anyone: no addresses, no phones, no drafts.
    Public,
    /// The company: everything but drafts marked confidential.
    #[default]
    Internal,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            book: Book { language: "en".to_owned(), ..Book::default() },
            build_dir: "book".to_owned(),
            html: Html::default(),
            versions: Versions::default(),
            authority: None,
            forges: Vec::new(),
            rewritten: Vec::new(),
            kinds: Vec::new(),
            locators: Vec::new(),
            approvals: Vec::new(),
            rules: BTreeMap::new(),
            profiles: Vec::new(),
            audience: Audience::default(),
            dates: DateOrder::default(),
        }
    }
}
