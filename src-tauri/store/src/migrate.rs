//! Can this program read this file, and what must be changed first?
//!
//! Schema files are numbered and applied in one transaction each. The file records the lowest version that may
//! still read it, so that an older Hearback can refuse a file it would misread.

use std::path::Path;

use duckdb::Connection;

use super::{duck_error::failed, read};
use hearback_domain::error::{Error, Result};

struct Migration {
    readable_from: i32,
    sql: &'static str,
}

/// The first makes version 1, the next version 2, and so on.
const MIGRATIONS: &[Migration] = &[
    Migration { readable_from: 1, sql: include_str!("schema/0001_workspace.sql") },
    Migration { readable_from: 2, sql: include_str!("schema/0002_sources_apart.sql") },
    Migration { readable_from: 3, sql: include_str!("schema/0003_turns_apart.sql") },
    Migration { readable_from: 4, sql: include_str!("schema/0004_theme_identity.sql") },
    // Only adds tables, which whoever does not know them leaves alone.
    Migration { readable_from: 4, sql: include_str!("schema/0005_map.sql") },
    Migration { readable_from: 6, sql: include_str!("schema/0006_scores.sql") },
];

/// The newest version that this program knows.
pub(super) const NEWEST: i32 = MIGRATIONS.len() as i32;

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
    for (version, Migration { readable_from, sql }) in (1..).zip(MIGRATIONS) {
        if version <= from || version > to {
            continue;
        }
        let sql = format!(
            "begin transaction;\n{sql}\ninsert into schema_versions (version, readable_from, applied_at)\nvalues ({version}, {readable_from}, current_timestamp at time zone 'UTC');\ncommit;"
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_file_is_a_migration_by_its_number() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema");
        let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert_eq!(files.len(), MIGRATIONS.len(), "{files:?}");
        for ((version, migration), file) in (1..).zip(MIGRATIONS).zip(files) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            assert!(name.starts_with(&format!("{version:04}_")), "{name} is listed as version {version}");
            assert_eq!(std::fs::read_to_string(&file).unwrap(), migration.sql, "{name}");
        }
    }
}
