create table main.t as select 1 as id;
