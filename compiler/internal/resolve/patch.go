package resolve

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/project"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// sections are the keys of a properties file in the order in which dbt works through them, with the kind each describes.
var sections = [...]struct {
	key  string
	kind node.Kind
}{
	{"models", node.Model}, {"seeds", node.Seed}, {"snapshots", node.Snapshot}, {"sources", node.Source}, {"macros", node.Macro}, {"data_tests", node.Test},
	{"analyses", node.Analysis}, {"exposures", node.Exposure}, {"functions", node.Function}, {"metrics", node.Metric}, {"groups", node.Group},
	{"semantic_models", node.SemanticModel}, {"unit_tests", node.UnitTest}, {"saved_queries", node.SavedQuery},
}

// contents is one properties file, read.
type contents struct {
	pkg   *packageState
	file  *project.PropertiesFile
	bySec [len(sections)][]any // *property, *sourceProperty or *declaration
	diags diag.List
}

// readProperties reads the entries of all properties files. A file's tree, which is large, lives only as long as it is read; the next
// file's takes its memory.
func (b *binder) readProperties() {
	for _, p := range b.pkgs {
		for i := range p.Properties {
			b.contents = append(b.contents, &contents{pkg: p, file: &p.Properties[i]})
		}
	}
	trees := sync.Pool{New: func() any { return &yamldoc.Memory{} }}
	b.parallel(len(b.contents), func(i int) {
		m := trees.Get().(*yamldoc.Memory)
		b.readFile(b.contents[i], m)
		trees.Put(m)
	})
}

// applyProperties applies the entries to the nodes, package by package and file by file.
func (b *binder) applyProperties() {
	b.indexNames()
	for _, c := range b.contents {
		b.diags = append(b.diags, c.diags...)
		b.apply(c)
	}
	b.contents = nil
	b.buildTests()
}

func (b *binder) readFile(c *contents, m *yamldoc.Memory) {
	root, list := c.file.Tree(m)
	c.diags = append(c.diags, list...)
	if root == nil || root.Kind == yamldoc.Null {
		return
	}
	if root.Kind != yamldoc.Mapping {
		c.diags.Add(diag.BadProperty, root.Span, "Contents of file '%s' are not valid. Dictionary expected.", c.file.OriginalPath)
		return
	}
	for i, s := range sections {
		list := root.Get(s.key)
		if list == nil {
			continue
		}
		if list.Kind != yamldoc.Sequence {
			c.diags.Add(diag.BadProperty, list.Span, "The schema file at %s is invalid because the value of '%s' is not a list", c.file.OriginalPath, s.key)
			continue
		}
		for _, entry := range list.Items {
			if entry.Kind != yamldoc.Mapping {
				c.diags.Add(diag.BadProperty, entry.Span, "The schema file at %s is invalid because a list element for '%s' is not a dictionary", c.file.OriginalPath, s.key)
				continue
			}
			if entry.Get("name") == nil {
				c.diags.Add(diag.BadProperty, entry.Span, "The schema file at %s is invalid because a list element for '%s' does not have a name attribute.", c.file.OriginalPath, s.key)
				continue
			}
			r := &reader{b: b, pkg: c.pkg, file: c.file, section: s.key, out: &c.diags}
			var x any
			switch s.kind {
			case node.Source:
				x = r.source(entry)
			case node.Exposure, node.Metric, node.Group, node.SemanticModel, node.UnitTest, node.SavedQuery:
				x = r.declaration(entry)
			default:
				x = r.property(entry)
			}
			if !r.failed {
				c.bySec[i] = append(c.bySec[i], x)
			}
		}
	}
}

func (b *binder) apply(c *contents) {
	for i, s := range sections {
		for _, x := range c.bySec[i] {
			switch x := x.(type) {
			case *property:
				switch s.kind {
				case node.Macro:
					b.patchMacro(x)
				case node.Test:
					b.patchSingularTest(x)
				case node.Model:
					if len(x.versions) > 0 {
						b.patchVersions(x, c)
					} else {
						b.patchNode(x, s.kind)
					}
					b.queueTests(x)
				case node.Snapshot:
					if x.hasRelation {
						b.snapshotOf(x, c)
					}
					b.patchNode(x, s.kind)
					b.queueTests(x)
				case node.Seed:
					b.patchNode(x, s.kind)
					b.queueTests(x)
				default:
					b.patchNode(x, s.kind)
				}
				// Nodes keep the entry for its places; the columns, most of its memory, are in the nodes now.
				x.columns = nil
			case *sourceProperty:
				b.addSource(x, c)
			case *declaration:
				b.declare(x, s.kind, c)
			}
		}
	}
}

