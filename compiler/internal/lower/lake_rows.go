package lower

import (
	"strings"

	"github.com/weft-data/weft/compiler/plan"
)

// lakeIncremental stages the new rows as a table and applies them by one statement.
func (b builder) lakeIncremental(phase plan.Phase) []plan.Batch {
	if rebuilds(b.Node, b.found) {
		return b.table(phase)
	}
	old := b.found.Find(b.Relation)
	change, columns := b.followColumns(old.Columns)
	return b.stageAndMerge(phase, "", "", append(change, b.applyOnLake(columns)...))
}

// stageAndMerge stages rows, applies them, and removes what was staged. The last statement of apply changes the rows.
func (b builder) stageAndMerge(phase plan.Phase, before, after string, apply []plan.Statement) []plan.Batch {
	switch phase {
	case plan.Stage:
		work := b.hooks(b.PreHooks, "pre-hook")
		if b.found.Find(b.staged()) != nil {
			work = append(work, b.discardStaged("a run that was killed left it behind"))
		}
		of := Storage{Iceberg: b.Storage.Iceberg, Managed: b.Storage.Managed, Format: "parquet"}
		if b.overwrites() {
			// The files stay: they become those of the table's partitions.
			of, b.Storage.Aside = *b.Storage, b.Storage.Place
		}
		if !b.managed() {
			work = append(work, b.act(plan.Drop, plan.Act{Verb: plan.Empty, Place: b.Storage.Aside}, "an attempt that failed may have left files"))
		}
		work = append(work, b.ctas(of, b.staged(), b.Storage.Aside, before, after, "the new rows are made aside"))
		return []plan.Batch{{Phase: plan.Stage, Statements: work}}
	case plan.Publish:
		apply[len(apply)-1].Main = true
		return []plan.Batch{{Phase: plan.Publish, Statements: apply}}
	case plan.Clean:
		work := []plan.Statement{b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: b.staged(), Keep: b.Relation, Place: b.Storage.Aside}, "its rows are applied")}
		if b.overwrites() {
			work = []plan.Statement{b.act(plan.Drop, plan.Act{Verb: plan.Forget, Relation: b.staged()}, "its files are the table's now"),
				b.act(plan.Drop, plan.Act{Verb: plan.Expire, Relation: b.Relation}, "versions that nobody reads any more go")}
		}
		work = append(work, b.describe()...)
		return []plan.Batch{{Phase: plan.Clean, Statements: append(work, b.hooks(b.PostHooks, "post-hook")...)}}
	}
	return nil
}

// applyOnLake writes the one statement of a strategy.
func (b builder) applyOnLake(columns []plan.Column) []plan.Statement {
	names := columnNames(columns, b.d.Quote)
	list := strings.Join(names, ", ")
	target, source := b.d.Render(b.Relation), b.d.Render(b.staged())
	in := b.Incremental
	switch strategy := b.strategy(b.d); {
	case len(in.Scripted) > 0:
		var work []plan.Statement
		for _, sql := range in.Scripted {
			work = append(work, b.statement(plan.Change, sql, "a macro wrote it"))
		}
		return work
	case strategy == "microbatch" && in.Interval != nil && len(in.UniqueKey) == 0:
		at := "t." + in.EventTime
		within := at + " >= timestamp " + literal(in.Interval.Start) + " and " + at + " < timestamp " + literal(in.Interval.End)
		for _, p := range in.Predicates {
			within += " and (" + p + ")"
		}
		return []plan.Statement{b.replaceBy(target, names, "select "+list+", cast(null as integer) as dbt_marker from "+source, "select "+strings.Repeat("null, ", len(names))+"1",
			"s.dbt_marker = case when "+within+" then 1 else 0 end and "+within, "the batch is replaced, in one commit")}
	case strategy == "delete+insert" && len(in.UniqueKey) > 0:
		on := []string{"s.dbt_marker = 1"}
		marker := make([]string, len(names))
		for i, c := range columns {
			marker[i] = "null"
			if containsFold(in.UniqueKey, c.Name) {
				marker[i] = names[i]
				on = append(on, "t."+names[i]+" = s."+names[i])
			}
		}
		for _, p := range in.Predicates {
			on = append(on, "("+p+")")
		}
		return []plan.Statement{b.replaceBy(target, names, "select "+list+", cast(null as integer) as dbt_marker from "+source,
			"select distinct "+strings.Join(marker, ", ")+", 1 from "+source, strings.Join(on, " and "), "rows with the keys of new rows are replaced, in one commit")}
	case b.overwrites():
		return []plan.Statement{b.act(plan.Swap, plan.Act{Verb: plan.Overwrite, Relation: b.Relation, Staged: b.staged()}, "the partitions of the new rows are replaced")}
	case strategy == "merge", strategy == "microbatch":
		return []plan.Statement{b.mergeOnLake(target, source, columns)}
	}
	return []plan.Statement{b.statement(plan.Change, "insert into "+target+" ("+list+")\nselect "+list+"\nfrom "+source, "the new rows")}
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
	return b.Materialization == "incremental" && b.strategy(b.d) == "insert_overwrite" && len(b.Storage.Partitions) > 0 && !rebuilds(b.Node, b.found)
}
