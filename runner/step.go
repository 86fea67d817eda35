package runner

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
)

// worker is one thread of a run with its sessions, one for each engine it met.
type worker struct {
	r        *run
	name     string
	sessions map[string]engine.Session
	// node is what it works on; batch counts the batches that node has sent.
	node  node.ID
	batch int
	// interval is the name of the batch of a microbatch model that it works on.
	interval string
	// usage is the node's, shared with those who help with it.
	usage *usage
}

func (r *run) worker(name string) *worker {
	return &worker{r: r, name: name, sessions: map[string]engine.Session{}}
}

func (w *worker) close() {
	for _, s := range w.sessions {
		_ = s.Close() // nothing that was answered depends on it
	}
}

func (w *worker) session(name string) (engine.Session, error) {
	if s, ok := w.sessions[name]; ok {
		return s, nil
	}
	e, ok := w.r.o.Engines[name]
	if !ok {
		return nil, fmt.Errorf("the plan names an engine %q that is not open", name)
	}
	s, err := e.Session(w.r.ctx)
	if err != nil {
		return nil, err
	}
	w.sessions[name] = s
	return s, nil
}

// setup runs what comes before every hook.
func (w *worker) setup() error {
	for i := range w.r.o.Plan.Setup {
		if _, failure := w.send("", w.r.o.Plan.Setup[i], nil); failure != nil {
			return fmt.Errorf("%s", failure.Message)
		}
	}
	return nil
}

// do runs a step from its first record to its last. A panic is a bug of ours, and fails this step alone.
func (w *worker) do(j *job) (f event.NodeFinished) {
	step := j.step
	w.node, w.interval, w.batch, w.usage = step.Node, "", 0, &usage{}
	begin := w.r.o.World.Now()
	f = event.NodeFinished{Node: step.Node, Kind: step.Kind, Materialization: step.Materialization, Label: step.Label, Index: j.index,
		Total: j.total, Thread: w.name, Silent: step.Silent, HookOf: j.hookOf, Compiled: step.Compiled, CompiledCode: step.CompiledCode}
	defer func() {
		if p := recover(); p != nil {
			f.Status = event.Error
			f.Failure = panicked(p)
			f.Message = w.r.o.Describe(step, *f.Failure)
		}
		if f.Status != event.Skipped {
			f.Elapsed = w.r.o.World.Now().Sub(begin)
		}
		w.usage.tell(&f)
		w.r.finish(f)
	}()
	if !w.r.record(event.NodeStarted{Node: step.Node, Kind: step.Kind, Materialization: step.Materialization, Label: step.Label,
		Index: j.index, Total: j.total, Thread: w.name, Silent: step.Silent, HookOf: j.hookOf, Intervals: shownOneByOne(step), Skipping: j.skip}) {
		f.Status = event.Skipped
		return f
	}
	if j.skip {
		w.skip(j, &f)
		return f
	}
	if step.Kind == node.Exposure || step.Kind == node.SavedQuery {
		noOp(&f, begin)
		return f
	}
	w.execute(j, &f)
	return f
}

// shownOneByOne are the batches of a step that are there as soon as they have ended, whatever becomes of the others.
func shownOneByOne(step *plan.Step) []plan.Interval {
	if step.Batching.Aside {
		return nil
	}
	return step.Intervals
}

// panicked is the failure of what a bug of ours ended.
func panicked(p any) *event.Failure {
	return &event.Failure{Code: string(diag.Internal), Statement: -1, CodeOffset: -1, Message: fmt.Sprintf("internal error: %v\n%s", p, debug.Stack())}
}

// noOp ends a step that stands in the graph but does nothing when it is run.
func noOp(f *event.NodeFinished, at time.Time) {
	zero := int64(0)
	f.Status, f.Message, f.Failures = event.NoOp, "NO-OP", &zero
	for _, name := range []string{"compile", "execute"} {
		f.Timing = append(f.Timing, event.Timing{Name: name, StartedAt: at.UTC(), CompletedAt: at.UTC()})
	}
}

func (w *worker) skip(j *job, f *event.NodeFinished) {
	f.Status, f.Cause = event.Skipped, j.cause
	f.Compiled, f.CompiledCode = false, ""
	if j.hookOf != "" {
		one := int64(1)
		f.Message, f.Failures = j.step.Label.HookName+" skipped", &one
	}
	if j.causeMessage != "" {
		f.Message = "Compilation Error in " + string(j.step.Node) + ", caused by compilation error in referenced ephemeral model " + string(j.cause)
	}
}

