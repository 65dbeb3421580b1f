//! Reads one request from bytes and decides whether it may be answered; does no IO. What is not plainly right is refused.

/// The most bytes that a request may take up before its end.
pub(super) const LIMIT: usize = 16 * 1024;

/// A request that may be answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// Decoded, without the leading slash and the query.
    pub(super) path: String,
    /// The path as it was sent, with the leading slash, for redirects.
    pub(super) raw_path: String,
    pub(super) head_only: bool,
    pub(super) keep_alive: bool,
    pub(super) if_none_match: String,
}

/// What the bytes are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parsed {
    /// More bytes are needed.
    Partial,
    /// A request, and how many bytes it took.
    Complete(Request, usize),
    /// Answer with this status and close.
    Refused(u16),
}

/// Parses the start of `bytes`; `hosts` are the values of `Host` that are ours.
pub(super) fn parse(bytes: &[u8], hosts: &[String]) -> Parsed {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(bytes) {
        Ok(httparse::Status::Complete(length)) if length <= LIMIT => {
            match accept(&request, hosts) {
                Ok(request) => Parsed::Complete(request, length),
                Err(status) => Parsed::Refused(status),
            }
        }
        Ok(httparse::Status::Partial) if bytes.len() < LIMIT => Parsed::Partial,
        Ok(_) | Err(httparse::Error::TooManyHeaders) => Parsed::Refused(431),
        Err(_) => Parsed::Refused(400),
    }
}

fn accept(request: &httparse::Request<'_, '_>, hosts: &[String]) -> Result<Request, u16> {
    let method = request.method.unwrap_or_default();
    let host = single(request, "host")?.ok_or(400_u16)?;
    let (authority, target) = split_target(request.path.unwrap_or_default())?;
    if ![host, authority.unwrap_or(host)].iter().all(|host| is_ours(host, hosts)) {
        return Err(421);
    }
    if single(request, "transfer-encoding")?.is_some()
        || single(request, "content-length")?.is_some_and(|length| length != "0")
    {
        return Err(400);
    }
    if !matches!(method, "GET" | "HEAD") {
        return Err(405);
    }
    if single(request, "origin")?.is_some_and(|origin| !is_our_origin(origin, hosts)) {
        return Err(403);
    }
    let raw_path = target.split(['?', '#']).next().unwrap_or_default().to_owned();
    let connection = single(request, "connection")?.unwrap_or_default();
    Ok(Request {
        path: decode(&raw_path).ok_or(400_u16)?,
        raw_path,
        head_only: method == "HEAD",
        keep_alive: request.version == Some(1) && !connection.eq_ignore_ascii_case("close"),
        if_none_match: single(request, "if-none-match")?.unwrap_or_default().to_owned(),
    })
}

/// Returns the value of a header that may stand once.
fn single<'h>(request: &httparse::Request<'h, '_>, name: &str) -> Result<Option<&'h str>, u16> {
    let mut values = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
    let first = values.next();
    if values.next().is_some() {
        return Err(400);
    }
    first
        .map(|header| std::str::from_utf8(header.value).map(str::trim).map_err(|_| 400))
        .transpose()
}

/// Separates the host of an absolute address from its path.
fn split_target(target: &str) -> Result<(Option<&str>, &str), u16> {
    if target.starts_with('/') {
        return Ok((None, target));
    }
    let rest = target.strip_prefix("http://").ok_or(400_u16)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let path = if rest[end..].starts_with('/') { &rest[end..] } else { "/" };
    Ok((Some(&rest[..end]), path))
}

fn is_ours(host: &str, hosts: &[String]) -> bool {
    hosts.iter().any(|ours| ours.eq_ignore_ascii_case(host))
}

fn is_our_origin(origin: &str, hosts: &[String]) -> bool {
    origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"))
        .is_some_and(|host| is_ours(host, hosts))
}

/// Decodes `%` sequences once; nothing for a path that is not plain UTF-8 or tries to climb.
fn decode(raw: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.strip_prefix('/')?.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'%' {
            let (digits, after) = rest.split_at_checked(2)?;
            bytes.push(hex(digits[0])? << 4 | hex(digits[1])?);
            rest = after;
        } else {
            bytes.push(byte);
        }
    }
    let path = String::from_utf8(bytes).ok()?;
    let climbs = path.split('/').any(|part| part == "." || part == "..");
    let plain = !path.contains(|c: char| c.is_control() || c == '\\');
    (plain && !climbs).then_some(path)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
