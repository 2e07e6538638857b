//! Which format is this file of?
//!
//! Asked of its first records, never of its name alone: every format answers with how sure it is and why, and the most
//! confident one reads.

use std::{ops::ControlFlow, path::Path};

use crate::{
    FORMATS, Format, Mapping, Row,
    container::{self, Container},
    error::{Error, Result},
    job::Job,
    limits,
    model::{Origin, Reject},
    table,
};

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
    fn forced(format: &dyn Format) -> Self {
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

#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The name of a format to use, whatever the file looks like.
    pub format: Option<String>,
    /// What the columns of a table mean. Given, the file is read as a table.
    pub mapping: Option<Mapping>,
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

/// Which container and which format is this file? By its first records; `options` may force the answer.
///
/// # Errors
/// The file cannot be read, holds no records, or is of no format that is known (the hint says how to map columns).
pub fn recognise(path: &Path, options: &ReadOptions) -> Result<Recognised> {
    let forced = options.format.as_deref().map(format_named).transpose()?;
    let (container, container_title) = container::sniff_with_title(path)?;
    let mut start = Start::default();
    container::walk(path, container, &mut start, &Job::quiet())?;
    if start.rows.is_empty() {
        return Err(match start.first_reject {
            None => container::no_records(path),
            Some(reject) => Error::format(format!("no record of {} can be read", path.display())).hint(format!(
                "record {}{}: {}",
                reject.origin.record,
                reject.origin.byte.map(|byte| format!(" at byte {byte}")).unwrap_or_default(),
                reject.reason
            )),
        });
    }
    let file_name = path.file_name().unwrap_or_default().to_string_lossy();
    let sample = Sample { file_name: &file_name, container, rows: &start.rows, mapping: options.mapping.as_ref() };
    if let Some(mapping) = &options.mapping {
        check_columns(path, &sample, mapping)?;
    }
    let forced = forced.or_else(|| options.mapping.is_some().then_some(&table::Table as &'static dyn Format));
    let found = match forced {
        Some(format) => Some((format, format.detect(&sample).unwrap_or_else(|| Detected::forced(format)))),
        None => FORMATS
            .iter()
            .filter_map(|format| Some((*format, format.detect(&sample)?)))
            .max_by(|(_, one), (_, other)| one.confidence.total_cmp(&other.confidence)),
    };
    let Some((format, detected)) = found else {
        return Err(unknown(path, &sample));
    };
    let by_choice = match (&options.format, &options.mapping) {
        (Some(_), _) => Some("the format was chosen"),
        (None, Some(_)) => Some("a mapping was given"),
        (None, None) => None,
    };
    Ok(Recognised {
        format,
        container,
        title: format!("{} ({container_title})", detected.title),
        reason: by_choice.map_or(detected.reason, str::to_owned),
        confidence: if by_choice.is_some() { 1.0 } else { detected.confidence },
        role: detected.role,
        note: detected.note,
        mapping: options.mapping.clone().or(detected.mapping),
    })
}

fn format_named(name: &str) -> Result<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.name().eq_ignore_ascii_case(name)).ok_or_else(|| {
        let names: Vec<_> = FORMATS.iter().map(|format| format.name()).collect();
        Error::input(format!("there is no format {name:?}")).hint(format!("known formats: {}", names.join(", ")))
    })
}

fn unknown(path: &Path, sample: &Sample<'_>) -> Error {
    let columns = sample.columns();
    let shown = columns.iter().take(30).copied().collect::<Vec<_>>().join(", ");
    let more = if columns.len() > 30 { ", …" } else { "" };
    Error::format(format!(
        "{} is of no format that is known (looked at as {})",
        path.display(),
        sample.container.title()
    ))
    .hint(format!("say what its columns mean, such as --map comment=TEXT,score=STARS; it has: {shown}{more}"))
}

/// In a table every row has every column, so a name that is not there is a slip. JSON objects may have it later.
fn check_columns(path: &Path, sample: &Sample<'_>, mapping: &Mapping) -> Result<()> {
    if !sample.container.is_table() && sample.container != Container::Parquet {
        return Ok(());
    }
    let columns = sample.columns();
    match mapping.missing_columns(&columns).first() {
        None => Ok(()),
        Some(missing) => Err(Error::input(format!("{} has no column {missing:?}", path.display()))
            .hint(format!("it has: {}", columns.join(", ")))),
    }
}

/// The first records, for detection and for suggestions.
#[derive(Default)]
struct Start {
    rows: Vec<Row<'static>>,
    first_reject: Option<Reject>,
    seen: usize,
    bytes: u64,
}

impl Start {
    fn enough(&mut self, origin: Origin) -> ControlFlow<()> {
        self.seen += 1;
        self.bytes = self.bytes.max(origin.byte.unwrap_or(0));
        if self.seen >= limits::SAMPLE_RECORDS || self.bytes >= limits::SAMPLE_BYTES {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

impl container::Visit for Start {
    fn row(&mut self, origin: Origin, row: Row<'_>, _raw: &dyn Fn() -> String) -> Result<ControlFlow<()>> {
        self.rows.push(row.into_owned());
        Ok(self.enough(origin))
    }

    fn reject(&mut self, reject: Reject) -> Result<ControlFlow<()>> {
        let flow = self.enough(reject.origin);
        self.first_reject.get_or_insert(reject);
        Ok(flow)
    }

    fn is_sample(&self) -> bool {
        true
    }
}

/// The columns and first rows of a file, for a person who writes a mapping.
///
/// # Errors
/// As [`recognise`], but for the format.
pub fn first_rows(path: &Path) -> Result<(Container, Vec<Row<'static>>)> {
    let container = container::sniff(path)?;
    let mut start = Start::default();
    container::walk(path, container, &mut start, &Job::quiet())?;
    if start.rows.is_empty() { Err(container::no_records(path)) } else { Ok((container, start.rows)) }
}
