// Package planning turns selected nodes into a plan: it renders their texts, reads their settings into the plain data that lowering
// takes, and says which steps cannot be finished before the run comes to them.
//
// It is the one place that knows both sides of that border. Lowering sees no template and no config; rendering sees no batch. What
// a step needs beyond its text (hooks, contracts, seeds, strategies, scripts, batches of time) has a file each. When the run comes to a
// late step, the same work is done again with what then exists: Planned.Expand.
package planning

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/compile"
	"github.com/weft-data/weft/compiler/internal/graph"
	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/internal/parallel"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// Project is a project as planning sees it.
type Project struct{ *compile.Project }

// Selected is the outcome of a selection.
type Selected struct {
	// IDs are the selected nodes, sorted by id.
	IDs []node.ID
	// Set is the same as places in the graph.
	Set *graph.Set
	// Again says that the nodes are those of an earlier run.
	Again bool
}

// Options are what planning needs beyond the project.
type Options struct {
	Command  string
	Selected Selected
	// Observed is what exists now: the schemas that Schemas lists.
	Observed plan.Observed
	// Warehouse answers about relations that this run does not make: their columns, and schemas that were not observed.
	Warehouse                         warehouse.Warehouse
	FullRefresh, Empty, StoreFailures bool
	// ReadOnly refuses templates that would change the warehouse: the plan is made to be looked at.
	ReadOnly bool
	// Invocation is the id of this run: what the run makes is named by it.
	Invocation string
	// Sample is the window of --sample, nil if there is none.
	Sample *Sample
	// EventTimeStart and EventTimeEnd bound the batches of microbatch models; zero for their own.
	EventTimeStart, EventTimeEnd time.Time
	// Intervals are the batches to run again of microbatch models that an earlier run did not finish; their names are made of their beginnings.
	Intervals map[node.ID][]plan.Interval
	// EarlierIntervals are the batches of the same models that the earlier run did finish; BatchesUntil is when it began, which the batches
	// of all others go up to.
	EarlierIntervals map[node.ID][]plan.Interval
	BatchesUntil     time.Time
	// Applied are nodes whose rows an earlier run has published without coming to their end: only what comes after that is done.
	Applied map[node.ID]bool
}

// Planned is a plan with what is needed to carry it out: the texts, and the expansion of late steps.
type Planned struct {
	Plan        plan.Plan
	Compilation *compile.Compilation

	project *Project
	options Options
	index   plan.Index
	// rebuilt are the relations that this run makes, looked the schemas that were observed; both folded.
	rebuilt, looked map[node.Relation]bool
	nodes           map[node.ID]*resource.Node
	mu              sync.Mutex
	messages        []compile.Message
	warned          map[string]bool
	// seeds are the seeds whose files were read: *lower.Seed by node.ID.
	seeds sync.Map
	// aside are the microbatch models whose table is built aside.
	aside map[node.ID]bool
}

// planned is an empty plan.
func (p *Project) planned(o Options) *Planned {
	return &Planned{project: p, options: o, index: o.Observed.Index(), rebuilt: map[node.Relation]bool{}, looked: map[node.Relation]bool{}, nodes: map[node.ID]*resource.Node{}, aside: map[node.ID]bool{},
		Compilation: compile.NewCompilation(), Plan: plan.Plan{Version: plan.Version, Observed: o.Observed}}
}

// Before is what stood under a node's name before the run, nil for nothing; afresh says that the run builds it from nothing even so.
func (pl *Planned) Before(n *resource.Node) (old *plan.Object, afresh bool) {
	return pl.index.Find(n.Relation()), pl.fullRefresh(n)
}

// Seed is a planned seed with the columns that were found in its file, nil if its file was not read.
func (pl *Planned) Seed(id node.ID) *lower.Seed {
	found, _ := pl.seeds.Load(id)
	seed, _ := found.(*lower.Seed)
	return seed
}

