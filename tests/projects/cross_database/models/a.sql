select {{ dbt.dateadd('day', 3, "date '2024-01-30'") }} as later, {{ dbt.datediff("date '2024-01-01'", "date '2024-03-01'", 'month') }} as months,
  {{ dbt.date_trunc('month', "date '2024-02-29'") }} as month, {{ dbt.last_day("date '2024-02-01'", 'month') }} as last_day,
  {{ dbt.split_part("'a-b-c'", "'-'", 2) }} as part, {{ dbt.replace("'abc'", "'b'", "'x'") }} as replaced, {{ dbt.length("'four'") }} as len,
  {{ dbt.right("'abcdef'", 2) }} as tail, {{ dbt.position("'c'", "'abc'") }} as pos, {{ dbt.safe_cast("'12'", api.Column.translate_type('integer')) }} as num,
  {{ dbt.concat(["'a'", "'b'"]) }} as ab, {{ dbt.hash("'x'") }} as hash, {{ dbt.cast_bool_to_text('true') }} as bool_text,
  {{ dbt.string_literal(dbt.escape_single_quotes("it's")) }} as quoted, cast(1 as {{ dbt.type_bigint() }}) as big, cast('1' as {{ dbt.type_numeric() }}) as numeric_value,
  {{ dbt.array_construct(['1', '2']) }} as list
