-- Sixth version: one scale for each score of a tool, whatever file it comes from; and what nobody has said is unknown.

-- The name of the format that a source was read as; null for what an older Hearback imported, until it is opened.
alter table sources add column tool varchar;

-- numeric, boolean, categorical; null counts as numeric.
alter table feedback add column score_type varchar;
alter table feedback_parts add column score_type varchar;

-- What a person has confirmed of a score: for all of the tool, or, where source_id is not null, for that file alone.
create table score_scales (
    tool varchar not null,
    score_name varchar,
    score_type varchar not null,
    source_id bigint,
    scale varchar not null,
    worst double not null,
    best double not null,
    negative_at_most double not null,
    positive_at_least double not null
);

-- What the exports of a tool state of a score's scale.
create table score_statements (
    source_id bigint not null,
    score_name varchar,
    score_type varchar not null,
    low double not null,
    high double not null,
    -- higher_is_better, higher_is_worse, or not stated
    direction varchar
);

-- What a person has said of a label that no list of words knows, or knows otherwise.
create table label_meanings (score_name varchar, label varchar not null, polarity varchar not null);

-- Confirmed rules were kept by source; the newest of a tool counts for all of it from now on.
insert into score_scales
select s.format, r.score_name, 'numeric', null, r.scale, r.worst, r.best, r.negative_at_most, r.positive_at_least
from score_rules r join sources s on s.id = r.source_id
where r.confirmed and r.source_id = (
    select max(o.source_id) from score_rules o join sources p on p.id = o.source_id
    where o.confirmed and p.format = s.format and o.score_name is not distinct from r.score_name);

-- The rule that holds for each score of each source, derived: from score_scales, else proposed from what was seen.
drop table score_rules;
create table score_rules (
    source_id bigint not null,
    score_name varchar,
    feedback_type varchar not null,
    count ubigint not null,
    minimum double not null,
    maximum double not null,
    scale varchar not null,
    worst double not null,
    best double not null,
    negative_at_most double not null,
    positive_at_least double not null,
    confirmed boolean not null,
    score_type varchar not null,
    -- Whether the rule is known well enough to say what people meant, and what judges meant.
    for_people boolean not null,
    for_judges boolean not null
);
