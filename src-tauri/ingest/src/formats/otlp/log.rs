//! One log record: an evaluation, something a user did or wrote, a message of a conversation, or none of our business.

use serde_json::Value;

use super::record;
use crate::{
    Out,
    formats::spans::{Attributes, Resource, Span, Spans, any_value, ids},
    kind,
    row::{Reason, Row, plain_text},
};
use hearback_domain::{Record, Timestamp};

pub fn read(row: &mut Row<'_>, resource: &Resource, spans: &mut Spans, out: &mut Out) -> Result<(), Reason> {
    let mut attributes = Attributes::from_cell(&row.take("attributes"))?;
    let event =
        row.word_any(&["eventName", "event_name"]).or_else(|| attributes.word(&["event.name"])).unwrap_or_default();
    let trace_id = row.word_any(&["traceId", "trace_id"]).and_then(|id| ids::trace_id(&id));
    let span_id = row.word_any(&["spanId", "span_id"]).and_then(|id| ids::span_id(&id)).filter(|id| !ids::is_zero(id));
    let at = match moment(row, &["timeUnixNano", "time_unix_nano", "timestamp"])? {
        None => moment(row, OBSERVED)?,
        at => at,
    };
    let body = any_value(row.take("body").to_json());
    for key in PASSED_OVER.iter().chain(OBSERVED) {
        row.take(key);
    }

    if event == "gen_ai.client.inference.operation.details" || is_message(&event) {
        let Some(trace_id) = trace_id else {
            return Err(format!("{event} needs the id of its trace"));
        };
        let mut content = Attributes::from_value(body);
        if event == "gen_ai.client.inference.operation.details" {
            let keys: Vec<String> = content.keys().map(str::to_owned).collect();
            for key in keys {
                if let Some(value) = content.take(&[&key]) {
                    attributes.insert(&key, value);
                }
            }
        } else if let Some((side, message)) = record::message_of(&event, content) {
            for (key, value) in message {
                attributes.insert(&format!("{side}.0.{key}"), value);
            }
        } else {
            // A call of a tool, which says nothing to the user.
            return Ok(());
        }
        let span = Span { trace_id, span_id, kind: Some("LLM".into()), started: at, attributes, ..Span::default() };
        spans.read(span, resource, out);
        return Ok(());
    }

    let last = event.rsplit('.').next().unwrap_or_default().to_owned();
    let evaluated = event == "gen_ai.evaluation.result" || attributes.has("gen_ai.evaluation.name");
    let did = !evaluated && kind::is_behaviour(&last);
    if !evaluated && !did && !is_feedback(&last) {
        out.unmapped(if event.is_empty() {
            "log records that are no events".to_owned()
        } else {
            format!("event {event}")
        });
        return Ok(());
    }
    let response = attributes.word(&["gen_ai.response.id"]);
    let mut evaluation = record::evaluation(attributes);
    evaluation.turn_id = trace_id.clone().or_else(|| response.clone());
    evaluation.created_at = at;
    if did {
        evaluation.label.get_or_insert_with(|| last.clone());
    }
    if !evaluated {
        evaluation.name.get_or_insert_with(|| last.clone());
    }
    // A comment stands in the body, and again as the explanation.
    if let Some(text) = plain_text(&body).filter(|text| !text.is_empty() && !matches!(body, Value::Object(_))) {
        match &evaluation.explanation {
            None => evaluation.explanation = Some(text),
            Some(explanation) if *explanation == text => {}
            Some(_) => evaluation.metadata.insert("body", text.into()),
        }
    }
    if evaluation.turn_id.is_none() && evaluation.session_id.is_none() {
        return Err("an evaluation names neither a trace nor a response nor a conversation".into());
    }
    for (key, value) in [("response_id", response), ("span_id", span_id)] {
        if let Some(value) = value {
            evaluation.metadata.insert(key, value.into());
        }
    }
    let mut feedback = evaluation.into_feedback();
    // Release and environment are those of the program that collects feedback, not of the turn.
    for (key, value) in &resource.metadata {
        feedback.metadata.entry(key.clone()).or_insert_with(|| value.clone());
    }
    out.push(Record::Feedback(feedback));
    Ok(())
}

const PASSED_OVER: &[&str] = &[
    "severityNumber",
    "severity_number",
    "severityText",
    "severity_text",
    "flags",
    "trace_flags",
    "droppedAttributesCount",
    "dropped_attributes_count",
    "dropped_attributes",
];

const OBSERVED: &[&str] = &["observedTimeUnixNano", "observed_time_unix_nano", "observed_timestamp"];

/// 0 is how OTLP says that a time is not known.
fn moment(row: &mut Row<'_>, keys: &[&str]) -> Result<Option<Timestamp>, Reason> {
    let cell = row.take_any(keys);
    if cell.as_str().is_none_or(|text| text.trim() == "0") {
        return Ok(None);
    }
    let mut given = Row::default();
    given.push(keys.first().copied().unwrap_or_default(), cell);
    given.time(keys)
}

fn is_message(event: &str) -> bool {
    matches!(
        event,
        "gen_ai.system.message"
            | "gen_ai.user.message"
            | "gen_ai.assistant.message"
            | "gen_ai.tool.message"
            | "gen_ai.choice"
    )
}

/// `app.user_comment`, `feedback`, `message-rating`: events in which users speak.
fn is_feedback(name: &str) -> bool {
    name.to_lowercase().split(|character: char| !character.is_alphanumeric()).any(|word| {
        matches!(
            word,
            "feedback"
                | "comment"
                | "rating"
                | "rated"
                | "thumb"
                | "thumbs"
                | "vote"
                | "voted"
                | "review"
                | "annotation"
                | "correction"
                | "survey"
                | "csat"
                | "nps"
        )
    })
}
