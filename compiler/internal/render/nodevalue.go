package render

import (
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
)

// modelValue is `model`: the node as the manifest shows it, without the keys that hold nothing.
func (c *nodeContext) modelValue() jinja.Value {
	if c.node == nil {
		return jinja.NewDict(0)
	}
	d := nodeDict(c.node, false)
	if c.compiled != nil {
		d.Set("compiled", jinja.Bool(true))
		d.Set("compiled_code", jinja.Str(*c.compiled))
		d.Set("compiled_sql", jinja.Str(*c.compiled))
	}
	if c.run != nil && c.run.options.Batch != nil {
		b := c.run.options.Batch
		batch := jinja.NewDict(3)
		batch.Set("id", jinja.Str(b.ID))
		batch.Set("event_time_start", basecontext.NewDateTime(b.Start))
		batch.Set("event_time_end", basecontext.NewDateTime(b.End))
		d.Set("batch", batch)
	}
	return d
}

// NodeValue is a resource as templates see it in `graph`: what the manifest shows of it.
func (e *Engine) NodeValue(n *resource.Node) jinja.Value { return nodeDict(n, true) }

// Flags makes the value `flags` of the options by their names in upper case.
func Flags(options *jinja.Dict) jinja.Value {
	o := &object{kind: "Namespace"}
	o.keys = func() []string {
		var names []string
		for k := range options.Entries {
			names = append(names, jinja.Text(k))
		}
		return names
	}
	o.attr = options.Get
	return o
}

// dictBuilder fills a dict; with nulls false it leaves out what is None, as dbt's to_dict(omit_none=True).
type dictBuilder struct {
	d     *jinja.Dict
	nulls bool
}

func (b dictBuilder) set(key string, v jinja.Value) {
	if v == nil {
		v = jinja.None
	}
	if isNone(v) && !b.nulls {
		return
	}
	b.d.Set(key, v)
}

func (b dictBuilder) text(key, s string) { b.set(key, textOrNone(s)) }

// nodeDict is a resource as the manifest shows it.
func nodeDict(n *resource.Node, nulls bool) *jinja.Dict {
	b := dictBuilder{jinja.NewDict(48), nulls}
	if n.Kind == node.Source && n.Source != nil {
		sourceDict(b, n)
		return b.d
	}
	relational := n.Kind != node.Exposure && n.Kind != node.Metric && n.Kind != node.SemanticModel && n.Kind != node.SavedQuery && n.Kind != node.Group
	if relational {
		b.text("database", n.Database)
		b.set("schema", jinja.Str(n.Schema))
	}
	b.set("name", jinja.Str(n.Name))
	b.set("resource_type", jinja.Str(n.Kind))
	b.set("package_name", jinja.Str(n.Package))
	b.set("path", jinja.Str(n.Path))
	b.set("original_file_path", jinja.Str(n.OriginalPath))
	b.set("unique_id", jinja.Str(n.ID))
	b.set("fqn", textList(n.FQN))
	if relational {
		b.set("alias", jinja.Str(n.Alias))
		checksum := jinja.NewDict(2)
		checksum.Set("name", jinja.Str(n.Checksum.Name))
		checksum.Set("checksum", jinja.Str(n.Checksum.Value))
		b.set("checksum", checksum)
	}
	b.set("config", configDict(n.Config, nulls))
	b.set("tags", textList(n.Tags))
	b.set("description", jinja.Str(n.Description))
	if relational {
		b.set("columns", columnsDict(n.Columns, nulls))
	}
	b.set("meta", dictOrEmpty(n.Meta))
	b.text("group", n.Group)
	if relational {
		b.set("docs", docsDict(n.Docs, nulls))
		b.text("patch_path", n.PatchPath)
		b.set("build_path", nil)
	}
	b.set("unrendered_config", dictOrEmpty(n.Unrendered))
	if relational {
		b.text("relation_name", n.RelationName)
		b.set("raw_code", jinja.Str(n.RawCode))
		b.set("doc_blocks", textList(n.DocBlocks))
	}
	switch {
	case n.Kind == node.Seed:
		if n.Seed != nil {
			b.text("root_path", n.Seed.RootPath)
		}
		b.set("depends_on", dependsDict(n, false))
	case relational:
		language := n.Language
		if language == "" {
			language = "sql"
		}
		b.set("language", jinja.Str(language))
		b.set("refs", refsList(n.Refs))
		b.set("sources", sourcesList(n.Sources))
		b.set("metrics", lists(n.Metrics))
		b.set("functions", lists(n.Functions))
		b.set("depends_on", dependsDict(n, true))
		b.set("compiled_path", nil)
		b.set("compiled", jinja.Bool(false))
		b.set("extra_ctes_injected", jinja.Bool(false))
		b.set("extra_ctes", jinja.NewList())
		b.set("contract", contractDict(n, nulls))
	default:
		b.set("depends_on", dependsDict(n, true))
		b.set("refs", refsList(n.Refs))
		b.set("sources", sourcesList(n.Sources))
		b.set("metrics", lists(n.Metrics))
	}
	switch n.Kind {
	case node.Model:
		b.text("access", n.Access)
		b.set("constraints", dictList(n.Constraints))
		b.set("version", n.Version)
		b.set("latest_version", n.LatestVersion)
		b.text("deprecation_date", n.DeprecationDate)
		b.set("primary_key", textList(n.PrimaryKey))
		b.set("time_spine", n.TimeSpine)
	case node.Test:
		if t := n.Test; t != nil && t.Generic {
			b.text("column_name", t.ColumnName)
			b.text("file_key_name", t.FileKeyName)
			b.text("attached_node", string(t.Attached))
			metadata := jinja.NewDict(3)
			metadata.Set("name", jinja.Str(t.Name))
			kwargs := jinja.NewDict(0)
			if t.Kwargs != nil {
				kwargs = t.Kwargs.DeepCopy()
			}
			metadata.Set("kwargs", kwargs)
			if t.Namespace != "" || nulls {
				metadata.Set("namespace", textOrNone(t.Namespace))
			}
			b.set("test_metadata", metadata)
		}
	}
	if n.Other != nil {
		for k, v := range n.Other.Entries {
			b.set(jinja.Text(k), v)
		}
	}
	return b.d
}

