//! A span fills the gaps of its trace.

use super::{error, latency, metadata, score, tokens, trace};
use crate::{
    Out,
    message::{self, TextForm},
    model_name,
    row::{Cell, Reason, Row},
};
use hearback_domain::{Record, TurnRecord, record::Weight};

pub(super) fn read(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let id = row.word("id").ok_or("a span needs an id")?;
    let trace_id = row.word("trace_id").ok_or("a span needs the id of its trace")?;
    let kind = row.word("type").unwrap_or_default().to_lowercase();
    let is_root = row.word("parent_span_id").is_none();
    let name = row.word("name").unwrap_or_default();
    let (input, output) = (row.take("input"), row.take("output"));
    let (started, latency_ms) = latency(row)?;
    let (input_tokens, output_tokens) = tokens(row);
    let mut kept = metadata(row)?;
    let mut turn = TurnRecord {
        id: trace_id.clone(),
        aliases: vec![id.clone()],
        weight: Weight::Fill,
        environment: row.word("environment"),
        ..TurnRecord::default()
    };
    let (model, provider) = (row.word("model"), row.word("provider"));
    if kind == "llm" {
        turn.query = message::query(&input, TextForm::Exact);
        turn.system_context = message::system(&input);
        turn.output = message::answer(&output, TextForm::Exact);
        let version = kept.remove("model_version");
        (turn.model, turn.model_version) = match model {
            Some(model) => {
                let (name, version) = model_name::split(&model, version.as_deref());
                (Some(name), Some(version))
            }
            None => (None, version),
        };
        turn.prompt_version = kept.remove("prompt_version");
        trace::prompt(&mut kept, &mut turn);
        (turn.input_tokens, turn.output_tokens, turn.latency_ms) = (input_tokens, output_tokens, latency_ms);
        turn.metadata.extend(provider.map(|provider| ("provider".to_owned(), provider)));
    } else if retrieves(&name, &output) {
        turn.documents = message::documents(&output);
    } else if is_root && kind == "general" {
        turn.query = message::query(&input, TextForm::Exact);
        turn.output = message::answer(&output, TextForm::Exact);
    }
    if is_root && started.is_some() {
        turn.created_at = started;
    }
    // Details of one step would be mistaken for details of the turn.
    row.words("tags");
    error(row);
    row.take("project_name");
    trace::pass_over(row);
    out.push(Record::Turn(turn));
    score::read_all(row, &score::Subject { turn: Some(&trace_id), session: None, entity: &id, span: Some(&id) }, out)
}

/// The tool has no type for a retriever: its output or its name says so.
fn retrieves(name: &str, output: &Cell<'_>) -> bool {
    let Some(text) = output.as_str() else { return false };
    let Ok(value) = serde_json::from_str::<serde_json::Value>(text) else { return false };
    let lists = |keys: &[&str]| keys.iter().any(|key| value.get(key).is_some_and(serde_json::Value::is_array));
    let name = name.to_lowercase();
    lists(&["documents", "chunks"])
        || ["retriev", "search", "rag", "knowledge"].iter().any(|word| name.contains(word))
            && (value.is_array() || lists(&["results", "matches", "hits"]))
}
