//! A ticket with its description, public comments and rating.

use serde_json::Value;

use super::{satisfaction, session_id};
use crate::{
    Out,
    row::{Reason, Row, plain_text},
    time,
};
use hearback_domain::{Record, SessionRecord, Timestamp, TurnRecord};

pub(super) fn read(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let number = row.word("id").ok_or("a ticket needs an id")?;
    let session = session_id(&number);
    let created_at = row.time(&["created_at"])?;
    let updated_at = row.time(&["updated_at"])?;
    let requester = match row.take("requester").to_json() {
        Value::Object(person) => person.get("id").and_then(plain_text),
        _ => None,
    };
    let requester = row.word("requester_id").or(requester);
    let mut about = SessionRecord {
        id: session.clone(),
        started_at: created_at,
        user_id: requester.clone(),
        ..SessionRecord::default()
    };
    for key in [
        "subject",
        "status",
        "priority",
        "type",
        "assignee_id",
        "organization_id",
        "group_id",
        "brand_id",
        "ticket_form_id",
        "external_id",
        "problem_id",
        "satisfaction_probability",
    ] {
        about.metadata.extend(row.word(key).map(|value| (key.to_owned(), value)));
    }
    for key in ["custom_fields", "fields"] {
        custom_fields(&row.take(key).to_json(), &mut about);
    }
    // The address it came in by is a person's; the rest is the tool's own bookkeeping.
    if let Some(channel) = row.take("via").to_json().get("channel").and_then(plain_text) {
        about.metadata.insert("channel".into(), channel);
    }
    for key in [
        "url",
        "raw_subject",
        "recipient",
        "submitter_id",
        "has_incidents",
        "is_public",
        "allow_channelback",
        "allow_attachments",
        "forum_topic_id",
        "due_at",
        "sharing_agreement_ids",
    ] {
        row.take(key);
    }
    let description = row.text("description");
    let comments = match row.take("comments").to_json() {
        Value::Array(comments) => comments,
        _ => Vec::new(),
    };
    let tags = row.words("tags");
    let mut trail = Trail { session: &session, number: 0, turns: Vec::new() };
    let opens = comments.first().and_then(|first| first.get("body")).and_then(Value::as_str);
    if let Some(description) = description.filter(|text| opens != Some(text.as_str())) {
        trail.asked(description, created_at);
    }
    for comment in &comments {
        let text = |key: &str| comment.get(key).and_then(plain_text);
        if comment.get("public").and_then(Value::as_bool) == Some(false) {
            out.unmapped("comments (internal)");
            continue;
        }
        let Some(body) = text("body").or_else(|| text("plain_body")) else { continue };
        let at = text("created_at").and_then(|text| time::parse(&text));
        if trail.turns.is_empty() || requester.is_some() && text("author_id") == requester {
            trail.asked(body, at);
        } else {
            trail.answered(body, at);
        }
    }
    for mut turn in trail.turns {
        turn.user_id.clone_from(&requester);
        turn.tags.clone_from(&tags);
        out.push(Record::Turn(turn));
    }
    let rating = row.take("satisfaction_rating");
    if let Some(text) = rating.as_str().filter(|text| text.starts_with('{')) {
        let mut rating = Row::from_json_text(text)?;
        if rating.has("score") {
            let id = match rating.word("id") {
                Some(id) => format!("zendesk-rating-{id}"),
                None => format!("{session}/satisfaction"),
            };
            if let Some(mut feedback) = satisfaction(&mut rating, &id, &number)? {
                feedback.created_at = updated_at.or(created_at);
                feedback.user_id = requester;
                feedback.tags = tags;
                out.push(Record::Feedback(feedback));
            }
        }
    } else {
        about.metadata.extend(rating.into_text().map(|text| ("satisfaction_rating".to_owned(), text)));
    }
    out.push(Record::Session(about));
    Ok(())
}

/// `[{id, value}]`; the fields' names are not in the export.
fn custom_fields(value: &Value, about: &mut SessionRecord) {
    for field in value.as_array().into_iter().flatten() {
        if let (Some(id), Some(value)) = (field.get("id").and_then(plain_text), field.get("value").and_then(plain_text))
        {
            about.metadata.insert(format!("field_{id}"), value);
        }
    }
}

/// Questions and answers in turn.
struct Trail<'s> {
    session: &'s str,
    number: i64,
    turns: Vec<TurnRecord>,
}

impl Trail<'_> {
    fn asked(&mut self, text: String, at: Option<Timestamp>) {
        let turn = self.open(at);
        turn.query = Some(text);
    }

    fn answered(&mut self, text: String, at: Option<Timestamp>) {
        match self.turns.last_mut() {
            Some(turn) if turn.output.is_none() => turn.output = Some(text),
            _ => self.open(at).output = Some(text),
        }
    }

    fn open(&mut self, at: Option<Timestamp>) -> &mut TurnRecord {
        let position = self.number;
        self.number += 1;
        let turn = TurnRecord {
            id: format!("{}/{}", self.session, position + 1),
            session_id: Some(self.session.to_owned()),
            created_at: at,
            position: Some(position),
            ..TurnRecord::default()
        };
        self.turns.push(turn);
        let last = self.turns.len() - 1;
        &mut self.turns[last]
    }
}
