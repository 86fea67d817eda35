package openlineage

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/lineage"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/event"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write testdata anew")

const invocation = "6f2c1f6e-3a54-4c8e-9d7b-3f0f6a1f2b11"

// record numbers a body and gives it a time.
func record(n int, body event.Body) event.Record {
	return event.Record{Seq: int64(n + 1), At: time.Date(2024, 3, 1, 10, 0, n, 0, time.UTC), Body: body}
}

func begun(id node.ID) event.NodeStarted {
	return event.NodeStarted{Node: id, Kind: id.Kind(), Index: 1, Total: 4}
}

func done(id node.ID, status event.Status, message string) event.NodeFinished {
	return event.NodeFinished{Node: id, Kind: id.Kind(), Status: status, Message: message, Index: 1, Total: 4}
}

// aRun is a build with everything that events differ by: a seed, a model, a test that fails, one that warns, a model that the engine
// refuses, what is skipped, a silent step and a hook.
func aRun() []event.Record {
	rows, failures := int64(3), int64(2)
	seed := done("seed.shop.people", event.Success, "INSERT 3")
	seed.Response = &event.Response{Message: "INSERT 3", RowsAffected: &rows}
	model := done("model.shop.totals", event.Success, "OK")
	model.Compiled, model.CompiledCode, model.Materialization = true, "select count(*) as n from \"shop\".\"main\".\"people\"", "table"
	failed := done("test.shop.not_null_people_name.1", event.Fail, "Got 2 results, configured to fail if != 0")
	failed.Failures, failed.Compiled, failed.CompiledCode = &failures, true, "select * from people where name is null"
	warned := done("test.shop.unique_totals_n.2", event.Warn, "Got 2 results, configured to warn if != 0")
	warned.Failures = &failures
	skipped := begun("model.shop.last")
	skipped.Skipping = true
	silent := begun("model.shop.ephemeral")
	silent.Silent = true
	hook := begun("operation.shop.shop-on-run-start-0")
	hook.HookOf = "on-run-start"
	create := plan.Batch{Phase: plan.Publish, Atomic: true, Statements: []plan.Statement{{SQL: "create table x"}, {SQL: "create index y"}}}
	broken := plan.Batch{Phase: plan.Publish, Statements: []plan.Statement{{SQL: "select nothing"}, {SQL: "never sent"}}}
	results := []event.StatementResult{{Elapsed: 200 * time.Millisecond}, {Elapsed: time.Hour, QueryID: "q2"}}
	refused := &event.Failure{Statement: 0, Message: "Binder Error: no such column", QueryID: "q3"}
	day := func(n int) plan.Interval {
		return plan.Interval{Start: time.Date(2024, 2, n, 0, 0, 0, 0, time.UTC), End: time.Date(2024, 2, n+1, 0, 0, 0, 0, time.UTC)}
	}
	days := done("model.shop.days", event.PartialSuccess, "PARTIAL SUCCESS (1/3)")
	days.Intervals = &event.IntervalResults{Successful: []plan.Interval{day(2)}, Failed: []plan.Interval{day(1)}}
	bodies := []event.Body{
		event.RunStarted{Invocation: invocation, Args: map[string]any{"full_refresh": true}, Verb: "build", Version: "0.1.0", Target: "dev", Adapter: "duckdb", Threads: 2, Nodes: 6},
		hook, done(hook.Node, event.Success, "OK"), silent, done(silent.Node, event.Success, ""),
		begun("seed.shop.people"), event.BatchStarted{Node: "seed.shop.people"}, event.BatchFinished{Node: "seed.shop.people"}, seed,
		begun("model.shop.totals"), event.BatchStarted{Node: "model.shop.totals", Work: create}, begun("test.shop.not_null_people_name.1"),
		event.BatchFinished{Node: "model.shop.totals", Results: results}, model, failed,
		begun("test.shop.unique_totals_n.2"), warned,
		begun("model.shop.broken"), event.BatchStarted{Node: "model.shop.broken", Work: broken}, event.BatchFinished{Node: "model.shop.broken", Failure: refused},
		done("model.shop.broken", event.Error, "Binder Error: no such column"),
		skipped, done(skipped.Node, event.Skipped, ""),
		begun("model.shop.days"),
		event.IntervalStarted{Node: "model.shop.days", Interval: day(1), Index: 1, Total: 3},
		event.IntervalFinished{Node: "model.shop.days", Interval: day(1), Index: 1, Total: 3, Status: event.Error, Message: "no such day"},
		event.IntervalStarted{Node: "model.shop.days", Interval: day(2), Index: 2, Total: 3},
		event.IntervalFinished{Node: "model.shop.days", Interval: day(2), Index: 2, Total: 3, Status: event.Success},
		event.IntervalStarted{Node: "model.shop.days", Interval: day(3), Index: 3, Total: 3}, // and never ended
		days,
		event.RunFinished{Elapsed: time.Second},
	}
	out := make([]event.Record, len(bodies))
	for i, b := range bodies {
		out[i] = record(i, b)
	}
	return out
}

