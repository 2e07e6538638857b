//! What do the columns of somebody's table mean?
//!
//! A mapping says so: `comment=content,score=stars,environment="production",metadata.country=cc`. Left of each `=`
//! stands a canonical field ([`super::canonical::FIELDS`]), right of it a column, or a constant in double quotes.
//! A column whose name holds a comma or an equals sign stands in square brackets: `comment=[What, and why?]`.
//! `a.b` means the column of that name or else the field `b` of the object in column `a`; `a[].b` means that field of
//! every object in the list `a`. Mapped to a text or a list, such values are joined; mapped to what a record has only
//! one of (a score, an id), each element of the list becomes a record.
//! What is not mapped becomes metadata. A person writes a mapping, or [`suggest`] proposes one.

mod path;
mod profile;
mod suggest;
mod vocabulary;

use std::{collections::HashSet, fmt};

use serde_json::Value as Json;

pub(crate) use suggest::guess;
pub use suggest::{Evidence, Suggested, suggest, suggested};
pub(crate) use vocabulary::{Vocabulary, plain_name, vocabulary};

use super::{
    canonical::FIELDS,
    limits,
    row::{Cell, Reason, Row, plain_text},
};
use hearback_domain::{
    FeedbackType,
    error::{Error, Result},
};
use path::Step;

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
        mapping.extend(text)?;
        mapping.filled()
    }

    /// Reads a file of entries, one or several a line; lines that begin with `#` are for people.
    ///
    /// # Errors
    /// As [`Mapping::parse`], with the number of the line.
    pub fn from_file_text(text: &str) -> Result<Self> {
        let mut mapping = Self::default();
        for (place, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            if line.trim_start().starts_with('#') {
                continue;
            }
            mapping.extend(line).map_err(|error| {
                let message = format!("line {}: {}", place + 1, error.message);
                Error { message, ..error }
            })?;
        }
        mapping.filled()
    }

    fn extend(&mut self, text: &str) -> Result<()> {
        for part in split(text)? {
            let Some((target, source)) = part.split_once('=') else {
                return Err(Error::input(format!("{part:?} in the mapping is not FIELD=COLUMN")).hint(fields()));
            };
            let (target, source) = (target.trim(), source.trim());
            let from = if let Some(constant) = source.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                Value::Constant(constant.replace("\"\"", "\""))
            } else if let Some(name) = braced(source) {
                Value::Column(name)
            } else {
                let bare = source.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(source);
                Value::Column(bare.to_owned())
            };
            match target.strip_prefix("metadata.").and_then(braced) {
                Some(key) => self.set(&format!("metadata.{key}"), from)?,
                None => self.set(target, from)?,
            }
        }
        Ok(())
    }

    fn filled(self) -> Result<Self> {
        if self.entries.is_empty() {
            return Err(Error::input("the mapping is empty").hint("such as comment=content,score=stars"));
        }
        Ok(self)
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
            Value::Column(name) if is_single(target) => {
                let other = self.exploded();
                if let (Some(list), Some(other)) = (path::list_of(name), other)
                    && list != other
                {
                    return Err(Error::input(format!(
                        "records are made of {other}, so {target} has no one value in {list}"
                    ))
                    .hint("map one list to fields that a record has only one of, and others to texts or lists"));
                }
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

    /// The list whose elements become records of their own.
    fn exploded(&self) -> Option<&str> {
        self.entries.iter().find_map(|(target, from)| match from {
            Value::Column(name) if is_single(target) => path::list_of(name),
            _ => None,
        })
    }

    /// Columns that the mapping names and `columns` lacks, in the order of the mapping. A path counts as its start.
    pub fn missing_columns(&self, columns: &[&str]) -> Vec<&str> {
        self.entries
            .iter()
            .filter_map(|(_, from)| match from {
                Value::Column(name) => Some(name.as_str()),
                Value::Constant(_) => None,
            })
            .filter(|name| !columns.contains(name) && !path::starts(name).any(|start| columns.contains(&start)))
            .collect()
    }

    /// The records that the row is, with canonical names. What is not mapped is put under `metadata.`.
    ///
    /// # Errors
    /// The row's list holds more than can be taken apart.
    pub fn rows<'a>(&self, row: &mut Row<'a>) -> std::result::Result<Vec<Row<'a>>, Reason> {
        let mut shared = Row::default();
        let mut used = HashSet::new();
        let mut opened: Vec<(&str, Json)> = Vec::new();
        let mut reached: Vec<Reached<'_>> = Vec::new();
        for (target, from) in &self.entries {
            let name = match from {
                Value::Constant(text) => {
                    shared.push(target.clone(), Cell::Text(text.clone().into()));
                    continue;
                }
                Value::Column(name) => name.as_str(),
            };
            if let Some(cell) = row.get(name) {
                used.insert(name);
                shared.push(target.clone(), cell.clone());
            } else if let Some((column, steps)) = path::locate(row, name) {
                let place = if let Some(place) = opened.iter().position(|(name, _)| *name == column) {
                    place
                } else if let Some(value) = row.get(column).and_then(path::open) {
                    opened.push((column, value));
                    opened.len() - 1
                } else {
                    continue;
                };
                reached.push(Reached { target, path: name, place, steps });
            }
        }
        let length = row.cells().map(|(_, cell)| cell.as_str().map_or(0, str::len)).sum::<usize>();
        for (key, cell) in row.drain() {
            if !used.contains(key.as_ref()) && !opened.iter().any(|(column, _)| *column == key) {
                shared.push(format!("metadata.{key}"), cell);
            }
        }
        let elements = self.exploded().and_then(|list| {
            let at = reached.iter().find(|reached| path::list_of(reached.path) == Some(list))?;
            let before = at.steps.iter().take_while(|step| **step != Step::Each).cloned().collect::<Vec<_>>();
            match path::take(&mut opened.get_mut(at.place)?.1, &before)? {
                Json::Array(elements) if !elements.is_empty() => Some((at.place, before, elements)),
                _ => None,
            }
        });
        let Some((place, before, elements)) = elements else {
            return Ok(vec![finished(shared, opened, &reached)]);
        };
        // Every record carries what stands beside the list: bounded as one record of a file is.
        if elements.len().saturating_mul(length) > limits::RECORD_BYTES && elements.len() > 1000 {
            return Err(format!("a list of {} is too long to make records of in so large a row", elements.len()));
        }
        let mut rows = Vec::with_capacity(elements.len());
        for (number, element) in elements.into_iter().enumerate() {
            let mut opened = opened.clone();
            if let Some(hole) = opened.get_mut(place).and_then(|(_, value)| path::at(value, &before)) {
                *hole = element;
            }
            let mut mapped = finished(shared.clone(), opened, &reached);
            // The id of the whole is that of no part.
            if !reached.iter().any(|reached| reached.target == "id" && reached.steps.contains(&Step::Each))
                && let Some(id) = mapped.word("id")
            {
                mapped.push("id", Cell::Text(format!("{id}-{}", number + 1).into()));
            }
            rows.push(mapped);
        }
        Ok(rows)
    }
}

