//! What does a format see of a record, whatever file it came from?
//!
//! A [`Row`]: keys and [`Cell`]s, one level deep. A line of JSON, a row of CSV and a row of Parquet look the same;
//! nested values stay JSON text until somebody needs them, so that a record costs one pass and few allocations.
//! A format *takes* what it understands; what is left over is known by name.

use std::{borrow::Cow, fmt};

use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::{limits, time};
use hearback_domain::{Timestamp, record::Metadata};

/// Why a record is not kept: one sentence.
pub type Reason = String;

/// A value whose texts are `T`: the letters themselves, or the stretch of a file where they stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum CellOf<T> {
    /// Absent, null, or an empty cell of a CSV file (which cannot tell missing from empty).
    #[default]
    Null,
    Bool(bool),
    /// The literal, so that long ids keep their digits.
    Number(T),
    Text(T),
    /// A list or an object, as JSON text.
    Nested(T),
}

/// A value of a record.
pub type Cell<'a> = CellOf<Cow<'a, str>>;

impl<T> CellOf<T> {
    fn map<U>(self, text: impl Fn(T) -> U) -> CellOf<U> {
        match self {
            Self::Null => CellOf::Null,
            Self::Bool(value) => CellOf::Bool(value),
            Self::Number(number) => CellOf::Number(text(number)),
            Self::Text(letters) => CellOf::Text(text(letters)),
            Self::Nested(json) => CellOf::Nested(text(json)),
        }
    }
}

impl<'a> Cell<'a> {
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Nothing that anybody would miss: null, empty text, `[]`, `{}`.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Bool(_) | Self::Number(_) => false,
            Self::Text(text) => text.is_empty(),
            Self::Nested(text) => {
                text.len() <= 8 && matches!(text.replace(char::is_whitespace, "").as_str(), "[]" | "{}")
            }
        }
    }

    /// The text as it stands: empty text stays, null is none, nested values are JSON text.
    pub fn into_text(self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Bool(value) => Some(value.to_string()),
            Self::Number(text) | Self::Text(text) | Self::Nested(text) => Some(text.into_owned()),
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Number(text) | Self::Text(text) | Self::Nested(text) => Some(text),
            Self::Null | Self::Bool(_) => None,
        }
    }

    pub fn into_owned(self) -> Cell<'static> {
        self.map(owned)
    }

    /// The number that the cell holds: text is read as a number, true and false as 1 and 0. What is no number is
    /// given back as the error.
    pub(crate) fn into_number(self) -> Result<Option<f64>, String> {
        match self {
            Self::Null => Ok(None),
            Self::Bool(value) => Ok(Some(f64::from(u8::from(value)))),
            Self::Number(text) | Self::Text(text) | Self::Nested(text) => {
                let plain = text.trim();
                if plain.is_empty() {
                    return Ok(None);
                }
                match plain.parse::<f64>() {
                    Ok(value) if value.is_finite() => Ok(Some(value)),
                    _ if plain.eq_ignore_ascii_case("true") => Ok(Some(1.0)),
                    _ if plain.eq_ignore_ascii_case("false") => Ok(Some(0.0)),
                    // 4,5 as half of the world writes it.
                    _ if plain.matches(',').count() == 1 && !plain.contains('.') => {
                        plain.replace(',', ".").parse().map(Some).map_err(|_| plain.to_owned())
                    }
                    _ => Err(plain.to_owned()),
                }
            }
        }
    }

    /// A value of a JSON text that was read as a whole.
    pub(crate) fn of_value(value: &serde_json::Value) -> Cell<'static> {
        use serde_json::Value;
        match value {
            Value::Null => Cell::Null,
            Value::Bool(value) => Cell::Bool(*value),
            Value::Number(number) => Cell::Number(number.to_string().into()),
            Value::String(text) => Cell::Text(text.clone().into()),
            nested => Cell::Nested(nested.to_string().into()),
        }
    }

    /// The cell as a JSON value; text that is not JSON becomes a JSON string.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Number(text) | Self::Nested(text) => {
                serde_json::from_str(text).unwrap_or_else(|_| serde_json::Value::String(text.to_string()))
            }
            Self::Text(text) => serde_json::Value::String(text.to_string()),
        }
    }

    fn from_json(raw: &'a str) -> Result<Self, Reason> {
        Ok(match raw.as_bytes().first() {
            Some(b'n') | None => Self::Null,
            Some(b't') => Self::Bool(true),
            Some(b'f') => Self::Bool(false),
            Some(b'"') => {
                let inner = &raw[1..raw.len() - 1];
                if inner.contains('\\') {
                    let text = serde_json::from_str::<String>(raw)
                        .map_err(|error| format!("a text is not valid JSON: {error}"))?;
                    Self::Text(Cow::Owned(text))
                } else {
                    Self::Text(Cow::Borrowed(inner))
                }
            }
            Some(b'{' | b'[') => {
                // Fewer bytes than two brackets a level cannot be too deep.
                if raw.len() > 2 * limits::NESTING && depth(raw) > limits::NESTING {
                    return Err(format!("lists and objects are nested more than {} levels deep", limits::NESTING));
                }
                Self::Nested(Cow::Borrowed(raw))
            }
            Some(_) => Self::Number(Cow::Borrowed(raw)),
        })
    }
}

