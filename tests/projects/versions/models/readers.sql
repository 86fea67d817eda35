select (select count(*) from {{ ref('orders') }}) as latest, (select count(*) from {{ ref('orders', v=1) }}) as first, (select count(*) from {{ ref('orders', version=3) }}) as prerelease
