package runner

import (
	"maps"
	"slices"
	"testing"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/event"
)

// What a journal says to the next run, by how far it goes.
func TestRecall(t *testing.T) {
	insert := plan.Batch{Phase: plan.Publish, Token: "insert", Statements: []plan.Statement{{SQL: "insert", Purpose: plan.Change, Main: true}}}
	point := plan.Batch{Phase: plan.Publish, Token: "point", Statements: []plan.Statement{{Purpose: plan.Swap, Act: &plan.Act{Verb: plan.Point, Staged: node.Relation{Identifier: "a__dbt_tmp"}}}}}
	stage := plan.Batch{Phase: plan.Stage, Token: "stage", Statements: []plan.Statement{{Purpose: plan.Drop, Act: &plan.Act{Verb: plan.Empty, Place: "s3://b/a/1/"}}, {SQL: "create", Purpose: plan.Build}}}
	hook := plan.Batch{Phase: plan.Publish, Token: "hook", Statements: []plan.Statement{{SQL: "grant", Purpose: plan.Hook}}}
	const a = node.ID("model.p.a")
	started := func(b plan.Batch, number int) event.Body {
		return event.BatchStarted{Node: a, Batch: number, Attempt: 1, Work: b}
	}
	finished := func(number int, class string) event.Body {
		f := event.BatchFinished{Node: a, Batch: number, Attempt: 1}
		if class != "" {
			f.Failure = &event.Failure{Class: class}
		}
		return f
	}
	for _, c := range []struct {
		name    string
		bodies  []event.Body
		doubts  []string
		decides bool
		applied bool
		stopped bool
	}{
		{name: "killed before anything", stopped: true},
		{name: "killed while it stages", bodies: []event.Body{started(stage, 0)}, doubts: []string{"stage"}, stopped: true},
		{name: "killed while it publishes", bodies: []event.Body{started(stage, 0), finished(0, ""), started(insert, 1)}, doubts: []string{"insert"}, decides: true, stopped: true},
		{name: "killed after it has published", bodies: []event.Body{started(insert, 0), finished(0, "")}, applied: true, stopped: true},
		{name: "an entry", bodies: []event.Body{started(point, 0), finished(0, "")}, applied: true, stopped: true},
		{name: "a hook publishes nothing", bodies: []event.Body{started(hook, 0), finished(0, "")}, stopped: true},
		{name: "a failure that is known", bodies: []event.Body{started(insert, 0), finished(0, "permanent"), event.NodeFinished{Node: a, Status: event.Error}, event.RunFinished{}}},
		{name: "no answer", bodies: []event.Body{started(insert, 0), finished(0, "unknown"), event.NodeFinished{Node: a, Status: event.Error}, event.RunFinished{}}, doubts: []string{"insert"}, decides: true},
		{name: "stopped after publishing", bodies: []event.Body{started(insert, 0), finished(0, ""), event.NodeFinished{Node: a, Status: event.Error}, event.RunFinished{Interrupted: "interrupt"}}, applied: true, stopped: true},
		{name: "a good end", bodies: []event.Body{started(insert, 0), finished(0, ""), event.NodeFinished{Node: a, Status: event.Success}}, stopped: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			records := []event.Record{{Seq: 1, Body: event.RunStarted{Invocation: "i"}}}
			for i, b := range c.bodies {
				records = append(records, event.Record{Seq: int64(i + 2), Body: b})
			}
			r, ok := Recall(records)
			if !ok || r.Invocation != "i" {
				t.Fatal("not a journal of a run")
			}
			var doubts []string
			for _, d := range r.Doubts {
				doubts = append(doubts, d.Batch.Token)
				if d.Decides != c.decides {
					t.Errorf("decides is %v", d.Decides)
				}
			}
			if !slices.Equal(doubts, c.doubts) || r.Applied[a] != c.applied || r.Stopped != c.stopped {
				t.Errorf("doubts %q, applied %v, stopped %v", doubts, slices.Collect(maps.Keys(r.Applied)), r.Stopped)
			}
			if len(c.doubts) > 0 && c.doubts[0] == "stage" && !slices.Equal(r.Places, []string{"s3://b/a/1/"}) {
				t.Errorf("places %q", r.Places)
			}
		})
	}
	if _, ok := Recall(nil); ok {
		t.Error("an empty journal is one of a run")
	}
	// A retry that is killed hands on what the run before it had applied.
	r, _ := Recall([]event.Record{{Seq: 1, Body: event.RunStarted{Invocation: "i", Applied: []node.ID{a}}}})
	if !r.Inherited[a] {
		t.Error("what an earlier run has applied is forgotten")
	}
}
