use super::{Column, Kind, Table, batch::Batch, columns};
use hearback_domain::TurnRecord;

columns! {
    TURNS = "turns", from (turn: &TurnRecord, source: i64):
    id: text = Some(&turn.id);
    session_id: text = turn.session_id.as_deref();
    created_at: moment = turn.created_at;
    position: number = turn.position;
    query: text = turn.query.as_deref();
    system_context: text = turn.system_context.as_deref();
    documents: text = documents_json(turn).as_deref();
    output: text = turn.output.as_deref();
    model: text = turn.model.as_deref();
    model_version: text = turn.model_version.as_deref();
    prompt_name: text = turn.prompt_name.as_deref();
    prompt_version: text = turn.prompt_version.as_deref();
    release: text = turn.release.as_deref();
    environment: text = turn.environment.as_deref();
    user_id: text = turn.user_id.as_deref();
    user_role: text = turn.user_role.as_deref();
    latency_ms: number = turn.latency_ms;
    input_tokens: number = turn.input_tokens;
    output_tokens: number = turn.output_tokens;
    tags: texts = &turn.tags;
    source_id: number = Some(source);
}

fn documents_json(turn: &TurnRecord) -> Option<String> {
    if turn.documents.is_empty() {
        return None;
    }
    let documents: Vec<serde_json::Value> = turn
        .documents
        .iter()
        .map(|document| {
            serde_json::json!({
                "id": document.id,
                "title": document.title,
                "content": document.content,
                "score": document.score,
            })
        })
        .collect();
    Some(serde_json::Value::from(documents).to_string())
}