// snapshotOf makes the node of a snapshot that is declared in YAML alone.
func (b *binder) snapshotOf(p *property, c *contents) {
	if p.name == "" {
		return
	}
	f := c.file
	n := &resource.Node{Kind: node.Snapshot, Name: p.name, Package: c.pkg.Name, Path: p.name + ".sql", OriginalPath: f.OriginalPath, Language: "sql",
		Alias: p.name, ID: node.Make(node.Snapshot, c.pkg.Name, p.name), FQN: fqnOf(c.pkg.Name, f.Path, p.name),
		Version: jinja.None, LatestVersion: jinja.None, TimeSpine: jinja.None, Docs: resource.Docs{Show: true}}
	if f.Text != nil {
		n.Checksum = textChecksum(f.Text.Text)
	}
	n.RawCode = "select * from {{ " + p.relation + " }}"
	n.Code = source.Whole(source.NewFile(c.pkg.Prefix+f.OriginalPath, n.RawCode))
	written := n.Code
	if at, ok := templateSpan(p.relationSpan, p.relation); ok {
		written = at
	}
	b.setTarget(n)
	d := &draft{n: n, pkg: c.pkg, unnamed: p.config == nil || p.config.Len() == 0}
	ref, src, ok := parseReference(p.relation, written)
	if !ok {
		b.diags.Add(diag.BadReference, p.relationSpan, "Invalid ref or source expression: %s", p.relation).Node = string(n.ID)
		return
	}
	if src != nil {
		n.Sources = append(n.Sources, *src)
	} else {
		n.Refs = append(n.Refs, *ref)
	}
	b.reconfigure(d)
	if other, twice := b.nodes.byID[n.ID]; twice {
		b.duplicate(d, other)
		return
	}
	b.nodes.add(d)
	b.names.add(d)
}

// patchNode applies an entry to the node it names.
func (b *binder) patchNode(p *property, kind node.Kind) {
	var d *draft
	switch kind {
	case node.Function:
		d = first(b.functionsNamed(p.name))
	case node.Analysis:
		for _, x := range b.nodes.order {
			if x.n.Kind == node.Analysis && x.n.Name == p.name {
				d = x
				break
			}
		}
	default:
		d = b.names.find(p.name, p.pkg.Name)
		if d == nil {
			d = b.names.only(p.name)
		}
		if d != nil && d.n.Kind != kind {
			x := b.diags.Add(diag.EntryOfOtherKind, p.at.name, "'%s' is a %s node, but it is specified in the %s section of %s. To fix this warning, place the `%s` specification under the %ss key instead.",
				p.name, d.n.Kind, p.section, p.path, p.name, d.n.Kind)
			x.Related = related(d)
			return
		}
	}
	if d == nil {
		found := b.disabledNamed(p.name, p.pkg.Name, kind)
		if len(found) == 0 {
			x := b.diags.Add(diag.EntryWithoutNode, p.at.name, "Did not find matching node for patch with name '%s' in the '%s' section of file '%s'", p.name, p.section, p.path)
			if best := b.names.nearest(p.name, kind); best != "" {
				x.Hint = "Did you mean '" + best + "'?"
			}
			return
		}
		if len(found) > 1 && p.config != nil {
			if e, ok := p.config.Get("enabled"); ok && jinja.Truth(e) {
				b.diags.Add(diag.DuplicateEntry, p.at.name, "Found %d matching disabled nodes for %s '%s'. Multiple nodes for the same unique id cannot be enabled in the schema file. They must be enabled in `dbt_project.yml` or in the sql files.",
					len(found), kind, p.name)
				return
			}
		}
		for _, f := range found {
			b.applyTo(f, p, nil)
		}
		return
	}
	if d.prop != nil {
		b.duplicatePatch(p, d)
		return
	}
	b.applyTo(d, p, nil)
}

func (b *binder) duplicatePatch(p *property, d *draft) {
	x := b.diags.Add(diag.DuplicateEntry, p.at.name, "dbt found two schema.yml entries for the same resource named %s. Resources and their associated columns may only be described a single time. Described in %s and in %s.",
		p.name, d.prop.path, p.path)
	x.Hint = "Remove one of the two entries."
	x.Related = []diag.Related{{Span: d.prop.at.name, Message: "the other entry"}}
}

func related(d *draft) []diag.Related {
	if d.n.Code.IsZero() {
		return nil
	}
	return []diag.Related{{Span: d.n.Code.Sub(0, 0), Message: "the node"}}
}

// place is where an entry of a properties file stands, and the name in it.
type place struct{ whole, name source.Span }

func placeIn(n *yamldoc.Node) place {
	at := place{whole: n.Span, name: n.Span}
	if v := n.Get("name"); v != nil {
		at.name = v.Span
	}
	return at
}