// places are the datasets of aRun.
func places(id node.ID) (lineage.Node, bool) {
	people := lineage.Dataset{Namespace: "duckdb:///data/shop.duckdb", Name: "shop.main.people", Description: "Who there is",
		Columns: []lineage.Column{{Name: "id", Type: "integer"}, {Name: "name", Type: "varchar", Description: "As she writes it"}}}
	totals := lineage.Dataset{Namespace: "duckdb:///data/shop.duckdb", Name: "shop.main.totals", Kind: "TABLE", Columns: []lineage.Column{{Name: "n", Type: "BIGINT"}},
		Owners: []string{"ann", "bob"}, Model: &lineage.Model{Materialized: "table", Access: "protected", Owner: "ann", Group: "finance"},
		Exposures: []lineage.Exposure{{ID: "exposure.shop.board", Name: "board", Type: "dashboard", URL: "https://example.com"}, {ID: "exposure.shop.x", Name: "x"}}}
	lookback, refresh := int64(2), false
	days := lineage.Dataset{Namespace: "duckdb:///data/shop.duckdb", Name: "shop.main.days", Model: &lineage.Model{Materialized: "incremental",
		Incremental: &lineage.Incremental{Strategy: "microbatch", OnSchemaChange: "fail", UniqueKey: []string{"a", "b"}, Predicates: []string{"x > 1"}, PartitionBy: []string{"d"},
			EventTime: "at", BatchSize: "day", Begin: "2024-02-01", Lookback: &lookback, FullRefresh: &refresh}}}
	switch id {
	case "seed.shop.people":
		return lineage.Node{Output: &people}, true
	case "model.shop.totals":
		return lineage.Node{File: "models/totals.sql", Database: "shop", Schema: "main", Alias: "totals", Description: "How many", Tags: []string{"nightly"},
			Meta: []lineage.Tag{{Key: "owner", Value: "[\"ann\", \"bob\"]"}}, Inputs: []lineage.Dataset{people}, Output: &totals, Change: lineage.Create}, true
	case "model.shop.days":
		return lineage.Node{Inputs: []lineage.Dataset{totals}, Output: &days}, true
	case "model.shop.broken":
		return lineage.Node{Inputs: []lineage.Dataset{people, totals}, Output: &lineage.Dataset{Namespace: "duckdb:///data/shop.duckdb", Name: "shop.main.broken"}}, true
	case "test.shop.not_null_people_name.1":
		return lineage.Node{Inputs: []lineage.Dataset{people}, Test: &lineage.Assertion{Name: "not_null", Test: "not_null_people_name", Generic: true, Params: map[string]any{"column_name": "name"}, Expected: "0", Column: "name", Severity: "error"}}, true
	case "test.shop.unique_totals_n.2":
		return lineage.Node{Inputs: []lineage.Dataset{people, totals}, Test: &lineage.Assertion{Name: "unique_totals", Test: "unique_totals", Expected: "> 10", Severity: "warn", Of: 1}}, true
	}
	return lineage.Node{}, false
}

