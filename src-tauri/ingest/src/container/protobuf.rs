//! Binary OTLP, message by message: what exporters and collectors send, written to a file as it is.
//!
//! An ExportTraceServiceRequest is nothing but its resource spans one after the other (and so are several requests
//! written one after the other). Each span becomes a record that looks like a line of OTLP/JSON; so does each log
//! record of an ExportLogsServiceRequest.
//! Fields are those of opentelemetry-proto, `trace/v1/trace.proto`, `logs/v1/logs.proto`, `common/v1/common.proto`.

use std::{
    cell::Cell,
    io::{BufRead, Read},
    ops::ControlFlow,
};

use serde_json::{Map, Value, json};

use super::Walk;
use crate::{error::Result, files, limits};

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
    let rest = bytes.strip_prefix(&[tag])?;
    let mut fields = Fields { rest };
    let length = usize::try_from(fields.varint()?).ok()?;
    Some((length, fields.rest))
}

pub(super) fn walk(walk: &mut Walk<'_>, mut input: Box<dyn BufRead>, start: u64) -> Result<ControlFlow<()>> {
    const CUT_OFF: &str = "the file ends within this message: it was cut off";
    let mut begin = start;
    let mut message = Vec::new();
    loop {
        let mut head = Vec::with_capacity(11);
        while head.len() < 11 && (head.len() < 2 || head.last().is_some_and(|byte| byte & 0x80 != 0)) {
            let broken = |error| files::broken(walk.path, error);
            let Some(byte) = input.fill_buf().map_err(broken)?.first().copied() else { break };
            input.consume(1);
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
        message.clear();
        let read = input.by_ref().take(length as u64).read_to_end(&mut message);
        read.map_err(|error| files::broken(walk.path, error))?;
        if message.len() < length {
            return walk.reject(begin, CUT_OFF, &message);
        }
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

/// A field's value as it stands on the wire.
enum Wire<'b> {
    Varint(u64),
    Fixed(u64),
    Bytes(&'b [u8]),
}

impl<'b> Wire<'b> {
    fn bytes(self) -> Option<&'b [u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    fn text(self) -> Option<Value> {
        self.bytes().map(|bytes| Value::String(String::from_utf8_lossy(bytes).into_owned()))
    }

    fn hexadecimal(self) -> Option<Value> {
        self.bytes().map(|bytes| Value::String(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    fn number(self) -> Option<u64> {
        match self {
            Self::Varint(value) | Self::Fixed(value) => Some(value),
            Self::Bytes(_) => None,
        }
    }

    /// Nanoseconds, as text like all 64-bit numbers of OTLP/JSON.
    fn nanoseconds(self) -> Option<Value> {
        self.number().map(|value| Value::String(value.to_string()))
    }
}

#[derive(Clone, Copy)]
struct Fields<'b> {
    rest: &'b [u8],
}

impl<'b> Fields<'b> {
    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for place in 0..10 {
            let (byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            value |= u64::from(byte & 0x7f).checked_shl(7 * place)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    /// The next field; `None` at the end, an error where the bytes are no fields.
    fn next(&mut self) -> Option<std::result::Result<(u64, Wire<'b>), ()>> {
        if self.rest.is_empty() {
            return None;
        }
        Some(self.field().ok_or(()))
    }

    fn field(&mut self) -> Option<(u64, Wire<'b>)> {
        let tag = self.varint()?;
        let fixed = |bytes: &[u8]| bytes.iter().rev().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        let wire = match tag & 7 {
            0 => Wire::Varint(self.varint()?),
            1 => Wire::Fixed(fixed(self.take(8)?)),
            2 => {
                let length = usize::try_from(self.varint()?).ok()?;
                Wire::Bytes(self.take(length)?)
            }
            5 => Wire::Fixed(fixed(self.take(4)?)),
            _ => return None,
        };
        Some((tag >> 3, wire))
    }
}

/// Walks through the fields of a message; `None` where it is none.
fn each(bytes: &[u8], mut field: impl FnMut(u64, Wire<'_>) -> Option<()>) -> Option<()> {
    let mut fields = Fields { rest: bytes };
    while let Some(next) = fields.next() {
        let (number, wire) = next.ok()?;
        field(number, wire)?;
    }
    Some(())
}

/// Hands on every span or log record of a resource; `None` where this is no such message.
fn records(bytes: &[u8], walk: &mut Walk<'_>, begin: u64) -> Result<Option<ControlFlow<()>>> {
    let Some(resource) = resource(bytes) else { return Ok(None) };
    let mut scopes = Fields { rest: bytes };
    while let Some(Ok(field)) = scopes.next() {
        let (2, Wire::Bytes(scope)) = field else { continue };
        let mut items = Fields { rest: scope };
        while let Some(Ok(field)) = items.next() {
            let (2, Wire::Bytes(item)) = field else { continue };
            let flow = record(item, &resource, walk, begin)?;
            if flow.is_break() {
                return Ok(Some(flow));
            }
        }
    }
    Ok(Some(ControlFlow::Continue(())))
}

fn record(item: &[u8], resource: &Value, walk: &mut Walk<'_>, begin: u64) -> Result<ControlFlow<()>> {
    let left = Cell::new(VALUES);
    let log = is_log(item).unwrap_or(false);
    let (top, scope, list) =
        if log { ("resourceLogs", "scopeLogs", "logRecords") } else { ("resourceSpans", "scopeSpans", "spans") };
    match if log { log_record(item, &left) } else { span(item, &left) } {
        Some(record) => {
            let record = json!({ top: [{ "resource": resource, scope: [{ list: [record] }] }] });
            walk.json(begin, record.to_string().as_bytes())
        }
        None if left.get() == 0 => walk.reject(begin, format!("it holds more than {VALUES} values"), item),
        None => walk.reject(begin, "this is no span or log record that can be read", item),
    }
}

/// Attributes and elements of lists in one record. An empty one is two bytes in the file and a thousand times that
/// in memory.
const VALUES: usize = 100_000;

/// The resource of a message all of which is well-formed down to the spans.
fn resource(bytes: &[u8]) -> Option<Value> {
    let left = Cell::new(VALUES);
    let mut attributes = Vec::new();
    each(bytes, |number, wire| match number {
        1 => each(wire.bytes()?, |number, wire| {
            if number == 1 {
                attributes.push(key_value(wire.bytes()?, 0, &left)?);
            }
            Some(())
        }),
        2 => each(wire.bytes()?, |_, _| Some(())),
        _ => Some(()),
    })?;
    Some(json!({ "attributes": attributes }))
}

fn is_log(bytes: &[u8]) -> Option<bool> {
    let mut log = false;
    each(bytes, |number, wire| {
        // Times and severities stand where a span has its ids, and an id where it has attributes.
        log |= match (number, wire) {
            (1, Wire::Fixed(_)) | (2, Wire::Varint(_)) => true,
            (9, Wire::Bytes(bytes)) => bytes.len() == 16 && !bytes.starts_with(&[0x0a]),
            (11, Wire::Fixed(_)) => true,
            _ => false,
        };
        Some(())
    })?;
    Some(log)
}

fn span(bytes: &[u8], left: &Cell<usize>) -> Option<Value> {
    let (mut span, mut attributes, mut events) = (Map::new(), Vec::new(), Vec::new());
    each(bytes, |number, wire| {
        let (key, value) = match number {
            1 => ("traceId", wire.hexadecimal()?),
            2 => ("spanId", wire.hexadecimal()?),
            4 => ("parentSpanId", wire.hexadecimal()?),
            5 => ("name", wire.text()?),
            6 => ("kind", wire.number()?.into()),
            7 => ("startTimeUnixNano", wire.nanoseconds()?),
            8 => ("endTimeUnixNano", wire.nanoseconds()?),
            9 => {
                attributes.push(key_value(wire.bytes()?, 0, left)?);
                return Some(());
            }
            11 => {
                events.push(event(wire.bytes()?, left)?);
                return Some(());
            }
            15 => ("status", status(wire.bytes()?)?),
            _ => return Some(()),
        };
        span.insert(key.to_owned(), value);
        Some(())
    })?;
    span.insert("attributes".to_owned(), Value::Array(attributes));
    span.insert("events".to_owned(), Value::Array(events));
    Some(Value::Object(span))
}

fn event(bytes: &[u8], left: &Cell<usize>) -> Option<Value> {
    left.set(left.get().checked_sub(1)?);
    let (mut event, mut attributes) = (Map::new(), Vec::new());
    each(bytes, |number, wire| {
        match number {
            1 => drop(event.insert("timeUnixNano".to_owned(), wire.nanoseconds()?)),
            2 => drop(event.insert("name".to_owned(), wire.text()?)),
            3 => attributes.push(key_value(wire.bytes()?, 0, left)?),
            _ => {}
        }
        Some(())
    })?;
    event.insert("attributes".to_owned(), Value::Array(attributes));
    Some(Value::Object(event))
}

fn status(bytes: &[u8]) -> Option<Value> {
    let mut status = Map::new();
    each(bytes, |number, wire| {
        match number {
            2 => drop(status.insert("message".to_owned(), wire.text()?)),
            3 => drop(status.insert("code".to_owned(), wire.number()?.into())),
            _ => {}
        }
        Some(())
    })?;
    Some(Value::Object(status))
}

fn log_record(bytes: &[u8], left: &Cell<usize>) -> Option<Value> {
    let (mut record, mut attributes) = (Map::new(), Vec::new());
    each(bytes, |number, wire| {
        let (key, value) = match number {
            1 => ("timeUnixNano", wire.nanoseconds()?),
            2 => ("severityNumber", wire.number()?.into()),
            3 => ("severityText", wire.text()?),
            5 => ("body", any_value(wire.bytes()?, 0, left)?),
            6 => {
                attributes.push(key_value(wire.bytes()?, 0, left)?);
                return Some(());
            }
            9 => ("traceId", wire.hexadecimal()?),
            10 => ("spanId", wire.hexadecimal()?),
            11 => ("observedTimeUnixNano", wire.nanoseconds()?),
            12 => ("eventName", wire.text()?),
            _ => return Some(()),
        };
        record.insert(key.to_owned(), value);
        Some(())
    })?;
    record.insert("attributes".to_owned(), Value::Array(attributes));
    Some(Value::Object(record))
}

fn key_value(bytes: &[u8], depth: usize, left: &Cell<usize>) -> Option<Value> {
    left.set(left.get().checked_sub(1)?);
    let (mut key, mut value) = (Value::String(String::new()), json!({}));
    each(bytes, |number, wire| {
        match number {
            1 => key = wire.text()?,
            2 => value = any_value(wire.bytes()?, depth + 1, left)?,
            _ => {}
        }
        Some(())
    })?;
    Some(json!({ "key": key, "value": value }))
}

fn any_value(bytes: &[u8], depth: usize, left: &Cell<usize>) -> Option<Value> {
    // Each level is two of JSON, and the message itself has some.
    if depth > limits::NESTING / 4 {
        return None;
    }
    left.set(left.get().checked_sub(1)?);
    let mut value = json!({});
    each(bytes, |number, wire| {
        value = match number {
            1 => json!({ "stringValue": wire.text()? }),
            2 => json!({ "boolValue": wire.number()? != 0 }),
            3 => json!({ "intValue": wire.number()?.cast_signed() }),
            4 => json!({ "doubleValue": f64::from_bits(wire.number()?) }),
            5 | 6 => {
                let mut values = Vec::new();
                each(wire.bytes()?, |inner, wire| {
                    if inner == 1 {
                        let bytes = wire.bytes()?;
                        values.push(if number == 5 {
                            any_value(bytes, depth + 1, left)?
                        } else {
                            key_value(bytes, depth + 1, left)?
                        });
                    }
                    Some(())
                })?;
                let kind = if number == 5 { "arrayValue" } else { "kvlistValue" };
                json!({ kind: { "values": values } })
            }
            7 => json!({ "bytesValue": wire.hexadecimal()? }),
            _ => return Some(()),
        };
        Some(())
    })?;
    Some(value)
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
            assert_eq!(resource(bytes), None, "{bytes:?}");
        }
        let mut deep = message(0x0a, b"x");
        for _ in 0..40 {
            deep = message(0x2a, &message(0x0a, &deep[..deep.len().min(100)]));
        }
        assert_eq!(span(&[0x4a, 0x00].repeat(VALUES + 1), &Cell::new(VALUES)), None, "too many values");
        assert_eq!(any_value(&deep, limits::NESTING, &Cell::new(9)), None);
    }
}
