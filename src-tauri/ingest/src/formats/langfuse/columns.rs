//! The columns of scores in the tables of traces and observations: one a score's name, each cell a list.
//!
//! They are averages without ids, authors and comments, so the export of scores is better wherever there is one.

use crate::{
    Out,
    kind::{self, Shape},
    row::{Cell, Row},
};
use hearback_domain::{FeedbackRecord, FeedbackType, Record, Timestamp};

/// Whether `field` may be the column of a score: a name that Langfuse has no field for, with a list of numbers or
/// words in it.
pub(super) fn is_score(field: &str, cell: &Cell<'_>) -> bool {
    const LISTS: &[&str] = &[
        "tags",
        "traceTags",
        "comments",
        "input",
        "output",
        "metadata",
        "scores",
        "corrections",
        "observations",
        "toolCalls",
        "toolCallNames",
        "toolDefinitions",
        "tool_calls",
        "tool_call_names",
        "tool_definitions",
        "userIds",
    ];
    !LISTS.contains(&field) && values(cell).is_some()
}

pub(super) fn has_scores(row: &Row<'static>) -> bool {
    row.cells().any(|(field, cell)| is_score(field, cell))
}

/// The numbers or words of a column's cell.
fn values(cell: &Cell<'_>) -> Option<Vec<serde_json::Value>> {
    let (Cell::Nested(text) | Cell::Text(text)) = cell else { return None };
    if !text.starts_with('[') {
        return None;
    }
    let values: Vec<serde_json::Value> = serde_json::from_str(text).ok()?;
    let plain = |value: &serde_json::Value| value.is_number() || value.is_string() || value.is_boolean();
    (!values.is_empty() && values.iter().all(plain)).then_some(values)
}

/// Makes feedback of the columns that nothing else has taken.
pub(super) fn read(row: &mut Row<'_>, trace: &str, created_at: Option<Timestamp>, out: &mut Out) {
    let fields: Vec<String> =
        row.leftovers().filter(|(field, cell)| is_score(field, cell)).map(|(field, _)| field.to_owned()).collect();
    for field in fields {
        let values = values(&row.take(&field)).unwrap_or_default();
        for (place, value) in values.iter().enumerate() {
            let place = if place == 0 { String::new() } else { format!("/{place}") };
            let mut feedback = FeedbackRecord::new(format!("{trace}/{field}{place}"), FeedbackType::Rating);
            match value {
                serde_json::Value::String(text) if is_label(text) => {
                    feedback.label = Some(text.clone());
                    feedback.reasons.push(text.clone());
                }
                serde_json::Value::String(text) => feedback.comment = Some(text.clone()),
                serde_json::Value::Bool(value) => feedback.set_truth(*value),
                other => feedback.score = other.as_f64(),
            }
            feedback.feedback_type = kind::feedback_type(&Shape {
                name: &field,
                score: feedback.score,
                boolean: value.is_boolean(),
                label: feedback.label.as_deref(),
                ..Shape::default()
            });
            feedback.created_at = created_at;
            feedback.turn_id = Some(trace.to_owned());
            feedback.score_name = Some(field.clone());
            feedback.metadata.insert("from".into(), "score column".into());
            out.push(Record::Feedback(feedback));
        }
    }
}

/// Labels are short; sentences are what somebody wrote.
fn is_label(text: &str) -> bool {
    const CHARACTERS: usize = 40;
    !text.contains('\n') && text.chars().take(CHARACTERS + 1).count() <= CHARACTERS
}
