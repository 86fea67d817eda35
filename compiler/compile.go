package compiler

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/sqlsyntax"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// CompileOptions are what rendering needs beyond the project.
type CompileOptions struct {
	Selected []node.ID
	// Warehouse answers what templates ask; nil refuses every question.
	Warehouse Warehouse
	// ReadOnly refuses what would change the warehouse.
	ReadOnly bool
	Empty    bool
}

// Message is what a template said while it was rendered, with log(), print() or exceptions.warn().
type Message struct {
	Node        node.ID
	Text        string
	Print, Info bool
	Warning     bool
}

// Compilation is the outcome of Compile: the text of each node that could be compiled.
type Compilation struct {
	texts    map[node.ID]*text
	Messages []Message
}

// text is a compiled node.
type text struct {
	// code has the ephemeral parents in front of the rendered text; injected says that there are any.
	code     string
	rendered render.Rendered
	ctes     []render.CTE
	pieces   []sqlsyntax.Piece
}

// Code is the compiled code of a node.
func (c *Compilation) Code(id node.ID) (string, bool) {
	t := c.texts[id]
	if t == nil {
		return "", false
	}
	return t.code, true
}

// Compile renders the selected nodes, in parallel. A node that fails does not stop the others; its diagnostics name it.
func (p *Project) Compile(ctx context.Context, o CompileOptions) (*Compilation, diag.List) {
	renderer := p.engine.Renderer(p.bound, render.RenderOptions{
		Context: ctx, Warehouse: o.Warehouse, ReadOnly: o.ReadOnly, Empty: o.Empty, Selected: o.Selected,
	})
	type outcome struct {
		text   *text
		diags  diag.List
		failed bool
	}
	nodes := p.withText(o.Selected)
	out := make([]outcome, len(nodes))
	each(len(nodes), p.options.Workers, func(i int) {
		if ctx.Err() != nil {
			return
		}
		out[i].text, out[i].diags = p.compileNode(renderer, nodes[i])
		out[i].failed = out[i].diags.HasErrors()
	})
	c := &Compilation{texts: make(map[node.ID]*text, len(nodes))}
	var diags diag.List
	for i, n := range nodes {
		if n.Kind == node.Operation {
			out[i].diags = onlyInRuns(n, out[i].diags)
		}
		diags = append(diags, out[i].diags...)
		if out[i].text == nil {
			continue
		}
		for _, m := range out[i].text.rendered.Messages {
			c.Messages = append(c.Messages, Message{Node: n.ID, Text: m.Text, Print: m.Print, Info: m.Info, Warning: m.Warning})
		}
		if !out[i].failed {
			c.texts[n.ID] = out[i].text
			addMacros(n, out[i].text.rendered.Macros)
		}
	}
	return c, diags
}

