//! Which feedback did not find what it is about, and why?

use duckdb::params;
use hearback_domain::string_enum;

use super::{Snapshot, read};
use hearback_domain::{error::Result, rows::FeedbackRow};

string_enum! {
    /// Why a feedback did not find its turn, or found a turn that belongs to no session.
    UnjoinedReason {
        TurnMissing = "turn_missing",
        SessionMissing = "session_missing",
        NamesNothing = "names_nothing",
        TurnWithoutSession = "turn_without_session",
    }
}

/// A feedback that did not find what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct UnjoinedRow {
    pub feedback: FeedbackRow,
    pub reason: UnjoinedReason,
}

#[derive(Clone, Debug, PartialEq)]
pub struct UnjoinedPage {
    /// By id.
    pub rows: Vec<UnjoinedRow>,
    /// The id to continue after, where there is more.
    pub next: Option<String>,
    pub total: u64,
}

impl UnjoinedRow {
    /// One sentence without a period.
    pub fn sentence(&self) -> String {
        let id = |id: &Option<String>| id.clone().unwrap_or_default();
        match self.reason {
            UnjoinedReason::TurnMissing => {
                format!("names turn {}, which no imported file has", id(&self.feedback.turn_id))
            }
            UnjoinedReason::SessionMissing => {
                format!("names session {}, which no imported file has", id(&self.feedback.session_id))
            }
            UnjoinedReason::NamesNothing => "names no turn and no session".to_owned(),
            UnjoinedReason::TurnWithoutSession => {
                format!("its turn {} belongs to no session", id(&self.feedback.turn_id))
            }
        }
    }
}

/// The reason, in SQL; null for what found all that it names.
const REASON: &str = "case
    when f.turn_id is not null and not f.joined_turn then 'turn_missing'
    when f.joined_session then null
    when f.session_id is not null then 'session_missing'
    when f.joined_turn then 'turn_without_session'
    else 'names_nothing'
end";

/// Of one source (what it brought or brought up to date), or of all.
const OF_SOURCE: &str = "(cast(? as bigint) is null or f.source_id = ? or f.updated_by = ?)";

impl Snapshot<'_> {
    /// Feedback that did not find its turn or session; of one source or of all. Judges' as well: they name turns, too.
    pub fn unjoined(&self, source: Option<i64>, after: Option<&str>, limit: u32) -> Result<UnjoinedPage> {
        let total = self.unjoined_counts(source)?.into_iter().map(|(_, count)| count).sum();
        let sql = format!(
            "select f.feedback_id, {REASON} as reason from facts f
             where {OF_SOURCE} and {REASON} is not null and (cast(? as varchar) is null or f.feedback_id > ?)
             order by f.feedback_id limit ?"
        );
        let mut found: Vec<(String, UnjoinedReason)> = read::all(
            self.connection(),
            "list what did not join",
            &sql,
            params![source, source, source, after, after, u64::from(limit) + 1],
            |row| Ok((row.get("feedback_id")?, row.word("reason", "reason", UnjoinedReason::from_word)?)),
        )?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let next = found.last().filter(|_| more).map(|(id, _)| id.clone());
        let (ids, reasons): (Vec<String>, Vec<UnjoinedReason>) = found.into_iter().unzip();
        let rows = self
            .feedback_by_id(&ids)?
            .into_iter()
            .zip(reasons)
            .map(|(feedback, reason)| UnjoinedRow { feedback, reason })
            .collect();
        Ok(UnjoinedPage { rows, next, total })
    }

    /// How many for each reason, most frequent first; reasons that nothing has are left out.
    pub fn unjoined_counts(&self, source: Option<i64>) -> Result<Vec<(UnjoinedReason, u64)>> {
        let sql = format!(
            "select {REASON} as reason, count(*) as n from facts f
             where {OF_SOURCE} and {REASON} is not null group by 1 order by 2 desc, 1"
        );
        read::all(self.connection(), "count what did not join", &sql, params![source, source, source], |row| {
            Ok((row.word("reason", "reason", UnjoinedReason::from_word)?, row.get("n")?))
        })
    }
}
