package artifact

import (
	"encoding/json"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/manifest"
	"github.com/weft-data/weft/compiler/node"
)

// The order of keys in the entries of kinds that are listed but not run, as dbt writes them.
var (
	exposureKeys = [...]string{"name", "resource_type", "package_name", "path", "original_file_path", "unique_id", "fqn", "type", "owner",
		"description", "label", "maturity", "meta", "tags", "config", "unrendered_config", "url", "depends_on", "refs", "sources", "metrics", "created_at"}
	metricKeys = [...]string{"name", "resource_type", "package_name", "path", "original_file_path", "unique_id", "fqn", "description", "label",
		"type", "type_params", "filter", "metadata", "time_granularity", "config", "unrendered_config", "sources", "depends_on", "refs", "metrics",
		"created_at", "group", "meta", "tags"}
	semanticModelKeys = [...]string{"name", "resource_type", "package_name", "path", "original_file_path", "unique_id", "fqn", "model",
		"node_relation", "description", "label", "defaults", "entities", "measures", "dimensions", "metadata", "depends_on", "refs", "created_at",
		"config", "unrendered_config", "primary_entity", "group"}
	savedQueryKeys = [...]string{"name", "resource_type", "package_name", "path", "original_file_path", "unique_id", "fqn", "query_params",
		"exports", "description", "label", "metadata", "config", "unrendered_config", "group", "depends_on", "created_at", "refs", "tags"}
	unitTestKeys = [...]string{"model", "given", "expect", "name", "resource_type", "package_name", "path", "original_file_path", "unique_id",
		"fqn", "description", "overrides", "depends_on", "config", "checksum", "schema", "created_at", "versions", "version"}
)

func keysOf(k node.Kind) []string {
	switch k {
	case node.Exposure:
		return exposureKeys[:]
	case node.Metric:
		return metricKeys[:]
	case node.SemanticModel:
		return semanticModelKeys[:]
	case node.SavedQuery:
		return savedQueryKeys[:]
	}
	return unitTestKeys[:]
}

// other finds a key of the kinds whose further keys resolve hands over as they are.
func other(n *resource.Node, key string) (jinja.Value, bool) {
	if n.Other == nil {
		return nil, false
	}
	return n.Other.Get(key)
}

func (e *encoder) other(n *resource.Node, key string) json.RawMessage {
	v, ok := other(n, key)
	if !ok {
		return nil
	}
	return e.value(v)
}

func (e *encoder) others(n *resource.Node, key string) (out []json.RawMessage) {
	v, _ := other(n, key)
	if list, ok := v.(*jinja.List); ok {
		for _, item := range list.Items {
			out = append(out, e.value(item))
		}
	}
	return out
}

// listed appends an entry key by key: what Other has under a key counts, else what the node's own fields say, else null.
func (e *encoder) listed(b []byte, n *resource.Node, o *Options) []byte {
	b = append(b, '{')
	keys := keysOf(n.Kind)
	for i, key := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), key...), '"', ':')
		if v, ok := other(n, key); ok {
			b = AppendValue(b, v)
			continue
		}
		b = e.field(b, n, key, o)
	}
	if n.Other != nil {
		for k, v := range n.Other.Entries {
			name := jinja.Text(k)
			known := false
			for _, key := range keys {
				known = known || key == name
			}
			if !known {
				b = append(manifest.AppendString(append(b, ','), name), ':')
				b = AppendValue(b, v)
			}
		}
	}
	return append(b, '}')
}

func (e *encoder) field(b []byte, n *resource.Node, key string, o *Options) []byte {
	text := func(s string) []byte { return manifest.AppendString(b, s) }
	optional := func(s string) []byte {
		if s == "" {
			return append(b, "null"...)
		}
		return manifest.AppendString(b, s)
	}
	switch key {
	case "name":
		return text(n.Name)
	case "resource_type":
		return text(string(n.Kind))
	case "package_name":
		return text(n.Package)
	case "path":
		return text(n.Path)
	case "original_file_path":
		return text(n.OriginalPath)
	case "unique_id":
		return text(string(n.ID))
	case "fqn":
		return appendTexts(b, n.FQN)
	case "description":
		if n.Kind == node.SemanticModel || n.Kind == node.SavedQuery {
			return optional(n.Description)
		}
		return text(n.Description)
	case "meta":
		return appendDict(b, n.Meta)
	case "tags":
		return appendTexts(b, n.Tags)
	case "config":
		return appendDict(b, n.Config)
	case "unrendered_config":
		return appendDict(b, n.Unrendered)
	case "group":
		return optional(n.Group)
	case "created_at":
		return manifest.AppendFloat(b, o.CreatedAt)
	case "checksum":
		return optional(n.Checksum.Value)
	case "schema":
		return optional(n.Schema)
	case "version":
		return AppendValue(b, n.Version)
	case "depends_on":
		b = appendTexts(append(b, `{"macros":`...), n.DependsOnMacros)
		b = appendTexts(append(b, `,"nodes":`...), e.texts(n.DependsOn))
		return append(b, '}')
	case "refs":
		b = append(b, '[')
		for i, r := range n.Refs {
			if i > 0 {
				b = append(b, ',')
			}
			b = manifest.AppendString(append(b, `{"name":`...), r.Name)
			b = append(b, `,"package":`...)
			if r.Package == "" {
				b = append(b, "null"...)
			} else {
				b = manifest.AppendString(b, r.Package)
			}
			b = append(AppendValue(append(b, `,"version":`...), r.Version), '}')
		}
		return append(b, ']')
	case "sources":
		b = append(b, '[')
		for i, s := range n.Sources {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendTexts(b, []string{s.Source, s.Table})
		}
		return append(b, ']')
	case "metrics":
		b = append(b, '[')
		for i, m := range n.Metrics {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendTexts(b, m)
		}
		return append(b, ']')
	}
	if n.UnitTest != nil {
		switch key {
		case "model":
			return text(n.UnitTest.Model)
		case "given":
			b = append(b, '[')
			for i, g := range n.UnitTest.Given {
				if i > 0 {
					b = append(b, ',')
				}
				b = appendDict(b, g)
			}
			return append(b, ']')
		case "expect":
			return appendDict(b, n.UnitTest.Expect)
		case "overrides":
			if n.UnitTest.Overrides != nil {
				return appendDict(b, n.UnitTest.Overrides)
			}
		case "versions":
			return AppendValue(b, n.UnitTest.Versions)
		}
	}
	return append(b, "null"...)
}

func appendTexts(b []byte, list []string) []byte {
	b = append(b, '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = manifest.AppendString(b, s)
	}
	return append(b, ']')
}
