//! The preview server over real sockets: what it answers, what it refuses, what it survives.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use readymark::serve::{CSP, Content, Event, Problem, Served, Server};

/// A site in memory.
struct Site(BTreeMap<String, Vec<u8>>);

impl Content for Site {
    fn get(&self, path: &str) -> Option<Served> {
        let bytes = self.0.get(path)?;
        let media_type = match path.rsplit('.').next() {
            Some("html") => "text/html; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            _ => "application/octet-stream",
        };
        let etag = blake3::hash(bytes).to_hex().to_string();
        Some(Served { bytes: Arc::from(bytes.as_slice()), media_type, etag: Arc::from(etag) })
    }
}

fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" \
         content=\"{CSP}\"><link rel=\"icon\" href=\"data:,\"><title>T</title><link rel=\"stylesheet\" href=\"/site.css\"></head><body>{body}</body></html>"
    )
}

fn site(files: &[(&str, &str)]) -> Arc<dyn Content> {
    Arc::new(Site(
        files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect(),
    ))
}

fn start() -> (Server, String) {
    let content = site(&[
        ("index.html", &page("home")),
        ("p/v1/index.html", &page("pack")),
        ("404.html", &page("nothing here")),
        ("a.bin", "binary"),
        ("ä b.html", &page("umlaut")),
        ("%2e", "percent"),
    ]);
    let server = Server::bind("127.0.0.1", 0, &[], content).unwrap();
    let host = server.url().trim_start_matches("http://").trim_end_matches('/').to_owned();
    (server, host)
}

fn connect(host: &str) -> TcpStream {
    let stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(12))).unwrap();
    stream
}

/// Sends bytes and reads until the server closes.
fn send(host: &str, bytes: &[u8]) -> String {
    let mut stream = connect(host);
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(host: &str, path: &str) -> String {
    send(
        host,
        format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes(),
    )
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0)
}

fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let head = answer.split("\r\n\r\n").next()?;
    head.lines().find_map(|line| {
        line.split_once(": ").filter(|(key, _)| *key == name).map(|(_, value)| value)
    })
}

