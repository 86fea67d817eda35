create table main."Mixed Case" as select 1 as "Id", 2 as "select";
