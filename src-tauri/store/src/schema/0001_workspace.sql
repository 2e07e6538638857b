-- The workspace, first version. Applied in one transaction.
-- Ids of sessions, turns and feedback are those of the tools they come from, so that halves imported apart can meet.
-- No primary keys on the large tables: imports merge by id in sets (store/import/merge.rs), and DuckDB's index
-- would cost more than it guards.

create table schema_versions (
    version integer not null,
    -- The lowest version of this table that a reader must know to read the file.
    readable_from integer not null,
    applied_at timestamp not null
);

-- Facts about the workspace itself: data_version, synthetic, ...
create table properties (key varchar not null, value varchar not null);

-- One imported file.
create table sources (
    id bigint not null,
    name varchar not null,
    path varchar not null,
    format varchar not null,
    format_reason varchar not null,
    digest varchar not null,
    bytes ubigint not null,
    imported_at timestamp not null,
    records_read ubigint not null,
    records_kept ubigint not null,
    records_updated ubigint not null,
    records_rejected ubigint not null,
    sessions ubigint not null,
    turns ubigint not null,
    feedback ubigint not null,
    joined_turn ubigint not null,
    joined_session ubigint not null
);

-- Records that were not kept.
create table rejects (
    id bigint not null,
    source_id bigint not null,
    record_number ubigint not null,
    byte_offset ubigint,
    reason varchar not null,
    raw varchar not null
);

create table sessions (
    id varchar not null,
    started_at timestamp,
    user_id varchar,
    user_role varchar,
    environment varchar,
    source_id bigint not null
);

create table turns (
    id varchar not null,
    session_id varchar,
    created_at timestamp,
    position bigint,
    query varchar,
    system_context varchar,
    -- JSON: [{id, title, content, score}]
    documents varchar,
    output varchar,
    model varchar,
    model_version varchar,
    prompt_name varchar,
    prompt_version varchar,
    release varchar,
    environment varchar,
    user_id varchar,
    user_role varchar,
    latency_ms bigint,
    input_tokens bigint,
    output_tokens bigint,
    tags varchar[],
    source_id bigint not null
);

create table feedback (
    id varchar not null,
    -- The source that brought it first, and the one that last brought it up to date.
    source_id bigint not null,
    updated_by bigint not null,
    created_at timestamp,
    session_id varchar,
    turn_id varchar,
    feedback_type varchar not null,
    author varchar not null,
    score_name varchar,
    -- As in the export.
    score double,
    -- On 0 (bad) .. 1 (good), by the rule of (source_id, score_name).
    score_normal double,
    -- By that rule, or from the label and type where there is no score; stated_polarity wins over both.
    polarity varchar not null,
    stated_polarity varchar,
    label_polarity varchar not null,
    label varchar,
    reasons varchar[] not null,
    comment varchar,
    correction varchar,
    confidence double,
    span_target varchar,
    span_start uinteger,
    span_end uinteger,
    span_quote varchar,
    -- What the export carries on the feedback itself; empty where the turn says it.
    query varchar,
    output varchar,
    model varchar,
    model_version varchar,
    prompt_version varchar,
    release varchar,
    environment varchar,
    user_id varchar,
    user_role varchar,
    tags varchar[] not null
);

create table metadata (
    -- session, turn, feedback
    owner varchar not null,
    owner_id varchar not null,
    key varchar not null,
    value varchar not null
);

-- How a score becomes a polarity: inferred, or confirmed by the user.
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
    confirmed boolean not null
);

-- Distinct texts, which of them each feedback says, and what they mean to each model.
create table texts (text_hash varchar not null, text varchar not null);
create table feedback_texts (feedback_id varchar not null, text_hash varchar not null);
create table models (
    id varchar not null,
    name varchar not null,
    digest varchar not null,
    pooling varchar not null,
    max_length uinteger not null,
    dimension uinteger not null
);
-- A list, not FLOAT[n]: models differ in n. Cast where DuckDB's array functions are wanted.
create table vectors (model_id varchar not null, text_hash varchar not null, vector float[] not null);

create table theme_runs (
    id bigint not null,
    created_at timestamp not null,
    model_id varchar not null,
    resolution double not null,
    seed ubigint not null,
    -- What it was computed from: data version, rules, options, library versions.
    fingerprint varchar not null,
    data_version ubigint not null,
    texts ubigint not null,
    unclustered ubigint not null
);
create table themes (
    run_id bigint not null,
    id bigint not null,
    name varchar not null,
    keywords varchar[] not null,
    texts ubigint not null,
    cohesion double not null,
    centroid float[] not null,
    examples varchar[] not null
);
create table theme_members (
    run_id bigint not null,
    text_hash varchar not null,
    -- null: unclustered
    theme_id bigint,
    similarity double not null
);

-- Saved views of the window.
create table views (
    id bigint not null,
    name varchar not null,
    view varchar not null,
    filter varchar not null,
    options varchar not null
);

-- What is counted, one row a feedback, derived: every value of `feedback` with the turn's where it has none itself.
-- Written anew by store/facts.rs whenever what it derives from has changed.
create table facts (
    feedback_id varchar not null,
    source_id bigint not null,
    updated_by bigint not null,
    created_at timestamp,
    session_id varchar,
    turn_id varchar,
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
    text_hash varchar,
    -- The theme's id as text; 'wordless' for feedback without words; null for unclustered.
    theme_key varchar,
    joined_turn boolean not null,
    joined_session boolean not null
);

create view feedback_reasons as select id as feedback_id, unnest(reasons) as reason from feedback;

-- For any DuckDB client: what an analyst needs, in one place.
create view feedback_wide as
select
    f.id,
    f.created_at,
    x.session_id,
    x.turn_id,
    f.feedback_type,
    f.author,
    f.polarity,
    f.score_name,
    f.score,
    f.score_normal,
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