#[test]
fn answers_pages_with_the_preview_script_and_assets_without() {
    let (_server, host) = start();
    let answer = get(&host, "/");
    assert_eq!(status(&answer), 200);
    assert_eq!(header(&answer, "Cache-Control"), Some("no-store"));
    let body = answer.split("\r\n\r\n").nth(1).unwrap();
    assert_eq!(header(&answer, "Content-Length"), Some(body.len().to_string().as_str()));
    assert!(body.contains(&format!("{CSP}; connect-src 'self'\"")));
    assert!(body.contains("<body>home<script src=\"/.readymark-"));
    assert!(body.ends_with("</script></body></html>"));
    assert!(get(&host, "/a.bin").ends_with("\r\n\r\nbinary"));
    assert!(get(&host, "/p/v1/?query=1").contains("<body>pack<script"));
    assert!(get(&host, "/%C3%A4%20b.html").contains("umlaut"));
    assert_eq!(header(&get(&host, "/p/v1"), "Location"), Some("/p/v1/"));
    let missing = get(&host, "/missing.html");
    assert_eq!(status(&missing), 404);
    assert!(missing.contains("nothing here"));
    let script = body.split("src=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(get(&host, script).contains("text/javascript"));
    assert!(get(&host, &script.replace(".js", ".css")).contains("text/css"));
}

#[test]
fn knows_etags_and_heads() {
    let (server, host) = start();
    for path in ["/", "/a.bin"] {
        let answer = get(&host, path);
        let etag = header(&answer, "ETag").unwrap();
        let conditional = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nIf-None-Match: \"x\", W/{etag}\r\nConnection: close\r\n\r\n"
        );
        let again = send(&host, conditional.as_bytes());
        assert_eq!(status(&again), 304);
        assert!(again.ends_with("\r\n\r\n"));
        let head = send(
            &host,
            format!("HEAD {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes(),
        );
        assert_eq!(header(&head, "Content-Length"), header(&answer, "Content-Length"));
        assert!(head.ends_with("\r\n\r\n"));
    }
    let before = header(&get(&host, "/"), "ETag").unwrap().to_owned();
    server.swap(site(&[("index.html", &page("new"))]));
    let after = get(&host, "/");
    assert!(after.contains("<body>new<script"));
    assert_ne!(header(&after, "ETag"), Some(before.as_str()));
    assert_eq!(status(&get(&host, "/a.bin")), 404);
}

#[test]
fn keeps_a_connection_and_answers_in_order() {
    let (_server, host) = start();
    let one = format!("GET /a.bin HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let last = format!("GET /p/v1/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let answers = send(&host, format!("{one}{one}{last}").as_bytes());
    assert_eq!(answers.matches("HTTP/1.1 200").count(), 3);
    assert!(answers.find("binary").unwrap() < answers.find("pack").unwrap());
}

#[test]
fn refuses_what_is_not_plainly_ours() {
    let (_server, host) = start();
    let port = host.rsplit(':').next().unwrap();
    let cases: Vec<(u16, String)> = vec![
        (200, format!("GET / HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n")),
        (200, format!("GET / HTTP/1.1\r\nHost: [::1]:{port}\r\nConnection: close\r\n\r\n")),
        (
            200,
            format!(
                "GET / HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\n\r\n"
            ),
        ),
        (200, format!("GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")),
        (421, format!("GET / HTTP/1.1\r\nHost: evil.example:{port}\r\n\r\n")),
        (421, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n".into()),
        (421, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".into()),
        (421, "GET / HTTP/1.1\r\nHost: localhost:1\r\n\r\n".into()),
        (421, format!("GET / HTTP/1.1\r\nHost: {host}.evil.example\r\n\r\n")),
        (421, format!("GET / HTTP/1.1\r\nHost: evil@{host}\r\n\r\n")),
        (421, format!("GET http://evil.example/ HTTP/1.1\r\nHost: {host}\r\n\r\n")),
        (421, format!("GET http://{host}/ HTTP/1.1\r\nHost: evil.example\r\n\r\n")),
        (400, "GET / HTTP/1.1\r\n\r\n".into()),
        (400, format!("GET / HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n")),
        (400, format!("GET ftp://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n")),
        (400, format!("GET * HTTP/1.1\r\nHost: {host}\r\n\r\n")),
        (403, format!("GET / HTTP/1.1\r\nHost: {host}\r\nOrigin: http://evil.example\r\n\r\n")),
        (403, format!("GET / HTTP/1.1\r\nHost: {host}\r\nOrigin: null\r\n\r\n")),
        (405, format!("POST / HTTP/1.1\r\nHost: {host}\r\n\r\n")),
        (405, format!("CONNECT / HTTP/1.1\r\nHost: {host}\r\n\r\n")),
        (405, format!("get / HTTP/1.1\r\nHost: {host}\r\n\r\n")),
        (400, format!("GET / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 4\r\n\r\nGET ")),
        (
            400,
            format!(
                "GET / HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            ),
        ),
        (
            400,
            format!(
                "GET / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n"
            ),
        ),
        (400, format!("GET / HTTP/1.1\r\nHost : {host}\r\n\r\n")),
        (400, format!("GET / HTTP/1.1\r\nHost: {host}\r\nA: b\r\n c\r\n\r\n")),
        (400, format!("GET / HTTP/9.1\r\nHost: {host}\r\n\r\n")),
        (400, "\u{16}\u{3}\u{1}hello\r\n\r\n".into()),
    ];
    for (expected, request) in cases {
        let answer = send(&host, request.as_bytes());
        assert_eq!(status(&answer), expected, "{request:?}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{request:?}: one answer, then closed");
    }
}

#[test]
fn refuses_paths_that_climb() {
    let (_server, host) = start();
    let bad = [
        "/..",
        "/../a.bin",
        "/p/../a.bin",
        "/%2e%2e/a.bin",
        "/%2E%2E/a.bin",
        "/.%2e/a.bin",
        "/p/..%2fa.bin",
        "/p\\..\\a.bin",
        "/p%5c..%5ca.bin",
        "/a.bin%00",
        "/%c0%ae%c0%ae/a.bin",
        "/%c0%af",
        "/%ff",
        "/%",
        "/%2",
        "/%zz",
        "/./a.bin",
        "/a%0d%0aSet-Cookie:x",
    ];
    for path in bad {
        assert_eq!(status(&get(&host, path)), 400, "{path}");
    }
    for path in [
        "/%252e%252e/a.bin",
        "//a.bin",
        "//evil.example/",
        "/C:/a.bin",
        "/a.bin/",
        "/.readymark-0/events",
    ] {
        assert_eq!(status(&get(&host, path)), 404, "{path}");
    }
    assert!(get(&host, "/%252e").ends_with("percent"), "decoded once");
}

#[test]
fn limits_size_and_time() {
    let (_server, host) = start();
    let huge = format!("GET / HTTP/1.1\r\nHost: {host}\r\nX: {}\r\n\r\n", "a".repeat(1 << 20));
    assert_eq!(status(&send(&host, huge.as_bytes())), 431);
    let many = format!("GET / HTTP/1.1\r\nHost: {host}\r\n{}\r\n", "A: b\r\n".repeat(100));
    assert_eq!(status(&send(&host, many.as_bytes())), 431);
    let long = format!("GET /{} HTTP/1.1\r\nHost: {host}\r\n\r\n", "a".repeat(20_000));
    assert_eq!(status(&send(&host, long.as_bytes())), 431);

    let mut slow = connect(&host);
    let start = Instant::now();
    let mut writer = slow.try_clone().unwrap();
    std::thread::spawn(move || {
        for byte in
            b"GET / HTTP/1.1\r\nHost: x\r\nSlow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        {
            if writer.write_all(&[*byte]).is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(150));
        }
    });
    let mut answer = String::new();
    let _ = slow.read_to_string(&mut answer);
    assert_eq!(status(&answer), 408);
    assert!(start.elapsed() < Duration::from_secs(7), "{:?}", start.elapsed());
}

#[test]
fn survives_many_connections() {
    let (_server, host) = start();
    let held: Vec<TcpStream> = (0..400).map(|_| connect(&host)).collect();
    std::thread::sleep(Duration::from_millis(300));
    let full = get(&host, "/a.bin");
    assert!(full.is_empty() || status(&full) == 503, "{full}");
    drop(held);
    std::thread::sleep(Duration::from_millis(300));
    assert!(get(&host, "/a.bin").ends_with("binary"));
}

fn events_path(host: &str) -> String {
    let page = get(host, "/");
    let script = page.split("src=\"/.readymark-").nth(1).unwrap().split('/').next().unwrap();
    format!("/.readymark-{script}/events")
}

fn listen(host: &str, path: &str) -> BufReader<TcpStream> {
    let mut stream = connect(host);
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    while !line.starts_with("retry:") {
        line.clear();
        assert!(lines.read_line(&mut line).unwrap() > 0);
    }
    lines
}

fn next_event(lines: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    while lines.read_line(&mut line).ok()? > 0 {
        if let Some(data) = line.strip_prefix("data: ") {
            return Some(data.trim().to_owned());
        }
        line.clear();
    }
    None
}

fn failure() -> Event {
    let problem = Problem {
        place: "docs/a.md:3:7".into(),
        message: "bad\nkey".into(),
        frame: "3 | ke: x\n  | ^^".into(),
        hint: "write “key”".into(),
    };
    Event::Failed { problems: vec![problem] }
}

#[test]
fn tells_every_open_page_and_late_ones_of_a_failure() {
    let (server, host) = start();
    let path = events_path(&host);
    let mut one = listen(&host, &path);
    let mut two = listen(&host, &path);
    server.announce(&Event::Changed { assets_only: true });
    for lines in [&mut one, &mut two] {
        assert_eq!(next_event(lines).unwrap(), r#"{"event":"changed","assets_only":true}"#);
    }
    server.announce(&failure());
    let told = next_event(&mut one).unwrap();
    assert!(told.contains(r#""place":"docs/a.md:3:7","message":"bad\nkey""#), "{told}");
    let mut late = listen(&host, &path);
    assert_eq!(next_event(&mut late).unwrap(), told);
    server.announce(&Event::Changed { assets_only: false });
    let mut later = listen(&host, &path);
    server.announce(&Event::Changed { assets_only: true });
    assert!(next_event(&mut later).unwrap().contains("true"), "the failure is over");
    drop(server);
    assert_eq!(next_event(&mut later), None, "the stream ends with the server");
}

#[test]
fn streams_only_to_our_own_pages() {
    let (_server, host) = start();
    let path = events_path(&host);
    assert_ne!(path, events_path(&start().1), "another path for each run");
    for origin in ["http://evil.example", "null"] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\n\r\n");
        assert_eq!(status(&send(&host, request.as_bytes())), 403);
    }
}

#[test]
fn listens_to_others_only_when_told() {
    let content = || site(&[("index.html", "x")]);
    let failure = Server::bind("0.0.0.0", 0, &[], content()).unwrap_err();
    assert!(failure.help.unwrap().contains("--allow-host"));
    assert!(Server::bind("no such host", 0, &[], content()).is_err());
    let server = Server::bind("0.0.0.0", 0, &["box.example".into()], content()).unwrap();
    let port = server.url().rsplit(':').next().unwrap().trim_end_matches('/').to_owned();
    let ask = |name: &str| {
        let request = format!("GET / HTTP/1.1\r\nHost: {name}:{port}\r\nConnection: close\r\n\r\n");
        status(&send(&format!("127.0.0.1:{port}"), request.as_bytes()))
    };
    assert_eq!((ask("box.example"), ask("other.example")), (200, 421));
    let taken = Server::bind("127.0.0.1", port.parse().unwrap(), &[], content());
    assert!(taken.is_err_and(|failure| failure.help.is_some()));
}
