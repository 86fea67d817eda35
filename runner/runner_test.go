package runner

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
	"github.com/weft-data/weft/runner/journal"
)

// scripted is an engine whose statements are words: "ok", "fail", "conflict", "hang", "panic", "rows …". It keeps what it was sent.
type scripted struct {
	mu       sync.Mutex
	sent     []string
	busy     int
	mostBusy int
	tries    map[string]int
	hanging  chan struct{} // gets a value when a statement begins to hang
	slow     time.Duration
}

func newScripted() *scripted {
	return &scripted{tries: map[string]int{}, hanging: make(chan struct{}, 100)}
}

func (e *scripted) About() engine.About { return engine.About{Adapter: "scripted"} }
func (e *scripted) Close() error        { return nil }
func (e *scripted) Session(context.Context) (engine.Session, error) {
	return &scriptedSession{e: e}, nil
}
func (e *scripted) Observe(_ context.Context, what []plan.Observation) (plan.Observed, error) {
	var o plan.Observed
	for _, w := range what {
		o.Objects = append(o.Objects, plan.Object{Relation: w.Relation, Kind: plan.Table})
	}
	return o, nil
}

type scriptedSession struct {
	e      *scripted
	mu     sync.Mutex
	cancel chan struct{}
}

func (s *scriptedSession) Do(ctx context.Context, b plan.Batch) (engine.Answer, error) {
	s.mu.Lock()
	s.cancel = make(chan struct{})
	cancelled := s.cancel
	s.mu.Unlock()
	s.e.mu.Lock()
	s.e.busy++
	s.e.mostBusy = max(s.e.mostBusy, s.e.busy)
	s.e.mu.Unlock()
	defer func() {
		s.e.mu.Lock()
		s.e.busy--
		s.e.mu.Unlock()
	}()
	time.Sleep(s.e.slow)
	var a engine.Answer
	for i, st := range b.Statements {
		s.e.mu.Lock()
		s.e.sent = append(s.e.sent, st.SQL)
		s.e.tries[st.SQL]++
		tries := s.e.tries[st.SQL]
		s.e.mu.Unlock()
		fail := func(c engine.Class) *engine.Error {
			return &engine.Error{Class: c, Message: string(c) + " happened", Statement: i, Position: 3}
		}
		r := engine.Result{Message: "OK", RowsAffected: -1}
		switch word, rest, _ := strings.Cut(st.SQL, " "); word {
		case "fail":
			return a, fail(engine.Permanent)
		case "conflict":
			if tries < 3 {
				return a, fail(engine.Conflict)
			}
		case "repeated":
			e := fail(engine.Conflict)
			e.Repeated = true
			return a, e
		case "many":
			return a, fail(engine.TooManyPartitions)
		case "keys":
			for _, w := range strings.Fields(rest) {
				n, _ := strconv.ParseInt(w, 10, 64)
				r.Rows = append(r.Rows, []engine.Value{n})
			}
		case "columns":
			for _, w := range strings.Fields(rest) {
				r.Columns = append(r.Columns, engine.Column{Name: w})
			}
		case "wrote":
			r.RowsAffected = 10
		case "costly":
			r.QueryID, r.BytesScanned, r.RowsAffected, r.Cost = rest, 100, 5, 2
		case "bill":
			return a, &engine.Error{Class: engine.Cancelled, Message: "stopped", Statement: i, Position: -1, QueryID: rest, BytesScanned: 7, Cost: 1, Earlier: []string{"q0"}}
		case "panic":
			panic("the adapter is broken")
		case "hang":
			s.e.hanging <- struct{}{}
			<-cancelled
			return a, fail(engine.Cancelled)
		case "stuck":
			s.e.hanging <- struct{}{}
			select {}
		case "rows":
			r.Columns = []engine.Column{{Name: "failures"}, {Name: "SHOULD_WARN"}, {Name: "should_error"}}
			var n int64
			var warn, stop bool
			_, _ = fmt.Sscan(rest, &n, &warn, &stop)
			r.Rows = [][]engine.Value{{n, warn, stop}}
		}
		a.Results = append(a.Results, r)
	}
	return a, nil
}

func (s *scriptedSession) Cancel(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancel != nil {
		select {
		case <-s.cancel:
		default:
			close(s.cancel)
		}
	}
	return nil
}

func (s *scriptedSession) Close() error { return nil }

