package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/weft-data/weft/cmd/cli/eventlog"
	"github.com/weft-data/weft/cmd/cli/runview"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/publish/artifacts"
	"github.com/weft-data/weft/runner"
	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
	"github.com/weft-data/weft/runner/journal"
)

// buildCommand makes build, run, test and seed: they differ by the kinds of nodes they select.
func buildCommand(o *options, verb, short string) *cobra.Command {
	c := &cobra.Command{
		Use:   verb,
		Short: short,
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return o.build(cmd.Context(), verb) },
	}
	f := c.Flags()
	o.selectionFlags(f)
	o.threadFlag(f)
	if verb == "build" || verb == "test" {
		o.resourceTypeFlags(f)
		o.storeFailuresFlag(f)
	}
	if verb != "test" && verb != "snapshot" {
		o.refreshFlag(f)
		o.emptyFlag(f)
	}
	if verb == "seed" {
		f.BoolVar(&o.show, "show", false, "print rows of the loaded tables")
	} else if verb == "build" {
		f.BoolVar(&o.show, "show", false, "accepted for dbt's sake, changes nothing")
		f.Lookup("show").Hidden = true
	}
	if verb == "build" || verb == "run" {
		o.eventTimeFlags(f)
	}
	if verb == "snapshot" {
		o.emptyFlag(f)
	}
	if verb == "build" || verb == "run" {
		f.StringVar(&o.sample, "sample", "", "read only the rows of a window of event time: '3 days', or {start: ..., end: ...}")
	}
	return c
}

// build parses, plans and runs.
func (o *options) build(ctx context.Context, verb string) error {
	o.introspect = true
	if o.sample != "" {
		window, err := compiler.ParseSample(o.sample, o.world.Now())
		if err != nil {
			return exitError{exitUsage, fmt.Errorf("invalid value for '--sample': %w", err)}
		}
		o.window = window
	}
	p, err := o.open(ctx, verb)
	if err != nil {
		return err
	}
	info := p.Info()
	o.registered(p)
	o.found(p)
	selected, err := o.choose(p, verb)
	if err != nil {
		return err
	}
	if err := o.writeManifest(p, nil); err != nil {
		return err
	}
	if len(selected.IDs) == 0 {
		if err := o.nothingToDo(); err != nil {
			return err
		}
		return o.writeResults(p, runner.Outcome{})
	}
	threads := info.Threads
	e, err := o.openEngine(ctx, p, threads, false)
	if err != nil {
		return err
	}
	defer e.Close()
	if err := o.settle(ctx, info, e); err != nil {
		return err
	}
	ask := &directAsker{engine: e}
	err = o.deferTo(ctx, p, selected, verb, &liveWarehouse{open: func() (asker, func() error, error) { return ask, nil, nil }})
	ask.closeSession()
	if err != nil {
		return err
	}
	planned, err := o.plan(ctx, p, e, verb, selected)
	if err != nil {
		return err
	}
	if len(planned.Plan.Steps) == 0 { // unit tests are built with their model or not at all
		if err := o.nothingToDo(); err != nil {
			return err
		}
		return o.writeResults(p, runner.Outcome{})
	}
	o.classes(planned)
	outcome, err := o.run(ctx, p, e, planned, verb, expander{planned, o.report}, runview.Everything)
	if err != nil {
		return err
	}
	if err := o.writeResults(p, outcome); err != nil {
		return err
	}
	planned.Settle()
	if err := o.writeManifest(p, planned.Compilation); err != nil {
		return err
	}
	if err := o.writeCompiled(p, planned.Compilation, lateSteps(planned.Plan)); err != nil {
		return err
	}
	if verb == "seed" && o.show {
		if err := o.showSeeds(ctx, p, e, outcome); err != nil {
			return err
		}
	}
	return o.ended(outcome)
}

// ended turns the outcome of a run into the exit code.
func (o *options) ended(outcome runner.Outcome) error {
	o.advise(outcome)
	switch {
	case len(outcome.Unfinished) > 0:
		fmt.Fprintf(o.world.Stderr, "stopped at once; these may still run at the engine: %v\n", outcome.Unfinished)
		return exitError{code: 130}
	case outcome.Interrupted == syscall.SIGTERM:
		return exitError{code: 143}
	case outcome.Interrupted != nil:
		return exitError{code: 130}
	case outcome.Failed():
		return exitError{code: exitFailed}
	}
	return nil
}