var options = Options{Namespace: "nightly", Project: "shop", ProjectVersion: "1.0", Profile: "shop", DbtVersion: "1.12.6", Node: places, Statements: true,
	Parent: &Parent{Namespace: "scheduler", Job: "every night", Run: "0190a2b0-0000-7000-8000-000000000001",
		Root: &Parent{Namespace: "scheduler", Job: "everything", Run: "0190a2b0-0000-7000-8000-000000000002"}}}

// events are all events of records, with those of an early end.
func events(records []event.Record, o Options) []Event {
	b := New(o)
	var out []Event
	for _, r := range records {
		out = append(out, b.Feed(r)...)
	}
	return append(out, b.Close()...)
}

func lines(t testing.TB, list []Event) []byte {
	t.Helper()
	var out []byte
	for _, e := range list {
		line, err := e.Line()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, line...)
	}
	return out
}

var eventTime = regexp.MustCompile(`"eventTime":"[^"]*"`)

// TestGolden holds the events of a run to testdata/build.ndjson, times masked.
func TestGolden(t *testing.T) {
	got := eventTime.ReplaceAll(lines(t, events(aRun(), options)), []byte(`"eventTime":"-"`))
	path := filepath.Join("testdata", "build.ndjson")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the events differ from %s; see the difference with -update and git diff", path)
	}
}

// tell is "START model.shop.a" for each event.
func tell(list []Event) string {
	var out []string
	for _, e := range list {
		out = append(out, e.EventType+" "+e.Job.Name)
	}
	return strings.Join(out, "\n")
}