// execute makes and sends the batches of a step.
func (w *worker) execute(j *job, f *event.NodeFinished) {
	step := j.step
	if len(step.Intervals) > 0 && step.Refusal == nil {
		w.intervals(j, f)
		return
	}
	compiling := w.r.o.World.Now()
	work := Expansion{Batches: step.Batches, Recover: step.Recover, Test: step.Test, Report: step.Report, CompiledCode: step.CompiledCode}
	var failure *event.Failure
	switch {
	case step.Refusal != nil:
		failure = &event.Failure{Code: step.Refusal.Code, Message: step.Refusal.Message, Statement: -1, CodeOffset: -1}
	case step.Late:
		failure = w.expand(w.r.ctx, Request{Step: step}, &work)
		f.Compiled, f.CompiledCode = failure == nil || work.Compiled, work.CompiledCode
	}
	compiled := w.r.o.World.Now()
	f.Timing = append(f.Timing, event.Timing{Name: "compile", StartedAt: compiling.UTC(), CompletedAt: compiled.UTC()})
	if step.Silent && failure == nil {
		f.Status = event.Success
		return
	}
	main := work.Main
	if failure == nil {
		main, failure = w.carry(step, &work, nil)
		f.Timing = append(f.Timing, event.Timing{Name: "execute", StartedAt: compiled.UTC(), CompletedAt: w.r.o.World.Now().UTC()})
	}
	switch {
	case failure != nil:
		w.failed(j, f, failure)
	case work.Ended != nil:
		f.Status, f.Message, f.Response, f.Failures, f.Freshness = work.Ended.Status, work.Ended.Message, work.Ended.Response, work.Ended.Failures, work.Ended.Freshness
	case j.hookOf != "":
		zero := int64(0)
		f.Status, f.Message, f.Failures = event.Success, step.Label.HookName+" passed", &zero
	case step.Kind == node.UnitTest:
		w.compare(step, main, f)
	case work.Test != nil:
		if failure = w.judge(work.Test, main, f); failure != nil {
			w.failed(j, f, failure)
		}
	default:
		f.Status = event.Success
		f.Response = response(work.Report, main)
		f.Message = f.Response.Message
		if work.Report != nil {
			f.Message = work.Report.Message
		}
	}
}

func (w *worker) failed(j *job, f *event.NodeFinished, failure *event.Failure) {
	f.Failure = failure
	if failure.Class == string(engine.Cancelled) && w.r.stopped() == failFast {
		f.Status, f.Message, f.Timing = event.Skipped, failFastMessage, nil
		return
	}
	f.Status = event.Error
	f.Message = w.r.o.Describe(j.step, *failure)
	if j.hookOf != "" {
		one := int64(1)
		f.Message, f.Failures = j.step.Label.HookName+" failed, error:\n "+failure.Message, &one
	}
}

// expand asks for the batches of a late step, or of one interval of it.
func (w *worker) expand(ctx context.Context, ask Request, work *Expansion) *event.Failure {
	fail := func(err error) *event.Failure {
		e := asEngineError(err)
		return &event.Failure{Class: string(e.Class), Message: e.Message, Statement: -1, CodeOffset: -1, QueryID: e.QueryID, Hint: e.Hint}
	}
	if w.r.o.Expander == nil {
		return &event.Failure{Code: string(diag.Internal), Message: "the plan holds a late step and there is nobody to expand it", Statement: -1, CodeOffset: -1}
	}
	own := nodeSession{w: w, step: ask.Step}
	ask.Session = own
	if len(ask.Step.Needs) > 0 {
		var err error
		if ask.Observed, err = own.Observe(ctx, ask.Step.Needs); err != nil {
			return fail(err)
		}
	}
	w.r.mu.Lock()
	ask.Results = w.r.results[:len(w.r.results):len(w.r.results)]
	w.r.mu.Unlock()
	x, err := w.r.o.Expander.Expand(ctx, ask)
	if err != nil {
		work.Compiled, work.CompiledCode = x.Compiled, x.CompiledCode
		return unexpanded(err)
	}
	*work = x
	return nil
}

// send runs one batch: intent, act, outcome. What failed in a way that passes is tried again, if the batch left nothing behind.
func (w *worker) send(name string, b plan.Batch, step *plan.Step) (engine.Answer, *event.Failure) {
	number := w.batch
	w.batch++
	b.Settings = settings(b, step)
	for attempt := 1; ; attempt++ {
		b.Token = token(w.r.o.Invocation, w.node, w.interval, number, attempt)
		answer, failure := w.try(name, b, number, attempt, step)
		if failure == nil || attempt >= w.r.o.Attempts || !(b.Atomic || b.Again || len(b.Statements) == 1) || failure.Repeated || !passes(failure.Class) {
			return answer, failure
		}
		wait := w.pause(attempt)
		if !w.r.record(event.Retrying{Node: w.node, Batch: number, Attempt: attempt + 1, Class: failure.Class, Message: failure.Message, Wait: wait}) {
			return answer, failure
		}
		if err := w.r.o.World.Sleep(w.r.ctx, wait); err != nil || w.r.stopped() != "" {
			return answer, failure
		}
	}
}

