//! A blocking WebDriver client over std: the protocol is JSON over HTTP/1.1, one request a connection.
//! A client crate would compile a hundred others.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::{Value, json};

/// The key under which the protocol hides an element's id (W3C WebDriver, section 12.1).
const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

/// One request may include loading a page in a debug build on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(90);

#[derive(Debug)]
pub struct Session {
    port: u16,
    id: String,
}

impl Session {
    /// Starts `program` through the driver that listens on `port`.
    pub fn start(port: u16, program: &str, arguments: &[String]) -> Result<Self, String> {
        let capabilities = json!({"capabilities": {"alwaysMatch": {
            "webkitgtk:browserOptions": {"binary": program, "args": arguments}
        }}});
        let answer = request(port, "POST", "/session", Some(&capabilities))?;
        let id = answer["sessionId"].as_str().ok_or("the driver gave no session")?.to_owned();
        Ok(Self { port, id })
    }

    fn command(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        request(self.port, method, &format!("/session/{}{path}", self.id), body)
    }

    /// Ends the application too.
    pub fn end(&self) {
        let _ = self.command("DELETE", "", None);
    }

    /// Runs a function body in the page; what it returns comes back.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Result<Value, String> {
        self.command("POST", "/execute/sync", Some(&json!({"script": script, "args": arguments})))
    }

    /// As `run`, for a body that calls its last argument when it is done.
    pub fn run_async(&self, script: &str) -> Result<Value, String> {
        self.command("POST", "/execute/async", Some(&json!({"script": script, "args": []})))
    }

    fn find(&self, selector: &str) -> Result<String, String> {
        let found = self.command("POST", "/element", Some(&json!({"using": "css selector", "value": selector})))?;
        found[ELEMENT_KEY].as_str().map(str::to_owned).ok_or_else(|| format!("no id for {selector}"))
    }

    pub fn click(&self, selector: &str) -> Result<(), String> {
        let element = self.find(selector)?;
        self.command("POST", &format!("/element/{element}/click"), Some(&json!({}))).map(|_| ())
    }

    /// Types into an element, or into whatever has the focus. `\u{E007}` is Enter, `\u{E00C}` Escape.
    pub fn type_into(&self, selector: &str, text: &str) -> Result<(), String> {
        let element = self.find(selector)?;
        self.command("POST", &format!("/element/{element}/value"), Some(&json!({ "text": text }))).map(|_| ())
    }

    /// Key strokes at the page itself, with `modifiers` held down.
    pub fn press(&self, modifiers: &[char], key: char) -> Result<(), String> {
        let mut actions: Vec<Value> = modifiers.iter().map(|key| json!({"type": "keyDown", "value": key})).collect();
        actions.push(json!({"type": "keyDown", "value": key}));
        actions.push(json!({"type": "keyUp", "value": key}));
        actions.extend(modifiers.iter().rev().map(|key| json!({"type": "keyUp", "value": key})));
        let body = json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]});
        self.command("POST", "/actions", Some(&body)).map(|_| ())
    }

    /// The pointer goes through `path` (CSS pixels of the page), pressed from the first place to the last where `pressed`.
    pub fn point(&self, path: &[(f64, f64)], pressed: bool) -> Result<(), String> {
        let go = |(x, y): &(f64, f64)| json!({"type": "pointerMove", "duration": 0, "x": x.round(), "y": y.round()});
        let mut actions: Vec<Value> = path.iter().map(go).collect();
        if pressed {
            actions.insert(1.min(actions.len()), json!({"type": "pointerDown", "button": 0}));
            actions.push(json!({"type": "pointerUp", "button": 0}));
        }
        let mouse =
            json!({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions});
        self.command("POST", "/actions", Some(&json!({ "actions": [mouse] }))).map(|_| ())
    }

    pub fn set_size(&self, width: u32, height: u32) -> Result<(), String> {
        self.command("POST", "/window/rect", Some(&json!({"width": width, "height": height}))).map(|_| ())
    }

    /// The page as PNG.
    pub fn picture(&self) -> Result<Vec<u8>, String> {
        let answer = self.command("GET", "/screenshot", None)?;
        Ok(from_base64(answer.as_str().unwrap_or_default()))
    }
}

/// Does a driver answer on `port`?
pub fn status(port: u16) -> Result<Value, String> {
    request(port, "GET", "/status", None)
}

fn request(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
    let text = body.map(Value::to_string).unwrap_or_default();
    let exchange = || -> std::io::Result<(String, Vec<u8>)> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{text}",
            text.len()
        )?;
        let mut reader = BufReader::new(stream);
        let mut status = String::new();
        reader.read_line(&mut status)?;
        let mut length = None;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse::<u64>().ok();
            }
        }
        let mut content = Vec::new();
        match length {
            Some(length) => reader.take(length).read_to_end(&mut content)?,
            None => reader.read_to_end(&mut content)?,
        };
        Ok((status, content))
    };
    let (status, content) = exchange().map_err(|error| format!("{method} {path}: {error}"))?;
    let answer: Value = serde_json::from_slice(&content).map_err(|error| format!("{method} {path}: {error}"))?;
    if status.split(' ').nth(1) == Some("200") { Ok(answer["value"].clone()) } else { Err(answer["value"].to_string()) }
}

fn from_base64(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for character in text.bytes() {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}
