select '{{ this.schema }}' as s, '{{ model.schema }}' as m, '{{ model.config.schema }}' as c, '{{ schema }}' as d
