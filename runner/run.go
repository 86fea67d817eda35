package runner

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
)

// Run carries out a plan. The outcome holds what every node came to; the error is for what stops a run as a whole: a journal that
// cannot be written, a schema that cannot be made.
func Run(ctx context.Context, o Options) (Outcome, error) {
	r := &run{o: o, ctx: ctx, started: o.World.Now(), active: map[*worker]engine.Session{}}
	if r.o.Attempts == 0 {
		r.o.Attempts = 3
	}
	r.o.Threads = max(1, r.o.Threads)
	r.slots = make(chan struct{}, r.o.Threads)
	if r.o.Describe == nil {
		r.o.Describe = describe
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.all()
	}()
	abandoned := r.watch(done)

	r.mu.Lock()
	defer r.mu.Unlock()
	out := Outcome{Results: slices.Clone(r.results), Elapsed: o.World.Now().Sub(r.started), Interrupted: r.signal}
	if abandoned {
		for w := range r.active {
			out.Unfinished = append(out.Unfinished, w.node)
		}
		slices.Sort(out.Unfinished)
		out.Unfinished = slices.Compact(out.Unfinished) // several batches of one model may be under way
	}
	return out, r.fatal
}

// run is the state of one run. What is below mu is shared by the workers and the watcher of signals.
type run struct {
	o       Options
	ctx     context.Context
	started time.Time
	// slots are held by those who work on a step, or on one batch of it: no more than there are threads.
	slots chan struct{}

	mu      sync.Mutex
	results []event.NodeFinished
	active  map[*worker]engine.Session
	// stopping is why nothing is launched any more: "" while the run goes on.
	stopping string
	signal   os.Signal
	fatal    error
}

// failFast is the reason that --fail-fast gives.
const failFast = "fail-fast"

// all is the whole run, from its first record to its last.
func (r *run) all() {
	nodes := 0
	ids := make([]node.ID, 0, len(r.o.Plan.Steps))
	for i := range r.o.Plan.Steps {
		if !r.o.Plan.Steps[i].Silent {
			nodes++
			ids = append(ids, r.o.Plan.Steps[i].Node)
		}
	}
	if !r.record(event.RunStarted{Invocation: r.o.Invocation, Verb: r.o.Verb, Version: r.o.Version, Target: r.o.Target,
		Adapter: r.o.Adapter, Threads: r.o.Threads, Nodes: nodes, Args: r.o.Args, Steps: ids,
		Settled: r.o.Settled, Applied: r.o.Applied}) {
		return
	}
	hand := r.worker("main")
	defer hand.close()
	if err := hand.setup(); err != nil {
		r.abort(err)
		return
	}
	started := r.hooks(hand, "on-run-start", r.o.Plan.OnRunStart)
	switch {
	case r.stopped() != "":
	case started || r.o.RunDespiteHook:
		r.steps(nodes)
	default:
		r.skipAll(nodes)
	}
	if why := r.stopped(); why == "" || why == failFast {
		r.hooks(hand, "on-run-end", r.o.Plan.OnRunEnd)
	}
	why := r.stopped()
	if why == failFast {
		why = ""
	}
	r.record(event.RunFinished{Elapsed: r.o.World.Now().Sub(r.started), Interrupted: why})
}

// watch waits for the end of the run, and for signals: the first stops the run in good order, the second abandons it.
func (r *run) watch(done <-chan struct{}) (abandoned bool) {
	cancelled := r.ctx.Done()
	for {
		select {
		case <-done:
			return false
		case s := <-r.o.Signals:
			r.mu.Lock()
			again := r.signal != nil
			r.signal = s
			r.mu.Unlock()
			if again {
				return true
			}
			r.stop(s.String(), done)
		case <-cancelled:
			cancelled = nil
			r.stop(context.Cause(r.ctx).Error(), done)
		}
	}
}

// stop launches nothing any more, and asks the engines to cancel what runs until done.
func (r *run) stop(why string, done <-chan struct{}) {
	r.mu.Lock()
	if r.stopping == "" || r.stopping == failFast && why != failFast {
		r.stopping = why
	}
	var running []node.ID
	for w := range r.active {
		running = append(running, w.node)
	}
	r.mu.Unlock()
	slices.Sort(running)
	running = slices.Compact(running)
	r.record(event.Interrupted{By: why, Running: running})
	go r.cancel(done)
}

