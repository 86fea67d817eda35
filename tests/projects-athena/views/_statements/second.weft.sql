create or replace view "awsdatacatalog"."SCHEMA"."animals" as
select id, cast(name as varchar) as name, amount, day from (values
  (1, 'ant', cast(1.50 as decimal(10, 2)), date '2024-01-01'),
  (2, 'bee', cast(2.50 as decimal(10, 2)), date '2024-01-02'),
  (3, 'cat', cast(3.50 as decimal(10, 2)), date '2024-01-02'),
  (4, cast(null as varchar), cast(null as decimal(10, 2)), date '2024-02-03')
) as t (id, name, amount, day);

create or replace view "awsdatacatalog"."SCHEMA"."names" as
select id, name as "Name", amount as "of" from "awsdatacatalog"."SCHEMA"."animals" where id < 4;

create or replace view "awsdatacatalog"."SCHEMA"."over" as
-- a comment at the end
select count(*) as n, sum("of") as total from "awsdatacatalog"."SCHEMA"."names" -- and one here;

