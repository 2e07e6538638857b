//! An observation fills the gaps of its trace.
//!
//! Where observations carry the fields of their trace (`events` of version 4, `observations_v2` of the blob export),
//! there may be no export of traces: the root observation is then the turn itself.

use super::{comments, metadata, said};
use crate::{
    Out,
    message::{self, TextForm},
    model_name,
    row::{Cell, Reason, Row},
};
use hearback_domain::{
    Record, Timestamp, TurnRecord,
    record::{Metadata, Weight},
};

/// Gives the trace's id and the observation's time.
pub(super) fn read(row: &mut Row<'_>, form: TextForm, out: &mut Out) -> Result<(String, Option<Timestamp>), Reason> {
    let kind = row.word("type").unwrap_or_default().to_uppercase();
    let is_blob = row.has("trace_id");
    let carries_trace = row.has("release") || row.has("tags");
    // The blob export writes structured input and output as text.
    let form = if form == TextForm::Exact && is_blob { TextForm::MaybeJson } else { form };
    let is_root = row.word_any(&["parentObservationId", "parent_observation_id"]).is_none();
    let id = row.word_any(&["traceId", "trace_id"]).ok_or("an observation needs the id of its trace")?;
    let observation = row.word("id");
    let (input, output) = (row.take("input"), row.take("output"));
    let started = row.time(&["startTime", "start_time"])?;
    let ended = row.time(&["endTime", "end_time"])?;
    let latency_ms = started.zip(ended).map(|(start, end)| (end.micros() - start.micros()) / 1000);
    let (inner, user_role) = metadata(row)?;
    let version = row.word("version");
    let tags = row.take_any(&["traceTags", "tags"]);
    let created_at = row.time(&["traceTimestamp", "trace_timestamp"])?.or(started);

    let mut turn = TurnRecord {
        id: id.clone(),
        // Scores that name only the observation find the trace by it.
        aliases: observation.into_iter().filter(|observation| *observation != id).collect(),
        weight: if is_root && carries_trace { Weight::Full } else { Weight::Fill },
        session_id: row.word_any(&["sessionId", "session_id"]),
        created_at,
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
    let usage = ["usageDetails", "usage_details", "usage"].map(|key| row.take(key));
    match kind.as_str() {
        "GENERATION" => {
            (turn.query, turn.system_context) = said::input(&input, form);
            turn.output = said::output(&output, form);
            if let Some(model) = model {
                let (name, version) = model_name::split(&model, version.as_deref());
                (turn.model, turn.model_version) = (Some(name), Some(version));
            }
            (turn.prompt_name, turn.prompt_version) = prompt;
            turn.latency_ms = latency_ms;
            (turn.input_tokens, turn.output_tokens) = tokens(&usage, row);
        }
        "RETRIEVER" => turn.documents = message::documents(&output),
        // The whole of the turn, where the trace itself says nothing.
        _ if is_root => {
            (turn.query, turn.system_context) = said::input(&input, form);
            turn.output = said::output(&output, form);
            turn.latency_ms = latency_ms.filter(|_| carries_trace);
        }
        _ => {}
    }
    // Details of one step would be mistaken for details of the turn: only a root's metadata is kept.
    if is_root {
        turn.metadata = root_metadata(row, inner, carries_trace);
    }
    let written = row.take("comments");
    row.pass_over(is_passed_over);
    out.push(Record::Turn(turn));
    comments(&written, out, |feedback| feedback.turn_id = Some(id.clone()))?;
    Ok((id, created_at))
}

fn root_metadata(row: &mut Row<'_>, mut metadata: Metadata, carries_trace: bool) -> Metadata {
    if let Some(name) = row.word_any(&["traceName", "trace_name"]).filter(|_| carries_trace) {
        metadata.entry("trace_name".into()).or_insert(name);
    }
    if row.get("level").and_then(Cell::as_str) == Some("ERROR") {
        let error = row.word_any(&["statusMessage", "status_message"]).unwrap_or_else(|| "ERROR".into());
        metadata.entry("error".into()).or_insert(error);
    }
    metadata
}

/// About the step, its price, or the trace (which is imported itself).
fn is_passed_over(key: &str) -> bool {
    matches!(
        key,
        "name"
            | "level"
            | "statusMessage"
            | "status_message"
            | "modelParameters"
            | "model_parameters"
            | "costDetails"
            | "cost_details"
            | "providedCostDetails"
            | "providedUsageDetails"
            | "promptId"
            | "prompt_id"
            | "latency"
            | "latencyMs"
            | "timeToFirstToken"
            | "time_to_first_token"
            | "timeToFirstTokenMs"
            | "traceName"
            | "trace_name"
            | "completionStartTime"
            | "completion_start_time"
            | "internalModelId"
            | "modelId"
            | "model_id"
            | "unit"
            | "inputUsage"
            | "outputUsage"
            | "totalUsage"
            | "promptTokens"
            | "completionTokens"
            | "totalTokens"
            | "inputCost"
            | "outputCost"
            | "totalCost"
            | "total_cost"
            | "calculatedInputCost"
            | "calculatedOutputCost"
            | "calculatedTotalCost"
            | "inputPrice"
            | "outputPrice"
            | "totalPrice"
            | "input_price"
            | "output_price"
            | "total_price"
            | "usagePricingTierId"
            | "usagePricingTierName"
            | "usage_pricing_tier_id"
            | "usage_pricing_tier_name"
            | "toolCalls"
            | "tool_calls"
            | "toolCallNames"
            | "tool_call_names"
            | "toolDefinitions"
            | "tool_definitions"
            | "projectId"
            | "project_id"
            | "createdAt"
            | "created_at"
            | "updatedAt"
            | "updated_at"
            | "bookmarked"
            | "public"
    )
}

/// Tokens of question and answer: in an object, or, in older shapes, in columns.
fn tokens(usage: &[Cell<'_>], row: &mut Row<'_>) -> (Option<i64>, Option<i64>) {
    for cell in usage {
        let Some(mut inner) = cell.as_str().and_then(|text| Row::from_json_text(text).ok()) else { continue };
        let mut of = |keys: &[&str]| keys.iter().find_map(|key| inner.integer(key).ok().flatten());
        let found = (
            of(&["input", "prompt_tokens", "input_tokens", "promptTokens"]),
            of(&["output", "completion_tokens", "output_tokens", "completionTokens"]),
        );
        if found.0.is_some() || found.1.is_some() {
            return found;
        }
    }
    let mut of =
        |keys: &[&str]| keys.iter().find_map(|key| row.integer(key).ok().flatten()).filter(|tokens| *tokens > 0);
    (of(&["inputUsage", "promptTokens"]), of(&["outputUsage", "completionTokens"]))
}
