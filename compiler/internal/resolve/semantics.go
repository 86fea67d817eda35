package resolve

import (
	"cmp"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/node"
)

// modelSemantics is what an entry of models says of the semantic model and the metrics that belong to it.
type modelSemantics struct {
	name, group, primary, aggTime string
	enabled                       jinja.Value
	meta                          *jinja.Dict
	hasConfig                     bool
	derived                       *jinja.Dict
	metrics                       []*declaration
}

// semantics reads the semantic keys of a model; nil if it has no semantic model.
func (r *reader) semantics(n *yamldoc.Node, owner string) *modelSemantics {
	sm := n.Get("semantic_model")
	if sm == nil || sm.Kind == yamldoc.Null || sm.Kind == yamldoc.Bool && !sm.Bool {
		return nil
	}
	s := &modelSemantics{name: owner, enabled: jinja.None}
	if sm.Kind == yamldoc.Mapping {
		r.onlyKeys(sm, owner, "name", "enabled", "group", "config")
		d := r.mapping(sm, owner, "semantic_model")
		if e, ok := at(d, "enabled").(jinja.Bool); ok && !bool(e) {
			return nil
		}
		s.name = cmp.Or(textOf(d, "name"), owner)
		s.group = textOf(d, "group")
		if c, ok := at(d, "config").(*jinja.Dict); ok {
			s.hasConfig = true
			s.enabled = jinja.Bool(true)
			s.meta, _ = at(c, "meta").(*jinja.Dict)
			if s.meta == nil {
				s.meta = jinja.NewDict(0)
			}
		}
	}
	s.primary = r.optional(n.Get("primary_entity"), owner, "primary_entity")
	s.aggTime = r.optional(n.Get("agg_time_dimension"), owner, "agg_time_dimension")
	if v := n.Get("derived_semantics"); v != nil && v.Kind != yamldoc.Null {
		s.derived = r.mapping(v, owner, "derived_semantics")
	}
	for _, m := range r.sequence(n.Get("metrics"), owner, "metrics") {
		if m.Kind != yamldoc.Mapping || m.Get("name") == nil {
			r.bad(m, owner, "at path ['metrics']: 'name' is a required property")
			continue
		}
		r.path = append(r.path, "metrics", "0")
		d := &declaration{at: placeIn(m), name: r.text(m.Get("name"), owner, "name")}
		d.data, _ = r.value(m).(*jinja.Dict)
		r.path = r.path[:len(r.path)-2]
		s.metrics = append(s.metrics, d)
	}
	return s
}

// elementConfig is the config of a dimension, entity or measure: the semantic model's meta with its own over it.
func elementConfig(model jinja.Value, parts ...jinja.Value) *jinja.Dict {
	base, _ := model.(*jinja.Dict)
	all := []*jinja.Dict{base}
	for _, p := range parts {
		d, _ := p.(*jinja.Dict)
		all = append(all, d)
	}
	return dictOf("meta", joinMeta(jinja.NewDict(0), all...))
}

func textOrNone(s string) jinja.Value {
	if s == "" {
		return jinja.None
	}
	return jinja.Str(s)
}

func flagOf(v jinja.Value) jinja.Value { return jinja.Bool(jinja.Truth(v)) }

// asText is a value as text, None as None.
func asText(v jinja.Value) jinja.Value {
	if isNone(v) {
		return v
	}
	return jinja.Str(jinja.Text(v))
}

func validity(v jinja.Value) jinja.Value {
	if isNone(v) {
		return v
	}
	return dictOf("is_start", flagOf(at(v, "is_start")), "is_end", flagOf(at(v, "is_end")))
}

func dimension(d jinja.Value, name, description, expr, granularity, validityParams jinja.Value, config *jinja.Dict) *jinja.Dict {
	params := jinja.Value(jinja.None)
	if !isNone(granularity) {
		params = dictOf("time_granularity", granularity, "validity_params", validity(validityParams))
	}
	return dictOf("name", name, "type", at(d, "type"), "description", description, "label", at(d, "label"), "is_partition", flagOf(at(d, "is_partition")),
		"type_params", params, "expr", expr, "metadata", jinja.None, "config", config, "datatype", jinja.None)
}