// applyTo writes an entry into a node.
func (b *binder) applyTo(d *draft, p *property, v *versionProperty) {
	n := d.n
	d.prop = p
	n.PatchPath = p.pkg.Name + "://" + p.path
	n.Declared = p.at.whole
	n.Description = p.description
	cols := p.columns
	config, raw, constraints := p.config, p.raw, p.constraints
	if v != nil {
		n.Description = cmp.Or(v.description, p.description)
		cols = p.columnsOf(v)
		config, raw = deepMerge(p.config, v.config), v.raw
		if len(v.constraints) > 0 {
			constraints = v.constraints
		}
		n.DeprecationDate = v.deprecation
	} else if n.Kind == node.Model {
		n.DeprecationDate = p.deprecation
	}
	n.Columns = b.columnsOf(cols)
	n.Name = p.name
	if config != nil && config.Len() > 0 || v != nil {
		d.patch, d.rawPatch = config, raw
		if access, ok := orEmptyDict(config).Get("access"); ok && !slices.Contains([]string{"private", "protected", "public"}, jinja.Text(access)) {
			b.diags.Add(diag.BadAccess, p.at.name, "Node %s has an invalid value (%s) for the access field", n.ID, jinja.Text(access)).Node = string(n.ID)
			d.patch = config.Copy()
			d.patch.Delete("access")
		}
		b.reconfigure(d)
		b.diags = append(b.diags, d.scanned...)
		d.scanned = nil
		b.addTags(d)
	}
	switch n.Kind {
	case node.Model:
		if v == nil {
			n.TimeSpine = orNone(p.timeSpine)
		}
		b.checkColumnTypes(p, cols)
		b.applyConstraints(d, constraints)
		if v == nil {
			b.applySemantics(d, p)
		}
	case node.Function:
		b.applyFunction(d, p)
	}
	if n.Kind != node.Model {
		for _, k := range p.foreign {
			b.diags.Add(diag.PropertyIgnored, k.span, "Field '%s' is not valid for %s (%s)", k.key, n.Kind, p.name)
		}
	}
}

func orEmptyDict(d *jinja.Dict) *jinja.Dict {
	if d == nil {
		return jinja.NewDict(0)
	}
	return d
}

func (b *binder) columnsOf(cols []columnProperty) []resource.Column {
	if len(cols) == 0 {
		return nil
	}
	out := make([]resource.Column, 0, len(cols))
	for i := range cols {
		c := b.info(&cols[i])
		if at := slices.IndexFunc(out, func(o resource.Column) bool { return o.Name == c.Name }); at >= 0 {
			out[at] = c
			continue
		}
		out = append(out, c)
	}
	return out
}

// columnsOf flattens the columns of a version: the model's, as include and exclude say, then the version's own.
func (p *property) columnsOf(v *versionProperty) []columnProperty {
	var out []columnProperty
	for _, c := range p.columns {
		if v.includes(c.name) {
			out = append(out, c)
		}
	}
	return append(out, v.columns...)
}

// deepMerge joins two configs: mappings key by key, lists with the later one in front.
func deepMerge(a, b *jinja.Dict) *jinja.Dict {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	out := a.Copy()
	for k, v := range b.Entries {
		old, have, _ := out.Lookup(k)
		switch v := v.(type) {
		case *jinja.Dict:
			base, _ := old.(*jinja.Dict)
			_ = out.Store(k, deepMerge(base, v))
		case *jinja.List:
			if have {
				_ = out.Store(k, joinLists(v, old))
			} else {
				_ = out.Store(k, v)
			}
		default:
			_ = out.Store(k, v)
		}
	}
	return out
}

// versionText is a version as it stands in names: v1, v1.5, vbeta.
func versionText(v jinja.Value) string { return "v" + jinja.Text(v) }

// lessVersion orders versions by number where both are numbers, else as text.
func lessVersion(a, b jinja.Value) bool {
	x, errX := strconv.ParseFloat(strings.TrimSpace(jinja.Text(a)), 64)
	y, errY := strconv.ParseFloat(strings.TrimSpace(jinja.Text(b)), 64)
	if errX == nil && errY == nil {
		return x < y
	}
	return jinja.Text(a) < jinja.Text(b)
}

// checkVersions refuses versions that contradict each other.
func (r *reader) checkVersions(p *property) {
	seen := map[string]bool{}
	for i := range p.versions {
		v := jinja.Text(p.versions[i].v)
		if seen[v] {
			r.failed = true
			r.out.Add(diag.BadVersions, p.versions[i].at, "Found duplicate version: '%s' in versions list of model '%s'", v, p.name)
		}
		seen[v] = true
	}
	if p.latest != nil && jinja.Truth(p.latest) {
		var all []jinja.Value
		found := false
		for i := range p.versions {
			found = found || jinja.Equal(p.versions[i].v, p.latest)
			all = append(all, p.versions[i].v)
		}
		if !found {
			r.failed = true
			r.out.Add(diag.BadVersions, p.latestAt, "latest_version: %s is not one of model '%s' versions: %s", jinja.Text(p.latest), p.name, jinja.Repr(jinja.NewList(all...)))
		}
	}
}

