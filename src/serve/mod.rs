//! The preview server: answers from a map in memory, tells browsers about changes, writes nothing and reads no file.

use std::sync::Arc;

use serde::Serialize;

use crate::Failure;

/// The policy that every published page carries in its `<meta>` element; the server widens it for the preview script.
pub const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'";

/// The files of a site, by route without a leading slash.
pub trait Content: Send + Sync {
    /// Finds a file.
    fn get(&self, path: &str) -> Option<Served>;
}

/// One file as the server sends it.
#[derive(Debug, Clone)]
pub struct Served {
    /// The bytes that `build` would write.
    pub bytes: Arc<[u8]>,
    /// The value of `Content-Type`.
    pub media_type: &'static str,
    /// Changes with the bytes; without quotes.
    pub etag: Arc<str>,
}

/// What browsers are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Event {
    /// The content was swapped; any error shown before is over.
    Changed {
        /// No page changed, only style sheets and other assets.
        assets_only: bool,
    },
    /// The site could not be built; the old content stays.
    Failed {
        /// What is wrong, the first cause first.
        problems: Vec<Problem>,
    },
}

/// One reason why there is no new site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// `path:line:column`, as far as it is known.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// The lines around the place, as the terminal shows them; may be empty.
    pub frame: String,
    /// The next step; may be empty.
    pub hint: String,
}

/// A running preview server; it stops when dropped.
#[derive(Debug)]
pub struct Server {}

impl Server {
    /// Listens on `host` and `port` (0: any free one). A host that is not loopback needs at least one name or address in
    /// `allowed_hosts`, under which browsers may ask for it.
    pub fn bind(
        host: &str,
        port: u16,
        allowed_hosts: &[String],
        content: Arc<dyn Content>,
    ) -> Result<Self, Failure> {
        let _ = (port, allowed_hosts, content);
        Err(Failure::new(format!("cannot listen on {host} yet")))
    }

    /// Returns the address to open.
    pub fn url(&self) -> String {
        String::new()
    }

    /// Puts new content in place; requests under way finish on the old one.
    pub fn swap(&self, content: Arc<dyn Content>) {
        drop(content);
    }

    /// Tells every open page.
    pub fn announce(&self, event: &Event) {
        let _ = event;
    }
}
