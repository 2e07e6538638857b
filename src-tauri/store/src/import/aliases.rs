//! Which turns are one, because one of them goes by a name of the other?
//!
//! A span or a response is part of a turn, and an export may say something of the span alone: the documents it found,
//! its latency. Such a row has the span's id, and the turn has that id as an alias; either may come first, in another file
//! or next week. [`join_turns`] makes one turn of them: what is said of the turn by its own id counts first, then what is said by
//! each of its aliases, in the order of these, where nothing was said before.
//!
//! What they were made from waits in `turns_apart`. Whatever changes turns or aliases calls [`split_turns`] before and
//! [`join_turns`] after: in between every id has what was said of it, so that merging and undoing need not know of aliases, and
//! the joined turns follow from all that is there, whichever way it came.

use duckdb::Connection;

use super::memory_limit;
use crate::{
    failed, read,
    tables::{Column, turns},
};
use hearback_domain::error::Result;

const TASK: &str = "bring together what is said of a turn by several ids";

/// Of an alias of an alias of an alias. What goes deeper, or in a circle, names nothing.
pub(crate) const DEPTH: usize = 16;

fn run(connection: &Connection, sql: &str) -> Result<()> {
    connection.execute_batch(sql).map_err(failed(TASK))
}

fn number(connection: &Connection, sql: &str) -> Result<u64> {
    read::scalar(connection, TASK, sql, [])
}

/// Writes the temporary table `into` (alias, turn_id): of the aliases `a` that the `condition` leaves the turn that each
/// names. The first in the order of ids, should there be several. Gives how many there are.
pub(crate) fn resolve(connection: &Connection, condition: &str, into: &str) -> Result<u64> {
    run(connection, &format!("create or replace temp table {into} (alias varchar, turn_id varchar)"))?;
    // Most imports have none: nothing is held in memory to find that out.
    if number(connection, "select count(*) from turn_aliases")? == 0 {
        return Ok(0);
    }
    run(
        connection,
        &format!(
            "insert into {into} (alias, turn_id) select a.alias, min(a.turn_id) from turn_aliases a {condition} group by a.alias"
        ),
    )?;
    let further = format!(
        "create or replace temp table further as
         select r.alias, min(a.turn_id) as turn_id from {into} r join turn_aliases a on a.alias = r.turn_id group by r.alias"
    );
    for _ in 0..DEPTH {
        run(connection, &further)?;
        if number(connection, "select count(*) from further")? == 0 {
            break;
        }
        run(connection, &format!("update {into} set turn_id = f.turn_id from further f where f.alias = {into}.alias"))?;
    }
    run(connection, &further)?;
    run(connection, &format!("delete from {into} where alias in (select alias from further); drop table further"))?;
    number(connection, &format!("select count(*) from {into}"))
}

/// Gives every id its own row again. Rows of the sources from `first` on are there already, as they were read.
///
/// The sessions of what is taken apart are noted in `touched_sessions`.
pub(crate) fn split_turns(connection: &Connection, first: i64) -> Result<()> {
    if number(connection, "select count(*) from turns_apart")? == 0 {
        return Ok(());
    }
    let names = turns::TURNS.names();
    run(
        connection,
        &format!(
            "insert into touched_sessions (id)
             select session_id from turns where session_id is not null and id in (select into_id from turns_apart)
             union select session_id from turns_apart where session_id is not null;
             delete from turns where source_id < {first} and id in (select into_id from turns_apart);
             insert into turns ({names}) select {names} from turns_apart order by source_id, id;
             delete from turns_apart;"
        ),
    )
}

/// Makes one turn of those that an alias says are one, and notes their sessions in `touched_sessions`.
pub(crate) fn join_turns(connection: &Connection) -> Result<()> {
    let named = resolve(connection, "where a.alias in (select id from turns)", "joined_turns")?;
    if named > 0 {
        memory_limit::raise_for_rows(connection, named)?;
        let plain = turns::TURNS.each_said(|column| column.name.to_owned());
        let first_said = turns::TURNS.each_said(|Column { name, .. }| {
            format!("min_by({name}, (id <> into_id, id)) filter (where {name} is not null) as {name}")
        });
        let names = turns::TURNS.names();
        let of_turn =
            turns::TURNS.columns.iter().map(|column| format!("t.{}", column.name)).collect::<Vec<_>>().join(", ");
        run(
            connection,
            &format!(
                "insert into turns_apart ({names}, into_id)
                 select {of_turn}, coalesce(u.turn_id, t.id) from turns t left join joined_turns u on u.alias = t.id
                 where u.alias is not null or t.id in (select turn_id from joined_turns);
                 insert into touched_sessions (id)
                 select distinct session_id from turns_apart where session_id is not null;
                 delete from turns where id in (select id from turns_apart);
                 insert into turns (id, {plain}, source_id)
                 select into_id, {first_said}, min(source_id) from turns_apart
                 group by into_id order by min(source_id), into_id;"
            ),
        )?;
    }
    run(connection, "drop table joined_turns")
}

/// Keeps the aliases that the import read, and joins turns by them and all others.
pub(super) fn join_turns_with_new(connection: &Connection) -> Result<()> {
    run(
        connection,
        "insert into turn_aliases (alias, turn_id, source_id)
         select distinct alias, turn_id, source_id from stage_aliases order by 1, 2",
    )?;
    join_turns(connection)
}

/// How many turns each source speaks of, and under 0 the import, of the rows `patched` (id, source_id). What a source
/// says of a span and of its turn is about one turn if it says so itself: another source may go.
pub(super) fn count_of_turns(connection: &Connection, patched: &str) -> Result<String> {
    if number(connection, "select count(*) from stage_aliases")? == 0 {
        return Ok(format!(
            "select coalesce(source_id, 0) as source_id, count(distinct hash(id)) as n from {patched}
             group by grouping sets ((source_id), ())"
        ));
    }
    Ok(format!(
        "select p.source_id, count(distinct hash(coalesce(a.turn_id, p.id))) as n
         from {patched} p
         left join (select alias, source_id, min(turn_id) as turn_id from stage_aliases group by alias, source_id) a
             on a.alias = p.id and a.source_id = p.source_id
         group by p.source_id
         union all
         select 0 as source_id, count(distinct hash(coalesce(a.turn_id, p.id))) as n
         from {patched} p
         left join (select alias, min(turn_id) as turn_id from stage_aliases group by alias) a on a.alias = p.id"
    ))
}
