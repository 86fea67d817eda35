{% if execute %}{% if var('boom', false) %}{{ exceptions.raise_compiler_error('boom is on') }}{% endif %}{% endif %}
select id from {{ ref('base') }}
