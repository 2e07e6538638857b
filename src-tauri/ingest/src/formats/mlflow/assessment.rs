//! An assessment is a feedback.
//!
//! | assessment | becomes |
//! |---|---|
//! | truth value | thumb |
//! | number | rating, on the scale of its name |
//! | text | category, or comment where the name or the length says so |
//! | object with a stretch of text | annotation |
//! | object with score and label | rating with a label |
//! | expectation | correction: what the answer should have been |
//!
//! A HUMAN source is a person, an LLM_JUDGE a judge. CODE is a judge unless it records what a user did.

use std::collections::BTreeMap;

use serde_json::Value;

use super::decode::{self, Object};
use crate::{
    kind::{self, Shape},
    row::{Reason, plain_text, shorten},
    time,
};
use hearback_domain::{
    Author, FeedbackRecord, FeedbackType, Timestamp,
    polarity::ScoreType,
    record::{Metadata, Span, SpanTarget},
    text::TextHash,
};

/// What an assessment is about.
pub(super) struct Subject<'t> {
    pub trace_id: Option<&'t str>,
    pub query: Option<&'t str>,
    pub output: Option<&'t str>,
}

/// The values of assessments that others replaced, by id. They must not count beside what replaced them.
pub(super) fn replaced(assessments: &[Value]) -> BTreeMap<String, String> {
    let replaced = assessments.iter().filter(|assessment| is_replaced(assessment));
    replaced
        .filter_map(|assessment| {
            let value = ["feedback", "expectation"].iter().find_map(|key| assessment.get(*key)?.get("value"));
            Some((decode::word(assessment.get("assessment_id"))?, value.and_then(plain_text).unwrap_or_default()))
        })
        .collect()
}

pub(super) fn is_replaced(assessment: &Value) -> bool {
    assessment.get("valid") == Some(&Value::Bool(false))
}

pub(super) fn read(
    assessment: &Value,
    subject: &Subject<'_>,
    replaced: &BTreeMap<String, String>,
) -> Result<FeedbackRecord, Reason> {
    let Value::Object(fields) = assessment else { return Err("an assessment is no object".into()) };
    let word = |key: &str| decode::word(fields.get(key));
    let source = |key: &str| decode::word(fields.get("source").and_then(|source| source.get(key)));
    let name = word("assessment_name").or_else(|| word("name"));
    let turn_id = word("trace_id").or_else(|| subject.trace_id.map(str::to_owned));
    // The same on every import, also from a file that numbers nothing.
    let id = word("assessment_id").unwrap_or_else(|| TextHash::of(&assessment.to_string()).to_string());

    let mut feedback = FeedbackRecord::new(id, FeedbackType::Rating);
    feedback.turn_id = turn_id;
    feedback.score_name = name.clone();
    let name = name.unwrap_or_default();
    let source_type = source("source_type").unwrap_or_default().to_uppercase();
    let by_model = source_type.contains("JUDGE") || source_type.contains("LLM") || source_type == "AI";
    match (fields.get("feedback"), fields.get("expectation")) {
        (_, Some(Value::Object(expectation))) => expect(&mut feedback, &value_of(expectation)?),
        (Some(Value::Object(given)), _) => give(&mut feedback, &name, given, subject)?,
        _ => return Err("an assessment has neither feedback nor expectation".into()),
    }
    let by_user = feedback.feedback_type == FeedbackType::Implicit || kind::is_by_people(&name);
    if by_model || source_type == "CODE" && !by_user {
        feedback.author = Author::Judge;
        if feedback.feedback_type == FeedbackType::Implicit {
            feedback.feedback_type = FeedbackType::Category;
        }
    }
    if let Some(rationale) = decode::word(fields.get("rationale")) {
        match &mut feedback.comment {
            Some(text) => {
                text.push_str("\n\n");
                text.push_str(&rationale);
            }
            none => *none = Some(rationale),
        }
    }
    if feedback.author == Author::Human && says_nothing(&feedback) {
        return Err("an assessment by a person has no value".into());
    }
    let mut metadata = texts(fields.get("metadata"));
    // On the first trace of a session, but about the whole.
    if let Some(session) = metadata.remove("mlflow.trace.session").filter(|session| !session.trim().is_empty()) {
        feedback.session_id = Some(session);
        metadata.extend(feedback.turn_id.take().map(|trace| ("trace_id".to_owned(), trace)));
    }
    let created = moment(fields.get("create_time"))?;
    feedback.created_at = match submitted(&metadata, created) {
        Some((key, moment)) => {
            metadata.remove(&key);
            metadata.extend(word("create_time").map(|text| ("create_time".to_owned(), text)));
            Some(moment)
        }
        None => created,
    };
    if let Some(updated) = word("last_update_time").filter(|text| Some(text) != word("create_time").as_ref()) {
        metadata.insert("last_update_time".into(), updated);
    }
    if let Some(overridden) = word("overrides") {
        metadata.extend(replaced.get(&overridden).map(|value| ("overridden_value".to_owned(), value.clone())));
        metadata.insert("overrides".into(), overridden);
    }
    let span = word("span_id").map(|id| decode::hexadecimal(&id));
    for (key, value) in [("span_id", span), ("source_type", source("source_type")), ("source_id", source("source_id"))]
    {
        metadata.extend(value.map(|value| (key.to_owned(), value)));
    }
    feedback.metadata.extend(metadata);
    Ok(feedback)
}

