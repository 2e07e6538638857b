//! LMSYS-Chat-1M: conversations with many models, without feedback and without times.
//!
//! `{conversation_id, model, conversation: [{role, content}], turn, language, openai_moderation, redacted}`.

use super::{
    Chat, Invented, has_all, id_of, is_flagged, lists_objects_with, messages, model_and_version, most, rest, turns,
};
use crate::{
    Detected, Out, Role, RowReader,
    row::{Cell, Reason, Row},
};
use hearback_domain::{Record, SessionRecord, TurnRecord};

pub static LMSYS_CHAT: Chat = Chat {
    name: "lmsys-chat",
    title: "LMSYS-Chat",
    detect: |sample| {
        let chat = |row: &Row<'_>| {
            has_all(row, &["conversation_id", "conversation", "model"])
                && (row.has("redacted") || row.has("openai_moderation") || row.has("turn"))
                && !row.has("detoxify_moderation")
                && lists_objects_with(row.get("conversation"), &["role", "content"])
        };
        most(sample, chat).then(|| {
            let reason = "records have conversation_id, model, turn and redacted";
            Detected::new(0.93, reason, Role::Turns, "LMSYS-Chat conversations")
        })
    },
    reader: || Box::<Rows>::default(),
};

#[derive(Default)]
struct Rows(Invented);

impl RowReader for Rows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        let cell = row.take("conversation");
        let list = messages::list(&cell, "conversation")?;
        let id = match id_of(row, &["conversation_id"])? {
            Some(id) => id,
            None => self.0.id([&cell]),
        };
        let mut base = TurnRecord { id: id.clone(), session_id: Some(id.clone()), ..TurnRecord::default() };
        if let Some(name) = id_of(row, &["model"])? {
            let (model, version) = model_and_version(&name);
            (base.model, base.model_version) = (Some(model), Some(version));
        }
        if matches!(row.get("redacted"), Some(Cell::Bool(true))) {
            base.tags.push("redacted".into());
        }
        if is_flagged(row.get("openai_moderation")) {
            base.tags.push("flagged".into());
        }
        let mut session = SessionRecord { id, ..SessionRecord::default() };
        session.started_at = row.time(&["timestamp", "tstamp"])?;
        session.metadata = rest(row);
        out.push(Record::Session(session));
        for turn in turns::turns(list, &base, out) {
            out.push(Record::Turn(turn));
        }
        Ok(())
    }
}
