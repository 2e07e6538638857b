//! A row with canonical names becomes records.

use std::collections::HashMap;

use crate::{
    Out, RowReader,
    row::{self, Cell, Reason, Row},
};
use hearback_domain::{
    Author, Document, FeedbackRecord, FeedbackType, Polarity, Record, SessionRecord, Span, TextHash, TurnRecord,
    VectorRecord, lexicon,
    polarity::ScoreType,
    record::{Metadata, SpanTarget, Weight},
};

/// Reads canonical rows; also the second half of reading a mapped table.
#[derive(Debug, Default)]
pub struct CanonicalRows {
    /// How often a row without an id was seen, by its content: the second equal row is another feedback,
    /// the same row in the same file imported again is not.
    seen: HashMap<TextHash, u32>,
}

impl RowReader for CanonicalRows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        match row.word("kind").as_deref() {
            None => self.feedback_or_turn(row, out),
            Some("feedback") => self.feedback(row, out),
            Some("turn") => {
                let id = row.word("id").or_else(|| row.word("turn_id")).ok_or("a turn needs an id")?;
                let mut turn = turn(row, id)?;
                turn.metadata = metadata(row)?;
                out.push(Record::Turn(turn));
                Ok(())
            }
            Some("session") => {
                out.push(Record::Session(session(row)?));
                Ok(())
            }
            Some("vector") => {
                out.push(Record::Vector(vector(row)?));
                Ok(())
            }
            Some(other) => Err(format!("there is no kind {}: session, turn, feedback or vector", row::shorten(other))),
        }
    }
}

impl CanonicalRows {
    /// A row without a kind is a feedback if it holds anything that only a feedback has.
    fn feedback_or_turn(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        const SPEAKING: &[&str] =
            &["score", "label", "polarity", "reasons", "comment", "correction", "feedback_type", "span"];
        let holds =
            |row: &Row<'_>, keys: &[&str]| keys.iter().any(|key| row.get(key).is_some_and(|cell| !is_blank(cell)));
        // A type that is the same for every row says nothing about this one.
        let speaks = holds(row, &SPEAKING[..6]) || row.get("feedback_type").is_some_and(is_implicit);
        if speaks {
            return self.feedback(row, out);
        }
        if holds(row, &["query", "output"]) {
            let id = match row.word("turn_id").or_else(|| row.word("id")) {
                Some(id) => id,
                None => self.invented_id(row),
            };
            let mut turn = turn(row, id)?;
            turn.metadata = metadata(row)?;
            out.push(Record::Turn(turn));
            return Ok(());
        }
        if holds(row, SPEAKING) {
            return self.feedback(row, out);
        }
        Err("it holds neither feedback (score, label, reasons, comment, correction) nor a turn (query, output)".into())
    }

    fn feedback(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        let id = match row.word("id") {
            Some(id) => id,
            None => self.invented_id(row),
        };
        let Score { value: score, spoken, score_type } = score(row)?;
        let mut feedback = FeedbackRecord::new(id, FeedbackType::Comment);
        feedback.score = score;
        feedback.score_type = enumerated(row, "score_type", ScoreType::from_word)?.unwrap_or(score_type);
        feedback.created_at = row.time(&["created_at"])?;
        feedback.session_id = row.word("session_id");
        feedback.turn_id = row.word("turn_id");
        feedback.author = enumerated(row, "author", Author::from_word)?.unwrap_or(Author::Human);
        feedback.score_name = row.word("score_name");
        feedback.label = row.word("label").or_else(|| spoken.clone());
        feedback.polarity = enumerated(row, "polarity", Polarity::from_word)?;
        feedback.reasons = row.words("reasons");
        feedback.comment = row.text("comment");
        feedback.correction = row.text("correction");
        feedback.confidence = row.number("confidence")?;
        feedback.span = span(row)?;
        feedback.feedback_type = match enumerated(row, "feedback_type", FeedbackType::from_word)? {
            Some(feedback_type) => feedback_type,
            None if spoken.is_some() => {
                let asked = feedback.score_name.as_deref().unwrap_or_default();
                let is_thumb = score_type != ScoreType::Boolean || lexicon::is_feedback_name(asked);
                if is_thumb { FeedbackType::Thumb } else { FeedbackType::Rating }
            }
            None => inferred_type(&feedback),
        };

        let inline = ["query", "output", "system_context", "documents"]
            .iter()
            .any(|key| row.get(key).is_some_and(|cell| !cell.is_null()));
        if inline {
            let turn_id = feedback.turn_id.clone().unwrap_or_else(|| format!("{}:turn", feedback.id));
            let mut turn = turn(row, turn_id.clone())?;
            turn.weight = Weight::Fill;
            turn.session_id.clone_from(&feedback.session_id);
            // When the feedback was given is the only time that is known of its turn.
            turn.created_at = feedback.created_at;
            feedback.turn_id = Some(turn_id);
            feedback.query.clone_from(&turn.query);
            feedback.output.clone_from(&turn.output);
            feedback.model.clone_from(&turn.model);
            feedback.model_version.clone_from(&turn.model_version);
            feedback.prompt_version.clone_from(&turn.prompt_version);
            feedback.release.clone_from(&turn.release);
            feedback.environment.clone_from(&turn.environment);
            feedback.user_id.clone_from(&turn.user_id);
            feedback.user_role.clone_from(&turn.user_role);
            feedback.tags = std::mem::take(&mut turn.tags);
            out.push(Record::Turn(turn));
        } else {
            feedback.model = row.word("model");
            feedback.model_version = row.word("model_version");
            feedback.prompt_version = row.word("prompt_version");
            feedback.release = row.word("release");
            feedback.environment = row.word("environment");
            feedback.user_id = row.word("user_id");
            feedback.user_role = row.word("user_role");
            feedback.tags = row.words("tags");
        }
        feedback.metadata = metadata(row)?;
        out.push(Record::Feedback(feedback));
        Ok(())
    }

