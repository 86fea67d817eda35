select {{ row_columns() }} from {{ ref('feed') }}
