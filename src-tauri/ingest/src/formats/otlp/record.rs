//! One span, as OTLP writes it.

use serde_json::Value;

use super::elements;
use crate::{
    Out,
    formats::spans::{Attributes, Evaluation, Resource, Span, Spans, ids},
    row::{Cell, Reason, Row},
};
use hearback_domain::{Record, Timestamp};

pub fn span(row: &mut Row<'_>, resource: &Resource, spans: &mut Spans, out: &mut Out) -> Result<(), Reason> {
    // The console exporter puts the ids into an object.
    if let Cell::Nested(text) = row.take("context") {
        for (key, cell) in Row::from_json_text(&text)?.into_owned().drain() {
            row.push(key, cell);
        }
    }
    let trace_id = row.word_any(&["traceId", "trace_id"]).and_then(|id| ids::trace_id(&id));
    let trace_id = trace_id.ok_or("a span needs the id of its trace")?;
    let span_id = row.word_any(&["spanId", "span_id"]).and_then(|id| ids::span_id(&id));
    let parent = row.word_any(&["parentSpanId", "parent_span_id", "parent_id"]).and_then(|id| ids::span_id(&id));
    let mut span = Span {
        trace_id,
        span_id,
        root: parent.is_none_or(|id| ids::is_zero(&id)),
        name: row.word("name"),
        kind: None,
        started: row.time(&["startTimeUnixNano", "start_time_unix_nano", "start_time"])?,
        ended: row.time(&["endTimeUnixNano", "end_time_unix_nano", "end_time"])?,
        error: None,
        attributes: Attributes::from_cell(&row.take("attributes"))?,
    };
    let events = row.take("events");
    let mut told = Vec::new();
    for text in elements(&events)? {
        told.push(event(text.get())?);
    }
    span.error = failure(row, &mut told)?;
    for (place, (name, at, attributes)) in told.into_iter().enumerate() {
        from_event(&mut span, place, &name, at, attributes, out);
    }
    for key in PASSED_OVER {
        row.take(key);
    }
    spans.read(span, resource, out);
    Ok(())
}

/// About the transport.
const PASSED_OVER: &[&str] = &[
    "kind",
    "flags",
    "links",
    "traceState",
    "trace_state",
    "droppedAttributesCount",
    "dropped_attributes_count",
    "droppedEventsCount",
    "dropped_events_count",
    "droppedLinksCount",
    "dropped_links_count",
];

/// Name, time, attributes.
pub type Event = (String, Option<Timestamp>, Attributes);

pub fn event(text: &str) -> Result<Event, Reason> {
    let mut event = Row::from_json_text(text)?;
    Ok((
        event.word("name").unwrap_or_default(),
        event.time(&["timeUnixNano", "time_unix_nano", "timestamp"])?,
        Attributes::from_cell(&event.take("attributes"))?,
    ))
}

/// What a span failed with: the message of its status, else that of the exception, else its kind.
fn failure(row: &mut Row<'_>, events: &mut [Event]) -> Result<Option<String>, Reason> {
    let Cell::Nested(text) = row.take("status") else { return Ok(None) };
    let mut status = Row::from_json_text(&text)?;
    let code = status.word_any(&["code", "status_code"]).unwrap_or_default();
    Ok(failed(&code).then(|| error_text(status.word_any(&["message", "description"]), events)))
}

pub fn failed(code: &str) -> bool {
    matches!(code.to_uppercase().as_str(), "2" | "ERROR" | "STATUS_CODE_ERROR" | "STATUSCODE.ERROR")
}

pub fn error_text(message: Option<String>, events: &mut [Event]) -> String {
    message
        .or_else(|| {
            events.iter_mut().find_map(|(_, _, attributes)| attributes.word(&["exception.message", "exception.type"]))
        })
        .unwrap_or_else(|| "error".to_owned())
}

/// Older instrumentation writes texts as events of the span, and some write evaluations so.
fn from_event(span: &mut Span, place: usize, name: &str, at: Option<Timestamp>, mut event: Attributes, out: &mut Out) {
    match name {
        "gen_ai.evaluation.result" => {
            let mut evaluation = evaluation(event);
            evaluation.created_at = at.or(span.ended);
            evaluation.turn_id = Some(span.trace_id.clone());
            out.push(Record::Feedback(evaluation.into_feedback()));
        }
        "gen_ai.client.inference.operation.details" | "gen_ai.content.prompt" | "gen_ai.content.completion" => {
            let keys: Vec<String> = event.keys().map(str::to_owned).collect();
            for key in keys {
                if let Some(value) = event.take(&[&key]).filter(|_| !span.attributes.has(&key)) {
                    span.attributes.insert(&key, value);
                }
            }
        }
        _ => {
            if let Some((side, message)) = message_of(name, event) {
                for (key, value) in message {
                    span.attributes.insert(&format!("{side}.{place}.{key}"), value);
                }
            }
        }
    }
}

type RoleAndContent = Vec<(&'static str, Value)>;

/// `gen_ai.user.message` and its like: on which side it stands, role and text.
pub fn message_of(name: &str, mut content: Attributes) -> Option<(&'static str, RoleAndContent)> {
    let (side, role) = match name {
        "gen_ai.system.message" => ("gen_ai.prompt", "system"),
        "gen_ai.user.message" => ("gen_ai.prompt", "user"),
        "gen_ai.assistant.message" => ("gen_ai.prompt", "assistant"),
        "gen_ai.choice" => ("gen_ai.completion", "assistant"),
        _ => return None,
    };
    let text = content.text(&["content", "message.content", "gen_ai.event.content"])?;
    // Some write the whole message into one text.
    let inner = text.starts_with('{').then(|| serde_json::from_str::<Value>(&text).ok()).flatten();
    let within = inner.as_ref().and_then(|value| {
        let message = value.get("message").unwrap_or(value);
        message.get("content").and_then(Value::as_str).map(str::to_owned)
    });
    Some((side, vec![("role", role.into()), ("content", within.unwrap_or(text).into())]))
}

/// The attributes of `gen_ai.evaluation.result`.
pub fn evaluation(mut attributes: Attributes) -> Evaluation {
    Evaluation {
        id: attributes
            .word_ending(&["feedback_id", "annotation_id"])
            .or_else(|| attributes.word(&["gen_ai.evaluation.id"])),
        turn_id: None,
        session_id: attributes
            .word(&["gen_ai.conversation.id", "session.id"])
            .or_else(|| attributes.word_ending(&["conversation_id", "session_id"])),
        created_at: None,
        name: attributes.word(&["gen_ai.evaluation.name"]),
        score: attributes.number(&["gen_ai.evaluation.score.value", "gen_ai.evaluation.score"]),
        label: attributes.word(&["gen_ai.evaluation.score.label", "gen_ai.evaluation.label"]),
        explanation: attributes.text(&["gen_ai.evaluation.explanation"]),
        by: attributes.word_ending(&[
            "annotator_kind",
            "annotator_type",
            "evaluator_kind",
            "evaluator_type",
            "evaluation_source",
            "feedback_source",
            "source_type",
        ]),
        metadata: attributes,
    }
}