func entity(name, kind, description, label, role, expr jinja.Value, config *jinja.Dict) *jinja.Dict {
	return dictOf("name", name, "type", kind, "description", description, "label", label, "role", role, "expr", expr, "config", config)
}

// semanticModel makes the node of an entry of semantic_models.
func (b *binder) semanticModel(d *declaration, c *contents) {
	out := b.newDeclared(d, node.SemanticModel, c, d.name, d.config())
	n := out.n
	meta := at(n.Config, "meta")
	entities, dimensions, measures := jinja.NewList(), jinja.NewList(), jinja.NewList()
	own := func(x jinja.Value) jinja.Value { return at(at(x, "config"), "meta") }
	for _, e := range items(orEmpty(d.get("entities"))) {
		entities.Items = append(entities.Items, entity(at(e, "name"), at(e, "type"), at(e, "description"), at(e, "label"), at(e, "role"), at(e, "expr"), elementConfig(meta, own(e))))
	}
	for _, x := range items(orEmpty(d.get("dimensions"))) {
		p := at(x, "type_params")
		dimensions.Items = append(dimensions.Items, dimension(x, at(x, "name"), at(x, "description"), at(x, "expr"), at(p, "time_granularity"), at(p, "validity_params"), elementConfig(meta, own(x))))
	}
	for _, m := range items(orEmpty(d.get("measures"))) {
		params := at(m, "agg_params")
		if !isNone(params) {
			params, _ = filled(params, dictOf("percentile", jinja.None, "use_discrete_percentile", jinja.Bool(false), "use_approximate_percentile", jinja.Bool(false)))
		}
		measures.Items = append(measures.Items, dictOf("name", at(m, "name"), "agg", at(m, "agg"), "description", at(m, "description"), "label", at(m, "label"),
			"create_metric", jinja.Bool(false), "expr", asText(at(m, "expr")), "agg_params", params, "non_additive_dimension", nonAdditive(at(m, "non_additive_dimension"), "window_choice", "window_groupings"),
			"agg_time_dimension", at(m, "agg_time_dimension"), "config", elementConfig(meta, own(m))))
	}
	defaults := d.get("defaults")
	if !isNone(defaults) {
		defaults, _ = filled(defaults, dictOf("agg_time_dimension", jinja.None))
	}
	b.keepSemantic(out, d, d.text("model"), d.get("description"), d.get("label"), defaults, d.get("primary_entity"), entities, measures, dimensions)
	for _, m := range items(orEmpty(d.get("measures"))) {
		if !jinja.Truth(at(m, "create_metric")) {
			continue
		}
		name := jinja.Text(at(m, "name"))
		label, expr, description := at(m, "label"), at(m, "expr"), at(m, "description")
		if !jinja.Truth(label) {
			label = jinja.Str(name)
		}
		if !jinja.Truth(expr) {
			expr = jinja.Str(name)
		}
		if !jinja.Truth(description) {
			description = jinja.Str("Metric created from measure " + name)
		}
		g := &declaration{at: d.at, name: name, generated: d.name}
		g.data = dictOf("name", jinja.Str(name), "label", label, "type", jinja.Str("simple"), "description", description,
			"type_params", dictOf("measure", jinja.Str(name), "expr", expr), "config", dictOf("enabled", jinja.Bool(n.Enabled), "meta", meta))
		b.metric(g, c)
	}
}

func orEmpty(v jinja.Value) jinja.Value {
	if v == nil || isNone(v) {
		return jinja.NewList()
	}
	return v
}

func nonAdditive(v jinja.Value, choice, groupings string) jinja.Value {
	if isNone(v) {
		return v
	}
	return dictOf("name", at(v, "name"), "window_choice", at(v, choice), "window_groupings", orEmpty(at(v, groupings)))
}

func (b *binder) keepSemantic(out *draft, d *declaration, model string, description, label, defaults, primary jinja.Value, entities, measures, dimensions *jinja.List) {
	n := out.n
	if !isNone(description) {
		n.Description = jinja.Text(description)
	}
	n.Other = dictOf("model", jinja.Str(model), "node_relation", jinja.None, "description", description, "label", label, "defaults", defaults,
		"entities", entities, "measures", measures, "dimensions", dimensions, "metadata", jinja.None, "primary_entity", primary)
	if ref, _, ok := parseReference(model, d.at.whole); ok && ref != nil {
		n.Refs = append(n.Refs, *ref)
	} else {
		b.diags.Add(diag.BadReference, d.at.whole, "Invalid model of semantic model '%s' (%s): expected ref(...), found %s", n.Name, n.OriginalPath, model).Node = string(n.ID)
	}
	b.keep(b.semantic, out)
}