func (w *worker) try(name string, b plan.Batch, number, attempt int, step *plan.Step) (engine.Answer, *event.Failure) {
	local := func(class engine.Class, message string) *event.Failure {
		return &event.Failure{Class: string(class), Message: message, Statement: -1, CodeOffset: -1}
	}
	session, err := w.session(name)
	if err != nil {
		e := asEngineError(err)
		return engine.Answer{}, &event.Failure{Class: string(e.Class), Message: e.Message, Statement: -1, CodeOffset: -1, Hint: e.Hint}
	}
	if !w.r.record(event.BatchStarted{Node: w.node, Interval: w.interval, Batch: number, Attempt: attempt, Work: b}) {
		return engine.Answer{}, local(engine.Permanent, "the journal cannot be written; nothing was sent")
	}
	if !w.enter(session) {
		failure := local(engine.Cancelled, "not sent: the run is being stopped")
		w.r.record(event.BatchFinished{Node: w.node, Interval: w.interval, Batch: number, Attempt: attempt, Failure: failure})
		return engine.Answer{}, failure
	}
	answer, err := w.commented(w.r.ctx, session, b, step)
	w.leave()
	w.usage.add(answer, err)
	done := event.BatchFinished{Node: w.node, Interval: w.interval, Batch: number, Attempt: attempt, Results: summaries(answer)}
	if err != nil {
		done.Failure = explain(asEngineError(err), b, step)
	}
	w.r.record(done)
	return answer, done.Failure
}

// commented sends a batch with the step's comment at each statement. Places in errors are those of the statements without it.
func (w *worker) commented(ctx context.Context, session engine.Session, b plan.Batch, step *plan.Step) (engine.Answer, error) {
	comment := w.r.o.Plan.Comment
	if step != nil {
		comment = step.Comment
	}
	if comment.Text == "" {
		return session.Do(ctx, b)
	}
	sent := b
	sent.Statements = slices.Clone(b.Statements)
	before := 0
	for i := range sent.Statements {
		if sent.Statements[i].Act == nil {
			sent.Statements[i].SQL, before = comment.Add(b.Statements[i].SQL)
		}
	}
	answer, err := session.Do(ctx, sent)
	if err == nil {
		return answer, nil
	}
	moved := *asEngineError(err)
	if moved.Position >= 0 {
		moved.Position = max(moved.Position-before, -1)
	}
	return answer, &moved
}

// enter registers the session as busy, unless the run is being stopped. Hooks at the end of a run that --fail-fast stopped are run.
func (w *worker) enter(s engine.Session) bool {
	w.r.mu.Lock()
	defer w.r.mu.Unlock()
	if w.r.stopping != "" && !(w.r.stopping == failFast && w.name == "main") {
		return false
	}
	w.r.active[w] = s
	return true
}

func (w *worker) leave() {
	w.r.mu.Lock()
	defer w.r.mu.Unlock()
	delete(w.r.active, w)
}

// recover removes what a failed step left behind. It is sent also while the run is being stopped, and its own failure changes
// nothing about the step's; it is answered for those who want to know.
func (w *worker) recover(step *plan.Step, batches []plan.Batch) (failure *event.Failure) {
	for _, b := range batches {
		b.Settings = settings(b, step)
		b.Token = token(w.r.o.Invocation, w.node, w.interval, w.batch, 1)
		session, err := w.session(step.Engine)
		if err != nil || !w.r.record(event.BatchStarted{Node: w.node, Interval: w.interval, Batch: w.batch, Attempt: 1, Work: b}) {
			return &event.Failure{Message: "not sent", Statement: -1, CodeOffset: -1}
		}
		answer, err := w.commented(context.WithoutCancel(w.r.ctx), session, b, step)
		w.usage.add(answer, err)
		done := event.BatchFinished{Node: w.node, Interval: w.interval, Batch: w.batch, Attempt: 1, Results: summaries(answer)}
		if err != nil {
			done.Failure = explain(asEngineError(err), b, step)
			failure = done.Failure
		}
		w.batch++
		w.r.record(done)
	}
	return failure
}

// settings are those of a batch: its own, else its step's.
func settings(b plan.Batch, step *plan.Step) map[string]string {
	if b.Settings == nil && step != nil {
		return step.Settings
	}
	return b.Settings
}

