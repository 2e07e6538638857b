-- What an import says that cannot go straight to its table. Temporary: it dies with the import's transaction.
create or replace temp table stage_sessions as select * from session_parts limit 0;
create or replace temp table stage_fills as select * from turns limit 0;
create or replace temp table stage_aliases as select * from turn_aliases limit 0;
create or replace temp table stage_vectors (
    model varchar, dimension bigint, text_hash varchar, text varchar, vector float[], source_id bigint
);
