//! One JSON text: a list of records, an object that wraps such a list, or objects one after the other.
//!
//! The scanner finds where each record ends by counting brackets outside of texts, and leaves judging the record to
//! the JSON parser: a record that is broken inside costs that record, one that breaks the brackets costs the rest.

use std::{collections::BTreeMap, io::BufRead, ops::ControlFlow};

use serde_json::value::RawValue;

use super::walk::Walk;
use crate::{
    input::{broken, encoding::Text},
    limits,
};
use hearback_domain::{Reject, error::Result};

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
    "documents",
];

/// Keys that a record has and an envelope has not.
const IDENTITIES: &[&str] = &[
    "id",
    "kind",
    "trace",
    "trace_id",
    "traceId",
    "session_id",
    "sessionId",
    "messages",
    "conversation_id",
    "message_id",
    "fields",
];

/// Keys whose list is the content of one record, however it is wrapped.
const CONTENTS: &[&str] = &[
    "messages",
    "conversation",
    "conversations",
    "turns",
    "history",
    "choices",
    "chosen",
    "rejected",
    "input",
    "output",
    "resourceSpans",
    "resourceLogs",
    "resource_spans",
    "resource_logs",
    "spans",
    "observations",
];

/// What the items of `documents` begin with where it wraps records (Firestore); elsewhere it is what a model was given.
const STORED_DOCUMENT: &[&str] = &["name", "fields", "createTime", "updateTime"];

/// Is what begins with an object one JSON text, and not JSON lines?
pub(super) fn is_one_text(head: &[u8], is_whole: bool) -> bool {
    let text = head.trim_ascii_start();
    let Some(end) = text.iter().position(|byte| *byte == b'\n') else {
        // One line, or more of it than we look at. A broken line of JSON lines costs that line, so they are it unless
        // the object wraps others or is followed by one on the same line.
        let outline = Outline::of(text);
        return is_whole || outline.end.is_some() || outline.envelope().is_some();
    };
    let line = text[..end].trim_ascii_end();
    match serde_json::from_slice::<BTreeMap<String, &RawValue>>(line) {
        Ok(_) => {
            let outline = Outline::of(line);
            let is_alone = is_whole && text[end..].trim_ascii().is_empty();
            if is_alone { outline.envelope().is_some() } else { outline.known_envelope().is_some() }
        }
        // A text laid out over several lines breaks after a bracket or a comma; a broken record does not.
        Err(_) => matches!(line.last(), Some(b'{' | b'[' | b',' | b':')),
    }
}

/// Are these JSON lines after one that is something else, such as a comment? That one costs itself alone.
pub(super) fn lines_after_a_foreign_one(head: &[u8]) -> bool {
    const LINES: usize = 20;
    let lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let mut lines: Vec<&[u8]> = lines.skip(1).take(LINES).collect();
    if lines.len() > 1 && head.len() >= limits::HEAD_BYTES {
        // The head may end within a line.
        lines.pop();
    }
    let is_object =
        |line: &&&[u8]| line.starts_with(b"{") && serde_json::from_slice::<BTreeMap<String, &RawValue>>(line).is_ok();
    let objects = lines.iter().filter(is_object).count();
    objects > 0 && objects * 2 > lines.len()
}

/// The first level of an object's keys, as far as the head shows it.
#[derive(Debug, Default)]
struct Outline {
    /// Key, and the start of its value.
    fields: Vec<(String, Vec<u8>)>,
    /// Where the object ends.
    end: Option<usize>,
    /// Only blanks follow.
    is_alone: bool,
}

