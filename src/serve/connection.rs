//! One thread for each connection: reads requests within limits of time and size, writes answers, keeps event streams
//! open.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use super::Shared;
use super::request::{self, Parsed, Request};
use super::response::{self, Response};

/// Connections at one time; a browser opens six.
const CONNECTIONS: usize = 128;
/// How long a connection may wait for its next request.
const IDLE: Duration = Duration::from_secs(30);
/// How long a request may take to arrive once it has begun.
const ARRIVAL: Duration = Duration::from_secs(4);
/// How long a reader may block a write.
const WRITING: Duration = Duration::from_secs(10);
/// How often a silent event stream says that it is alive.
const ALIVE: Duration = Duration::from_secs(15);

/// Accepts connections until the server is dropped.
pub(super) fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopped.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else {
            std::thread::sleep(Duration::from_millis(20));
            continue;
        };
        let slot = Slot::take(shared);
        let work = move || match slot {
            Some(slot) => drop(Connection::new(stream).and_then(|open| open.run(&slot.0))),
            None => drop(
                Connection::new(stream)
                    .and_then(|mut full| full.send(&response::plain(503, false), false)),
            ),
        };
        drop(std::thread::Builder::new().spawn(work));
    }
}

/// One of the connections that are open at a time.
struct Slot(Arc<Shared>);

impl Slot {
    fn take(shared: &Arc<Shared>) -> Option<Self> {
        let slot = Self(Arc::clone(shared));
        (shared.connections.fetch_add(1, Ordering::SeqCst) < CONNECTIONS).then_some(slot)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::SeqCst);
    }
}

struct Connection {
    stream: TcpStream,
    /// Bytes that were read and not used yet.
    buffer: Vec<u8>,
}

impl Connection {
    fn new(stream: TcpStream) -> std::io::Result<Self> {
        stream.set_write_timeout(Some(WRITING))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::new() })
    }

    fn run(mut self, shared: &Shared) -> std::io::Result<()> {
        loop {
            let request = match self.next(shared)? {
                Ok(request) => request,
                Err(status) => return self.refuse(status),
            };
            if request.path == shared.frame.events() && !request.head_only {
                return self.stream_events(shared);
            }
            let response = shared.frame.answer(&request, &*shared.content());
            self.send(&response, request.head_only)?;
            if !request.keep_alive || shared.stopped.load(Ordering::SeqCst) {
                return Ok(());
            }
        }
    }

    /// Reads the next request, or the status to refuse it with; an error when the other side is gone.
    fn next(&mut self, shared: &Shared) -> std::io::Result<Result<Request, u16>> {
        let mut deadline = Instant::now() + if self.buffer.is_empty() { IDLE } else { ARRIVAL };
        loop {
            match request::parse(&self.buffer, &shared.hosts) {
                Parsed::Complete(request, length) => {
                    self.buffer.drain(..length);
                    return Ok(Ok(request));
                }
                Parsed::Refused(status) => return Ok(Err(status)),
                Parsed::Partial => {}
            }
            let left = deadline.saturating_duration_since(Instant::now());
            self.stream.set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
            let mut part = [0; 4096];
            match self.stream.read(&mut part) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(length) if self.buffer.is_empty() => {
                    deadline = Instant::now() + ARRIVAL;
                    self.buffer.extend_from_slice(&part[..length]);
                }
                Ok(length) => self.buffer.extend_from_slice(&part[..length]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) if !self.buffer.is_empty() => return Ok(Err(408)),
                Err(error) => return Err(error),
            }
            if left.is_zero() {
                return Ok(Err(408));
            }
        }
    }

    fn send(&mut self, response: &Response, head_only: bool) -> std::io::Result<()> {
        self.stream.write_all(response.head.as_bytes())?;
        if head_only { Ok(()) } else { self.stream.write_all(&response.body) }
    }

    /// Answers with a status and reads away a little of what still comes, so that the answer arrives.
    fn refuse(mut self, status: u16) -> std::io::Result<()> {
        self.send(&response::plain(status, false), false)?;
        self.stream.shutdown(std::net::Shutdown::Write)?;
        self.stream.set_read_timeout(Some(Duration::from_millis(100)))?;
        let mut rest = [0; 16 * 1024];
        for _ in 0..256 {
            if self.stream.read(&mut rest)? == 0 {
                break;
            }
        }
        Ok(())
    }

    fn stream_events(mut self, shared: &Shared) -> std::io::Result<()> {
        let (sender, receiver) = sync_channel(16);
        let failure = {
            let mut listeners = shared.listeners();
            listeners.senders.push(sender);
            listeners.failure.clone()
        };
        self.stream.write_all(response::stream_head().as_bytes())?;
        self.stream.write_all(b"retry: 1000\n\n")?;
        if let Some(failure) = failure {
            write!(self.stream, "data: {failure}\n\n")?;
        }
        self.forward(&receiver)
    }

    fn forward(&mut self, receiver: &Receiver<Arc<str>>) -> std::io::Result<()> {
        loop {
            match receiver.recv_timeout(ALIVE) {
                Ok(message) => write!(self.stream, "data: {message}\n\n")?,
                Err(RecvTimeoutError::Timeout) => self.stream.write_all(b": alive\n\n")?,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }
}
