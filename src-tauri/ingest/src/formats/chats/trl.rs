//! Pairs for preference training, as TRL (and with it most training code) reads them: `prompt`, `chosen`, `rejected`.
//!
//! All three are texts, or lists of messages; without a prompt, both lists hold the whole conversation. Scores that
//! somebody gave both answers stay in the metadata: their scale is nowhere said.

use super::{
    Chat, Invented, has_all, id_of,
    messages::{self, Message, Speaker},
    most, nested,
    pair::{self, Side, Verdict},
    rest, what,
};
use crate::{
    Detected, Out, Role, RowReader,
    row::{self, Cell, Reason, Row},
};
use hearback_domain::{FeedbackRecord, FeedbackType, TurnRecord};

pub static TRL: Chat = Chat {
    name: "trl-dpo",
    title: "TRL preferences",
    detect: |sample| {
        most(sample, |row| has_all(row, &["chosen", "rejected"])).then(|| {
            let reason = "records have a chosen and a rejected answer";
            Detected::new(0.8, reason, Role::Mixed, "TRL preferences")
        })
    },
    reader: || Box::<Rows>::default(),
};

#[derive(Default)]
struct Rows(Invented);

impl RowReader for Rows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        let (chosen, rejected) = (row.take("chosen"), row.take("rejected"));
        let prompt = row.take_any(&["prompt", "messages", "conversations", "question", "query", "instruction"]);
        let system = row.text("system");
        let id = match id_of(row, &["id", "prompt_id"])? {
            Some(id) => id,
            None => self.0.id([&prompt, &chosen, &rejected]),
        };
        let mut history: Vec<Message> =
            system.map(|system| Message::new(Speaker::System, Some(system))).into_iter().collect();
        history.extend(said(&prompt, "prompt", Speaker::User)?);
        let created_at = row.time(&["created_at", "timestamp"])?;
        let base = TurnRecord { id: id.clone(), session_id: Some(id.clone()), created_at, ..TurnRecord::default() };
        let mut unused = None;
        let mut side = |name: &'static str, cell: &Cell<'_>| -> Result<Side, Reason> {
            if cell.is_null() {
                return Err(format!("{name} is missing"));
            }
            let answer = said(cell, name, Speaker::Assistant)?;
            // Some sets repeat the prompt within the answers.
            let repeats = answer.iter().any(|message| message.speaker == Speaker::User);
            if let Some(asked) = history.last().filter(|asked| repeats && asked.speaker == Speaker::User) {
                let said_again = answer.iter().any(|message| message.text == asked.text);
                unused = unused.take().or_else(|| asked.text.clone().filter(|_| !said_again));
            }
            let mut messages = if repeats {
                history.iter().filter(|message| message.speaker == Speaker::System).cloned().collect()
            } else {
                history.clone()
            };
            messages.extend(answer);
            Ok(Side { name, messages, base: base.clone(), label: name.to_owned() })
        };
        let sides = [side("chosen", &chosen)?, side("rejected", &rejected)?];
        let mut feedback = FeedbackRecord::new(id, FeedbackType::Preference);
        feedback.created_at = created_at;
        row::spread(&row.take("metadata"), "metadata", &mut feedback.metadata)?;
        feedback.metadata.extend(unused.map(|prompt| ("prompt".to_owned(), prompt)));
        feedback.metadata.extend(rest(row));
        pair::push(sides, Verdict::First, &feedback, out)
    }
}

/// A text that `speaker` said, or messages.
fn said(cell: &Cell<'_>, name: &str, speaker: Speaker) -> Result<Vec<Message>, Reason> {
    match cell {
        Cell::Null => Ok(Vec::new()),
        // An answer may be a list of its own, as text: only messages make it a conversation.
        Cell::Text(text) if nested(cell).is_none() || !text.contains("role") && !text.contains("from") => {
            Ok(vec![Message::new(speaker, Some(text.to_string()))])
        }
        Cell::Text(text) => {
            Ok(messages::list(cell, name).unwrap_or_else(|_| vec![Message::new(speaker, Some(text.to_string()))]))
        }
        Cell::Nested(_) => messages::list(cell, name),
        other => Err(format!("{name} is {}, neither a text nor a list of messages", what(other))),
    }
}
