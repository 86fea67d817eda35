select * from {{ ref('ephemeral_changed') }}
