//! The sheets of an XLSX workbook: each one that is not empty is a table.
//!
//! The first row with a cell names the columns. Cells are read one after the other, so that one cell far away costs
//! one cell; the texts of the whole workbook, which it keeps apart, are held in memory. So all of it is unpacked once
//! for its size before it is loaded, within [`limits::WORKBOOK_BYTES`].
//!
//! Values: numbers as they are stored, dates as ISO 8601 (a workbook knows no time zone), true and false, errors as
//! the text they show. Old `.xls` and `.ods` are refused with advice: what reads them holds every cell of the grid.

use std::{
    io::{self, BufReader, Read},
    ops::ControlFlow,
    path::Path,
};

use super::{
    table::{self, column_name},
    walk::{Walk, guarded},
};
use crate::{
    input::{ARCHIVE_MAGIC, Archive, Window, broken},
    limits,
    row::{Cell, Row},
    safe_names::{safe_segment, unique},
};
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, Xlsx, XlsxError};
use hearback_domain::{
    error::{Error, Result},
    job::{Step, Unit},
};

type Workbook = Xlsx<BufReader<Window>>;

fn damaged(path: &Path, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::format(format!("{} is not a workbook that can be read", path.display()))
        .hint("save it again, or export it as CSV")
        .because(error)
}

fn load(path: &Path, archive: &Archive) -> Result<Workbook> {
    if archive.is_sound.get().is_none() {
        check(path, archive)?;
        let _ = archive.is_sound.set(());
    }
    let whole = BufReader::with_capacity(64 << 10, archive.bytes()?);
    guarded(path, || Workbook::new(whole))?.map_err(|error: XlsxError| damaged(path, error))
}

/// Unpacks all of the workbook for its size, which its reader would believe.
fn check(path: &Path, archive: &Archive) -> Result<()> {
    let mut left = limits::WORKBOOK_BYTES;
    for number in 0..archive.members.len() {
        let bytes = archive.read(path, number)?.take(left + 1);
        let mut bytes = BufReader::with_capacity(64 << 10, bytes);
        let size = io::copy(&mut bytes, &mut io::sink()).map_err(|error| broken(path, error))?;
        left = left.checked_sub(size).ok_or_else(|| {
            Error::format(format!("{} is a workbook of more than {} MiB", path.display(), limits::WORKBOOK_BYTES >> 20))
                .hint("export its sheets as CSV: that is read whatever its size")
        })?;
    }
    // Two ends could be two tables of contents, of which the reader takes the one that was not checked.
    let mut ends = 0;
    let mut tail = [0; 4];
    for byte in BufReader::with_capacity(64 << 10, archive.bytes()?).bytes() {
        tail.rotate_left(1);
        tail[3] = byte.map_err(|error| broken(path, error))?;
        ends += usize::from(tail == ARCHIVE_MAGIC[1]);
    }
    if ends == 1 { Ok(()) } else { Err(damaged(path, "it has several ends")) }
}

/// Every sheet's own name, and the one by which it is reached: as part of a path, unlike the others.
fn names(workbook: &Workbook) -> Vec<(String, String)> {
    let mut taken = std::collections::HashSet::new();
    let is_table = |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet;
    let names = workbook.sheets_metadata().iter().filter(is_table).map(|sheet| {
        let name = unique(
            match safe_segment(&sheet.name) {
                name if name.is_empty() || name == "." => "_".into(),
                name => name,
            },
            &mut taken,
        );
        (sheet.name.clone(), name)
    });
    names.collect()
}

/// The names under which the sheets with content are reached.
pub(crate) fn worksheets(path: &Path, archive: &Archive) -> Result<Vec<String>> {
    let mut workbook = load(path, archive)?;
    let mut filled = Vec::new();
    for (own, name) in names(&workbook) {
        let has_cells = guarded(path, || {
            let mut cells = workbook.worksheet_cells_reader(&own)?;
            while let Some(cell) = cells.next_cell()? {
                if !is_empty(cell.get_value()) {
                    return Ok(true);
                }
            }
            Ok::<_, XlsxError>(false)
        })?;
        // A sheet that cannot be read is listed, so that reading it says why.
        if has_cells.unwrap_or(true) {
            filled.push(name);
        }
    }
    Ok(filled)
}

