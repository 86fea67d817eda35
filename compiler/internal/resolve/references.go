package resolve

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// resolver finds what references name, once all resources are known.
type resolver struct {
	root      string
	own       bool // the node's package is searched before the root project
	names     *nameIndex
	sources   map[string][]*draft
	metrics   map[string][]*draft
	functions map[string][]*draft
	disabled  map[string][]*draft
}

func (b *binder) newResolver() *resolver {
	r := &resolver{own: b.flag("require_ref_searches_node_package_before_root", false), names: b.names, disabled: b.disabledNames,
		sources: map[string][]*draft{}, metrics: map[string][]*draft{}, functions: map[string][]*draft{}}
	if b.set.Root != nil {
		r.root = b.set.Root.Name
	}
	for _, d := range b.sources.order {
		name := searchName(d)
		r.sources[name] = append(r.sources[name], d)
	}
	for _, d := range b.metrics.order {
		r.metrics[d.n.Name] = append(r.metrics[d.n.Name], d)
	}
	for _, d := range b.functions.order {
		r.functions[d.n.Name] = append(r.functions[d.n.Name], d)
	}
	return r
}

// order is the packages to search, "" for any.
func (r *resolver) order(pkg, target string) []string {
	switch {
	case target != "":
		return []string{target}
	case pkg == r.root:
		return []string{r.root, ""}
	case r.own:
		return []string{pkg, r.root, ""}
	}
	return []string{r.root, pkg, ""}
}

func (b *binder) searchOrder(pkg, target string) []string { return b.newOrder().order(pkg, target) }

func (b *binder) newOrder() *resolver {
	if b.resolver == nil {
		b.resolver = b.newResolver()
	}
	return b.resolver
}

func versioned(name string, version jinja.Value) string {
	if version == nil || !jinja.Truth(version) {
		return name
	}
	return name + "." + versionText(version)
}

func inPackage(list []*draft, pkg string) *draft {
	for _, d := range list {
		if pkg == "" || d.n.Package == pkg {
			return d
		}
	}
	return nil
}

// look searches the packages in order. Where nothing enabled is there, it finds what is disabled, off then being true.
func (r *resolver) look(list []*draft, name, pkg, target string, kinds ...node.Kind) (found *draft, off bool) {
	var disabled *draft
	for _, p := range r.order(pkg, target) {
		if d := inPackage(list, p); d != nil && d.n.Enabled {
			return d, false
		}
		if disabled == nil {
			for _, d := range r.disabled[name] {
				if (p == "" || d.n.Package == p) && (len(kinds) == 0 || slices.Contains(kinds, d.n.Kind)) {
					disabled = d
					break
				}
			}
		}
	}
	return disabled, disabled != nil
}

// ref finds the node of a ref. several holds all candidates where the name alone is ambiguous.
func (r *resolver) ref(from, pkg, name string, version jinja.Value) (found *draft, off bool, several []*draft) {
	key := versioned(name, version)
	list := r.names.byName[key]
	for _, p := range r.order(from, pkg) {
		if p == "" && len(list) > 1 {
			return nil, false, list
		}
		if d := inPackage(list, p); d != nil && d.n.Enabled {
			return d, false, nil
		}
	}
	found, off = r.look(list, key, from, pkg, node.Model, node.Seed, node.Snapshot)
	return found, off, nil
}

func (b *binder) resolveMetric(name, pkg, from string) (*draft, bool) {
	r := b.newOrder()
	return r.look(r.metrics[name], name, from, pkg)
}

