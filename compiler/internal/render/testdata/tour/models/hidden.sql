-- depends_on: {{ ref('staged') }}
{% set rel = adapter.get_relation(database=this.database, schema=this.schema, identifier='nope') %}
select {{ 'null' if rel is none else 'found' }} as r, '{{ ref("staged").identifier }}' as i, '{{ api.Relation.create(schema="s", identifier="t") }}' as c
, '{{ builtins.ref("staged") }}' as b, '{{ context["ref"]("staged").schema }}' as cs, '{{ context.get("nope", "dflt") }}' as g
, '{{ fromjson("{\"a\": [1]}")["a"] }}' as j, '{{ tojson({"b": 1}) }}' as tj, {{ adapter.quote("q") }} as {{ api.Column("n", "text").quoted }}
, '{{ local_md5("x") }}' as md, '{{ execute }}' as ex, '{{ dbt.type_string() }}' as ts, '{{ type_string() }}' as ts2, '{{ dbt_utils is defined }}' as du
, '{{ render("{{ 1 + 1 }}") }}' as rr, '{{ env_var("NOT_THERE_AT_ALL", "ev") }}' as ev, '{{ modules.datetime.date(2024, 1, 2) }}' as dt