// pause doubles with every attempt, and is random so that those who collided do not collide again.
func (w *worker) pause(attempt int) time.Duration {
	var b [8]byte
	w.r.o.World.Random(b[:])
	most := 50 * time.Millisecond << min(attempt-1, 8)
	return most/2 + time.Duration(binary.LittleEndian.Uint64(b[:])%uint64(most/2+1))
}

func passes(class string) bool {
	switch engine.Class(class) {
	case engine.Transient, engine.Conflict, engine.Capacity:
		return true
	}
	return false
}

func summaries(a engine.Answer) []event.StatementResult {
	out := make([]event.StatementResult, len(a.Results))
	for i, r := range a.Results {
		out[i] = event.StatementResult{Message: r.Message, Code: r.Code, RowsAffected: r.RowsAffected, QueryID: r.QueryID,
			BytesScanned: r.BytesScanned, Cost: r.Cost, Earlier: r.Earlier, Elapsed: r.Elapsed}
	}
	return out
}

// explain turns an engine's error into a failure that knows its statement, and the place in the author's code if it lies there.
func explain(e *engine.Error, b plan.Batch, step *plan.Step) *event.Failure {
	f := &event.Failure{Class: string(e.Class), Message: e.Message, Statement: e.Statement, CodeOffset: -1, QueryID: e.QueryID, BytesScanned: e.BytesScanned, Cost: e.Cost, Earlier: e.Earlier, Repeated: e.Repeated, Hint: e.Hint}
	if e.Class != engine.Cancelled {
		f.Code = string(diag.EngineFailed)
	}
	if step != nil && step.Doubts != "" {
		f.Hint = step.Doubts
	}
	if e.Statement < 0 || e.Statement >= len(b.Statements) {
		return f
	}
	s := b.Statements[e.Statement]
	f.Purpose = s.Purpose
	if step != nil && s.CodeEnd > s.CodeStart && e.Position >= s.CodeStart && e.Position <= s.CodeEnd {
		f.CodeOffset = e.Position - s.CodeStart
	}
	return f
}

// token is the same whenever this invocation makes this attempt at this batch.
func token(invocation string, n node.ID, interval string, batch, attempt int) string {
	sum := sha256.Sum256([]byte(invocation + "\x00" + string(n) + "\x00" + interval + "\x00" + strconv.Itoa(batch) + "\x00" + strconv.Itoa(attempt)))
	return hex.EncodeToString(sum[:16])
}

func response(report *plan.Report, main *engine.Result) *event.Response {
	switch {
	case report != nil && report.Message == plan.NoOp: // nothing was asked, so nothing was answered
		return &event.Response{}
	case report != nil:
		return &event.Response{Message: report.Message, Code: report.Code, RowsAffected: report.RowsAffected}
	case main == nil:
		return &event.Response{Message: "OK"}
	}
	out := &event.Response{Message: main.Message, Code: main.Code, QueryID: main.QueryID, BytesScanned: main.BytesScanned}
	if main.Code != "" && main.RowsAffected >= 0 {
		out.RowsAffected = &main.RowsAffected
	}
	return out
}

// compare makes a unit test's status of the rows that its query returned for both sides.
func (w *worker) compare(step *plan.Step, main *engine.Result, f *event.NodeFinished) {
	failures := int64(0)
	f.Status, f.Response = event.Pass, response(nil, main)
	if main != nil && w.r.o.Compare != nil {
		if f.Message = w.r.o.Compare(step, *main); f.Message != "" {
			f.Status, failures = event.Fail, 1
		}
	}
	f.Failures = &failures
}

