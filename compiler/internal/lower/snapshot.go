package lower

import (
	"slices"
	"strconv"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/plan"
)

// Snapshot is the configuration of a snapshot, its expressions already rendered.
type Snapshot struct {
	// Strategy is "timestamp" or "check", or "custom" for one whose expressions a macro gave.
	Strategy  string
	UniqueKey []string
	KeyIsList bool
	// UpdatedAt is the expression that says when a row changed.
	UpdatedAt string
	// CheckColumns are compared by the strategy check; CheckAll compares all columns of the query.
	CheckColumns []string
	CheckAll     bool
	// RowChanged and ID are a custom strategy's expressions over snapshotted_data and source_data.
	RowChanged, ID string
	// DeletedID is the id of a row that says that its key is gone; "" for the dialect's own hash.
	DeletedID string
	// HardDeletes is "ignore", "invalidate" or "new_record".
	HardDeletes string
	// ValidToCurrent is the expression that marks current rows; "" for null.
	ValidToCurrent string
	// Now is the expression of the current time; Equals compares two expressions as the project's macro does.
	Now    string
	Equals func(a, b string) string
	// Meta are the names of the columns that the snapshot adds.
	Meta SnapshotMeta
}

// SnapshotMeta are the names of the columns that a snapshot adds to its query's.
type SnapshotMeta struct{ ValidTo, ValidFrom, ID, UpdatedAt, IsDeleted string }

func refuseSnapshot(n Node, d Dialect, found plan.Index) *plan.Refusal {
	bad := func(message string) *plan.Refusal {
		return &plan.Refusal{Code: string(diag.SnapshotRefused), Message: message}
	}
	s := n.Snapshot
	switch s.HardDeletes {
	case "ignore", "invalidate", "new_record":
	case "both":
		return bad("the snapshot sets both hard_deletes and its old name invalidate_hard_deletes; keep one of them")
	default:
		return bad("hard_deletes is `" + s.HardDeletes + "`; it can be ignore, invalidate or new_record")
	}
	old := found.Find(n.Relation)
	if old == nil {
		return nil
	}
	if old.Kind != plan.Table {
		return bad("a snapshot is a table, and " + d.Render(n.Relation) + " exists as a " + string(old.Kind) + "; drop it, or give the snapshot another name")
	}
	var missing []string
	for _, name := range []string{s.Meta.ID, s.Meta.ValidFrom, s.Meta.ValidTo} {
		if !hasColumn(old.Columns, name) {
			missing = append(missing, name)
		}
	}
	if s.HardDeletes == "new_record" && !hasColumn(old.Columns, s.Meta.IsDeleted) {
		missing = append(missing, s.Meta.IsDeleted)
	}
	if len(missing) > 0 {
		return bad("the table " + d.Render(n.Relation) + " exists and lacks the snapshot's own columns " + strings.Join(missing, ", ") +
			": it was not made by this snapshot, or hard_deletes or snapshot_meta_column_names changed since")
	}
	if s.Strategy == "check" && !s.CheckAll {
		for _, c := range s.CheckColumns {
			if !hasColumn(n.QueryColumns, unquote(c, d)) {
				return bad("the snapshot's check_cols name the column " + c + ", and its query has no such column")
			}
		}
	}
	return nil
}

// snapshot makes the table with every row current, or compares the query with the current rows, and applies the differences in one
// transaction.
func (b builder) snapshot(phase plan.Phase) []plan.Batch {
	old := b.found.Find(b.Relation)
	if old == nil {
		before, after := b.firstSnapshot()
		if b.managed() {
			return b.managedTable(phase, before, after)
		}
		if b.d.Lake {
			build := b.lakeBuild(*b.Storage, b.Storage.Place, before, after, "the snapshot is new, and built aside")
			build.Main = true
			return b.lakeTable(phase, []plan.Statement{build})
		}
		build := b.code(plan.Build, "create table "+b.d.Render(b.staged())+" as (\n"+before, after+"\n)", "the snapshot is new, and built aside")
		build.Main = true
		return b.buildAside(phase, []plan.Statement{build})
	}
	if b.rewritesSnapshot() {
		return b.rewrittenSnapshot(phase, old)
	}
	before, after, rows := b.snapshotChanges(old)
	after += rows
	if b.d.Lake {
		return b.stageAndMerge(phase, before, after, old.Columns, func(b builder) []plan.Statement {
			return append(b.addColumns(old.Columns, b.snapshotColumns()), b.applySnapshot(old, b.d.Render(b.staged()))...)
		})
	}
	stage := b.code(plan.Build, "create temporary table "+b.temporary()+" as (\n"+before, after+"\n)", "the changed rows are found")
	work := b.addColumns(old.Columns, b.snapshotColumns())
	apply := b.applySnapshot(old, b.temporary())
	apply[len(apply)-1].Main = true
	return b.stageAndApply(phase, []plan.Statement{stage}, append(work, apply...))
}

