//! What does Helicone export?
//!
//! One row a request to a model: who asked, what went out, what came back, with the feedback and the scores that were
//! given to it. A request is a turn; the session is a custom property (`Helicone-Session-Id`).
//!
//! Read are the records of the request API (`/v1/request/query-clickhouse`: pages, JSON) and what its own export tool
//! makes of them (`@helicone/export`: JSON lines, JSON, CSV).
//! Sources: Helicone/helicone at 05a819cb, `examples/export/typescript/index.ts`; schema `HeliconeRequest` of its
//! REST documentation; `docs/features/advanced-usage/{feedback,scores}.mdx`.
//!
//! Traps: without `--include-body` the bodies are a notice instead of texts; the CSV of the export tool has neither
//! answers nor feedback, and names requests by their response only.

use serde_json::Value;

use crate::{
    Detected, Format, Out, Recognised, Role, RowReader, Sample,
    formats::metadata_keys,
    kind::{self, Shape},
    message::{self, TextForm},
    model_name,
    row::{self, Cell, Reason, Row},
};
use hearback_domain::{
    Author, FeedbackRecord, FeedbackType, Record, Timestamp, TurnRecord,
    error::Result,
    polarity::ScoreType,
    record::{Metadata, Weight},
};

pub struct Helicone;

impl Helicone {
    fn is_request(row: &Row<'_>) -> bool {
        (row.has("request_id") || row.has("response_id"))
            && row.has("request_created_at")
            && (row.has("request_properties") || row.has("request_body") || row.has("properties"))
    }
}

impl Format for Helicone {
    fn name(&self) -> &'static str {
        "helicone"
    }

    fn title(&self) -> &'static str {
        "Helicone"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        if sample.share(Self::is_request) < 0.9 {
            return None;
        }
        let detected =
            Detected::new(0.95, "records have the id, time and body of a request", Role::Mixed, "Helicone requests");
        let has_texts =
            |row: &Row<'static>| ["request_body", "response_body"].iter().any(|key| row.get(key).is_some_and(is_body));
        let has_feedback = |row: &Row<'static>| row.has("feedback_rating") || row.has("scores");
        Some(if !sample.rows.iter().any(has_texts) {
            detected.note("questions and answers are not in this export: make it with --include-body")
        } else if !sample.rows.iter().any(has_feedback) {
            detected.note("Helicone leaves answers and feedback out of its CSV: export JSON lines instead")
        } else {
            detected
        })
    }

    fn reader(&self, _recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        Ok(Box::new(HeliconeRows))
    }
}

struct HeliconeRows;

