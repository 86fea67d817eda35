package warehouse

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// Offline is the Warehouse of a compile that has none: no relation exists, and what nobody declared is not known.
type Offline struct {
	// Declared gives the columns of a relation whose columns are known without a warehouse: from a seed's header, a contract or
	// inference. May be nil.
	Declared func(r node.Relation) ([]ColumnInfo, bool)
}

// needs is the error for what only a warehouse can answer.
func needs(hint, format string, args ...any) error {
	return diag.Diagnostic{Code: diag.NeedsWarehouse, Detail: fmt.Sprintf(format, args...), Hint: hint}
}

// GetRelation finds nothing.
func (Offline) GetRelation(context.Context, node.Relation) (*Found, error) { return nil, nil }

// Columns answers what is declared.
func (o Offline) Columns(_ context.Context, r node.Relation) ([]ColumnInfo, error) {
	if o.Declared != nil {
		if columns, ok := o.Declared(r); ok {
			return columns, nil
		}
	}
	return nil, needs("give dbt's artifact with --catalog catalog.json, or compile without --offline",
		"adapter.get_columns_in_relation() asks for the columns of %s, which are not known without a warehouse", r)
}

// List finds nothing.
func (Offline) List(context.Context, string, string) ([]Found, error) { return nil, nil }

// Schemas finds nothing.
func (Offline) Schemas(context.Context, string) ([]string, error) { return nil, nil }

// Execute cannot answer.
func (Offline) Execute(_ context.Context, sql string, _ bool, _ int) (*Result, error) {
	return nil, unanswered(sql)
}

// Act cannot be done.
func (Offline) Act(_ context.Context, a plan.Act) error { return undone(a) }

// undone is the error for an act without a warehouse.
func undone(a plan.Act) error {
	return needs("compile without --offline, or guard the call with `{% if execute %}`", "a template changes what a warehouse holds: %s", a.String())
}

// unanswered is the error for a query without a warehouse.
func unanswered(sql string) error {
	return needs("compile without --offline, or guard the query with `{% if execute %}` and a default",
		"a template runs a query, which only a warehouse can answer: %s", excerpt(sql))
}

// excerpt is a query on one line, cut where it gets long.
func excerpt(sql string) string {
	s := strings.Join(strings.Fields(sql), " ")
	if r := []rune(s); len(r) > 120 {
		s = string(r[:120]) + "…"
	}
	return s
}

// Catalog is the Warehouse that dbt's catalog.json describes. What it does not hold does not exist; queries have no answer.
type Catalog struct {
	tables map[place]catalogTable
	order  []place
}

// place is how a catalog is searched: case does not count, nor does the database.
type place struct{ schema, identifier string }

type catalogTable struct {
	name    node.Relation
	view    bool
	columns []ColumnInfo
}

func placeOf(r node.Relation) place {
	return place{strings.ToLower(r.Schema), strings.ToLower(r.Identifier)}
}

// ReadCatalog reads a catalog.json. The error says where it is not one.
func ReadCatalog(text []byte) (*Catalog, error) {
	type entry struct {
		Metadata struct {
			Type     string
			Database *string
			Schema   string
			Name     string
		}
		Columns map[string]struct {
			Type  string
			Index json.Number
			Name  string
		}
	}
	var file struct{ Nodes, Sources map[string]entry }
	if err := json.Unmarshal(text, &file); err != nil {
		line := 1
		var syntax *json.SyntaxError
		var kind *json.UnmarshalTypeError
		switch {
		case errors.As(err, &syntax):
			line += bytes.Count(text[:min(int(syntax.Offset), len(text))], []byte("\n"))
		case errors.As(err, &kind):
			line += bytes.Count(text[:min(int(kind.Offset), len(text))], []byte("\n"))
		}
		return nil, fmt.Errorf("line %d is not a catalog's: %w", line, err)
	}
	c := &Catalog{tables: make(map[place]catalogTable, len(file.Nodes)+len(file.Sources))}
	for _, entries := range []map[string]entry{file.Nodes, file.Sources} {
		ids := make([]string, 0, len(entries))
		for id := range entries {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, id := range ids {
			e := entries[id]
			t := catalogTable{view: strings.Contains(strings.ToLower(e.Metadata.Type), "view")}
			t.name = node.Relation{Schema: e.Metadata.Schema, Identifier: e.Metadata.Name}
			if e.Metadata.Database != nil {
				t.name.Database = *e.Metadata.Database
			}
			type indexed struct {
				at   float64
				info ColumnInfo
			}
			columns := make([]indexed, 0, len(e.Columns))
			for _, col := range e.Columns {
				at, _ := col.Index.Float64()
				columns = append(columns, indexed{at, ColumnInfo{Name: col.Name, Type: col.Type}})
			}
			slices.SortFunc(columns, func(a, b indexed) int {
				return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(a.info.Name, b.info.Name))
			})
			for _, col := range columns {
				t.columns = append(t.columns, col.info)
			}
			p := placeOf(t.name)
			if _, twice := c.tables[p]; !twice {
				c.order = append(c.order, p)
			}
			c.tables[p] = t
		}
	}
	slices.SortFunc(c.order, func(a, b place) int {
		return cmp.Or(strings.Compare(a.schema, b.schema), strings.Compare(a.identifier, b.identifier))
	})
	return c, nil
}

func (t catalogTable) kind() string {
	if t.view {
		return "view"
	}
	return "table"
}

// GetRelation finds a relation by schema and name. It answers with the name that was asked for.
func (c *Catalog) GetRelation(_ context.Context, r node.Relation) (*Found, error) {
	t, ok := c.tables[placeOf(r)]
	if !ok {
		return nil, nil
	}
	return &Found{Relation: r, Type: t.kind()}, nil
}

// Columns are those of the catalog; a relation that is not in it has none.
func (c *Catalog) Columns(_ context.Context, r node.Relation) ([]ColumnInfo, error) {
	return c.tables[placeOf(r)].columns, nil
}

// List lists the relations of a schema by name.
func (c *Catalog) List(_ context.Context, _, schema string) ([]Found, error) {
	var out []Found
	for _, p := range c.order {
		if p.schema == strings.ToLower(schema) {
			t := c.tables[p]
			out = append(out, Found{Relation: t.name, Type: t.kind()})
		}
	}
	return out, nil
}

// Schemas lists the schemas that have relations.
func (c *Catalog) Schemas(context.Context, string) ([]string, error) {
	var out []string
	for _, p := range c.order {
		if s := c.tables[p].name.Schema; !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out, nil
}

// Execute cannot answer.
func (c *Catalog) Execute(_ context.Context, sql string, _ bool, _ int) (*Result, error) {
	return nil, unanswered(sql)
}

// Act cannot be done.
func (c *Catalog) Act(_ context.Context, a plan.Act) error { return undone(a) }
