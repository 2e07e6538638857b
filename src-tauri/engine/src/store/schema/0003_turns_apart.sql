-- Third version: what is said of a span or response by its own id is part of the turn that it belongs to.

-- The turns that an alias makes one, as they were before: `turns` has the whole under `into_id`, made of these by
-- store/import/aliases.rs and taken apart again when what it was made from changes.
create table turns_apart as select *, id as into_id from turns limit 0;

-- False where the patch that says it only fills gaps. What an older Hearback kept counts as said in full.
alter table metadata add column full_record boolean;
