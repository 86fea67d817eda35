package duckdb

import (
	"context"
	"strings"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

// Leftovers lists the relations that stand under the names by which the project builds aside. Whoever has the file open is the only one who
// does, so none of them is another run's.
func (e *Engine) Leftovers(ctx context.Context, c engine.Collection) ([]engine.Leftover, error) {
	found, err := e.Observe(ctx, c.Schemas)
	if err != nil {
		return nil, err
	}
	staged := map[node.Relation]bool{}
	for _, r := range c.Staged {
		staged[lower(r)] = true
	}
	var out []engine.Leftover
	for _, o := range found.Objects {
		if staged[lower(o.Relation)] && o.Kind != plan.Temporary {
			kind := "staged table"
			if o.Kind == plan.View {
				kind = "staged view"
			}
			out = append(out, engine.Leftover{Kind: kind, Relation: o.Relation})
		}
	}
	return out, nil
}

func lower(r node.Relation) node.Relation {
	return node.Relation{Database: strings.ToLower(r.Database), Schema: strings.ToLower(r.Schema), Identifier: strings.ToLower(r.Identifier)}
}

// Collect drops one.
func (e *Engine) Collect(ctx context.Context, l engine.Leftover) error {
	s, err := e.Session(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	word := "table"
	if l.Kind == "staged view" {
		word = "view"
	}
	quote := func(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
	name := quote(l.Relation.Schema) + "." + quote(l.Relation.Identifier)
	if l.Relation.Database != "" {
		name = quote(l.Relation.Database) + "." + name
	}
	_, err = s.Do(ctx, plan.Batch{Phase: plan.Clean, Statements: []plan.Statement{{SQL: "drop " + word + " if exists " + name, Purpose: plan.Drop}}})
	return err
}
