//! What does a record mean whose keys its user chose?
//!
//! Vector stores, document databases and surveys carry whatever somebody put in. The words of the field
//! ([`mapping::vocabulary`]) say what is what; then the record is read as a canonical one.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::{
    Out, RowReader,
    canonical::CanonicalRows,
    kind::{self, Shape},
    mapping::{self, Mapping, Value, Vocabulary, plain_name},
    message::{self, TextForm},
    row::{Cell, Reason, Row},
};
use hearback_domain::{Author, FeedbackRecord, FeedbackType, Record, TurnRecord, record::Weight};

#[derive(Debug, Default)]
pub(super) struct GenericRows {
    canonical: CanonicalRows,
}

/// Does the record say what somebody thinks? A score, a correction, a comment do; a label or a mere text only beside an
/// exchange, for documents have categories and texts, too.
pub(super) fn is_feedback(row: &Row<'_>) -> bool {
    let mapping = mapping::vocabulary(row, Vocabulary::Feedback);
    let vague = |column: &str| matches!(plain_name(column).as_str(), "content" | "text" | "message" | "body");
    let said = mapping.entries().any(|(target, from)| match (target, from) {
        ("score" | "correction" | "feedback_type", _) => true,
        ("comment", Value::Column(column)) => !vague(column),
        _ => false,
    });
    let has = |targets: &[&str]| targets.iter().any(|target| mapping.has(target));
    said || has(&["label", "reasons", "comment"]) && has(&["query", "output", "turn_id", "session_id"])
}

/// Does the record say anything about an exchange with a model?
pub(super) fn is_turn(row: &Row<'_>) -> bool {
    const TELLING: &[&str] = &["query", "output", "model", "session_id", "turn_id", "prompt_version", "system_context"];
    let mapping = mapping::vocabulary(row, Vocabulary::Turn);
    TELLING.iter().any(|target| mapping.has(target))
}

