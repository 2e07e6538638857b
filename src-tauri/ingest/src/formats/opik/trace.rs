//! A trace is a turn, a thread a session.

use super::{elements, error, latency, metadata, score, tokens};
use crate::{
    Out,
    message::{self, TextForm},
    row::{Reason, Row},
};
use hearback_domain::{
    Record, SessionRecord, TurnRecord,
    record::{Metadata, Weight},
};

pub(super) fn read(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let id = row.word("id").ok_or("a trace needs an id")?;
    let (input, output) = (row.take("input"), row.take("output"));
    let mut kept = metadata(row)?;
    let (created_at, latency_ms) = latency(row)?;
    let (input_tokens, output_tokens) = tokens(row);
    let mut take = |keys: &[&str]| keys.iter().find_map(|key| kept.remove(*key).filter(|text| !text.trim().is_empty()));
    let version = take(&["model_version"]);
    let model = take(&["model"]).map(|name| crate::model_name::split(&name, version.as_deref()));
    let mut turn = TurnRecord {
        weight: Weight::Full,
        session_id: row.word("thread_id").or_else(|| take(&["thread_id", "session_id"])),
        created_at,
        query: message::query(&input, TextForm::Exact),
        system_context: message::system(&input),
        output: message::answer(&output, TextForm::Exact),
        model_version: model.as_ref().map(|(_, version)| version.clone()).or(version),
        model: model.map(|(name, _)| name),
        prompt_name: take(&["prompt_name"]),
        prompt_version: take(&["prompt_version"]),
        release: take(&["release", "app_version", "version"]),
        environment: row.word("environment").or_else(|| take(&["environment", "env"])),
        user_id: take(&["user_id", "userId"]),
        user_role: take(&["user_role", "userRole", "role", "plan"]),
        latency_ms,
        input_tokens,
        output_tokens,
        tags: row.words("tags"),
        id: id.clone(),
        ..TurnRecord::default()
    };
    if turn.environment.is_some() {
        kept.remove("environment");
    }
    prompt(&mut kept, &mut turn);
    kept.extend(error(row).map(|error| ("error".to_owned(), error)));
    let guardrails = row.word("guardrails_validations").filter(|text| text != "[]");
    kept.extend(guardrails.map(|text| ("guardrails_validations".to_owned(), text)));
    for (key, name) in [("name", "trace_name"), ("project_name", "project_name")] {
        if let Some(text) = row.word(key) {
            kept.entry(name.into()).or_insert(text);
        }
    }
    pass_over(row);
    out.push(Record::Turn(TurnRecord { metadata: kept, ..turn }));
    score::read_all(row, &score::Subject { turn: Some(&id), session: None, entity: &id, span: None }, out)
}

/// The prompt of the library that the tool's own client notes.
pub(super) fn prompt(metadata: &mut Metadata, turn: &mut TurnRecord) {
    let Some(prompts) = metadata.remove("opik_prompts") else { return };
    let cell = crate::row::Cell::Nested(prompts.clone().into());
    let Some(Ok(mut last)) =
        elements(&cell).ok().and_then(|list| list.last().map(|text| Row::from_json_text(text.get())))
    else {
        metadata.insert("opik_prompts".into(), prompts);
        return;
    };
    turn.prompt_name = turn.prompt_name.take().or_else(|| last.word("name"));
    let version = last.take("version");
    let version = match version.as_str().map(Row::from_json_text) {
        Some(Ok(mut version)) => version.word_any(&["commit", "id"]),
        _ => version.into_text(),
    };
    turn.prompt_version = turn.prompt_version.take().or(version).or_else(|| last.word("commit"));
}

pub(super) fn read_thread(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let id = row.word_any(&["id", "thread_id"]).ok_or("a thread needs an id")?;
    let started_at = row.time(&["start_time", "created_at"])?;
    let mut kept = Metadata::new();
    for key in ["status", "project_name"] {
        kept.extend(row.word(key).map(|text| (key.to_owned(), text)));
    }
    let tags = row.words("tags");
    if !tags.is_empty() {
        kept.insert("tags".into(), tags.join(", "));
    }
    pass_over(row);
    let environment = row.word("environment");
    out.push(Record::Session(SessionRecord {
        id: id.clone(),
        started_at,
        environment,
        metadata: kept,
        ..SessionRecord::default()
    }));
    score::read_all(row, &score::Subject { turn: None, session: Some(&id), entity: &id, span: None }, out)
}

/// Sums over spans and turns, which are imported themselves; and who last touched the record in the tool.
pub(super) fn pass_over(row: &mut Row<'_>) {
    const KEYS: &[&str] = &[
        "project_id",
        "created_at",
        "last_updated_at",
        "created_by",
        "last_updated_by",
        "total_estimated_cost",
        "total_estimated_cost_version",
        "span_count",
        "llm_span_count",
        "has_tool_spans",
        "visibility_mode",
        "providers",
        "span_feedback_scores",
        "source",
        "ttft",
        "thread_model_id",
        "first_message",
        "last_message",
        "number_of_messages",
        "end_time",
        "duration",
        "usage",
    ];
    for key in KEYS {
        row.take(key);
    }
}
