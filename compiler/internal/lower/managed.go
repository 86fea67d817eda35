package lower

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/plan"
)

// Some catalogs keep the files of their tables themselves (S3 Tables): a table has no place that could be chosen, its entry cannot be
// pointed at other files, and it cannot be renamed. What is left that is atomic is one statement over a table that exists. So a new table
// is made under its own name by one CREATE TABLE AS; one that exists gets its new rows by one MERGE, which deletes all that it holds.

// managed says that a table's catalog keeps its files.
func (b builder) managed() bool { return b.Storage != nil && b.Storage.Managed }

// wholly says that a node's table is made anew as a whole, and not added to.
func wholly(n Node, found plan.Index) bool {
	switch n.Materialization {
	case "table":
		return true
	case "test":
		return n.Test != nil && n.Test.Store && n.Test.StoreAs == "table"
	case "incremental":
		return rebuilds(n, found)
	}
	return false
}

// sameColumns says that the query of a node gives the columns of the table that is there.
func sameColumns(n Node, old *plan.Object) bool {
	return compareColumns(n.QueryColumns, old.Columns).empty()
}

// refuseManaged refuses what a catalog that keeps its tables' files cannot do in one statement.
func refuseManaged(n Node, d Dialect, found plan.Index) *plan.Refusal {
	if !changesColumns(n, found) || n.Storage.Weak {
		return nil
	}
	change := compareColumns(n.QueryColumns, found.Find(n.Relation).Columns)
	message := "the columns of the query are not those of the table " + d.Render(n.Relation) + " (" + describeChange(change) + "), and its catalog "
	if wholly(n, found) {
		message += "has neither renames nor views: it would have to be dropped and made again, and readers would find nothing meanwhile. " +
			"Drop the table yourself at a time that suits, make the model incremental with on_schema_change, " + consent
	} else {
		message += "has no branches: readers would see the changed table before its new rows. Change the table yourself at a time that suits, " + consent
	}
	return &plan.Refusal{Code: string(diag.BadStorage), Message: message}
}

func describeChange(c schemaChange) string {
	var parts []string
	for _, list := range []struct {
		what    string
		columns []plan.Column
	}{{"new: ", c.added}, {"gone: ", c.removed}, {"other type: ", c.retyped}} {
		if len(list.columns) > 0 {
			parts = append(parts, list.what+strings.Join(columnNames(list.columns, func(s string) string { return s }), ", "))
		}
	}
	return strings.Join(parts, "; ")
}

// managedTable makes a table anew. build makes it from a query under a name.
func (b builder) managedTable(phase plan.Phase, before, after string) []plan.Batch {
	old := b.found.Find(b.Relation)
	switch phase {
	case plan.Stage:
		if old != nil {
			return b.staging([]plan.Statement{b.ctas(Storage{Iceberg: true, Managed: true, Format: "parquet"}, b.staged(), "", before, after, "the new rows are made aside")})
		}
		if hooks := b.hooks(b.PreHooks, "pre-hook"); len(hooks) > 0 {
			return []plan.Batch{{Phase: plan.Stage, Statements: hooks}}
		}
		return nil
	case plan.Publish:
		var work []plan.Statement
		switch {
		case old == nil:
			work = []plan.Statement{b.ctas(*b.Storage, b.Relation, "", before, after, "the table is new")}
		case sameColumns(b.Node, old):
			work = []plan.Statement{b.replaceAll(old.Columns)}
		default:
			again := b.statement(plan.Build, "create table "+b.d.Render(b.Relation)+"\nwith (\n  "+strings.Join(b.Storage.properties(""), ",\n  ")+"\n)\nas\nselect * from "+b.d.Render(b.staged()), "the columns are others")
			work = []plan.Statement{b.act(plan.Drop, plan.Act{Verb: plan.Forget, Relation: b.Relation}, "the columns are others, and the catalog has no renames"), again}
		}
		work[len(work)-1].Main = true
		return []plan.Batch{{Phase: plan.Publish, Statements: work}}
	case plan.Clean:
		if old != nil {
			return b.cleaning(b.discardStaged("its rows are in the table"))
		}
		return slices.DeleteFunc(b.cleaning(), func(b plan.Batch) bool { return len(b.Statements) == 0 })
	}
	return nil
}

// replaceAll deletes every row of a table and inserts the staged ones, in one MERGE. Each row of the table matches one of two markers,
// which one depends on a column of it: so engines join by equality, and do not compare every row with every other.
func (b builder) replaceAll(columns []plan.Column) plan.Statement {
	names := columnNames(columns, b.d.Quote)
	nulls := strings.Repeat("null, ", len(names))
	list := strings.Join(names, ", ")
	return b.replaceBy(b.d.Render(b.Relation), names, "select "+list+", cast(null as integer) as dbt_marker from "+b.d.Render(b.staged()),
		"select "+nulls+"1\n  union all\n  select "+nulls+"2", "s.dbt_marker = case when t."+names[0]+" is null then 1 else 2 end",
		"all rows are replaced, in one commit")
}

// changesColumns says that building a node over its managed table changes the table's columns, which takes more than the one statement.
func changesColumns(n Node, found plan.Index) bool {
	old := found.Find(n.Relation)
	switch {
	case old == nil:
		return false
	case wholly(n, found):
		return !sameColumns(n, old)
	case n.Materialization != "incremental":
		return false
	}
	change := compareColumns(n.QueryColumns, old.Columns)
	return n.Incremental.OnSchemaChange == "sync_all_columns" && !change.empty() || n.Incremental.OnSchemaChange == "append_new_columns" && len(change.added) > 0
}

// weakly says that publishing a node leaves a moment in which readers find nothing, or some of the new rows: of a managed table whose columns
// change, of a Hive table that is changed piece by piece.
func weakly(n Node, d Dialect, found plan.Index) bool {
	s, old := n.Storage, found.Find(n.Relation)
	switch {
	case s == nil || n.Materialization == "view" || n.Materialization == "unit":
		return false
	case !s.Managed:
		b := builder{Node: n, d: d, found: found}
		return s.Weak && !s.Iceberg && old != nil && (n.Materialization == "incremental" && !rebuilds(n, found) || len(s.Partitions) > 0) && !b.versioned()
	}
	return old != nil && changesColumns(n, found)
}
