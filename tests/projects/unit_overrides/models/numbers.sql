select id, id / 3 as third, id::double / 3 as f, id::decimal(10, 4) / 3 as d, (id * 100000000000000000)::hugeint as h, id::float as r from {{ ref('base') }}
