//! The raw log of a FastChat server: every answer and every vote, as it happened.
//!
//! A line is `{tstamp, type, model, state, ip}` or, where two models answer side by side, `{tstamp, type, models, states,
//! ip}`. `state.messages` are `[role, text]` pairs; the conversation's id is `state.conv_id`, so that answers and votes
//! meet. `chat` is an answer; `upvote`, `downvote` thumbs; `flag` a category; `leftvote`, `rightvote`, `tievote` and
//! `bothbad_vote` preferences. The address in `ip` is not kept.

use super::{
    Chat, Invented, cell_of, elements, id_of,
    messages::{Message, Speaker},
    model_and_version, most, nested,
    pair::{self, Verdict},
    rest, turns, what,
};
use crate::{
    Detected, Out, Role, RowReader, kind,
    row::{Cell, Reason, Row, shorten},
};
use hearback_domain::{FeedbackRecord, FeedbackType, Polarity, Record, Timestamp, TurnRecord, record::Weight};

pub static FASTCHAT: Chat = Chat {
    name: "fastchat",
    title: "FastChat log",
    detect: |sample| {
        let line = |row: &Row<'_>| row.has("tstamp") && row.has("type") && (row.has("state") || row.has("states"));
        most(sample, line).then(|| {
            let reason = "records have tstamp, type and the state of a conversation";
            Detected::new(0.95, reason, Role::Mixed, "FastChat log")
                .note("the addresses of the users (ip) are not imported")
        })
    },
    reader: || Box::<Rows>::default(),
};

#[derive(Default)]
struct Rows(Invented);

impl RowReader for Rows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        row.take("ip");
        let Cell::Text(kind) = row.take("type") else { return Err("a line of the log has no type".into()) };
        let at = row.time(&["tstamp"])?;
        let started = row.time(&["start"])?;
        let finished = row.time(&["finish"])?;
        let models = row.take("models");
        let mut names: Vec<Option<String>> = match super::nested(&models) {
            Some(list) => elements(&list)?.into_iter().map(|raw| cell_of(raw).into_text()).collect(),
            None => vec![models.into_text()],
        };
        if let Some(name) = row.word("model") {
            names = vec![Some(name)];
        }
        let (state, states) = (row.take("state"), row.take("states"));
        let states: Vec<Cell<'_>> = match (nested(&state), nested(&states)) {
            (Some(text), _) => vec![Cell::Nested(text.into_owned().into())],
            (None, Some(list)) => elements(&list)?.into_iter().map(|raw| cell_of(raw).into_owned()).collect(),
            (None, None) => return Err("a line of the log has no state".into()),
        };
        let is_chat = kind.as_ref() == "chat";
        let mut lasts = Vec::new();
        let mut turns = Vec::new();
        for (place, state) in states.iter().enumerate() {
            let name = names.get(place).cloned().flatten();
            let mut conversation = self.conversation(state, name, out)?;
            let Some(last) = conversation.last_mut() else {
                return Err("the state holds no message of a user or an assistant".into());
            };
            last.created_at = started.or(at).filter(|_| is_chat || last.created_at.is_none());
            if is_chat {
                last.latency_ms = started.zip(finished).map(|(start, end)| milliseconds(start, end));
            }
            if !is_chat {
                // The vote came after the answer: the line that logged the answer knows better.
                conversation.iter_mut().for_each(|turn| turn.weight = Weight::Fill);
            }
            lasts.extend(conversation.last().cloned());
            turns.extend(conversation);
        }
        let mut further = rest(row);
        if names.len() > states.len() {
            further.insert("models".into(), names.iter().flatten().cloned().collect::<Vec<_>>().join(";"));
        }
        let mut feedback = FeedbackRecord::new("", FeedbackType::Thumb);
        feedback.created_at = at;
        feedback.score_name = Some("vote".into());
        feedback.metadata.clone_from(&further);
        let records = votes(&kind, &lasts, feedback, out)?;
        if let (None, Some(turn)) = (&records, turns.last_mut()) {
            turn.metadata.append(&mut further);
            if !is_chat {
                // A button of a later version: the conversation is worth keeping, and the word is told.
                out.unmapped("type of an unknown event");
                turn.metadata.insert("type".into(), kind.into_owned());
            }
        }
        let records = records.into_iter().flatten();
        turns.into_iter().map(Record::Turn).chain(records).for_each(|record| out.push(record));
        Ok(())
    }
}

fn milliseconds(start: Timestamp, end: Timestamp) -> i64 {
    end.micros().saturating_sub(start.micros()) / 1000
}

