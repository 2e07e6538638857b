//! What does TruLens export?
//!
//! The data frame of `get_records_and_feedback()`: one row a record (a turn), with one numeric column a feedback name
//! and beside it `NAME_calls`, `NAME direction`, `NAME feedback cost in USD`. As CSV its nested cells are Python
//! literals. The leaderboard holds averages and no records: every row of it is refused, with advice.
//!
//! Nothing says who gave a score; the name must (see [`kind::is_by_people`]).
//! Sources: truera/trulens 2.16, `trulens/core/database/connector/base.py`, and files written by it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    Detected, Format, Out, Recognised, Role, RowReader, Sample,
    kind::{self, Shape},
    python,
    row::{Cell, Reason, Row, plain_text},
    time,
};
use hearback_domain::{
    Author, FeedbackRecord, FeedbackType, Record, Timestamp, TurnRecord,
    error::Result,
    record::{Metadata, Weight},
};

pub struct Trulens;

const CALLS: &str = "_calls";
const DIRECTION: &str = " direction";
const COST: &str = " feedback cost in USD";
const ABOUT: [&str; 3] = [CALLS, DIRECTION, COST];

impl Format for Trulens {
    fn name(&self) -> &'static str {
        "trulens"
    }

    fn title(&self) -> &'static str {
        "TruLens"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        if sample.share(is_record) >= 0.9 {
            let reason = "records have record_id, app_id and the record or its price as JSON";
            return Some(Detected::new(0.95, reason, Role::Mixed, "TruLens records and feedback").note(
                "TruLens keeps neither who gave a score nor labels and corrections, nor model and documents in this \
                 table; its times are those of the recording",
            ));
        }
        if sample.share(is_average) >= 0.9 {
            let reason = "rows have app_name, app_version, latency and total_cost, but no record";
            return Some(Detected::new(0.9, reason, Role::Feedback, "TruLens leaderboard").note(AVERAGES));
        }
        None
    }

    fn reader(&self, _recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        Ok(Box::new(TrulensRows))
    }
}

const AVERAGES: &str = "a leaderboard holds averages of many records, not what was said: \
                        export session.get_records_and_feedback()";

fn is_record(row: &Row<'_>) -> bool {
    row.has("record_id")
        && (row.has("app_id") || row.has("app_name"))
        && ["record_json", "cost_json", "perf_json"].iter().any(|key| row.has(key))
}

fn is_average(row: &Row<'_>) -> bool {
    ["app_name", "app_version", "latency", "total_cost"].iter().all(|key| row.has(key))
        && !["record_id", "input", "output", "conversation_id"].iter().any(|key| row.has(key))
}

struct TrulensRows;

impl RowReader for TrulensRows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        if is_average(row) {
            return Err(AVERAGES.into());
        }
        let id = row.word("record_id").ok_or("a record needs a record_id")?;
        out.part();
        let created_at = row.time(&["ts"])?;
        for name in names(row) {
            out.part();
            let raw = row.get(&name).and_then(Cell::as_str).unwrap_or_default().to_owned();
            if let Err(reason) = feedback(&id, &name, created_at, row, out) {
                out.reject_part(reason, raw);
            }
        }
        turn(id, created_at, row, out)
    }
}

