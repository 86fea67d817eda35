select {{ nested_label() }} as l1, {{ label() }} as l2, {{ dbt.current_timestamp() }} as t1, {{ current_timestamp() }} as t2, {{ pack.shout("'a'") }} as s,
  '{{ var("kind") }}' as kind, '{{ var("absent", "default") }}' as absent, {{ var('floor') }} as floor, '{{ env_var("UNIT_A", "none") }}' as a, '{{ env_var("UNIT_B", "none") }}' as b,
  '{{ this }}' as self, '{{ model.name }}' as model_name, '{{ config.get("materialized") }}' as mat, '{{ target.name }}' as target
from {{ ref('base') }}