/// The deepest nesting of JSON text that is known to be valid.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn owned(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

/// Keys and cells whose texts are `T`. The order of the keys is the file's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowOf<T> {
    cells: Vec<(T, CellOf<T>)>,
    names: Names,
}

/// One record of a file.
pub type Row<'a> = RowOf<Cow<'a, str>>;

/// A record on its way from the thread that parsed it; its text travels beside it.
pub(super) type Detached = RowOf<Stretch>;

/// A text, or where in the record's text it stands.
pub(super) enum Stretch {
    At(usize, usize),
    Own(String),
}

impl<T> RowOf<T> {
    fn map<U>(self, text: impl Fn(T) -> U) -> RowOf<U> {
        let cells = self.cells.into_iter().map(|(key, cell)| (text(key), cell.map(&text)));
        RowOf { cells: cells.collect(), names: self.names }
    }
}

impl Detached {
    /// The record again; `text` is what it was detached from.
    pub fn attach(self, text: &str) -> Row<'_> {
        self.map(|stretch| match stretch {
            Stretch::At(start, end) => Cow::Borrowed(text.get(start..end).unwrap_or_default()),
            Stretch::Own(own) => Cow::Owned(own),
        })
    }
}

/// Which names a row may have: a reader asks for some thirty, and most of them are not there.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Names(u64);

impl Names {
    fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        Self(names.fold(0, |bits, name| bits | Self::bit(name)))
    }

    fn bit(name: &str) -> u64 {
        let bytes = name.as_bytes();
        let end = |byte: Option<&u8>| byte.map_or(0, |byte| usize::from(*byte));
        1 << ((bytes.len() * 5 + end(bytes.first()) * 3 + end(bytes.last())) % 64)
    }

    /// No is certain.
    fn may_have(self, name: &str) -> bool {
        self.0 & Self::bit(name) != 0
    }
}

impl<'a> Row<'a> {
    pub fn new(cells: Vec<(Cow<'a, str>, Cell<'a>)>) -> Self {
        let names = Names::of(cells.iter().map(|(name, _)| name.as_ref()));
        Self { cells, names }
    }

    /// Reads a JSON object.
    pub fn from_json(bytes: &'a [u8]) -> Result<Self, Reason> {
        let text = std::str::from_utf8(bytes).map_err(|error| format!("not valid UTF-8: {error}"))?;
        Self::from_json_text(text)
    }

