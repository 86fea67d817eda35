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
	// Managed: the table's catalog keeps its files, and there is no place to choose.
	Managed bool
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
	// Weak says that the user consents to publishing that readers can see half of; View that the table is to be kept in versions behind a view
	// also where it need not be.
	Weak, View bool
	// Limit is the most partitions that one statement writes, Force that it is not tried with one.
	Limit int64
	Force bool
	// Upkeep are Optimize and Vacuum, in the order in which they are done.
	Upkeep []string
	// Versions is how many versions of its entry the catalog is to keep; 0 leaves that to the catalog.
	Versions int
	// Hidden says that nobody reads the table yet, so that it may be changed piece by piece.
	Hidden bool
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
	if s != nil && s.Managed && n.Materialization == "test" {
		return refuseManaged(n, d, found)
	}
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
	case strategy != "" && !s.Iceberg && !slices.Contains([]string{"append", "insert_overwrite", "microbatch"}, strategy):
		return &plan.Refusal{Code: string(diag.UnknownStrategy), Message: "Incremental models on Hive tables have the strategies append, insert_overwrite and microbatch, and this one says `" + strategy + "`; set table_type to iceberg for the others"}
	case strategy == "microbatch" && !s.Iceberg && len(s.Partitions) == 0:
		return &plan.Refusal{Code: string(diag.BadIncrementalConfig), Message: "a microbatch model on a Hive table replaces the partitions of its batches and needs partitioned_by, with a column of the grain of batch_size; " +
			"or set table_type to iceberg"}
	case s.Iceberg && len(s.Buckets) > 0:
		return bad("bucketed_by is of Hive tables; partition an Iceberg table by bucket(column, count) in partitioned_by")
	case n.Materialization == "snapshot" && s.Iceberg && exists && old.Format != s.format():
		return bad("the snapshot " + d.Render(n.Relation) + " exists as a table of " + old.Format + ", and table_type is " + s.format() + "; a snapshot is not built anew, so give table_type as it was, or move its history by hand")
	case len(s.Upkeep) > 0 && (!s.Iceberg || s.Managed):
		return bad("meta.weft_maintain is of Iceberg tables whose files Athena keeps: Hive tables have no maintenance, and S3 Tables do their own. Leave it out here")
	case s.Managed:
		return refuseManaged(n, d, found)
	case n.Materialization == "incremental" && exists && !n.FullRefresh && old.Format != s.format():
		return bad("the table " + d.Render(n.Relation) + " exists as a table of " + old.Format + ", and table_type is " + s.format() + "; build it anew with --full-refresh")
	case n.Materialization == "incremental" && exists && !n.FullRefresh && old.Behind && (s.Iceberg || s.Weak):
		return bad("the table " + d.Render(n.Relation) + " is kept in versions behind a view, which new rows cannot be added to in this way; build it anew with --full-refresh")
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
	out := []string{"table_type = " + literal(s.format()), "is_external = " + external}
	if !s.Managed {
		out = append(out, location+" = "+literal(place))
	}
	out = append(out, "format = "+literal(s.Format))
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
	if left := b.found.Find(b.staged()); left != nil && !b.managed() {
		place = left.Location
	}
	return b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: b.staged(), Keep: b.Relation, Place: place}, cause)
}

// lakeTable builds a table aside and lets the entry of its name take over its files. build makes the staged table.
func (b builder) lakeTable(phase plan.Phase, build []plan.Statement) []plan.Batch {
	switch phase {
	case plan.Stage:
		return b.staging(append([]plan.Statement{b.act(plan.Drop, plan.Act{Verb: plan.Empty, Place: b.Storage.Place}, "an attempt that failed may have left files")}, build...))
	case plan.Publish:
		if b.versioned() {
			return []plan.Batch{{Phase: plan.Publish, Again: true, Statements: b.flip(false, false, nil)}}
		}
		return []plan.Batch{{Phase: plan.Publish, Statements: []plan.Statement{b.point("the new table becomes visible")}}}
	case plan.Clean:
		return b.cleaning(
			b.act(plan.Drop, plan.Act{Verb: plan.Forget, Relation: b.staged()}, "the files are the published table's now"),
			b.act(plan.Drop, plan.Act{Verb: plan.Expire, Relation: b.Relation}, "versions that nobody reads any more go"))
	}
	return nil
}

// applied finishes a node whose rows a run published before it was killed.
func (b builder) applied() Lowered {
	const cause = "a run that was killed left it behind; its rows are applied"
	work := []plan.Statement{b.discardStaged(cause)}
	if b.Seed != nil {
		rows := b.Relation
		rows.Identifier += rowsSuffix
		if left := b.found.Find(rows); left != nil {
			work = append(work, b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: rows, Place: left.Location}, cause))
		}
	}
	if b.branches() {
		work = append(work, b.act(plan.Drop, plan.Act{Verb: plan.Forget, Relation: b.branch()}, cause))
	}
	work = append(work, b.discardParts()...)
	work = append(work, b.act(plan.Drop, plan.Act{Verb: plan.Expire, Relation: b.Relation}, "versions that nobody reads any more go"))
	out := Lowered{Publish: b.d.Publish[b.Materialization], Report: &plan.Report{Message: "OK"}, Batches: append(b.governed(), b.cleaning(work...)...)}
	if b.Seed != nil {
		out.Report = seedReport(b.Node)
	}
	if b.Pointer != nil {
		out.Batches = append(out.Batches, b.pointer())
	}
	out.Batches = append(out.Batches, outside(b.Node, b.PostHooks, "post-hook")...)
	return out
}

