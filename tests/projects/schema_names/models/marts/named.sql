{{ config(alias='other', schema='own') }}
select '{{ this.schema }}' as schema_name, '{{ this.identifier }}' as identifier, '{{ model.alias }}' as alias from {{ ref('mart') }}