// sourceDict is a source table as the manifest shows it.
func sourceDict(b dictBuilder, n *resource.Node) {
	s := n.Source
	b.text("database", n.Database)
	b.set("schema", jinja.Str(n.Schema))
	b.set("name", jinja.Str(n.Name))
	b.set("resource_type", jinja.Str(n.Kind))
	b.set("package_name", jinja.Str(n.Package))
	b.set("path", jinja.Str(n.Path))
	b.set("original_file_path", jinja.Str(n.OriginalPath))
	b.set("unique_id", jinja.Str(n.ID))
	b.set("fqn", textList(n.FQN))
	b.set("source_name", jinja.Str(s.Name))
	b.set("source_description", jinja.Str(s.Description))
	b.set("loader", jinja.Str(s.Loader))
	b.set("identifier", jinja.Str(s.Identifier))
	b.set("quoting", dictOrEmpty(s.Quoting))
	b.set("loaded_at_field", s.LoadedAtField)
	b.set("loaded_at_query", s.LoadedAtQuery)
	b.set("freshness", s.Freshness)
	b.set("external", s.External)
	b.set("description", jinja.Str(n.Description))
	b.set("columns", columnsDict(n.Columns, b.nulls))
	b.set("meta", dictOrEmpty(n.Meta))
	b.set("source_meta", dictOrEmpty(s.Meta))
	b.set("tags", textList(n.Tags))
	b.set("config", configDict(n.Config, b.nulls))
	b.text("patch_path", n.PatchPath)
	b.set("unrendered_config", dictOrEmpty(n.Unrendered))
	b.text("relation_name", n.RelationName)
	b.set("doc_blocks", textList(n.DocBlocks))
	if n.Other != nil {
		for k, v := range n.Other.Entries {
			b.set(jinja.Text(k), v)
		}
	}
}

func dictOrEmpty(d *jinja.Dict) *jinja.Dict {
	if d == nil {
		return jinja.NewDict(0)
	}
	return d.DeepCopy()
}

// configDict is a config of which a template may do what it wants.
func configDict(d *jinja.Dict, nulls bool) *jinja.Dict {
	if d == nil {
		return jinja.NewDict(0)
	}
	out := jinja.NewDict(d.Len())
	for k, v := range d.DeepCopy().Entries {
		if nulls || !isNone(v) {
			out.Set(jinja.Text(k), v)
		}
	}
	return out
}