impl Outline {
    fn of(head: &[u8]) -> Self {
        /// Enough of a value to see what kind it is.
        const START: usize = 80;
        let mut outline = Self::default();
        let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
        let (mut key_start, mut key) = (0, None::<String>);
        for (at, byte) in head.iter().enumerate() {
            if in_text {
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' => escaped = true,
                    b'"' => {
                        in_text = false;
                        if depth == 1 && key.is_none() {
                            key = serde_json::from_slice(&head[key_start..=at]).ok();
                        }
                    }
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => {
                    in_text = true;
                    key_start = at;
                }
                b':' if depth == 1 => {
                    let value = head[at + 1..].trim_ascii_start();
                    let key = key.clone().unwrap_or_default();
                    outline.fields.push((key, value[..value.len().min(START)].to_vec()));
                }
                b',' if depth == 1 => key = None,
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 && at > 0 {
                outline.end = Some(at + 1);
                outline.is_alone = head[at + 1..].trim_ascii().is_empty();
                break;
            }
        }
        outline
    }

    fn is_record(&self) -> bool {
        self.fields.iter().any(|(key, _)| IDENTITIES.contains(&key.as_str()))
    }

    fn known_envelope(&self) -> Option<&str> {
        let known = |(key, value): &&(String, Vec<u8>)| {
            value.starts_with(b"[") && opens_envelope(key, value.get(1..).unwrap_or_default())
        };
        self.fields.iter().find(known).map(|(key, _)| key.as_str()).filter(|_| !self.is_record())
    }

    /// The key whose list holds the records: a known one, or the only list, of objects, in the only object there is.
    fn envelope(&self) -> Option<&str> {
        let lists_objects =
            |value: &[u8]| value.strip_prefix(b"[").is_some_and(|inner| inner.trim_ascii_start().starts_with(b"{"));
        self.known_envelope().or_else(|| {
            // Lists side by side belong together: columns, a trace and its scores.
            let mut lists = self.fields.iter().filter(|(_, value)| value.starts_with(b"["));
            let only = lists.next().filter(|_| lists.next().is_none());
            let only = only.filter(|(_, value)| lists_objects(value)).map(|(key, _)| key.as_str())?;
            let is_content = CONTENTS.contains(&only) || only == "documents";
            let is_page = self.fields.iter().all(|(key, _)| key == only || tells_of_a_page(key));
            let is_only_object = self.end.is_none() || self.is_alone;
            (is_only_object && is_page && !is_content && !self.is_record()).then_some(only)
        })
    }
}

/// Does a key beside an unknown list tell of an answer or a page, rather than of one record that has a list?
fn tells_of_a_page(key: &str) -> bool {
    const WORDS: &[&str] = &[
        "next",
        "prev",
        "page",
        "cursor",
        "total",
        "count",
        "limit",
        "offset",
        "size",
        "more",
        "meta",
        "link",
        "status",
        "success",
        "error",
        "version",
        "schema",
        "export",
        "generated",
        "took",
    ];
    let key = key.to_ascii_lowercase();
    WORDS.iter().any(|word| key.contains(word))
}

/// Does a list under `key` wrap records? `inner` is what follows the bracket.
fn opens_envelope(key: &str, inner: &[u8]) -> bool {
    if key != "documents" {
        return ENVELOPES.contains(&key);
    }
    let Some(object) = inner.trim_ascii_start().strip_prefix(b"{") else { return false };
    let first = object.trim_ascii_start().strip_prefix(b"\"").unwrap_or_default();
    STORED_DOCUMENT.iter().any(|key| first.strip_prefix(key.as_bytes()).is_some_and(|rest| rest.starts_with(b"\"")))
}

pub(super) fn walk(walk: &mut Walk<'_>, mut input: Text, start: u64) -> Result<ControlFlow<()>> {
    let head = input.ahead(limits::HEAD_BYTES).map_err(|error| broken(walk.path, error))?;
    let outline = Outline::of(head.trim_ascii_start());
    let envelope = outline.envelope().filter(|key| !ENVELOPES.contains(key)).map(str::to_owned);
    let mut scanner = Scanner { input, offset: start, buffer: Vec::new(), cut: false, envelope };
    let (mut lists, mut last_list) = (0, start);
    loop {
        let begin = match scanner.peek_value(walk)? {
            // Pages written one after the other are read; of lists that hold nothing at all it is said.
            None if lists > 1 && walk.record == 0 => {
                return walk.reject(last_list, "a list after another one, and no record in either", b"[]");
            }
            None => return Ok(ControlFlow::Continue(())),
            Some(b'[') => {
                (lists, last_list) = (lists + 1, scanner.offset);
                scanner.skip(1);
                let flow = scanner.list(walk)?;
                if flow != AfterValue::More {
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
            AfterValue::More => {}
            end => return Ok(end.into()),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AfterValue {
    More,
    /// The rest of the file cannot be read, and that was said.
    Lost,
    /// The visitor has seen enough.
    Enough,
}

impl From<AfterValue> for ControlFlow<()> {
    fn from(next: AfterValue) -> Self {
        match next {
            AfterValue::More | AfterValue::Lost => ControlFlow::Continue(()),
            AfterValue::Enough => ControlFlow::Break(()),
        }
    }
}

fn next(flow: ControlFlow<()>) -> AfterValue {
    if flow.is_break() { AfterValue::Enough } else { AfterValue::More }
}

struct Scanner {
    input: Text,
    offset: u64,
    /// The record being read; only its start if `cut`.
    buffer: Vec<u8>,
    cut: bool,
    /// A key that nobody knows but that wraps the records of this file.
    envelope: Option<String>,
}

impl Scanner {
    /// The first byte of the next value, without consuming it.
    fn peek_value(&mut self, walk: &Walk<'_>) -> Result<Option<u8>> {
        loop {
            let available = self.input.fill_buf().map_err(|error| broken(walk.path, error))?;
            if available.is_empty() {
                return Ok(None);
            }
            // What JSON calls blank; a form feed is not.
            let blank = available.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
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
            let available = self.input.fill_buf().map_err(|error| broken(walk.path, error))?;
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

    fn deliver(&mut self, walk: &mut Walk<'_>, begin: u64) -> Result<AfterValue> {
        if self.cut {
            return walk.too_long(begin, &self.buffer).map(next);
        }
        walk.json(begin, self.buffer.trim_ascii()).map(next)
    }

    fn lost(&mut self, walk: &mut Walk<'_>, begin: u64, reason: &str) -> Result<AfterValue> {
        let raw = std::mem::take(&mut self.buffer);
        Ok(if walk.reject(begin, reason, raw.trim_ascii())?.is_break() { AfterValue::Enough } else { AfterValue::Lost })
    }

    /// The records of a list whose opening bracket was consumed.
    fn list(&mut self, walk: &mut Walk<'_>) -> Result<AfterValue> {
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
                    return Ok(AfterValue::More);
                }
                Some(_) => {}
            }
            if !self.take_value(walk, 0)? {
                return self.lost(walk, begin, CUT_OFF);
            }
            let delivered = self.deliver(walk, begin)?;
            if delivered != AfterValue::More {
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

    /// Does the list that comes next under this key hold the records?
    fn is_envelope(&mut self, walk: &Walk<'_>, key: &str) -> Result<bool> {
        const START: usize = 80;
        if self.envelope.as_deref() == Some(key) {
            return Ok(true);
        }
        let ahead = self.input.ahead(START).map_err(|error| broken(walk.path, error))?;
        Ok(opens_envelope(key, ahead.get(1..).unwrap_or_default()))
    }

    /// An object: an envelope, whose list is walked through, or a record.
    fn object(&mut self, walk: &mut Walk<'_>, begin: u64) -> Result<AfterValue> {
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
            if first == b'[' && !is_record && self.is_envelope(walk, &key)? {
                self.buffer.push(b'[');
                self.skip(1);
                match self.peek_value(walk)? {
                    Some(b'{' | b']') => {
                        opened = true;
                        let listed = self.list(walk)?;
                        if listed != AfterValue::More {
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
        if opened { Ok(AfterValue::More) } else { self.deliver(walk, begin) }
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
