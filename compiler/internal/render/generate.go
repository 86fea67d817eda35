package render

import (
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
)

// GenerateName calls generate_database_name, generate_schema_name or generate_alias_name for a node: the macro of the node's own
// package if it has one, else the root project's, else the built-in one. The result is "" where the macro gives None.
func (e *Engine) GenerateName(what string, custom jinja.Value, n *resource.Node) (name string, diags diag.List) {
	defer recoverInternal(&diags, n)
	d := e.dialect(n.Dialect)
	if custom == nil {
		custom = jinja.None
	}
	m := e.nameMacro("generate_"+what+"_name", n.Package, d)
	if m == nil {
		diags.Add(diag.MacroNotFound, n.Code, "No macro with name generate_%s_name found", what).Node = string(n.ID)
		return "", diags
	}
	names := e.scope(m.res.Package, d)
	if m.res.BuiltIn {
		// The built-in macros dispatch. Where that ends at their own defaults, the answer is known without running them.
		chosen, err := names.dispatch(e.options.Dispatch, "generate_"+what+"_name", jinja.Str("dbt"))
		if err == nil && chosen.res.BuiltIn && strings.HasPrefix(chosen.res.Name, "default__") {
			if name, ok := defaultName(what, custom, n, d); ok {
				return name, nil
			}
		}
	}
	c := &nodeContext{engine: e, mode: modeNames, dialect: d, names: names, file: n.Code}
	def := m.definition()
	if def == nil {
		return "", m.diags
	}
	v, err := def.Bind(c).Call(&jinja.Call{Thread: c.thread(), Scope: c, Args: []jinja.Value{custom, nodeObject(n)}, Span: n.Code})
	if err != nil {
		return "", diag.List{diagnose(err, string(n.ID), n.Code)}
	}
	if isNone(v) {
		return "", nil
	}
	return strings.TrimSpace(jinja.Text(v)), nil
}

// nameMacro picks the generate_*_name macro for nodes of a package.
func (e *Engine) nameMacro(name, pkg string, d *dialectContext) *macro {
	l := e.options.Library
	for _, candidate := range []string{pkg, l.root} {
		if p := l.packages[candidate]; p != nil && p.byName[name] != nil {
			return p.byName[name]
		}
	}
	for _, candidate := range d.family.packages {
		if m := l.builtins.get(candidate).byName[name]; m != nil {
			return m
		}
	}
	return nil
}

// defaultName is what the built-in default__generate_*_name macros answer; ok is false where only they can say.
func defaultName(what string, custom jinja.Value, n *resource.Node, d *dialectContext) (name string, ok bool) {
	text, isText := custom.(jinja.Str)
	if !isText && !isNone(custom) {
		return "", false
	}
	given := strings.TrimSpace(string(text))
	switch what {
	case "schema":
		schema, ok := d.target.Get("schema")
		if !ok {
			return "", false
		}
		if !isText {
			return strings.TrimSpace(jinja.Text(schema)), true
		}
		return strings.TrimSpace(jinja.Text(schema) + "_" + given), true
	case "alias":
		if isText && text != "" {
			return given, true
		}
		if n.Version != nil && jinja.Truth(n.Version) {
			return strings.TrimSpace(n.Name + "_v" + strings.ReplaceAll(jinja.Text(n.Version), ".", "_")), true
		}
		return strings.TrimSpace(n.Name), true
	case "database":
		if n.Config != nil {
			// A catalog can name the database; only the adapter knows.
			if v, set := n.Config.Get("catalog_name"); set && !isNone(v) {
				return "", false
			}
			if v, set := n.Config.Get("catalog"); set && !isNone(v) {
				return "", false
			}
		}
		if isText {
			return given, true
		}
		database, ok := d.target.Get("database")
		if !ok {
			return "", false
		}
		return strings.TrimSpace(jinja.Text(database)), true
	}
	return "", false
}

// RelationName is a node's relation as SQL in its dialect, with the quoting config: what the manifest shows as relation_name.
func (e *Engine) RelationName(n *resource.Node) string {
	d := e.dialect(n.Dialect)
	options := warehouse.RelationOptions{Quoting: e.options.Quoting}
	if n.Kind == node.Source && n.Source != nil {
		options.Quoting = warehouse.QuotingOf(n.Source.Quoting)
		external, err := externalLocation(d, n)
		if err != nil {
			return ""
		}
		options.External = external
	}
	r, err := warehouse.NewRelation(d.data, relationPath(n), options)
	if err != nil {
		return ""
	}
	text, err := r.Text()
	if err != nil {
		return ""
	}
	return text
}

// recoverInternal turns a panic into a diagnostic of the node, so that a bug of weft costs one node and not the run.
func recoverInternal(diags *diag.List, n *resource.Node) {
	if r := recover(); r != nil {
		d := diags.Add(diag.Internal, n.Code, "%v", r)
		d.Node = string(n.ID)
	}
}
