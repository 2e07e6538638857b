//! From somebody's files to rows in the workspace.

pub mod preview;
pub mod signals;
pub mod watch;

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use super::{Assignment, Workspace};
use hearback_domain::{
    Reject, Timestamp,
    error::{Error, Result},
    import::{ImportCounts, Source},
    job::Job,
    polarity::ScoreRule,
};
use hearback_ingest::{
    self as ingest, Input, Mapping, ReadOptions, Recognised, Unmapped,
    privacy::{Privacy, Treatment},
};
use hearback_store::{ConfirmedScale, ImportTransaction, MappingProfile, Merged, NewSource, SourceToRemove};

/// Below this a format is a guess: good enough for a file that the user named, not for whatever else a folder holds.
pub(crate) const GUESS: f32 = 0.5;

#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// For every file without a choice of its own: a format's name, where the user knows better than detection.
    pub format: Option<String>,
    /// For every file without a choice of its own: what the columns of a table mean.
    pub mapping: Option<Mapping>,
    /// What the user chose for single files, by path.
    pub choices: Vec<FileChoice>,
    /// Scales that the user confirmed or set, by score name; what is said of one file goes before what is said of all.
    pub scores: Vec<ScoreChoice>,
    /// What happens to addresses of persons.
    pub email: Treatment,
    pub ip: Treatment,
    /// For every file without a choice of its own: save the mapping under this name.
    pub remember: Option<String>,
    /// Sources that are removed in the same transaction: the file is read again, otherwise.
    pub replace: Vec<i64>,
    pub now: Timestamp,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileChoice {
    pub path: PathBuf,
    /// Leave it alone.
    pub skip: bool,
    pub format: Option<String>,
    pub mapping: Option<Mapping>,
    /// Save the mapping under this name, for files with the same columns.
    pub remember: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ScoreChoice {
    /// Of this file alone, named as in a preview or by the end of its path; `None` means the whole tool.
    pub path: Option<PathBuf>,
    /// Of this tool alone; `None` means every tool of the import that has such a score.
    pub tool: Option<String>,
    pub score_name: Option<String>,
    pub rule: ScoreRule,
}

impl ScoreChoice {
    fn names(&self, path: &Path) -> bool {
        self.path.as_ref().is_none_or(|own| path.ends_with(own))
    }

    fn is_of(&self, path: &Path, tool: &str) -> bool {
        self.names(path) && self.tool.as_ref().is_none_or(|own| own == tool)
    }
}

impl ImportOptions {
    /// Everything as recognised.
    pub fn new(now: Timestamp) -> Self {
        Self {
            format: None,
            mapping: None,
            choices: Vec::new(),
            scores: Vec::new(),
            email: Treatment::Hash,
            ip: Treatment::Drop,
            remember: None,
            replace: Vec::new(),
            now,
        }
    }

    pub(crate) fn choice(&self, path: &Path) -> FileChoice {
        let own = self.choices.iter().find(|choice| choice.path == path).cloned();
        own.unwrap_or_else(|| FileChoice {
            path: path.to_owned(),
            format: self.format.clone(),
            mapping: self.mapping.clone(),
            remember: self.remember.clone(),
            ..FileChoice::default()
        })
    }

    /// What was confirmed of this file's scores. Of a name the last counts, and what is of the file before what is of all.
    pub(crate) fn scores_of(&self, path: &Path, tool: &str) -> Vec<ConfirmedScale> {
        let (own, all): (Vec<_>, Vec<_>) =
            self.scores.iter().filter(|choice| choice.is_of(path, tool)).partition(|choice| choice.path.is_some());
        let scale = |choice: &ScoreChoice| ConfirmedScale {
            score_name: choice.score_name.clone(),
            rule: choice.rule.clone(),
            only_this_source: choice.path.is_some(),
        };
        all.into_iter().chain(own).map(scale).collect()
    }
}

/// What an import did, or, rehearsed, would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportOutcome {
    /// One for each file that was read now.
    pub sources: Vec<Source>,
    /// What the reader says of each, in the same order.
    pub files: Vec<ReadFile>,
    /// Left alone: in the workspace already, or twice among the files, byte for byte.
    pub unchanged: Vec<String>,
    /// Left alone: no export that Hearback reads, or not wanted.
    pub skipped: Vec<SkippedFile>,
    pub total: ImportCounts,
    /// Where in the themes the new texts are; `None` without themes.
    pub placing: Option<Assignment>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ReadFile {
    pub path: String,
    /// Fields that found no place.
    pub unmapped: Vec<Unmapped>,
    /// What the tool leaves out of this export.
    pub note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedFile {
    pub path: String,
    pub reason: String,
}

impl Workspace {
    /// Imports files and folders as one set, in one transaction: killed or cancelled in the middle, the workspace
    /// is as before. Files that are there already are left alone, as are files of no known format beside others.
    ///
    /// # Errors
    /// A path that cannot be read; no file of a known format; nothing useful in any of them; a full disk.
    pub fn import(&self, paths: &[PathBuf], options: &ImportOptions, job: &Job) -> Result<ImportOutcome> {
        self.import_as(paths, Named::Yes, options, job)
    }

    fn import_as(&self, paths: &[PathBuf], named: Named, options: &ImportOptions, job: &Job) -> Result<ImportOutcome> {
        let key = self.store.pseudonym_key_or(rand::random())?;
        let privacy = Privacy { email: options.email, ip: options.ip, key };
        let (set, mut outcome) = self.set(paths, named, options, job)?;
        if set.is_empty() {
            return Ok(outcome);
        }
        let (merged, files) =
            self.store.import(|transaction| self.read_set(transaction, &set, options, privacy, job))?;
        self.remember(&set, options.now)?;
        outcome.take(merged, files);
        // The import is done: whatever keeps its texts from their themes is no failure of it.
        outcome.placing = self
            .assign_new_texts(job)
            .unwrap_or_else(|error| Some(Assignment { reason: Some(error.message), ..Assignment::default() }));
        Ok(outcome)
    }

    /// Imports what landed in a watched folder: as a folder's content, so that guesses are left alone.
    ///
    /// # Errors
    /// As [`Workspace::import`].
    pub fn import_landed(&self, files: &[PathBuf], options: &ImportOptions, job: &Job) -> Result<ImportOutcome> {
        self.import_as(files, Named::No, options, job)
    }

    /// As [`Workspace::import`], to the last record, and then leaves the workspace as it was.
    ///
    /// # Errors
    /// As [`Workspace::import`].
    pub fn rehearse(&self, paths: &[PathBuf], options: &ImportOptions, job: &Job) -> Result<ImportOutcome> {
        let privacy = self.privacy(options)?;
        let (set, mut outcome) = self.set(paths, Named::Yes, options, job)?;
        if set.is_empty() {
            return Ok(outcome);
        }
        let (merged, files) =
            self.store.rehearse(|transaction| self.read_set(transaction, &set, options, privacy, job))?;
        outcome.take(merged, files);
        Ok(outcome)
    }

    /// What happens to personal data, where nothing is written: without a key yet, pseudonyms are of any key.
    pub(crate) fn privacy(&self, options: &ImportOptions) -> Result<Privacy> {
        let key = self.store.pseudonym_key()?.unwrap_or_default();
        Ok(Privacy { email: options.email, ip: options.ip, key })
    }

    /// The files to read, in the order in which they are best read, and in the outcome those that are left alone.
    fn set(
        &self,
        paths: &[PathBuf],
        named: Named,
        options: &ImportOptions,
        job: &Job,
    ) -> Result<(Vec<Chosen>, ImportOutcome)> {
        let mut outcome = ImportOutcome::default();
        let mut set = Vec::new();
        let mut first_problem = None;
        let inputs = ingest::expand(paths)?;
        if let Some(choice) = options
            .scores
            .iter()
            .find(|choice| choice.path.is_some() && !inputs.iter().any(|input| choice.names(input.path())))
        {
            return Err(no_such_file(choice));
        }
        for input in self.fresh(inputs, options, &mut outcome, job)? {
            job.check()?;
            let choice = options.choice(input.path());
            let by_name = named == Named::Yes && is_named(input.path(), paths);
            let chosen = choice.mapping.is_some() || choice.format.is_some() || by_name;
            let skipped = match self.recognise(&input, &choice) {
                Ok((recognised, _)) if chosen || recognised.confidence >= GUESS => {
                    set.push(Chosen { input, recognised, remember: choice.remember });
                    continue;
                }
                Ok((recognised, _)) => format!(
                    "only a guess ({}); name the file itself, or give a mapping, to import it",
                    recognised.reason
                ),
                Err(error) => {
                    let hint = error.hint.as_deref().map(|hint| format!(" ({hint})")).unwrap_or_default();
                    let reason = format!("{error}{hint}");
                    first_problem.get_or_insert(error);
                    reason
                }
            };
            outcome.skipped.push(SkippedFile { path: input.path().display().to_string(), reason: skipped });
        }
        if set.is_empty() && outcome.unchanged.is_empty() {
            return Err(match (first_problem, outcome.skipped.first()) {
                (Some(problem), _) => problem,
                (None, Some(skipped)) => Error::format(format!("{}: {}", skipped.path, skipped.reason)),
                (None, None) => {
                    Error::input("there is no file to import").hint("Name files, or folders that hold some")
                }
            });
        }
        set.sort_by_key(|chosen| chosen.recognised.order());
        Ok((set, outcome))
    }

    /// The wanted files that are not in the workspace yet, byte for byte; of copies under several names the first.
    fn fresh(
        &self,
        inputs: Vec<Input>,
        options: &ImportOptions,
        outcome: &mut ImportOutcome,
        job: &Job,
    ) -> Result<Vec<Input>> {
        let sources = self.store.sources()?;
        // Of files that are as long as another one only: the others need not be read twice.
        let mut lengths: HashMap<u64, usize> = HashMap::new();
        for length in inputs.iter().map(Input::size).chain(sources.iter().map(|source| source.bytes)) {
            *lengths.entry(length).or_default() += 1;
        }
        let replaced: Vec<String> = sources
            .into_iter()
            .filter(|source| options.replace.contains(&source.id))
            .map(|source| source.digest)
            .collect();
        let mut digests = HashSet::new();
        let mut fresh = Vec::new();
        for input in inputs {
            job.check()?;
            let path = input.path();
            if options.choices.iter().any(|choice| choice.skip && choice.path == path) {
                outcome.skipped.push(SkippedFile { path: path.display().to_string(), reason: "not wanted".into() });
                continue;
            }
            if lengths.get(&input.size()) == Some(&1) {
                fresh.push(input);
                continue;
            }
            let digest = match input.digest(job) {
                Ok(digest) => digest,
                Err(error) if error.is_cancelled() => return Err(error),
                // What cannot be read says so when it is recognised; the others are not its fault.
                Err(_) => {
                    fresh.push(input);
                    continue;
                }
            };
            let known = !replaced.contains(&digest) && self.store.has_digest(&digest)?;
            if known || !digests.insert(digest) {
                outcome.unchanged.push(path.display().to_string());
            } else {
                fresh.push(input);
            }
        }
        Ok(fresh)
    }

    /// Which format is this? Where only a table can be made out, a saved mapping may know its columns: then its
    /// name comes with the answer.
    pub(crate) fn recognise(&self, input: &Input, choice: &FileChoice) -> Result<(Recognised, Option<String>)> {
        let options = ReadOptions { format: choice.format.clone(), mapping: choice.mapping.clone() };
        let recognised = ingest::recognise(input, &options);
        let known = recognised.as_ref().is_ok_and(|recognised| recognised.confidence >= GUESS);
        if choice.format.is_some() || choice.mapping.is_some() || known {
            return Ok((recognised?, None));
        }
        let Some(profile) = self.profile_of(input)? else { return Ok((recognised?, None)) };
        let mapping = Mapping::parse(&profile.mapping)?;
        let found = ingest::recognise(input, &ReadOptions { format: None, mapping: Some(mapping) })?;
        let reason = format!("its columns are those of the saved mapping {:?}", profile.name);
        Ok((Recognised { reason, ..found }, Some(profile.name)))
    }

    /// The saved mapping of a table with these columns.
    fn profile_of(&self, input: &Input) -> Result<Option<MappingProfile>> {
        let Ok((_, rows)) = ingest::first_rows(input) else { return Ok(None) };
        self.store.mapping_for(&ingest::mapping::columns_fingerprint(&ingest::columns(&rows)))
    }

    /// Reads the files into the transaction, and brings it to its end.
    fn read_set(
        &self,
        mut transaction: ImportTransaction<'_>,
        set: &[Chosen],
        options: &ImportOptions,
        privacy: Privacy,
        job: &Job,
    ) -> Result<(Merged, Vec<ReadFile>)> {
        let mut files = Vec::with_capacity(set.len());
        for source in &options.replace {
            transaction.replace_source(*source)?;
        }
        for Chosen { input, recognised, .. } in set {
            job.check()?;
            let path = input.path();
            transaction.begin_source(new_source(input, recognised, options));
            let report = ingest::read(input, recognised, privacy, &mut transaction, job)?;
            transaction.end_source(report.read, report.digest);
            files.push(ReadFile {
                path: path.display().to_string(),
                unmapped: report.unmapped,
                note: note_of(recognised),
            });
        }
        if transaction.is_empty() {
            return Err(nothing_useful(set[0].input.path(), transaction.first_reject()));
        }
        transaction.settle(job)?;
        transaction.derive(Box::new(self.deriver()?))?;
        Ok((transaction.count(job)?, files))
    }

    /// Saves the mappings that the user wants kept.
    fn remember(&self, set: &[Chosen], now: Timestamp) -> Result<()> {
        for Chosen { input, recognised, remember } in set {
            let (Some(name), Some(mapping)) = (remember, &recognised.mapping) else { continue };
            let (_, rows) = ingest::first_rows(input)?;
            let columns = ingest::columns(&rows);
            self.store.save_mapping_profile(&MappingProfile {
                fingerprint: ingest::mapping::columns_fingerprint(&columns),
                name: name.clone(),
                mapping: mapping.to_string(),
                columns: columns.into_iter().map(str::to_owned).collect(),
                created_at: now,
                used_at: now,
            })?;
        }
        Ok(())
    }

    /// Reads the file of a source again, otherwise: what only it brought goes, what it brings now comes, in one
    /// transaction.
    ///
    /// # Errors
    /// As [`Workspace::import`], and [`hearback_domain::error::Kind::NotFound`] where there is no such source or its file is gone.
    pub fn reread(&self, source: i64, options: &ImportOptions, job: &Job) -> Result<ImportOutcome> {
        let sources = self.store.sources()?;
        let found = sources
            .iter()
            .find(|known| known.id == source)
            .ok_or_else(|| Error::not_found(format!("there is no source {source}")))?;
        let options = ImportOptions { replace: vec![source], ..options.clone() };
        self.import(&[PathBuf::from(&found.path)], &options, job)
    }

    /// Undoes imports: what only these sources brought goes, all of it or nothing. Themes become older than the data.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::NotFound`] where one of them is not there, or is another file than was meant.
    pub fn remove_sources(&self, sources: &[SourceToRemove]) -> Result<()> {
        self.store.remove_sources(sources)?;
        let off = self.store.switched_off_signals()?;
        self.store.switch_signals_off(&off, &mut self.deriver()?)
    }
}

fn no_such_file(choice: &ScoreChoice) -> Error {
    let path = choice.path.as_deref().unwrap_or(Path::new("")).display();
    let name = choice.score_name.as_deref().unwrap_or("(none)");
    Error::input(format!("the scale of {name} is said to be that of {path}, which is none of the files to import"))
        .hint("Name one of the files, or its name in a folder or archive")
}

/// The note of a file, with what kind of file it is about.
fn note_of(recognised: &Recognised) -> Option<String> {
    let title = recognised.title.rsplit_once(" (").map_or(recognised.title.as_str(), |(title, _)| title);
    recognised.note.as_ref().map(|note| format!("{title}: {note}"))
}

/// Did a person name this file, or the archive or workbook that it lies in? Folders hold other things, too.
pub(crate) fn is_named(path: &Path, paths: &[PathBuf]) -> bool {
    paths.iter().any(|named| path == named || path.starts_with(named) && named.is_file())
}

/// Did a person name these files one by one?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Yes,
    No,
}

/// A file, as it will be read.
struct Chosen {
    input: Input,
    recognised: Recognised,
    remember: Option<String>,
}

impl ImportOutcome {
    fn take(&mut self, merged: Merged, files: Vec<ReadFile>) {
        (self.sources, self.total, self.files) = (merged.sources, merged.total, files);
    }
}

/// Files of one tool have one scale for a score of one name. A table of nobody's making is one with others that are read by
/// the same columns.
pub(crate) fn tool_of(recognised: &Recognised) -> String {
    match &recognised.mapping {
        Some(mapping) => format!("table: {mapping}"),
        None => recognised.format.name().to_owned(),
    }
}

/// The name of the tool whose format has this title.
pub(crate) fn tool_of_title(title: &str) -> Option<String> {
    ingest::FORMATS
        .iter()
        .filter(|format| title.starts_with(format.title()))
        .max_by_key(|format| format.title().len())
        .map(|format| format.name().to_owned())
}

fn new_source(input: &Input, recognised: &Recognised, options: &ImportOptions) -> NewSource {
    let path = input.path();
    NewSource {
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        path: std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string(),
        format: recognised.title.clone(),
        format_reason: recognised.reason.clone(),
        bytes: input.size(),
        imported_at: options.now,
        scores: options.scores_of(path, &tool_of(recognised)),
        tool: tool_of(recognised),
        mapping: recognised.mapping.as_ref().map(ToString::to_string),
        notes: note_of(recognised).into_iter().collect(),
    }
}

fn nothing_useful(path: &Path, reject: Option<&Reject>) -> Error {
    let error =
        Error::format(format!("{} holds nothing that Hearback could keep; nothing was written", path.display()));
    match reject {
        Some(Reject { origin, reason, .. }) => {
            error.hint(format!("The first of its records, number {}: {reason}", origin.record))
        }
        None => error,
    }
}
