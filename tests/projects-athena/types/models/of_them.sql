{{ config(materialized='view') }}
select h.list[1] as first, h.dict['b'] as b, h.pair.w as w, i.deep[1].ws[1] as p, i.at from {{ ref('on_hive') }} h cross join {{ ref('on_iceberg') }} i