    pub fn from_json_text(text: &'a str) -> Result<Self, Reason> {
        match text.trim_start().as_bytes().first() {
            Some(b'{') => {}
            Some(b'[') => return Err("the record is a list, not an object".into()),
            None => return Err("the record is empty".into()),
            Some(_) => {
                return Err(match serde_json::from_str::<de::IgnoredAny>(text) {
                    Ok(_) => "the record is a single value, not an object".into(),
                    Err(error) => format!("not valid JSON: {error}"),
                });
            }
        }
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let (cells, problem) = deserializer
            .deserialize_map(Cells)
            .and_then(|found| deserializer.end().map(|()| found))
            .map_err(|error| format!("not valid JSON: {error}"))?;
        problem.map_or_else(|| Ok(Self::new(cells)), Err)
    }

    /// The row without its text: where in `text`, from which it was read, each key and value stands.
    pub(super) fn detach(self, text: &str) -> Detached {
        self.map(|letters| match letters {
            Cow::Borrowed(letters) => match (letters.as_ptr() as usize).checked_sub(text.as_ptr() as usize) {
                Some(start) if start + letters.len() <= text.len() => Stretch::At(start, start + letters.len()),
                _ => Stretch::Own(letters.to_owned()),
            },
            Cow::Owned(letters) => Stretch::Own(letters),
        })
    }

