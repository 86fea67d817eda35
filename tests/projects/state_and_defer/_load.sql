create table if not exists events as select 1 as id;
