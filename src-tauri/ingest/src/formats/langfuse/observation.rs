//! An observation fills the gaps of its trace.

use super::metadata;
use crate::{
    Out,
    message::{self, TextForm},
    model::{
        Record, TurnRecord,
        record::{Metadata, Weight},
    },
    row::{Cell, Reason, Row},
};

pub(super) fn read(row: &mut Row<'_>, form: TextForm, out: &mut Out) -> Result<(), Reason> {
    let kind = row.word("type").unwrap_or_default().to_uppercase();
    let parent = row.word_any(&["parentObservationId", "parent_observation_id"]);
    let id = row.word_any(&["traceId", "trace_id"]).ok_or("an observation needs the id of its trace")?;
    let observation = row.word("id");
    let (input, output) = (row.take("input"), row.take("output"));
    let started = row.time(&["startTime", "start_time"])?;
    let ended = row.time(&["endTime", "end_time"])?;
    let usage = row.take_any(&["usageDetails", "usage_details"]);
    let (mut inner, user_role) = metadata(row)?;
    let version = row.word("version");
    let tags = row.take_any(&["traceTags", "tags"]);

    let mut turn = TurnRecord {
        id,
        weight: Weight::Fill,
        session_id: row.word_any(&["sessionId", "session_id"]),
        created_at: row.time(&["traceTimestamp", "trace_timestamp"])?.or(started),
        environment: row.word("environment"),
        release: row.word("release"),
        user_id: row.word_any(&["userId", "user_id"]),
        user_role,
        tags: crate::row::words(tags),
        model_version: version.clone(),
        ..TurnRecord::default()
    };
    let model = row.word_any(&["model", "providedModelName", "provided_model_name"]);
    let prompt = (row.word_any(&["promptName", "prompt_name"]), row.word_any(&["promptVersion", "prompt_version"]));
    match kind.as_str() {
        "GENERATION" => {
            turn.query = message::query(&input, form);
            turn.system_context = message::system(&input);
            turn.output = message::answer(&output, form);
            turn.model_version = version.or_else(|| model.clone());
            turn.model = model;
            (turn.prompt_name, turn.prompt_version) = prompt;
            turn.latency_ms = started.zip(ended).map(|(start, end)| (end.micros() - start.micros()) / 1000);
            turn.input_tokens = tokens(&usage, &["input", "prompt_tokens", "input_tokens"]);
            turn.output_tokens = tokens(&usage, &["output", "completion_tokens", "output_tokens"]);
        }
        "RETRIEVER" => turn.documents = message::documents(&output),
        // The whole of the turn, where the trace itself says nothing.
        _ if parent.is_none() => {
            turn.query = message::query(&input, form);
            turn.system_context = message::system(&input);
            turn.output = message::answer(&output, form);
        }
        _ => {}
    }
    // Details of one step would be mistaken for details of the turn: only a root's metadata is kept.
    turn.metadata = if parent.is_none() { std::mem::take(&mut inner) } else { Metadata::new() };
    if let (Some(observation), "GENERATION") = (observation, kind.as_str()) {
        turn.metadata.entry("observation_id".into()).or_insert(observation);
    }
    for key in PASSED_OVER {
        row.take(key);
    }
    out.push(Record::Turn(turn));
    Ok(())
}

/// About the step, its price, or the trace (which is imported itself).
const PASSED_OVER: &[&str] = &[
    "name",
    "level",
    "statusMessage",
    "status_message",
    "modelParameters",
    "model_parameters",
    "costDetails",
    "cost_details",
    "providedCostDetails",
    "promptId",
    "prompt_id",
    "latency",
    "latencyMs",
    "timeToFirstToken",
    "time_to_first_token",
    "timeToFirstTokenMs",
    "traceName",
    "trace_name",
    "completionStartTime",
    "completion_start_time",
    "internalModelId",
    "modelId",
    "model_id",
    "inputUsage",
    "outputUsage",
    "totalUsage",
    "inputCost",
    "outputCost",
    "totalCost",
    "total_cost",
    "projectId",
    "project_id",
    "createdAt",
    "created_at",
    "updatedAt",
    "updated_at",
    "bookmarked",
    "public",
    "input_price",
    "output_price",
    "total_price",
];

fn tokens(usage: &Cell<'_>, keys: &[&str]) -> Option<i64> {
    let mut usage = Row::from_json_text(usage.as_str()?).ok()?;
    keys.iter().find_map(|key| usage.integer(key).ok().flatten())
}
