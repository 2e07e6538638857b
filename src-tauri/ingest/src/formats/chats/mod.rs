//! What do conversations look like that nobody's observability tool has written?
//!
//! Logs of chats, sets of preferences for training, and what chat programs export: one conversation is a session,
//! one exchange (a user's message and the answer to it) is a turn. There is one file per format; what they share is
//! here: [`messages`] reads a message in whatever spelling, [`turns`] makes turns of messages, [`tree`] follows
//! conversations that branch, [`pair`] sets two answers against each other, [`extras`] reads the feedback that people
//! add to their logs.
//!
//! Ids: the tool's id of a message, else `<conversation>/<n>`. A conversation without an id gets one from its content,
//! the same on every import; the second equal one of a file is another conversation.

mod arena;
mod chatgpt;
mod extras;
mod fastchat;
mod hh;
mod lmsys;
mod messages;
mod oasst;
mod open_webui;
mod openai;
mod pair;
mod red_team;
mod sharegpt;
mod tree;
mod trl;
mod turns;
mod wildchat;

pub use arena::ARENA;
pub use chatgpt::CHATGPT;
pub use fastchat::FASTCHAT;
pub use hh::HH_RLHF;
pub use lmsys::LMSYS_CHAT;
pub use oasst::OPEN_ASSISTANT;
pub use open_webui::OPEN_WEBUI;
pub use openai::{OPENAI_CHAT, OPENAI_PREFERENCE};
pub use red_team::RED_TEAM;
pub use sharegpt::SHAREGPT;
pub use trl::TRL;
pub use wildchat::WILDCHAT;

use std::{borrow::Cow, collections::HashMap};

use serde_json::value::RawValue;

use crate::{
    Detected, Format, Recognised, RowReader, Sample, python,
    row::{Cell, Reason, Row},
};
use hearback_domain::{TextHash, error::Result, record::Metadata};

/// Ids, names of models and users longer than this are something else; they are repeated in every turn.
const ID_BYTES: usize = 1 << 10;

/// One of these formats: how it is recognised, and who reads it.
pub struct Chat {
    name: &'static str,
    title: &'static str,
    detect: fn(&Sample<'_>) -> Option<Detected>,
    reader: fn() -> Box<dyn RowReader>,
}

impl Format for Chat {
    fn name(&self) -> &'static str {
        self.name
    }

    fn title(&self) -> &'static str {
        self.title
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        (self.detect)(sample)
    }

    fn reader(&self, _recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        Ok((self.reader)())
    }
}

/// So many of the sampled rows must look like it: broken ones may be among them.
const MOST: f32 = 0.6;

fn most(sample: &Sample<'_>, holds: impl Fn(&Row<'static>) -> bool) -> bool {
    sample.share(holds) >= MOST
}

fn has_all(row: &Row<'_>, keys: &[&str]) -> bool {
    keys.iter().all(|key| row.has(key))
}

/// The list or object in a cell, as JSON: as it stands, or out of the text of a table's cell (JSON or Python).
fn nested<'c>(cell: &'c Cell<'_>) -> Option<Cow<'c, str>> {
    match cell {
        Cell::Nested(text) => Some(Cow::Borrowed(text)),
        Cell::Text(text) => match text.trim_start().as_bytes().first()? {
            b'[' | b'{' => python::nested(text).map(|value| Cow::Owned(value.to_string())),
            _ => None,
        },
        _ => None,
    }
}

/// Is there a list in the cell whose first element is an object with these keys?
fn lists_objects_with(cell: Option<&Cell<'_>>, keys: &[&str]) -> bool {
    let Some(text) = cell.and_then(nested) else { return false };
    let first = elements(&text).ok().and_then(|list| list.first().map(|first| Row::from_json_text(first.get())));
    matches!(first, Some(Ok(row)) if has_all(&row, keys))
}

fn elements(list: &str) -> std::result::Result<Vec<&RawValue>, Reason> {
    serde_json::from_str(list).map_err(|error| format!("this is no list: {error}"))
}

/// A value within a list.
fn cell_of(raw: &RawValue) -> Cell<'_> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'"') => serde_json::from_str::<String>(text).map_or(Cell::Null, |text| Cell::Text(Cow::Owned(text))),
        Some(b'{' | b'[') => Cell::Nested(Cow::Borrowed(text)),
        Some(b't') => Cell::Bool(true),
        Some(b'f') => Cell::Bool(false),
        Some(b'n') | None => Cell::Null,
        Some(_) => Cell::Number(Cow::Borrowed(text)),
    }
}

