//! How do chunks of rows come into their tables?

use duckdb::{Appender, Connection, arrow::record_batch::RecordBatch};

use crate::failed;
use hearback_domain::error::Result;

/// Where rows go.
#[derive(Clone, Copy)]
pub(super) enum Target {
    Sessions,
    Turns,
    Fills,
    Feedback,
    Metadata,
    Aliases,
    Vectors,
    Rejects,
}

/// In the order of [`Target`]. What is temporary dies with the transaction.
const TABLES: [(&str, Lives); 8] = [
    ("stage_sessions", Lives::Temporary),
    ("turns", Lives::Store),
    ("stage_fills", Lives::Temporary),
    ("feedback", Lives::Store),
    ("metadata", Lives::Store),
    ("stage_aliases", Lives::Temporary),
    ("stage_vectors", Lives::Temporary),
    ("rejects", Lives::Store),
];

enum Lives {
    Temporary,
    Store,
}

/// Chunks that an appender holds before the table has them. Left to itself it would hold a hundred, and at the end of
/// the file everybody would wait for the last of them.
const HELD: usize = 8;

const TASK: &str = "keep what was read";

/// One for each table that something was read for.
#[derive(Default)]
pub(super) struct Appenders<'c>([Option<Filling<'c>>; TABLES.len()]);

/// An appender, and the columns that it fills, by their names. Most exports have values for a third of a table's columns: the others are
/// left to the database, which knows that they are null without looking at every row.
struct Filling<'c> {
    appender: Appender<'c>,
    /// In the order in which the appender was told of them.
    filled: Vec<usize>,
    held: usize,
}

impl<'c> Appenders<'c> {
    pub fn append(&mut self, connection: &'c Connection, target: Target, rows: &RecordBatch) -> Result<()> {
        let slot = &mut self.0[target as usize];
        let filling = match slot {
            Some(filling) => filling,
            None => slot.insert(Filling::new(connection, target)?),
        };
        filling.append(rows)
    }

    /// Everything is in its table then.
    pub fn close(self) -> Result<()> {
        self.0.into_iter().flatten().try_for_each(|mut filling| filling.appender.flush().map_err(failed(TASK)))
    }
}

impl<'c> Filling<'c> {
    fn new(connection: &'c Connection, target: Target) -> Result<Self> {
        let (name, place) = &TABLES[target as usize];
        let appender = match place {
            Lives::Temporary => connection.appender_to_catalog_and_db(name, "temp", "main"),
            Lives::Store => connection.appender(name),
        };
        Ok(Self { appender: appender.map_err(failed(TASK))?, filled: Vec::new(), held: 0 })
    }

    fn append(&mut self, rows: &RecordBatch) -> Result<()> {
        let schema = rows.schema_ref();
        for (at, (column, field)) in rows.columns().iter().zip(schema.fields()).enumerate() {
            if column.null_count() < rows.num_rows() && !self.filled.contains(&at) {
                self.appender.add_column(field.name()).map_err(failed(TASK))?;
                self.filled.push(at);
            }
        }
        let filled = rows
            .project(&self.filled)
            .map_err(|error| hearback_domain::error::Error::internal("rows do not fit their table").because(error))?;
        self.appender.append_record_batch(filled).map_err(failed(TASK))?;
        self.held += 1;
        if self.held >= HELD {
            self.held = 0;
            self.appender.flush().map_err(failed(TASK))?;
        }
        Ok(())
    }
}
