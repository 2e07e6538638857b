//! What do the rows of an import come to, together with what was there?
//!
//! Rows were appended as they came. An id that only one of them speaks of is right where it is. The others are taken
//! out and settled column by column; a column without a value never wipes one out. Sources count in the order of their
//! import: of turns themselves the last that has a value wins, then the first that only fills gaps. What each source
//! said of such an id stays in the table of parts, so that [`super::super::undo`] can settle it anew without one of them.

use std::collections::BTreeMap;

use duckdb::{Connection, params};

use super::{Merged, OpenSource, aliases, memory_limit};
use crate::{
    bump_data_version, facts, failed, labels, read, score_rules, sources,
    tables::{Column, Kind, Table, feedback, turns},
};
use hearback_domain::{error::Result, import::ImportCounts};

type StepOf = fn(&mut Merge, &Connection) -> Result<()>;

/// In this order, in two runs. Between them an import may be cancelled.
pub(super) const STEPS: [StepOf; 6] =
    [Merge::turns, Merge::sessions, Merge::feedback, Merge::others, Merge::sources, Merge::facts];

/// After so many of them turns, sessions and feedback are settled: signals can be derived, which the others count.
pub(super) const SETTLING: usize = 4;

/// An import whose rows are all in their tables.
pub(super) struct Merge {
    pub sources: Vec<OpenSource>,
    /// The id of its first source: rows from here on are new, and as they were read.
    pub first: i64,
    /// By source; under 0 the import as a whole, where what two files speak of counts once.
    counts: BTreeMap<i64, ImportCounts>,
}

/// What is settled column by column.
pub(crate) struct Entity {
    pub table: &'static Table,
    pub parts: &'static str,
    owner: &'static str,
    /// Has `updated_by`: the last source.
    updated: &'static str,
}

pub(crate) const TURNS: Entity = Entity { table: &turns::TURNS, parts: "turn_parts", owner: "turn", updated: "" };

pub(crate) const FEEDBACK: Entity =
    Entity { table: &feedback::FEEDBACK, parts: "feedback_parts", owner: "feedback", updated: "updated_by" };

const TASK: &str = "merge what was read";

fn run(connection: &Connection, sql: &str) -> Result<()> {
    connection.execute_batch(sql).map_err(failed(TASK))
}

fn number(connection: &Connection, sql: &str) -> Result<u64> {
    read::scalar(connection, TASK, sql, [])
}

impl Entity {
    fn each(&self, one: impl Fn(&Column) -> String) -> String {
        self.table.each_said(one)
    }

    /// What a source says of an id: the names of these columns.
    pub(super) fn plain(&self) -> String {
        self.each(|column| column.name.to_owned())
    }

    /// The columns of the table as a part says them.
    fn said(&self) -> String {
        self.each(|Column { name, kind }| match kind {
            // Never null in the table: an empty list says nothing.
            Kind::List => format!("case when len({name}) > 0 then {name} end as {name}"),
            _ => (*name).to_owned(),
        })
    }

    /// Notes in `shared_ids` what more than one row of the import, or the import and the workspace, speak of.
    fn find_shared(&self, connection: &Connection, first: i64) -> Result<u64> {
        let table = self.table.name;
        let fills = if self.owner == TURNS.owner { "union all select id from stage_fills" } else { "" };
        run(
            connection,
            &format!(
                "create or replace temp table shared_ids as
                 with patched as (
                     select id, hash(id) as h from (select id from {table} where source_id >= {first} {fills})
                 )
                 select id from patched where h in (select h from patched group by h having count(*) > 1)
                 union
                 select id from patched where id in (select id from {table} where source_id < {first})"
            ),
        )?;
        number(connection, "select count(*) from shared_ids")
    }

    /// What the import says of `shared_ids` is laid out by source, beside what was said before.
    fn gather(&self, connection: &Connection, first: i64) -> Result<()> {
        let Self { table: Table { name: table, .. }, parts, .. } = self;
        let (plain, said) = (self.plain(), self.said());
        let fills = if self.owner == TURNS.owner {
            format!(
                "union all select id, {plain}, source_id, false, rowid from stage_fills
                 where id in (select id from shared_ids)"
            )
        } else {
            String::new()
        };
        run(
            connection,
            &format!(
                "create or replace temp view pieces as
                 select id, {plain}, source_id, full_record, cast(0 as bigint) as seq from {parts}
                 where id in (select id from shared_ids)
                 union all
                 select id, {said}, source_id, true, 0 from {table}
                 where source_id < {first} and id in (select id from shared_ids) and id not in (select id from {parts})
                 union all
                 select id, {said}, source_id, true, rowid from {table}
                 where source_id >= {first} and id in (select id from shared_ids)
                 {fills}"
            ),
        )
    }

