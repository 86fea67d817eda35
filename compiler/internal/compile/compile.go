package compile

import (
	"context"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/parallel"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/sqlsyntax"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// Options are what rendering needs beyond the project.
type Options struct {
	Selected []node.ID
	// Warehouse answers what templates ask; nil refuses every question.
	Warehouse warehouse.Warehouse
	// ReadOnly refuses what would change the warehouse.
	ReadOnly bool
	Empty    bool
	// For is the warehouse as a node's template sees it, in place of Warehouse; nil gives all nodes the same.
	For func(*resource.Node) warehouse.Warehouse
}

// renderer is what renders a node, or all of them.
func (p *Project) renderer(ctx context.Context, o Options, n *resource.Node) *render.Renderer {
	w := o.Warehouse
	if o.For != nil && n != nil {
		w = o.For(n)
	}
	return p.Engine.Renderer(p.Bound, render.RenderOptions{
		Context: ctx, Warehouse: w, ReadOnly: o.ReadOnly, Empty: o.Empty, Selected: o.Selected, Deferred: p.Deferred,
	})
}

// Compile renders the selected nodes, in parallel. A node that fails does not stop the others; its diagnostics name it.
func (p *Project) Compile(ctx context.Context, o Options) (*Compilation, diag.List) {
	type outcome struct {
		text   *Text
		diags  diag.List
		failed bool
	}
	nodes := p.WithText(o.Selected)
	out := make([]outcome, len(nodes))
	parallel.Each(len(nodes), p.Workers, func(i int) {
		if ctx.Err() != nil {
			return
		}
		out[i].text, out[i].diags = p.CompileNode(p.renderer(ctx, o, nodes[i]), nodes[i])
		out[i].failed = out[i].diags.HasErrors()
		if t := out[i].text; t != nil { // nothing runs the text, so no error of an engine asks for its places
			t.Rendered.Map, t.pieces = nil, nil
		}
	})
	c := &Compilation{texts: make(map[node.ID]*Text, len(nodes))}
	var diags diag.List
	for i, n := range nodes {
		if n.Kind == node.Operation {
			out[i].diags = onlyInRuns(n, out[i].diags)
		}
		diags = append(diags, out[i].diags...)
		if out[i].text == nil {
			continue
		}
		c.Messages = append(c.Messages, Messages(n.ID, out[i].text.Rendered.Messages)...)
		if !out[i].failed {
			c.texts[n.ID] = out[i].text
			AddMacros(n, out[i].text.Rendered.Macros)
		}
	}
	for _, n := range p.Inlined(nodes) {
		if t, list := p.CompileNode(p.renderer(ctx, o, n), n); t != nil && !list.HasErrors() { // what is wrong with it, its readers have told
			c.PutInlined(n.ID, t)
		}
	}
	return c, diags
}

// Inlined are the ephemeral models in front of the nodes' texts, but for those that are among the nodes.
func (p *Project) Inlined(nodes []*resource.Node) []*resource.Node {
	seen := make(map[int32]bool, len(nodes))
	var stack []int32
	for _, n := range nodes {
		if i, ok := p.DAG.Index(n.ID); ok {
			seen[i] = true
			stack = append(stack, i)
		}
	}
	var out []*resource.Node
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, parent := range p.DAG.Parents(i) {
			n := p.DAG.Node(parent)
			if seen[parent] || n.Kind != node.Model || n.Materialized() != "ephemeral" {
				continue
			}
			seen[parent] = true
			out, stack = append(out, n), append(stack, parent)
		}
	}
	return out
}

// onlyInRuns turns the failure of an on-run hook that asks or changes the warehouse into a warning: hooks belong to runs, and a
// project must compile without one.
func onlyInRuns(n *resource.Node, list diag.List) diag.List {
	for _, d := range list {
		switch d.Code {
		case diag.NeedsWarehouse, diag.ReadOnly, diag.StatementFailed:
			var out diag.List
			w := out.Add(diag.HookInRunOnly, d.Span, "the hook %s is rendered only in a run: %s", n.Name, d.Detail)
			w.Node, w.Related = string(n.ID), d.Related
			return out
		}
	}
	return list
}

// WithText are the nodes of a selection that have a text to render, in order of the graph.
func (p *Project) WithText(ids []node.ID) []*resource.Node {
	want := make(map[node.ID]bool, len(ids))
	for _, id := range ids {
		want[id] = true
	}
	var out []*resource.Node
	for _, i := range p.DAG.Order() {
		n := p.DAG.Node(i)
		if !want[n.ID] {
			continue
		}
		switch n.Kind {
		case node.Model, node.Test, node.Snapshot, node.Analysis, node.Operation, node.SQLOperation:
			out = append(out, n)
		}
	}
	return out
}

// CompileNode renders a node and puts its ephemeral parents in front.
func (p *Project) CompileNode(r *render.Renderer, n *resource.Node) (*Text, diag.List) {
	var rendered render.Rendered
	var diags diag.List
	if n.Materialized() == "ephemeral" {
		rendered, diags = r.RenderEphemeral(n)
	} else {
		rendered, diags = r.Render(n)
	}
	if diags.HasErrors() {
		return &Text{Rendered: rendered}, diags
	}
	diags = append(diags, referKeys(r, n)...)
	t, list := p.Inject(r, n, rendered)
	return t, append(diags, list...)
}

// referKeys turns the `to` of foreign keys from a ref or source into the relation, as dbt does when it compiles.
func referKeys(r *render.Renderer, n *resource.Node) (diags diag.List) {
	if n.Kind != node.Model {
		return nil
	}
	refer := func(constraints []*jinja.Dict) {
		for _, c := range constraints {
			to := (resource.SettingsOf(c)).Text("to")
			if (resource.SettingsOf(c)).Text("type") != "foreign_key" || !strings.HasPrefix(to, "ref(") && !strings.HasPrefix(to, "source(") {
				continue
			}
			f := source.NewFile(n.OriginalPath+" (constraint)", "{{ ("+to+").render() }}")
			out, list := r.RenderText(n, source.Whole(f), nil, nil)
			if diags = append(diags, list...); !list.HasErrors() {
				c.Set("to", jinja.Str(out.Text))
			}
		}
	}
	refer(n.Constraints)
	for i := range n.Columns {
		refer(n.Columns[i].Constraints)
	}
	return diags
}

// Inject puts the ephemeral parents of a rendered text in front of it.
func (p *Project) Inject(r *render.Renderer, n *resource.Node, rendered render.Rendered) (*Text, diag.List) {
	t := &Text{Code: rendered.Text, Rendered: rendered}
	if len(rendered.Ephemeral) == 0 {
		return t, nil
	}
	ctes, diags := r.CTEs(n, rendered.Ephemeral)
	if diags.HasErrors() {
		return t, diags
	}
	parts := make([]sqlsyntax.CTE, len(ctes))
	for i, c := range ctes {
		parts[i] = sqlsyntax.CTE{Name: c.Name, SQL: c.SQL}
	}
	injected, err := sqlsyntax.InjectCTEs(rendered.Text, parts, sqlsyntax.LexiconOf(p.DialectOf(n)))
	if err != nil {
		d := diags.Add(diag.NoStatement, n.Code, "expected SQL to put the ephemeral parents in front of, found none: %s", err)
		d.Node = string(n.ID)
		return t, diags
	}
	t.Code, t.pieces, t.CTEs = injected.Text, injected.Pieces, ctes
	return t, diags
}
