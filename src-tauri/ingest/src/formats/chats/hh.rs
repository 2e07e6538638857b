//! hh-rlhf: two transcripts as texts, alike up to the last answer, of which people preferred one.
//!
//! `{"chosen": "\n\nHuman: …\n\nAssistant: …", "rejected": …}`. The speakers are in the text; nothing says when, who or
//! with which model.

use super::{
    Chat, Invented, has_all,
    messages::{Message, Speaker},
    most,
    pair::{self, Side, Verdict},
    rest, what,
};
use crate::{
    Detected, Out, Role, RowReader,
    row::{Cell, Reason, Row},
};
use hearback_domain::{FeedbackRecord, FeedbackType, TurnRecord};

const HUMAN: &str = "\n\nHuman:";
const ASSISTANT: &str = "\n\nAssistant:";

pub static HH_RLHF: Chat = Chat {
    name: "hh-rlhf",
    title: "hh-rlhf",
    detect: |sample| {
        let transcript = |cell: Option<&Cell<'_>>| matches!(cell, Some(Cell::Text(text)) if begins(text));
        let pair = |row: &Row<'_>| {
            has_all(row, &["chosen", "rejected"]) && transcript(row.get("chosen")) && transcript(row.get("rejected"))
        };
        most(sample, pair).then(|| {
            let reason = "chosen and rejected are transcripts with Human: and Assistant:";
            Detected::new(0.95, reason, Role::Mixed, "hh-rlhf preferences")
        })
    },
    reader: || Box::<Rows>::default(),
};

/// Tables lose the empty lines before the first speaker.
fn begins(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with(HUMAN.trim_start()) || text.starts_with(ASSISTANT.trim_start())
}

#[derive(Default)]
struct Rows(Invented);

impl RowReader for Rows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        let (chosen, rejected) = (row.take("chosen"), row.take("rejected"));
        let id = self.0.id([&chosen, &rejected]);
        let base = TurnRecord { id: id.clone(), session_id: Some(id.clone()), ..TurnRecord::default() };
        let side = |name: &'static str, cell: &Cell<'_>| -> Result<Side, Reason> {
            Ok(Side { name, messages: transcript(cell, name)?, base: base.clone(), label: name.to_owned() })
        };
        let sides = [side("chosen", &chosen)?, side("rejected", &rejected)?];
        let mut feedback = FeedbackRecord::new(id, FeedbackType::Preference);
        feedback.metadata.extend(rest(row));
        pair::push(sides, Verdict::First, &feedback, out)
    }
}

/// Splits a transcript at its speakers. Of each message one space after the colon is the transcript's own.
pub(super) fn transcript(cell: &Cell<'_>, name: &str) -> Result<Vec<Message>, Reason> {
    let Cell::Text(text) = cell else {
        return Err(format!("{name} is {}, not a transcript", what(cell)));
    };
    if !begins(text) {
        return Err(format!("{name} does not begin with Human: or Assistant:"));
    }
    let text = text.trim_start();
    let mut starts: Vec<(usize, usize, Speaker)> = Vec::new();
    for (marker, speaker) in [(HUMAN, Speaker::User), (ASSISTANT, Speaker::Assistant)] {
        let bare = marker.trim_start();
        if text.starts_with(bare) {
            starts.push((0, bare.len(), speaker));
        }
        starts.extend(text.match_indices(marker).map(|(place, found)| (place, place + found.len(), speaker)));
    }
    starts.sort_unstable_by_key(|(place, ..)| *place);
    let ends = starts.iter().skip(1).map(|(place, ..)| *place).chain([text.len()]);
    Ok(starts
        .iter()
        .zip(ends)
        .map(|((_, begin, speaker), end)| {
            let said = text.get(*begin..end).unwrap_or_default();
            Message::new(*speaker, Some(said.strip_prefix(' ').unwrap_or(said).to_owned()))
        })
        .collect())
}
