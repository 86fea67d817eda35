select 1 as id -- depends_on: {{ ref('b_child') }} {{ ref('a_continue') }}
