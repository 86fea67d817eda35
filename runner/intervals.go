package runner

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
)

// intervals runs a microbatch model: its batches, each rendered, sent and answered for by itself. The first goes before all others, since
// they need its table, and takes them with it if it fails; the last comes after them, with the hooks of the end. Those between may run at
// the same time, on threads that have nothing else to do. One that fails leaves a hole that can be filled by itself.
func (w *worker) intervals(j *job, f *event.NodeFinished) {
	step := j.step
	begin := w.r.o.World.Now()
	f.Timing = append(f.Timing, event.Timing{Name: "compile", StartedAt: begin.UTC(), CompletedAt: begin.UTC()})
	f.Compiled, f.CompiledCode = false, ""
	ended := make([]event.IntervalFinished, len(step.Intervals))
	last := len(ended) - 1
	w.runInterval(step, ended, 0, false)
	skip := ended[0].Status != event.Success
	w.between(step, ended, skip)
	if last > 0 {
		w.runInterval(step, ended, last, skip)
	}
	lost := step.Batching.Aside && ended[last].Status != event.Success && !skip && w.endAside(step, f)
	w.total(step, ended, lost, f)
	f.Timing = append(f.Timing, event.Timing{Name: "execute", StartedAt: begin.UTC(), CompletedAt: w.r.o.World.Now().UTC()})
}

// between runs the batches between the first and the last, by itself and, if they may run at the same time, with as many helpers as there
// are threads. A helper works only while a thread is free, and other steps have their turn after each batch.
func (w *worker) between(step *plan.Step, ended []event.IntervalFinished, skip bool) {
	most := len(ended) - 1
	var next atomic.Int64
	take := func() (int, bool) {
		i := int(next.Add(1))
		return i, i < most
	}
	var helpers sync.WaitGroup
	over := make(chan struct{})
	if step.Batching.Concurrent && !skip {
		for range min(w.r.o.Threads, most-1) - 1 {
			h := w.r.worker(w.name)
			h.node, h.usage = step.Node, w.usage
			helpers.Go(func() {
				defer h.close()
				for {
					select {
					case <-over:
						return
					case w.r.slots <- struct{}{}:
					}
					i, more := take()
					if more {
						h.runInterval(step, ended, i, false)
					}
					<-w.r.slots
					if !more {
						return
					}
				}
			})
		}
	}
	for i, more := take(); more; i, more = take() {
		w.runInterval(step, ended, i, skip)
	}
	close(over)
	helpers.Wait()
}

// on says which batch the worker works on.
func (w *worker) on(name string) { w.interval, w.batch = name, 0 }

// endAside ends a table that was built aside although its last batch failed or was not begun: what is there is published, as dbt would have
// it in the table already, but an old table stays where it is if the run was stopped. It says whether the batches are lost.
func (w *worker) endAside(step *plan.Step, f *event.NodeFinished) (lost bool) {
	discard := step.Batching.Replaces && w.r.stopped() != ""
	var work Expansion
	ctx := context.WithoutCancel(w.r.ctx)
	failure := w.expand(ctx, Request{Step: step, Swap: !discard, Discard: discard}, &work)
	if failure == nil {
		failure = w.recover(step, work.Batches)
	}
	if f.Failure == nil {
		f.Failure = failure
	}
	return discard || failure != nil
}

// total is what came of all batches together.
func (w *worker) total(step *plan.Step, ended []event.IntervalFinished, lost bool, f *event.NodeFinished) {
	f.Intervals = &event.IntervalResults{Successful: []plan.Interval{}, Failed: []plan.Interval{}}
	for i := range ended {
		if ended[i].Status == event.Success && !lost {
			f.Intervals.Successful = append(f.Intervals.Successful, step.Intervals[i])
			continue
		}
		f.Intervals.Failed = append(f.Intervals.Failed, step.Intervals[i])
		if f.Failure == nil {
			f.Failure = ended[i].Failure
		}
	}
	zero := int64(0)
	f.Failures = &zero
	switch good, bad := len(f.Intervals.Successful), len(f.Intervals.Failed); {
	case bad == 0:
		f.Status, f.Message = event.Success, "SUCCESS"
	case good == 0:
		f.Status, f.Message = event.Error, "ERROR"
	default:
		f.Status, f.Message = event.PartialSuccess, fmt.Sprintf("PARTIAL SUCCESS (%d/%d)", good, good+bad)
	}
	f.Intervals.Successful = append(f.Intervals.Successful, step.Batching.Earlier...)
}

