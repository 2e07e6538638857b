//! What is in a Chroma collection that somebody wrote to a file?
//!
//! The store has no export of its own: files are what its client returned. `collection.get()` gives columns side by side
//! (`ids[i]`, `documents[i]`, `metadatas[i]`, `embeddings[i]` belong together; what was not included is null),
//! `collection.query()` the same within a list per query. Others write a row per entry, as JSON lines or as a data frame:
//! in CSV the metadata is then a Python literal and the embedding a numpy print, or the metadata's keys are columns.
//!
//! The metadata is whatever its user put in: the words of the field say whether a row is a feedback, a turn, or neither.
//! Embeddings are vectors of a model that the file does not name. Sources: exports of chromadb 1.5.9 and pandas.

use serde_json::Value;

use super::generic::{self, GenericRows};
use crate::{
    Detected, Format, Out, Recognised, Role, RowReader, Sample, python,
    row::{Cell, Reason, Row, plain_text},
};
use hearback_domain::{Record, TurnRecord, VectorRecord, error::Result, record::Weight};

pub struct Chroma;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// Lists side by side, or such lists for each query.
    Columns,
    /// A row per entry with its metadata in one field.
    Rows,
    /// A row per entry, the metadata's keys beside it.
    Flat,
}

impl Layout {
    fn of(row: &Row<'_>) -> Option<Self> {
        let list = |key: &str| matches!(row.get(key), Some(Cell::Nested(text)) if text.starts_with('['));
        if list("ids") && ["metadatas", "documents", "embeddings"].iter().any(|key| row.has(key)) {
            Some(Self::Columns)
        } else if !row.has("id") || !row.has("document") {
            None
        } else if row.has("metadata") {
            Some(Self::Rows)
        } else {
            Some(Self::Flat)
        }
    }
}

impl Format for Chroma {
    fn name(&self) -> &'static str {
        "chroma"
    }

    fn title(&self) -> &'static str {
        "Chroma"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        let layout = sample.rows.first().and_then(Layout::of)?;
        if sample.share(|row| Layout::of(row) == Some(layout)) < 0.9 {
            return None;
        }
        let (confidence, reason, title) = match layout {
            Layout::Columns => (0.95, "ids, documents and metadatas stand side by side", "Chroma collection"),
            Layout::Rows => (0.85, "rows have id, document and metadata", "Chroma rows"),
            // Only where the rest is feedback or turns: other tables have documents, too.
            Layout::Flat if sample.share(|row| generic::is_feedback(row) || generic::is_turn(row)) > 0.5 => {
                // The two columns that the usual loop writes first tell it from a table of our own.
                let first = sample.columns().starts_with(&["id", "document"]);
                let confidence = if first { 0.92 } else { 0.6 };
                (confidence, "rows have id and document beside the keys of feedback or turns", "Chroma rows, flattened")
            }
            Layout::Flat => return None,
        };
        let found = Detected::new(confidence, reason, Role::Mixed, title);
        let without = |key: &str| sample.rows.iter().all(|row| row.get(key).is_none_or(Cell::is_null));
        Some(if without("embeddings") && without("embedding") {
            found.note("embeddings are not in this export: ask for them with include=[\"embeddings\"]")
        } else {
            found
        })
    }

    fn reader(&self, _recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        Ok(Box::new(Reader::default()))
    }
}

#[derive(Default)]
struct Reader {
    rows: GenericRows,
    /// Numbers in a vector, as in the first one of the file.
    size: Option<usize>,
}

/// One entry of a collection.
#[derive(Default)]
struct Entry {
    id: String,
    document: Option<String>,
    uri: Option<String>,
    metadata: Row<'static>,
    embedding: Cell<'static>,
}

impl RowReader for Reader {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        match Layout::of(row) {
            Some(Layout::Columns) => self.columns(row, out),
            Some(layout) => {
                let entry = entry(row, layout)?;
                self.entry(entry, out)
            }
            None => Err("it has neither ids nor an id with its document".into()),
        }
    }
}

fn entry(row: &mut Row<'_>, layout: Layout) -> std::result::Result<Entry, Reason> {
    let id = row.word("id").ok_or("an entry needs an id")?;
    let document = row.text("document");
    let embedding = row.take("embedding").into_owned();
    let metadata = match layout {
        Layout::Flat => std::mem::take(row).into_owned(),
        _ => metadata(&row.take("metadata"))?,
    };
    Ok(Entry { id, document, uri: row.word("uri"), metadata, embedding })
}