// judge makes a data test's status of the one row that its query returned.
func (w *worker) judge(t *plan.Test, main *engine.Result, f *event.NodeFinished) *event.Failure {
	bad := func(format string, args ...any) *event.Failure {
		return &event.Failure{Code: string(diag.BadTestResult), Message: fmt.Sprintf(format, args...), Statement: -1, CodeOffset: -1}
	}
	if main == nil || len(main.Rows) != 1 {
		rows := 0
		if main != nil {
			rows = len(main.Rows)
		}
		return bad("dbt internally failed to execute %s: Returned %d rows, but expected 1 row", f.Node, rows)
	}
	if len(main.Columns) != 3 {
		return bad("dbt internally failed to execute %s: Returned %d columns, but expected 3 columns", f.Node, len(main.Columns))
	}
	values := map[string]engine.Value{}
	for i, c := range main.Columns {
		values[strings.ToLower(c.Name)] = main.Rows[0][i]
	}
	failures, ok := count(values["failures"])
	if !ok {
		given := values["failures"]
		if given == nil {
			given = "NULL"
		}
		return bad("fail_calc gave %v where a whole number was expected", given)
	}
	warn, ok1 := truth(values["should_warn"])
	stop, ok2 := truth(values["should_error"])
	if !ok1 || !ok2 {
		return bad("warn_if and error_if must give true or false; they gave %v and %v", values["should_warn"], values["should_error"])
	}
	f.Response = response(nil, main)
	results := "results"
	if failures == 1 {
		results = "result"
	}
	zero := int64(0)
	switch {
	case strings.EqualFold(t.Severity, "error") && stop:
		f.Status, f.Failures = event.Fail, &failures
		f.Message = fmt.Sprintf("Got %d %s, configured to fail if %s", failures, results, t.ErrorIf)
	case warn && w.r.o.WarnError:
		f.Status, f.Failures = event.Fail, &failures
		f.Message = fmt.Sprintf("Got %d %s, configured to fail if %s", failures, results, t.WarnIf)
	case warn:
		f.Status, f.Failures = event.Warn, &failures
		f.Message = fmt.Sprintf("Got %d %s, configured to warn if %s", failures, results, t.WarnIf)
	default:
		f.Status, f.Failures = event.Pass, &zero
	}
	return nil
}

func count(v engine.Value) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case float64:
		n := int64(v)
		return n, float64(n) == v
	case *big.Int:
		return v.Int64(), v.IsInt64()
	case engine.Decimal:
		ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(v.Scale)), nil)
		q, rest := new(big.Int).QuoRem(v.Unscaled, ten, new(big.Int))
		return q.Int64(), q.IsInt64() && rest.Sign() == 0
	}
	return 0, false
}

// truth reads a condition as dbt does: a boolean, a number, or a word for one; no value is false.
func truth(v engine.Value) (bool, bool) {
	switch v := v.(type) {
	case nil:
		return false, true
	case bool:
		return v, true
	case string:
		switch strings.ToLower(v) {
		case "y", "yes", "t", "true", "on", "1":
			return true, true
		case "n", "no", "f", "false", "off", "0":
			return false, true
		}
		return false, false
	case float64:
		return v != 0, true
	case engine.Decimal:
		return v.Unscaled.Sign() != 0, true
	}
	n, ok := count(v)
	return n != 0, ok
}

// describe is dbt's message of a failed node.
func describe(step *plan.Step, f event.Failure) string {
	if f.Class == "" {
		return f.Message
	}
	where := step.Label.Name
	if step.Label.Path != "" {
		where += " (" + step.Label.Path + ")"
	}
	return "Runtime Error in " + string(step.Kind) + " " + where + "\n  " + strings.ReplaceAll(f.Message, "\n", "\n  ")
}

// nodeSession is a step's own session, for its templates.
type nodeSession struct {
	w    *worker
	step *plan.Step
}

// Execute sends one statement, journalled like any other.
func (s nodeSession) Execute(ctx context.Context, st plan.Statement) (engine.Result, error) {
	if st.Node == "" {
		st.Node = s.step.Node
	}
	answer, failure := s.w.send(s.step.Engine, plan.Batch{Phase: plan.Stage, Statements: []plan.Statement{st}}, s.step)
	if failure != nil {
		return engine.Result{}, &engine.Error{Class: engine.Class(failure.Class), Message: failure.Message, Statement: 0, Position: -1,
			QueryID: failure.QueryID, Hint: failure.Hint}
	}
	if len(answer.Results) == 0 {
		return engine.Result{RowsAffected: -1}, nil
	}
	return answer.Results[0], nil
}

// Observe asks the step's engine, or the one that an observation names.
func (s nodeSession) Observe(ctx context.Context, what []plan.Observation) (plan.Observed, error) {
	byEngine := map[string][]plan.Observation{}
	var order []string
	for _, o := range what {
		name := o.Engine
		if name == "" {
			name = s.step.Engine
		}
		if _, known := byEngine[name]; !known {
			order = append(order, name)
		}
		byEngine[name] = append(byEngine[name], o)
	}
	var seen plan.Observed
	for _, name := range order {
		var eyes engine.Observer = s.w.r.o.Engines[name]
		if eyes == nil {
			return seen, fmt.Errorf("the plan names an engine %q that is not open", name)
		}
		if session, err := s.w.session(name); err != nil {
			return seen, err
		} else if own, ok := session.(engine.Observer); ok {
			eyes = own
		}
		found, err := eyes.Observe(ctx, byEngine[name])
		if err != nil {
			return seen, err
		}
		seen.Merge(found)
	}
	return seen, nil
}
