package athena

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/weft-data/weft/adapters/aws/lake"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// Observe asks the Glue catalog: one listing for each database, which brings the columns of all its tables with it.
func (e *Engine) Observe(ctx context.Context, what []plan.Observation) (plan.Observed, error) {
	var out plan.Observed
	type schema struct{ database, name string }
	wanted := map[schema][]plan.Observation{}
	var names []schema
	for _, o := range what {
		name := schema{o.Relation.Database, strings.ToLower(o.Relation.Schema)}
		if name.name == "" {
			list, err := e.schemas(ctx, o.Relation.Database)
			if err != nil {
				return out, e.failure(err, "the databases of the catalog could not be listed")
			}
			out.Schemas = append(out.Schemas, list...)
			continue
		}
		if wanted[name] == nil {
			names = append(names, name)
		}
		wanted[name] = append(wanted[name], o)
	}
	slices.SortFunc(names, func(a, b schema) int {
		return cmp.Or(strings.Compare(a.database, b.database), strings.Compare(a.name, b.name))
	})
	lists, errs := make([][]lake.Table, len(names)), make([]error, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() { lists[i], errs[i] = e.tables(ctx, name.database, name.name) })
	}
	wg.Wait()
	for i, name := range names {
		if errors.Is(errs[i], lake.ErrNotFound) {
			continue
		}
		if errs[i] != nil {
			return out, e.failure(errs[i], "the tables of "+name.name+" could not be listed")
		}
		out.Schemas = append(out.Schemas, node.Relation{Database: name.database, Schema: name.name})
		for _, t := range lists[i] {
			o, ok := object(t, name.database, wanted[name])
			if at := slices.IndexFunc(lists[i], func(v lake.Table) bool { return t.View && v.Name == t.Parameters[lake.CurrentVersion] }); at >= 0 {
				shown, _ := object(lists[i][at], name.database, []plan.Observation{{Columns: o.Columns != nil}})
				o.Behind, o.Kind, o.Format, o.Location, o.Partitioned = true, plan.Table, shown.Format, shown.Location, shown.Partitioned
				o.Columns = slices.DeleteFunc(shown.Columns, func(c plan.Column) bool { return c.Name == lake.BuildColumn })
			}
			o.Version = cmp.Or(t.Parameters[lake.CurrentVersion], t.Parameters[lake.PreviousVersion])
			if ok {
				e.told(ctx, t, wanted[name], &o)
				out.Objects = append(out.Objects, o)
			}
		}
	}
	out.Sort()
	return out, nil
}

func (e *Engine) schemas(ctx context.Context, database string) ([]node.Relation, error) {
	k, err := e.catalog(ctx, database)
	if err != nil {
		return nil, err
	}
	all, err := k.Databases(ctx)
	var out []node.Relation
	for _, n := range all {
		out = append(out, node.Relation{Database: database, Schema: n})
	}
	return out, err
}

func (e *Engine) tables(ctx context.Context, database, schema string) ([]lake.Table, error) {
	k, err := e.catalog(ctx, database)
	if err != nil {
		return nil, err
	}
	return k.Tables(ctx, schema)
}

// object is a table as far as somebody asked for it.
func object(t lake.Table, database string, asked []plan.Observation) (plan.Object, bool) {
	found, columns := false, false
	for _, o := range asked {
		if o.Relation.Identifier == "" || strings.EqualFold(o.Relation.Identifier, t.Name) {
			found, columns = true, columns || o.Columns
		}
	}
	out := plan.Object{Relation: node.Relation{Database: database, Schema: t.Database, Identifier: t.Name}, Kind: plan.Table, Owner: t.Owner, Comment: t.Description}
	switch {
	case t.View:
		out.Kind = plan.View
	case t.Iceberg:
		out.Format, out.Location = "iceberg", t.Location
	default:
		out.Format, out.Location, out.Partitioned = "hive", t.Location, len(t.Partitions) > 0
	}
	if columns {
		out.Columns = make([]plan.Column, len(t.Columns))
		for i, c := range t.Columns {
			out.Columns[i] = plan.Column{Name: c.Name, Type: c.Type, Comment: c.Comment}
		}
	}
	return out, found
}
