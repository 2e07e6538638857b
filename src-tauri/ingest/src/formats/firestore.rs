//! What do documents of Google Firestore say?
//!
//! | shape | from |
//! |---|---|
//! | `{name: ".../documents/feedback/ID", fields: {rating: {integerValue: "1"}}}`, also in a list or a query's answer | REST, the emulator |
//! | `{"__collections__": {"feedback": {"ID": {…}}}}`, or the collections without that key | dumps made with the admin SDKs |
//!
//! Typed values are unwrapped, maps within a document are laid flat, and the words of the field say what is what.
//! `gcloud firestore export` writes LevelDB logs, which [`is_managed_export`] knows and nobody here reads.
//! Sources: the REST reference's Document and Value; dumps of node-firestore-import-export; leveldb `doc/log_format.md`.

use serde_json::{Map, Value};

use super::generic::{self, GenericRows};
use crate::{
    Detected, Format, Out, Recognised, Role, RowReader, Sample,
    row::{Cell, Reason, Row, plain_text},
};
use hearback_domain::{Record, Timestamp, error::Result, record::Weight};

pub struct Firestore;

/// What to do with a file that [`is_managed_export`].
pub const MANAGED_EXPORT_ADVICE: &str = "it is a managed export of Firestore, which only Google's own services read: load it \
     into BigQuery and export the table as JSON, CSV or Parquet, or write the documents as JSON with an admin SDK";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Document,
    /// The answer of a query: the document is one of the fields.
    Answer,
    /// `{"documents": […]}`.
    List,
    /// Collections of documents by their ids.
    Dump,
}

impl Shape {
    fn of(row: &Row<'_>) -> Option<Self> {
        let text = |key: &str| row.get(key).and_then(Cell::as_str).unwrap_or_default();
        let is_named = |text: &str| text.contains("/documents/");
        if is_named(text("name")) && (row.has("fields") || row.has("createTime")) {
            Some(Self::Document)
        } else if row.has("readTime") && is_named(text("document")) {
            Some(Self::Answer)
        } else if is_named(text("documents")) && text("documents").contains("\"fields\"") {
            Some(Self::List)
        } else if row.has("__collections__") {
            Some(Self::Dump)
        } else {
            None
        }
    }
}

impl Format for Firestore {
    fn name(&self) -> &'static str {
        "firestore"
    }

    fn title(&self) -> &'static str {
        "Google Firestore"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        let found =
            |confidence, reason: &str| Some(Detected::new(confidence, reason, Role::Mixed, "Firestore documents"));
        let shapes = sample.rows.iter().filter_map(Shape::of).count();
        if shapes * 2 > sample.rows.len() {
            return found(
                0.95,
                "documents have a name within /documents/ and typed fields, or are under __collections__",
            );
        }
        match sample.rows {
            [only] if is_map_of_documents(only) => found(0.5, "collections hold documents by their ids"),
            _ => None,
        }
    }

    fn reader(&self, _recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        Ok(Box::new(Reader::default()))
    }
}

/// `{"feedback": {"ID": {…}, …}}`, and most of the documents say something.
fn is_map_of_documents(row: &Row<'_>) -> bool {
    let (mut documents, mut speaking) = (0, 0);
    for (_, cell) in row.cells() {
        let Value::Object(collection) = cell.to_json() else { return false };
        for document in collection.values().take(50) {
            let Value::Object(document) = document else { return false };
            let flat = flattened(document);
            documents += 1;
            speaking += usize::from(generic::is_feedback(&flat) || generic::is_turn(&flat));
        }
    }
    documents > 0 && speaking * 2 > documents
}

#[derive(Default)]
struct Reader {
    rows: GenericRows,
}

impl RowReader for Reader {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        match Shape::of(row) {
            Some(Shape::Document) => {
                let document = Value::Object(object(row));
                self.typed(&document, out)
            }
            Some(Shape::Answer) => {
                row.take("readTime");
                let document = row.take("document").to_json();
                self.typed(&document, out)
            }
            Some(Shape::List) => {
                row.take("nextPageToken");
                let Value::Array(documents) = row.take("documents").to_json() else {
                    return Err("documents is no list".into());
                };
                for document in &documents {
                    out.part();
                    if let Err(reason) = self.typed(document, out) {
                        out.reject_part(reason, document.to_string());
                    }
                }
                Ok(())
            }
            Some(Shape::Dump) => {
                let collections = row.take("__collections__").to_json();
                self.collections(&collections, None, out);
                Ok(())
            }
            // The end of a query's answer has a time and no document.
            None if row.has("readTime") => {
                row.take("readTime");
                Ok(())
            }
            None => {
                let collections = Value::Object(object(row));
                self.collections(&collections, None, out);
                Ok(())
            }
        }
    }
}

