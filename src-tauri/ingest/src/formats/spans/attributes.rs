//! What does a span say about itself, however deep the file nests it?
//!
//! The same attribute comes as `llm.input_messages.0.message.role` (REST), as a list of objects with the key
//! `message.role` (data frames), as an OTLP list of keys and typed values, as JSON within a text. [`Attributes`] are
//! flat: dotted keys with list indexes, values that are texts, numbers, truth values, or lists of these.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value, value::RawValue};

use crate::{
    row::{Cell, plain_text},
    time,
};
use hearback_domain::{Timestamp, record::Metadata};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes(BTreeMap<String, Value>);

/// Lists of messages and documents of the GenAI conventions: one value each, whether written as JSON text or not.
const WHOLE: &[&str] = &[
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.system_instructions",
    "gen_ai.retrieval.documents",
    "gen_ai.tool.definitions",
];

/// A longer path is not taken apart further: with many values below it, it would be written out for each of them.
const PATH: usize = 1000;

impl Attributes {
    /// From a JSON object, or from an OTLP list of keys and typed values; anything else has none.
    pub fn from_cell(cell: &Cell<'_>) -> Result<Self, String> {
        let Some(text) = cell.as_str().filter(|text| text.trim_start().starts_with(['{', '['])) else {
            return Ok(Self::default());
        };
        let invalid = |error| format!("attributes are not valid JSON: {error}");
        if !text.trim_start().starts_with('[') {
            return Ok(Self::from_value(serde_json::from_str(text).map_err(invalid)?));
        }
        // One by one: a list of a million nothings would take a gigabyte as values.
        let list: Vec<&RawValue> = serde_json::from_str(text).map_err(invalid)?;
        let mut attributes = Self::default();
        for entry in list {
            if let Some((key, value)) = serde_json::from_str(entry.get()).ok().and_then(key_value) {
                attributes.insert(&key, value);
            }
        }
        Ok(attributes)
    }

    pub fn from_value(value: Value) -> Self {
        let mut attributes = Self::default();
        match value {
            Value::Object(object) => {
                for (key, value) in object {
                    attributes.insert(&key, value);
                }
            }
            Value::Array(list) => {
                for (key, value) in list.into_iter().filter_map(key_value) {
                    attributes.insert(&key, value);
                }
            }
            _ => {}
        }
        attributes
    }

    pub fn insert(&mut self, key: &str, value: Value) {
        let scalar = |value: &Value| !matches!(value, Value::Object(_) | Value::Array(_));
        match value {
            Value::Null => {}
            // Set as one text by `using_metadata`.
            Value::String(text) if key == "metadata" && text.trim_start().starts_with('{') => {
                match serde_json::from_str::<Map<String, Value>>(&text) {
                    Ok(object) => self.insert(key, Value::Object(object)),
                    Err(_) => {
                        self.0.insert(key.to_owned(), Value::String(text));
                    }
                }
            }
            Value::Object(object) if key.len() < PATH && !WHOLE.contains(&key) => {
                for (inner, value) in object {
                    self.insert(&format!("{key}.{inner}"), value);
                }
            }
            Value::Array(list) if list.is_empty() => {}
            Value::Array(list) if key.len() < PATH && !WHOLE.contains(&key) && !list.iter().all(scalar) => {
                for (place, value) in list.into_iter().enumerate() {
                    self.insert(&format!("{key}.{place}"), value);
                }
            }
            value => {
                self.0.insert(key.to_owned(), value);
            }
        }
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// Is there a key that begins so?
    pub fn has_under(&self, prefix: &str) -> bool {
        self.0.range(prefix.to_owned()..).next().is_some_and(|(key, _)| key.starts_with(prefix))
    }

    pub fn take(&mut self, keys: &[&str]) -> Option<Value> {
        keys.iter().find_map(|key| self.0.remove(*key))
    }

    /// A text as it stands; empty text is a text.
    pub fn text(&mut self, keys: &[&str]) -> Option<String> {
        self.take(keys).as_ref().and_then(plain_text)
    }

    /// An id, a label, a version: empty counts as missing.
    pub fn word(&mut self, keys: &[&str]) -> Option<String> {
        keys.iter().find_map(|key| self.text(&[key]).filter(|text| !text.trim().is_empty()))
    }

    pub fn number(&mut self, keys: &[&str]) -> Option<f64> {
        keys.iter().find_map(|key| {
            let value = self.get(key)?;
            let number =
                value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|value| value.is_finite())?;
            self.0.remove(*key);
            Some(number)
        })
    }