impl RowReader for HeliconeRows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        let (request, response) = (row.word("request_id"), row.word("response_id"));
        let id = request.or_else(|| response.clone()).ok_or("a request needs an id")?;
        if is_step(row) {
            out.unmapped("request to a tool or a vector store");
            row.pass_over(|_| true);
            return Ok(());
        }
        let mut metadata = Metadata::new();
        // The same, under its older name.
        for key in ["request_properties", "properties"] {
            row::spread(&row.take(key), key, &mut metadata)?;
        }
        let created_at = row.time(&["request_created_at"])?;
        let bodies = Bodies::of(row);
        if let Some(error) = bodies.error {
            metadata.insert("error".into(), error);
        }
        let latency_ms = row.number("delay_ms")?.or(row.number("latency")?);
        let model = row.word_any(&["model_override", "response_model", "model", "request_model"]);
        let mut model_version = metadata_keys::take(&mut metadata, metadata_keys::MODEL_VERSION);
        let model = model.map(|model| {
            let (name, version) = model_name::split(&model, model_version.as_deref());
            model_version = Some(version);
            name
        });
        let session_id = metadata_keys::take(&mut metadata, &["Helicone-Session-Id"])
            .or_else(|| metadata_keys::take(&mut metadata, metadata_keys::SESSION));
        let turn = TurnRecord {
            weight: Weight::Full,
            aliases: response.into_iter().filter(|response| *response != id).collect(),
            session_id,
            created_at,
            query: bodies.query,
            system_context: bodies.system,
            output: bodies.output,
            model,
            model_version,
            prompt_name: row.word("prompt_id").or_else(|| metadata_keys::take(&mut metadata, &["Helicone-Prompt-Id"])),
            prompt_version: row
                .word("prompt_version")
                .or_else(|| metadata_keys::take(&mut metadata, metadata_keys::PROMPT_VERSION)),
            release: metadata_keys::take(&mut metadata, metadata_keys::RELEASE),
            environment: metadata_keys::take(&mut metadata, metadata_keys::ENVIRONMENT),
            user_id: row.word_any(&["request_user_id", "user_id"]),
            user_role: metadata_keys::take(&mut metadata, metadata_keys::USER_ROLE),
            latency_ms: latency_ms.map(|latency| latency.round() as i64),
            input_tokens: row.integer("prompt_tokens")?,
            output_tokens: row.integer("completion_tokens")?,
            id: id.clone(),
            ..TurnRecord::default()
        };
        if let Some(status) = row.number("response_status")?.filter(|status| *status >= 400.0) {
            metadata.insert("status".into(), status.to_string());
        }
        for key in ["provider", "country_code"] {
            if let Some(text) = row.word(key) {
                metadata.entry(key.into()).or_insert(text);
            }
        }
        out.push(Record::Turn(TurnRecord { metadata, ..turn }));
        feedback(row, &id, created_at, out)?;
        row.pass_over(is_passed_over);
        Ok(())
    }
}

#[derive(Default)]
struct Bodies {
    query: Option<String>,
    system: Option<String>,
    output: Option<String>,
    /// What came back instead of an answer.
    error: Option<String>,
}

impl Bodies {
    /// From the bodies as sent, or as Helicone has brought them into one form for all providers.
    fn of(row: &mut Row<'_>) -> Self {
        let (request, response) = (row.take("request_body"), row.take("response_body"));
        let mut bodies = Self::default();
        if is_body(&request) {
            bodies.query = message::query(&request, TextForm::Json);
            bodies.system = message::system(&request);
        }
        bodies.error = failure(&response);
        if is_body(&response) && bodies.error.is_none() {
            bodies.output = answer(&response);
        }
        let schema = row.take("llmSchema");
        let Some(schema) = schema.as_str().and_then(|text| Row::from_json_text(text).ok()) else { return bodies };
        if let Some(request) = schema.get("request").filter(|cell| bodies.query.is_none() && is_body(cell)) {
            bodies.query = message::query(request, TextForm::Json);
            bodies.system = message::system(request);
        }
        if let Some(response) =
            schema.get("response").filter(|cell| bodies.output.is_none() && bodies.error.is_none() && is_body(cell))
        {
            bodies.output = message::answer(response, TextForm::Json);
        }
        bodies
    }
}

/// What is logged of tools and vector stores in the same session is a step, and no exchange with a user.
fn is_step(row: &Row<'_>) -> bool {
    let Some(text) = row.get("request_body").and_then(Cell::as_str).filter(|text| text.contains("\"_type\"")) else {
        return false;
    };
    Row::from_json_text(text).is_ok_and(|mut body| {
        body.word("_type").is_some_and(|kind| matches!(kind.as_str(), "tool" | "vector_db" | "data"))
    })
}

/// A notice stands where bodies were not asked for.
fn is_body(cell: &Cell<'_>) -> bool {
    !cell.is_empty()
        && !cell
            .as_str()
            .is_some_and(|text| text.contains("\"helicone_message\"") || text.contains("\"heliconeMessage\""))
}

/// A response that is nothing but an error.
fn failure(response: &Cell<'_>) -> Option<String> {
    let mut response = Row::from_json_text(response.as_str()?.trim()).ok()?;
    if response.leftovers().any(|(key, _)| !matches!(key, "error" | "type")) {
        return None;
    }
    response.word("error")
}

