package render

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// RenderOptions are what rendering needs beyond the project.
type RenderOptions struct {
	Context context.Context
	// Warehouse answers what templates ask of the warehouse; nil refuses. WarehouseFor, if set, gives each node its own.
	Warehouse    warehouse.Warehouse
	WarehouseFor func(n *resource.Node) warehouse.Warehouse
	// ReadOnly refuses what would change the warehouse: compile, show, ls.
	ReadOnly bool
	// Empty is --empty, Sample --sample, Selected what the command selected.
	Empty    bool
	Sample   *Sample
	Selected []node.ID
	// Unit says that one of the nodes is a unit test.
	Unit *UnitTest
	// Batch is the batch of a microbatch model that is rendered; nil for everything else.
	Batch *Batch
	// Ahead, if set, says that texts are rendered ahead of their turn in the run. It is called for those whose turn matters: one that puts
	// something of its own into `graph`, which others are to find there, and all that look at `graph` where hooks do that.
	Ahead func()
	// Deferred are the nodes that another environment has too, where this one may read them.
	Deferred map[node.ID]Deferred
	// Said, if set, gets what a template says as soon as it is said, instead of Rendered.Messages.
	Said func(Message)
	// LoadSeed reads a seed's file for load_agate_table().
	LoadSeed func(n *resource.Node) (jinja.Value, error)
}

// Deferred is where another environment has a node. Read says that references to the node read it there.
type Deferred struct {
	Relation node.Relation
	Read     bool
}

// Sample is the window of --sample, as Python prints datetimes.
type Sample struct{ Start, End string }

// Batch is a batch of a microbatch model: what `model.batch` shows, and the window of what the model reads.
type Batch struct {
	ID         string
	Start, End time.Time
	// Aside is the name under which the table is built meanwhile, "" if it is not built aside: `this` is that table then.
	Aside string
}

// Renderer renders the nodes of a project whose graph is known. It is safe for concurrent use.
type Renderer struct {
	engine  *Engine
	graph   Graph
	options RenderOptions

	mu        sync.Mutex
	ephemeral map[node.ID]*ephemeral
}

// Renderer makes a Renderer for a graph, which is told from others by its identity: it has to be a pointer.
func (e *Engine) Renderer(g Graph, o RenderOptions) *Renderer {
	if o.Context == nil {
		o.Context = context.Background()
	}
	return &Renderer{engine: e, graph: g, options: o, ephemeral: map[node.ID]*ephemeral{}}
}

// Rendered is a node's text as rendered, before ephemeral parents are put in.
type Rendered struct {
	Text string
	// Map tells which source bytes each stretch of Text came from.
	Map []jinja.Segment
	// Relations are the relations written by ref, source and this, by their place in Text.
	Relations []TrackedRelation
	// Ephemeral are the ephemeral models that the text refers to, in the order of their first ref.
	Ephemeral []node.ID
	// Macros are the unique ids of the macros that the node's own text called, in the order of the first call.
	Macros []string
	// Messages are what the template said with log, print and exceptions.warn.
	Messages []Message
	// Written is what the template gave to write(), if it did.
	Written *string
}

// Render renders a node's text for its engine.
func (r *Renderer) Render(n *resource.Node) (Rendered, diag.List) { return r.RenderWith(n, nil) }

// RenderWith renders a node's text with further names in its context: `results` and `schemas` of on-run-end hooks, for example.
func (r *Renderer) RenderWith(n *resource.Node, extra map[string]jinja.Value) (Rendered, diag.List) {
	text := n.Code
	if text.IsZero() {
		text = source.Whole(source.NewFile(n.OriginalPath, n.RawCode))
	}
	return r.render(n, text, nil, extra)
}

// RenderText renders a further text in a node's context, a pre-hook or post-hook for example. compiled is the node's compiled
// code where it is known: what `sql` and `compiled_code` are.
func (r *Renderer) RenderText(n *resource.Node, text source.Span, compiled *string, extra map[string]jinja.Value) (Rendered, diag.List) {
	return r.render(n, text, compiled, extra)
}

func (r *Renderer) render(n *resource.Node, text source.Span, compiled *string, extra map[string]jinja.Value) (out Rendered, diags diag.List) {
	defer recoverInternal(&diags, n)
	if n.Language == "python" {
		return Rendered{Text: n.RawCode}, nil
	}
	generic := n.Test != nil && n.Test.Generic
	var t *jinja.Template
	if generic {
		t, diags = r.engine.testTemplate(n)
	} else {
		t, diags = jinja.Parse(text, dialectOfDbt)
	}
	if t == nil {
		return out, ofNode(diags, n)
	}
	c := r.context(n, modeRun)
	defer c.endTurn()
	defer c.keptInGraph()
	c.file, c.compiled = text, compiled
	for name, v := range extra {
		if c.extra == nil {
			c.extra = make(map[string]jinja.Value, len(extra))
		}
		c.extra[name] = v
	}
	c.prepareUnit()
	thread := c.thread()
	if generic {
		if err := c.addTestArguments(thread); err != nil {
			return out, append(diags, c.diagnose(err))
		}
	}
	rendered, err := t.Render(thread, c)
	out = Rendered{
		Text: rendered.Text, Map: rendered.Map, Ephemeral: c.ctes, Macros: c.macros,
		Messages: c.messages, Written: c.written,
	}
	diags = append(diags, c.warnings()...)
	if err != nil {
		return out, append(diags, c.diagnose(err))
	}
	out.Relations = trackRelations(rendered, c.given)
	return out, diags
}

