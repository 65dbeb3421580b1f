//! Numbers as text: five bits to a character, lowest first, the sixth bit says that more follow. The characters need
//! no escape in a script string.

/// The characters; the place of a character is its value.
const ALPHABET: &[u8; 64] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

/// Appends a number.
pub(super) fn push(out: &mut String, mut number: usize) {
    while number >= 32 {
        out.push(char::from(ALPHABET[32 + number % 32]));
        number /= 32;
    }
    out.push(char::from(ALPHABET[number]));
}
