//! One JSON text: a list of records, an object that wraps such a list, or objects one after the other.
//!
//! The scanner finds where each record ends by counting brackets outside of texts, and leaves judging the record to
//! the JSON parser: a record that is broken inside costs that record, one that breaks the brackets costs the rest.

use std::{io::BufRead, ops::ControlFlow};

use serde_json::value::RawValue;

use super::{Container, Input, Walk};
use crate::{error::Result, files, limits, model::Reject};

/// Keys under which tools wrap the list of records.
const ENVELOPES: &[&str] = &[
    "data",
    "items",
    "results",
    "records",
    "responses",
    "rows",
    "feedback",
    "feedbacks",
    "scores",
    "traces",
    "sessions",
    "runs",
    "satisfaction_ratings",
    "tickets",
    "survey_responses",
];

/// Keys that a record has and an envelope has not.
const IDENTITIES: &[&str] = &["id", "kind", "trace", "trace_id", "traceId", "session_id", "sessionId", "fields"];

/// Tells JSON lines from a JSON text that begins with an object.
pub(super) fn lines_or_text(head: &[u8]) -> Container {
    let text = head.trim_ascii_start();
    let Some(end) = text.iter().position(|byte| *byte == b'\n') else {
        // One line, or more of it than we look at: the scanner of JSON texts reads objects one after the other, too.
        return Container::Json;
    };
    let line = text[..end].trim_ascii_end();
    match serde_json::from_slice::<std::collections::BTreeMap<String, &RawValue>>(line) {
        Ok(object) => {
            let wraps = object.iter().any(|(key, value)| is_envelope(key) && value.get().starts_with('['))
                && !object.keys().any(|key| IDENTITIES.contains(&key.as_str()));
            if wraps { Container::Json } else { Container::JsonLines }
        }
        // A text laid out over several lines breaks after a bracket or a comma; a broken record does not.
        Err(_) if matches!(line.last(), Some(b'{' | b'[' | b',' | b':')) => Container::Json,
        Err(_) => Container::JsonLines,
    }
}

fn is_envelope(key: &str) -> bool {
    ENVELOPES.contains(&key)
}

