package lower

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/plan"
)

// NeedsQueryColumns says that the node can be lowered only when the columns of its query are known: a table that exists has to be
// compared with them.
func NeedsQueryColumns(n Node, d Dialect, found plan.Index) bool {
	if found.Find(n.Relation) == nil {
		return false
	}
	if n.Storage != nil && n.Storage.Managed && wholly(n, found) {
		return true
	}
	switch n.Materialization {
	case "snapshot":
		return true
	case "incremental":
		return !rebuilds(n, found) && n.Incremental.follows()
	}
	return false
}

// DescribeQuery is the statement that tells the columns of the node's query. Described says that the answer has a row for each column,
// with name and type; else its own columns are the answer, and it has no rows.
func DescribeQuery(n Node, d Dialect) (sql string, described bool) {
	header := ""
	if n.Header != "" {
		header = n.Header + "\n"
	}
	if d.DescribeQuery {
		return header + "describe select * from (\n" + n.SQL + "\n) as dbt_sbq", true
	}
	return header + "select * from (\n" + n.SQL + "\n) as dbt_sbq\nwhere false\nlimit 0", false
}

// follows says that the table's columns follow the query's.
func (i Incremental) follows() bool {
	switch i.OnSchemaChange {
	case "append_new_columns", "sync_all_columns", "fail":
		return true
	}
	return false
}

// schemaChange is how the columns of a query differ from those of its table.
type schemaChange struct{ added, removed, retyped []plan.Column }

func (c schemaChange) empty() bool { return len(c.added)+len(c.removed)+len(c.retyped) == 0 }

func compareColumns(query, table []plan.Column) schemaChange {
	var c schemaChange
	for _, q := range query {
		i := slices.IndexFunc(table, func(t plan.Column) bool { return strings.EqualFold(t.Name, q.Name) })
		switch {
		case i < 0:
			c.added = append(c.added, q)
		case !strings.EqualFold(table[i].Type, q.Type):
			c.retyped = append(c.retyped, plan.Column{Name: table[i].Name, Type: q.Type})
		}
	}
	for _, t := range table {
		if !hasColumn(query, t.Name) {
			c.removed = append(c.removed, t)
		}
	}
	return c
}

// refuseSchemaChange refuses what `on_schema_change: fail` is there to refuse.
func refuseSchemaChange(n Node, d Dialect, found plan.Index) *plan.Refusal {
	if n.Incremental.OnSchemaChange != "fail" {
		return nil
	}
	c := compareColumns(n.QueryColumns, found.Find(n.Relation).Columns)
	if c.empty() {
		return nil
	}
	return &plan.Refusal{Code: string(diag.SchemaChanged), Message: "the query's columns are not those of " + d.Render(n.Relation) + ", and on_schema_change is `fail`; " +
		"append_new_columns and sync_all_columns would change the table, --full-refresh builds it anew" +
		"\nonly in the query: " + describeColumns(c.added) + "\nonly in the table: " + describeColumns(c.removed) +
		"\nof another type in the query: " + describeColumns(c.retyped)}
}

func describeColumns(columns []plan.Column) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = c.Name + " " + c.Type
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// followColumns changes the table as on_schema_change asks, and answers which columns the new rows then have.
func (b builder) followColumns(table []plan.Column) ([]plan.Statement, []plan.Column) {
	if !b.Incremental.follows() {
		return nil, table
	}
	c := compareColumns(b.QueryColumns, table)
	work := b.addColumns(table, b.QueryColumns)
	if b.d.Lake {
		if b.Incremental.OnSchemaChange == "sync_all_columns" {
			work = append(work, b.syncOnLake(c)...)
		}
		return work, b.QueryColumns
	}
	if b.Incremental.OnSchemaChange == "sync_all_columns" {
		name := b.d.Render(b.Relation)
		for _, col := range c.removed {
			work = append(work, b.statement(plan.Change, "alter table "+name+" drop column "+b.d.Quote(col.Name), "the query has no such column any more"))
		}
		for _, col := range c.retyped {
			work = append(work, b.retype(name, col)...)
		}
	}
	return work, b.QueryColumns
}

// retype gives a column another type by way of a second one, which becomes the table's last, as dbt's does.
func (b builder) retype(table string, c plan.Column) []plan.Statement {
	const cause = "the query's column has another type"
	old, aside := b.d.Quote(c.Name), b.d.Quote(c.Name+"__dbt_alter")
	if b.d.AlterType != "" {
		return []plan.Statement{b.statement(plan.Change, strings.NewReplacer("{table}", table, "{column}", old, "{type}", c.Type).Replace(b.d.AlterType), cause)}
	}
	return []plan.Statement{
		b.statement(plan.Change, "alter table "+table+" add column "+aside+" "+c.Type, cause),
		b.statement(plan.Change, "update "+table+" set "+aside+" = "+old, cause),
		b.statement(plan.Change, "alter table "+table+" drop column "+old, cause),
		b.statement(plan.Change, "alter table "+table+" rename column "+aside+" to "+old, cause),
	}
}

// addColumns adds to the table what it has not and wanted has.
func (b builder) addColumns(table, wanted []plan.Column) []plan.Statement {
	var work []plan.Statement
	if b.d.Lake {
		return b.addOnLake(table, wanted)
	}
	for _, c := range wanted {
		if !hasColumn(table, c.Name) {
			work = append(work, b.statement(plan.Change, "alter table "+b.d.Render(b.Relation)+" add column "+b.d.Quote(c.Name)+" "+c.Type, "the query's column is new"))
		}
	}
	return work
}

func hasColumn(columns []plan.Column, name string) bool {
	return slices.ContainsFunc(columns, func(c plan.Column) bool { return strings.EqualFold(c.Name, name) })
}

func columnNames(columns []plan.Column, quote func(string) string) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = quote(c.Name)
	}
	return out
}

// unquote takes the engine's quotes off a name that its author may have put into them.
func unquote(name string, d Dialect) string {
	q := d.Quote("")
	if len(q) == 2 && len(name) > 2 && name[0] == q[0] && name[len(name)-1] == q[1] {
		return name[1 : len(name)-1]
	}
	return name
}
