package lower

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// On a lake a table is files and an entry of a catalog that names them. There are no transactions; what is atomic is one statement over a
// table of Iceberg, and one change of an entry. So a table is built as files of its own under a staged name, and published by letting the
// entry of its name take over those files; rows of an incremental model are staged likewise, and applied by one statement.

// Storage is how a table's files are kept.
type Storage struct {
	// Iceberg: the files are kept by Iceberg, else they are plain files of a format (a Hive table).
	Iceberg bool
	// Place is the folder of the files of this build, which no other build has; Aside that of the new rows of an incremental model.
	Place, Aside string
	// Format is "parquet", "orc" and so on; Compression and Delimiter are "" for the engine's own.
	Format, Compression, Delimiter string
	// Partitions are transforms of columns for Iceberg, columns else.
	Partitions []string
	Buckets    []string
	Count      int64
	// Properties are further ones of the table, as they are written.
	Properties []Property
	// Update, Insert and Delete are conditions of a merge; Rules say how columns are updated, by name.
	Update, Insert, Delete string
	Rules                  map[string]string
	DefaultRule            string
	// Weak says that the user consents to publishing that readers can see half of.
	Weak bool
}

// consent is how a user says that publishing piece by piece is good enough for a model or, in dbt_project.yml, for all below a folder.
const consent = "or consent to that with the config meta: {weft_publish: weak}, which dbt_project.yml can give to whole folders (+meta)"

// Property is a property of a table.
type Property struct{ Name, Value string }

// refuseLake refuses what could not be published as a whole, unless the user consents, and what the formats cannot do.
func refuseLake(n Node, d Dialect, found plan.Index) *plan.Refusal {
	bad := func(message string) *plan.Refusal {
		return &plan.Refusal{Code: string(diag.BadStorage), Message: message}
	}
	s := n.Storage
	if s == nil || n.Materialization == "view" || n.Materialization == "test" || n.Materialization == "unit" {
		return nil
	}
	old := found.Find(n.Relation)
	exists := old != nil && old.Kind != plan.View
	strategy := ""
	if n.Materialization == "incremental" {
		strategy = n.strategy(d)
	}
	switch {
	case strategy != "" && s.Iceberg && !slices.Contains([]string{"append", "merge", "delete+insert", "microbatch"}, strategy):
		return &plan.Refusal{Code: string(diag.UnknownStrategy), Message: "Incremental models on Iceberg tables have the strategies append, merge, microbatch and delete+insert, and this one says `" + strategy + "`; set incremental_strategy"}
	case strategy != "" && !s.Iceberg && strategy != "append" && strategy != "insert_overwrite":
		return &plan.Refusal{Code: string(diag.UnknownStrategy), Message: "Incremental models on Hive tables have the strategies append and insert_overwrite, and this one says `" + strategy + "`; set table_type to iceberg for the others"}
	case s.Iceberg && len(s.Buckets) > 0:
		return bad("bucketed_by is of Hive tables; partition an Iceberg table by bucket(column, count) in partitioned_by")
	case n.Materialization == "snapshot" && !s.Iceberg:
		return bad("weft keeps snapshots in Iceberg tables, where each run is one commit; set table_type to iceberg")
	case n.Materialization == "incremental" && exists && !n.FullRefresh && old.Format != s.format():
		return bad("the table " + d.Render(n.Relation) + " exists as a table of " + old.Format + ", and table_type is " + s.format() + "; build it anew with --full-refresh")
	case n.Materialization == "incremental" && exists && !n.FullRefresh && !s.Iceberg && !s.Weak:
		return bad("rows cannot be added to a Hive table as a whole: readers would see some of them before the others. Set table_type to iceberg, " +
			consent)
	case !s.Iceberg && len(s.Partitions) > 0 && exists && !s.Weak:
		return bad("the partitions of a Hive table cannot be replaced all at once: readers would see old and new ones. Set table_type to iceberg, " +
			consent)
	}
	return nil
}

func (s *Storage) format() string {
	if s.Iceberg {
		return "iceberg"
	}
	return "hive"
}

