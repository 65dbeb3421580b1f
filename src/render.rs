//! The theme: templates, stylesheet and scripts, and the only place that knows the template engine.
//! Templates see what they are given; no file, clock or environment is within their reach.

mod parts;

use serde::Serialize;
use tera::{Context, Tera, Value};

use crate::Failure;

/// The default theme's templates, by file name.
const TEMPLATES: [(&str, &str); 25] = [
    ("approvals.html", include_str!("../themes/approvals.html")),
    ("artifact.html", include_str!("../themes/artifact.html")),
    ("badges.html", include_str!("../themes/badges.html")),
    ("base.html", include_str!("../themes/base.html")),
    ("calendar.html", include_str!("../themes/calendar.html")),
    ("compare.html", include_str!("../themes/compare.html")),
    ("completeness.html", include_str!("../themes/completeness.html")),
    ("contents.html", include_str!("../themes/contents.html")),
    ("decisions.html", include_str!("../themes/decisions.html")),
    ("figures.html", include_str!("../themes/figures.html")),
    ("frameworks.html", include_str!("../themes/frameworks.html")),
    ("gates.html", include_str!("../themes/gates.html")),
    ("kind.html", include_str!("../themes/kind.html")),
    ("not-found.html", include_str!("../themes/not-found.html")),
    ("overview.html", include_str!("../themes/overview.html")),
    ("paper.html", include_str!("../themes/paper.html")),
    ("parts.html", include_str!("../themes/parts.html")),
    ("past.html", include_str!("../themes/past.html")),
    ("people.html", include_str!("../themes/people.html")),
    ("portfolio.html", include_str!("../themes/portfolio.html")),
    ("raci.html", include_str!("../themes/raci.html")),
    ("readiness.html", include_str!("../themes/readiness.html")),
    ("risks.html", include_str!("../themes/risks.html")),
    ("search.html", include_str!("../themes/search.html")),
    ("versions.html", include_str!("../themes/versions.html")),
];

/// The default theme's files for `assets/`, by file name.
const ASSETS: [(&str, &str); 6] = [
    ("log.js", include_str!("../themes/assets/log.js")),
    ("lost.js", include_str!("../themes/assets/lost.js")),
    ("search.js", include_str!("../themes/assets/search.js")),
    ("site.js", include_str!("../themes/assets/site.js")),
    ("style.css", include_str!("../themes/assets/style.css")),
    ("theme.js", include_str!("../themes/assets/theme.js")),
];

/// HTML that is safe to stand in a page as it is. Only `site::splice` makes it, out of the parser's safe body.
#[derive(Debug, Default, Clone)]
pub(crate) struct SafeHtml(pub(crate) String);

/// What a template is filled with.
#[derive(Debug, Clone)]
pub(crate) struct Values(Context);

impl Values {
    /// Takes a struct; its fields become the template's variables.
    pub(crate) fn of(fields: &impl Serialize) -> Result<Self, Failure> {
        Context::from_serialize(fields).map(Self).map_err(|error| {
            Failure::new(format!("a page's values could not be prepared: {error}"))
        })
    }

    /// Adds one variable; text in it is escaped where a template shows it.
    pub(crate) fn with(mut self, name: &'static str, value: &impl Serialize) -> Self {
        self.0.insert(name, value);
        self
    }

    /// Adds HTML that a template shows as it is.
    pub(crate) fn with_html(mut self, name: &'static str, html: &SafeHtml) -> Self {
        self.0.insert_value(name, Value::safe_string(&html.0));
        self
    }
}

/// Templates and files of the default theme, with a site's own laid over them by file name.
#[derive(Debug)]
pub struct Theme {
    tera: Tera,
    assets: Vec<(String, Vec<u8>)>,
    digest: [u8; 32],
}

impl Theme {
    /// Takes the files that a site lays over the default theme, by file name; fails when a template cannot be read.
    ///
    /// An overriding template may extend the one it replaces as `builtin/<name>`.
    pub fn new(overrides: &[(String, String)]) -> Result<Self, Failure> {
        let mut tera = Tera::new();
        parts::register(&mut tera);
        let mut templates: Vec<(String, &str)> =
            TEMPLATES.iter().map(|(name, text)| (format!("builtin/{name}"), *text)).collect();
        let own = overrides.iter().filter(|(name, _)| is_template(name));
        templates.extend(own.map(|(name, text)| (format!("theme/{name}"), text.as_str())));
        let digest = digest(&templates);
        tera.set_fallback_prefixes(["theme/", "builtin/"])
            .and_then(|()| tera.add_raw_templates(templates))
            .map_err(|error| {
                Failure::new(format!("the theme could not be read: {error}"))
                    .help("mend the template, or remove it to use the default one")
            })?;
        Ok(Self { tera, assets: assets(overrides), digest })
    }

    /// Returns the files beside the pages: address in the site (`assets/style.css`) and bytes.
    pub fn assets(&self) -> &[(String, Vec<u8>)] {
        &self.assets
    }

    /// Returns a hash over every template.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Fills a template.
    pub(crate) fn render(&self, template: &str, values: &Values) -> Result<Vec<u8>, Failure> {
        let mut out = Vec::with_capacity(16 * 1024);
        self.tera.render_to(template, &values.0, &mut out).map_err(|error| {
            Failure::new(format!("the theme's {template} could not be filled: {error}"))
                .help("compare it with the default template of that name")
        })?;
        Ok(out)
    }
}

/// Tells templates from files for `assets/`.
fn is_template(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("html"))
}

/// Hashes names and texts of all templates.
fn digest(templates: &[(String, &str)]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for part in templates.iter().flat_map(|(name, text)| [name.as_str(), text]) {
        hasher.update(&part.len().to_le_bytes());
        hasher.update(part.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

/// Lays a site's own files over the default ones; what is new is added.
fn assets(overrides: &[(String, String)]) -> Vec<(String, Vec<u8>)> {
    let defaults = ASSETS.into_iter();
    let own = overrides.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let mut files = std::collections::BTreeMap::new();
    files.extend(defaults.chain(own.filter(|(name, _)| !is_template(name))));
    files
        .into_iter()
        .map(|(name, text)| (format!("assets/{name}"), text.as_bytes().to_vec()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{ASSETS, TEMPLATES};

    #[test]
    fn every_file_of_the_theme_is_embedded() {
        let names = |folder: &str| -> Vec<String> {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            let entries =
                std::fs::read_dir(folder).expect("the theme's folder").filter_map(Result::ok);
            let files = entries.filter(|entry| entry.path().is_file());
            let mut names: Vec<String> =
                files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
            // The files of the preview are the server's.
            names.retain(|name| !name.starts_with("preview."));
            names.sort();
            names
        };
        assert_eq!(names("themes"), TEMPLATES.map(|(name, _)| name));
        assert_eq!(names("themes/assets"), ASSETS.map(|(name, _)| name));
    }

    #[test]
    fn no_template_switches_escaping_off() {
        for (name, text) in TEMPLATES {
            assert!(!text.contains("safe") && !text.contains("autoescape"), "{name}");
        }
    }
}
