//! Which format is this file of?
//!
//! Asked of its first records, never of its name alone: every format answers with how sure it is and why, and the most
//! confident one reads.

use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use crate::{
    container::{self, Container},
    format::{Detected, Format, Recognised, Sample},
    formats::{FORMATS, firestore, table},
    input::Input,
    limits,
    mapping::Mapping,
    row::Row,
};
use hearback_domain::{
    Origin, Reject,
    error::{Error, NextStep, Result},
    job::Job,
};

#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The name of a format to use, whatever the file looks like.
    pub format: Option<String>,
    /// What the columns of a table mean. Given, the file is read as a table.
    pub mapping: Option<Mapping>,
}

/// Which container and which format is this file? By its first records; `options` may force the answer.
///
/// # Errors
/// The file cannot be read, holds no records, or is of no format that is known (the hint says how to map columns).
pub fn recognise(input: &Input, options: &ReadOptions) -> Result<Recognised> {
    let path = input.path();
    let forced = options.format.as_deref().map(format_named).transpose()?;
    let (container, container_title) = container::sniff_with_title(input).map_err(|error| advised(input, error))?;
    let mut start = Start::default();
    container::walk(input, container, &mut start, &Job::quiet())?;
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

/// Where what is no text at all is known for what it is, the error says so.
fn advised(input: &Input, error: Error) -> Error {
    let is_managed_export = input.head(limits::HEAD_BYTES).is_ok_and(|head| firestore::is_managed_export(&head));
    if !is_managed_export {
        return error;
    }
    Error::format(format!(
        "{} is a managed export of Firestore, which only Google's own services read",
        input.path().display()
    ))
    .hint(
        "load it into BigQuery and export the table as JSON, CSV or Parquet, or write the documents as JSON with an \
         admin SDK",
    )
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
    .hint(format!("say what its columns mean; it has: {shown}{more}"))
    .next(NextStep::MapColumns)
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
pub fn first_rows(input: &Input) -> Result<(Container, Vec<Row<'static>>)> {
    let container = container::sniff(input)?;
    let mut start = Start::default();
    container::walk(input, container, &mut start, &Job::quiet())?;
    if start.rows.is_empty() { Err(container::no_records(input.path())) } else { Ok((container, start.rows)) }
}

/// A set of files, each recognised or not.
#[derive(Debug, Default)]
pub struct RecognisedSet {
    /// In the order in which they are best read.
    pub files: Vec<(Input, Recognised)>,
    /// What is no export, in the order given: a folder may hold other things, too.
    pub unknown: Vec<(PathBuf, Error)>,
}

/// Recognises every file of a set.
pub fn recognise_all(inputs: &[Input], options: &ReadOptions) -> RecognisedSet {
    let mut set = RecognisedSet::default();
    for input in inputs {
        match recognise(input, options) {
            Ok(recognised) => set.files.push((input.clone(), recognised)),
            Err(error) => set.unknown.push((input.path().to_owned(), error)),
        }
    }
    set.files.sort_by_key(|(_, recognised)| recognised.order());
    set
}
