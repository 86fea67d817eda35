select cast('x' as integer) as id
