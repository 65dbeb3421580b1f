//! The preview server: answers from a map in memory, tells browsers about changes, writes nothing and reads no file.

mod connection;
mod request;
mod response;

use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use serde::Serialize;

use crate::Failure;
use response::Frame;

/// The policy that every published page carries in its `<meta>` element; the server widens it for the preview script.
pub const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'";

/// The files of a site, by route without a leading slash.
pub trait Content: Send + Sync {
    /// Finds a file.
    fn get(&self, path: &str) -> Option<Served>;
}

/// One file as the server sends it.
#[derive(Debug, Clone)]
pub struct Served {
    /// The bytes that `build` would write.
    pub bytes: Arc<[u8]>,
    /// The value of `Content-Type`.
    pub media_type: &'static str,
    /// Changes with the bytes; without quotes.
    pub etag: Arc<str>,
}

/// What browsers are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Event {
    /// The content was swapped; any error shown before is over.
    Changed {
        /// No page changed, only style sheets and other assets.
        assets_only: bool,
    },
    /// The site could not be built; the old content stays.
    Failed {
        /// What is wrong, the first cause first.
        problems: Vec<Problem>,
    },
}

/// One reason why there is no new site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// `path:line:column`, as far as it is known.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// The lines around the place, as the terminal shows them; may be empty.
    pub frame: String,
    /// The next step; may be empty.
    pub hint: String,
}

/// A running preview server; it stops when dropped.
#[derive(Debug)]
pub struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
}

/// What the connections share.
struct Shared {
    content: RwLock<Arc<dyn Content>>,
    /// The values of `Host` that are ours.
    hosts: Vec<String>,
    frame: Frame,
    listeners: Mutex<Listeners>,
    connections: AtomicUsize,
    stopped: AtomicBool,
}

/// Open pages that want to hear of events.
#[derive(Default)]
struct Listeners {
    senders: Vec<SyncSender<Arc<str>>>,
    /// The failure that a new page must show.
    failure: Option<Arc<str>>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Shared").field("hosts", &self.hosts).finish_non_exhaustive()
    }
}

impl Server {
    /// Listens on `host` and `port` (0: any free one). A host that is not loopback needs at least one name or address in
    /// `allowed_hosts`, under which browsers may ask for it.
    pub fn bind(
        host: &str,
        port: u16,
        allowed_hosts: &[String],
        content: Arc<dyn Content>,
    ) -> Result<Self, Failure> {
        let wanted = resolve(host, port)?;
        if !wanted.ip().is_loopback() && allowed_hosts.is_empty() {
            return Err(Failure::new(format!("{host} can be reached from other machines")).help(
                "name the host that browsers may use with --allow-host, or leave --host out",
            ));
        }
        let listener = TcpListener::bind(wanted).map_err(|error| {
            Failure::new(format!("cannot listen on {wanted}: {error}"))
                .help("choose another port with --port, or 0 for any free one")
        })?;
        let address = listener.local_addr().map_err(|error| Failure::new(error.to_string()))?;
        let shared = Arc::new(Shared {
            content: RwLock::new(content),
            hosts: our_hosts(address, allowed_hosts),
            frame: Frame { token: random_token() },
            listeners: Mutex::default(),
            connections: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || connection::accept(&listener, &accepting));
        Ok(Self { shared, address })
    }

    /// Returns the address to open.
    pub fn url(&self) -> String {
        let ip = self.address.ip();
        let shown = if ip.is_unspecified() { IpAddr::from([127, 0, 0, 1]) } else { ip };
        format!("http://{}/", SocketAddr::new(shown, self.address.port()))
    }

    /// Puts new content in place; requests under way finish on the old one.
    pub fn swap(&self, content: Arc<dyn Content>) {
        *self.shared.content.write().unwrap_or_else(PoisonError::into_inner) = content;
    }

    /// Tells every open page.
    pub fn announce(&self, event: &Event) {
        let message: Arc<str> = serde_json::to_string(event).unwrap_or_default().into();
        let mut listeners = self.shared.listeners();
        listeners.failure = matches!(event, Event::Failed { .. }).then(|| Arc::clone(&message));
        // A page that does not keep up is dropped: it comes back by itself and asks for everything.
        listeners.senders.retain(|sender| sender.try_send(Arc::clone(&message)).is_ok());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        self.shared.listeners().senders.clear();
        let ip = self.address.ip();
        let own = if ip.is_unspecified() { IpAddr::from([127, 0, 0, 1]) } else { ip };
        drop(TcpStream::connect((own, self.address.port())));
    }
}

impl Shared {
    fn content(&self) -> Arc<dyn Content> {
        Arc::clone(&self.content.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn listeners(&self) -> std::sync::MutexGuard<'_, Listeners> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn resolve(host: &str, port: u16) -> Result<SocketAddr, Failure> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    (bare, port).to_socket_addrs().ok().and_then(|mut addresses| addresses.next()).ok_or_else(
        || {
            Failure::new(format!("“{host}” is not an address of this machine"))
                .help("use 127.0.0.1 or leave --host out")
        },
    )
}

/// Lists the values of `Host` under which the server answers; all others may be a page that rebinds its name to us.
fn our_hosts(address: SocketAddr, allowed: &[String]) -> Vec<String> {
    let port = address.port();
    let loopback = ["127.0.0.1", "[::1]", "localhost"].map(|name| format!("{name}:{port}"));
    let named = allowed.iter().flat_map(|name| [name.clone(), format!("{name}:{port}")]);
    let mut hosts: Vec<String> = loopback.into_iter().chain(named).collect();
    if !address.ip().is_unspecified() {
        hosts.push(address.to_string());
    }
    if port == 80 {
        hosts.extend(["127.0.0.1", "[::1]", "localhost"].map(str::to_owned));
    }
    hosts
}

/// Makes 128 bits that other pages cannot guess, from the keys that the system gives to hash tables.
fn random_token() -> String {
    format!("{:016x}{:016x}", RandomState::new().hash_one(1), RandomState::new().hash_one(2))
}