// applySemantics makes the semantic model and the metrics that a model's entry declares.
func (b *binder) applySemantics(d *draft, p *property) {
	s := p.semantics
	if s == nil {
		return
	}
	c := &contents{pkg: p.pkg}
	for i := range p.pkg.Properties {
		if p.pkg.Properties[i].OriginalPath == p.path {
			c.file = &p.pkg.Properties[i]
		}
	}
	if c.file == nil {
		return
	}
	var config *jinja.Dict
	if s.hasConfig {
		config = dictOf("meta", s.meta, "enabled", s.enabled)
		if s.group != "" {
			config.Set("group", jinja.Str(s.group))
		}
	}
	decl := &declaration{at: p.at, name: s.name}
	out := b.newDeclared(decl, node.SemanticModel, c, s.name, config)
	meta := at(out.n.Config, "meta")
	entities, dimensions := jinja.NewList(), jinja.NewList()
	for i := range p.columns {
		col := &p.columns[i]
		own := joinMeta(jinja.NewDict(0), col.meta, col.configMeta)
		description := jinja.Str(col.description)
		name := jinja.Str(col.name)
		switch x := col.dimension.(type) {
		case jinja.Str:
			dimensions.Items = append(dimensions.Items, dimension(dictOf("type", x), name, description, jinja.None, jinja.None, jinja.None, elementConfig(meta, own)))
		case *jinja.Dict:
			dn := textOr(at(x, "name"), name)
			expr := jinja.Value(jinja.None)
			if dn != jinja.Value(name) {
				expr = name
			}
			dimensions.Items = append(dimensions.Items, dimension(x, dn, textOr(at(x, "description"), description), expr, textOrNone(col.granularity), at(x, "validity_params"),
				elementConfig(meta, own, at(at(x, "config"), "meta"))))
		}
		switch x := col.entity.(type) {
		case jinja.Str:
			entities.Items = append(entities.Items, entity(name, x, description, jinja.None, jinja.None, jinja.None, elementConfig(meta, own)))
		case *jinja.Dict:
			en := textOr(at(x, "name"), name)
			expr := jinja.Value(jinja.None)
			if en != jinja.Value(name) {
				expr = name
			}
			m := at(at(x, "config"), "meta")
			if isNone(m) {
				m = own
			}
			entities.Items = append(entities.Items, entity(en, at(x, "type"), textOr(at(x, "description"), description), at(x, "label"), jinja.None, expr, elementConfig(meta, m)))
		}
	}
	for _, x := range items(orEmpty(at(asValue(s.derived), "dimensions"))) {
		dimensions.Items = append(dimensions.Items, dimension(x, at(x, "name"), at(x, "description"), at(x, "expr"), at(x, "granularity"), at(x, "validity_params"), elementConfig(meta, at(at(x, "config"), "meta"))))
	}
	for _, x := range items(orEmpty(at(asValue(s.derived), "entities"))) {
		entities.Items = append(entities.Items, entity(at(x, "name"), at(x, "type"), at(x, "description"), at(x, "label"), jinja.None, at(x, "expr"), elementConfig(meta, at(at(x, "config"), "meta"))))
	}
	b.keepSemantic(out, decl, "ref('"+p.name+"')", jinja.Str(p.description), jinja.None, dictOf("agg_time_dimension", textOrNone(s.aggTime)), textOrNone(s.primary), entities, jinja.NewList(), dimensions)
	for _, m := range s.metrics {
		if t := cmp.Or(m.text("type"), "simple"); t == "simple" {
			m.generated, m.aggTime = s.name, s.aggTime
		}
		b.metric(m, c)
	}
}

func textOr(v, other jinja.Value) jinja.Value {
	if isNone(v) || !jinja.Truth(v) {
		return other
	}
	return v
}

