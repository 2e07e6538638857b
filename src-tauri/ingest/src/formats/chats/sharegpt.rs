//! ShareGPT: `{"id", "conversations": [{"from": "human", "value": …}, {"from": "gpt", …}]}`.
//!
//! The form in which most open conversations are passed on. No feedback, no times, seldom a model.

use super::{Chat, Invented, id_of, lists_objects_with, messages, model_and_version, most, rest, turns};
use crate::{
    Detected, Out, Role, RowReader,
    row::{Reason, Row},
};
use hearback_domain::{Record, SessionRecord, TurnRecord};

pub static SHAREGPT: Chat = Chat {
    name: "sharegpt",
    title: "ShareGPT",
    detect: |sample| {
        let chat = |row: &Row<'_>| {
            let list = row.get("conversations");
            lists_objects_with(list, &["from", "value"]) || lists_objects_with(list, &["role", "content"])
        };
        most(sample, chat).then(|| {
            let reason = "records have conversations of messages with from and value";
            Detected::new(0.85, reason, Role::Turns, "ShareGPT conversations")
        })
    },
    reader: || Box::<Rows>::default(),
};

#[derive(Default)]
struct Rows(Invented);

impl RowReader for Rows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        let cell = row.take("conversations");
        let mut list = messages::list(&cell, "conversations")?;
        let id = match id_of(row, &["id", "conversation_id"])? {
            Some(id) => id,
            None => self.0.id([&cell]),
        };
        if let Some(system) = row.text("system") {
            list.insert(0, messages::Message::new(messages::Speaker::System, Some(system)));
        }
        let mut base = TurnRecord { id: id.clone(), session_id: Some(id.clone()), ..TurnRecord::default() };
        if let Some(name) = id_of(row, &["model"])? {
            let (model, version) = model_and_version(&name);
            (base.model, base.model_version) = (Some(model), Some(version));
        }
        let mut session = SessionRecord { id, ..SessionRecord::default() };
        session.started_at = row.time(&["created_at", "timestamp", "create_time"])?;
        session.metadata = rest(row);
        out.push(Record::Session(session));
        for turn in turns::turns(list, &base, out) {
            out.push(Record::Turn(turn));
        }
        Ok(())
    }
}
