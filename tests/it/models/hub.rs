//! A hub of models on this machine: answers as the real one does, and fails as it is told to.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

use hearback_app::Hub;
use sha2::{Digest, Sha256};

/// What goes wrong, and with which file.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Trouble {
    #[default]
    None,
    /// The connection ends after so many bytes, once.
    Cut(usize),
    /// Nothing comes after so many bytes.
    Stall(usize),
    Status(u16),
    /// The digest that is stated is another file's.
    WrongDigest,
    /// Sends on to where nothing is encrypted.
    Unsafe,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub range: Option<String>,
    pub agent: String,
}

struct State {
    /// With their digests.
    files: BTreeMap<String, (Vec<u8>, String)>,
    trouble: Mutex<Trouble>,
    asked: Mutex<Vec<Asked>>,
}

pub struct FakeHub {
    state: Arc<State>,
    address: String,
    /// Of whoever asks: long, since the machine may be busy; short where nothing is to come.
    pub patience: Duration,
}

impl FakeHub {
    /// A hub with these files, by their names in the repository `owner/name`.
    pub fn new(files: BTreeMap<String, Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let digested = |(name, content): (String, Vec<u8>)| {
            let digest = hexadecimal(&content);
            (name, (content, digest))
        };
        let files = files.into_iter().map(digested).collect();
        let state = Arc::new(State { files, trouble: Mutex::default(), asked: Mutex::default() });
        let served = Arc::clone(&state);
        // Ends with the process: nothing waits for it.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&served);
                std::thread::spawn(move || answer(&state, stream));
            }
        });
        Self { state, address, patience: Duration::from_secs(60) }
    }

    pub fn hub(&self) -> Hub {
        Hub::at(&self.address, self.patience).unwrap()
    }

    pub fn trouble(&self, trouble: Trouble) {
        *self.state.trouble.lock().unwrap() = trouble;
    }

    /// What was asked since the last time.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.state.asked.lock().unwrap())
    }
}

/// Large files lie elsewhere: the hub says how large they are and what their digest is, and sends on.
const LARGE: usize = 1_000_000;

fn hexadecimal(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn answer(state: &State, mut stream: TcpStream) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let request = lines.next()?.ok()?;
    let headers: Vec<(String, String)> = lines
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned())))
        .collect();
    let header = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let mut words = request.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let range = header("range");
    let agent = header("user-agent").unwrap_or_default();
    let asked = Asked { method: method.clone(), path: path.clone(), range: range.clone(), agent };
    state.asked.lock().unwrap().push(asked);

    let elsewhere = path.strip_prefix("/elsewhere/");
    let name = elsewhere.or_else(|| path.split_once("/resolve/main/").map(|(_, name)| name))?;
    let Some((content, digest)) = state.files.get(name) else {
        return write!(stream, "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").ok();
    };
    let trouble = state.trouble.lock().unwrap().clone();
    if let Trouble::Status(status) = trouble {
        let head = format!("HTTP/1.1 {status} No\r\nretry-after: 7\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        return stream.write_all(head.as_bytes()).ok();
    }
    if content.len() >= LARGE && elsewhere.is_none() {
        let digest = if trouble == Trouble::WrongDigest { &hexadecimal(b"another") } else { digest };
        let to = if trouble == Trouble::Unsafe { "http://example.invalid".to_owned() } else { String::new() };
        let head = format!(
            "HTTP/1.1 302 Found\r\nlocation: {to}/elsewhere/{name}\r\nx-linked-size: {}\r\nx-linked-etag: \"{digest}\"\r\n\
             content-length: 0\r\nconnection: close\r\n\r\n",
            content.len()
        );
        return stream.write_all(head.as_bytes()).ok();
    }
    let from: usize =
        range.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()).unwrap_or(0);
    let status = if from > 0 { "206 Partial Content" } else { "200 OK" };
    let rest = &content[from..];
    write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", rest.len()).ok()?;
    if method == "HEAD" {
        return Some(());
    }
    match trouble {
        Trouble::Cut(after) if content.len() >= LARGE => {
            *state.trouble.lock().unwrap() = Trouble::None;
            stream.write_all(&rest[..after]).ok()
        }
        Trouble::Stall(after) if content.len() >= LARGE => {
            // Once only: whoever comes back gets nothing more.
            let after = if from > 0 { 0 } else { after };
            stream.write_all(&rest[..after.min(rest.len())]).ok()?;
            stream.flush().ok()?;
            std::thread::sleep(Duration::from_secs(20));
            None
        }
        _ => stream.write_all(rest).ok(),
    }
}
