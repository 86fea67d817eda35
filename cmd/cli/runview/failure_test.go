package runview

import (
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/event"
)

// A failure names the node, the engine's query, the statement and the mend.
func TestFailureOfAQuery(t *testing.T) {
	v := New(Options{})
	label := plan.Label{Name: "orders", Path: "models/orders.sql", Schema: "shop", Alias: "orders"}
	feed := func(b event.Body) string {
		var lines []string
		for _, l := range v.Feed(event.Record{At: time.Unix(0, 0), Body: b}) {
			lines = append(lines, l.Text)
		}
		return strings.Join(lines, "\n")
	}
	feed(event.NodeFinished{Node: "model.shop.orders", Kind: node.Model, Materialization: "table", Label: label, Index: 1, Total: 1, Status: event.Error,
		Message: "Insufficient Lake Formation permission(s) on customers",
		Failure: &event.Failure{Class: "denied", Message: "x", Statement: 1, Purpose: plan.Build, QueryID: "8d1f", Hint: "grant the table"}})
	got := feed(event.RunFinished{})
	for _, want := range []string{"in model orders (models/orders.sql)", "permission(s) on customers", "  query 8d1f, statement 2 of its batch (build)", "  grant the table"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
}

// What an engine waits for is one line.
func TestNotice(t *testing.T) {
	v := New(Options{})
	lines := v.Feed(event.Record{Body: event.Notice{Kind: "throttled", Text: "AWS throttles", Wait: 1530 * time.Millisecond, Times: 64}})
	if len(lines) != 1 || lines[0].Text != "AWS throttles; next attempt after 1.5s (64 times since this was last said)" || lines[0].Level != Info {
		t.Errorf("%+v", lines)
	}
	if lines = v.Feed(event.Record{Body: event.Notice{Kind: "renewed", Text: "keys"}}); len(lines) != 1 || lines[0].Level != Debug {
		t.Errorf("%+v", lines)
	}
}

// What a run costs is said where the profile names a price, and nowhere else.
func TestCost(t *testing.T) {
	for cost, want := range map[float64]string{0.0125: "3 queries scanned 1.5 GB, which costs 0.0125 by the profile's price.", 0: ""} {
		v := New(Options{})
		for i, usage := range []*event.Usage{nil, {BytesScanned: 1 << 30, QueryIDs: []string{"a", "b"}, Cost: cost / 2}, {BytesScanned: 1 << 29, QueryIDs: []string{"c"}, Cost: cost / 2}} {
			v.Feed(event.Record{Body: event.NodeFinished{Node: node.ID("model.shop.m" + string(rune('a'+i))), Kind: node.Model, Status: event.Success, Usage: usage}})
		}
		got := ""
		for _, l := range v.Feed(event.Record{Body: event.RunFinished{}}) {
			if strings.Contains(l.Text, "costs") {
				got = l.Text
			}
		}
		if got != want {
			t.Errorf("%q, expected %q", got, want)
		}
	}
}
