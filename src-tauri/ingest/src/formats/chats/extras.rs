//! What did people write beside a conversation to say whether it was good?
//!
//! There is no standard: a `rating`, a `score`, a `feedback` that is a number, a word, a text, an object of these or a
//! list of such objects, on the record or on a message. Words decide the rest.

use super::{cell_of, elements, nested};
use crate::{
    Out,
    kind::{self, Shape},
    row::{Cell, Reason, Row},
};
use hearback_domain::{FeedbackRecord, FeedbackType, Record, lexicon, polarity::ScoreType};

/// What gives a verdict, in the order in which it is looked for.
const VERDICTS: &[&str] =
    &["rating", "score", "thumb", "thumbs", "vote", "stars", "feedback", "user_feedback", "user_rating", "value"];
const COMMENTS: &[&str] = &["comment", "comments", "explanation", "feedback_text", "feedback_comment", "text"];
const REASONS: &[&str] = &["reasons", "reason", "labels", "categories"];
const CORRECTIONS: &[&str] = &["correction", "corrected", "corrected_output", "ideal", "expected"];

/// Is there a key on the record that only feedback has?
pub(super) fn speaks(row: &Row<'_>) -> bool {
    VERDICTS[..9].iter().any(|key| row.get(key).is_some_and(|cell| !cell.is_empty()))
}

/// Takes the feedback of a record (or of the further keys of a message), and hands it on: each as a copy of `about`,
/// whose id is what they are numbered under.
pub(super) fn push(row: &mut Row<'_>, about: &FeedbackRecord, out: &mut Out) -> Result<(), Reason> {
    if !speaks(row) {
        return Ok(());
    }
    for key in ["feedback", "user_feedback"] {
        let Some(text) = row.get(key).and_then(|cell| nested(cell).map(std::borrow::Cow::into_owned)) else { continue };
        row.take(key);
        if text.starts_with('{') {
            let mut inner = Row::from_json_text(&text)?;
            entry(&mut inner, key, None, about, out).map_err(|reason| format!("{key}: {reason}"))?;
            continue;
        }
        for (place, raw) in elements(&text)?.into_iter().enumerate() {
            let numbered = |reason: Reason| format!("{key} {}: {reason}", place + 1);
            let mut inner = match cell_of(raw) {
                Cell::Nested(object) if object.starts_with('{') => Row::from_json_text(raw.get()).map_err(numbered)?,
                cell => Row::new(vec![("value".into(), cell)]),
            };
            entry(&mut inner, key, Some(place + 1), about, out).map_err(numbered)?;
        }
    }
    if !speaks(row) {
        return Ok(());
    }
    let mut own = Row::default();
    for key in VERDICTS[..9].iter().chain(&COMMENTS[..5]).chain(&REASONS[..2]).chain(&CORRECTIONS[..3]) {
        own.push(*key, row.take(key));
    }
    entry(&mut own, "feedback", None, about, out)
}

fn entry(
    row: &mut Row<'_>,
    name: &str,
    number: Option<usize>,
    about: &FeedbackRecord,
    out: &mut Out,
) -> Result<(), Reason> {
    let mut feedback = about.clone();
    feedback.id = match super::id_of(row, &["id", "feedback_id"])? {
        Some(id) => id,
        None => number.map_or_else(|| about.id.clone(), |number| format!("{}/{number}", about.id)),
    };
    let verdict = VERDICTS.iter().find(|key| row.get(key).is_some_and(|cell| !cell.is_empty())).copied();
    let mut boolean = false;
    if let Some(key) = verdict {
        feedback.score_name =
            super::id_of(row, &["name", "key"])?.or(Some(if key == "value" { name } else { key }.into()));
        let cell = row.take(key);
        match &cell {
            Cell::Nested(_) => return Err(format!("{key} is {}, not a number or a word", super::what(&cell))),
            Cell::Text(text) if !is_number(text) => {
                // The name says that words are meant, unless they are a button's.
                let button = lexicon::label(text).is_some();
                if key.ends_with("feedback") && !button {
                    feedback.comment = Some(text.to_string());
                } else {
                    feedback.label = Some(text.to_string());
                }
            }
            other => {
                boolean = matches!(other, Cell::Bool(_))
                    || matches!(other, Cell::Text(text) if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"));
                row.push("value", cell.clone());
                feedback.score = row.number("value")?;
                feedback.score_type = if boolean { ScoreType::Boolean } else { ScoreType::Numeric };
            }
        }
    }
    // Words beside a number.
    for key in ["feedback", "user_feedback"] {
        feedback.comment = row.text(key).filter(|text| !text.is_empty()).or(feedback.comment);
    }
    let comment = COMMENTS.iter().find_map(|key| row.text(key)).filter(|text| !text.is_empty());
    feedback.comment = match (feedback.comment.take(), comment) {
        (Some(one), Some(other)) => Some(format!("{one}\n\n{other}")),
        (one, other) => one.or(other),
    };
    for key in REASONS {
        feedback.reasons.extend(row.words(key));
    }
    feedback.correction = CORRECTIONS.iter().find_map(|key| row.text(key)).filter(|text| !text.is_empty());
    feedback.created_at = row.time(&["created_at", "timestamp", "time", "date"])?.or(feedback.created_at);
    feedback.user_id = super::id_of(row, &["user_id", "user"])?.or(feedback.user_id.take());
    feedback.confidence = row.number("confidence")?;
    feedback.tags.extend(row.words("tags"));
    let shape = Shape {
        name: feedback.score_name.as_deref().unwrap_or(name),
        score: feedback.score,
        boolean,
        label: feedback.label.as_deref(),
        correction: feedback.correction.is_some() && feedback.score.is_none() && feedback.label.is_none(),
        span: false,
    };
    feedback.feedback_type = kind::feedback_type(&shape);
    if feedback.feedback_type == FeedbackType::Comment && feedback.comment.is_none() && feedback.reasons.is_empty() {
        return Err("it says neither a rating nor a comment".into());
    }
    if feedback.feedback_type == FeedbackType::Comment && feedback.comment.is_none() {
        feedback.feedback_type = FeedbackType::Category;
    }
    feedback.metadata.extend(super::rest(row));
    out.push(Record::Feedback(feedback));
    Ok(())
}

fn is_number(text: &str) -> bool {
    let plain = text.trim();
    plain.parse::<f64>().is_ok_and(f64::is_finite)
        || plain.eq_ignore_ascii_case("true")
        || plain.eq_ignore_ascii_case("false")
        || plain.matches(',').count() == 1 && plain.replace(',', ".").parse::<f64>().is_ok()
}
