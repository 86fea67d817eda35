create schema if not exists raw_shop;
create table raw_shop.customers as select * from (values (1, 'Ada'), (2, 'Ben')) t(id, name);
create table raw_shop."Order Lines" as select * from (values (10, 1, 3.5), (11, 2, 4.5)) t(line_id, customer_id, amount);
create table main.events as select * from (values (1, timestamp '2024-01-01 00:00:00')) t(id, seen_at);