// firstSnapshot is what stands around the query when there is no snapshot yet.
func (b builder) firstSnapshot() (before, after string) {
	s := b.Snapshot
	before = "select *,\n  " + b.snapshotID() + " as " + s.Meta.ID + ",\n  " + s.UpdatedAt + " as " + s.Meta.UpdatedAt + ",\n  " +
		s.UpdatedAt + " as " + s.Meta.ValidFrom + ",\n  " + b.validTo()
	if s.HardDeletes == "new_record" {
		before += ",\n  'False' as " + s.Meta.IsDeleted
	}
	return before + "\nfrom (\n", "\n) sbq"
}

// validTo gives rows that are current their dbt_valid_to, with the type of the time of change.
func (b builder) validTo() string {
	s := b.Snapshot
	current := s.ValidToCurrent
	if current == "" {
		current = "null"
	}
	return "coalesce(nullif(" + s.UpdatedAt + ", " + s.UpdatedAt + "), " + current + ") as " + s.Meta.ValidTo
}

// hash makes the id of a row's version.
func (b builder) hash(of ...string) string {
	parts := make([]string, len(of))
	for i, e := range of {
		parts[i] = "coalesce(cast(" + e + " as " + b.d.HashText + " ), '')"
	}
	return strings.Replace(b.d.Hash, "%s", strings.Join(parts, " || '|' || "), 1)
}

func (b builder) snapshotID() string {
	s := b.Snapshot
	if s.Strategy == "custom" {
		return s.ID
	}
	return b.hash(append(slices.Clone(s.UniqueKey), s.UpdatedAt)...)
}

func (b builder) deletedID() string {
	if s := b.Snapshot; s.DeletedID != "" {
		return s.DeletedID
	}
	return b.hash("snapshotted_data."+b.Snapshot.Meta.ID, b.Snapshot.Now)
}

// keyFields gives the unique key's parts names that no column of the query has.
func (b builder) keyFields() string {
	s := b.Snapshot
	if !s.KeyIsList {
		return s.UniqueKey[0] + " as dbt_unique_key"
	}
	parts := make([]string, len(s.UniqueKey))
	for i, k := range s.UniqueKey {
		parts[i] = k + " as " + keyName(i)
	}
	return strings.Join(parts, ", ")
}

func keyName(i int) string { return "dbt_unique_key_" + strconv.Itoa(i+1) }

func (b builder) firstKey(of string) string {
	if b.Snapshot.KeyIsList {
		return of + "." + keyName(0)
	}
	return of + ".dbt_unique_key"
}

func (b builder) sameKey() string {
	s := b.Snapshot
	if !s.KeyIsList {
		return "snapshotted_data.dbt_unique_key = source_data.dbt_unique_key"
	}
	parts := make([]string, len(s.UniqueKey))
	for i := range s.UniqueKey {
		parts[i] = s.Equals("snapshotted_data."+keyName(i), "source_data."+keyName(i))
	}
	return strings.Join(parts, " and ")
}

// isCurrent says of a row of the snapshot that it is current.
func (b builder) isCurrent(validTo string) string {
	s := b.Snapshot
	if s.ValidToCurrent == "" {
		return validTo + " is null"
	}
	return "( " + s.Equals(validTo, s.ValidToCurrent) + " or " + validTo + " is null )"
}

