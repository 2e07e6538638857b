//! Open WebUI: what its users rated, with the whole chat around it.
//!
//! *Feedback history* is a list of `{id, data {rating 1 / -1, reason, comment, tags, details}, meta {chat_id, message_id},
//! snapshot}`; the snapshot is the chat as it was then, so one file holds the whole trail, and one chat appears in
//! many rows. *Chat export* is a list of chats, whose rated messages carry an `annotation`. Where in it the messages
//! stand differs by version, so they are searched for. Messages are a map with parents; answers that were made again
//! are alternatives of the turn (its metadata), not turns, unless they were rated or compared.

use std::borrow::Cow;

use super::{
    Chat, elements, id_of,
    messages::{Message, Speaker},
    model_and_version, most, nested,
    pair::{self, Verdict},
    rest, tags_of,
    tree::{Found, Node, Tree},
    turns::Allowance,
    what,
};
use crate::{
    Detected, Out, Role, RowReader,
    model::{Document, FeedbackRecord, FeedbackType, Record, SessionRecord, TurnRecord},
    row::{self, Cell, Reason, Row},
};

pub static OPEN_WEBUI: Chat = Chat {
    name: "open-webui",
    title: "Open WebUI",
    detect: |sample| {
        if most(sample, is_feedback) {
            let reason = "records have a rating in data, a chat in meta or a snapshot of it";
            return Some(Detected::new(0.96, reason, Role::Mixed, "Open WebUI feedback"));
        }
        most(sample, is_chat)
            .then(|| Detected::new(0.94, "records have the history of a chat", Role::Mixed, "Open WebUI chats"))
    },
    reader: || Box::new(Rows),
};

fn is_feedback(row: &Row<'_>) -> bool {
    let inner =
        |key: &str| row.get(key).and_then(nested).and_then(|text| Row::from_json_text(&text).ok().map(Row::into_owned));
    let Some(data) = inner("data") else { return false };
    data.has("rating")
        && (row.has("snapshot") || inner("meta").is_some_and(|meta| meta.has("chat_id") || meta.has("message_id")))
}

fn is_chat(row: &Row<'_>) -> bool {
    let text = |key: &str| matches!(row.get(key), Some(Cell::Nested(text)) if text.contains("\"history\""));
    (row.has("title") || row.has("user_id")) && text("chat")
        || matches!(row.get("history"), Some(Cell::Nested(text)) if text.contains("\"messages\"") && text.contains("\"parentId\""))
}

struct Rows;

impl RowReader for Rows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        if row.has("data") { feedback(row, out) } else { chat(row, out) }
    }
}

