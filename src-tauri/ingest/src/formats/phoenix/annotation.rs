//! An annotation on a span, a trace or a session, from the REST interface or a data frame.

use super::{nested, word_of_all};
use crate::{
    Out,
    formats::spans::{Attributes, Evaluation, annotation_id, ids},
    row::{Cell, Reason, Row},
};
use hearback_domain::Record;

pub(super) fn read(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let span = word_of_all(row, &["span_id", "context.span_id", "__index_level_0__"]).and_then(|id| ids::span_id(&id));
    let trace = word_of_all(row, &["trace_id", "context.trace_id"]).and_then(|id| ids::trace_id(&id));
    let session = row.word_any(&["session_id", "session.id"]);
    let name = row.word_any(&["name", "annotation_name"]);
    let identifier = row.word("identifier");
    let (mut label, mut score, mut explanation) = (
        row.take_any(&["result.label", "label"]),
        row.take_any(&["result.score", "score"]),
        row.take_any(&["result.explanation", "explanation"]),
    );
    if let Cell::Nested(text) = nested(row.take("result")) {
        let mut result = Row::from_json_text(&text)?.into_owned();
        (label, score, explanation) = (result.take("label"), result.take("score"), result.take("explanation"));
    }
    let mut metadata = Attributes::default();
    match nested(row.take("metadata")) {
        cell @ Cell::Nested(_) => metadata = Attributes::from_cell(&cell)?,
        cell => metadata.insert("metadata", cell.to_json()),
    }
    let target = span
        .as_ref()
        .or(trace.as_ref())
        .or(session.as_ref())
        .ok_or("an annotation needs a span, a trace or a session")?;
    let mut id = annotation_id(target, name.as_deref(), identifier.as_deref());
    // One of several documents of a span.
    if let Some(position) = row.word("document_position") {
        id = format!("{id}/{position}");
        metadata.insert("document_position", position.into());
    }
    for (key, value) in [
        ("span_id", span.clone()),
        ("identifier", identifier),
        ("annotation_id", row.word("id")),
        ("annotation_source", row.word("source")),
        ("annotator_id", row.word("user_id")),
    ] {
        if let Some(value) = value {
            metadata.insert(key, value.into());
        }
    }
    for key in ["updated_at", "", "Unnamed: 0"] {
        row.take(key);
    }
    let mut score_row = Row::default();
    score_row.push("score", score);
    let evaluation = Evaluation {
        id: Some(id),
        turn_id: trace.or(span),
        session_id: session,
        created_at: row.time(&["created_at"])?,
        name,
        score: score_row.number("score")?,
        label: label.into_text(),
        explanation: explanation.into_text(),
        by: row.word("annotator_kind"),
        metadata,
    };
    out.push(Record::Feedback(evaluation.into_feedback()));
    Ok(())
}