// addMacros adds the macros that only an executing render called to what the node depends on, as dbt does when it compiles.
func addMacros(n *resource.Node, macros []string) {
	all := slices.Clip(n.DependsOnMacros)
	for _, m := range macros {
		if !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	n.DependsOnMacros = all
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

// withText are the nodes of a selection that have a text to render, in order of the graph.
func (p *Project) withText(ids []node.ID) []*resource.Node {
	want := make(map[node.ID]bool, len(ids))
	for _, id := range ids {
		want[id] = true
	}
	var out []*resource.Node
	for _, i := range p.dag.Order() {
		n := p.dag.Node(i)
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

// compileNode renders a node and puts its ephemeral parents in front.
func (p *Project) compileNode(r *render.Renderer, n *resource.Node) (*text, diag.List) {
	var rendered render.Rendered
	var diags diag.List
	if n.Materialized() == "ephemeral" {
		rendered, diags = r.RenderEphemeral(n)
	} else {
		rendered, diags = r.Render(n)
	}
	if diags.HasErrors() {
		return &text{rendered: rendered}, diags
	}
	diags = append(diags, referKeys(r, n)...)
	t, list := p.inject(r, n, rendered)
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

func (p *Project) inject(r *render.Renderer, n *resource.Node, rendered render.Rendered) (*text, diag.List) {
	t := &text{code: rendered.Text, rendered: rendered}
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
	injected, err := sqlsyntax.InjectCTEs(rendered.Text, parts, sqlsyntax.LexiconOf(p.dialectOf(n)))
	if err != nil {
		d := diags.Add(diag.NoStatement, n.Code, "expected SQL to put the ephemeral parents in front of, found none: %s", err)
		d.Node = string(n.ID)
		return t, diags
	}
	t.code, t.pieces, t.ctes = injected.Text, injected.Pieces, ctes
	return t, diags
}

func (p *Project) dialectOf(n *resource.Node) string {
	if n.Dialect != "" {
		return n.Dialect
	}
	return p.set.Profile.Type
}

// Inline compiles a text that is no file of the project, as `show --inline` does.
func (p *Project) Inline(ctx context.Context, sql string, o CompileOptions) (code string, messages []Message, diags diag.List) {
	f := source.NewFile("inline query", sql)
	n := &resource.Node{
		ID: node.Make(node.SQLOperation, p.set.Root.Name, "inline_query"), Kind: node.SQLOperation, Name: "inline_query", Package: p.set.Root.Name,
		Path: "sql/inline_query", OriginalPath: "from remote system.sql", FQN: []string{p.set.Root.Name, "sql", "inline_query"}, Language: "sql",
		Database: p.set.Profile.Database, Schema: p.set.Profile.Schema, Alias: "inline_query", Config: jinja.NewDict(0), Unrendered: jinja.NewDict(0),
		Meta: jinja.NewDict(0), Enabled: true, RawCode: sql, Code: source.Whole(f), Version: jinja.None, LatestVersion: jinja.None,
	}
	n.Config.Set("materialized", jinja.Str("view"))
	found, diags := p.engine.Scan(n)
	if diags.HasErrors() {
		return "", nil, diags
	}
	n.Refs, n.Sources = found.Refs, found.Sources
	diags = append(diags, p.bound.BindReferences(n)...)
	if diags.HasErrors() {
		return "", nil, diags
	}
	r := p.engine.Renderer(p.bound, render.RenderOptions{Context: ctx, Warehouse: o.Warehouse, ReadOnly: o.ReadOnly, Empty: o.Empty})
	t, list := p.compileNode(r, n)
	for _, m := range t.rendered.Messages {
		messages = append(messages, Message{Node: n.ID, Text: m.Text, Print: m.Print, Info: m.Info, Warning: m.Warning})
	}
	return t.code, messages, append(diags, list...)
}

// Position finds the place in the author's file that an offset of a node's compiled code came from; the zero Span if it came
// from nowhere in a file.
func (c *Compilation) Position(id node.ID, offset int) source.Span {
	t := c.texts[id]
	if t == nil {
		return source.Span{}
	}
	return t.position(offset)
}

func (t *text) position(offset int) source.Span {
	if len(t.pieces) > 0 {
		i, _ := slices.BinarySearchFunc(t.pieces, offset+1, func(p sqlsyntax.Piece, at int) int { return p.Out - at })
		if i == 0 {
			return source.Span{}
		}
		piece := t.pieces[i-1]
		if piece.Source != sqlsyntax.FromQuery {
			return source.Span{}
		}
		offset = piece.In + offset - piece.Out
	}
	segments := t.rendered.Map
	i, _ := slices.BinarySearchFunc(segments, offset+1, func(s jinja.Segment, at int) int { return s.Out - at })
	if i == 0 {
		return source.Span{}
	}
	s := segments[i-1]
	if s.Literal {
		at := min(s.Span.Start+offset-s.Out, s.Span.End)
		return source.Span{File: s.Span.File, Start: at, End: at}
	}
	return s.Span
}

// CompiledPath is where a node's compiled code is written below the target folder: "compiled/shop/models/a.sql". Nodes that share
// a file, and all snapshots, get a folder of its name, as in dbt.
func (p *Project) CompiledPath(id node.ID) string {
	n := p.bound.ByID[id]
	if n == nil {
		return ""
	}
	file := n.OriginalPath
	switch {
	case n.Kind == node.UnitTest:
		file += "/" + unitPath(n)
	case n.Kind == node.Snapshot:
		file += "/" + n.Name + ".sql"
	case path.Base(n.Path) != path.Base(file):
		file += "/" + n.Path
	}
	return fmt.Sprintf("compiled/%s/%s", n.Package, file)
}
