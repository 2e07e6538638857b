//! Can this program read this file, and what must be changed first?
//!
//! Schema files are numbered and applied in one transaction each. The file records the lowest version that may
//! still read it, so that an older Hearback can refuse a file it would misread.

use std::path::Path;

use duckdb::Connection;

use super::{duck_error::failed, read};
use hearback_domain::error::{Error, Result};

struct Migration {
    version: i32,
    readable_from: i32,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, readable_from: 1, sql: include_str!("schema/0001_workspace.sql") },
    Migration { version: 2, readable_from: 2, sql: include_str!("schema/0002_sources_apart.sql") },
    Migration { version: 3, readable_from: 3, sql: include_str!("schema/0003_turns_apart.sql") },
    Migration { version: 4, readable_from: 4, sql: include_str!("schema/0004_theme_identity.sql") },
    // Only adds tables, which whoever does not know them leaves alone.
    Migration { version: 5, readable_from: 4, sql: include_str!("schema/0005_map.sql") },
    Migration { version: 6, readable_from: 6, sql: include_str!("schema/0006_scores.sql") },
];

/// The newest version that this program knows.
pub(super) const NEWEST: i32 = 6;

pub(super) fn bring_up_to_date(connection: &Connection, path: &Path, is_new: bool) -> Result<()> {
    let current = if is_new { 0 } else { version(connection, path)? };
    apply(connection, current, NEWEST)?;
    if current < NEWEST {
        // Changes of the schema do not wait in the log for a crash: replaying them is what went wrong before.
        connection.execute_batch("checkpoint").map_err(failed("be brought up to date"))?;
    }
    Ok(())
}

/// Applies the steps after `from` up to `to`, each in a transaction of its own.
pub(super) fn apply(connection: &Connection, from: i32, to: i32) -> Result<()> {
    for migration in MIGRATIONS.iter().filter(|migration| migration.version > from && migration.version <= to) {
        let sql = format!(
            "begin transaction;\n{}\ninsert into schema_versions (version, readable_from, applied_at)\nvalues ({}, {}, current_timestamp at time zone 'UTC');\ncommit;",
            migration.sql, migration.version, migration.readable_from
        );
        if let Err(error) = connection.execute_batch(&sql) {
            let _ = connection.execute_batch("rollback");
            return Err(failed("be brought up to date")(error));
        }
    }
    Ok(())
}

/// Is it a workspace of an older version, which holds something that could be lost?
///
/// # Errors
/// As [`bring_up_to_date`].
pub(super) fn is_old(connection: &Connection, path: &Path) -> Result<bool> {
    let version = version(connection, path)?;
    Ok(version > 0 && version < NEWEST)
}

/// Is there nothing to bring up to date?
///
/// # Errors
/// As [`bring_up_to_date`].
pub(super) fn is_current(connection: &Connection, path: &Path) -> Result<bool> {
    Ok(version(connection, path)? >= NEWEST)
}

fn version(connection: &Connection, path: &Path) -> Result<i32> {
    let shown = path.display();
    let sql = "select count(*) from duckdb_tables() where table_name = 'schema_versions'";
    let tables: i64 = read::scalar(connection, "list its tables", sql, [])?;
    if tables == 0 {
        let any: i64 = read::scalar(connection, "list its tables", "select count(*) from duckdb_tables()", [])?;
        // An empty database is what a crash right after its making leaves: nothing is lost by starting it anew.
        return if any == 0 {
            Ok(0)
        } else {
            Err(Error::workspace(format!("{shown} is a DuckDB file, but not a Hearback workspace"))
                .hint("Choose a .hearback file, or a new name"))
        };
    }
    let sql = "select coalesce(max(version), 0) as version, coalesce(max(readable_from), 0) as readable_from
               from schema_versions";
    let (version, readable_from): (i32, i32) =
        read::one(connection, "read its version", sql, [], |row| Ok((row.get("version")?, row.get("readable_from")?)))?;
    if readable_from > NEWEST {
        return Err(Error::workspace(format!(
            "{shown} was written by a newer Hearback (file version {version}, this one reads up to {NEWEST})"
        ))
        .hint("Update Hearback to open it"));
    }
    Ok(version)
}