    /// An id from the row's content, whatever the order of its fields, and its number among equal ones.
    fn invented_id(&mut self, row: &Row<'_>) -> String {
        let mut cells: Vec<(&str, String)> =
            row.leftovers().filter_map(|(key, cell)| Some((key, cell.clone().into_text()?))).collect();
        cells.sort();
        let mut content = String::new();
        for (key, text) in cells {
            content.extend([key, "\u{1f}", text.as_str(), "\u{1e}"]);
        }
        let hash = TextHash::of(&content);
        let count = self.seen.entry(hash).or_insert(0);
        *count += 1;
        if *count == 1 { format!("row-{hash}") } else { format!("row-{hash}-{count}") }
    }
}

fn is_blank(cell: &Cell<'_>) -> bool {
    cell.is_empty() || matches!(cell, Cell::Text(text) if text.trim().is_empty())
}

fn is_implicit(cell: &Cell<'_>) -> bool {
    cell.as_str().is_some_and(|word| FeedbackType::from_word(word) == Some(FeedbackType::Implicit))
}

fn session(row: &mut Row<'_>) -> Result<SessionRecord, Reason> {
    Ok(SessionRecord {
        id: row.word("id").or_else(|| row.word("session_id")).ok_or("a session needs an id")?,
        started_at: row.time(&["started_at", "created_at"])?,
        user_id: row.word("user_id"),
        user_role: row.word("user_role"),
        environment: row.word("environment"),
        metadata: metadata(row)?,
    })
}

fn vector(row: &mut Row<'_>) -> Result<VectorRecord, Reason> {
    let numbers = row.take("vector");
    let vector: Vec<f32> = serde_json::from_str(numbers.as_str().unwrap_or("[]")).map_err(|_| {
        format!("vector is not a list of numbers: {}", row::shorten(numbers.as_str().unwrap_or_default()))
    })?;
    if vector.is_empty() || vector.iter().any(|number| !number.is_finite()) {
        return Err("a vector needs numbers".into());
    }
    Ok(VectorRecord {
        model: row.word("model").ok_or("a vector needs the name of its model")?,
        text: row.text("text").ok_or("a vector needs its text")?,
        vector,
    })
}

/// Everything of a turn but its metadata.
fn turn(row: &mut Row<'_>, id: String) -> Result<TurnRecord, Reason> {
    let weight = match row.word("weight").as_deref() {
        None | Some("full") => Weight::Full,
        Some("fill") => Weight::Fill,
        Some(other) => return Err(format!("there is no weight {}: full or fill", row::shorten(other))),
    };
    Ok(TurnRecord { id, aliases: row.words("aliases"), weight, ..turn_fields(row)? })
}

/// How a field of each kind is read.
mod kind {
    use super::{Reason, Row, documents as list_of_documents};
    use hearback_domain::{Document, Timestamp};

    pub fn word(row: &mut Row<'_>, key: &str) -> Result<Option<String>, Reason> {
        Ok(row.word(key))
    }

    pub fn text(row: &mut Row<'_>, key: &str) -> Result<Option<String>, Reason> {
        Ok(row.text(key))
    }

    pub fn moment(row: &mut Row<'_>, key: &str) -> Result<Option<Timestamp>, Reason> {
        row.time(&[key])
    }

    pub fn whole(row: &mut Row<'_>, key: &str) -> Result<Option<i64>, Reason> {
        row.integer(key)
    }

    pub fn words(row: &mut Row<'_>, key: &str) -> Result<Vec<String>, Reason> {
        Ok(row.words(key))
    }

    pub fn documents(row: &mut Row<'_>, key: &str) -> Result<Vec<Document>, Reason> {
        list_of_documents(&row.take(key))
    }
}

macro_rules! turn_reader {
    ($($name:ident: $kind:ident, $shown:ident, $on:ident, $meaning:literal;)*) => {
        fn turn_fields(row: &mut Row<'_>) -> Result<TurnRecord, Reason> {
            Ok(TurnRecord { $($name: kind::$kind(row, stringify!($name))?,)* ..TurnRecord::default() })
        }
    };
}
hearback_domain::turn_fields!(all => turn_reader);

