//! How do thousands of patches become part of a workspace, whole or not at all?
//!
//! ```text
//! reading thread:  record -> chunks of columns (batch) ──┐ bounded channel
//! writing thread:                                        └-> appended to the tables ... -> merge -> commit
//! ```
//! Rows go straight to where they will stay, marked by their source; [`merge`] then only moves those whose id is spoken
//! of more than once. Everything happens in one transaction: a killed import leaves the workspace as it was.

pub(super) mod aliases;
mod append;
mod memory_limit;
pub(super) mod merge;
mod records;
mod write;

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::mpsc::{self, Receiver, SyncSender},
};

use duckdb::Connection;

use super::{
    End, Store,
    duck_error::DuckFault,
    score_rules::{ConfirmedScale, Statements},
    signals::SignalDeriver,
    transact,
};
use hearback_domain::{
    Reject, Timestamp,
    error::{Error, Result},
    import::{ImportCounts, Source},
    job::{Job, Step, Unit},
};
use memory_limit::MemoryLimit;
use records::UnsentRows;
use write::{Answer, Request};

/// Chunks that may wait for the writing thread: enough that neither thread waits for the other's every chunk.
const AHEAD: usize = 16;

/// A file that is about to be read.
#[derive(Clone, Debug)]
pub struct NewSource {
    pub name: String,
    pub path: String,
    pub format: String,
    /// The name of the tool that it comes from; scores of one name have one scale in all files of a tool.
    pub tool: String,
    pub format_reason: String,
    pub bytes: u64,
    pub imported_at: Timestamp,
    /// What the user confirmed of its scores, by their names; of one name the last counts.
    pub scores: Vec<ConfirmedScale>,
    /// The mapping that it is read with, as text; `None` for formats that need none.
    pub mapping: Option<String>,
    /// What the tool itself leaves out of such an export.
    pub notes: Vec<String>,
}

/// What an import became.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merged {
    /// One for each file, in the order in which they were begun.
    pub sources: Vec<Source>,
    /// Records add up; sessions, turns and feedback that several files speak of count once.
    pub total: ImportCounts,
}

/// An import that is not committed yet.
pub struct ImportTransaction<'a> {
    requests: &'a SyncSender<Request>,
    answers: &'a Receiver<Answer>,
    unsent: UnsentRows,
    sources: Vec<OpenSource>,
    /// The size of each model's vectors in the file begun last.
    dimensions: BTreeMap<String, usize>,
    next_source: i64,
    next_reject: i64,
    /// The first thing of all files that their readers could make no record of.
    first_reject: Option<Reject>,
    records: u64,
}

/// A file that is being read, or was.
struct OpenSource {
    id: i64,
    new: NewSource,
    digest: String,
    statements: Statements,
    read: u64,
    rejected: u64,
}