fn object(row: &mut Row<'_>) -> Map<String, Value> {
    row.drain().map(|(key, cell)| (key.into_owned(), cell.to_json())).collect()
}

impl Reader {
    /// A document of the REST interface.
    fn typed(&mut self, document: &Value, out: &mut Out) -> std::result::Result<(), Reason> {
        let name = document.get("name").and_then(Value::as_str).ok_or("a document needs a name")?;
        let fields = document.get("fields").and_then(Value::as_object).ok_or("the document has no fields")?;
        let fields: Map<String, Value> = fields.iter().map(|(key, value)| (key.clone(), unwrapped(value))).collect();
        let created = document.get("createTime").and_then(plain_text);
        let mut path = name.split("/documents/").nth(1).unwrap_or(name).rsplit('/');
        let (id, collection) = (path.next().unwrap_or_default(), path.next());
        self.document(id, collection, &fields, created, out)
    }

    /// Collections of a dump; documents may have collections of their own.
    fn collections(&mut self, collections: &Value, parent: Option<&str>, out: &mut Out) {
        // Nesting is limited by the parser, so this ends.
        for (name, documents) in collections.as_object().into_iter().flatten() {
            for (id, document) in documents.as_object().into_iter().flatten() {
                out.part();
                let Some(fields) = document.as_object() else {
                    out.reject_part("a document is no object", document.to_string());
                    continue;
                };
                let mut fields: Map<String, Value> =
                    fields.iter().map(|(key, value)| (key.clone(), plain(value))).collect();
                let inner = fields.remove("__collections__");
                if let Some(parent) = parent {
                    fields.insert("parent_document".into(), parent.into());
                }
                let holds_more = inner.as_ref().and_then(Value::as_object).is_some_and(|inner| !inner.is_empty());
                if let Err(reason) = self.document(id, Some(name), &fields, None, out)
                    && !holds_more
                {
                    out.reject_part(reason, document.to_string());
                }
                if let Some(inner) = inner {
                    self.collections(&inner, Some(id), out);
                }
            }
        }
    }

    fn document(
        &mut self,
        id: &str,
        collection: Option<&str>,
        fields: &Map<String, Value>,
        created: Option<String>,
        out: &mut Out,
    ) -> std::result::Result<(), Reason> {
        let mut row = flattened(fields);
        // The document's id; a field of that name is another one's.
        let inner = row.take("id");
        row.push("field_id", inner);
        if let Some(collection) = collection {
            row.push("collection", Cell::Text(collection.to_owned().into()));
        }
        let dated = crate::mapping::vocabulary(&row, crate::mapping::Vocabulary::Feedback).has("created_at");
        if let (Some(created), false) = (created, dated) {
            row.push("created_at", Cell::Text(created.into()));
        }
        if generic::is_feedback(&row) {
            row.push("id", Cell::Text(id.to_owned().into()));
            return self.rows.read(&mut row, out);
        }
        if generic::is_turn(&row) {
            let mut turn = generic::turn(&mut row, id)?;
            if turn.query.is_some() || turn.output.is_some() {
                turn.weight = Weight::Full;
                out.push(Record::Turn(turn));
                return Ok(());
            }
        }
        Err("the document speaks neither of feedback nor of a turn".into())
    }
}

/// The value within `{"stringValue": …}`.
fn unwrapped(value: &Value) -> Value {
    let Some((kind, inner)) = value.as_object().and_then(|object| object.iter().next()) else { return Value::Null };
    match kind.as_str() {
        "nullValue" => Value::Null,
        // A text, for the sake of 64 bits.
        "integerValue" => {
            let whole = inner.as_str().and_then(|text| text.parse::<i64>().ok());
            whole.map_or_else(|| inner.clone(), Value::from)
        }
        "mapValue" => {
            let fields = inner.get("fields").and_then(Value::as_object);
            Value::Object(fields.into_iter().flatten().map(|(key, value)| (key.clone(), unwrapped(value))).collect())
        }
        "arrayValue" => inner.get("values").and_then(Value::as_array).into_iter().flatten().map(unwrapped).collect(),
        _ => inner.clone(),
    }
}

