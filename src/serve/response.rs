//! Makes answers as bytes: the published file, with the preview script added to pages. Does no IO.

use std::fmt::Write as _;
use std::sync::Arc;

use memchr::memmem;

use super::request::Request;
use super::{CSP, Content, Served};

const SCRIPT: &str = include_str!("../../themes/preview.js");
const STYLE: &str = include_str!("../../themes/preview.css");

/// An answer.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) head: String,
    pub(super) body: Arc<[u8]>,
}

/// What all answers of one run have in common.
#[derive(Debug)]
pub(super) struct Frame {
    /// Random for each run; the folder of the preview's own files.
    pub(super) token: String,
}

impl Frame {
    /// Returns the path of the event stream, without a leading slash.
    pub(super) fn events(&self) -> String {
        format!(".readymark-{}/events", self.token)
    }

    /// Answers a request from the content.
    pub(super) fn answer(&self, request: &Request, content: &dyn Content) -> Response {
        let path = &request.path;
        let own = path.strip_prefix(&format!(".readymark-{}/", self.token)).and_then(own_file);
        if let Some(file) = own.or_else(|| content.get(&file_of(path))) {
            return self.send(request, 200, file);
        }
        if !path.is_empty()
            && !path.ends_with('/')
            && content.get(&format!("{path}/index.html")).is_some()
        {
            return redirect(&format!("{}/", request.raw_path), request.keep_alive);
        }
        match content.get("404.html") {
            Some(page) => self.send(request, 404, page),
            None => plain(404, request.keep_alive),
        }
    }

    fn send(&self, request: &Request, status: u16, file: Served) -> Response {
        let is_page = file.media_type.starts_with("text/html");
        let etag = if is_page {
            format!("{}-{}", file.etag, &self.token[..8])
        } else {
            file.etag.to_string()
        };
        let mut extra = format!("ETag: \"{etag}\"\r\n");
        if status == 200 && is_match(&request.if_none_match, &etag) {
            return Response {
                head: head(304, &extra, None, request.keep_alive),
                body: Arc::from([]),
            };
        }
        let _ = write!(extra, "Content-Type: {}\r\n", file.media_type);
        let body = if is_page { self.with_preview(&file.bytes, &etag) } else { file.bytes };
        Response { head: head(status, &extra, Some(body.len()), request.keep_alive), body }
    }

    /// Adds the preview script to a page and lets it talk to the server.
    fn with_preview(&self, page: &[u8], etag: &str) -> Arc<[u8]> {
        let script = format!(
            "<script src=\"/.readymark-{}/preview.js\" data-preview data-etag=\"{}\" defer></script>",
            self.token,
            etag.replace(['"', '&', '<'], "")
        );
        let end = memmem::rfind(page, b"</body>").unwrap_or(page.len());
        let mut bytes = Vec::with_capacity(page.len() + script.len() + 32);
        match memmem::find(&page[..end], CSP.as_bytes()) {
            Some(at) => {
                bytes.extend_from_slice(&page[..at + CSP.len()]);
                bytes.extend_from_slice(b"; connect-src 'self'");
                bytes.extend_from_slice(&page[at + CSP.len()..end]);
            }
            None => bytes.extend_from_slice(&page[..end]),
        }
        bytes.extend_from_slice(script.as_bytes());
        bytes.extend_from_slice(&page[end..]);
        Arc::from(bytes)
    }
}

/// Makes an answer without a file.
pub(super) fn plain(status: u16, keep_alive: bool) -> Response {
    let text = format!("{status} {}\n", reason(status));
    let extra = if status == 405 { "Allow: GET, HEAD\r\n" } else { "" };
    let extra = format!("{extra}Content-Type: text/plain; charset=utf-8\r\n");
    Response {
        head: head(status, &extra, Some(text.len()), keep_alive),
        body: Arc::from(text.into_bytes()),
    }
}

/// The head of the event stream.
pub(super) fn stream_head() -> String {
    head(200, "Content-Type: text/event-stream\r\n", None, false)
}

fn redirect(to: &str, keep_alive: bool) -> Response {
    let head = head(302, &format!("Location: {to}\r\n"), Some(0), keep_alive);
    Response { head, body: Arc::from([]) }
}

fn head(status: u16, extra: &str, length: Option<usize>, keep_alive: bool) -> String {
    let length = length.map(|length| format!("Content-Length: {length}\r\n")).unwrap_or_default();
    let connection = if keep_alive { "keep-alive" } else { "close" };
    format!(
        "HTTP/1.1 {status} {}\r\n{extra}{length}Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\
         Cross-Origin-Resource-Policy: same-origin\r\nConnection: {connection}\r\n\r\n",
        reason(status)
    )
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        304 => "Not Modified",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        421 => "Misdirected Request",
        431 => "Request Header Fields Too Large",
        _ => "Service Unavailable",
    }
}

fn is_match(if_none_match: &str, etag: &str) -> bool {
    if_none_match.split(',').any(|tag| {
        let tag = tag.trim();
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"') == etag
    })
}

fn file_of(path: &str) -> String {
    if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.to_owned()
    }
}

fn own_file(name: &str) -> Option<Served> {
    let (text, media_type) = match name {
        "preview.js" => (SCRIPT, "text/javascript; charset=utf-8"),
        "preview.css" => (STYLE, "text/css; charset=utf-8"),
        _ => return None,
    };
    Some(Served { bytes: Arc::from(text.as_bytes()), media_type, etag: Arc::from("preview") })
}
