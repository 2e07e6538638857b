//! The events of a trace make one turn.

use super::{Event, release};
use crate::{
    Out,
    formats::metadata_keys,
    message::{self, TextForm},
    model_name,
    row::Reason,
};
use hearback_domain::{Record, TurnRecord, record::Weight};

pub(super) fn read(event: &mut Event<'_>, out: &mut Out) -> Result<(), Reason> {
    let is_trace = event.name == "$ai_trace";
    let is_generation = event.name == "$ai_generation";
    let span = event.properties.word_any(&["$ai_span_id", "$ai_generation_id"]);
    // Without a trace the event stands for itself.
    let id = event.trace().or_else(|| span.clone()).unwrap_or_else(|| event.id());
    let parent = event.properties.word("$ai_parent_id").filter(|parent| *parent != id);
    let input = event.properties.take_any(&["$ai_input", "$ai_input_state"]);
    let output = event.properties.take_any(&["$ai_output_choices", "$ai_output", "$ai_output_state"]);
    let session_id = event.properties.word("$ai_session_id").or_else(|| event.properties.word("$session_id"));
    let mut turn = TurnRecord {
        // Evaluations name the event, other tools the span.
        aliases: span.into_iter().chain(event.uuid.clone()).filter(|alias| *alias != id).collect(),
        // The trace speaks of the turn as a whole; generations and spans within it fill its gaps.
        weight: if is_trace { Weight::Full } else { Weight::Fill },
        session_id,
        created_at: event.at,
        user_id: event.user.clone(),
        user_role: event.user_role.clone(),
        prompt_name: event.properties.word("$ai_prompt_name"),
        prompt_version: event.properties.word("$ai_prompt_version"),
        id,
        ..TurnRecord::default()
    };
    if is_trace || is_generation || parent.is_none() {
        turn.query = message::query(&input, TextForm::Exact);
        turn.system_context = message::system(&input);
        turn.output = message::answer(&output, TextForm::Exact);
        turn.latency_ms = event.properties.number("$ai_latency")?.map(|seconds| (seconds * 1000.0).round() as i64);
    }
    let model = event.properties.word("$ai_model");
    let provider = event.properties.word("$ai_provider");
    let name = event.properties.word_any(&["$ai_trace_name", "$ai_span_name"]);
    let failed = event.properties.word("$ai_is_error").is_some_and(|text| text == "true");
    let error = event.properties.word("$ai_error").filter(|_| failed);
    if is_generation {
        turn.input_tokens = event.properties.integer("$ai_input_tokens")?;
        turn.output_tokens = event.properties.integer("$ai_output_tokens")?;
    }
    let mut metadata = event.metadata();
    turn.environment = metadata_keys::take(&mut metadata, metadata_keys::ENVIRONMENT);
    turn.release = release(&mut metadata);
    let version = metadata_keys::take(&mut metadata, metadata_keys::MODEL_VERSION);
    if is_generation {
        turn.model_version = version;
        if let Some(model) = model {
            let (name, version) = model_name::split(&model, turn.model_version.as_deref());
            (turn.model, turn.model_version) = (Some(name), Some(version));
        }
        metadata.extend(provider.map(|provider| ("provider".to_owned(), provider)));
    }
    turn.prompt_version =
        turn.prompt_version.or_else(|| metadata_keys::take(&mut metadata, metadata_keys::PROMPT_VERSION));
    if is_trace {
        metadata.extend(name.map(|name| ("trace_name".to_owned(), name)));
    }
    metadata.extend(error.map(|error| ("error".to_owned(), error)));
    turn.metadata = metadata;
    out.push(Record::Turn(turn));
    Ok(())
}