/// Moments as the admin SDKs print them become text; the rest stays.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(object) => match moment(object) {
            Some(moment) => Value::String(moment.to_string()),
            None => Value::Object(object.iter().map(|(key, value)| (key.clone(), plain(value))).collect()),
        },
        Value::Array(list) => list.iter().map(plain).collect(),
        other => other.clone(),
    }
}

/// `{_seconds, _nanoseconds}`, `{seconds, nanoseconds}`, `{__datatype__: "timestamp", value: {…}}`.
fn moment(object: &Map<String, Value>) -> Option<Timestamp> {
    if object.get("__datatype__").and_then(Value::as_str) == Some("timestamp") {
        return moment(object.get("value")?.as_object()?);
    }
    let number = |keys: [&str; 2]| keys.iter().find_map(|key| object.get(*key)?.as_i64());
    let seconds = number(["_seconds", "seconds"])?;
    let nanoseconds = number(["_nanoseconds", "nanoseconds"])?;
    (object.len() == 2)
        .then(|| seconds.checked_mul(1_000_000)?.checked_add(nanoseconds / 1000))
        .flatten()
        .map(Timestamp::from_micros)
}

/// Maps within the document laid flat: by the last key where that is free, by the whole path elsewhere.
fn flattened(fields: &Map<String, Value>) -> Row<'static> {
    let mut row = Row::default();
    let (plain, nested): (Vec<_>, Vec<_>) =
        fields.iter().partition(|(key, value)| !value.is_object() || key.as_str() == "metadata");
    for (key, value) in plain {
        row.push(key.clone(), Cell::of_value(value));
    }
    for (key, value) in nested {
        lay_flat(key, value, &mut row);
    }
    row
}

fn lay_flat(path: &str, value: &Value, row: &mut Row<'static>) {
    for (key, inner) in value.as_object().into_iter().flatten() {
        let whole = format!("{path}.{key}");
        if inner.is_object() {
            lay_flat(&whole, inner, row);
        } else if row.has(key) {
            row.push(whole, Cell::of_value(inner));
        } else {
            row.push(key.clone(), Cell::of_value(inner));
        }
    }
}

/// Is this the start of a log in LevelDB's format, as `gcloud firestore export` writes its `output-N` and metadata files?
/// Its first record says so by a checksum: masked CRC-32C, length (little endian), type, content.
pub fn is_managed_export(head: &[u8]) -> bool {
    let [c0, c1, c2, c3, l0, l1, kind @ 1..=4, rest @ ..] = head else { return false };
    let length = usize::from(u16::from_le_bytes([*l0, *l1]));
    let Some(content) = rest.get(..length) else { return false };
    let checksum = crc32c(std::iter::once(*kind).chain(content.iter().copied()));
    const MASK: u32 = 0xa282_ead8;
    length > 0 && u32::from_le_bytes([*c0, *c1, *c2, *c3]) == checksum.rotate_right(15).wrapping_add(MASK)
}

/// CRC-32C (Castagnoli), bit by bit: one record of at most 32 kB.
fn crc32c(bytes: impl Iterator<Item = u8>) -> u32 {
    const POLYNOMIAL: u32 = 0x82f6_3b78;
    !bytes.fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ POLYNOMIAL } else { crc >> 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leveldb_log_is_known_by_its_checksum() {
        assert_eq!(crc32c(b"123456789".iter().copied()), 0xe306_9283);
        let content = b"entity";
        let checksum = crc32c(std::iter::once(1).chain(content.iter().copied()));
        let mut log = checksum.rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes().to_vec();
        log.extend([6, 0, 1]);
        log.extend(content);
        assert!(is_managed_export(&log));
        log[9] ^= 1;
        assert!(!is_managed_export(&log));
        assert!(!is_managed_export(&log[..9]) && !is_managed_export(b"") && !is_managed_export(b"id,text\n1,a\n"));
    }
}
