//! Binary OTLP, message by message: what exporters and collectors send, written to a file as it is.
//!
//! An ExportTraceServiceRequest is nothing but its resource spans one after the other (and so are several requests
//! written one after the other). Each span becomes a record that looks like a line of OTLP/JSON; so does each log
//! record of an ExportLogsServiceRequest. Messages are decoded by `prost`, from a buffer that ends after so many steps:
//! an empty attribute is two bytes in the file and a thousand times that in memory.
//!
//! Fields are those of opentelemetry-proto, `trace/v1/trace.proto`, `logs/v1/logs.proto`, `common/v1/common.proto`. Texts
//! are declared as bytes, so that one that is no UTF-8 costs its letters and not the record.

use std::{
    io::{BufRead, Read},
    ops::ControlFlow,
};

use prost::{
    Message, Oneof,
    bytes::{Buf, Bytes},
};
use serde_json::{Map, Value, json};

use super::walk::Walk;
use crate::{input, limits};
use hearback_domain::error::Result;

/// Field 1 of the request, with a length: resource spans or resource logs.
const RESOURCE: u8 = 0x0a;

/// Does a file that begins so hold binary OTLP? The first message must open a resource whose first attribute has a
/// name, or a scope.
pub(super) fn begins(head: &[u8]) -> bool {
    let inside = |bytes: &[u8]| -> Option<bool> {
        let (outer, rest) = opened(bytes, RESOURCE)?;
        let within = rest.get(..rest.len().min(outer))?;
        let Some((resource, attributes)) = opened(within, 0x0a) else {
            return opened(within, 0x12).map(|(length, _)| length < outer);
        };
        if resource >= outer {
            return None;
        }
        if resource == 0 {
            return opened(attributes, 0x12).map(|(length, _)| length < outer);
        }
        let (_, attribute) = opened(attributes, 0x0a)?;
        let (length, key) = opened(attribute, 0x0a)?;
        let key = key.get(..length)?;
        Some(!key.is_empty() && key.iter().all(|byte| byte.is_ascii_graphic()))
    };
    inside(head).unwrap_or(false)
}

/// The length that stands behind `tag`, and what follows.
fn opened(bytes: &[u8], tag: u8) -> Option<(usize, &[u8])> {
    let mut rest = bytes.strip_prefix(&[tag])?;
    let length = prost::decode_length_delimiter(&mut rest).ok()?;
    Some((length, rest))
}

pub(super) fn walk(walk: &mut Walk<'_>, mut bytes: Box<dyn BufRead>, start: u64) -> Result<ControlFlow<()>> {
    const CUT_OFF: &str = "the file ends within this message: it was cut off";
    let mut begin = start;
    loop {
        let mut head = Vec::with_capacity(11);
        while head.len() < 11 && (head.len() < 2 || head.last().is_some_and(|byte| byte & 0x80 != 0)) {
            let broken = |error| input::broken(walk.path, error);
            let Some(byte) = bytes.fill_buf().map_err(broken)?.first().copied() else { break };
            bytes.consume(1);
            head.push(byte);
        }
        if head.is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        let Some((length, [])) = opened(&head, RESOURCE) else {
            return walk.reject(begin, "this is no OTLP message, and what follows cannot be told apart", &head);
        };
        if length > limits::RECORD_BYTES {
            return walk.too_long(begin, &head);
        }
        let mut message = Vec::new();
        let read = bytes.by_ref().take(length as u64).read_to_end(&mut message);
        read.map_err(|error| input::broken(walk.path, error))?;
        if message.len() < length {
            return walk.reject(begin, CUT_OFF, &message);
        }
        let message = Bytes::from(message);
        let flow = match records(&message, walk, begin)? {
            Some(flow) => flow,
            None => walk.reject(begin, "this is no OTLP message that can be read", &message)?,
        };
        if flow.is_break() {
            return Ok(flow);
        }
        begin += (head.len() + length) as u64;
    }
}

