//! What kind of feedback is this, where the export does not say?
//!
//! Tools name their scores as they like; the shape of what stands in them (a truth value, a number, a chosen label,
//! a free text, a better answer) says the type, with the help of words that the field uses everywhere.

use hearback_domain::{
    FeedbackType,
    lexicon::{self, identifier_words},
};

/// What a score or an annotation holds, as far as its export tells.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shape<'s> {
    /// The name of the score.
    pub name: &'s str,
    pub score: Option<f64>,
    /// The score was given as true or false.
    pub boolean: bool,
    /// The chosen label.
    pub label: Option<&'s str>,
    pub correction: bool,
    /// Somebody marked a stretch of text.
    pub span: bool,
}

/// The type of feedback that has this shape.
pub fn feedback_type(shape: &Shape<'_>) -> FeedbackType {
    if shape.correction {
        return FeedbackType::Correction;
    }
    if shape.span {
        return FeedbackType::Annotation;
    }
    let label = shape.label.unwrap_or_default();
    if is_behaviour(label) || is_behaviour(shape.name) {
        return FeedbackType::Implicit;
    }
    if is_thumb(shape) {
        return FeedbackType::Thumb;
    }
    match (shape.score, label.is_empty()) {
        // A label beside a number is the number in words.
        (Some(_), _) => FeedbackType::Rating,
        (None, false) => FeedbackType::Category,
        (None, true) => FeedbackType::Comment,
    }
}

fn is_thumb(shape: &Shape<'_>) -> bool {
    let words = identifier_words(shape.name);
    let named =
        words.iter().any(|word| matches!(word.as_str(), "thumb" | "thumbs" | "like" | "liked" | "upvote" | "vote"));
    let two_valued = shape.score.is_none_or(|score| [-1.0, 0.0, 1.0].contains(&score));
    let label = shape.label.unwrap_or_default();
    shape.boolean && lexicon::is_feedback_name(shape.name)
        || lexicon::is_thumb(label) && two_valued
        || named && two_valued && shape.score.is_some()
        // The name that several tools give to the buttons under an answer.
        || two_valued && shape.score.is_some() && label.is_empty() && is_buttons(&words)
}

fn is_buttons(words: &[String]) -> bool {
    let has = |name: &str| words.iter().any(|word| word == name);
    has("user") && (has("feedback") || has("score"))
}

/// Words for what users do, rather than say: copy, retry, edit, share, abandon, …
pub fn is_behaviour(word: &str) -> bool {
    const ACTS: &[&str] = &[
        "copy",
        "copied",
        "paste",
        "pasted",
        "edit",
        "edited",
        "regenerate",
        "regenerated",
        "regeneration",
        "retry",
        "retried",
        "share",
        "shared",
        "dwell",
        "abandon",
        "abandoned",
        "rephrase",
        "rephrased",
        "accept",
        "accepted",
        "dismiss",
        "dismissed",
        "escalate",
        "escalated",
        "download",
        "downloaded",
        "undo",
        "undone",
        "stop",
        "stopped",
        "click",
        "clicked",
        "asked",
    ];
    let words = identifier_words(word);
    match words.as_slice() {
        [] => false,
        // `user_action`, `implicit_feedback`: the name of the score rather than the act.
        _ if words.iter().any(|word| word == "implicit" || word == "behaviour" || word == "behavior") => true,
        [first, second, ..] if first == "user" && (second == "action" || second == "event") => true,
        // `edit_distance` measures a text, nobody did it.
        [.., last] if matches!(last.as_str(), "distance" | "similarity") => false,
        // The act stands alone or first or last: copied_answer, answer_copied.
        [only] => ACTS.contains(&only.as_str()),
        [first, .., last] => words.len() <= 3 && (ACTS.contains(&first.as_str()) || ACTS.contains(&last.as_str())),
    }
}

