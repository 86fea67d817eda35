select count(*) as n from {{ ref('one_batch_fails') }}