// patchVersions gives each version of a model its node.
func (b *binder) patchVersions(p *property, c *contents) {
	latest := p.latest
	if latest == nil {
		latest = p.versions[0].v
		for i := range p.versions {
			if lessVersion(latest, p.versions[i].v) {
				latest = p.versions[i].v
			}
		}
	}
	var moved []*draft
	for i := range p.versions {
		v := &p.versions[i]
		file := cmp.Or(v.definedIn, p.name+"_"+versionText(v.v))
		d := b.names.find(file, p.pkg.Name)
		if d == nil && jinja.Equal(v.v, latest) {
			d = b.names.find(p.name, p.pkg.Name)
		}
		enabled := d != nil
		if d == nil {
			found := b.disabledNamed(file, "", node.Model)
			if len(found) > 1 && p.config != nil {
				if e, ok := p.config.Get("enabled"); ok && jinja.Truth(e) {
					b.diags.Add(diag.DuplicateEntry, p.at.name, "Found %d matching disabled nodes for model '%s'. Multiple nodes for the same unique id cannot be enabled in the schema file. They must be enabled in `dbt_project.yml` or in the sql files.",
						len(found), p.name)
					continue
				}
			}
			d = first(found)
		}
		if d == nil || d.n.Kind != node.Model {
			x := b.diags.Add(diag.EntryWithoutNode, p.at.name, "Did not find matching node for patch with name '%s' in the '%s' section of file '%s'", file, p.section, p.path)
			x.Hint = "Version " + jinja.Text(v.v) + " of '" + p.name + "' is looked for in " + file + ".sql; `defined_in` names another file."
			continue
		}
		if d.prop != nil {
			b.duplicatePatch(p, d)
			continue
		}
		if enabled {
			b.nodes.remove(d)
		} else {
			b.disabled = slices.DeleteFunc(b.disabled, func(x *draft) bool { return x == d })
		}
		n := d.n
		n.ID = node.Make(node.Model, p.pkg.Name, p.name, versionText(v.v))
		n.FQN = append(slices.Clone(n.FQN[:len(n.FQN)-1]), p.name, versionText(v.v))
		n.Version, n.LatestVersion = v.v, latest
		if enabled {
			if other, twice := b.nodes.byID[n.ID]; twice {
				b.duplicate(d, other)
				continue
			}
			b.nodes.add(d)
		} else {
			b.disabled = append(b.disabled, d)
		}
		b.applyTo(d, p, v)
		moved = append(moved, d)
	}
	if len(moved) > 0 {
		b.names.rename(moved)
		b.indexDisabled()
	}
}

// patchSingularTest applies an entry of data_tests.
func (b *binder) patchSingularTest(p *property) {
	id := node.Make(node.Test, p.pkg.Name, p.name)
	d, ok := b.nodes.byID[id]
	if !ok || d.n.Test == nil || d.n.Test.Generic {
		b.diags.Add(diag.EntryWithoutNode, p.at.name, "Did not find matching node for patch with name '%s' in the '%s' section of file '%s'", p.name, p.section, p.path)
		return
	}
	n := d.n
	d.prop = p
	n.PatchPath, n.Description, n.Declared = p.pkg.Name+"://"+p.path, p.description, p.at.whole
	if p.config != nil && p.config.Len() > 0 {
		d.patch, d.rawPatch = p.config, p.raw
		b.reconfigure(d)
		b.diags = append(b.diags, d.scanned...)
		d.scanned = nil
		b.addTags(d)
	}
}

func first(ds []*draft) *draft {
	if len(ds) == 0 {
		return nil
	}
	return ds[0]
}

// sortOutDisabled moves nodes between the enabled and the disabled, now that properties have said theirs too.
func (b *binder) sortOutDisabled() {
	var off []*draft
	for _, t := range [...]*table{b.nodes} {
		for _, d := range t.order {
			if !d.state.enabled() {
				off = append(off, d)
			}
		}
		for _, d := range off {
			delete(t.byID, d.n.ID)
		}
		if len(off) > 0 {
			t.order = slices.DeleteFunc(t.order, func(d *draft) bool { return !d.state.enabled() })
		}
	}
	still := b.disabled[:0:0]
	for _, d := range b.disabled {
		if !d.state.enabled() || d.n.Kind == node.Function {
			still = append(still, d)
			continue
		}
		if other, twice := b.nodes.byID[d.n.ID]; twice {
			b.duplicate(d, other)
			continue
		}
		b.nodes.add(d)
	}
	b.disabled = append(still, off...)
	b.indexNames()
}