/// Is this text what somebody wrote, rather than a label that was chosen? By the name of the score, else by its length.
pub fn is_free_text(name: &str, text: &str) -> bool {
    const WRITTEN: &[&str] = &[
        "comment",
        "comments",
        "note",
        "notes",
        "remark",
        "remarks",
        "explanation",
        "verbatim",
        "freetext",
        "text",
        "message",
        "suggestion",
        "suggestions",
        "opinion",
        "testimonial",
        "description",
        "details",
        "why",
    ];
    // Names under which labels stand as often as sentences.
    const EITHER: &[&str] = &["feedback", "review", "answer", "response", "improvement", "improve", "detail"];
    const LABEL_CHARACTERS: usize = 60;
    const LABEL_WORDS: usize = 6;
    let named = identifier_words(name);
    let has = |list: &[&str]| named.iter().any(|word| list.contains(&word.as_str()));
    let count = text.split_whitespace().count();
    let sentence = count >= 3 && text.trim_end().ends_with(['.', '!', '?', '…', '。', '！', '？']);
    // Where words are not separated by blanks, characters tell.
    has(WRITTEN) && !lexicon::is_thumb(text)
        || has(EITHER) && count >= 3
        || sentence
        || count > LABEL_WORDS
        || text.contains('\n')
        || text.chars().count() > LABEL_CHARACTERS
}

