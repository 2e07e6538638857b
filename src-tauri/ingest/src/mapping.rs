//! What do the columns of somebody's table mean?
//!
//! A mapping says so: `comment=content,score=stars,environment="production",metadata.country=cc`. Left of each `=`
//! stands a canonical field ([`super::canonical::FIELDS`]), right of it a column, or a constant in double quotes.
//! A column whose name holds a comma or an equals sign stands in square brackets: `comment=[What, and why?]`.
//! `a.b` means the column of that name or else the field `b` of the object in column `a`.
//! Columns that are not mapped become metadata. A person writes a mapping, or [`suggest`] proposes one.

use std::{collections::HashSet, fmt};

use super::{
    canonical::FIELDS,
    row::{Cell, Row},
    time,
};
use crate::{
    error::{Error, Result},
    model::{FeedbackType, TextHash},
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    entries: Vec<(String, Value)>,
}

/// Where the value of a field comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Column(String),
    Constant(String),
}

impl Mapping {
    /// # Errors
    /// Names the part that is wrong, and the fields that there are.
    pub fn parse(text: &str) -> Result<Self> {
        let mut mapping = Self::default();
        for part in split(text)? {
            let Some((target, source)) = part.split_once('=') else {
                return Err(Error::input(format!("{part:?} in the mapping is not FIELD=COLUMN")).hint(fields()));
            };
            let (target, source) = (target.trim(), source.trim());
            let from = if let Some(constant) = source.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                Value::Constant(constant.replace("\"\"", "\""))
            } else {
                let bare = source.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(source);
                Value::Column(bare.to_owned())
            };
            mapping.set(target, from)?;
        }
        if mapping.entries.is_empty() {
            return Err(Error::input("the mapping is empty").hint("such as comment=content,score=stars"));
        }
        Ok(mapping)
    }

    /// # Errors
    /// A field that there is not, or that has a value already; an empty column name; a constant that cannot be.
    pub fn set(&mut self, target: &str, from: Value) -> Result<()> {
        let known = FIELDS.iter().any(|field| field.name == target && target != "metadata")
            || target.strip_prefix("metadata.").is_some_and(|key| !key.is_empty());
        if !known {
            return Err(Error::input(format!("there is no field {target:?} to map to")).hint(fields()));
        }
        if self.entries.iter().any(|(name, _)| name == target) {
            return Err(Error::input(format!("{target} is mapped twice")));
        }
        match &from {
            Value::Column(name) if name.is_empty() => {
                return Err(Error::input(format!("{target} is mapped to no column")));
            }
            Value::Constant(word) if target == "feedback_type" && FeedbackType::from_word(word).is_none() => {
                let words: Vec<_> = FeedbackType::ALL.iter().map(|value| value.word()).collect();
                return Err(Error::input(format!("there is no feedback type {word:?}"))
                    .hint(format!("one of {}", words.join(", "))));
            }
            _ => {}
        }
        self.entries.push((target.to_owned(), from));
        Ok(())
    }

    pub fn entries(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries.iter().map(|(target, from)| (target.as_str(), from))
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn has(&self, target: &str) -> bool {
        self.entries.iter().any(|(name, _)| name == target)
    }

    /// Columns that the mapping names and `columns` lacks, in the order of the mapping. A path counts as its start.
    pub fn missing_columns(&self, columns: &[&str]) -> Vec<&str> {
        self.entries
            .iter()
            .filter_map(|(_, from)| match from {
                Value::Column(name) => Some(name.as_str()),
                Value::Constant(_) => None,
            })
            .filter(|name| {
                !columns.contains(name) && !name.match_indices('.').any(|(place, _)| columns.contains(&&name[..place]))
            })
            .collect()
    }

    /// The row with canonical names. Columns that are not mapped are put under `metadata.`.
    pub fn apply<'a>(&self, row: &mut Row<'a>) -> Row<'a> {
        let mut mapped = Row::default();
        let mut used = HashSet::new();
        for (target, from) in &self.entries {
            let cell = match from {
                Value::Constant(text) => Cell::Text(text.clone().into()),
                Value::Column(name) => match row.get(name) {
                    Some(cell) => {
                        used.insert(name.as_str());
                        cell.clone()
                    }
                    None => inside(row, name).unwrap_or_default(),
                },
            };
            mapped.push(target.clone(), cell);
        }
        for (key, cell) in row.drain() {
            if !used.contains(key.as_ref()) {
                mapped.push(format!("metadata.{key}"), cell);
            }
        }
        mapped
    }
}