fn says_nothing(feedback: &FeedbackRecord) -> bool {
    feedback.score.is_none()
        && feedback.label.is_none()
        && feedback.comment.is_none()
        && feedback.correction.is_none()
        && feedback.reasons.is_empty()
        && feedback.span.is_none()
        && feedback.metadata.is_empty()
}

/// The value, which for lists and objects may be wrapped once more as text.
fn value_of(given: &Object) -> Result<Value, Reason> {
    if let Some(value) = given.get("value").filter(|value| !value.is_null()) {
        return Ok(value.clone());
    }
    match given.get("serialized_value").and_then(|wrapped| wrapped.get("value")) {
        Some(Value::String(text)) => {
            serde_json::from_str(text).map_err(|error| format!("a serialized value is not valid JSON: {error}"))
        }
        Some(other) => Ok(other.clone()),
        None => Ok(Value::Null),
    }
}

/// What an answer should have been is a better answer; what it should have been called is a label.
fn expect(feedback: &mut FeedbackRecord, value: &Value) {
    feedback.feedback_type = FeedbackType::Correction;
    match value {
        Value::Bool(_) | Value::Number(_) => {
            feedback.feedback_type = FeedbackType::Annotation;
            feedback.label = plain_text(value);
        }
        // Facts that an answer should name, one under the other.
        Value::Array(list) if list.iter().all(Value::is_string) => {
            let lines: Vec<String> = list.iter().filter_map(plain_text).collect();
            feedback.correction = Some(lines.join("\n"));
        }
        value => feedback.correction = plain_text(value),
    }
    feedback.metadata.insert("expectation".into(), "true".into());
}

fn give(feedback: &mut FeedbackRecord, name: &str, given: &Object, subject: &Subject<'_>) -> Result<(), Reason> {
    if let Some(error) = given.get("error").and_then(error_text) {
        feedback.metadata.insert("error".into(), error);
    }
    let mut boolean = false;
    match value_of(given)? {
        // A judge that failed, or a person who only explained.
        Value::Null => {
            feedback.feedback_type =
                if feedback.metadata.is_empty() { FeedbackType::Comment } else { FeedbackType::Rating };
            return Ok(());
        }
        Value::Bool(value) => {
            boolean = true;
            feedback.set_truth(value);
        }
        Value::Number(number) => feedback.score = number.as_f64(),
        Value::String(text) if kind::is_free_text(name, &text) => feedback.comment = Some(text),
        Value::String(text) => feedback.label = Some(text),
        Value::Array(list) => feedback.reasons = list.iter().filter_map(plain_text).collect(),
        Value::Object(object) => boolean = take_apart(feedback, object, subject),
    }
    let label = feedback.label.clone().or_else(|| feedback.reasons.first().cloned());
    feedback.feedback_type = kind::feedback_type(&Shape {
        name,
        score: feedback.score,
        boolean,
        label: label.as_deref(),
        correction: feedback.correction.is_some(),
        span: feedback.span.is_some(),
    });
    // A chosen label is a reason; the act of a user, or a number in words, is none.
    if matches!(feedback.feedback_type, FeedbackType::Category | FeedbackType::Annotation) {
        let known = feedback.reasons.clone();
        feedback.reasons.extend(feedback.label.clone().filter(|label| !known.contains(label)));
    }
    Ok(())
}

