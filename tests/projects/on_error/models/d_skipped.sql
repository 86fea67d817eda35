select 1 as id -- depends_on: {{ ref('c_stop') }}
