//! What belongs to this session?

use duckdb::{Connection, Row};

use super::{
    super::{Snapshot, failed, import::aliases::DEPTH, texts::list_from_json},
    rows::{metadata, select},
};
use crate::{
    error::{Error, Result},
    model::{
        Document, Timestamp,
        record::Metadata,
        rows::{FeedbackRow, SessionRow, TurnRow},
    },
};

/// Everything of one session, not laid out yet.
#[derive(Clone, Debug, PartialEq)]
pub struct TrailRows {
    pub session: Option<SessionRow>,
    pub turns: Vec<TurnRow>,
    pub feedback: Vec<FeedbackRow>,
}

impl Snapshot<'_> {
    /// # Errors
    /// [`crate::error::Kind::NotFound`] where nothing in the workspace names that session.
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
        let session = id_named_by(connection, "select session_id from turns where id = ?", turn)?
            .or_else(|| feedback.iter().find_map(|row| row.session_id.clone()));
        match session {
            Some(session) => self.trail_of_session(&session),
            None if turns.is_empty() && feedback.is_empty() => {
                Err(Error::not_found(format!("there is no turn {turn} in this workspace")))
            }
            None => Ok(TrailRows { session: None, turns, feedback }),
        }
    }

    /// The session that a feedback is about.
    pub fn trail_of_feedback(&self, feedback: &str) -> Result<TrailRows> {
        let row = self
            .feedback_by_id(&[feedback.to_owned()])?
            .into_iter()
            .next()
            .ok_or_else(|| Error::not_found(format!("there is no feedback {feedback} in this workspace")))?;
        match (&row.session_id, &row.turn_id) {
            (Some(session), _) => self.trail_of_session(session),
            (None, Some(turn)) => self.trail_of_turn(turn),
            (None, None) => Ok(TrailRows { session: None, turns: Vec::new(), feedback: vec![row] }),
        }
    }
}

/// The turn that goes by this id, which may be an alias.
fn turn_named(connection: &Connection, id: &str) -> Result<String> {
    let mut named = id.to_owned();
    for _ in 0..=DEPTH {
        let next = "select min(turn_id) from turn_aliases where alias = ? and alias not in (select id from turns)";
        match id_named_by(connection, next, &named)? {
            Some(turn) => named = turn,
            None => return Ok(named),
        }
    }
    Ok(id.to_owned())
}

fn id_named_by(connection: &Connection, sql: &str, id: &str) -> Result<Option<String>> {
    let mut statement = connection.prepare(sql).map_err(failed("find a turn"))?;
    let found: Vec<Option<String>> =
        statement.query_map([id], |row| row.get(0)).and_then(Iterator::collect).map_err(failed("find a turn"))?;
    Ok(found.into_iter().flatten().next())
}

fn session_row(connection: &Connection, id: &str) -> Result<Option<SessionRow>> {
    let mut statement = connection
        .prepare("select id, epoch_us(started_at), user_id, user_role, environment from sessions where id = ?")
        .map_err(failed("read a session"))?;
    let found: Vec<SessionRow> = statement
        .query_map([id], |row| {
            Ok(SessionRow {
                id: row.get(0)?,
                started_at: row.get::<_, Option<i64>>(1)?.map(Timestamp::from_micros),
                user_id: row.get(2)?,
                user_role: row.get(3)?,
                environment: row.get(4)?,
                metadata: Metadata::new(),
            })
        })
        .and_then(Iterator::collect)
        .map_err(failed("read a session"))?;
    let Some(mut session) = found.into_iter().next() else { return Ok(None) };
    session.metadata =
        metadata(connection, "session", std::slice::from_ref(&session.id))?.remove(&session.id).unwrap_or_default();
    Ok(Some(session))
}

fn turn_rows(connection: &Connection, condition: &str, id: &str) -> Result<Vec<TurnRow>> {
    let mut statement = connection
        .prepare(&format!(
            "select id, epoch_us(created_at), position, query, system_context, documents, output, model, model_version,
                    prompt_name, prompt_version, release, environment, user_role, latency_ms, input_tokens,
                    output_tokens, to_json(coalesce(tags, []))::varchar
             from turns where {condition} order by position nulls last, created_at, id"
        ))
        .map_err(failed("read its turns"))?;
    let mut turns: Vec<TurnRow> =
        statement.query_map([id], turn_row).and_then(Iterator::collect).map_err(failed("read its turns"))?;
    let ids: Vec<String> = turns.iter().map(|turn| turn.id.clone()).collect();
    let mut by_id = metadata(connection, "turn", &ids)?;
    for turn in &mut turns {
        turn.metadata = by_id.remove(&turn.id).unwrap_or_default();
    }
    Ok(turns)
}

fn turn_row(row: &Row<'_>) -> duckdb::Result<TurnRow> {
    Ok(TurnRow {
        id: row.get(0)?,
        created_at: row.get::<_, Option<i64>>(1)?.map(Timestamp::from_micros),
        position: row.get(2)?,
        query: row.get(3)?,
        system_context: row.get(4)?,
        documents: row.get::<_, Option<String>>(5)?.map(|json| documents(&json)).unwrap_or_default(),
        output: row.get(6)?,
        model: row.get(7)?,
        model_version: row.get(8)?,
        prompt_name: row.get(9)?,
        prompt_version: row.get(10)?,
        release: row.get(11)?,
        environment: row.get(12)?,
        user_role: row.get(13)?,
        latency_ms: row.get(14)?,
        input_tokens: row.get(15)?,
        output_tokens: row.get(16)?,
        tags: list_from_json(&row.get::<_, String>(17)?),
        metadata: Metadata::new(),
    })
}

/// As `import` wrote them.
fn documents(json: &str) -> Vec<Document> {
    let text = |value: &serde_json::Value, key: &str| value[key].as_str().map(str::to_owned);
    serde_json::from_str::<Vec<serde_json::Value>>(json)
        .unwrap_or_default()
        .iter()
        .map(|document| Document {
            id: text(document, "id"),
            title: text(document, "title"),
            content: text(document, "content").unwrap_or_default(),
            score: document["score"].as_f64(),
        })
        .collect()
}
