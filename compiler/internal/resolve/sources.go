package resolve

import (
	"cmp"
	"slices"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/node"
)

// freshness is what one level says of freshness: nothing (zero), that there is none, or thresholds.
type freshness struct {
	given, none bool
	warn, err   span
	noWarn      bool // warn_after: null
	noErr       bool
	filter      jinja.Value
}

// span is a count of periods; both are None until set.
type span struct{ count, period jinja.Value }

func (s span) set() bool {
	return s.count != nil && s.period != nil && !isNone(s.count) && !isNone(s.period)
}

// over lays a later span over s.
func (s span) over(later span) span {
	if !later.set() {
		return s
	}
	return later
}

func (f freshness) truth() bool { return !f.none && (f.warn.set() || f.err.set()) }

// merge lays a later level over f as dbt does: `null` takes away what was there, thresholds are merged one by one.
func (f freshness) merge(later freshness) freshness {
	switch {
	case later.none:
		return freshness{none: true}
	case f.none:
		if later.truth() {
			return later
		}
		return freshness{none: true}
	}
	out := freshness{warn: f.warn.over(later.warn), err: f.err.over(later.err), filter: f.filter}
	if later.noWarn {
		out.warn, out.noWarn = span{}, true
	}
	if later.noErr {
		out.err, out.noErr = span{}, true
	}
	if later.filter != nil && !isNone(later.filter) {
		out.filter = later.filter
	}
	return out
}

func (f freshness) dict() *jinja.Dict {
	one := func(s span, none bool) jinja.Value {
		if none {
			return jinja.None
		}
		return dictOf("count", orNone(s.count), "period", orNone(s.period))
	}
	return dictOf("warn_after", one(f.warn, f.noWarn), "error_after", one(f.err, f.noErr), "filter", orNone(f.filter))
}

func orNone(v jinja.Value) jinja.Value {
	if v == nil {
		return jinja.None
	}
	return v
}

func freshnessOf(v jinja.Value) freshness {
	d, ok := v.(*jinja.Dict)
	if !ok {
		return freshness{given: true, none: v != nil && isNone(v)}
	}
	f := freshness{given: true}
	one := func(key string) (s span, none bool) {
		x, ok := d.Get(key)
		if !ok {
			return
		}
		m, ok := x.(*jinja.Dict)
		if !ok {
			return span{}, isNone(x)
		}
		s.count, _ = m.Get("count")
		s.period, _ = m.Get("period")
		return
	}
	f.warn, f.noWarn = one("warn_after")
	f.err, f.noErr = one("error_after")
	f.filter, _ = d.Get("filter")
	return f
}

// sourceProperty is one entry of `sources:`.
type sourceProperty struct {
	at                           place
	name, description            string
	given                        map[string]bool
	database, schema, loader     string
	rawDatabase, rawSchema       string
	quoting, config, raw, meta   *jinja.Dict
	freshness                    freshness
	loadedAtField, loadedAtQuery string
	tags                         []string
	tables                       []*tableProperty
	overrides                    string
}

// tableProperty is one entry of a source's `tables:`.
type tableProperty struct {
	at                           place
	name, description            string
	given                        map[string]bool
	identifier                   string
	quoting, config, raw, meta   *jinja.Dict
	freshness                    freshness
	loadedAtField, loadedAtQuery string
	fieldGiven                   bool
	external                     jinja.Value
	tags                         []string
	columns                      []columnProperty
	tests                        []testProperty
}

// sourceEntry is one table of a source, before overrides of other packages.
type sourceEntry struct {
	pkg    *packageState
	path   string
	source *sourceProperty
	table  *tableProperty
	id     node.ID
	fqn    []string
}

// sourcePatch is an override of another package's source.
type sourcePatch struct {
	source *sourceProperty
	path   string
	used   map[string]bool
}

var sourceKeys = []string{"name", "description", "meta", "database", "schema", "loader", "quoting", "freshness", "loaded_at_field",
	"loaded_at_query", "tables", "tags", "config", "overrides"}

