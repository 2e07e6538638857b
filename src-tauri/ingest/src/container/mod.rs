//! What holds the records: lines, one JSON text, a table, columns?
//!
//! Decided by content. Each container walks its file from front to back in constant memory and hands every record
//! to a [`Visit`] as a [`Row`], or says why it is none.

pub(super) mod archive;
mod columns;
pub(super) mod encoding;
mod json;
mod lines;
mod protobuf;
mod table;
pub(super) mod workbook;

use std::{io::Read, ops::ControlFlow, path::Path};

use super::{
    files::{self, Bytes, Place},
    limits,
    row::{Reason, Row},
};
use crate::{
    error::{Error, Result},
    job::Job,
    model::{Origin, Reject},
};

pub(super) use table::Delimiter;

use encoding::Budget;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// One JSON object a line.
    JsonLines,
    /// A JSON list, an object that wraps one, a single object, or several one after the other.
    Json,
    Table(Delimiter),
    Parquet,
    /// Binary OTLP; its messages look like lines of OTLP/JSON.
    Protobuf,
    /// A sheet of an XLSX workbook.
    Sheet,
}

impl Container {
    pub fn title(self) -> &'static str {
        match self {
            Self::JsonLines => "JSON lines",
            Self::Json => "JSON",
            Self::Table(Delimiter::Comma) => "CSV",
            Self::Table(Delimiter::Semicolon) => "CSV with semicolons",
            Self::Table(Delimiter::Tab) => "TSV",
            Self::Table(Delimiter::Bar) => "CSV with bars",
            Self::Parquet => "Parquet",
            Self::Protobuf => "protobuf",
            Self::Sheet => "XLSX",
        }
    }

    /// Structured values arrive as text in cells and must be parsed again.
    pub fn is_table(self) -> bool {
        matches!(self, Self::Table(_) | Self::Sheet)
    }
}

/// Who looks at the records of a file. Breaking off is no failure.
pub(super) trait Visit {
    /// `raw` gives the record as it stands in the file.
    fn row(&mut self, origin: Origin, row: Row<'_>, raw: &dyn Fn() -> String) -> Result<ControlFlow<()>>;
    fn reject(&mut self, reject: Reject) -> Result<ControlFlow<()>>;

    /// Only the first records are asked for: then a file is not read on for the end of a record that has none.
    fn is_sample(&self) -> bool {
        false
    }
}

/// What the walks share: where they are, and whether to go on.
struct Walk<'w> {
    path: &'w Path,
    visit: &'w mut dyn Visit,
    job: &'w Job,
    tap: Option<files::Tap>,
    budget: Option<Budget>,
    size: u64,
    record: u64,
}

impl Walk<'_> {
    fn next_origin(&mut self, byte: Option<u64>) -> Result<Origin> {
        const BETWEEN_CHECKS: u64 = 256;
        self.record += 1;
        if let Some(budget) = self.budget.take() {
            budget.set(2 * limits::SAMPLE_BYTES);
        }
        if self.record % BETWEEN_CHECKS == 1 {
            self.job.check()?;
            if let Some(tap) = &self.tap {
                tap.progress(self.job, self.size);
            }
        }
        Ok(Origin { record: self.record, byte })
    }

    fn json(&mut self, byte: u64, bytes: &[u8]) -> Result<ControlFlow<()>> {
        let origin = self.next_origin(Some(byte))?;
        match Row::from_json(bytes) {
            Ok(row) => self.visit.row(origin, row, &|| raw_text(bytes)),
            Err(reason) => self.visit.reject(Reject { origin, reason, raw: raw_text(bytes) }),
        }
    }

    fn reject(&mut self, byte: u64, reason: impl Into<Reason>, raw: &[u8]) -> Result<ControlFlow<()>> {
        let origin = self.next_origin(Some(byte))?;
        self.visit.reject(Reject { origin, reason: reason.into(), raw: raw_text(raw) })
    }

    fn too_long(&mut self, byte: u64, raw: &[u8]) -> Result<ControlFlow<()>> {
        self.reject(byte, format!("the record is longer than {} MiB", limits::RECORD_BYTES >> 20), raw)
    }
}

