//! Signatures of SSH keys (`ssh-keygen -Y sign`), checked in this process. The only place that names ring.

use ring::digest::{self, SHA256, SHA512};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
    VerificationAlgorithm,
};

use super::wire::{Wire, from_base64, put, to_base64, unarmour};

/// A public key as SSH writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublicKey(Vec<u8>);

impl PublicKey {
    /// Reads `ssh-ed25519 AAAA...`; what stands behind it is a remark.
    pub fn read(text: &str) -> Option<Self> {
        let mut words = text.split_ascii_whitespace();
        let (name, key) = (words.next()?, from_base64(words.next()?)?);
        (Wire(&key).string()? == name.as_bytes()).then_some(Self(key))
    }

    /// Writes what people compare keys by: `SHA256:...`.
    pub fn fingerprint(&self) -> String {
        format!("SHA256:{}", to_base64(digest::digest(&SHA256, &self.0).as_ref()))
    }

    /// Says why nothing that is signed with it can be checked.
    pub fn unsupported(&self) -> Option<String> {
        let name = Wire(&self.0).string().unwrap_or_default();
        let known = [ED25519_NAME, P256_NAME, P384_NAME, RSA_NAME, SK_ED25519_NAME, SK_P256_NAME];
        (!known.contains(&name)).then(|| String::from_utf8_lossy(name).into_owned())
    }
}

/// What the bytes of a signature show, whoever has the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Checked {
    /// This key signed these bytes for this purpose.
    Good(PublicKey),
    /// It signed something else, or for another purpose, or nothing of this makes sense.
    Bad,
    /// There is no way here to tell: what it was made with.
    Unsupported(String),
}

const ED25519_NAME: &[u8] = b"ssh-ed25519";
const P256_NAME: &[u8] = b"ecdsa-sha2-nistp256";
const P384_NAME: &[u8] = b"ecdsa-sha2-nistp384";
const RSA_NAME: &[u8] = b"ssh-rsa";
const SK_ED25519_NAME: &[u8] = b"sk-ssh-ed25519@openssh.com";
const SK_P256_NAME: &[u8] = b"sk-ecdsa-sha2-nistp256@openssh.com";

/// What stands in a signature file.
struct Parts<'b> {
    key: &'b [u8],
    purpose: &'b [u8],
    reserved: &'b [u8],
    hash: &'b [u8],
    signature: &'b [u8],
}

/// Starts both a signature file and what is signed.
const MAGIC: &[u8] = b"SSHSIG";

impl<'b> Parts<'b> {
    fn read(bytes: &'b [u8]) -> Option<Self> {
        let mut wire = Wire(bytes.strip_prefix(MAGIC)?);
        let version = wire.number()?;
        let parts = Self {
            key: wire.string()?,
            purpose: wire.string()?,
            reserved: wire.string()?,
            hash: wire.string()?,
            signature: wire.string()?,
        };
        wire.end()?;
        (version == 1).then_some(parts)
    }

    /// Returns the bytes that were signed when the message was `payload`.
    fn signed(&self, payload: &[u8]) -> Option<Vec<u8>> {
        let algorithm = match self.hash {
            b"sha256" => &SHA256,
            b"sha512" => &SHA512,
            _ => return None,
        };
        let mut signed = MAGIC.to_vec();
        for part in [self.purpose, self.reserved, self.hash] {
            put(&mut signed, part);
        }
        put(&mut signed, digest::digest(algorithm, payload).as_ref());
        Some(signed)
    }
}

/// Checks an armoured signature of `payload` that must have been made for the purpose `namespace`.
pub(super) fn check(payload: &[u8], signature: &[u8], namespace: &str) -> Checked {
    let bytes = unarmour(signature);
    let Some(parts) = bytes.as_deref().and_then(Parts::read) else { return Checked::Bad };
    let key = PublicKey(parts.key.to_vec());
    if let Some(name) = key.unsupported() {
        return Checked::Unsupported(name);
    }
    let Some(signed) = parts.signed(payload) else { return Checked::Bad };
    match is_good(&parts, &signed) {
        Ok(Some(())) if parts.purpose == namespace.as_bytes() => Checked::Good(key),
        Ok(_) => Checked::Bad,
        Err(what) => Checked::Unsupported(what.to_owned()),
    }
}