// Schemas lists the schemas that a run of the selected nodes has to look at.
func (p *Project) Schemas(s Selected) []plan.Observation {
	seen := map[node.Relation]bool{}
	var out []plan.Observation
	add := func(n *resource.Node) {
		schema := node.Relation{Database: n.Database, Schema: n.Schema}
		if n.Schema == "" || seen[schema] || n.Materialized() == "ephemeral" {
			return
		}
		seen[schema] = true
		out = append(out, plan.Observation{Relation: schema})
	}
	for _, id := range s.IDs {
		n := p.Bound.ByID[id]
		if n == nil || !n.HasRelation() {
			continue
		}
		add(n)
		if n.Materialized() == "incremental" || n.Kind == node.Snapshot || p.managed(n) {
			out = append(out, plan.Observation{Relation: n.Relation(), Columns: true})
		}
	}
	slices.SortFunc(out, func(a, b plan.Observation) int { return strings.Compare(a.Relation.String(), b.Relation.String()) })
	return out
}

// Plan compiles the selected nodes and lowers them to batches. Nodes whose templates ask for what only the run will know become
// late steps. Errors of single nodes are in the plan too: such a step refuses to run.
func (p *Project) Plan(ctx context.Context, o Options) (*Planned, diag.List) {
	pl := p.planned(o)
	for _, what := range p.Schemas(o.Selected) {
		if what.Relation.Identifier == "" {
			pl.looked[what.Relation.Fold()] = true
		}
	}
	set, units := o.Selected.Set, map[int32][]int32{}
	if o.Command == "build" {
		set, units = p.unitsFirst(o.Selected)
	}
	queue := p.DAG.Queue(set, o.Command == "build")
	order := queue.Order
	if len(units) > 0 {
		order = make([]int32, 0, len(queue.Order)+len(units))
		for _, i := range queue.Order {
			order = append(append(order, units[i]...), i)
		}
	}
	at := make(map[int32]int, len(queue.Nodes))
	for k, i := range queue.Nodes {
		at[i] = k
		n := p.DAG.Node(i)
		pl.nodes[n.ID] = n
		if n.HasRelation() {
			pl.rebuilt[n.Relation().Fold()] = true
		}
	}
	for _, tests := range units {
		for _, i := range tests {
			pl.nodes[p.DAG.Node(i).ID] = p.DAG.Node(i)
		}
	}
	// Hooks first: they may keep things in `graph` for the nodes.
	ofHooks := pl.hooks(ctx)
	steps := make([]plan.Step, len(order))
	texts := make([]*compile.Text, len(order))
	problems := make([]diag.List, len(order))
	parallel.Each(len(order), p.Workers, func(i int) {
		n := p.DAG.Node(order[i])
		steps[i], texts[i], problems[i] = pl.step(ctx, n)
	})
	var diags diag.List
	for i, index := range order {
		for _, test := range units[index] {
			steps[i].Parents = append(steps[i].Parents, p.DAG.Node(test).ID)
		}
		if k, queued := at[index]; !queued { // a unit test waits for what its model waits for
			k = at[p.DAG.Parents(index)[0]]
			at[index] = k
		}
		for _, parent := range queue.Needs[at[index]] {
			steps[i].Parents = append(steps[i].Parents, p.DAG.Node(parent).ID)
		}
		if steps[i].Batching.Aside {
			pl.aside[steps[i].Node] = true
		}
		if texts[i] != nil {
			pl.Compilation.Put(steps[i].Node, texts[i])
			compile.AddMacros(pl.nodes[steps[i].Node], texts[i].Rendered.Macros)
			pl.Compilation.Messages = append(pl.Compilation.Messages, compile.Messages(steps[i].Node, texts[i].Rendered.Messages)...)
		}
		diags = append(diags, problems[i]...)
	}
	pl.Plan.Steps = steps
	diags = append(diags, pl.idleSettings(order)...)
	pl.inline(ctx, order)
	diags = append(diags, pl.setup(ctx)...)
	diags = append(diags, ofHooks...)
	return pl, append(diags, pl.comments(ctx)...)
}

// inline keeps the texts of the ephemeral models that nodes of the run hold. One that can be rendered only in the run is left out.
func (pl *Planned) inline(ctx context.Context, order []int32) {
	nodes := make([]*resource.Node, len(order))
	for i, k := range order {
		nodes[i] = pl.project.DAG.Node(k)
	}
	for _, n := range pl.project.Inlined(nodes) {
		late := &planning{inner: pl.options.Warehouse, plan: pl, own: n.Relation().Fold()}
		if t, list := pl.compile(ctx, n, late); t != nil && !late.asked && !list.HasErrors() {
			pl.Compilation.PutInlined(n.ID, t)
		}
	}
}

