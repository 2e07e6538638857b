//! What holds the records: lines, one JSON text, a table, columns?
//!
//! Decided by content. Each container walks its file from front to back in constant memory and hands every record
//! to a [`Visit`] as a [`crate::Row`], or says why it is none.

mod columns;
mod json;
mod lines;
mod protobuf;
mod table;
mod walk;
mod workbook;

use std::{io::Read, ops::ControlFlow, path::Path};

use crate::{
    input::{ARCHIVE_MAGIC, ArchiveKind, Decoded, Input, PARQUET, broken, is_exhausted, is_hidden},
    limits,
};
use hearback_domain::{
    error::{Error, Result},
    job::Job,
};

pub(crate) use table::Delimiter;
pub(crate) use walk::{Visit, raw_text};
pub(crate) use workbook::worksheets;

use walk::Walk;

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
    /// A worksheet of an XLSX workbook.
    Worksheet,
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
            Self::Worksheet => "XLSX",
        }
    }

    /// Structured values arrive as text in cells and must be parsed again.
    pub fn is_table(self) -> bool {
        matches!(self, Self::Table(_) | Self::Worksheet)
    }
}

/// # Errors
/// The file cannot be read, is empty, binary or an archive.
pub(crate) fn sniff(input: &Input) -> Result<Container> {
    Ok(sniff_with_title(input)?.0)
}

/// Bytes that tell binary OTLP.
const PROTOBUF_HEAD: usize = 4096;

/// The container and its name for people, which says the encoding: "CSV, UTF-16".
pub(crate) fn sniff_with_title(input: &Input) -> Result<(Container, String)> {
    let plain = |container: Container| Ok((container, container.title().to_owned()));
    if input.as_worksheet().is_some() {
        return plain(Container::Worksheet);
    }
    let head = input.head(PROTOBUF_HEAD)?;
    if ARCHIVE_MAGIC.iter().any(|magic| head.starts_with(magic)) {
        return Err(not_looked_into(input));
    }
    if protobuf::begins(&head) {
        return plain(Container::Protobuf);
    }
    let Decoded { mut text, .. } = input.text()?;
    let mut head = Vec::with_capacity(limits::HEAD_BYTES);
    let count = limits::HEAD_BYTES as u64;
    (&mut text).take(count).read_to_end(&mut head).map_err(|error| broken(input.path(), error))?;
    if head.starts_with(PARQUET) {
        return plain(Container::Parquet);
    }
    let Some(first) = head.iter().find(|byte| !byte.is_ascii_whitespace()) else {
        return Err(no_records(input.path()));
    };
    let container = match first {
        b'[' => Container::Json,
        b'{' if json::is_one_text(&head, head.len() < limits::HEAD_BYTES) => Container::Json,
        b'{' => Container::JsonLines,
        _ if json::lines_after_a_foreign_one(&head) => Container::JsonLines,
        _ => Container::Table(table::sniff_delimiter(&head)),
    };
    let encoding = text.encoding().title().map(|encoding| format!(", {encoding}"));
    Ok((container, container.title().to_owned() + &encoding.unwrap_or_default()))
}

pub(crate) fn no_records(path: &Path) -> Error {
    Error::format(format!("{} holds no records", path.display()))
}

/// Why an archive is still an archive when it comes to reading.
fn not_looked_into(input: &Input) -> Error {
    let path = input.path();
    let archive = match input.open_archive() {
        Ok(archive) => archive,
        Err(error) => return error,
    };
    let visible = archive.members.iter().filter(|member| !is_hidden(&member.name)).count();
    match archive.kind() {
        ArchiveKind::Workbook => match worksheets(path, &archive) {
            Ok(names) => match names.first() {
                None => Error::format(format!("{} holds no records", path.display())),
                Some(first) => Error::input(format!("{} is a workbook", path.display()))
                    .hint(format!("name one of its sheets: {}", path.join(first).display())),
            },
            Err(error) => error,
        },
        ArchiveKind::Document => Error::format(format!("{} is a document, not an export", path.display()))
            .hint("tables are read from XLSX and CSV"),
        ArchiveKind::Files if visible == 0 => {
            Error::format(format!("{} is an archive that holds no files", path.display()))
        }
        ArchiveKind::Files => Error::format(format!(
            "{} is an archive that is not looked into here (at most one lies within another, and none within gzip)",
            path.display()
        ))
        .hint("unpack it and import the folder"),
    }
}

/// What a walk found out about the file as a whole.
#[derive(Clone)]
pub(crate) struct Walked {
    pub digest: String,
    pub bytes: u64,
}

impl From<(String, u64)> for Walked {
    fn from((digest, bytes): (String, u64)) -> Self {
        Self { digest, bytes }
    }
}

/// Walks through all records of the file, or until the visitor breaks off (then there is no digest).
pub(crate) fn walk(input: &Input, container: Container, visit: &mut dyn Visit, job: &Job) -> Result<Option<Walked>> {
    // What was read at any offset, or loaded as a whole, is digested by itself.
    let whole = || Ok(Some(Walked { digest: input.digest(job)?, bytes: input.size() }));
    let mut walk = Walk { path: input.path(), visit, job, tap: None, budget: None, size: input.size(), record: 0 };
    if let Some((workbook, name)) = input.as_worksheet() {
        let flow = workbook::walk(&mut walk, workbook, name)?;
        return if flow.is_break() { Ok(None) } else { whole() };
    }
    if container == Container::Parquet {
        let (file, digest) = input.seekable(job)?;
        return match (columns::walk(&mut walk, file)?, digest) {
            (ControlFlow::Break(()), _) => Ok(None),
            (ControlFlow::Continue(()), Some(digest)) => Ok(Some(digest.into())),
            (ControlFlow::Continue(()), None) => whole(),
        };
    }
    if container == Container::Protobuf {
        let (bytes, tap) = input.bytes()?;
        walk.tap = Some(tap.clone());
        if protobuf::walk(&mut walk, bytes, 0)?.is_break() {
            return Ok(None);
        }
        return Ok(Some(input.finish(&tap, job)?.into()));
    }
    let Decoded { text, tap, start } = input.text()?;
    walk.tap = Some(tap.clone());
    if walk.visit.is_sample() {
        // The first record, however long, and then not much more.
        let budget = text.budget();
        budget.set(limits::RECORD_BYTES as u64 + limits::SAMPLE_BYTES);
        walk.budget = Some(budget);
    }
    let flow = match container {
        Container::JsonLines => lines::walk(&mut walk, text, start),
        Container::Json => json::walk(&mut walk, text, start),
        Container::Table(delimiter) => table::walk(&mut walk, text, start, delimiter),
        Container::Parquet | Container::Worksheet | Container::Protobuf => Ok(ControlFlow::Continue(())),
    };
    match flow {
        Ok(ControlFlow::Continue(())) => {}
        Ok(ControlFlow::Break(())) => return Ok(None),
        Err(error) if walk.visit.is_sample() && is_exhausted(&error) => return Ok(None),
        Err(error) => return Err(error),
    }
    let finished = input.finish(&tap, job)?;
    tap.progress(job, input.size());
    Ok(Some(finished.into()))
}
