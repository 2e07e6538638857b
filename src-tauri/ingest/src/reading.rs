//! What do the rows of a file come to, record for record?

use std::{collections::BTreeMap, ops::ControlFlow};

use crate::{
    container,
    format::{Out, Recognised, RowReader},
    input::Input,
    privacy::Privacy,
    row::Row,
};
use hearback_domain::{Origin, Record, Reject, Sink, error::Result, job::Job};

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

/// Reads the whole file into `sink`, with addresses of persons treated as `privacy` says.
///
/// # Errors
/// The file cannot be read to its end, the sink failed, or the job was cancelled. Records handed on before that are
/// the caller's to drop.
pub fn read(
    input: &Input,
    recognised: &Recognised,
    privacy: Privacy,
    sink: &mut dyn Sink,
    job: &Job,
) -> Result<ReadReport> {
    read_start(input, recognised, privacy, sink, u64::MAX, job)
}

/// As [`read`], but no further than about `rows` rows.
///
/// # Errors
/// As [`read`].
pub fn read_start(
    input: &Input,
    recognised: &Recognised,
    privacy: Privacy,
    sink: &mut dyn Sink,
    rows: u64,
    job: &Job,
) -> Result<ReadReport> {
    let mut reading = Reading::new(recognised, privacy, sink, rows)?;
    let walked = container::walk(input, recognised.container, &mut reading, job)?;
    reading.report(walked)
}

/// One file on its way through its format's reader.
pub(crate) struct Reading<'r> {
    reader: Box<dyn RowReader>,
    privacy: Privacy,
    sink: &'r mut dyn Sink,
    out: Out,
    last: Origin,
    /// So many rows are still wanted.
    rows: u64,
    report: ReadReport,
    unmapped: BTreeMap<String, (u64, Option<&'static str>)>,
}

impl<'r> Reading<'r> {
    pub(crate) fn new(recognised: &Recognised, privacy: Privacy, sink: &'r mut dyn Sink, rows: u64) -> Result<Self> {
        Ok(Self {
            reader: recognised.format.reader(recognised)?,
            privacy,
            sink,
            out: Out::default(),
            last: Origin::default(),
            rows,
            report: ReadReport::default(),
            unmapped: BTreeMap::new(),
        })
    }

    /// After the last row. What was walked through is known where that was all.
    pub(crate) fn report(mut self, walked: Option<container::Walked>) -> Result<ReadReport> {
        self.finish()?;
        let mut report = self.report;
        if let Some(walked) = walked {
            (report.digest, report.bytes, report.complete) = (walked.digest, walked.bytes, true);
        }
        report.unmapped =
            self.unmapped.into_iter().map(|(field, (count, reason))| Unmapped { field, count, reason }).collect();
        report.unmapped.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.field.cmp(&other.field)));
        Ok(report)
    }

    fn counted(&mut self) -> ControlFlow<()> {
        self.rows = self.rows.saturating_sub(1);
        if self.rows == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Hands on what the reader put out.
    fn deliver(&mut self, origin: Origin) -> Result<()> {
        for mut record in self.out.records.drain(..) {
            self.privacy.apply(&mut record);
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
