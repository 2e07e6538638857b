//! What does a cell say that was written with Python's `str()`?
//!
//! Data frames written to CSV show nested values as Python literals: `{'score': 1.0, 'label': None}`, with
//! `datetime.datetime(...)`, `array([...], dtype=float32)` and numpy's `[0.1 0.2\n 0.3]` among them. This reads
//! them into the JSON that was meant. What is no literal gives `None`: it is a text.

use serde_json::{Map, Number, Value};

use crate::limits;

/// The value of a Python literal that is a dictionary, a list, a tuple, a set or a call; JSON is read, too.
pub fn nested(text: &str) -> Option<Value> {
    let trimmed = text.trim();
    match trimmed.as_bytes().first()? {
        b'{' | b'[' => serde_json::from_str(trimmed)
            .ok()
            .filter(|value: &Value| value.is_object() || value.is_array())
            .or_else(|| literal(trimmed)),
        b'(' => literal(trimmed),
        first if first.is_ascii_alphabetic() && trimmed.ends_with(')') => literal(trimmed),
        _ => None,
    }
}

/// The value of any Python literal.
pub fn literal(text: &str) -> Option<Value> {
    let mut parser = Parser { text, place: 0 };
    let value = parser.value(0)?;
    parser.blank();
    (parser.place == text.len()).then_some(value)
}

