//! How do thousands of patches become part of a workspace, whole or not at all?
//!
//! Records are appended to staging tables as they are read (constant memory: appenders are flushed by bytes),
//! then merged by id in sets. Everything happens in one transaction: a killed import leaves the workspace as it was.

mod merge;

use std::collections::BTreeMap;

use duckdb::{Appender, Connection, params};

use super::{
    End, Workspace, bump_data_version, facts, failed, rules,
    signals::{self, Derive},
    undo,
};
use crate::{
    error::Result,
    job::Job,
    model::{
        FeedbackRecord, Origin, Record, Reject, SessionRecord, Timestamp, TurnRecord,
        import::{ImportCounts, Source},
        polarity,
        record::{Metadata, SpanTarget, Weight},
    },
};

/// Appenders hold rows in memory until they are flushed: never more than about this many bytes of text.
const FLUSH_BYTES: usize = 16 << 20;

/// A file that is about to be read.
#[derive(Clone, Debug)]
pub struct NewSource {
    pub name: String,
    pub path: String,
    pub format: String,
    pub format_reason: String,
    pub bytes: u64,
    pub imported_at: Timestamp,
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

fn total(sources: &[Source], whole: Option<&ImportCounts>) -> ImportCounts {
    let mut total = ImportCounts::default();
    for source in sources {
        total.add(&source.counts);
    }
    if let Some(whole) = whole {
        (total.sessions, total.turns, total.feedback) = (whole.sessions, whole.turns, whole.feedback);
    }
    total
}

/// An import that is not committed yet.
pub struct ImportTransaction<'a> {
    connection: &'a Connection,
    staged: Staged<'a>,
    sources: Vec<OpenSource>,
    next_source: i64,
    next_reject: i64,
    /// Number of the next patch: among patches of the same weight the latest wins.
    sequence: i64,
    unflushed: usize,
}

struct Staged<'a> {
    sessions: Appender<'a>,
    turns: Appender<'a>,
    feedback: Appender<'a>,
    metadata: Appender<'a>,
    rejects: Appender<'a>,
}

struct OpenSource {
    id: i64,
    new: NewSource,
    digest: String,
    read: u64,
    rejected: u64,
}