func (r *reader) source(n *yamldoc.Node) *sourceProperty {
	s := &sourceProperty{at: placeIn(n), given: map[string]bool{}}
	s.name = r.text(n.Get("name"), "", "name")
	known := slices.Clone(sourceKeys)
	for alias, key := range r.b.o.Aliases {
		if slices.Contains(sourceKeys, key) {
			known = append(known, alias)
		}
	}
	slices.Sort(known)
	for i := range n.Pairs {
		key, v := n.Pairs[i].Name, n.Pairs[i].Value
		if canonical, ok := r.b.o.Aliases[key]; ok {
			key = canonical
		}
		s.given[key] = true
		switch key {
		case "description":
			s.description = r.optional(v, s.name, key)
		case "database":
			s.database, s.rawDatabase = r.optional(v, s.name, key), v.Str
		case "schema":
			s.schema, s.rawSchema = r.optional(v, s.name, key), v.Str
		case "loader":
			s.loader = r.optional(v, s.name, key)
		case "overrides":
			s.overrides = r.text(v, s.name, key)
		case "quoting":
			s.quoting = r.mapping(v, s.name, key)
		case "meta":
			s.meta = r.mapping(v, s.name, key)
		case "config":
			s.config = r.mapping(v, s.name, key)
			s.raw, _ = r.raw(v).(*jinja.Dict)
		case "freshness":
			r.push(key)
			s.freshness = freshnessOf(r.value(v))
			r.pop()
		case "loaded_at_field":
			s.loadedAtField = r.optional(v, s.name, key)
			if v.Kind == yamldoc.String && v.Str == "" {
				r.bad(v, s.name, "loaded_at_field cannot be an empty string.")
			}
		case "loaded_at_query":
			s.loadedAtQuery = r.optional(v, s.name, key)
		case "tags":
			s.tags = r.texts(v, s.name, key)
		case "tables":
			if v.Kind == yamldoc.Null {
				continue
			}
			for _, t := range r.sequence(v, s.name, key) {
				r.path = append(r.path, "tables", "0")
				s.tables = append(s.tables, r.table(t, s.name))
				r.path = r.path[:len(r.path)-2]
			}
		}
	}
	r.onlyKeys(n, s.name, known...)
	return s
}

func (r *reader) table(n *yamldoc.Node, owner string) *tableProperty {
	t := &tableProperty{at: placeIn(n), given: map[string]bool{}, external: jinja.None}
	if n.Kind != yamldoc.Mapping || n.Get("name") == nil {
		r.bad(n, owner, "at path ['tables']: 'name' is a required property")
		return t
	}
	t.name = r.text(n.Get("name"), owner, "name")
	for i := range n.Pairs {
		key, v := n.Pairs[i].Name, n.Pairs[i].Value
		t.given[key] = true
		switch key {
		case "description":
			t.description = r.optional(v, owner, key)
		case "identifier":
			t.identifier = r.optional(v, owner, key)
		case "quoting":
			t.quoting = r.mapping(v, owner, key)
		case "meta":
			t.meta = r.mapping(v, owner, key)
		case "config":
			t.config = r.mapping(v, owner, key)
			t.raw, _ = r.raw(v).(*jinja.Dict)
			if t.config != nil {
				if f, ok := t.config.Get("loaded_at_field"); ok && jinja.Truth(f) {
					t.fieldGiven = true
				}
			}
		case "freshness":
			r.push(key)
			t.freshness = freshnessOf(r.value(v))
			r.pop()
		case "loaded_at_field":
			t.fieldGiven = true
			t.loadedAtField = r.optional(v, owner, key)
			if v.Kind == yamldoc.String && v.Str == "" {
				r.bad(v, owner, "loaded_at_field cannot be an empty string.")
			}
		case "loaded_at_query":
			t.loadedAtQuery = r.optional(v, owner, key)
		case "external":
			r.push(key)
			t.external = externalOf(r.value(v))
			r.pop()
		case "tags":
			t.tags = r.texts(v, owner, key)
		case "columns":
			t.columns = r.columns(v, owner, key)
		}
	}
	t.tests, _ = r.testsOf(n, owner)
	return t
}

