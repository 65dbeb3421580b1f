//! The theme: templates, stylesheet and scripts, and the only place that knows the template engine.
//! Templates see what they are given; no file, clock or environment is within their reach.

use tera::{Context, Tera};

use crate::Failure;

/// Templates and files of the default theme, with a site's own laid over them by file name.
#[derive(Debug)]
pub struct Theme {
    tera: Tera,
    assets: Vec<(String, Vec<u8>)>,
    digest: [u8; 32],
}

impl Theme {
    /// Takes the files that a site lays over the default theme, by file name; fails when a template cannot be read.
    pub fn new(overrides: &[(String, String)]) -> Result<Self, Failure> {
        let _ = overrides;
        Ok(Self { tera: Tera::new(), assets: Vec::new(), digest: [0; 32] })
    }

    /// Returns the files for `assets/` at the root of the site: name and bytes.
    pub fn assets(&self) -> &[(String, Vec<u8>)] {
        &self.assets
    }

    /// Returns a hash over every template.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Fills a template with a context.
    pub(crate) fn render(&self, template: &str, context: &Context) -> Result<Vec<u8>, Failure> {
        let mut out = Vec::with_capacity(16 * 1024);
        self.tera.render_to(template, context, &mut out).map_err(|error| {
            Failure::new(format!("the theme's {template} could not be filled: {error}"))
        })?;
        Ok(out)
    }
}