func (b builder) act(purpose plan.Purpose, a plan.Act, cause string) plan.Statement {
	return plan.Statement{Node: b.ID, Purpose: purpose, Act: &a, Cause: cause}
}

// ctas creates a table of a query. before and after stand around the compiled code.
func (b builder) ctas(of Storage, as node.Relation, place, before, after, cause string) plan.Statement {
	return b.code(plan.Build, "create table "+b.d.Render(as)+"\nwith (\n  "+strings.Join(of.properties(place), ",\n  ")+"\n)\nas\n"+before, after, cause)
}

// properties are those of CREATE TABLE AS, in the words of Athena.
func (s Storage) properties(place string) []string {
	list := func(names []string) string {
		quoted := make([]string, len(names))
		for i, n := range names {
			quoted[i] = literal(n)
		}
		return "array[" + strings.Join(quoted, ", ") + "]"
	}
	location, partitions, external := "external_location", "partitioned_by", "true"
	if s.Iceberg {
		location, partitions, external = "location", "partitioning", "false"
	}
	out := []string{"table_type = " + literal(s.format()), "is_external = " + external, location + " = " + literal(place), "format = " + literal(s.Format)}
	if len(s.Partitions) > 0 {
		out = append(out, partitions+" = "+list(s.Partitions))
	}
	if len(s.Buckets) > 0 {
		out = append(out, "bucketed_by = "+list(s.Buckets), "bucket_count = "+itoa(s.Count))
	}
	if s.Delimiter != "" {
		out = append(out, "field_delimiter = "+literal(s.Delimiter))
	}
	if s.Compression != "" {
		out = append(out, "write_compression = "+literal(s.Compression))
	}
	for _, p := range s.Properties {
		out = append(out, p.Name+" = "+p.Value)
	}
	return out
}

// discardStaged removes what a run that was killed left under the staged name.
func (b builder) discardStaged(cause string) plan.Statement {
	place := ""
	if left := b.found.Find(b.staged()); left != nil {
		place = left.Location
	}
	return b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: b.staged(), Keep: b.Relation, Place: place}, cause)
}

// lakeTable builds a table aside and lets the entry of its name take over its files. build makes the staged table.
func (b builder) lakeTable(phase plan.Phase, build []plan.Statement) []plan.Batch {
	switch phase {
	case plan.Stage:
		work := b.hooks(b.PreHooks, "pre-hook")
		if b.found.Find(b.staged()) != nil {
			work = append(work, b.discardStaged("a run that was killed left it behind"))
		}
		work = append(work, b.act(plan.Drop, plan.Act{Verb: plan.Empty, Place: b.Storage.Place}, "an attempt that failed may have left files"))
		return []plan.Batch{{Phase: plan.Stage, Statements: append(work, build...)}}
	case plan.Publish:
		return []plan.Batch{{Phase: plan.Publish, Statements: []plan.Statement{b.point("the new table becomes visible")}}}
	case plan.Clean:
		work := []plan.Statement{
			b.act(plan.Drop, plan.Act{Verb: plan.Forget, Relation: b.staged()}, "the files are the published table's now"),
			b.act(plan.Drop, plan.Act{Verb: plan.Expire, Relation: b.Relation}, "versions that nobody reads any more go"),
		}
		work = append(work, b.describe()...)
		return []plan.Batch{{Phase: plan.Clean, Statements: append(work, b.hooks(b.PostHooks, "post-hook")...)}}
	}
	return nil
}

func (b builder) point(cause string) plan.Statement {
	return b.act(plan.Swap, plan.Act{Verb: plan.Point, Relation: b.Relation, Staged: b.staged()}, cause)
}

// describe keeps the descriptions in the catalog's entry.
func (b builder) describe() []plan.Statement {
	if b.Docs.Relation == "" && len(b.Docs.Columns) == 0 {
		return nil
	}
	a := plan.Act{Verb: plan.DescribeEntry, Relation: b.Relation}
	if b.Docs.Relation != "" {
		a.Text = &b.Docs.Relation
	}
	for _, c := range b.Docs.Columns {
		if a.Columns == nil {
			a.Columns = map[string]string{}
		}
		a.Columns[strings.ToLower(unquote(c.Name, b.d))] = c.Text
	}
	return []plan.Statement{b.act(plan.Describe, a, "the config `persist_docs` asks for it")}
}

