//! How much memory may an import have, and which cores?
//!
//! As much whatever the size of the file: what does not fit goes to a file beside the workspace until it is needed. Only
//! what is settled id by id is held in memory at once, as DuckDB has it; where that is more than a few rows, or where
//! cells are huge, the import may have as much as the machine gives. Should the bound be too small all the same, the
//! import is run once more without it ([`MemoryLimit::OfTheMachine`]).
//!
//! While rows come in, they come one chunk at a time: DuckDB's second thread would do what its first then waits for, busily,
//! on the core that the reader needs.

use duckdb::Connection;

use crate::{failed, read};
use hearback_domain::error::Result;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MemoryLimit {
    Bounded,
    /// As DuckDB chooses.
    OfTheMachine,
}

/// For DuckDB's own; the chunks on their way to it and the program come on top.
const MEMORY: &str = "set memory_limit = '160MB'";

const ONE_CORE: &str = "set threads = 1";
const ALL_CORES: &str = "reset threads";

/// Rows that can be settled at once within `MEMORY`.
const ROWS: u64 = 20_000;

/// Bytes of a row from which its texts may be larger than one of DuckDB's blocks: those it holds until the commit.
const LARGE_ROW: usize = 100 << 10;

/// How much of that fits beside everything else.
const LARGE_ROWS: usize = 40 << 20;

pub(super) fn begin(connection: &Connection, limit: MemoryLimit) -> Result<()> {
    if limit == MemoryLimit::Bounded {
        set(connection, MEMORY)?;
    }
    set(connection, ONE_CORE)
}

/// The bytes of rows that stay in memory.
#[derive(Default)]
pub(super) struct Large(usize);

impl Large {
    /// Takes the bound away where more of them come than fit.
    pub fn add(&mut self, connection: &Connection, rows: usize, bytes: usize) -> Result<()> {
        if bytes <= LARGE_ROW * rows {
            return Ok(());
        }
        let before = self.0;
        self.0 += bytes;
        if before <= LARGE_ROWS && self.0 > LARGE_ROWS { raise(connection) } else { Ok(()) }
    }
}

/// Once everything is read.
pub(super) fn all_cores(connection: &Connection) -> Result<()> {
    set(connection, ALL_CORES)
}

/// Takes the bound away where so many rows are settled in memory.
pub(super) fn raise_for_rows(connection: &Connection, rows: u64) -> Result<()> {
    if rows > ROWS { raise(connection) } else { Ok(()) }
}

/// To be called after the transaction in any case: the bounds are the database's, and a failed transaction cannot change
/// them.
pub(super) fn take_away(connection: &Connection) -> Result<()> {
    all_cores(connection).and(raise(connection))
}

/// As much memory as DuckDB takes by itself: four fifths of the machine's.
pub(super) fn raise(connection: &Connection) -> Result<()> {
    // With DuckDB 1.5 `reset` changes what the setting shows, not what holds: it is set to what it shows then.
    set(connection, "reset memory_limit")?;
    let usual: String = read::scalar(connection, "choose its memory", "select current_setting('memory_limit')", [])?;
    set(connection, &format!("set memory_limit = '{}'", usual.replace('\'', "")))
}

fn set(connection: &Connection, sql: &str) -> Result<()> {
    connection.execute_batch(sql).map_err(failed("choose its memory"))
}
