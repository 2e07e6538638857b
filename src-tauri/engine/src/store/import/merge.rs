//! Which patch wins?
//!
//! Patches with the same id are merged column by column; a column without a value never wipes one out. Each patch
//! has a rank, and the highest rank that has a value wins: a patch that only fills gaps < what the workspace has <
//! a full record of this import, the latest last. Lists count as one value.

use duckdb::Connection;

use super::Counts;
use crate::{
    error::Result,
    job::{Job, Step, Unit},
    model::import::ImportCounts,
    store::failed,
};

/// Above every sequence number.
const RANK: &str = "1::bigint << 40";

/// Columns of `turns` that are merged one by one, as they are typed there.
const TURN_COLUMNS: &[&str] = &[
    "session_id",
    "created_at",
    "position",
    "query",
    "system_context",
    "documents",
    "output",
    "model",
    "model_version",
    "prompt_name",
    "prompt_version",
    "release",
    "environment",
    "user_id",
    "user_role",
    "latency_ms",
    "input_tokens",
    "output_tokens",
    "tags",
];

const FEEDBACK_COLUMNS: &[&str] = &[
    "created_at",
    "session_id",
    "turn_id",
    "feedback_type",
    "author",
    "score_name",
    "score",
    "stated_polarity",
    "label_polarity",
    "label",
    "reasons",
    "comment",
    "correction",
    "confidence",
    "span_target",
    "span_start",
    "span_end",
    "span_quote",
    "query",
    "output",
    "model",
    "model_version",
    "prompt_version",
    "release",
    "environment",
    "user_id",
    "user_role",
    "tags",
];

pub(super) fn merge_all(connection: &Connection, job: &Job) -> Result<()> {
    let steps = [turns(), sessions(), feedback(), metadata(), rejects()];
    let total = steps.len() as u64;
    for (done, sql) in steps.into_iter().enumerate() {
        job.check()?;
        job.progress(Step::Joining, Unit::Records, done as u64, Some(total));
        connection.execute_batch(&sql).map_err(failed("merge what was read"))?;
    }
    job.progress(Step::Joining, Unit::Records, total, Some(total));
    Ok(())
}

fn columns(names: &[&str], each: impl Fn(&str) -> String) -> String {
    names.iter().map(|name| each(name)).collect::<Vec<_>>().join(", ")
}

/// As staged -> as stored.
fn typed(name: &str) -> String {
    match name {
        "created_at" => "make_timestamp(created_at) as created_at".to_owned(),
        "tags" | "reasons" => format!("from_json({name}, '[\"VARCHAR\"]') as {name}"),
        _ => name.to_owned(),
    }
}

fn turns() -> String {
    let staged = columns(TURN_COLUMNS, typed);
    let plain = columns(TURN_COLUMNS, str::to_owned);
    let merged = columns(TURN_COLUMNS, |name| format!("arg_max({name}, rank) as {name}"));
    format!(
        "create or replace temp table merged_turns as
         with patches as (
             select id, {staged}, source_id,
                    case when full_record then 2 * ({RANK}) else 0 end + seq as rank, seq as age from stage_turns
             union all
             select id, {plain}, source_id, {RANK} as rank, -1 as age
             from turns where id in (select id from stage_turns)
         )
         select id, {merged}, arg_min(source_id, age) as source_id from patches group by id;
         delete from turns where id in (select id from merged_turns);
         insert into turns (id, {plain}, source_id) select id, {plain}, source_id from merged_turns order by created_at, id;"
    )
}

/// Sessions come from their own records and from the turns that name one.
fn sessions() -> String {
    format!(
        "create or replace temp table merged_sessions as
         with patches as (
             select id, make_timestamp(started_at) as started_at, user_id, user_role, environment, source_id,
                    2 * ({RANK}) + seq as rank, seq as age from stage_sessions
             union all
             select session_id, min(created_at), arg_max(user_id, created_at), arg_max(user_role, created_at),
                    arg_max(environment, created_at), min(source_id), 0, 0
             from merged_turns where session_id is not null group by session_id
             union all
             select id, started_at, user_id, user_role, environment, source_id, {RANK}, -1
             from sessions
             where id in (select id from stage_sessions union all select session_id from merged_turns)
         )
         select id, min(started_at) as started_at, arg_max(user_id, rank) as user_id,
                arg_max(user_role, rank) as user_role, arg_max(environment, rank) as environment,
                arg_min(source_id, age) as source_id
         from patches group by id;
         delete from sessions where id in (select id from merged_sessions);
         insert into sessions select id, started_at, user_id, user_role, environment, source_id
         from merged_sessions order by started_at, id;
         drop table merged_sessions;
         drop table merged_turns;"
    )
}

