//! Examples that somebody picked, often with a better answer: turns without feedback.

use serde_json::{Map, Value};

use crate::{
    Out,
    formats::otlp::elements,
    message::{self, TextForm},
    row::{self, Cell, Reason, Row},
};
use hearback_domain::{Record, TextHash, TurnRecord, record::Metadata};

pub(super) fn example(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let id = row.word_any(&["id", "node_id", "example_id"]).ok_or("an example needs an id")?;
    let (input, output) = (side(row, "input"), side(row, "output"));
    let mut metadata = Metadata::new();
    row::spread(&row.take("metadata"), "metadata", &mut metadata)?;
    let columns: Vec<String> =
        row.cells().map(|(key, _)| key.to_owned()).filter(|key| key.starts_with("metadata.")).collect();
    for column in columns {
        let text = row.take(&column).into_text();
        metadata.extend(column.strip_prefix("metadata.").map(str::to_owned).zip(text));
    }
    if let Some(splits) = row.word("splits").filter(|splits| splits != "[]") {
        metadata.insert("splits".into(), splits);
    }
    for key in ["node_id", "updated_at", "source"] {
        row.take(key);
    }
    out.push(Record::Turn(TurnRecord {
        id,
        query: message::query(&input, TextForm::MaybeJson),
        system_context: message::system(&input),
        output: message::answer(&output, TextForm::MaybeJson),
        metadata,
        ..TurnRecord::default()
    }));
    Ok(())
}

/// The object of the one side, or its columns put together again.
fn side(row: &mut Row<'_>, name: &str) -> Cell<'static> {
    let whole = row.take(name);
    if !whole.is_null() {
        return whole.into_owned();
    }
    let prefix = format!("{name}.");
    let columns: Vec<String> =
        row.cells().map(|(key, _)| key.to_owned()).filter(|key| key.starts_with(&prefix)).collect();
    let mut object = Map::new();
    for column in columns {
        let Some(text) = row.take(&column).into_text() else { continue };
        let looks_nested = text.trim_start().starts_with(['[', '{']);
        let value = looks_nested.then(|| serde_json::from_str(&text).ok()).flatten().unwrap_or(Value::String(text));
        object.extend(column.strip_prefix(&prefix).map(|key| (key.to_owned(), value)));
    }
    if object.is_empty() { Cell::Null } else { Cell::Nested(Value::Object(object).to_string().into()) }
}

/// `{"data": {"dataset_id": …, "examples": […]}}`
pub(super) fn page(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let Cell::Nested(text) = row.take("data") else { return Ok(()) };
    let mut data = Row::from_json_text(&text)?;
    let examples = data.take("examples");
    for text in elements(&examples)? {
        out.part();
        if let Err(reason) = Row::from_json_text(text.get()).and_then(|mut row| example(&mut row, out)) {
            out.reject_part(reason, text.get());
        }
    }
    Ok(())
}

/// `{"messages": […], "ideal": "…"}`: no id, so it gets one from its content.
pub(super) fn eval(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let messages = row.take("messages");
    let ideal = row.text("ideal");
    let id = TextHash::of(&format!("{:?}", (messages.as_str(), &ideal)));
    out.push(Record::Turn(TurnRecord {
        id: format!("eval-{id}"),
        query: message::query(&messages, TextForm::MaybeJson),
        system_context: message::system(&messages),
        output: ideal,
        ..TurnRecord::default()
    }));
    Ok(())
}