fn feedback(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let id = id_of(row, &["id"])?.ok_or("a feedback needs an id")?;
    let data = row.take("data");
    let mut data = object(&data, "data")?;
    let meta = row.take("meta");
    let mut meta = if meta.is_null() { Row::default() } else { object(&meta, "meta")? };
    let mut feedback = FeedbackRecord::new(id, FeedbackType::Comment);
    feedback.created_at = row.time(&["created_at"])?;
    feedback.user_id = id_of(row, &["user_id"])?;
    feedback.session_id = id_of(&mut meta, &["chat_id"])?;
    feedback.turn_id = id_of(&mut meta, &["message_id"])?;
    let of_meta = id_of(&mut meta, &["model_id"])?;
    let model = id_of(&mut data, &["model_id"])?.or(of_meta);
    judgement(&mut data, &mut feedback)?;
    let siblings = data.words("sibling_model_ids");
    let arena = matches!(meta.get("arena"), Some(Cell::Bool(true)));
    if !siblings.is_empty() {
        feedback.metadata.insert("sibling_model_ids".into(), siblings.join(";"));
    }
    feedback.metadata.extend(rest(&mut data));
    feedback.metadata.extend(rest(&mut meta));
    let snapshot = row.take("snapshot");
    for (key, value) in rest(row) {
        feedback.metadata.entry(key).or_insert(value);
    }

    let mut records = Vec::new();
    let mut rated = None;
    let mut compared: Vec<TurnRecord> = Vec::new();
    if !snapshot.is_null() {
        let text = nested(&snapshot).filter(|text| text.starts_with('{'));
        let text = text.ok_or_else(|| format!("the snapshot is {}, not an object", what(&snapshot)))?;
        let chosen = Chosen { rated: feedback.turn_id.as_deref(), compared: if arena { &siblings } else { &[] } };
        let chat = conversation(&text, feedback.session_id.as_deref(), &chosen, out)?;
        rated = chat.turns.iter().find(|turn| Some(&turn.id) == feedback.turn_id.as_ref()).cloned();
        if let Some(rated) = rated.as_ref().filter(|_| arena) {
            let same = |turn: &&TurnRecord| turn.query == rated.query && turn.position == rated.position;
            let names = |turn: &&TurnRecord| {
                turn.id != rated.id && turn.metadata.get("model_id").is_some_and(|id| siblings.contains(id))
            };
            compared = chat.turns.iter().filter(same).filter(names).cloned().collect();
        }
        records.push(Record::Session(chat.session));
        records.extend(chat.turns.into_iter().map(Record::Turn));
    }
    let named = model.as_deref().map(model_and_version);
    feedback.model = named.as_ref().map(|(model, _)| model.clone());
    feedback.model_version = named.map(|(_, version)| version);
    if let Some(turn) = rated.as_ref().filter(|turn| model.is_none() || turn.metadata.get("model_id") == model.as_ref())
    {
        feedback.model.clone_from(&turn.model);
        feedback.model_version.clone_from(&turn.model_version);
    }
    // Where the answer itself says another one, or is compared with others.
    let of_answer = rated.as_ref().and_then(|turn| turn.metadata.get("model_id"));
    if let Some(model) = model.filter(|model| rated.is_some() && of_answer != Some(model)) {
        feedback.metadata.insert("model_id".into(), model);
    }
    records.into_iter().for_each(|record| out.push(record));
    let compares = arena && !siblings.is_empty();
    match (feedback.score, rated, compared.is_empty()) {
        (Some(score), Some(rated), false) if compares => {
            let verdict = if score > 0.0 { Verdict::First } else { Verdict::Second };
            let label = score.to_string();
            for (place, other) in compared.iter().enumerate() {
                let first = if place == 0 { feedback.id.clone() } else { format!("{}/{}", feedback.id, place + 1) };
                let ids = [first, format!("{}/{}", feedback.id, other.id)];
                pair::verdicts([&rated, other], ids, [label.clone(), label.clone()], verdict, &feedback, out);
            }
        }
        _ => {
            if compares {
                // The answer that lost (or won) is not in the snapshot.
                feedback.feedback_type = FeedbackType::Preference;
            }
            out.push(Record::Feedback(feedback));
        }
    }
    Ok(())
}

fn chat(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    // As one text again, since where the messages stand is not known.
    let entries: Vec<String> = row
        .cells()
        .map(|(key, cell)| {
            let value = match cell {
                Cell::Nested(text) => text.to_string(),
                other => other.to_json().to_string(),
            };
            format!("{}:{value}", serde_json::Value::from(key))
        })
        .collect();
    let json = format!("{{{}}}", entries.join(","));
    let id = id_of(row, &["id"])?;
    let chat = conversation(&json, id.as_deref(), &Chosen::default(), out)?;
    row.drain().for_each(drop);
    out.push(Record::Session(chat.session));
    chat.turns.into_iter().map(Record::Turn).for_each(|turn| out.push(turn));
    chat.ratings.into_iter().map(Record::Feedback).for_each(|rating| out.push(rating));
    Ok(())
}

fn object<'c>(cell: &'c Cell<'_>, name: &str) -> Result<Row<'c>, Reason> {
    match cell {
        Cell::Nested(text) | Cell::Text(text) if text.starts_with('{') => Row::from_json_text(text),
        other => Err(format!("{name} is {}, not an object", what(other))),
    }
}

/// Rating, reason, comment, tags: the same in a feedback and in the annotation of a message.
fn judgement(data: &mut Row<'_>, feedback: &mut FeedbackRecord) -> Result<(), Reason> {
    feedback.score = data.number("rating")?;
    feedback.reasons = data.words("reason");
    feedback.comment = data.text("comment").filter(|text| !text.is_empty());
    feedback.tags = tags_of(data, "tags")?;
    let mut details = match data.take("details") {
        Cell::Null => Row::default(),
        cell => object(&cell, "details")?.into_owned(),
    };
    feedback.feedback_type = match feedback.score {
        Some(score) if [-1.0, 0.0, 1.0].contains(&score) => FeedbackType::Thumb,
        Some(_) => FeedbackType::Rating,
        None if feedback.comment.is_some() => FeedbackType::Comment,
        None if !feedback.reasons.is_empty() => FeedbackType::Category,
        None => return Err("it holds neither a rating nor a reason nor a comment".into()),
    };
    if feedback.score.is_some() {
        feedback.score_name = Some("rating".into());
    }
    // The 1 to 10 that says how good or bad the thumb meant it: the same act, so not a feedback of its own.
    feedback.metadata.extend(rest(&mut details).into_iter().map(|(key, value)| (format!("details.{key}"), value)));
    Ok(())
}