struct Parser<'t> {
    text: &'t str,
    place: usize,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.place..]
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.place).copied()
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.place += rest.len() - rest.trim_start().len();
    }

    fn take(&mut self, token: &str) -> bool {
        self.blank();
        let found = self.rest().starts_with(token);
        if found {
            self.place += token.len();
        }
        found
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > limits::NESTING {
            return None;
        }
        self.blank();
        match self.peek()? {
            b'{' => self.braces(depth),
            b'[' => self.list(b']', depth).map(|(items, _)| Value::Array(items)),
            b'(' => {
                let (mut items, comma) = self.list(b')', depth)?;
                // A value in brackets is that value; with a comma it is a tuple.
                if items.len() == 1 && !comma { items.pop() } else { Some(Value::Array(items)) }
            }
            b'\'' | b'"' => self.strings(),
            b'<' => self.angle(),
            byte if byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.') => self.number(),
            byte if byte.is_ascii_alphabetic() || byte == b'_' => self.word(depth),
            _ => None,
        }
    }

    fn braces(&mut self, depth: usize) -> Option<Value> {
        self.place += 1;
        if self.take("}") {
            return Some(Value::Object(Map::new()));
        }
        let first = self.value(depth + 1)?;
        if !self.take(":") {
            // A set.
            let mut items = vec![first];
            while self.take(",") {
                self.blank();
                if self.peek()? == b'}' {
                    break;
                }
                items.push(self.value(depth + 1)?);
            }
            return self.take("}").then_some(Value::Array(items));
        }
        let mut object = Map::new();
        let mut key = first;
        loop {
            object.insert(key_text(key), self.value(depth + 1)?);
            let comma = self.take(",");
            if self.take("}") {
                return Some(Value::Object(object));
            }
            if !comma {
                return None;
            }
            key = self.value(depth + 1)?;
            if !self.take(":") {
                return None;
            }
        }
    }

    /// Values up to `end`, between commas or, as numpy prints them, between blanks; and whether there was a comma.
    fn list(&mut self, end: u8, depth: usize) -> Option<(Vec<Value>, bool)> {
        self.place += 1;
        let (mut items, mut commas) = (Vec::new(), false);
        loop {
            self.blank();
            if self.peek()? == end {
                self.place += 1;
                return Some((items, commas));
            }
            // numpy shortens a long array.
            if self.take("...") {
                return None;
            }
            items.push(self.value(depth + 1)?);
            let before = self.place;
            if self.take(",") {
                commas = true;
            } else if self.peek()? != end && (commas || self.place == before) {
                return None;
            }
        }
    }

    /// Adjacent strings are one.
    fn strings(&mut self) -> Option<Value> {
        let mut text = String::new();
        loop {
            self.string(&mut text, false)?;
            let place = self.place;
            self.blank();
            if !matches!(self.peek(), Some(b'\'' | b'"')) {
                self.place = place;
                return Some(Value::String(text));
            }
        }
    }

    fn string(&mut self, text: &mut String, raw: bool) -> Option<()> {
        let quote = self.peek()? as char;
        let triple: String = [quote; 3].iter().collect();
        let close = if self.rest().starts_with(&triple) { triple } else { quote.to_string() };
        self.place += close.len();
        loop {
            let rest = self.rest();
            if rest.starts_with(&close) {
                self.place += close.len();
                return Some(());
            }
            let character = rest.chars().next()?;
            self.place += character.len_utf8();
            if character == '\\' && !raw {
                self.escape(text)?;
            } else {
                text.push(character);
            }
        }
    }

    fn escape(&mut self, text: &mut String) -> Option<()> {
        let character = self.rest().chars().next()?;
        self.place += character.len_utf8();
        match character {
            '\n' => {}
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'a' => text.push('\u{7}'),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'v' => text.push('\u{b}'),
            'x' => text.push(char::from_u32(self.hex(2)?)?),
            'u' => {
                let mut code = self.hex(4)?;
                if (0xd800..0xdc00).contains(&code) && self.rest().starts_with("\\u") {
                    let place = self.place;
                    self.place += 2;
                    match self.hex(4) {
                        Some(low) if (0xdc00..0xe000).contains(&low) => {
                            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                        }
                        _ => self.place = place,
                    }
                }
                // Half of a pair is no character.
                text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            'U' => text.push(char::from_u32(self.hex(8)?)?),
            '0'..='7' => {
                let mut code = character.to_digit(8)?;
                for _ in 0..2 {
                    match self.rest().chars().next().and_then(|next| next.to_digit(8)) {
                        Some(digit) => {
                            code = code * 8 + digit;
                            self.place += 1;
                        }
                        None => break,
                    }
                }
                text.push(char::from_u32(code)?);
            }
            '\\' | '\'' | '"' => text.push(character),
            other => {
                text.push('\\');
                text.push(other);
            }
        }
        Some(())
    }

    fn hex(&mut self, digits: usize) -> Option<u32> {
        let text = self.rest().get(..digits)?;
        if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.place += digits;
        u32::from_str_radix(text, 16).ok()
    }

    fn number(&mut self) -> Option<Value> {
        let rest = self.rest();
        let sign = usize::from(rest.starts_with(['-', '+']));
        for (word, _) in [("inf", ()), ("nan", ())] {
            if rest[sign..].starts_with(word) {
                self.place += sign + word.len();
                return Some(Value::Null);
            }
        }
        let mut before = ' ';
        let length = rest
            .char_indices()
            .take_while(|(place, character)| {
                let part = character.is_ascii_digit()
                    || matches!(character, '.' | 'e' | 'E' | '_')
                    || matches!(character, '-' | '+') && (*place == 0 || matches!(before, 'e' | 'E'));
                before = *character;
                part
            })
            .count();
        let text = rest[..length].replace('_', "");
        self.place += length;
        if let Ok(whole) = text.parse::<i64>() {
            return Some(whole.into());
        }
        if let Ok(whole) = text.parse::<u64>() {
            return Some(whole.into());
        }
        let value: f64 = text.parse().ok()?;
        Some(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    /// `<Status.OK: 'ok'>`, as enumerations show themselves: the value, else the name.
    fn angle(&mut self) -> Option<Value> {
        let end = self.rest().find('>')?;
        let inner = &self.rest()[1..end];
        self.place += end + 1;
        let value = inner.split_once(": ").and_then(|(_, value)| literal(value));
        Some(value.unwrap_or_else(|| Value::String(inner.to_owned())))
    }

    /// None, True, nan, a prefixed string, or a call such as `datetime.datetime(2026, 4, 26)`.
    fn word(&mut self, depth: usize) -> Option<Value> {
        let rest = self.rest();
        let length = rest
            .find(|character: char| !(character.is_alphanumeric() || matches!(character, '_' | '.')))
            .unwrap_or(rest.len());
        let word = &rest[..length];
        self.place += length;
        match (word, self.peek()) {
            ("None" | "nan" | "NaN" | "NaT" | "inf" | "null" | "<NA>", _) => return Some(Value::Null),
            ("True" | "true", _) => return Some(Value::Bool(true)),
            ("False" | "false", _) => return Some(Value::Bool(false)),
            (_, Some(b'\'' | b'"')) if length <= 2 && word.bytes().all(|byte| b"rRbBuUfF".contains(&byte)) => {
                let mut text = String::new();
                self.string(&mut text, word.contains(['r', 'R']))?;
                return Some(Value::String(text));
            }
            (_, Some(b'(')) => {}
            _ => return None,
        }
        let (arguments, named) = self.arguments(depth)?;
        Some(call(word.rsplit('.').next().unwrap_or(word), arguments, named))
    }

    fn arguments(&mut self, depth: usize) -> Option<(Vec<Value>, Map<String, Value>)> {
        self.place += 1;
        let (mut arguments, mut named) = (Vec::new(), Map::new());
        loop {
            if self.take(")") {
                return Some((arguments, named));
            }
            let rest = self.rest();
            let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let keyword = length > 0 && rest[length..].starts_with('=') && !rest[length..].starts_with("==");
            if keyword {
                self.place += length + 1;
                let key = rest[..length].to_owned();
                // `dtype=float32` is a bare name, `tzinfo=TzInfo(UTC)` a call of one.
                let place = self.place;
                let value = match self.value(depth + 1) {
                    Some(value) => value,
                    None => {
                        self.place = place;
                        let rest = self.rest();
                        let end = bare(rest)?;
                        self.place += end;
                        Value::String(rest[..end].trim().to_owned())
                    }
                };
                named.insert(key, value);
            } else {
                arguments.push(self.value(depth + 1)?);
            }
            if !self.take(",") {
                return self.take(")").then_some((arguments, named));
            }
        }
    }
}

/// Where an argument ends that is no literal.
fn bare(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    text.find(|character| match character {
        '(' => {
            depth += 1;
            false
        }
        ')' if depth > 0 => {
            depth -= 1;
            false
        }
        character => depth == 0 && matches!(character, ',' | ')'),
    })
}

fn key_text(key: Value) -> String {
    match key {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// What a call means: a moment as ISO 8601, a wrapper as what it wraps, an object as its fields.
fn call(name: &str, mut arguments: Vec<Value>, mut named: Map<String, Value>) -> Value {
    match name {
        "datetime" | "date" => {
            let part = |place: usize| arguments.get(place).and_then(Value::as_i64).unwrap_or(0);
            let mut text = format!(
                "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}",
                part(0),
                part(1),
                part(2),
                part(3),
                part(4),
                part(5),
                part(6)
            );
            text.push('Z');
            Value::String(text)
        }
        "array" | "list" | "tuple" | "set" | "frozenset" | "deque" | "OrderedDict" | "defaultdict" | "dict" | "str"
        | "UUID" | "Decimal" | "Timestamp" | "float64" | "float32" | "int64" | "int32" | "bool_" | "str_" | "Path"
        | "PosixPath"
            if !arguments.is_empty() =>
        {
            arguments.swap_remove(if name == "defaultdict" { arguments.len() - 1 } else { 0 })
        }
        _ if arguments.is_empty() && !named.is_empty() => Value::Object(named),
        _ if named.is_empty() && arguments.len() == 1 => arguments.swap_remove(0),
        _ => {
            if !arguments.is_empty() {
                named.insert("arguments".into(), Value::Array(arguments));
            }
            Value::Object(named)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn literals_become_the_json_that_was_meant() {
        for (text, value) in [
            ("{'a': 1, 'b': None, 'c': [True, False]}", json!({"a": 1, "b": null, "c": [true, false]})),
            (r#"{'it\'s': "don't", 'n': 'x\ny\u20ac\U0001f600'}"#, json!({"it's": "don't", "n": "x\ny€😀"})),
            ("('a',)", json!(["a"])),
            ("{'s', 't'}", json!(["s", "t"])),
            ("{}", json!({})),
            ("{1: -2.5e-3, 'big': 1777222940904100000}", json!({"1": -0.0025, "big": 1_777_222_940_904_100_000_i64})),
            ("[nan, inf, -inf]", json!([null, null, null])),
            ("array([0.5, 1. ], dtype=float32)", json!([0.5, 1.0])),
            ("[ 0.5  -1.\n  2.e-01]", json!([0.5, -1.0, 0.2])),
            ("[{'x': array([], dtype=object)}]", json!([{"x": []}])),
            (
                "{'at': datetime.datetime(2026, 4, 26, 17, 2, 20, 904100, tzinfo=datetime.timezone.utc)}",
                json!({"at": "2026-04-26T17:02:20.904100Z"}),
            ),
            (
                "[{'at': datetime.datetime(2026, 7, 2, 9, 14, 1, tzinfo=TzInfo(UTC)), 'n': 1}]",
                json!([{"at": "2026-07-02T09:14:01.000000Z", "n": 1}]),
            ),
            ("{'at': Timestamp('2026-04-26 17:02:20+0000', tz='UTC')}", json!({"at": "2026-04-26 17:02:20+0000"})),
            ("[<Kind.HUMAN: 'human'>]", json!(["human"])),
            ("Score(name='x', value=1)", json!({"name": "x", "value": 1})),
            (r#"{"json": null, "too": true}"#, json!({"json": null, "too": true})),
        ] {
            assert_eq!(nested(text), Some(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_literal_is_a_text() {
        for text in [
            "{hello}",
            "[see above]",
            "(sic)",
            "call me (maybe)",
            "{'a': 1",
            "{'a' 1}",
            "[1 2, 3",
            "",
            "x",
            "[1 2 ... 3]",
        ] {
            assert_eq!(nested(text), None, "{text}");
        }
        assert_eq!(nested(&"[".repeat(100_000)), None);
    }
}
