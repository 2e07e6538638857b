//! Open WebUI: what its users rated, with the whole chat around it.
//!
//! *Feedback history* is a list of `{id, data {rating 1 / -1, reason, comment, tags, details}, meta {chat_id, message_id},
//! snapshot}`; the snapshot is the chat as it was then, so one file holds the whole trail, and one chat appears in
//! many rows. *Chat export* is a list of chats, whose rated messages carry an `annotation`. Where in it the messages
//! stand differs by version, so they are searched for. Messages are a map with parents; answers that were made again
//! are alternatives of the turn (its metadata), not turns, unless they were rated or compared.

mod chat;

use chat::Chosen;

use super::{
    Chat, id_of, model_and_version, most, nested,
    pair::{self, Verdict},
    rest, tags_of, what,
};
use crate::{
    Detected, Out, Role, RowReader,
    row::{Cell, Reason, Row},
};
use hearback_domain::{FeedbackRecord, FeedbackType, Record, TurnRecord};

pub static OPEN_WEBUI: Chat = Chat {
    name: "open-webui",
    title: "Open WebUI",
    detect: |sample| {
        if most(sample, is_feedback) {
            let reason = "records have a rating in data, a chat in meta or a snapshot of it";
            return Some(Detected::new(0.96, reason, Role::Mixed, "Open WebUI feedback"));
        }
        most(sample, is_chat)
            .then(|| Detected::new(0.94, "records have the history of a chat", Role::Mixed, "Open WebUI chats"))
    },
    reader: || Box::new(Rows),
};

fn is_feedback(row: &Row<'_>) -> bool {
    let inner =
        |key: &str| row.get(key).and_then(nested).and_then(|text| Row::from_json_text(&text).ok().map(Row::into_owned));
    let Some(data) = inner("data") else { return false };
    data.has("rating")
        && (row.has("snapshot") || inner("meta").is_some_and(|meta| meta.has("chat_id") || meta.has("message_id")))
}

fn is_chat(row: &Row<'_>) -> bool {
    let text = |key: &str| matches!(row.get(key), Some(Cell::Nested(text)) if text.contains("\"history\""));
    (row.has("title") || row.has("user_id")) && text("chat")
        || matches!(row.get("history"), Some(Cell::Nested(text)) if text.contains("\"messages\"") && text.contains("\"parentId\""))
}

struct Rows;

impl RowReader for Rows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        if row.has("data") { feedback(row, out) } else { whole_chat(row, out) }
    }
}

fn feedback(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let id = id_of(row, &["id"])?.ok_or("a feedback needs an id")?;
    let data = row.take("data");
    let mut data = object(&data, "data")?;
    let meta = row.take("meta");
    let mut meta = if meta.is_null() { Row::default() } else { object(&meta, "meta")? };
    let mut feedback = FeedbackRecord::new(id, FeedbackType::Comment);
    feedback.created_at = row.time(&["created_at"])?;
    feedback.user_id = id_of(row, &["user_id"])?;
    if matches!(row.get("user"), Some(Cell::Nested(_)))
        && let Some(user) = nested(&row.take("user")).filter(|user| user.starts_with('{'))
    {
        // Of the account only who and which role: its name and e-mail address are not kept.
        let mut user = Row::from_json_text(&user)?;
        feedback.user_id = feedback.user_id.or(id_of(&mut user, &["id"])?);
        feedback.user_role = id_of(&mut user, &["role"])?;
    }
    feedback.session_id = id_of(&mut meta, &["chat_id"])?;
    feedback.turn_id = id_of(&mut meta, &["message_id"])?;
    let of_meta = id_of(&mut meta, &["model_id"])?;
    let model = id_of(&mut data, &["model_id"])?.or(of_meta);
    judgement(&mut data, &mut feedback)?;
    let siblings = data.words("sibling_model_ids");
    let arena = matches!(meta.get("arena"), Some(Cell::Bool(true)));
    if !siblings.is_empty() {
        feedback.metadata.insert("sibling_model_ids".into(), siblings.join(";"));
    }
    feedback.metadata.extend(rest(&mut data));
    feedback.metadata.extend(rest(&mut meta));
    let snapshot = row.take("snapshot");
    for (key, value) in rest(row) {
        feedback.metadata.entry(key).or_insert(value);
    }

    let mut records = Vec::new();
    let mut rated = None;
    let mut compared: Vec<TurnRecord> = Vec::new();
    if !snapshot.is_null() {
        let text = nested(&snapshot).filter(|text| text.starts_with('{'));
        let text = text.ok_or_else(|| format!("the snapshot is {}, not an object", what(&snapshot)))?;
        let chosen = Chosen { rated: feedback.turn_id.as_deref(), compared: if arena { &siblings } else { &[] } };
        let chat = chat::conversation(&text, feedback.session_id.as_deref(), &chosen, out)?;
        rated = chat.turns.iter().find(|turn| Some(&turn.id) == feedback.turn_id.as_ref()).cloned();
        if let Some(rated) = rated.as_ref().filter(|_| arena) {
            let same = |turn: &&TurnRecord| turn.query == rated.query && turn.position == rated.position;
            let names = |turn: &&TurnRecord| {
                turn.id != rated.id && turn.metadata.get("model_id").is_some_and(|id| siblings.contains(id))
            };
            compared = chat.turns.iter().filter(same).filter(names).cloned().collect();
        }
        records.push(Record::Session(chat.session));
        records.extend(chat.turns.into_iter().map(Record::Turn));
    }
    let named = model.as_deref().map(model_and_version);
    feedback.model = named.as_ref().map(|(model, _)| model.clone());
    feedback.model_version = named.map(|(_, version)| version);
    if let Some(turn) = rated.as_ref().filter(|turn| model.is_none() || turn.metadata.get("model_id") == model.as_ref())
    {
        feedback.model.clone_from(&turn.model);
        feedback.model_version.clone_from(&turn.model_version);
    }
    // Where the answer itself says another one, or is compared with others.
    let of_answer = rated.as_ref().and_then(|turn| turn.metadata.get("model_id"));
    if let Some(model) = model.filter(|model| rated.is_some() && of_answer != Some(model)) {
        feedback.metadata.insert("model_id".into(), model);
    }
    records.into_iter().for_each(|record| out.push(record));
    let compares = arena && !siblings.is_empty();
    match (feedback.score, rated, compared.is_empty()) {
        (Some(score), Some(rated), false) if compares => {
            let verdict = if score > 0.0 { Verdict::First } else { Verdict::Second };
            let label = score.to_string();
            for (place, other) in compared.iter().enumerate() {
                let first = if place == 0 { feedback.id.clone() } else { format!("{}/{}", feedback.id, place + 1) };
                let ids = [first, format!("{}/{}", feedback.id, other.id)];
                pair::verdicts([&rated, other], ids, [label.clone(), label.clone()], verdict, &feedback, out);
            }
        }
        _ => {
            if compares {
                // The answer that lost (or won) is not in the snapshot.
                feedback.feedback_type = FeedbackType::Preference;
            }
            out.push(Record::Feedback(feedback));
        }
    }
    Ok(())
}

