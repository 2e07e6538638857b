//! What was imported, and what was not?

use duckdb::{Connection, params};

use super::{Snapshot, failed, property, texts::list_from_json};
use crate::{
    error::Result,
    model::{
        Timestamp,
        import::{ImportCounts, Source},
    },
};

#[derive(Clone, Debug, PartialEq)]
pub struct StoredReject {
    pub id: i64,
    pub source_id: i64,
    pub source_name: String,
    pub record: u64,
    pub byte: Option<u64>,
    pub reason: String,
    pub raw: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct RejectPage {
    pub rows: Vec<StoredReject>,
    /// The id to continue after, where there is more.
    pub next: Option<i64>,
    pub total: u64,
}

pub(super) fn list(connection: &Connection) -> Result<Vec<Source>> {
    let mut statement = connection
        .prepare(
            "select id, name, path, format, format_reason, digest, bytes, epoch_us(imported_at),
                    records_read, records_kept, records_updated, records_rejected,
                    sessions, turns, feedback, joined_turn, joined_session, mapping, to_json(coalesce(notes, []))::varchar,
                    tool
             from sources order by id",
        )
        .map_err(failed("list its sources"))?;
    let rows = statement
        .query_map([], |row| {
            Ok(Source {
                id: row.get(0)?,
                name: row.get(1)?,
                path: row.get(2)?,
                format: row.get(3)?,
                format_reason: row.get(4)?,
                digest: row.get(5)?,
                bytes: row.get(6)?,
                imported_at: Timestamp::from_micros(row.get(7)?),
                counts: ImportCounts {
                    read: row.get(8)?,
                    kept: row.get(9)?,
                    updated: row.get(10)?,
                    rejected: row.get(11)?,
                    sessions: row.get(12)?,
                    turns: row.get(13)?,
                    feedback: row.get(14)?,
                    joined_turn: row.get(15)?,
                    joined_session: row.get(16)?,
                },
                mapping: row.get(17)?,
                notes: list_from_json(&row.get::<_, String>(18)?),
                tool: row.get(19)?,
            })
        })
        .map_err(failed("list its sources"))?;
    rows.collect::<duckdb::Result<Vec<_>>>().map_err(failed("list its sources"))
}

/// Ids are given once: views and rules may name a source that is gone.
pub(super) fn next_id(connection: &Connection) -> Result<i64> {
    let gone: i64 = property(connection, LAST_REMOVED)?.and_then(|text| text.parse().ok()).unwrap_or(0);
    connection
        .query_row("select greatest(coalesce(max(id), 0), ?) + 1 from sources", [gone], |row| row.get(0))
        .map_err(failed("number the import"))
}

/// The property with the highest id of a source that was removed.
pub(super) const LAST_REMOVED: &str = "last_removed_source";

impl Snapshot<'_> {
    /// In the order of their import.
    pub fn sources(&self) -> Result<Vec<Source>> {
        list(self.connection())
    }

    /// Is a file with these bytes in the workspace already?
    pub fn has_digest(&self, digest: &str) -> Result<bool> {
        self.connection()
            .query_row("select count(*) from sources where digest = ?", [digest], |row| row.get::<_, i64>(0))
            .map(|count| count > 0)
            .map_err(failed("list its sources"))
    }

    /// Records that were not kept, in the order of their reading; of one source or of all.
    pub fn rejects(&self, source: Option<i64>, after: Option<i64>, limit: u32) -> Result<RejectPage> {
        let connection = self.connection();
        let total: u64 = connection
            .query_row(
                "select count(*) from rejects where ?::bigint is null or source_id = ?",
                params![source, source],
                |row| row.get(0),
            )
            .map_err(failed("count its skipped records"))?;
        let mut statement = connection
            .prepare(
                "select r.id, r.source_id, coalesce(s.name, ''), r.record_number, r.byte_offset, r.reason, r.raw
                 from rejects r left join sources s on s.id = r.source_id
                 where (?::bigint is null or r.source_id = ?) and r.id > ?
                 order by r.id limit ?",
            )
            .map_err(failed("list its skipped records"))?;
        let mut rows: Vec<StoredReject> = statement
            .query_map(params![source, source, after.unwrap_or(0), u64::from(limit) + 1], |row| {
                Ok(StoredReject {
                    id: row.get(0)?,
                    source_id: row.get(1)?,
                    source_name: row.get(2)?,
                    record: row.get(3)?,
                    byte: row.get(4)?,
                    reason: row.get(5)?,
                    raw: row.get(6)?,
                })
            })
            .and_then(Iterator::collect)
            .map_err(failed("list its skipped records"))?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = if more { rows.last().map(|row| row.id) } else { None };
        Ok(RejectPage { rows, next, total })
    }
}