/// Which of several answers to a question are turns, whatever else.
#[derive(Default)]
struct Chosen<'c> {
    rated: Option<&'c str>,
    /// The models of the answers it was compared with.
    compared: &'c [String],
}

struct Conversation {
    session: SessionRecord,
    turns: Vec<TurnRecord>,
    ratings: Vec<FeedbackRecord>,
}

fn conversation(
    text: &str,
    session_id: Option<&str>,
    chosen: &Chosen<'_>,
    out: &mut Out,
) -> Result<Conversation, Reason> {
    let mut outer = Row::from_json_text(text)?;
    let mut session = SessionRecord::default();
    let own = id_of(&mut outer, &["id"])?;
    session.started_at = outer.time(&["created_at"])?;
    session.user_id = id_of(&mut outer, &["user_id"])?;
    // A snapshot may hold the chat as its only entry.
    let inner = outer.take("chat");
    let held = nested(&inner).filter(|text| text.starts_with('{')).map(Cow::into_owned);
    let mut own_inner = None;
    let mut tags = Vec::new();
    if let Some(held) = &held {
        let mut row = Row::from_json_text(held)?;
        own_inner = id_of(&mut row, &["id"])?;
        session.started_at = session.started_at.or(row.time(&["created_at", "timestamp"])?);
        session.user_id = session.user_id.or(id_of(&mut row, &["user_id"])?);
        tags = tags_of(&mut row, "tags")?;
        for key in ["title", "folder_id", "archived", "pinned", "meta"] {
            super::moved(&mut row, key, &mut session.metadata);
        }
    } else if inner.is_null() {
        session.started_at = session.started_at.or(outer.time(&["timestamp"])?);
    }
    session.id = session_id.map(str::to_owned).or(own).or(own_inner).ok_or("the chat has no id")?;
    for key in ["title", "folder_id", "archived", "pinned", "share_id", "meta"] {
        super::moved(&mut outer, key, &mut session.metadata);
    }

    let Some(mut holder) = search(text, 0)? else {
        return Err("there are no messages in the chat".into());
    };
    tags = if tags.is_empty() { tags_of(&mut holder, "tags")? } else { tags };
    let system = match holder.take("params") {
        Cell::Nested(params) if params.starts_with('{') => Row::from_json_text(&params)?.text("system"),
        _ => None,
    };
    let system = system.or_else(|| holder.text("system")).filter(|text| !text.trim().is_empty());
    let history = holder.take("history");
    let (list, current) = match nested(&history) {
        Some(text) if text.starts_with('{') => {
            let mut history = Row::from_json_text(&text)?;
            (history.take("messages").into_owned(), history.word("currentId"))
        }
        _ => (holder.take("messages").into_owned(), None),
    };
    let base = TurnRecord {
        session_id: Some(session.id.clone()),
        user_id: session.user_id.clone(),
        tags,
        ..TurnRecord::default()
    };
    let mut ratings = Ratings { wanted: chosen.rated.is_none(), ..Ratings::default() };
    let nodes = nodes(&list, &base, &mut ratings)?;
    let tree = Tree::new(nodes);
    let system = match (system, tree.system()) {
        (Some(one), Some(other)) => Some(format!("{one}\n\n{other}")),
        (one, other) => one.or(other),
    };
    let mut on_path = vec![false; tree.len()];
    for id in current.iter().map(String::as_str).chain(chosen.rated) {
        tree.mark_path(id, &mut on_path);
    }
    for place in ratings.rated.iter().filter_map(|id| tree.place(id)) {
        on_path[place] = true;
    }
    let places = tree.places();
    let found = tree.exchanges()?;
    let is_chosen = |found: &Found| {
        let Some(answer) = &found.exchange.answer else { return true };
        let on_path = answer.id.as_ref().and_then(|id| places.get(id)).is_some_and(|place| on_path[*place]);
        on_path || answer.model.as_ref().is_some_and(|model| chosen.compared.contains(model))
    };
    let turns = choose(found, is_chosen, &base, system.as_ref(), out);
    Ok(Conversation { session, turns, ratings: ratings.records })
}

/// What the messages themselves say of how they were rated.
#[derive(Default)]
struct Ratings {
    wanted: bool,
    records: Vec<FeedbackRecord>,
    /// Ids of the messages.
    rated: Vec<String>,
}