    /// Without a source that is gone from the parts.
    pub fn gather_rest(&self, connection: &Connection) -> Result<()> {
        let plain = self.plain();
        run(
            connection,
            &format!(
                "create or replace temp view pieces as
                 select id, {plain}, source_id, full_record, cast(0 as bigint) as seq from {}
                 where id in (select id from shared_ids)",
                self.parts
            ),
        )
    }

    /// Writes the parts and the rows of `shared_ids` anew, from `pieces`.
    ///
    /// One part a source, and one more where it also fills gaps; the first source of an id has one in any case: there
    /// was nothing before it that could lie between the two.
    pub fn settle(&self, connection: &Connection) -> Result<()> {
        let Self { table: Table { name: table, .. }, parts, updated, .. } = self;
        let plain = self.plain();
        // Above the row numbers of a running transaction, which begin at 2^55.
        let within = self.each(|Column { name, .. }| {
            format!(
                "max_by({name}, seq + case when full_record then 1152921504606846976 else 0 end)
                     filter (where {name} is not null) as {name}"
            )
        });
        let across = self.each(|Column { name, kind }| {
            let settled = format!(
                "max_by({name}, case when is_full then source_id else -source_id end) filter (where {name} is not null)"
            );
            match kind {
                Kind::List => format!("coalesce({settled}, []) as {name}"),
                _ => format!("{settled} as {name}"),
            }
        });
        let (updated_column, updated_by) =
            if updated.is_empty() { (String::new(), "") } else { (format!(", {updated}"), ", max(source_id)") };
        run(
            connection,
            &format!(
                "create or replace temp table said as
                 with firsts as (select id, min(source_id) as first_source from pieces group by id),
                      placed as (select pieces.*, full_record or source_id = first_source as is_full
                                 from pieces join firsts using (id)),
                      several as (select id, source_id, is_full from placed group by 1, 2, 3 having count(*) > 1)
                 select id, source_id, is_full, {plain}
                 from placed p
                 where not exists (select 1 from several v
                                   where v.id = p.id and v.source_id = p.source_id and v.is_full = p.is_full)
                 union all
                 select id, source_id, is_full, {within}
                 from placed join several using (id, source_id, is_full) group by id, source_id, is_full;
                 delete from {parts} where id in (select id from shared_ids);
                 delete from {table} where id in (select id from shared_ids);
                 insert into {parts} (id, {plain}, source_id, full_record)
                 select id, {plain}, source_id, is_full from said
                 where id in (select id from said group by id having min(source_id) < max(source_id));
                 insert into {table} (id, {plain}, source_id{updated_column})
                 select id, {across}, min(source_id){updated_by} from said group by id;
                 drop view pieces; drop table said;"
            ),
        )
    }

    fn settle_metadata(&self, connection: &Connection, first: i64) -> Result<()> {
        settle_metadata(connection, first, self.owner, "shared_ids")
    }
}

/// Of what one source says twice of a key the last counts, and of patches that only fill gaps the last where there are no
/// others.
fn settle_metadata(connection: &Connection, first: i64, owner: &str, ids: &str) -> Result<()> {
    let sql = format!(
        "delete from metadata m using (
             select owner_id, key, source_id, max_by(rowid, (coalesce(full_record, true), rowid)) as kept
             from metadata
             where owner = ? and source_id >= {first} and owner_id in (select id from {ids})
             group by owner_id, key, source_id having count(*) > 1) d
         where m.owner = ? and m.owner_id = d.owner_id and m.key = d.key and m.source_id = d.source_id
             and m.rowid <> d.kept"
    );
    connection.execute(&sql, [owner, owner]).map(|_| ()).map_err(failed(TASK))
}

/// Notes in `touched_sessions` those that the turns and parts of `shared_ids` name.
pub(crate) fn touch_sessions_of_shared(connection: &Connection) -> Result<()> {
    run(
        connection,
        "insert into touched_sessions (id)
         select session_id from turns where session_id is not null and id in (select id from shared_ids)
         union
         select session_id from turn_parts where session_id is not null and id in (select id from shared_ids)",
    )
}

