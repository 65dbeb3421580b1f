//! How SSH writes keys and signatures: values one after the other, each with its length before it; and the armour of
//! base64 in which they travel. Bytes that make no sense are nothing, never a panic.

/// Reads values from the start of some bytes.
pub(super) struct Wire<'b>(pub(super) &'b [u8]);

impl<'b> Wire<'b> {
    /// Takes so many bytes.
    pub(super) fn bytes(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// Takes a number of four bytes.
    pub(super) fn number(&mut self) -> Option<u32> {
        self.bytes(4).and_then(|bytes| Some(u32::from_be_bytes(bytes.try_into().ok()?)))
    }

    /// Takes bytes with their length before them.
    pub(super) fn string(&mut self) -> Option<&'b [u8]> {
        let count = usize::try_from(self.number()?).ok()?;
        self.bytes(count)
    }

    /// Takes a positive number of any size, without the zeros before it.
    pub(super) fn integer(&mut self) -> Option<&'b [u8]> {
        let bytes = self.string()?;
        Some(&bytes[bytes.iter().take_while(|byte| **byte == 0).count()..])
    }

    /// Tells that nothing is left.
    pub(super) fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

/// Adds bytes with their length before them.
pub(super) fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    let count = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&count.to_be_bytes());
    out.extend_from_slice(bytes);
}

const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";

/// Tells whether a signature is one of SSH.
pub(super) fn is_armoured(signature: &[u8]) -> bool {
    signature.trim_ascii_start().starts_with(BEGIN.as_bytes())
}

/// Takes the bytes out of the armour of a signature.
pub(super) fn unarmour(signature: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(signature).ok()?.trim();
    from_base64(text.strip_prefix(BEGIN)?.strip_suffix(END)?)
}

/// Reads base64; space between the digits does not count.
pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let padding = digits.iter().rev().take_while(|digit| **digit == b'=').count();
    let whole = digits.len().is_multiple_of(4) && padding <= 2;
    let digits = digits[..digits.len() - padding].iter();
    let values: Option<Vec<u8>> = digits.map(|digit| value(*digit)).collect();
    let values = values.filter(|_| whole)?;
    let group = |values: &[u8]| {
        let bits = values.iter().fold(0_u32, |bits, value| bits << 6 | u32::from(*value));
        (bits << (6 * (4 - values.len()))).to_be_bytes()
    };
    let bytes = values.chunks(4).flat_map(|chunk| group(chunk)[1..chunk.len()].to_vec());
    let bytes: Vec<u8> = bytes.collect();
    // Two texts never mean the same bytes: what is left over of the last digit must be zero.
    let text = to_base64(bytes.as_slice());
    text.bytes().eq(values.iter().map(|value| DIGITS[usize::from(*value)])).then_some(bytes)
}

fn value(digit: u8) -> Option<u8> {
    DIGITS.iter().position(|known| *known == digit).and_then(|at| u8::try_from(at).ok())
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Writes base64 without padding, as fingerprints of keys are shown.
pub(super) fn to_base64(bytes: &[u8]) -> String {
    let group = |chunk: &[u8]| {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        (0..=chunk.len()).map(move |at| char::from(DIGITS[(bits >> (18 - 6 * at)) as usize & 63]))
    };
    bytes.chunks(3).flat_map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_reads_and_writes_the_vectors_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(from_base64(text).as_deref(), Some(bytes.as_bytes()), "{text}");
            assert_eq!(to_base64(bytes.as_bytes()), text.trim_end_matches('='));
        }
        for bad in ["Z", "Zg", "Zg=", "Zg===", "=Zg=", "Z?==", "Zm9v=Zg=", "Zh=="] {
            assert_eq!(from_base64(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_length_beyond_the_end_reads_as_nothing() {
        assert_eq!(Wire(&[0, 0, 0, 9, 1]).string(), None);
        assert_eq!(Wire(&[255, 255, 255, 255]).string(), None);
        assert_eq!(Wire(&[0, 0, 0, 3, 0, 0, 7]).integer(), Some(&[7][..]));
    }
}
