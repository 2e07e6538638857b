//! How much is in this workspace, and how well does it hang together?

use super::super::{Snapshot, data_version, failed, property, themes};
use crate::{error::Result, model::Timestamp};

#[derive(Clone, Debug, PartialEq)]
pub struct WorkspaceSummary {
    pub feedback: u64,
    pub turns: u64,
    pub sessions: u64,
    pub sources: u64,
    pub rejects: u64,
    /// Feedback whose turn, and whose session, is in the workspace.
    pub joined_turn: u64,
    pub joined_session: u64,
    /// First and last moment of feedback.
    pub first: Option<Timestamp>,
    pub last: Option<Timestamp>,
    pub themes: u64,
    pub data_version: u64,
    /// The data version that the themes were made from.
    pub themes_data_version: Option<u64>,
    pub synthetic: bool,
}

impl Snapshot<'_> {
    pub fn summary(&self) -> Result<WorkspaceSummary> {
        let what = "be counted";
        let connection = self.connection();
        let data_version = data_version(connection)?;
        let subject = themes::subject(connection)?.word();
        let synthetic = property(connection, "synthetic")?.as_deref() == Some("true");
        connection
            .query_row(
                "select (select count(*) from feedback where author <> 'derived'), (select count(*) from turns), (select count(*) from sessions),
                        (select count(*) from sources), (select count(*) from rejects),
                        (select count(*) from facts where joined_turn and author <> 'derived'),
                        (select count(*) from facts where joined_session and author <> 'derived'),
                        (select epoch_us(min(created_at)) from facts), (select epoch_us(max(created_at)) from facts),
                        (select count(*) from themes where run_id in (select id from theme_runs where subject = ?)),
                        (select max(data_version) from theme_runs where subject = ?)",
                [subject, subject],
                |row| {
                    Ok(WorkspaceSummary {
                        feedback: row.get(0)?,
                        turns: row.get(1)?,
                        sessions: row.get(2)?,
                        sources: row.get(3)?,
                        rejects: row.get(4)?,
                        joined_turn: row.get(5)?,
                        joined_session: row.get(6)?,
                        first: row.get::<_, Option<i64>>(7)?.map(Timestamp::from_micros),
                        last: row.get::<_, Option<i64>>(8)?.map(Timestamp::from_micros),
                        themes: row.get(9)?,
                        themes_data_version: row.get(10)?,
                        data_version,
                        synthetic,
                    })
                },
            )
            .map_err(failed(what))
    }
}
