//! Addresses: relative, percent-encoded, the same from `file://`, a server's root or any folder of it.

/// Encodes the parts of a route for use in `href` and `src`; slashes stay.
pub(crate) fn encode(route: &str) -> String {
    if route.bytes().all(is_plain) {
        return route.to_owned();
    }
    let mut out = String::with_capacity(route.len());
    for byte in route.bytes() {
        if is_plain(byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(digit(byte >> 4));
            out.push(digit(byte & 15));
        }
    }
    out
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~/@+".contains(&byte)
}

fn digit(value: u8) -> char {
    char::from_digit(u32::from(value), 16).map_or('0', |digit| digit.to_ascii_uppercase())
}

/// Climbs from a page at `route` to the folder that routes start from: `""`, `../`, `../../`.
pub(super) fn up(route: &str) -> String {
    "../".repeat(route.matches('/').count())
}
