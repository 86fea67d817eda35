select 1 as id, 'a' as name, 1.5::decimal(8,2) as amount, date '2024-01-01' as day, true as flag, 2.5::double as ratio, 'x,y' as note