// rowChanged says of a current row and the row of its key in the query that they differ.
func (b builder) rowChanged() string {
	s := b.Snapshot
	switch s.Strategy {
	case "custom":
		return s.RowChanged
	case "timestamp":
		return "(snapshotted_data." + s.Meta.ValidFrom + " < source_data." + s.UpdatedAt + ")"
	}
	old := b.found.Find(b.Relation)
	var parts []string
	for _, c := range b.QueryColumns {
		if !s.CheckAll && !slices.ContainsFunc(s.CheckColumns, func(n string) bool { return strings.EqualFold(unquote(n, b.d), c.Name) }) {
			continue
		}
		if !hasColumn(old.Columns, c.Name) {
			return "(TRUE)"
		}
		was, is := "snapshotted_data."+b.d.Quote(c.Name), "source_data."+b.d.Quote(c.Name)
		parts = append(parts, was+" != "+is+"\n    or ((("+was+" is null) and not ("+is+" is null)) or ((not "+was+" is null) and ("+is+" is null)))")
	}
	return "(" + strings.Join(parts, "\n    or ") + ")"
}

// snapshotChanges is what stands around the query when it is compared with the snapshot, and the query of what differs then: its rows are
// marked insert, update or delete.
func (b builder) snapshotChanges(old *plan.Object) (before, after, rows string) {
	s, m := b.Snapshot, b.Snapshot.Meta
	deletes, records := s.HardDeletes != "ignore", s.HardDeletes == "new_record"
	changed := b.rowChanged()
	if records {
		changed += " or snapshotted_data." + m.IsDeleted + " = 'True'"
	}
	keys := b.keyFields()
	var w strings.Builder
	line := func(parts ...string) {
		for _, p := range parts {
			w.WriteString(p)
		}
		w.WriteByte('\n')
	}
	line("\n),\nsnapshotted_data as (\n  select *, ", keys, "\n  from ", b.d.Render(b.Relation), "\n  where ", b.isCurrent(m.ValidTo), "\n),")
	line("insertions_source_data as (\n  select *, ", keys, ",\n    ", s.UpdatedAt, " as ", m.UpdatedAt, ",\n    ", s.UpdatedAt, " as ", m.ValidFrom, ",\n    ", b.validTo(), ",\n    ",
		b.snapshotID(), " as ", m.ID, "\n  from snapshot_query\n),")
	line("updates_source_data as (\n  select *, ", keys, ",\n    ", s.UpdatedAt, " as ", m.UpdatedAt, ",\n    ", s.UpdatedAt, " as ", m.ValidFrom, ",\n    ", s.UpdatedAt, " as ", m.ValidTo, "\n  from snapshot_query\n),")
	if deletes {
		line("deletes_source_data as (\n  select *, ", keys, "\n  from snapshot_query\n),")
	}
	flag := func(expression string) string {
		if records {
			return ",\n    " + expression
		}
		return ""
	}
	line("insertions as (\n  select 'insert' as dbt_change_type, source_data.*", flag("'False' as "+m.IsDeleted), "\n  from insertions_source_data as source_data\n  left outer join snapshotted_data on ", b.sameKey(),
		"\n  where ", b.firstKey("snapshotted_data"), " is null\n  or (", b.firstKey("snapshotted_data"), " is not null and (", changed, "))\n),")
	line("updates as (\n  select 'update' as dbt_change_type, source_data.*, snapshotted_data.", m.ID, flag("snapshotted_data."+m.IsDeleted), "\n  from updates_source_data as source_data\n  join snapshotted_data on ", b.sameKey(),
		"\n  where (", changed, ")\n)")
	known := ""
	if records {
		end := "snapshotted_data." + m.ValidTo + " is null"
		if s.ValidToCurrent != "" {
			end = "snapshotted_data." + m.ValidTo + " = " + s.ValidToCurrent
		}
		known = "\n  and not (snapshotted_data." + m.IsDeleted + " = 'True' and " + end + ")"
	}
	if deletes {
		line(", deletes as (\n  select 'delete' as dbt_change_type, source_data.*,\n    ", s.Now, " as ", m.ValidFrom, ",\n    ", s.Now, " as ", m.UpdatedAt, ",\n    ", s.Now, " as ", m.ValidTo, ",\n    snapshotted_data.", m.ID,
			flag("snapshotted_data."+m.IsDeleted), "\n  from snapshotted_data\n  left join deletes_source_data as source_data on ", b.sameKey(), "\n  where ", b.firstKey("source_data"), " is null", known, "\n)")
	}
	if records {
		line(", deletion_records as (\n  select 'insert' as dbt_change_type,")
		for _, c := range b.QueryColumns {
			from := "source_data."
			if hasColumn(old.Columns, c.Name) {
				from = "snapshotted_data."
			}
			line("    ", from, b.d.Quote(c.Name), ",")
		}
		if s.KeyIsList {
			for i, k := range s.UniqueKey {
				line("    snapshotted_data.", k, " as ", keyName(i), ",")
			}
		} else {
			line("    snapshotted_data.dbt_unique_key as dbt_unique_key,")
		}
		line("    ", s.Now, " as ", m.ValidFrom, ",\n    ", s.Now, " as ", m.UpdatedAt, ",\n    snapshotted_data.", m.ValidTo, " as ", m.ValidTo, ",\n    ", b.deletedID(), " as ", m.ID,
			",\n    'True' as ", m.IsDeleted, "\n  from snapshotted_data\n  left join deletes_source_data as source_data on ", b.sameKey(), "\n  where ", b.firstKey("source_data"), " is null", known, "\n)")
	}
	rows = "select * from insertions\nunion all\nselect * from updates"
	if deletes {
		rows += "\nunion all\nselect * from deletes"
	}
	if records {
		rows += "\nunion all\nselect * from deletion_records"
	}
	return "with snapshot_query as (\n", w.String(), rows
}

