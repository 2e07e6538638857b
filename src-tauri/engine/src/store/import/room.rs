//! How much memory may an import have, and which cores?
//!
//! As much whatever the size of the file: what does not fit goes to a file beside the workspace until it is needed. Only
//! what is settled id by id is held in memory at once, as DuckDB has it; where that is more than a few rows, the import may
//! have as much as the machine gives.
//!
//! While rows come in, they come one chunk at a time: DuckDB's second thread would do what its first then waits for, busily,
//! on the core that the reader needs.

use duckdb::Connection;

use crate::{error::Result, store::failed};

/// For DuckDB's own; the chunks on their way to it and the program come on top.
const MEMORY: &str = "set memory_limit = '320MB'";

const ONE_CORE: &str = "set threads = 1";
const ALL_CORES: &str = "reset threads";

/// As DuckDB chooses: four fifths of the machine's.
const ANY: &str = "reset memory_limit";

/// Rows that can be settled at once within `MEMORY`.
const ROWS: u64 = 100_000;

pub(super) fn bounded(connection: &Connection) -> Result<()> {
    set(connection, MEMORY)?;
    set(connection, ONE_CORE)
}

/// Once everything is read.
pub(super) fn all_cores(connection: &Connection) -> Result<()> {
    set(connection, ALL_CORES)
}

/// Takes the bound away where so many rows are settled in memory.
pub(super) fn for_rows(connection: &Connection, rows: u64) -> Result<()> {
    if rows > ROWS { any(connection) } else { Ok(()) }
}

/// To be called after the transaction in any case: the bounds are the database's, and a failed transaction cannot change
/// them.
pub(super) fn everything(connection: &Connection) -> Result<()> {
    all_cores(connection).and(any(connection))
}

/// As much memory as the machine gives.
pub(super) fn any(connection: &Connection) -> Result<()> {
    set(connection, ANY)
}

fn set(connection: &Connection, sql: &str) -> Result<()> {
    connection.execute_batch(sql).map_err(failed("choose its memory"))
}