/// What stands in a cell, for a message.
fn what(cell: &Cell<'_>) -> &'static str {
    match cell {
        Cell::Null => "missing",
        Cell::Bool(_) => "true or false",
        Cell::Number(_) => "a number",
        Cell::Text(_) => "a text",
        Cell::Nested(text) if text.starts_with('[') => "a list",
        Cell::Nested(_) => "an object",
    }
}

/// An id that may be repeated in every turn.
fn checked_id(id: String) -> std::result::Result<String, Reason> {
    if id.len() > ID_BYTES { Err(format!("an id or a name is longer than {ID_BYTES} bytes")) } else { Ok(id) }
}

/// Takes an id or a name, of bounded length.
fn id_of(row: &mut Row<'_>, keys: &[&str]) -> std::result::Result<Option<String>, Reason> {
    row.word_any(keys).map(checked_id).transpose()
}

/// Ids for conversations that have none: from the content, and counted where the content is the same.
#[derive(Debug, Default)]
struct Invented(HashMap<TextHash, u32>);

impl Invented {
    fn id<'c>(&mut self, content: impl IntoIterator<Item = &'c Cell<'c>>) -> String {
        let mut text = String::new();
        for cell in content {
            text.push_str(cell.as_str().unwrap_or_default());
            // Where one value ends and the next begins is part of the content.
            text.push('\u{0}');
        }
        let hash = TextHash::of(&text);
        let seen = self.0.entry(hash).or_default();
        *seen += 1;
        if *seen == 1 { hash.to_string() } else { format!("{hash}-{seen}") }
    }
}

/// Tags that are repeated in every turn.
fn tags_of(row: &mut Row<'_>, key: &str) -> std::result::Result<Vec<String>, Reason> {
    let tags = row.words(key);
    if tags.iter().map(String::len).sum::<usize>() > 4 * ID_BYTES {
        return Err(format!("{key}: its tags are longer than {} bytes", 4 * ID_BYTES));
    }
    Ok(tags)
}

/// Did a check of content find something? In the verdict on the whole, or on any message.
fn is_flagged(cell: Option<&Cell<'_>>) -> bool {
    let flagged = |row: &Row<'_>| matches!(row.get("flagged"), Some(Cell::Bool(true)));
    let Some(text) = cell.and_then(nested) else { return false };
    if text.starts_with('{') {
        return Row::from_json_text(&text).is_ok_and(|row| {
            flagged(&row)
                || row.cells().any(|(_, inner)| {
                    matches!(inner, Cell::Nested(inner) if Row::from_json_text(inner).is_ok_and(|row| flagged(&row)))
                })
        });
    }
    elements(&text)
        .is_ok_and(|list| list.iter().any(|raw| Row::from_json_text(raw.get()).is_ok_and(|row| flagged(&row))))
}

/// Everything that is left of the row, as metadata.
fn rest(row: &mut Row<'_>) -> Metadata {
    row.drain().filter_map(|(key, cell)| Some((key.into_owned(), cell.into_text()?))).collect()
}

/// Moves an entry of `from`, where it says something.
fn moved(from: &mut Row<'_>, key: &str, into: &mut Metadata) {
    if let Some(text) = from.word(key) {
        into.insert(key.to_owned(), text);
    }
}

/// The name of a model and the version by which trends are split: `gpt-4o-2024-08-06` is gpt-4o, 2024-08-06. A name
/// without a version is its own.
fn model_and_version(name: &str) -> (String, String) {
    crate::model_name::split(name, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_told_from_its_version() {
        for (name, model, version) in [
            ("gpt-4o-2024-08-06", "gpt-4o", "2024-08-06"),
            ("gpt-4-0613", "gpt-4", "0613"),
            ("claude-3-5-haiku 20241022", "claude-3-5-haiku", "20241022"),
            ("vicuna-13b-v1.5", "vicuna-13b", "v1.5"),
            ("support-llm 1.4.2", "support-llm", "1.4.2"),
            ("llama-2-70b", "llama-2-70b", "llama-2-70b"),
            ("gpt-3.5", "gpt-3.5", "gpt-3.5"),
            ("modèle-é-", "modèle-é-", "modèle-é-"),
            ("-2024", "-2024", "-2024"),
            ("gemini-1.5-pro-002", "gemini-1.5-pro", "002"),
            ("mixtral-8x7b-instruct-v0.1", "mixtral-8x7b-instruct", "v0.1"),
        ] {
            assert_eq!(model_and_version(name), (model.to_owned(), version.to_owned()), "{name}");
        }
    }

    #[test]
    fn the_same_content_twice_is_two_conversations() {
        let cell = |text: &'static str| Cell::Text(text.into());
        let mut ids = Invented::default();
        let first = ids.id(&[cell("a"), cell("b")]);
        assert_eq!(ids.id(&[cell("a"), cell("b")]), format!("{first}-2"));
        assert_ne!(ids.id(&[cell("ab"), cell("")]), first);
        assert_eq!(Invented::default().id(&[cell("a"), cell("b")]), first);
    }
}