impl GenericRows {
    /// Reads a record of feedback (with its turn) or of a turn. With an error nothing is put out.
    pub(super) fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        let mapped = renamed(&mapping::vocabulary(row, Vocabulary::Feedback), row)?;
        self.read_mapped(mapped, out)
    }

    /// As [`GenericRows::read`], of a row under canonical names.
    pub(super) fn read_mapped(&mut self, mut mapped: Row<'_>, out: &mut Out) -> Result<(), Reason> {
        let typed = mapped.has("feedback_type");
        if typed && !mapped.has("score_name") {
            // Beside a type, the name is that of the score and not of a person.
            let name = mapped.take_any(&["metadata.name", "metadata.key"]);
            mapped.push("score_name", name);
        }
        if !mapped.has("author") && is_by_machine(&mapped) {
            mapped.push("author", Cell::Text(Author::Judge.word().into()));
        }
        let before = out.records.len();
        if let Err(reason) = self.canonical.read(&mut mapped, out) {
            out.records.truncate(before);
            return Err(reason);
        }
        for record in out.records.iter_mut().skip(before) {
            match record {
                Record::Feedback(feedback) => complete(feedback, typed),
                Record::Turn(turn) if turn.model_version.is_none() => turn.model_version.clone_from(&turn.model),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The row under canonical names.
fn renamed<'a>(mapping: &Mapping, row: &mut Row<'a>) -> Result<Row<'a>, Reason> {
    // The vocabulary names columns, not lists within them: there is one row.
    Ok(mapping.rows(row)?.into_iter().next().unwrap_or_default())
}

/// What the shape says where the record does not.
fn complete(feedback: &mut FeedbackRecord, typed: bool) {
    if !typed && feedback.feedback_type != FeedbackType::Thumb {
        feedback.feedback_type = kind::feedback_type(&Shape {
            name: feedback.score_name.as_deref().unwrap_or_default(),
            score: feedback.score,
            label: feedback.label.as_deref().or(feedback.reasons.first().map(String::as_str)),
            correction: feedback.correction.is_some() && feedback.score.is_none(),
            span: feedback.span.is_some(),
            ..Shape::default()
        });
    }
    if feedback.feedback_type == FeedbackType::Implicit {
        // Code records what users do; they did it.
        feedback.author = Author::Human;
    }
    if matches!(feedback.feedback_type, FeedbackType::Category | FeedbackType::Annotation)
        && feedback.reasons.is_empty()
    {
        feedback.reasons.extend(feedback.label.clone());
    }
}

/// Keys such as `annotator_kind` tell models and code from people. They stay in the metadata.
fn is_by_machine(row: &Row<'_>) -> bool {
    const KEYS: &[&str] =
        &["annotator kind", "annotator type", "author kind", "author type", "author", "source type", "feedback source"];
    const MACHINES: &[&str] =
        &["llm", "code", "model", "judge", "ai", "eval", "evaluator", "auto", "automatic", "machine"];
    row.cells().any(|(key, cell)| {
        let name = plain_name(key.strip_prefix("metadata.").unwrap_or(key));
        KEYS.contains(&name.as_str())
            && cell.as_str().is_some_and(|word| MACHINES.contains(&word.trim().to_lowercase().as_str()))
    })
}

/// The turn that a record of somebody's data describes; `fallback` is its id if it has none.
pub(super) fn turn(row: &mut Row<'_>, fallback: &str) -> Result<TurnRecord, Reason> {
    let mut mapped = renamed(&mapping::vocabulary(row, Vocabulary::Turn), row)?;
    let id = mapped.word("turn_id").or_else(|| mapped.word("id")).unwrap_or_else(|| fallback.to_owned());
    let (query, output) = (mapped.take("query"), mapped.take("output"));
    let documents = message::documents(&mapped.take("documents"));
    let system = mapped.take("system_context");
    let mut turn = TurnRecord {
        query: text_of(&query, message::query),
        output: text_of(&output, message::answer),
        system_context: system.into_text().or_else(|| message::system(&query)),
        documents,
        ..TurnRecord::default()
    };
    if turn.query.is_none() && turn.output.is_none() {
        from_messages(&mapped, &mut turn);
    }
    mapped.push("kind", Cell::Text("turn".into()));
    // An id of which the canonical reader knows nothing may be empty.
    mapped.push("id", Cell::Text("turn".into()));
    let mut inner = Out::default();
    CanonicalRows::default().read(&mut mapped, &mut inner)?;
    let Some(Record::Turn(read)) = inner.records.pop() else { return Err("it is no turn".into()) };
    let model_version = read.model_version.clone().or_else(|| read.model.clone());
    Ok(TurnRecord {
        id,
        query: turn.query,
        output: turn.output,
        system_context: turn.system_context,
        documents: turn.documents,
        model_version,
        ..read
    })
}

/// The classic task of annotators is one text to judge: what a model put out, as far as anybody can tell.
pub(super) fn only_text(turn: &mut TurnRecord) {
    if turn.query.is_none() && turn.output.is_none() {
        turn.output = ["text", "content", "html"].iter().find_map(|key| turn.metadata.remove(*key));
    }
}

/// Text stays as it is, even where it looks like JSON; a structure is taken apart.
fn text_of(cell: &Cell<'_>, read: fn(&Cell<'_>, TextForm) -> Option<String>) -> Option<String> {
    match cell {
        Cell::Nested(_) => read(cell, TextForm::Exact),
        other => other.clone().into_text(),
    }
}

/// The last exchange of the first conversation that the record holds.
fn from_messages(row: &Row<'_>, turn: &mut TurnRecord) {
    for (_, cell) in row.cells() {
        let Some(text) = cell.as_str().filter(|text| text.trim_start().starts_with(['[', '{'])) else { continue };
        if !text.contains("\"role\"") {
            continue;
        }
        let nested = Cell::Nested(text.into());
        let only = |found: Option<String>| found.filter(|found| found != text);
        turn.query = only(message::query(&nested, TextForm::Exact));
        turn.output = only(message::answer(&nested, TextForm::Exact));
        if turn.system_context.is_none() {
            turn.system_context = message::system(&nested);
        }
        if turn.query.is_some() || turn.output.is_some() {
            // A conversation that ends with the question has no answer yet.
            if turn.query == turn.output {
                turn.output = None;
            }
            return;
        }
    }
}

/// The record as one line of JSON, for those that are rejected.
pub(crate) fn raw(row: &Row<'_>) -> String {
    let cells = row.cells().filter(|(_, cell)| !cell.is_null()).map(|(key, cell)| (key.to_owned(), cell.to_json()));
    serde_json::Value::Object(cells.collect()).to_string()
}

