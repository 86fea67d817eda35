package athena

import (
	"context"
	"errors"

	weftaws "github.com/weft-data/weft/adapters/aws"
	"github.com/weft-data/weft/adapters/aws/lake"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

// tag gives a relation its LF-tags.
func (e *Engine) tag(ctx context.Context, a *plan.Act) error {
	at, err := e.target(ctx, a.Relation, false)
	if err != nil {
		return err
	}
	return e.governing(e.lf.Tag(ctx, at, lake.Tags{Table: a.Tags.Table, Columns: a.Tags.Columns, Inherited: a.Tags.Inherited}), a,
		"; to give out a tag, the identity needs ASSOCIATE on it (or to be an administrator of the data lake), and on a table ALTER")
}

// filter gives a relation its data cells filters.
func (e *Engine) filter(ctx context.Context, a *plan.Act) error {
	at, err := e.target(ctx, a.Relation, true)
	if err != nil {
		return err
	}
	want := make(map[string]lake.Filter, len(a.Filters))
	for name, f := range a.Filters {
		want[name] = lake.Filter{Rows: f.Rows, Columns: f.Columns, Principals: f.Principals}
	}
	return e.governing(e.lf.Filters(ctx, at, want), a, "; to grant through filters, the identity needs SELECT with grant option on the table, or to be an administrator of the data lake")
}

// target is a relation as Lake Formation names it; named says that the catalog has to be told even if it is the caller's own.
func (e *Engine) target(ctx context.Context, r node.Relation, named bool) (lake.Target, error) {
	at := lake.Target{Database: r.Schema, Table: r.Identifier}
	if isOwn(r.Database) && !named {
		return at, nil
	}
	e.catalogs.mu.Lock()
	defer e.catalogs.mu.Unlock()
	account, err := e.account(ctx)
	if err != nil {
		return at, err
	}
	if at.Catalog = account; !isOwn(r.Database) {
		at.Catalog += ":" + r.Database
	}
	return at, nil
}

// governing says of a failure what it was about and how it is mended: a right of IAM, or one of Lake Formation's own.
func (e *Engine) governing(err error, a *plan.Act, grant string) error {
	if err == nil {
		return nil
	}
	f := e.failure(err, "Lake Formation did not "+string(a.Verb)+" "+a.Relation.String())
	var call *lake.ProbeError
	if errors.As(err, &call) && f.Class == engine.Denied {
		f.Hint = weftaws.Diagnose(err, weftaws.Call{Action: call.Action, Resource: "table/" + a.Relation.Schema + "/" + a.Relation.Identifier, Region: e.config.Region}).Mend + grant
	}
	return f
}
