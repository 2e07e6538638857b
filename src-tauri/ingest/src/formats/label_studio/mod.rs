//! What does Label Studio export, and what did its annotators say?
//!
//! A task is a turn: its `data` holds whatever the project put in, and the words of the field say what is what. An
//! annotation is one annotator's answers on a task; each chosen label, rating, text or marked stretch in it is a
//! feedback. Controls have any names: the type of a result says what it is, and a text is a correction where its
//! control's name says so. A text under the same region id as another result is the comment on that one.
//!
//! | export | holds |
//! |---|---|
//! | JSON, a task from the API | tasks with annotations and predictions (predictions may be numbers only) |
//! | JSON_MIN, CSV, TSV | a row per annotation; no predictions, nothing skipped, no region ids |
//!
//! Predictions are a judge's. A skipped annotation is no feedback. Offsets of marked stretches count UTF-16 units.
//! Sources: exports of label-studio 1.23.2; HumanSignal/label-studio-sdk `converter/converter.py`.

mod annotation;
mod flat;
mod span;
mod task;

use crate::{
    Detected, Format, Recognised, Role, RowReader, Sample,
    row::{Cell, Row},
};
use hearback_domain::error::Result;

pub struct LabelStudio;

fn is_task(row: &Row<'_>) -> bool {
    matches!(row.get("data"), Some(Cell::Nested(text)) if text.starts_with('{'))
        && (row.has("annotations") || row.has("completions"))
}

fn is_flat(row: &Row<'_>) -> bool {
    ["annotation_id", "annotator", "lead_time", "id"].iter().all(|key| row.has(key))
}

impl Format for LabelStudio {
    fn name(&self) -> &'static str {
        "label-studio"
    }

    fn title(&self) -> &'static str {
        "Label Studio"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        const SURE: f32 = 0.95;
        if sample.share(is_task) > 0.9 {
            let found = Detected::new(SURE, "tasks with data and annotations", Role::Mixed, "Label Studio tasks");
            let counted = |row: &Row<'static>| {
                matches!(row.get("predictions"), Some(Cell::Nested(text))
                    if text.trim_start_matches('[').trim_start().starts_with(|first: char| first.is_ascii_digit()))
            };
            return Some(if sample.rows.iter().any(counted) {
                found.note(
                    "predictions are only numbered in this export: export annotated tasks as JSON for their values",
                )
            } else {
                found
            });
        }
        if sample.share(is_flat) > 0.9 {
            let reason = "rows have annotation_id, annotator and lead_time";
            return Some(Detected::new(SURE, reason, Role::Mixed, "Label Studio annotations").note(
                "predictions, skipped annotations and the tasks' own created_at are not in this export: export as JSON",
            ));
        }
        None
    }

    fn reader(&self, recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        Ok(Box::new(flat::Reader::new(recognised.container)))
    }
}