    pub fn integer(&mut self, keys: &[&str]) -> Option<i64> {
        self.number(keys).map(|value| value.round() as i64)
    }

    pub fn time(&mut self, keys: &[&str]) -> Option<Timestamp> {
        keys.iter().find_map(|key| {
            let moment = time::parse(&plain_text(self.get(key)?)?)?;
            self.0.remove(*key);
            Some(moment)
        })
    }

    pub fn words(&mut self, keys: &[&str]) -> Vec<String> {
        match self.take(keys) {
            Some(Value::Array(list)) => {
                list.iter().filter_map(plain_text).filter(|word| !word.trim().is_empty()).collect()
            }
            Some(value) => crate::row::words(plain_text(&value).map_or(Cell::Null, |text| Cell::Text(text.into()))),
            None => Vec::new(),
        }
    }

    /// The key whose name, written with underscores, is or ends with one of `endings`: applications put the same
    /// words into name spaces of their own (`app.prompt_version`, `metadata.promptVersion`).
    pub fn key_ending(&self, endings: &[&str]) -> Option<String> {
        endings.iter().find_map(|ending| {
            self.0.iter().filter(|(_, value)| !value.is_object()).find_map(|(key, _)| {
                if STANDARD.iter().any(|space| key.starts_with(space)) {
                    return None;
                }
                let name = snake(key);
                let found = name.strip_suffix(ending).is_some_and(|rest| rest.is_empty() || rest.ends_with('_'));
                found.then(|| key.clone())
            })
        })
    }

    pub fn word_ending(&mut self, endings: &[&str]) -> Option<String> {
        let key = self.key_ending(endings)?;
        self.word(&[&key])
    }

    pub fn text_ending(&mut self, endings: &[&str]) -> Option<String> {
        let key = self.key_ending(endings)?;
        self.text(&[&key])
    }

    pub fn integer_ending(&mut self, endings: &[&str]) -> Option<i64> {
        let key = self.key_ending(endings)?;
        self.integer(&[&key])
    }

    /// What stands under `prefix.0`, `prefix.1`, …, in this order.
    pub fn take_list(&mut self, prefix: &str) -> Vec<Self> {
        let mut items: BTreeMap<u64, Self> = BTreeMap::new();
        for (key, value) in self.take_under(&format!("{prefix}.")).0 {
            let (place, inner) = key.split_once('.').unwrap_or((&key, ""));
            if let Ok(place) = place.parse() {
                items.entry(place).or_default().0.insert(inner.to_owned(), value);
            }
        }
        items.into_values().collect()
    }

    /// Everything whose key begins so, without that beginning.
    pub fn take_under(&mut self, prefix: &str) -> Self {
        let keys: Vec<String> = self
            .0
            .range(prefix.to_owned()..)
            .map(|(key, _)| key)
            .take_while(|key| key.starts_with(prefix))
            .cloned()
            .collect();
        let taken =
            keys.into_iter().filter_map(|key| Some((key.get(prefix.len()..)?.to_owned(), self.0.remove(&key)?)));
        Self(taken.collect())
    }

    /// Everything that is left, as text.
    pub fn into_metadata(self) -> Metadata {
        self.0.into_iter().filter_map(|(key, value)| Some((key, plain_text(&value)?))).collect()
    }
}

/// Name spaces in which every word has its meaning already.
const STANDARD: &[&str] = &[
    "llm.",
    "retrieval.",
    "reranker.",
    "embedding.",
    "tool.",
    "input.",
    "output.",
    "http.",
    "url.",
    "telemetry.",
    "process.",
    "gen_ai.",
    "exception.",
    "annotations.",
    "trace.annotations.",
];

fn snake(key: &str) -> String {
    let (mut name, mut lower) = (String::with_capacity(key.len() + 4), false);
    for character in key.chars() {
        if character.is_uppercase() && lower {
            name.push('_');
        }
        lower = character.is_lowercase() || character.is_ascii_digit();
        if character.is_alphanumeric() {
            name.extend(character.to_lowercase());
        } else {
            name.push('_');
        }
    }
    name
}

