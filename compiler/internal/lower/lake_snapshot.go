package lower

import (
	"strings"

	"github.com/weft-data/weft/compiler/plan"
)

// Rows of a Hive table cannot be changed. A snapshot that is one is therefore written anew by every run, its history with what differs, as
// files of their own, and published like any table, by letting the entry of its name take over those files: readers see the history before
// the run or after it.

// rewritesSnapshot says that a run of the node writes a snapshot that exists anew.
func (b builder) rewritesSnapshot() bool {
	return b.Materialization == "snapshot" && b.d.Lake && b.Storage != nil && !b.Storage.Iceberg
}

// rewrittenSnapshot is the history with versions that ended closed and new ones added, as one query.
func (b builder) rewrittenSnapshot(phase plan.Phase, old *plan.Object) []plan.Batch {
	m := b.Snapshot.Meta
	target := b.d.Render(b.Relation)
	before, parts, rows := b.snapshotChanges(old)
	var kept, added []string
	for _, c := range b.rewrittenColumns(old) {
		name := b.d.Quote(c.Name)
		before, after := "DBT_INTERNAL_DEST."+name, "DBT_INTERNAL_SOURCE."+name
		switch {
		case strings.EqualFold(c.Name, m.ValidTo):
			before = "case when DBT_INTERNAL_END." + m.ID + " is not null and " + b.isCurrent("DBT_INTERNAL_DEST."+m.ValidTo) + " then DBT_INTERNAL_END." + m.ValidTo + " else DBT_INTERNAL_DEST." + m.ValidTo + " end as " + name
		case !hasColumn(old.Columns, c.Name):
			before = "null as " + name
		case !hasColumn(b.snapshotColumns(), c.Name):
			after = "null as " + name
		}
		kept, added = append(kept, before), append(added, after)
	}
	after := strings.TrimSuffix(parts, "\n") + ",\nchanges as (\n" + rows + "\n)\nselect " + strings.Join(kept, ", ") + "\nfrom " + target + " as DBT_INTERNAL_DEST\nleft join (\n  select " + m.ID +
		", max(" + m.ValidTo + ") as " + m.ValidTo + " from changes where dbt_change_type in ('update', 'delete') group by " + m.ID + "\n) as DBT_INTERNAL_END on DBT_INTERNAL_END." + m.ID + " = DBT_INTERNAL_DEST." + m.ID +
		"\nunion all\nselect " + strings.Join(added, ", ") + "\nfrom changes as DBT_INTERNAL_SOURCE\nleft join " + target + " as DBT_INTERNAL_DEST on DBT_INTERNAL_DEST." + m.ID + " = DBT_INTERNAL_SOURCE." + m.ID +
		"\nwhere DBT_INTERNAL_SOURCE.dbt_change_type = 'insert' and DBT_INTERNAL_DEST." + m.ID + " is null"
	build := b.ctas(*b.Storage, b.staged(), b.Storage.Place, before, after, "the history is written anew, with ended versions closed and new ones added, and built aside")
	build.Main = true
	return b.lakeTable(phase, []plan.Statement{build})
}

// rewrittenColumns are the query's columns, then those that it no longer has, then the snapshot's own.
func (b builder) rewrittenColumns(old *plan.Object) []plan.Column {
	columns := b.snapshotColumns()
	own := columns[len(b.QueryColumns):]
	out := append([]plan.Column(nil), b.QueryColumns...)
	for _, c := range old.Columns {
		if !hasColumn(columns, c.Name) {
			out = append(out, c)
		}
	}
	return append(out, own...)
}
