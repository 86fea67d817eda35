package duckdb

import (
	"context"
	"fmt"
	"sort"
	"strings"

	duck "github.com/duckdb/duckdb-go/v2"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

// Observe asks DuckDB's catalog.
func (e *Engine) Observe(ctx context.Context, what []plan.Observation) (plan.Observed, error) {
	e.pressure.gate.enter()
	defer e.pressure.gate.leave()
	e.mu.Lock()
	defer e.mu.Unlock()
	return observe(ctx, e.admin, e.database, what)
}

// Observe asks DuckDB's catalog as the session sees it: with its temporary tables, and within its transaction.
func (s *Session) Observe(ctx context.Context, what []plan.Observation) (plan.Observed, error) {
	s.engine.pressure.gate.enter()
	defer s.engine.pressure.gate.leave()
	return observe(ctx, s.conn, s.database, what)
}

// observe sends one query for what exists, one for columns if somebody wants some.
func observe(ctx context.Context, conn *duck.Conn, database string, what []plan.Observation) (plan.Observed, error) {
	var out plan.Observed
	if len(what) == 0 {
		return out, nil
	}
	all, columns := wanted(database, what, false), wanted(database, what, true)
	ask := func(sql string) (engine.Result, error) {
		r, err := query(ctx, conn, sql, 0)
		if err != nil {
			return r, classify(err, "")
		}
		return r, nil
	}
	schemas, err := ask("select database_name, schema_name, internal from duckdb_schemas()")
	if err != nil {
		return out, err
	}
	for _, row := range schemas.Rows {
		r := node.Relation{Database: str(row[0]), Schema: str(row[1])}
		if own := row[2] == false || r.Schema == "main"; own && all.schema(r) || all.schema(node.Relation{Database: r.Database}) {
			out.Schemas = append(out.Schemas, r)
		}
	}
	if !all.relations() {
		out.Sort()
		return out, nil
	}
	objects, err := ask(`select database_name, schema_name, table_name, case when temporary then 'temporary' else 'table' end, comment
from duckdb_tables() where not internal and ` + all.where("table_name") + `
union all
select database_name, schema_name, view_name, 'view', comment
from duckdb_views() where not internal and ` + all.where("view_name"))
	if err != nil {
		return out, err
	}
	for _, row := range objects.Rows {
		out.Objects = append(out.Objects, plan.Object{Relation: node.Relation{Database: str(row[0]), Schema: str(row[1]), Identifier: str(row[2])},
			Kind: plan.Kind(str(row[3])), Comment: str(row[4])})
	}
	out.Sort()
	if len(columns) == 0 {
		return out, nil
	}
	described, err := ask(`select database_name, schema_name, table_name, column_name, data_type, comment
from duckdb_columns() where not internal and ` + columns.where("table_name") + ` order by database_name, schema_name, table_name, column_index`)
	if err != nil {
		return out, err
	}
	at := out.Index()
	for _, row := range described.Rows {
		o := at.Find(node.Relation{Database: str(row[0]), Schema: str(row[1]), Identifier: str(row[2])})
		if o != nil {
			o.Columns = append(o.Columns, plan.Column{Name: str(row[3]), Type: str(row[4]), Comment: str(row[5])})
		}
	}
	return out, nil
}

// question is which relations of which schemas are wanted; a schema with no relations means all of it, an empty schema the database's
// schemas and no relations. An observation without a database asks the current one, one of an identifier alone the session's temporary
// tables.
type question map[[2]string][]string

func wanted(database string, what []plan.Observation, columns bool) question {
	q := question{}
	whole := map[[2]string]bool{}
	for _, o := range what {
		if columns && !o.Columns {
			continue
		}
		key := [2]string{strings.ToLower(o.Relation.Database), strings.ToLower(o.Relation.Schema)}
		switch {
		case key[0] == "" && key[1] == "" && o.Relation.Identifier != "":
			key = [2]string{"temp", "main"}
		case key[0] == "":
			key[0] = strings.ToLower(database)
		}
		if o.Relation.Identifier == "" {
			whole[key], q[key] = true, nil
		} else if !whole[key] {
			q[key] = append(q[key], strings.ToLower(o.Relation.Identifier))
		}
	}
	return q
}

func (q question) schema(r node.Relation) bool {
	_, ok := q[[2]string{strings.ToLower(r.Database), strings.ToLower(r.Schema)}]
	return ok
}

// relations says whether any relations are wanted.
func (q question) relations() bool {
	for k := range q {
		if k[1] != "" {
			return true
		}
	}
	return false
}

// where writes the question as a condition.
func (q question) where(name string) string {
	keys := make([][2]string, 0, len(q))
	for k := range q {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return fmt.Sprint(keys[i]) < fmt.Sprint(keys[j]) })
	var parts []string
	for _, k := range keys {
		part := "lower(database_name) = " + literal(k[0]) + " and lower(schema_name) = " + literal(k[1])
		if names := q[k]; len(names) > 0 {
			list := make([]string, len(names))
			for i, n := range names {
				list[i] = literal(n)
			}
			part += " and lower(" + name + ") in (" + strings.Join(list, ", ") + ")"
		}
		parts = append(parts, "("+part+")")
	}
	if len(parts) == 0 {
		return "false"
	}
	return "(" + strings.Join(parts, " or ") + ")"
}

func str(v engine.Value) string {
	s, _ := v.(string)
	return s
}
