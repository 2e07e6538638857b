-- Fourth version: themes keep their ids from run to run, the user's edits of them are kept, and what is embedded can be
-- chosen: what users said, what they asked, or both. Each of these *subjects* has texts, a run and themes of its own;
-- the property theme_subject names the one that is counted.

drop view feedback_wide;

-- No `default` in any of these: DuckDB 1.5 cannot replay one from its log.
alter table feedback_texts add column subject varchar;
update feedback_texts set subject = 'said';
delete from properties where key = 'texts_from';

-- The run: one a subject.
create table theme_runs_now as
select id, created_at, 'said'::varchar as subject, model_id, resolution, null::double as unclustered_at_most, seed,
       ''::varchar as options, ''::varchar as versions, fingerprint,
       -- What the hierarchy was found from: the fingerprint without the choice of a cut.
       ''::varchar as explored, data_version, texts, unclustered,
       -- What `unclustered_at_most` pulled in: texts, and their mean similarity to their theme.
       0::ubigint as pulled_in, 0::double as pulled_in_similarity,
       -- Mean similarity of the texts in themes, to tell by how much newcomers differ.
       (select coalesce(avg(m.similarity), 0) from theme_members m
        where m.run_id = theme_runs.id and m.theme_id is not null) as similarity
from theme_runs where id = (select max(id) from theme_runs);
drop table theme_runs;
alter table theme_runs_now rename to theme_runs;

-- What the runs found, before any edit: one row for every id that a found theme ever had.
create table theme_lines (
    id bigint not null,
    subject varchar not null,
    -- The last run that had it; it is gone where that is not the subject's run.
    run_id bigint not null,
    name varchar not null,
    keywords varchar[] not null,
    feedback ubigint not null,
    cohesion double not null,
    reach double not null,
    centroid float[] not null,
    examples varchar[] not null,
    -- JSON: [{name, keywords, texts, feedback, examples}]
    subthemes varchar not null,
    event varchar not null,
    others bigint[] not null,
    named_by varchar not null
);
-- Texts by which those that are gone are known again.
create table theme_line_texts (theme_id bigint not null, text_hash varchar not null);

-- Which theme each found one was at every choice of a cut that was looked at: whoever comes back to a choice finds the
-- ids and names again. A theme is its node of the tree, and the node is named by its first leaf.
create table theme_cuts (
    subject varchar not null,
    -- The digest of the hierarchy: leaves have their numbers in it alone.
    tree varchar not null,
    resolution double not null,
    unclustered_at_most double,
    -- When it was last looked at.
    run_id bigint not null,
    leaf uinteger not null,
    line_id bigint not null,
    name varchar not null,
    named_by varchar not null
);

-- The hierarchy of each subject's run, from which it can be cut otherwise.
create table theme_leaves (
    subject varchar not null, leaf uinteger not null, reach float not null, centroid float[] not null
);
create table theme_merges (
    subject varchar not null, position uinteger not null, "left" uinteger not null, "right" uinteger not null,
    resolution double not null
);
-- Where each text is in it, and in which theme the run put it. `later`: it came after the run.
create table theme_placements (
    subject varchar not null,
    text_hash varchar not null,
    leaf uinteger,
    inside boolean not null,
    similarity float not null,
    nearness float not null,
    line_id bigint,
    line_similarity float not null,
    subtheme uinteger,
    later boolean not null
);

-- What is shown: the run's themes with the user's edits.
create table themes_now as
select t.run_id, t.id, t.name, t.keywords, t.texts,
       (select count(*) from theme_members m join feedback_texts f on f.text_hash = m.text_hash
        where m.run_id = t.run_id and m.theme_id = t.id)::ubigint as feedback,
       t.cohesion, t.centroid, t.examples, '[]'::varchar as subthemes,
       -- Who named it: words (the run), before (kept from an earlier run), user.
       'words'::varchar as named_by, false as pinned, ''::varchar as note
from themes t where t.run_id in (select id from theme_runs);
insert into theme_lines
select t.id, 'said', t.run_id, t.name, t.keywords, n.feedback, t.cohesion,
       -- As far as nine of ten members.
       coalesce((select quantile_cont(m.similarity, 0.1) from theme_members m
                 where m.run_id = t.run_id and m.theme_id = t.id), 1),
       t.centroid, t.examples, '[]', 'new', [], 'words'
from themes t join themes_now n on n.run_id = t.run_id and n.id = t.id;
insert into theme_placements
select 'said', text_hash, null, theme_id is not null, similarity, 0, theme_id, similarity, null, false
from theme_members where run_id in (select id from theme_runs);
drop table themes;
alter table themes_now rename to themes;

-- Who put it there: run, near (it came later and is within reach), hand.
create table theme_members_now as
select run_id, text_hash, theme_id, similarity, null::uinteger as subtheme, 'run'::varchar as placed_by
from theme_members where run_id in (select id from theme_runs);
drop table theme_members;
alter table theme_members_now rename to theme_members;

create table theme_history (
    theme_id bigint not null,
    subject varchar not null,
    run_id bigint not null,
    made_at timestamp not null,
    -- A full run, or the same one cut otherwise.
    recut boolean not null,
    event varchar not null,
    others bigint[] not null,
    size ubigint not null,
    size_before ubigint not null,
    alike double not null
);

-- The user's edits, in the order of their ids.
create table theme_edits (
    id bigint not null,
    made_at timestamp not null,
    subject varchar not null,
    kind varchar not null,
    theme_id bigint,
    -- merge: those that went into it. split: those that it got.
    others bigint[] not null,
    -- rename: the name. pin: true or false. note: the note. split: the names of what was split off, as JSON.
    value varchar not null
);
-- The texts that an edit is about. `part`: the theme that they were split off as; null: those that stayed, and the
-- texts of what is not a split.
create table theme_edit_texts (edit_id bigint not null, part bigint, text_hash varchar not null);

insert into properties
select 'next_theme_id', (coalesce(max(id), 0) + 1)::varchar from themes having count(*) > 0;

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
-- Ids are given once, whatever the subject.
left join themes h on h.id = try_cast(x.theme_key as bigint);
