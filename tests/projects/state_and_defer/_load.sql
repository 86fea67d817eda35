create table if not exists raw_events as select 1 as id;