// lakeView replaces a view in one statement; where a table has its name, the view is made aside and the entry of the name takes it over.
func (b builder) lakeView(phase plan.Phase) []plan.Batch {
	if phase != plan.Publish {
		return nil
	}
	work := b.hooks(b.PreHooks, "pre-hook")
	old := b.found.Find(b.Relation)
	name, cause := b.Relation, "the view is new"
	if old != nil && old.Kind == plan.View {
		cause = "the view exists"
	} else if old != nil {
		name, cause = b.staged(), "a table has the view's name"
		work = append(work, b.discardStaged("a run that was killed may have left it behind"))
	}
	main := b.code(plan.Build, "create or replace view "+b.d.Render(name)+" as\n", "", cause)
	main.Main = true
	work = append(work, main)
	if name != b.Relation {
		work = append(work, b.point("the view takes the table's place"),
			b.act(plan.Drop, plan.Act{Verb: plan.Forget, Relation: b.staged()}, "the view has its name now"),
			b.act(plan.Drop, plan.Act{Verb: plan.Expire, Relation: b.Relation}, "versions that nobody reads any more go"))
	}
	work = append(work, b.describe()...)
	return []plan.Batch{{Phase: plan.Publish, Statements: append(work, b.hooks(b.PostHooks, "post-hook")...)}}
}

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
		of := Storage{Iceberg: b.Storage.Iceberg, Format: "parquet"}
		if b.overwrites() {
			// The files stay: they become those of the table's partitions.
			of, b.Storage.Aside = *b.Storage, b.Storage.Place
		}
		work = append(work, b.act(plan.Drop, plan.Act{Verb: plan.Empty, Place: b.Storage.Aside}, "an attempt that failed may have left files"),
			b.ctas(of, b.staged(), b.Storage.Aside, before, after, "the new rows are made aside"))
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

// lakeSeed uploads the file, reads it through a table of texts, and makes the seed's table of that with its types.
func (b builder) lakeSeed(phase plan.Phase) []plan.Batch {
	rows := b.Relation
	rows.Identifier += rowsSuffix
	files := strings.TrimSuffix(b.Storage.Aside, "/") + "/"
	texts, casts := make([]string, len(b.Seed.Columns)), make([]string, len(b.Seed.Columns))
	for i, c := range b.Seed.Columns {
		texts[i] = "`" + unquote(c.Name, b.d) + "` string"
		casts[i] = castSeed(c, b.Storage.Iceberg)
	}
	b.SQL = "select\n  " + strings.Join(casts, ",\n  ") + "\nfrom " + b.d.Render(rows)
	build := b.ctas(*b.Storage, b.staged(), b.Storage.Place, "", "", "the table is built aside, with its types")
	build.CodeStart, build.CodeEnd, build.Main = 0, 0, true
	batches := b.lakeTable(phase, []plan.Statement{
		b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: rows, Place: files}, "a run that was killed may have left it behind"),
		b.act(plan.Load, plan.Act{Verb: plan.Upload, File: b.Seed.Path, Place: files + "rows.csv"}, "the file's rows"),
		b.statement(plan.Build, "create external table "+b.d.DDL(rows)+" (\n  "+strings.Join(texts, ",\n  ")+"\n)\nrow format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'\n"+
			"with serdeproperties ('separatorChar' = "+literal(b.Seed.Delimiter)+")\nlocation "+literal(files)+"\ntblproperties ('skip.header.line.count' = '1')", "the rows as texts"),
		build,
	})
	if phase == plan.Clean {
		batches[0].Statements = append(batches[0].Statements, b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: rows, Place: files}, "the rows are in the table"))
	}
	return batches
}

const rowsSuffix = "__dbt_rows"

