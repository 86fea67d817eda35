package resolve

import (
	"cmp"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
)

// Graph is everything a project declares, bound. It also answers what a reference names, for templates that are rendered
// later. It is not changed after Bind and safe for several goroutines.
type Graph struct {
	// ByID holds the resources of all kinds that stand in the manifest's sections. A test whose target is missing is among
	// them with Enabled false, as in dbt.
	ByID map[node.ID]*resource.Node
	// Disabled may hold several resources with one id.
	Disabled []*resource.Node
	Docs     []*resource.Doc
	Macros   []*resource.Macro

	all    []*resource.Node
	groups []*resource.Group
	binder *binder
	find   *resolver
}

// All are the resources in dbt's order: models, snapshots, analyses, tests, seeds, operations as their files were read, then
// sources, exposures, functions, metrics, semantic models, saved queries and unit tests.
func (g *Graph) All() []*resource.Node { return g.all }

// Nodes is All, under the name by which templates ask.
func (g *Graph) Nodes() []*resource.Node { return g.all }

// Groups are the groups in order of their declaration.
func (g *Graph) Groups() []*resource.Group { return g.groups }

// Node finds a resource by its unique id, nil if there is none.
func (g *Graph) Node(id node.ID) *resource.Node { return g.ByID[id] }

// Ref finds the node that a ref in a node of from's package names; disabled says that there is one that is not enabled. A name
// that several packages have, and that is not qualified, names nothing.
func (g *Graph) Ref(from *resource.Node, pkg, name string, version jinja.Value) (target *resource.Node, disabled bool) {
	d, off, _ := g.find.ref(from.Package, pkg, name, version)
	return nodeOf(d), off
}

// Source finds a source's table.
func (g *Graph) Source(from *resource.Node, source, table string) (target *resource.Node, disabled bool) {
	name := source + "." + table
	d, off := g.find.look(g.find.sources[name], name, from.Package, "")
	return nodeOf(d), off
}

// Metric finds a metric.
func (g *Graph) Metric(from *resource.Node, pkg, name string) (target *resource.Node, disabled bool) {
	d, off := g.find.look(g.find.metrics[name], name, from.Package, pkg)
	return nodeOf(d), off
}

// Function finds a function.
func (g *Graph) Function(from *resource.Node, pkg, name string) (target *resource.Node, disabled bool) {
	d, off := g.find.look(g.find.functions[name], name, from.Package, pkg, node.Function)
	return nodeOf(d), off
}

func nodeOf(d *draft) *resource.Node {
	if d == nil {
		return nil
	}
	return d.n
}

// BindReferences fills in what a node depends on that is not of the project's files, from its Refs and Sources.
func (g *Graph) BindReferences(n *resource.Node) diag.List {
	d := &draft{n: n}
	g.binder.resolveSources(g.find, d)
	g.binder.resolveRefs(g.find, d)
	g.binder.hintRefs(d)
	g.binder.resolveFunctions(&d.scanned, g.find, d)
	return d.scanned
}

// Operations are the hooks of all packages for on-run-start or on-run-end, in the order in which they run: packages by name,
// the root project last.
func (g *Graph) Operations(tag string) []node.ID {
	root := g.find.root
	var hooks []*resource.Node
	for _, n := range g.all {
		if n.Kind == node.Operation && slices.Contains(n.Tags, tag) {
			hooks = append(hooks, n)
		}
	}
	index := func(n *resource.Node) int64 {
		i, _ := at(n.Other, "index").(jinja.Int)
		return int64(i)
	}
	last := func(n *resource.Node) int {
		if n.Package == root {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(hooks, func(a, b *resource.Node) int {
		return cmp.Or(last(a)-last(b), cmp.Compare(a.Package, b.Package), cmp.Compare(index(a), index(b)))
	})
	out := make([]node.ID, len(hooks))
	for i, n := range hooks {
		out[i] = n.ID
	}
	return out
}

// graph gives the result its form.
func (b *binder) graph() *Graph {
	g := &Graph{ByID: make(map[node.ID]*resource.Node, len(b.nodes.order)+len(b.sources.order)), Docs: b.docs, Macros: b.macros.all, groups: b.groups,
		binder: b, find: b.newOrder()}
	for _, t := range [...]*table{b.nodes, b.sources, b.exposures, b.functions, b.metrics, b.semantic, b.saved, b.units} {
		for _, d := range t.order {
			g.all = append(g.all, d.n)
			g.ByID[d.n.ID] = d.n
		}
	}
	for _, d := range b.disabled {
		g.Disabled = append(g.Disabled, d.n)
	}
	return g
}

// Input finds what an input of a unit test stands for: `this`, or the one ref or source that its text names. A problem says in words
// why there is none.
func (g *Graph) Input(test *resource.Node, text string) (input *resource.Node, problem string) {
	if strings.TrimSpace(text) == "this" {
		return g.ByID[test.UnitTest.Tested], ""
	}
	ref, src, ok := parseReference(text, test.Declared)
	switch {
	case !ok:
		return nil, "Unit test given inputs must be either a 'ref', 'source' or 'this' call. Got: '" + text + "'."
	case ref != nil:
		input, _ = g.Ref(test, ref.Package, ref.Name, ref.Version)
	default:
		input, _ = g.Source(test, src.Source, src.Table)
	}
	if input == nil {
		return nil, "Unit test '" + test.Name + "' had an input (" + text + ") which was not found in the manifest."
	}
	return input, ""
}
