package resolve

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// declaration is an entry of exposures, groups, metrics, semantic_models, unit_tests or saved_queries: resources that stand in
// properties files alone. weft keeps them as rendered data.
type declaration struct {
	at        place
	name      string
	data      *jinja.Dict
	raw       *jinja.Dict // `config:` as written
	generated string      // the semantic model whose measure asked for this metric
	aggTime   string
}

// declarationKeys are the keys that dbt knows; it refuses others.
func declarationKeys(section string) (required, optional []string) {
	switch section {
	case "exposures":
		return []string{"name", "type", "owner"}, []string{"description", "label", "maturity", "meta", "tags", "url", "depends_on", "config"}
	case "groups":
		return []string{"name", "owner"}, []string{"description", "config"}
	case "unit_tests":
		return []string{"name", "model", "given", "expect"}, []string{"description", "overrides", "config", "versions"}
	case "semantic_models":
		return []string{"name", "model"}, []string{"config", "description", "label", "defaults", "entities", "measures", "dimensions", "primary_entity"}
	case "saved_queries":
		return []string{"name", "query_params"}, []string{"description", "label", "exports", "config", "tags"}
	}
	return []string{"name"}, []string{"type", "label", "description", "filter", "time_granularity", "config", "type_params", "meta", "tags", "hidden", "agg",
		"percentile", "percentile_type", "join_to_timespine", "fill_nulls_with", "expr", "non_additive_dimension", "agg_time_dimension", "window",
		"grain_to_date", "period_agg", "input_metric", "numerator", "denominator", "input_metrics", "entity", "calculation", "base_metric",
		"conversion_metric", "constant_properties"}
}

func (r *reader) declaration(n *yamldoc.Node) *declaration {
	d := &declaration{at: placeIn(n)}
	d.name = r.text(n.Get("name"), "", "name")
	required, optional := declarationKeys(r.section)
	for _, key := range required {
		if n.Get(key) == nil {
			r.bad(n, d.name, "'%s' is a required property", key)
		}
	}
	r.onlyKeys(n, d.name, append(required, optional...)...)
	d.data, _ = r.value(n).(*jinja.Dict)
	if c := n.Get("config"); c != nil {
		d.raw, _ = r.raw(c).(*jinja.Dict)
		if c.Kind != yamldoc.Mapping {
			r.bad(c, d.name, "at path ['config']: %s is not of type 'object'", jinja.Repr(r.raw(c)))
		}
	}
	for _, key := range [...]string{"description"} {
		if v := n.Get(key); v != nil && v.Kind != yamldoc.String && !(v.Kind == yamldoc.Null && r.section != "exposures" && r.section != "unit_tests") {
			r.bad(v, d.name, "at path ['%s']: %s is not of type 'string'", key, jinja.Repr(r.raw(v)))
		}
	}
	if r.section == "exposures" || r.section == "groups" {
		owner, _ := d.get("owner").(*jinja.Dict)
		if owner == nil || textOf(owner, "name") == "" && textOf(owner, "email") == "" {
			kind := strings.ToUpper(r.section[:1]) + r.section[1:len(r.section)-1]
			r.bad(n, d.name, "%s owner must have at least one of 'name' or 'email'.", kind)
		}
	}
	if r.section == "exposures" {
		r.enum(n.Get("type"), d, "type", "dashboard", "notebook", "analysis", "ml", "application")
		if m := n.Get("maturity"); m != nil && m.Kind != yamldoc.Null {
			r.enum(m, d, "maturity", "low", "medium", "high")
		}
	}
	return d
}

func (r *reader) enum(n *yamldoc.Node, d *declaration, key string, words ...string) {
	if v := jinja.Text(d.get(key)); n != nil && !slices.Contains(words, v) {
		r.bad(n, d.name, "at path ['%s']: %s is not one of %s", key, quoted(v), "['"+strings.Join(words, "', '")+"']")
	}
}

// get is a value of the entry, None if it is not given.
func (d *declaration) get(key string) jinja.Value { return at(d.data, key) }

// at is a value of a mapping, None if it is not there or there is no mapping.
func at(m jinja.Value, key string) jinja.Value {
	d, ok := m.(*jinja.Dict)
	if !ok || d == nil {
		return jinja.None
	}
	v, ok := d.Get(key)
	if !ok {
		return jinja.None
	}
	return v
}

func (d *declaration) text(key string) string {
	v := d.get(key)
	if isNone(v) {
		return ""
	}
	return jinja.Text(v)
}

func (d *declaration) config() *jinja.Dict {
	c, _ := d.get("config").(*jinja.Dict)
	return c
}

