select {{ helper.pick() }} as pick, {{ helper.other() }} as other, {{ dbt.hash("'x'") }} as hash, {{ local() }} as local, {{ dbt.concat(["'a'", "'b'"]) }} as joined
