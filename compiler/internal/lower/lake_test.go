package lower_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

var lakeColumns = []plan.Column{{Name: "id", Type: "int"}, {Name: "name", Type: "string"}, {Name: "day", Type: "date"}}

func onLake(name, materialization string, s lower.Storage) lower.Node {
	s.Place, s.Aside, s.Format, s.Limit = "s3://lake/"+name+"/build/", "s3://lake/"+name+"/build-new/", "parquet", 100
	return lower.Node{ID: node.ID("model.p." + name), Kind: node.Model, Materialization: materialization, SQL: "select * from source",
		Relation: node.Relation{Database: "awsdatacatalog", Schema: "s", Identifier: name}, Storage: &s}
}

// lakeNodes are nodes whose publishing takes more than one statement or one entry.
func lakeNodes() []lower.Node {
	byDay := []string{"day"}
	with := func(n lower.Node, strategy string, keys ...string) lower.Node {
		n.Incremental.Strategy, n.Incremental.UniqueKey = strategy, keys
		return n
	}
	following := func(n lower.Node, how string) lower.Node {
		n.Incremental.OnSchemaChange = how
		n.QueryColumns = []plan.Column{{Name: "id", Type: "bigint"}, {Name: "tags", Type: "array<struct<k:string,n:int>>"}, {Name: "day", Type: "date"}}
		return n
	}
	hooked := onLake("hooked", "table", lower.Storage{Partitions: byDay})
	hooked.PreHooks, hooked.PostHooks = []lower.Hook{{SQL: "before", Transaction: true}}, []lower.Hook{{SQL: "after", Transaction: true}}
	batches := with(onLake("batches", "incremental", lower.Storage{Iceberg: true, Partitions: []string{"day(day)", "bucket(id, 4)"}}), "microbatch")
	batches.Incremental.EventTime, batches.Incremental.Interval = "day", &lower.Interval{Start: "2024-01-01", End: "2024-01-02"}
	return []lower.Node{
		hooked,
		onLake("bucketed", "table", lower.Storage{Partitions: byDay, Buckets: []string{"id"}, Count: 8, Force: true}),
		onLake("shown", "table", lower.Storage{Iceberg: true, View: true, Versions: 3, Upkeep: []string{lower.Optimize, lower.Vacuum}}),
		onLake("weak", "table", lower.Storage{Partitions: byDay, Weak: true}),
		onLake("transformed", "table", lower.Storage{Iceberg: true, Partitions: []string{"month(day)", "truncate(name, 3)", "bucket(id, 16)"}}),
		onLake("buckets", "table", lower.Storage{Iceberg: true, Partitions: []string{"bucket(id, 200)"}}),
		with(onLake("overwritten", "incremental", lower.Storage{Partitions: byDay}), "insert_overwrite"),
		with(onLake("appended", "incremental", lower.Storage{}), "append"),
		with(onLake("weakly", "incremental", lower.Storage{Partitions: byDay, Weak: true}), "insert_overwrite"),
		following(with(onLake("synced_hive", "incremental", lower.Storage{Partitions: byDay}), "insert_overwrite"), "sync_all_columns"),
		following(with(onLake("grown_hive", "incremental", lower.Storage{Partitions: byDay}), "append"), "append_new_columns"),
		with(onLake("inserted", "incremental", lower.Storage{Iceberg: true, Partitions: byDay, Force: true}), "append"),
		with(onLake("merged", "incremental", lower.Storage{Iceberg: true, Partitions: byDay}), "merge", "id"),
		with(onLake("replaced", "incremental", lower.Storage{Iceberg: true, Partitions: byDay}), "delete+insert", "id"),
		batches,
		following(with(onLake("synced", "incremental", lower.Storage{Iceberg: true, Partitions: byDay}), "merge", "id"), "sync_all_columns"),
	}
}

