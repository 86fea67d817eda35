package cli

import (
	"context"
	"sync"

	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner"
	"github.com/weft-data/weft/runner/engine"
)

// asker is the part of a runner's session, or of an engine, that templates ask.
type asker interface {
	Execute(ctx context.Context, s plan.Statement) (engine.Result, error)
	Observe(ctx context.Context, what []plan.Observation) (plan.Observed, error)
}

var _ asker = runner.NodeSession(nil)

// liveWarehouse answers templates from an engine. It opens the engine at the first question: most projects compile without one.
type liveWarehouse struct {
	open func() (asker, func() error, error)

	once  sync.Once
	asker asker
	close func() error
	err   error
}

// Close closes what was opened.
func (w *liveWarehouse) Close() error {
	w.once.Do(func() {})
	if w.close == nil {
		return nil
	}
	return w.close()
}

func (w *liveWarehouse) ask() (asker, error) {
	w.once.Do(func() { w.asker, w.close, w.err = w.open() })
	return w.asker, w.err
}

func (w *liveWarehouse) observe(ctx context.Context, r node.Relation, columns bool) (plan.Observed, error) {
	a, err := w.ask()
	if err != nil {
		return plan.Observed{}, err
	}
	return a.Observe(ctx, []plan.Observation{{Relation: r, Columns: columns}})
}

// GetRelation finds a relation by name, whatever the case.
func (w *liveWarehouse) GetRelation(ctx context.Context, r node.Relation) (*compiler.Found, error) {
	seen, err := w.observe(ctx, r, false)
	if err != nil {
		return nil, err
	}
	if o := seen.Index().Find(r); o != nil {
		return &compiler.Found{Relation: o.Relation, Type: string(o.Kind)}, nil
	}
	return nil, nil
}

// Columns lists a relation's columns.
func (w *liveWarehouse) Columns(ctx context.Context, r node.Relation) ([]compiler.ColumnInfo, error) {
	seen, err := w.observe(ctx, r, true)
	if err != nil {
		return nil, err
	}
	o := seen.Index().Find(r)
	if o == nil && r.Schema == "" && len(seen.Objects) == 1 {
		o = &seen.Objects[0] // a temporary table, whose schema is the session's
	}
	if o == nil {
		return nil, nil
	}
	out := make([]compiler.ColumnInfo, len(o.Columns))
	for i, c := range o.Columns {
		out[i] = compiler.ColumnInfo{Name: c.Name, Type: c.Type, Raw: true}
	}
	return out, nil
}

// List lists the relations of a schema.
func (w *liveWarehouse) List(ctx context.Context, database, schema string) ([]compiler.Found, error) {
	seen, err := w.observe(ctx, node.Relation{Database: database, Schema: schema}, false)
	if err != nil {
		return nil, err
	}
	var out []compiler.Found
	for _, o := range seen.Objects {
		out = append(out, compiler.Found{Relation: o.Relation, Type: string(o.Kind)})
	}
	return out, nil
}

// Schemas lists the schemas of a database.
func (w *liveWarehouse) Schemas(ctx context.Context, database string) ([]string, error) {
	seen, err := w.observe(ctx, node.Relation{Database: database}, false)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(seen.Schemas))
	for i, s := range seen.Schemas {
		out[i] = s.Schema
	}
	return out, nil
}

// Execute runs a template's own statement.
func (w *liveWarehouse) Execute(ctx context.Context, sql string, fetch bool, limit int) (*compiler.Result, error) {
	a, err := w.ask()
	if err != nil {
		return nil, err
	}
	r, err := a.Execute(ctx, plan.Statement{SQL: sql, Purpose: plan.Query, Cause: "a template asks", Fetch: fetch, Limit: max(limit, 0)})
	if err != nil {
		return nil, err
	}
	return resultOf(r, limit), nil
}

// Act does a template's own act.
func (w *liveWarehouse) Act(ctx context.Context, act plan.Act) error {
	a, err := w.ask()
	if err != nil {
		return err
	}
	_, err = a.Execute(ctx, plan.Statement{Act: &act, Purpose: plan.Drop, Cause: "a template asks"})
	return err
}

// resultOf is an engine's result as the compiler reads it, cut to at most limit rows if that is not negative.
func resultOf(r engine.Result, limit int) *compiler.Result {
	out := &compiler.Result{Message: r.Message, Code: r.Code, Affected: r.RowsAffected}
	for _, c := range r.Columns {
		out.Columns = append(out.Columns, c.Name)
		out.Types = append(out.Types, c.Type)
	}
	for i, row := range r.Rows {
		if limit >= 0 && i >= limit {
			break
		}
		cells := make([]any, len(row))
		for k, v := range row {
			cells[k] = cell(v)
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

// directAsker asks an engine outside a run, on one session.
type directAsker struct {
	engine  engine.Engine
	mu      sync.Mutex
	session engine.Session
}

func (d *directAsker) Execute(ctx context.Context, s plan.Statement) (engine.Result, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.session == nil {
		session, err := d.engine.Session(ctx)
		if err != nil {
			return engine.Result{}, err
		}
		d.session = session
	}
	answer, err := d.session.Do(ctx, plan.Batch{Statements: []plan.Statement{s}})
	if err != nil {
		return engine.Result{}, err
	}
	return answer.Results[len(answer.Results)-1], nil
}

func (d *directAsker) Observe(ctx context.Context, what []plan.Observation) (plan.Observed, error) {
	return d.engine.Observe(ctx, what)
}

// closeSession ends the session, if there was a question, and leaves the engine open.
func (d *directAsker) closeSession() error {
	if d.session == nil {
		return nil
	}
	return d.session.Close()
}

func (d *directAsker) Close() error {
	if err := d.closeSession(); err != nil {
		return err
	}
	return d.engine.Close()
}