func (b *binder) declare(d *declaration, kind node.Kind, c *contents) {
	switch kind {
	case node.Exposure:
		b.exposure(d, c)
	case node.Group:
		b.group(d, c)
	case node.Metric:
		b.metric(d, c)
	case node.SemanticModel:
		b.semanticModel(d, c)
	case node.SavedQuery:
		b.savedQuery(d, c)
	case node.UnitTest:
		b.unitTest(d, c)
	}
}

// newDeclared makes the node of a declaration with its config.
func (b *binder) newDeclared(d *declaration, kind node.Kind, c *contents, name string, config *jinja.Dict) *draft {
	n := &resource.Node{ID: node.Make(kind, c.pkg.Name, name), Kind: kind, Name: name, Package: c.pkg.Name, Path: c.file.Path, OriginalPath: c.file.OriginalPath,
		FQN: fqnOf(c.pkg.Name, c.file.Path, name), Declared: d.at.whole, Version: jinja.None, LatestVersion: jinja.None, TimeSpine: jinja.None, Meta: b.noMeta}
	out := &draft{n: n, pkg: c.pkg, patch: config}
	st, problems := b.config.build(c.pkg.Package, kind, n.FQN, config, nil)
	out.state = st
	var bad []configProblem
	n.Config, bad = st.finish()
	b.reportConfig(&b.diags, out, append(problems, bad...))
	n.Unrendered = b.config.unrendered(c.pkg.Package, kind, n.FQN, config, nil)
	n.Enabled = st.enabled()
	if g := st.get("group"); !isNone(g) {
		n.Group = jinja.Text(g)
	}
	return out
}

// keep puts a declared resource where it belongs.
func (b *binder) keep(t *table, d *draft) {
	if !d.n.Enabled {
		b.disabled = append(b.disabled, d)
		return
	}
	if other, twice := t.byID[d.n.ID]; twice {
		b.duplicate(d, other)
		return
	}
	t.add(d)
}

func textsOf(v jinja.Value) []string {
	var out []string
	if isNone(v) {
		return nil
	}
	for _, x := range items(v) {
		out = append(out, jinja.Text(x))
	}
	return out
}

// exposure makes the node of an exposure.
func (b *binder) exposure(d *declaration, c *contents) {
	out := b.newDeclared(d, node.Exposure, c, d.name, d.config())
	n := out.n
	n.Description = d.text("description")
	var root *jinja.Dict
	if c.pkg.Config != nil {
		root = c.pkg.Config.Resources["exposures"].Rendered
	}
	projectMeta, _ := at(root, "meta").(*jinja.Dict)
	ownMeta, _ := d.get("meta").(*jinja.Dict)
	configMeta, _ := at(n.Config, "meta").(*jinja.Dict)
	n.Tags = sortedSet(textsOf(at(root, "tags")), textsOf(d.get("tags")), textsOf(at(n.Config, "tags")))
	n.Meta = joinMeta(jinja.NewDict(0), projectMeta, ownMeta, configMeta)
	n.Config = n.Config.Copy()
	n.Config.Set("tags", textValues(n.Tags))
	n.Config.Set("meta", n.Meta)
	n.Other = dictOf("type", d.get("type"), "owner", ownerOf(d.get("owner")), "label", d.get("label"), "maturity", d.get("maturity"), "url", d.get("url"))
	for _, item := range items(orEmpty(d.get("depends_on"))) {
		text := jinja.Text(item)
		ref, src, ok := parseReference(text, d.at.whole)
		switch {
		case ok && ref != nil:
			n.Refs = append(n.Refs, *ref)
		case ok:
			n.Sources = append(n.Sources, *src)
		default:
			if m := parseMetric(text); m != nil {
				n.Metrics = append(n.Metrics, m)
				continue
			}
			x := b.diags.Add(diag.BadReference, d.at.whole, "Invalid depends_on of exposure '%s' (%s): expected ref(...), source(...) or metric(...), found %s", d.name, n.OriginalPath, text)
			x.Node = string(n.ID)
		}
	}
	b.keep(b.exposures, out)
}

// parseMetric reads metric('name') or metric('package', 'name').
func parseMetric(text string) []string {
	s := strings.TrimSpace(text)
	rest, ok := strings.CutPrefix(s, "metric")
	rest = strings.TrimSpace(rest)
	if !ok || !strings.HasPrefix(rest, "(") || !strings.HasSuffix(rest, ")") {
		return nil
	}
	var out []string
	for _, arg := range splitArguments(rest[1 : len(rest)-1]) {
		v, ok := literal(arg)
		s, isText := v.(jinja.Str)
		if !ok || !isText {
			return nil
		}
		out = append(out, string(s))
	}
	if len(out) == 0 || len(out) > 2 {
		return nil
	}
	return out
}