/// A list of spans or log records with what they come from, each still as it stands on the wire.
#[derive(Clone, PartialEq, Message)]
struct OfResource {
    #[prost(message, optional, tag = "1")]
    resource: Option<Resource>,
    #[prost(bytes = "bytes", repeated, tag = "2")]
    scopes: Vec<Bytes>,
}

#[derive(Clone, PartialEq, Message)]
struct Resource {
    #[prost(message, repeated, tag = "1")]
    attributes: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct OfScope {
    #[prost(bytes = "bytes", repeated, tag = "2")]
    items: Vec<Bytes>,
}

#[derive(Clone, PartialEq, Message)]
struct Span {
    #[prost(bytes = "vec", optional, tag = "1")]
    trace_id: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "2")]
    span_id: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "4")]
    parent_span_id: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "5")]
    name: Option<Vec<u8>>,
    #[prost(uint64, optional, tag = "6")]
    kind: Option<u64>,
    #[prost(fixed64, optional, tag = "7")]
    start: Option<u64>,
    #[prost(fixed64, optional, tag = "8")]
    end: Option<u64>,
    #[prost(message, repeated, tag = "9")]
    attributes: Vec<KeyValue>,
    #[prost(message, repeated, tag = "11")]
    events: Vec<Event>,
    #[prost(message, optional, tag = "15")]
    status: Option<Status>,
}

#[derive(Clone, PartialEq, Message)]
struct Event {
    #[prost(fixed64, optional, tag = "1")]
    time: Option<u64>,
    #[prost(bytes = "vec", optional, tag = "2")]
    name: Option<Vec<u8>>,
    #[prost(message, repeated, tag = "3")]
    attributes: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct Status {
    #[prost(bytes = "vec", optional, tag = "2")]
    message: Option<Vec<u8>>,
    #[prost(uint64, optional, tag = "3")]
    code: Option<u64>,
}

#[derive(Clone, PartialEq, Message)]
struct LogRecord {
    #[prost(fixed64, optional, tag = "1")]
    time: Option<u64>,
    #[prost(uint64, optional, tag = "2")]
    severity_number: Option<u64>,
    #[prost(bytes = "vec", optional, tag = "3")]
    severity_text: Option<Vec<u8>>,
    #[prost(message, optional, tag = "5")]
    body: Option<AnyValue>,
    #[prost(message, repeated, tag = "6")]
    attributes: Vec<KeyValue>,
    #[prost(bytes = "vec", optional, tag = "9")]
    trace_id: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "10")]
    span_id: Option<Vec<u8>>,
    #[prost(fixed64, optional, tag = "11")]
    observed: Option<u64>,
    #[prost(bytes = "vec", optional, tag = "12")]
    event_name: Option<Vec<u8>>,
}

#[derive(Clone, PartialEq, Message)]
struct KeyValue {
    #[prost(bytes = "vec", tag = "1")]
    key: Vec<u8>,
    #[prost(message, optional, tag = "2")]
    value: Option<AnyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct AnyValue {
    #[prost(oneof = "AnyKind", tags = "1, 2, 3, 4, 5, 6, 7")]
    kind: Option<AnyKind>,
}

#[derive(Clone, PartialEq, Oneof)]
enum AnyKind {
    #[prost(bytes = "vec", tag = "1")]
    Text(Vec<u8>),
    #[prost(bool, tag = "2")]
    Bool(bool),
    #[prost(int64, tag = "3")]
    Integer(i64),
    #[prost(double, tag = "4")]
    Number(f64),
    #[prost(message, tag = "5")]
    Array(ArrayValue),
    #[prost(message, tag = "6")]
    Fields(KeyValueList),
    #[prost(bytes = "vec", tag = "7")]
    Bytes(Vec<u8>),
}

#[derive(Clone, PartialEq, Message)]
struct ArrayValue {
    #[prost(message, repeated, tag = "1")]
    values: Vec<AnyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct KeyValueList {
    #[prost(message, repeated, tag = "1")]
    values: Vec<KeyValue>,
}

/// Bytes of which only so many stretches are handed out: a field takes two or three.
struct Metered {
    rest: Bytes,
    steps: usize,
}

impl Metered {
    fn step(&mut self) {
        self.steps = self.steps.saturating_sub(1);
        if self.steps == 0 {
            self.rest.clear();
        }
    }
}

impl Buf for Metered {
    fn remaining(&self) -> usize {
        self.rest.len()
    }