func columnsDict(columns []resource.Column, nulls bool) *jinja.Dict {
	out := jinja.NewDict(len(columns))
	for i := range columns {
		c := &columns[i]
		b := dictBuilder{jinja.NewDict(10), nulls}
		b.set("name", jinja.Str(c.Name))
		b.set("description", jinja.Str(c.Description))
		b.set("meta", dictOrEmpty(c.Meta))
		b.text("data_type", c.DataType)
		b.set("constraints", dictList(c.Constraints))
		b.set("quote", c.Quote)
		b.set("config", dictOrEmpty(c.Config))
		b.set("tags", textList(c.Tags))
		b.text("granularity", c.Granularity)
		b.set("doc_blocks", textList(c.DocBlocks))
		if c.Extra != nil {
			for k, v := range c.Extra.Entries {
				b.set(jinja.Text(k), v)
			}
		}
		out.Set(c.Name, b.d)
	}
	return out
}

func docsDict(docs resource.Docs, nulls bool) *jinja.Dict {
	b := dictBuilder{jinja.NewDict(2), nulls}
	b.set("show", jinja.Bool(docs.Show))
	b.text("node_color", docs.NodeColor)
	return b.d
}

func contractDict(n *resource.Node, nulls bool) *jinja.Dict {
	b := dictBuilder{jinja.NewDict(3), nulls}
	enforced, alias := jinja.Value(jinja.Bool(false)), jinja.Value(jinja.Bool(true))
	if n.Config != nil {
		if v, ok := n.Config.Get("contract"); ok {
			if d, ok := v.(*jinja.Dict); ok {
				if v, ok := d.Get("enforced"); ok {
					enforced = v
				}
				if v, ok := d.Get("alias_types"); ok {
					alias = v
				}
			}
		}
	}
	b.set("enforced", enforced)
	b.set("alias_types", alias)
	b.text("checksum", n.ContractChecksum)
	return b.d
}

func dependsDict(n *resource.Node, nodes bool) *jinja.Dict {
	d := jinja.NewDict(2)
	d.Set("macros", textList(n.DependsOnMacros))
	if nodes {
		ids := jinja.NewList()
		for _, id := range n.DependsOn {
			ids.Items = append(ids.Items, jinja.Str(id))
		}
		d.Set("nodes", ids)
	}
	return d
}

func refsList(refs []resource.Ref) *jinja.List {
	out := jinja.NewList()
	for _, r := range refs {
		d := jinja.NewDict(3)
		d.Set("name", jinja.Str(r.Name))
		d.Set("package", textOrNone(r.Package))
		version := r.Version
		if version == nil {
			version = jinja.None
		}
		d.Set("version", version)
		out.Items = append(out.Items, d)
	}
	return out
}

func sourcesList(sources []resource.SourceRef) *jinja.List {
	out := jinja.NewList()
	for _, s := range sources {
		out.Items = append(out.Items, textList([]string{s.Source, s.Table}))
	}
	return out
}

func lists(all [][]string) *jinja.List {
	out := jinja.NewList()
	for _, l := range all {
		out.Items = append(out.Items, textList(l))
	}
	return out
}

func dictList(all []*jinja.Dict) *jinja.List {
	out := jinja.NewList()
	for _, d := range all {
		out.Items = append(out.Items, d.DeepCopy())
	}
	return out
}

// nodeObject is a node as a generate_*_name macro gets it: dbt's object, whose fields are attributes. It is made of the node's
// dict when something is asked of it.
func nodeObject(n *resource.Node) jinja.Value {
	var d *jinja.Dict
	o := &object{kind: "ModelNode"}
	o.attr = func(name string) (jinja.Value, bool) {
		switch name {
		case "name":
			return jinja.Str(n.Name), true
		case "version":
			if n.Version == nil {
				return jinja.None, true
			}
			return n.Version, true
		case "resource_type":
			return jinja.Str(n.Kind), true
		case "unique_id":
			return jinja.Str(n.ID), true
		case "package_name":
			return jinja.Str(n.Package), true
		}
		if d == nil {
			d = nodeDict(n, true)
		}
		switch name {
		case "identifier":
			name = "alias"
		case "is_ephemeral_model", "is_ephemeral":
			return jinja.Bool(isEphemeral(n)), true
		case "is_versioned":
			return jinja.Bool(n.Version != nil && !isNone(n.Version)), true
		case "config_call_dict":
			return dictOrEmpty(n.ConfigCalls), true
		}
		if v, ok := d.Get(name); ok {
			return v, true
		}
		if name == "to_dict" {
			return function(name, func(*jinja.Call) (jinja.Value, error) { return d.DeepCopy(), nil }), true
		}
		return nil, false
	}
	return o
}
