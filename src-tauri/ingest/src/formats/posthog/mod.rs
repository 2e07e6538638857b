//! What does PostHog export?
//!
//! Events, one a row. Those of AI observability become turns (`$ai_generation`, `$ai_span`, `$ai_trace`: all events of
//! one `$ai_trace_id` are one turn) and feedback (`$ai_feedback`, `$ai_metric`, `$ai_evaluation`, `survey sent`).
//! What users do with an answer (copied, regenerated, …) is implicit feedback where the event names the trace. All
//! other events are of no concern here: they make no record and are counted by name.
//!
//! Read are batch exports and downloads: JSON lines, JSON, Parquet and CSV, where `properties` is JSON text.
//! Sources: PostHog/posthog `docs/onboarding/llm-analytics`; PostHog/posthog.com at a416d48a,
//! `ai-observability/user-feedback/manual-event-capture.mdx`; posthog-js `captureTraceFeedback`, `captureTraceMetric`.
//!
//! Traps: a thumb is 1 for up and **2 for down**; one survey is several events (one a question) that share a submission id;
//! `survey shown` is no answer; texts of questions and answers may be missing (privacy mode, or kept apart).

mod generation;
mod survey;

use crate::{
    Detected, Format, Out, Recognised, Role, RowReader, Sample,
    formats::metadata_keys,
    kind::{self, Shape},
    row::{self, Cell, Reason, Row},
};
use hearback_domain::{
    Author, FeedbackRecord, FeedbackType, Record, TextHash, Timestamp,
    error::Result,
    lexicon::{self, Direction},
    polarity::{ScoreType, StatedScale},
    record::Metadata,
};

pub struct PostHog;

impl PostHog {
    fn is_event(row: &Row<'_>) -> bool {
        row.has("event") && row.has("distinct_id") && (row.has("properties") || is_flat(row))
    }

    /// Speaks of AI or of a survey.
    fn is_telling(row: &Row<'_>) -> bool {
        let named = row
            .get("event")
            .and_then(Cell::as_str)
            .is_some_and(|event| event.starts_with("$ai_") || event == survey::SENT || survey::SILENT.contains(&event));
        named
            || row.get("properties").and_then(Cell::as_str).is_some_and(|text| text.contains("\"$ai_"))
            || is_flat(row)
    }
}

/// Properties in columns of their own.
const FLAT: &str = "properties.";

fn is_flat(row: &Row<'_>) -> bool {
    row.cells().any(|(key, _)| {
        key.strip_prefix(FLAT).is_some_and(|key| key.starts_with("$ai_") || key.starts_with("$survey_"))
    })
}

impl Format for PostHog {
    fn name(&self) -> &'static str {
        "posthog"
    }

    fn title(&self) -> &'static str {
        "PostHog"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        if sample.share(Self::is_event) < 0.9 {
            return None;
        }
        let telling = sample.rows.iter().any(Self::is_telling);
        let known = telling || sample.share(|row| row.has("uuid") && row.has("timestamp")) > 0.9;
        let confidence = if telling { 0.95 } else { 0.7 };
        let detected = Detected::new(
            confidence,
            "records are events with a distinct_id and properties",
            Role::Mixed,
            "PostHog events",
        );
        known.then(|| {
            detected.note(
                "PostHog may leave questions and answers out of exported events (privacy mode, or kept apart): without \
                 them there is feedback, but no text of the turn",
            )
        })
    }

    fn reader(&self, _recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        Ok(Box::new(PostHogRows::default()))
    }
}

#[derive(Default)]
struct PostHogRows {
    surveys: survey::Surveys,
}

/// What every event has.
struct Event<'p> {
    /// `None` where the export leaves it out.
    uuid: Option<String>,
    name: String,
    at: Option<Timestamp>,
    user: Option<String>,
    user_role: Option<String>,
    properties: Row<'p>,
}

