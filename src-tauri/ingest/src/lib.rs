//! How do bytes of somebody else's export become records?
//!
//! ```text
//! paths -> expand -> recognise (container, format, role: by content) -> read -> Sink (records, rejects)
//! ```
//! A [`container`] finds the records in a file and shows each as a [`Row`]; a [`Format`] turns rows into
//! [`Record`]s. There is one file (or folder) per format, one trait, one registry: [`FORMATS`].
//!
//! Invariants: this module knows no database. A file is read once, from front to back, in constant memory
//! (a table without ids costs 16 bytes a row more, to number equal rows). Every record of a file is handed on or
//! rejected with its place and its raw text; texts are handed on exactly as they stand.
//!
//! Missing or empty: null is missing everywhere. Empty text is a text where people or models write (query, output,
//! comment: an empty answer is not a missing one), and missing where programs do (ids, labels, versions, times,
//! numbers). A CSV file cannot tell the two apart: there empty is missing.

pub mod container;
mod files;
pub mod formats;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod kind;
pub mod limits;
pub mod mapping;
mod message;
mod model_name;
pub mod privacy;
pub mod python;
pub mod row;
mod time;

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

pub use container::Container;
pub use files::{digest, expand, size};
pub use formats::{canonical, table};
pub use mapping::Mapping;
pub use row::{Reason, Row};

pub(crate) use hearback_model::{error, job, model};

use crate::{
    error::{Error, Result},
    formats::{
        argilla, chameleon, chats, chroma, delighted, firestore, helicone, label_studio, langfuse, langsmith, mlflow,
        opik, otlp, phoenix, posthog, trulens, typeform, zendesk,
    },
    job::Job,
    model::{Origin, Record, Reject},
};

/// Where records go. An error of the sink ends the reading and is handed on.
pub trait Sink {
    fn record(&mut self, origin: Origin, record: Record) -> Result<()>;
    fn reject(&mut self, reject: Reject) -> Result<()>;
}

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
    fn why_unmapped(&self, _field: &str, _cell: &row::Cell<'_>) -> Option<&'static str> {
        None
    }
}

/// What one row came to.
#[derive(Debug, Default)]
pub struct Out {
    records: Vec<Record>,
    /// For rows that hold many records (a message of spans, lists side by side): each is a record of the file.
    parts: u64,
    rejected: Vec<(Reason, String)>,
    unmapped: Vec<String>,
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

/// Every format, in no particular order: the most confident one reads.
pub static FORMATS: &[&dyn Format] = &[
    &canonical::Canonical,
    &langfuse::Langfuse,
    &otlp::Otlp,
    &phoenix::Phoenix,
    &mlflow::Mlflow,
    &opik::Opik,
    &trulens::Trulens,
    &langfuse::ScoreColumns,
    &langsmith::LangSmith,
    &posthog::PostHog,
    &helicone::Helicone,
    &chats::ARENA,
    &chats::CHATGPT,
    &chats::FASTCHAT,
    &chats::HH_RLHF,
    &chats::LMSYS_CHAT,
    &chats::OPEN_ASSISTANT,
    &chats::OPEN_WEBUI,
    &chats::OPENAI_CHAT,
    &chats::OPENAI_PREFERENCE,
    &chats::RED_TEAM,
    &chats::SHAREGPT,
    &chats::TRL,
    &chats::WILDCHAT,
    &label_studio::LabelStudio,
    &chroma::Chroma,
    &argilla::Argilla,
    &typeform::Typeform,
    &chameleon::Chameleon,
    &zendesk::Zendesk,
    &delighted::Delighted,
    &firestore::Firestore,
    &table::Table,
];

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

/// What reading one file came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadReport {
    /// Records that stood in the file, rejected ones included.
    pub read: u64,
    pub rejected: u64,
    /// BLAKE3 of the file's bytes, hexadecimal.
    pub digest: String,
    pub bytes: u64,
    /// Fields with a value that found no place, most frequent first.
    pub unmapped: Vec<Unmapped>,
    /// The file was read to its end; else there is no digest.
    pub complete: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmapped {
    pub field: String,
    /// Records in which it had a value.
    pub count: u64,
    pub reason: Option<&'static str>,
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

/// Reads the whole file into `sink`.
///
/// # Errors
/// The file cannot be read to its end, the sink failed, or the job was cancelled. Records handed on before that are
/// the caller's to drop.
pub fn read(path: &Path, recognised: &Recognised, sink: &mut dyn Sink, job: &Job) -> Result<ReadReport> {
    read_start(path, recognised, sink, u64::MAX, job)
}

/// As [`read`], but no further than about `rows` rows.
///
/// # Errors
/// As [`read`].
pub fn read_start(
    path: &Path,
    recognised: &Recognised,
    sink: &mut dyn Sink,
    rows: u64,
    job: &Job,
) -> Result<ReadReport> {
    let mut reading = Reading {
        reader: recognised.format.reader(recognised)?,
        sink,
        out: Out::default(),
        last: Origin::default(),
        rows,
        report: ReadReport::default(),
        unmapped: BTreeMap::new(),
    };
    let walked = container::walk(path, recognised.container, &mut reading, job)?;
    reading.finish()?;
    let mut report = reading.report;
    if let Some(walked) = walked {
        (report.digest, report.bytes, report.complete) = (walked.digest, walked.bytes, true);
    }
    report.unmapped =
        reading.unmapped.into_iter().map(|(field, (count, reason))| Unmapped { field, count, reason }).collect();
    report.unmapped.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.field.cmp(&other.field)));
    Ok(report)
}