/// Writes the `touched_sessions` anew: what they say of themselves, and what their turns show.
pub(crate) fn settle_sessions(connection: &Connection) -> Result<()> {
    let last = |name: &str| {
        format!(
            "max_by({name}, (created_at, id)) filter (where created_at is not null and {name} is not null) as {name}"
        )
    };
    let by_source = ["user_id", "user_role", "environment"]
        .map(|name| format!("max_by({name}, source_id) filter (where {name} is not null) as {name}"))
        .join(", ");
    let (user, role, environment) = (last("user_id"), last("user_role"), last("environment"));
    run(
        connection,
        &format!(
            "delete from sessions where id in (select id from touched_sessions);
             insert into sessions (id, started_at, user_id, user_role, environment, source_id)
             with said as (
                 select id, min(started_at) as started_at, {by_source}, min(source_id) as source_id
                 from session_parts where id in (select id from touched_sessions) group by id
             ), shown as (
                 select session_id as id, min(created_at) as started_at, {user}, {role}, {environment},
                        min(source_id) as source_id
                 from turns where session_id in (select id from touched_sessions) group by session_id
             )
             select coalesce(a.id, b.id), least(a.started_at, b.started_at), coalesce(a.user_id, b.user_id),
                    coalesce(a.user_role, b.user_role), coalesce(a.environment, b.environment),
                    least(a.source_id, b.source_id)
             from said a full join shown b on a.id = b.id
             order by 2, 1;
             drop table touched_sessions;"
        ),
    )
}

pub(crate) const TOUCHED_SESSIONS: &str = "create or replace temp table touched_sessions (id varchar)";

impl Merge {
    pub fn new(first: i64) -> Self {
        Self { sources: Vec::new(), first, counts: BTreeMap::new() }
    }

    /// Counts by source, and over all of them under 0; `sql` gives both.
    fn count(&mut self, connection: &Connection, sql: &str, set: fn(&mut ImportCounts, u64)) -> Result<()> {
        let found: Vec<(i64, u64)> =
            read::all(connection, "count what was read", sql, [], |row| Ok((row.get("source_id")?, row.get("n")?)))?;
        for (source, count) in found {
            set(self.counts.entry(source).or_default(), count);
        }
        Ok(())
    }