pub(super) fn walk(walk: &mut Walk<'_>, archive: &Archive, name: &str) -> Result<ControlFlow<()>> {
    let path = walk.path;
    let mut workbook = load(path, archive)?;
    let Some((own, _)) = names(&workbook).into_iter().find(|(_, reached)| reached == name) else {
        return Err(
            Error::file(format!("{} is not there", path.display())).hint("the workbook has no sheet of this name")
        );
    };
    let opened = guarded(path, || workbook.worksheet_cells_reader(&own))?;
    let mut cells = opened.map_err(|error| damaged(path, error))?;
    let rows = u64::from(cells.dimensions().end.0).saturating_add(1);
    let mut columns: Option<Vec<String>> = None;
    let mut row: Vec<(u32, Cell<'static>)> = Vec::new();
    let mut current = 0;
    loop {
        let next = guarded(path, || {
            cells.next_cell().map(|found| found.map(|cell| (cell.get_position(), value(cell.get_value()))))
        })?;
        let next = next.map_err(|error| damaged(path, error))?;
        let begins = next.as_ref().is_none_or(|((number, _), _)| *number != current);
        if begins && row.iter().any(|(_, cell)| !cell.is_empty()) {
            match &columns {
                None => columns = Some(header(std::mem::take(&mut row))),
                Some(columns) => {
                    let origin = walk.next_origin(None)?;
                    let done =
                        u128::from(walk.size) * u128::from(current) / u128::from(rows.max(u64::from(current) + 1));
                    walk.job.progress(Step::Reading, Unit::Bytes, done as u64, Some(walk.size));
                    let record = record(columns, std::mem::take(&mut row));
                    let raw = || record.to_json();
                    let flow = walk.visit.row(origin, record.clone(), &raw)?;
                    if flow.is_break() {
                        return Ok(flow);
                    }
                }
            }
        }
        let Some(((number, column), cell)) = next else { return Ok(ControlFlow::Continue(())) };
        if begins {
            row.clear();
            current = number;
        }
        if column as usize >= limits::COLUMNS || row.len() >= limits::COLUMNS {
            return Err(damaged(path, format!("row {} has more than {} columns", number + 1, limits::COLUMNS)));
        }
        row.push((column, cell));
    }
}

fn header(row: Vec<(u32, Cell<'static>)>) -> Vec<String> {
    let width = row.iter().map(|(column, _)| *column as usize + 1).max().unwrap_or(0);
    let mut names = vec![String::new(); width];
    for (column, cell) in row {
        if let Some(name) = names.get_mut(column as usize) {
            *name = cell.into_text().unwrap_or_default();
        }
    }
    table::column_names(names)
}

fn record(columns: &[String], row: Vec<(u32, Cell<'static>)>) -> Row<'static> {
    let mut cells: Vec<Cell<'static>> = vec![Cell::Null; columns.len()];
    let mut beyond = Vec::new();
    for (column, cell) in row {
        match cells.get_mut(column as usize) {
            Some(place) => *place = cell,
            None => beyond.push((column_name(column as usize).into(), cell)),
        }
    }
    let named = columns.iter().cloned().map(Into::into).zip(cells).enumerate();
    let mut cells: Vec<_> = named
        .filter(|(place, (name, cell))| !cell.is_null() || *name != column_name(*place))
        .map(|(_, named)| named)
        .collect();
    cells.extend(beyond);
    Row::new(cells)
}

fn is_empty(value: &DataRef<'_>) -> bool {
    match value {
        DataRef::Empty => true,
        DataRef::String(text) => text.is_empty(),
        DataRef::SharedString(text) => text.is_empty(),
        _ => false,
    }
}

fn value(value: &DataRef<'_>) -> Cell<'static> {
    let text = |text: &str| if text.is_empty() { Cell::Null } else { Cell::Text(text.to_owned().into()) };
    match value {
        DataRef::Empty => Cell::Null,
        DataRef::Int(number) => Cell::Number(number.to_string().into()),
        DataRef::Float(number) => Cell::Number(number.to_string().into()),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::String(value) | DataRef::DateTimeIso(value) | DataRef::DurationIso(value) => text(value),
        DataRef::SharedString(value) => text(value),
        DataRef::Error(error) => Cell::Text(error.to_string().into()),
        DataRef::DateTime(moment) => Cell::Text(date(moment).into()),
    }
}

fn date(moment: &ExcelDateTime) -> String {
    if moment.is_duration() || moment.as_f64().abs() < 1.0 {
        let seconds = (moment.as_f64() * 86_400.0).round() as i64;
        let sign = if seconds < 0 { "-" } else { "" };
        let seconds = seconds.unsigned_abs();
        return format!("{sign}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second, milli) {
        (0, 0, 0, 0) => date,
        (_, _, _, 0) => format!("{date}T{hour:02}:{minute:02}:{second:02}"),
        _ => format!("{date}T{hour:02}:{minute:02}:{second:02}.{milli:03}"),
    }
}