// plan looks at what exists and compiles. Problems of single nodes are told now, and again as their results. A plan that is only looked at
// refuses templates that would change something.
func (o *options) plan(ctx context.Context, p *compiler.Project, e engine.Engine, verb string, selected compiler.Selected) (*compiler.Planned, error) {
	observed, err := e.Observe(ctx, p.Schemas(selected))
	if err != nil {
		return nil, exitError{exitUsage, fmt.Errorf("cannot look at the warehouse: %w", err)}
	}
	ask := &directAsker{engine: e}
	defer ask.closeSession()
	planned, diags := p.Plan(ctx, compiler.PlanOptions{
		EventTimeStart: o.eventStart, EventTimeEnd: o.eventEnd,
		Command: verb, Selected: selected, Observed: observed, FullRefresh: o.fullRefresh, Empty: o.empty, Sample: o.window, StoreFailures: o.storeFailures, ReadOnly: o.planning,
		Warehouse: &liveWarehouse{open: func() (asker, func() error, error) { return ask, nil, nil }},
		Intervals: o.failedBatches, EarlierIntervals: o.doneBatches, BatchesUntil: o.batchesUntil, Applied: o.applied,
	})
	o.messages(planned.Compilation.Messages)
	o.report(diags)
	if o.refuses(diags) {
		return nil, exitError{code: exitUsage}
	}
	return planned, o.writeCompiled(p, planned.Compilation, selected.IDs)
}

// lateSteps are the nodes whose text came into being during the run.
func lateSteps(p plan.Plan) []node.ID {
	var out []node.ID
	for i := range p.Steps {
		if p.Steps[i].Late && len(p.Steps[i].Intervals) == 0 { // batches have files of their own, which are written as they end
			out = append(out, p.Steps[i].Node)
		}
	}
	return out
}

// run carries the plan out; what it does is in the journal, and on the screen.
func (o *options) run(ctx context.Context, p *compiler.Project, e engine.Engine, planned *compiler.Planned, verb string, x runner.Expander, show runview.Show) (runner.Outcome, error) {
	info := p.Info()
	world := effect.Real{}
	view := runview.New(runview.Options{Color: o.color(), Width: o.printerWidth, Show: show, NodeInfo: p.NodeInfo, Statements: o.log.Wants(eventlog.Debug)})
	files := artifacts.NewRunFiles(world, info.TargetPath)
	lineage := o.openLineage(ctx, p, e, planned, world)
	collectJournals(info.TargetPath, world)
	log, err := journal.Create(world, journal.Path(info.TargetPath, o.invocation), func(r event.Record) {
		for _, m := range planned.TakeMessages() {
			o.messages([]compiler.Message{m})
		}
		files.Feed(r)
		if lineage != nil {
			lineage.Feed(r)
		}
		if o.progress != nil {
			o.progress.feed(r)
		}
		for _, l := range view.Feed(r) {
			o.viewLine(l)
		}
	})
	if err != nil {
		o.closeLineage(lineage)
		return runner.Outcome{}, exitError{exitUsage, fmt.Errorf("cannot write the journal: %w", err)}
	}
	unheard := o.notices.record(log)
	signals, stop := world.Signals()
	defer stop()
	defer leaveMemory()()
	outcome, err := runner.Run(ctx, runner.Options{
		Plan: planned.Plan, Engines: map[string]engine.Engine{"": e}, Journal: log, World: world, Invocation: o.invocation, Verb: verb, Version: Version,
		Target: info.Target, Adapter: info.Type, Threads: info.Threads, FailFast: o.failFast || truth(info.Flags["fail_fast"]), WarnError: o.testsMustNotWarn(),
		RunDespiteHook: info.Flags["skip_nodes_if_on_run_start_fails"] == false, Expander: x, Signals: signals, Args: o.args(verb), Settled: o.settled, Applied: o.appliedSteps(),
		Compare:  func(_ *plan.Step, r engine.Result) string { return planned.CompareUnitTest(resultOf(r, -1)) },
		Describe: func(step *plan.Step, f event.Failure) string { return o.describe(p, planned, step, f) },
	})
	unheard()
	if closing := log.Close(); err == nil && closing != nil {
		err = closing
	}
	if closing := files.Close(); err == nil && closing != nil {
		err = closing
	}
	o.closeLineage(lineage)
	if err != nil {
		return outcome, exitError{exitUsage, err}
	}
	return outcome, nil
}

// leaveMemory gives what parsing and planning have used back to the system, for the engine that runs in this process, and keeps the
// heap close to what is alive until the answer is called: a run makes little garbage, so that costs little.
func leaveMemory() func() {
	before := debug.SetGCPercent(40)
	debug.FreeOSMemory()
	return func() { debug.SetGCPercent(before) }
}

func truth(v any) bool { b, _ := v.(bool); return b }

