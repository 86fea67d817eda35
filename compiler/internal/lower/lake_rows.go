package lower

import (
	"strings"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// lakeIncremental stages the new rows as a table and applies them to the published one as a whole.
func (b builder) lakeIncremental(phase plan.Phase) []plan.Batch {
	if rebuilds(b.Node, b.found) {
		return b.table(phase)
	}
	old := b.found.Find(b.Relation)
	if b.versioned() {
		return b.nextVersion(phase, old)
	}
	before, after := "", ""
	if b.keepsFiles() {
		before, after = b.typed(b.versionColumns(old.Columns), old.Columns)
	}
	return b.stageAndMerge(phase, before, after, old.Columns, func(b builder) []plan.Statement {
		change, columns := b.followColumns(old.Columns)
		return append(change, b.applyOnLake(columns)...)
	})
}

// nextVersion makes a version of the table of its rows and new ones: partitions that have new rows are other ones then, or have them beside the
// old.
func (b builder) nextVersion(phase plan.Phase, old *plan.Object) []plan.Batch {
	columns := b.versionColumns(old.Columns)
	switch phase {
	case plan.Stage:
		before, after := b.typed(columns, old.Columns)
		build := b.lakeBuild(*b.Storage, b.Storage.Place, before, after, "the new rows are made aside")
		build.Main = true
		return b.staging([]plan.Statement{b.act(plan.Drop, plan.Act{Verb: plan.Empty, Place: b.Storage.Place}, "an attempt that failed may have left files"), build})
	case plan.Publish:
		return []plan.Batch{{Phase: plan.Publish, Again: true, Statements: b.flip(true, !b.overwrites(), columns)}}
	}
	return b.lakeTable(phase, nil)
}

// stageAndMerge stages rows, applies them, and removes what was staged. apply changes the table it is given, its last statement the rows. What
// takes several statements is done on a branch of the table, which then takes its place.
func (b builder) stageAndMerge(phase plan.Phase, before, after string, columns []plan.Column, apply func(builder) []plan.Statement) []plan.Batch {
	switch phase {
	case plan.Stage:
		of, place := Storage{Iceberg: b.Storage.Iceberg, Managed: b.Storage.Managed, Format: "parquet"}, b.Storage.Aside
		if b.keepsFiles() {
			// The files stay: they become those of the table's partitions.
			of, place = *b.Storage, b.Storage.Place
		}
		var work []plan.Statement
		if !b.managed() {
			work = append(work, b.act(plan.Drop, plan.Act{Verb: plan.Empty, Place: place}, "an attempt that failed may have left files"))
		}
		build := b.lakeBuild(of, place, before, after, "the new rows are made aside")
		build.Main = b.keepsFiles()
		return b.staging(append(work, build))
	case plan.Publish:
		work := apply(b)
		if !b.branches() {
			work[len(work)-1].Main = !b.keepsFiles()
			return []plan.Batch{{Phase: plan.Publish, Statements: work}}
		}
		on := b
		on.into = b.branch()
		if len(work) == 1 {
			work[0].Main, work[0].Split = true, on.splitRows(columns, true)
			return []plan.Batch{{Phase: plan.Publish, Statements: work}}
		}
		work = apply(on)
		main := &work[len(work)-1]
		main.Main, main.Split = true, on.splitRows(columns, false)
		return []plan.Batch{{Phase: plan.Stage, Statements: append([]plan.Statement{b.branchOff()}, work...)},
			{Phase: plan.Publish, Statements: []plan.Statement{b.merged()}}}
	case plan.Clean:
		if b.keepsFiles() {
			return b.cleaning(b.act(plan.Drop, plan.Act{Verb: plan.Forget, Relation: b.staged()}, "its files are the table's now"),
				b.act(plan.Drop, plan.Act{Verb: plan.Expire, Relation: b.Relation}, "versions that nobody reads any more go"))
		}
		place := b.Storage.Aside
		if b.managed() {
			place = ""
		}
		work := []plan.Statement{b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: b.staged(), Keep: b.Relation, Place: place}, "its rows are applied")}
		if b.branches() {
			work = append(work, b.act(plan.Drop, plan.Act{Verb: plan.Forget, Relation: b.branch()}, "what was done on a branch is the published table's now"))
		}
		return b.cleaning(work...)
	}
	return nil
}

// target is the table that statements change: the published one, or its branch.
func (b builder) target() node.Relation {
	if b.into != (node.Relation{}) {
		return b.into
	}
	return b.Relation
}

// applyOnLake writes the one statement of a strategy.
func (b builder) applyOnLake(columns []plan.Column) []plan.Statement {
	names := columnNames(columns, b.d.Quote)
	list := strings.Join(names, ", ")
	target, source := b.d.Render(b.target()), b.d.Render(b.staged())
	in := b.Incremental
	if len(in.Scripted) > 0 {
		var work []plan.Statement
		for _, sql := range in.Scripted {
			work = append(work, b.statement(plan.Change, sql, "a macro wrote it"))
		}
		return work
	}
	if b.overwrites() {
		return []plan.Statement{b.act(plan.Swap, plan.Act{Verb: plan.Overwrite, Relation: b.Relation, Staged: b.staged()}, "the partitions of the new rows are replaced")}
	}
	if markers, on, cause := b.replaced(columns); on != "" {
		return []plan.Statement{b.replaceBy(target, names, "select "+list+", cast(null as integer) as dbt_marker from "+source, markers, on, cause)}
	}
	switch b.strategy(b.d) {
	case "merge", "microbatch":
		return []plan.Statement{b.mergeOnLake(target, source, columns)}
	}
	return []plan.Statement{b.insertOnLake(target, source, list)}
}

