package planning

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/plan"
)

// governance reads who may see what of a node, in dbt-athena's configs: nil where nothing is said, or it is not enabled. A key that nobody
// reads is refused: data would be open, or closed, by a slip of the pen.
func (pl *Planned) governance(n *resource.Node) (*plan.Tags, map[string]plan.Filter, diag.List) {
	var diags diag.List
	bad := func(format string, args ...any) {
		diags.Add(diag.BadStorage, n.Code, format, args...).Node = string(n.ID)
	}
	keys := func(d *jinja.Dict, where string, known ...string) {
		for k := range d.Entries {
			if name := jinja.Text(k); !slices.Contains(known, name) {
				d := diags.Add(diag.BadStorage, n.Code, "`%s` has the key `%s`; it can have %s", where, name, strings.Join(known, ", "))
				d.Node = string(n.ID)
				for _, k := range known {
					if diag.Edits(name, k, 3) < 3 {
						d.Hint = "Did you mean `" + k + "`?"
					}
				}
			}
		}
	}
	c := n.Settings()
	dict := func(c resource.Settings, key, where string) (resource.Settings, bool) {
		if !c.Has(key) {
			return resource.Settings{}, false
		}
		d := c.Dict(key)
		if d == nil {
			bad("`%s` is %s; expected a mapping", where, jinja.Repr(c.Value(key)))
			return resource.Settings{}, false
		}
		return resource.SettingsOf(d), true
	}
	var tags *plan.Tags
	if t, ok := dict(c, "lf_tags_config", "lf_tags_config"); ok {
		keys(c.Dict("lf_tags_config"), "lf_tags_config", "enabled", "tags", "tags_columns", "inherited_tags")
		if t.Truth("enabled") {
			tags = pl.tags(t, dict, bad)
		}
	}
	var filters map[string]plan.Filter
	if g, ok := dict(c, "lf_grants", "lf_grants"); ok {
		keys(c.Dict("lf_grants"), "lf_grants", "data_cell_filters")
		if f, ok := dict(g, "data_cell_filters", "lf_grants.data_cell_filters"); ok {
			keys(g.Dict("data_cell_filters"), "lf_grants.data_cell_filters", "enabled", "filters")
			if list, ok := dict(f, "filters", "lf_grants.data_cell_filters.filters"); ok && f.Truth("enabled") {
				filters = map[string]plan.Filter{}
				for k := range f.Dict("filters").Entries {
					name := jinja.Text(k)
					where := "lf_grants.data_cell_filters.filters." + name
					one, ok := dict(list, name, where)
					if !ok {
						continue
					}
					keys(list.Dict(name), where, "row_filter", "column_names", "principals")
					if one.Text("row_filter") == "" {
						bad("the filter `%s` has no row_filter; `true` is one that lets all rows through", where)
					}
					x := plan.Filter{Rows: one.Text("row_filter")}
					x.Columns, _ = one.Texts("column_names")
					x.Principals, _ = one.Texts("principals")
					filters[name] = x
				}
			}
		}
	}
	return tags, filters, diags
}

func (pl *Planned) tags(t resource.Settings, dict func(resource.Settings, string, string) (resource.Settings, bool), bad func(string, ...any)) *plan.Tags {
	out := &plan.Tags{}
	if list, ok := dict(t, "tags", "lf_tags_config.tags"); ok {
		out.Table = map[string]string{}
		for k, v := range t.Dict("tags").Entries {
			if _, isList := list.Texts(jinja.Text(k)); isList {
				bad("`lf_tags_config.tags.%s` is %s; a table has one value for a tag", jinja.Text(k), jinja.Repr(v))
				continue
			}
			out.Table[jinja.Text(k)] = jinja.Text(v)
		}
	}
	if list, ok := dict(t, "tags_columns", "lf_tags_config.tags_columns"); ok {
		out.Columns = map[string]map[string][]string{}
		for k := range t.Dict("tags_columns").Entries {
			key := jinja.Text(k)
			values, ok := dict(list, key, "lf_tags_config.tags_columns."+key)
			if !ok {
				continue
			}
			out.Columns[key] = map[string][]string{}
			for v := range list.Dict(key).Entries {
				out.Columns[key][jinja.Text(v)], _ = values.Texts(jinja.Text(v))
			}
		}
	}
	out.Inherited, _ = t.Texts("inherited_tags")
	return out
}

// entry fills in what the entry of a catalog says of a relation whose description is kept there, as dbt-athena does: the description, the
// config `meta`, and where it comes from. The owner is the one that meta names, or that of the node's group.
func (pl *Planned) entry(n *resource.Node, ln *lower.Node) {
	ln.Docs.Entry = true
	ln.Docs.Properties = map[string]string{}
	put := func(key string, v jinja.Value) {
		if len(key) <= maxParameterKey && !strings.ContainsAny(key, "\r\n") {
			ln.Docs.Properties[key] = parameter(v)
		}
	}
	put("comment", jinja.Str(oneLine(n.Description)))
	meta := n.Settings().Dict("meta")
	if meta != nil {
		for k, v := range meta.Entries {
			put(jinja.Text(k), v)
		}
		if owner, ok := resource.SettingsOf(meta).Value("owner").(jinja.Str); ok {
			ln.Docs.Owner = string(owner)
		}
	}
	if ln.Docs.Owner == "" && n.Group != "" {
		for _, g := range pl.project.Bound.Groups() {
			if g.Name == n.Group && g.Package == n.Package && g.Owner != nil {
				owner := resource.SettingsOf(g.Owner)
				if ln.Docs.Owner = owner.Text("name"); ln.Docs.Owner == "" {
					ln.Docs.Owner = owner.Text("email")
				}
			}
		}
	}
	root := pl.project.Set.Root
	put("unique_id", jinja.Str(n.ID))
	put("materialized", jinja.Str(n.Settings().Text("materialized")))
	put("dbt_project_name", jinja.Str(root.Name))
	version := root.Config.Version
	if version == "" {
		version = jinja.Text(jinja.None)
	}
	put("dbt_project_version", jinja.Str(version))
}

// maxParameterKey is the longest key of a parameter that Glue takes.
const maxParameterKey = 255

// parameter is a value of meta as a text: lists and mappings are JSON.
func parameter(v jinja.Value) string {
	switch v.(type) {
	case *jinja.List, *jinja.Dict, jinja.Tuple:
		if text, err := jinja.JSON(v, false); err == nil {
			return text
		}
	}
	return jinja.Text(v)
}

// oneLine is a text without breaks, as catalogs want it.
func oneLine(s string) string {
	var out []string
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, " ")
}