struct Reading<'r> {
    reader: Box<dyn RowReader>,
    sink: &'r mut dyn Sink,
    out: Out,
    last: Origin,
    /// So many rows are still wanted.
    rows: u64,
    report: ReadReport,
    unmapped: BTreeMap<String, (u64, Option<&'static str>)>,
}

impl Reading<'_> {
    fn counted(&mut self) -> ControlFlow<()> {
        self.rows = self.rows.saturating_sub(1);
        if self.rows == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Hands on what the reader put out.
    fn deliver(&mut self, origin: Origin) -> Result<()> {
        for record in self.out.records.drain(..) {
            self.sink.record(origin, record)?;
        }
        self.report.rejected += self.out.rejected.len() as u64;
        for (reason, raw) in self.out.rejected.drain(..) {
            self.sink.reject(Reject { origin, reason, raw: container::raw_text(raw.as_bytes()) })?;
        }
        for field in std::mem::take(&mut self.out.unmapped) {
            self.count_unmapped(&field, || None);
        }
        Ok(())
    }

    fn count_unmapped(&mut self, field: &str, why: impl FnOnce() -> Option<&'static str>) {
        // More distinct names than this are values that stand where names should.
        const FIELDS: usize = 1000;
        if let Some(seen) = self.unmapped.get_mut(field) {
            seen.0 += 1;
        } else if self.unmapped.len() < FIELDS {
            self.unmapped.insert(field.to_owned(), (1, why()));
        }
    }

    fn finish(&mut self) -> Result<()> {
        self.out = Out::default();
        match self.reader.finish(&mut self.out) {
            Ok(()) => {
                self.report.read += self.out.parts;
                self.deliver(self.last)
            }
            Err(reason) => {
                let reject = Reject { origin: self.last, reason, raw: String::new() };
                container::Visit::reject(self, reject).map(|_| ())
            }
        }
    }
}

impl container::Visit for Reading<'_> {
    fn row(&mut self, origin: Origin, mut row: Row<'_>, raw: &dyn Fn() -> String) -> Result<ControlFlow<()>> {
        self.out = Out { records: std::mem::take(&mut self.out.records), ..Out::default() };
        self.out.records.clear();
        self.last = origin;
        if let Err(reason) = self.reader.read(&mut row, &mut self.out) {
            return self.reject(Reject { origin, reason, raw: raw() });
        }
        self.report.read += self.out.parts.max(1);
        self.deliver(origin)?;
        for (field, cell) in row.leftovers() {
            let reader = &self.reader;
            let why = reader.why_unmapped(field, cell);
            self.count_unmapped(field, || why);
        }
        Ok(self.counted())
    }

    fn reject(&mut self, reject: Reject) -> Result<ControlFlow<()>> {
        self.report.read += 1;
        self.report.rejected += 1;
        self.sink.reject(reject)?;
        Ok(self.counted())
    }
}

/// Everything of one file in memory: for tests, previews and small files.
#[derive(Debug, Default)]
pub struct Collected {
    pub records: Vec<(Origin, Record)>,
    pub rejects: Vec<Reject>,
}

impl Sink for Collected {
    fn record(&mut self, origin: Origin, record: Record) -> Result<()> {
        self.records.push((origin, record));
        Ok(())
    }

    fn reject(&mut self, reject: Reject) -> Result<()> {
        self.rejects.push(reject);
        Ok(())
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

/// A set of files, each recognised or not.
#[derive(Debug, Default)]
pub struct RecognisedSet {
    /// In the order in which they are best read.
    pub files: Vec<(PathBuf, Recognised)>,
    /// What is no export, in the order given: a folder may hold other things, too.
    pub unknown: Vec<(PathBuf, Error)>,
}

/// The files that lie in a folder itself, in the order of their names: none that is hidden or still being fetched.
///
/// # Errors
/// The folder is not there or may not be read.
pub fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    // Names under which browsers and tools keep what is not whole yet.
    const UNFINISHED: &[&str] = &["part", "partial", "crdownload", "download", "tmp", "temp"];
    let entries = std::fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect::<std::io::Result<Vec<_>>>())
        .map_err(|error| files::unreadable(folder, error))?;
    let mut found: Vec<PathBuf> = entries
        .into_iter()
        .filter(|path| path.is_file())
        .filter(|path| path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with(['.', '~'])))
        .filter(|path| {
            !path.extension().is_some_and(|end| UNFINISHED.iter().any(|word| end.eq_ignore_ascii_case(word)))
        })
        .collect();
    found.sort();
    Ok(found)
}

/// Recognises every file of a set.
pub fn recognise_all(paths: &[PathBuf], options: &ReadOptions) -> RecognisedSet {
    let mut set = RecognisedSet::default();
    for path in paths {
        match recognise(path, options) {
            Ok(recognised) => set.files.push((path.clone(), recognised)),
            Err(error) => set.unknown.push((path.clone(), error)),
        }
    }
    set.files.sort_by_key(|(_, recognised)| recognised.order());
    set
}
