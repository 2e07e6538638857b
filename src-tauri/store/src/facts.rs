//! What is counted?
//!
//! Every number of Hearback is a sum over `facts`: one row a feedback, with the values it has itself or inherits
//! from its turn (feedback about a whole session: from the session's last turn), its theme, and whether it found
//! its turn and session. The table is derived, so it is written anew rather than patched: that cannot go wrong in
//! parts.

use duckdb::Connection;

use super::{failed, import::aliases, read, theme_subject::subject, versions::bump_facts_version};
use hearback_domain::error::Result;

/// Ids by which feedback speaks of a turn that are none themselves: a span's, a response's.
const NAMED: &str =
    "where a.alias in (select turn_id from feedback) and not exists (select 1 from turns t where t.id = a.alias)";

/// Where in the themes a feedback is: in one, in none, or set apart. Of the last run (`run`), the text (`x`) and where the run
/// put it (`m`).
const THEME_KEY: &str = "case when m.theme_id is not null then cast(m.theme_id as varchar)
         when run.id is not null and x.text_hash is null then 'wordless'
         when m.placed_by = 'short' then 'short' end";

/// Fills the table, which is empty, in this order.
fn all_facts(order: &str) -> String {
    format!(
        "
insert into facts (feedback_id, source_id, updated_by, created_at, session_id, turn_id, feedback_type, author, polarity,
    score_name, score_normal, model, model_version, prompt_version, release, environment, user_role, reasons, tags,
    text_hash, theme_key, joined_turn, joined_session)
with run as (select max(id) as id from theme_runs where subject = ?),
     -- What feedback about a whole session is about: the state at its last turn.
     last_turns as (
         select session_id,
                max_by(model, (created_at, id)) filter (where model is not null) as model,
                max_by(model_version, (created_at, id)) filter (where model_version is not null) as model_version,
                max_by(prompt_version, (created_at, id)) filter (where prompt_version is not null) as prompt_version,
                max_by(release, (created_at, id)) filter (where release is not null) as release,
                max_by(environment, (created_at, id)) filter (where environment is not null) as environment,
                max_by(user_role, (created_at, id)) filter (where user_role is not null) as user_role
         from turns
         where created_at is not null and session_id in (select session_id from feedback where turn_id is null)
         group by session_id
     ),
     -- The score on 0..1, by the rule of its source and name, where that rule is known well enough for its author.
     scored as (
         select f.*,
                case when f.score is null or r.source_id is null then null
                     when not case when f.author = 'judge' then r.for_judges else r.for_people end then null
                     when r.best = r.worst then 0.5
                     else greatest(0, least(1, (f.score - r.worst) / (r.best - r.worst))) end as score_normal,
                r.negative_at_most, r.positive_at_least, r.confirmed as is_confirmed
         from feedback f
         left join score_rules r
           on r.source_id = f.source_id and r.score_type = coalesce(f.score_type, 'numeric')
          and r.score_name is not distinct from f.score_name
     ),
     -- The order and the slack are those of polarity::of_feedback and ScoreRule::polarity.
     judged as (
         select s.*,
                case when s.score_normal is null then null
                     when s.score_normal <= s.negative_at_most + 1e-9 then 'negative'
                     when s.score_normal >= s.positive_at_least - 1e-9 then 'positive'
                     else 'neutral' end as score_polarity
         from scored s
     )
select
    f.id as feedback_id,
    f.source_id,
    f.updated_by,
    coalesce(f.created_at, t.created_at) as created_at,
    coalesce(f.session_id, t.session_id) as session_id,
    coalesce(a.turn_id, f.turn_id) as turn_id,
    f.feedback_type,
    f.author,
    coalesce(f.stated_polarity,
             case when f.is_confirmed then f.score_polarity end,
             nullif(f.label_polarity, 'unknown'),
             f.score_polarity,
             'unknown') as polarity,
    f.score_name,
    f.score_normal,
    coalesce(f.model, t.model, l.model) as model,
    coalesce(f.model_version, t.model_version, l.model_version) as model_version,
    coalesce(f.prompt_version, t.prompt_version, l.prompt_version) as prompt_version,
    coalesce(f.release, t.release, l.release) as release,
    coalesce(f.environment, t.environment, l.environment, s.environment) as environment,
    coalesce(f.user_role, t.user_role, l.user_role, s.user_role) as user_role,
    f.reasons,
    case when len(f.tags) = 0 and coalesce(len(t.tags), 0) = 0 then []
         else list_sort(list_distinct(list_concat(f.tags, coalesce(t.tags, [])))) end as tags,
    x.text_hash,
    {THEME_KEY} as theme_key,
    t.id is not null as joined_turn,
    s.id is not null as joined_session
from judged f
cross join run
left join named_turns a on a.alias = f.turn_id
left join turns t on t.id = coalesce(a.turn_id, f.turn_id)
left join sessions s on s.id = coalesce(f.session_id, t.session_id)
-- One equality: with a second condition, on the left side alone, DuckDB would compare every row with every other.
left join last_turns l on l.session_id = case when f.turn_id is null then f.session_id end
left join (select feedback_id, text_hash from feedback_texts where subject = ?) x on x.feedback_id = f.id
left join theme_members m on m.run_id = run.id and m.text_hash = x.text_hash
{order}"
    )
}

