//! In how many spellings does MLflow write one value?
//!
//! An attribute of a span is JSON within text (files, data frames) or a typed value of OpenTelemetry (REST); an id is
//! hexadecimal or base64; a preview is JSON that was cut off at 1000 characters.

use serde_json::{Map, Value};

use crate::{
    formats::spans::ids::id_of_bytes,
    limits, python,
    row::{Cell, Reason, plain_text, shorten},
};

pub(super) type Object = Map<String, Value>;

/// What a cell of a data frame means: JSON, or what Python's `str()` made of a dictionary or a list, or a text.
pub(super) fn structured(cell: Cell<'_>) -> Value {
    match &cell {
        Cell::Text(text) => python::nested(text).unwrap_or_else(|| cell.to_json()),
        other => other.to_json(),
    }
}

/// The object that a value is; null is an empty one.
pub(super) fn object(value: Value, name: &str) -> Result<Object, Reason> {
    match value {
        Value::Object(object) => Ok(object),
        Value::Null => Ok(Object::new()),
        Value::String(text) if text.trim().is_empty() => Ok(Object::new()),
        // The older interface: a list of keys with values.
        Value::Array(entries) => Ok(entries.into_iter().filter_map(entry).collect()),
        other => Err(format!("{name} is no object: {}", shorten(&other.to_string()))),
    }
}

fn entry(value: Value) -> Option<(String, Value)> {
    let Value::Object(mut entry) = value else { return None };
    let Some(Value::String(key)) = entry.remove("key") else { return None };
    Some((key, entry.remove("value").unwrap_or_default()))
}

/// The list that a value is; null is an empty one.
pub(super) fn list(value: Value, name: &str) -> Result<Vec<Value>, Reason> {
    match value {
        Value::Array(list) => Ok(list),
        Value::Null => Ok(Vec::new()),
        Value::String(text) if text.trim().is_empty() => Ok(Vec::new()),
        other => Err(format!("{name} is no list: {}", shorten(&other.to_string()))),
    }
}

/// The value as a cell in which a text is exactly that text.
pub(super) fn cell(value: &Value) -> Cell<'static> {
    match value {
        Value::Null => Cell::Null,
        Value::Bool(value) => Cell::Bool(*value),
        Value::Number(number) => Cell::Number(number.to_string().into()),
        Value::String(text) => Cell::Text(text.clone().into()),
        nested => Cell::Nested(nested.to_string().into()),
    }
}

/// The text of an id, a label, a version: blank counts as missing.
pub(super) fn word(value: Option<&Value>) -> Option<String> {
    plain_text(value?).filter(|text| !text.trim().is_empty())
}

/// A whole number, whether written as a number or as text; floats only where nothing else is there.
pub(super) fn whole(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|float| float.round() as i64)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The attributes of a span with their values decoded.
pub(super) fn attributes(span: &Object) -> Object {
    match span.get("attributes") {
        Some(Value::Object(map)) => map.iter().map(|(key, value)| (key.clone(), encoded(value))).collect(),
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(|entry| Some((entry.get("key")?.as_str()?.to_owned(), typed(entry.get("value")?))))
            .collect(),
        _ => Object::new(),
    }
}

/// JSON within text; what was not encoded stays a text.
fn encoded(value: &Value) -> Value {
    match value {
        Value::String(text) => serde_json::from_str(text).unwrap_or_else(|_| value.clone()),
        other => other.clone(),
    }
}

/// A typed value as OpenTelemetry writes it. The parser has limited the nesting, so this ends.
fn typed(value: &Value) -> Value {
    let Some(object) = value.as_object() else { return value.clone() };
    let field = |snake: &str, camel: &str| object.get(snake).or_else(|| object.get(camel));
    if let Some(text) = field("string_value", "stringValue").or_else(|| field("bool_value", "boolValue")) {
        return text.clone();
    }
    if let Some(number) = field("int_value", "intValue").or_else(|| field("double_value", "doubleValue")) {
        // 64-bit integers are texts where a tool follows the specification.
        return encoded(number);
    }
    let values = |inner: &Value| inner.get("values").and_then(Value::as_array).cloned().unwrap_or_default();
    if let Some(inner) = field("kvlist_value", "kvlistValue") {
        let pairs = values(inner);
        return pairs
            .iter()
            .filter_map(|pair| Some((pair.get("key")?.as_str()?.to_owned(), typed(pair.get("value")?))))
            .collect();
    }
    if let Some(inner) = field("array_value", "arrayValue") {
        return values(inner).iter().map(typed).collect();
    }
    Value::Null
}

