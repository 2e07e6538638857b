//! How does a value of a record go into a column, and come back out of it?

use serde_json::{Value as Json, json};

use super::{Kind, batch::Batch};
use crate::read::{Row, from_json};
use hearback_domain::{Document, Timestamp, error::Result};

/// What a column can hold of a record.
pub(crate) trait Value: Sized {
    /// The column's.
    const KIND: Kind;

    fn append(&self, batch: &mut Batch);

    /// Of a column that was selected as [`super::Column::selected`] writes it.
    fn read(row: &Row<'_>, column: &str) -> Result<Self>;
}

impl Value for Option<String> {
    const KIND: Kind = Kind::Text;

    fn append(&self, batch: &mut Batch) {
        batch.text(self.as_deref());
    }

    fn read(row: &Row<'_>, column: &str) -> Result<Self> {
        row.get(column)
    }
}

impl Value for Option<i64> {
    const KIND: Kind = Kind::Number;

    fn append(&self, batch: &mut Batch) {
        batch.number(*self);
    }

    fn read(row: &Row<'_>, column: &str) -> Result<Self> {
        row.get(column)
    }
}

impl Value for Option<Timestamp> {
    const KIND: Kind = Kind::Moment;

    fn append(&self, batch: &mut Batch) {
        batch.moment(*self);
    }

    fn read(row: &Row<'_>, column: &str) -> Result<Self> {
        row.moment_if_any(column)
    }
}

impl Value for Vec<String> {
    const KIND: Kind = Kind::Texts;

    fn append(&self, batch: &mut Batch) {
        batch.texts(self);
    }

    fn read(row: &Row<'_>, column: &str) -> Result<Self> {
        row.json(column)
    }
}

/// As JSON, and null where there are none.
impl Value for Vec<Document> {
    const KIND: Kind = Kind::Text;

    fn append(&self, batch: &mut Batch) {
        let json = |document: &Document| {
            json!({
                "id": document.id,
                "title": document.title,
                "content": document.content,
                "score": document.score,
            })
        };
        let list = (!self.is_empty()).then(|| Json::from_iter(self.iter().map(json)).to_string());
        batch.text(list.as_deref());
    }

    fn read(row: &Row<'_>, column: &str) -> Result<Self> {
        let Some(list) = row.get::<Option<String>>(column)? else { return Ok(Vec::new()) };
        let text = |value: &Json, key: &str| value[key].as_str().map(str::to_owned);
        let documents: Vec<Json> = from_json(&list)?;
        Ok(documents
            .iter()
            .map(|document| Document {
                id: text(document, "id"),
                title: text(document, "title"),
                content: text(document, "content").unwrap_or_default(),
                score: document["score"].as_f64(),
            })
            .collect())
    }
}
