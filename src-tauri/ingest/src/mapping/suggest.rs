//! What do these columns probably mean?
//!
//! Their names say, in the words that the field uses, and their values must agree; where no name speaks, values alone
//! may (stars from 1 to 5, thumbs, long texts, a handful of labels).

use std::{borrow::Cow, collections::HashSet};

use serde_json::Value as Json;

use super::{
    Mapping, Value, path,
    profile::Profile,
    vocabulary::{HINTS, Hint, SPEAKING, WHOLE, name_score, plain_name},
};
use crate::row::{Cell, Row};

/// What the columns probably mean, from their names and from the values in `rows`; fields of objects are looked at,
/// too. Empty if there is nothing that speaks (no comment, score, label or correction): a list of customers is no
/// feedback.
pub fn suggest(columns: &[&str], rows: &[Row<'_>]) -> Mapping {
    let candidates = candidates(columns, rows);
    let mapping = guessed(&candidates).mapping;
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
    guessed(&candidates(columns, rows)).mapping
}

/// What a suggestion rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The column's name, which its values do not contradict.
    Name,
    /// Its values: no name spoke.
    Values,
}

/// A field that a column would be suggested for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggested {
    pub column: String,
    pub target: String,
    pub by: Evidence,
}

/// What [`suggest`] and [`guess`] rest on, column by column.
pub fn suggested(columns: &[&str], rows: &[Row<'_>]) -> Vec<Suggested> {
    guessed(&candidates(columns, rows)).why
}

#[derive(Default)]
struct Guessed {
    mapping: Mapping,
    why: Vec<Suggested>,
    /// Places of candidates.
    taken: HashSet<usize>,
}

fn guessed(candidates: &[Candidate]) -> Guessed {
    let mut guessed = Guessed::default();
    for hint in HINTS {
        let best = candidates
            .iter()
            .enumerate()
            .filter(|(place, candidate)| !guessed.taken.contains(place) && candidate.profile.fits(hint.looks))
            .filter_map(|(place, candidate)| Some((candidate.name_score(hint)?, place)))
            // The better name; of equals the first column.
            .max_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)));
        if let Some((_, place)) = best {
            guessed.take(hint.target, place, candidates, Evidence::Name);
        }
    }
    by_values(&mut guessed, candidates);
    guessed
}

impl Guessed {
    fn take(&mut self, target: &str, place: usize, candidates: &[Candidate], by: Evidence) {
        let Some(candidate) = candidates.get(place) else { return };
        // Two lists cannot both be taken apart into records.
        if self.mapping.set(target, Value::Column(candidate.path.clone())).is_ok() {
            self.taken.insert(place);
            self.why.push(Suggested { column: candidate.path.clone(), target: target.to_owned(), by });
        }
    }
}

/// What values say where no name did.
fn by_values(guessed: &mut Guessed, candidates: &[Candidate]) {
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
    if !guessed.mapping.has("score") {
        let stars = |candidate: &Candidate| candidate.profile.is_stars() && !is_bookkeeping(&candidate.name);
        let place = first(&guessed.taken, &|candidate| candidate.profile.is_thumbs()).or_else(|| {
            let texts = guessed.mapping.has("comment") || candidates.iter().any(written);
            first(&guessed.taken, &stars).filter(|_| texts)
        });
        if let Some(place) = place {
            guessed.take("score", place, candidates, Evidence::Values);
        }
    }
    if !guessed.mapping.has("comment") && (guessed.mapping.has("score") || guessed.mapping.has("label")) {
        let longest = candidates
            .iter()
            .enumerate()
            .filter(|(place, candidate)| {
                !guessed.taken.contains(place)
                    && path::list_of(&candidate.path).is_none()
                    && written(candidate)
                    && !is_bookkeeping(&candidate.name)
            })
            .max_by_key(|(place, candidate)| (candidate.profile.mean_length(), std::cmp::Reverse(*place)));
        if let Some((place, _)) = longest {
            guessed.take("comment", place, candidates, Evidence::Values);
        }
    }
    if guessed.mapping.has("comment") && !["score", "label", "reasons"].iter().any(|name| guessed.mapping.has(name)) {
        let labels = |candidate: &Candidate| candidate.profile.is_labels() && !is_bookkeeping(&candidate.name);
        if let Some(place) = first(&guessed.taken, &labels) {
            guessed.take("label", place, candidates, Evidence::Values);
        }
    }
    if !guessed.mapping.is_empty() && !guessed.mapping.has("created_at") {
        let dates = |candidate: &Candidate| candidate.profile.is_dates();
        if let Some(place) = first(&guessed.taken, &dates) {
            guessed.take("created_at", place, candidates, Evidence::Values);
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
            (hint.target != "id" && (!vague || self.is_within_feedback()))
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
            inner.iter().map(|(place, value)| (*place, Cow::Owned(Cell::of_value(value)))).collect();
        let name = format!("{path}.{key}");
        found.push(Candidate::new(name.clone(), Some(key), &cells));
        let nested = inner.iter().filter(|(_, value)| value.is_object() || value.is_array()).count();
        if depth < DEEPEST && nested * 2 > inner.len() {
            fields(&name, inner, depth + 1, found);
        }
    }
}