    pub fn into_owned(self) -> Row<'static> {
        self.map(owned)
    }

    /// The row as JSON text, for containers whose rows have none of their own.
    pub(super) fn to_json(&self) -> String {
        let object: serde_json::Map<_, _> =
            self.cells().map(|(name, cell)| (name.to_owned(), cell.to_json())).collect();
        serde_json::Value::Object(object).to_string()
    }

    pub fn cells(&self) -> impl Iterator<Item = (&str, &Cell<'a>)> {
        self.cells.iter().map(|(key, cell)| (key.as_ref(), cell))
    }

    pub fn has(&self, key: &str) -> bool {
        self.names.may_have(key) && self.cells.iter().any(|(name, _)| is_same(name, key))
    }

    pub fn get(&self, key: &str) -> Option<&Cell<'a>> {
        if !self.names.may_have(key) {
            return None;
        }
        // The last of two equal keys counts, as in most JSON parsers.
        self.cells.iter().rev().find(|(name, _)| is_same(name, key)).map(|(_, cell)| cell)
    }

    pub fn push(&mut self, key: impl Into<Cow<'a, str>>, cell: Cell<'a>) {
        let key = key.into();
        self.names.0 |= Names::bit(&key);
        self.cells.push((key, cell));
    }

    /// Takes the cell out, leaving null.
    pub fn take(&mut self, key: &str) -> Cell<'a> {
        if !self.names.may_have(key) {
            return Cell::Null;
        }
        self.cells
            .iter_mut()
            .rev()
            .find(|(name, cell)| is_same(name, key) && !cell.is_null())
            .map(|(_, cell)| std::mem::take(cell))
            .unwrap_or_default()
    }

    /// Takes the first of `keys` that is not null: the same field under its names in several versions of a tool.
    pub fn take_any(&mut self, keys: &[&str]) -> Cell<'a> {
        match self.index_of(keys) {
            Some(index) => std::mem::take(&mut self.cells[index].1),
            None => Cell::Null,
        }
    }

    /// Where the first of `keys` that is not null stands: one walk for all, since most records lack most names.
    fn index_of(&self, keys: &[&str]) -> Option<usize> {
        if !keys.iter().any(|key| self.names.may_have(key)) {
            return None;
        }
        let mut found: Option<(usize, usize)> = None;
        for (index, (name, cell)) in self.cells.iter().enumerate().rev() {
            if cell.is_null() {
                continue;
            }
            match keys.iter().position(|key| name == key) {
                Some(0) => return Some(index),
                Some(rank) if found.is_none_or(|(best, _)| rank < best) => found = Some((rank, index)),
                _ => {}
            }
        }
        found.map(|(_, index)| index)
    }

    /// Takes out, unread, all that `known` says has no place in the records.
    pub fn pass_over(&mut self, known: impl Fn(&str) -> bool) {
        for (key, cell) in &mut self.cells {
            if !cell.is_null() && known(key) {
                *cell = Cell::Null;
            }
        }
    }

    /// Takes the words of all fields that `names` has a name for, in one walk.
    pub fn take_named(
        &mut self,
        names: impl Fn(&str) -> Option<&'static str>,
    ) -> impl Iterator<Item = (&'static str, String)> {
        self.cells.iter_mut().filter(|(_, cell)| !cell.is_null()).filter_map(move |(key, cell)| {
            let name = names(key)?;
            let text = std::mem::take(cell).into_text().filter(|text| !text.trim().is_empty())?;
            Some((name, text))
        })
    }

    /// Takes a free text, kept exactly; empty text is a text.
    pub fn text(&mut self, key: &str) -> Option<String> {
        self.take(key).into_text()
    }

    /// Takes an id, a label, a version: empty and blank count as missing.
    pub fn word(&mut self, key: &str) -> Option<String> {
        self.word_any(&[key])
    }

    pub fn word_any(&mut self, keys: &[&str]) -> Option<String> {
        while let Some(index) = self.index_of(keys) {
            let text = std::mem::take(&mut self.cells[index].1).into_text();
            if text.as_ref().is_some_and(|text| !text.trim().is_empty()) {
                return text;
            }
        }
        None
    }

    /// Takes a number; text is read as a number, true and false as 1 and 0.
    pub fn number(&mut self, key: &str) -> Result<Option<f64>, Reason> {
        self.take(key).into_number().map_err(|text| format!("{key} is not a number: {}", shorten(&text)))
    }

    pub fn integer(&mut self, key: &str) -> Result<Option<i64>, Reason> {
        let cell = self.take(key);
        if let Some(whole) = cell.as_str().and_then(|text| text.trim().parse::<i64>().ok()) {
            return Ok(Some(whole));
        }
        match cell.into_number() {
            Ok(value) => Ok(value.map(|value| value.round() as i64)),
            Err(text) => Err(format!("{key} is not a number: {}", shorten(&text))),
        }
    }

    /// Takes a moment. Time is the axis of every trend, so a time that is there but cannot be read is a reason to
    /// reject the record rather than to place it nowhere.
    pub fn time(&mut self, keys: &[&str]) -> Result<Option<Timestamp>, Reason> {
        match self.take_any(keys).into_text() {
            Some(text) if !text.trim().is_empty() => time::parse(&text)
                .map(Some)
                .ok_or_else(|| format!("{} is not a time that can be read: {}", keys[0], shorten(&text))),
            _ => Ok(None),
        }
    }

    /// Takes a list of words: a JSON list, or text separated by `;`, `|` or line breaks.
    pub fn words(&mut self, key: &str) -> Vec<String> {
        words(self.take(key))
    }

    /// What is left: every cell that was not taken and is not empty.
    pub fn leftovers(&self) -> impl Iterator<Item = (&str, &Cell<'a>)> {
        self.cells().filter(|(_, cell)| !cell.is_empty())
    }

    /// Takes everything that is left, in the order of the file.
    pub fn drain(&mut self) -> impl Iterator<Item = (Cow<'a, str>, Cell<'a>)> + '_ {
        self.cells.drain(..).filter(|(_, cell)| !cell.is_empty())
    }
}

/// A reader asks for some thirty keys a record, most of which are not there: most comparisons end at the length or at
/// the last letter, without a call.
fn is_same(name: &str, key: &str) -> bool {
    name.len() == key.len() && name.as_bytes().last() == key.as_bytes().last() && name == key
}

pub(super) fn words(cell: Cell<'_>) -> Vec<String> {
    let keep = |text: &str| !text.trim().is_empty();
    match cell {
        Cell::Null => Vec::new(),
        Cell::Bool(value) => vec![value.to_string()],
        Cell::Number(text) => vec![text.into_owned()],
        Cell::Text(text) | Cell::Nested(text) => {
            if text.trim_start().starts_with('[')
                && let Ok(list) = serde_json::from_str::<Vec<serde_json::Value>>(&text)
            {
                return list.iter().filter_map(plain_text).filter(|word| keep(word)).collect();
            }
            text.split([';', '|', '\n']).map(str::trim).filter(|word| keep(word)).map(str::to_owned).collect()
        }
    }
}