// cancel asks again and again: a request may come just before the statement that it is meant for.
func (r *run) cancel(done <-chan struct{}) {
	for {
		r.mu.Lock()
		sessions := make([]engine.Session, 0, len(r.active))
		for _, s := range r.active {
			sessions = append(sessions, s)
		}
		r.mu.Unlock()
		for _, s := range sessions {
			_ = s.Cancel(context.WithoutCancel(r.ctx)) // what becomes of it is what Do answers
		}
		select {
		case <-done:
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (r *run) stopped() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stopping
}

// record appends to the journal; a journal that cannot be written ends the run before the next side effect.
func (r *run) record(body event.Body) bool {
	if err := r.o.Journal.Append(body); err != nil {
		r.abort(err)
		return false
	}
	return true
}

func (r *run) abort(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fatal == nil {
		r.fatal = err
	}
	if r.stopping == "" || r.stopping == failFast {
		r.stopping = "failure"
	}
}

func (r *run) finish(f event.NodeFinished) {
	r.mu.Lock()
	r.results = append(r.results, f)
	r.mu.Unlock()
	r.record(f)
}

// hooks runs on-run hooks one after another; after one failed the others are skipped. It says whether all went well.
func (r *run) hooks(w *worker, of string, steps []plan.Step) bool {
	ok := true
	for i := range steps {
		if why := r.stopped(); why != "" && why != failFast {
			return false
		}
		job := &job{step: &steps[i], index: i + 1, total: len(steps), hookOf: of, skip: !ok}
		if f := w.do(job); f.Status != event.Success {
			ok = false
		}
	}
	return ok
}

// skipAll ends every step as skipped: an on-run-start hook failed.
func (r *run) skipAll(total int) {
	w := r.worker("MainThread")
	index := 0
	for i := range r.o.Plan.Steps {
		if s := &r.o.Plan.Steps[i]; !s.Silent {
			index++
			w.do(&job{step: s, index: index, total: total, skip: true})
		}
	}
}

// job is a step with its number.
type job struct {
	step         *plan.Step
	index, total int
	hookOf       string
	skip         bool
	// cause is why it is skipped: the failed ancestor, with its message if it was a silent one.
	cause        node.ID
	causeMessage string
	// before are the unit tests of the step's model, which the same worker runs before it.
	before []*job
}

// steps runs the nodes: each as soon as its parents have ended, in dbt's order, which is first come first served, and by depth
// and id among those that become ready at once.
func (r *run) steps(total int) {
	s := newSchedule(r.o.Plan.Steps, total)
	jobs, results := make(chan *job), make(chan finished)
	var workers sync.WaitGroup
	for i := range min(r.o.Threads, max(1, len(r.o.Plan.Steps))) {
		w := r.worker(fmt.Sprintf("Thread-%d (worker)", i+1))
		workers.Add(1)
		go func() {
			defer workers.Done()
			defer w.close()
			for j := range jobs {
				r.slots <- struct{}{}
				f := w.group(j)
				<-r.slots
				results <- f
			}
		}()
	}
	idle := min(r.o.Threads, max(1, len(r.o.Plan.Steps)))
	threads := idle
	for {
		for idle > 0 && len(s.ready) > 0 && r.stopped() == "" {
			jobs <- s.next()
			idle--
		}
		if idle == threads {
			break
		}
		f := <-results
		idle++
		s.ended(f.job, f.result)
		if r.o.FailFast && (f.result.Status.Bad() || f.failed) && r.stopped() == "" {
			end := make(chan struct{})
			defer close(end)
			r.stop(failFast, end)
		}
	}
	close(jobs)
	workers.Wait()
	if r.stopped() == failFast {
		for _, step := range s.left() {
			if !step.Silent {
				r.finish(event.NodeFinished{Node: step.Node, Kind: step.Kind, Materialization: step.Materialization, Label: step.Label,
					Thread: "MainThread", Status: event.Skipped, Message: failFastMessage})
			}
		}
	}
}

const failFastMessage = "Skipping due to fail_fast"

type finished struct {
	job    *job
	result event.NodeFinished
	// failed says that a unit test failed before it.
	failed bool
}

// group runs a step and, before it, the unit tests of its model. If one of them fails the others are run, and the step is skipped.
func (w *worker) group(j *job) (f finished) {
	f.job = j
	for _, test := range j.before {
		test.skip = j.skip && !f.failed
		if result := w.do(test); result.Status.Bad() {
			f.failed = true
			if !j.skip {
				j.skip, j.cause = true, result.Node
			}
		}
	}
	f.result = w.do(j)
	return f
}