// resolveAll fills in what nodes depend on, in dbt's order: sources, refs, metrics, functions; renders the descriptions; and
// infers primary keys.
func (b *binder) resolveAll() {
	b.indexNames()
	b.resolver = nil
	r := b.newOrder()
	all := slices.Concat(b.nodes.order, b.exposures.order, b.semantic.order, b.functions.order)
	b.parallel(len(all), func(i int) {
		d := all[i]
		d.scanned = nil
		b.resolveSources(r, d)
		b.resolveRefs(r, d)
	})
	for _, d := range all {
		b.hintRefs(d)
		b.diags = append(b.diags, d.scanned...)
		d.scanned = nil
	}
	for _, d := range b.semantic.order {
		if len(d.n.DependsOn) > 0 {
			if m := b.nodes.byID[d.n.DependsOn[0]]; m != nil {
				relation := jinja.Value(jinja.None)
				if m.n.RelationName != "" {
					relation = jinja.Str(m.n.RelationName)
				}
				d.n.Other.Set("node_relation", dictOf("alias", jinja.Str(m.n.Alias), "schema_name", jinja.Str(m.n.Schema), "database", textOrNone(m.n.Database), "relation_name", relation))
			}
		}
	}
	b.bindUnitTests()
	b.renderDocs()
	b.bindMetrics()
	for _, d := range slices.Concat(b.metrics.order, b.nodes.order, b.exposures.order, b.saved.order) {
		b.resolveMetrics(r, d)
	}
	b.inferPrimaryKeys()
	for _, d := range slices.Concat(b.nodes.order, b.functions.order) {
		b.resolveFunctions(&b.diags, r, d)
	}
}

// missing reports a reference without target: an error, but for tests, which are left out with a warning.
func (b *binder) missing(out *diag.List, code diag.Code, d *draft, at source.Span, kind, name, pkg string, version jinja.Value, off, quiet bool) *diag.Diagnostic {
	reason := "was not found"
	if off {
		reason = "is disabled"
	}
	in := ""
	if version != nil && !isNone(version) {
		in = "with version '" + jinja.Text(version) + "' "
	}
	n := d.n
	if pkg != "" {
		in += "in package or project '" + pkg + "' "
	}
	if n.Kind == node.Test {
		n.Enabled = false
		n.Config = n.Config.Copy()
		n.Config.Set("enabled", jinja.Bool(false))
		if quiet {
			return nil
		}
		code = diag.TestTargetMissing
	}
	if at.IsZero() || n.Kind == node.Test && n.Test.Generic {
		at = n.Declared
		if at.IsZero() {
			at = n.Code
		}
	}
	x := out.Add(code, at, "%s '%s' (%s) depends on a %s named '%s' %swhich %s", title(n.Kind), n.ID, n.OriginalPath, kind, name, in, reason)
	x.Node = string(n.ID)
	return x
}

// title is a kind as dbt writes it at the beginning of a sentence.
func title(k node.Kind) string {
	words := strings.Split(string(k), "_")
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "_")
}

func (b *binder) resolveSources(r *resolver, d *draft) {
	n := d.n
	if n.Kind == node.Seed || n.Kind == node.SemanticModel || n.Kind == node.Function {
		return
	}
	for _, s := range n.Sources {
		name := s.Source + "." + s.Table
		t, off := r.look(r.sources[name], name, n.Package, "")
		if t == nil || off {
			if x := b.missing(&d.scanned, diag.SourceNotFound, d, s.Span, "source", name, "", nil, off, false); x != nil {
				x.Hint = b.sourceHint(s, off)
			}
			continue
		}
		n.DependsOn = addID(n.DependsOn, t.n.ID)
	}
}

func (b *binder) sourceHint(s resource.SourceRef, off bool) string {
	if off {
		return "Enable the source, or take the reference out."
	}
	names := make([]string, 0, len(b.sources.order))
	for _, d := range b.sources.order {
		names = append(names, searchName(d))
	}
	slices.Sort(names)
	if hint := hintFor(s.Source+"."+s.Table, names); hint != "" {
		return hint
	}
	return "Declare it in a YAML file of the models: `sources: [{name: " + s.Source + ", tables: [{name: " + s.Table + "}]}]`."
}

