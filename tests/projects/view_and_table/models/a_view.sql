select 1 as id, 'x' as name, cast(1.5 as decimal(10, 2)) as amount, date '2024-01-02' as day
