//! From somebody's files to rows in the workspace.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use super::Project;
use crate::{
    error::{Error, Result},
    ingest::{self, Mapping, ReadOptions, Recognised, RecognisedSet, Sink},
    job::Job,
    model::{
        Origin, Record, Reject, Timestamp,
        import::{ImportCounts, Source},
    },
    store::{ImportTransaction, Merged, NewSource},
};

/// Below this a format is a guess: good enough for a file that the user named, not for whatever else a folder holds.
const GUESS: f32 = 0.5;

#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// A format's name, where the user knows better than detection.
    pub format: Option<String>,
    /// For tables without a format of their own.
    pub mapping: Option<Mapping>,
    pub now: Timestamp,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportOutcome {
    /// One for each file that was read now.
    pub sources: Vec<Source>,
    /// Left alone: in the workspace already, or twice among the files, byte for byte.
    pub unchanged: Vec<String>,
    /// Left alone: no export that Hearback reads.
    pub skipped: Vec<SkippedFile>,
    pub total: ImportCounts,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedFile {
    pub path: String,
    pub reason: String,
}

/// A file that could be imported, as Hearback understands it.
#[derive(Debug)]
pub struct RecognisedFile {
    pub path: PathBuf,
    pub bytes: u64,
    /// Or why it cannot be read.
    pub recognised: Result<Recognised>,
    /// For tables: every column of the first records.
    pub columns: Vec<String>,
    pub digest: Option<String>,
}

/// Says of each file (folders are looked through) what it would be read as. Nothing is written.
///
/// # Errors
/// Only where a path cannot be listed at all; a file that cannot be read says so in its entry.
pub fn recognise_files(paths: &[PathBuf], options: &ReadOptions, job: &Job) -> Result<Vec<RecognisedFile>> {
    let mut files = Vec::new();
    for path in ingest::expand(paths)? {
        job.check()?;
        let recognised = ingest::recognise(&path, options);
        let columns = match &recognised {
            Ok(recognised) if recognised.mapping.is_some() => {
                ingest::first_rows(&path).map(|(_, rows)| columns_of(&rows)).unwrap_or_default()
            }
            Err(_) => ingest::first_rows(&path).map(|(_, rows)| columns_of(&rows)).unwrap_or_default(),
            Ok(_) => Vec::new(),
        };
        files.push(RecognisedFile {
            bytes: std::fs::metadata(&path).map_or(0, |metadata| metadata.len()),
            digest: ingest::digest(&path, job).ok(),
            recognised,
            columns,
            path,
        });
    }
    Ok(files)
}

fn columns_of(rows: &[ingest::Row<'static>]) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for row in rows {
        for (key, _) in row.cells() {
            if !columns.iter().any(|column| column == key) {
                columns.push(key.to_owned());
            }
        }
    }
    columns
}

impl Project {
    /// Imports files and folders as one set, in one transaction: killed or cancelled in the middle, the workspace
    /// is as before. Files that are there already are left alone, as are files of no known format beside others.
    ///
    /// # Errors
    /// A path that cannot be read; no file of a known format; nothing useful in any of them; a full disk.
    pub fn import(&self, paths: &[PathBuf], options: &ImportOptions, job: &Job) -> Result<ImportOutcome> {
        let mut outcome = ImportOutcome::default();
        let read_options = ReadOptions { format: options.format.clone(), mapping: options.mapping.clone() };
        let fresh = self.without_known(ingest::expand(paths)?, &mut outcome, job)?;
        let RecognisedSet { files, unknown } = ingest::recognise_all(&fresh, &read_options);
        let (set, guesses): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|(path, recognised)| recognised.confidence >= GUESS || paths.contains(path));
        for (path, recognised) in guesses {
            let reason =
                format!("only a guess ({}); name the file itself, or give a mapping, to import it", recognised.reason);
            outcome.skipped.push(SkippedFile { path: path.display().to_string(), reason });
        }
        for (path, error) in &unknown {
            let hint = error.hint.as_deref().map(|hint| format!(" ({hint})")).unwrap_or_default();
            outcome.skipped.push(SkippedFile { path: path.display().to_string(), reason: format!("{error}{hint}") });
        }
        if set.is_empty() {
            if !outcome.unchanged.is_empty() {
                return Ok(outcome);
            }
            return Err(match (unknown.into_iter().next(), outcome.skipped.first()) {
                (Some((_, problem)), _) => problem,
                (None, Some(skipped)) => Error::format(format!("{}: {}", skipped.path, skipped.reason)),
                (None, None) => {
                    Error::input("there is no file to import").hint("Name files, or folders that hold some")
                }
            });
        }
        let Merged { sources, total } = self.workspace.import(|mut transaction| {
            let mut rejected = None;
            for (path, recognised) in &set {
                job.check()?;
                transaction.begin_source(new_source(path, recognised, options.now));
                let mut staging = Staging { transaction: &mut transaction, first_reject: &mut rejected };
                let report = ingest::read(path, recognised, &mut staging, job)?;
                transaction.end_source(report.read, report.digest);
            }
            if transaction.is_empty() {
                return Err(nothing_useful(&set[0].0, rejected));
            }
            transaction.merge(job)
        })?;
        Ok(ImportOutcome { sources, total, ..outcome })
    }
}

impl Project {
    /// The files that are not in the workspace yet, byte for byte; of copies under several names the first.
    fn without_known(&self, paths: Vec<PathBuf>, outcome: &mut ImportOutcome, job: &Job) -> Result<Vec<PathBuf>> {
        let mut digests = HashSet::new();
        let mut fresh = Vec::new();
        for path in paths {
            job.check()?;
            let digest = ingest::digest(&path, job)?;
            if self.workspace.has_digest(&digest)? || !digests.insert(digest) {
                outcome.unchanged.push(path.display().to_string());
            } else {
                fresh.push(path);
            }
        }
        Ok(fresh)
    }
}

fn new_source(path: &Path, recognised: &Recognised, now: Timestamp) -> NewSource {
    NewSource {
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        path: std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string(),
        format: recognised.title.clone(),
        format_reason: recognised.reason.clone(),
        bytes: std::fs::metadata(path).map_or(0, |metadata| metadata.len()),
        imported_at: now,
        mapping: recognised.mapping.as_ref().map(ToString::to_string),
        notes: recognised.note.iter().cloned().collect(),
    }
}

fn nothing_useful(path: &Path, reject: Option<Reject>) -> Error {
    let error =
        Error::format(format!("{} holds nothing that Hearback could keep; nothing was written", path.display()));
    match reject {
        Some(Reject { origin, reason, .. }) => {
            error.hint(format!("The first of its records, number {}: {reason}", origin.record))
        }
        None => error,
    }
}

/// What the reader yields goes into the transaction.
struct Staging<'a, 'c> {
    transaction: &'a mut ImportTransaction<'c>,
    first_reject: &'a mut Option<Reject>,
}

impl Sink for Staging<'_, '_> {
    fn record(&mut self, origin: Origin, record: Record) -> Result<()> {
        self.transaction.record(origin, &record)
    }

    fn reject(&mut self, reject: Reject) -> Result<()> {
        self.transaction.reject(&reject)?;
        self.first_reject.get_or_insert(reject);
        Ok(())
    }
}
