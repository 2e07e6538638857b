//! What does Langfuse export, and how do its pieces join?
//!
//! Traces, observations and scores come as files of their own and meet in the trace id: one trace is one turn.
//! A trace is the turn itself; observations fill its gaps (system prompt and model from a GENERATION, documents from
//! a RETRIEVER); a score is a feedback on the trace, or on the session when it names no trace.
//!
//! Read are the UI's batch export (camelCase; CSV, JSON, JSON lines), the download of a single trace, pages of the
//! REST interface, and, since only the spelling of the keys differs, the blob storage export (snake_case).
//! Sources: langfuse/langfuse at 62751446, `packages/shared/src/domain/scores.ts`,
//! `worker/src/features/database-read-stream`; langfuse-docs `blob-storage-export-fields.mdx`.
//! Not in these exports: corrections (only by the REST interface and in single traces), messages in `sessions`.

mod observation;
mod score;
mod trace;

use crate::{
    Detected, Format, Out, Recognised, Role, RowReader, Sample,
    container::Container,
    message::TextForm,
    row::{self, Cell, Reason, Row},
};
use crate::{error::Result, model::record::Metadata};

pub struct Langfuse;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Trace,
    Observation,
    Score,
    /// One trace with its observations, scores and corrections.
    Bundle,
    /// No messages, only who and where.
    Session,
}

impl Kind {
    fn of(row: &Row<'_>) -> Option<Self> {
        let has = |keys: &[&str]| keys.iter().all(|key| row.has(key));
        if has(&["trace", "observations"]) {
            Some(Self::Bundle)
        } else if has(&["dataType", "source", "name"]) || has(&["data_type", "string_value", "trace_id"]) {
            Some(Self::Score)
        } else if has(&["type", "startTime"]) && (row.has("traceId") || row.has("parentObservationId"))
            || has(&["type", "start_time", "trace_id"])
                && (row.has("parent_observation_id") || row.has("provided_model_name"))
        {
            Some(Self::Observation)
        } else if has(&["countTraces"]) {
            Some(Self::Session)
        } else if has(&["id", "timestamp", "release"]) && (has(&["bookmarked", "public"]) || row.has("sessionId")) {
            Some(Self::Trace)
        } else {
            None
        }
    }

    fn role(self) -> Role {
        match self {
            Self::Session => Role::Sessions,
            Self::Trace => Role::Turns,
            Self::Observation => Role::Details,
            Self::Score => Role::Feedback,
            Self::Bundle => Role::Mixed,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Session => "Langfuse sessions",
            Self::Trace => "Langfuse traces",
            Self::Observation => "Langfuse observations",
            Self::Score => "Langfuse scores",
            Self::Bundle => "Langfuse single trace",
        }
    }

    fn keys(self) -> &'static str {
        match self {
            Self::Session => "countTraces",
            Self::Trace => "release, bookmarked, public and sessionId",
            Self::Observation => "type, start time, trace and parent observation",
            Self::Score => "data type, source and name of a score",
            Self::Bundle => "a trace with its observations",
        }
    }
}

impl Format for Langfuse {
    fn name(&self) -> &'static str {
        "langfuse"
    }

    fn title(&self) -> &'static str {
        "Langfuse"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        let kind = sample.rows.first().and_then(Kind::of)?;
        if sample.share(|row| Kind::of(row) == Some(kind)) < 0.9 {
            return None;
        }
        let by_name = sample.file_name.contains("-lf-") && sample.file_name.contains("-export-");
        let (confidence, reason) = if by_name {
            (0.99, format!("the file's name says so, and its records have {}", kind.keys()))
        } else {
            (0.95, format!("records have {}", kind.keys()))
        };
        Some(Detected::new(confidence, reason, kind.role(), kind.title()))
    }

    fn reader(&self, recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        let form = if recognised.container.is_table() || recognised.container == Container::Parquet {
            TextForm::MaybeJson
        } else {
            TextForm::Exact
        };
        Ok(Box::new(LangfuseRows { form }))
    }
}

struct LangfuseRows {
    form: TextForm,
}

impl RowReader for LangfuseRows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        match Kind::of(row) {
            Some(Kind::Trace) => trace::read(row, self.form, out),
            Some(Kind::Observation) => observation::read(row, self.form, out),
            Some(Kind::Score) => score::read(row, out),
            Some(Kind::Session) => trace::read_session(row, out),
            Some(Kind::Bundle) => bundle(row, out),
            None => Err("this is neither a Langfuse trace nor an observation nor a score".into()),
        }
    }

    fn why_unmapped(&self, _field: &str, cell: &Cell<'_>) -> Option<&'static str> {
        let (Cell::Nested(text) | Cell::Text(text)) = cell else { return None };
        text.trim_start().starts_with('[').then_some("a score's column: import the export of scores, which has more")
    }
}

fn bundle(row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
    let trace = row.take("trace");
    let mut trace =
        Row::from_json_text(trace.as_str().unwrap_or_default()).map_err(|reason| format!("trace: {reason}"))?;
    let (scores, corrections) = (trace.take("scores"), trace.take("corrections"));
    trace::read(&mut trace, TextForm::Json, out)?;
    let observations = row.take("observations");
    for text in elements(&observations)? {
        let mut inner = Row::from_json_text(text.get())?;
        observation::read(&mut inner, TextForm::MaybeJson, out)?;
    }
    for cell in [&scores, &corrections] {
        for text in elements(cell)? {
            let mut inner = Row::from_json_text(text.get())?;
            score::read(&mut inner, out)?;
        }
    }
    Ok(())
}

fn elements<'c>(cell: &'c Cell<'_>) -> std::result::Result<Vec<&'c serde_json::value::RawValue>, Reason> {
    match cell {
        Cell::Nested(text) | Cell::Text(text) if !text.is_empty() => {
            serde_json::from_str(text).map_err(|error| format!("a list within the record is not valid JSON: {error}"))
        }
        _ => Ok(Vec::new()),
    }
}

/// The metadata object, and out of it what has a field of its own: the user's role.
fn metadata(row: &mut Row<'_>) -> std::result::Result<(Metadata, Option<String>), Reason> {
    let mut metadata = Metadata::new();
    row::spread(&row.take("metadata"), "metadata", &mut metadata)?;
    let role = ["user_role", "userRole", "role", "plan"].iter().find_map(|key| metadata.remove(*key));
    Ok((metadata, role))
}