/// A field whose value stands within a column.
struct Reached<'m> {
    target: &'m str,
    path: &'m str,
    /// Of the column among those opened.
    place: usize,
    steps: Vec<Step<'m>>,
}

/// The row with the values that were reached, and what is left of their columns.
fn finished<'a>(mut row: Row<'a>, mut opened: Vec<(&str, Json)>, reached: &[Reached<'_>]) -> Row<'a> {
    for field in reached {
        let Some((_, value)) = opened.get(field.place) else { continue };
        let found = path::values(value, &field.steps);
        let cell = match found.as_slice() {
            [] => continue,
            [only] => Cell::of_value(only),
            many if is_text(field.target) => {
                let texts: Vec<String> = many.iter().filter_map(|value| plain_text(value)).collect();
                Cell::Text(texts.join("\n").into())
            }
            many => Cell::of_value(&many.iter().map(|value| (*value).clone()).collect()),
        };
        row.push(field.target.to_owned(), cell);
    }
    for field in reached {
        if let Some((_, value)) = opened.get_mut(field.place) {
            path::remove(value, &field.steps);
        }
    }
    for (column, value) in &opened {
        path::leaves(&format!("metadata.{column}"), value, &mut |name, cell| row.push(name, cell));
    }
    row
}

/// Texts: several are joined.
fn is_text(target: &str) -> bool {
    matches!(target, "comment" | "correction" | "query" | "output" | "system_context")
}

/// Fields of which a record has one value at most.
fn is_single(target: &str) -> bool {
    !is_text(target)
        && !matches!(target, "reasons" | "tags" | "documents" | "aliases" | "vector")
        && !target.starts_with("metadata.")
}

/// Says by its header that a table is like another one: BLAKE3 of the sorted column names, hexadecimal.
pub fn columns_fingerprint(columns: &[&str]) -> String {
    let mut sorted = columns.to_vec();
    sorted.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    for name in sorted {
        // The length keeps `ab, c` apart from `a, bc`.
        hasher.update(&(name.len() as u64).to_le_bytes());
        hasher.update(name.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// As [`Mapping::parse`] reads it.
impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (target, from)) in self.entries.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            let target = match target.strip_prefix("metadata.") {
                Some(key) if key.contains([',', '=', '"', '[', ']', '{']) || key.trim() != key => {
                    &format!("metadata.{{{}}}", escaped(key))
                }
                _ => target,
            };
            match from {
                Value::Constant(text) => write!(f, "{comma}{target}=\"{}\"", text.replace('"', "\"\""))?,
                // In brackets it would end too early.
                Value::Column(name) if name.replace("[]", "").contains(['[', ']']) || name.starts_with(['[', '{']) => {
                    write!(f, "{comma}{target}={{{}}}", escaped(name))?;
                }
                Value::Column(name) if name.contains([',', '=', '"']) || name.trim() != name => {
                    write!(f, "{comma}{target}=[{name}]")?;
                }
                Value::Column(name) => write!(f, "{comma}{target}={name}")?,
            }
        }
        Ok(())
    }
}

/// A name of which nothing could be taken for the mapping's own marks.
fn escaped(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for character in name.chars() {
        let is_mark = matches!(character, ',' | '=' | '"' | '[' | ']' | '{' | '}' | '\\');
        if is_mark || character.is_control() {
            // Marks and control characters lie below U+10000.
            text.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            text.push(character);
        }
    }
    text
}

/// The name that was [`escaped`] in braces.
fn braced(text: &str) -> Option<String> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    serde_json::from_str(&format!("\"{inner}\"")).ok()
}

fn fields() -> String {
    let names: Vec<_> = FIELDS.iter().map(|field| field.name).filter(|name| *name != "metadata").collect();
    format!("fields: {}, metadata.KEY", names.join(", "))
}

/// At commas outside of quotes and brackets. `[]` within a path is no bracket.
fn split(text: &str) -> Result<Vec<&str>> {
    let (mut parts, mut start, mut quoted, mut bracketed) = (Vec::new(), 0, false, false);
    let mut characters = text.char_indices().peekable();
    while let Some((place, character)) = characters.next() {
        match character {
            '"' if !bracketed => quoted = !quoted,
            '[' if !quoted => bracketed |= characters.next_if(|(_, next)| *next == ']').is_none(),
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

#[cfg(test)]
mod tests;
