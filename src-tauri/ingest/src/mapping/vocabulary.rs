//! By which words does the field call things?
//!
//! The names under which columns and keys of exports go, best first, and what their values must look like.

use std::collections::HashSet;

use super::{Mapping, Value};
use crate::{
    row::{Cell, Row},
    time,
};
use hearback_domain::{FeedbackType, lexicon};

/// Fields without which a record is no feedback.
pub(super) const SPEAKING: &[&str] = &["comment", "score", "label", "reasons", "correction"];

/// Which fields may be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vocabulary {
    /// Those of a feedback and of its turn.
    Feedback,
    /// Those of a turn only: a `label` in the data of a task is not the annotator's.
    Turn,
}

/// What the keys of one record mean by their names alone: for tools that carry whatever their user put in.
pub(crate) fn vocabulary(row: &Row<'_>, of: Vocabulary) -> Mapping {
    let cells: Vec<(&str, String, &Cell<'_>)> =
        row.cells().filter(|(_, cell)| !cell.is_null()).map(|(key, cell)| (key, plain_name(key), cell)).collect();
    let mut mapping = Mapping::default();
    let mut taken = HashSet::new();
    for hint in HINTS {
        if of == Vocabulary::Turn && (SPEAKING.contains(&hint.target) || FEEDBACK_ONLY.contains(&hint.target)) {
            continue;
        }
        let best = cells
            .iter()
            .enumerate()
            .filter(|(place, (_, _, cell))| !taken.contains(place) && hint.looks.fits(cell))
            .filter_map(|(place, (_, name, _))| Some((name_score(name, hint.names)?, place)))
            .max_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)));
        if let Some((key, _, _)) = best.and_then(|(_, place)| cells.get(place))
            && mapping.set(hint.target, Value::Column((*key).to_owned())).is_ok()
        {
            taken.extend(best.map(|(_, place)| place));
        }
    }
    mapping
}

const FEEDBACK_ONLY: &[&str] = &["feedback_type", "score_name", "score_type", "polarity", "confidence"];

/// What the values of a field must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Looks {
    Time,
    Score,
    Text,
    /// What a model got or gave: also as a list of messages.
    Message,
    Word,
    /// Words, or lists of them.
    List,
    /// A different word in every row.
    Unique,
    Whole,
    Type,
    /// A role in a team or a plan, not that of a message.
    Role,
}

pub(super) struct Hint {
    pub target: &'static str,
    /// The names by which its columns go, best first.
    pub names: &'static [&'static str],
    pub looks: Looks,
}