impl RowReader for PostHogRows {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        let name = row.word("event").ok_or("an event needs a name")?;
        if !Self::is_of_concern(&name, row) {
            if !survey::SILENT.contains(&name.as_str()) && name != "$ai_embedding" {
                out.unmapped(format!("event {name}"));
            }
            row.pass_over(|_| true);
            return Ok(());
        }
        let uuid = row.word_any(&["uuid", "id"]);
        let at = row.time(&["timestamp", "created_at"])?;
        let user = row.word("distinct_id");
        let person = row.take_any(&["person_properties", "person"]);
        let cell = row.take("properties");
        let mut properties = properties(&cell, row)?;
        let user_role = role(&person, &mut properties);
        row.pass_over(|_| true);
        let mut event = Event { uuid, name, at, user, user_role, properties };
        match event.name.as_str() {
            "$ai_generation" | "$ai_span" | "$ai_trace" => generation::read(&mut event, out),
            "$ai_feedback" => {
                let mut feedback = event.feedback(FeedbackType::Comment);
                feedback.comment = event.properties.text("$ai_feedback_text");
                feedback.score_name = Some("feedback".into());
                event.finish(feedback, out)
            }
            "$ai_metric" => metric(&mut event, out),
            "$ai_evaluation" => evaluation(&mut event, out),
            survey::SENT => self.surveys.read(&mut event, out),
            _ => {
                let mut feedback = event.feedback(FeedbackType::Implicit);
                feedback.label = Some(event.name.clone());
                feedback.score_name = Some(event.name.clone());
                event.finish(feedback, out)
            }
        }
    }

    fn finish(&mut self, out: &mut Out) -> std::result::Result<(), Reason> {
        self.surveys.finish(out);
        Ok(())
    }
}

impl PostHogRows {
    /// Before anything is parsed: most events of a product are about other things.
    fn is_of_concern(name: &str, row: &Row<'_>) -> bool {
        match name {
            "$ai_generation" | "$ai_span" | "$ai_trace" | "$ai_feedback" | "$ai_metric" | "$ai_evaluation" => true,
            survey::SENT => true,
            // PostHog's own events ($pageview, survey dismissed, …) are no acts on an answer.
            _ if name.starts_with('$') || survey::SILENT.contains(&name) => false,
            _ => {
                kind::is_behaviour(name)
                    && (row
                        .get("properties")
                        .and_then(Cell::as_str)
                        .is_some_and(|text| text.contains("\"$ai_trace_id\""))
                        || row.get("properties.$ai_trace_id").is_some_and(|cell| !cell.is_empty()))
            }
        }
    }
}

/// The object of properties, or the columns that hold them.
fn properties<'p>(cell: &'p Cell<'_>, row: &mut Row<'_>) -> std::result::Result<Row<'p>, Reason> {
    match cell {
        Cell::Nested(text) | Cell::Text(text) if !text.trim().is_empty() => {
            Row::from_json_text(text).map_err(|reason| format!("properties: {reason}"))
        }
        _ => {
            let columns: Vec<String> =
                row.cells().map(|(key, _)| key.to_owned()).filter(|key| key.starts_with(FLAT)).collect();
            let cells = columns.into_iter().map(|column| {
                let cell = row.take(&column).into_owned();
                // Lists and objects are JSON text in the cells of a table.
                let cell = match cell {
                    Cell::Text(text) if text.starts_with(['[', '{']) => Cell::Nested(text),
                    other => other,
                };
                (column[FLAT.len()..].to_owned().into(), cell)
            });
            Ok(Row::new(cells.collect()))
        }
    }
}

/// From the event, or from what is known of the person. Nothing else of the person is kept.
fn role(person: &Cell<'_>, properties: &mut Row<'_>) -> Option<String> {
    if let Some(role) = properties.word_any(&["user_role", "userRole", "role", "plan"]) {
        return Some(role);
    }
    let mut metadata = Metadata::new();
    // What is no object has no role.
    row::spread(person, "person", &mut metadata).ok()?;
    metadata_keys::take(&mut metadata, metadata_keys::USER_ROLE)
}