// TestLake writes down how tables are built, split, kept in versions and published on a lake.
func TestLake(t *testing.T) {
	d := athena(t)
	nodes := lakeNodes()
	var exists, plain plan.Observed
	for _, n := range nodes {
		format := "hive"
		if n.Storage.Iceberg {
			format = "iceberg"
		}
		o := plan.Object{Relation: n.Relation, Kind: plan.Table, Format: format, Location: "s3://lake/" + n.Relation.Identifier + "/old/", Columns: lakeColumns}
		plain.Objects = append(plain.Objects, o)
		if format == "hive" && !n.Storage.Weak {
			o.Version, o.Behind = n.Relation.Identifier+"__weft_3", true
			left := o
			left.Relation.Identifier += "__weft_1"
			exists.Objects = append(exists.Objects, left)
		}
		exists.Objects = append(exists.Objects, o)
	}
	var out strings.Builder
	var show func(title string, list []plan.Statement)
	show = func(title string, list []plan.Statement) {
		for _, s := range list {
			main := ""
			if s.Main {
				main = ", main"
			}
			fmt.Fprintf(&out, "%s%s;  -- %s: %s%s\n", title, s.Shown(), s.Purpose, s.Cause, main)
			if split := s.Split; split != nil {
				fmt.Fprintf(&out, "  -- split at %d, forced: %v\n", split.Limit, split.Force)
				show("  [before] ", split.Before)
				show("  [keys] ", []plan.Statement{split.Keys})
				show("  [first] ", split.First)
				show("  [next] ", split.Next)
				show("  [after] ", split.After)
			}
		}
	}
	for _, at := range []struct {
		title string
		found plan.Observed
	}{{"nothing exists", plan.Observed{}}, {"tables that another tool made", plain}, {"what weft made", exists}} {
		fmt.Fprintf(&out, "######## %s\n", at.title)
		for _, n := range nodes {
			l := lower.Lower(n, d, at.found.Index())
			step := plan.Step{Batches: l.Batches}
			fmt.Fprintf(&out, "\n==== %s: %s, %s\n", n.ID, l.Publish, step.Way())
			if l.Refusal != nil {
				fmt.Fprintf(&out, "refused: %s %s\n", l.Refusal.Code, l.Refusal.Message)
			}
			for _, b := range append(l.Batches, l.Recover...) {
				fmt.Fprintf(&out, "-- batch: %s again: %v upkeep: %v\n", b.Phase, b.Again, b.Upkeep)
				show("", b.Statements)
			}
		}
	}
	golden(t, "testdata/lake.golden", out.String())
}

// TestNothingIsPublishedInPieces: without consent, what changes a published table is one act or one statement, in a batch of its own kind.
func TestNothingIsPublishedInPieces(t *testing.T) {
	d := athena(t)
	for _, n := range lakeNodes() {
		found := plan.Observed{Objects: []plan.Object{{Relation: n.Relation, Kind: plan.Table, Format: map[bool]string{true: "iceberg", false: "hive"}[n.Storage.Iceberg], Columns: lakeColumns}}}
		l := lower.Lower(n, d, found.Index())
		if l.Refusal != nil {
			t.Errorf("%s: %s", n.ID, l.Refusal.Message)
		}
		if (l.Publish == plan.Weak) != n.Storage.Weak {
			t.Errorf("%s publishes %s", n.ID, l.Publish)
		}
		seen := 0
		name := d.Render(n.Relation)
		for _, b := range l.Batches {
			for _, s := range b.Statements {
				switch {
				case b.Upkeep || s.Purpose == plan.Hook:
				case s.Act != nil && s.Act.Relation == n.Relation && (s.Act.Verb == plan.Point || s.Act.Verb == plan.Overwrite),
					s.Act == nil && (strings.HasPrefix(s.SQL, "insert into "+name+" ") || strings.HasPrefix(s.SQL, "merge into "+name+" ")):
					seen++
				case s.Act == nil && (strings.Contains(s.SQL, "alter table `s`.`"+n.Relation.Identifier+"` ") || strings.HasPrefix(s.SQL, "update "+name+" ")):
					t.Errorf("%s changes what readers see: %s", n.ID, s.SQL)
				}
			}
		}
		if seen != 1 {
			t.Errorf("%s publishes by %d statements", n.ID, seen)
		}
	}
}
