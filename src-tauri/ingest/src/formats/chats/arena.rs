//! Votes of an arena: two models answered the same person side by side, who said which was better.
//!
//! `{question_id, model_a, model_b, winner, judge, conversation_a, conversation_b, language, tstamp, …}`, as LMSYS
//! published them; later sets say `id` and `timestamp`, and one set has `prompt`, `response_a`, `response_b` (lists of
//! texts) with `winner_model_a`, `winner_model_b`, `winner_tie` as 0 or 1. The vote is about the last answers.

use super::{
    Chat, Invented, cell_of, elements, has_all, id_of, is_flagged,
    messages::{self, Message, Speaker},
    model_and_version, most, nested,
    pair::{self, Side, Verdict},
    rest, what,
};
use crate::{
    Detected, Out, Role, RowReader,
    row::{Cell, Reason, Row, shorten},
};
use hearback_domain::{Author, FeedbackRecord, FeedbackType, TurnRecord};

pub static ARENA: Chat = Chat {
    name: "lmsys-arena",
    title: "LMSYS arena votes",
    detect: |sample| {
        let vote = |row: &Row<'_>| {
            has_all(row, &["model_a", "model_b", "conversation_a", "conversation_b"])
                || has_all(row, &["model_a", "model_b", "response_a", "response_b", "prompt"])
        };
        most(sample, vote).then(|| {
            let reason = "records have two models, two conversations and a winner";
            Detected::new(0.96, reason, Role::Mixed, "LMSYS arena votes")
        })
    },
    reader: || Box::<Rows>::default(),
};

#[derive(Default)]
struct Rows(Invented);

impl RowReader for Rows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        let (verdict, word) = verdict(row)?;
        let conversations = [row.take("conversation_a"), row.take("conversation_b")];
        let prompt = row.take("prompt");
        let responses = [row.take("response_a"), row.take("response_b")];
        let models = [id_of(row, &["model_a"])?, id_of(row, &["model_b"])?];
        let judge = row.take("judge");
        let turn = row.get("turn").cloned().unwrap_or_default();
        // Where questions have numbers, many people voted on the same one.
        let numbered = matches!(row.get("question_id"), Some(Cell::Number(_)));
        let named = id_of(row, &["question_id", "id"])?;
        let text = |text: &Option<String>| Cell::Text(text.clone().unwrap_or_default().into());
        let id = match named.clone() {
            Some(id) if !numbered => id,
            Some(id) => {
                let parts = [Cell::Text(id.clone().into()), text(&models[0]), text(&models[1]), judge.clone(), turn];
                format!("{id}/{}", self.0.id(&parts))
            }
            None => self.0.id(conversations.iter().chain([&prompt]).chain(&responses)),
        };

        let mut feedback = FeedbackRecord::new(id.clone(), FeedbackType::Preference);
        feedback.created_at = row.time(&["tstamp", "timestamp"])?;
        feedback.score_name = Some("winner".into());
        if let Some(judge) = judge.into_text().filter(|text| !text.trim().is_empty()) {
            if is_machine(&judge) {
                feedback.author = Author::Judge;
            }
            feedback.user_id = Some(super::checked_id(judge)?);
        }
        let mut tags = Vec::new();
        if is_flagged(row.get("openai_moderation")) {
            tags.push("flagged".to_owned());
        }
        if is_flagged(row.get("toxic_chat_tag")) {
            tags.push("toxic".to_owned());
        }
        feedback.tags.clone_from(&tags);
        feedback.metadata.extend(named.filter(|_| numbered).map(|id| ("question_id".to_owned(), id)));
        feedback.metadata.extend(rest(row));

        let side = |place: usize| -> Result<Side, Reason> {
            let name = ["a", "b"][place];
            let messages = if conversations[place].is_null() && !prompt.is_null() {
                interleaved(&prompt, &responses[place])?
            } else {
                messages::list(&conversations[place], ["conversation_a", "conversation_b"][place])?
            };
            let (model, model_version) = models[place]
                .as_deref()
                .map(model_and_version)
                .map_or((None, None), |(model, version)| (Some(model), Some(version)));
            let base = TurnRecord {
                id: id.clone(),
                session_id: Some(id.clone()),
                created_at: feedback.created_at,
                user_id: feedback.user_id.clone(),
                model,
                model_version,
                tags: tags.clone(),
                ..TurnRecord::default()
            };
            Ok(Side { name, messages, base, label: word.clone() })
        };
        pair::push([side(0)?, side(1)?], verdict, &feedback, out)
    }
}

fn verdict(row: &mut Row<'_>) -> Result<(Verdict, String), Reason> {
    match row.take("winner") {
        Cell::Text(word) => Verdict::of(&word)
            .map(|verdict| (verdict, word.to_string()))
            .ok_or_else(|| format!("there is no winner {}: model_a, model_b, tie, tie (bothbad)", shorten(&word))),
        Cell::Null => {
            let flags = [("winner_model_a", "model_a"), ("winner_model_b", "model_b"), ("winner_tie", "tie")];
            let mut found = None;
            for (key, word) in flags {
                if row.number(key)? == Some(1.0) {
                    found = found.or(Verdict::of(word).map(|verdict| (verdict, word.to_owned())));
                }
            }
            found.ok_or_else(|| "the vote has no winner".into())
        }
        other => Err(format!("the winner is {}, not a text", what(&other))),
    }
}

/// Prompts and answers as two lists of texts.
fn interleaved(prompt: &Cell<'_>, response: &Cell<'_>) -> Result<Vec<Message>, Reason> {
    let mut messages = Vec::new();
    let (mut prompts, mut responses) = (texts(prompt)?.into_iter(), texts(response)?.into_iter());
    loop {
        let (query, output) = (prompts.next(), responses.next());
        if query.is_none() && output.is_none() {
            return Ok(messages);
        }
        messages.extend(query.map(|text| Message::new(Speaker::User, text)));
        messages.extend(output.map(|text| Message::new(Speaker::Assistant, text)));
    }
}

fn texts(cell: &Cell<'_>) -> Result<Vec<Option<String>>, Reason> {
    match nested(cell) {
        Some(text) if text.starts_with('[') => {
            Ok(elements(&text)?.into_iter().map(|raw| cell_of(raw).into_text()).collect())
        }
        _ => Ok(vec![cell.clone().into_text()]),
    }
}

/// Benchmarks let models vote: their name stands where the person's would, alone or with the name of the prompt.
fn is_machine(judge: &str) -> bool {
    let plain = judge.trim_start_matches(['[', '"', '\'', ' ']).to_lowercase();
    ["gpt", "claude", "gemini", "llama", "mistral", "qwen", "deepseek"].iter().any(|name| plain.starts_with(name))
}