// where is a filter as the manifest shows it.
func where(v jinja.Value) jinja.Value {
	if isNone(v) {
		return v
	}
	list := jinja.NewList()
	for _, x := range items(v) {
		list.Items = append(list.Items, dictOf("where_sql_template", asText(x)))
	}
	return dictOf("where_filters", list)
}

func inputMeasure(v jinja.Value) jinja.Value {
	if isNone(v) {
		return v
	}
	if s, ok := v.(jinja.Str); ok {
		v = dictOf("name", s)
	}
	return dictOf("name", at(v, "name"), "filter", where(at(v, "filter")), "alias", at(v, "alias"), "join_to_timespine", flagOf(at(v, "join_to_timespine")), "fill_nulls_with", at(v, "fill_nulls_with"))
}

// metricReader reads the parameters of one metric.
type metricReader struct {
	b *binder
	d *declaration
	n *resource.Node
}

func (r *metricReader) bad(format string, args ...any) {
	r.b.diags.Add(diag.BadSemantics, r.d.at.name, "Invalid metric '"+r.n.Name+"' ("+r.n.OriginalPath+"): "+format, args...).Node = string(r.n.ID)
}

func (r *metricReader) input(v jinja.Value) jinja.Value {
	if isNone(v) {
		return v
	}
	if s, ok := v.(jinja.Str); ok {
		v = dictOf("name", s)
	}
	return dictOf("name", at(v, "name"), "filter", where(at(v, "filter")), "alias", at(v, "alias"), "offset_window", r.window(at(v, "offset_window")), "offset_to_grain", at(v, "offset_to_grain"))
}

func (r *metricReader) inputs(v jinja.Value) *jinja.List {
	out := jinja.NewList()
	for _, x := range items(orEmpty(v)) {
		out.Items = append(out.Items, r.input(x))
	}
	return out
}

var grains = []string{"nanosecond", "microsecond", "millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year"}

// window reads "28 days".
func (r *metricReader) window(v jinja.Value) jinja.Value {
	if isNone(v) {
		return v
	}
	text := jinja.Text(v)
	parts := strings.Split(strings.ToLower(text), " ")
	if len(parts) != 2 {
		r.bad("Invalid window (%s) in cumulative/conversion metric. Should be of the form `<count> <granularity>`, e.g., `28 days`", text)
		return jinja.None
	}
	count := 0
	for _, c := range parts[0] {
		if c < '0' || c > '9' || count > 1<<40 {
			r.bad("Invalid count (%s) in cumulative/conversion metric window string: (%s)", parts[0], text)
			return jinja.None
		}
		count = count*10 + int(c-'0')
	}
	grain := parts[1]
	if one, ok := strings.CutSuffix(grain, "s"); ok && slices.Contains(grains, one) {
		grain = one
	}
	return dictOf("count", jinja.Int(count), "granularity", jinja.Str(grain))
}

// metric makes the node of a metric, in the older form with type_params or the newer without.
func (b *binder) metric(d *declaration, c *contents) {
	out := b.newDeclared(d, node.Metric, c, d.name, d.config())
	n := out.n
	r := &metricReader{b: b, d: d, n: n}
	kind := cmp.Or(d.text("type"), "simple")
	if !slices.Contains([]string{"simple", "ratio", "cumulative", "derived", "conversion"}, kind) {
		r.bad("'%s' is not a type of metrics; expected simple, ratio, cumulative, derived or conversion", kind)
		return
	}
	if strings.Contains(n.Name, " ") {
		r.bad("The metric name '%s' is invalid.  It cannot contain spaces", n.Name)
	}
	n.Description = d.text("description")
	params := dictOf("measure", jinja.None, "input_measures", jinja.NewList(), "numerator", jinja.None, "denominator", jinja.None, "expr", jinja.None, "window", jinja.None,
		"grain_to_date", jinja.None, "metrics", jinja.NewList(), "conversion_type_params", jinja.None, "cumulative_type_params", jinja.None, "metric_aggregation_params", jinja.None,
		"fill_nulls_with", jinja.None, "join_to_timespine", jinja.Bool(false), "is_private", jinja.None)
	p, older := d.get("type_params").(*jinja.Dict)
	if older {
		r.typeParams(params, p, kind)
		if m, ok := d.get("meta").(*jinja.Dict); ok {
			n.Meta = m
		}
		if m, ok := at(n.Config, "meta").(*jinja.Dict); ok && m.Len() > 0 {
			n.Meta = m
		}
		n.Tags = textsOf(d.get("tags"))
	} else {
		r.flatParams(params, kind)
	}
	n.Other = dictOf("label", textOr(d.get("label"), jinja.Str(n.Name)), "type", jinja.Str(kind), "type_params", params, "filter", where(d.get("filter")),
		"metadata", jinja.None, "time_granularity", d.get("time_granularity"))
	b.keep(b.metrics, out)
}