func (b *binder) resolveRefs(r *resolver, d *draft) {
	n := d.n
	if n.Kind == node.Seed {
		return
	}
	for i := range n.Refs {
		ref := &n.Refs[i]
		t, off, several := r.ref(n.Package, ref.Package, ref.Name, ref.Version)
		if several != nil {
			b.ambiguous(d, ref, several)
			continue
		}
		if t == nil || off {
			if b.missing(&d.scanned, diag.NodeNotFound, d, ref.Span, "node", ref.Name, ref.Package, ref.Version, off, off) != nil {
				d.hints = append(d.hints, missingRef{len(d.scanned) - 1, ref, t})
			}
			continue
		}
		if b.denied(d, t, ref) {
			continue
		}
		if !r.own && n.Package != r.root && t.n.Package == r.root && ref.Package != r.root {
			d.scanned.Add(diag.RootDependency, ref.Span, "The node '%s' in package '%s' depends on the root project node '%s'. This may lead to unexpected cycles downstream. Please set the 'require_ref_searches_node_package_before_root' behavior change flag to True to avoid this issue.",
				n.Name, n.Package, t.n.ID)
		}
		n.DependsOn = addID(n.DependsOn, t.n.ID)
	}
}

// missingRef is a problem of a reference that waits for its hint: which one of those found, of which reference, and the disabled node.
type missingRef struct {
	at  int
	ref *resource.Ref
	off *draft
}

// hintRefs writes the hints of a node's missing references. They come after all is resolved: their number is bounded, and which nodes get
// theirs does not depend on threads.
func (b *binder) hintRefs(d *draft) {
	for _, m := range d.hints {
		d.scanned[m.at].Hint = b.refHint(m.ref, m.off)
	}
	d.hints = nil
}

func (b *binder) refHint(ref *resource.Ref, t *draft) string {
	if t != nil {
		return "Enable " + string(t.n.ID) + " (" + t.n.OriginalPath + "), or take the reference out."
	}
	if ref.Version != nil && !isNone(ref.Version) {
		prefix := ref.Name + "."
		var have []string
		known := b.names.all("")
		first, _ := slices.BinarySearch(known, prefix)
		for _, name := range known[first:] {
			v, ok := strings.CutPrefix(name, prefix)
			if !ok {
				break
			}
			have = append(have, strings.TrimPrefix(v, "v"))
		}
		if len(have) > 0 {
			slices.Sort(have)
			return "'" + ref.Name + "' has the versions " + strings.Join(have, ", ") + "."
		}
	}
	if ref.Package != "" {
		if elsewhere := b.names.byName[ref.Name]; len(elsewhere) > 0 {
			return "Did you mean ref('" + elsewhere[0].n.Package + "', '" + ref.Name + "')?"
		}
	}
	return didYouMean(b.names.nearest(ref.Name, ""))
}

func (b *binder) ambiguous(d *draft, ref *resource.Ref, several []*draft) {
	var ids, packages []string
	for _, t := range several {
		ids = append(ids, "'"+string(t.n.ID)+"'")
		packages = append(packages, "'"+t.n.Package+"'")
	}
	x := d.scanned.Add(diag.AmbiguousRef, ref.Span, "When referencing '%s', dbt found nodes in multiple packages: %s", ref.Name, strings.Join(ids, ", "))
	x.Hint = "To fix this, use two-argument 'ref', with the package name first: " + strings.Join(packages, " or ")
	x.Node = string(d.n.ID)
	for _, t := range several {
		x.Related = append(x.Related, related(t)...)
	}
}

// denied reports a ref that the access of its target does not allow.
func (b *binder) denied(d, t *draft, ref *resource.Ref) bool {
	n, m := d.n, t.n
	if m.Kind != node.Model || n.Kind == node.SQLOperation {
		return false
	}
	restricted := false
	if p := b.byName[m.Package]; p != nil && p.Config != nil {
		restricted = p.Config.RestrictAccess
	}
	foreign := n.Package != m.Package && restricted
	scope, kind := "", ""
	switch {
	case m.Access == "private" && (n.Group == "" || n.Group != m.Group || foreign):
		scope, kind = m.Group, "group"
		if scope == "" {
			scope = "None"
		}
	case m.Access == "protected" && foreign:
		scope, kind = m.Package, "package"
	default:
		return false
	}
	x := d.scanned.Add(diag.AccessDenied, ref.Span, "Node %s attempted to reference node %s, which is not allowed because the referenced node is %s to the '%s' %s.", n.ID, m.ID, m.Access, scope, kind)
	if x.Span.IsZero() || n.Kind == node.Test {
		x.Span = placeOf(d)
	}
	x.Node = string(n.ID)
	x.Related = related(t)
	return true
}

