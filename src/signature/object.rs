//! What of a commit or a tag was signed, and the signature. No IO here.

/// A raw commit or tag, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The bytes that were signed.
    pub payload: Vec<u8>,
    /// The signature in its armour, when there is one.
    pub signature: Option<Vec<u8>>,
}

/// The headers that hold a signature of a commit, by the number of bytes of an id.
const HEADERS: [(usize, &[u8]); 2] = [(20, b"gpgsig "), (32, b"gpgsig-sha256 ")];

impl Signed {
    /// Takes a raw commit apart; its ids have `id_len` bytes.
    pub fn commit(raw: &[u8], id_len: usize) -> Self {
        let (mut payload, mut signature) = (Vec::with_capacity(raw.len()), Vec::new());
        let message = memchr::memmem::find(raw, b"\n\n").map_or(raw.len(), |at| at + 1);
        let mut inside = None;
        for line in raw[..message].split_inclusive(|byte| *byte == b'\n') {
            let header = HEADERS.iter().find(|(_, name)| line.starts_with(name));
            let goes_on = header.is_none() && line.starts_with(b" ");
            if !goes_on {
                inside = header;
            }
            match inside {
                Some((len, _)) if *len != id_len => {}
                Some((_, name)) => {
                    signature.extend_from_slice(&line[if goes_on { 1 } else { name.len() }..]);
                }
                None => payload.extend_from_slice(line),
            }
        }
        payload.extend_from_slice(&raw[message..]);
        Self { payload, signature: Some(signature).filter(|signature| !signature.is_empty()) }
    }

    /// Takes a raw tag apart: its signature stands at the end of its message.
    pub fn tag(raw: &[u8]) -> Self {
        let starts = memchr::memmem::find_iter(raw, b"-----BEGIN ");
        let begins = |at: &usize| {
            let line = &raw[*at..];
            (*at == 0 || raw[at - 1] == b'\n') && KNOWN.iter().any(|name| line.starts_with(name))
        };
        let at = starts.filter(begins).last();
        let (said, signature) = raw.split_at(at.unwrap_or(raw.len()));
        // A tag of a repository in two formats has a second signature, in a header.
        let Self { payload, .. } = Self::commit(said, 0);
        Self { payload, signature: at.map(|_| signature.to_vec()) }
    }
}

/// How signatures begin that Git knows.
const KNOWN: [&[u8]; 4] = [
    b"-----BEGIN SSH SIGNATURE-----",
    b"-----BEGIN PGP SIGNATURE-----",
    b"-----BEGIN PGP MESSAGE-----",
    b"-----BEGIN SIGNED MESSAGE-----",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headers_of_signatures_are_not_signed() {
        let raw = b"tree 1\nauthor a\ngpgsig -----BEGIN X\n \n abc\n -----END\ngpgsig-sha256 other\n more\nencoding x\n\nSubject\n\ngpgsig not this\n";
        let signed = Signed::commit(raw, 20);
        let payload = b"tree 1\nauthor a\nencoding x\n\nSubject\n\ngpgsig not this\n";
        assert_eq!(signed.payload, payload);
        assert_eq!(signed.signature.as_deref(), Some(&b"-----BEGIN X\n\nabc\n-----END\n"[..]));
        assert_eq!(Signed::commit(raw, 32).signature.as_deref(), Some(&b"other\nmore\n"[..]));
        assert_eq!(Signed::commit(payload, 20).signature, None);
    }

    #[test]
    fn a_tag_ends_with_its_signature() {
        let raw = b"object 1\ntagger a\n\nSay -----BEGIN SSH SIGNATURE-----\n-----BEGIN SSH SIGNATURE-----\nabc\n";
        let signed = Signed::tag(raw);
        assert_eq!(signed.payload, b"object 1\ntagger a\n\nSay -----BEGIN SSH SIGNATURE-----\n");
        assert_eq!(signed.signature.as_deref(), Some(&b"-----BEGIN SSH SIGNATURE-----\nabc\n"[..]));
        assert_eq!(Signed::tag(b"object 1\n\nSay\n").signature, None);
    }
}
