package lower_test

import (
	"testing"

	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// A node whose rows a killed run has published is not built again: what was staged goes, whether the entry is still there or not, and what comes
// after publishing is done.
func TestApplied(t *testing.T) {
	d := athena(t)
	r := node.Relation{Database: "awsdatacatalog", Schema: "shop", Identifier: "orders"}
	n := lower.Node{ID: "model.shop.orders", Kind: node.Model, Materialization: "incremental", Relation: r, SQL: "select 1 as id", Applied: true,
		Storage:     &lower.Storage{Iceberg: true, Place: "s3://lake/2/", Aside: "s3://lake/2-new/", Format: "parquet"},
		Incremental: lower.Incremental{Strategy: "append"}, Docs: lower.Docs{Entry: true, Relation: "orders"},
		PreHooks: []lower.Hook{{SQL: "before", Transaction: true}}, PostHooks: []lower.Hook{{SQL: "after", Transaction: true}}}
	found := plan.Observed{Objects: []plan.Object{{Relation: r, Kind: plan.Table, Format: "iceberg", Location: "s3://lake/0/"},
		{Relation: lower.Staged(r), Kind: plan.Table, Format: "iceberg", Location: "s3://lake/1-new/"}}}
	out := lower.Lower(n, d, found.Index())
	if out.Refusal != nil || out.Report == nil {
		t.Fatalf("refusal %v, report %v", out.Refusal, out.Report)
	}
	discarded, described, after := "", false, false
	for _, b := range out.Batches {
		if b.Phase != plan.Clean {
			t.Errorf("a batch of phase %s", b.Phase)
		}
		for _, s := range b.Statements {
			switch {
			case s.SQL == "after":
				after = true
			case s.SQL != "":
				t.Errorf("it sends %q", s.SQL)
			case s.Act.Verb == plan.Discard && s.Act.Relation == lower.Staged(r):
				discarded = s.Act.Place
				if s.Act.Keep != r {
					t.Error("what is discarded may be what was published")
				}
			case s.Act.Verb == plan.DescribeEntry:
				described = true
			}
		}
	}
	if discarded != "s3://lake/1-new/" || !described || !after {
		t.Errorf("discarded %q, described %v, hooks %v", discarded, described, after)
	}
}
