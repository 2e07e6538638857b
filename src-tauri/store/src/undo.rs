//! What remains when an import is taken back?
//!
//! Exactly what importing the other files alone, in the same order, would have given. Vectors of words that nobody says
//! any more stay: making them again takes long, and they say nothing by themselves.

use duckdb::Connection;

use super::{
    Store, bump_data_version, facts, failed,
    import::{
        aliases,
        merge::{FEEDBACK, TOUCHED_SESSIONS, TURNS, settle_sessions, touch_sessions_of_shared},
    },
    labels, property, read, score_rules, set_property, sources,
    versions::bump_vector_version,
};
use hearback_domain::error::{Error, Result};

impl Store {
    /// Removes imported files and all that only they brought: all of them, or none. Themes become stale.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::NotFound`] where one of them is not there, or is another file than was meant.
    pub fn remove_sources(&self, sources: &[SourceToRemove]) -> Result<()> {
        self.write(|connection| {
            for source in sources {
                source.is_meant(connection)?;
                remove(connection, source.id)?;
            }
            score_rules::infer(connection)?;
            bump_data_version(connection)?;
            facts::rebuild(connection)
        })
    }
}

/// A source that is to go. Ids are a workspace's own: the digest says which file was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceToRemove {
    pub id: i64,
    /// The digest of the file, or its beginning; `None` where whoever asks has named the workspace himself.
    pub digest: Option<String>,
}

impl From<i64> for SourceToRemove {
    fn from(id: i64) -> Self {
        Self { id, digest: None }
    }
}

impl SourceToRemove {
    fn is_meant(&self, connection: &Connection) -> Result<()> {
        let Some(digest) = &self.digest else { return Ok(()) };
        let (id, what) = (self.id, "remove a source");
        let sql = "select digest, name from sources where id = ?";
        let known: Option<(String, String)> =
            read::first(connection, what, sql, [id], |row| Ok((row.get("digest")?, row.get("name")?)))?;
        match &known {
            Some((known, name)) if digest.is_empty() || !known.starts_with(digest.as_str()) => Err(Error::not_found(
                format!("source {id} is {name} in this workspace, and another file was meant: nothing was removed"),
            )
            .hint("List the sources again, and choose among those")),
            _ => Ok(()),
        }
    }
}

/// All but the rules, the facts and the data version, which follow from the rest.
pub(super) fn remove(connection: &Connection, id: i64) -> Result<()> {
    let what = "remove a source";
    if connection.execute("delete from sources where id = ?", [id]).map_err(failed(what))? == 0 {
        return Err(Error::not_found(format!("there is no source {id}")));
    }
    let highest = property(connection, sources::LAST_REMOVED)?.and_then(|text| text.parse().ok()).unwrap_or(0).max(id);
    set_property(connection, sources::LAST_REMOVED, &highest.to_string())?;
    let run = |sql: &str| connection.execute_batch(sql).map_err(failed(what));

    run(TOUCHED_SESSIONS)?;
    // Every row is from a source that is there.
    aliases::split_turns(connection, i64::MAX)?;
    run(&format!(
        "insert into touched_sessions (id)
         select session_id from turns where session_id is not null and source_id = {id}
         union select id from session_parts where source_id = {id};
         delete from session_parts where source_id = {id};"
    ))?;
    run(&format!("create or replace temp table led as select id from feedback where source_id = {id}"))?;
    for entity in [TURNS, FEEDBACK] {
        let (table, parts) = (entity.table.name, entity.parts);
        run(&format!(
            "create or replace temp table shared_ids as select distinct id from {parts} where source_id = {id}"
        ))?;
        if table == TURNS.table.name {
            touch_sessions_of_shared(connection)?;
        }
        run(&format!("delete from {parts} where source_id = {id}; delete from {table} where source_id = {id};"))?;
        entity.gather_rest(connection)?;
        entity.settle(connection)?;
        if table == FEEDBACK.table.name {
            labels::derive(connection, "id in (select id from shared_ids)")?;
        }
    }
    run(&format!("delete from turn_aliases where source_id = {id}"))?;
    aliases::join_turns(connection)?;
    settle_sessions(connection)?;
    // What was an update of this source's feedback is a first word now.
    run("update sources set records_updated = records_updated - n.count
         from (select source_id, count(*) as count from feedback where id in (select id from led) group by source_id) n
         where n.source_id = sources.id;
         drop table led;")?;
    for table in ["metadata", "rejects", "vectors", "vector_texts", "score_statements", "score_scales"] {
        run(&format!("delete from {table} where source_id = {id}"))?;
    }
    run("drop table shared_ids;
         delete from models where source_id is not null and id not in (select model_id from vectors);
         update models set source_id = v.source_id
         from (select model_id, min(source_id) as source_id from vectors where source_id is not null group by model_id) v
         where v.model_id = models.id and models.source_id <> v.source_id;
         delete from feedback_texts where feedback_id not in (select id from feedback);
         delete from texts where text_hash not in (select text_hash from feedback_texts);")?;
    bump_vector_version(connection)
}
