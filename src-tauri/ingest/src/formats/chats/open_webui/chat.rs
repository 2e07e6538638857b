//! Where in a chat of Open WebUI are its messages, and which of them are turns?

use std::{borrow::Cow, collections::HashMap};

use super::{judgement, object};
use crate::{
    Out,
    formats::chats::{
        cell_of, checked_id, elements, id_of,
        messages::{Message, Speaker},
        nested, rest, tags_of,
        tree::{Node, PathTurn, Tree},
        turns::Allowance,
        what,
    },
    row::{Cell, Reason, Row},
};
use hearback_domain::{Document, FeedbackRecord, FeedbackType, SessionRecord, TurnRecord};

/// Which of several answers to a question are turns, whatever else.
#[derive(Default)]
pub(super) struct Chosen<'c> {
    pub rated: Option<&'c str>,
    /// The models of the answers it was compared with.
    pub compared: &'c [String],
}

pub(super) struct Conversation {
    pub session: SessionRecord,
    pub turns: Vec<TurnRecord>,
    pub ratings: Vec<FeedbackRecord>,
}

pub(super) fn conversation(
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
    let held = nested(&inner).filter(|text| text.starts_with('{'));
    let mut inner_id = None;
    let mut tags = Vec::new();
    match &held {
        Some(held) => {
            let mut row = Row::from_json_text(held)?;
            inner_id = id_of(&mut row, &["id"])?;
            session.started_at = session.started_at.or(row.time(&["created_at", "timestamp"])?);
            session.user_id = session.user_id.or(id_of(&mut row, &["user_id"])?);
            tags = tags_of(&mut row, "tags")?;
            about_session(&mut row, &mut session);
        }
        None => session.started_at = session.started_at.or(outer.time(&["timestamp"])?),
    }
    session.id = session_id.map(str::to_owned).or(own).or(inner_id).ok_or("the chat has no id")?;

    let Some(mut holder) = search(text, 0)? else {
        return Err("there are no messages in the chat".into());
    };
    tags = if tags.is_empty() { tags_of(&mut holder, "tags")? } else { tags };
    let system = match holder.take("params") {
        Cell::Nested(params) if params.starts_with('{') => {
            let mut params = Row::from_json_text(&params)?;
            let system = params.text("system");
            session.metadata.extend(rest(&mut params).into_iter().map(|(key, value)| (format!("params.{key}"), value)));
            system
        }
        other => {
            session.metadata.extend(other.into_text().map(|params| ("params".to_owned(), params)));
            None
        }
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
    about_session(&mut holder, &mut session);
    about_session(&mut outer, &mut session);
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
    let is_chosen = |found: &PathTurn| {
        let Some(answer) = &found.exchange.answer else { return true };
        let on_path = answer.id.as_ref().and_then(|id| places.get(id)).is_some_and(|place| on_path[*place]);
        on_path || answer.model.as_ref().is_some_and(|model| chosen.compared.contains(model))
    };
    let turns = choose(found, is_chosen, &base, system.as_ref(), out);
    Ok(Conversation { session, turns, ratings: ratings.records })
}

/// Every further key of a chat, but for the messages, which may stand in it at any depth.
fn about_session(row: &mut Row<'_>, session: &mut SessionRecord) {
    for key in ["id", "user_id", "created_at"] {
        row.take(key);
    }
    for (key, cell) in row.drain() {
        let holds_messages = ["history", "messages", "chat", "params"].contains(&key.as_ref())
            || matches!(&cell, Cell::Nested(text) if text.contains("\"messages\""));
        if holds_messages && matches!(cell, Cell::Nested(_)) {
            continue;
        }
        if let Some(text) = cell.into_text() {
            session.metadata.entry(key.into_owned()).or_insert(text);
        }
    }
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
    found: Vec<PathTurn>,
    is_chosen: impl Fn(&PathTurn) -> bool,
    base: &TurnRecord,
    system: Option<&String>,
    out: &mut Out,
) -> Vec<TurnRecord> {
    let mut allowance = Allowance::default();
    let mut by_question: Vec<(Option<usize>, Vec<PathTurn>)> = Vec::new();
    let mut places = HashMap::new();
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
    message.id = Some(checked_id(id.clone())?);
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

fn cells(cell: &Cell<'_>) -> Vec<Cell<'static>> {
    match nested(cell) {
        Some(list) if list.starts_with('[') => elements(&list)
            .map(|list| list.into_iter().map(|raw| cell_of(raw).into_owned()).collect())
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}
