//! A task with its annotations and predictions (JSON export, API).

use serde_json::Value;

use super::annotation::{self, Annotation, ControlValue, What};
use crate::{
    Out,
    formats::generic,
    kind::{self, Shape},
    row::{self, Reason, Row, plain_text},
    time,
};
use hearback_domain::{Author, FeedbackRecord, FeedbackType, Record, TurnRecord, record::Metadata};

pub(super) fn read(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let id = row.word("id");
    let data = row.take("data");
    let mut data = Row::from_json_text(data.as_str().unwrap_or("{}")).map_err(|reason| format!("data: {reason}"))?;
    let fallback = id.as_deref().map_or_else(|| "label-studio-task".to_owned(), |id| format!("label-studio-task-{id}"));
    let mut turn = generic::turn(&mut data, &fallback)?;
    generic::only_text(&mut turn);
    let annotations = list(row, &["annotations", "completions"])?;
    let predictions = list(row, &["predictions"])?;
    row::spread(&row.take("meta"), "meta", &mut turn.metadata)?;
    for (key, name) in [("project", "project"), ("file_upload", "file_upload")] {
        turn.metadata.extend(row.word(key).map(|value| (name.to_owned(), value)));
    }
    turn.metadata.extend(id.map(|id| ("task".to_owned(), id)));
    for value in &annotations {
        // A number alone stands for what this export does not hold.
        if value.is_object() {
            annotation(value, &turn, out);
        } else {
            out.unmapped("annotations");
        }
    }
    for value in &predictions {
        if value.is_object() {
            prediction(value, &turn, out);
        } else {
            out.unmapped("predictions");
        }
    }
    out.push(Record::Turn(turn));
    for counted in [
        "annotators",
        "inner_id",
        "total_annotations",
        "cancelled_annotations",
        "total_predictions",
        "comment_count",
        "unresolved_comment_count",
        "last_comment_updated_at",
        "comment_authors",
        "updated_by",
        "updated_at",
        "created_at",
        "allow_skip",
        "overlap",
        "is_labeled",
        "completed_at",
        "avg_lead_time",
        "draft_exists",
        "annotations_ids",
        "annotations_results",
        "predictions_results",
        "predictions_score",
        "predictions_model_versions",
        "storage_filename",
    ] {
        // What the tool counts for its own lists, and when the task was imported.
        row.take(counted);
    }
    Ok(())
}

fn list(row: &mut Row<'_>, keys: &[&str]) -> Result<Vec<Value>, Reason> {
    match row.take_any(keys).as_str() {
        None | Some("") => Ok(Vec::new()),
        Some(text) => serde_json::from_str(text).map_err(|error| format!("{} is no list: {error}", keys[0])),
    }
}

fn annotation(value: &Value, turn: &TurnRecord, out: &mut Out) {
    let text = |key: &str| value.get(key).and_then(plain_text);
    if value.get("was_cancelled").and_then(Value::as_bool) == Some(true) {
        return;
    }
    let mut metadata = Metadata::new();
    // A person comes as a number, or with name and address: the number is enough.
    let by = value.get("completed_by");
    let by = by.and_then(|by| by.get("id")).or(by).and_then(plain_text);
    metadata.extend(by.map(|by| ("annotator".to_owned(), by)));
    for key in ["lead_time", "ground_truth"] {
        metadata.extend(text(key).filter(|value| value != "false").map(|value| (key.to_owned(), value)));
    }
    let annotation = Annotation {
        id: text("id").or_else(|| text("unique_id")).unwrap_or_default(),
        author: Author::Human,
        created_at: text("created_at").and_then(|text| time::parse(&text)),
        metadata,
    };
    let mut said = Vec::new();
    for result in value.get("result").and_then(Value::as_array).into_iter().flatten() {
        said_in(result, &mut said, out);
    }
    annotation.put_out(said, true, turn, out);
}

fn said_in(result: &Value, said: &mut Vec<ControlValue>, out: &mut Out) {
    let text = |key: &str| result.get(key).and_then(plain_text);
    let values = result.get("value").and_then(annotation::values);
    let Some(values) = values else {
        out.unmapped(format!("annotations.result ({})", text("type").unwrap_or_default()));
        return;
    };
    let control = text("from_name").or_else(|| text("type")).unwrap_or_default();
    let note = result.pointer("/meta/text").and_then(|note| match note {
        Value::Array(lines) => Some(lines.iter().filter_map(plain_text).collect::<Vec<_>>().join("\n")),
        other => plain_text(other),
    });
    for what in values {
        said.push(ControlValue {
            control: control.clone(),
            to_name: text("to_name"),
            region: text("id"),
            what,
            note: note.clone().filter(|note| !note.is_empty()),
        });
    }
}

/// What a model said about the task: one feedback, by a judge.
fn prediction(value: &Value, turn: &TurnRecord, out: &mut Out) {
    let text = |key: &str| value.get(key).and_then(plain_text);
    let id = format!("{}/prediction/{}", turn.id, text("id").unwrap_or_default());
    let mut feedback = FeedbackRecord::new(id, FeedbackType::Rating);
    feedback.author = Author::Judge;
    feedback.turn_id = Some(turn.id.clone());
    feedback.session_id.clone_from(&turn.session_id);
    feedback.created_at = text("created_at").and_then(|text| time::parse(&text));
    feedback.score = value.get("score").and_then(Value::as_f64);
    feedback.score_name = text("model_version").filter(|name| !name.is_empty());
    let mut said = Vec::new();
    for result in value.get("result").and_then(Value::as_array).into_iter().flatten() {
        said_in(result, &mut said, out);
    }
    let mut comments = Vec::new();
    for one in said {
        match one.what {
            What::Choice(label) => feedback.reasons.push(label),
            What::Rating(score) if feedback.score.is_none() => feedback.score = Some(score),
            What::Rating(score) => {
                feedback.metadata.insert(one.control, score.to_string());
            }
            What::Text(text) => comments.push(text),
            What::Marked(value, labels) => {
                feedback.reasons.extend(labels);
                feedback.metadata.insert(one.control, value.to_string());
            }
            What::Preferred(side) => feedback.label = Some(side),
        }
    }
    if feedback.label.is_none() {
        feedback.label = feedback.reasons.first().cloned();
    }
    if !comments.is_empty() {
        feedback.comment = Some(comments.join("\n"));
    }
    feedback.feedback_type = kind::feedback_type(&Shape {
        name: feedback.score_name.as_deref().unwrap_or_default(),
        score: feedback.score,
        label: feedback.label.as_deref(),
        ..Shape::default()
    });
    out.push(Record::Feedback(feedback));
}
