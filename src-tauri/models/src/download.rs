//! How is a file fetched from the hub without a hang, and is it the one that the hub means?
//!
//! Invariant: the only file of Hearback that speaks with a network, and it does so in one place, [`exchange`]. It is
//! called after the user's consent, by [`crate::fetch`] alone.
//!
//! An exchange runs on a thread of its own and hands over what it receives: the caller looks for a cancelled job ten
//! times a second whatever the network does, and gives up when nothing came for [`Hub::patience`].
//!
//! What the hub says of a large file: `x-linked-size` and `x-linked-etag` (its SHA-256) come with the answer that
//! redirects to where it lies; small files lie at the hub itself and have a `content-length` only
//! (huggingface_hub, `file_download.py`, reads the same headers).

use std::{
    io::{self, Read},
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    time::Duration,
};

use ureq::{
    Agent,
    http::{HeaderMap, Uri},
};

use hearback_domain::{
    error::{Error, Result},
    job::Job,
};

/// Where the models of the catalogue lie, unless `HF_ENDPOINT` names a mirror, as it does for other programs.
pub const HUB: &str = "https://huggingface.co";

/// Nothing for so long: the connection is given up.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a waiting job looks whether it was cancelled.
const POLL_INTERVAL: Duration = Duration::from_millis(100);
const REDIRECTS: usize = 5;
const CHUNK: usize = 64 * 1024;
/// Chunks that may wait for the disk.
const WAITING: usize = 16;

const CHECK_NETWORK: &str = "Check the connection and the proxy (HTTPS_PROXY), then try again: what was fetched is kept. \
                             Or fetch the files elsewhere and add their folder";

/// A server of models.
#[derive(Clone, Debug)]
pub struct Hub {
    address: String,
    host: String,
    pub patience: Duration,
}

/// A file on the hub, as the hub describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Remote {
    pub address: String,
    pub size: u64,
    /// Where the hub states one: hexadecimal.
    pub sha256: Option<String>,
}

/// Bytes from a server, in order.
pub struct Incoming {
    events: Receiver<Event>,
    patience: Duration,
    host: String,
    /// The position of the first byte that comes: what was asked for, or 0 where the server begins anew.
    pub from: u64,
}

enum Event {
    Head(u16, Box<HeaderMap>),
    Bytes(Vec<u8>),
    End,
    Failed(ureq::Error),
}

/// An error that another attempt may mend.
#[derive(Debug)]
pub enum Failure {
    Passing(Error),
    Final(Error),
}

impl Failure {
    pub fn error(self) -> Error {
        match self {
            Self::Passing(error) | Self::Final(error) => error,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Final(error)
    }
}

impl Hub {
    /// The hub, or the mirror that `HF_ENDPOINT` names.
    ///
    /// # Errors
    /// `Input` for an address that is none.
    pub fn from_environment() -> Result<Self> {
        let address = std::env::var("HF_ENDPOINT").ok().filter(|address| !address.trim().is_empty());
        Self::at(address.as_deref().unwrap_or(HUB), PATIENCE)
    }

    /// # Errors
    /// `Input` for an address that is none, or that is neither encrypted nor on this machine.
    pub fn at(address: &str, patience: Duration) -> Result<Self> {
        let address = address.trim().trim_end_matches('/').to_owned();
        let host = Host::of(&address).filter(|host| host.safe).map(|host| host.name).ok_or_else(|| {
            Error::input(format!("{address} is no address that models can be fetched from"))
                .hint("HF_ENDPOINT takes an address that begins with https://, such as https://huggingface.co")
        })?;
        Ok(Self { address, host, patience })
    }

    pub fn host(&self) -> &str {
        &self.host
    }

    /// The page of a repository, for people.
    pub fn page(&self, repository: &str) -> String {
        format!("{}/{repository}", self.address)
    }

    /// What the hub says of a file.
    pub fn look(&self, repository: &str, file: &str, job: &Job) -> std::result::Result<Remote, Failure> {
        let address = format!("{}/{repository}/resolve/main/{file}", self.address);
        let mut at = address.clone();
        for _ in 0..=REDIRECTS {
            let (status, headers, _) = self.ask(Method::Head, &at, 0, job)?;
            let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
            let number = |name: &str| text(name).and_then(|value| value.parse::<u64>().ok());
            let sha256 =
                text("x-linked-etag").map(|etag| etag.trim_start_matches("W/").trim_matches('"').to_lowercase());
            let sha256 = sha256.filter(|etag| etag.len() == 64 && etag.bytes().all(|byte| byte.is_ascii_hexdigit()));
            if let Some(size) = number("x-linked-size") {
                return Ok(Remote { address, size, sha256 });
            }
            if !(300..400).contains(&status) {
                self.accept(status, &headers, &at)?;
                let size = number("content-length").ok_or_else(|| {
                    Error::component(format!("{} does not say how large {file} is", self.host))
                        .hint("Fetch the files with a browser and add their folder")
                })?;
                return Ok(Remote { address, size, sha256 });
            }
            at = redirected(&at, &headers)?;
        }
        Err(lost(&address).into())
    }