func (r *metricReader) typeParams(out, p *jinja.Dict, kind string) {
	out.Set("measure", inputMeasure(at(p, "measure")))
	out.Set("numerator", r.input(at(p, "numerator")))
	out.Set("denominator", r.input(at(p, "denominator")))
	out.Set("expr", asText(at(p, "expr")))
	out.Set("window", r.window(at(p, "window")))
	out.Set("grain_to_date", at(p, "grain_to_date"))
	out.Set("metrics", r.inputs(at(p, "metrics")))
	if c := at(p, "conversion_type_params"); !isNone(c) {
		out.Set("conversion_type_params", dictOf("entity", at(c, "entity"), "base_measure", inputMeasure(at(c, "base_measure")), "conversion_measure", inputMeasure(at(c, "conversion_measure")),
			"base_metric", jinja.None, "conversion_metric", jinja.None, "calculation", textOr(at(c, "calculation"), jinja.Str("conversion_rate")), "window", r.window(at(c, "window")),
			"constant_properties", at(c, "constant_properties")))
	}
	if kind == "cumulative" {
		c := at(p, "cumulative_type_params")
		w := at(c, "window")
		if isNone(w) {
			w = at(p, "window")
		}
		out.Set("cumulative_type_params", dictOf("window", r.window(w), "grain_to_date", textOr(at(c, "grain_to_date"), at(p, "grain_to_date")),
			"period_agg", textOr(at(c, "period_agg"), jinja.Str("first")), "metric", jinja.None))
	}
}

func (r *metricReader) flatParams(out *jinja.Dict, kind string) {
	d := r.d
	if agg := d.get("agg"); !isNone(agg) {
		if d.generated == "" {
			r.bad("simple metrics in v2 YAML must be attached to semantic_model")
		}
		how := strings.ToLower(d.text("percentile_type"))
		out.Set("metric_aggregation_params", dictOf("semantic_model", jinja.Str(d.generated), "agg", agg,
			"agg_params", dictOf("percentile", d.get("percentile"), "use_discrete_percentile", jinja.Bool(how == "discrete"), "use_approximate_percentile", jinja.Bool(how == "continuous")),
			"agg_time_dimension", textOr(d.get("agg_time_dimension"), textOrNone(d.aggTime)),
			"non_additive_dimension", nonAdditive(d.get("non_additive_dimension"), "window_agg", "group_by")))
	} else if kind == "simple" {
		r.bad("Simple metrics must have an agg param.")
	}
	out.Set("numerator", r.input(d.get("numerator")))
	out.Set("denominator", r.input(d.get("denominator")))
	out.Set("expr", asText(d.get("expr")))
	out.Set("metrics", r.inputs(d.get("input_metrics")))
	out.Set("join_to_timespine", flagOf(d.get("join_to_timespine")))
	out.Set("is_private", flagOf(d.get("hidden")))
	switch kind {
	case "conversion":
		for _, key := range [...]string{"base_metric", "conversion_metric", "entity"} {
			if isNone(d.get(key)) {
				r.bad("%s is required for conversion metrics.", key)
			}
		}
		out.Set("conversion_type_params", dictOf("entity", d.get("entity"), "base_measure", jinja.None, "conversion_measure", jinja.None, "base_metric", r.input(d.get("base_metric")),
			"conversion_metric", r.input(d.get("conversion_metric")), "calculation", textOr(d.get("calculation"), jinja.Str("conversion_rate")), "window", r.window(d.get("window")),
			"constant_properties", d.get("constant_properties")))
	case "cumulative":
		if isNone(d.get("input_metric")) {
			r.bad("input_metric is required for cumulative metrics.")
		}
		out.Set("cumulative_type_params", dictOf("window", r.window(d.get("window")), "grain_to_date", d.get("grain_to_date"),
			"period_agg", textOr(d.get("period_agg"), jinja.Str("first")), "metric", r.input(d.get("input_metric"))))
	}
}