fn whole_chat(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    // As one text again, since where the messages stand is not known.
    let entries: Vec<String> = row
        .cells()
        .map(|(key, cell)| {
            let value = match cell {
                Cell::Nested(text) => text.to_string(),
                other => other.to_json().to_string(),
            };
            format!("{}:{value}", serde_json::Value::from(key))
        })
        .collect();
    let json = format!("{{{}}}", entries.join(","));
    let id = id_of(row, &["id"])?;
    let chat = chat::conversation(&json, id.as_deref(), &Chosen::default(), out)?;
    row.drain().for_each(drop);
    out.push(Record::Session(chat.session));
    chat.turns.into_iter().map(Record::Turn).for_each(|turn| out.push(turn));
    chat.ratings.into_iter().map(Record::Feedback).for_each(|rating| out.push(rating));
    Ok(())
}

fn object<'c>(cell: &'c Cell<'_>, name: &str) -> Result<Row<'c>, Reason> {
    match cell {
        Cell::Nested(text) | Cell::Text(text) if text.starts_with('{') => Row::from_json_text(text),
        other => Err(format!("{name} is {}, not an object", what(other))),
    }
}

/// Rating, reason, comment, tags: the same in a feedback and in the annotation of a message.
fn judgement(data: &mut Row<'_>, feedback: &mut FeedbackRecord) -> Result<(), Reason> {
    feedback.score = data.number("rating")?;
    feedback.reasons = data.words("reason");
    feedback.comment = data.text("comment").filter(|text| !text.is_empty());
    feedback.tags = tags_of(data, "tags")?;
    let mut details = match data.take("details") {
        Cell::Null => Row::default(),
        cell => object(&cell, "details")?.into_owned(),
    };
    feedback.feedback_type = match feedback.score {
        Some(score) if [-1.0, 0.0, 1.0].contains(&score) => FeedbackType::Thumb,
        Some(_) => FeedbackType::Rating,
        None if feedback.comment.is_some() => FeedbackType::Comment,
        None if !feedback.reasons.is_empty() => FeedbackType::Category,
        None => return Err("it holds neither a rating nor a reason nor a comment".into()),
    };
    if feedback.score.is_some() {
        feedback.score_name = Some("rating".into());
    }
    // The 1 to 10 that says how good or bad the thumb meant it: the same act, so not a feedback of its own.
    feedback.metadata.extend(rest(&mut details).into_iter().map(|(key, value)| (format!("details.{key}"), value)));
    Ok(())
}
