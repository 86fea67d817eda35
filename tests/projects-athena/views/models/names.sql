select id, name as "Name", amount as "of" from {{ ref('animals') }} where id < 4
