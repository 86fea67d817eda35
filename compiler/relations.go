package compiler

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// Relations are all relations that the project's own nodes become, the names under which they are built aside, and the schemas that both
// are in.
func (p *Project) Relations() (relations, staged []node.Relation, schemas []plan.Observation) {
	seen := map[node.Relation]bool{}
	for _, n := range p.bound.Nodes() {
		if !n.HasRelation() {
			continue
		}
		r := n.Relation()
		relations, staged = append(relations, r), append(staged, lower.StagedNames(r)...)
		if schema := (node.Relation{Database: r.Database, Schema: r.Schema}); !seen[schema] {
			seen[schema] = true
			schemas = append(schemas, plan.Observation{Relation: schema})
		}
	}
	for _, list := range [][]node.Relation{relations, staged} {
		slices.SortFunc(list, func(a, b node.Relation) int { return strings.Compare(a.String(), b.String()) })
	}
	slices.SortFunc(schemas, func(a, b plan.Observation) int { return strings.Compare(a.Relation.String(), b.Relation.String()) })
	return relations, staged, schemas
}
