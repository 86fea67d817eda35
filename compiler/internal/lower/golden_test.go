package lower_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// TestBatches writes down the batches of each materialization, on an empty schema and on one where everything exists.
func TestBatches(t *testing.T) {
	hooked := model("hooked", "table", "select 1 as x")
	hooked.PreHooks = []lower.Hook{{SQL: "grant before"}, {SQL: "insert before", Transaction: true}}
	hooked.PostHooks = []lower.Hook{{SQL: "insert after", Transaction: true}, {SQL: "vacuum"}}
	hooked.Header = "set x = 1;"
	indexed := model("indexed", "table", "select 1 as x")
	indexed.Indexes = []lower.Index{{Columns: []string{"x"}}, {Columns: []string{"x", "y"}, Unique: true}}
	merge := model("merge", "incremental", "select 1 as id, 2 as \"V w\"")
	merge.Incremental = lower.Incremental{Strategy: "merge", UniqueKey: []string{"id"}, Predicates: []string{"DBT_INTERNAL_DEST.id > 0"}}
	replace := model("replace", "incremental", "select 1 as id")
	replace.Incremental = lower.Incremental{UniqueKey: []string{"id"}}
	keys := model("keys", "incremental", "select 1 as id")
	keys.Incremental = lower.Incremental{UniqueKey: []string{"id", "day"}, KeyIsList: true, Predicates: []string{"true"}}
	fresh := model("fresh", "incremental", "select 1 as id")
	fresh.FullRefresh = true
	limited := test("limited", "warn", "select * from t -- comment")
	limited.Test.Limit, limited.Test.FailCalc, limited.Test.WarnIf = 5, "sum(n)", "> 3"
	stored := test("stored", "error", "select * from t")
	stored.Test.Store, stored.Test.StoreAs = true, "table"
	seed := step{Node: lower.Node{ID: "seed.p1.seed", Kind: node.Seed, Materialization: "seed", Relation: relation("seed"), Seed: &lower.Seed{Path: "/it's/s.csv",
		Delimiter: "|", Rows: 2, Columns: []lower.SeedColumn{{Name: `"id"`, Type: "integer"}, {Name: "name", Type: "text"}}}}}
	empty := seed
	emptySeed := *seed.Seed
	emptySeed.Rows = 0
	empty.Seed, empty.ID, empty.Relation, empty.FullRefresh = &emptySeed, "seed.p1.empty", relation("empty"), true
	steps := []step{model("view", "view", "select 1 as x"), model("table", "table", "select 1 as x"), hooked, indexed, model("append", "incremental", "select 1"),
		merge, replace, keys, fresh, seed, empty, test("plain", "error", "select * from t"), limited, stored}

	var exists plan.Observed
	for _, s := range steps {
		kind := plan.Table
		if s.Materialization == "view" {
			kind = plan.View
		}
		exists.Objects = append(exists.Objects, plan.Object{Relation: s.Relation, Kind: kind, Columns: []plan.Column{{Name: "id"}, {Name: "V w"}}})
	}
	exists.Objects = append(exists.Objects, plan.Object{Relation: relation("table__dbt_tmp"), Kind: plan.View})
	flipped := plan.Observed{Objects: []plan.Object{{Relation: relation("VIEW"), Kind: plan.Table}, {Relation: relation("table"), Kind: plan.View}, {Relation: relation("append"), Kind: plan.View}}}

	var out strings.Builder
	for _, at := range []struct {
		title string
		found plan.Observed
		only  int
	}{{"nothing exists", plan.Observed{}, len(steps)}, {"everything exists", exists, len(steps)}, {"another kind exists", flipped, 2}} {
		fmt.Fprintf(&out, "######## %s\n", at.title)
		for _, s := range steps[:at.only] {
			l := lower.Lower(s.Node, spelling, at.found.Index())
			fmt.Fprintf(&out, "\n==== %s\n", s.ID)
			if l.Refusal != nil {
				fmt.Fprintf(&out, "refused: %s %s\n", l.Refusal.Code, l.Refusal.Message)
			}
			write(&out, l.Batches)
			if len(l.Recover) > 0 {
				out.WriteString("-- after a failure:\n")
				write(&out, l.Recover)
			}
			for _, b := range append(l.Batches, l.Recover...) {
				for _, st := range b.Statements {
					if st.CodeEnd > 0 && st.SQL[st.CodeStart:st.CodeEnd] != s.SQL {
						t.Errorf("%s: the place of the code is wrong in %q", s.ID, st.SQL)
					}
				}
			}
		}
	}
	golden(t, "testdata/batches.golden", out.String())
}

// golden holds a text to a file, or writes it there with -update.
func golden(t *testing.T, path, text string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || text != string(want) {
		t.Errorf("the batches are not those of %s (run with -update and read the difference); %v", path, err)
	}
}

func write(out *strings.Builder, batches []plan.Batch) {
	for _, b := range batches {
		atomic := ""
		if b.Atomic {
			atomic = ", atomic"
		}
		fmt.Fprintf(out, "-- batch: %s%s\n", b.Phase, atomic)
		for _, s := range b.Statements {
			main := ""
			if s.Main {
				main = " (main)"
			}
			fmt.Fprintf(out, "%s;  -- %s%s: %s\n", s.SQL, s.Purpose, main, s.Cause)
		}
	}
}

func TestSchemas(t *testing.T) {
	found := plan.Observed{Schemas: []node.Relation{{Database: "p1", Schema: "Main"}}}
	got := lower.Schemas(spelling, []node.Relation{relation("a"), {Database: "p1", Schema: "b", Identifier: "x"}, {Database: "p1", Schema: "b"}, {}}, found.Index())
	if len(got) != 1 || got[0].Statements[0].SQL != `create schema if not exists "p1"."b"` {
		t.Errorf("%+v", got)
	}
}
