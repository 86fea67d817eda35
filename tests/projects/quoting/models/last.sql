select * from {{ ref('reader') }}, {{ ref('Upper').include(schema=true, database=false) }} as u