/// `metadata`, `metadata.KEY`, and every field that is none of ours: nothing is dropped.
fn metadata(row: &mut Row<'_>) -> Result<Metadata, Reason> {
    let mut metadata = Metadata::new();
    row::spread(&row.take("metadata"), "metadata", &mut metadata)?;
    for (key, cell) in row.drain() {
        let name = key.strip_prefix("metadata.").unwrap_or(&key).to_owned();
        metadata.extend(cell.into_text().map(|text| (name, text)));
    }
    Ok(metadata)
}

fn enumerated<T>(row: &mut Row<'_>, key: &str, from_word: fn(&str) -> Option<T>) -> Result<Option<T>, Reason> {
    match row.word(key) {
        None => Ok(None),
        Some(word) => {
            from_word(word.trim()).map(Some).ok_or_else(|| format!("{key} has no value {}", row::shorten(&word)))
        }
    }
}

/// The score, and the word or sign for it where it was no number: thumbs are often exported as such.
struct Score {
    value: Option<f64>,
    spoken: Option<String>,
    score_type: ScoreType,
}

fn score(row: &mut Row<'_>) -> Result<Score, Reason> {
    let cell = row.take("score");
    let text = cell.clone().into_text().unwrap_or_default();
    // A sign before digits is a number unless it is a plus, which only a thumb has.
    let is_number = text.trim().parse::<f64>().is_ok() && !text.trim().starts_with('+');
    if let Some((value, meaning)) = lexicon::score_in_words(&text).filter(|_| !is_number) {
        let score_type = if meaning.is_reply { ScoreType::Boolean } else { ScoreType::Numeric };
        return Ok(Score { value: Some(value), spoken: Some(text.trim().to_owned()), score_type });
    }
    row.push("score", cell);
    Ok(Score { value: row.number("score")?, spoken: None, score_type: ScoreType::Numeric })
}

/// From what there is: a number is a rating, else a better answer, a comment, a label.
fn inferred_type(feedback: &FeedbackRecord) -> FeedbackType {
    if feedback.span.is_some() {
        FeedbackType::Annotation
    } else if feedback.score.is_some() {
        FeedbackType::Rating
    } else if feedback.correction.is_some() {
        FeedbackType::Correction
    } else if feedback.comment.is_some() {
        FeedbackType::Comment
    } else {
        FeedbackType::Category
    }
}

fn span(row: &mut Row<'_>) -> Result<Option<Span>, Reason> {
    let cell = row.take("span");
    let nested = cell.as_str().unwrap_or_default();
    let mut inner = if nested.trim().is_empty() {
        let mut parts = Row::default();
        for key in ["target", "start", "end", "quote"] {
            parts.push(key, row.take(&format!("span.{key}")));
        }
        if parts.leftovers().next().is_none() {
            return Ok(None);
        }
        parts
    } else {
        Row::from_json_text(nested).map_err(|reason| format!("span: {reason}"))?
    };
    let target = match inner.word("target").as_deref() {
        Some("query") => SpanTarget::Query,
        Some("output") | None => SpanTarget::Output,
        Some(other) => return Err(format!("a span has no target {}: query or output", row::shorten(other))),
    };
    let place = |value: Result<Option<i64>, Reason>| -> Result<u32, Reason> {
        u32::try_from(value?.ok_or("a span needs start and end")?).map_err(|_| "a span lies outside of its text".into())
    };
    let (start, end) = (place(inner.integer("start"))?, place(inner.integer("end"))?);
    if end < start {
        return Err("a span ends before it starts".into());
    }
    Ok(Some(Span { target, start, end, quote: inner.text("quote") }))
}

fn documents(cell: &Cell<'_>) -> Result<Vec<Document>, Reason> {
    let Some(text) = cell.as_str().filter(|text| !text.trim().is_empty()) else { return Ok(Vec::new()) };
    let list = match serde_json::from_str::<serde_json::Value>(text) {
        Ok(serde_json::Value::Array(list)) => list,
        Ok(object @ serde_json::Value::Object(_)) => vec![object],
        // Plain text in a table: one document.
        _ => return Ok(vec![Document { content: text.to_owned(), ..Document::default() }]),
    };
    list.iter().map(document).collect()
}

fn document(value: &serde_json::Value) -> Result<Document, Reason> {
    match value {
        serde_json::Value::Object(object) => {
            let text = |key: &str| object.get(key).and_then(row::plain_text);
            Ok(Document {
                id: text("id"),
                title: text("title"),
                content: text("content").or_else(|| text("text")).ok_or("a document needs content")?,
                score: object.get("score").and_then(serde_json::Value::as_f64),
            })
        }
        other => Ok(Document { content: row::plain_text(other).unwrap_or_default(), ..Document::default() }),
    }
}