// runInterval runs one batch and notes how it ended. After a signal it is not begun.
func (w *worker) runInterval(step *plan.Step, ended []event.IntervalFinished, i int, skip bool) {
	b := &ended[i]
	*b = event.IntervalFinished{Node: step.Node, Label: step.Label, Materialization: step.Materialization, Interval: step.Intervals[i], Index: i + 1, Total: len(ended)}
	if w.r.stopped() != "" {
		return
	}
	w.on(b.Interval.Name)
	if skip {
		b.Status, b.Message = event.Skipped, "SKIPPED"
	} else {
		w.carryInterval(step, b)
	}
	w.r.record(*b)
}

// carryInterval renders and sends one batch.
func (w *worker) carryInterval(step *plan.Step, b *event.IntervalFinished) {
	begin := w.r.o.World.Now()
	defer func() {
		if p := recover(); p != nil {
			b.Status, b.Failure = event.Error, panicked(p)
			b.Message = w.r.o.Describe(step, *b.Failure)
		}
		b.Elapsed = w.r.o.World.Now().Sub(begin)
	}()
	if !w.r.record(event.IntervalStarted{Node: b.Node, Label: b.Label, Materialization: b.Materialization, Interval: b.Interval, Index: b.Index, Total: b.Total}) {
		b.Status = event.Skipped
		return
	}
	var work Expansion
	failure := w.expand(w.r.ctx, Request{Step: step, Interval: &b.Interval, First: b.Index == 1, Last: b.Index == b.Total}, &work)
	b.Compiled, b.CompiledCode = failure == nil || work.Compiled, work.CompiledCode
	var main *engine.Result
	if failure == nil {
		main, failure = w.carry(step, &work, &b.Interval)
	}
	if failure != nil {
		b.Status, b.Failure = event.Error, failure
		b.Message = w.r.o.Describe(step, *failure)
		return
	}
	b.Status, b.Message = event.Success, response(work.Report, main).Message
}

// carry sends the batches of a step, and answers what its main statement did. What a failure leaves behind is removed.
func (w *worker) carry(step *plan.Step, work *Expansion, interval *plan.Interval) (main *engine.Result, failure *event.Failure) {
	main = work.Main
	for i := range work.Batches {
		var answer engine.Answer
		switch {
		case slices.ContainsFunc(work.Batches[i].Statements, func(s plan.Statement) bool { return s.Late != nil }):
			answer, failure = w.piecewise(step, work.Batches[i], interval)
		case splits(work.Batches[i]):
			answer, failure = w.aroundSplits(step, work.Batches[i])
		default:
			answer, failure = w.send(step.Engine, work.Batches[i], step)
		}
		if failure != nil && work.Batches[i].Upkeep && failure.Class != string(engine.Cancelled) {
			w.r.record(event.Log{Level: "warn", Node: step.Node, Text: upkeepFailed(work.Batches[i], failure)})
			continue
		}
		if failure != nil {
			// What may still run must not lose what it reads: the next run asks what became of it, and clears away.
			if (i > 0 || !work.Batches[i].Atomic && len(work.Batches[i].Statements) > 1) && failure.Class != string(engine.Unknown) {
				w.recover(step, work.Recover)
			}
			return main, failure
		}
		for s := range work.Batches[i].Statements {
			if work.Batches[i].Statements[s].Main && s < len(answer.Results) {
				main = &answer.Results[s]
			}
		}
	}
	return main, nil
}

// upkeepFailed tells that upkeep failed, after its node was published.
func upkeepFailed(b plan.Batch, failure *event.Failure) string {
	text := failure.Message
	if failure.QueryID != "" {
		text += " (query " + failure.QueryID + ")"
	}
	return fmt.Sprintf("%s is published, and its upkeep failed: %s: %s", b.Statements[0].Node, b.Statements[0].Shown(), text)
}