// snapshotColumns are the columns that a new row has: the query's and the snapshot's own.
func (b builder) snapshotColumns() []plan.Column {
	m := b.Snapshot.Meta
	out := slices.Clone(b.QueryColumns)
	own := []string{m.UpdatedAt, m.ValidFrom, m.ValidTo, m.ID}
	if b.Snapshot.HardDeletes == "new_record" {
		own = append(own, m.IsDeleted)
	}
	old := b.found.Find(b.Relation)
	for _, name := range own {
		if hasColumn(old.Columns, name) {
			out = append(out, plan.Column{Name: name})
		}
	}
	return out
}

// applySnapshot closes the versions that ended and inserts the new ones.
func (b builder) applySnapshot(old *plan.Object, source string) []plan.Statement {
	m := b.Snapshot.Meta
	target := b.d.Render(b.target())
	names := columnNames(b.snapshotColumns(), b.d.Quote)
	list := strings.Join(names, ", ")
	if !b.d.Transactions {
		return []plan.Statement{b.statement(plan.Change, "merge into "+target+" as DBT_INTERNAL_DEST\nusing "+source+" as DBT_INTERNAL_SOURCE\non DBT_INTERNAL_SOURCE."+m.ID+" = DBT_INTERNAL_DEST."+m.ID+
			"\nwhen matched\n  and "+b.isCurrent("DBT_INTERNAL_DEST."+m.ValidTo)+"\n  and DBT_INTERNAL_SOURCE.dbt_change_type in ('update', 'delete')\n  then update set "+m.ValidTo+" = DBT_INTERNAL_SOURCE."+m.ValidTo+
			"\nwhen not matched\n  and DBT_INTERNAL_SOURCE.dbt_change_type = 'insert'\n  then insert ("+list+")\n  values ("+strings.Join(prefixed("DBT_INTERNAL_SOURCE.", names), ", ")+")", "ended versions are closed and new ones inserted")}
	}
	current := "DBT_INTERNAL_TARGET." + m.ValidTo + " is null"
	if c := b.Snapshot.ValidToCurrent; c != "" {
		current = "(DBT_INTERNAL_TARGET." + m.ValidTo + " = " + c + " or " + current + ")"
	}
	return []plan.Statement{
		b.statement(plan.Change, "update "+target+" as DBT_INTERNAL_TARGET\nset "+m.ValidTo+" = DBT_INTERNAL_SOURCE."+m.ValidTo+"\nfrom "+source+" as DBT_INTERNAL_SOURCE\nwhere DBT_INTERNAL_SOURCE."+m.ID+" = DBT_INTERNAL_TARGET."+m.ID+
			"\n  and DBT_INTERNAL_SOURCE.dbt_change_type in ('update', 'delete')\n  and "+current, "versions that ended are closed"),
		b.statement(plan.Change, "insert into "+target+" ("+list+")\nselect "+strings.Join(prefixed("DBT_INTERNAL_SOURCE.", names), ", ")+"\nfrom "+source+" as DBT_INTERNAL_SOURCE\nwhere DBT_INTERNAL_SOURCE.dbt_change_type = 'insert'", "new versions"),
	}
}

func prefixed(prefix string, names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = prefix + n
	}
	return out
}