impl Workspace {
    /// Runs an import in one transaction. `work` reads the files into the transaction and merges it at the end.
    ///
    /// # Errors
    /// Whatever `work` gives, and [`crate::error::Kind::Workspace`] where the database cannot keep it;
    /// the workspace is then as it was.
    pub fn import<T>(&self, work: impl FnOnce(ImportTransaction<'_>) -> Result<T>) -> Result<T> {
        self.run_import(End::Commit, work)
    }

    /// The same, but all of it is taken back at the end: only the answer of `work` remains.
    ///
    /// # Errors
    /// As [`Workspace::import`].
    pub fn rehearse<T>(&self, work: impl FnOnce(ImportTransaction<'_>) -> Result<T>) -> Result<T> {
        self.run_import(End::RollBack, work)
    }

    fn run_import<T>(&self, end: End, work: impl FnOnce(ImportTransaction<'_>) -> Result<T>) -> Result<T> {
        self.transact(end, |connection| {
            connection.execute_batch(include_str!("stage.sql")).map_err(failed("make room for the import"))?;
            let next_source = next_id(connection, "select max(id) from sources")?;
            let next_reject = next_id(connection, "select max(id) from rejects")?;
            let appender = |table: &str| {
                connection.appender_to_catalog_and_db(table, "temp", "main").map_err(failed("make room for the import"))
            };
            let staged = Staged {
                sessions: appender("stage_sessions")?,
                turns: appender("stage_turns")?,
                feedback: appender("stage_feedback")?,
                metadata: appender("stage_metadata")?,
                rejects: appender("stage_rejects")?,
            };
            work(ImportTransaction {
                connection,
                staged,
                sources: Vec::new(),
                next_source,
                next_reject,
                sequence: 0,
                unflushed: 0,
            })
        })
    }
}

impl ImportTransaction<'_> {
    /// Removes an earlier import of the same thing first, in this transaction. To be called before anything is read.
    ///
    /// # Errors
    /// [`crate::error::Kind::NotFound`] where there is no such source.
    pub fn replace_source(&mut self, id: i64) -> Result<()> {
        undo::remove(self.connection, id)
    }

    /// What follows, until the next call, comes from this file.
    pub fn begin_source(&mut self, new: NewSource) {
        let id = self.next_source;
        self.next_source += 1;
        self.sources.push(OpenSource { id, new, digest: String::new(), read: 0, rejected: 0 });
    }

    /// # Errors
    /// [`crate::error::Kind::Workspace`] where the database cannot keep it, such as a full disk.
    pub fn record(&mut self, _origin: Origin, record: &Record) -> Result<()> {
        self.sequence += 1;
        let bytes = match record {
            Record::Session(session) => self.session(session)?,
            Record::Turn(turn) => self.turn(turn)?,
            Record::Feedback(feedback) => self.feedback(feedback)?,
            Record::Vector(_) => 0,
        };
        self.spent(bytes)
    }

    pub fn reject(&mut self, reject: &Reject) -> Result<()> {
        let source = self.source_id();
        let id = self.next_reject;
        self.next_reject += 1;
        if let Some(open) = self.sources.last_mut() {
            open.rejected += 1;
        }
        self.staged
            .rejects
            .append_row(params![id, source, reject.origin.record, reject.origin.byte, reject.reason, reject.raw])
            .map_err(failed("note a skipped record"))?;
        self.spent(reject.raw.len())
    }

    /// What the reader says at the end of the file begun last.
    pub fn end_source(&mut self, read: u64, digest: String) {
        if let Some(open) = self.sources.last_mut() {
            open.read = read;
            open.digest = digest;
        }
    }

    /// Feedback, turns and sessions staged so far, over all sources: nothing useful means nothing to write.
    pub fn is_empty(&self) -> bool {
        self.sequence == 0
    }

    /// Merges what was staged into the workspace, applies the score rules, and counts.
    ///
    /// # Errors
    /// Cancelled, or [`crate::error::Kind::Workspace`].
    pub fn merge(self, job: &Job) -> Result<Merged> {
        self.merge_deriving(job, &mut |_| Vec::new())
    }

    /// As [`ImportTransaction::merge`], and derives signals from the sessions that the import speaks of.
    ///
    /// # Errors
    /// As [`ImportTransaction::merge`].
    pub fn merge_deriving(mut self, job: &Job, derive: Derive<'_>) -> Result<Merged> {
        self.flush()?;
        let Self { connection, staged, sources, .. } = self;
        drop(staged);
        merge::merge_all(connection, job)?;
        let touched: Vec<i64> = sources.iter().map(|source| source.id).collect();
        rules::infer_and_apply(connection, &touched)?;
        job.check()?;
        let counts = merge::counts(connection)?;
        let mut done = Vec::with_capacity(sources.len());
        for open in sources {
            let mut own = counts.get(&open.id).cloned().unwrap_or_default();
            own.read = open.read;
            own.rejected = open.rejected;
            own.kept = open.read.saturating_sub(open.rejected);
            insert_source(connection, &open, &own)?;
            done.push(open.id);
        }
        signals::derive(connection, signals::Scope::Staged, derive)?;
        connection.execute_batch(include_str!("unstage.sql")).map_err(failed("tidy up after the import"))?;
        bump_data_version(connection)?;
        facts::rebuild(connection)?;
        job.check()?;
        let all = super::sources::list(connection)?;
        let sources: Vec<Source> = all.into_iter().filter(|source| done.contains(&source.id)).collect();
        Ok(Merged { total: total(&sources, counts.get(&0)), sources })
    }

    fn source_id(&self) -> i64 {
        self.sources.last().map_or(0, |open| open.id)
    }

    fn spent(&mut self, bytes: usize) -> Result<()> {
        self.unflushed += bytes;
        if self.unflushed >= FLUSH_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        self.unflushed = 0;
        let staged = &mut self.staged;
        for appender in
            [&mut staged.sessions, &mut staged.turns, &mut staged.feedback, &mut staged.metadata, &mut staged.rejects]
        {
            appender.flush().map_err(failed("keep what was read"))?;
        }
        Ok(())
    }

    fn session(&mut self, session: &SessionRecord) -> Result<usize> {
        let source = self.source_id();
        self.staged
            .sessions
            .append_row(params![
                self.sequence,
                source,
                session.id,
                session.started_at.map(Timestamp::micros),
                session.user_id,
                session.user_role,
                session.environment,
            ])
            .map_err(failed("keep a session"))?;
        self.metadata("session", &session.id, &session.metadata)
    }

    fn turn(&mut self, turn: &TurnRecord) -> Result<usize> {
        let source = self.source_id();
        let full = turn.weight == Weight::Full;
        let documents = (!turn.documents.is_empty()).then(|| documents_json(turn));
        let tags = list_json(&turn.tags);
        self.staged
            .turns
            .append_row(params![
                self.sequence,
                full,
                source,
                turn.id,
                turn.session_id,
                turn.created_at.map(Timestamp::micros),
                turn.position,
                turn.query,
                turn.system_context,
                documents,
                turn.output,
                turn.model,
                turn.model_version,
                turn.prompt_name,
                turn.prompt_version,
                turn.release,
                turn.environment,
                turn.user_id,
                turn.user_role,
                turn.latency_ms,
                turn.input_tokens,
                turn.output_tokens,
                tags,
            ])
            .map_err(failed("keep a turn"))?;
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let bytes =
            length(&turn.query) + length(&turn.system_context) + length(&documents) + length(&turn.output) + 256;
        Ok(bytes + self.metadata("turn", &turn.id, &turn.metadata)?)
    }

    fn feedback(&mut self, feedback: &FeedbackRecord) -> Result<usize> {
        let source = self.source_id();
        let labels = feedback.label.iter().chain(&feedback.reasons).map(String::as_str);
        let label_polarity = polarity::without_score(feedback.feedback_type, labels, !feedback.reasons.is_empty());
        let span = feedback.span.as_ref();
        self.staged
            .feedback
            .append_row(params![
                self.sequence,
                source,
                feedback.id,
                feedback.created_at.map(Timestamp::micros),
                feedback.session_id,
                feedback.turn_id,
                feedback.feedback_type.word(),
                feedback.author.word(),
                feedback.score_name,
                // DuckDB keeps NaN, but no mean survives it.
                feedback.score.filter(|score| score.is_finite()),
                feedback.polarity.map(crate::model::Polarity::word),
                label_polarity.word(),
                feedback.label,
                list_json(&feedback.reasons),
                feedback.comment,
                feedback.correction,
                feedback.confidence.filter(|confidence| confidence.is_finite()),
                span.map(|span| match span.target {
                    SpanTarget::Query => "query",
                    SpanTarget::Output => "output",
                }),
                span.map(|span| span.start),
                span.map(|span| span.end),
                span.and_then(|span| span.quote.as_deref()),
                feedback.query,
                feedback.output,
                feedback.model,
                feedback.model_version,
                feedback.prompt_version,
                feedback.release,
                feedback.environment,
                feedback.user_id,
                feedback.user_role,
                list_json(&feedback.tags),
            ])
            .map_err(failed("keep a feedback"))?;
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let bytes = length(&feedback.comment) + length(&feedback.correction) + length(&feedback.output) + 256;
        Ok(bytes + self.metadata("feedback", &feedback.id, &feedback.metadata)?)
    }

    fn metadata(&mut self, owner: &str, owner_id: &str, metadata: &Metadata) -> Result<usize> {
        let source = self.source_id();
        let mut bytes = 0;
        for (key, value) in metadata {
            bytes += key.len() + value.len() + owner_id.len();
            self.staged
                .metadata
                .append_row(params![self.sequence, source, owner, owner_id, key, value])
                .map_err(failed("keep metadata"))?;
        }
        Ok(bytes)
    }
}

impl std::fmt::Debug for ImportTransaction<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportTransaction").field("records", &self.sequence).finish_non_exhaustive()
    }
}

