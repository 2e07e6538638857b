//! What does Opik export?
//!
//! `opik export` writes one file a trace, as JSON (`trace` with `spans`, `downloaded_at`, `project_name`) or as CSV with
//! one row a span, whose columns `trace_KEY` and `span_KEY` hold nested values as Python literals. Read are these, and
//! lists and REST pages of traces, spans and threads. A trace is a turn, its thread the session; spans fill its gaps;
//! scores and comments are feedback.
//!
//! Source: comet-ml/opik, `sdks/python/src/opik/cli/exports/{project,utils}.py` and
//! `rest_api/types/{trace,span,feedback_score,value_entry,comment}_public.py`, `trace_thread.py`.

mod score;
mod span;
mod trace;

use serde_json::value::RawValue;

use crate::{
    Detected, Format, Out, Recognised, Role, RowReader, Sample, python,
    row::{self, Cell, Reason, Row},
};
use hearback_domain::{error::Result, record::Metadata};

pub struct Opik;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OpikRecord {
    /// One trace with its spans.
    Bundle,
    /// A row of CSV: a span, with its trace repeated.
    Wide,
    Trace,
    Span,
    Thread,
    /// An answer of the REST interface: any of these, in a list.
    Page,
}

impl OpikRecord {
    fn of(row: &Row<'_>) -> Option<Self> {
        let all = |keys: &[&str]| keys.iter().all(|key| row.has(key));
        let any = |keys: &[&str]| keys.iter().any(|key| row.has(key));
        let project = any(&["project_id", "project_name"]);
        if all(&["trace", "spans"]) && any(&["downloaded_at", "project_name", "attachments"]) {
            Some(Self::Bundle)
        } else if all(&["trace_id", "trace_start_time"]) && any(&["span_id", "span_trace_id", "span_start_time"]) {
            Some(Self::Wide)
        } else if all(&["page", "size", "content"])
            && row.get("content").and_then(Cell::as_str).is_some_and(|text| text.contains("\"project_id\""))
        {
            Some(Self::Page)
        } else if all(&["first_message", "last_message"]) && any(&["thread_model_id", "number_of_messages"]) {
            Some(Self::Thread)
        } else if project
            && all(&["id", "trace_id", "start_time", "type"])
            && !any(&["run_type", "dotted_order", "parent_observation_id", "provided_model_name"])
        {
            Some(Self::Span)
        } else if project
            && all(&["id", "start_time"])
            && any(&["thread_id", "feedback_scores", "span_count", "visibility_mode"])
            && any(&["input", "output"])
            && !any(&["trace_id", "run_type", "dotted_order"])
        {
            Some(Self::Trace)
        } else {
            None
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Bundle | Self::Wide => "Opik trace with spans",
            Self::Trace => "Opik traces",
            Self::Span => "Opik spans",
            Self::Thread => "Opik threads",
            Self::Page => "Opik page",
        }
    }

    fn keys(self) -> &'static str {
        match self {
            Self::Bundle => "a trace with its spans and when it was downloaded",
            Self::Wide => "columns of a trace and of a span",
            Self::Trace => "a project, a start and the scores or the thread of a trace",
            Self::Span => "a project, a trace, a type and a start",
            Self::Thread => "the first and the last message of a thread",
            Self::Page => "a page of a project's content",
        }
    }

    fn role(self) -> Role {
        match self {
            Self::Thread => Role::Sessions,
            Self::Span => Role::Details,
            _ => Role::Mixed,
        }
    }
}

impl Format for Opik {
    fn name(&self) -> &'static str {
        "opik"
    }

    fn title(&self) -> &'static str {
        "Opik"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        let kind = sample.rows.first().and_then(OpikRecord::of)?;
        if sample.share(|row| OpikRecord::of(row) == Some(kind)) < 0.9 {
            return None;
        }
        let reason = format!("records have {}", kind.keys());
        Some(
            Detected::new(0.95, reason, kind.role(), kind.title())
                .note("Opik has no field for a corrected answer; scores on threads are in the export of threads only"),
        )
    }

    fn reader(&self, _recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        Ok(Box::new(OpikRows { last_trace: None }))
    }
}

struct OpikRows {
    /// The trace that the rows of a table repeat.
    last_trace: Option<String>,
}

impl RowReader for OpikRows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        match OpikRecord::of(row) {
            Some(OpikRecord::Bundle) => bundle(row, out),
            Some(OpikRecord::Wide) => self.wide(row, out),
            Some(OpikRecord::Page) => page(row, out),
            Some(kind) => {
                out.part();
                one(kind, row, out)
            }
            None => Err("this is neither an Opik trace nor a span nor a thread".into()),
        }
    }
}

fn one(kind: OpikRecord, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
    match kind {
        OpikRecord::Trace => trace::read(row, out),
        OpikRecord::Span => span::read(row, out),
        OpikRecord::Thread => trace::read_thread(row, out),
        OpikRecord::Bundle | OpikRecord::Wide | OpikRecord::Page => Err("a page within a page".into()),
    }
}

