{{ config(on_error='continue') }}
select * from main.not_there
