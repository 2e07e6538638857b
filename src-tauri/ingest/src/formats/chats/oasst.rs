//! OpenAssistant: trees of messages that people wrote, ranked and labelled.
//!
//! Three forms of the same messages: a tree (`{message_tree_id, prompt: {text, role, replies: […]}}`), a thread
//! (`{thread_id, thread: […]}`), a message a record (JSON lines, or the flattened Parquet with labels as lists side by
//! side). A tree is a session, a reply of an assistant a turn. Rank 0 is the best of the replies to a message, so it is
//! preferred and the others are not; labels on replies are ratings from 0 to 1, and those that name a flaw (spam,
//! toxicity, …) are a category where they hold, else metadata. Single messages are held until their tree is complete.

use std::collections::HashMap;

use super::{
    Chat, cell_of, elements, id_of,
    messages::{Message, Speaker},
    most, nested, rest,
    tree::{Node, Tree},
    turns::Allowance,
    what,
};
use crate::{
    Detected, Out, Role, RowReader,
    row::{Cell, Reason, Row},
};
use hearback_domain::{FeedbackRecord, FeedbackType, Polarity, Record, SessionRecord, Timestamp, TurnRecord};

/// Of messages that wait for the rest of their tree; beyond it the oldest tree is taken as it is.
const WAITING_BYTES: usize = 32 << 20;

/// Labels of which more is worse.
const FLAWS: &[&str] = &[
    "spam",
    "lang_mismatch",
    "pii",
    "not_appropriate",
    "hate_speech",
    "sexual_content",
    "political_content",
    "moral_judgement",
    "toxicity",
    "violence",
    "fails_task",
];

pub static OPEN_ASSISTANT: Chat = Chat {
    name: "openassistant",
    title: "OpenAssistant",
    detect: |sample| {
        let role = |row: &Row<'_>| matches!(row.get("role"), Some(Cell::Text(role)) if role == "prompter" || role == "assistant");
        let message = |row: &Row<'_>| row.has("message_id") && row.has("parent_id") && role(row);
        let found =
            |what: &str, title: &str| Some(Detected::new(0.95, format!("records have {what}"), Role::Mixed, title));
        if most(sample, |row| row.has("message_tree_id") && row.has("prompt")) {
            found("message_tree_id and a prompt with replies", "OpenAssistant trees")
        } else if most(sample, |row| row.has("thread_id") && row.has("thread")) {
            found("thread_id and a thread of messages", "OpenAssistant threads")
        } else if most(sample, message) {
            found("message_id, parent_id and the role prompter", "OpenAssistant messages")
        } else {
            None
        }
    },
    reader: || Box::<Rows>::default(),
};

/// A message and what people said about it.
struct RatedMessage {
    id: String,
    parent: Option<String>,
    message: Message,
    author: Option<String>,
    rank: Option<i64>,
    /// Name, value, how many said so.
    labels: Vec<(String, f64, Option<String>)>,
    bytes: usize,
}

#[derive(Default)]
struct Rows {
    waiting: HashMap<String, Vec<RatedMessage>>,
    /// Trees in the order in which they began.
    begun: std::collections::VecDeque<String>,
    /// Tree of each waiting message, where the record does not say it.
    tree_of: HashMap<String, String>,
    bytes: usize,
}

impl RowReader for Rows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        if row.has("prompt") || row.has("thread") {
            return whole(row, out);
        }
        let tree = id_of(row, &["message_tree_id"])?;
        let said = said(row)?;
        let tree = tree
            .or_else(|| said.parent.as_ref().and_then(|parent| self.tree_of.get(parent).cloned()))
            .or_else(|| said.parent.clone())
            .unwrap_or_else(|| said.id.clone());
        self.tree_of.insert(said.id.clone(), tree.clone());
        self.bytes += said.bytes;
        let messages = self.waiting.entry(tree.clone()).or_default();
        if messages.is_empty() {
            self.begun.push_back(tree);
        }
        messages.push(said);
        while self.bytes > WAITING_BYTES {
            if !self.next_tree(out) {
                break;
            }
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Out) -> Result<(), Reason> {
        while self.next_tree(out) {}
        Ok(())
    }
}

impl Rows {
    /// Puts out the tree that has waited longest.
    fn next_tree(&mut self, out: &mut Out) -> bool {
        let Some(id) = self.begun.pop_front() else { return false };
        let messages = self.waiting.remove(&id).unwrap_or_default();
        for said in &messages {
            self.bytes -= said.bytes.min(self.bytes);
            self.tree_of.remove(&said.id);
        }
        if let Err(reason) = put_out(SessionRecord { id: id.clone(), ..SessionRecord::default() }, messages, out) {
            out.reject_part(format!("tree {id}: {reason}"), "");
        }
        true
    }
}