pub(super) fn walk(walk: &mut Walk<'_>, input: Input, start: u64) -> Result<ControlFlow<()>> {
    let mut scanner = Scanner { input, offset: start, buffer: Vec::new(), cut: false };
    loop {
        let begin = match scanner.peek_value(walk)? {
            None => return Ok(ControlFlow::Continue(())),
            Some(b'[') => {
                scanner.skip(1);
                let flow = scanner.list(walk)?;
                if flow != Next::More {
                    return Ok(flow.into());
                }
                continue;
            }
            Some(b'{') => scanner.offset,
            Some(_) => {
                let begin = scanner.offset;
                scanner.start_record();
                scanner.take_rest(walk)?;
                let raw = std::mem::take(&mut scanner.buffer);
                let reason = "this is no JSON object, and what follows cannot be told apart";
                return walk.reject(begin, reason, raw.trim_ascii());
            }
        };
        match scanner.object(walk, begin)? {
            Next::More => {}
            end => return Ok(end.into()),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    More,
    /// The rest of the file cannot be read, and that was said.
    Lost,
    /// The visitor has seen enough.
    Enough,
}

impl From<Next> for ControlFlow<()> {
    fn from(next: Next) -> Self {
        match next {
            Next::More | Next::Lost => ControlFlow::Continue(()),
            Next::Enough => ControlFlow::Break(()),
        }
    }
}

fn next(flow: ControlFlow<()>) -> Next {
    if flow.is_break() { Next::Enough } else { Next::More }
}

struct Scanner {
    input: Input,
    offset: u64,
    /// The record being read; only its start if `cut`.
    buffer: Vec<u8>,
    cut: bool,
}

impl Scanner {
    /// The first byte of the next value, without consuming it.
    fn peek_value(&mut self, walk: &Walk<'_>) -> Result<Option<u8>> {
        loop {
            let available = self.input.fill_buf().map_err(|error| files::broken(walk.path, error))?;
            if available.is_empty() {
                return Ok(None);
            }
            let blank = available.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let found = available.get(blank).copied();
            self.skip(blank);
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    fn skip(&mut self, count: usize) {
        self.input.consume(count);
        self.offset += count as u64;
    }

    fn start_record(&mut self) {
        self.buffer.clear();
        self.cut = false;
    }

    /// Moves bytes from the input into the record for as long as `wants` says so. False at the file's end.
    fn take_while(&mut self, walk: &Walk<'_>, mut wants: impl FnMut(u8) -> Want) -> Result<bool> {
        loop {
            let available = self.input.fill_buf().map_err(|error| files::broken(walk.path, error))?;
            if available.is_empty() {
                return Ok(false);
            }
            let mut used = available.len();
            let mut done = false;
            for (place, byte) in available.iter().enumerate() {
                match wants(*byte) {
                    Want::More => {}
                    Want::Last => {
                        (used, done) = (place + 1, true);
                        break;
                    }
                    Want::StopBefore => {
                        (used, done) = (place, true);
                        break;
                    }
                }
            }
            if self.buffer.len() + used > limits::RECORD_BYTES {
                self.cut = true;
                self.buffer.truncate(Reject::RAW_LIMIT);
                self.buffer.shrink_to_fit();
            }
            if !self.cut {
                self.buffer.extend_from_slice(&available[..used]);
            }
            self.skip(used);
            if done {
                return Ok(true);
            }
        }
    }

    fn take_rest(&mut self, walk: &Walk<'_>) -> Result<bool> {
        self.take_while(walk, |_| Want::More)
    }

    /// Takes one value, or what is left of one that began `depth` brackets ago.
    fn take_value(&mut self, walk: &Walk<'_>, depth: u64) -> Result<bool> {
        let mut state = Balance { depth, in_text: false, escaped: false, began: depth > 0, scalar: false };
        self.take_while(walk, |byte| state.step(byte))
    }

    fn deliver(&mut self, walk: &mut Walk<'_>, begin: u64) -> Result<Next> {
        if self.cut {
            return walk.too_long(begin, &self.buffer).map(next);
        }
        walk.json(begin, self.buffer.trim_ascii()).map(next)
    }

    fn lost(&mut self, walk: &mut Walk<'_>, begin: u64, reason: &str) -> Result<Next> {
        let raw = std::mem::take(&mut self.buffer);
        Ok(if walk.reject(begin, reason, raw.trim_ascii())?.is_break() { Next::Enough } else { Next::Lost })
    }

    /// The records of a list whose opening bracket was consumed.
    fn list(&mut self, walk: &mut Walk<'_>) -> Result<Next> {
        const CUT_OFF: &str = "the file ends within this record: it was cut off";
        let mut after_comma = false;
        loop {
            let found = self.peek_value(walk)?;
            self.start_record();
            let begin = self.offset;
            match found {
                None => return self.lost(walk, begin, "the list has no end: the file was cut off"),
                Some(b']') if after_comma => {
                    self.skip(1);
                    return walk.reject(begin, "a comma with no record after it", b"]").map(next);
                }
                Some(b']') => {
                    self.skip(1);
                    return Ok(Next::More);
                }
                Some(_) => {}
            }
            if !self.take_value(walk, 0)? {
                return self.lost(walk, begin, CUT_OFF);
            }
            let delivered = self.deliver(walk, begin)?;
            if delivered != Next::More {
                return Ok(delivered);
            }
            match self.peek_value(walk)? {
                Some(b',') => {
                    self.skip(1);
                    after_comma = true;
                }
                Some(b']') => after_comma = false,
                _ => {
                    let begin = self.offset;
                    self.start_record();
                    self.take_rest(walk)?;
                    return self.lost(walk, begin, "after a record there is neither a comma nor the end of the list");
                }
            }
        }
    }

    /// An object: an envelope, whose list is walked through, or a record.
    fn object(&mut self, walk: &mut Walk<'_>, begin: u64) -> Result<Next> {
        const CUT_OFF: &str = "the file ends within this record: it was cut off";
        self.start_record();
        self.buffer.push(b'{');
        self.skip(1);
        let mut is_record = false;
        let mut opened = false;
        loop {
            // A key, a comma, or the end; anything else is left to the parser to complain about.
            let mut first = 0;
            let found = self.take_while(walk, |byte| match byte {
                b'"' | b'}' | b'{' | b'[' | b']' => {
                    first = byte;
                    Want::StopBefore
                }
                _ => Want::More,
            })?;
            if !found {
                return self.lost(walk, begin, CUT_OFF);
            }
            if first != b'"' {
                // The end of the object, or no JSON: brackets are counted to where it ends.
                if !self.take_value(walk, 1)? {
                    return self.lost(walk, begin, CUT_OFF);
                }
                break;
            }
            let key_start = self.buffer.len();
            if !self.take_value(walk, 0)? {
                return self.lost(walk, begin, CUT_OFF);
            }
            let key = self.buffer.get(key_start..).and_then(|key| serde_json::from_slice::<String>(key).ok());
            let key = key.unwrap_or_default();
            is_record |= IDENTITIES.contains(&key.as_str());
            let colon = self.take_while(walk, |byte| match byte {
                b':' => Want::Last,
                byte if byte.is_ascii_whitespace() => Want::More,
                _ => Want::StopBefore,
            })?;
            let Some(first) = (if colon { self.peek_value(walk)? } else { None }) else {
                return self.lost(walk, begin, CUT_OFF);
            };
            if first == b'[' && !is_record && is_envelope(&key) {
                self.buffer.push(b'[');
                self.skip(1);
                match self.peek_value(walk)? {
                    Some(b'{' | b']') => {
                        opened = true;
                        let listed = self.list(walk)?;
                        if listed != Next::More {
                            return Ok(listed);
                        }
                        self.start_record();
                        self.buffer.push(b'{');
                    }
                    _ => {
                        if !self.take_value(walk, 1)? {
                            return self.lost(walk, begin, CUT_OFF);
                        }
                    }
                }
            } else if !matches!(first, b'}' | b',') && !self.take_value(walk, 0)? {
                return self.lost(walk, begin, CUT_OFF);
            }
        }
        if opened { Ok(Next::More) } else { self.deliver(walk, begin) }
    }
}

enum Want {
    More,
    Last,
    StopBefore,
}

/// Where a JSON value ends.
struct Balance {
    depth: u64,
    in_text: bool,
    escaped: bool,
    began: bool,
    scalar: bool,
}

impl Balance {
    fn step(&mut self, byte: u8) -> Want {
        if self.in_text {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => {
                    self.in_text = false;
                    if self.depth == 0 {
                        return Want::Last;
                    }
                }
                _ => {}
            }
            return Want::More;
        }
        match byte {
            b'"' if self.scalar => return Want::StopBefore,
            b'"' => self.in_text = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' if self.depth == 0 => return Want::StopBefore,
            b'}' | b']' => {
                self.depth -= 1;
                if self.depth == 0 {
                    return Want::Last;
                }
            }
            b',' if self.depth == 0 => return Want::StopBefore,
            byte if self.depth == 0 && self.began && byte.is_ascii_whitespace() => return Want::StopBefore,
            byte if self.depth == 0 && !byte.is_ascii_whitespace() => self.scalar = true,
            _ => {}
        }
        self.began = true;
        Want::More
    }
}
