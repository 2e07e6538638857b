//! What does Arize Phoenix export, and how do its pieces join?
//!
//! Spans (one trace is one turn, see [`super::spans`]) and annotations on spans, traces and sessions, in many coats:
//! the REST interface's pages, the interface's downloads (JSON lines of spans with their annotations among the
//! attributes; OTLP in snake_case), data frames of the Python client as Parquet, CSV or JSON lines, tables of its span
//! queries, data sets. An annotation names a span, and every span is an alias of its turn.
//!
//! An annotation's id here is what Phoenix itself keeps unique: target, name and identifier. The id of its database
//! is only in some of the exports, so that the same annotation would count twice.
//! Source: Arize-ai/phoenix at 9478f954, `src/phoenix/server/api/routers/v1`, `js/app/src/components/trace`.

mod annotation;
mod dataset;
mod list;
mod span;

use super::{
    otlp::{self, OtlpRows},
    spans::{Resource, Spans},
};
use crate::{
    Detected, Format, Out, Recognised, Role, RowReader, Sample, python,
    row::{Cell, Reason, Row},
};
use hearback_domain::error::Result;

pub struct Phoenix;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PhoenixRecord {
    Span,
    /// The columns that somebody chose in a span query.
    Query,
    /// A document of a retriever, from a span query.
    Document,
    /// Names, each with a list of spans.
    SpanLists,
    /// The download in OTLP.
    Otlp,
    Annotation,
    Trace,
    Session,
    Example,
    /// A page of examples.
    Examples,
    /// Messages and the ideal answer, for OpenAI's evals.
    Eval,
}

impl PhoenixRecord {
    fn of(row: &Row<'_>) -> Option<Self> {
        let has = |keys: &[&str]| keys.iter().all(|key| row.has(key));
        let holds = |key: &str, words: &[&str]| matches!(row.get(key), Some(Cell::Nested(text)) if words.iter().all(|word| text.contains(word)));
        // Other tools speak of kinds of annotators, too; the result is Phoenix'.
        if row.has("annotator_kind")
            && (row.has("name") || row.has("annotation_name"))
            && (row.has("result") || row.cells().any(|(key, _)| key.starts_with("result.")))
        {
            Some(Self::Annotation)
        } else if has(&["context.span_id", "document_position"]) {
            Some(Self::Document)
        } else if row.has("span_kind") && (row.has("context.span_id") || holds("context", &["span_id"])) {
            Some(Self::Span)
        } else if row.has("context.span_id") && row.cells().any(|(key, _)| span::is_attribute(key)) {
            Some(Self::Query)
        } else if otlp::OtlpRecord::of(row) == Some(otlp::OtlpRecord::Traces)
            && has_open_inference(row, "resource_spans")
            || otlp::OtlpRecord::of(row) == Some(otlp::OtlpRecord::Span) && has_open_inference(row, "attributes")
        {
            Some(Self::Otlp)
        } else if has(&["trace_id", "project_id", "start_time"]) && row.has("token_count_total") {
            Some(Self::Trace)
        } else if has(&["session_id", "project_id", "traces"]) {
            Some(Self::Session)
        } else if row.has("node_id") && row.cells().any(|(key, _)| key == "input" || key.starts_with("input.")) {
            Some(Self::Example)
        } else if holds("data", &["\"dataset_id\"", "\"examples\""]) {
            Some(Self::Examples)
        } else if has(&["messages", "ideal"]) {
            Some(Self::Eval)
        } else if row.cells().next().is_some()
            && row.cells().all(|(key, _)| holds(key, &["\"span_kind\"", "\"context\"", "\"attributes\""]))
        {
            Some(Self::SpanLists)
        } else {
            None
        }
    }

    fn role(self) -> Role {
        match self {
            Self::Span | Self::Query | Self::SpanLists | Self::Otlp | Self::Example | Self::Examples | Self::Eval => {
                Role::Turns
            }
            Self::Document | Self::Trace => Role::Details,
            Self::Annotation => Role::Feedback,
            Self::Session => Role::Sessions,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Span | Self::SpanLists => "Phoenix spans",
            Self::Query => "Phoenix span query",
            Self::Document => "Phoenix documents of spans",
            Self::Otlp => "Phoenix spans in OTLP",
            Self::Annotation => "Phoenix annotations",
            Self::Trace => "Phoenix traces",
            Self::Session => "Phoenix sessions",
            Self::Example | Self::Examples => "Phoenix data set",
            Self::Eval => "Data set for OpenAI evals",
        }
    }