func (b builder) insertOnLake(target, source, list string) plan.Statement {
	return b.statement(plan.Change, "insert into "+target+" ("+list+")\nselect "+list+"\nfrom "+source, "the new rows")
}

// replaced says which rows the new ones replace, of those strategies that delete rows: markers is a query of rows that match them on a
// condition, which is empty for other strategies.
func (b builder) replaced(columns []plan.Column) (markers, on, cause string) {
	in := b.Incremental
	names := columnNames(columns, b.d.Quote)
	switch strategy := b.strategy(b.d); {
	case strategy == "microbatch" && in.Interval != nil && len(in.UniqueKey) == 0:
		at := "t." + in.EventTime
		within := at + " >= timestamp " + literal(in.Interval.Start) + " and " + at + " < timestamp " + literal(in.Interval.End)
		for _, p := range in.Predicates {
			within += " and (" + p + ")"
		}
		return "select " + strings.Repeat("null, ", len(names)) + "1", "s.dbt_marker = case when " + within + " then 1 else 0 end and " + within, "the batch is replaced, in one commit"
	case strategy == "delete+insert" && len(in.UniqueKey) > 0:
		match := []string{"s.dbt_marker = 1"}
		marker := make([]string, len(names))
		for i, c := range columns {
			marker[i] = "null"
			if containsFold(in.UniqueKey, c.Name) {
				marker[i] = names[i]
				match = append(match, "t."+names[i]+" = s."+names[i])
			}
		}
		for _, p := range in.Predicates {
			match = append(match, "("+p+")")
		}
		return "select distinct " + strings.Join(marker, ", ") + ", 1 from " + b.d.Render(b.staged()), strings.Join(match, " and "), "rows with the keys of new rows are replaced, in one commit"
	}
	return "", "", ""
}

// replaceBy deletes what matches a marker and inserts the staged rows, which have none, by one MERGE: Iceberg makes one snapshot of it, and no
// unique key is needed.
func (b builder) replaceBy(target string, names []string, rows, markers, on, cause string) plan.Statement {
	return b.statement(plan.Change, "merge into "+target+" as t\nusing (\n  "+rows+"\n  union all\n  "+markers+"\n) as s\non "+on+
		"\nwhen matched then delete\nwhen not matched and s.dbt_marker is null then insert ("+strings.Join(names, ", ")+")\nvalues ("+
		strings.Join(prefixed("s.", names), ", ")+")", cause)
}

// mergeOnLake is dbt-athena's merge, with its conditions and its rules for columns.
func (b builder) mergeOnLake(target, source string, columns []plan.Column) plan.Statement {
	in, s := b.Incremental, b.Storage
	var on []string
	for _, k := range in.UniqueKey {
		on = append(on, "target."+k+" = src."+k)
	}
	for _, p := range in.Predicates {
		on = append(on, "("+p+")")
	}
	if len(on) == 0 {
		on = []string{"false"}
	}
	names := columnNames(columns, b.d.Quote)
	var set []string
	for i, c := range columns {
		switch {
		case containsFold(in.UniqueKey, c.Name), len(in.UpdateColumns) > 0 && !containsFold(in.UpdateColumns, c.Name), containsFold(in.ExcludeColumns, c.Name):
			continue
		}
		rule := s.Rules[strings.ToLower(c.Name)]
		if rule == "" {
			rule = s.DefaultRule
		}
		set = append(set, names[i]+" = "+updated(rule, names[i]))
	}
	sql := "merge into " + target + " as target\nusing " + source + " as src\non (" + strings.Join(on, ") and (") + ")"
	if s.Delete != "" {
		sql += "\nwhen matched and (" + s.Delete + ")\n  then delete"
	}
	if len(set) > 0 {
		sql += "\nwhen matched"
		if s.Update != "" {
			sql += " and (" + s.Update + ")"
		}
		sql += "\n  then update set " + strings.Join(set, ",\n    ")
	}
	sql += "\nwhen not matched"
	if s.Insert != "" {
		sql += " and (" + s.Insert + ")"
	}
	sql += "\n  then insert (" + strings.Join(names, ", ") + ")\n  values (" + strings.Join(prefixed("src.", names), ", ") + ")"
	return b.statement(plan.Change, sql, "rows are updated or inserted by their key, in one commit")
}

// updated is a column's new value by a rule of dbt-athena's merge_update_columns_rules.
func updated(rule, name string) string {
	was, is := "target."+name, "src."+name
	switch rule {
	case "", "replace":
		return is
	case "coalesce":
		return "coalesce(" + is + ", " + was + ")"
	case "sum":
		return is + " + " + was
	case "append":
		return is + " || " + was
	case "append_distinct":
		return "array_distinct(" + is + " || " + was + ")"
	}
	return strings.NewReplacer("_old_", was, "_new_", is).Replace(rule)
}

// overwrites says that the partitions of the new rows take the place of the table's.
func (b builder) overwrites() bool {
	strategy := b.strategy(b.d)
	return b.Materialization == "incremental" && (strategy == "insert_overwrite" || strategy == "microbatch" && !b.Storage.Iceberg) &&
		len(b.Storage.Partitions) > 0 && !rebuilds(b.Node, b.found)
}

// keepsFiles says that the files of the new rows become the table's, so that they are staged as the table's are.
func (b builder) keepsFiles() bool {
	return b.overwrites() || b.versioned() && b.Materialization == "incremental" && !rebuilds(b.Node, b.found)
}
