//! What does LangSmith export, and how do its pieces join?
//!
//! Runs (spans) and feedback come as files of their own. A trace is one turn: its root run is the turn itself, runs
//! within it fill its gaps (system prompt and model from an `llm`, documents from a `retriever`) and lend it their
//! ids, so that feedback on any of them is feedback on the turn.
//!
//! Trap: `session_id` on a run or a feedback is the *project*. The conversation is in `extra.metadata`, as
//! `session_id`, `thread_id` or `conversation_id`.
//!
//! Read are runs and feedback as SDK, API and CLI write them (JSON, JSON lines, pages), and the bulk export (Parquet,
//! where `inputs`, `outputs`, `extra`, `events` and `feedback_stats` are JSON text).
//! Sources: langchain-ai/langsmith-sdk at bc8dd672, `python/langsmith/schemas.py`; docs.langchain.com
//! `data-export`, `run-data-format`, `feedback-data-format`, `threads`.

mod feedback;
mod run;

use crate::{
    Detected, Format, Out, Recognised, Role, RowReader, Sample,
    row::{Cell, Reason, Row},
};
use hearback_domain::error::Result;

pub struct LangSmith;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LangsmithRecord {
    Run,
    Feedback,
}

impl LangsmithRecord {
    fn of(row: &Row<'_>) -> Option<Self> {
        let any = |keys: &[&str]| keys.iter().any(|key| row.has(key));
        if row.has("run_type") && any(&["dotted_order", "trace_id", "trace_tier", "parent_run_id"]) {
            Some(Self::Run)
        } else if row.has("run_id") && row.has("key") && any(&["feedback_source", "comment", "correction"]) {
            Some(Self::Feedback)
        } else {
            None
        }
    }
}

impl Format for LangSmith {
    fn name(&self) -> &'static str {
        "langsmith"
    }

    fn title(&self) -> &'static str {
        "LangSmith"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        let kind = sample.rows.first().and_then(LangsmithRecord::of)?;
        if sample.share(|row| LangsmithRecord::of(row) == Some(kind)) < 0.9 {
            return None;
        }
        Some(match kind {
            LangsmithRecord::Run => {
                let detected = Detected::new(
                    0.95,
                    "records have run_type and the order of a trace",
                    Role::Turns,
                    "LangSmith runs",
                );
                if sample.rows.iter().any(|row| row.get("feedbacks").is_some_and(|cell| !cell.is_empty())) {
                    detected
                } else {
                    detected.note(
                        "LangSmith keeps feedback apart from runs, which have only its sums: import the export of \
                         feedback, too",
                    )
                }
            }
            LangsmithRecord::Feedback => Detected::new(
                0.95,
                "records have run_id, key and the source of a feedback",
                Role::Feedback,
                "LangSmith feedback",
            )
            .note("questions and answers are in the runs, which are an export of their own"),
        })
    }

    fn reader(&self, _recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        Ok(Box::new(LangSmithRows))
    }
}

struct LangSmithRows;

impl RowReader for LangSmithRows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        match LangsmithRecord::of(row) {
            Some(LangsmithRecord::Run) => run::read(row, out),
            Some(LangsmithRecord::Feedback) => feedback::read(row, &feedback::Of::default(), out),
            None => Err("this is neither a LangSmith run nor a LangSmith feedback".into()),
        }
    }

    fn why_unmapped(&self, field: &str, _cell: &Cell<'_>) -> Option<&'static str> {
        (field == "feedback_stats").then_some("sums over feedback: import the export of feedback, which has each")
    }
}

/// An object, given as such or as its JSON text.
fn object<'c>(cell: &'c Cell<'_>, field: &str) -> std::result::Result<Row<'c>, Reason> {
    match cell {
        Cell::Nested(text) | Cell::Text(text) if text.trim_start().starts_with('{') => {
            Row::from_json_text(text).map_err(|reason| format!("{field}: {reason}"))
        }
        _ => Ok(Row::default()),
    }
}
