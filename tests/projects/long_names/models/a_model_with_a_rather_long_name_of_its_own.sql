select 1 as a_column_with_a_rather_long_name_too, 'x' as b
