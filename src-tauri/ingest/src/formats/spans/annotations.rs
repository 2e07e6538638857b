//! Which annotations does a span carry with it?
//!
//! Phoenix' downloads (and OpenInference's conventions) write them into the attributes of the span they are about,
//! `annotations.0.annotation.name`, those of the trace under `trace.annotations.…` of the root, those of the session
//! under `session.annotations.…`.

use super::{Attributes, Evaluation, Span, ids};
use crate::Out;
use hearback_domain::Record;

pub fn take(span: &mut Span, out: &mut Out) {
    let session = ["session.id", "gen_ai.conversation.id"]
        .iter()
        .find_map(|key| Some(span.attributes.get(key)?.as_str()?.to_owned()).filter(|id| !id.trim().is_empty()));
    for prefix in ["annotations", "trace.annotations", "session.annotations"] {
        for item in span.attributes.take_list(prefix) {
            let of_session = prefix.starts_with("session");
            let target = match prefix {
                "annotations" => span.span_id.clone(),
                "trace.annotations" => Some(span.trace_id.clone()),
                _ => session.clone(),
            };
            let Some(target) = target else {
                out.unmapped("annotations of a span without an id");
                continue;
            };
            let mut evaluation = annotation(item, &target);
            // When it was made is not in these files, but for what the application wrote beside it.
            evaluation.created_at = span.ended.or(span.started);
            evaluation.turn_id = (!of_session).then(|| span.trace_id.clone());
            evaluation.session_id = session.clone();
            if prefix == "annotations" && !ids::is_zero(&target) {
                evaluation.metadata.insert("span_id", target.into());
            }
            out.push(Record::Feedback(evaluation.into_feedback()));
        }
    }
}

fn annotation(mut item: Attributes, target: &str) -> Evaluation {
    let mut item = if item.has_under("annotation.") { item.take_under("annotation.") } else { item };
    let name = item.word(&["name"]);
    let identifier = item.word(&["identifier"]);
    let mut evaluation = Evaluation {
        id: Some(annotation_id(target, name.as_deref(), identifier.as_deref())),
        score: item.number(&["score"]),
        label: item.word(&["label"]),
        explanation: item.text(&["explanation"]),
        by: item.word(&["annotator_kind"]),
        name,
        ..Evaluation::default()
    };
    // JSON text here, taken apart elsewhere.
    if let Some(text) = item.text(&["metadata"]) {
        match serde_json::from_str(&text) {
            Ok(value @ serde_json::Value::Object(_)) => evaluation.metadata = Attributes::from_value(value),
            _ => evaluation.metadata.insert("metadata", text.into()),
        }
    }
    for (key, text) in item.into_metadata() {
        evaluation.metadata.insert(key.strip_prefix("metadata.").unwrap_or(&key), text.into());
    }
    if let Some(identifier) = identifier {
        evaluation.metadata.insert("identifier", identifier.into());
    }
    evaluation
}

/// What Phoenix itself keeps unique: the same in every export, whereas its ids are only in some.
pub fn annotation_id(target: &str, name: Option<&str>, identifier: Option<&str>) -> String {
    format!("{target}/{}/{}", name.unwrap_or_default(), identifier.unwrap_or_default())
}