// castSeed reads a text as its column's type; an empty one is null, as dbt-athena has it. Iceberg takes times of six digits alone.
func castSeed(c SeedColumn, iceberg bool) string {
	typ := strings.ToLower(c.Type)
	if typ == "string" {
		typ = "varchar"
	}
	if typ == "timestamp" {
		var tries []string
		for _, f := range seedTimes {
			tries = append(tries, "try(date_parse("+c.Name+", "+literal(f)+"))")
		}
		read := "coalesce(" + strings.Join(tries, ", ") + ")"
		if iceberg {
			read = "cast(" + read + " as timestamp(6))"
		}
		return read + " as " + c.Name
	}
	return "cast(nullif(" + c.Name + ", '') as " + typ + ") as " + c.Name
}

// seedTimes are the formats of times that dbt-athena reads in seeds.
var seedTimes = []string{"%Y-%m-%d %H:%i:%s", "%Y/%m/%d %H:%i:%s", "%d %M %Y %H:%i:%s", "%d/%m/%Y %H:%i:%s", "%d-%m-%Y %H:%i:%s", "%Y-%m-%d %H:%i:%s.%f",
	"%Y/%m/%d %H:%i:%s.%f", "%d %M %Y %H:%i:%s.%f", "%d/%m/%Y %H:%i:%s.%f", "%Y-%m-%dT%H:%i:%s.%fZ", "%Y-%m-%dT%H:%i:%sZ", "%Y-%m-%dT%H:%i:%s"}

// lakeFailures stores a test's failures as a table or a view.
func (b builder) lakeFailures(kind, limit string) []plan.Batch {
	if kind == "view" {
		b.SQL += limit
		return b.lakeView(plan.Publish)
	}
	build := b.ctas(*b.Storage, b.staged(), b.Storage.Place, "", limit, "failures are stored aside")
	var out []plan.Batch
	for _, phase := range []plan.Phase{plan.Stage, plan.Publish, plan.Clean} {
		out = append(out, b.lakeTable(phase, []plan.Statement{build})...)
	}
	return out
}

// lakeRecovery removes what was staged and not published.
func (b builder) lakeRecovery() []plan.Batch {
	if b.Storage == nil || b.Materialization == "view" {
		return nil
	}
	place := b.Storage.Place
	exists := b.found.Find(b.Relation) != nil
	if b.Materialization == "incremental" && !rebuilds(b.Node, b.found) || b.Materialization == "snapshot" && exists {
		place = b.Storage.Aside
	}
	work := []plan.Statement{b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: b.staged(), Keep: b.Relation, Place: place}, "it was built aside and not published")}
	if b.Materialization == "seed" {
		rows := b.Relation
		rows.Identifier += rowsSuffix
		work = append(work, b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: rows, Place: b.Storage.Aside}, "the rows are not wanted any more"))
	}
	return []plan.Batch{{Phase: plan.Clean, Statements: work}}
}

// overwrites says that the partitions of the new rows take the place of the table's.
func (b builder) overwrites() bool {
	return b.Materialization == "incremental" && b.strategy(b.d) == "insert_overwrite" && len(b.Storage.Partitions) > 0 && !rebuilds(b.Node, b.found)
}

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
	return []plan.Statement{b.statement(plan.Change, "alter table "+b.d.DDL(b.Relation)+" add columns ("+strings.Join(defs, ", ")+")", "the query's columns are new")}
}

// syncOnLake drops columns of an Iceberg table, and gives others their new types by way of a second one, as dbt-athena does. Of a Hive table
// the entry's list of columns is replaced.
func (b builder) syncOnLake(c schemaChange) []plan.Statement {
	name := b.d.DDL(b.Relation)
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
			b.statement(plan.Change, "update "+b.d.Render(b.Relation)+" set "+b.d.Quote(aside)+" = cast("+b.d.Quote(col.Name)+" as "+b.d.Queried(col.Type)+")", cause),
			b.statement(plan.Change, "alter table "+name+" drop column `"+col.Name+"`", cause),
			b.statement(plan.Change, "alter table "+name+" change column `"+aside+"` `"+col.Name+"` "+col.Type, cause))
	}
	return work
}
