select {{ dbt_utils_free_max('kinds', 'weight') }} as top
