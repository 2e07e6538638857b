//! A row per annotation: JSON_MIN, CSV, TSV.
//!
//! The columns of the data and those of the controls stand side by side, in CSV even in alphabetical order, and nothing
//! says which is which. So the first rows are held back until their columns can be told apart: by the shape of their
//! values, by the words of the field, by where JSON_MIN puts them (after the task's id), and by whether they differ
//! among the annotations of one task.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::{
    annotation::{self, Annotation, ControlValue, What},
    is_task, task,
};
use crate::{
    Out, RowReader,
    container::Container,
    formats::generic,
    kind,
    mapping::{self, Vocabulary},
    row::{Cell, Reason, Row},
};
use hearback_domain::{Author, Record, lexicon, record::Metadata};

/// Rows and bytes that are held back at most.
const ROWS: usize = 500;
const BYTES: usize = 4 << 20;

pub(super) struct Reader {
    /// The order of the keys is the tool's.
    ordered: bool,
    held: Vec<Row<'static>>,
    bytes: usize,
    controls: Option<BTreeMap<String, Control>>,
}

/// What a column of an annotation holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Control {
    Choices,
    Rating,
    Text,
    /// Structures that say themselves what they are.
    Shaped,
}

const BOOKKEEPING: &[&str] =
    &["id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement", "history"];

impl Reader {
    pub(super) fn new(container: Container) -> Self {
        let ordered = matches!(container, Container::Json | Container::JsonLines);
        Self { ordered, held: Vec::new(), bytes: 0, controls: None }
    }

    fn decide(&mut self, out: &mut Out) {
        let controls = controls(&self.held, self.ordered);
        for mut row in std::mem::take(&mut self.held) {
            if let Err(reason) = read(&mut row, &controls, out) {
                out.reject_part(reason, generic::raw(&row));
            }
            for (field, _) in row.leftovers() {
                out.unmapped.push(field.to_owned());
            }
        }
        self.controls = Some(controls);
    }
}

impl RowReader for Reader {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        if is_task(row) {
            return task::read(row, out);
        }
        if let Some(controls) = &self.controls {
            return read(row, controls, out);
        }
        if !row.has("annotation_id") {
            return Err("it is neither a task nor an annotation".into());
        }
        self.bytes += row.cells().map(|(key, cell)| key.len() + cell.as_str().map_or(0, str::len)).sum::<usize>();
        self.held.push(std::mem::take(row).into_owned());
        if self.held.len() >= ROWS || self.bytes >= BYTES {
            self.decide(out);
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Out) -> Result<(), Reason> {
        if self.controls.is_none() {
            self.decide(out);
        }
        Ok(())
    }
}

