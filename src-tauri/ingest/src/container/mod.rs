//! What holds the records: lines, one JSON text, a table, columns?
//!
//! Decided by content. Each container walks its file from front to back in constant memory and hands every record
//! to a [`Visit`] as a [`Row`], or says why it is none.

mod columns;
mod json;
mod lines;
mod protobuf;
mod table;

use std::{
    io::{BufRead, Read},
    ops::ControlFlow,
    path::Path,
};

use super::{
    files::{self, Bytes},
    limits,
    row::{Reason, Row},
};
use crate::{
    error::{Error, Result},
    job::Job,
    model::{Origin, Reject},
};

pub(super) use table::Delimiter;

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
        }
    }

    /// Structured values arrive as text in cells and must be parsed again.
    pub fn is_table(self) -> bool {
        matches!(self, Self::Table(_))
    }
}

/// Who looks at the records of a file. Breaking off is no failure.
pub(super) trait Visit {
    /// `raw` gives the record as it stands in the file.
    fn row(&mut self, origin: Origin, row: Row<'_>, raw: &dyn Fn() -> String) -> Result<ControlFlow<()>>;
    fn reject(&mut self, reject: Reject) -> Result<ControlFlow<()>>;
}

/// What the walks share: where they are, and whether to go on.
struct Walk<'w> {
    path: &'w Path,
    visit: &'w mut dyn Visit,
    job: &'w Job,
    tap: Option<files::Tap>,
    size: u64,
    record: u64,
}

impl Walk<'_> {
    fn next_origin(&mut self, byte: Option<u64>) -> Result<Origin> {
        const BETWEEN_CHECKS: u64 = 256;
        self.record += 1;
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
/// The file cannot be read, is empty, UTF-16 or an archive.
pub(super) fn sniff(path: &Path) -> Result<Container> {
    let mut file = files::open_file(path)?;
    let mut magic = [0; 4];
    if file.read_exact(&mut magic).is_ok() && magic == files::PARQUET {
        return Ok(Container::Parquet);
    }
    drop(file);
    let Bytes { reader, compressed, .. } = files::open(path)?;
    let mut head = Vec::with_capacity(limits::HEAD_BYTES);
    reader.take(limits::HEAD_BYTES as u64).read_to_end(&mut head).map_err(|error| files::broken(path, error))?;
    if compressed && head.starts_with(files::PARQUET) {
        return Err(Error::format(format!("{} is Parquet within gzip", path.display())).hint("unpack it first"));
    }
    if protobuf::begins(&head) {
        return Ok(Container::Protobuf);
    }
    let Some(first) = head.iter().find(|byte| !byte.is_ascii_whitespace()) else {
        return Err(no_records(path));
    };
    Ok(match first {
        b'[' => Container::Json,
        b'{' => json::lines_or_text(&head),
        _ => Container::Table(table::sniff_delimiter(&head)),
    })
}

pub(super) fn no_records(path: &Path) -> Error {
    Error::format(format!("{} holds no records", path.display()))
}

/// What a walk found out about the file as a whole.
pub(super) struct Walked {
    pub digest: String,
    pub bytes: u64,
}

/// Walks through all records of the file, or until the visitor breaks off (then there is no digest).
pub(super) fn walk(path: &Path, container: Container, visit: &mut dyn Visit, job: &Job) -> Result<Option<Walked>> {
    let size = std::fs::metadata(path).map_err(|error| files::unreadable(path, error))?.len();
    let mut walk = Walk { path, visit, job, tap: None, size, record: 0 };
    if container == Container::Parquet {
        return Ok(match columns::walk(&mut walk)? {
            ControlFlow::Break(()) => None,
            ControlFlow::Continue(()) => Some(Walked { digest: files::digest(path, job)?, bytes: size }),
        });
    }
    let Bytes { reader, tap, start, .. } = files::open(path)?;
    walk.tap = Some(tap.clone());
    let flow = match container {
        Container::JsonLines => lines::walk(&mut walk, reader, start)?,
        Container::Json => json::walk(&mut walk, reader, start)?,
        Container::Table(delimiter) => table::walk(&mut walk, reader, start, delimiter)?,
        Container::Protobuf => protobuf::walk(&mut walk, reader, start)?,
        Container::Parquet => ControlFlow::Continue(()),
    };
    if flow.is_break() {
        return Ok(None);
    }
    let (digest, bytes) = tap.finish(path, job)?;
    tap.progress(job, size);
    Ok(Some(Walked { digest, bytes }))
}

type Input = Box<dyn BufRead>;
