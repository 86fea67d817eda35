create or replace view "awsdatacatalog"."SCHEMA"."animals" as
select id, cast(name as varchar) as name, amount, day from (values
  (1, 'ant', cast(1.50 as decimal(10, 2)), date '2024-01-01'),
  (2, 'bee', cast(2.50 as decimal(10, 2)), date '2024-01-02'),
  (3, 'cat', cast(3.50 as decimal(10, 2)), date '2024-01-02'),
  (4, cast(null as varchar), cast(null as decimal(10, 2)), date '2024-02-03')
) as t (id, name, amount, day)
-- weft 842be427a4eaf040a0a47518ed63b0b1;

create or replace view "awsdatacatalog"."SCHEMA"."names" as
select id, name as "Name", amount as "of" from "awsdatacatalog"."SCHEMA"."animals" where id < 4
-- weft f8ddc759199455c3134708403b050070;

create or replace view "awsdatacatalog"."SCHEMA"."over" as
-- a comment at the end
select count(*) as n, sum("of") as total from "awsdatacatalog"."SCHEMA"."names" -- and one here
-- weft baa31a9fe6160d4ea544568b5101c74a;

