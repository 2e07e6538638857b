//! What do these columns probably mean?
//!
//! Their names say, in the words that the field uses, and their values must agree; where no name speaks, values alone
//! may (stars from 1 to 5, thumbs, long texts, a handful of labels).

use std::{borrow::Cow, collections::HashSet};

use serde_json::Value as Json;

use super::{Mapping, Value, path};
use crate::{
    formats::generic::cell_of,
    kind,
    model::{FeedbackType, TextHash},
    row::{Cell, Row},
    time,
};

/// What the columns probably mean, from their names and from the values in `rows`; fields of objects are looked at,
/// too. Empty if there is nothing that speaks (no comment, score, label or correction): a list of customers is no
/// feedback.
pub fn suggest(columns: &[&str], rows: &[Row<'_>]) -> Mapping {
    let candidates = candidates(columns, rows);
    let mapping = guessed(&candidates);
    // Now and then something is said in most tables; a table of feedback says something in every fifth row at least.
    let speaks = |candidate: &&Candidate| {
        mapping.entries.iter().any(|(target, from)| {
            SPEAKING.contains(&target.as_str()) && matches!(from, Value::Column(column) if *column == candidate.path)
        })
    };
    let said: HashSet<usize> =
        candidates.iter().filter(speaks).flat_map(|candidate| candidate.said.iter().copied()).collect();
    if !said.is_empty() && said.len() * 5 >= rows.len() { mapping } else { Mapping::default() }
}

/// As [`suggest`], whether or not anything speaks: for tables that are known to be answers.
pub(crate) fn guess(columns: &[&str], rows: &[Row<'_>]) -> Mapping {
    guessed(&candidates(columns, rows))
}

fn guessed(candidates: &[Candidate]) -> Mapping {
    let mut mapping = Mapping::default();
    let mut taken = HashSet::new();
    for hint in HINTS {
        let best = candidates
            .iter()
            .enumerate()
            .filter(|(place, candidate)| !taken.contains(place) && candidate.profile.fits(hint.looks))
            .filter_map(|(place, candidate)| Some((candidate.name_score(hint)?, place)))
            // The better name; of equals the first column.
            .max_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)));
        if let Some((_, place)) = best {
            take(&mut mapping, &mut taken, hint.target, place, candidates);
        }
    }
    by_values(&mut mapping, &mut taken, candidates);
    mapping
}

const SPEAKING: &[&str] = &["comment", "score", "label", "reasons", "correction"];

fn take(mapping: &mut Mapping, taken: &mut HashSet<usize>, target: &str, place: usize, candidates: &[Candidate]) {
    let Some(candidate) = candidates.get(place) else { return };
    // Two lists cannot both be taken apart into records.
    if mapping.set(target, Value::Column(candidate.path.clone())).is_ok() {
        taken.insert(place);
    }
}

/// What values say where no name did.
fn by_values(mapping: &mut Mapping, taken: &mut HashSet<usize>, candidates: &[Candidate]) {
    let first = |taken: &HashSet<usize>, holds: &dyn Fn(&Candidate) -> bool| {
        candidates
            .iter()
            .enumerate()
            .find(|(place, candidate)| {
                !taken.contains(place) && path::list_of(&candidate.path).is_none() && holds(candidate)
            })
            .map(|(place, _)| place)
    };
    let written = |candidate: &Candidate| candidate.profile.is_written();
    if !mapping.has("score") {
        let stars = |candidate: &Candidate| candidate.profile.is_stars() && !is_bookkeeping(&candidate.name);
        let place = first(taken, &|candidate| candidate.profile.is_thumbs()).or_else(|| {
            let texts = mapping.has("comment") || candidates.iter().any(written);
            first(taken, &stars).filter(|_| texts)
        });
        if let Some(place) = place {
            take(mapping, taken, "score", place, candidates);
        }
    }
    if !mapping.has("comment") && (mapping.has("score") || mapping.has("label")) {
        let longest = candidates
            .iter()
            .enumerate()
            .filter(|(place, candidate)| {
                !taken.contains(place)
                    && path::list_of(&candidate.path).is_none()
                    && written(candidate)
                    && !is_bookkeeping(&candidate.name)
            })
            .max_by_key(|(place, candidate)| (candidate.profile.mean_length(), std::cmp::Reverse(*place)));
        if let Some((place, _)) = longest {
            take(mapping, taken, "comment", place, candidates);
        }
    }
    if mapping.has("comment") && !["score", "label", "reasons"].iter().any(|name| mapping.has(name)) {
        let labels = |candidate: &Candidate| candidate.profile.is_labels() && !is_bookkeeping(&candidate.name);
        if let Some(place) = first(taken, &labels) {
            take(mapping, taken, "label", place, candidates);
        }
    }
    if !mapping.is_empty() && !mapping.has("created_at") {
        let dates = |candidate: &Candidate| candidate.profile.is_dates();
        if let Some(place) = first(taken, &dates) {
            take(mapping, taken, "created_at", place, candidates);
        }
    }
}