/// So that DuckDB skips what lies outside of a span of time.
const BY_TIME: &str = "order by coalesce(f.created_at, t.created_at), f.id";

/// Does feedback lie in about the order of time as it is? Then sorting it, which takes memory, would gain nothing. Asked
/// of what DuckDB keeps and skips together: 122 880 rows.
pub(super) const LIES_BY_TIME: &str = "
select count(*) > 1 and coalesce(sum(last - first) <= 1.2 * (max(last) - min(first)), false)
       and sum(moments) >= 0.99 * sum(rows)
from (select epoch(min(created_at)) as first, epoch(max(created_at)) as last, count(created_at) as moments,
             count(*) as rows
      from feedback group by rowid // 122880)
";

/// How much of what each source brought, or brought up to date, found its turn and session.
const JOINED: &str = "
update sources set joined_turn = j.turns, joined_session = j.sessions
from (select s.id, coalesce(sum(n.turns), 0) as turns, coalesce(sum(n.sessions), 0) as sessions
      from sources s
      left join (
          select source_id, count(*) filter (where joined_turn) as turns,
                 count(*) filter (where joined_session) as sessions
          from facts group by source_id
          union all
          select p.source_id, count(*) filter (where x.joined_turn) as turns,
                 count(*) filter (where x.joined_session) as sessions
          from (select distinct id, source_id from feedback_parts) p join facts x on x.feedback_id = p.id and x.source_id <> p.source_id
          group by p.source_id
      ) n on n.source_id = s.id
      group by s.id) j
where sources.id = j.id and (joined_turn <> j.turns or joined_session <> j.sessions)
";

/// The same of all sources from a number on together: feedback that several of them brought counts once.
const JOINED_SINCE: &str = "
select count(*) filter (where joined_turn) as turns, count(*) filter (where joined_session) as sessions from facts
where source_id >= ? or feedback_id in (select id from feedback_parts where source_id >= ?)
";

/// Feedback that takes its values from the last turn of its session: these are found in memory.
pub(super) const ABOUT_SESSIONS: &str = "select count(*) from feedback where turn_id is null";

/// Is there more feedback than there are turns for it? DuckDB takes what a running transaction brought for nothing, and
/// would hold all feedback in memory to find its turns, rather than the turns to find its feedback.
const MORE_FEEDBACK: &str = "select (select count(*) from feedback) > (select count(*) from turns)";
const AS_WRITTEN: &str = "set disabled_optimizers = 'build_side_probe_side,join_order'";
const AS_BEST: &str = "reset disabled_optimizers";

/// Writes `facts` anew, and the join counts of every source with it: the second half of a set may have come.
pub(super) fn rebuild(connection: &Connection) -> Result<()> {
    let subject = subject(connection)?.word();
    let failed = failed("count its feedback");
    let asked = |sql| read::scalar::<Option<bool>>(connection, "count its feedback", sql, []);
    let lies_by_time = asked(LIES_BY_TIME)? == Some(true);
    let more_feedback = asked(MORE_FEEDBACK)? == Some(true);
    let order = if lies_by_time { "" } else { BY_TIME };
    let joins = if more_feedback { AS_WRITTEN } else { AS_BEST };
    aliases::resolve(connection, NAMED, "named_turns")?;
    let run = |sql: &str| connection.execute_batch(sql);
    let done = run("delete from facts")
        .and_then(|()| run(joins))
        .and_then(|()| connection.execute(&all_facts(order), [subject, subject]).map(|_| ()))
        .and_then(|()| run(JOINED))
        .and_then(|()| run("drop table named_turns"));
    done.and(connection.execute_batch(AS_BEST)).map_err(&failed)?;
    bump_facts_version(connection)
}

/// How much of the feedback that the sources from `first` on brought, or brought up to date, found its turn, and how much
/// its session.
pub(super) fn joined_since(connection: &Connection, first: i64) -> Result<(u64, u64)> {
    read::one(connection, "count its feedback", JOINED_SINCE, [first, first], |row| {
        Ok((row.get("turns")?, row.get("sessions")?))
    })
}

/// Brings up to date what of a fact the themes decide.
fn themes_of_facts() -> String {
    format!(
        "
update facts set text_hash = n.text_hash, theme_key = n.theme_key
from (
    with run as (select max(id) as id from theme_runs where subject = ?)
    select f.feedback_id, x.text_hash,
           {THEME_KEY} as theme_key
    from facts f
    cross join run
    left join (select feedback_id, text_hash from feedback_texts where subject = ?) x
        on x.feedback_id = f.feedback_id
    left join theme_members m on m.run_id = run.id and m.text_hash = x.text_hash
) n
where n.feedback_id = facts.feedback_id
  and (facts.text_hash is distinct from n.text_hash or facts.theme_key is distinct from n.theme_key)"
    )
}

/// Brings the themes of `facts` up to date where nothing else has changed: rows that stay as they are are not written.
pub(super) fn set_themes(connection: &Connection) -> Result<()> {
    let subject = subject(connection)?.word();
    connection.execute(&themes_of_facts(), [subject, subject]).map_err(failed("count its feedback"))?;
    bump_facts_version(connection)
}
