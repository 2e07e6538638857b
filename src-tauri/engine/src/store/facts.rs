//! What is counted?
//!
//! Every number of Hearback is a sum over `facts`: one row a feedback, with the values it has itself or inherits
//! from its turn (feedback about a whole session: from the session's last turn), its theme, and whether it found
//! its turn and session. The table is derived, so it is written anew rather than patched: that cannot go wrong in
//! parts.

use duckdb::Connection;

use super::failed;
use crate::error::Result;

/// Ordered by time, so that DuckDB skips what lies outside of a span.
const FACTS: &str = "
insert into facts
with run as (select max(id) as id from theme_runs),
     -- What feedback about a whole session is about: the state at its last turn.
     last_turns as (
         select session_id, arg_max(model, created_at) as model, arg_max(model_version, created_at) as model_version,
                arg_max(prompt_version, created_at) as prompt_version, arg_max(release, created_at) as release,
                arg_max(environment, created_at) as environment, arg_max(user_role, created_at) as user_role
         from turns
         where session_id in (select session_id from feedback where turn_id is null)
         group by session_id
     )
select
    f.id,
    f.source_id,
    f.updated_by,
    coalesce(f.created_at, t.created_at),
    coalesce(f.session_id, t.session_id) as session_id,
    f.turn_id,
    f.feedback_type,
    f.author,
    f.polarity,
    f.score_name,
    f.score_normal,
    coalesce(f.model, t.model, l.model),
    coalesce(f.model_version, t.model_version, l.model_version),
    coalesce(f.prompt_version, t.prompt_version, l.prompt_version),
    coalesce(f.release, t.release, l.release),
    coalesce(f.environment, t.environment, l.environment, s.environment),
    coalesce(f.user_role, t.user_role, l.user_role, s.user_role),
    f.reasons,
    list_sort(list_distinct(list_concat(f.tags, coalesce(t.tags, [])))),
    x.text_hash,
    case
        when m.theme_id is not null then m.theme_id::varchar
        when run.id is not null and x.text_hash is null then 'wordless'
    end,
    t.id is not null,
    s.id is not null
from feedback f
cross join run
left join turns t on t.id = f.turn_id
left join sessions s on s.id = coalesce(f.session_id, t.session_id)
left join last_turns l on l.session_id = f.session_id and f.turn_id is null
left join feedback_texts x on x.feedback_id = f.id
left join theme_members m on m.run_id = run.id and m.text_hash = x.text_hash
order by coalesce(f.created_at, t.created_at), f.id
";

/// Writes `facts` anew, and the join counts of every source with it: the second half of a set may have come.
pub(super) fn rebuild(connection: &Connection) -> Result<()> {
    connection
        .execute_batch("delete from facts")
        .and_then(|()| connection.execute_batch(FACTS))
        .and_then(|()| {
            connection.execute_batch(
                "update sources set joined_turn = j.turns, joined_session = j.sessions
                 from (select s.id,
                              count(*) filter (x.joined_turn) as turns,
                              count(*) filter (x.joined_session) as sessions
                       from sources s
                       left join facts x on x.source_id = s.id or x.updated_by = s.id
                       group by s.id) j
                 where sources.id = j.id",
            )
        })
        .map_err(failed("count its feedback"))
}