// savedQuery makes the node of a saved query. The names of its exports are generated like those of models.
func (b *binder) savedQuery(d *declaration, c *contents) {
	out := b.newDeclared(d, node.SavedQuery, c, d.name, d.config())
	n := out.n
	n.Description = d.text("description")
	n.Tags = sortedSet(textsOf(d.get("tags")), textsOf(at(n.Config, "tags")))
	q := d.get("query_params")
	exports := jinja.NewList()
	for _, e := range items(orEmpty(d.get("exports"))) {
		name := jinja.Text(at(e, "name"))
		config := at(e, "config")
		get := func(key string) jinja.Value {
			if m, ok := config.(*jinja.Dict); ok {
				if v, ok := m.Get(key); ok {
					return v
				}
			}
			return at(n.Config, key)
		}
		schema := get("schema_name")
		if isNone(schema) {
			schema = get("schema")
		}
		as := get("export_as")
		if isNone(as) {
			b.diags.Add(diag.BadSemantics, d.at.whole, "Field \"export_as\" of the export '%s' of saved query '%s' is missing (%s)", name, n.Name, n.OriginalPath).Node = string(n.ID)
			continue
		}
		// dbt generates the names of an export without a package or a config of its own
		x := &resource.Node{Kind: node.SavedQuery, Name: name, Package: n.Package, ID: n.ID, OriginalPath: n.OriginalPath, Version: jinja.None, Config: n.Config}
		database, alias := get("database"), get("alias")
		b.setTarget(x)
		generated, _ := b.t.GenerateName("database", database, x)
		if generated != "" {
			database = jinja.Str(generated)
		}
		if !jinja.Truth(schema) {
			s, problems := b.t.GenerateName("schema", jinja.None, x)
			b.diags = append(b.diags, problems...)
			schema = jinja.Str(s)
		}
		if !jinja.Truth(alias) {
			s, problems := b.t.GenerateName("alias", jinja.None, x)
			b.diags = append(b.diags, problems...)
			alias = jinja.Str(s)
		}
		raw := config
		if isNone(raw) {
			raw = jinja.NewDict(0)
		}
		exports.Items = append(exports.Items, dictOf("name", jinja.Str(name), "config", dictOf("export_as", as, "schema_name", schema, "alias", alias, "database", database), "unrendered_config", raw))
	}
	n.Other = dictOf("query_params", dictOf("metrics", orEmpty(at(q, "metrics")), "group_by", orEmpty(at(q, "group_by")), "where", where(at(q, "where")),
		"order_by", orEmpty(at(q, "order_by")), "limit", at(q, "limit")), "exports", exports, "description", d.get("description"), "label", d.get("label"), "metadata", jinja.None)
	for _, m := range items(orEmpty(at(q, "metrics"))) {
		n.Metrics = append(n.Metrics, []string{jinja.Text(m)})
	}
	b.keep(b.saved, out)
}

// bindMetrics works out what each metric is made of: the semantic models that have its measures, and the metrics it uses.
func (b *binder) bindMetrics() {
	measures := map[string][]*draft{}
	index := func(ds []*draft) {
		for _, d := range ds {
			if d.n.Kind != node.SemanticModel {
				continue
			}
			for _, m := range items(orEmpty(at(d.n.Other, "measures"))) {
				name := jinja.Text(at(m, "name"))
				measures[name] = append(measures[name], d)
			}
		}
	}
	index(b.semantic.order)
	index(b.disabled)
	m := &metricBinder{b: b, measures: measures, state: map[node.ID]int{}}
	for _, d := range b.metrics.order {
		m.bind(d)
	}
}

type metricBinder struct {
	b        *binder
	measures map[string][]*draft
	state    map[node.ID]int // 1: at work, 2: done
}

