//! How much is in this workspace, and how well does it hang together?

use super::super::{Snapshot, data_version, property, read, theme_subject};
use hearback_domain::{Timestamp, error::Result};

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

const SUMMARY: &str = "
select (select count(*) from feedback where author <> 'derived') as feedback,
       (select count(*) from turns) as turns,
       (select count(*) from sessions) as sessions,
       (select count(*) from sources) as sources,
       (select count(*) from rejects) as rejects,
       (select count(*) from facts where joined_turn and author <> 'derived') as joined_turn,
       (select count(*) from facts where joined_session and author <> 'derived') as joined_session,
       (select epoch_us(min(created_at)) from facts) as first_moment,
       (select epoch_us(max(created_at)) from facts) as last_moment,
       (select count(*) from themes where run_id in (select id from theme_runs where subject = ?)) as themes,
       (select max(data_version) from theme_runs where subject = ?) as themes_data_version";

impl Snapshot<'_> {
    pub fn summary(&self) -> Result<WorkspaceSummary> {
        let connection = self.connection();
        let data_version = data_version(connection)?;
        let subject = theme_subject::subject(connection)?.word();
        let synthetic = property(connection, "synthetic")?.as_deref() == Some("true");
        read::one(connection, "be counted", SUMMARY, [subject, subject], |row| {
            Ok(WorkspaceSummary {
                feedback: row.get("feedback")?,
                turns: row.get("turns")?,
                sessions: row.get("sessions")?,
                sources: row.get("sources")?,
                rejects: row.get("rejects")?,
                joined_turn: row.get("joined_turn")?,
                joined_session: row.get("joined_session")?,
                first: row.moment_if_any("first_moment")?,
                last: row.moment_if_any("last_moment")?,
                themes: row.get("themes")?,
                themes_data_version: row.get("themes_data_version")?,
                data_version,
                synthetic,
            })
        })
    }
}