    fn keys(self) -> &'static str {
        match self {
            Self::Span => "a span kind and the context of a span",
            Self::SpanLists => "lists of spans with kind and context",
            Self::Query => "the id of a span and columns of its attributes",
            Self::Document => "the id of a span and the position of a document",
            Self::Otlp => "OTLP spans with OpenInference attributes",
            Self::Annotation => "a name, the kind of an annotator and a result",
            Self::Trace => "a trace, a project and sums of tokens",
            Self::Session => "a session, a project and its traces",
            Self::Example | Self::Examples => "examples of a data set with node, input and output",
            Self::Eval => "messages and an ideal answer",
        }
    }

    fn note(self, annotated: bool) -> Option<&'static str> {
        const NO_ANNOTATIONS: &str =
            "annotations are not in it: fetch span_annotations, trace_annotations and session_annotations";
        Some(match self {
            Self::Span | Self::SpanLists if annotated => {
                "annotations of sessions are not in it, nor when and by whom the others were made: fetch them through the REST interface"
            }
            Self::Span | Self::SpanLists | Self::Query => NO_ANNOTATIONS,
            Self::Otlp => {
                "Phoenix leaves out the resource attributes (service version, environment) and the annotations of sessions"
            }
            Self::Annotation => {
                "data frames of annotations leave out notes: fetch those with include_annotation_names=note"
            }
            Self::Trace | Self::Session => "it holds no texts: import the spans as well",
            Self::Document => "it names spans only: import the spans as well",
            Self::Example | Self::Examples | Self::Eval => return None,
        })
    }
}

fn has_open_inference(row: &Row<'_>, key: &str) -> bool {
    row.get(key).and_then(Cell::as_str).is_some_and(|text| {
        ["\"openinference.span.kind\"", "\"input.value\"", "\"annotations.0.annotation"]
            .iter()
            .any(|word| text.contains(word))
    })
}

impl Format for Phoenix {
    fn name(&self) -> &'static str {
        "phoenix"
    }

    fn title(&self) -> &'static str {
        "Arize Phoenix"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        let kind = sample.rows.first().and_then(PhoenixRecord::of)?;
        if sample.share(|row| PhoenixRecord::of(row) == Some(kind)) < 0.9 {
            return None;
        }
        let annotated = sample.rows.iter().any(|row| {
            row.get("attributes").and_then(Cell::as_str).is_some_and(|text| text.contains("annotations.0.annotation"))
        });
        let role = if annotated { Role::Mixed } else { kind.role() };
        // Other tools write messages with an ideal answer, too.
        let confidence = if kind == PhoenixRecord::Eval { 0.85 } else { 0.97 };
        let mut detected = Detected::new(confidence, format!("records have {}", kind.keys()), role, kind.title());
        detected.note = kind.note(annotated).map(str::to_owned);
        Some(detected)
    }

    fn reader(&self, _recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        // Whatever Phoenix shows is meant to be looked at there.
        let spans = Spans::of_every_span();
        Ok(Box::new(PhoenixRows { otlp: OtlpRows { spans }, documents: list::Documents::default() }))
    }
}

struct PhoenixRows {
    otlp: OtlpRows,
    documents: list::Documents,
}

impl RowReader for PhoenixRows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        match PhoenixRecord::of(row) {
            Some(PhoenixRecord::Span | PhoenixRecord::Query) => {
                span::read(row, &Resource::default(), &mut self.otlp.spans, out)
            }
            Some(PhoenixRecord::Document) => self.documents.read(row, out),
            Some(PhoenixRecord::SpanLists) => self.lists(row, out),
            Some(PhoenixRecord::Otlp) => self.otlp.read(row, out),
            Some(PhoenixRecord::Annotation) => annotation::read(row, out),
            Some(PhoenixRecord::Trace) => list::trace(row, out),
            Some(PhoenixRecord::Session) => list::session(row, out),
            Some(PhoenixRecord::Example) => dataset::example(row, out),
            Some(PhoenixRecord::Examples) => dataset::page(row, out),
            Some(PhoenixRecord::Eval) => dataset::eval(row, out),
            // A trace among the OTLP spans of which says nothing of OpenInference.
            None if otlp::OtlpRecord::of(row).is_some() => self.otlp.read(row, out),
            None => Err("this is neither a Phoenix span nor an annotation nor any other of its records".into()),
        }
    }

    fn finish(&mut self, out: &mut Out) -> std::result::Result<(), Reason> {
        self.documents.finish(out);
        Ok(())
    }
}

impl PhoenixRows {
    fn lists(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        for (_, cell) in row.drain() {
            for text in otlp::elements(&cell)? {
                out.part();
                let read = Row::from_json_text(text.get())
                    .and_then(|mut row| span::read(&mut row, &Resource::default(), &mut self.otlp.spans, out));
                if let Err(reason) = read {
                    out.reject_part(reason, text.get());
                }
            }
        }
        Ok(())
    }
}

/// The column as often as the table has it: an index and a column may share a name (and then pandas gives the index
/// another one in Parquet).
fn word_of_all(row: &mut Row<'_>, keys: &[&str]) -> Option<String> {
    let mut found = None;
    // A table's reader numbers columns of the same name.
    let all = keys.iter().flat_map(|key| [(*key).to_owned(), format!("{key} (2)")]);
    for key in all {
        loop {
            match row.take(&key) {
                Cell::Null => break,
                cell => found = found.or_else(|| cell.into_text().filter(|text| !text.trim().is_empty())),
            }
        }
    }
    found
}

/// A nested cell, which in CSV is a Python literal.
fn nested(cell: Cell<'_>) -> Cell<'_> {
    match cell {
        Cell::Text(text) => match python::nested(&text) {
            Some(value) => Cell::Nested(value.to_string().into()),
            None => Cell::Text(text),
        },
        other => other,
    }
}
