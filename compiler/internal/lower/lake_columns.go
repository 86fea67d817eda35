package lower

import (
	"strings"

	"github.com/weft-data/weft/compiler/plan"
)

// addOnLake adds what the table has not, in one statement.
func (b builder) addOnLake(table, wanted []plan.Column) []plan.Statement {
	var defs []string
	for _, c := range wanted {
		if !hasColumn(table, c.Name) {
			defs = append(defs, "`"+c.Name+"` "+c.Type)
		}
	}
	if len(defs) == 0 {
		return nil
	}
	return []plan.Statement{b.statement(plan.Change, "alter table "+b.d.DDL(b.target())+" add columns ("+strings.Join(defs, ", ")+")", "the query's columns are new")}
}

// syncOnLake drops columns of an Iceberg table, and gives others their new types by way of a second one, as dbt-athena does. Of a Hive table
// the entry's list of columns is replaced.
func (b builder) syncOnLake(c schemaChange) []plan.Statement {
	name := b.d.DDL(b.target())
	var work []plan.Statement
	if !b.Storage.Iceberg {
		if len(c.removed)+len(c.retyped) == 0 {
			return nil
		}
		var defs []string
		for _, q := range b.QueryColumns {
			if !containsFold(b.Storage.Partitions, q.Name) {
				defs = append(defs, "`"+q.Name+"` "+q.Type)
			}
		}
		return []plan.Statement{b.statement(plan.Change, "alter table "+name+" replace columns ("+strings.Join(defs, ", ")+")", "the query's columns are others")}
	}
	for _, col := range c.removed {
		work = append(work, b.statement(plan.Change, "alter table "+name+" drop column `"+col.Name+"`", "the query has no such column any more"))
	}
	for _, col := range c.retyped {
		const cause = "the query's column has another type"
		aside := col.Name + "__dbt_alter"
		work = append(work,
			b.statement(plan.Change, "alter table "+name+" add columns (`"+aside+"` "+col.Type+")", cause),
			b.statement(plan.Change, "update "+b.d.Render(b.target())+" set "+b.d.Quote(aside)+" = cast("+b.d.Quote(col.Name)+" as "+b.d.Queried(col.Type)+")", cause),
			b.statement(plan.Change, "alter table "+name+" drop column `"+col.Name+"`", cause),
			b.statement(plan.Change, "alter table "+name+" change column `"+aside+"` `"+col.Name+"` "+col.Type, cause))
	}
	return work
}
