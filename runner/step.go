package runner

import (
	"context"
	"fmt"
	"runtime/debug"
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
