//! WildChat: conversations of volunteers with ChatGPT, without ratings.
//!
//! `{conversation_hash, model, timestamp, conversation: [{role, content, turn_identifier, toxic, …}], hashed_ip, …}`;
//! WildChat-nontoxic says `conversation_id`. The hash is of the content, so equal conversations share it: the number
//! of the first turn tells them apart. `hashed_ip` stands for the user; what was sent in the headers of the browser
//! is kept once, with the session.

use super::{Chat, Invented, id_of, is_flagged, lists_objects_with, messages, model_and_version, most, rest, turns};
use crate::{
    Detected, Out, Role, RowReader,
    row::{Cell, Reason, Row},
};
use hearback_domain::{Record, SessionRecord, TurnRecord};

pub static WILDCHAT: Chat = Chat {
    name: "wildchat",
    title: "WildChat",
    detect: |sample| {
        let chat = |row: &Row<'_>| {
            (row.has("conversation_hash") || row.has("conversation_id") && row.has("detoxify_moderation"))
                && lists_objects_with(row.get("conversation"), &["role", "content"])
        };
        most(sample, chat).then(|| {
            let reason = "records have a conversation with its hash and what moderation said";
            Detected::new(0.95, reason, Role::Turns, "WildChat conversations")
        })
    },
    reader: || Box::<Rows>::default(),
};

#[derive(Default)]
struct Rows(Invented);

/// What every message says about where its writer was: once for the session.
const OF_THE_USER: &[&str] = &["country", "state", "header"];

impl RowReader for Rows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        let cell = row.take("conversation");
        let mut list = messages::list(&cell, "conversation")?;
        row.take("ip");
        let hash = match id_of(row, &["conversation_hash", "conversation_id"])? {
            Some(id) => id,
            None => self.0.id([&cell]),
        };
        let first = list.iter().find_map(|message| message.rest.get("turn_identifier")).cloned();
        let id = match first {
            Some(number) => super::checked_id(format!("{hash}-{number}"))?,
            None => hash.clone(),
        };
        let mut session = SessionRecord { id: id.clone(), ..SessionRecord::default() };
        session.user_id = id_of(row, &["hashed_ip"])?;
        for key in OF_THE_USER {
            super::moved(row, key, &mut session.metadata);
        }
        let mut flags: Vec<String> = Vec::new();
        for (key, tag) in [("toxic", "toxic"), ("redacted", "redacted")] {
            if matches!(row.get(key), Some(Cell::Bool(true))) {
                flags.push(tag.to_owned());
            }
        }
        if is_flagged(row.get("openai_moderation")) {
            flags.push("flagged".to_owned());
        }
        for message in &mut list {
            if let Some(hashed) = message.rest.remove("hashed_ip") {
                match &session.user_id {
                    None => session.user_id = Some(super::checked_id(hashed)?),
                    Some(known) if *known != hashed => drop(message.rest.insert("hashed_ip".into(), hashed)),
                    Some(_) => {}
                }
            }
            if let Some(number) = message.rest.remove("turn_identifier") {
                message.id = Some(super::checked_id(format!("{hash}/{number}"))?);
            }
            for key in OF_THE_USER {
                if let Some(text) = message.rest.remove(*key)
                    && *session.metadata.entry((*key).to_owned()).or_insert_with(|| text.clone()) != text
                {
                    message.rest.insert((*key).to_owned(), text);
                }
            }
            for key in ["toxic", "redacted"] {
                match message.rest.get(key).map(String::as_str) {
                    Some("true") => message.tags.push(key.to_owned()),
                    Some("false") => {}
                    _ => continue,
                }
                message.rest.remove(key);
            }
        }
        let mut base = TurnRecord { id: id.clone(), session_id: Some(id), ..TurnRecord::default() };
        base.user_id.clone_from(&session.user_id);
        // Older sets say it of the whole only.
        if list.iter().all(|message| message.tags.is_empty()) {
            base.tags = flags;
        }
        if let Some(name) = id_of(row, &["model"])? {
            let (model, version) = model_and_version(&name);
            (base.model, base.model_version) = (Some(model), Some(version));
        }
        // Of the last turn; the messages have their own where the set is recent.
        let ended = row.time(&["timestamp"])?;
        session.started_at = list.iter().find_map(|message| message.created_at).or(ended);
        session.metadata.insert("conversation_hash".into(), hash);
        for (key, value) in rest(row) {
            session.metadata.entry(key).or_insert(value);
        }
        out.push(Record::Session(session));
        let mut turns = turns::turns(list, &base, out);
        if let Some(last) = turns.last_mut() {
            last.created_at = last.created_at.or(ended);
        }
        for turn in turns {
            out.push(Record::Turn(turn));
        }
        Ok(())
    }
}
