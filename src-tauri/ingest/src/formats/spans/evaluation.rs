//! What did a person or a program say about a span?
//!
//! Phoenix' annotations and OpenTelemetry's evaluation results have the same parts: a name, a number, a label, an
//! explanation, and whatever the application put beside them. Neither has a field for a correction, for a marked
//! stretch of text or for the moment in which the user pressed the button: applications put these into the metadata,
//! and say by the name that the explanation is a better answer.

use super::attributes::Attributes;
use crate::kind::{self, Shape};
use hearback_domain::{
    Author, FeedbackRecord, FeedbackType, TextHash, Timestamp, lexicon,
    record::{Span, SpanTarget},
};

#[derive(Debug, Default)]
pub struct Evaluation {
    /// The tool's own id; without one it is made of the content.
    pub id: Option<String>,
    pub turn_id: Option<String>,
    pub session_id: Option<String>,
    pub created_at: Option<Timestamp>,
    pub name: Option<String>,
    pub score: Option<f64>,
    pub label: Option<String>,
    pub explanation: Option<String>,
    /// The tool's word for who said it: HUMAN, LLM, CODE.
    pub by: Option<String>,
    /// Whatever stands beside it.
    pub metadata: Attributes,
}

impl Evaluation {
    pub fn into_feedback(mut self) -> FeedbackRecord {
        let metadata = &mut self.metadata;
        let name = self.name.clone().unwrap_or_default();
        let said_type = metadata.word_ending(&["feedback_type"]);
        let id = self.id.unwrap_or_else(|| {
            let target = self.turn_id.as_deref().or(self.session_id.as_deref()).unwrap_or_default();
            let parts =
                (target, &name, self.created_at.map(Timestamp::micros), self.score, &self.label, &self.explanation);
            TextHash::of(&format!("{parts:?}")).to_string()
        });
        let mut feedback = FeedbackRecord::new(id, FeedbackType::Comment);
        // The moment in which it was said comes before the one in which the tool was told.
        feedback.created_at = metadata.time(SAID_AT).or(self.created_at);
        feedback.comment = self.explanation.filter(|text| !text.is_empty());
        feedback.correction = metadata.text_ending(CORRECTIONS).filter(|text| !text.is_empty());
        if feedback.correction.is_none() && self.score.is_none() && self.label.is_none() && names_correction(&name) {
            feedback.correction = feedback.comment.take();
        }
        let said = metadata.text_ending(&["comment", "note"]).filter(|text| !text.is_empty());
        feedback.span = span(metadata, &mut feedback.comment);
        if feedback.comment.is_none() {
            feedback.comment = said;
        } else if let Some(said) = said.filter(|said| Some(said) != feedback.comment.as_ref()) {
            metadata.insert("comment", said.into());
        }
        feedback.score_name = self.name;
        feedback.score = self.score;
        feedback.label = self.label.filter(|label| !label.trim().is_empty());
        feedback.turn_id = self.turn_id;
        feedback.session_id = self.session_id;
        feedback.user_role = metadata.word_ending(&["user_role"]);
        feedback.confidence = metadata.number(&["confidence"]);
        feedback.tags = metadata.key_ending(&["tags"]).map(|key| metadata.words(&[&key])).unwrap_or_default();

        let judged = self.by.as_deref().map(is_machine);
        feedback.feedback_type = said_type.as_deref().and_then(FeedbackType::from_word).unwrap_or_else(|| {
            let shape = Shape {
                name: &name,
                score: feedback.score,
                boolean: false,
                label: feedback.label.as_deref(),
                correction: feedback.correction.is_some(),
                span: feedback.span.is_some(),
            };
            match kind::feedback_type(&shape) {
                // A judge does nothing, it only says.
                FeedbackType::Implicit if self.by.as_deref().is_some_and(|by| by.eq_ignore_ascii_case("llm")) => {
                    if shape.score.is_some() {
                        FeedbackType::Rating
                    } else {
                        FeedbackType::Category
                    }
                }
                found => found,
            }
        });
        let judge = match (feedback.feedback_type, judged) {
            // What users do is recorded by code, and theirs all the same.
            (FeedbackType::Implicit, _) => false,
            (_, Some(judged)) => judged,
            (_, None) if said_type.as_deref() == Some("judge") => true,
            (_, None) => !of_people(&name, feedback.label.as_deref()),
        };
        if judge {
            feedback.author = Author::Judge;
        } else if matches!(feedback.feedback_type, FeedbackType::Category | FeedbackType::Annotation) {
            feedback.reasons.extend(feedback.label.clone());
        }
        feedback.metadata = self.metadata.into_metadata();
        if let Some(by) = self.by {
            feedback.metadata.insert("annotator_kind".into(), by);
        }
        feedback
    }
}

/// Where applications put the moment in which the user spoke: the tool's own time is that of its import.
const SAID_AT: &[&str] = &[
    "submitted_at",
    "submittedAt",
    "occurred_at",
    "event_time",
    "feedback_time",
    "annotated_at",
    "created_at",
    "timestamp",
];

const CORRECTIONS: &[&str] = &[
    "correction",
    "corrected_output",
    "corrected_answer",
    "corrected_response",
    "corrected_text",
    "better_answer",
    "better_response",
    "expected_output",
    "expected_answer",
    "ideal_answer",
    "ideal_response",
];

fn names_correction(name: &str) -> bool {
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split(|character: char| !character.is_alphanumeric()).collect();
    words
        .iter()
        .any(|word| matches!(*word, "correction" | "corrections" | "corrected" | "rewrite" | "rewritten" | "revised"))
        || matches!(words.as_slice(), ["better" | "ideal" | "expected" | "preferred", "answer" | "output" | "response"])
}