/// `{"key": …, "value": {"stringValue": …}}`.
fn key_value(entry: Value) -> Option<(String, Value)> {
    let Value::Object(mut entry) = entry else { return None };
    let Some(Value::String(key)) = entry.remove("key") else { return None };
    Some((key, any_value(entry.remove("value")?)))
}

/// The value in an OTLP `AnyValue`, in camelCase or snake_case; writers may put null into the fields that are not meant.
pub fn any_value(value: Value) -> Value {
    let Value::Object(object) = value else { return value };
    for (kind, value) in object {
        if value.is_null() {
            continue;
        }
        return match (kind.as_str(), value) {
            ("stringValue" | "string_value" | "boolValue" | "bool_value" | "bytesValue" | "bytes_value", value) => {
                value
            }
            ("intValue" | "int_value", Value::String(text)) => {
                text.parse::<i64>().map_or(Value::String(text), Value::from)
            }
            // Infinity and NaN are texts.
            ("doubleValue" | "double_value", Value::String(text)) => {
                text.parse().ok().and_then(Number::from_f64).map_or(Value::Null, Value::Number)
            }
            ("intValue" | "int_value" | "doubleValue" | "double_value", value) => value,
            ("arrayValue" | "array_value", Value::Object(mut array)) => match array.remove("values") {
                Some(Value::Array(values)) => values.into_iter().map(any_value).collect(),
                _ => Value::Array(Vec::new()),
            },
            ("kvlistValue" | "kvlist_value", Value::Object(mut list)) => match list.remove("values") {
                Some(Value::Array(values)) => Value::Object(values.into_iter().filter_map(key_value).collect()),
                _ => Value::Object(Map::new()),
            },
            _ => Value::Null,
        };
    }
    Value::Null
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn flat_nested_and_typed_are_the_same() {
        let flat = Attributes::from_value(json!({
            "llm.input_messages.0.message.role": "user", "llm.input_messages.1.message.role": "assistant",
            "metadata.turn": 3, "tag.tags": ["a", "b"],
        }));
        let nested = Attributes::from_value(json!({
            "llm.input_messages": [{"message.role": "user", "message.content": null}, {"message": {"role": "assistant"}}],
            "metadata": "{\"turn\": 3, \"none\": null, \"empty\": []}", "tag": {"tags": ["a", "b"]},
        }));
        assert_eq!(flat, nested);
        let typed = Attributes::from_value(json!([
            {"key": "llm.input_messages", "value": {"arrayValue": {"values": [
                {"kvlistValue": {"values": [{"key": "message.role", "value": {"stringValue": "user"}}]}},
                {"kvlistValue": {"values": [{"key": "message.role", "value": {"stringValue": "assistant"}}]}},
            ]}}},
            {"key": "metadata.turn", "value": {"int_value": "3", "string_value": null}},
            {"key": "tag.tags", "value": {"array_value": {"values": [{"string_value": "a"}, {"string_value": "b"}]}}},
            {"key": "nothing", "value": {}},
        ]));
        assert_eq!(flat, typed);
    }

    #[test]
    fn lists_keep_their_order_and_words_are_found_in_any_name_space() {
        let mut attributes = Attributes::from_value(json!({
            "d.10.x": "k", "d.2.x": "c", "app.promptVersion": "7", "llm.user_role": "no", "superuser_role": "no",
        }));
        let items: Vec<_> = attributes.take_list("d").into_iter().map(|mut item| item.text(&["x"])).collect();
        assert_eq!(items, [Some("c".into()), Some("k".into())]);
        assert_eq!(attributes.word_ending(&["prompt_version"]).as_deref(), Some("7"));
        assert_eq!(attributes.word_ending(&["user_role"]), None);
    }

    #[test]
    fn long_paths_are_not_multiplied() {
        let mut value = json!({"a": 1, "b": 2});
        for _ in 0..10 {
            value = json!({"k".repeat(500): value});
        }
        let attributes = Attributes::from_value(value);
        assert!(
            attributes.keys().all(|key| key.len() < 3 * PATH),
            "{:?}",
            attributes.keys().map(str::len).collect::<Vec<_>>()
        );
    }
}