    fn chunk(&self) -> &[u8] {
        &self.rest
    }

    fn advance(&mut self, count: usize) {
        self.rest.advance(count.min(self.rest.len()));
        self.step();
    }

    // The provided one panics where nothing is left, and here that may come sooner than a caller thinks.
    fn get_u8(&mut self) -> u8 {
        let first = self.rest.first().copied().unwrap_or_default();
        self.advance(1);
        first
    }

    fn copy_to_bytes(&mut self, count: usize) -> Bytes {
        let taken = self.rest.split_to(count.min(self.rest.len()));
        self.step();
        taken
    }
}

/// Why a message is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unread {
    Broken,
    TooManyFields,
}

/// At most `fields` fields, those of messages within counted as well.
fn decoded<M: Message + Default>(bytes: &Bytes, fields: usize) -> std::result::Result<M, Unread> {
    const STEPS: usize = 3;
    let mut metered = Metered { rest: bytes.clone(), steps: fields.saturating_mul(STEPS).saturating_add(1) };
    let mut message = M::default();
    let merged = message.merge(&mut metered);
    // What ran out of steps may look like a message that ended.
    match merged {
        _ if metered.steps == 0 => Err(Unread::TooManyFields),
        Ok(()) => Ok(message),
        Err(_) => Err(Unread::Broken),
    }
}

/// Fields of one record.
const FIELDS: usize = 200_000;
/// The fewest bytes that a span or a log record has: its ids or times.
const LEAST: usize = 16;

/// The resource of a message, and the spans or log records that come from it; `None` where this is no such message.
fn opened_resource(message: &Bytes) -> Option<(Value, Vec<OfScope>)> {
    let fields = |bytes: &Bytes| FIELDS + bytes.len() / LEAST;
    let OfResource { resource, scopes } = decoded(message, fields(message)).ok()?;
    let scopes: Option<Vec<OfScope>> = scopes.iter().map(|scope| decoded(scope, fields(scope)).ok()).collect();
    let attributes = attributes(&resource.unwrap_or_default().attributes, 0)?;
    Some((json!({ "attributes": attributes }), scopes?))
}

/// Hands on every span or log record of a resource; `None` where this is no such message.
fn records(message: &Bytes, walk: &mut Walk<'_>, begin: u64) -> Result<Option<ControlFlow<()>>> {
    let Some((resource, scopes)) = opened_resource(message) else { return Ok(None) };
    for item in scopes.iter().flat_map(|scope| &scope.items) {
        let flow = record(item, &resource, walk, begin)?;
        if flow.is_break() {
            return Ok(Some(flow));
        }
    }
    Ok(Some(ControlFlow::Continue(())))
}

fn record(item: &Bytes, resource: &Value, walk: &mut Walk<'_>, begin: u64) -> Result<ControlFlow<()>> {
    let log = decoded::<LogRecord>(item, FIELDS).ok().filter(LogRecord::is_telling);
    let record = match log {
        Some(log) => log.to_json().map(|log| ("resourceLogs", "scopeLogs", "logRecords", log)).ok_or(Unread::Broken),
        None => decoded::<Span>(item, FIELDS).and_then(|span| {
            span.to_json().map(|span| ("resourceSpans", "scopeSpans", "spans", span)).ok_or(Unread::Broken)
        }),
    };
    match record {
        Ok((top, scope, list, record)) => {
            let record = json!({ top: [{ "resource": resource, scope: [{ list: [record] }] }] });
            walk.json(begin, record.to_string().as_bytes())
        }
        Err(Unread::TooManyFields) => walk.reject(begin, format!("it holds more than {FIELDS} fields"), item),
        Err(Unread::Broken) => walk.reject(begin, "this is no span or log record that can be read", item),
    }
}

/// The fields that the wire has, by their names in OTLP/JSON.
struct Fields(Map<String, Value>);

impl Fields {
    fn new() -> Self {
        Self(Map::new())
    }

