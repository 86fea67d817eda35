package render

import (
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/source"
)

// externalLocation is how a source is spelled that names an `external_location` in its meta or config, which dbt-duckdb writes
// in place of the relation; "" for any other.
func externalLocation(d *dialectContext, n *resource.Node) (string, error) {
	if !d.data.Relation.ExternalSources || n.Source == nil {
		return "", nil
	}
	meta := jinja.NewDict(0)
	if n.Meta != nil {
		meta = n.Meta.Copy()
	}
	if n.Config != nil {
		for k, v := range n.Config.Entries {
			if key := jinja.Text(k); !sourceConfigKeys[key] {
				meta.Set(key, v)
			}
		}
	}
	if _, plugin := meta.Get("plugin"); plugin {
		return "", nil
	}
	location, ok := meta.Get("external_location")
	if !ok || isNone(location) {
		return "", nil
	}
	fields := jinja.NewDict(meta.Len() + 5)
	fields.Set("name", jinja.Str(n.Name))
	fields.Set("identifier", jinja.Str(n.Source.Identifier))
	fields.Set("schema", jinja.Str(n.Schema))
	fields.Set("database", textOrNone(n.Database))
	fields.Set("tags", textList(n.Tags))
	for k, v := range meta.Entries {
		fields.Set(jinja.Text(k), v)
	}
	formatter := "newstyle"
	if v, ok := meta.Get("formatter"); ok {
		formatter = jinja.Text(v)
	}
	text, err := formatLocation(formatter, jinja.Text(location), fields)
	if err != nil {
		return "", failf(diag.ExternalLocation, "external_location of source %s.%s: %s", n.Source.Name, n.Name, err)
	}
	if !strings.Contains(text, "(") && !strings.HasPrefix(text, "'") {
		text = "'" + text + "'"
	}
	return text, nil
}

// sourceConfigKeys are the config keys of sources that dbt itself knows; all others belong to the adapter.
var sourceConfigKeys = map[string]bool{
	"enabled": true, "event_time": true, "freshness": true, "loaded_at_field": true, "loaded_at_query": true, "meta": true,
	"tags": true, "static_analysis": true,
}

// formatLocation fills a pattern in as one of Python's three ways to format text.
func formatLocation(formatter, pattern string, fields *jinja.Dict) (string, error) {
	var expression string
	switch formatter {
	case "newstyle":
		expression = "pattern.format(**fields)"
	case "oldstyle":
		expression = "pattern % fields"
	case "template":
		return substitute(pattern, fields)
	default:
		return "", failf(diag.ExternalLocation, "Formatter %s not recognized. Must be one of 'newstyle', 'oldstyle', or 'template'.", formatter)
	}
	t, diags := jinja.ParseExpression(source.Whole(source.NewFile("external_location", expression)), dialectOfDbt)
	if t == nil {
		return "", diags[0]
	}
	v, err := t.RenderNative(&jinja.Thread{}, jinja.Names{"pattern": jinja.Str(pattern), "fields": fields})
	if err != nil {
		return "", err
	}
	return jinja.Text(v), nil
}

// substitute is Python's string.Template: $name, ${name} and $$.
func substitute(pattern string, fields *jinja.Dict) (string, error) {
	var b strings.Builder
	for {
		i := strings.IndexByte(pattern, '$')
		if i < 0 {
			b.WriteString(pattern)
			return b.String(), nil
		}
		b.WriteString(pattern[:i])
		pattern = pattern[i+1:]
		if rest, ok := strings.CutPrefix(pattern, "$"); ok {
			b.WriteByte('$')
			pattern = rest
			continue
		}
		braced := strings.HasPrefix(pattern, "{")
		if braced {
			pattern = pattern[1:]
		}
		end := 0
		for end < len(pattern) && isIdent(pattern[end]) {
			end++
		}
		name := pattern[:end]
		pattern = pattern[end:]
		if braced {
			rest, ok := strings.CutPrefix(pattern, "}")
			if !ok {
				return "", failf(diag.ExternalLocation, "invalid placeholder in string")
			}
			pattern = rest
		}
		v, ok := fields.Get(name)
		if name == "" || !ok {
			return "", failf(diag.ExternalLocation, "unknown placeholder %q", name)
		}
		b.WriteString(jinja.Text(v))
	}
}
