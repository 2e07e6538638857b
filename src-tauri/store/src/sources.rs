//! What was imported, and what was not?

use duckdb::{Connection, params};

use super::{Snapshot, property, read};
use hearback_domain::{
    error::Result,
    import::{ImportCounts, Source},
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
    let sql = "select id, name, path, format, format_reason, digest, bytes, epoch_us(imported_at) as imported_at,
                      records_read, records_kept, records_updated, records_rejected, sessions, turns, feedback,
                      joined_turn, joined_session, mapping, cast(to_json(coalesce(notes, [])) as varchar) as notes, tool
               from sources order by id";
    read::all(connection, "list its sources", sql, [], |row| {
        Ok(Source {
            id: row.get("id")?,
            name: row.get("name")?,
            path: row.get("path")?,
            format: row.get("format")?,
            format_reason: row.get("format_reason")?,
            digest: row.get("digest")?,
            bytes: row.get("bytes")?,
            imported_at: row.moment("imported_at")?,
            counts: ImportCounts {
                read: row.get("records_read")?,
                kept: row.get("records_kept")?,
                updated: row.get("records_updated")?,
                rejected: row.get("records_rejected")?,
                sessions: row.get("sessions")?,
                turns: row.get("turns")?,
                feedback: row.get("feedback")?,
                joined_turn: row.get("joined_turn")?,
                joined_session: row.get("joined_session")?,
            },
            mapping: row.get("mapping")?,
            notes: row.json("notes")?,
            tool: row.get("tool")?,
        })
    })
}

/// Ids are given once: views and rules may name a source that is gone.
pub(super) fn next_id(connection: &Connection) -> Result<i64> {
    let gone: i64 = property(connection, LAST_REMOVED)?.and_then(|text| text.parse().ok()).unwrap_or(0);
    let sql = "select greatest(coalesce(max(id), 0), ?) + 1 from sources";
    read::scalar(connection, "number the import", sql, [gone])
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
        let sql = "select count(*) from sources where digest = ?";
        let count: i64 = read::scalar(self.connection(), "list its sources", sql, [digest])?;
        Ok(count > 0)
    }

    /// Records that were not kept, in the order of their reading; of one source or of all.
    pub fn rejects(&self, source: Option<i64>, after: Option<i64>, limit: u32) -> Result<RejectPage> {
        let connection = self.connection();
        let total: u64 = read::scalar(
            connection,
            "count its skipped records",
            "select count(*) from rejects where cast(? as bigint) is null or source_id = ?",
            params![source, source],
        )?;
        let mut rows: Vec<StoredReject> = read::all(
            connection,
            "list its skipped records",
            "select r.id, r.source_id, coalesce(s.name, '') as source_name, r.record_number, r.byte_offset, r.reason, r.raw
             from rejects r left join sources s on s.id = r.source_id
             where (cast(? as bigint) is null or r.source_id = ?) and r.id > ?
             order by r.id limit ?",
            params![source, source, after.unwrap_or(0), u64::from(limit) + 1],
            |row| {
                Ok(StoredReject {
                    id: row.get("id")?,
                    source_id: row.get("source_id")?,
                    source_name: row.get("source_name")?,
                    record: row.get("record_number")?,
                    byte: row.get("byte_offset")?,
                    reason: row.get("reason")?,
                    raw: row.get("raw")?,
                })
            },
        )?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = if more { rows.last().map(|row| row.id) } else { None };
        Ok(RejectPage { rows, next, total })
    }
}