// step plans one node.
func (pl *Planned) step(ctx context.Context, n *resource.Node) (plan.Step, *compile.Text, diag.List) {
	s := plan.Step{Node: n.ID, Kind: n.Kind, Materialization: n.Materialized(), Label: pl.project.label(n)}
	s.Silent = s.Materialization == "ephemeral"
	s.Continue = n.Settings().Text("on_error") == "continue"
	if n.Kind == node.Exposure || n.Kind == node.SavedQuery {
		return s, nil, nil
	}
	if n.Kind == node.UnitTest {
		if s.Refusal = pl.project.refuseEngine(pl.project.Bound.ByID[n.UnitTest.Tested]); s.Refusal == nil {
			s.Settings = pl.project.engineSettings(n)
			s.Late, s.Compiled = true, true
		}
		return s, nil, nil
	}
	if n.Kind == node.Function {
		s.Refusal = &plan.Refusal{Code: string(diag.NotRunYet), Message: "weft reads resources of type " + string(n.Kind) + " but does not run them yet"}
		return s, nil, nil
	}
	if r := pl.project.refuseEngine(n); r != nil {
		s.Refusal = r
		return s, nil, nil
	}
	// What is lowered only when the run comes to it is published like others of its materialization.
	s.Publish = plan.Class(pl.project.dialectData(n).Publish[s.Materialization])
	s.Settings = pl.project.engineSettings(n)
	if pl.project.inBatches(n) {
		s.Intervals, s.Refusal = pl.intervals(n)
		s.Materialization = "microbatch"
		s.Late, s.Needs = true, []plan.Observation{{Relation: n.Relation(), Columns: true}}
		if s.Refusal == nil {
			s.Batching = pl.batching(n, len(s.Intervals))
		}
		if s.Batching.Aside {
			s.Needs = append(s.Needs, plan.Observation{Relation: stagedOf(n), Columns: true})
		}
		return s, nil, nil
	}
	late := &planning{inner: pl.options.Warehouse, plan: pl, own: n.Relation().Fold()}
	t, diags := pl.compile(ctx, n, late)
	switch {
	case late.asked:
		s.Late = true
		s.Compiled = n.Kind != node.Seed
		return s, nil, nil
	case diags.HasErrors():
		s.Refusal = pl.refusal(diags)
		return s, nil, diags
	}
	if t != nil {
		s.Compiled, s.CompiledCode = true, t.Code
	}
	if script, refusal := pl.script(n); script != "" || refusal != nil {
		s.Late, s.Refusal, s.Publish = refusal == nil, refusal, plan.None
		return s, t, diags
	}
	list := pl.lower(ctx, n, &s, t, late, pl.index)
	if late.asked {
		s.Batches, s.Recover, s.Refusal, s.Late = nil, nil, nil, true
		return s, t, diags
	}
	return s, t, append(diags, list...)
}

func (pl *Planned) renderer(ctx context.Context, w warehouse.Warehouse) *render.Renderer {
	var ahead func()
	switch w := w.(type) {
	case *planning:
		ahead = func() { w.asked = true }
	case *deferring:
		ahead = func() { w.asked = true }
	}
	return pl.project.Engine.Renderer(pl.project.Bound, render.RenderOptions{
		Ahead: ahead, Context: ctx, Warehouse: w, ReadOnly: pl.options.ReadOnly, Empty: pl.options.Empty, Deferred: pl.project.Deferred, Sample: pl.options.Sample.rendered(), Selected: pl.options.Selected.IDs, Batch: batchOf(ctx).rendered(),
		LoadSeed: pl.loadSeed,
	})
}

// compile renders a node's text; seeds have none.
func (pl *Planned) compile(ctx context.Context, n *resource.Node, w warehouse.Warehouse) (*compile.Text, diag.List) {
	if n.Kind == node.Seed || n.Kind == node.Source {
		return nil, nil
	}
	return pl.project.CompileNode(pl.renderer(ctx, w), n)
}