/// The value at a path such as `data.rating`, or `answers.0.text`.
fn inside(row: &Row<'_>, path: &str) -> Option<Cell<'static>> {
    path.match_indices('.').find_map(|(place, _)| {
        let (Cell::Nested(text) | Cell::Text(text)) = row.get(&path[..place])? else { return None };
        let mut value: serde_json::Value = serde_json::from_str(text).ok()?;
        for step in path[place + 1..].split('.') {
            value = match value {
                serde_json::Value::Object(mut object) => object.remove(step)?,
                serde_json::Value::Array(mut list) => {
                    let index = step.parse::<usize>().ok().filter(|index| *index < list.len())?;
                    list.swap_remove(index)
                }
                _ => return None,
            };
        }
        Some(match value {
            serde_json::Value::Null => Cell::Null,
            serde_json::Value::Bool(value) => Cell::Bool(value),
            serde_json::Value::Number(number) => Cell::Number(number.to_string().into()),
            serde_json::Value::String(text) => Cell::Text(text.into()),
            nested => Cell::Nested(nested.to_string().into()),
        })
    })
}

/// As [`Mapping::parse`] reads it.
impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (target, from)) in self.entries.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            match from {
                Value::Constant(text) => write!(f, "{comma}{target}=\"{}\"", text.replace('"', "\"\""))?,
                Value::Column(name) if name.contains([',', '=', '"', '[', ']']) || name.trim() != name => {
                    write!(f, "{comma}{target}=[{name}]")?;
                }
                Value::Column(name) => write!(f, "{comma}{target}={name}")?,
            }
        }
        Ok(())
    }
}

fn fields() -> String {
    let names: Vec<_> = FIELDS.iter().map(|field| field.name).filter(|name| *name != "metadata").collect();
    format!("fields: {}, metadata.KEY", names.join(", "))
}

/// At commas outside of quotes and brackets.
fn split(text: &str) -> Result<Vec<&str>> {
    let (mut parts, mut start, mut quoted, mut bracketed) = (Vec::new(), 0, false, false);
    for (place, character) in text.char_indices() {
        match character {
            '"' if !bracketed => quoted = !quoted,
            '[' if !quoted => bracketed = true,
            ']' if !quoted => bracketed = false,
            ',' if !quoted && !bracketed => {
                parts.push(&text[start..place]);
                start = place + 1;
            }
            _ => {}
        }
    }
    if quoted || bracketed {
        return Err(Error::input(format!("a quote or bracket in the mapping never closes: {:?}", &text[start..])));
    }
    parts.push(&text[start..]);
    Ok(parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect())
}

/// What the columns probably mean, from their names and from the values in `rows`. Empty if there is nothing that
/// speaks (no comment, score, label or correction): a list of customers is no feedback.
pub fn suggest(columns: &[&str], rows: &[Row<'_>]) -> Mapping {
    let profiles: Vec<Profile> = columns.iter().map(|name| Profile::of(name, rows)).collect();
    let mut taken = HashSet::new();
    let mut mapping = Mapping::default();
    for (target, hints, fits) in HINTS {
        let best = profiles
            .iter()
            .enumerate()
            .filter(|(place, profile)| !taken.contains(place) && fits(profile))
            .filter_map(|(place, profile)| Some((profile.name_score(hints)?, place)))
            // The better name; of equals the first column.
            .max_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)));
        if let Some((_, place)) = best {
            taken.insert(place);
            mapping.entries.push(((*target).to_owned(), Value::Column(columns[place].to_owned())));
        }
    }
    // Now and then something is said in most tables; a table of feedback says something in every fifth row at least.
    let is_said = |row: &&Row<'_>| {
        mapping.entries.iter().any(|(target, from)| {
            let Value::Column(column) = from else { return false };
            ["comment", "score", "label", "reasons", "correction"].contains(&target.as_str())
                && row.get(column).is_some_and(|cell| !cell.is_empty())
        })
    };
    let said = rows.iter().filter(is_said).count();
    if said > 0 && said * 5 >= rows.len() { mapping } else { Mapping::default() }
}