func (b *binder) resolveMetrics(r *resolver, d *draft) {
	n := d.n
	for _, words := range n.Metrics {
		pkg, name := "", words[len(words)-1]
		if len(words) == 2 {
			pkg = words[0]
		}
		t, off := r.look(r.metrics[name], name, n.Package, pkg)
		if t == nil || off {
			b.missing(&b.diags, diag.MetricNotFound, d, source.Span{}, "metric", name, pkg, nil, off, false)
			continue
		}
		n.DependsOn = addID(n.DependsOn, t.n.ID)
	}
}

func (b *binder) resolveFunctions(out *diag.List, r *resolver, d *draft) {
	n := d.n
	for _, words := range n.Functions {
		pkg, name := "", words[len(words)-1]
		if len(words) == 2 {
			pkg = words[0]
		}
		t, off := r.look(r.functions[name], name, n.Package, pkg, node.Function)
		if t == nil || off {
			var names []string
			for _, f := range b.functions.order {
				names = append(names, f.n.Name)
			}
			if x := b.missing(out, diag.FunctionNotFound, d, source.Span{}, "function", name, pkg, nil, off, off); x != nil {
				x.Hint = hintFor(name, names)
			}
			continue
		}
		n.DependsOn = addID(n.DependsOn, t.n.ID)
	}
}

// inferPrimaryKeys finds the primary key of each model: from a constraint, else from its unique and not_null tests.
func (b *binder) inferPrimaryKeys() {
	tests := map[node.ID][]*draft{}
	for _, list := range [2][]*draft{b.nodes.order, b.disabled} {
		for _, d := range list {
			if t := d.n.Test; t != nil && t.Generic && t.Attached != "" {
				tests[t.Attached] = append(tests[t.Attached], d)
			}
		}
	}
	for _, d := range b.nodes.order {
		if d.n.Kind == node.Model {
			key := primaryKey(d.n, tests[d.n.ID])
			slices.Sort(key)
			d.n.PrimaryKey = key
		}
	}
}

func primaryKey(n *resource.Node, tests []*draft) []string {
	for _, c := range n.Constraints {
		if textOf(c, "type") == "primary_key" {
			return textsOf(orEmpty(at(c, "columns")))
		}
	}
	for i := range n.Columns {
		for _, c := range n.Columns[i].Constraints {
			if textOf(c, "type") == "primary_key" {
				return []string{n.Columns[i].Name}
			}
		}
	}
	var unique, uniqueOff, notNull []string
	for _, d := range tests {
		t := d.n.Test
		var cols []string
		if c, ok := at(t.Kwargs, "column_name").(jinja.Str); ok {
			cols = []string{string(c)}
		} else if l, ok := at(t.Kwargs, "combination_of_columns").(*jinja.List); ok {
			for _, x := range l.Items {
				if s, ok := x.(jinja.Str); ok {
					cols = append(cols, string(s))
				}
			}
		}
		for _, c := range cols {
			switch t.Name {
			case "unique", "unique_combination_of_columns":
				if d.n.Enabled {
					unique = addName(unique, c)
				} else {
					uniqueOff = addName(uniqueOff, c)
				}
			case "not_null":
				notNull = addName(notNull, c)
			}
		}
	}
	var both []string
	for _, c := range notNull {
		if slices.Contains(unique, c) || slices.Contains(uniqueOff, c) {
			both = append(both, c)
		}
	}
	switch {
	case len(both) > 0:
		return both
	case len(unique) > 0:
		return unique
	}
	return uniqueOff
}

