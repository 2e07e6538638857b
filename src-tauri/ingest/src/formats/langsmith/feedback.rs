//! A feedback is a feedback.
//!
//! | LangSmith | becomes |
//! |---|---|
//! | `correction` | correction |
//! | `feedback_group_id`, `comparative_experiment_id` | preference: score 1 is the better of the compared runs |
//! | `score` | thumb or rating, by its shape and name |
//! | `value` a text | the label, and without a score the reason |
//! | only `comment` | comment |
//!
//! Source `model` (and evaluators that run by themselves) is a judge.

use super::object;
use crate::{
    Out,
    formats::metadata_keys,
    kind::{self, Shape},
    message::{self, TextForm},
    row::{self, Cell, Reason, Row},
};
use hearback_domain::{
    Author, FeedbackRecord, FeedbackType, Polarity, Record, TextHash,
    polarity::{ScoreType, StatedScale},
};

/// The run that a feedback was found in, where it was.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Of<'r> {
    pub run: Option<&'r str>,
    pub trace: Option<&'r str>,
}

/// The documents name the feedback within runs but not its fields: has this those of a feedback?
pub(super) fn looks_like_one(row: &Row<'_>) -> bool {
    row.has("key") && ["score", "value", "comment", "correction"].iter().any(|key| row.has(key))
}

pub(super) fn read(row: &mut Row<'_>, of: &Of<'_>, out: &mut Out) -> Result<(), Reason> {
    let key = row.word("key");
    let run = row.word("run_id").or_else(|| of.run.map(str::to_owned));
    let trace = row.word("trace_id").or_else(|| of.trace.map(str::to_owned));
    let created_at = row.time(&["created_at", "modified_at"])?;
    let boolean = matches!(row.get("score"), Some(Cell::Bool(_)));
    let score = row.number("score")?;
    let value = row.take("value");
    let comment = row.text("comment").filter(|text| !text.is_empty());
    let correction = row.take("correction");
    let correction = if correction.is_empty() { None } else { message::answer(&correction, TextForm::Exact) };
    let id = row.word("id").unwrap_or_else(|| {
        let value = value.as_str().unwrap_or_default();
        let content = (&run, &key, created_at, score, value, &comment, &correction);
        TextHash::of(&format!("{content:?}")).to_string()
    });

    let mut feedback = FeedbackRecord::new(id, FeedbackType::Comment);
    feedback.score = score;
    feedback.comment = comment;
    feedback.correction = correction;
    let boolean = boolean | read_value(value, &mut feedback);
    feedback.created_at = created_at;
    if let (Some(trace), Some(run)) = (&trace, &run)
        && trace != run
    {
        feedback.metadata.insert("run_id".into(), run.clone());
    }
    feedback.turn_id = trace.or(run);
    source(row, &mut feedback)?;
    let extra = row.take("extra");
    row::spread(&extra, "extra", &mut feedback.metadata)?;
    for (key, name) in KEPT {
        if let Some(text) = row.word(key) {
            feedback.metadata.entry((*name).into()).or_insert(text);
        }
    }
    feedback.confidence = feedback.metadata.get("confidence").and_then(|text| text.parse().ok());
    let compared = ["feedback_group_id", "comparative_experiment_id"];
    feedback.feedback_type = if feedback.correction.is_some() {
        FeedbackType::Correction
    } else if compared.iter().any(|key| feedback.metadata.contains_key(*key)) {
        feedback.polarity = match feedback.score {
            Some(score) if score >= 1.0 => Some(Polarity::Positive),
            Some(score) if score <= 0.0 => Some(Polarity::Negative),
            _ => None,
        };
        FeedbackType::Preference
    } else {
        kind::feedback_type(&Shape {
            name: key.as_deref().unwrap_or_default(),
            score: feedback.score,
            boolean,
            label: feedback.label.as_deref(),
            ..Shape::default()
        })
    };
    if feedback.feedback_type == FeedbackType::Comment && !feedback.reasons.is_empty() {
        feedback.feedback_type = FeedbackType::Category;
    }
    if feedback.feedback_type == FeedbackType::Category {
        feedback.reasons.extend(feedback.label.clone());
    }
    if boolean {
        feedback.score_type = ScoreType::Boolean;
    }
    feedback.scale = feedback.metadata.get("feedback_config").and_then(|config| stated_scale(config));
    feedback.score_name = key;
    row.pass_over(|key| {
        matches!(key, "modified_at" | "start_time" | "is_root" | "tenant_id" | "extend_trace_retention")
    });
    out.push(Record::Feedback(feedback));
    Ok(())
}