type Fits = fn(&Profile) -> bool;

/// Fields, the names by which their columns go (best first), and what their values must look like.
const HINTS: &[(&str, &[&str], Fits)] = &[
    (
        "created_at",
        &["created at", "timestamp", "submitted at", "created", "date", "time", "at", "when"],
        Profile::is_time,
    ),
    ("score", &["score", "rating", "stars", "thumb", "thumbs", "satisfaction", "csat", "nps"], Profile::is_score),
    (
        "correction",
        &["correction", "corrected answer", "better answer", "expected output", "suggested answer"],
        Profile::is_text,
    ),
    (
        "comment",
        &["comment", "comments", "feedback", "content", "review", "text", "free text", "message", "body", "verbatim"],
        Profile::is_text,
    ),
    ("label", &["label", "category", "verdict", "sentiment"], Profile::is_word),
    ("reasons", &["reasons", "reason", "issue", "issues"], Profile::is_list),
    ("query", &["query", "question", "prompt", "user input", "input", "user message"], Profile::is_text),
    ("output", &["output", "answer", "response", "completion", "model output", "bot reply"], Profile::is_text),
    ("model_version", &["model version", "app version", "version", "build"], Profile::is_word),
    ("model", &["model", "model name", "llm"], Profile::is_word),
    ("prompt_version", &["prompt version"], Profile::is_word),
    ("release", &["release"], Profile::is_word),
    ("environment", &["environment", "env", "stage", "deployment"], Profile::is_word),
    (
        "session_id",
        &["session id", "conversation id", "thread id", "chat id", "session", "conversation", "thread"],
        Profile::is_word,
    ),
    ("turn_id", &["turn id", "trace id", "message id", "run id", "span id"], Profile::is_word),
    ("id", &["id", "feedback id", "review id", "response id", "uuid"], Profile::is_unique),
    ("user_role", &["user role", "role", "plan", "tier"], Profile::is_word),
    ("user_id", &["user id", "customer id", "user", "respondent"], Profile::is_word),
    ("tags", &["tags", "tag"], Profile::is_list),
];

/// What is seen of one column.
struct Profile {
    /// Lower case, words apart: `createdAt` and `created_at` are both `created at`.
    name: String,
    count: usize,
    distinct: usize,
    times: usize,
    numbers: usize,
    lowest: f64,
    highest: f64,
    signs: usize,
    longest: usize,
    /// Lists and objects.
    nested: usize,
}

impl Profile {
    fn of(column: &str, rows: &[Row<'_>]) -> Self {
        let mut profile = Profile {
            name: plain_name(column),
            count: 0,
            distinct: 0,
            times: 0,
            numbers: 0,
            lowest: f64::INFINITY,
            highest: f64::NEG_INFINITY,
            signs: 0,
            longest: 0,
            nested: 0,
        };
        let mut distinct = HashSet::new();
        for row in rows {
            let Some(cell) = row.get(column) else { continue };
            profile.nested += usize::from(matches!(cell, Cell::Nested(_)));
            let Some(text) = cell.clone().into_text() else { continue };
            if text.trim().is_empty() {
                continue;
            }
            profile.count += 1;
            profile.longest = profile.longest.max(text.chars().count());
            profile.times += usize::from(time::parse(&text).is_some());
            if let Ok(number) = text.trim().parse::<f64>() {
                profile.numbers += 1;
                profile.lowest = profile.lowest.min(number);
                profile.highest = profile.highest.max(number);
            }
            let word = text.trim().to_lowercase();
            profile.signs += usize::from(matches!(
                word.as_str(),
                "👍" | "👎" | "true" | "false" | "up" | "down" | "thumbs_up" | "thumbs_down"
            ));
            distinct.insert(TextHash::of(&text));
        }
        profile.distinct = distinct.len();
        profile
    }

    /// Words that say little at the end of a longer name: `status_message` is no message of a user.
    const WHOLE: &'static [&'static str] = &["content", "text", "message", "body", "input", "output", "category"];

