//! What did the user ask, what did the model answer, in whatever shape input and output were logged?
//!
//! Known shapes: a plain text; a list of chat messages (or an object that holds one), in the manner of OpenAI,
//! LangChain, Gemini; an object with a key such as `question` or `answer`. Anything else is shown as it is, as JSON.

use serde_json::Value;

use crate::row::{Cell, plain_text};
use hearback_domain::Document;

/// How the export writes input and output that are plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextForm {
    /// As a JSON string that is the text itself, even where it looks like JSON.
    Exact,
    /// As a cell that holds either text or JSON.
    MaybeJson,
    /// As JSON within a string, always.
    Json,
}

/// The last user message, or the text.
pub fn query(cell: &Cell<'_>, form: TextForm) -> Option<String> {
    said(cell, form, &["user", "human"], QUESTIONS)
}

/// The last answer, or the text.
pub fn answer(cell: &Cell<'_>, form: TextForm) -> Option<String> {
    said(cell, form, &["assistant", "ai", "model", "aimessage"], ANSWERS)
}

/// Every system message, in order.
pub fn system(cell: &Cell<'_>) -> Option<String> {
    let (Cell::Nested(text) | Cell::Text(text)) = cell else { return None };
    if !text.trim_start().starts_with(['[', '{']) || !text.contains("role") && !text.contains("system") {
        return None;
    }
    let value: Value = serde_json::from_str(text).ok()?;
    let parts: Vec<String> = messages(&value)
        .map(|list| {
            list.iter().filter(|message| is_role(message, &["system", "developer"])).filter_map(content).collect()
        })
        .unwrap_or_default();
    if parts.is_empty() {
        return value.get("system").and_then(Value::as_str).map(str::to_owned);
    }
    Some(parts.join("\n\n"))
}

const QUESTIONS: &[&str] = &[
    "question",
    "query",
    "input",
    "user_input",
    "prompt",
    "text",
    "content",
    "contents",
    "message",
    "new_message",
    "args",
];
const ANSWERS: &[&str] =
    &["answer", "output", "response", "completion", "result", "text", "content", "message", "generation"];

fn said(cell: &Cell<'_>, form: TextForm, roles: &[&str], keys: &[&str]) -> Option<String> {
    match cell {
        Cell::Null => None,
        Cell::Nested(text) => {
            let value = serde_json::from_str(text).ok()?;
            Some(from_value(&value, roles, keys).unwrap_or_else(|| text.to_string()))
        }
        Cell::Text(text) => {
            let looks_like_json = text.trim_start().starts_with(['{', '[', '"']);
            let parsed = match form {
                TextForm::Exact => None,
                TextForm::MaybeJson if !looks_like_json => None,
                TextForm::MaybeJson | TextForm::Json => serde_json::from_str::<Value>(text).ok(),
            };
            match parsed {
                Some(Value::Null) => None,
                // In a table, quotes may be the user's own.
                Some(Value::String(inner)) if form == TextForm::Json => {
                    // Some frameworks encode once more.
                    said(&Cell::Text(inner.into()), TextForm::MaybeJson, roles, keys)
                }
                Some(value @ (Value::Object(_) | Value::Array(_))) => {
                    Some(from_value(&value, roles, keys).unwrap_or_else(|| text.to_string()))
                }
                _ => Some(text.to_string()),
            }
        }
        other => other.clone().into_text(),
    }
}

fn from_value(value: &Value, roles: &[&str], keys: &[&str]) -> Option<String> {
    // Nesting is limited by the parser, so this ends.
    if let Some(list) = messages(value) {
        let by_role = list.iter().rev().filter(|message| is_role(message, roles)).find_map(content);
        return by_role.or_else(|| list.iter().rev().find_map(content));
    }
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => {
            let texts: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
            texts.filter(|texts| !texts.is_empty()).map(|texts| texts.join("\n"))
        }
        Value::Object(object) => {
            if role(value).is_some() {
                return content(value);
            }
            if let Some(first) = object.get("choices").and_then(|choices| choices.get(0)) {
                return from_value(first, roles, keys);
            }
            keys.iter().filter_map(|key| object.get(*key)).find_map(|inner| match inner {
                Value::Null => None,
                inner => from_value(inner, roles, keys),
            })
        }
        _ => None,
    }
}

/// The list of chat messages that `value` is or holds.
fn messages(value: &Value) -> Option<&[Value]> {
    let list = match value {
        Value::Array(list) => list,
        Value::Object(object) => {
            ["messages", "contents", "history", "input"].iter().find_map(|key| object.get(*key)?.as_array())?
        }
        _ => return None,
    };
    // LangChain wraps the list once more.
    if let [Value::Array(inner)] = list.as_slice() {
        return inner.iter().any(|message| role(message).is_some()).then_some(inner);
    }
    list.iter().any(|message| role(message).is_some()).then_some(list)
}

fn role(message: &Value) -> Option<&str> {
    let object = message.as_object()?;
    if let Some(role) = object.get("role").and_then(Value::as_str) {
        return Some(role);
    }
    // LangChain: {"type": "human", "content": …}
    object.get("type").and_then(Value::as_str).filter(|_| object.contains_key("content"))
}

fn is_role(message: &Value, roles: &[&str]) -> bool {
    role(message).is_some_and(|role| roles.iter().any(|other| role.eq_ignore_ascii_case(other)))
}

/// The text of a message: a string, or its parts of text one under the other.
fn content(message: &Value) -> Option<String> {
    let inner = message.get("content").or_else(|| message.get("parts")).or_else(|| message.get("text"))?;
    match inner {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let texts: Vec<&str> = parts
                .iter()
                .filter_map(|part| {
                    part.as_str().or_else(|| ["text", "content"].iter().find_map(|key| part.get(key)?.as_str()))
                })
                .collect();
            if texts.is_empty() { None } else { Some(texts.join("\n")) }
        }
        Value::Object(_) => content(inner).or_else(|| Some(inner.to_string())),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}

/// The documents that a retriever gave.
pub fn documents(cell: &Cell<'_>) -> Vec<Document> {
    let Some(text) = cell.as_str() else { return Vec::new() };
    let value: Value = match serde_json::from_str(text) {
        Ok(value @ (Value::Array(_) | Value::Object(_))) => value,
        _ if text.trim().is_empty() => return Vec::new(),
        _ => return vec![Document { content: text.to_owned(), ..Document::default() }],
    };
    let list = match &value {
        Value::Array(list) => list.as_slice(),
        Value::Object(object) => {
            match ["documents", "results", "chunks", "matches", "hits"]
                .iter()
                .find_map(|key| object.get(*key)?.as_array())
            {
                Some(list) => list,
                None => std::slice::from_ref(&value),
            }
        }
        _ => &[],
    };
    list.iter().filter_map(document).collect()
}

fn document(value: &Value) -> Option<Document> {
    let Value::Object(object) = value else {
        return plain_text(value).map(|content| Document { content, ..Document::default() });
    };
    let metadata = object.get("metadata").and_then(Value::as_object);
    let text = |keys: &[&str]| {
        keys.iter().find_map(|key| object.get(*key).or_else(|| metadata?.get(*key)).and_then(plain_text))
    };
    Some(Document {
        id: text(&["id", "document_id", "doc_id"]),
        title: text(&["title", "name", "source"]),
        content: text(&["content", "text", "page_content", "pageContent", "document", "body"])
            .unwrap_or_else(|| value.to_string()),
        score: object.get("score").or_else(|| metadata?.get("score")).and_then(Value::as_f64),
    })
}
