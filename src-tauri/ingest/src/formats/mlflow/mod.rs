//! What does MLflow export, and in how many shapes?
//!
//! One trace is one turn, wherever it stands: a line or a file of `Trace.to_json()`; a row of the data frame that
//! `search_traces()` gives (CSV with Python literals, JSON lines, Parquet with nested columns or with JSON text), whose
//! column `trace` has all of it as JSON and is preferred; a trace of the REST interface, in pages of a search (without
//! spans) or by itself (with attributes in OpenTelemetry's typed form); the spans alone, as the UI loads them.
//! Assessments are feedback.
//!
//! Sources: mlflow/mlflow 3.17, `mlflow/entities/{trace,trace_info,span,assessment}.py`, and files written by it.
//! The older form of the same (`request_id`, `timestamp_ms`, `request_metadata`) is read by the same code.

mod assessment;
mod decode;
mod span;
mod trace;

use std::collections::BTreeMap;

use serde_json::Value;

use self::{decode::Object, trace::Trace};
use crate::{
    Detected, Format, Out, Recognised, Role, RowReader, Sample,
    row::{Cell, Reason, Row},
};
use hearback_domain::{error::Result, record::Metadata};

pub struct Mlflow;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MlflowRecord {
    /// `Trace.to_json()`.
    Trace,
    /// A row of the data frame.
    Frame,
    /// An answer of the REST interface with one trace.
    Got,
    /// A trace in an answer of the REST interface to a search.
    Listed,
    /// The spans of one trace.
    Artifact,
    /// One span by itself.
    Span,
}

impl MlflowRecord {
    fn of(row: &Row<'_>) -> Option<Self> {
        let holds = |key: &str, words: &[&str]| {
            let text = row.get(key).and_then(Cell::as_str);
            text.is_some_and(|text| words.iter().any(|word| text.contains(word)))
        };
        const INFO: &[&str] = &["\"trace_location\"", "\"trace_metadata\"", "\"request_metadata\""];
        let has = |keys: &[&str]| keys.iter().any(|key| row.has(key));
        let named = has(&["trace_id", "request_id"]);
        if row.has("data") && holds("info", INFO) {
            Some(Self::Trace)
        } else if named && has(&["trace_location", "request_preview"]) && has(&["trace_metadata", "request_time"]) {
            Some(Self::Listed)
        } else if named && has(&["trace_metadata", "request_metadata", "assessments", "execution_duration"]) && {
            let further = ["request_time", "timestamp_ms", "state", "status", "request", "spans", "trace"];
            further.iter().filter(|key| row.has(key)).count() >= 2
        } {
            Some(Self::Frame)
        } else if holds("trace", INFO) {
            Some(Self::Got)
        } else if holds("spans", &["\"mlflow.traceRequestId\"", "\"mlflow.span"]) {
            Some(Self::Artifact)
        } else if row.has("span_id") && holds("attributes", &["\"mlflow.traceRequestId\"", "\"mlflow.span"]) {
            Some(Self::Span)
        } else {
            None
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Trace => "MLflow traces",
            Self::Frame => "MLflow traces of a data frame",
            Self::Got => "MLflow trace of the REST interface",
            Self::Listed => "MLflow search of the REST interface",
            Self::Artifact => "MLflow trace artifact",
            Self::Span => "MLflow spans",
        }
    }

    fn keys(self) -> &'static str {
        match self {
            Self::Trace => "info with trace metadata, and data",
            Self::Frame => "a trace's id, metadata, assessments and times",
            Self::Got => "a trace with its info",
            Self::Listed => "a trace's id, location, metadata and previews",
            Self::Artifact => "spans with MLflow's attributes",
            Self::Span => "a span's id and MLflow's attributes",
        }
    }

    fn role(self) -> Role {
        match self {
            Self::Trace | Self::Frame | Self::Got | Self::Listed => Role::Mixed,
            Self::Artifact | Self::Span => Role::Details,
        }
    }

    /// What is missing from a file of this kind, by its first records.
    fn missing(self, sample: &Sample<'_>) -> Option<&'static str> {
        let spans = |row: &Row<'_>| {
            let text = |key| row.get(key).and_then(Cell::as_str);
            [text("trace"), text("spans")].into_iter().flatten().any(|text| text.contains("mlflow.span"))
        };
        match self {
            Self::Listed => Some(
                "a search of the REST interface has no spans: no documents, no system prompt, no model, and texts \
                 only up to 1000 characters; search_traces() or Trace.to_json() have them",
            ),
            Self::Artifact | Self::Span => {
                Some("a trace artifact has no session, user, tags and no feedback; Trace.to_json() has them")
            }
            Self::Frame if !sample.rows.iter().any(spans) => Some(
                "this data frame has no spans: no documents, no system prompt, no model; search_traces() has them \
                 unless include_spans is False",
            ),
            _ => None,
        }
    }
}

