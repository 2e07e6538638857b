//! What belongs to this session?

use duckdb::Connection;

use super::{
    super::{Snapshot, import::aliases::DEPTH, read, tables::turns},
    rows::{metadata, select},
};
use hearback_domain::{
    SessionRecord, TurnRecord,
    error::{Error, Result},
    record::Metadata,
    rows::FeedbackRow,
    trail_order,
};

/// Everything of one session, its turns in order, not laid out yet.
#[derive(Clone, Debug, PartialEq)]
pub struct TrailRows {
    pub session: Option<SessionRecord>,
    pub turns: Vec<TurnRecord>,
    pub feedback: Vec<FeedbackRow>,
}

impl Snapshot<'_> {
    /// # Errors
    /// [`hearback_domain::error::Kind::NotFound`] where nothing in the workspace names that session.
    pub fn trail_of_session(&self, session: &str) -> Result<TrailRows> {
        let connection = self.connection();
        let rows = TrailRows {
            session: session_row(connection, session)?,
            turns: turn_rows(connection, "session_id = ?", session)?,
            feedback: select(connection, "f.session_id = ?", &[session.to_owned()])?,
        };
        if rows.session.is_none() && rows.turns.is_empty() && rows.feedback.is_empty() {
            return Err(Error::not_found(format!("there is no session {session} in this workspace")));
        }
        Ok(rows)
    }

    /// The session of a turn, which may be named by one of its spans; a turn without one stands alone.
    pub fn trail_of_turn(&self, turn: &str) -> Result<TrailRows> {
        let connection = self.connection();
        let named = turn_named(connection, turn)?;
        let turn = named.as_str();
        let turns = turn_rows(connection, "id = ?", turn)?;
        let feedback = select(connection, "f.turn_id = ?", &[turn.to_owned()])?;
        let session = id_named_by(connection, "select session_id as named from turns where id = ?", turn)?
            .or_else(|| feedback.iter().find_map(|row| row.session_id.clone()));
        match session {
            Some(session) => self.trail_of_session(&session),
            None if turns.is_empty() && feedback.is_empty() => {
                Err(Error::not_found(format!("there is no turn {turn} in this workspace")))
            }
            None => Ok(TrailRows { session: None, turns, feedback }),
        }
    }

    /// The session that a feedback is about. Its own row is read with the others of that session, so that here only
    /// the ids are asked for.
    pub fn trail_of_feedback(&self, feedback: &str) -> Result<TrailRows> {
        let connection = self.connection();
        let sql = "select session_id, turn_id from facts where feedback_id = ?";
        let about: Option<(Option<String>, Option<String>)> =
            read::first(connection, "find what a feedback is about", sql, [feedback], |row| {
                Ok((row.get("session_id")?, row.get("turn_id")?))
            })?;
        match about {
            Some((Some(session), _)) => self.trail_of_session(&session),
            Some((None, Some(turn))) => self.trail_of_turn(&turn),
            Some((None, None)) => {
                let alone = select(connection, "f.feedback_id = ?", &[feedback.to_owned()])?;
                Ok(TrailRows { session: None, turns: Vec::new(), feedback: alone })
            }
            None => Err(Error::not_found(format!("there is no feedback {feedback} in this workspace"))),
        }
    }
}

/// The turn that goes by this id, which may be an alias.
fn turn_named(connection: &Connection, id: &str) -> Result<String> {
    let mut named = id.to_owned();
    for _ in 0..=DEPTH {
        let next =
            "select min(turn_id) as named from turn_aliases where alias = ? and alias not in (select id from turns)";
        match id_named_by(connection, next, &named)? {
            Some(turn) => named = turn,
            None => return Ok(named),
        }
    }
    Ok(id.to_owned())
}

fn id_named_by(connection: &Connection, sql: &str, id: &str) -> Result<Option<String>> {
    let found: Vec<Option<String>> = read::all(connection, "find a turn", sql, [id], |row| row.get("named"))?;
    Ok(found.into_iter().flatten().next())
}

fn session_row(connection: &Connection, id: &str) -> Result<Option<SessionRecord>> {
    let sql =
        "select id, epoch_us(started_at) as started_at, user_id, user_role, environment from sessions where id = ?";
    let found = read::first(connection, "read a session", sql, [id], |row| {
        Ok(SessionRecord {
            id: row.get("id")?,
            started_at: row.moment_if_any("started_at")?,
            user_id: row.get("user_id")?,
            user_role: row.get("user_role")?,
            environment: row.get("environment")?,
            metadata: Metadata::new(),
        })
    })?;
    let Some(mut session) = found else { return Ok(None) };
    session.metadata =
        metadata(connection, "session", std::slice::from_ref(&session.id))?.remove(&session.id).unwrap_or_default();
    Ok(Some(session))
}

fn turn_rows(connection: &Connection, condition: &str, id: &str) -> Result<Vec<TurnRecord>> {
    let columns = turns::TURNS.each_said(|column| column.selected("t"));
    let sql = format!("select t.id, {columns} from turns t where {condition}");
    let mut turns: Vec<TurnRecord> = read::all(connection, "read its turns", &sql, [id], turns::read)?;
    trail_order::sort_turns(&mut turns, |turn| turn.into());
    let ids: Vec<String> = turns.iter().map(|turn| turn.id.clone()).collect();
    let mut by_id = metadata(connection, "turn", &ids)?;
    for turn in &mut turns {
        turn.metadata = by_id.remove(&turn.id).unwrap_or_default();
    }
    Ok(turns)
}