impl Store {
    /// Runs an import in one transaction. `work` reads the files into the transaction, settles them and counts; it is
    /// called again, after everything was taken back, where the memory that an import usually needs was not enough.
    ///
    /// # Errors
    /// Whatever `work` gives, and [`hearback_domain::error::Kind::Workspace`] where the database cannot keep it;
    /// the workspace is then as it was.
    pub fn import<T>(&self, work: impl FnMut(ImportTransaction<'_>) -> Result<T>) -> Result<T> {
        let done = self.run_import(End::Commit, work)?;
        // The import is done, and what fails here fails again at the end, where it is told.
        let _ = self.checkpoint();
        Ok(done)
    }

    /// The same, but all of it is taken back at the end: only the answer of `work` remains.
    ///
    /// # Errors
    /// As [`Store::import`].
    pub fn rehearse<T>(&self, work: impl FnMut(ImportTransaction<'_>) -> Result<T>) -> Result<T> {
        self.run_import(End::RollBack, work)
    }

    fn run_import<T>(&self, end: End, mut work: impl FnMut(ImportTransaction<'_>) -> Result<T>) -> Result<T> {
        match self.run_import_within(MemoryLimit::Bounded, end, &mut work) {
            Err(error) if DuckFault::is_out_of_memory(&error) => {
                self.run_import_within(MemoryLimit::OfTheMachine, end, &mut work)
            }
            done => done,
        }
    }

    fn run_import_within<T>(
        &self,
        limit: MemoryLimit,
        end: End,
        work: &mut dyn FnMut(ImportTransaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let (requests, inbox) = mpsc::sync_channel(AHEAD);
        let (outbox, answers) = mpsc::channel();
        std::thread::scope(|scope| {
            let writer = scope.spawn(move || {
                self.database.change(|connection| {
                    let serve = |connection: &Connection| write::serve(connection, limit, &inbox, &outbox);
                    let done = transact(connection, end, serve);
                    // A bound that stayed would cost time and nothing else.
                    let _ = memory_limit::take_away(connection);
                    done
                })
            });
            let done = match answers.recv() {
                Ok(Answer::Ready { next_source, next_reject }) => work(ImportTransaction {
                    requests: &requests,
                    answers: &answers,
                    unsent: UnsentRows::default(),
                    sources: Vec::new(),
                    dimensions: BTreeMap::new(),
                    next_source,
                    next_reject,
                    first_reject: None,
                    records: 0,
                }),
                _ => Err(stopped()),
            };
            if done.is_ok() {
                // Without this word the writer takes everything back.
                let _ = requests.send(Request::Done);
            }
            drop(requests);
            match writer.join() {
                Ok(Ok(())) => done,
                // The writer gave up since the work did: the work knows why.
                Ok(Err(error)) if error.is_cancelled() => done.and(Err(error)),
                Ok(Err(error)) => Err(error),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }
}

/// What the work hears when the writer is gone; [`Store::import`] gives the writer's own error instead.
fn stopped() -> Error {
    Error::internal("the import's writer stopped")
}

impl ImportTransaction<'_> {
    /// Removes an earlier import of the same thing first, in this transaction. To be called before anything is read.
    /// What the user confirmed of its scores is taken over.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::NotFound`] where there is no such source.
    pub fn replace_source(&mut self, id: i64) -> Result<()> {
        self.ask(Request::Remove(id)).map(|_| ())
    }

    /// What follows, until the next call, comes from this file.
    pub fn begin_source(&mut self, new: NewSource) {
        let id = self.next_source;
        self.next_source += 1;
        self.dimensions.clear();
        self.unsent.source = id;
        self.sources.push(OpenSource {
            id,
            new,
            digest: String::new(),
            statements: Statements::new(),
            read: 0,
            rejected: 0,
        });
    }

    /// What the reader says at the end of the file begun last.
    pub fn end_source(&mut self, read: u64, digest: String) {
        if let Some(open) = self.sources.last_mut() {
            open.read = read;
            open.digest = digest;
            open.statements = std::mem::take(&mut self.unsent.statements);
        }
    }

    /// Nothing useful was read so far, from any source: nothing useful means nothing to write.
    pub fn is_empty(&self) -> bool {
        self.records == 0
    }

    /// The first thing, of all files so far, that their readers could make no record of.
    pub fn first_reject(&self) -> Option<&Reject> {
        self.first_reject.as_ref()
    }

    /// Settles what was read together with what was there. Nothing more can be read then.
    ///
    /// # Errors
    /// Cancelled, or [`hearback_domain::error::Kind::Workspace`].
    pub fn settle(&mut self, job: &Job) -> Result<()> {
        let requests = self.requests;
        self.unsent.rest(&mut |request| requests.send(request).map_err(|_| stopped()))?;
        let sources = std::mem::take(&mut self.sources);
        self.ask(Request::Sources(sources))?;
        self.run_steps(0..merge::SETTLING, job)
    }

    /// Derives signals from the sessions that the import speaks of: after they are settled, and before all is counted.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::Workspace`].
    pub fn derive(&mut self, signals: SignalDeriver) -> Result<()> {
        self.ask(Request::Derive(signals)).map(|_| ())
    }

    /// Notes the files, applies the score rules, and counts: the import is whole then.
    ///
    /// # Errors
    /// Cancelled, or [`hearback_domain::error::Kind::Workspace`].
    pub fn count(self, job: &Job) -> Result<Merged> {
        let total = merge::STEPS.len();
        self.run_steps(merge::SETTLING..total, job)?;
        job.progress(Step::Joining, Unit::Records, total as u64, Some(total as u64));
        job.check()?;
        match self.ask(Request::Report)? {
            Answer::Merged(merged) => Ok(merged),
            _ => Err(stopped()),
        }
    }

    fn run_steps(&self, steps: Range<usize>, job: &Job) -> Result<()> {
        for step in steps {
            job.check()?;
            job.progress(Step::Joining, Unit::Records, step as u64, Some(merge::STEPS.len() as u64));
            self.ask(Request::Step(step))?;
        }
        Ok(())
    }

    fn ask(&self, request: Request) -> Result<Answer> {
        self.requests.send(request).map_err(|_| stopped())?;
        self.answers.recv().map_err(|_| stopped())
    }
}

impl std::fmt::Debug for ImportTransaction<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportTransaction").field("records", &self.records).finish_non_exhaustive()
    }
}
