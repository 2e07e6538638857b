//! What does a format have to answer, and what is it asked about?
//!
//! A [`Format`] says whether a [`Sample`] is of its tool, and makes a [`RowReader`], which puts out what the rows of one
//! file mean.

use crate::{
    container::Container,
    mapping::Mapping,
    row::{Cell, Reason, Row},
};
use hearback_domain::{Record, error::Result};

/// What somebody's tool writes, and how it is read.
pub trait Format: Sync {
    /// For `--format` and for the workspace file.
    fn name(&self) -> &'static str;
    /// For people.
    fn title(&self) -> &'static str;
    /// Is this it? From the file's name and first records.
    fn detect(&self, sample: &Sample<'_>) -> Option<Detected>;
    /// Begins to read one file.
    ///
    /// # Errors
    /// What is asked for cannot be read so (a table without a mapping).
    fn reader(&self, recognised: &Recognised) -> Result<Box<dyn RowReader>>;
}

/// Turns the rows of one file into records. It may remember what later rows need, within bounds.
pub trait RowReader {
    /// Takes what it understands out of `row` and puts out what that means; what is left in `row` afterwards is
    /// counted as unmapped. With an error nothing of the row is kept.
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason>;

    /// After the last row: what was held back for want of others.
    fn finish(&mut self, _out: &mut Out) -> std::result::Result<(), Reason> {
        Ok(())
    }

    /// Why a field found no place, where that is known.
    fn why_unmapped(&self, _field: &str, _cell: &Cell<'_>) -> Option<&'static str> {
        None
    }
}

/// What one row came to.
#[derive(Debug, Default)]
pub struct Out {
    pub(crate) records: Vec<Record>,
    /// For rows that hold many records (a message of spans, lists side by side): each is a record of the file.
    pub(crate) parts: u64,
    pub(crate) rejected: Vec<(Reason, String)>,
    pub(crate) unmapped: Vec<String>,
}

impl Out {
    pub fn push(&mut self, record: Record) {
        self.records.push(record);
    }

    /// Begins one of the records that the row holds. A row of which no part begins is one record.
    pub fn part(&mut self) {
        self.parts += 1;
    }

    /// Rejects the part begun last, and only that; `raw` is its text.
    pub fn reject_part(&mut self, reason: impl Into<Reason>, raw: impl Into<String>) {
        self.rejected.push((reason.into(), raw.into()));
    }

    /// A field within a part that found no place.
    pub fn unmapped(&mut self, field: impl Into<String>) {
        self.unmapped.push(field.into());
    }
}

/// The start of a file.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'s> {
    /// The file's name without its folder.
    pub file_name: &'s str,
    pub container: Container,
    pub rows: &'s [Row<'static>],
    pub mapping: Option<&'s Mapping>,
}

impl Sample<'_> {
    /// Do all sampled rows have all of `keys`?
    pub fn all_have(&self, keys: &[&str]) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(|row| keys.iter().all(|key| row.has(key)))
    }

    /// The share of rows for which `holds` is true, 0 to 1.
    pub fn share(&self, holds: impl Fn(&Row<'static>) -> bool) -> f32 {
        let count = self.rows.iter().filter(|row| holds(row)).count();
        count as f32 / self.rows.len().max(1) as f32
    }

    /// Every key of the sampled rows, in the order in which they appear.
    pub fn columns(&self) -> Vec<&str> {
        columns(self.rows)
    }
}

/// Every key of the rows, in the order in which they appear.
pub fn columns<'r>(rows: &'r [Row<'static>]) -> Vec<&'r str> {
    let mut columns: Vec<&str> = Vec::new();
    for row in rows {
        for (key, _) in row.cells() {
            if !columns.contains(&key) {
                columns.push(key);
            }
        }
    }
    columns
}

/// What the records of one file are to the others of a set. A set is best read in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Sessions,
    Turns,
    /// Parts of turns: child observations, spans.
    Details,
    Feedback,
    /// Several of these in one file.
    Mixed,
}

/// The answer of a format that knows the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Detected {
    /// 0 to 1; the highest of all formats reads the file.
    pub confidence: f32,
    /// One sentence without a period: by what it was recognised.
    pub reason: String,
    pub role: Role,
    /// "Langfuse scores".
    pub title: String,
    /// What the tool itself leaves out of this export, and where the user finds it.
    pub note: Option<String>,
    pub mapping: Option<Mapping>,
}

impl Detected {
    pub(crate) fn forced(format: &dyn Format) -> Self {
        Self::new(0.0, "the format was chosen", Role::Mixed, format.title())
    }

    pub fn new(confidence: f32, reason: impl Into<String>, role: Role, title: impl Into<String>) -> Self {
        Self { confidence, reason: reason.into(), role, title: title.into(), note: None, mapping: None }
    }

    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

#[derive(Clone)]
pub struct Recognised {
    pub format: &'static dyn Format,
    pub container: Container,
    /// "Langfuse scores (JSON lines)".
    pub title: String,
    pub reason: String,
    pub confidence: f32,
    pub role: Role,
    /// What the tool itself leaves out of this export.
    pub note: Option<String>,
    /// For a table: given by the user, or suggested from names and values.
    pub mapping: Option<Mapping>,
}

impl Recognised {
    /// Files of a set sort by this: sessions, turns, details, feedback, mixed.
    pub fn order(&self) -> u8 {
        self.role as u8
    }
}

impl std::fmt::Debug for Recognised {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recognised")
            .field("format", &self.format.name())
            .field("title", &self.title)
            .field("reason", &self.reason)
            .field("confidence", &self.confidence)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}