/// At most [`Reject::RAW_LIMIT`] bytes, with the replacement character for what is not UTF-8.
pub(super) fn raw_text(bytes: &[u8]) -> String {
    let mut end = bytes.len().min(Reject::RAW_LIMIT);
    // Not within a character, where that can be avoided.
    while end < bytes.len() && end > 0 && bytes[end] & 0xc0 == 0x80 {
        end -= 1;
    }
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

/// # Errors
/// The file cannot be read, is empty, binary or an archive.
pub(super) fn sniff(path: &Path) -> Result<Container> {
    Ok(sniff_with_title(path)?.0)
}

/// Bytes that tell binary OTLP.
const PROTOBUF_HEAD: u64 = 4096;

/// The container and its name for people, which says the encoding: "CSV, UTF-16".
pub(super) fn sniff_with_title(path: &Path) -> Result<(Container, String)> {
    if let Place::Sheet(..) = files::resolve(path)? {
        return Ok((Container::Sheet, Container::Sheet.title().into()));
    }
    let (bytes, _) = files::open_bytes(path)?;
    let mut head = Vec::new();
    bytes.take(PROTOBUF_HEAD).read_to_end(&mut head).map_err(|error| files::broken(path, error))?;
    if protobuf::begins(&head) {
        return Ok((Container::Protobuf, Container::Protobuf.title().into()));
    }
    let Bytes { mut reader, .. } = files::open(path)?;
    let mut head = Vec::with_capacity(limits::HEAD_BYTES);
    let count = limits::HEAD_BYTES as u64;
    (&mut reader).take(count).read_to_end(&mut head).map_err(|error| files::broken(path, error))?;
    if head.starts_with(files::PARQUET) {
        return Ok((Container::Parquet, Container::Parquet.title().into()));
    }
    let Some(first) = head.iter().find(|byte| !byte.is_ascii_whitespace()) else {
        return Err(no_records(path));
    };
    let container = match first {
        b'[' => Container::Json,
        b'{' => json::lines_or_text(&head, head.len() < limits::HEAD_BYTES),
        _ if json::lines_after_a_foreign_one(&head) => Container::JsonLines,
        _ => Container::Table(table::sniff_delimiter(&head)),
    };
    let encoding = reader.encoding().title().map(|encoding| format!(", {encoding}"));
    Ok((container, container.title().to_owned() + &encoding.unwrap_or_default()))
}

pub(super) fn no_records(path: &Path) -> Error {
    Error::format(format!("{} holds no records", path.display()))
}

/// What a walk found out about the file as a whole.
#[derive(Clone)]
pub(super) struct Walked {
    pub digest: String,
    pub bytes: u64,
}

/// Walks through all records of the file, or until the visitor breaks off (then there is no digest).
pub(super) fn walk(path: &Path, container: Container, visit: &mut dyn Visit, job: &Job) -> Result<Option<Walked>> {
    let size = files::size(path)?;
    let mut walk = Walk { path, visit, job, tap: None, budget: None, size, record: 0 };
    if let Place::Sheet(file, name) = files::resolve(path)? {
        let flow = workbook::walk(&mut walk, &file, &name)?;
        return if flow.is_break() { Ok(None) } else { whole(path, size, job).map(Some) };
    }
    if container == Container::Parquet {
        let (file, digest) = files::seekable(path, job)?;
        return match (columns::walk(&mut walk, file)?, digest) {
            (ControlFlow::Break(()), _) => Ok(None),
            (ControlFlow::Continue(()), Some((digest, bytes))) => Ok(Some(Walked { digest, bytes })),
            (ControlFlow::Continue(()), None) => whole(path, size, job).map(Some),
        };
    }
    if container == Container::Protobuf {
        let (bytes, tap) = files::open_bytes(path)?;
        walk.tap = Some(tap.clone());
        if protobuf::walk(&mut walk, bytes, 0)?.is_break() {
            return Ok(None);
        }
        let (digest, bytes) = tap.finish(path, job)?;
        return Ok(Some(Walked { digest, bytes }));
    }
    let Bytes { reader, tap, start } = files::open(path)?;
    walk.tap = Some(tap.clone());
    if walk.visit.is_sample() {
        // The first record, however long, and then not much more.
        let budget = reader.budget();
        budget.set(limits::RECORD_BYTES as u64 + limits::SAMPLE_BYTES);
        walk.budget = Some(budget);
    }
    let flow = match container {
        Container::JsonLines => lines::walk(&mut walk, reader, start),
        Container::Json => json::walk(&mut walk, reader, start),
        Container::Table(delimiter) => table::walk(&mut walk, reader, start, delimiter),
        Container::Parquet | Container::Sheet | Container::Protobuf => Ok(ControlFlow::Continue(())),
    };
    match flow {
        Ok(ControlFlow::Continue(())) => {}
        Ok(ControlFlow::Break(())) => return Ok(None),
        Err(error) if walk.visit.is_sample() && files::is_exhausted(&error) => return Ok(None),
        Err(error) => return Err(error),
    }
    let (digest, bytes) = tap.finish(path, job)?;
    tap.progress(job, size);
    Ok(Some(Walked { digest, bytes }))
}

/// What was read at any place, or loaded as a whole, is digested by itself.
fn whole(path: &Path, bytes: u64, job: &Job) -> Result<Walked> {
    Ok(Walked { digest: files::digest(path, job)?, bytes })
}

type Input = encoding::Text;
