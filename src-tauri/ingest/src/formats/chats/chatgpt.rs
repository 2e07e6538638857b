//! What ChatGPT gives people who ask for their data: conversations, and what they thought of the answers.
//!
//! `conversations.json` (or `conversations-000.json`, …) is a list of `{title, create_time, mapping}`; `mapping` is a tree
//! of messages, in which every answer is a turn of its path, answers made again included. What was written to tools,
//! and thoughts, are steps. `message_feedback.json` is a list of `{message_id, conversation_id, rating, content}`, where
//! `content` is JSON in a text: `{"tags": […], "text": …}`. Nobody documents the export; this follows what people found
//! in theirs.

use super::{
    Chat, id_of,
    messages::{Message, Speaker, content},
    most, nested, rest,
    tree::{Node, Tree},
    turns::Allowance,
    what,
};
use crate::{
    Detected, Out, Role, RowReader,
    row::{self, Cell, Reason, Row, shorten},
};
use hearback_domain::{
    Document, FeedbackRecord, FeedbackType, Record, SessionRecord, TurnRecord, lexicon, record::Metadata,
};

pub static CHATGPT: Chat = Chat {
    name: "chatgpt",
    title: "ChatGPT account export",
    detect: |sample| {
        let conversation = |row: &Row<'_>| {
            matches!(row.get("mapping"), Some(Cell::Nested(text)) if text.starts_with('{'))
                && ["create_time", "current_node", "title", "conversation_id"].iter().any(|key| row.has(key))
        };
        if most(sample, conversation) {
            let reason = "records have the messages of a conversation in mapping";
            return Some(Detected::new(0.95, reason, Role::Turns, "ChatGPT conversations"));
        }
        let rated = |row: &Row<'_>| {
            row.has("conversation_id")
                && matches!(row.get("rating"), Some(Cell::Text(word)) if word.to_lowercase().starts_with("thumb"))
        };
        most(sample, rated).then(|| {
            let reason = "records have a conversation_id and a rating of thumbsUp or thumbsDown";
            Detected::new(0.95, reason, Role::Feedback, "ChatGPT message feedback")
        })
    },
    reader: || Box::new(Rows),
};

struct Rows;

impl RowReader for Rows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        if row.has("mapping") { conversation(row, out) } else { feedback(row, out) }
    }
}

fn feedback(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let message = id_of(row, &["message_id"])?;
    let id = id_of(row, &["id"])?;
    // Some exports call the message's id simply id.
    let turn_id = message.or_else(|| id.clone());
    let session_id = id_of(row, &["conversation_id"])?;
    let id = match (id, &turn_id) {
        (Some(id), _) => id,
        (None, Some(turn)) => format!("{turn}/feedback"),
        (None, None) => return Err("a feedback needs the id of its message".into()),
    };
    let mut feedback = FeedbackRecord::new(id, FeedbackType::Thumb);
    (feedback.session_id, feedback.turn_id) = (session_id, turn_id);
    feedback.created_at = row.time(&["create_time", "created_at"])?;
    feedback.user_id = id_of(row, &["user_id"])?;
    feedback.score_name = Some("rating".into());
    match row.take("rating") {
        Cell::Text(word) if lexicon::is_thumb(&word) => {
            feedback.polarity = lexicon::label(&word).map(|meaning| meaning.polarity);
            feedback.label = Some(word.into_owned());
        }
        Cell::Text(word) => return Err(format!("there is no rating {}: thumbsUp or thumbsDown", shorten(&word))),
        other => return Err(format!("the rating is {}, not thumbsUp or thumbsDown", what(&other))),
    }
    let said = row.take("content");
    match nested(&said).filter(|text| text.starts_with('{')) {
        Some(text) => {
            let mut content = Row::from_json_text(&text)?;
            feedback.reasons = content.words("tags");
            feedback.comment = content.text("text").filter(|text| !text.is_empty());
            feedback.metadata.extend(rest(&mut content));
        }
        None => feedback.comment = said.into_text().filter(|text| !text.is_empty()),
    }
    if let Some(text) = row.text("text").filter(|text| !text.is_empty()) {
        feedback.comment = Some(match feedback.comment.take() {
            Some(comment) if comment != text => format!("{comment}\n\n{text}"),
            _ => text,
        });
    }
    feedback.reasons.extend(row.words("tags"));
    feedback.metadata.extend(rest(row));
    out.push(Record::Feedback(feedback));
    Ok(())
}

