//! A root run is a turn; a run within it fills its gaps.

use serde_json::{Value, value::RawValue};

use super::{feedback, object};
use crate::{
    Out,
    formats::metadata_keys,
    message::{self, TextForm},
    model_name,
    row::{self, Cell, Reason, Row},
};
use hearback_domain::{
    Record, TurnRecord,
    record::{Metadata, Weight},
};

pub(super) fn read(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let id = row.word("id").ok_or("a run needs an id")?;
    let order = row.word("dotted_order");
    let parent = row.word("parent_run_id");
    let is_root = parent.is_none();
    let trace =
        row.word("trace_id").or_else(|| order.as_deref().and_then(root_of)).or_else(|| is_root.then(|| id.clone()));
    // A trace of which only this run is known.
    let trace = trace.or(parent).unwrap_or_else(|| id.clone());
    let kind = row.word("run_type").unwrap_or_default().to_lowercase();
    let (inputs, outputs) = (plain(row.take("inputs")), plain(row.take("outputs")));
    let extra = row.take("extra");
    let mut extra = object(&extra, "extra")?;
    let mut metadata = Metadata::new();
    row::spread(&extra.take("metadata"), "metadata", &mut metadata)?;
    let called = extra.take("invocation_params");
    let mut called = object(&called, "extra.invocation_params")?;
    let started = row.time(&["start_time"])?;
    let ended = row.time(&["end_time"])?;

    let mut turn = TurnRecord {
        id: trace.clone(),
        aliases: if id == trace { Vec::new() } else { vec![id.clone()] },
        weight: if is_root { Weight::Full } else { Weight::Fill },
        session_id: metadata_keys::take(&mut metadata, metadata_keys::SESSION).or_else(|| row.word("thread_id")),
        created_at: started,
        model_version: metadata_keys::take(&mut metadata, metadata_keys::MODEL_VERSION),
        prompt_name: metadata_keys::take(&mut metadata, metadata_keys::PROMPT_NAME)
            .or_else(|| metadata_keys::take(&mut metadata, &["lc_hub_repo"])),
        prompt_version: metadata_keys::take(&mut metadata, metadata_keys::PROMPT_VERSION)
            .or_else(|| metadata_keys::take(&mut metadata, &["lc_hub_commit_hash"])),
        release: metadata_keys::take(&mut metadata, &["revision_id"])
            .or_else(|| metadata_keys::take(&mut metadata, metadata_keys::RELEASE)),
        environment: metadata_keys::take(&mut metadata, metadata_keys::ENVIRONMENT),
        user_id: metadata_keys::take(&mut metadata, metadata_keys::USER),
        user_role: metadata_keys::take(&mut metadata, metadata_keys::USER_ROLE),
        ..TurnRecord::default()
    };
    let tags = row.words("tags");
    let model = metadata_keys::take(&mut metadata, &["ls_model_name"])
        .or_else(|| called.word_any(&["model", "model_name"]))
        .or_else(|| metadata_keys::take(&mut metadata, &["model_name", "model"]));
    if is_root || kind == "llm" {
        turn.query = message::query(&inputs, TextForm::Json);
        turn.system_context = message::system(&inputs);
        turn.output = message::answer(&outputs, TextForm::Json);
        if let Some(model) = model {
            let (name, version) = model_name::split(&model, turn.model_version.as_deref());
            (turn.model, turn.model_version) = (Some(name), Some(version));
        }
        turn.latency_ms = started.zip(ended).map(|(start, end)| (end.micros() - start.micros()) / 1000);
        turn.input_tokens = row.integer("prompt_tokens")?;
        turn.output_tokens = row.integer("completion_tokens")?;
        if turn.input_tokens.is_none() && turn.output_tokens.is_none() {
            (turn.input_tokens, turn.output_tokens) = usage(&outputs);
        }
    }
    if kind == "retriever" {
        turn.documents = message::documents(&outputs);
    }
    if is_root {
        turn.tags = tags;
        for (key, name) in KEPT {
            if let Some(text) = row.word(key) {
                metadata.entry((*name).into()).or_insert(text);
            }
        }
        if let Some(status) = row.word("status").filter(|status| status != "success") {
            metadata.entry("status".into()).or_insert(status);
        }
        // Details of one step would be mistaken for details of the turn: only the root's are kept.
        turn.metadata = metadata;
    }
    let children = row.take("child_runs");
    let given = row.take_any(&["feedbacks", "feedback"]);
    row.pass_over(is_passed_over);
    out.push(Record::Turn(turn));
    for text in elements(&given)? {
        if let Ok(mut inner) = Row::from_json_text(text.get())
            && feedback::looks_like_one(&inner)
        {
            feedback::read(&mut inner, &feedback::Of { run: Some(&id), trace: Some(&trace) }, out)?;
        } else {
            out.unmapped("feedbacks");
        }
    }
    // Runs within runs, as the SDK loads them. The depth is bounded by that of the record's JSON.
    for text in elements(&children)? {
        read(&mut Row::from_json_text(text.get())?, out)?;
    }
    Ok(())
}

const KEPT: &[(&str, &str)] = &[
    ("name", "run_name"),
    ("error", "error"),
    ("session_id", "project_id"),
    ("session_name", "project"),
    ("reference_example_id", "reference_example_id"),
];