// renderDocs renders descriptions, in which doc() gives the text of a docs block.
func (b *binder) renderDocs() {
	base := jinja.Scope(jinja.Names{})
	if len(b.pkgs) > 0 {
		base = b.pkgs[0].scope
	}
	all := slices.Concat(b.nodes.order, b.sources.order, b.exposures.order, b.metrics.order, b.semantic.order, b.saved.order)
	b.parallel(len(all), func(i int) {
		d := all[i]
		n := d.n
		w := &docWriter{b: b, base: base, id: string(n.ID), pkg: n.Package, at: n.Declared, out: &d.scanned}
		n.Description, n.DocBlocks = w.text(n.Description)
		for k := range n.Columns {
			c := &n.Columns[k]
			if w.at = c.Span; w.at.IsZero() {
				w.at = n.Declared
			}
			c.Description, c.DocBlocks = w.text(c.Description)
		}
		w.at = n.Declared
		switch n.Kind {
		case node.Source:
			n.Source.Description, _ = w.text(n.Source.Description)
		case node.SemanticModel:
			if n.Description != "" {
				n.Other.Set("description", jinja.Str(n.Description))
			}
			for _, key := range [...]string{"dimensions", "measures", "entities"} {
				for _, x := range items(at(n.Other, key)) {
					if s, ok := at(x, "description").(jinja.Str); ok {
						text, _ := w.text(string(s))
						x.(*jinja.Dict).Set("description", jinja.Str(text))
					}
				}
			}
		case node.SavedQuery:
			if n.Description != "" {
				n.Other.Set("description", jinja.Str(n.Description))
			}
		}
	})
	for _, d := range all {
		b.diags = append(b.diags, d.scanned...)
		d.scanned = nil
	}
	for _, m := range b.macros.all {
		if m.PatchPath == "" {
			continue
		}
		w := &docWriter{b: b, base: base, id: m.ID, pkg: m.Package, out: &b.diags}
		m.Description, _ = w.text(m.Description)
		for _, a := range m.Arguments {
			if s, ok := at(a, "description").(jinja.Str); ok {
				text, _ := w.text(string(s))
				a.Set("description", jinja.Str(text))
			}
		}
	}
}

// docWriter renders the descriptions of one resource.
type docWriter struct {
	b       *binder
	base    jinja.Scope
	id, pkg string
	at      source.Span
	out     *diag.List
}

func (w *docWriter) text(s string) (string, []string) {
	if !hasTags(s) {
		return s, nil
	}
	var blocks []string
	doc := jinja.NewFunc("doc", func(c *jinja.Call) (jinja.Value, error) {
		pkg, name := "", ""
		switch len(c.Args) {
		case 1:
			name = jinja.Text(c.Args[0])
		case 2:
			pkg, name = jinja.Text(c.Args[0]), jinja.Text(c.Args[1])
		default:
			w.out.Add(diag.DocNotFound, w.at, "doc() takes at most two arguments (%d given) (%s)", len(c.Args), w.id)
			return jinja.Str(""), nil
		}
		for _, p := range w.b.newOrder().order(w.pkg, pkg) {
			if d := w.b.findDoc(name, p); d != nil {
				blocks = append(blocks, d.ID)
				return jinja.Str(d.Contents), nil
			}
		}
		in := ""
		if pkg != "" {
			in = "in package '" + pkg + "' "
		}
		x := w.out.Add(diag.DocNotFound, w.at, "Documentation for '%s' depends on doc '%s' %swhich was not found", w.id, name, in)
		var names []string
		for k := range w.b.docIndex {
			names = append(names, k)
		}
		slices.Sort(names)
		x.Hint = hintFor(name, names)
		x.Node = w.id
		return jinja.Str(""), nil
	})
	return w.b.renderText(jinja.Layers{jinja.Names{"doc": doc}, w.base}, w.at, s, w.out), blocks
}
