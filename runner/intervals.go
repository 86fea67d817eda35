package runner

import (
	"fmt"

	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
)

// intervals runs a microbatch model: its batches one after another, each rendered, sent and answered for by itself. A first batch that
// fails takes the others with it, since they need its table; a later one leaves a hole that can be filled by itself.
func (w *worker) intervals(j *job, f *event.NodeFinished) {
	step := j.step
	begin := w.r.o.World.Now()
	f.Timing = append(f.Timing, event.Timing{Name: "compile", StartedAt: begin.UTC(), CompletedAt: begin.UTC()})
	f.Compiled, f.CompiledCode = false, ""
	f.Intervals = &event.IntervalResults{Successful: []plan.Interval{}, Failed: []plan.Interval{}}
	skip := false
	for i := range step.Intervals {
		b := event.IntervalFinished{Node: step.Node, Label: step.Label, Materialization: step.Materialization, Interval: step.Intervals[i], Index: i + 1, Total: len(step.Intervals)}
		why := w.r.stopped()
		switch {
		case why != "":
			f.Intervals.Failed = append(f.Intervals.Failed, b.Interval)
			continue
		case skip:
			b.Status, b.Message = event.Skipped, "SKIPPED"
		default:
			w.interval(step, &b, i == 0, i == len(step.Intervals)-1)
		}
		w.r.record(b)
		if b.Status == event.Success {
			f.Intervals.Successful = append(f.Intervals.Successful, b.Interval)
			continue
		}
		f.Intervals.Failed = append(f.Intervals.Failed, b.Interval)
		skip = skip || i == 0
		if f.Failure == nil {
			f.Failure = b.Failure
		}
	}
	f.Timing = append(f.Timing, event.Timing{Name: "execute", StartedAt: begin.UTC(), CompletedAt: w.r.o.World.Now().UTC()})
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
}

// interval runs one batch.
func (w *worker) interval(step *plan.Step, b *event.IntervalFinished, first, last bool) {
	begin := w.r.o.World.Now()
	defer func() { b.Elapsed = w.r.o.World.Now().Sub(begin) }()
	if !w.r.record(event.IntervalStarted{Node: b.Node, Label: b.Label, Materialization: b.Materialization, Interval: b.Interval, Index: b.Index, Total: b.Total}) {
		b.Status = event.Skipped
		return
	}
	var work Expansion
	failure := w.expand(step, &work, &b.Interval, first, last)
	var main *engine.Result
	if failure == nil {
		main, failure = w.carry(step, &work)
	}
	if failure != nil {
		b.Status, b.Failure = event.Error, failure
		b.Message = w.r.o.Describe(step, *failure)
		return
	}
	b.Status, b.Message = event.Success, response(work.Report, main).Message
}

// carry sends the batches of a step, and answers what its main statement did. What a failure leaves behind is removed.
func (w *worker) carry(step *plan.Step, work *Expansion) (main *engine.Result, failure *event.Failure) {
	main = work.Main
	for i := range work.Batches {
		var answer engine.Answer
		answer, failure = w.send(step.Engine, work.Batches[i], step)
		if failure != nil {
			if i > 0 {
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
