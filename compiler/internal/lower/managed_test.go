package lower_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// athena is Athena's dialect, with names spelled as a project without quoting has them.
func athena(t *testing.T) lower.Dialect {
	d, ok := dialect.Get("athena")
	if !ok {
		t.Fatal("no dialect of Athena")
	}
	return lower.NewDialect(d, func(r node.Relation) string {
		return `"` + r.Database + `"."` + r.Schema + `"."` + r.Identifier + `"`
	}, func(s string) string { return `"` + s + `"` })
}

func inBucket(name, materialization string) lower.Node {
	return lower.Node{ID: node.ID("model.p." + name), Kind: node.Model, Materialization: materialization, SQL: "select 1 as id",
		Relation:     node.Relation{Database: "s3tablescatalog/b", Schema: "ns", Identifier: name},
		QueryColumns: []plan.Column{{Name: "id", Type: "int"}, {Name: "name", Type: "string"}},
		Storage:      &lower.Storage{Iceberg: true, Managed: true, Format: "parquet", Partitions: []string{"day(at)"}}}
}

// TestManaged writes down what is sent to a catalog that keeps the files of its tables: no place, no rename, no view, and whatever is
// there replaced by one statement.
func TestManaged(t *testing.T) {
	table, append_, merge := inBucket("whole", "table"), inBucket("append", "incremental"), inBucket("merge", "incremental")
	append_.Incremental.Strategy, merge.Incremental.Strategy, merge.Incremental.UniqueKey = "append", "merge", []string{"id"}
	merge.Docs.Relation, merge.Docs.Entry = "rows by key", true
	fresh := inBucket("fresh", "incremental")
	fresh.Incremental.Strategy, fresh.FullRefresh = "append", true
	stored := inBucket("stored", "test")
	stored.ID, stored.Kind = "test.p.stored", node.Test
	stored.Test = &lower.Test{Severity: "error", WarnIf: "!= 0", ErrorIf: "!= 0", FailCalc: "count(*)", Limit: -1, Store: true, StoreAs: "table"}
	other := inBucket("other", "table")
	other.QueryColumns = other.QueryColumns[:1]
	weak := other
	grown := inBucket("grown", "incremental")
	grown.Incremental.Strategy, grown.Incremental.OnSchemaChange = "append", "append_new_columns"
	grown.QueryColumns = append(grown.QueryColumns[:2:2], plan.Column{Name: "more", Type: "int"})
	storage := *other.Storage
	storage.Weak = true
	weak.Storage, weak.ID = &storage, "model.p.weak"
	nodes := []lower.Node{table, append_, merge, fresh, stored, other, weak, grown}
	var exists plan.Observed
	for _, n := range nodes {
		exists.Objects = append(exists.Objects, plan.Object{Relation: n.Relation, Kind: plan.Table, Format: "iceberg", Location: "s3://theirs/" + n.Relation.Identifier, Columns: table.QueryColumns})
	}
	left := table.Relation
	left.Identifier += "__dbt_tmp"
	exists.Objects = append(exists.Objects, plan.Object{Relation: left, Kind: plan.Table, Format: "iceberg", Location: "s3://theirs/left"})
	d := athena(t)
	var out strings.Builder
	for _, at := range []struct {
		title string
		found plan.Observed
	}{{"nothing exists", plan.Observed{}}, {"everything exists", exists}} {
		fmt.Fprintf(&out, "######## %s\n", at.title)
		for _, n := range nodes {
			l := lower.Lower(n, d, at.found.Index())
			fmt.Fprintf(&out, "\n==== %s: %s\n", n.ID, l.Publish)
			if l.Refusal != nil {
				fmt.Fprintf(&out, "refused: %s %s\n", l.Refusal.Code, l.Refusal.Message)
				if l.Refusal.Code != string(diag.BadStorage) {
					t.Errorf("%s: %s", n.ID, l.Refusal.Code)
				}
			}
			for _, b := range append(l.Batches, l.Recover...) {
				fmt.Fprintf(&out, "-- batch: %s\n", b.Phase)
				for _, s := range b.Statements {
					fmt.Fprintf(&out, "%s;  -- %s: %s\n", s.Shown(), s.Purpose, s.Cause)
					if strings.Contains(s.Shown(), "s3://") {
						t.Errorf("%s: a place that is the catalog's: %s", n.ID, s.Shown())
					}
				}
			}
		}
	}
	golden(t, "testdata/managed.golden", out.String())
	if !lower.NeedsQueryColumns(table, d, exists.Index()) || lower.NeedsQueryColumns(table, d, plan.Index{}) || lower.NeedsQueryColumns(append_, d, exists.Index()) {
		t.Error("the columns of a query have to be known where a table is to be replaced, and nowhere else")
	}
}
