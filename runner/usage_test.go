package runner

import (
	"fmt"
	"testing"

	"github.com/weft-data/weft/compiler/plan"
)

// What statements read is counted for their node, whatever became of them.
func TestUsage(t *testing.T) {
	good, bad := step("model.good", "costly q1"), step("model.bad", "costly q3")
	good.Batches = append(good.Batches, plan.Batch{Statements: []plan.Statement{{SQL: "costly q2"}}})
	bad.Batches = append(bad.Batches, plan.Batch{Statements: []plan.Statement{{SQL: "costly q4"}, {SQL: "bill q5"}}})
	bad.Recover = []plan.Batch{{Statements: []plan.Statement{{SQL: "costly q6"}}}}
	out, _, err := begin(t, newScripted(), Options{Plan: plan.Plan{Steps: []plan.Step{good, bad, step("model.free", "ok")}}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"model.good": "200 [q1 q2] 10 4", "model.bad": "307 [q3 q4 q0 q5 q6] 15 7"}
	for _, r := range out.Results {
		got := ""
		if r.Usage != nil {
			got = fmt.Sprint(r.Usage.BytesScanned, " ", r.Usage.QueryIDs, " ", r.Usage.Rows, " ", r.Usage.Cost)
			if r.Response == nil || r.Response.BytesScanned != r.Usage.BytesScanned || r.Response.Cost != r.Usage.Cost {
				t.Errorf("%s: response %+v", r.Node, r.Response)
			}
		}
		if got != want[string(r.Node)] {
			t.Errorf("%s: %q, expected %q", r.Node, got, want[string(r.Node)])
		}
		if r.Node == "model.bad" && (r.Failure == nil || r.Failure.BytesScanned != 7 || r.Failure.QueryID != "q5") {
			t.Errorf("failure %+v", r.Failure)
		}
	}
}
