package lower_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// TestStrategies writes down the batches of snapshots, of tables that follow their query's columns, and of batches of time.
func TestStrategies(t *testing.T) {
	snapshot := func(name string, s lower.Snapshot) lower.Node {
		s.Now, s.Equals = "now()", func(a, b string) string { return a + " = " + b }
		if s.HardDeletes == "" {
			s.HardDeletes = "ignore"
		}
		s.Meta = lower.SnapshotMeta{ValidTo: "dbt_valid_to", ValidFrom: "dbt_valid_from", ID: "dbt_scd_id", UpdatedAt: "dbt_updated_at", IsDeleted: "dbt_is_deleted"}
		return lower.Node{ID: node.ID("snapshot.p1." + name), Kind: node.Snapshot, Materialization: "snapshot", Relation: relation(name), SQL: "select * from t", Snapshot: &s,
			QueryColumns: []plan.Column{{Name: "id", Type: "INTEGER"}, {Name: "v", Type: "VARCHAR"}, {Name: "new", Type: "DATE"}}}
	}
	incremental := func(name string, in lower.Incremental) lower.Node {
		return lower.Node{ID: node.ID("model.p1." + name), Kind: node.Model, Materialization: "incremental", Relation: relation(name), SQL: "select * from t", Incremental: in,
			QueryColumns: []plan.Column{{Name: "id", Type: "BIGINT"}, {Name: "new", Type: "DATE"}}}
	}
	aside := spelling
	aside.AlterType = ""
	overwrites := spelling
	overwrites.Strategies = []string{"insert_overwrite"}
	merges := spelling
	merges.Transactions = false
	lake := merges
	lake.Lake = true
	onHive := snapshot("on_hive", lower.Snapshot{Strategy: "timestamp", UniqueKey: []string{"id"}, UpdatedAt: "changed", HardDeletes: "new_record", ValidToCurrent: "date '9999-12-31'"})
	onHive.Storage = &lower.Storage{Place: "s3://lake/on_hive/1/", Aside: "s3://lake/on_hive/1-new/", Format: "parquet"}
	nodes := []struct {
		lower.Node
		d lower.Dialect
	}{
		{snapshot("by_time", lower.Snapshot{Strategy: "timestamp", UniqueKey: []string{"id"}, UpdatedAt: "changed"}), spelling},
		{snapshot("by_columns", lower.Snapshot{Strategy: "check", UniqueKey: []string{"id", "v"}, KeyIsList: true, UpdatedAt: "now()", CheckColumns: []string{`"V"`}, HardDeletes: "new_record", ValidToCurrent: "date '9999-12-31'"}), spelling},
		{snapshot("by_all", lower.Snapshot{Strategy: "check", UniqueKey: []string{"id"}, UpdatedAt: "now()", CheckAll: true, HardDeletes: "invalidate"}), merges},
		{onHive, lake},
		{incremental("appends", lower.Incremental{OnSchemaChange: "append_new_columns"}), spelling},
		{incremental("syncs", lower.Incremental{OnSchemaChange: "sync_all_columns"}), spelling},
		{incremental("syncs_aside", lower.Incremental{OnSchemaChange: "sync_all_columns", Strategy: "merge", UniqueKey: []string{"id"}}), aside},
		{incremental("fails", lower.Incremental{OnSchemaChange: "fail"}), spelling},
		{incremental("batch", lower.Incremental{Strategy: "microbatch", EventTime: "at", Predicates: []string{"x > 1"}, Interval: &lower.Interval{Start: "2024-01-01 00:00:00+00:00", End: "2024-01-02 00:00:00+00:00"}}), spelling},
		{incremental("overwrites", lower.Incremental{Strategy: "insert_overwrite"}), overwrites},
		{incremental("no_overwrite", lower.Incremental{Strategy: "insert_overwrite"}), spelling},
	}
	var exists plan.Observed
	for _, n := range nodes {
		o := plan.Object{Relation: n.Relation, Kind: plan.Table, Columns: []plan.Column{{Name: "ID", Type: "INTEGER"}, {Name: "v", Type: "VARCHAR"}}}
		if n.Kind == node.Snapshot {
			for _, c := range []string{"dbt_scd_id", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to", "dbt_is_deleted"} {
				o.Columns = append(o.Columns, plan.Column{Name: c, Type: "VARCHAR"})
			}
		}
		exists.Objects = append(exists.Objects, o)
	}
	bare := plan.Observed{Objects: []plan.Object{{Relation: relation("by_time"), Kind: plan.Table, Columns: []plan.Column{{Name: "id"}}}, {Relation: relation("by_columns"), Kind: plan.View}}}
	var out strings.Builder
	for _, at := range []struct {
		title string
		found plan.Observed
		only  int
	}{{"nothing exists", plan.Observed{}, 2}, {"everything exists", exists, len(nodes)}, {"something else exists", bare, 2}} {
		fmt.Fprintf(&out, "######## %s\n", at.title)
		for _, n := range nodes[:at.only] {
			l := lower.Lower(n.Node, n.d, at.found.Index())
			fmt.Fprintf(&out, "\n==== %s\n", n.ID)
			if l.Refusal != nil {
				fmt.Fprintf(&out, "refused: %s %s\n", l.Refusal.Code, l.Refusal.Message)
			}
			write(&out, l.Batches)
			for _, b := range l.Batches {
				for _, st := range b.Statements {
					if st.CodeEnd > 0 && st.SQL[st.CodeStart:st.CodeEnd] != n.SQL {
						t.Errorf("%s: the place of the code is wrong in %q", n.ID, st.SQL)
					}
				}
			}
		}
	}
	golden(t, "testdata/strategies.golden", out.String())
}