/// Words for columns whose few or small values are nobody's opinion.
fn is_bookkeeping(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "count",
        "index",
        "number",
        "no",
        "position",
        "page",
        "turn",
        "year",
        "month",
        "day",
        "hour",
        "age",
        "id",
        "version",
        "size",
        "quantity",
        "attempt",
        "attempts",
        "retries",
        "step",
        "order",
        "group",
        "country",
        "language",
        "lang",
        "locale",
        "region",
        "city",
        "platform",
        "device",
        "browser",
        "os",
        "source",
        "channel",
        "status",
        "state",
        "currency",
        "model",
        "environment",
        "env",
        "name",
        "email",
        "url",
        "address",
        "token",
        "tokens",
    ];
    name.split(' ').any(|word| WORDS.contains(&word))
}

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

const FEEDBACK_ONLY: &[&str] = &["feedback_type", "score_name", "polarity", "confidence"];

/// What the values of a field must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Looks {
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

struct Hint {
    target: &'static str,
    /// The names by which its columns go, best first.
    names: &'static [&'static str],
    looks: Looks,
}

const fn hint(target: &'static str, looks: Looks, names: &'static [&'static str]) -> Hint {
    Hint { target, names, looks }
}

const HINTS: &[Hint] = &[
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
const WHOLE: &[&str] = &[
    "content", "text", "message", "body", "input", "output", "category", "value", "version", "type", "trace", "turn",
    "labels", "system", "context", "sources", "reply", "build", "position", "model", "plan", "at", "helpful",
];

/// How well a name fits: the earlier hint the better, a whole name better than its end.
fn name_score(name: &str, hints: &[&str]) -> Option<usize> {
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

const LONGEST_WORD: usize = 120;

fn is_message_role(text: &str) -> bool {
    matches!(
        text.trim().to_lowercase().as_str(),
        "user" | "assistant" | "system" | "human" | "ai" | "bot" | "tool" | "developer" | "prompter" | "model"
    )
}

/// Words and signs for good and bad that are read as a score.
fn is_sign(text: &str) -> bool {
    let word = text.trim().to_lowercase();
    kind::is_thumb_label(&word)
        || matches!(word.as_str(), "true" | "false" | "yes" | "no" | "good" | "bad" | "positive" | "negative")
}

/// A column, or a field within the objects of one.
struct Candidate {
    path: String,
    /// Lower case, words apart: `createdAt` and `created_at` are both `created at`.
    name: String,
    /// The last step of a path, in the same way.
    last: Option<String>,
    profile: Profile,
    /// The rows in which it has a value.
    said: Vec<usize>,
}

impl Candidate {
    fn new(path: String, last: Option<&str>, cells: &[(usize, Cow<'_, Cell<'_>>)]) -> Self {
        Self {
            name: plain_name(&path),
            last: last.map(plain_name),
            profile: Profile::of(cells.iter().map(|(_, cell)| cell.as_ref())),
            said: cells.iter().filter(|(_, cell)| !cell.is_empty()).map(|(row, _)| *row).collect(),
            path,
        }
    }

    /// As the whole path, or by its last step.
    fn name_score(&self, hint: &Hint) -> Option<usize> {
        // What is the id of something within the record is not the record's.
        let by_last = |last: &String| {
            let vague = WHOLE.contains(&last.as_str()) && !matches!(hint.target, "query" | "output");
            (hint.target != "id" && !(vague && !self.is_within_feedback()))
                .then(|| hint.names.iter().position(|name| name == last))
                .flatten()
                .map(|place| 3 * (hint.names.len() - place) + 1)
        };
        let whole = name_score(&self.name, hint.names);
        whole.max(self.last.as_ref().and_then(by_last))
    }

    /// `feedback.text` is a comment, `error.text` is not.
    fn is_within_feedback(&self) -> bool {
        const WORDS: &[&str] = &[
            "feedback",
            "comment",
            "review",
            "answer",
            "answers",
            "response",
            "survey",
            "rating",
            "vote",
            "evaluation",
        ];
        self.name.split(' ').any(|word| WORDS.contains(&word))
    }
}

/// The columns, then the fields of those that hold objects or lists of them.
fn candidates(columns: &[&str], rows: &[Row<'_>]) -> Vec<Candidate> {
    let mut found = Vec::with_capacity(columns.len());
    let mut inner = Vec::new();
    for column in columns {
        let cells: Vec<(usize, Cow<'_, Cell<'_>>)> = rows
            .iter()
            .enumerate()
            .filter_map(|(place, row)| Some((place, Cow::Borrowed(row.get(column)?))))
            .filter(|(_, cell)| !cell.is_null())
            .collect();
        found.push(Candidate::new((*column).to_owned(), None, &cells));
        let opened: Vec<(usize, Json)> =
            cells.iter().filter_map(|(place, cell)| Some((*place, path::open(cell)?))).collect();
        if !opened.is_empty() && opened.len() * 2 >= cells.len() {
            fields(column, opened.iter().map(|(place, value)| (*place, value)).collect(), 0, &mut inner);
        }
    }
    found.extend(inner);
    found
}

/// The fields of the objects in `values`, as far as paths can name them.
fn fields(path: &str, values: Vec<(usize, &Json)>, depth: usize, found: &mut Vec<Candidate>) {
    const DEEPEST: usize = 3;
    const FIELDS: usize = 300;
    const ELEMENTS: usize = 2000;
    let lists = values.iter().filter(|(_, value)| value.is_array()).count();
    if lists * 2 > values.len() {
        let elements: Vec<(usize, &Json)> = values
            .iter()
            .flat_map(|(place, value)| {
                value.as_array().map_or(&[][..], Vec::as_slice).iter().map(|element| (*place, element))
            })
            .filter(|(_, element)| element.is_object())
            .take(ELEMENTS)
            .collect();
        let is_message = |value: &Json| value.get("role").is_some() || value.get("from").is_some();
        if !elements.is_empty() && !elements.iter().any(|(_, element)| is_message(element)) && !path.contains("[]") {
            fields(&format!("{path}[]"), elements, depth, found);
        }
        return;
    }
    let mut keys: Vec<&str> = Vec::new();
    for (_, value) in &values {
        for key in value.as_object().into_iter().flat_map(serde_json::Map::keys) {
            if keys.len() < FIELDS && !keys.contains(&key.as_str()) && !key.is_empty() && !key.contains(['.', '[', ']'])
            {
                keys.push(key);
            }
        }
    }
    for key in keys {
        if found.len() >= FIELDS {
            return;
        }
        let inner: Vec<(usize, &Json)> = values
            .iter()
            .filter_map(|(place, value)| Some((*place, value.get(key)?)))
            .filter(|(_, value)| !value.is_null())
            .collect();
        let cells: Vec<(usize, Cow<'_, Cell<'_>>)> =
            inner.iter().map(|(place, value)| (*place, Cow::Owned(cell_of(value)))).collect();
        let name = format!("{path}.{key}");
        found.push(Candidate::new(name.clone(), Some(key), &cells));
        let nested = inner.iter().filter(|(_, value)| value.is_object() || value.is_array()).count();
        if depth < DEEPEST && nested * 2 > inner.len() {
            fields(&name, inner, depth + 1, found);
        }
    }
}

/// What is seen of the values of one column.
struct Profile {
    count: usize,
    distinct: usize,
    times: usize,
    /// Times written as such, not as numbers.
    dates: usize,
    numbers: usize,
    /// Whole numbers from 1 to 5.
    stars: usize,
    lowest: f64,
    highest: f64,
    signs: usize,
    thumbs: usize,
    roles: usize,
    types: usize,
    longest: usize,
    /// Characters of all values.
    length: usize,
    /// Values of several words.
    sentences: usize,
    /// Lists and objects.
    nested: usize,
}

impl Profile {
    fn of<'c>(cells: impl Iterator<Item = &'c Cell<'c>>) -> Self {
        let mut profile = Profile {
            count: 0,
            distinct: 0,
            times: 0,
            dates: 0,
            numbers: 0,
            stars: 0,
            lowest: f64::INFINITY,
            highest: f64::NEG_INFINITY,
            signs: 0,
            thumbs: 0,
            roles: 0,
            types: 0,
            longest: 0,
            length: 0,
            sentences: 0,
            nested: 0,
        };
        let mut distinct = HashSet::new();
        for cell in cells {
            profile.nested += usize::from(matches!(cell, Cell::Nested(_)));
            let Some(text) = cell.clone().into_text() else { continue };
            if text.trim().is_empty() {
                continue;
            }
            profile.see(&text);
            distinct.insert(TextHash::of(&text));
        }
        profile.distinct = distinct.len();
        profile
    }

    fn see(&mut self, text: &str) {
        let characters = text.chars().count();
        self.count += 1;
        self.longest = self.longest.max(characters);
        self.length += characters;
        self.sentences += usize::from(text.split_whitespace().nth(2).is_some());
        let is_time = time::parse(text).is_some();
        self.times += usize::from(is_time);
        if let Ok(number) = text.trim().parse::<f64>() {
            self.numbers += 1;
            self.lowest = self.lowest.min(number);
            self.highest = self.highest.max(number);
            self.stars += usize::from((1.0..=5.0).contains(&number) && number.fract() == 0.0);
        } else {
            self.dates += usize::from(is_time);
        }
        self.signs += usize::from(is_sign(text));
        self.thumbs += usize::from(kind::is_thumb_label(text));
        self.roles += usize::from(is_message_role(text));
        self.types += usize::from(FeedbackType::from_word(text.trim()).is_some());
    }

    fn fits(&self, looks: Looks) -> bool {
        let all = |count: usize| self.count > 0 && count == self.count;
        // Words, or lists of them.
        let is_list = self.count > 0 && self.numbers < self.count && self.times < self.count;
        let is_word = self.count > 0 && self.nested == 0 && self.longest <= LONGEST_WORD;
        match looks {
            Looks::Time => all(self.times),
            Looks::Score => all(self.signs) || all(self.numbers) && self.lowest >= -10.0 && self.highest <= 100.0,
            Looks::Text => is_list && self.nested == 0,
            Looks::Message | Looks::List => is_list,
            Looks::Word => is_word,
            Looks::Unique => is_word && self.distinct == self.count,
            Looks::Whole => all(self.numbers) && self.lowest >= 0.0,
            Looks::Type => all(self.types),
            Looks::Role => is_word && self.roles < self.count,
        }
    }

    fn is_thumbs(&self) -> bool {
        self.count > 0 && self.thumbs == self.count
    }

    fn is_stars(&self) -> bool {
        const ROWS: usize = 5;
        self.count >= ROWS && self.stars == self.count && self.distinct >= 2
    }

    /// Sentences, nearly all of them different.
    fn is_written(&self) -> bool {
        self.count > 0
            && self.nested == 0
            && self.dates == 0
            && self.sentences * 2 >= self.count
            && self.distinct * 5 >= self.count * 4
    }

    fn mean_length(&self) -> usize {
        self.length / self.count.max(1)
    }

    /// Few different short words.
    fn is_labels(&self) -> bool {
        const LONGEST: usize = 40;
        const MOST: usize = 12;
        self.nested == 0
            && self.numbers == 0
            && self.times == 0
            && self.distinct >= 2
            && self.distinct <= MOST
            && self.distinct * 3 <= self.count
            && self.longest <= LONGEST
    }

    fn is_dates(&self) -> bool {
        self.count > 0 && self.dates == self.count
    }
}

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
