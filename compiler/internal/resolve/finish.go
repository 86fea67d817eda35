package resolve

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// finish gives nodes their final config, names and what follows from them, now that every file has had its say.
func (b *binder) finish() {
	all := slices.Concat(b.nodes.order, b.functions.order)
	var off []*draft
	for _, d := range b.disabled {
		switch d.n.Kind {
		case node.Model, node.Seed, node.Snapshot, node.Test, node.Analysis, node.Operation, node.Function:
			off = append(off, d)
		}
	}
	all = append(all, off...)
	b.parallel(len(all), func(i int) {
		d := all[i]
		d.scanned = nil
		b.finishConfig(d)
		if d.n.Kind != node.Test || !d.n.Test.Generic {
			b.scanHooks(d)
		}
		b.nameRelation(d)
	})
	for _, d := range b.sources.order {
		d.n.RelationName = b.t.RelationName(d.n)
	}
	for _, d := range b.disabled {
		if d.n.Kind == node.Source {
			d.n.RelationName = b.t.RelationName(d.n)
		}
	}
	byID := make(map[node.ID]*resource.Node, len(all))
	for i := len(all) - 1; i >= 0; i-- {
		byID[all[i].n.ID] = all[i].n
	}
	for _, d := range all {
		b.diags = append(b.diags, d.scanned...)
		if t := d.n.Test; t != nil && t.Generic && t.Attached != "" {
			if a := byID[t.Attached]; a != nil {
				d.n.Group = a.Group
			}
		}
	}
}

// finishConfig writes the config into the node, and into the fields that dbt repeats beside it.
func (b *binder) finishConfig(d *draft) {
	n := d.n
	st := d.state
	n.Enabled = st.enabled()
	st = b.settle(d, st)
	var bad []configProblem
	n.Config, bad = st.finish()
	b.reportConfig(&d.scanned, d, bad)
	n.ConfigCalls, n.UnrenderedConfigCalls = d.calls, d.unrenderedCalls
	patch := d.patch
	if patch != nil && d.rawPatch != nil && b.unrenderedValues && n.Kind != node.Test {
		patch = deepMerge(patch, d.rawPatch)
	}
	calls := d.calls
	if d.unrenderedCalls != nil {
		calls = d.unrenderedCalls
	}
	n.Unrendered = b.config.unrendered(d.pkg.Package, n.Kind, n.FQN, patch, calls)
	b.setEngine(d)
	n.Meta = b.noMeta
	if d.unnamed {
		n.Unrendered = jinja.NewDict(0)
		return
	}
	if m, ok := at(n.Config, "meta").(*jinja.Dict); ok && m.Len() > 0 {
		n.Meta = m
	}
	if g := at(n.Config, "group"); jinja.Truth(g) {
		n.Group = jinja.Text(g)
	}
	if docs, ok := at(n.Config, "docs").(*jinja.Dict); ok {
		n.Docs = docsOf(docs)
		if c := n.Docs.NodeColor; c != "" && !validColor(c) {
			d.scanned.Add(diag.BadConfig, d.configSpan(), "Invalid color name for docs.node_color: %s. It is neither a valid HTML color name nor a valid HEX code. (%s in %s)", c, n.ID, n.OriginalPath).Node = string(n.ID)
		}
	}
	if n.Kind != node.Model {
		return
	}
	if a, ok := at(n.Config, "access").(jinja.Str); ok {
		n.Access = string(a)
	}
	if d.contractEnforced() {
		if m := jinja.Text(at(n.Config, "materialized")); m == "incremental" {
			if c := jinja.Text(at(n.Config, "on_schema_change")); c != "append_new_columns" && c != "fail" {
				d.scanned.Add(diag.BadConfig, d.configSpan(), "Invalid value for on_schema_change: %s. Models materialized as incremental with contracts enabled must set on_schema_change to 'append_new_columns' or 'fail' (%s in %s)", c, n.ID, n.OriginalPath).Node = string(n.ID)
			}
		}
		if d.prop != nil {
			n.ContractChecksum = d.contractChecksum()
		}
	}
}

// settle puts back what None has taken away: dbt keeps, of an earlier pass, the value of a key that a later layer sets to
// None. The earlier passes are dbt_project.yml alone, then with config() calls, then with properties too.
func (b *binder) settle(d *draft, st *state) *state {
	if !st.cleared {
		return st
	}
	base, _ := b.config.build(d.pkg.Package, d.n.Kind, d.n.FQN, nil, nil)
	passes := []*state{base}
	if d.calls != nil {
		first, _ := b.config.build(d.pkg.Package, d.n.Kind, d.n.FQN, nil, d.calls)
		passes = append(passes, first)
	}
	out := st.clone()
	for i := range out.vals {
		if out.vals[i] == nil || !isNone(out.vals[i]) {
			continue
		}
		def := out.schema.fields[i].def
		for _, p := range passes {
			if v := p.vals[i]; v != nil && !isNone(v) {
				out.vals[i] = v
			}
		}
		if isNone(out.vals[i]) && def != nil && !isNone(def) {
			out.vals[i] = nil
		}
	}
	return out
}

