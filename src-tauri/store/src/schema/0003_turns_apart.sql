-- Third version: what is said of a span or response by its own id is part of the turn that it belongs to.

-- The turns that an alias makes one, as they were before: `turns` has the whole under `into_id`, made of these by
-- store/import/aliases.rs and taken apart again when what it was made from changes.
create table turns_apart as select *, id as into_id from turns limit 0;

-- False where the patch that says it only fills gaps. What an older Hearback kept counts as said in full.
alter table metadata add column full_record boolean;

-- Facts are written anew with every import, and ids hardly repeat: looking for a shorter form of them took a quarter of
-- that time and saved 25 bytes a feedback. Derived, so it is made anew rather than altered.
create table facts_of_old as select * from facts;
drop table facts;
create table facts (
    feedback_id varchar using compression 'uncompressed' not null,
    source_id bigint not null,
    updated_by bigint not null,
    created_at timestamp,
    session_id varchar using compression 'uncompressed',
    turn_id varchar using compression 'uncompressed',
    feedback_type varchar not null,
    author varchar not null,
    polarity varchar not null,
    score_name varchar,
    score_normal double,
    model varchar,
    model_version varchar,
    prompt_version varchar,
    release varchar,
    environment varchar,
    user_role varchar,
    reasons varchar[] not null,
    tags varchar[] not null,
    text_hash varchar using compression 'uncompressed',
    -- The theme's id as text; 'wordless' for feedback without words; null for unclustered.
    theme_key varchar,
    joined_turn boolean not null,
    joined_session boolean not null
);
insert into facts select * from facts_of_old;
drop table facts_of_old;
