package compiler

import (
	"context"
	"time"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/planning"
	"github.com/weft-data/weft/compiler/manifest"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// What planning takes and gives.
type (
	// PlanOptions are what planning needs beyond the project.
	PlanOptions = planning.Options
	// IntervalRequest asks for one batch of a microbatch model, or for the end of a table that was built aside.
	IntervalRequest = planning.IntervalRequest
	// Planned is a plan with what is needed to carry it out: the texts, and the expansion of late steps.
	Planned = planning.Planned
	// Expansion is what a late step turned out to be.
	Expansion = planning.Expansion
	// HookResult is a node's result as on-run-end hooks see it.
	HookResult = planning.HookResult
	// HookTiming is one entry of its timing.
	HookTiming = planning.HookTiming
	// Sample is the window of --sample.
	Sample = planning.Sample
)

// ParseSample reads the value of --sample: "3 days", which ends now, or {start: '2024-01-01', end: '2024-02-01'}.
func ParseSample(text string, now time.Time) (*Sample, error) { return planning.ParseSample(text, now) }

// Schemas lists the schemas that a run of the selected nodes has to look at.
func (p *Project) Schemas(s Selected) []plan.Observation { return p.planner.Schemas(s) }

// Plan compiles the selected nodes and lowers them to batches. Nodes whose templates ask for what only the run will know become
// late steps. Errors of single nodes are in the plan too: such a step refuses to run.
func (p *Project) Plan(ctx context.Context, o PlanOptions) (*Planned, diag.List) {
	o.Invocation = p.options.InvocationID
	return p.planner.Plan(ctx, o)
}

// PlanClone plans copies of what another environment has built: state is that environment's manifest. The second result says in dbt's
// words which nodes are left alone, and why.
func (p *Project) PlanClone(ctx context.Context, o PlanOptions, state *manifest.Manifest) (*Planned, []string, diag.List) {
	return p.planner.PlanClone(ctx, o, state)
}

// PlanFreshness plans the questions to the selected sources, with the project's hooks around them if they are wanted.
func (p *Project) PlanFreshness(ctx context.Context, ids []node.ID, w Warehouse, hooks bool) (*Planned, diag.List) {
	return p.planner.PlanFreshness(ctx, ids, w, hooks)
}
