//! How does a list of messages become turns?
//!
//! A user's message begins a turn; the last answer before the next one is its output. What happened between (calls
//! of tools, what they gave, words before the call) is kept as `steps` in the metadata, documents that a tool
//! retrieved as documents. An answer before any question is a turn without a query, a question without an answer one
//! without an output. System messages stand with every turn.

use super::{
    messages::{Message, Speaker},
    model_and_version,
};
use crate::{
    Out, limits,
    row::{Reason, Row},
};
use hearback_domain::{TurnRecord, record::Metadata};

/// What the turns of one conversation have in common is written out for each: no more than this of it.
const REPEATED_BYTES: usize = 2 * limits::RECORD_BYTES;

/// How much may still be repeated.
#[derive(Debug)]
pub(super) struct Allowance(usize);

impl Default for Allowance {
    fn default() -> Self {
        Self(REPEATED_BYTES)
    }
}

impl Allowance {
    fn take(&mut self, bytes: usize) -> bool {
        let enough = bytes <= self.0;
        if enough {
            self.0 -= bytes;
        }
        enough
    }

    /// A question that is repeated for each of its answers.
    pub fn question(&mut self, bytes: usize) -> Result<(), Reason> {
        if self.take(bytes) {
            Ok(())
        } else {
            Err(format!("its questions, repeated for each answer, are more than {} MiB", REPEATED_BYTES >> 20))
        }
    }

    /// The system prompt, for as long as there is room; then it is said that it was left out.
    pub fn system(&mut self, turn: &mut TurnRecord, system: Option<&String>, out: &mut Out) {
        let Some(system) = system else { return };
        if self.take(system.len()) {
            turn.system_context = Some(system.clone());
        } else {
            out.unmapped("system prompt (too long to be repeated)");
        }
    }
}

/// A question, what led to the answer, the answer.
#[derive(Debug, Default)]
pub(super) struct Exchange {
    pub query: Option<Message>,
    pub steps: Vec<Message>,
    pub answer: Option<Message>,
}

impl Exchange {
    /// Takes the answer out of the steps: the last that says something, else the last of the assistant's, which
    /// failed or was broken off.
    pub fn settle(&mut self) {
        let by_assistant = |message: &Message| message.speaker == Speaker::Assistant;
        let spoke = |message: &Message| by_assistant(message) && message.text.is_some();
        let place = self.steps.iter().rposition(spoke).or_else(|| self.steps.iter().rposition(by_assistant));
        if let Some(place) = place.filter(|_| self.answer.is_none()) {
            self.answer = Some(self.steps.remove(place));
        }
    }

    /// The turn of this exchange: `base` says what it shares with others, `id` is for where the messages have none.
    pub fn into_turn(self, base: &TurnRecord, id: impl FnOnce() -> String) -> TurnRecord {
        let mut turn = base.clone();
        let spoken = self.answer.as_ref().or(self.query.as_ref()).and_then(|message| message.id.clone());
        let has_id = spoken.is_some();
        turn.id = spoken.unwrap_or_else(id);
        let mut raw_steps = Vec::new();
        for step in self.steps {
            turn.documents.extend(step.documents);
            turn.aliases.extend(step.id.filter(|_| has_id));
            raw_steps.extend(step.raw);
        }
        let asked_at = self.query.as_ref().and_then(|query| query.created_at);
        if let Some(query) = self.query {
            turn.created_at = asked_at.or(base.created_at);
            turn.query = query.text;
            turn.aliases.extend(query.id.filter(|id| has_id && *id != turn.id));
            turn.tags.extend(query.tags);
            turn.metadata.extend(query.rest);
            turn.documents.extend(query.documents);
        }
        if let Some(answer) = self.answer {
            turn.created_at = asked_at.or(answer.created_at).or(base.created_at);
            turn.output = answer.text;
            if let Some(name) = answer.model {
                let (model, version) = model_and_version(&name);
                (turn.model, turn.model_version) = (Some(model), Some(version));
            }
            turn.documents.extend(answer.documents);
            let mut rest = answer.rest;
            usage(&mut rest, &mut turn);
            for tag in answer.tags {
                if !turn.tags.contains(&tag) {
                    turn.tags.push(tag);
                }
            }
            for (key, value) in rest {
                match turn.metadata.insert(key.clone(), value) {
                    Some(of_query) if turn.metadata[&key] != of_query => {
                        turn.metadata.insert(format!("query.{key}"), of_query);
                    }
                    _ => {}
                }
            }
        }
        if !raw_steps.is_empty() {
            turn.metadata.insert("steps".into(), format!("[{}]", raw_steps.join(",")));
        }
        turn
    }
}

/// The tokens that an answer says it took; what else it says of them stays.
fn usage(rest: &mut Metadata, turn: &mut TurnRecord) {
    let Some(text) = rest.get("usage") else { return };
    let Ok(mut usage) = Row::from_json_text(text) else { return };
    let mut take = |keys: &[&str]| keys.iter().find_map(|key| usage.integer(key).ok().flatten());
    turn.input_tokens = take(&["prompt_tokens", "input_tokens", "prompt_eval_count"]);
    turn.output_tokens = take(&["completion_tokens", "output_tokens", "eval_count"]);
    usage.take("total_tokens");
    if usage.leftovers().next().is_none() {
        rest.remove("usage");
    }
}

/// The system prompt (every system message, one under the other) and the exchanges of a conversation in order.
pub(super) fn exchanges(messages: Vec<Message>) -> (Option<String>, Vec<Exchange>) {
    let mut system: Vec<String> = Vec::new();
    let mut exchanges: Vec<Exchange> = Vec::new();
    for message in messages {
        match message.speaker {
            Speaker::System => system.extend(message.text),
            Speaker::User => exchanges.push(Exchange { query: Some(message), ..Exchange::default() }),
            Speaker::Assistant | Speaker::Tool => {
                if exchanges.is_empty() {
                    exchanges.push(Exchange::default());
                }
                if let Some(exchange) = exchanges.last_mut() {
                    exchange.steps.push(message);
                }
            }
        }
    }
    for exchange in &mut exchanges {
        exchange.settle();
    }
    ((!system.is_empty()).then(|| system.join("\n\n")), exchanges)
}

/// The turns of a linear conversation. `base` says what they share; its id is that of the conversation.
pub(super) fn turns(messages: Vec<Message>, base: &TurnRecord, out: &mut Out) -> Vec<TurnRecord> {
    let (system, exchanges) = exchanges(messages);
    let mut allowance = Allowance::default();
    let mut turns = Vec::with_capacity(exchanges.len());
    for (place, exchange) in exchanges.into_iter().enumerate() {
        let number = place as i64 + 1;
        let mut turn = exchange.into_turn(base, || format!("{}/{number}", base.id));
        turn.position = Some(number);
        allowance.system(&mut turn, system.as_ref(), out);
        turns.push(turn);
    }
    turns
}
