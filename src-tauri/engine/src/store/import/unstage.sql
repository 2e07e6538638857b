drop table temp.stage_sessions;
drop table temp.stage_fills;
drop table temp.stage_aliases;
drop table temp.stage_vectors;
