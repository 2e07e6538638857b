//! How do chunks of rows come into their tables?

use duckdb::{Appender, Connection, arrow::record_batch::RecordBatch, params};

use crate::{error::Result, store::failed};

#[derive(Clone, Copy)]
pub(super) enum Table {
    Sessions,
    Turns,
    Fills,
    Feedback,
    Metadata,
    Aliases,
    Vectors,
    Rejects,
}

/// In the order of [`Table`]. What is temporary dies with the transaction.
const TABLES: [(&str, Place); 8] = [
    ("stage_sessions", Place::Temporary),
    ("turns", Place::Workspace),
    ("stage_fills", Place::Temporary),
    ("feedback", Place::Workspace),
    ("metadata", Place::Workspace),
    ("stage_aliases", Place::Temporary),
    ("stage_vectors", Place::Temporary),
    ("rejects", Place::Workspace),
];

enum Place {
    Temporary,
    Workspace,
}

/// Chunks that an appender holds before the table has them. Left to itself it would hold a hundred, and at the end of
/// the file everybody would wait for the last of them.
const HELD: usize = 8;

const WHAT: &str = "keep what was read";

/// One for each table that something was read for.
#[derive(Default)]
pub(super) struct Appenders<'c>([Option<Filling<'c>>; TABLES.len()]);

/// An appender, and the columns that it fills. Most exports have values for a third of a table's columns: the others are
/// left to the database, which knows that they are null without looking at every row.
struct Filling<'c> {
    appender: Appender<'c>,
    names: Vec<String>,
    /// In the order in which the appender was told of them.
    filled: Vec<usize>,
    held: usize,
}

impl<'c> Appenders<'c> {
    pub fn append(&mut self, connection: &'c Connection, table: Table, rows: &RecordBatch) -> Result<()> {
        let slot = &mut self.0[table as usize];
        let filling = match slot {
            Some(filling) => filling,
            None => slot.insert(Filling::new(connection, table)?),
        };
        filling.append(rows)
    }

    /// Everything is in its table then.
    pub fn close(self) -> Result<()> {
        self.0.into_iter().flatten().try_for_each(|mut filling| filling.appender.flush().map_err(failed(WHAT)))
    }
}

impl<'c> Filling<'c> {
    fn new(connection: &'c Connection, table: Table) -> Result<Self> {
        let (name, place) = &TABLES[table as usize];
        let appender = match place {
            Place::Temporary => connection.appender_to_catalog_and_db(name, "temp", "main"),
            Place::Workspace => connection.appender(name),
        };
        let names = connection
            .prepare("select column_name from duckdb_columns() where table_name = ? order by column_index")
            .and_then(|mut statement| statement.query_map(params![name], |row| row.get(0))?.collect())
            .map_err(failed(WHAT))?;
        Ok(Self { appender: appender.map_err(failed(WHAT))?, names, filled: Vec::new(), held: 0 })
    }

    fn append(&mut self, rows: &RecordBatch) -> Result<()> {
        for (at, column) in rows.columns().iter().enumerate() {
            if column.null_count() < rows.num_rows()
                && !self.filled.contains(&at)
                && let Some(name) = self.names.get(at)
            {
                self.appender.add_column(name).map_err(failed(WHAT))?;
                self.filled.push(at);
            }
        }
        let filled = rows
            .project(&self.filled)
            .map_err(|error| crate::error::Error::internal("rows do not fit their table").because(error))?;
        self.appender.append_record_batch(filled).map_err(failed(WHAT))?;
        self.held += 1;
        if self.held >= HELD {
            self.held = 0;
            self.appender.flush().map_err(failed(WHAT))?;
        }
        Ok(())
    }
}
