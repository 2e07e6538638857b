//! What does Hearback's own format look like?
//!
//! One record a line (or row), named after the data model: `docs/canonical-format.md`. JSON lines, JSON, CSV and
//! Parquet carry the same fields. [`write`] is the way out, the reader in `read.rs` the way back: reading what was written gives the
//! same record for every field.

mod fields;
mod read;
mod write;

pub use fields::{FIELDS, Field, On};
pub use read::CanonicalRows;
pub use write::write;

use crate::{Detected, Format, Recognised, Role, RowReader, Sample, row::Row};
use hearback_domain::{Author, FeedbackType, error::Result};

pub struct Canonical;

impl Format for Canonical {
    fn name(&self) -> &'static str {
        "canonical"
    }

    fn title(&self) -> &'static str {
        "Hearback canonical"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        let found = |confidence, reason: String| Some(Detected::new(confidence, reason, Role::Mixed, self.title()));
        let word = |row: &Row<'static>, key: &str| row.get(key).and_then(|cell| cell.as_str().map(str::to_owned));
        let kinds = sample.share(|row| {
            word(row, "kind").is_some_and(|kind| matches!(kind.as_str(), "session" | "turn" | "feedback" | "vector"))
        });
        if kinds > 0.5 {
            return found(0.97, "records have a kind: session, turn or feedback".into());
        }
        let columns = sample.columns();
        let known = columns.iter().filter(|name| fields::is_field(name)).count();
        let typed =
            sample.share(|row| word(row, "feedback_type").is_some_and(|word| FeedbackType::from_word(&word).is_some()));
        let told = |name: &str| columns.contains(&name);
        if typed > 0.5 && told("id") && known * 2 >= columns.len() {
            return found(0.9, "records have an id and a feedback_type".into());
        }
        // A table whose every column has a name of ours needs no mapping.
        let speaks = ["comment", "score", "label", "reasons", "correction"].iter().any(|name| told(name));
        let foreign = sample.share(|row| word(row, "author").is_some_and(|word| Author::from_word(&word).is_none()));
        if known == columns.len() && columns.len() > 1 && speaks && foreign == 0.0 {
            return found(0.8, "every column has the name of a canonical field".into());
        }
        None
    }

    fn reader(&self, _recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        Ok(Box::new(CanonicalRows::default()))
    }
}
