//! A score is a feedback.
//!
//! | dataType | becomes |
//! |---|---|
//! | BOOLEAN | 0 or 1: a thumb where its name asks how the answer was, else a rating |
//! | NUMERIC | rating, on the scale of its name |
//! | CATEGORICAL | category: the label, which is also the reason (`value` is only the index of the label) |
//! | TEXT | comment |
//! | CORRECTION | correction |
//!
//! Written words and labels of source ANNOTATION are an annotation; its numbers stay what they are, by a person.
//! Source EVAL is a judge.

use super::metadata;
use crate::{
    Out,
    row::{self, Cell, Reason, Row},
};
use hearback_domain::{Author, FeedbackRecord, FeedbackType, Record, lexicon, polarity::ScoreType};

pub(super) fn read(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let id = row.word("id").ok_or("a score needs an id")?;
    let source = row.word("source").unwrap_or_default().to_uppercase();
    let data_type = row.word_any(&["dataType", "data_type"]).unwrap_or_default().to_uppercase();
    let annotated = source == "ANNOTATION";
    // Where words have a place of their own, a number in `value` is only the label's index, or nothing.
    let value_is_words = !row.has("stringValue") && !row.has("string_value");
    let words = WORDS.iter().map(|key| row.take(key)).find(|cell| !cell.is_empty()).unwrap_or_default();
    let value = row.take("value");
    let written = |words: Cell<'_>, value: Cell<'_>| match (words, value) {
        (Cell::Null, Cell::Text(text)) if value_is_words || text.trim().parse::<f64>().is_err() => {
            Some(text.into_owned()).filter(|text| !text.is_empty())
        }
        (words, _) => words.into_text(),
    };
    let mut feedback = FeedbackRecord::new(id, FeedbackType::Rating);
    match data_type.as_str() {
        "BOOLEAN" => {
            feedback.score = number(value)?.or(number(words)?);
            feedback.score_type = ScoreType::Boolean;
            if row.get("name").and_then(Cell::as_str).is_none_or(lexicon::is_feedback_name) {
                feedback.feedback_type = FeedbackType::Thumb;
            }
        }
        "CATEGORICAL" => {
            feedback.feedback_type = if annotated { FeedbackType::Annotation } else { FeedbackType::Category };
            feedback.label = written(words, value);
            feedback.reasons.extend(feedback.label.clone());
        }
        "TEXT" => {
            feedback.feedback_type = if annotated { FeedbackType::Annotation } else { FeedbackType::Comment };
            feedback.comment = written(words, value);
        }
        "CORRECTION" => {
            feedback.feedback_type = FeedbackType::Correction;
            feedback.correction = written(words, value);
        }
        // Exports older than data types hold numbers only.
        "NUMERIC" | "" => feedback.score = number(value)?,
        other => return Err(format!("there is no data type {}", row::shorten(other))),
    }
    if source == "EVAL" {
        feedback.author = Author::Judge;
    }
    if let Some(comment) = row.text("comment").filter(|comment| !comment.is_empty()) {
        match &mut feedback.comment {
            Some(text) => {
                text.push_str("\n\n");
                text.push_str(&comment);
            }
            none => *none = Some(comment),
        }
    }
    feedback.created_at = row.time(&["timestamp", "createdAt", "created_at"])?;
    feedback.turn_id = row.word_any(&["traceId", "trace_id"]);
    feedback.session_id = row.word_any(&["sessionId", "session_id"]);
    feedback.score_name = row.word("name");
    feedback.environment = row.word("environment");
    feedback.user_id = row.word_any(&["userId", "user_id"]);
    feedback.tags = row.words("traceTags");
    subject(row, &mut feedback)?;
    of_trace(row, &mut feedback)?;
    let (inner, user_role) = metadata(row)?;
    feedback.metadata.extend(inner);
    feedback.user_role = user_role;
    feedback.confidence = feedback.metadata.get("confidence").and_then(|text| text.parse().ok());
    for (name, text) in row.take_named(kept) {
        feedback.metadata.entry(name.into()).or_insert(text);
    }
    // A score that names only its observation finds the trace by it.
    if feedback.turn_id.is_none() {
        feedback.turn_id = feedback.metadata.get("observation_id").cloned();
    }
    row.pass_over(|key| {
        matches!(
            key,
            "projectId"
                | "project_id"
                | "createdAt"
                | "created_at"
                | "updatedAt"
                | "updated_at"
                | "executionTraceId"
                | "execution_trace_id"
        )
    });
    out.push(Record::Feedback(feedback));
    Ok(())
}

/// The newest REST interface says in one object what the score is about.
fn subject(row: &mut Row<'_>, feedback: &mut FeedbackRecord) -> Result<(), Reason> {
    let Cell::Nested(text) = row.take("subject") else { return Ok(()) };
    let mut subject = Row::from_json_text(&text)?;
    let id = subject.word("id");
    match subject.word("kind").as_deref() {
        Some("trace") => feedback.turn_id = id,
        Some("session") => feedback.session_id = id,
        Some("observation") => {
            feedback.turn_id = subject.word("traceId");
            feedback.metadata.extend(id.map(|id| ("observation_id".to_owned(), id)));
        }
        Some("experiment") => feedback.metadata.extend(id.map(|id| ("dataset_run_id".to_owned(), id))),
        _ => {}
    }
    Ok(())
}

/// The REST interface may give some fields of the trace along with the score.
fn of_trace(row: &mut Row<'_>, feedback: &mut FeedbackRecord) -> Result<(), Reason> {
    let Cell::Nested(text) = row.take("trace") else { return Ok(()) };
    let mut trace = Row::from_json_text(&text).map_err(|reason| format!("trace: {reason}"))?;
    feedback.user_id = feedback.user_id.take().or_else(|| trace.word("userId"));
    feedback.session_id = feedback.session_id.take().or_else(|| trace.word("sessionId"));
    feedback.environment = feedback.environment.take().or_else(|| trace.word("environment"));
    if feedback.tags.is_empty() {
        feedback.tags = trace.words("tags");
    }
    Ok(())
}

/// Where the words of a score may stand.
const WORDS: &[&str] = &["stringValue", "string_value", "longStringValue", "long_string_value"];

/// What places a score more exactly than the trace does, and who gave it.
fn kept(key: &str) -> Option<&'static str> {
    Some(match key {
        "observationId" | "observation_id" => "observation_id",
        "datasetRunId" | "dataset_run_id" => "dataset_run_id",
        "traceName" => "trace_name",
        "authorUserName" => "author",
        "authorUserId" | "author_user_id" => "author_id",
        "configId" | "config_id" => "config_id",
        "queueId" | "queue_id" => "queue_id",
        "evaluatorId" | "evaluator_id" => "evaluator_id",
        "evaluationRuleId" | "evaluation_rule_id" => "evaluation_rule_id",
        _ => return None,
    })
}

fn number(cell: Cell<'_>) -> Result<Option<f64>, Reason> {
    cell.into_number().map_err(|text| format!("value is not a number: {}", row::shorten(&text)))
}
