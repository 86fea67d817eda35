package render

import (
	"context"

	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// Packages keep things in `graph` from one template to the next, elementary its cache for example, so there is one for all. Templates
// that look at it take turns: each keeps the turn to its end, but for the time that it waits for the warehouse. That is what Python's
// interpreter lock gives dbt. Templates that never look at it never wait.

// takeTurn waits until no other template works with the graph.
func (c *nodeContext) takeTurn() {
	if !c.turn {
		c.engine.graphTurn.Lock()
		c.turn = true
	}
}

// endTurn lets the next one go on.
func (c *nodeContext) endTurn() {
	if c.turn {
		c.turn = false
		c.engine.graphTurn.Unlock()
	}
}

// pause gives the turn away until the function that it returns is called.
func (c *nodeContext) pause() func() {
	if !c.turn {
		return func() {}
	}
	c.endTurn()
	return c.takeTurn
}

// turning is a warehouse whose answers are waited for without the turn.
type turning struct {
	warehouse.Warehouse
	context *nodeContext
}

// inTurns wraps a warehouse. What else it can do stays visible.
func inTurns(w warehouse.Warehouse, c *nodeContext) warehouse.Warehouse {
	if w == nil {
		return nil
	}
	t := turning{w, c}
	transactional, isTransactional := w.(warehouse.Transactional)
	cacher, isCacher := w.(warehouse.Cacher)
	switch {
	case isTransactional && isCacher:
		return struct {
			turning
			turningTransaction
			warehouse.Cacher
		}{t, turningTransaction{transactional, c}, cacher}
	case isTransactional:
		return struct {
			turning
			turningTransaction
		}{t, turningTransaction{transactional, c}}
	case isCacher:
		return struct {
			turning
			warehouse.Cacher
		}{t, cacher}
	}
	return t
}

func (t turning) GetRelation(ctx context.Context, r node.Relation) (*warehouse.Found, error) {
	defer t.context.pause()()
	return t.Warehouse.GetRelation(ctx, r)
}

func (t turning) Columns(ctx context.Context, r node.Relation) ([]warehouse.ColumnInfo, error) {
	defer t.context.pause()()
	return t.Warehouse.Columns(ctx, r)
}

func (t turning) List(ctx context.Context, database, schema string) ([]warehouse.Found, error) {
	defer t.context.pause()()
	return t.Warehouse.List(ctx, database, schema)
}

func (t turning) Schemas(ctx context.Context, database string) ([]string, error) {
	defer t.context.pause()()
	return t.Warehouse.Schemas(ctx, database)
}

func (t turning) Execute(ctx context.Context, sql string, fetch bool, limit int) (*warehouse.Result, error) {
	defer t.context.pause()()
	return t.Warehouse.Execute(ctx, sql, fetch, limit)
}

func (t turning) Act(ctx context.Context, a plan.Act) error {
	defer t.context.pause()()
	return t.Warehouse.Act(ctx, a)
}

type turningTransaction struct {
	inner   warehouse.Transactional
	context *nodeContext
}

func (t turningTransaction) Begin(ctx context.Context) error {
	defer t.context.pause()()
	return t.inner.Begin(ctx)
}

func (t turningTransaction) Commit(ctx context.Context) error {
	defer t.context.pause()()
	return t.inner.Commit(ctx)
}