// externalOf is an external table with all its keys; further ones follow.
func externalOf(v jinja.Value) jinja.Value {
	d, ok := v.(*jinja.Dict)
	if !ok {
		return v
	}
	out := dictOf("location", jinja.None, "file_format", jinja.None, "row_format", jinja.None, "tbl_properties", jinja.None, "partitions", jinja.None)
	for k, x := range d.Entries {
		if list, ok := x.(*jinja.List); ok && jinja.Text(k) == "partitions" {
			parts := jinja.NewList()
			for _, p := range list.Items {
				if m, ok := p.(*jinja.Dict); ok {
					full := dictOf("name", jinja.Str(""), "description", jinja.Str(""), "data_type", jinja.Str(""), "meta", jinja.NewDict(0))
					for k, x := range m.Entries {
						_ = full.Store(k, x)
					}
					p = full
				}
				parts.Items = append(parts.Items, p)
			}
			x = parts
		}
		_ = out.Store(k, x)
	}
	return out
}

func (b *binder) addSource(s *sourceProperty, c *contents) {
	if s.overrides != "" {
		key := [2]string{s.overrides, s.name}
		if other, twice := b.patches[key]; twice {
			x := b.diags.Add(diag.DuplicateEntry, s.at.name, "dbt found two schema.yml entries for the same source named %s in package %s. Sources may only be overridden a single time. Overridden in %s and in %s.", s.name, s.overrides, other.path, c.file.OriginalPath)
			x.Hint = "Remove one of the two overrides."
			return
		}
		b.patches[key] = &sourcePatch{source: s, path: c.file.OriginalPath, used: map[string]bool{}}
		return
	}
	for _, t := range s.tables {
		b.sourceEntries = append(b.sourceEntries, &sourceEntry{pkg: c.pkg, path: c.file.OriginalPath, source: s, table: t,
			id: node.Make(node.Source, c.pkg.Name, s.name, t.name), fqn: fqnOf(c.pkg.Name, c.file.Path, s.name, t.name)})
	}
}

// bindSources makes the nodes of sources and of their tests.
func (b *binder) bindSources() {
	if b.tests == nil {
		b.tests = &testIndex{}
	}
	seen := map[node.ID]*draft{}
	hit := map[[2]string]bool{}
	for _, e := range b.sourceEntries {
		if other, twice := seen[e.id]; twice {
			d := &draft{n: &resource.Node{ID: e.id, Kind: node.Source, Name: e.table.name, OriginalPath: e.path, Declared: e.table.at.whole, Source: &resource.Source{Name: e.source.name}}, pkg: e.pkg}
			b.duplicate(d, other)
			continue
		}
		key := [2]string{e.pkg.Name, e.source.name}
		if p, ok := b.patches[key]; ok {
			hit[key] = true
			e.override(p)
		}
		b.queueSourceTests(e)
		d := b.sourceNode(e)
		seen[e.id] = d
		b.diags = append(b.diags, d.scanned...)
		if d.state.enabled() {
			b.sources.add(d)
		} else {
			b.disabled = append(b.disabled, d)
		}
	}
	b.buildTests()
	b.unusedPatches(hit)
	b.indexDisabled()
}

// override lays another package's override over the table and its source.
func (e *sourceEntry) override(p *sourcePatch) {
	s, o := *e.source, p.source
	text := func(key string, to *string, from string) {
		if o.given[key] && from != "" {
			*to = from
		}
	}
	text("description", &s.description, o.description)
	text("database", &s.database, o.database)
	text("schema", &s.schema, o.schema)
	text("loader", &s.loader, o.loader)
	text("loaded_at_field", &s.loadedAtField, o.loadedAtField)
	text("loaded_at_query", &s.loadedAtQuery, o.loadedAtQuery)
	if o.meta != nil {
		s.meta = o.meta
	}
	if o.quoting != nil {
		s.quoting = o.quoting
	}
	if o.given["tags"] {
		s.tags = o.tags
	}
	// dbt's override always carries these two, empty ones if they are not given
	s.config, s.raw, s.freshness = o.config, o.raw, o.freshness
	e.source = &s
	for _, ot := range o.tables {
		if ot.name != e.table.name {
			continue
		}
		p.used[ot.name] = true
		t := *e.table
		set := func(key string, to *string, from string) {
			if ot.given[key] && from != "" {
				*to = from
			}
		}
		set("description", &t.description, ot.description)
		set("identifier", &t.identifier, ot.identifier)
		set("loaded_at_field", &t.loadedAtField, ot.loadedAtField)
		set("loaded_at_query", &t.loadedAtQuery, ot.loadedAtQuery)
		t.fieldGiven = t.fieldGiven || ot.fieldGiven
		if ot.meta != nil {
			t.meta = ot.meta
		}
		if ot.given["tags"] {
			t.tags = ot.tags
		}
		if ot.given["columns"] {
			t.columns = ot.columns
		}
		if ot.given["tests"] || ot.given["data_tests"] {
			t.tests = ot.tests
		}
		if !isNone(ot.external) {
			t.external = ot.external
		}
		t.quoting, t.freshness = ot.quoting, ot.freshness
		e.table = &t
		break
	}
}