/// The id as assessments write it, in hexadecimal: spans write the same bytes in base64.
pub(super) fn hexadecimal(id: &str) -> String {
    [8, 16].into_iter().find_map(|bytes| id_of_bytes(id, bytes)).unwrap_or_else(|| id.to_owned())
}

/// What a preview shows: JSON, JSON that was cut off somewhere, or a text.
pub(super) fn preview(text: &str) -> Value {
    if !text.trim_start().starts_with(['{', '[', '"']) {
        return Value::String(text.to_owned());
    }
    serde_json::from_str(text).ok().or_else(|| mended(text)).unwrap_or_else(|| Value::String(text.to_owned()))
}

/// JSON that ends too early, with what it left open closed again. The text within keeps the tool's own `...`.
fn mended(text: &str) -> Option<Value> {
    const DOTS: &str = "...";
    let (body, dots) = text.strip_suffix(DOTS).map_or((text, ""), |body| (body, DOTS));
    let (mut open, mut in_text) = (String::new(), false);
    // Where an escape begins that has not ended, and how many of its bytes are missing.
    let (mut escape, mut missing) = (0, 0);
    for (place, byte) in body.bytes().enumerate() {
        match byte {
            // \u needs four digits more; the cut may fall between them.
            b'u' if missing == 1 && escape + 1 == place => missing = 4,
            _ if missing > 0 => missing -= 1,
            b'\\' if in_text => (escape, missing) = (place, 1),
            b'"' => in_text = !in_text,
            b'{' if !in_text => open.insert(0, '}'),
            b'[' if !in_text => open.insert(0, ']'),
            b'}' | b']' if !in_text && !open.is_empty() => drop(open.remove(0)),
            _ => {}
        }
        // Deeper than the parser would follow.
        if open.len() > limits::NESTING {
            return None;
        }
    }
    let body = body.get(..if missing > 0 { escape } else { body.len() })?;
    // Within a text: a value, or a key. Outside: after a value, before one, after a key, before one.
    let ends: &[&str] = if in_text { &["\"", "\": null"] } else { &["", "null", ": null", "\"\": null"] };
    let dots = if in_text { dots } else { "" };
    ends.iter().find_map(|end| serde_json::from_str(&format!("{body}{dots}{end}{open}")).ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_of_spans_are_those_of_assessments() {
        assert_eq!(hexadecimal("kIV5REZ/KZ4="), "90857944467f299e");
        assert_eq!(hexadecimal("90857944467F299E"), "90857944467f299e");
        assert_eq!(hexadecimal("0x90857944467f299e"), "90857944467f299e");
        assert_eq!(hexadecimal("2NY7lXDtqttpTTQO78LAMg=="), "d8d63b9570edaadb694d340eefc2c032");
        for other in ["", "my span", "é", "===", "YWJj"] {
            assert_eq!(hexadecimal(other), other);
        }
    }

    #[test]
    fn a_preview_is_read_wherever_it_was_cut() {
        let whole = r#"{"question": "a \"b\" \u00e9\\ 日本 {[", "n": [1, {"m": "c"}]}"#;
        for (cut, _) in whole.char_indices().skip(16) {
            let cut = format!("{}...", &whole[..cut]);
            if let Value::Object(object) = preview(&cut) {
                let text = object["question"].as_str().unwrap();
                assert!(text.starts_with('a') && !text.contains("question"), "{cut} -> {text}");
            }
        }
        assert_eq!(preview(r#"{"question": "Why is it..."#), json!({"question": "Why is it..."}));
        assert_eq!(preview(r#"{"question": "Why\..."#), json!({"question": "Why..."}));
        assert_eq!(preview("plain {text"), json!("plain {text"));
        assert_eq!(preview("{not json"), json!("{not json"));
        assert_eq!(preview("\"\""), json!(""));
    }

    #[test]
    fn typed_values_are_those_of_the_files() {
        let value = json!({"kvlist_value": {"values": [
            {"key": "a", "value": {"string_value": "{\"not\": \"decoded\"}"}},
            {"key": "b", "value": {"array_value": {"values": [{"int_value": "9007199254740993"}, {"bool_value": true}, {}]}}},
            {"key": "c", "value": {"kvlist_value": {}}},
        ]}});
        let expected = json!({"a": "{\"not\": \"decoded\"}", "b": [9_007_199_254_740_993_i64, true, null], "c": {}});
        assert_eq!(typed(&value), expected);
    }
}
