//! What does Langfuse export, and how do its pieces join?
//!
//! Traces, observations and scores come as files of their own and meet in the trace id: one trace is one turn.
//! A trace is the turn itself; observations fill its gaps (system prompt and model from a GENERATION, documents from
//! a RETRIEVER); a score is a feedback on the trace, or on the session when it names no trace. Newer exports have no
//! traces: their observations carry the fields of the trace, and the root observation is the turn.
//!
//! Read are the UI's batch export (camelCase; CSV, JSON, JSON lines; `events` of version 4, too), the download of a
//! single trace, pages of the REST interface (versions 1 to 3), and, since only the spelling of the keys differs, the
//! blob storage export (`snake_case`; CSV, JSON lines, Parquet).
//! Sources: langfuse/langfuse at 62751446, `packages/shared/src/domain/scores.ts`,
//! `worker/src/features/database-read-stream`; langfuse-docs `blob-storage-export-fields.mdx`.
//! Not in these exports: corrections (only by the REST interface and in single traces), messages in `sessions`.

mod columns;
mod observation;
mod said;
mod score;
mod trace;

use crate::{
    Detected, Format, Out, Recognised, Role, RowReader, Sample,
    container::Container,
    message::TextForm,
    row::{self, Cell, Reason, Row},
};
use hearback_domain::{FeedbackRecord, FeedbackType, Record, error::Result, record::Metadata};

pub struct Langfuse;

/// The same, for who has traces or observations but no export of the scores. Never chosen by itself: next to the
/// scores themselves every one of them would count twice.
pub struct ScoreColumns;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LangfuseRecord {
    /// One trace with its observations, scores and corrections.
    Bundle,
    Score,
    Observation,
    /// No messages, only who and where.
    Session,
    Trace,
}

impl LangfuseRecord {
    /// In the order in which they are looked for: what comes later has keys that are less telling.
    const ALL: &'static [Self] = &[Self::Bundle, Self::Score, Self::Observation, Self::Session, Self::Trace];

    fn of(row: &Row<'_>) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.fits(row))
    }

    fn fits(self, row: &Row<'_>) -> bool {
        let all = |keys: &[&str]| keys.iter().all(|key| row.has(key));
        let any = |keys: &[&str]| keys.iter().any(|key| row.has(key));
        match self {
            Self::Bundle => all(&["trace", "observations"]),
            Self::Score => {
                all(&["dataType", "source", "name"])
                    || all(&["data_type", "trace_id"]) && (row.has("string_value") || all(&["source", "name"]))
            }
            Self::Observation => {
                all(&["type", "startTime"]) && any(&["traceId", "parentObservationId"])
                    || all(&["type", "start_time", "trace_id"])
                        && any(&["parent_observation_id", "provided_model_name", "usage_details", "prompt_name"])
            }
            Self::Session => row.has("countTraces"),
            Self::Trace => {
                all(&["id", "timestamp", "release"])
                    && (all(&["bookmarked", "public"]) || any(&["sessionId", "htmlPath"]))
            }
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

    /// What the tool leaves out of such a file.
    fn note(self, sample: &Sample<'_>) -> Option<&'static str> {
        let has_columns = || sample.rows.iter().any(columns::has_scores);
        match self {
            Self::Session => {
                Some("Langfuse leaves the messages out of this export: import traces or observations, too")
            }
            Self::Score => {
                let corrected = |row: &Row<'_>| {
                    let cell = row.get("dataType").or_else(|| row.get("data_type"));
                    cell.and_then(Cell::as_str).is_some_and(|text| text.eq_ignore_ascii_case("correction"))
                };
                (!sample.rows.iter().any(corrected)).then_some(
                    "Langfuse leaves corrections out of its lists of scores: fetch them through its API (scores of \
                     data type CORRECTION) if they matter",
                )
            }
            Self::Trace | Self::Observation if has_columns() => Some(
                "scores stand in columns here, averaged and without comments: import the export of scores, too, or, \
                 where there is none, read this one as langfuse-score-columns",
            ),
            Self::Trace => Some(
                "models and system prompts are in the observations, feedback in the scores: both are exports of their own",
            ),
            Self::Observation | Self::Bundle => None,
        }
    }
}

fn detect(sample: &Sample<'_>) -> Option<(LangfuseRecord, bool)> {
    let kind = sample.rows.first().and_then(LangfuseRecord::of)?;
    if sample.share(|row| LangfuseRecord::of(row) == Some(kind)) < 0.9 {
        return None;
    }
    Some((kind, sample.file_name.contains("-lf-") && sample.file_name.contains("-export-")))
}

impl Format for Langfuse {
    fn name(&self) -> &'static str {
        "langfuse"
    }

    fn title(&self) -> &'static str {
        "Langfuse"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        let (kind, by_name) = detect(sample)?;
        let (confidence, reason) = if by_name {
            (0.99, format!("the file's name says so, and its records have {}", kind.keys()))
        } else {
            (0.95, format!("records have {}", kind.keys()))
        };
        let detected = Detected::new(confidence, reason, kind.role(), kind.title());
        Some(match kind.note(sample) {
            Some(note) => detected.note(note),
            None => detected,
        })
    }

    fn reader(&self, recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        Ok(Box::new(LangfuseRows { form: form(recognised), last: None, score_columns: false }))
    }
}