    fn turns(&mut self, connection: &Connection) -> Result<()> {
        let first = self.first;
        let many = number(
            connection,
            &format!(
                "select (select count(*) from turns where source_id >= {first})
                        + (select count(*) from stage_fills) + (select count(*) from stage_sessions)"
            ),
        )?;
        memory_limit::raise_for_rows(connection, many)?;
        let patched = format!(
            "(select id, session_id, source_id from turns where source_id >= {first}
              union all select id, session_id, source_id from stage_fills)"
        );
        let by_source = "group by grouping sets ((source_id), ())";
        self.count(
            connection,
            &format!(
                "select coalesce(source_id, 0) as source_id, count(distinct hash(id)) as n from (
                     select session_id as id, source_id from {patched} where session_id is not null
                     union all select id, source_id from stage_sessions) {by_source}"
            ),
            |counts, count| counts.sessions = count,
        )?;
        self.count(connection, &aliases::count_of_turns(connection, &patched)?, |counts, count| counts.turns = count)?;
        run(connection, TOUCHED_SESSIONS)?;
        aliases::split_turns(connection, first)?;
        run(
            connection,
            &format!(
                "insert into touched_sessions (id)
                 select session_id from {patched} where session_id is not null union select id from stage_sessions"
            ),
        )?;
        let shared = TURNS.find_shared(connection, first)?;
        if shared > 0 {
            touch_sessions_of_shared(connection)?;
            memory_limit::raise_for_rows(connection, shared)?;
            TURNS.gather(connection, first)?;
            TURNS.settle(connection)?;
            TURNS.settle_metadata(connection, first)?;
        }
        let names = turns::TURNS.names();
        run(
            connection,
            &format!(
                "insert into turns ({names})
                 select {names} from stage_fills where id not in (select id from shared_ids)"
            ),
        )?;
        aliases::join_turns_with_new(connection)
    }

    fn sessions(&mut self, connection: &Connection) -> Result<()> {
        run(
            connection,
            "insert into session_parts (id, started_at, user_id, user_role, environment, source_id)
             select id, min(started_at), max_by(user_id, rowid) filter (where user_id is not null),
                    max_by(user_role, rowid) filter (where user_role is not null),
                    max_by(environment, rowid) filter (where environment is not null), source_id
             from stage_sessions group by id, source_id order by id, source_id;
             create or replace temp table shared_ids as
             select id from stage_sessions group by id having count(*) > 1;",
        )?;
        settle_metadata(connection, self.first, "session", "shared_ids")?;
        settle_sessions(connection)
    }

    fn feedback(&mut self, connection: &Connection) -> Result<()> {
        let first = self.first;
        let shared = FEEDBACK.find_shared(connection, first)?;
        let distinct = if shared > 0 { "count(distinct id)" } else { "count(*)" };
        self.count(
            connection,
            &format!(
                "select coalesce(source_id, 0) as source_id, {distinct} as n from feedback where source_id >= {first}
                 group by grouping sets ((source_id), ())"
            ),
            |counts, count| counts.feedback = count,
        )?;
        if shared == 0 {
            return labels::derive_told(connection, first);
        }
        memory_limit::raise_for_rows(connection, shared)?;
        // A row updates unless it is the first that speaks of its id.
        self.count(
            connection,
            &format!(
                "select coalesce(source_id, 0) as source_id, count(*) - count(*) filter (where is_first) as n from (
                     select source_id, row_number() over (partition by id order by source_id, rowid) = 1
                            and id not in (select id from feedback where source_id < {first}) as is_first
                     from feedback where source_id >= {first})
                 group by grouping sets ((source_id), ())"
            ),
            |counts, count| counts.updated = count,
        )?;
        FEEDBACK.gather(connection, first)?;
        FEEDBACK.settle(connection)?;
        FEEDBACK.settle_metadata(connection, first)?;
        labels::derive(connection, "id in (select id from shared_ids)")?;
        labels::derive_told(connection, first)
    }

    fn others(&mut self, connection: &Connection) -> Result<()> {
        run(
            connection,
            "create or replace temp table new_vectors as
             select model || '/imported/' || dimension as model_id, model, dimension, text_hash, text, vector, source_id
             from stage_vectors
             where rowid in (select max(rowid) from stage_vectors group by model, dimension, text_hash, source_id);
             insert into models (id, name, digest, pooling, max_length, dimension, source_id)
             select model_id, min(model), '', 'imported', 0, min(dimension), min(source_id) from new_vectors
             where model_id not in (select id from models) group by model_id order by model_id;
             insert into vectors (model_id, text_hash, vector, source_id)
             select model_id, text_hash, vector, source_id from new_vectors;
             insert into vector_texts (text_hash, text, source_id)
             select distinct text_hash, text, source_id from new_vectors order by 1;
             drop table new_vectors;",
        )?;
        run(
            connection,
            "drop table temp.stage_sessions; drop table temp.stage_fills; drop table temp.stage_aliases;
             drop table temp.stage_vectors;",
        )
    }

    fn sources(&mut self, connection: &Connection) -> Result<()> {
        for open in &self.sources {
            let counts = self.counts.entry(open.id).or_default();
            counts.read = open.read;
            counts.rejected = open.rejected;
            counts.kept = open.read.saturating_sub(open.rejected);
            insert_source(connection, open, counts)?;
            score_rules::state(connection, open.id, &open.statements)?;
        }
        for open in &self.sources {
            score_rules::confirm(connection, open.id, &open.new.tool, &open.new.scores)?;
        }
        score_rules::infer(connection)?;
        bump_data_version(connection)
    }

    fn facts(&mut self, connection: &Connection) -> Result<()> {
        memory_limit::raise_for_rows(connection, number(connection, facts::ABOUT_SESSIONS)?)?;
        facts::rebuild(connection)
    }

    pub fn report(&self, connection: &Connection) -> Result<Merged> {
        let all = sources::list(connection)?;
        let sources: Vec<_> =
            all.into_iter().filter(|source| self.sources.iter().any(|open| open.id == source.id)).collect();
        let mut total = ImportCounts::default();
        for source in &sources {
            total.add(&source.counts);
        }
        if let Some(whole) = self.counts.get(&0) {
            (total.sessions, total.turns, total.feedback) = (whole.sessions, whole.turns, whole.feedback);
        }
        (total.joined_turn, total.joined_session) = facts::joined_since(connection, self.first)?;
        Ok(Merged { sources, total })
    }
}

fn insert_source(connection: &Connection, open: &OpenSource, counts: &ImportCounts) -> Result<()> {
    connection
        .execute(
            "insert into sources (id, name, path, format, format_reason, digest, bytes, imported_at, records_read,
                                  records_kept, records_updated, records_rejected, sessions, turns, feedback,
                                  joined_turn, joined_session, mapping, notes, tool)
             values (?, ?, ?, ?, ?, ?, ?, make_timestamp(cast(? as bigint)), ?, ?, ?, ?, ?, ?, ?, 0, 0, ?,
                     from_json(?, '[\"VARCHAR\"]'), ?)",
            params![
                open.id,
                open.new.name,
                open.new.path,
                open.new.format,
                open.new.format_reason,
                open.digest,
                open.new.bytes,
                open.new.imported_at.micros(),
                counts.read,
                counts.kept,
                counts.updated,
                counts.rejected,
                counts.sessions,
                counts.turns,
                counts.feedback,
                open.new.mapping,
                serde_json::Value::from(open.new.notes.clone()).to_string(),
                open.new.tool,
            ],
        )
        .map(|_| ())
        .map_err(failed("note the source"))
}