/// A tree or a thread.
fn whole(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let id = id_of(row, &["message_tree_id", "thread_id"])?;
    let (prompt, thread) = (row.take("prompt"), row.take("thread"));
    let threaded = prompt.is_null();
    let cell = if threaded { thread } else { prompt };
    let text = nested(&cell).ok_or_else(|| format!("the prompt is {}, not a message with replies", what(&cell)))?;
    let mut messages: Vec<RatedMessage> = Vec::new();
    // Raw text of a message, and the message it answers: replies are not followed by recursion.
    let mut stack: Vec<(String, Option<String>)> = Vec::new();
    if text.starts_with('{') {
        stack.push((text.into_owned(), None));
        while let Some((raw, parent)) = stack.pop() {
            let mut row = Row::from_json_text(&raw)?;
            let replies = row.take("replies");
            let mut said = said(&mut row)?;
            said.parent = parent.or(said.parent);
            if !replies.is_null() {
                let list = nested(&replies).filter(|list| list.starts_with('['));
                let list = list.ok_or_else(|| format!("the replies are {}, not a list", what(&replies)))?;
                for reply in elements(&list)?.into_iter().rev() {
                    stack.push((reply.get().to_owned(), Some(said.id.clone())));
                }
            }
            messages.push(said);
        }
    } else {
        for raw in elements(&text)? {
            let mut row = Row::from_json_text(raw.get())?;
            row.take("replies");
            let mut said = said(&mut row)?;
            // A thread is a way through a tree, in order.
            said.parent = said.parent.or_else(|| messages.last().map(|before| before.id.clone()));
            messages.push(said);
        }
    }
    let first = messages.first().ok_or("the thread holds no message")?;
    let mut session = SessionRecord { metadata: rest(row), ..SessionRecord::default() };
    // Threads are ways through a tree, which has the id of its first message: what they share is one session.
    session.id = match id {
        Some(id) if threaded && first.parent.is_none() => {
            session.metadata.insert("thread_id".into(), id);
            first.id.clone()
        }
        Some(id) => id,
        None => first.id.clone(),
    };
    put_out(session, messages, out)
}

fn said(row: &mut Row<'_>) -> Result<RatedMessage, Reason> {
    let parent = row.word("parent_id");
    let author = id_of(row, &["user_id"])?;
    let rank = row.integer("rank")?;
    let labels = labels(&row.take("labels"))?;
    let created_at = row.time(&["created_date"])?;
    let model = id_of(row, &["model_name"])?;
    row.take("message_tree_id");
    let mut message = Message::take(row)?;
    let id = message.id.clone().ok_or("a message needs a message_id")?;
    message.created_at = message.created_at.or(created_at);
    if message.speaker == Speaker::Assistant {
        message.model = model;
    } else {
        message.rest.extend(model.map(|model| ("model_name".to_owned(), model)));
    }
    for flag in ["deleted", "synthetic"] {
        if let Some(Cell::Bool(set)) = row.get(flag) {
            message.tags.extend(set.then(|| flag.to_owned()));
            row.take(flag);
        }
    }
    message.rest.extend(rest(row));
    let bytes = 400
        + message.text.as_ref().map_or(0, String::len)
        + message.rest.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>();
    Ok(RatedMessage { id, parent, message, author, rank, labels, bytes })
}

