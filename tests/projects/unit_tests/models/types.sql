select 1 as i, 2.5::double as f, 1.50::decimal(8, 2) as d, true as b, date '2024-01-01' as day, timestamp '2024-01-01 10:00:00' as at,
  [1, 2] as l, {'a': 1, 'b': 'x'} as s, 'it''s' as t, null::integer as n, 'x' as "Mixed", time '10:00:00' as clock, interval 1 day as span