/// The text of a JSON value: strings as they are, null none, the rest as JSON.
pub(super) fn plain_text(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// Spreads an object (or its JSON text) into `metadata`; anything else is kept whole under `name`.
pub(super) fn spread(cell: &Cell<'_>, name: &str, metadata: &mut Metadata) -> Result<(), Reason> {
    match cell {
        Cell::Null => {}
        Cell::Nested(text) | Cell::Text(text) if text.trim_start().starts_with('{') => {
            match Row::from_json_text(text) {
                Ok(mut inner) => {
                    metadata
                        .extend(inner.drain().filter_map(|(key, cell)| Some((key.into_owned(), cell.into_text()?))));
                }
                Err(reason) if matches!(cell, Cell::Nested(_)) => return Err(reason),
                Err(_) => {
                    metadata.insert(name.to_owned(), text.to_string());
                }
            }
        }
        other if other.is_empty() => {}
        other => {
            if let Some(text) = other.clone().into_text() {
                metadata.insert(name.to_owned(), text);
            }
        }
    }
    Ok(())
}

/// The start of a value, for a message.
pub(super) fn shorten(text: &str) -> String {
    const CHARACTERS: usize = 60;
    let mut short: String = text.chars().take(CHARACTERS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("{short:?}")
}

/// Reads an object as cells, and says what is wrong with the first value that is JSON but no cell.
struct Cells;

impl<'de> Visitor<'de> for Cells {
    type Value = (Vec<(Cow<'de, str>, Cell<'de>)>, Option<Reason>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut cells = Vec::with_capacity(16);
        let mut problem = None;
        while let Some(Key(key)) = map.next_key()? {
            match Cell::from_json(map.next_value::<&RawValue>()?.get()) {
                Ok(cell) => cells.push((key, cell)),
                Err(reason) => problem = problem.or(Some(reason)),
            }
        }
        Ok((cells, problem))
    }
}

struct Key<'de>(Cow<'de, str>);

impl<'de> de::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_what_the_file_says() {
        let mut row = Row::from_json(
            r#"{"id":"a\u00e9","big":12345678901234567890123,"empty":"","nothing":null,"list":[1, "b"],"yes":true}"#
                .as_bytes(),
        )
        .unwrap();
        assert_eq!(row.text("id").as_deref(), Some("aé"));
        assert_eq!(row.text("big").as_deref(), Some("12345678901234567890123"));
        assert_eq!(row.text("empty").as_deref(), Some(""));
        assert_eq!(row.text("nothing"), None);
        assert_eq!(row.words("list"), ["1", "b"]);
        assert_eq!(row.number("yes"), Ok(Some(1.0)));
        assert_eq!(row.leftovers().count(), 0);
    }

    #[test]
    fn what_is_no_record_says_why() {
        let reason = |text: &str| Row::from_json(text.as_bytes()).unwrap_err();
        assert_eq!(reason("[1]"), "the record is a list, not an object");
        assert_eq!(reason("42"), "the record is a single value, not an object");
        assert!(reason("{\"a\":1").starts_with("not valid JSON: EOF"));
        assert!(reason("{\"a\":1} x").starts_with("not valid JSON: trailing"));
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(reason(&deep), "lists and objects are nested more than 120 levels deep");
    }

    #[test]
    fn numbers_are_read_from_text() {
        let number = |text: &str| Cell::Text(text.into()).into_number();
        assert_eq!(number(" 4 "), Ok(Some(4.0)));
        assert_eq!(number("4,5"), Ok(Some(4.5)));
        assert_eq!(number("True"), Ok(Some(1.0)));
        assert_eq!(number(""), Ok(None));
        assert_eq!(number("1,234.5"), Err("1,234.5".into()));
        assert_eq!(number("nan"), Err("nan".into()));
    }
}