    /// Begins to fetch a file from the byte at `from` on.
    pub fn open(&self, file: &Remote, from: u64, job: &Job) -> std::result::Result<Incoming, Failure> {
        let mut at = file.address.clone();
        for _ in 0..=REDIRECTS {
            let (status, headers, events) = self.ask(Method::Get, &at, from, job)?;
            if (300..400).contains(&status) {
                at = redirected(&at, &headers)?;
                continue;
            }
            self.accept(status, &headers, &at)?;
            let host = Host::of(&at).map_or_else(|| self.host.clone(), |host| host.name);
            let from = if status == 206 { from } else { 0 };
            return Ok(Incoming { events, patience: self.patience, host, from });
        }
        Err(lost(&file.address).into())
    }

    fn ask(
        &self,
        method: Method,
        address: &str,
        from: u64,
        job: &Job,
    ) -> std::result::Result<(u16, HeaderMap, Receiver<Event>), Failure> {
        let host = Host::of(address).filter(|host| host.safe).ok_or_else(|| {
            Error::component(format!("{} sends on to {address}, which is not encrypted", self.host))
                .hint("Fetch the files elsewhere and add their folder")
        })?;
        let (send, events) = sync_channel(WAITING);
        let (address, patience) = (address.to_owned(), self.patience);
        let local = host.local;
        std::thread::Builder::new()
            .name("download".to_owned())
            .spawn(move || exchange(method, &address, local, from, patience, &send))
            .map_err(|error| Error::internal("no thread could be started for the download").because(error))?;
        match wait(&events, self.patience, &host.name, job)? {
            Event::Head(status, headers) => Ok((status, *headers, events)),
            Event::Failed(error) => Err(unreachable(&host.name, error)),
            Event::Bytes(_) | Event::End => Err(Error::internal("a download began without a head").into()),
        }
    }

