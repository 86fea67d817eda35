select 1 as id, * from {{ source('crm', 'contacts') }}