func TestEndOfTheCommand(t *testing.T) {
	start := record(0, event.RunStarted{Invocation: invocation})
	model := record(1, begun("model.shop.a"))
	stopped := func(by string) event.Record {
		return record(2, event.Interrupted{By: by, Running: []node.ID{"model.shop.a"}})
	}
	cancelled := record(3, done("model.shop.a", event.Error, "cancelled"))
	end := record(4, event.RunFinished{})
	for name, c := range map[string]struct {
		records []event.Record
		want    string
	}{
		"nothing":     {nil, ""},
		"success":     {[]event.Record{start, model, record(3, done("model.shop.a", event.Success, "")), end}, "COMPLETE model.shop.a\nCOMPLETE dbt-run-shop"},
		"a warning":   {[]event.Record{start, model, record(3, done("model.shop.a", event.Warn, "")), end}, "COMPLETE model.shop.a\nCOMPLETE dbt-run-shop"},
		"failure":     {[]event.Record{start, model, cancelled, end}, "FAIL model.shop.a\nFAIL dbt-run-shop"},
		"interrupt":   {[]event.Record{start, model, stopped("interrupt"), cancelled, record(4, event.RunFinished{Interrupted: "interrupt"})}, "ABORT model.shop.a\nABORT dbt-run-shop"},
		"fail fast":   {[]event.Record{start, model, record(2, done("test.shop.b", event.Fail, "")), stopped("fail-fast"), cancelled, end}, "ABORT model.shop.a\nFAIL dbt-run-shop"},
		"a hook":      {[]event.Record{start, record(1, event.NodeFinished{Node: "operation.shop.h", Kind: node.Operation, HookOf: "on-run-end", Status: event.Error}), end}, "FAIL dbt-run-shop"},
		"killed":      {[]event.Record{start, model}, "ABORT model.shop.a\nABORT dbt-run-shop"},
		"left behind": {[]event.Record{start, model, end}, "ABORT model.shop.a\nCOMPLETE dbt-run-shop"},
	} {
		var ends []Event
		for _, e := range events(c.records, Options{Project: "shop"}) {
			if e.EventType != Start {
				ends = append(ends, e)
			}
		}
		if got := tell(ends); got != c.want {
			t.Errorf("%s: ends are\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// onceEach fails unless each START has exactly one end after it, and nothing else has one.
func onceEach(t interface{ Errorf(string, ...any) }, list []Event) {
	state := map[string]string{}
	for _, e := range list {
		switch was := state[e.Run.ID]; {
		case e.EventType == Start && was == "", e.EventType != Start && was == Start:
			state[e.Run.ID] = e.EventType
		default:
			t.Errorf("%s of %s after %q", e.EventType, e.Job.Name, was)
		}
	}
	for id, s := range state {
		if s == Start {
			t.Errorf("run %s has no end", id)
		}
	}
}

// randomRun draws records as a runner may write them, in any interleaving, cut off anywhere.
func randomRun(t *rapid.T) []event.Record {
	bodies := []event.Body{event.RunStarted{Invocation: invocation}}
	var open []node.ID
	statuses := []event.Status{event.Success, event.Error, event.Skipped, event.Fail, event.Warn, event.Pass, event.NoOp}
	for i := range rapid.IntRange(0, 12).Draw(t, "steps") {
		switch rapid.IntRange(0, 9).Draw(t, "what") {
		case 0:
			bodies = append(bodies, event.Interrupted{By: rapid.SampledFrom([]string{"interrupt", "fail-fast"}).Draw(t, "by"), Running: open})
		case 1: // ended without having begun
			bodies = append(bodies, done(node.ID(fmt.Sprintf("model.shop.never%d", i)), event.Skipped, ""))
		case 2, 3, 4, 5:
			s := begun(node.ID(rapid.SampledFrom([]string{"model", "test", "seed", "exposure", "operation"}).Draw(t, "kind") + fmt.Sprintf(".shop.n%d", i)))
			s.Silent, s.Skipping = rapid.Bool().Draw(t, "silent"), rapid.Bool().Draw(t, "skipping")
			bodies, open = append(bodies, s), append(open, s.Node)
		default:
			if len(open) > 0 {
				at := rapid.IntRange(0, len(open)-1).Draw(t, "which")
				bodies = append(bodies, done(open[at], rapid.SampledFrom(statuses).Draw(t, "status"), ""))
				open = append(open[:at:at], open[at+1:]...)
			}
		}
	}
	bodies = append(bodies, event.RunFinished{})
	bodies = bodies[:rapid.IntRange(0, len(bodies)).Draw(t, "cut")]
	out := make([]event.Record, len(bodies))
	for i, b := range bodies {
		out[i] = record(i, b)
	}
	return out
}

func TestEveryStartHasOneEnd(t *testing.T) {
	for n := range aRun() {
		onceEach(t, events(aRun()[:n+1], options))
	}
	rapid.Check(t, func(t *rapid.T) { onceEach(t, events(randomRun(t), options)) })
}

// TestRecoveryEndsWhatWasLeftOpen cuts a run's file after any byte and its journal after any record that is not before it.
func TestRecoveryEndsWhatWasLeftOpen(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		records := randomRun(rt)
		if len(records) == 0 {
			return
		}
		b := New(options)
		var written []Event
		for _, r := range records {
			written = append(written, b.Feed(r)...)
		}
		other := lines(t, events([]event.Record{record(0, event.RunStarted{Invocation: "another"})}, options)[:1])
		text := append(other, lines(t, written)...)
		text = text[:rapid.IntRange(len(other), len(text)).Draw(rt, "bytes")]
		dir := t.TempDir()
		file, notes := filepath.Join(dir, "events"), filepath.Join(dir, "notes")
		must(t, os.Mkdir(notes, 0o755))
		must(t, os.WriteFile(file, text, 0o644))
		data, err := json.Marshal(note{File: file, Namespace: "nightly", Project: "shop"})
		must(t, err)
		must(t, os.WriteFile(filepath.Join(notes, invocation+".open"), data, 0o644))
		known := rapid.SampledFrom([][]event.Record{records, nil}).Draw(rt, "journal")
		must(t, Recover(notes, func(string) []event.Record { return known }, nil))

		first := readEvents(t, file)
		onceEach(rt, first[1:])
		if first[0].EventType != Start || len(first) > 1 && first[1].Job.Name != "dbt-run-shop" {
			rt.Errorf("the events of the other run changed")
		}
		if left, _ := os.ReadDir(notes); len(left) > 0 {
			rt.Errorf("the note is still there")
		}
	})
}

func readEvents(t testing.TB, path string) (out []Event) {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	for line := range bytes.Lines(data) {
		var e Event
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		out = append(out, e)
	}
	return out
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestRecoveryTellsWhatTheJournalKnows(t *testing.T) {
	var open []Event
	for _, e := range events(aRun(), options) {
		if e.EventType == Start {
			open = append(open, e)
		}
	}
	ends := Ends(open, aRun()[:len(aRun())-1], Options{Namespace: "nightly", Project: "shop", Statements: true})
	want := `ABORT model.shop.days.batch
COMPLETE model.shop.days.batch
FAIL model.shop.days.batch
FAIL model.shop.days
ABORT model.shop.last
FAIL model.shop.broken.sql.1
FAIL model.shop.broken
COMPLETE test.shop.unique_totals_n.2
COMPLETE model.shop.totals.sql.2
COMPLETE model.shop.totals.sql.1
FAIL test.shop.not_null_people_name.1
COMPLETE model.shop.totals
COMPLETE seed.shop.people
ABORT dbt-run-shop`
	if got := tell(ends); got != want {
		t.Fatalf("ends are\n%s\nwant\n%s", got, want)
	}
	totals, seed := ends[11], ends[12]
	if len(totals.Outputs) != 1 || totals.Outputs[0].Facets["schema"] == nil || totals.Job.Facets["sql"] == nil || totals.Job.Facets["dbt_node"] == nil {
		t.Error("the end of a model does not say what was made of what")
	}
	// What the project knows by now is told where the datasets are still the same.
	ends = Ends(open, aRun(), Options{Namespace: "nightly", Project: "shop", Statements: true, Node: places})
	if seed = ends[12]; seed.Outputs[0].OutputFacets["outputStatistics"] == nil {
		t.Error("the end of the seed does not say how many rows it has")
	}
}

func TestAFileWhileTheRunGoesOn(t *testing.T) {
	dir := t.TempDir()
	file, notes := filepath.Join(dir, "a", "events"), filepath.Join(dir, "notes")
	f, err := Open(FileOptions{Path: file, Notes: notes, Invocation: invocation, Options: options})
	must(t, err)
	for _, r := range aRun()[:10] {
		f.Feed(r)
	}
	// Another run must not end this one, which is alive.
	must(t, Recover(notes, func(string) []event.Record { return aRun()[:10] }, places))
	if got := readEvents(t, file); got[len(got)-1].EventType != Start {
		t.Errorf("the run was ended while it went on:\n%s", tell(got))
	}
	for _, r := range aRun()[10:] {
		f.Feed(r)
	}
	must(t, f.Close())
	if got, want := tell(readEvents(t, file)), tell(events(aRun(), options)); got != want {
		t.Errorf("the file holds\n%s\nwant\n%s", got, want)
	}
	if left, _ := os.ReadDir(notes); len(left) > 0 {
		t.Error("the note outlived the run")
	}
	if _, err := Open(FileOptions{Path: filepath.Join(file, "below"), Notes: notes, Invocation: "x", Options: options}); err == nil {
		t.Error("a file below a file was opened")
	}
}

func TestRunIDsAreTheSameAgain(t *testing.T) {
	if a, b := RunID(invocation, "model.shop.a"), RunID(invocation, "model.shop.a"); a != b || a[14] != '5' {
		t.Errorf("%s and %s", a, b)
	}
	if RunID(invocation, "") == RunID(invocation, "model.shop.a") || RunID("x", "a") == RunID("y", "a") {
		t.Error("two runs have one id")
	}
}