func (r *Renderer) context(n *resource.Node, m mode) *nodeContext {
	c := r.engine.context(n, m)
	c.run = r
	return c
}

// trackRelations finds the relations that a template was given in what it printed. Only text that expressions made is looked
// at: what the author wrote by hand is not a reference.
func trackRelations(out jinja.Output, given []givenRelation) []TrackedRelation {
	if len(given) == 0 {
		return nil
	}
	var found []TrackedRelation
	for i, segment := range out.Map {
		if segment.Literal {
			continue
		}
		end := len(out.Text)
		if i+1 < len(out.Map) {
			end = out.Map[i+1].Out
		}
		for at := segment.Out; at < end; {
			g, length := longestAt(out.Text[at:end], given)
			if g == nil {
				at++
				continue
			}
			before := at == 0 || !partOfName(out.Text[at-1])
			after := at+length == len(out.Text) || !partOfName(out.Text[at+length])
			if before && after {
				found = append(found, TrackedRelation{Start: at, End: at + length, Node: g.id, Kind: g.kind})
			}
			at += length
		}
	}
	return found
}

// longestAt is the longest of the relations that the text begins with.
func longestAt(text string, given []givenRelation) (best *givenRelation, length int) {
	for i := range given {
		if g := &given[i]; len(g.text) > length && strings.HasPrefix(text, g.text) {
			best, length = g, len(g.text)
		}
	}
	return best, length
}

func partOfName(b byte) bool { return isIdent(b) || b == '"' || b == '`' || b == '.' }

// eventTime is the filter of --sample, or of a microbatch model's batch, on a node that declares an event time.
func (c *nodeContext) eventTime(target *resource.Node) *warehouse.EventTime {
	if c.run == nil || c.run.options.Sample == nil && c.run.options.Batch == nil || c.node == nil || c.node.Kind != node.Model && c.node.Kind != node.Snapshot {
		return nil
	}
	if target.Config == nil {
		return nil
	}
	v, ok := target.Config.Get("event_time")
	if !ok || !jinja.Truth(v) {
		return nil
	}
	field := jinja.Text(v)
	if quoteColumn(target, field) {
		field = c.dialect.data.QuoteIdentifier(field)
	}
	var window Sample
	sample := c.run.options.Sample
	if b := c.run.options.Batch; b != nil {
		window = Sample{basecontext.NewDateTime(b.Start).String(), basecontext.NewDateTime(b.End).String()}
		if sample != nil {
			window.Start, window.End = max(window.Start, sample.Start), min(window.End, sample.End)
		}
	} else {
		window = *sample
	}
	return &warehouse.EventTime{Field: field, Start: window.Start, End: window.End}
}

// quoteColumn says whether a column's name is to be quoted: as the column says, else as its source says.
func quoteColumn(n *resource.Node, name string) bool {
	for i := range n.Columns {
		if c := &n.Columns[i]; c.Name == name && c.Quote != nil && !isNone(c.Quote) {
			return jinja.Truth(c.Quote)
		}
	}
	if n.Source != nil && n.Source.Quoting != nil {
		if v, ok := n.Source.Quoting.Get("column"); ok {
			return jinja.Truth(v)
		}
	}
	return false
}

// RunMacro calls a macro by name with arguments, as run-operation does; pkg is its package or "". What it gives back and what
// it said are returned.
func (r *Renderer) RunMacro(pkg, name string, kwargs *jinja.Dict, dialect string) (v jinja.Value, said []Message, diags diag.List) {
	d := r.engine.dialect(dialect)
	m := r.engine.findMacro(name, pkg, d)
	if m == nil {
		in := "any package"
		if pkg != "" {
			in = "package '" + pkg + "'"
		}
		diags.Add(diag.MacroNotFound, source.Span{}, "dbt could not find a macro with the name \"%s\" in %s", name, in)
		return nil, nil, diags
	}
	operation := &resource.Node{Kind: node.Operation, Name: name, Package: m.res.Package, Dialect: d.name, OriginalPath: m.res.OriginalPath, Code: m.span}
	defer recoverInternal(&diags, operation)
	def := m.definition()
	if def == nil {
		return nil, nil, m.diags
	}
	c := &nodeContext{engine: r.engine, run: r, mode: modeOperation, dialect: d, names: r.engine.scope(m.res.Package, d), file: m.span, node: operation}
	defer c.endTurn()
	call := jinja.Call{Thread: c.thread(), Scope: c, Span: m.span}
	if kwargs != nil {
		for k, v := range kwargs.Entries {
			call.Kwargs = append(call.Kwargs, jinja.Kwarg{Name: jinja.Text(k), Value: v})
		}
	}
	v, err := def.Bind(c).Call(&call)
	diags = c.warnings()
	if err != nil {
		diags = append(diags, diagnose(err, "", m.span))
	}
	return v, c.messages, diags
}