impl Format for ScoreColumns {
    fn name(&self) -> &'static str {
        "langfuse-score-columns"
    }

    fn title(&self) -> &'static str {
        "Langfuse with the scores in its columns"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        let (kind, _) = detect(sample).filter(|_| sample.rows.iter().any(columns::has_scores))?;
        let title = format!("{} with the scores in their columns", kind.title());
        Some(Detected::new(0.1, "scores stand in columns", Role::Mixed, title).note(
            "who gave a score (a user or a judge), when, and with what comment is not in this export: numbers are \
             averages, and all are taken for a user's",
        ))
    }

    fn reader(&self, recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        Ok(Box::new(LangfuseRows { form: form(recognised), last: None, score_columns: true }))
    }
}

fn form(recognised: &Recognised) -> TextForm {
    if recognised.container.is_table() || recognised.container == Container::Parquet {
        TextForm::MaybeJson
    } else {
        TextForm::Exact
    }
}

struct LangfuseRows {
    form: TextForm,
    /// The rows of a file are of one kind, so the kind of the row before is the first to try.
    last: Option<LangfuseRecord>,
    score_columns: bool,
}

impl RowReader for LangfuseRows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        self.last = self.last.filter(|kind| kind.fits(row)).or_else(|| LangfuseRecord::of(row));
        match self.last {
            Some(LangfuseRecord::Trace) => {
                let (id, created_at) = trace::read(row, self.form, out)?;
                if self.score_columns {
                    columns::read(row, &id, created_at, out);
                }
            }
            Some(LangfuseRecord::Observation) => {
                let (id, created_at) = observation::read(row, self.form, out)?;
                if self.score_columns {
                    columns::read(row, &id, created_at, out);
                }
            }
            Some(LangfuseRecord::Score) => score::read(row, out)?,
            Some(LangfuseRecord::Session) => trace::read_session(row, out)?,
            Some(LangfuseRecord::Bundle) => bundle(row, out)?,
            None => return Err("this is neither a Langfuse trace nor an observation nor a score".into()),
        }
        Ok(())
    }

    fn why_unmapped(&self, field: &str, cell: &Cell<'_>) -> Option<&'static str> {
        columns::is_score(field, cell).then_some("a score's column: import the export of scores, which has more")
    }
}

fn bundle(row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
    let trace = row.take("trace");
    let mut trace =
        Row::from_json_text(trace.as_str().unwrap_or_default()).map_err(|reason| format!("trace: {reason}"))?;
    trace::read(&mut trace, TextForm::Json, out)?;
    left("trace", &trace, out);
    observations(&row.take("observations"), out)
}

/// The observations within a trace.
fn observations(cell: &Cell<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
    for text in elements(cell)? {
        // Lists of traces name their observations by id only.
        if text.get().starts_with('{') {
            let mut inner = Row::from_json_text(text.get())?;
            observation::read(&mut inner, TextForm::MaybeJson, out)?;
            left("observations", &inner, out);
        }
    }
    Ok(())
}

/// The scores within a trace.
fn scores(cell: &Cell<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
    for text in elements(cell)? {
        if text.get().starts_with('{') {
            let mut inner = Row::from_json_text(text.get())?;
            score::read(&mut inner, out)?;
            left("scores", &inner, out);
        }
    }
    Ok(())
}

fn left(of: &str, row: &Row<'_>, out: &mut Out) {
    for (field, _) in row.leftovers() {
        out.unmapped(format!("{of}.{field}"));
    }
}

fn elements<'c>(cell: &'c Cell<'_>) -> std::result::Result<Vec<&'c serde_json::value::RawValue>, Reason> {
    match cell {
        Cell::Nested(text) | Cell::Text(text) if !text.is_empty() => {
            serde_json::from_str(text).map_err(|error| format!("a list within the record is not valid JSON: {error}"))
        }
        _ => Ok(Vec::new()),
    }
}

/// What colleagues wrote beside a trace, an observation or a session; `on` places it. The e-mail address of the
/// author is not kept.
fn comments(cell: &Cell<'_>, out: &mut Out, on: impl Fn(&mut FeedbackRecord)) -> std::result::Result<(), Reason> {
    if cell.is_empty() {
        return Ok(());
    }
    for text in elements(cell)? {
        let mut inner = Row::from_json_text(text.get())?;
        let (Some(id), Some(comment)) = (inner.word("id"), inner.text("content")) else {
            left("comments", &inner, out);
            continue;
        };
        let mut feedback = FeedbackRecord::new(id, FeedbackType::Annotation);
        feedback.created_at = inner.time(&["created_at", "createdAt"])?;
        on(&mut feedback);
        feedback.score_name = Some("comment".into());
        feedback.comment = Some(comment);
        out.push(Record::Feedback(feedback));
    }
    Ok(())
}

/// The metadata object, and out of it what has a field of its own: the user's role.
fn metadata(row: &mut Row<'_>) -> std::result::Result<(Metadata, Option<String>), Reason> {
    let mut metadata = Metadata::new();
    row::spread(&row.take("metadata"), "metadata", &mut metadata)?;
    let role = ["user_role", "userRole", "role", "plan"].iter().find_map(|key| metadata.remove(*key));
    Ok((metadata, role))
}