func (b *binder) queueSourceTests(e *sourceEntry) {
	quote := jinja.Value(jinja.None)
	for _, q := range [2]*jinja.Dict{e.source.quoting, e.table.quoting} {
		if q == nil {
			continue
		}
		if v, ok := q.Get("column"); ok && !isNone(v) {
			quote = v
		}
	}
	add := func(tests []testProperty, c *columnProperty) {
		for _, t := range tests {
			j := &testJob{pkg: e.pkg, path: e.path, test: t, section: "sources", target: e.source.name + "." + e.table.name, version: jinja.None, source: e}
			j.tags = slices.Concat(e.source.tags, e.table.tags)
			if c != nil {
				j.column = b.testColumn(c, quote)
				j.tags = slices.Concat(j.tags, c.tags, c.configTags)
			}
			b.tests.jobs = append(b.tests.jobs, j)
		}
	}
	add(e.table.tests, nil)
	for i := range e.table.columns {
		add(e.table.columns[i].tests, &e.table.columns[i])
	}
}

// configText reads a text that stands beside config or in it.
func configText(beside string, config *jinja.Dict, key string) jinja.Value {
	if beside != "" {
		return jinja.Str(beside)
	}
	if config != nil {
		if v, ok := config.Get(key); ok {
			return v
		}
	}
	return jinja.None
}

// sourceNode makes the node of one table.
func (b *binder) sourceNode(e *sourceEntry) *draft {
	s, t := e.source, e.table
	n := &resource.Node{ID: e.id, Kind: node.Source, Name: t.name, Package: e.pkg.Name, Path: e.path, OriginalPath: e.path, FQN: e.fqn,
		Description: t.description, Declared: t.at.whole, Version: jinja.None, LatestVersion: jinja.None, TimeSpine: jinja.None}
	d := &draft{n: n, pkg: e.pkg}
	src := &resource.Source{Name: s.name, Description: s.description, Loader: s.loader, Identifier: cmp.Or(t.identifier, t.name),
		External: t.external, UnrenderedDatabase: s.rawDatabase, UnrenderedSchema: s.rawSchema}
	n.Source = src
	n.Database, n.Schema, n.Alias = s.database, cmp.Or(s.schema, s.name), src.Identifier
	if n.Database == "" && b.set.Profile != nil {
		n.Database = b.set.Profile.Database
	}
	src.Quoting = dictOf("database", jinja.None, "schema", jinja.None, "identifier", jinja.None, "column", jinja.None)
	for _, q := range [2]*jinja.Dict{s.quoting, t.quoting} {
		if q == nil {
			continue
		}
		for k, v := range q.Entries {
			if _, ok := src.Quoting.Get(jinja.Text(k)); ok && !isNone(v) {
				_ = src.Quoting.Store(k, v)
			}
		}
	}
	src.Meta = joinMeta(b.noMeta, s.meta, metaIn(s.config))
	n.Columns = b.columnsOf(t.columns)

	layers := jinja.NewDict(8)
	for _, c := range [2]*jinja.Dict{s.config, t.config} {
		if c != nil {
			for k, v := range c.Entries {
				_ = layers.Store(k, v)
			}
		}
	}
	switch f := s.freshness.merge(freshnessIn(s.config)).merge(t.freshness).merge(freshnessIn(t.config)); {
	case f.truth():
		layers.Set("freshness", f.dict())
	case f.none:
		layers.Set("freshness", jinja.None)
	default:
		layers.Delete("freshness")
	}
	field, query := b.loadedAt(d, s, t)
	layers.Set("loaded_at_field", field)
	layers.Set("loaded_at_query", query)
	layers.Set("meta", joinMeta(jinja.NewDict(0), s.meta, metaIn(s.config), t.meta, metaIn(t.config)))
	layers.Set("tags", textValues(sortedSet(s.tags, tagsIn(s.config), t.tags, tagsIn(t.config))))

	st, problems := b.config.build(e.pkg.Package, node.Source, n.FQN, layers, nil)
	d.state = st
	var bad []configProblem
	n.Config, bad = st.finish()
	b.reportConfig(&d.scanned, d, append(problems, bad...))
	n.Unrendered = b.config.unrendered(e.pkg.Package, node.Source, n.FQN, layers, nil)
	n.Enabled = st.enabled()
	src.LoadedAtField, src.LoadedAtQuery = st.get("loaded_at_field"), st.get("loaded_at_query")
	src.Freshness, _ = n.Config.Get("freshness")
	src.EventTime = st.get("event_time")
	for _, v := range items(st.get("tags")) {
		n.Tags = append(n.Tags, jinja.Text(v))
	}
	meta, _ := n.Config.Get("meta")
	n.Meta, _ = meta.(*jinja.Dict)
	return d
}