    fn accept(&self, status: u16, headers: &HeaderMap, address: &str) -> std::result::Result<(), Failure> {
        let host = Host::of(address).map_or_else(|| self.host.clone(), |host| host.name);
        let path = address.split_once("://").map_or(address, |(_, rest)| rest);
        // What follows a question mark signs the address and says nothing to people.
        let path = path.split('?').next().unwrap_or(path);
        let refused = |what: &str, hint: &str| Error::component(format!("{host} {what}: {path} ({status})")).hint(hint);
        Err(match status {
            200 | 206 => return Ok(()),
            401 | 403 => Failure::Final(refused(
                "does not give this file to everyone",
                "Fetch the model with an account of your own and add its folder, or choose another model",
            )),
            404 | 410 => Failure::Final(refused(
                "does not have this file",
                "The model may have moved: choose another one, or update Hearback",
            )),
            416 => Failure::Final(refused("does not have the rest of this file", "Try again: it is fetched anew")),
            429 => {
                let after = headers.get("retry-after").and_then(|value| value.to_str().ok());
                let when = after.map_or_else(|| "later".to_owned(), |seconds| format!("in {seconds} seconds"));
                Failure::Final(refused("asks for patience", &format!("Try again {when}: what was fetched is kept")))
            }
            500.. => Failure::Passing(refused("has a problem of its own", "Try again later: what was fetched is kept")),
            _ => Failure::Final(refused("gives no file", "Check HF_ENDPOINT and the proxy, or add a folder instead")),
        })
    }
}

impl Incoming {
    /// The next bytes; `None` at the end.
    pub fn next(&mut self, job: &Job) -> std::result::Result<Option<Vec<u8>>, Failure> {
        match wait(&self.events, self.patience, &self.host, job)? {
            Event::Bytes(bytes) => Ok(Some(bytes)),
            Event::End => Ok(None),
            Event::Failed(error) => Err(unreachable(&self.host, error)),
            Event::Head(..) => Err(Error::internal("a download has two heads").into()),
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Method {
    Head,
    Get,
}

/// The one place that touches the network: one request, redirects not followed, the answer handed over as it comes. It
/// ends when nobody takes it any more.
fn exchange(method: Method, address: &str, local: bool, from: u64, patience: Duration, to: &SyncSender<Event>) {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("hearback/", env!("CARGO_PKG_VERSION")))
        // Lengths and positions are those of the file itself.
        .accept_encoding("identity")
        .timeout_resolve(Some(patience))
        .timeout_connect(Some(patience))
        .timeout_recv_response(Some(patience))
        .timeout_per_read(Some(patience));
    // A mirror on this machine is not reached through a proxy.
    let config = if local { config.proxy(None) } else { config };
    let agent: Agent = config.build().into();
    let request = match method {
        Method::Head => agent.head(address),
        Method::Get => agent.get(address),
    };
    let request = if from > 0 { request.header("range", format!("bytes={from}-")) } else { request };
    let (head, body) = match request.call() {
        Ok(response) => response.into_parts(),
        Err(error) => {
            // Nobody may be listening any more.
            let _ = to.send(Event::Failed(error));
            return;
        }
    };
    if to.send(Event::Head(head.status.as_u16(), Box::new(head.headers))).is_err() || matches!(method, Method::Head) {
        return;
    }
    let mut reader = body.into_reader();
    loop {
        let mut bytes = vec![0; CHUNK];
        let event = match reader.read(&mut bytes) {
            Ok(0) => Event::End,
            Ok(count) => {
                bytes.truncate(count);
                Event::Bytes(bytes)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Event::Failed(ureq::Error::Io(error)),
        };
        let last = !matches!(event, Event::Bytes(_));
        if to.send(event).is_err() || last {
            return;
        }
    }
}

fn wait(events: &Receiver<Event>, patience: Duration, host: &str, job: &Job) -> std::result::Result<Event, Failure> {
    let mut waited = Duration::ZERO;
    loop {
        job.check()?;
        match events.recv_timeout(POLL_INTERVAL.min(patience)) {
            Ok(event) => return Ok(event),
            Err(RecvTimeoutError::Timeout) => waited += POLL_INTERVAL.min(patience),
            // The thread ended without a word: a panic in a library.
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Failure::Passing(cut(host, "the connection ended without an answer")));
            }
        }
        if waited >= patience {
            return Err(Failure::Passing(stalled(host, patience)));
        }
    }
}

fn unreachable(host: &str, error: ureq::Error) -> Failure {
    let timed_out = matches!(&error, ureq::Error::Timeout(_))
        || matches!(&error, ureq::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut);
    match error {
        error @ ureq::Error::HostNotFound => {
            Failure::Final(Error::component(format!("{host} cannot be found")).hint(CHECK_NETWORK).because(error))
        }
        error @ (ureq::Error::Tls(_) | ureq::Error::Rustls(_)) => Failure::Final(
            Error::component(format!("the connection to {host} could not be encrypted as it has to be"))
                .hint("Check the clock of this machine and whether a proxy opens connections; or add a folder instead")
                .because(error),
        ),
        error if timed_out => {
            Failure::Passing(Error::component(format!("{host} does not answer")).hint(CHECK_NETWORK).because(error))
        }
        error => Failure::Passing(cut(host, error)),
    }
}

fn cut(host: &str, because: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::component(format!("the connection to {host} failed")).hint(CHECK_NETWORK).because(because)
}

fn stalled(host: &str, patience: Duration) -> Error {
    Error::component(format!("{host} sent nothing for {} seconds", patience.as_secs().max(1))).hint(CHECK_NETWORK)
}

fn lost(address: &str) -> Error {
    Error::component(format!("{address} leads from one address to the next without an end"))
        .hint("Check HF_ENDPOINT, or add a folder instead")
}

/// The address that an answer sends on to.
fn redirected(from: &str, headers: &HeaderMap) -> Result<String> {
    let to = headers.get("location").and_then(|value| value.to_str().ok()).ok_or_else(|| lost(from))?;
    if to.contains("://") {
        return Ok(to.to_owned());
    }
    let base: Uri = from.parse().map_err(|_| lost(from))?;
    let (Some(scheme), Some(authority)) = (base.scheme_str(), base.authority()) else { return Err(lost(from)) };
    let slash = if to.starts_with('/') { "" } else { "/" };
    Ok(format!("{scheme}://{authority}{slash}{to}"))
}

/// Where an address leads.
struct Host {
    name: String,
    /// This machine.
    local: bool,
    /// Encrypted, or on this machine.
    safe: bool,
}

impl Host {
    fn of(address: &str) -> Option<Self> {
        let uri: Uri = address.parse().ok()?;
        let host = uri.host()?.to_owned();
        let local = ["localhost", "127.0.0.1", "[::1]"].contains(&host.as_str());
        let safe = match uri.scheme_str()? {
            "https" => true,
            "http" => local,
            _ => false,
        };
        Some(Self { name: host, local, safe })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_encrypted_addresses_and_this_machine_are_spoken_with() {
        let hub = |address: &str| Hub::at(address, PATIENCE).map(|hub| hub.host().to_owned());
        assert_eq!(hub("https://huggingface.co/").unwrap(), "huggingface.co");
        assert_eq!(hub("http://127.0.0.1:8080").unwrap(), "127.0.0.1");
        for wrong in ["http://huggingface.co", "ftp://127.0.0.1", "huggingface.co", "", "file:///etc"] {
            assert!(hub(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn redirects_may_be_relative() {
        let to = |location: &str| {
            let headers = HeaderMap::from_iter([(ureq::http::header::LOCATION, location.parse().unwrap())]);
            redirected("https://hub.example/a/b?c", &headers).unwrap()
        };
        assert_eq!(to("/api/x"), "https://hub.example/api/x");
        assert_eq!(to("https://cdn.example/y?s=1"), "https://cdn.example/y?s=1");
    }
}
