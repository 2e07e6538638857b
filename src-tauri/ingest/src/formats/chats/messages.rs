//! What is one message of a conversation, however it is spelled?
//!
//! `role` / `content` (OpenAI and most others), `from` / `value` (ShareGPT), with a text, a list of parts, or nothing
//! but calls of tools as its content.

use super::{cell_of, elements, nested, what};
use crate::row::{Cell, Reason, Row, shorten};
use hearback_domain::{Document, Timestamp, record::Metadata};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaker {
    System,
    User,
    Assistant,
    Tool,
}

impl Speaker {
    pub fn of(word: &str) -> Option<Self> {
        Some(match word.trim().to_lowercase().as_str() {
            "system" | "developer" | "system_prompt" => Self::System,
            "user" | "human" | "prompter" => Self::User,
            "assistant" | "gpt" | "chatgpt" | "model" | "ai" | "bot" | "chatbot" | "bing" | "bard"
            | "function_call" | "tool_call" => Self::Assistant,
            "tool" | "function" | "observation" | "ipython" | "environment" | "tool_response" | "function_response" => {
                Self::Tool
            }
            _ => return None,
        })
    }
}

#[derive(Clone, Debug)]
pub(super) struct Message {
    pub speaker: Speaker,
    /// None where nothing was said: a call of a tool, an answer that never came.
    pub text: Option<String>,
    pub id: Option<String>,
    pub created_at: Option<Timestamp>,
    pub model: Option<String>,
    pub documents: Vec<Document>,
    pub tags: Vec<String>,
    /// Every further key.
    pub rest: Metadata,
    /// The message as JSON, where it may become a step on the way to an answer.
    pub raw: Option<String>,
}

impl Message {
    pub fn new(speaker: Speaker, text: Option<String>) -> Self {
        Self {
            speaker,
            text,
            id: None,
            created_at: None,
            model: None,
            documents: Vec::new(),
            tags: Vec::new(),
            rest: Metadata::new(),
            raw: None,
        }
    }

    /// Reads an object. `raw` is its text.
    pub fn read(raw: &str) -> Result<Self, Reason> {
        let mut row = Row::from_json_text(raw)?;
        let mut message = Self::take(&mut row)?;
        message.rest.extend(super::rest(&mut row));
        message.finish(raw);
        Ok(message)
    }

    /// Takes who spoke, what and when; the rest stays in the row.
    pub fn take(row: &mut Row<'_>) -> Result<Self, Reason> {
        let mut message = Self::new(speaker(row)?, None);
        let (text, parts) = content(&row.take_any(&["content", "value", "text"]))?;
        message.text = text;
        if let Some(parts) = parts {
            message.rest.insert("content_parts".into(), parts);
        }
        message.id = super::id_of(row, &["id", "message_id"])?;
        message.created_at = row.time(&["timestamp", "create_time", "created_at", "created"])?;
        Ok(message)
    }

    /// After everything that has a place was taken: what follows from the rest.
    pub fn finish(&mut self, raw: &str) {
        let calls = ["tool_calls", "function_call"].iter().any(|key| self.rest.contains_key(*key));
        if calls && self.text.as_ref().is_some_and(|text| text.trim().is_empty()) {
            self.text = None;
        }
        // What the user read instead of an answer.
        if self.text.is_none() && self.speaker == Speaker::Assistant {
            self.text = self.rest.remove("refusal").inspect(|_| {
                self.tags.push("refusal".into());
            });
        }
        match self.speaker {
            Speaker::Tool => {
                self.documents = self.text.as_deref().map(retrieved).unwrap_or_default();
                self.raw = Some(if self.documents.is_empty() { raw.to_owned() } else { without_content(self) });
            }
            Speaker::Assistant => self.raw = Some(raw.to_owned()),
            Speaker::System | Speaker::User => {}
        }
    }
}

fn speaker(row: &mut Row<'_>) -> Result<Speaker, Reason> {
    let role = row.take_any(&["role", "from"]);
    match &role {
        Cell::Text(word) => Speaker::of(word)
            .ok_or_else(|| format!("there is no role {}: user, assistant, system, tool", shorten(word))),
        Cell::Null => Err("a message has no role".into()),
        other => Err(format!("the role of a message is {}, not a text", what(other))),
    }
}

/// A list of messages, or a single one.
pub(super) fn list(cell: &Cell<'_>, name: &str) -> Result<Vec<Message>, Reason> {
    let Some(text) = nested(cell) else {
        return Err(format!("{name} is {}, not a list of messages", what(cell)));
    };
    if text.starts_with('{') {
        return Ok(vec![Message::read(&text).map_err(|reason| format!("{name}: {reason}"))?]);
    }
    let mut messages = Vec::new();
    for (place, raw) in elements(&text).map_err(|reason| format!("{name}: {reason}"))?.into_iter().enumerate() {
        let message = Message::read(raw.get());
        messages.push(message.map_err(|reason| format!("{name}, message {}: {reason}", place + 1))?);
    }
    if messages.is_empty() { Err(format!("{name} holds no message")) } else { Ok(messages) }
}

/// The text of a content, and the parts of it that are no text (images, sounds), as JSON.
pub(super) fn content(cell: &Cell<'_>) -> Result<(Option<String>, Option<String>), Reason> {
    let Cell::Nested(inner) = cell else { return Ok((cell.clone().into_text(), None)) };
    if inner.starts_with('{') {
        let mut row = Row::from_json_text(inner)?;
        return Ok(match row.take_any(&["text", "value", "content", "parts"]) {
            Cell::Null => (None, Some(inner.to_string())),
            Cell::Nested(list) if list.starts_with('[') => parts(&list)?,
            other => (other.into_text(), None),
        });
    }
    parts(inner)
}

