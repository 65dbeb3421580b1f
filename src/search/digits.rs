//! Numbers as text: five bits to a character, lowest first, the sixth bit says that more follow. The characters need
//! no escape in a script string.

/// The characters; the place of a character is its value.
const ALPHABET: &[u8; 64] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

/// Appends a number.
pub(super) fn push(out: &mut Vec<u8>, mut number: usize) {
    while number >= 32 {
        out.push(ALPHABET[32 + number % 32]);
        number /= 32;
    }
    out.push(ALPHABET[number]);
}

/// Takes written numbers as text.
pub(super) fn text(written: Vec<u8>) -> String {
    String::from_utf8(written).unwrap_or_default()
}