func freshnessIn(config *jinja.Dict) freshness {
	if config != nil {
		if v, ok := config.Get("freshness"); ok {
			return freshnessOf(v)
		}
	}
	return freshness{}
}

func metaIn(config *jinja.Dict) *jinja.Dict {
	if config != nil {
		if v, ok := config.Get("meta"); ok {
			d, _ := v.(*jinja.Dict)
			return d
		}
	}
	return nil
}

func tagsIn(config *jinja.Dict) []string {
	if config == nil {
		return nil
	}
	v, ok := config.Get("tags")
	if !ok {
		return nil
	}
	var out []string
	for _, x := range items(v) {
		if s, ok := x.(jinja.Str); ok {
			out = append(out, string(s))
		}
	}
	return out
}

func joinMeta(none *jinja.Dict, parts ...*jinja.Dict) *jinja.Dict {
	out := none
	for _, p := range parts {
		if p == nil || p.Len() == 0 {
			continue
		}
		if out == none {
			out = p.Copy()
			continue
		}
		for k, v := range p.Entries {
			_ = out.Store(k, v)
		}
	}
	return out
}

func textValues(list []string) *jinja.List {
	out := make([]jinja.Value, len(list))
	for i, s := range list {
		out[i] = jinja.Str(s)
	}
	return jinja.NewList(out...)
}

// loadedAt finds the field or the query that says how fresh a table is; the table's word counts before the source's.
func (b *binder) loadedAt(d *draft, s *sourceProperty, t *tableProperty) (field, query jinja.Value) {
	tf, tq := configText(t.loadedAtField, t.config, "loaded_at_field"), configText(t.loadedAtQuery, t.config, "loaded_at_query")
	sf, sq := configText(s.loadedAtField, s.config, "loaded_at_field"), configText(s.loadedAtQuery, s.config, "loaded_at_query")
	if t.fieldGiven && jinja.Truth(tq) {
		d.scanned.Add(diag.BadProperty, t.at.whole, "Cannot specify both loaded_at_field and loaded_at_query at table level. (source %s.%s in %s)", s.name, t.name, d.n.OriginalPath)
	}
	if jinja.Truth(sf) && jinja.Truth(sq) {
		d.scanned.Add(diag.BadProperty, s.at.whole, "Cannot specify both loaded_at_field and loaded_at_query at source level. (source %s in %s)", s.name, d.n.OriginalPath)
	}
	field, query = sf, sq
	if t.fieldGiven || !isNone(tf) {
		field = tf
	}
	switch {
	case !isNone(tq):
		query = tq
	case t.fieldGiven:
		query = jinja.None
	}
	return field, query
}

// unusedPatches warns of overrides that fit nothing.
func (b *binder) unusedPatches(hit map[[2]string]bool) {
	keys := make([][2]string, 0, len(b.patches))
	for k := range b.patches {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y [2]string) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
	for _, k := range keys {
		p := b.patches[k]
		if !hit[k] {
			b.diags.Add(diag.UnusedPatch, p.source.at.name, "During parsing, an override was found that has no target: Source %s.%s (in %s)", k[0], k[1], p.path)
			continue
		}
		for _, t := range p.source.tables {
			if !p.used[t.name] {
				b.diags.Add(diag.UnusedPatch, t.at.name, "During parsing, an override was found that has no target: Source table %s.%s.%s (in %s)", k[0], k[1], t.name, p.path)
			}
		}
	}
}
