//! Addresses: relative, percent-encoded, the same from `file://`, a server's root or any folder of it.

pub(super) use crate::pack::route::encode;

/// Climbs from a page at `route` to the folder that routes start from: `""`, `../`, `../../`.
pub(super) fn up(route: &str) -> String {
    "../".repeat(route.matches('/').count())
}