/// An object that a team made up, by the words that the field uses for its parts. Was the score a truth value?
fn take_apart(feedback: &mut FeedbackRecord, mut object: Object, subject: &Subject<'_>) -> bool {
    let mut take = |keys: &[&str]| keys.iter().find_map(|key| object.remove(*key).filter(|value| !value.is_null()));
    let (start, end) = (take(&["start", "begin", "from"]), take(&["end", "stop", "to"]));
    let quote = take(&["quote", "text", "quoted", "highlight"]);
    let offset = |value: &Option<Value>| decode::whole(value.as_ref()).and_then(|whole| u32::try_from(whole).ok());
    if let (Some(start), Some(end)) = (offset(&start), offset(&end))
        && start <= end
    {
        let quote = quote.as_ref().and_then(plain_text);
        let target = target(subject, start, end, quote.as_deref());
        feedback.span = Some(Span { target, start, end, quote });
    } else if let Some(text) = quote.as_ref().and_then(plain_text) {
        feedback.comment = Some(text);
    }
    let score = take(&["score", "value", "rating"]);
    feedback.score = match &score {
        Some(Value::Bool(value)) => {
            feedback.score_type = ScoreType::Boolean;
            Some(f64::from(u8::from(*value)))
        }
        Some(Value::String(text)) => text.trim().parse().ok().filter(|score: &f64| score.is_finite()),
        other => other.as_ref().and_then(Value::as_f64),
    };
    feedback.label =
        decode::word(take(&["label", "category", "category_name", "verdict", "class", "choice", "result"]).as_ref());
    let comment = take(&["comment", "explanation", "note", "message"]);
    feedback.comment = comment.as_ref().and_then(plain_text).or(feedback.comment.take());
    feedback.correction =
        take(&["correction", "corrected", "suggestion", "expected_response"]).as_ref().and_then(plain_text);
    if let Some(Value::Array(reasons)) = take(&["reasons", "labels", "categories", "tags"]) {
        feedback.reasons = reasons.iter().filter_map(plain_text).collect();
    }
    feedback.metadata.extend(object.into_iter().filter_map(|(key, value)| Some((key, plain_text(&value)?))));
    matches!(score, Some(Value::Bool(_)))
}

/// The text in which the marked words stand where the offsets say. Python counts characters, as we do.
fn target(subject: &Subject<'_>, start: u32, end: u32, quote: Option<&str>) -> SpanTarget {
    let stands_in = |text: Option<&str>| {
        let (Some(text), Some(quote)) = (text, quote) else { return false };
        text.chars().skip(start as usize).take((end - start) as usize).eq(quote.chars())
    };
    if !stands_in(subject.output) && stands_in(subject.query) { SpanTarget::Query } else { SpanTarget::Output }
}

fn error_text(error: &Value) -> Option<String> {
    let part = |key: &str| decode::word(error.get(key));
    match (part("error_code"), part("error_message")) {
        (Some(code), Some(message)) => Some(format!("{code}: {message}")),
        (Some(one), None) | (None, Some(one)) => Some(one),
        (None, None) => plain_text(error),
    }
}

fn texts(metadata: Option<&Value>) -> Metadata {
    let Some(Value::Object(object)) = metadata else { return Metadata::new() };
    object.iter().filter_map(|(key, value)| Some((key.clone(), plain_text(value)?))).collect()
}

pub(super) fn moment(value: Option<&Value>) -> Result<Option<Timestamp>, Reason> {
    let Some(text) = decode::word(value) else { return Ok(None) };
    time::parse(&text).map(Some).ok_or_else(|| format!("this is not a time that can be read: {}", shorten(&text)))
}

/// When the feedback was given, where that is not when the tool stored it: feedback that was imported later carries
/// it under a key that says so, and it is never later than the storing.
fn submitted(metadata: &Metadata, stored: Option<Timestamp>) -> Option<(String, Timestamp)> {
    metadata
        .iter()
        .filter(|(key, _)| kind::is_moment_of_feedback(key))
        .filter_map(|(key, text)| Some((key.clone(), time::parse(text)?)))
        .filter(|(_, moment)| stored.is_none_or(|stored| *moment <= stored))
        .min_by_key(|(_, moment)| *moment)
}