impl Format for Mlflow {
    fn name(&self) -> &'static str {
        "mlflow"
    }

    fn title(&self) -> &'static str {
        "MLflow"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        let kind = sample.rows.first().and_then(MlflowRecord::of)?;
        if sample.share(|row| MlflowRecord::of(row).is_some()) < 0.9 {
            return None;
        }
        // Its spans are OpenTelemetry's, too; that they are MLflow's says more.
        const CONFIDENCE: f32 = 0.98;
        let detected = Detected::new(CONFIDENCE, format!("records have {}", kind.keys()), kind.role(), kind.title());
        Some(match kind.missing(sample) {
            Some(note) => detected.note(note),
            None => detected,
        })
    }

    fn reader(&self, _recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        Ok(Box::new(MlflowRows))
    }
}

struct MlflowRows;

impl RowReader for MlflowRows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        match MlflowRecord::of(row) {
            Some(MlflowRecord::Trace) => {
                let (info, data) = (row.take("info"), row.take("data"));
                whole(decode::structured(info), decode::structured(data))?.read(out)
            }
            Some(MlflowRecord::Got) => {
                let trace = decode::object(decode::structured(row.take("trace")), "trace")?;
                got(trace)?.read(out)
            }
            Some(MlflowRecord::Frame | MlflowRecord::Listed) => framed(row)?.read(out),
            Some(MlflowRecord::Artifact) => {
                artifact(decode::list(decode::structured(row.take("spans")), "spans")?, out)
            }
            Some(MlflowRecord::Span) => {
                let span = row.drain().map(|(key, cell)| (key.into_owned(), decode::structured(cell))).collect();
                Trace { spans: vec![Value::Object(span)], ..Trace::default() }.read(out)
            }
            None => Err("this is no MLflow trace".into()),
        }
    }
}

/// Spans of one trace, or of several after somebody put them together.
fn artifact(spans: Vec<Value>, out: &mut Out) -> std::result::Result<(), Reason> {
    let mut traces: BTreeMap<Option<String>, Vec<Value>> = BTreeMap::new();
    for span in spans {
        let id = span.as_object().and_then(|span| decode::word(decode::attributes(span).get("mlflow.traceRequestId")));
        traces.entry(id).or_default().push(span);
    }
    traces.into_values().try_for_each(|spans| Trace { spans, ..Trace::default() }.read(out))
}

/// `{info, data: {spans}}`; the older form has request and response beside the spans.
fn whole(info: Value, data: Value) -> std::result::Result<Trace, Reason> {
    let mut data = decode::object(data, "data")?;
    let mut text = |key: &str| match data.remove(key) {
        Some(Value::String(text)) => decode::preview(&text),
        other => other.unwrap_or_default(),
    };
    let (request, response) = (text("request"), text("response"));
    let spans = decode::list(data.remove("spans").unwrap_or_default(), "spans")?;
    Ok(Trace { info: decode::object(info, "info")?, spans, request, response, further: Metadata::new() })
}

/// `{trace_info, spans}` or `{info, data}`.
fn got(mut trace: Object) -> std::result::Result<Trace, Reason> {
    let info = trace.remove("trace_info").or_else(|| trace.remove("info")).unwrap_or_default();
    match trace.remove("spans") {
        Some(spans) => {
            let (info, spans) = (decode::object(info, "trace_info")?, decode::list(spans, "spans")?);
            Ok(Trace { info, spans, ..Trace::default() })
        }
        None => whole(info, trace.remove("data").unwrap_or_default()),
    }
}

/// What the tool puts in columns, and an answer to a search beside the id.
const COLUMNS: &[&str] = &[
    "trace_id",
    "request_id",
    "client_request_id",
    "trace_location",
    "experiment_id",
    "state",
    "status",
    "request_time",
    "timestamp_ms",
    "execution_duration",
    "execution_duration_ms",
    "execution_time_ms",
    "request_preview",
    "response_preview",
    "trace_metadata",
    "request_metadata",
    "tags",
    "assessments",
];

fn framed(row: &mut Row<'_>) -> std::result::Result<Trace, Reason> {
    // Whoever turned the columns into JSON text did it with all of them: an answer `null` is then a missing one.
    let is_json = |cell: &Cell<'_>| matches!(cell, Cell::Text(text) if serde_json::from_str::<Object>(text).is_ok());
    let all_json = row.get("trace_metadata").is_some_and(is_json);
    let columns: Object = COLUMNS.iter().map(|key| ((*key).to_owned(), decode::structured(row.take(key)))).collect();
    let said = |cell: Cell<'_>| match cell {
        Cell::Text(text) if all_json => serde_json::from_str(&text).unwrap_or_else(|_| text.into()),
        cell => decode::structured(cell),
    };
    let (request, response) = (said(row.take("request")), said(row.take("response")));
    let spans = row.take("spans");
    // Everything that stands in the columns, without the marks of Python.
    let mut trace = match row.take("trace") {
        Cell::Text(text) | Cell::Nested(text) if text.starts_with('{') => {
            let value = serde_json::from_str(&text).map_err(|error| format!("trace is not valid JSON: {error}"))?;
            got(decode::object(value, "trace")?)?
        }
        _ => {
            let spans = decode::list(decode::structured(spans), "spans")?;
            Trace { info: columns, spans, request, response, further: Metadata::new() }
        }
    };
    for (key, cell) in row.drain() {
        trace.further.extend(cell.into_text().map(|text| (key.into_owned(), text)));
    }
    Ok(trace)
}