const KEPT: &[(&str, &str)] = &[
    ("feedback_group_id", "feedback_group_id"),
    ("comparative_experiment_id", "comparative_experiment_id"),
    ("session_id", "project_id"),
    ("feedback_config", "feedback_config"),
];

/// The ends that a score's configuration gives: `{"type": "continuous", "min": 0, "max": 1, …}`, or those of its
/// categories' numbers.
fn stated_scale(config: &str) -> Option<StatedScale> {
    let config: serde_json::Value = serde_json::from_str(config).ok()?;
    let number = |key: &str| config.get(key).and_then(serde_json::Value::as_f64);
    let (low, high) = number("min").zip(number("max")).or_else(|| {
        let values: Vec<f64> =
            config.get("categories")?.as_array()?.iter().filter_map(|one| one.get("value")?.as_f64()).collect();
        Some((values.iter().copied().reduce(f64::min)?, values.iter().copied().reduce(f64::max)?))
    })?;
    (low < high).then(|| StatedScale::new(low, high))
}

/// A label, a number where there is no score, or anything. Says whether it was true or false.
fn read_value(value: Cell<'_>, feedback: &mut FeedbackRecord) -> bool {
    // Labels are short; sentences are what somebody wrote.
    const LABEL_CHARACTERS: usize = 60;
    match value {
        Cell::Null => {}
        Cell::Bool(value) => {
            feedback.score.get_or_insert(f64::from(u8::from(value)));
            return true;
        }
        Cell::Number(text) => {
            if feedback.score.is_none() {
                feedback.score = text.parse().ok().filter(|score: &f64| score.is_finite());
            }
        }
        Cell::Text(text) if text.trim().is_empty() => {}
        Cell::Text(text) if text.contains('\n') || text.chars().nth(LABEL_CHARACTERS).is_some() => {
            match &mut feedback.comment {
                None => feedback.comment = Some(text.into_owned()),
                Some(comment) if *comment == text => {}
                Some(_) => {
                    feedback.metadata.insert("value".into(), text.into_owned());
                }
            }
        }
        Cell::Text(text) => feedback.label = Some(text.into_owned()),
        Cell::Nested(text) => {
            // A list of chosen labels, or an object of the evaluator's.
            match serde_json::from_str::<Vec<String>>(&text) {
                Ok(labels) => feedback.reasons = labels,
                Err(_) => {
                    feedback.metadata.insert("value".into(), text.into_owned());
                }
            }
        }
    }
    false
}

fn source(row: &mut Row<'_>, feedback: &mut FeedbackRecord) -> Result<(), Reason> {
    let cell = row.take("feedback_source");
    let mut source = object(&cell, "feedback_source")?;
    row::spread(&source.take("metadata"), "source", &mut feedback.metadata)?;
    let kind = source.word("type");
    // Evaluators leave the id of their own run.
    let evaluated = feedback.metadata.contains_key("__run");
    if evaluated || matches!(kind.as_deref(), Some("model" | "auto_eval")) {
        feedback.author = Author::Judge;
    }
    for (name, text) in
        [("feedback_source", kind), ("author_id", source.word("user_id")), ("author", source.word("user_name"))]
    {
        if let Some(text) = text {
            feedback.metadata.entry(name.into()).or_insert(text);
        }
    }
    feedback.user_id = metadata_keys::take(&mut feedback.metadata, metadata_keys::USER);
    feedback.user_role = metadata_keys::take(&mut feedback.metadata, metadata_keys::USER_ROLE);
    feedback.environment = metadata_keys::take(&mut feedback.metadata, metadata_keys::ENVIRONMENT);
    Ok(())
}
