select 1 as id, null as nothing, 'x' as t, date '2024-02-29' as day, timestamptz '2024-02-29 10:00:00+00' as at
