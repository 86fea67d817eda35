with a as (
  -- a comment with the word with
  select * from {{ ref('second') }}
)
select a.id, third.tens from a join {{ ref('third') }} as third on a.id = third.id