impl Event<'_> {
    fn trace(&mut self) -> Option<String> {
        self.properties.word("$ai_trace_id")
    }

    /// A feedback of this type by this event, on its trace or, without one, its session.
    fn feedback(&mut self, feedback_type: FeedbackType) -> FeedbackRecord {
        let id = self.id();
        let mut feedback = FeedbackRecord::new(id, feedback_type);
        feedback.created_at = self.at;
        feedback.turn_id = self.trace();
        feedback.session_id = self.properties.word("$ai_session_id");
        // The session of the browser is another than that of the conversation.
        if feedback.turn_id.is_none() && feedback.session_id.is_none() {
            feedback.session_id = self.properties.word("$session_id");
        }
        feedback.user_id = self.user.clone();
        feedback.user_role = self.user_role.clone();
        feedback
    }

    fn id(&self) -> String {
        self.uuid.clone().unwrap_or_else(|| {
            let cells: Vec<String> = self.properties.cells().map(|(key, cell)| format!("{key}={cell:?}")).collect();
            TextHash::of(&format!("{:?}", (&self.name, self.at, &self.user, cells))).to_string()
        })
    }

    /// With what is left of the properties.
    fn finish(&mut self, mut feedback: FeedbackRecord, out: &mut Out) -> std::result::Result<(), Reason> {
        let mut metadata = self.metadata();
        feedback.environment = metadata_keys::take(&mut metadata, metadata_keys::ENVIRONMENT);
        feedback.release = release(&mut metadata);
        feedback.model_version = metadata_keys::take(&mut metadata, metadata_keys::MODEL_VERSION);
        feedback.prompt_version = metadata_keys::take(&mut metadata, metadata_keys::PROMPT_VERSION);
        for (key, text) in metadata {
            feedback.metadata.entry(key).or_insert(text);
        }
        out.push(Record::Feedback(feedback));
        Ok(())
    }

    /// The product's own properties, feature flags, and of PostHog's those by which people split. The rest of
    /// PostHog's own (library, screen, address, place, …) is not kept.
    fn metadata(&mut self) -> Metadata {
        const KEPT: &[&str] = &["$app_version", "$browser", "$os", "$device_type", "$current_url"];
        self.properties
            .drain()
            .filter(|(key, _)| !key.starts_with('$') || key.starts_with("$feature/") || KEPT.contains(&key.as_ref()))
            .filter(|(key, _)| !matches!(key.as_ref(), "token" | "distinct_id" | "ip" | "email"))
            .filter_map(|(key, cell)| Some((key.into_owned(), cell.into_text()?)))
            .collect()
    }
}

fn release(metadata: &mut Metadata) -> Option<String> {
    metadata_keys::take(metadata, metadata_keys::RELEASE).or_else(|| metadata_keys::take(metadata, &["$app_version"]))
}

/// A metric is a number, a truth value or a word, always as text.
fn metric(event: &mut Event<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
    let mut feedback = event.feedback(FeedbackType::Rating);
    let name = event.properties.word("$ai_metric_name");
    let value = event.properties.word("$ai_metric_value").unwrap_or_default();
    let boolean = value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false");
    if boolean {
        feedback.set_truth(value.eq_ignore_ascii_case("true"));
    } else if let Some(score) = value.trim().parse().ok().filter(|score: &f64| score.is_finite()) {
        feedback.score = Some(score);
    } else if !value.is_empty() {
        feedback.label = Some(value);
    }
    feedback.feedback_type = kind::feedback_type(&Shape {
        name: name.as_deref().unwrap_or_default(),
        score: feedback.score,
        boolean,
        label: feedback.label.as_deref(),
        ..Shape::default()
    });
    // A label that says good or bad is the verdict, any other the reason.
    if feedback.feedback_type == FeedbackType::Category {
        if feedback.label.as_deref().and_then(lexicon::score_in_words).is_some() {
            feedback.feedback_type = FeedbackType::Thumb;
        } else {
            feedback.reasons.extend(feedback.label.clone());
        }
    }
    feedback.score_name = name;
    event.finish(feedback, out)
}

/// The verdict of a judge.
fn evaluation(event: &mut Event<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
    let mut feedback = event.feedback(FeedbackType::Rating);
    feedback.author = Author::Judge;
    let name = event.properties.word("$ai_evaluation_name");
    let boolean = matches!(event.properties.get("$ai_evaluation_result"), Some(Cell::Bool(_)));
    feedback.score = match event.properties.number("$ai_evaluation_result") {
        Ok(Some(score)) => Some(score),
        _ => event.properties.number("$ai_evaluation_numeric_result")?,
    };
    if boolean {
        // The tool's own word for true is "passed".
        feedback.score_type = ScoreType::Boolean;
        feedback.scale = Some(StatedScale { direction: Some(Direction::HigherIsBetter), ..StatedScale::new(0.0, 1.0) });
    }
    feedback.reasons = event.properties.words("$ai_evaluation_categorical_result");
    feedback.comment = event.properties.text("$ai_evaluation_reasoning").filter(|text| !text.is_empty());
    feedback.feedback_type = if feedback.score.is_none() && !feedback.reasons.is_empty() {
        FeedbackType::Category
    } else {
        let name = name.as_deref().unwrap_or_default();
        kind::feedback_type(&Shape { name, score: feedback.score, boolean, ..Shape::default() })
    };
    if feedback.turn_id.is_none() {
        feedback.turn_id = event.properties.word("$ai_target_event_id");
    }
    feedback.metadata.extend(event.properties.word("$ai_evaluation_model").map(|model| ("judge_model".into(), model)));
    feedback.score_name = name;
    event.finish(feedback, out)
}