// ownerOf is an owner with its two keys first.
func ownerOf(v jinja.Value) *jinja.Dict {
	out := dictOf("email", jinja.None, "name", jinja.None)
	if d, ok := v.(*jinja.Dict); ok {
		for k, x := range d.Entries {
			_ = out.Store(k, x)
		}
	}
	return out
}

// group makes a group.
func (b *binder) group(d *declaration, c *contents) {
	g := &resource.Group{ID: "group." + c.pkg.Name + "." + d.name, Name: d.name, Package: c.pkg.Name, Path: c.file.Path, OriginalPath: c.file.OriginalPath,
		Description: d.text("description"), Owner: ownerOf(d.get("owner"))}
	st, problems := b.config.build(c.pkg.Package, node.Group, fqnOf(c.pkg.Name, c.file.Path, d.name), d.config(), nil)
	var bad []configProblem
	g.Config, bad = st.finish()
	for _, p := range append(problems, bad...) {
		b.diags.Add(diag.BadConfig, d.at.whole, "Invalid value for config '%s' of group '%s' (%s): %s", p.key, d.name, g.OriginalPath, p.text)
	}
	for _, o := range b.groups {
		if o.ID == g.ID {
			b.duplicateNames("groups", g.Name, g.Name, g.ID, g.OriginalPath, d.at.name, o.ID, o.OriginalPath, source.Span{})
			return
		}
	}
	b.groups = append(b.groups, g)
}

// applyFunction writes what only functions have, and takes the functions in that are its overloads.
func (b *binder) applyFunction(d *draft, p *property) {
	n := d.n
	n.Other = dictOf("returns", returnsOf(p.returns), "arguments", argumentList(p.arguments), "overloads", jinja.NewList())
	list := jinja.NewList()
	for _, o := range p.overloads {
		name := textOf(o, "defined_in")
		bad := func(format string, args ...any) {
			b.diags.Add(diag.BadFunction, p.at.name, format, args...).Node = string(n.ID)
		}
		if name == n.Name {
			bad("Function '%s' cannot list itself in overloads (defined_in: '%s').", n.Name, name)
			continue
		}
		f := b.functions.byID[node.Make(node.Function, n.Package, name)]
		if f == nil {
			bad("Function overload '%s' (defined_in) not found. Expected a SQL file at functions/%s.sql", name, name)
			continue
		}
		args, _ := at(o, "arguments").(*jinja.List)
		list.Items = append(list.Items, dictOf("defined_in", jinja.Str(name), "arguments", argumentList(dictsIn(args)), "returns", returnsOf(at(o, "returns")),
			"description", at(o, "description"), "raw_body", jinja.Str(f.n.RawCode), "compiled_body", jinja.None))
		n.Refs = append(n.Refs, f.n.Refs...)
		n.Sources = append(n.Sources, f.n.Sources...)
		n.Functions = append(n.Functions, f.n.Functions...)
		b.functions.remove(f)
	}
	n.Other.Set("overloads", list)
	given := false
	for _, a := range p.arguments {
		v, ok := a.Get("default_value")
		has := ok && !isNone(v)
		if given && !has {
			b.diags.Add(diag.BadFunction, p.at.name, "Non-defaulted argument '%s' of function '%s' comes after a defaulted argument. Non-defaulted arguments cannot come after defaulted arguments.", textOf(a, "name"), n.Name).Node = string(n.ID)
		}
		given = given || has
	}
}

func dictsIn(l *jinja.List) []*jinja.Dict {
	var out []*jinja.Dict
	if l == nil {
		return nil
	}
	for _, v := range l.Items {
		if d, ok := v.(*jinja.Dict); ok {
			out = append(out, d)
		}
	}
	return out
}

func argumentList(args []*jinja.Dict) *jinja.List {
	out := jinja.NewList()
	for _, a := range args {
		d, _ := filled(a, dictOf("name", jinja.None, "data_type", jinja.None, "description", jinja.None, "default_value", jinja.None))
		out.Items = append(out.Items, d)
	}
	return out
}

func returnsOf(v jinja.Value) jinja.Value {
	d, ok := v.(*jinja.Dict)
	if !ok || d == nil {
		return jinja.None
	}
	out, _ := filled(d, dictOf("data_type", jinja.None, "description", jinja.None))
	return out
}
