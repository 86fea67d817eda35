package lower_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// TestAside writes down the batches of a microbatch model that is built aside, and what is done about tables that killed runs have left.
func TestAside(t *testing.T) {
	target := relation("m")
	staged := lower.Staged(target)
	n := lower.Node{ID: "model.p1.m", Kind: node.Model, Materialization: "incremental", Relation: target, SQL: "select * from t", FullRefresh: true,
		PreHooks: []lower.Hook{{SQL: "before"}}, PostHooks: []lower.Hook{{SQL: "after", Transaction: true}, {SQL: "at the end"}}, Indexes: []lower.Index{{Columns: []string{"id"}}},
		Docs:        lower.Docs{Relation: "a table"},
		Incremental: lower.Incremental{Strategy: "microbatch", EventTime: "at", Interval: &lower.Interval{Start: "2024-01-01", End: "2024-01-02"}}}
	table := func(r node.Relation) plan.Object {
		return plan.Object{Relation: r, Kind: plan.Table, Columns: []plan.Column{{Name: "id", Type: "INTEGER"}}}
	}
	killed := plan.Observed{Objects: []plan.Object{table(target), table(staged)}}
	var out strings.Builder
	show := func(what string, batches []plan.Batch) {
		fmt.Fprintf(&out, "==== %s\n", what)
		write(&out, batches)
	}
	show("the first batch, after a run that was killed", lower.AsideFirst(n, spelling, killed.Index()).Batches)
	hooked := n
	hooked.PreHooks = []lower.Hook{{SQL: "before", Transaction: true}}
	show("the first batch, with a hook in its transaction", lower.AsideFirst(hooked, spelling, plan.Index{}).Batches)
	later := n
	later.Relation, later.FullRefresh, later.PreHooks = staged, false, nil
	show("a batch between", lower.AsideNext(later, target, false, spelling, killed.Index()).Batches)
	show("the last batch", lower.AsideNext(later, target, true, spelling, killed.Index()).Batches)
	show("what is there, after the last batch failed", lower.PublishStaged(lower.Node{ID: n.ID, Materialization: "incremental", Relation: target, Indexes: n.Indexes}, spelling, killed.Index()))
	show("nothing of it", lower.DiscardStaged(n, spelling, plan.Index{}))

	increment := lower.Node{ID: n.ID, Kind: node.Model, Materialization: "incremental", Relation: target, SQL: n.SQL, Incremental: lower.Incremental{Strategy: "append"}}
	show("an increment, after a full refresh that was killed", lower.Lower(increment, spelling, killed.Index()).Batches)
	increment.PreHooks = hooked.PreHooks
	show("the same with a hook in its transaction", lower.Lower(increment, spelling, killed.Index()).Batches)

	golden(t, "testdata/aside.golden", out.String())
}
