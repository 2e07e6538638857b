//! Tables as text: commas, semicolons, tabs or bars; quoted cells over several lines.
//!
//! The first row names the columns. A row with more or fewer cells is rejected: guessing which cell belongs where
//! would put words into the wrong column.

use std::{
    borrow::Cow,
    cell::RefCell,
    collections::HashSet,
    io::{self, BufRead, Read},
    ops::ControlFlow,
    rc::Rc,
};

use super::walk::{Walk, raw_text};
use crate::{
    input::{self, encoding::Text},
    limits,
    row::{Cell, Row},
    safe_names::unique,
};
use hearback_domain::{
    Reject,
    error::{Error, Result},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delimiter {
    Comma,
    Semicolon,
    Tab,
    Bar,
}

impl Delimiter {
    const ALL: &'static [Self] = &[Self::Comma, Self::Semicolon, Self::Tab, Self::Bar];

    fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Bar => b'|',
        }
    }
}

/// The delimiter under which the first rows have the same number of cells, and more than one; commas if in doubt.
pub(super) fn sniff_delimiter(head: &[u8]) -> Delimiter {
    const ROWS: usize = 20;
    if let Some((delimiter, _)) = announced(head) {
        return delimiter;
    }
    let mut best = (0, Delimiter::Comma);
    for delimiter in Delimiter::ALL {
        let mut reader = builder(*delimiter).has_headers(false).from_reader(head);
        let mut widths = Vec::new();
        let mut record = csv::ByteRecord::new();
        while widths.len() < ROWS && matches!(reader.read_byte_record(&mut record), Ok(true)) {
            widths.push(record.len());
        }
        // The head may end within a row.
        if widths.len() > 1 && widths.len() < ROWS && head.len() >= limits::HEAD_BYTES {
            widths.pop();
        }
        let width = widths.first().copied().unwrap_or(0);
        let alike = widths.iter().filter(|other| **other == width).count();
        // Agreement of the rows first, then the number of cells.
        let score = if width > 1 { alike * 1000 / widths.len().max(1) * 1000 + width.min(999) } else { 0 };
        if score > best.0 {
            best = (score, *delimiter);
        }
    }
    best.1
}

/// Excel names the delimiter in a line before the table: `sep=;`. The delimiter, and the length of that line.
fn announced(head: &[u8]) -> Option<(Delimiter, usize)> {
    let byte = *head.strip_prefix(b"sep=").or_else(|| head.strip_prefix(b"SEP="))?.first()?;
    let delimiter = Delimiter::ALL.iter().find(|delimiter| delimiter.byte() == byte)?;
    let end = ["\r\n", "\n"].iter().find(|end| head[5..].starts_with(end.as_bytes()))?;
    Some((*delimiter, 5 + end.len()))
}

/// Names for columns that have none, and other ones for those that have another's: no cell may get lost.
pub(super) fn column_names(names: Vec<String>) -> Vec<String> {
    let mut taken = HashSet::new();
    names
        .into_iter()
        .enumerate()
        .map(|(place, name)| match name.trim() {
            "" => unique(column_name(place), &mut taken),
            name => unique(name.to_owned(), &mut taken),
        })
        .collect()
}

const NAMELESS: &str = "column ";

/// What a column without a name is called, by its place from 0.
pub(super) fn column_name(place: usize) -> String {
    format!("{NAMELESS}{}", place + 1)
}

fn builder(delimiter: Delimiter) -> csv::ReaderBuilder {
    let mut builder = csv::ReaderBuilder::new();
    builder.delimiter(delimiter.byte()).flexible(true).buffer_capacity(64 << 10);
    builder
}