    /// How well the name fits: the earlier hint the better, a whole name better than its end.
    fn name_score(&self, hints: &[&str]) -> Option<usize> {
        hints.iter().enumerate().find_map(|(place, hint)| {
            let rank = 2 * (hints.len() - place);
            if self.name == *hint {
                Some(rank + 1)
            } else if self.name.ends_with(&format!(" {hint}")) && hint.len() > 2 && !Self::WHOLE.contains(hint) {
                Some(rank)
            } else {
                None
            }
        })
    }

    fn is_time(&self) -> bool {
        self.count > 0 && self.times == self.count
    }

    fn is_score(&self) -> bool {
        self.count > 0
            && ((self.numbers == self.count && self.lowest >= -10.0 && self.highest <= 100.0)
                || self.signs == self.count)
    }

    fn is_text(&self) -> bool {
        self.is_list() && self.nested == 0
    }

    /// Words, or lists of them.
    fn is_list(&self) -> bool {
        self.count > 0 && self.numbers < self.count && self.times < self.count
    }

    fn is_word(&self) -> bool {
        const LONGEST: usize = 120;
        self.count > 0 && self.longest <= LONGEST
    }

    fn is_unique(&self) -> bool {
        self.is_word() && self.distinct == self.count
    }
}

fn plain_name(name: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_is_read_and_written() {
        let text =
            "comment=content,score=score,environment=\"pro, \"\"x\"\"\",label=[What, and why?],metadata.country=cc";
        let mapping = Mapping::parse(text).unwrap();
        assert_eq!(mapping.to_string(), text);
        assert_eq!(Mapping::parse(&mapping.to_string()).unwrap(), mapping);
        assert_eq!(mapping.entries().nth(2), Some(("environment", &Value::Constant("pro, \"x\"".into()))));
    }

    #[test]
    fn a_wrong_mapping_names_what_there_is() {
        let error = |text: &str| Mapping::parse(text).unwrap_err();
        assert_eq!(error("remark=content").message, "there is no field \"remark\" to map to");
        assert!(error("remark=content").hint.is_some_and(|hint| hint.contains("comment, correction")));
        assert_eq!(error("comment").message, "\"comment\" in the mapping is not FIELD=COLUMN");
        assert_eq!(error("comment=").message, "comment is mapped to no column");
        assert_eq!(error("comment=a,comment=b").message, "comment is mapped twice");
        assert_eq!(error("comment=\"a").message, "a quote or bracket in the mapping never closes: \"comment=\\\"a\"");
        assert_eq!(error("feedback_type=\"stars\"").message, "there is no feedback type \"stars\"");
        assert_eq!(error(" , ").message, "the mapping is empty");
    }

    #[test]
    fn names_and_values_suggest_a_mapping() {
        let rows: Vec<Row<'_>> = [
            r#"{"reviewId":"a","content":"very good","score":"5","at":"2025-03-29 12:40:17","appVersion":"1.2"}"#,
            r#"{"reviewId":"b","content":"no","score":"1","at":"2025-03-30 12:40:17","appVersion":"1.2"}"#,
        ]
        .iter()
        .map(|text| Row::from_json_text(text).unwrap())
        .collect();
        let columns = ["reviewId", "content", "score", "at", "appVersion"];
        assert_eq!(
            suggest(&columns, &rows).to_string(),
            "created_at=at,score=score,comment=content,model_version=appVersion,id=reviewId"
        );
        // Messages of a machine, and structures, are nobody's comment.
        let rows = [Row::from_json_text(r#"{"status_message":"it failed","body":{"a":1}}"#).unwrap()];
        assert!(suggest(&["status_message", "body"], &rows).is_empty());
        // A score that is no score, a time that is no time.
        let rows = [Row::from_json_text(r#"{"score":"12345","at":"work","name":"x"}"#).unwrap()];
        assert!(suggest(&["score", "at", "name"], &rows).is_empty());
    }
}
