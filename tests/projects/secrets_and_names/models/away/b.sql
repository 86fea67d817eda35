{{ config(schema='extra', alias='other', materialized='table') }} select * from {{ ref('a') }}