/// As every provider answers: Gemini's candidates besides what all tools log.
fn answer(cell: &Cell<'_>) -> Option<String> {
    let gemini = || {
        let text = cell.as_str().filter(|text| text.contains("\"candidates\""))?;
        let value: Value = serde_json::from_str(text).ok()?;
        let content = value.get("candidates")?.get(0)?.get("content")?;
        message::answer(&Cell::Nested(content.to_string().into()), TextForm::Json)
    };
    gemini().or_else(|| message::answer(cell, TextForm::Json))
}

/// The thumb of the user, and the scores, which programs set.
fn feedback(
    row: &mut Row<'_>,
    turn: &str,
    asked_at: Option<Timestamp>,
    out: &mut Out,
) -> std::result::Result<(), Reason> {
    /// The thumb once more, as Helicone keeps it among the scores.
    const THUMB: &str = "helicone-score-feedback";
    /// How Helicone marks a score that was given as true or false.
    const BOOLEAN: &str = "-hcone-bool";

    let mut rating = row.number("feedback_rating")?;
    let (feedback_id, given_at) = (row.word("feedback_id"), row.time(&["feedback_created_at"])?);
    let scores = row.take("scores");
    let mut scores = match scores.as_str() {
        Some(text) if text.trim_start().starts_with('{') => {
            Row::from_json_text(text).map_err(|reason| format!("scores: {reason}"))?
        }
        _ => Row::default(),
    };
    rating = rating.or(scores.number(THUMB)?);
    if let Some(rating) = rating {
        let id = feedback_id.unwrap_or_else(|| format!("{turn}/feedback"));
        let mut feedback = FeedbackRecord::new(id, FeedbackType::Thumb);
        feedback.created_at = given_at.or(asked_at);
        feedback.turn_id = Some(turn.to_owned());
        feedback.score_name = Some("feedback".into());
        feedback.score = Some(rating);
        out.push(Record::Feedback(feedback));
    }
    let names: Vec<String> = scores.leftovers().map(|(name, _)| name.to_owned()).filter(|name| name != THUMB).collect();
    for name in names {
        let Some(score) = scores.number(&name).map_err(|reason| format!("scores: {reason}"))? else { continue };
        let plain = name.strip_suffix(BOOLEAN);
        let mut feedback = FeedbackRecord::new(format!("{turn}/{name}"), FeedbackType::Rating);
        let name = plain.unwrap_or(&name);
        feedback.feedback_type =
            kind::feedback_type(&Shape { name, score: Some(score), boolean: plain.is_some(), ..Shape::default() });
        feedback.score_type = if plain.is_some() { ScoreType::Boolean } else { ScoreType::Numeric };
        feedback.author = Author::Judge;
        feedback.created_at = asked_at;
        feedback.turn_id = Some(turn.to_owned());
        feedback.score_name = Some(name.to_owned());
        feedback.score = Some(score);
        out.push(Record::Feedback(feedback));
    }
    Ok(())
}

/// Prices, places of storage, and what says again what was read.
fn is_passed_over(key: &str) -> bool {
    matches!(
        key,
        "response_created_at"
            | "request_path"
            | "request_model"
            | "response_model"
            | "model"
            | "helicone_user"
            | "time_to_first_token"
            | "total_tokens"
            | "prompt_cache_write_tokens"
            | "prompt_cache_read_tokens"
            | "prompt_audio_tokens"
            | "completion_audio_tokens"
            | "reasoning_tokens"
            | "cost"
            | "costUSD"
            | "cost_usd"
            | "signed_body_url"
            | "asset_ids"
            | "asset_urls"
            | "assets"
            | "target_url"
            | "cache_reference_id"
            | "cache_enabled"
            | "updated_at"
            | "request_referrer"
            | "ai_gateway_body_mapping"
            | "storage_location"
            | "size_bytes"
    )
}