/// `{quality: {value, count}}`, or flattened `{name: […], value: […], count: […]}`.
fn labels(cell: &Cell<'_>) -> Result<Vec<(String, f64, Option<String>)>, Reason> {
    if cell.is_null() {
        return Ok(Vec::new());
    }
    let text = nested(cell).filter(|text| text.starts_with('{'));
    let text = text.ok_or_else(|| format!("labels is {}, not an object", what(cell)))?;
    let mut row = Row::from_json_text(&text)?;
    let list = |cell: &Cell<'_>| -> Result<Vec<Cell<'static>>, Reason> {
        let text = match cell {
            Cell::Null => return Ok(Vec::new()),
            Cell::Nested(text) => text,
            other => return Err(format!("the labels hold {} where a list should be", what(other))),
        };
        Ok(elements(text)?.into_iter().map(|raw| cell_of(raw).into_owned()).collect())
    };
    let mut labels = Vec::new();
    let mut add = |name: String, value: Cell<'_>, count: Cell<'_>| -> Result<(), Reason> {
        let mut number = Row::new(vec![("value".into(), value)]);
        if let Some(value) = number.number("value").map_err(|reason| format!("label {name}: {reason}"))? {
            labels.push((name, value, count.into_text()));
        }
        Ok(())
    };
    if matches!(row.get("name"), Some(Cell::Nested(names)) if names.starts_with('[')) {
        let (values, counts) = (list(&row.take("value"))?, list(&row.take("count"))?);
        for (place, name) in list(&row.take("name"))?.into_iter().enumerate() {
            let at = |list: &[Cell<'static>]| list.get(place).cloned().unwrap_or_default();
            if let Some(name) = name.into_text() {
                add(name, at(&values), at(&counts))?;
            }
        }
        return Ok(labels);
    }
    for (name, cell) in row.drain() {
        match &cell {
            Cell::Nested(inner) if inner.starts_with('{') => {
                let mut inner = Row::from_json_text(inner)?;
                add(name.into_owned(), inner.take("value"), inner.take("count"))?;
            }
            other => add(name.into_owned(), other.clone(), Cell::Null)?,
        }
    }
    Ok(labels)
}

fn put_out(mut session: SessionRecord, messages: Vec<RatedMessage>, out: &mut Out) -> Result<(), Reason> {
    let mut best: HashMap<String, String> = HashMap::new();
    for said in &messages {
        if let (Some(0), Some(parent), Some(text)) = (said.rank, &said.parent, &said.message.text) {
            best.insert(parent.clone(), text.clone());
        }
    }
    let mut askers: HashMap<String, Option<String>> = HashMap::new();
    let mut feedback: Vec<FeedbackRecord> = Vec::new();
    let mut nodes = Vec::with_capacity(messages.len());
    session.started_at = messages.iter().filter_map(|said| said.message.created_at).min();
    for mut said in messages {
        let asks = said.message.speaker == Speaker::User;
        if asks {
            askers.insert(said.id.clone(), said.author.take());
        } else {
            said.message.rest.extend(said.author.take().map(|author| ("answered_by".to_owned(), author)));
            feedback.extend(preference(&said, &best));
        }
        for (name, value, count) in std::mem::take(&mut said.labels) {
            let flaw = FLAWS.contains(&name.as_str());
            if asks || flaw && value < 0.5 {
                said.message.rest.extend(count.map(|count| (format!("labels.{name}.count"), count)));
                said.message.rest.insert(format!("labels.{name}"), value.to_string());
            } else {
                feedback.push(label(&said.id, said.message.created_at, name, value, count, flaw));
            }
        }
        nodes.push(Node { id: said.id, parent: said.parent, message: Some(said.message) });
    }
    let root = nodes.iter().find(|node| node.parent.is_none());
    session.user_id = root.and_then(|node| askers.get(&node.id).cloned().flatten());
    let base = TurnRecord { session_id: Some(session.id.clone()), ..TurnRecord::default() };
    for feedback in &mut feedback {
        feedback.session_id.clone_from(&base.session_id);
    }
    let tree = Tree::new(nodes);
    let system = tree.system();
    let found = tree.exchanges()?;
    let mut allowance = Allowance::default();
    out.push(Record::Session(session));
    for found in found {
        let asker = found.question_id.as_ref().and_then(|id| askers.get(id).cloned().flatten());
        let mut turn = found.exchange.into_turn(&base, String::new);
        turn.position = Some(found.position);
        turn.user_id = asker;
        allowance.system(&mut turn, system.as_ref(), out);
        out.push(Record::Turn(turn));
    }
    feedback.into_iter().for_each(|feedback| out.push(Record::Feedback(feedback)));
    Ok(())
}

fn preference(said: &RatedMessage, best: &HashMap<String, String>) -> Option<FeedbackRecord> {
    let rank = said.rank?;
    let mut feedback = FeedbackRecord::new(format!("{}/rank", said.id), FeedbackType::Preference);
    feedback.turn_id = Some(said.id.clone());
    feedback.created_at = said.message.created_at;
    feedback.score_name = Some("rank".into());
    feedback.label = Some(format!("rank {rank}"));
    feedback.polarity = Some(if rank == 0 { Polarity::Positive } else { Polarity::Negative });
    if rank != 0 {
        let better = said.parent.as_ref().and_then(|parent| best.get(parent));
        feedback.correction = better.filter(|better| Some(*better) != said.message.text.as_ref()).cloned();
    }
    feedback.metadata.insert("rank".into(), rank.to_string());
    Some(feedback)
}

fn label(
    message: &str,
    at: Option<Timestamp>,
    name: String,
    value: f64,
    count: Option<String>,
    flaw: bool,
) -> FeedbackRecord {
    let mut feedback = FeedbackRecord::new(format!("{message}/{name}"), FeedbackType::Rating);
    feedback.turn_id = Some(message.to_owned());
    feedback.created_at = at;
    if flaw {
        feedback.feedback_type = FeedbackType::Category;
        feedback.polarity = Some(Polarity::Negative);
        feedback.label = Some(name.clone());
        feedback.reasons = vec![name.clone()];
        feedback.metadata.insert("value".into(), value.to_string());
    } else {
        feedback.score = Some(value);
    }
    feedback.score_name = Some(name);
    feedback.metadata.extend(count.map(|count| ("count".to_owned(), count)));
    feedback
}
