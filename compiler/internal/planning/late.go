package planning

import (
	"context"
	"errors"
	"slices"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/compile"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// planning is the warehouse as a node sees it while the run is planned. Existence comes from what was observed; whatever only the
// run can answer (a query, the columns of what the run rebuilds) makes the node late.
type planning struct {
	inner warehouse.Warehouse
	plan  *Planned
	// own is the relation of the node itself: that is as it was found.
	own node.Relation
	// asked says that the template asked for what only the run knows. One node is rendered by one goroutine.
	asked bool
}

var errLate = errors.New("the answer is known only when the run comes to this node")

func (w *planning) GetRelation(ctx context.Context, r node.Relation) (*warehouse.Found, error) {
	if w.plan.looked[node.Relation{Database: r.Database, Schema: r.Schema}.Fold()] {
		o := w.plan.index.Find(r)
		if o == nil {
			if w.plan.rebuilt[r.Fold()] && r.Fold() != w.own {
				w.asked = true // another node of this run makes it
				return nil, errLate
			}
			return nil, nil
		}
		return &warehouse.Found{Relation: o.Relation, Type: string(o.Kind)}, nil
	}
	if w.inner == nil {
		return nil, nil
	}
	return w.inner.GetRelation(ctx, r)
}

func (w *planning) Columns(ctx context.Context, r node.Relation) ([]warehouse.ColumnInfo, error) {
	if w.plan.rebuilt[r.Fold()] || w.inner == nil {
		w.asked = true
		return nil, errLate
	}
	return w.inner.Columns(ctx, r)
}

func (w *planning) List(ctx context.Context, database, schema string) ([]warehouse.Found, error) {
	w.asked = true
	return nil, errLate
}

func (w *planning) Schemas(ctx context.Context, database string) ([]string, error) {
	w.asked = true
	return nil, errLate
}

func (w *planning) Execute(context.Context, string, bool, int) (*warehouse.Result, error) {
	w.asked = true
	return nil, errLate
}

func (w *planning) Act(context.Context, plan.Act) error {
	w.asked = true
	return errLate
}

// Expansion is what a late step turned out to be.
type Expansion struct {
	Batches, Recover []plan.Batch
	CompiledCode     string
	Test             *plan.Test
	Report           *plan.Report
	Refusal          *plan.Refusal
	// Compiled says that the node's text was rendered, though the step may be refused for what came after it.
	Compiled bool
	// Answer is what the step's main statement gave, where a template has sent it already.
	Answer *warehouse.Result
}

// Expand renders and lowers a late step, now that its parents exist. w answers on the step's own session; observed is what was
// looked at for the step.
func (pl *Planned) Expand(ctx context.Context, id node.ID, w warehouse.Warehouse, observed plan.Observed, results []HookResult) (Expansion, diag.List) {
	n := pl.nodes[id]
	if n == nil {
		return Expansion{Refusal: &plan.Refusal{Code: string(diag.Internal), Message: "the step " + string(id) + " is not of this plan"}}, nil
	}
	if n.Kind == node.Operation {
		return pl.expandOperation(ctx, id, w, results)
	}
	if n.Kind == node.UnitTest {
		return pl.expandUnitTest(ctx, n, w)
	}
	all := pl.options.Observed
	all.Schemas, all.Objects = slices.Clone(all.Schemas), slices.Clone(all.Objects)
	all.Merge(observed)
	t, diags := pl.compile(ctx, n, w)
	if diags.HasErrors() {
		return Expansion{Refusal: pl.refusal(diags)}, diags
	}
	switch script, refusal := pl.script(n); {
	case refusal != nil:
		return Expansion{Refusal: refusal}, diags
	case script != "":
		return pl.runScript(ctx, n, script, t, w, diags)
	}
	s := plan.Step{Node: n.ID, Kind: n.Kind, Materialization: n.Materialized(), Silent: n.Materialized() == "ephemeral"}
	diags = append(diags, pl.lower(ctx, n, &s, t, w, all.Index())...)
	pl.remember(ctx, id, t)
	out := Expansion{Batches: s.Batches, Recover: s.Recover, Test: s.Test, Report: s.Report, Refusal: s.Refusal}
	if t != nil {
		out.Compiled, out.CompiledCode = true, batchOf(ctx).underName(t.Code, n.Alias)
	}
	return out, diags
}

func (pl *Planned) expandOperation(ctx context.Context, id node.ID, w warehouse.Warehouse, results []HookResult) (Expansion, diag.List) {
	n := pl.nodes[id]
	extra := map[string]jinja.Value{
		"results": pl.resultsValue(results),
	}
	schemas, pairs := pl.schemasOf(results)
	extra["schemas"], extra["database_schemas"] = schemas, pairs
	r := pl.renderer(ctx, w)
	rendered, diags := r.RenderWith(n, extra)
	if diags.HasErrors() {
		return Expansion{Refusal: pl.refusal(diags)}, diags
	}
	t, list := pl.project.Inject(r, n, rendered)
	if diags = append(diags, list...); list.HasErrors() {
		return Expansion{Refusal: pl.refusal(list)}, diags
	}
	pl.remember(ctx, id, t)
	return Expansion{Batches: pl.operationBatches(n, t.Code), CompiledCode: t.Code}, diags
}

// schemasOf are `schemas` and `database_schemas` of on-run-end hooks: where the run's nodes live, without repetition.
func (pl *Planned) schemasOf(results []HookResult) (schemas, pairs jinja.Value) {
	names, both := jinja.NewList(), jinja.NewList()
	seenName, seenPair := map[string]bool{}, map[node.Relation]bool{}
	for _, r := range results {
		n := pl.nodes[r.Node]
		if n == nil || !n.HasRelation() || r.Status == "error" || r.Status == "skipped" {
			continue
		}
		if !seenName[n.Schema] {
			seenName[n.Schema] = true
			names.Items = append(names.Items, jinja.Str(n.Schema))
		}
		pair := node.Relation{Database: n.Database, Schema: n.Schema}
		if !seenPair[pair] {
			seenPair[pair] = true
			both.Items = append(both.Items, jinja.Tuple{jinja.Str(n.Database), jinja.Str(n.Schema)})
		}
	}
	return names, both
}

// remember keeps a node's text and what it said. The text of a batch is not its model's: like dbt's, the manifest shows none for it.
func (pl *Planned) remember(ctx context.Context, id node.ID, t *compile.Text) {
	if t == nil {
		return
	}
	pl.mu.Lock()
	defer pl.mu.Unlock()
	if batchOf(ctx) == nil {
		pl.Compilation.Put(id, t)
	}
	pl.said(id, t.Rendered.Messages)
}

// Settle gives nodes that were rendered while the run went on the macros that only their rendering called, as dbt does before it writes its
// manifest. It is called when the run has ended.
func (pl *Planned) Settle() {
	for i := range pl.Plan.Steps {
		// A unit test's own entry keeps what its declaration depends on.
		if s := &pl.Plan.Steps[i]; !s.Late || s.Kind == node.UnitTest {
			continue
		}
		id := pl.Plan.Steps[i].Node
		if t := pl.Compilation.Text(id); t != nil {
			compile.AddMacros(pl.nodes[id], t.Rendered.Macros)
		}
	}
}

// tell keeps what a template said that is not a node's own text.
func (pl *Planned) tell(id node.ID, messages []render.Message) {
	if len(messages) == 0 {
		return
	}
	pl.mu.Lock()
	defer pl.mu.Unlock()
	pl.said(id, messages)
}

func (pl *Planned) said(id node.ID, messages []render.Message) {
	pl.messages = append(pl.messages, compile.Messages(id, messages)...)
}

// TakeMessages are what templates said since the last call, while late steps were rendered.
func (pl *Planned) TakeMessages() []compile.Message {
	pl.mu.Lock()
	defer pl.mu.Unlock()
	out := pl.messages
	pl.messages = nil
	return out
}
