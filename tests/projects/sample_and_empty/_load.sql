create table main.clicks as select * from (values (1, timestamp '2024-01-01'), (2, timestamp '2024-02-01')) v(id, seen);
create table main.plain as select 1 as id;
