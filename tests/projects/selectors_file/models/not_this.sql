{{ config(tags='yes_please') }}
select no_such_column
