package lower

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// The partitions of a Hive table are entries of the catalog by themselves, so no single change of an entry replaces them all. Such a table is
// kept in versions: each is a table of its own, whose partitions may lie in folders that it shares with the version before, and under the
// published name stands a view that shows the newest. Making a version is a matter of the catalog, and so cheap; publishing it is one change of
// the view's entry.

// Three names for versions are enough: the current one, the one before, which running queries still read, and the one that is being made.
const (
	versionSuffix = "__weft_"
	versions      = 3
)

// versioned says that the node's table is kept in versions behind a view.
func (b builder) versioned() bool {
	s := b.Storage
	if s == nil || s.Hidden || s.Weak || s.Managed {
		return false
	}
	if s.Iceberg {
		return s.View && b.Materialization != "incremental" && b.Materialization != "snapshot"
	}
	return s.View || len(s.Partitions) > 0 || b.Materialization == "incremental"
}

// version is the name of the version that this run makes.
func (b builder) version() node.Relation {
	next := b.Relation
	number := byte('1')
	if old := b.found.Find(b.Relation); old != nil && old.Version != "" {
		if last := old.Version[len(old.Version)-1]; last >= '1' && last < '0'+versions {
			number = last + 1
		}
	}
	next.Identifier += versionSuffix + string(number)
	return next
}

// discardVersion removes what stands under the name of the version to be made: an old version, or what a run that was killed left.
func (b builder) discardVersion() []plan.Statement {
	left := b.found.Find(b.version())
	if left == nil {
		return nil
	}
	return []plan.Statement{b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: b.version(), Keep: b.Relation, Place: left.Location}, "the name is that of a version which nobody reads any more")}
}

// flip makes a version of what is staged, and lets the view show it. With base the version has the published rows too. columns are those of the
// view, all of the version if there are none.
func (b builder) flip(base, beside bool, columns []plan.Column) []plan.Statement {
	adopt := plan.Act{Verb: plan.Adopt, Relation: b.version(), Staged: b.staged(), Keep: b.Relation, Beside: beside, Properties: b.classification()}
	point := plan.Act{Verb: plan.Point, Relation: b.Relation, Staged: b.staged(), Version: b.version(), Place: b.Storage.Place}
	cause := "the files become a version of the table"
	if base {
		adopt.Base, point.Seen = b.Relation, b.version()
		adopt.Typed = b.Incremental.OnSchemaChange != "sync_all_columns"
		cause = "the new rows and those that stay become a version of the table"
	}
	list := "*"
	if columns != nil {
		list = strings.Join(columnNames(columns, b.d.Quote), ", ")
	}
	return []plan.Statement{
		b.act(plan.Swap, adopt, cause),
		b.statement(plan.Swap, "create or replace view "+b.d.Render(b.staged())+" as\nselect "+list+" from "+b.d.Render(b.version()), "the view is made aside"),
		b.act(plan.Swap, point, "the new version becomes visible"),
	}
}

// versionColumns are the columns of the next version: the table's, and those that the query's make of them. Partitions stand behind the others.
func (b builder) versionColumns(table []plan.Column) []plan.Column {
	if !b.Incremental.follows() {
		return table
	}
	all := slices.Clone(b.QueryColumns)
	if b.Incremental.OnSchemaChange != "sync_all_columns" {
		all = slices.Concat(table, compareColumns(b.QueryColumns, table).added)
	}
	last := func(c plan.Column) bool { return containsFold(b.Storage.Partitions, c.Name) }
	return append(slices.DeleteFunc(slices.Clone(all), last), slices.DeleteFunc(all, func(c plan.Column) bool { return !last(c) })...)
}

// typed wraps a query so that its columns are those of the table, in their order and with their types, as an INSERT would have them: what a type
// does not take is refused. Columns that only one of both has are null in the other.
func (b builder) typed(columns, table []plan.Column) (before, after string) {
	query := columns
	kept := map[string]bool{}
	for _, c := range table {
		kept[strings.ToLower(c.Name)] = true
	}
	if b.Incremental.follows() {
		query = b.QueryColumns
		if b.Incremental.OnSchemaChange == "sync_all_columns" {
			for _, c := range compareColumns(b.QueryColumns, table).retyped {
				kept[strings.ToLower(c.Name)] = false
			}
		}
	}
	old, fresh := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		name := b.d.Quote(c.Name)
		old[i], fresh[i] = name, name
		if !kept[strings.ToLower(c.Name)] {
			old[i] = "null as " + name
		}
		if !hasColumn(query, c.Name) {
			fresh[i] = "null as " + name
		}
	}
	return "select " + strings.Join(old, ", ") + "\nfrom " + b.d.Render(b.Relation) + "\nwhere false\nunion all\nselect " + strings.Join(fresh, ", ") + "\nfrom (\n", "\n) as dbt_rows"
}