fn bundle(row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
    let (whole, spans) = (row.take("trace"), row.take("spans"));
    let project = row.word("project_name");
    let mut inner =
        Row::from_json_text(whole.as_str().unwrap_or_default()).map_err(|reason| format!("trace: {reason}"))?;
    if let (false, Some(project)) = (inner.has("project_name"), project) {
        inner.push("project_name", Cell::Text(project.into()));
    }
    out.part();
    trace::read(&mut inner, out)?;
    left(&inner, out);
    for text in elements(&spans)? {
        part(text, out, span::read);
    }
    for key in ["downloaded_at", "project_name"] {
        row.take(key);
    }
    Ok(())
}

fn page(row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
    let content = row.take("content");
    for text in elements(&content)? {
        part(text, out, |inner, out| match OpikRecord::of(inner) {
            Some(kind) => one(kind, inner, out),
            None => Err("this is neither an Opik trace nor a span nor a thread".into()),
        });
    }
    for key in ["page", "size", "total", "sortable_by", "sortableBy"] {
        row.take(key);
    }
    Ok(())
}

/// One record of those that the row holds; if it is broken, only it is lost.
fn part(text: &RawValue, out: &mut Out, read: impl Fn(&mut Row<'_>, &mut Out) -> std::result::Result<(), Reason>) {
    out.part();
    let outcome = Row::from_json_text(text.get()).and_then(|mut inner| {
        read(&mut inner, out)?;
        left(&inner, out);
        Ok(())
    });
    if let Err(reason) = outcome {
        out.reject_part(reason, text.get());
    }
}

fn left(row: &Row<'_>, out: &mut Out) {
    row.leftovers().for_each(|(key, _)| out.unmapped(key));
}

impl OpikRows {
    fn wide(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        let (mut trace, mut span) = (Row::default(), Row::default());
        for (key, cell) in row.drain() {
            if let Some(key) = key.strip_prefix("trace_") {
                trace.push(key.to_owned(), literal(cell));
            } else if let Some(key) = key.strip_prefix("span_") {
                span.push(key.to_owned(), literal(cell));
            } else {
                out.unmapped(key);
            }
        }
        let id = trace.get("id").and_then(Cell::as_str).map(str::to_owned);
        if id.is_none() || id != self.last_trace {
            out.part();
            trace::read(&mut trace, out)?;
            left(&trace, out);
            self.last_trace = id;
        }
        // A trace without spans has empty columns for one.
        if span.has("id") {
            out.part();
            span::read(&mut span, out)?;
            left(&span, out);
        }
        Ok(())
    }
}

/// A cell that holds what Python's `str()` made of a dictionary or a list.
fn literal(cell: Cell<'_>) -> Cell<'static> {
    match &cell {
        Cell::Text(text) => match python::nested(text) {
            Some(value @ (serde_json::Value::Object(_) | serde_json::Value::Array(_))) => {
                Cell::Nested(value.to_string().into())
            }
            _ => cell.into_owned(),
        },
        _ => cell.into_owned(),
    }
}

fn elements<'c>(cell: &'c Cell<'_>) -> std::result::Result<Vec<&'c RawValue>, Reason> {
    match cell {
        Cell::Nested(text) | Cell::Text(text) if !text.trim().is_empty() => {
            serde_json::from_str(text).map_err(|error| format!("a list within the record is not valid JSON: {error}"))
        }
        _ => Ok(Vec::new()),
    }
}

fn metadata(row: &mut Row<'_>) -> std::result::Result<Metadata, Reason> {
    let mut metadata = Metadata::new();
    row::spread(&row.take("metadata"), "metadata", &mut metadata)?;
    Ok(metadata)
}

/// `{prompt_tokens, completion_tokens}`.
fn tokens(row: &mut Row<'_>) -> (Option<i64>, Option<i64>) {
    let usage = row.take("usage");
    let Some(Ok(mut usage)) = usage.as_str().map(Row::from_json_text) else { return (None, None) };
    let mut of = |keys: [&str; 2]| keys.iter().find_map(|key| usage.integer(key).ok().flatten());
    (of(["prompt_tokens", "input_tokens"]), of(["completion_tokens", "output_tokens"]))
}

/// Milliseconds, as the tool has counted or as start and end tell.
fn latency(row: &mut Row<'_>) -> std::result::Result<(Option<hearback_domain::Timestamp>, Option<i64>), Reason> {
    let (start, end) = (row.time(&["start_time"])?, row.time(&["end_time"])?);
    let counted = row.number("duration")?.map(|milliseconds| milliseconds.round() as i64);
    let between = || start.zip(end).map(|(start, end)| (end.micros() - start.micros()) / 1000);
    Ok((start, counted.or_else(between)))
}

/// `{exception_type, message, traceback}` in one line.
fn error(row: &mut Row<'_>) -> Option<String> {
    let info = row.take("error_info");
    let mut info = Row::from_json_text(info.as_str()?).ok()?;
    let (kind, message) = (info.word("exception_type"), info.word("message"));
    match (kind, message) {
        (Some(kind), Some(message)) if !message.starts_with(&kind) => Some(format!("{kind}: {message}")),
        (kind, message) => message.or(kind),
    }
}