pub(super) fn walk(walk: &mut Walk<'_>, mut text: Text, start: u64, delimiter: Delimiter) -> Result<ControlFlow<()>> {
    const ANNOUNCEMENT: usize = 8;
    let head = text.ahead(ANNOUNCEMENT).map_err(|error| input::broken(walk.path, error))?;
    let announced = announced(head).map_or(0, |(_, length)| length);
    text.consume(announced);
    let start = start + announced as u64;
    let recent = Recent::default();
    let mut reader = builder(delimiter).from_reader(Tee { text, recent: recent.clone() });
    let broken = |path: &std::path::Path, error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) => input::broken(path, error),
        other => Error::format(format!("{} is no table that can be read", path.display()))
            .because(io::Error::other(format!("{other:?}"))),
    };
    let columns: Vec<String> = {
        let headers = reader.byte_headers().map_err(|error| match error {
            error if Recent::is_overflow(&error) => Error::format(format!(
                "the first row of {} is longer than {} MiB: it is no table",
                walk.path.display(),
                limits::RECORD_BYTES >> 20
            )),
            error => broken(walk.path, error),
        })?;
        headers
            .iter()
            .map(|name| std::str::from_utf8(name).map(str::to_owned))
            .collect::<std::result::Result<_, _>>()
            .map(column_names)
            .map_err(|error| {
                Error::format(format!("the column names of {} are not UTF-8", walk.path.display())).because(error)
            })?
    };
    let mut record = csv::ByteRecord::new();
    loop {
        let found = match reader.read_byte_record(&mut record) {
            Ok(found) => found,
            Err(error) if Recent::is_overflow(&error) => {
                let begin = reader.position().byte();
                let reason = format!(
                    "the row is longer than {} MiB, perhaps for a quote that never closes; nothing after it was read",
                    limits::RECORD_BYTES >> 20
                );
                return walk.reject(start + begin, reason, &recent.from(begin, begin + Reject::RAW_LIMIT as u64));
            }
            Err(error) => return Err(broken(walk.path, error)),
        };
        if !found {
            return Ok(ControlFlow::Continue(()));
        }
        let begin = recent.after_line_ends(record.position().map_or(0, csv::Position::byte));
        let end = reader.position().byte();
        let raw = || recent.from(begin, end);
        let flow = match cells(&columns, &record) {
            Ok(row) => {
                let origin = walk.next_origin(Some(start + begin))?;
                walk.visit.row(origin, row, &|| raw_text(raw().trim_ascii()))?
            }
            Err(reason) => walk.reject(start + begin, reason, raw().trim_ascii())?,
        };
        if flow.is_break() {
            return Ok(flow);
        }
        recent.forget(end);
    }
}

fn cells<'r>(columns: &'r [String], record: &'r csv::ByteRecord) -> std::result::Result<Row<'r>, String> {
    if record.len() != columns.len() {
        return Err(format!("the row has {} cells, the table {} columns", record.len(), columns.len()));
    }
    let mut cells = Vec::with_capacity(columns.len());
    for (place, (name, cell)) in columns.iter().zip(record).enumerate() {
        if cell.is_empty() && name.starts_with(NAMELESS) && *name == column_name(place) {
            continue;
        }
        let text = std::str::from_utf8(cell).map_err(|error| format!("{name} is not valid UTF-8: {error}"))?;
        let cell = if text.is_empty() { Cell::Null } else { Cell::Text(Cow::Borrowed(text)) };
        cells.push((Cow::Borrowed(name.as_str()), cell));
    }
    Ok(Row::new(cells))
}

/// The bytes that the table reader has taken since the record before, so that a rejected row can be shown as it is.
#[derive(Clone, Default)]
struct Recent(Rc<RefCell<RecentBytes>>);

#[derive(Default)]
struct RecentBytes {
    /// Offset of `bytes[0]`.
    start: u64,
    bytes: Vec<u8>,
    /// End of the last complete record.
    settled: u64,
}

struct Tee {
    text: Text,
    recent: Recent,
}

impl Read for Tee {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.text.read(buffer)?;
        let mut recent = self.recent.0.borrow_mut();
        if recent.start + recent.bytes.len() as u64 - recent.settled > limits::RECORD_BYTES as u64 {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "record too long"));
        }
        // What lies before the current record is dropped here, once a buffer rather than once a record.
        let old = (recent.settled - recent.start) as usize;
        if old > 0 {
            recent.bytes.drain(..old);
            recent.start += old as u64;
        }
        recent.bytes.extend_from_slice(&buffer[..count]);
        Ok(count)
    }
}

impl Recent {
    fn from(&self, begin: u64, end: u64) -> Vec<u8> {
        let recent = self.0.borrow();
        let place = |offset: u64| (offset.saturating_sub(recent.start) as usize).min(recent.bytes.len());
        recent.bytes[place(begin)..place(end)].to_vec()
    }

    /// The table reader counts the second half of a line's end to the record after it.
    fn after_line_ends(&self, begin: u64) -> u64 {
        let recent = self.0.borrow();
        let bytes = recent.bytes.get(begin.saturating_sub(recent.start) as usize..).unwrap_or_default();
        begin + bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count() as u64
    }

    fn forget(&self, end: u64) {
        let mut recent = self.0.borrow_mut();
        let last = recent.start + recent.bytes.len() as u64;
        recent.settled = end.clamp(recent.start, last);
    }

    fn is_overflow(error: &csv::Error) -> bool {
        matches!(error.kind(), csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge)
    }
}
