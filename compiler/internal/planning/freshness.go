package planning

import (
	"context"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// PlanFreshness plans the questions to the selected sources, with the project's hooks around them if they are wanted.
func (p *Project) PlanFreshness(ctx context.Context, ids []node.ID, w warehouse.Warehouse, hooks bool) (*Planned, diag.List) {
	pl := p.planned(Options{Command: "freshness", Selected: Selected{IDs: ids}, Warehouse: w})
	for _, id := range ids {
		n := p.Bound.ByID[id]
		if n == nil || n.Source == nil {
			continue
		}
		pl.nodes[id] = n
		pl.Plan.Steps = append(pl.Plan.Steps, plan.Step{Node: id, Kind: n.Kind, Late: true,
			Settings: p.engineSettings(n), Label: plan.Label{Name: n.Name, Package: n.Package, Database: n.Database, Schema: n.Schema, Alias: n.Alias, RelationName: n.RelationName,
				Path: n.OriginalPath, Source: n.Source.Name}})
	}
	if !hooks {
		return pl, nil
	}
	return pl, pl.hooks(ctx)
}