    fn with(mut self, name: &str, value: Option<Value>) -> Self {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value);
        }
        self
    }

    fn text(self, name: &str, bytes: Option<&Vec<u8>>) -> Self {
        self.with(name, bytes.map(|bytes| text(bytes)))
    }

    fn hexadecimal(self, name: &str, bytes: Option<&Vec<u8>>) -> Self {
        self.with(name, bytes.map(|bytes| hexadecimal(bytes)))
    }

    /// Nanoseconds, as text like all 64-bit numbers of OTLP/JSON.
    fn nanoseconds(self, name: &str, moment: Option<u64>) -> Self {
        self.with(name, moment.map(|moment| Value::String(moment.to_string())))
    }

    fn end(self) -> Value {
        Value::Object(self.0)
    }
}

fn text(bytes: &[u8]) -> Value {
    Value::String(String::from_utf8_lossy(bytes).into_owned())
}

fn hexadecimal(bytes: &[u8]) -> Value {
    Value::String(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

impl Span {
    /// `None` where values are nested too deep.
    fn to_json(&self) -> Option<Value> {
        let event = |event: &Event| {
            let fields = Fields::new().nanoseconds("timeUnixNano", event.time).text("name", event.name.as_ref());
            Some(fields.with("attributes", Some(attributes(&event.attributes, 0)?)).end())
        };
        let status = self.status.as_ref().map(|status| {
            Fields::new().text("message", status.message.as_ref()).with("code", status.code.map(Value::from)).end()
        });
        Some(
            Fields::new()
                .hexadecimal("traceId", self.trace_id.as_ref())
                .hexadecimal("spanId", self.span_id.as_ref())
                .hexadecimal("parentSpanId", self.parent_span_id.as_ref())
                .text("name", self.name.as_ref())
                .with("kind", self.kind.map(Value::from))
                .nanoseconds("startTimeUnixNano", self.start)
                .nanoseconds("endTimeUnixNano", self.end)
                .with("attributes", Some(attributes(&self.attributes, 0)?))
                .with("events", Some(self.events.iter().map(event).collect::<Option<_>>()?))
                .with("status", status)
                .end(),
        )
    }
}

impl LogRecord {
    /// Times and severities stand where a span has its ids, and an id where it has attributes.
    fn is_telling(&self) -> bool {
        let has_id = self.trace_id.as_ref().is_some_and(|id| id.len() == 16 && !id.starts_with(&[0x0a]));
        self.time.is_some() || self.severity_number.is_some() || self.observed.is_some() || has_id
    }

    /// `None` where values are nested too deep.
    fn to_json(&self) -> Option<Value> {
        let body = match &self.body {
            Some(body) => Some(body.to_json(0)?),
            None => None,
        };
        Some(
            Fields::new()
                .nanoseconds("timeUnixNano", self.time)
                .with("severityNumber", self.severity_number.map(Value::from))
                .text("severityText", self.severity_text.as_ref())
                .with("body", body)
                .with("attributes", Some(attributes(&self.attributes, 0)?))
                .hexadecimal("traceId", self.trace_id.as_ref())
                .hexadecimal("spanId", self.span_id.as_ref())
                .nanoseconds("observedTimeUnixNano", self.observed)
                .text("eventName", self.event_name.as_ref())
                .end(),
        )
    }
}

fn attributes(list: &[KeyValue], depth: usize) -> Option<Value> {
    let entry = |entry: &KeyValue| {
        let value = entry.value.as_ref().map_or(Some(json!({})), |value| value.to_json(depth + 1))?;
        Some(json!({ "key": text(&entry.key), "value": value }))
    };
    list.iter().map(entry).collect()
}

impl AnyValue {
    fn to_json(&self, depth: usize) -> Option<Value> {
        // Each level is two of JSON, and the message itself has some.
        if depth > limits::NESTING / 4 {
            return None;
        }
        Some(match &self.kind {
            None => json!({}),
            Some(AnyKind::Text(bytes)) => json!({ "stringValue": text(bytes) }),
            Some(AnyKind::Bool(value)) => json!({ "boolValue": value }),
            Some(AnyKind::Integer(value)) => json!({ "intValue": value }),
            Some(AnyKind::Number(value)) => json!({ "doubleValue": value }),
            Some(AnyKind::Array(list)) => {
                let values = list.values.iter().map(|value| value.to_json(depth + 1)).collect::<Option<Value>>()?;
                json!({ "arrayValue": { "values": values } })
            }
            Some(AnyKind::Fields(list)) => json!({ "kvlistValue": { "values": attributes(&list.values, depth + 1)? } }),
            Some(AnyKind::Bytes(bytes)) => json!({ "bytesValue": hexadecimal(bytes) }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(tag: u8, inner: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(inner.len()).unwrap()], inner].concat()
    }

    #[test]
    fn a_text_that_begins_with_an_empty_line_is_none() {
        let resource = message(0x0a, &message(0x0a, &message(0x0a, b"service.name")));
        assert!(begins(&message(0x0a, &[resource.clone(), message(0x12, b"")].concat())));
        assert!(begins(&message(0x0a, &message(0x12, b"")).repeat(2)));
        for text in [
            "\n",
            "\n\n\n\n\n\n\n\n\n\n\n\n\n\n",
            "\n{\"a\":1}",
            "\n\u{12}\u{2}ab",
            "",
            "\na,b\n1,2\n",
            "\n\n\u{c}\u{b}\u{a}",
        ] {
            assert!(!begins(text.as_bytes()), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_message_is_none() {
        for bytes in [
            &b"\xff"[..],
            b"\x0a\x7f",
            b"\x12\x02\x12\x05",
            b"\x0b\x00",
            b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80",
        ] {
            assert_eq!(opened_resource(&Bytes::from(bytes)), None, "{bytes:?}");
        }
        let mut deep = message(0x0a, b"x");
        for _ in 0..40 {
            deep = message(0x2a, &message(0x0a, &deep[..deep.len().min(100)]));
        }
        let value = AnyValue { kind: Some(AnyKind::Array(ArrayValue { values: vec![AnyValue { kind: None }] })) };
        assert_eq!(value.to_json(limits::NESTING / 4), None, "too deep");
        assert!(decoded::<AnyValue>(&Bytes::from(deep), FIELDS).map_or(true, |value| value.to_json(0).is_none()));
    }

    #[test]
    fn fields_are_counted_before_they_are_held() {
        let empty = |count: usize| Bytes::from([0x4a, 0x00].repeat(count));
        assert_eq!(decoded::<Span>(&empty(1000), 1000).map(|span| span.attributes.len()), Ok(1000));
        assert_eq!(decoded::<Span>(&empty(1001), 600).err(), Some(Unread::TooManyFields));
        // Where steps run out within a number of several bytes, within a text, at the end of a message.
        let long = [0x4a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80];
        for bytes in [&long[..], &[0x0a, 0x02, b'a', b'b'].repeat(9), &message(0x4a, &message(0x0a, b"k")).repeat(9)] {
            for fields in 0..9 {
                assert!(decoded::<Span>(&Bytes::copy_from_slice(bytes), fields).is_err(), "{bytes:?} {fields}");
            }
        }
    }
}
