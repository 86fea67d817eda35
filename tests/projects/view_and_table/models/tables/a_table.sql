select id, name, amount, day, timestamp '2024-01-02 03:04:05' as seen_at, true as flag, cast(null as varchar) as nothing from {{ ref('a_view') }}
