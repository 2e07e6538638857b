//! Which stretch of the query or the output did the annotator mark?
//!
//! The editor counts UTF-16 units, Hearback characters. The control names the text that it marks by a tag's name, which
//! is often the key of the data but need not be: the text in which the quote stands at that place is the one.

use serde_json::Value;

use hearback_domain::{Span, TurnRecord, record::SpanTarget};

/// `None` if the marked stretch is in neither text.
pub(super) fn of(value: &Value, to_name: Option<&str>, turn: &TurnRecord) -> Option<Span> {
    let quote = value.get("text").and_then(Value::as_str);
    let output = turn.output.as_deref().map(|text| (SpanTarget::Output, text));
    let query = turn.query.as_deref().map(|text| (SpanTarget::Query, text));
    let texts = if to_name.is_some_and(names_query) { [query, output] } else { [output, query] };
    let (start, end) = offsets(value)?;
    let found = texts.iter().flatten().find_map(|(target, text)| {
        let (start, end) = (scalar_offset(text, start)?, scalar_offset(text, end)?);
        let marked = slice(text, start, end)?;
        quote.is_none_or(|quote| same(quote, marked)).then(|| (*target, start, end, marked.to_owned()))
    });
    // Offsets of markup or of one paragraph: the quote itself says where, if it stands there once.
    let found = found.or_else(|| {
        let quote = quote.filter(|quote| !quote.is_empty())?;
        texts.iter().flatten().find_map(|(target, text)| {
            let mut places = text.match_indices(quote);
            let (byte, _) = places.next()?;
            let start = text.get(..byte)?.chars().count();
            places.next().is_none().then(|| (*target, start, start + quote.chars().count(), quote.to_owned()))
        })
    });
    let (target, start, end, marked) = found?;
    Some(Span { target, start: start.try_into().ok()?, end: end.try_into().ok()?, quote: Some(marked) })
}

fn names_query(name: &str) -> bool {
    let name = crate::mapping::plain_name(name);
    ["query", "question", "prompt", "input", "instruction"].iter().any(|word| name.split(' ').any(|part| part == *word))
}

/// In UTF-16 units; the offsets in the whole text where the others are those within a node of markup.
fn offsets(value: &Value) -> Option<(u64, u64)> {
    let pair = |value: &Value| Some((value.get("start")?.as_u64()?, value.get("end")?.as_u64()?));
    let whole = value.get("globalOffsets").and_then(pair);
    let (start, end) = whole.or_else(|| pair(value)).or(value.get("text").map(|_| (u64::MAX, u64::MAX)))?;
    (start <= end).then_some((start, end))
}

/// Characters before the UTF-16 unit `units`; `None` beyond the end or within a character.
fn scalar_offset(text: &str, units: u64) -> Option<usize> {
    let mut seen = 0_u64;
    let mut characters = 0;
    for character in text.chars() {
        if seen >= units {
            break;
        }
        seen += character.len_utf16() as u64;
        characters += 1;
    }
    (seen == units).then_some(characters)
}

fn slice(text: &str, start: usize, end: usize) -> Option<&str> {
    let byte = |place: usize| text.char_indices().map(|(byte, _)| byte).chain([text.len()]).nth(place);
    text.get(byte(start)?..byte(end)?)
}

/// The editor writes line ends as `\n`, sometimes as the two characters, and may lose a carriage return.
fn same(quote: &str, marked: &str) -> bool {
    let plain = |text: &str| text.replace("\\n", "\n").replace('\r', "");
    quote == marked || plain(quote) == plain(marked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(value: serde_json::Value, to_name: &str) -> Option<(SpanTarget, u32, u32)> {
        let turn = TurnRecord {
            query: Some("is 🎉 it?".into()),
            output: Some("🎉🎉 yes, it is\r\nfine".into()),
            ..TurnRecord::default()
        };
        of(&value, Some(to_name), &turn).map(|span| (span.target, span.start, span.end))
    }

    #[test]
    fn offsets_count_utf16_units() {
        use serde_json::json;
        assert_eq!(span(json!({"start":5,"end":8,"text":"yes"}), "answer"), Some((SpanTarget::Output, 3, 6)));
        assert_eq!(span(json!({"start":3,"end":5,"text":"🎉"}), "any"), Some((SpanTarget::Query, 3, 4)));
        // Where the text does not tell, the name does.
        assert_eq!(span(json!({"start":0,"end":2}), "question"), Some((SpanTarget::Query, 0, 2)));
        assert_eq!(span(json!({"start":13,"end":21,"text":"is\nfine"}), "a"), Some((SpanTarget::Output, 11, 19)));
        // Paths in markup, offsets within a paragraph: found by the quote, if it stands there once.
        assert_eq!(span(json!({"start":"/p[1]","end":"/p[1]","text":"fine"}), "a"), Some((SpanTarget::Output, 15, 19)));
        assert_eq!(span(json!({"start":1,"end":2,"text":"it"}), "a"), Some((SpanTarget::Output, 8, 10)));
        assert_eq!(span(json!({"start":5,"end":8,"text":"no"}), "a"), None);
        assert_eq!(span(json!({"start":9,"end":5}), "a"), None);
        assert_eq!(span(json!({"start":0,"end":1}), "answer"), Some((SpanTarget::Query, 0, 1)));
    }
}