// staging is the work of building aside, after the hooks and the removal of what stands in its way. It can be done again as a whole.
func (b builder) staging(build []plan.Statement) []plan.Batch {
	var batches []plan.Batch
	if hooks := b.hooks(b.PreHooks, "pre-hook"); len(hooks) > 0 {
		batches = append(batches, plan.Batch{Phase: plan.Stage, Statements: hooks})
	}
	work := []plan.Statement{b.discardStaged("an attempt that failed may have left it behind")}
	if b.found.Find(b.staged()) != nil {
		work[0].Cause = "a run that was killed left it behind"
	}
	if b.versioned() {
		work = append(work, b.discardVersion()...)
	}
	return append(batches, plan.Batch{Phase: plan.Stage, Again: true, Statements: append(work, build...)})
}

// cleaning ends with descriptions and hooks, which belong to the table as it is published.
func (b builder) cleaning(work ...plan.Statement) []plan.Batch {
	batches := []plan.Batch{{Phase: plan.Clean, Statements: append(work, b.describe()...)}}
	batches = append(batches, b.upkeep()...)
	if hooks := b.hooks(b.PostHooks, "post-hook"); len(hooks) > 0 {
		batches = append(batches, plan.Batch{Phase: plan.Clean, Statements: hooks})
	}
	return batches
}

// Upkeep of tables of Iceberg, in the words of the config: files are made larger, old snapshots and files that nobody needs are removed.
const (
	Optimize = "optimize"
	Vacuum   = "vacuum"
)

// upkeep is the maintenance that the config asks for, after publishing: a statement each, whose failure does no harm to what is published.
func (b builder) upkeep() []plan.Batch {
	var batches []plan.Batch
	if b.Storage == nil || b.Storage.Hidden {
		return nil
	}
	if n := b.Storage.Versions; n > 0 {
		batches = append(batches, plan.Batch{Phase: plan.Clean, Upkeep: true, Statements: []plan.Statement{
			b.act(plan.Drop, plan.Act{Verb: plan.TrimEntry, Relation: b.Relation, Newest: n}, "the config `versions_to_keep` asks for it")}})
	}
	for _, what := range b.Storage.Upkeep {
		// The grammar of both knows no quotes.
		name := b.Relation.Schema + "." + b.Relation.Identifier
		sql, cause := "vacuum "+name, "old snapshots go, and files that nobody needs"
		if what == Optimize {
			sql, cause = "optimize "+name+" rewrite data using bin_pack", "small files become larger ones"
		}
		batches = append(batches, plan.Batch{Phase: plan.Clean, Upkeep: true, Statements: []plan.Statement{b.statement(plan.Change, sql, cause)}})
	}
	return batches
}

func (b builder) point(cause string) plan.Statement {
	a := plan.Act{Verb: plan.Point, Relation: b.Relation, Staged: b.staged(), Properties: b.classification()}
	if b.Storage != nil {
		a.Place = b.Storage.Place
	}
	return b.act(plan.Swap, a, cause)
}

// classification tells Glue's crawlers and jobs the format of a model's Hive table, as dbt-athena does by a statement of its own.
func (b builder) classification() map[string]string {
	if b.Storage == nil || b.Storage.Iceberg || b.Materialization != "table" && b.Materialization != "incremental" {
		return nil
	}
	return map[string]string{"classification": b.Storage.Format}
}

// describe keeps the descriptions in the catalog's entry.
func (b builder) describe() []plan.Statement {
	if !b.Docs.Entry && len(b.Docs.Columns) == 0 {
		return nil
	}
	a := plan.Act{Verb: plan.DescribeEntry, Relation: b.Relation, Properties: b.Docs.Properties, Owner: b.Docs.Owner}
	if b.Docs.Entry {
		a.Text = &b.Docs.Relation
	}
	for _, c := range b.Docs.Columns {
		if a.Columns == nil {
			a.Columns = map[string]string{}
		}
		name := strings.ToLower(unquote(c.Name, b.d))
		a.Columns[name] = c.Text
		if len(c.Properties) > 0 {
			if a.ColumnProperties == nil {
				a.ColumnProperties = map[string]map[string]string{}
			}
			a.ColumnProperties[name] = c.Properties
		}
	}
	return []plan.Statement{b.act(plan.Describe, a, "the config `persist_docs` asks for it")}
}

// lakeRecovery removes what was staged and not published.
func (b builder) lakeRecovery() []plan.Batch {
	if b.Storage == nil || b.Materialization == "view" {
		return nil
	}
	place := b.Storage.Place
	exists := b.found.Find(b.Relation) != nil
	if b.Materialization == "incremental" && !rebuilds(b.Node, b.found) && !b.keepsFiles() || b.Materialization == "snapshot" && exists && !b.rewritesSnapshot() {
		place = b.Storage.Aside
	}
	work := []plan.Statement{b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: b.staged(), Keep: b.Relation, Place: place}, "it was built aside and not published")}
	if b.versioned() {
		work = append(work, b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: b.version(), Keep: b.Relation}, "it was made and not published"))
	}
	if b.branches() {
		work = append(work, b.act(plan.Drop, plan.Act{Verb: plan.Forget, Relation: b.branch()}, "it was made and not published"))
	}
	work = append(work, b.discardParts()...)
	if b.Materialization == "seed" {
		rows := b.Relation
		rows.Identifier += rowsSuffix
		work = append(work, b.act(plan.Drop, plan.Act{Verb: plan.Discard, Relation: rows, Place: b.Storage.Aside}, "the rows are not wanted any more"))
	}
	return []plan.Batch{{Phase: plan.Clean, Statements: work}}
}