const fn hint(target: &'static str, looks: Looks, names: &'static [&'static str]) -> Hint {
    Hint { target, names, looks }
}

pub(super) const HINTS: &[Hint] = &[
    hint("feedback_type", Looks::Type, &["feedback type", "annotation type", "type"]),
    hint(
        "created_at",
        Looks::Time,
        &[
            "created at",
            "timestamp",
            "submitted at",
            "submit date",
            "submit date utc",
            "created",
            "date created",
            "completed at",
            "date",
            "datetime",
            "time",
            "at",
            "when",
            "create time",
        ],
    ),
    hint(
        "score",
        Looks::Score,
        &[
            "score",
            "rating",
            "stars",
            "thumb",
            "thumbs",
            "satisfaction",
            "csat",
            "nps",
            "vote",
            "reaction",
            "helpful",
            "liked",
            "value",
        ],
    ),
    hint(
        "correction",
        Looks::Text,
        &[
            "correction",
            "corrected answer",
            "corrected output",
            "corrected response",
            "better answer",
            "better response",
            "expected output",
            "expected answer",
            "suggested answer",
            "ideal answer",
            "ideal response",
        ],
    ),
    hint(
        "comment",
        Looks::Text,
        &[
            "comment",
            "comments",
            "feedback",
            "feedback text",
            "content",
            "review",
            "text",
            "free text",
            "message",
            "body",
            "verbatim",
            "remark",
            "remarks",
            "explanation",
        ],
    ),
    hint("label", Looks::Word, &["label", "category", "verdict", "sentiment"]),
    hint("reasons", Looks::List, &["reasons", "reason", "issue", "issues", "labels", "categories"]),
    hint(
        "query",
        Looks::Message,
        &[
            "query",
            "question",
            "user query",
            "user question",
            "prompt",
            "user input",
            "input",
            "user message",
            "instruction",
        ],
    ),
    hint(
        "output",
        Looks::Message,
        &[
            "output",
            "answer",
            "response",
            "completion",
            "model output",
            "bot reply",
            "reply",
            "generation",
            "model answer",
            "model response",
            "assistant message",
        ],
    ),
    hint(
        "system_context",
        Looks::Text,
        &["system prompt", "system context", "system message", "system instruction", "system instructions", "system"],
    ),
    hint(
        "documents",
        Looks::List,
        &["documents", "retrieved documents", "retrieved contexts", "context", "contexts", "chunks", "sources"],
    ),
    hint("prompt_version", Looks::Word, &["prompt version"]),
    hint("prompt_name", Looks::Word, &["prompt name", "prompt template", "prompt id"]),
    hint("model_version", Looks::Word, &["model version", "app version", "version", "build"]),
    hint("model", Looks::Word, &["model", "model name", "llm", "model id"]),
    hint("release", Looks::Word, &["release"]),
    hint("environment", Looks::Word, &["environment", "env", "stage", "deployment"]),
    hint(
        "session_id",
        Looks::Word,
        &["session id", "conversation id", "thread id", "chat id", "session", "conversation", "thread"],
    ),
    hint(
        "turn_id",
        Looks::Word,
        &[
            "turn id",
            "trace id",
            "message id",
            "run id",
            "span id",
            "generation id",
            "completion id",
            "interaction id",
            "trace",
            "turn",
        ],
    ),
    hint("id", Looks::Unique, &["id", "feedback id", "review id", "response id", "uuid"]),
    hint("user_role", Looks::Role, &["user role", "role", "plan", "tier"]),
    hint("user_id", Looks::Word, &["user id", "customer id", "user", "respondent"]),
    hint("tags", Looks::List, &["tags", "tag"]),
    hint("score_name", Looks::Word, &["score name", "metric name", "feedback name", "metric", "criterion"]),
    hint("confidence", Looks::Score, &["confidence"]),
    hint("position", Looks::Whole, &["turn index", "message index", "turn number", "position"]),
    hint("latency_ms", Looks::Whole, &["latency ms"]),
    hint("input_tokens", Looks::Whole, &["input tokens", "prompt tokens"]),
    hint("output_tokens", Looks::Whole, &["output tokens", "completion tokens"]),
];

/// Words that say little at the end of a longer name: `status_message` is no message of a user.
pub(super) const WHOLE: &[&str] = &[
    "content", "text", "message", "body", "input", "output", "category", "value", "version", "type", "trace", "turn",
    "labels", "system", "context", "sources", "reply", "build", "position", "model", "plan", "at", "helpful",
];

/// How well a name fits: the earlier hint the better, a whole name better than its end.
pub(super) fn name_score(name: &str, hints: &[&str]) -> Option<usize> {
    hints.iter().enumerate().find_map(|(place, hint)| {
        let rank = 3 * (hints.len() - place);
        if name == *hint {
            return Some(rank + 2);
        }
        let ends = name.strip_suffix(hint).is_some_and(|before| before.ends_with(' '));
        (ends && hint.len() > 2 && !WHOLE.contains(hint)).then_some(rank)
    })
}

impl Looks {
    /// Does one value look so? Lenient: the name has spoken.
    fn fits(self, cell: &Cell<'_>) -> bool {
        let text = cell.as_str().unwrap_or_default();
        let blank = matches!(cell, Cell::Text(text) if text.trim().is_empty());
        let nested = matches!(cell, Cell::Nested(_));
        let number = |cell: &Cell<'_>| cell.as_str().and_then(|text| text.trim().parse::<f64>().ok());
        match self {
            Self::Time => time::parse(text).is_some(),
            Self::Score => {
                matches!(cell, Cell::Bool(_))
                    || number(cell).is_some_and(|number| (-10.0..=100.0).contains(&number))
                    || is_sign(text)
            }
            Self::Text => !nested,
            Self::Message | Self::List => true,
            Self::Word | Self::Unique => !nested && !blank && text.chars().count() <= LONGEST_WORD,
            Self::Whole => number(cell).is_some_and(|number| number >= 0.0 && number.fract() == 0.0),
            Self::Type => FeedbackType::from_word(text.trim()).is_some(),
            Self::Role => !nested && !blank && text.chars().count() <= LONGEST_WORD && !is_message_role(text),
        }
    }
}

pub(super) const LONGEST_WORD: usize = 120;

pub(super) fn is_message_role(text: &str) -> bool {
    matches!(
        text.trim().to_lowercase().as_str(),
        "user" | "assistant" | "system" | "human" | "ai" | "bot" | "tool" | "developer" | "prompter" | "model"
    )
}

/// Words and signs for good and bad that are read as a score.
pub(super) fn is_sign(text: &str) -> bool {
    lexicon::score_in_words(text).is_some()
}

/// Lower case, words apart: `createdAt` and `created_at` are both `created at`.
pub(crate) fn plain_name(name: &str) -> String {
    let mut plain = String::new();
    let mut before_lower = false;
    for character in name.chars() {
        if character.is_uppercase() && before_lower {
            plain.push(' ');
        }
        before_lower = character.is_lowercase() || character.is_numeric();
        if character.is_alphanumeric() {
            plain.extend(character.to_lowercase());
        } else {
            plain.push(' ');
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
