select '{{ adapter.get_missing_columns(ref('base'), ref('wide')) | map(attribute='name') | join(',') }}' as missing -- {{ ref('base') }}