/// Tells whether the key signed the bytes; the error says what this program cannot check.
fn is_good(parts: &Parts<'_>, signed: &[u8]) -> Result<Option<()>, &'static str> {
    let mut key = Wire(parts.key);
    let mut signature = Wire(parts.signature);
    let (name, made_with) = (key.string(), signature.string());
    let (Some(name), Some(made_with)) = (name, made_with) else { return Ok(None) };
    if name == RSA_NAME {
        return rsa(key, made_with, signature, signed);
    }
    if name != made_with {
        return Ok(None);
    }
    Ok(match name {
        SK_ED25519_NAME | SK_P256_NAME => by_device(name, key.0, signature, signed),
        _ => signature.string().and_then(|made| by_curve(name, &mut key, made, signed)),
    })
}

/// Checks what was made with a key on an elliptic curve.
fn by_curve(name: &[u8], key: &mut Wire<'_>, made: &[u8], signed: &[u8]) -> Option<()> {
    let (algorithm, curve, width): (&'static dyn VerificationAlgorithm, &[u8], _) = match name {
        ED25519_NAME | SK_ED25519_NAME => {
            return UnparsedPublicKey::new(&ED25519, key.string()?).verify(signed, made).ok();
        }
        P384_NAME => (&ECDSA_P384_SHA384_FIXED, b"nistp384", 48),
        _ => (&ECDSA_P256_SHA256_FIXED, b"nistp256", 32),
    };
    key.string().filter(|stated| *stated == curve)?;
    let point = key.string()?;
    UnparsedPublicKey::new(algorithm, point).verify(signed, &fixed(made, width)?).ok()
}

/// Writes the two numbers of a signature with the width of the curve, as ring reads them.
fn fixed(made: &[u8], width: usize) -> Option<Vec<u8>> {
    let mut numbers = Wire(made);
    let mut fixed = vec![0; 2 * width];
    for half in fixed.chunks_mut(width) {
        let number = numbers.integer()?;
        let start = width.checked_sub(number.len())?;
        half[start..].copy_from_slice(number);
    }
    numbers.end()?;
    Some(fixed)
}

/// A device signs a digest of the bytes together with what it says of itself.
fn by_device(name: &[u8], key: &[u8], mut signature: Wire<'_>, signed: &[u8]) -> Option<()> {
    let made = signature.string()?;
    let (flags, counter) = (signature.bytes(1)?, signature.bytes(4)?);
    signature.end()?;
    let mut application = Wire(key);
    let before = if name == SK_P256_NAME { 2 } else { 1 };
    (0..before).try_for_each(|_| application.string().map(drop))?;
    let mut said = digest::digest(&SHA256, application.string()?).as_ref().to_vec();
    said.extend_from_slice(flags);
    said.extend_from_slice(counter);
    said.extend_from_slice(digest::digest(&SHA256, signed).as_ref());
    by_curve(name, &mut Wire(key), made, &said)
}

/// The shortest RSA key that is checked, in bytes: shorter ones can be broken.
const SHORTEST_RSA: usize = 256;

fn rsa(
    mut key: Wire<'_>,
    made_with: &[u8],
    mut signature: Wire<'_>,
    signed: &[u8],
) -> Result<Option<()>, &'static str> {
    let parameters: &RsaParameters = match made_with {
        b"rsa-sha2-256" => &RSA_PKCS1_2048_8192_SHA256,
        b"rsa-sha2-512" => &RSA_PKCS1_2048_8192_SHA512,
        _ => return Err("an RSA signature with SHA-1"),
    };
    let (e, n) = (key.integer(), key.integer());
    let (Some(e), Some(n), Some(made)) = (e, n, signature.string()) else { return Ok(None) };
    if n.len() < SHORTEST_RSA {
        return Err("an RSA key of less than 2048 bits");
    }
    let Some(missing) = n.len().checked_sub(made.len()) else { return Ok(None) };
    let mut whole = vec![0; missing];
    whole.extend_from_slice(made);
    Ok(RsaPublicKeyComponents { n, e }.verify(parameters, signed, &whole).ok())
}
