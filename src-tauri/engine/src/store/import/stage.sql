-- Where an import's patches wait to be merged. Temporary: they die with the connection's transaction.
create or replace temp table stage_sessions (
    seq bigint, source_id bigint, id varchar, started_at bigint, user_id varchar, user_role varchar, environment varchar
);
create or replace temp table stage_turns (
    seq bigint, full_record boolean, source_id bigint, id varchar, session_id varchar, created_at bigint,
    position bigint, query varchar, system_context varchar, documents varchar, output varchar, model varchar,
    model_version varchar, prompt_name varchar, prompt_version varchar, release varchar, environment varchar,
    user_id varchar, user_role varchar, latency_ms bigint, input_tokens bigint, output_tokens bigint, tags varchar
);
create or replace temp table stage_feedback (
    seq bigint, source_id bigint, id varchar, created_at bigint, session_id varchar, turn_id varchar,
    feedback_type varchar, author varchar, score_name varchar, score double, stated_polarity varchar,
    label_polarity varchar, label varchar, reasons varchar, comment varchar, correction varchar, confidence double,
    span_target varchar, span_start uinteger, span_end uinteger, span_quote varchar, query varchar, output varchar,
    model varchar, model_version varchar, prompt_version varchar, release varchar, environment varchar,
    user_id varchar, user_role varchar, tags varchar
);
create or replace temp table stage_metadata (
    seq bigint, source_id bigint, owner varchar, owner_id varchar, key varchar, value varchar
);
create or replace temp table stage_rejects (
    id bigint, source_id bigint, record_number ubigint, byte_offset ubigint, reason varchar, raw varchar
);
