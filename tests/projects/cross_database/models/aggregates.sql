select {{ dbt.any_value('x') }} as any_x, {{ dbt.bool_or('x > 1') }} as some, {{ dbt.listagg('x', "','", 'order by x') }} as list from (values (1), (2)) t(x) group by x % 1