/// What the line says about the answers that came last, if anything.
fn votes(
    kind: &str,
    lasts: &[TurnRecord],
    mut feedback: FeedbackRecord,
    out: &mut Out,
) -> Result<Option<Vec<Record>>, Reason> {
    let verdict = kind.ends_with("vote").then(|| Verdict::of(kind)).flatten();
    if let Some(verdict) = verdict {
        let [left, right] = lasts else { return Err(format!("{kind} needs two states, here are {}", lasts.len())) };
        let ids = [format!("{}/{kind}", left.id), format!("{}/{kind}", right.id)];
        pair::verdicts([left, right], ids, [kind.to_owned(), kind.to_owned()], verdict, &feedback, out);
        return Ok(Some(Vec::new()));
    }
    match kind {
        "upvote" => feedback.score = Some(1.0),
        "downvote" => feedback.score = Some(0.0),
        "flag" => {
            feedback.feedback_type = FeedbackType::Category;
            feedback.score_name = Some("flag".into());
            feedback.polarity = Some(Polarity::Negative);
            feedback.reasons = vec!["flag".into()];
        }
        other if kind::is_behaviour(other) => {
            feedback.feedback_type = FeedbackType::Implicit;
            feedback.score_name = Some("event".into());
        }
        _ => return Ok(None),
    }
    feedback.label = Some(kind.to_owned());
    let about = |turn: &TurnRecord| {
        let mut feedback = feedback.clone();
        feedback.id = format!("{}/{kind}", turn.id);
        feedback.turn_id = Some(turn.id.clone());
        feedback.session_id.clone_from(&turn.session_id);
        feedback.model.clone_from(&turn.model);
        feedback.model_version.clone_from(&turn.model_version);
        Record::Feedback(feedback)
    };
    Ok(Some(lasts.iter().map(about).collect()))
}

impl Rows {
    fn conversation(
        &mut self,
        cell: &Cell<'_>,
        name: Option<String>,
        out: &mut Out,
    ) -> Result<Vec<TurnRecord>, Reason> {
        let Some(text) = nested(cell).filter(|text| text.starts_with('{')) else {
            return Err(format!("a state is {}, not an object", what(cell)));
        };
        let mut state = Row::from_json_text(&text)?;
        let id = match id_of(&mut state, &["conv_id"])? {
            Some(id) => id,
            None => self.0.id([cell]),
        };
        let asked_for = name.filter(|name| !name.trim().is_empty());
        let name = match id_of(&mut state, &["model_name"])? {
            Some(name) => Some(name),
            None => asked_for.clone().map(super::checked_id).transpose()?,
        };
        let system = state.take_any(&["system_message", "system"]).into_text().filter(|text| !text.is_empty());
        let roles = state.words("roles");
        let offset = usize::try_from(state.integer("offset")?.unwrap_or(0)).unwrap_or(0);
        let list = state.take("messages");
        let Some(list) = nested(&list).filter(|list| list.starts_with('[')) else {
            return Err(format!("state.messages is {}, not a list", what(&list)));
        };
        let mut messages: Vec<Message> =
            system.map(|system| Message::new(Speaker::System, Some(system))).into_iter().collect();
        let mut examples = Vec::new();
        for (place, raw) in elements(&list)?.into_iter().enumerate() {
            if place < offset {
                // Examples that belong to the template, not to what the user said.
                examples.push(raw.get());
                continue;
            }
            messages.push(pair_of(&cell_of(raw), &roles, place)?);
        }
        let mut further = rest(&mut state);
        if !examples.is_empty() {
            further.insert("examples".into(), format!("[{}]", examples.join(",")));
        }
        if asked_for != name {
            further.extend(asked_for.map(|name| ("model".to_owned(), name)));
        }
        if roles.iter().any(|role| Speaker::of(role).is_none()) {
            further.insert("roles".into(), roles.join(";"));
        }
        let (model, version) = name.as_deref().map(model_and_version).unzip();
        let base =
            TurnRecord { id: id.clone(), session_id: Some(id), model, model_version: version, ..TurnRecord::default() };
        let mut turns = turns::turns(messages, &base, out);
        if let Some(last) = turns.last_mut() {
            last.metadata.append(&mut further);
        }
        Ok(turns)
    }
}

/// `["USER", "…"]`; with images, the text is a list that begins with the text.
fn pair_of(cell: &Cell<'_>, roles: &[String], place: usize) -> Result<Message, Reason> {
    let broken = || format!("message {} of a state is no pair of role and text", place + 1);
    let text = nested(cell).filter(|text| text.starts_with('[')).ok_or_else(broken)?;
    let pair = elements(&text)?;
    let [role, said] = pair.as_slice() else { return Err(broken()) };
    let Cell::Text(role) = cell_of(role) else { return Err(broken()) };
    let speaker = match roles.iter().position(|known| *known == role) {
        Some(0) => Some(Speaker::User),
        Some(_) => Some(Speaker::Assistant),
        None => Speaker::of(&role),
    };
    let speaker = speaker.ok_or_else(|| format!("message {} is by {}, which is no role", place + 1, shorten(&role)))?;
    let mut message = Message::new(speaker, None);
    match cell_of(said) {
        Cell::Nested(list) if list.starts_with('[') => {
            let parts = elements(&list)?;
            message.text = parts.first().and_then(|first| cell_of(first).into_text());
            if parts.len() > 1 {
                let others: Vec<&str> = parts[1..].iter().map(|part| part.get()).collect();
                message.rest.insert("content_parts".into(), format!("[{}]", others.join(",")));
            }
        }
        other => message.text = other.into_text(),
    }
    Ok(message)
}