/// An object as a row.
pub(super) fn row_of(object: &serde_json::Map<String, serde_json::Value>) -> Row<'static> {
    Row::new(object.iter().map(|(key, value)| (key.clone().into(), Cell::of_value(value))).collect())
}

/// What hidden fields, properties and the like say of the exchange that a feedback is about.
#[derive(Default)]
pub(super) struct Context {
    turn: TurnRecord,
}

impl Context {
    /// Takes everything out of `row`; what is not understood becomes metadata. Mail addresses are dropped. Texts
    /// without an id of their turn are the turn of `record`.
    pub(super) fn of(row: &mut Row<'_>, record: &str, out: &mut Out) -> Result<Self, Reason> {
        let personal: Vec<String> = row
            .cells()
            .filter(|(key, cell)| is_personal(key) && !cell.is_empty())
            .map(|(key, _)| key.to_owned())
            .collect();
        for key in personal {
            row.take(&key);
            out.unmapped(key);
        }
        // Its own `id` would be that of a person or a page.
        let id = row.take("id");
        row.push("context_id", id);
        let mut turn = turn(row, "")?;
        if turn.id.is_empty() && (turn.query.is_some() || turn.output.is_some()) {
            turn.id = format!("{record}:turn");
        }
        Ok(Self { turn })
    }

    pub(super) fn apply(&self, feedback: &mut FeedbackRecord) {
        let turn = &self.turn;
        let fill = |into: &mut Option<String>, from: &Option<String>| {
            if into.is_none() {
                into.clone_from(from);
            }
        };
        fill(&mut feedback.turn_id, &Some(turn.id.clone()).filter(|id| !id.is_empty()));
        fill(&mut feedback.session_id, &turn.session_id);
        fill(&mut feedback.query, &turn.query);
        fill(&mut feedback.output, &turn.output);
        fill(&mut feedback.model, &turn.model);
        fill(&mut feedback.model_version, &turn.model_version);
        fill(&mut feedback.prompt_version, &turn.prompt_version);
        fill(&mut feedback.release, &turn.release);
        fill(&mut feedback.environment, &turn.environment);
        fill(&mut feedback.user_id, &turn.user_id);
        fill(&mut feedback.user_role, &turn.user_role);
        feedback.tags.extend(turn.tags.iter().cloned());
        for (key, value) in &turn.metadata {
            feedback.metadata.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }

    /// The turn, where the context carries its texts.
    pub(super) fn into_turn(self) -> Option<TurnRecord> {
        let mut turn = self.turn;
        // The rest is said of the feedback.
        turn.metadata.clear();
        turn.weight = Weight::Fill;
        (turn.query.is_some() || turn.output.is_some()).then_some(turn)
    }
}

fn is_personal(key: &str) -> bool {
    plain_name(key).split(' ').any(|word| matches!(word, "email" | "mail" | "phone" | "ip"))
}

/// The parameters of an address, for tools that carry what they know in a link.
pub(super) fn address_parameters(address: &str) -> Row<'static> {
    let query = address.split_once('?').map_or("", |(_, rest)| rest).split('#').next().unwrap_or_default();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let cells = pairs.map(|(key, value)| (unescaped(key).into(), Cell::Text(unescaped(value).into())));
    Row::new(cells.collect())
}

/// A key or a value of an address: `+` is a blank, `%20` one as well; what is no UTF-8 stays as it stands.
fn unescaped(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().map_or_else(|_| text.to_owned(), Cow::into_owned)
}

/// Puts `text` under what is there.
pub(super) fn append(comment: &mut Option<String>, text: String) {
    if text.is_empty() {
        return;
    }
    match comment {
        Some(comment) => {
            comment.push('\n');
            comment.push_str(&text);
        }
        none => *none = Some(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameters_of_a_link_are_read_as_they_were_meant() {
        let row =
            address_parameters("https://a.example/x?user+name=J%C3%BCrgen+%26%20co&rate=100%&odd=%ff&none#part=1");
        let told: Vec<_> = row.cells().map(|(key, cell)| (key, cell.as_str().unwrap_or_default())).collect();
        assert_eq!(told, [("user name", "Jürgen & co"), ("rate", "100%"), ("odd", "%ff")]);
    }
}
