create table raw_events as select 1 as id, timestamp '2020-01-01' as loaded_at union all select 2, timestamp '2020-01-02';
create table raw_other as select 1 as id, now()::timestamp as loaded_at;
