package planning

import (
	"context"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/manifest"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// PlanClone plans copies of what another environment has built: state is that environment's manifest. Engines that cannot copy a table
// without its rows get a view on it, as in dbt. Nodes that exist already, or that the other environment does not have, are left alone,
// and the second result says so in dbt's words.
func (p *Project) PlanClone(ctx context.Context, o Options, state *manifest.Manifest) (*Planned, []string, diag.List) {
	pl := p.planned(o)
	var said []string
	var diags diag.List
	d := p.lowerDialect(nil)
	for _, i := range p.DAG.Order() {
		n := p.DAG.Node(i)
		if !o.Selected.Set.Has(i) || !n.HasRelation() || n.Kind == node.Test {
			continue
		}
		pl.nodes[n.ID] = n
		s := plan.Step{Node: n.ID, Kind: n.Kind, Materialization: n.Materialized(), Label: p.label(n)}
		s.Label.CompiledPath = ""
		theirs := state.Nodes[string(n.ID)]
		nothing := &plan.Report{Message: plan.NoOp}
		switch {
		case theirs.RelationName == "":
			said = append(said, "No relation found in state manifest for "+string(n.ID))
			s.Report = nothing
		case pl.index.Find(n.Relation()) != nil && !o.FullRefresh:
			said = append(said, "Relation "+n.RelationName+" already exists")
			s.Report = nothing
		case theirs.RelationName == n.RelationName:
			s.Report = nothing
		default:
			ln := lower.Node{ID: n.ID, Kind: node.Model, Language: "sql", Materialization: "view", Relation: n.Relation(), SQL: "select * from " + theirs.RelationName,
				FullRefresh: o.FullRefresh}
			var list diag.List
			ln.PreHooks, ln.PostHooks, list = pl.nodeHooks(ctx, n, ln.SQL)
			if diags = append(diags, list...); list.HasErrors() {
				s.Refusal = pl.refusal(list)
				break
			}
			out := lower.Lower(ln, d, pl.index)
			s.Batches, s.Recover, s.Report, s.Publish, s.Refusal = out.Batches, out.Recover, out.Report, out.Publish, out.Refusal
		}
		pl.Plan.Steps = append(pl.Plan.Steps, s)
	}
	return pl, said, append(diags, pl.setup(ctx)...)
}