fn conversation(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let mapping = row.take("mapping");
    let text = nested(&mapping).filter(|text| text.starts_with('{'));
    let text = text.ok_or_else(|| format!("the mapping is {}, not a map of messages", what(&mapping)))?;
    let mut nodes = Vec::new();
    for (key, cell) in Row::from_json_text(&text)?.cells() {
        let raw = match cell {
            Cell::Nested(raw) if raw.starts_with('{') => raw,
            other => return Err(format!("node {} of the mapping is {}", shorten(key), what(other))),
        };
        nodes.push(node(key, raw).map_err(|reason| format!("node {} of the mapping: {reason}", shorten(key)))?);
    }
    let Some(root) = nodes.first().map(|node| node.id.clone()) else {
        return Err("the conversation holds no message".into());
    };
    // The oldest exports do not say the conversation's id; the first node's is as lasting.
    let id = id_of(row, &["conversation_id", "id"])?.unwrap_or(root);
    let mut session = SessionRecord { id: id.clone(), ..SessionRecord::default() };
    session.started_at = row.time(&["create_time"])?;
    session.user_id = id_of(row, &["user_id"])?;
    if row.get("id").and_then(Cell::as_str) == Some(id.as_str()) {
        row.take("id");
    }
    for message in nodes.iter().filter_map(|node| node.message.as_ref()) {
        if message.speaker == Speaker::System {
            message.rest.keys().for_each(|key| out.unmapped(format!("system message: {key}")));
        }
    }
    let tree = Tree::new(nodes);
    let system = tree.system();
    let found = tree.exchanges()?;
    session.metadata = rest(row);
    let default_model =
        session.metadata.get("default_model_slug").cloned().filter(|name| name.len() <= super::ID_BYTES);
    let (model, version) = default_model.as_deref().map(super::model_and_version).unzip();
    let base = TurnRecord {
        session_id: Some(id),
        user_id: session.user_id.clone(),
        model,
        model_version: version,
        ..TurnRecord::default()
    };
    let mut allowance = Allowance::default();
    out.push(Record::Session(session));
    for found in found {
        let mut turn = found.exchange.into_turn(&base, String::new);
        if turn.id.is_empty() {
            out.unmapped("a message of a tool that belongs to no answer");
            continue;
        }
        turn.position = Some(found.position);
        allowance.system(&mut turn, system.as_ref(), out);
        out.push(Record::Turn(turn));
    }
    Ok(())
}

fn node(key: &str, raw: &str) -> Result<Node, Reason> {
    let mut node = Row::from_json_text(raw)?;
    let id = super::checked_id(key.to_owned())?;
    let parent = node.word("parent");
    let message = match node.take("message") {
        Cell::Null => None,
        Cell::Nested(raw) if raw.starts_with('{') => Some(message(&raw, &id)?),
        other => return Err(format!("its message is {}", what(&other))),
    };
    Ok(Node { id, parent, message })
}

fn message(raw: &str, id: &str) -> Result<Message, Reason> {
    let mut row = Row::from_json_text(raw)?;
    let author = row.take("author");
    let author = nested(&author).ok_or_else(|| format!("its author is {}", what(&author)))?;
    let mut author = Row::from_json_text(&author)?;
    let mut said = Row::default();
    said.push("role", author.take("role"));
    let mut message = Message::take(&mut said)?;
    message.id = id_of(&mut row, &["id"])?.or_else(|| Some(id.to_owned()));
    message.created_at = row.time(&["create_time"])?;
    let recipient = row.word("recipient").filter(|recipient| recipient != "all");
    let mut metadata = Metadata::new();
    row::spread(&row.take("metadata"), "metadata", &mut metadata)?;
    message.model = metadata.remove("model_slug").map(super::checked_id).transpose()?;

    let body = row.take("content");
    let mut body = match nested(&body).filter(|text| text.starts_with('{')) {
        Some(text) => Row::from_json_text(&text)?.into_owned(),
        None if body.is_null() => Row::default(),
        None => return Err(format!("its content is {}", what(&body))),
    };
    let content_type = body.word("content_type").unwrap_or_else(|| "text".into());
    match content_type.as_str() {
        "text" | "multimodal_text" => {
            let (text, parts) = content(&body.take("parts"))?;
            message.text = text.or(body.text("text"));
            message.rest.extend(parts.map(|parts| ("content_parts".to_owned(), parts)));
        }
        // Custom instructions: what the user always tells the model.
        "user_editable_context" | "model_editable_context" => {
            message.speaker = Speaker::System;
            let texts: Vec<String> = ["user_profile", "user_instructions", "model_set_context"]
                .iter()
                .filter_map(|key| body.text(key))
                .filter(|text| !text.trim().is_empty())
                .collect();
            message.text = (!texts.is_empty()).then(|| texts.join("\n\n"));
        }
        "tether_quote" => {
            message.documents.push(Document {
                id: body.word("url"),
                title: body.word_any(&["title", "domain"]),
                content: body.text("text").unwrap_or_default(),
                score: None,
            });
        }
        // Whatever a later version calls what a user says.
        _ if message.speaker == Speaker::User => {
            let (text, parts) = content(&body.take("parts"))?;
            message.text = text.or(body.text("text"));
            message.rest.extend(parts.map(|parts| ("content_parts".to_owned(), parts)));
        }
        // Code for a tool, thoughts, what a tool printed: a step, whole in the raw text.
        _ => {}
    }
    if !matches!(content_type.as_str(), "text" | "multimodal_text") {
        message.rest.insert("content_type".into(), content_type);
    }
    if let Some(recipient) = recipient {
        if message.speaker == Speaker::Assistant {
            message.text = None;
        }
        message.rest.insert("recipient".into(), recipient);
    }
    let raw_is_kept = matches!(message.speaker, Speaker::Assistant | Speaker::Tool);
    if message.speaker != Speaker::Tool {
        message.rest.extend(metadata);
        message.rest.extend(rest(&mut body));
        // What every message has: it is finished, it counts, it is for all.
        let usual =
            [("status", "finished_successfully"), ("weight", "1.0"), ("end_turn", "true"), ("channel", "final")];
        for (key, value) in rest(&mut row) {
            if !usual.contains(&(key.as_str(), value.as_str())) {
                message.rest.insert(key, value);
            }
        }
        message.rest.extend(rest(&mut author).into_iter().map(|(key, value)| (format!("author.{key}"), value)));
    }
    message.raw = raw_is_kept.then(|| raw.to_owned());
    Ok(message)
}