/// The columns that hold what annotators said.
fn controls(rows: &[Row<'static>], ordered: bool) -> BTreeMap<String, Control> {
    let mut columns: BTreeMap<&str, Vec<&Cell<'static>>> = BTreeMap::new();
    for row in rows {
        for (key, cell) in row.cells().filter(|(key, _)| !BOOKKEEPING.contains(key)) {
            let cells = columns.entry(key).or_default();
            if !cell.is_null() {
                cells.push(cell);
            }
        }
    }
    let varying = varying(rows);
    columns
        .into_iter()
        .filter(|(_, cells)| !cells.is_empty())
        .filter(|(name, cells)| {
            cells.iter().any(|cell| shaped(cell).is_some())
                || if ordered && rows.iter().any(|row| stands_after_id(row, name)) {
                    true
                } else {
                    !ordered && (varying.contains_key(name) || !is_data(name) && is_opinion(name, cells))
                }
        })
        .map(|(name, cells)| (name.to_owned(), control(name, &cells)))
        .collect()
}

/// JSON_MIN appends to the data the task's id, the controls, and then who and when.
fn stands_after_id(row: &Row<'_>, name: &str) -> bool {
    let place = |name: &str| row.cells().position(|(key, _)| key == name);
    matches!((place("id"), place(name), place("annotator")), (Some(id), Some(place), Some(end)) if id < place && place < end)
}

/// Columns with several values among the annotations of one task.
fn varying<'r>(rows: &'r [Row<'static>]) -> HashMap<&'r str, ()> {
    let mut first: HashMap<(String, &str), &Cell<'_>> = HashMap::new();
    let mut varying = HashMap::new();
    for row in rows {
        let Some(task) = row.get("id").and_then(Cell::as_str) else { continue };
        for (key, cell) in row.cells() {
            if first.entry((task.to_owned(), key)).or_insert(cell) != &cell {
                varying.insert(key, ());
            }
        }
    }
    varying
}

/// Does the field use this name for what belongs to a turn?
fn is_data(name: &str) -> bool {
    // A value that fits every field.
    let named = |value: &str| {
        let row = Row::new(vec![(name.to_owned().into(), Cell::Text(value.to_owned().into()))]);
        !mapping::vocabulary(&row, Vocabulary::Turn).is_empty()
    };
    !kind::is_correction_name(name) && (named("1") || named("2026-01-01"))
}

/// A column that never changes within a task: a control if it is often empty or named like one, and no sentence.
fn is_opinion(name: &str, cells: &[&Cell<'_>]) -> bool {
    let named = |value: &str| {
        let row = Row::new(vec![(name.to_owned().into(), Cell::Text(value.to_owned().into()))]);
        let mapping = mapping::vocabulary(&row, Vocabulary::Feedback);
        ["score", "label", "reasons", "comment", "correction"].iter().any(|target| mapping.has(target))
    };
    let signs = cells.iter().all(|cell| cell.as_str().is_some_and(lexicon::is_thumb));
    // The classic task is a text.
    let is_text_to_judge = matches!(name, "text" | "content" | "html" | "message" | "body" | "value");
    signs || !is_text_to_judge && (named("1") || kind::is_correction_name(name))
}

fn control(name: &str, cells: &[&Cell<'_>]) -> Control {
    let structures: Vec<Value> = cells.iter().filter_map(|cell| shaped(cell)).collect();
    let any = |key: &str| structures.iter().any(|value| value.get(key).is_some());
    if any("choices") {
        return Control::Choices;
    }
    if !structures.is_empty() && structures.iter().all(|value| value.get("text").is_some_and(Value::is_array)) {
        return Control::Text;
    }
    if !structures.is_empty() {
        return Control::Shaped;
    }
    if cells.iter().all(|cell| cell.as_str().is_some_and(|text| text.trim().parse::<f64>().is_ok())) {
        return Control::Rating;
    }
    if kind::is_correction_name(name) || is_remark_name(name) {
        return Control::Text;
    }
    const LONGEST: usize = 40;
    let texts: Vec<&str> = cells.iter().filter_map(|cell| cell.as_str()).collect();
    let mut distinct: Vec<&str> = texts.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let short = |text: &&str| {
        text.chars().count() <= LONGEST && !text.contains(['.', '\n']) && text.split_whitespace().nth(3).is_none()
    };
    let short = texts.iter().all(short);
    // The same words again and again are chosen, not written.
    let repeated = distinct.len() * 2 <= texts.len() || texts.len() < 4;
    if short && (repeated || texts.iter().all(|text| !text.contains(' '))) { Control::Choices } else { Control::Text }
}

fn is_remark_name(name: &str) -> bool {
    let row = Row::new(vec![(name.to_owned().into(), Cell::Text("words".into()))]);
    mapping::vocabulary(&row, Vocabulary::Feedback).has("comment")
}

/// The structure of a control's value: `{"choices": […]}`, `[{"rating": 4}]`, `[{"start": 0, …}]`.
fn shaped(cell: &Cell<'_>) -> Option<Value> {
    let text = cell.as_str()?;
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let value: Value = serde_json::from_str(text).ok()?;
    let shape = |value: &Value| {
        let object = value.as_object()?;
        let keys = ["choices", "rating", "number", "taxonomy", "labels", "text", "selected"];
        (keys.iter().any(|key| object.contains_key(*key)) && !object.contains_key("role") && !object.contains_key("id"))
            .then(|| value.clone())
    };
    match &value {
        Value::Array(list) => {
            let first = shape(list.first()?)?;
            // A list of texts is a list of documents, unless each says where it stands.
            (first.get("text").is_none_or(Value::is_array) || first.get("start").is_some()).then_some(first)
        }
        Value::Object(object) if object.get("text").is_none_or(Value::is_array) => shape(&value),
        _ => None,
    }
}

fn read(row: &mut Row<'_>, controls: &BTreeMap<String, Control>, out: &mut Out) -> Result<(), Reason> {
    let task = row.word("id");
    let annotation = row.word("annotation_id").ok_or("an annotation needs an annotation_id")?;
    let mut metadata = Metadata::new();
    for key in ["annotator", "lead_time", "agreement"] {
        metadata.extend(row.word(key).map(|value| (key.to_owned(), value)));
    }
    let created_at = row.time(&["created_at"])?;
    row.take("updated_at");
    let mut said = Vec::new();
    // In the order of the file, as the JSON export has them, for the sake of equal ids.
    let names: Vec<String> =
        row.cells().filter(|(key, _)| controls.contains_key(*key)).map(|(key, _)| key.to_owned()).collect();
    for name in names {
        let Some(control) = controls.get(&name) else { continue };
        let cell = row.take(&name);
        let values = values(&cell, *control).ok_or_else(|| format!("{name} is no value of a control"))?;
        said.extend(values.into_iter().map(|what| ControlValue {
            control: name.clone(),
            to_name: None,
            region: None,
            what,
            note: None,
        }));
    }
    let mut data = std::mem::take(row);
    let fallback =
        task.as_deref().map_or_else(|| "label-studio-task".to_owned(), |id| format!("label-studio-task-{id}"));
    let mut turn = generic::turn(&mut data, &fallback)?;
    generic::only_text(&mut turn);
    turn.metadata.extend(task.map(|id| ("task".to_owned(), id)));
    let annotation = Annotation { id: annotation, author: Author::Human, created_at, metadata };
    annotation.put_out(said, false, &turn, out);
    out.push(Record::Turn(turn));
    Ok(())
}

fn values(cell: &Cell<'_>, control: Control) -> Option<Vec<What>> {
    if cell.is_empty() {
        return Some(Vec::new());
    }
    if shaped(cell).is_some()
        && let Ok(value) = serde_json::from_str::<Value>(cell.as_str()?)
    {
        let list = match &value {
            Value::Array(list) => list.as_slice(),
            other => std::slice::from_ref(other),
        };
        let read: Option<Vec<Vec<What>>> = list.iter().map(annotation::values).collect();
        return read.map(|read| read.into_iter().flatten().collect());
    }
    let text = cell.clone().into_text()?;
    Some(vec![match control {
        Control::Rating => What::Rating(text.trim().parse().ok()?),
        Control::Choices => What::Choice(text),
        Control::Text | Control::Shaped => What::Text(text),
    }])
}