/// Two offsets mark a stretch. Where the explanation has exactly that length, it is what was marked.
fn span(metadata: &mut Attributes, comment: &mut Option<String>) -> Option<Span> {
    const ENDS: &[(&str, &str)] = &[
        ("start", "end"),
        ("start_offset", "end_offset"),
        ("start_char", "end_char"),
        ("start_index", "end_index"),
        ("span_start", "span_end"),
        ("highlight_start", "highlight_end"),
    ];
    let (start_key, end_key) =
        ENDS.iter().find_map(|(start, end)| Some((metadata.key_ending(&[start])?, metadata.key_ending(&[end])?)))?;
    let place = |key: &str| metadata.get(key).and_then(|value| value.as_f64().or_else(|| value.as_str()?.parse().ok()));
    let (start, end) = (place(&start_key)?, place(&end_key)?);
    // Times are no offsets.
    if !(0.0..=end).contains(&start) || end > 1e8 || start.fract() != 0.0 || end.fract() != 0.0 {
        return None;
    }
    metadata.take(&[&start_key]);
    metadata.take(&[&end_key]);
    let (start, end) = (start as u32, end as u32);
    let quote = metadata
        .text_ending(&["quote", "quoted_text", "selected_text", "highlighted_text", "selection"])
        .or_else(|| {
            let is_quote = comment.as_ref().is_some_and(|text| text.chars().count() == (end - start) as usize);
            if is_quote { comment.take() } else { None }
        });
    let target = metadata.word_ending(&["span_target", "target", "field"]);
    let about_query = target
        .is_some_and(|target| matches!(target.to_lowercase().as_str(), "input" | "query" | "question" | "prompt"));
    Some(Span { target: if about_query { SpanTarget::Query } else { SpanTarget::Output }, start, end, quote })
}

fn is_machine(by: &str) -> bool {
    !matches!(
        by.trim().to_lowercase().as_str(),
        "human" | "user" | "end_user" | "annotator" | "reviewer" | "expert" | "customer" | "person" | "manual"
    )
}

/// There is no standard for who evaluates; what people do has names of its own, the rest is measured.
fn of_people(name: &str, label: Option<&str>) -> bool {
    let name = name.to_lowercase();
    name.split(|character: char| !character.is_alphanumeric()).any(|word| {
        matches!(
            word,
            "user"
                | "human"
                | "customer"
                | "thumb"
                | "thumbs"
                | "feedback"
                | "csat"
                | "nps"
                | "survey"
                | "reviewer"
                | "annotator"
                | "vote"
                | "upvote"
                | "downvote"
                | "like"
                | "stars"
                | "comment"
                | "note"
                | "correction"
        )
    }) || label.is_some_and(lexicon::is_thumb)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(
        name: &str,
        by: Option<&str>,
        score: Option<f64>,
        label: Option<&str>,
        explanation: Option<&str>,
        metadata: serde_json::Value,
    ) -> FeedbackRecord {
        Evaluation {
            turn_id: Some("t".into()),
            name: Some(name.into()),
            by: by.map(str::to_owned),
            score,
            label: label.map(str::to_owned),
            explanation: explanation.map(str::to_owned),
            metadata: Attributes::from_value(metadata),
            ..Evaluation::default()
        }
        .into_feedback()
    }

    #[test]
    fn shape_and_words_say_what_it_is() {
        let marked = of(
            "mark",
            Some("HUMAN"),
            None,
            Some("wrong"),
            Some("abc"),
            json!({"start": 4, "end": 7, "comment": "see page 3"}),
        );
        assert_eq!(marked.feedback_type, FeedbackType::Annotation);
        assert_eq!(marked.span, Some(Span { target: SpanTarget::Output, start: 4, end: 7, quote: Some("abc".into()) }));
        assert_eq!(
            (marked.comment.as_deref(), marked.reasons.as_slice()),
            (Some("see page 3"), ["wrong".to_owned()].as_slice())
        );

        let timed = of(
            "pace",
            Some("CODE"),
            Some(0.4),
            None,
            Some("slow"),
            json!({"start": 1_777_222_940.5, "end": 1_777_222_941.5}),
        );
        assert_eq!((timed.span, timed.author, timed.comment.as_deref()), (None, Author::Judge, Some("slow")));

        let better = of("corrected_answer", Some("HUMAN"), None, None, Some("30 days"), json!({"comment": "old rule"}));
        assert_eq!(better.feedback_type, FeedbackType::Correction);
        assert_eq!((better.correction.as_deref(), better.comment.as_deref()), (Some("30 days"), Some("old rule")));
        let judged = of("correction", Some("LLM"), Some(0.5), None, Some("half right"), json!({}));
        assert_eq!((judged.feedback_type, judged.comment.as_deref()), (FeedbackType::Rating, Some("half right")));

        let copied = of("ui", Some("CODE"), Some(1.0), Some("copied"), None, json!({}));
        assert_eq!((copied.feedback_type, copied.author), (FeedbackType::Implicit, Author::Human));
        assert_eq!(of("retry", Some("LLM"), Some(1.0), None, None, json!({})).author, Author::Judge);
        assert_eq!(of("Relevance", None, Some(1.0), None, None, json!({})).author, Author::Judge);
        assert_eq!(of("user_thumb", None, Some(1.0), None, None, json!({})).author, Author::Human);
    }

    #[test]
    fn the_same_content_has_the_same_id() {
        let id = |explanation| of("note", Some("HUMAN"), None, None, Some(explanation), json!({})).id;
        assert_eq!(id("a"), id("a"));
        assert_ne!(id("a"), id("b"));
    }
}
