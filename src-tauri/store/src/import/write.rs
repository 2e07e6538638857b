//! The thread that has the connection while an import runs.

use std::sync::mpsc::{Receiver, Sender};

use duckdb::{Connection, arrow::record_batch::RecordBatch};

use super::{
    Merged, OpenSource,
    append::{Appenders, Target},
    memory_limit::{self, MemoryLimit},
    merge::{self, Merge},
};
use crate::{
    failed, read,
    signals::{self, Scope, SignalDeriver},
    sources,
    tables::{aliases::TURN_ALIASES, sessions::SESSIONS, turns::TURNS, vectors::STAGE_VECTORS},
    undo,
};
use hearback_domain::error::{Error, Result};

/// What the reading thread wants. All but `Rows` and `Done` are answered.
pub(super) enum Request {
    Rows(Target, RecordBatch),
    Remove(i64),
    /// Everything is read, from these files.
    Sources(Vec<OpenSource>),
    /// One of [`merge::STEPS`].
    Step(usize),
    /// Signals from the sessions that the import speaks of.
    Derive(SignalDeriver),
    Report,
    /// Keep it.
    Done,
}

pub(super) enum Answer {
    Ready { next_source: i64, next_reject: i64 },
    Done,
    Merged(Merged),
}

/// What an import says that cannot go straight to its table. Temporary: it dies with the import's transaction.
fn staging() -> String {
    [
        SESSIONS.temporary("stage_sessions"),
        TURNS.temporary("stage_fills"),
        TURN_ALIASES.temporary("stage_aliases"),
        STAGE_VECTORS.temporary("stage_vectors"),
    ]
    .concat()
}

/// Does what is asked until all is done.
///
/// # Errors
/// What the database says; cancelled where the other side goes away without a word.
pub(super) fn serve(
    connection: &Connection,
    limit: MemoryLimit,
    inbox: &Receiver<Request>,
    outbox: &Sender<Answer>,
) -> Result<()> {
    memory_limit::begin(connection, limit)?;
    connection.execute_batch(&staging()).map_err(failed("make room for the import"))?;
    let next_source = sources::next_id(connection)?;
    let next_reject: i64 =
        read::scalar(connection, "number the import", "select coalesce(max(id), 0) + 1 from rejects", [])?;
    let gone = |_| Error::cancelled();
    outbox.send(Answer::Ready { next_source, next_reject }).map_err(gone)?;
    let mut appenders = Appenders::default();
    let mut merge = Merge::new(next_source);
    let mut large = memory_limit::Large::default();
    loop {
        let answer = match inbox.recv().map_err(|_| Error::cancelled())? {
            Request::Rows(target, rows) => {
                large.add(connection, rows.num_rows(), rows.get_array_memory_size())?;
                appenders.append(connection, target, &rows)?;
                continue;
            }
            Request::Remove(id) => {
                // Undone from what is known of each of its ids.
                memory_limit::raise(connection)?;
                undo::remove(connection, id)?;
                Answer::Done
            }
            Request::Sources(sources) => {
                std::mem::take(&mut appenders).close()?;
                memory_limit::all_cores(connection)?;
                merge.sources = sources;
                Answer::Done
            }
            Request::Step(step) => {
                if let Some(step) = merge::STEPS.get(step) {
                    step(&mut merge, connection)?;
                }
                Answer::Done
            }
            Request::Derive(mut derive) => {
                signals::derive(connection, Scope::Since(merge.first), &mut *derive)?;
                Answer::Done
            }
            Request::Report => Answer::Merged(merge.report(connection)?),
            Request::Done => return Ok(()),
        };
        outbox.send(answer).map_err(gone)?;
    }
}