// scanHooks reads the texts of pre- and post-hooks for what they refer to.
func (b *binder) scanHooks(d *draft) {
	n := d.n
	pre, post := listOf(at(n.Config, "pre-hook")), listOf(at(n.Config, "post-hook"))
	for _, l := range [2]*jinja.List{pre, post} {
		if l == nil {
			continue
		}
		for _, h := range l.Items {
			sql := textOf2(h, "sql")
			if !hasTags(sql) {
				continue
			}
			var found resource.Scan
			problems := b.t.ScanText(n, source.Whole(source.NewFile(n.OriginalPath, sql)), &found)
			for _, p := range problems {
				p.Span = d.configSpan()
				d.scanned = append(d.scanned, p)
			}
			if n.Kind == node.Seed {
				if len(found.Refs)+len(found.Sources)+len(found.Metrics) > 0 {
					d.scanned.Add(diag.BadConfig, d.configSpan(), "Seeds cannot depend on other nodes. dbt detected a seed with a pre- or post-hook that calls 'ref', 'source', or 'metric', either directly or indirectly via other macros. (%s, hook: %s)", n.ID, sql).Node = string(n.ID)
				}
				found.Refs, found.Sources, found.Metrics = nil, nil, nil
			}
			n.Refs = append(n.Refs, found.Refs...)
			n.Sources = append(n.Sources, found.Sources...)
			n.Metrics = append(n.Metrics, found.Metrics...)
			n.Functions = append(n.Functions, found.Functions...)
			for _, m := range found.Macros {
				n.DependsOnMacros = addName(n.DependsOnMacros, m)
			}
		}
	}
}

func textOf2(v jinja.Value, key string) string {
	x := at(v, key)
	if isNone(x) {
		return ""
	}
	return jinja.Text(x)
}

// nameRelation gives the node the names of its relation.
func (b *binder) nameRelation(d *draft) {
	n := d.n
	if d.unnamed {
		d.relational = true
		return
	}
	generate := func(what string) string {
		custom := d.state.get(what)
		s, problems := b.t.GenerateName(what, custom, n)
		d.scanned = append(d.scanned, problems...)
		return s
	}
	n.Database = generate("database")
	n.Schema = generate("schema")
	n.Alias = generate("alias")
	if n.Kind == node.Snapshot {
		if v := at(n.Config, "target_database"); jinja.Truth(v) {
			n.Database = jinja.Text(v)
		}
		if v := at(n.Config, "target_schema"); jinja.Truth(v) {
			n.Schema = jinja.Text(v)
		}
	}
	switch n.Kind {
	case node.Model, node.Seed, node.Snapshot, node.Function:
		d.relational = true
		if jinja.Text(at(n.Config, "materialized")) != "ephemeral" {
			n.RelationName = b.t.RelationName(n)
		}
	case node.Test:
		if b.o.StoreFailures || jinja.Truth(at(n.Config, "store_failures")) {
			d.relational = true
			n.RelationName = b.t.RelationName(n)
		}
	}
}

// validColor says whether a text can be a colour of the docs site: #rgb, #rrggbb or a name of CSS.
func validColor(s string) bool {
	if hex, ok := strings.CutPrefix(s, "#"); ok {
		return (len(hex) == 3 || len(hex) == 6) && strings.Trim(strings.ToLower(hex), "0123456789abcdef") == ""
	}
	return slices.Contains(colorNames, strings.ToLower(s))
}

// setEngine says on which engine the node runs and in which dialect its text is written: as its config says, else as
// weft.yml says of the engine or of all, else as the engine has it. A generic test runs where what it tests does.
func (b *binder) setEngine(d *draft) {
	n := d.n
	meta := at(n.Config, "meta")
	engine, own := textOf2(meta, "weft_engine"), textOf2(meta, "weft_dialect")
	if engine == "" {
		engine = textOf2(n.Config, "engine")
	}
	if own == "" {
		own = textOf2(n.Config, "dialect")
	}
	n.Engine, n.Dialect = "", ""
	if p := b.set.Profile; p != nil {
		n.Dialect = p.Type
		if e := p.EngineProfiles[engine]; e != nil {
			n.Engine, n.Dialect = engine, e.Type
		}
	}
	if w := b.set.Weft; w != nil {
		if w.Dialect != "" {
			n.Dialect = w.Dialect
		}
		if v := w.Dialects[engine]; v != "" {
			n.Dialect = v
		}
	}
	if own == "" {
		return
	}
	if _, ok := dialect.Get(own); !ok {
		x := d.scanned.Add(diag.BadConfig, d.configSpan(), "Unknown dialect '%s' of %s (%s)", own, n.ID, n.OriginalPath)
		x.Node = string(n.ID)
		return
	}
	n.Dialect = own
}
