//! Chats as they are sent to, and trained for, OpenAI's models (and everybody's who took over the form).
//!
//! A record is `{"messages": [{role, content}, …]}` with `tools` and `metadata` where there are any. It carries no
//! feedback of its own; what people add (`rating`, `feedback`, `score`) is about the last answer of the record.
//! Preferences are `{"input": {"messages"}, "preferred_output": […], "non_preferred_output": […]}`.

use super::{
    Chat, Invented, extras, has_all, id_of, lists_objects_with, messages, model_and_version, most, nested,
    pair::{self, Side, Verdict},
    rest, tags_of, turns, what,
};
use crate::{
    Detected, Out, Role, RowReader,
    row::{self, Reason, Row},
};
use hearback_domain::{FeedbackRecord, FeedbackType, Record, SessionRecord, TurnRecord};

pub static OPENAI_CHAT: Chat = Chat {
    name: "openai-chat",
    title: "OpenAI chat",
    detect: |sample| {
        let chat = |row: &Row<'_>| lists_objects_with(row.get("messages"), &["role"]);
        most(sample, chat).then(|| {
            let rated = sample.rows.iter().any(extras::speaks);
            let role = if rated { Role::Mixed } else { Role::Turns };
            Detected::new(0.7, "records have messages, each with a role", role, "OpenAI chat messages")
        })
    },
    reader: || Box::<ChatRows>::default(),
};

pub static OPENAI_PREFERENCE: Chat = Chat {
    name: "openai-preference",
    title: "OpenAI preferences",
    detect: |sample| {
        most(sample, |row| has_all(row, &["input", "preferred_output", "non_preferred_output"])).then(|| {
            let reason = "records have an input, a preferred_output and a non_preferred_output";
            Detected::new(0.96, reason, Role::Mixed, "OpenAI preferences")
        })
    },
    reader: || Box::<PreferenceRows>::default(),
};

#[derive(Default)]
struct ChatRows(Invented);

impl RowReader for ChatRows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        let cell = row.take("messages");
        let list = messages::list(&cell, "messages")?;
        let id = match id_of(row, &["id", "conversation_id", "session_id", "thread_id", "chat_id"])? {
            Some(id) => id,
            None => self.0.id([&cell]),
        };
        let mut base = TurnRecord { id: id.clone(), session_id: Some(id.clone()), ..TurnRecord::default() };
        if let Some(name) = id_of(row, &["model"])? {
            let (model, version) = model_and_version(&name);
            (base.model, base.model_version) = (Some(model), Some(version));
        }
        base.user_id = id_of(row, &["user_id", "user"])?;
        base.environment = id_of(row, &["environment"])?;
        base.tags = tags_of(row, "tags")?;
        let mut session = SessionRecord { id: id.clone(), user_id: base.user_id.clone(), ..SessionRecord::default() };
        session.started_at = row.time(&["created_at", "timestamp", "created", "create_time"])?;
        row::spread(&row.take("metadata"), "metadata", &mut session.metadata)?;

        let mut turns = turns::turns(list, &base, out);
        if let ([only], Some(started)) = (turns.as_mut_slice(), session.started_at) {
            only.created_at.get_or_insert(started);
        }
        let about = |turn: &TurnRecord, id: String| {
            let mut feedback = FeedbackRecord::new(id, FeedbackType::Rating);
            feedback.session_id.clone_from(&turn.session_id);
            feedback.turn_id = Some(turn.id.clone());
            feedback.user_id.clone_from(&turn.user_id);
            feedback
        };
        for turn in &mut turns {
            let mut further = Row::new(
                std::mem::take(&mut turn.metadata)
                    .into_iter()
                    .map(|(key, value)| {
                        let cell = if value.starts_with(['{', '[']) {
                            row::Cell::Nested(value.into())
                        } else {
                            row::Cell::Text(value.into())
                        };
                        (key.into(), cell)
                    })
                    .collect(),
            );
            extras::push(&mut further, &about(turn, format!("{}/feedback", turn.id)), out)?;
            turn.metadata = rest(&mut further);
        }
        if let Some(last) = turns.last() {
            let mut about = about(last, format!("{id}/feedback"));
            about.created_at = session.started_at;
            extras::push(row, &about, out)?;
        }
        session.metadata.extend(rest(row));
        out.push(Record::Session(session));
        for turn in turns {
            out.push(Record::Turn(turn));
        }
        Ok(())
    }
}

#[derive(Default)]
struct PreferenceRows(Invented);

impl RowReader for PreferenceRows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        let (input, better, worse) =
            (row.take("input"), row.take("preferred_output"), row.take("non_preferred_output"));
        let id = match id_of(row, &["id"])? {
            Some(id) => id,
            None => self.0.id([&input, &better, &worse]),
        };
        let Some(text) = nested(&input) else {
            return Err(format!("input is {}, not an object with messages", what(&input)));
        };
        let history = if text.starts_with('{') {
            let mut inner = Row::from_json_text(&text)?;
            let list = messages::list(&inner.take("messages"), "input.messages")?;
            for (field, _) in inner.leftovers() {
                // The tools that the model was offered.
                out.unmapped(format!("input.{field}"));
            }
            list
        } else {
            messages::list(&input, "input")?
        };
        let created_at = row.time(&["created_at", "timestamp"])?;
        let base = TurnRecord { id: id.clone(), session_id: Some(id.clone()), created_at, ..TurnRecord::default() };
        let side = |name: &'static str, cell: &row::Cell<'_>| -> Result<Side, Reason> {
            let mut messages = history.clone();
            messages.extend(messages::list(cell, name)?);
            let label = name.trim_end_matches("_output").to_owned();
            Ok(Side { name, messages, base: base.clone(), label })
        };
        let sides = [side("preferred_output", &better)?, side("non_preferred_output", &worse)?];
        let mut feedback = FeedbackRecord::new(id, FeedbackType::Preference);
        feedback.created_at = created_at;
        row::spread(&row.take("metadata"), "metadata", &mut feedback.metadata)?;
        feedback.metadata.extend(rest(row));
        pair::push(sides, Verdict::First, &feedback, out)
    }
}
