-- Second version: what several files say of one id is kept apart, so that an import can be undone.
-- What 0.1.0 imported counts as said by the source that brought it first.

-- The mapping that a table was read with, as text, and what its tool leaves out of such an export.
alter table sources add column mapping varchar;
-- No `default`: DuckDB 1.5 cannot replay one from its log when the file is opened after a crash.
alter table sources add column notes varchar[];
update sources set notes = [];

-- How a table was read, by the fingerprint of its header: the next one like it is read so again.
create table mapping_profiles (
    fingerprint varchar not null,
    name varchar not null,
    mapping varchar not null,
    columns varchar[] not null,
    created_at timestamp not null,
    used_at timestamp not null
);

-- Ids of spans and responses by which feedback may speak of a turn.
create table turn_aliases (alias varchar not null, turn_id varchar not null, source_id bigint not null);

-- Polarity and 0..1 score follow from the rules: facts alone has them.
drop view feedback_wide;
alter table feedback drop column score_normal;
alter table feedback drop column polarity;

-- Ids that more than one source speaks of: what each of them said, from which the merged row is made anew when one
-- of them goes. Ids of a single source have none: their row is what it said.
create table turn_parts as select *, true as full_record from turns limit 0;
create table feedback_parts as select * exclude (updated_by), true as full_record from feedback limit 0;

-- What sessions say of themselves, by source; `sessions` is made of these and of the turns that name one.
create table session_parts as select * from sessions;

-- One value a source; the last source's counts.
alter table metadata add column source_id bigint;
update metadata set source_id = coalesce(
    (select min(o.source_id) from (
        select 'session' as owner, id, source_id from sessions
        union all select 'turn', id, source_id from turns
        union all select 'feedback', id, source_id from feedback) o
     where o.owner = metadata.owner and o.id = metadata.owner_id), 0);

-- Vectors that an export brought have a source; those that Hearback made itself have none.
alter table models add column source_id bigint;
alter table vectors add column source_id bigint;
-- Their words, which need not be said by any feedback.
create table vector_texts (text_hash varchar not null, text varchar not null, source_id bigint not null);

create view feedback_wide as
select
    f.id,
    f.created_at,
    x.session_id,
    x.turn_id,
    f.feedback_type,
    f.author,
    x.polarity,
    f.score_name,
    f.score,
    x.score_normal,
    f.label,
    f.reasons,
    f.comment,
    f.correction,
    f.confidence,
    x.model,
    x.model_version,
    x.prompt_version,
    x.release,
    x.environment,
    x.user_role,
    x.tags,
    try_cast(x.theme_key as bigint) as theme_id,
    h.name as theme,
    coalesce(f.query, t.query) as query,
    t.system_context,
    t.documents,
    coalesce(f.output, t.output) as output,
    s.name as source
from feedback f
join facts x on x.feedback_id = f.id
left join turns t on t.id = x.turn_id
left join sources s on s.id = f.source_id
left join themes h on h.id = try_cast(x.theme_key as bigint) and h.run_id = (select max(id) from theme_runs);
