select count(*) as n from {{ ref('dim', v=1) }} union all select count(*) from {{ ref('dim') }}