/// Do people give scores of this name? Where an export does not say who gave a score, its name must tell: words for
/// people and for what only they do, unless a word for a machine stands beside them.
pub fn is_by_people(name: &str) -> bool {
    const PEOPLE: &[&str] = &[
        "user",
        "users",
        "enduser",
        "human",
        "people",
        "person",
        "customer",
        "visitor",
        "employee",
        "annotator",
        "annotation",
        "reviewer",
        "expert",
        "labeler",
        "labeller",
        "rater",
        "manual",
        "thumb",
        "thumbs",
        "like",
        "liked",
        "likes",
        "dislike",
        "vote",
        "votes",
        "upvote",
        "downvote",
        "csat",
        "nps",
        "ces",
        "survey",
    ];
    const MACHINES: &[&str] = &[
        "llm",
        "judge",
        "gpt",
        "claude",
        "gemini",
        "llama",
        "mistral",
        "auto",
        "automatic",
        "eval",
        "evaluator",
        "evaluation",
        "grader",
        "critic",
        "metric",
        "predicted",
        "simulated",
        "synthetic",
    ];
    // What people do most, but machines, too: a rating of something that evaluators measure is theirs.
    const MOSTLY: &[&str] = &["rating", "star", "stars", "satisfaction", "satisfied"];
    let words = identifier_words(name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    (has(PEOPLE) || is_behaviour(name) || has(MOSTLY) && !lexicon::is_measure_name(name)) && !has(MACHINES)
}

/// Is this the name of what evaluators measure? Weaker than [`is_by_people`]: people may use these words, too.
pub fn is_measure(name: &str) -> bool {
    lexicon::is_measure_name(name) && !is_by_people(name)
}

/// Does this key hold when feedback was given: `submitted_at`, `feedbackTime`, `rated_on`, `timestamp`?
pub fn is_moment_of_feedback(key: &str) -> bool {
    const ACTS: &[&str] = &[
        "submitted",
        "submission",
        "given",
        "rated",
        "voted",
        "answered",
        "responded",
        "reviewed",
        "annotated",
        "commented",
        "clicked",
        "collected",
        "recorded",
        "received",
        "occurred",
        "happened",
        "feedback",
        "event",
        "original",
        "created",
    ];
    const TIMES: &[&str] = &["at", "on", "time", "date", "datetime", "timestamp", "ts", "when"];
    let words = identifier_words(key);
    match words.as_slice() {
        [only] => matches!(only.as_str(), "timestamp" | "submitted" | "time" | "date" | "datetime"),
        [.., last] => TIMES.contains(&last.as_str()) && words.iter().any(|word| ACTS.contains(&word.as_str())),
        [] => false,
    }
}

/// Names of questions whose answer is a better answer: correction, `better_answer`, `rewritten`, …
pub fn is_correction_name(name: &str) -> bool {
    const CORRECTIONS: &[&str] =
        &["correction", "corrections", "corrected", "rewrite", "rewritten", "revised", "revision", "fixed", "fix"];
    // Of these there are others than answers.
    const BETTER: &[&str] =
        &["better", "improved", "expected", "ideal", "gold", "golden", "suggested", "edited", "preferred"];
    const ANSWERS: &[&str] = &["answer", "response", "output", "reply", "completion", "text", "version"];
    let words = identifier_words(name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    has(CORRECTIONS) || has(BETTER) && has(ANSWERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_says_the_type() {
        let of = |name, score, label| feedback_type(&Shape { name, score, label, ..Shape::default() });
        assert_eq!(of("user-thumbs", Some(0.0), None), FeedbackType::Thumb);
        assert_eq!(of("userThumb", Some(1.0), Some("thumbs-up")), FeedbackType::Thumb);
        assert_eq!(of("user_feedback", Some(1.0), Some("👍")), FeedbackType::Thumb);
        assert_eq!(of("user_score", Some(0.0), None), FeedbackType::Thumb);
        assert_eq!(of("user_score", Some(4.0), None), FeedbackType::Rating);
        assert_eq!(of("helpfulness", Some(1.0), None), FeedbackType::Rating);
        assert_eq!(of("reason", None, Some("hallucination")), FeedbackType::Category);
        assert_eq!(of("note", None, None), FeedbackType::Comment);
        assert_eq!(of("user_action", Some(1.0), Some("copied")), FeedbackType::Implicit);
        assert_eq!(of("event", None, Some("answer_copied")), FeedbackType::Implicit);
        assert_eq!(of("reason", None, Some("it stopped in the middle of a sentence")), FeedbackType::Category);
        let boolean = |name| feedback_type(&Shape { name, score: Some(1.0), boolean: true, ..Shape::default() });
        assert_eq!(boolean("resolved"), FeedbackType::Thumb);
        assert_eq!(boolean("contains_pii"), FeedbackType::Rating);
    }

    #[test]
    fn comments_are_told_from_labels() {
        for (name, text) in [
            ("user_comment", "great"),
            ("remark", "clear steps"),
            ("freeText", "n/a"),
            ("user_feedback", "not what I asked"),
            ("reason", "The answer names the wrong plan."),
            ("reason", "it told me to open a menu which I do not have"),
            ("issue", "first line\nsecond line"),
        ] {
            assert!(is_free_text(name, text), "{name} {text}");
        }
        for (name, text) in [
            ("reason", "hallucination"),
            ("category", "outdated_source"),
            ("feedback", "wrong tone"),
            ("issue", "Did not follow instructions"),
            ("user_comment", "👍"),
            ("context", "good"),
        ] {
            assert!(!is_free_text(name, text), "{name} {text}");
        }
    }

    #[test]
    fn names_tell_people_from_machines() {
        for name in ["user_thumb", "userRating", "Human Feedback", "customer-csat", "stars", "answer_copied", "NPS"] {
            assert!(is_by_people(name) && !is_measure(name), "{name}");
        }
        for name in [
            "faithfulness",
            "Answer Relevance",
            "llm_judge_rating",
            "groundedness_rating",
            "human_likeness_eval",
            "edit_distance",
            "g-eval",
        ] {
            assert!(!is_by_people(name), "{name}");
        }
        for name in ["faithfulness", "Answer Relevance", "hallucination_metric", "edit_distance", "LLM judge"] {
            assert!(is_measure(name), "{name}");
        }
        for name in ["resolved", "quality", "user_relevance", "star rating"] {
            assert!(!is_measure(name), "{name}");
        }
    }

    #[test]
    fn keys_tell_when_feedback_was_given() {
        for key in ["submitted_at", "submittedAt", "feedback_time", "rated-on", "timestamp", "event.ts", "created_at"] {
            assert!(is_moment_of_feedback(key), "{key}");
        }
        for key in ["feedback_id", "created_by", "at", "session_start", "updated_at", "expires_at", ""] {
            assert!(!is_moment_of_feedback(key), "{key}");
        }
    }

    #[test]
    fn names_ask_for_a_better_answer() {
        for name in ["correction", "correctedAnswer", "better_response", "ideal output", "rewrite"] {
            assert!(is_correction_name(name), "{name}");
        }
        for name in ["comment", "answer", "better", "is_correct", "correctness", "expected_score"] {
            assert!(!is_correction_name(name), "{name}");
        }
    }
}
