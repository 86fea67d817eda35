select * from {{ ref('three') }}, {{ this.include(database=false).schema and ref('one') }} as again