/// `new_feedback` remembers which ids were not there before, for the counts. Polarity follows with the rules.
fn feedback() -> String {
    let staged = columns(FEEDBACK_COLUMNS, typed);
    let plain = columns(FEEDBACK_COLUMNS, str::to_owned);
    let merged = columns(FEEDBACK_COLUMNS, |name| match name {
        "reasons" | "tags" => format!("coalesce(arg_max({name}, rank), []) as {name}"),
        _ => format!("arg_max({name}, rank) as {name}"),
    });
    // An empty list in the workspace is a missing value, like the staged null.
    let stored = columns(FEEDBACK_COLUMNS, |name| match name {
        "reasons" | "tags" => format!("case when len({name}) > 0 then {name} end"),
        _ => name.to_owned(),
    });
    format!(
        "create or replace temp table new_feedback as
         select id, arg_min(source_id, seq) as source_id from stage_feedback
         where id not in (select id from feedback) group by id;
         create or replace temp table merged_feedback as
         with patches as (
             select id, {staged}, source_id, source_id as updated_by, seq as rank from stage_feedback
             union all
             select id, {stored}, source_id, updated_by, -1 as rank
             from feedback where id in (select id from stage_feedback)
         )
         select id, {merged}, arg_min(source_id, rank) as source_id, arg_max(updated_by, rank) as updated_by
         from patches group by id;
         delete from feedback where id in (select id from merged_feedback);
         insert into feedback (id, {plain}, source_id, updated_by, polarity)
         select id, {plain}, source_id, updated_by, coalesce(stated_polarity, label_polarity)
         from merged_feedback order by created_at, id;
         drop table merged_feedback;"
    )
}

fn metadata() -> String {
    "create or replace temp table merged_metadata as
     select owner, owner_id, key, arg_max(value, seq) as value, max(source_id) as source_id
     from stage_metadata group by owner, owner_id, key;
     delete from metadata m using merged_metadata n where m.owner = n.owner and m.owner_id = n.owner_id and m.key = n.key;
     insert into metadata select owner, owner_id, key, value, source_id from merged_metadata order by owner, owner_id, key;
     drop table merged_metadata;"
        .to_owned()
}

fn rejects() -> String {
    "insert into rejects select id, source_id, record_number, byte_offset, reason, raw from stage_rejects order by id;"
        .to_owned()
}

/// Sessions, turns, feedback and updates by source; the rest is known to the reader. Under 0 stands the import as a
/// whole, where what two files speak of counts once.
pub(super) fn counts(connection: &Connection) -> Result<Counts> {
    let mut statement = connection
        .prepare(
            "with staged as (
                 select source_id, 'session' as kind, id from stage_sessions
                 union all select source_id, 'session', session_id from stage_turns where session_id is not null
                 union all select source_id, 'turn', id from stage_turns
                 union all select source_id, 'feedback', id from stage_feedback
             )
             select coalesce(source_id, 0),
                    count(distinct id) filter (kind = 'session'),
                    count(distinct id) filter (kind = 'turn'),
                    count(distinct id) filter (kind = 'feedback'),
                    count(*) filter (kind = 'feedback')
                        - (select count(*) from new_feedback n where s.source_id is null or n.source_id = s.source_id)
             from staged s group by grouping sets ((source_id), ())",
        )
        .map_err(failed("count what was read"))?;
    let rows = statement
        .query_map([], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                ImportCounts {
                    sessions: row.get(1)?,
                    turns: row.get(2)?,
                    feedback: row.get(3)?,
                    updated: row.get::<_, i64>(4)?.max(0).unsigned_abs(),
                    ..ImportCounts::default()
                },
            ))
        })
        .map_err(failed("count what was read"))?;
    rows.collect::<duckdb::Result<Counts>>().map_err(failed("count what was read"))
}