func (m *metricBinder) bind(d *draft) {
	n := d.n
	if m.state[n.ID] != 0 {
		return
	}
	m.state[n.ID] = 1
	defer func() { m.state[n.ID] = 2 }()
	params := at(n.Other, "type_params").(*jinja.Dict)
	bad := func(format string, args ...any) *diag.Diagnostic {
		x := m.b.diags.Add(diag.MetricNotFound, n.Declared, format, args...)
		x.Node = string(n.ID)
		return x
	}
	depend := func(id node.ID) { n.DependsOn = addID(n.DependsOn, id) }
	inputs := at(params, "input_measures").(*jinja.List)
	addMeasure := func(v jinja.Value) {
		for _, have := range inputs.Items {
			if jinja.Equal(have, v) {
				return
			}
		}
		inputs.Items = append(inputs.Items, v)
	}
	useMeasures := func() {
		for _, in := range inputs.Items {
			name := jinja.Text(at(in, "name"))
			s := m.semanticOf(name, n.Package)
			switch {
			case s == nil:
				var names []string
				for k := range m.measures {
					names = append(names, k)
				}
				slices.Sort(names)
				bad("A semantic model having a measure `%s` does not exist but was referenced. (metric %s in %s)", name, n.Name, n.OriginalPath).Hint = hintFor(name, names)
			case !s.n.Enabled:
				bad("The measure `%s` is referenced on disabled semantic model `%s`. (metric %s in %s)", name, s.n.Name, n.Name, n.OriginalPath)
			default:
				depend(s.n.ID)
			}
		}
	}
	useMetrics := func(list []jinja.Value, measures bool) {
		for _, in := range list {
			if isNone(in) {
				continue
			}
			name := jinja.Text(at(in, "name"))
			t, off := m.b.resolveMetric(name, "", n.Package)
			switch {
			case t == nil:
				bad("The metric `%s` does not exist but was referenced by metric `%s`. (%s)", name, n.Name, n.OriginalPath)
				continue
			case off:
				bad("The metric `%s` is disabled and thus cannot be referenced. (metric %s in %s)", name, n.Name, n.OriginalPath)
				continue
			}
			m.bind(t)
			if measures {
				for _, x := range items(at(at(t.n.Other, "type_params"), "input_measures")) {
					addMeasure(x)
				}
			}
			depend(t.n.ID)
		}
	}
	kind := jinja.Text(at(n.Other, "type"))
	switch kind {
	case "simple", "cumulative":
		measure := at(params, "measure")
		cumulative := at(at(params, "cumulative_type_params"), "metric")
		switch {
		case !isNone(measure):
			addMeasure(measure)
			useMeasures()
		case kind == "simple" && !isNone(at(params, "metric_aggregation_params")):
			depend(node.Make(node.SemanticModel, m.b.set.Root.Name, jinja.Text(at(at(params, "metric_aggregation_params"), "semantic_model"))))
		case kind == "cumulative" && !isNone(cumulative):
			useMetrics([]jinja.Value{cumulative}, false)
		default:
			bad("The metric `%s` should have a measure or agg type defined, but it does not. (%s)", n.Name, n.OriginalPath)
		}
	case "conversion":
		c := at(params, "conversion_type_params")
		base, conv := at(c, "base_measure"), at(c, "conversion_measure")
		if !isNone(base) || !isNone(conv) {
			for _, x := range [2]jinja.Value{base, conv} {
				if !isNone(x) {
					addMeasure(x)
				}
			}
			useMeasures()
		} else {
			useMetrics([]jinja.Value{at(c, "base_metric"), at(c, "conversion_metric")}, false)
		}
	case "ratio":
		num, den := at(params, "numerator"), at(params, "denominator")
		if isNone(num) || isNone(den) {
			bad("Invalid ratio metric. Both a numerator and denominator must be specified (metric %s in %s)", n.Name, n.OriginalPath)
		}
		useMetrics([]jinja.Value{num, den}, true)
	case "derived":
		useMetrics(items(at(params, "metrics")), true)
	}
}

// semanticOf is the semantic model that has a measure.
func (m *metricBinder) semanticOf(measure, pkg string) *draft {
	for _, p := range m.b.searchOrder(pkg, "") {
		for _, d := range m.measures[measure] {
			if p == "" || d.n.Package == p {
				return d
			}
		}
	}
	return nil
}

func addID(list []node.ID, id node.ID) []node.ID {
	if slices.Contains(list, id) {
		return list
	}
	return append(list, id)
}
