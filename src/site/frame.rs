//! What stands around every page's own view: title, header, addresses.

use serde::Serialize;

use super::Edition;
use super::address::encode;
use super::routes::Routes;
use super::unit::folder;
use super::view::is_web;
use crate::settings::Settings;

/// What every page of a unit shows, the same in every version that has these settings.
#[derive(Debug, Default, Hash, Serialize)]
pub(super) struct Frame {
    pub(super) lang: String,
    pub(super) rtl: bool,
    pub(super) site_title: String,
    pub(super) pack_title: String,
    pub(super) pack: String,
    pub(super) header: Vec<HeaderLink>,
    pub(super) routes: Routes,
    /// Where all versions are listed, from the version folder; empty when there are none.
    pub(super) front: String,
    /// The portfolio, from the site's root; empty when there is none.
    pub(super) portfolio: String,
    /// Where `latest` lies for the outside world; empty unless the site's address is known.
    pub(super) canonical: String,
}

#[derive(Debug, Hash, Serialize)]
pub(super) struct HeaderLink {
    pub(super) key: &'static str,
    pub(super) label: &'static str,
    pub(super) href: String,
}

/// What one page shows around its view.
#[derive(Default, Hash, Serialize)]
pub(super) struct PageFrame {
    pub(super) title: String,
    pub(super) description: String,
    /// The document's id, for the first line in print.
    pub(super) document_id: String,
    /// The header's link that is current.
    pub(super) key: &'static str,
    pub(super) up: String,
    pub(super) top: String,
    /// `pack:id`, for the switcher; empty on pages that are no document.
    pub(super) document: String,
    pub(super) shard: String,
    /// The route, where every version has the page; for the switcher.
    pub(super) route: String,
    pub(super) canonical: String,
}

impl Frame {
    /// Describes the pages above all packs.
    pub(super) fn of_site(settings: &Settings, site_title: String, has_portfolio: bool) -> Self {
        Self {
            lang: settings.book.language.clone(),
            rtl: settings.book.rtl,
            site_title,
            portfolio: if has_portfolio { "index.html".to_owned() } else { String::new() },
            ..Self::default()
        }
    }

    /// Describes a pack's pages.
    pub(super) fn new(edition: &Edition, pack: usize, routes: &Routes) -> Self {
        let inputs = &edition.inputs;
        let (settings, facts) = (&inputs.settings, &inputs.packs.packs[pack]);
        let versioned = inputs.version.is_some();
        let header = routes.header().into_iter();
        let site = settings.html.site_url.as_deref().filter(|url| is_web(url));
        let latest = folder(facts, versioned.then_some("latest"));
        Self {
            lang: settings.book.language.clone(),
            rtl: settings.book.rtl,
            site_title: site_title(settings, &facts.title),
            pack_title: facts.title.clone(),
            pack: facts.slug.clone(),
            header: header
                .map(|(key, label, route)| HeaderLink { key, label, href: encode(route) })
                .collect(),
            routes: routes.clone(),
            front: if versioned { "../index.html".to_owned() } else { String::new() },
            portfolio: if facts.slug.is_empty() { String::new() } else { "index.html".to_owned() },
            canonical: site.map_or_else(String::new, |url| canonical(url, &latest)),
        }
    }
}

/// Joins the site's address and a folder, with a slash at the end.
fn canonical(site: &str, folder: &str) -> String {
    let site = site.trim_end_matches('/');
    let slash = if folder.is_empty() { "" } else { "/" };
    format!("{site}/{}{slash}", encode(folder))
}

/// Chooses the title of the site: the book's, or the pack's.
pub(super) fn site_title(settings: &Settings, pack_title: &str) -> String {
    settings.book.title.clone().unwrap_or_else(|| pack_title.to_owned())
}