fn next_id(connection: &Connection, sql: &str) -> Result<i64> {
    connection
        .query_row(sql, [], |row| row.get::<_, Option<i64>>(0))
        .map(|id| id.unwrap_or(0) + 1)
        .map_err(failed("number the import"))
}

fn list_json(values: &[String]) -> Option<String> {
    (!values.is_empty()).then(|| serde_json::Value::from(values.to_vec()).to_string())
}

fn documents_json(turn: &TurnRecord) -> String {
    let documents: Vec<serde_json::Value> = turn
        .documents
        .iter()
        .map(|document| {
            serde_json::json!({
                "id": document.id,
                "title": document.title,
                "content": document.content,
                "score": document.score,
            })
        })
        .collect();
    serde_json::Value::from(documents).to_string()
}

fn insert_source(connection: &Connection, open: &OpenSource, counts: &ImportCounts) -> Result<()> {
    connection
        .execute(
            "insert into sources
             values (?, ?, ?, ?, ?, ?, ?, make_timestamp(?::bigint), ?, ?, ?, ?, ?, ?, ?, 0, 0, ?,
                     from_json(?, '[\"VARCHAR\"]'))",
            params![
                open.id,
                open.new.name,
                open.new.path,
                open.new.format,
                open.new.format_reason,
                open.digest,
                open.new.bytes,
                open.new.imported_at.micros(),
                counts.read,
                counts.kept,
                counts.updated,
                counts.rejected,
                counts.sessions,
                counts.turns,
                counts.feedback,
                open.new.mapping,
                serde_json::Value::from(open.new.notes.clone()).to_string(),
            ],
        )
        .map(|_| ())
        .map_err(failed("note the source"))
}

/// Counts by source id.
type Counts = BTreeMap<i64, ImportCounts>;