fn parts(list: &str) -> Result<(Option<String>, Option<String>), Reason> {
    let (mut texts, mut others) = (Vec::new(), Vec::new());
    for raw in elements(list)? {
        match cell_of(raw) {
            Cell::Text(text) => texts.push(text.into_owned()),
            Cell::Null => {}
            Cell::Nested(inner) if inner.starts_with('{') => {
                let mut row = Row::from_json_text(&inner)?;
                match row.take("text") {
                    Cell::Text(text) => {
                        texts.push(text.into_owned());
                        let kind = row.take("type");
                        let usual = kind.is_null() || kind.as_str().is_some_and(|kind| kind.ends_with("text"));
                        // It says more than its text: where it is from, what it cites.
                        if !usual || row.leftovers().next().is_some() {
                            others.push(raw.get());
                        }
                    }
                    // {"type": "text", "text": {"value": …}}, as assistants have it.
                    Cell::Nested(text) => match Row::from_json_text(&text).ok().and_then(|mut text| text.text("value"))
                    {
                        Some(text) => texts.push(text),
                        None => others.push(raw.get()),
                    },
                    _ => others.push(raw.get()),
                }
            }
            _ => others.push(raw.get()),
        }
    }
    let text = (!texts.is_empty()).then(|| texts.join("\n"));
    Ok((text, (!others.is_empty()).then(|| format!("[{}]", others.join(",")))))
}

/// The documents in the answer of a tool: only where it says that it is a list of texts with something that names or
/// ranks them. Anything else that a tool says is no retrieval.
pub(super) fn retrieved(text: &str) -> Vec<Document> {
    const TEXTS: &[&str] =
        &["content", "text", "page_content", "pageContent", "document", "snippet", "body", "passage"];
    const MARKS: &[&str] = &["title", "source", "url", "uri", "score", "distance", "document_id", "doc_id", "metadata"];
    const LISTS: &[&str] = &["documents", "results", "chunks", "matches", "hits", "passages"];
    let trimmed = text.trim();
    let list = match trimmed.as_bytes().first() {
        Some(b'[') => Cell::Nested(trimmed.into()),
        Some(b'{') => match Row::from_json_text(trimmed) {
            Ok(mut row) => row.take_any(LISTS),
            Err(_) => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let is_document = |row: &Row<'_>| {
        TEXTS.iter().any(|key| matches!(row.get(key), Some(Cell::Text(_)))) && MARKS.iter().any(|key| row.has(key))
    };
    let Cell::Nested(list) = &list else { return Vec::new() };
    let Ok(rows) = elements(list) else { return Vec::new() };
    let rows: Option<Vec<Row<'_>>> =
        rows.into_iter().map(|raw| Row::from_json_text(raw.get()).ok().filter(is_document)).collect();
    let Some(rows) = rows else { return Vec::new() };
    rows.into_iter()
        .map(|mut row| Document {
            id: row.word_any(&["id", "document_id", "doc_id", "url", "uri"]),
            title: row.word_any(&["title", "name", "source"]),
            content: TEXTS.iter().find_map(|key| row.text(key)).unwrap_or_default(),
            score: ["score", "distance"].iter().find_map(|key| row.number(key).ok().flatten()),
        })
        .collect()
}

/// What a retrieval was, beside its documents, which stand with the turn.
fn without_content(message: &Message) -> String {
    let mut object = serde_json::Map::new();
    object.insert("role".into(), "tool".into());
    for (key, value) in &message.rest {
        object.insert(key.clone(), value.as_str().into());
    }
    object.insert("documents".into(), message.documents.len().into());
    serde_json::Value::Object(object).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_of_every_shape() {
        let text = |json: &str| Message::read(json).map(|message| message.text);
        assert_eq!(text(r#"{"role":"user","content":""}"#), Ok(Some(String::new())));
        assert_eq!(text(r#"{"role":"user","content":null}"#), Ok(None));
        assert_eq!(text(r#"{"role":"user","content":[{"type":"text","text":"a"},"b"]}"#), Ok(Some("a\nb".into())));
        assert_eq!(text(r#"{"from":"human","value":"x"}"#), Ok(Some("x".into())));
        assert_eq!(text(r#"{"role":"user","content":{"parts":["p"]}}"#), Ok(Some("p".into())));
        assert_eq!(text(r#"{"role":"assistant","content":"","tool_calls":[1]}"#), Ok(None));
        assert_eq!(text(r#"{"role":"assistant","content":null,"refusal":"No."}"#), Ok(Some("No.".into())));
        assert_eq!(text(r#"{"role":7,"content":"x"}"#), Err("the role of a message is a number, not a text".into()));
        assert_eq!(text(r#"{"content":"x"}"#), Err("a message has no role".into()));
        let image = Message::read(r#"{"role":"user","content":[{"type":"image_url","image_url":{}}]}"#).unwrap();
        assert_eq!(image.text, None);
        assert_eq!(image.rest["content_parts"], r#"[{"type":"image_url","image_url":{}}]"#);
    }

    #[test]
    fn only_retrieved_texts_are_documents() {
        assert_eq!(retrieved(r#"[{"id":"k1","title":"T","text":"x","score":0.5}]"#).len(), 1);
        assert_eq!(retrieved(r#"{"results":[{"url":"u","snippet":"x"},{"url":"v","snippet":""}]}"#).len(), 2);
        for no in ["sunny", "42", r#"{"temperature":3}"#, r#"[{"text":"x"}]"#, r#"[{"score":1}]"#, "[1]", "[", "{}"] {
            assert_eq!(retrieved(no), [], "{no}");
        }
    }
}