/// JSON, or the Python literal that a data frame writes.
fn metadata(cell: &Cell<'_>) -> std::result::Result<Row<'static>, Reason> {
    let Some(text) = cell.as_str().filter(|text| !text.trim().is_empty()) else { return Ok(Row::default()) };
    match python::nested(text) {
        Some(Value::Object(object)) => Ok(generic::row_of(&object)),
        _ => Err("the metadata is no object that can be read".into()),
    }
}

impl Reader {
    /// Lists side by side; those of a query are one list deeper.
    fn columns(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        let mut column = |key: &str| -> std::result::Result<Vec<Value>, Reason> {
            let cell = row.take(key);
            let Some(text) = cell.as_str() else { return Ok(Vec::new()) };
            serde_json::from_str(text).map_err(|_| format!("{key} is no list"))
        };
        let mut ids = column("ids")?;
        let mut columns = [column("documents")?, column("metadatas")?, column("embeddings")?, column("uris")?];
        column("included").ok();
        if ids.iter().any(Value::is_array) {
            ids = flattened(ids);
            columns = columns.map(flattened);
        }
        let [documents, metadatas, embeddings, uris] = columns;
        let text = |list: &[Value], place: usize| list.get(place).and_then(plain_text);
        for (place, id) in ids.iter().enumerate() {
            out.part();
            let metadata = match metadatas.get(place) {
                Some(Value::Object(object)) => generic::row_of(object),
                _ => Row::default(),
            };
            let entry = Entry {
                id: plain_text(id).unwrap_or_default(),
                document: text(&documents, place),
                uri: text(&uris, place),
                metadata,
                embedding: embeddings.get(place).map(Cell::of_value).unwrap_or_default(),
            };
            let raw = || {
                let (document, metadata) = (documents.get(place), metadatas.get(place));
                serde_json::json!({"id": id, "document": document, "metadata": metadata}).to_string()
            };
            if entry.id.trim().is_empty() {
                out.reject_part("an entry needs an id", raw());
            } else if let Err(reason) = self.entry(entry, out) {
                out.reject_part(reason, raw());
            }
        }
        Ok(())
    }

    fn entry(&mut self, entry: Entry, out: &mut Out) -> std::result::Result<(), Reason> {
        let Entry { id, document, uri, mut metadata, embedding } = entry;
        let vector = self.vector(&id, document.as_deref(), &embedding, out);
        // The entry's id is the record's.
        let inner = metadata.take("id");
        metadata.push("entry_id", inner);
        metadata.push("uri", uri.map_or(Cell::Null, |uri| Cell::Text(uri.into())));
        if generic::is_feedback(&metadata) {
            put_document(&mut metadata, document);
            metadata.push("id", Cell::Text(id.into()));
            self.rows.read(&mut metadata, out)?;
        } else if generic::is_turn(&metadata) {
            let mut turn = generic::turn(&mut metadata, &id)?;
            // The id of a turn is that of its entry, unless the entry says of which turn it is.
            if turn.query.is_none() && turn.output.is_none() {
                turn.query = document;
            } else if let Some(document) = document {
                remember_document(&mut turn, document);
            }
            turn.weight = Weight::Fill;
            out.push(Record::Turn(turn));
        } else if vector.is_none() {
            return Err("its metadata speaks neither of feedback nor of a turn, and it has no vector".into());
        }
        out.records.extend(vector.map(Record::Vector));
        Ok(())
    }

    /// The meaning of the document to the model of the collection; what cannot be one is rejected by itself.
    fn vector(&mut self, id: &str, document: Option<&str>, cell: &Cell<'_>, out: &mut Out) -> Option<VectorRecord> {
        let text = cell.as_str().filter(|text| !text.trim().is_empty())?;
        let Some(document) = document else {
            out.unmapped("embedding without a document");
            return None;
        };
        let numbers = match python::nested(text) {
            Some(Value::Array(list)) => {
                list.iter().map(|number| number.as_f64().map(|number| number as f32)).collect::<Option<Vec<f32>>>()
            }
            _ => None,
        };
        let problem = match &numbers {
            None => Some("the embedding is no list of numbers (a shortened print cannot be read)".to_owned()),
            Some(numbers) if numbers.is_empty() || numbers.iter().any(|number| !number.is_finite()) => {
                Some("the embedding is empty or not finite".to_owned())
            }
            Some(numbers) => {
                let size = *self.size.get_or_insert(numbers.len());
                (numbers.len() != size)
                    .then(|| format!("the embedding has {} numbers, those before it have {size}", numbers.len()))
            }
        };
        if let Some(problem) = problem {
            // The entry itself is kept: its vector is a part of its own.
            out.part();
            out.reject_part(problem, format!("{id}: {text}"));
            return None;
        }
        // The file does not name the collection; vectors of one model have one size.
        let vector = numbers?;
        Some(VectorRecord { model: format!("chroma-{}", vector.len()), text: document.to_owned(), vector })
    }
}

/// Without words of its own, a scored entry is about its document, or rather: the document is what was said.
fn put_document(metadata: &mut Row<'static>, document: Option<String>) {
    let Some(document) = document else { return };
    let texts = ["comment", "correction", "query", "output", "feedback_type"];
    let known = crate::mapping::vocabulary(metadata, crate::mapping::Vocabulary::Feedback);
    let repeated = metadata.cells().any(|(_, cell)| matches!(cell, Cell::Text(text) if *text == document));
    if !texts.iter().any(|target| known.has(target)) {
        metadata.push("comment", Cell::Text(document.into()));
    } else if !repeated {
        metadata.push("document", Cell::Text(document.into()));
    }
}

fn remember_document(turn: &mut TurnRecord, document: String) {
    let repeated = [&turn.query, &turn.output].into_iter().flatten().any(|text| *text == document);
    if !repeated {
        turn.metadata.insert("document".into(), document);
    }
}

fn flattened(lists: Vec<Value>) -> Vec<Value> {
    lists
        .into_iter()
        .flat_map(|value| match value {
            Value::Array(list) => list,
            other => vec![other],
        })
        .collect()
}