// color says whether to paint: on a terminal, unless the user said otherwise.
func (o *options) color() bool {
	return o.useColors && o.world.Terminal && o.env["NO_COLOR"] == "" && o.env["TERM"] != "dumb"
}

// expander makes late steps with the compiler, on the runner's session.
type expander struct {
	planned *compiler.Planned
	report  func(diag.List)
}

// Expand renders and lowers a late step.
func (x expander) Expand(ctx context.Context, r runner.Request) (runner.Expansion, error) {
	var results []compiler.HookResult
	for _, f := range r.Results {
		if f.Silent || f.HookOf != "" {
			continue
		}
		result := compiler.HookResult{Node: f.Node, Status: string(f.Status), Thread: f.Thread, Message: f.Message, Seconds: f.Elapsed.Seconds(),
			Failures: f.Failures, Response: response(f.Response)}
		for _, t := range f.Timing {
			result.Timing = append(result.Timing, compiler.HookTiming{Name: t.Name, Started: t.StartedAt, Completed: t.CompletedAt})
		}
		results = append(results, result)
	}
	w := &liveWarehouse{open: func() (asker, func() error, error) { return r.Session, nil, nil }}
	var out compiler.Expansion
	var diags diag.List
	if r.Interval != nil || r.Swap || r.Discard {
		ask := compiler.IntervalRequest{First: r.First, Last: r.Last, Swap: r.Swap, Discard: r.Discard}
		if r.Interval != nil {
			ask.Interval = *r.Interval
		}
		out, diags = x.planned.ExpandInterval(ctx, r.Step.Node, w, r.Observed, ask)
	} else {
		out, diags = x.planned.Expand(ctx, r.Step.Node, w, r.Observed, results)
	}
	if out.Refusal != nil {
		x.report(diags)
		return runner.Expansion{CompiledCode: out.CompiledCode, Compiled: out.Compiled}, &runner.Refused{Refusal: *out.Refusal}
	}
	return runner.Expansion{Batches: out.Batches, Recover: out.Recover, CompiledCode: out.CompiledCode, Test: out.Test, Report: out.Report, Main: asked(out.Answer)}, nil
}

// Hook renders a late hook.
func (x expander) Hook(ctx context.Context, r runner.Request, hook plan.LateHook) (string, error) {
	w := &liveWarehouse{open: func() (asker, func() error, error) { return r.Session, nil, nil }}
	sql, refusal, diags := x.planned.ExpandHook(ctx, r.Step.Node, hook, r.Interval, w)
	if refusal != nil {
		x.report(diags)
		return "", &runner.Refused{Refusal: *refusal}
	}
	return sql, nil
}

// asked is the answer to what a template has asked, as the runner has answers.
func asked(r *compiler.Result) *engine.Result {
	if r == nil {
		return nil
	}
	out := &engine.Result{Message: r.Message, Code: r.Code, RowsAffected: r.Affected}
	for _, name := range r.Columns {
		out.Columns = append(out.Columns, engine.Column{Name: name})
	}
	for _, row := range r.Rows {
		cells := make([]engine.Value, len(row))
		for i, v := range row {
			cells[i] = v
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

// response is dbt's adapter_response as templates see it.
func response(r *event.Response) map[string]any {
	out := map[string]any{}
	if r == nil {
		return out
	}
	out["_message"] = r.Message
	if r.Code != "" {
		out["code"] = r.Code
	}
	if r.RowsAffected != nil {
		out["rows_affected"] = *r.RowsAffected
	}
	return out
}

// describe is the message of a failed step: the engine's text, where it happened, and where to look.
func (o *options) describe(p *compiler.Project, planned *compiler.Planned, step *plan.Step, f event.Failure) string {
	return planned.Describe(step, f.Message, f.Code, f.CodeOffset, f.Purpose == plan.Hook)
}

// writeResults writes run_results.json, whole or not at all.
func (o *options) writeResults(p *compiler.Project, outcome runner.Outcome) error {
	if !o.writeJSON {
		return nil
	}
	data, err := artifacts.RunResults(artifacts.Invocation{
		DbtVersion: dbtVersion, ID: o.invocation, StartedAt: o.started.UTC(), GeneratedAt: o.world.Now().UTC(), Env: p.MetadataEnv(), Args: o.args(o.verb), Elapsed: outcome.Elapsed,
	}, outcome.Results)
	if err == nil {
		err = effect.Replace(effect.Real{}, filepath.Join(p.Info().TargetPath, "run_results.json"), data)
	}
	if err != nil {
		return exitError{exitUsage, fmt.Errorf("cannot write run_results.json: %w", err)}
	}
	return nil
}
