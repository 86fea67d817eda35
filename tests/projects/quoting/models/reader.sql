{{ config(materialized='table', alias='order') }}
select {{ adapter.quote('Id') }} as id, '{{ this.render() }}' as name from {{ ref('Upper') }}