func step(id, sql string, parents ...string) plan.Step {
	s := plan.Step{Node: node.ID(id), Kind: node.ID(id).Kind(), Label: plan.Label{Name: id, Path: id + ".sql"}, Compiled: true, CompiledCode: sql,
		Batches: []plan.Batch{{Phase: plan.Publish, Statements: []plan.Statement{{SQL: sql, Main: true, CodeEnd: len(sql)}}}}}
	if s.Kind == node.Test {
		s.Test = &plan.Test{Severity: "error", WarnIf: "> 1", ErrorIf: "> 2"}
	}
	for _, p := range parents {
		s.Parents = append(s.Parents, node.ID(p))
	}
	return s
}

// begin runs a plan and answers its outcome and records.
func begin(t *testing.T, e *scripted, o Options) (Outcome, []event.Record, error) {
	t.Helper()
	var records []event.Record
	if o.World == nil {
		o.World = effect.Real{}
	}
	j, err := journal.Create(o.World, filepath.Join(t.TempDir(), "j"), func(r event.Record) { records = append(records, r) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	o.Journal, o.Engines = j, map[string]engine.Engine{"": e}
	out, err := Run(t.Context(), o)
	return out, slices.Clone(records), err
}

func statuses(out Outcome) string {
	var s []string
	for _, r := range out.Results {
		s = append(s, string(r.Node)+"="+string(r.Status))
	}
	return strings.Join(s, " ")
}

func TestOrderAndSkipping(t *testing.T) {
	steps := []plan.Step{
		step("model.d", "ok d", "model.b", "model.c"), step("model.c", "ok c", "model.a"), step("model.b", "fail b", "model.a"),
		step("model.a", "ok a"), step("seed.z", "ok z"), step("test.t", "rows 3 true true", "model.c"), step("model.e", "ok e", "test.t"),
		step("test.w", "rows 2 true false", "model.a"), step("model.f", "ok f", "test.w"),
	}
	out, _, err := begin(t, newScripted(), Options{Plan: plan.Plan{Steps: steps}, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	want := "model.a=success seed.z=success model.b=error model.c=success test.w=warn model.d=skipped test.t=fail model.f=success model.e=skipped"
	if got := statuses(out); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for i, r := range out.Results {
		if r.Index != i+1 || r.Total != 9 || r.Thread != "Thread-1 (worker)" {
			t.Errorf("%s has number %d of %d on %s", r.Node, r.Index, r.Total, r.Thread)
		}
	}
	if f := out.Results[2]; f.Message != "Runtime Error in model model.b (model.b.sql)\n  permanent happened" || f.Failure.CodeOffset != 3 {
		t.Errorf("failure %+v, %s", f.Failure, f.Message)
	}
	if out.Results[5].Cause != "model.b" || out.Results[8].Cause != "test.t" {
		t.Error("causes of skipping are wrong")
	}
}

// Unit tests run right before their model, on its thread, and a failure keeps the model from being built.
func TestUnitTestsBeforeTheirModel(t *testing.T) {
	steps := []plan.Step{
		step("model.a", "ok a"), step("unit_test.b1", "ok one", "model.a"), step("unit_test.b2", "differs", "model.a"), step("unit_test.b3", "fail", "model.a"),
		step("model.b", "ok b", "model.a", "unit_test.b1", "unit_test.b2", "unit_test.b3"), step("model.c", "ok c", "model.b"),
		step("model.x", "fail x"), step("unit_test.y1", "ok", "model.x"), step("model.y", "ok y", "model.x", "unit_test.y1"), step("model.z", "ok z"),
	}
	compare := func(s *plan.Step, _ engine.Result) string {
		if s.CompiledCode == "differs" {
			return "rows differ"
		}
		return ""
	}
	out, _, err := begin(t, newScripted(), Options{Plan: plan.Plan{Steps: steps}, Threads: 1, Compare: compare})
	if err != nil {
		t.Fatal(err)
	}
	want := "model.a=success model.x=error model.z=success unit_test.b1=pass unit_test.b2=fail unit_test.b3=error model.b=skipped " +
		"unit_test.y1=skipped model.y=skipped model.c=skipped"
	if got := statuses(out); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for i, r := range out.Results {
		if r.Index != i+1 || r.Total != 10 {
			t.Errorf("%s has number %d of %d", r.Node, r.Index, r.Total)
		}
	}
	if f := out.Results[4]; *f.Failures != 1 || f.Message != "rows differ" {
		t.Errorf("a difference gives %+v", f)
	}
	out, _, err = begin(t, newScripted(), Options{Plan: plan.Plan{Steps: steps[:6]}, Threads: 1, Compare: compare, FailFast: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := statuses(out); !strings.HasSuffix(got, "model.b=skipped model.c=skipped") || out.Results[6-1].Message != failFastMessage {
		t.Errorf("fail fast: %s", got)
	}
}

// TestParentsFirst runs random graphs with random failures on many threads and checks what must always hold.
func TestParentsFirst(t *testing.T) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 1))
		var steps []plan.Step
		for i := range 40 {
			sql := "ok"
			if r.IntN(12) == 0 {
				sql = "fail"
			}
			var parents []string
			for range r.IntN(3) {
				if i > 0 {
					if p := fmt.Sprintf("model.m%02d", r.IntN(i)); !slices.Contains(parents, p) {
						parents = append(parents, p)
					}
				}
			}
			steps = append(steps, step(fmt.Sprintf("model.m%02d", i), fmt.Sprintf("%s %d", sql, i), parents...))
			steps[i].Continue = r.IntN(8) == 0
		}
		e := newScripted()
		e.slow = 100 * time.Microsecond
		out, records, err := begin(t, e, Options{Plan: plan.Plan{Steps: steps}, Threads: 1 + int(seed)%8})
		if err != nil || len(out.Results) != len(steps) {
			t.Fatal(err, len(out.Results))
		}
		ended := map[node.ID]event.NodeFinished{}
		for _, rec := range records {
			switch b := rec.Body.(type) {
			case event.NodeStarted:
				for _, p := range steps[slices.IndexFunc(steps, func(s plan.Step) bool { return s.Node == b.Node })].Parents {
					if _, ok := ended[p]; !ok {
						t.Errorf("seed %d: %s began before %s had ended", seed, b.Node, p)
					}
				}
			case event.NodeFinished:
				if _, twice := ended[b.Node]; twice {
					t.Errorf("seed %d: %s ended twice", seed, b.Node)
				}
				ended[b.Node] = b
			}
		}
		for _, s := range steps {
			blocked := false
			for _, p := range s.Parents {
				at := slices.IndexFunc(steps, func(q plan.Step) bool { return q.Node == p })
				blocked = blocked || ended[p].Status != event.Success && !steps[at].Continue
			}
			if skipped := ended[s.Node].Status == event.Skipped; skipped && !blocked && !hasSkippedAncestor(steps, ended, s) || !skipped && blocked {
				t.Errorf("seed %d: %s is %s, blocked %v", seed, s.Node, ended[s.Node].Status, blocked)
			}
		}
		if e.mostBusy > 1+int(seed)%8 {
			t.Errorf("seed %d: %d batches at once", seed, e.mostBusy)
		}
	}
}

// hasSkippedAncestor says whether some ancestor failed: its descendants are skipped even behind a step that says on_error: continue.
func hasSkippedAncestor(steps []plan.Step, ended map[node.ID]event.NodeFinished, s plan.Step) bool {
	for _, p := range s.Parents {
		at := slices.IndexFunc(steps, func(q plan.Step) bool { return q.Node == p })
		if ended[p].Status == event.Error && !steps[at].Continue || hasSkippedAncestor(steps, ended, steps[at]) {
			return true
		}
	}
	return false
}

func TestHooks(t *testing.T) {
	hook := func(name, sql string) plan.Step {
		s := step("operation."+name, sql)
		s.Label.HookName = name
		return s
	}
	p := plan.Plan{OnRunStart: []plan.Step{hook("s0", "fail"), hook("s1", "ok")}, Steps: []plan.Step{step("model.a", "ok a")},
		OnRunEnd: []plan.Step{hook("e0", "ok end")}}
	e := newScripted()
	out, _, err := begin(t, e, Options{Plan: p})
	if err != nil {
		t.Fatal(err)
	}
	if got := statuses(out); got != "operation.s0=error operation.s1=skipped model.a=skipped operation.e0=success" {
		t.Error(got)
	}
	if m := out.Results[0].Message; m != "s0 failed, error:\n permanent happened" {
		t.Error(m)
	}
	out, _, _ = begin(t, newScripted(), Options{Plan: p, RunDespiteHook: true})
	if got := statuses(out); got != "operation.s0=error operation.s1=skipped model.a=success operation.e0=success" {
		t.Error(got)
	}
}

func TestFailFast(t *testing.T) {
	e := newScripted()
	steps := []plan.Step{step("model.a", "hang"), step("model.b", "fail"), step("model.c", "ok", "model.a"), step("model.d", "ok", "model.b")}
	hook := step("operation.end", "ok end")
	hook.Label.HookName = "end"
	// b must not fail before a hangs.
	gate := &gated{scripted: e}
	var records []event.Record
	j, err := journal.Create(effect.Real{}, filepath.Join(t.TempDir(), "j"), func(r event.Record) { records = append(records, r) })
	if err != nil {
		t.Fatal(err)
	}
	out, err := Run(t.Context(), Options{Plan: plan.Plan{Steps: steps, OnRunEnd: []plan.Step{hook}}, Threads: 2, FailFast: true, World: effect.Real{}, Journal: j,
		Engines: map[string]engine.Engine{"": gate}})
	if err != nil {
		t.Fatal(err)
	}
	if got := statuses(out); got != "model.b=error model.a=skipped model.c=skipped model.d=skipped operation.end=success" {
		t.Error(got)
	}
	for _, r := range out.Results[1:4] {
		if r.Message != "Skipping due to fail_fast" {
			t.Errorf("%s says %q", r.Node, r.Message)
		}
	}
}

// gated delays "fail" until another statement hangs.
type gated struct{ *scripted }

func (g *gated) Session(ctx context.Context) (engine.Session, error) {
	s, err := g.scripted.Session(ctx)
	return &gatedSession{Session: s, g: g}, err
}

type gatedSession struct {
	engine.Session
	g *gated
}

func (s *gatedSession) Do(ctx context.Context, b plan.Batch) (engine.Answer, error) {
	if b.Statements[0].SQL == "fail" {
		<-s.g.hanging
	}
	return s.Session.Do(ctx, b)
}

func TestFirstSignalStopsInOrder(t *testing.T) {
	e := newScripted()
	signals := make(chan os.Signal, 2)
	steps := []plan.Step{step("model.a", "hang"), step("model.b", "ok", "model.a"), step("model.c", "ok c")}
	steps[0].Recover = []plan.Batch{{Phase: plan.Clean, Statements: []plan.Statement{{SQL: "ok cleanup"}}}}
	steps[0].Batches = append([]plan.Batch{{Phase: plan.Stage, Statements: []plan.Statement{{SQL: "ok staged"}}}}, steps[0].Batches...)
	end := step("operation.end", "ok end")
	end.Label.HookName = "end"
	go func() {
		<-e.hanging
		signals <- syscall.SIGTERM
	}()
	out, records, err := begin(t, e, Options{Plan: plan.Plan{Steps: steps, OnRunEnd: []plan.Step{end}}, Signals: signals})
	if err != nil {
		t.Fatal(err)
	}
	if got := statuses(out); got != "model.a=error" || out.Interrupted != syscall.SIGTERM || len(out.Unfinished) != 0 {
		t.Errorf("%s, interrupted %v, unfinished %v", got, out.Interrupted, out.Unfinished)
	}
	if got := strings.Join(e.sent, ","); got != "ok staged,hang,ok cleanup" {
		t.Error("sent", got)
	}
	var told bool
	for _, r := range records {
		if i, ok := r.Body.(event.Interrupted); ok {
			told = i.By == "terminated" && slices.Equal(i.Running, []node.ID{"model.a"})
		}
	}
	if last, ok := records[len(records)-1].Body.(event.RunFinished); !told || !ok || last.Interrupted != "terminated" {
		t.Errorf("told %v, last record %#v", told, records[len(records)-1].Body)
	}
}

func TestSecondSignalLeavesAtOnce(t *testing.T) {
	e := newScripted()
	signals := make(chan os.Signal, 2)
	go func() {
		<-e.hanging
		signals <- os.Interrupt
		signals <- os.Interrupt
	}()
	out, _, err := begin(t, e, Options{Plan: plan.Plan{Steps: []plan.Step{step("model.a", "stuck")}}, Signals: signals})
	if err != nil || out.Interrupted != os.Interrupt || !slices.Equal(out.Unfinished, []node.ID{"model.a"}) {
		t.Errorf("outcome %+v, error %v", out, err)
	}
}

func TestRetries(t *testing.T) {
	e := newScripted()
	two := step("model.two", "conflict two")
	two.Batches[0].Statements = append([]plan.Statement{{SQL: "ok before"}}, two.Batches[0].Statements...)
	out, records, err := begin(t, e, Options{Plan: plan.Plan{Steps: []plan.Step{step("model.a", "conflict a"), two, step("model.b", "repeated b")}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := statuses(out); got != "model.a=success model.b=error model.two=error" {
		t.Error(got)
	}
	if e.tries["conflict a"] != 3 || e.tries["conflict two"] != 1 {
		t.Errorf("tries %v: what is not atomic must not be repeated", e.tries)
	}
	if e.tries["repeated b"] != 1 {
		t.Errorf("tries %v: the engine had repeated it already", e.tries)
	}
	tokens := map[string]bool{}
	for _, r := range records {
		if b, ok := r.Body.(event.BatchStarted); ok && b.Node == "model.a" {
			tokens[b.Work.Token] = true
		}
	}
	if len(tokens) != 3 || tokens[""] {
		t.Errorf("%d tokens for three attempts", len(tokens))
	}
}

func TestPanicFailsOneStep(t *testing.T) {
	out, _, err := begin(t, newScripted(), Options{Plan: plan.Plan{Steps: []plan.Step{step("model.a", "panic"), step("model.b", "ok")}}})
	if err != nil || statuses(out) != "model.a=error model.b=success" || out.Results[0].Failure.Code != "X001" {
		t.Errorf("%s, %v", statuses(out), err)
	}
}

func TestTestStatuses(t *testing.T) {
	for _, c := range []struct {
		severity, rows, want string
		warnError            bool
	}{
		{"error", "rows 0 false false", "pass 0 ", false},
		{"error", "rows 5 true true", "fail 5 Got 5 results, configured to fail if > 2", false},
		{"error", "rows 1 true false", "warn 1 Got 1 result, configured to warn if > 1", false},
		{"WARN", "rows 5 true true", "warn 5 Got 5 results, configured to warn if > 1", false},
		{"warn", "rows 5 true true", "fail 5 Got 5 results, configured to fail if > 1", true},
		{"warn", "rows 0 false true", "pass 0 ", false},
	} {
		s := step("test.t", c.rows)
		s.Test.Severity = c.severity
		out, _, err := begin(t, newScripted(), Options{Plan: plan.Plan{Steps: []plan.Step{s}}, WarnError: c.warnError})
		if err != nil {
			t.Fatal(err)
		}
		r := out.Results[0]
		if got := fmt.Sprint(r.Status, " ", *r.Failures, " ", r.Message); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.severity, c.rows, got, c.want)
		}
	}
	bad := step("test.t", "ok")
	if out, _, _ := begin(t, newScripted(), Options{Plan: plan.Plan{Steps: []plan.Step{bad}}}); out.Results[0].Failure == nil || out.Results[0].Failure.Code != "E007" {
		t.Error("a test without rows passed")
	}
}

type expander func(context.Context, Request) (Expansion, error)

func (f expander) Expand(ctx context.Context, r Request) (Expansion, error) { return f(ctx, r) }

// Hook makes the text of a late hook of its config and place, after a question on the step's session; the second of them is empty.
func (f expander) Hook(ctx context.Context, r Request, hook plan.LateHook) (string, error) {
	switch _, err := r.Session.Execute(ctx, plan.Statement{SQL: "ok asked " + strconv.Itoa(hook.Index), Purpose: plan.Query}); {
	case err != nil:
		return "", err
	case hook.Index == 1:
		return "", nil
	case hook.Index == 2:
		return "fail", nil
	}
	return "ok " + hook.Config, nil
}

// TestLateHooks holds the order: what stands before a hook is done when its template asks, in the batch's own transaction.
func TestLateHooks(t *testing.T) {
	e := newScripted()
	hook := func(i int) plan.Statement {
		return plan.Statement{Purpose: plan.Hook, Late: &plan.LateHook{Config: "post-hook", Index: i}}
	}
	good, bad := step("model.a", "ok a"), step("model.b", "ok b", "model.a")
	good.Batches[0].Atomic, bad.Batches[0].Atomic = true, true
	good.Batches[0].Statements = append(good.Batches[0].Statements, hook(0), hook(1))
	good.Batches = append(good.Batches, plan.Batch{Phase: plan.Clean, Statements: []plan.Statement{hook(0)}})
	bad.Batches[0].Statements = append(bad.Batches[0].Statements, hook(2), hook(0))
	out, _, err := begin(t, e, Options{Plan: plan.Plan{Steps: []plan.Step{good, bad}}, Expander: expander(nil)})
	if err != nil {
		t.Fatal(err)
	}
	if got := statuses(out); got != "model.a=success model.b=error" {
		t.Error(got)
	}
	want := "begin transaction,ok a,ok asked 0,ok post-hook,ok asked 1,commit,ok asked 0,ok post-hook,begin transaction,ok b,ok asked 2,fail,rollback"
	if got := strings.Join(e.sent, ","); got != want {
		t.Errorf("sent\n%s\nexpected\n%s", got, want)
	}
}

func TestLateSteps(t *testing.T) {
	e := newScripted()
	late := step("model.late", "", "model.a")
	late.Batches, late.Late = nil, true
	late.Needs = []plan.Observation{{Relation: node.Relation{Schema: "main", Identifier: "x"}}}
	broken := late
	broken.Node = "model.later"
	out, records, err := begin(t, e, Options{Plan: plan.Plan{Steps: []plan.Step{late, broken, step("model.a", "ok a")}},
		Expander: expander(func(ctx context.Context, r Request) (Expansion, error) {
			if r.Step.Node == "model.later" {
				_, err := r.Session.Execute(ctx, plan.Statement{SQL: "fail", Purpose: plan.Query})
				return Expansion{}, err
			}
			if len(r.Observed.Objects) != 1 || len(r.Results) != 1 {
				return Expansion{}, errors.New("the expander was not told enough")
			}
			_, err := r.Session.Execute(ctx, plan.Statement{SQL: "ok question", Purpose: plan.Query})
			return Expansion{CompiledCode: "made late", Batches: step("model.late", "ok late").Batches}, err
		})})
	if err != nil {
		t.Fatal(err)
	}
	if got := statuses(out); got != "model.a=success model.late=success model.later=error" {
		t.Error(got)
	}
	if r := out.Results[1]; !r.Compiled || r.CompiledCode != "made late" {
		t.Errorf("result %+v", r)
	}
	if got := strings.Join(e.sent, ","); got != "ok a,ok question,ok late,fail" {
		t.Error("sent", got)
	}
	batches := 0
	for _, r := range records {
		if b, ok := r.Body.(event.BatchStarted); ok && b.Node == "model.late" {
			if b.Batch != batches {
				t.Errorf("batch %d has number %d", batches, b.Batch)
			}
			batches++
		}
	}
	if batches != 2 {
		t.Errorf("%d batches of the late step are journalled", batches)
	}
}

// TestNothingIsSentThatIsNotRecorded fails every call to the world in turn. Whatever fails: a batch reaches the engine only if the
// journal on disk announces it, a publish only after a sync.
func TestNothingIsSentThatIsNotRecorded(t *testing.T) {
	build := func() plan.Plan {
		a := step("model.a", "ok a")
		a.Batches = append([]plan.Batch{{Phase: plan.Stage, Statements: []plan.Statement{{SQL: "ok stage"}}}}, a.Batches...)
		return plan.Plan{Steps: []plan.Step{a, step("model.b", "ok b", "model.a")}}
	}
	for n := int64(1); ; n++ {
		e := newScripted()
		path := filepath.Join(t.TempDir(), "j")
		var synced, failed atomic.Int64
		world := &effect.Faulty{World: effect.Real{}}
		world.Before = func(call int64, what string) error {
			if call == n {
				failed.Add(1)
				return fmt.Errorf("call %d (%s) failed: %w", call, what, syscall.ENOSPC)
			}
			if strings.HasPrefix(what, "sync") {
				synced.Add(1)
			}
			return nil
		}
		j, err := journal.Create(world, path, nil)
		if err != nil {
			continue
		}
		_, err = Run(t.Context(), Options{Plan: build(), World: world, Journal: j, Engines: map[string]engine.Engine{"": e}})
		_ = j.Close()
		if failed.Load() == 0 {
			if err != nil {
				t.Fatal(err)
			}
			if n < 12 {
				t.Errorf("only %d calls were tried", n)
			}
			return
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("call %d: the run ends with %v", n, err)
		}
		kept, err := journal.Read(effect.Real{}, path)
		if err != nil {
			t.Fatal(err)
		}
		announced := map[string]bool{}
		for _, r := range kept.Records {
			if b, ok := r.Body.(event.BatchStarted); ok {
				announced[b.Work.Statements[0].SQL] = true
			}
		}
		published := int64(0)
		for _, sql := range e.sent {
			if !announced[sql] {
				t.Errorf("call %d: %q was sent and not announced", n, sql)
			}
			if sql != "ok stage" {
				published++
			}
		}
		if published > synced.Load() {
			t.Errorf("call %d: %d publishes, %d syncs", n, published, synced.Load())
		}
	}
}
