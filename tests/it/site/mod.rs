//! Pages, keys and scripts of a site, made from values.

mod fixture;

use std::sync::Arc;

use fixture::{inputs, log, packs, version};
use readymark::render::Theme;
use readymark::site::{Edition, PackCard, Root, Unit, VersionState, plan};

#[test]
#[ignore]
fn write_out() {
    let theme = Theme::new(&[]).expect("theme");
    let out = std::path::Path::new("/tmp/site-look");
    let put = |route: &str, bytes: &[u8]| {
        let path = out.join(route);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    let old = version("v0.1.0", VersionState::Outdated);
    let new = version("v0.2.0", VersionState::Latest);
    let mut lineage = Vec::new();
    let mut edition = None;
    for one in [&old, &new] {
        let made = Edition::new(inputs(packs(), log(), Some(one.clone())));
        let unit = plan(&made, &theme, 0);
        lineage.extend(unit.lineage());
        let units: Vec<Unit> =
            if one == &new { vec![unit.clone(), unit.as_latest()] } else { vec![unit] };
        for unit in units {
            for (at, page) in unit.pages.iter().enumerate() {
                put(
                    &format!("{}/{}", unit.folder, page.route),
                    &unit.render(&theme, at).expect("bytes"),
                );
            }
        }
        edition = Some(made);
    }
    let root = Root {
        settings: Arc::new(fixture::settings()),
        packs: vec![PackCard::new(&edition.unwrap(), 0, vec![new, old])],
        lineage,
        as_of: "2026-05-07".into(),
    };
    for page in root.plan(&theme) {
        put(&page.route, &root.render(&theme, &page).expect("bytes"));
    }
    for (name, bytes) in theme.assets() {
        put(&format!("assets/{name}"), bytes);
    }
}