/// One turn a question: the answer on the way to the current or the rated message, else the latest. The others are
/// told in its metadata.
fn choose(
    found: Vec<Found>,
    is_chosen: impl Fn(&Found) -> bool,
    base: &TurnRecord,
    system: Option<&String>,
    out: &mut Out,
) -> Vec<TurnRecord> {
    let mut allowance = Allowance::default();
    let mut by_question: Vec<(Option<usize>, Vec<Found>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for found in found {
        let place = *places.entry(found.question).or_insert(by_question.len());
        if place == by_question.len() {
            by_question.push((found.question, Vec::new()));
        }
        by_question[place].1.push(found);
    }
    let mut turns = Vec::new();
    for (question, alternatives) in by_question {
        let any = alternatives.iter().any(&is_chosen);
        let last = alternatives.len() - 1;
        let (mut kept, mut siblings, mut aliases) = (Vec::new(), Vec::new(), Vec::new());
        for (place, found) in alternatives.into_iter().enumerate() {
            // Answers to no question at all are no alternatives to each other.
            if question.is_none() || is_chosen(&found) || !any && place == last {
                kept.push(found);
            } else {
                aliases.extend(found.exchange.query.and_then(|query| query.id));
                siblings.extend(found.exchange.answer.and_then(|answer| answer.raw));
            }
        }
        for (place, found) in kept.into_iter().enumerate() {
            let position = found.position;
            let mut turn = found.exchange.into_turn(base, String::new);
            if turn.id.is_empty() {
                out.unmapped("a message without an id, a question and an answer");
                continue;
            }
            turn.position = Some(position);
            if place == 0 {
                turn.aliases.append(&mut aliases);
                if !siblings.is_empty() {
                    turn.metadata.insert("siblings".into(), format!("[{}]", siblings.join(",")));
                }
            }
            allowance.system(&mut turn, system, out);
            turns.push(model_of(turn));
        }
    }
    turns
}

/// `modelName` is the model's id with its version, or a name of its own.
fn model_of(mut turn: TurnRecord) -> TurnRecord {
    let Some(id) = turn.metadata.get("model_id").cloned() else { return turn };
    let name = turn.metadata.get("modelName").cloned();
    let tail = name
        .as_deref()
        .and_then(|name| name.strip_prefix(id.as_str()))
        .map(|tail| tail.trim_start_matches([' ', '-', ':', '@', '(']).trim_end_matches(')').to_owned());
    if let Some(version) = tail.filter(|tail| !tail.is_empty()) {
        (turn.model, turn.model_version) = (Some(id), Some(version));
    }
    turn
}

/// The object that holds the messages, at whatever depth: one with `history.messages`, else one whose `messages` are
/// a map or a list of messages.
fn search<'t>(text: &'t str, depth: usize) -> Result<Option<Row<'t>>, Reason> {
    // Deeper than any version has had it; each level is parsed anew.
    const DEPTH: usize = 6;
    let row = Row::from_json_text(text)?;
    let inner = |key: &str| match row.get(key) {
        Some(Cell::Nested(inner)) if inner.starts_with('{') => Row::from_json_text(inner).ok().map(Row::into_owned),
        _ => None,
    };
    if inner("history").is_some_and(|history| history.has("messages"))
        || matches!(row.get("messages"), Some(Cell::Nested(list)) if list.contains("\"role\""))
    {
        return Ok(Some(row));
    }
    if depth == DEPTH {
        return Ok(None);
    }
    for (_, cell) in row.cells() {
        if let Cell::Nested(Cow::Borrowed(inner)) = cell
            && inner.starts_with('{')
            && let Some(found) = search(inner, depth + 1)?
        {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The messages of a map or a list, and what was rated among them.
fn nodes(cell: &Cell<'_>, base: &TurnRecord, ratings: &mut Ratings) -> Result<Vec<Node>, Reason> {
    let Some(text) = nested(cell) else { return Err(format!("messages is {}, not a map or a list", what(cell))) };
    let mut nodes: Vec<Node> = Vec::new();
    if text.starts_with('{') {
        for (key, cell) in Row::from_json_text(&text)?.cells() {
            let Cell::Nested(raw) = cell else { return Err(format!("message {key} is {}", what(cell))) };
            nodes.push(node(raw, key, None, base, ratings).map_err(|reason| format!("message {key}: {reason}"))?);
        }
    } else {
        for (place, raw) in elements(&text)?.into_iter().enumerate() {
            // Lists without parents are in order.
            let before = nodes.last().map(|node| node.id.clone());
            let key = format!("{}/{}", base.session_id.as_deref().unwrap_or_default(), place + 1);
            let node = node(raw.get(), &key, before, base, ratings);
            nodes.push(node.map_err(|reason| format!("message {}: {reason}", place + 1))?);
        }
    }
    if nodes.is_empty() { Err("the chat holds no message".into()) } else { Ok(nodes) }
}

fn node(
    raw: &str,
    key: &str,
    before: Option<String>,
    base: &TurnRecord,
    ratings: &mut Ratings,
) -> Result<Node, Reason> {
    let mut row = Row::from_json_text(raw)?;
    let mut message = Message::take(&mut row)?;
    let id = message.id.take().unwrap_or_else(|| key.to_owned());
    message.id = Some(super::checked_id(id.clone())?);
    let linked = row.has("parentId");
    let parent = row.word("parentId").or(before.filter(|_| !linked));
    row.take("childrenIds");
    message.documents = match row.take_any(&["sources", "citations"]) {
        Cell::Null => Vec::new(),
        cell => documents(&cell)?,
    };
    let (failed, unfinished) =
        (row.get("error").is_some_and(|cell| !cell.is_empty()), matches!(row.get("done"), Some(Cell::Bool(false))));
    let blank = message.text.as_ref().is_some_and(|text| text.trim().is_empty());
    if message.speaker == Speaker::Assistant && blank && (failed || unfinished) {
        // No answer came; that is not an empty answer.
        message.text = None;
    }
    let answer = message.speaker == Speaker::Assistant;
    if answer {
        message.model = id_of(&mut row, &["model"])?;
        if let Some(model) = &message.model {
            message.rest.insert("model_id".into(), model.clone());
        }
    }
    let feedback_id = id_of(&mut row, &["feedbackId"])?;
    let annotation = row.take("annotation");
    if let Cell::Nested(text) = &annotation {
        let mut data = Row::from_json_text(text)?;
        let mut rating =
            FeedbackRecord::new(feedback_id.clone().unwrap_or_else(|| format!("{id}/annotation")), FeedbackType::Thumb);
        rating.session_id.clone_from(&base.session_id);
        rating.turn_id = Some(id.clone());
        rating.user_id.clone_from(&base.user_id);
        // Tags are put on by the program before anybody rates.
        if data.get("rating").is_some_and(|rating| !rating.is_null()) {
            ratings.rated.push(id.clone());
        }
        // Beside a feedback history these are rows of their own.
        if ratings.wanted && judgement(&mut data, &mut rating).is_ok() {
            rating.metadata.extend(rest(&mut data));
            ratings.records.push(rating);
        } else {
            message.rest.insert("annotation".into(), text.to_string());
            message.rest.extend(feedback_id.clone().map(|id| ("feedback_id".to_owned(), id)));
        }
    } else {
        message.rest.extend(annotation.into_text().map(|text| ("annotation".to_owned(), text)));
        message.rest.extend(feedback_id.map(|id| ("feedback_id".to_owned(), id)));
    }
    message.rest.extend(rest(&mut row));
    message.finish(raw);
    Ok(Node { id, parent, message: Some(message) })
}

/// `{source {id, name}, document [texts], metadata [objects], distances [numbers]}`, side by side.
fn documents(cell: &Cell<'_>) -> Result<Vec<Document>, Reason> {
    let Some(list) = nested(cell).filter(|list| list.starts_with('[')) else {
        return Err(format!("sources is {}, not a list", what(cell)));
    };
    let mut documents = Vec::new();
    for raw in elements(&list)? {
        let mut entry = Row::from_json_text(raw.get())?;
        let source = entry.take("source");
        let mut source = object(&source, "source").map(Row::into_owned).unwrap_or_default();
        let of_source =
            (source.word_any(&["id", "collection_name", "url"]), source.word_any(&["name", "title", "url"]));
        let texts = cells(&entry.take("document"));
        let metadata = cells(&entry.take("metadata"));
        let distances = cells(&entry.take_any(&["distances", "scores"]));
        for (place, text) in texts.into_iter().enumerate() {
            let mut about = metadata
                .get(place)
                .and_then(|cell| object(cell, "metadata").ok().map(Row::into_owned))
                .unwrap_or_default();
            let mut distance = Row::new(vec![("distance".into(), distances.get(place).cloned().unwrap_or_default())]);
            documents.push(Document {
                id: about.word_any(&["file_id", "id", "hash"]).or_else(|| of_source.0.clone()),
                title: about.word_any(&["name", "title", "source"]).or_else(|| of_source.1.clone()),
                content: text.into_text().unwrap_or_default(),
                score: distance.number("distance")?,
            });
        }
    }
    Ok(documents)
}

fn cells(cell: &Cell<'_>) -> Vec<row::Cell<'static>> {
    match nested(cell) {
        Some(list) if list.starts_with('[') => elements(&list)
            .map(|list| list.into_iter().map(|raw| super::cell_of(raw).into_owned()).collect())
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}