/// Prices, places in the tree, and how the SDK was built.
fn is_passed_over(key: &str) -> bool {
    matches!(
        key,
        "name"
            | "error"
            | "status"
            | "session_id"
            | "session_name"
            | "tags"
            | "tenant_id"
            | "parent_run_ids"
            | "child_run_ids"
            | "direct_child_run_ids"
            | "is_root"
            | "trace_tier"
            | "trace_min_start_time"
            | "trace_max_start_time"
            | "trace_first_received_at"
            | "events"
            | "serialized"
            | "manifest_id"
            | "manifest_s3_id"
            | "execution_order"
            | "app_path"
            | "inputs_preview"
            | "outputs_preview"
            | "inputs_s3_urls"
            | "outputs_s3_urls"
            | "s3_urls"
            | "in_dataset"
            | "last_queued_at"
            | "share_token"
            | "thread_id"
            | "ttl_seconds"
            | "first_token_time"
            | "total_tokens"
            | "prompt_tokens"
            | "completion_tokens"
            | "total_cost"
            | "prompt_cost"
            | "completion_cost"
            | "price_model_id"
            | "prompt_token_details"
            | "completion_token_details"
            | "prompt_cost_details"
            | "completion_cost_details"
            | "reference_example_id"
            | "reference_dataset_id"
    )
}

/// `20260705T101500000000Z<root>.20260705T101501000000Z<child>`: the root's id.
fn root_of(order: &str) -> Option<String> {
    let first = order.split('.').next()?;
    let (_, id) = first.split_once('Z')?;
    (!id.is_empty()).then(|| id.to_owned())
}

fn elements<'c>(cell: &'c Cell<'_>) -> Result<Vec<&'c RawValue>, Reason> {
    match cell {
        Cell::Nested(text) | Cell::Text(text) if text.trim_start().starts_with('[') => {
            serde_json::from_str(text).map_err(|error| format!("a list within the record is not valid JSON: {error}"))
        }
        _ => Ok(Vec::new()),
    }
}

fn usage(outputs: &Cell<'_>) -> (Option<i64>, Option<i64>) {
    let found = || -> Option<(Option<i64>, Option<i64>)> {
        let mut outputs = Row::from_json_text(outputs.as_str()?).ok()?;
        let usage = outputs.take_any(&["usage_metadata", "usage"]);
        let mut usage = Row::from_json_text(usage.as_str()?).ok()?;
        let mut of = |keys: &[&str]| keys.iter().find_map(|key| usage.integer(key).ok().flatten());
        Some((of(&["input_tokens", "prompt_tokens"]), of(&["output_tokens", "completion_tokens"])))
    };
    found().unwrap_or_default()
}

/// LangChain's own serialization (`{"lc": 1, "type": "constructor", "kwargs": {"content": …, "type": "human"}}`,
/// `{"generations": [[{"text": …}]]}`) as the messages that it stands for. Anything else stays as it is.
fn plain(cell: Cell<'_>) -> Cell<'_> {
    let Some(text) = cell.as_str() else { return cell };
    if !text.contains("\"lc\"") && !text.contains("\"generations\"") {
        return cell;
    }
    match serde_json::from_str::<Value>(text) {
        Ok(value) => Cell::Nested(unwrapped(value).to_string().into()),
        Err(_) => cell,
    }
}

/// The depth of `value` is what the JSON parser has allowed.
fn unwrapped(value: Value) -> Value {
    match value {
        Value::Array(list) => list.into_iter().map(unwrapped).collect(),
        Value::Object(mut object) => {
            if object.contains_key("lc")
                && let Some(Value::Object(kwargs)) = object.get_mut("kwargs")
                && kwargs.contains_key("content")
            {
                let mut message = std::mem::take(kwargs);
                if !message.contains_key("type")
                    && let Some(role) = class_role(object.get("id"))
                {
                    message.insert("type".into(), role.into());
                }
                return Value::Object(message);
            }
            // One prompt, one candidate each is the rule; the first is what was shown.
            if let Some(generations) = object.remove("generations") {
                let first = match generations {
                    Value::Array(list) => list.into_iter().next().unwrap_or_default(),
                    other => other,
                };
                let first = match first {
                    Value::Array(list) => list.into_iter().next().unwrap_or_default(),
                    other => other,
                };
                return match first {
                    Value::Object(mut generation) => match generation.remove("text") {
                        Some(Value::String(text)) if !text.is_empty() => Value::String(text),
                        text => generation.remove("message").map(unwrapped).or(text).unwrap_or_default(),
                    },
                    other => other,
                };
            }
            Value::Object(object.into_iter().map(|(key, value)| (key, unwrapped(value))).collect())
        }
        other => other,
    }
}

/// `["langchain", "schema", "messages", "HumanMessage"]` is a message of the human.
fn class_role(id: Option<&Value>) -> Option<&'static str> {
    let name = id?.as_array()?.last()?.as_str()?;
    Some(match name.trim_end_matches("Chunk") {
        "HumanMessage" => "human",
        "AIMessage" => "ai",
        "SystemMessage" => "system",
        "ToolMessage" | "FunctionMessage" => "tool",
        _ => return None,
    })
}
