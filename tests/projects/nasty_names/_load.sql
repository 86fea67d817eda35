create schema "Source Schema";
create table "Source Schema"."select" ("group" integer, "with ""quote""" varchar, "größe" double, "a b" date);
insert into "Source Schema"."select" values (1, 'x', 1.5, date '2020-01-01'), (2, 'it''s', 2.5, null);
