//! What does OpenTelemetry write, and where in it is the conversation?
//!
//! OTLP/JSON messages, one or many in a file: resource -> scope -> spans or log records, each with attributes in a
//! list of keys and typed values. Names come in camelCase or snake_case, ids in hexadecimal or base64, 64-bit numbers
//! as numbers or text, enumerations by name or number. The Python SDK's console exporters write records of their own.
//! Spans become turns ([`super::spans`]); log records become feedback (`gen_ai.evaluation.result`) or texts of a turn.
//!
//! Sources: open-telemetry/opentelemetry-proto; semantic-conventions-genai `docs/gen-ai/gen-ai-events.md`.

pub mod log;
pub mod record;

use serde_json::value::RawValue;

use super::spans::{Attributes, Resource, Spans};
use crate::{
    Detected, Format, Out, Recognised, Role, RowReader, Sample,
    row::{Cell, Reason, Row},
};
use hearback_domain::error::Result;

pub struct Otlp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtlpRecord {
    /// A message of spans.
    Traces,
    /// A message of log records.
    Logs,
    /// One span, without its message.
    Span,
    /// One log record, without its message.
    Log,
}

const TRACES: &[&str] = &["resourceSpans", "resource_spans"];
const LOGS: &[&str] = &["resourceLogs", "resource_logs"];

impl OtlpRecord {
    pub fn of(row: &Row<'_>) -> Option<Self> {
        let any = |keys: &[&str]| keys.iter().any(|key| row.has(key));
        let begins =
            |key: &str, start: &str| row.get(key).and_then(Cell::as_str).is_some_and(|text| text.starts_with(start));
        if any(TRACES) {
            Some(Self::Traces)
        } else if any(LOGS) {
            Some(Self::Logs)
        } else if row.has("attributes")
            && (any(&["startTimeUnixNano", "start_time_unix_nano"]) && any(&["traceId", "trace_id"])
                || row.has("context") && begins("kind", "SpanKind."))
        {
            Some(Self::Span)
        } else if row.has("body")
            && any(&["traceId", "trace_id"])
            && any(&["severityNumber", "severity_number", "observedTimeUnixNano", "observed_timestamp"])
        {
            Some(Self::Log)
        } else {
            None
        }
    }
}

impl Format for Otlp {
    fn name(&self) -> &'static str {
        "otlp"
    }

    fn title(&self) -> &'static str {
        "OpenTelemetry (OTLP)"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        let kind = sample.rows.first().and_then(OtlpRecord::of)?;
        if sample.share(|row| OtlpRecord::of(row).is_some()) < 0.9 {
            return None;
        }
        let mixed = sample.rows.iter().any(|row| OtlpRecord::of(row).is_some_and(|other| other.role() != kind.role()));
        let role = if mixed { Role::Mixed } else { kind.role() };
        let (reason, title) = match kind {
            OtlpRecord::Traces => ("records hold resource spans", "OpenTelemetry spans"),
            OtlpRecord::Logs => ("records hold resource logs", "OpenTelemetry log records"),
            OtlpRecord::Span => ("records are spans with trace, times and attributes", "OpenTelemetry spans"),
            OtlpRecord::Log => ("records are log records with trace, severity and body", "OpenTelemetry log records"),
        };
        let detected = Detected::new(0.96, reason, role, title);
        Some(match kind.role() {
            Role::Feedback => detected,
            _ => detected
                .note("what users said is not in spans: evaluation results are log records, in a file of their own"),
        })
    }

    fn reader(&self, _recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        Ok(Box::new(OtlpRows::default()))
    }
}

impl OtlpRecord {
    fn role(self) -> Role {
        match self {
            Self::Traces | Self::Span => Role::Turns,
            Self::Logs | Self::Log => Role::Feedback,
        }
    }
}

#[derive(Default)]
pub struct OtlpRows {
    pub spans: Spans,
}

impl RowReader for OtlpRows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        match OtlpRecord::of(row) {
            Some(OtlpRecord::Traces) => self.message(
                row,
                TRACES,
                &["scopeSpans", "scope_spans", "instrumentationLibrarySpans"],
                &["spans"],
                out,
            ),
            Some(OtlpRecord::Logs) => {
                self.message(row, LOGS, &["scopeLogs", "scope_logs"], &["logRecords", "log_records"], out)
            }
            Some(OtlpRecord::Span) => {
                let resource = resource(row)?;
                record::span(row, &resource, &mut self.spans, out)
            }
            Some(OtlpRecord::Log) => {
                let resource = resource(row)?;
                log::read(row, &resource, &mut self.spans, out)
            }
            None => Err("this is neither a message of spans or log records nor one of them".into()),
        }
    }
}

impl OtlpRows {
    /// Walks through resources and scopes; each span or log record is a record of the file.
    fn message(
        &mut self,
        row: &mut Row<'_>,
        top: &[&str],
        scopes: &[&str],
        items: &[&str],
        out: &mut Out,
    ) -> std::result::Result<(), Reason> {
        let top_cell = row.take_any(top);
        for text in elements(&top_cell)? {
            if let Err(reason) = self.of_resource(text.get(), top == LOGS, scopes, items, out) {
                out.part();
                out.reject_part(reason, text.get());
            }
        }
        Ok(())
    }

    fn of_resource(
        &mut self,
        text: &str,
        logs: bool,
        scopes: &[&str],
        items: &[&str],
        out: &mut Out,
    ) -> std::result::Result<(), Reason> {
        let mut within = Row::from_json_text(text)?;
        let resource = resource(&mut within)?;
        let scopes = within.take_any(scopes);
        for scope in elements(&scopes)? {
            if let Err(reason) = self.of_scope(scope.get(), logs, items, &resource, out) {
                out.part();
                out.reject_part(reason, scope.get());
            }
        }
        Ok(())
    }

    fn of_scope(
        &mut self,
        text: &str,
        logs: bool,
        items: &[&str],
        resource: &Resource,
        out: &mut Out,
    ) -> std::result::Result<(), Reason> {
        let mut within = Row::from_json_text(text)?;
        let list = within.take_any(items);
        for item in elements(&list)? {
            out.part();
            let read = Row::from_json_text(item.get()).and_then(|mut row| {
                if logs {
                    log::read(&mut row, resource, &mut self.spans, out)?;
                } else {
                    record::span(&mut row, resource, &mut self.spans, out)?;
                }
                for (field, _) in row.leftovers() {
                    out.unmapped(field);
                }
                Ok(())
            });
            if let Err(reason) = read {
                out.reject_part(reason, item.get());
            }
        }
        Ok(())
    }
}

fn resource(row: &mut Row<'_>) -> std::result::Result<Resource, Reason> {
    let Cell::Nested(text) = row.take("resource") else { return Ok(Resource::default()) };
    let mut resource = Row::from_json_text(&text)?;
    Ok(Resource::new(Attributes::from_cell(&resource.take("attributes"))?))
}

/// The elements of a list, as they stand.
pub fn elements<'c>(cell: &'c Cell<'_>) -> std::result::Result<Vec<&'c RawValue>, Reason> {
    match cell {
        Cell::Nested(text) => {
            serde_json::from_str(text).map_err(|error| format!("a list within the record cannot be read: {error}"))
        }
        _ => Ok(Vec::new()),
    }
}
