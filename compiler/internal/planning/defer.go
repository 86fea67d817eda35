package planning

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
)

// Defer lets references read what another environment has, where this one does not have it; theirs says where that is. What this
// command builds is never read there; what is not selected always is, with favor; all else is if its relation does not exist here.
// dbt looks when it comes to a reference. Nothing but what the run itself builds comes into being in between, so one look before is enough.
func (p *Project) Defer(ctx context.Context, theirs func(node.ID) (node.Relation, bool), selected Selected, command string, favor bool, w warehouse.Warehouse) error {
	chosen := make(map[node.ID]bool, len(selected.IDs))
	for _, id := range selected.IDs {
		chosen[id] = true
	}
	builds := slices.Contains([]string{"build", "run", "seed", "snapshot"}, command)
	deferred := map[node.ID]render.Deferred{}
	schemas, depends := map[node.Relation]bool{}, map[node.ID]node.Relation{}
	for _, n := range p.DAG.Nodes() {
		there, ok := theirs(n.ID)
		if !ok || !n.HasRelation() || n.Kind == node.Test {
			continue
		}
		d := render.Deferred{Relation: there, Read: !chosen[n.ID] || !builds}
		if d.Read && (chosen[n.ID] || !favor) {
			here := n.Relation()
			depends[n.ID] = here
			schemas[node.Relation{Database: here.Database, Schema: here.Schema}] = true
		}
		deferred[n.ID] = d
	}
	exists := map[node.Relation]bool{}
	if w != nil {
		for _, schema := range slices.SortedFunc(maps.Keys(schemas), func(a, b node.Relation) int { return strings.Compare(a.String(), b.String()) }) {
			found, err := w.List(ctx, schema.Database, schema.Schema)
			if err != nil {
				return err
			}
			for _, f := range found {
				exists[f.Fold()] = true
			}
		}
	}
	for id, here := range depends {
		if exists[here.Fold()] {
			d := deferred[id]
			d.Read = false
			deferred[id] = d
		}
	}
	p.Deferred = deferred
	return nil
}
