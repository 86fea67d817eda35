select id, cast(name as {{ type_string() }}) as name, {{ concat(['id', "'x'"]) }} as both from {{ ref('s') }}