/// The names of feedback: those columns that have others about them.
fn names(row: &Row<'_>) -> Vec<String> {
    // More than anybody evaluates by; what goes beyond stays in the turn's metadata.
    const NAMES: usize = 200;
    let about = row.cells().filter_map(|(key, _)| about(key));
    let names: BTreeSet<&str> = about.take(NAMES * ABOUT.len()).collect();
    // In the order of the columns.
    let is_given = |(key, cell): &(&str, &Cell<'_>)| names.contains(key) && !cell.is_empty();
    row.cells().filter(is_given).map(|(key, _)| key.to_owned()).take(NAMES).collect()
}

/// The name that a column such as `NAME_calls` is about.
fn about(column: &str) -> Option<&str> {
    ABOUT.iter().find_map(|end| column.strip_suffix(end))
}

fn feedback(
    record: &str,
    name: &str,
    created_at: Option<Timestamp>,
    row: &mut Row<'_>,
    out: &mut Out,
) -> std::result::Result<(), Reason> {
    // The tool keeps one value a name and record.
    let mut feedback = FeedbackRecord::new(format!("{record}/{name}"), FeedbackType::Rating);
    feedback.turn_id = Some(record.to_owned());
    feedback.created_at = created_at;
    feedback.score_name = Some(name.to_owned());
    feedback.score = row.number(name)?;
    feedback.feedback_type = kind::feedback_type(&Shape { name, score: feedback.score, ..Shape::default() });
    if !kind::is_by_people(name) {
        feedback.author = Author::Judge;
    }
    if let Some(higher) = row.take(&format!("{name}{DIRECTION}")).into_text() {
        feedback.metadata.insert("higher_is_better".into(), higher.to_lowercase());
    }
    let cost = row.number(&format!("{name}{COST}")).ok().flatten().filter(|cost| *cost != 0.0);
    feedback.metadata.extend(cost.map(|cost| ("cost_usd".to_owned(), cost.to_string())));
    calls(nested(&row.take(&format!("{name}{CALLS}"))), &mut feedback);
    out.push(Record::Feedback(feedback));
    Ok(())
}

/// How the score came about: one entry a call with its value and, where the evaluator gave one, its reason.
fn calls(calls: Option<Value>, feedback: &mut FeedbackRecord) {
    let Some(Value::Array(calls)) = calls else { return };
    let values: Vec<&Value> =
        calls.iter().filter(|call| call.get("ret").is_some_and(|value| !value.is_null())).collect();
    // Several results of one name are averaged by the tool.
    if values.len() > 1 {
        let values: Vec<String> = values.iter().filter_map(|call| plain_text(call.get("ret")?)).collect();
        feedback.metadata.insert("averaged_values".into(), values.join(", "));
    }
    let reasons = calls.iter().filter_map(|call| {
        let meta = call.get("meta")?;
        ["explanation", "reason", "reasons"].iter().find_map(|key| plain_text(meta.get(key)?))
    });
    let reasons: Vec<String> = reasons.filter(|text| !text.is_empty()).collect();
    if !reasons.is_empty() {
        feedback.comment = Some(reasons.join("\n\n"));
    }
    let own = calls.iter().filter_map(|call| call.get("meta")?.get("metadata")?.as_object()).flatten();
    feedback.metadata.extend(own.filter_map(|(key, value)| Some((key.clone(), plain_text(value)?))));
    if let Some(moment) = calls.iter().find_map(|call| time::parse(&plain_text(call.get("timestamp")?)?)) {
        feedback.created_at = Some(moment);
    }
}

fn turn(
    id: String,
    created_at: Option<Timestamp>,
    row: &mut Row<'_>,
    out: &mut Out,
) -> std::result::Result<(), Reason> {
    let mut metadata = Metadata::new();
    // A copy of the row, but for what the application noted itself.
    if let Some(Value::Object(own)) = nested(&row.take("record_json")).and_then(|record| record.get("meta").cloned()) {
        metadata.extend(own.into_iter().filter_map(|(key, value)| Some((key, plain_text(&value)?))));
    }
    let version = row.word("app_version");
    let turn = TurnRecord {
        id,
        weight: Weight::Full,
        session_id: row.word("conversation_id"),
        created_at,
        query: row.text("input"),
        output: row.text("output"),
        // The tool knows one version, of whatever its user varies: application, prompt or both.
        release: version.clone(),
        prompt_version: version,
        prompt_name: None,
        user_role: ["user_role", "role"].iter().find_map(|key| metadata.remove(*key)),
        user_id: metadata.remove("user_id"),
        environment: metadata.remove("environment"),
        model: metadata.remove("model"),
        model_version: metadata.remove("model_version"),
        latency_ms: row.number("latency")?.map(|seconds| (seconds * 1000.0).round() as i64),
        tags: row
            .word("tags")
            .map(|text| crate::row::words(Cell::Text(text.replace(',', "\n").into())))
            .unwrap_or_default(),
        ..TurnRecord::default()
    };
    for key in REPEATED {
        row.take(key);
    }
    // What is left about feedback is about one that this record has not got.
    let given: BTreeSet<String> = row.leftovers().map(|(key, _)| key.to_owned()).collect();
    for (key, cell) in row.drain() {
        if about(&key).is_none_or(|name| given.contains(name)) {
            metadata.extend(cell.into_text().map(|text| (key.into_owned(), text)));
        }
    }
    out.push(Record::Turn(TurnRecord { metadata, ..turn }));
    Ok(())
}

/// What stands in other columns already, or how the tool works.
const REPEATED: &[&str] = &["app_json", "cost_json", "perf_json", "type", "is_match"];

/// JSON, or a Python literal with moments in it.
fn nested(cell: &Cell<'_>) -> Option<Value> {
    match cell {
        Cell::Text(text) => python::nested(text),
        Cell::Nested(text) => serde_json::from_str(text).ok(),
        _ => None,
    }
}
