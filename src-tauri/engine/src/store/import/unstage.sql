drop table temp.stage_sessions;
drop table temp.stage_turns;
drop table temp.stage_feedback;
drop table temp.stage_metadata;
drop table temp.stage_rejects;
drop table temp.new_feedback;
