select a.id from {{ ref('stg_customers') }} a join {{ ref('stg_contacts') }} using (id)
