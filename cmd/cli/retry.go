package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/weft-data/weft/cmd/cli/eventlog"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/manifest"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/event"
	"github.com/weft-data/weft/runner/journal"
)

// retryCommand runs again what the last run did not bring to a good end.
func retryCommand(o *options) *cobra.Command {
	c := &cobra.Command{
		Use:   "retry",
		Short: "Run again what failed, was skipped or never begun in the last run, with that run's options",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return o.retry(cmd) },
	}
	o.threadFlag(c.Flags())
	c.Flags().StringVar(&o.retryState, "state", "", "folder with the run_results.json to retry, instead of target")
	return c
}

// lastRun is what is known of the run to retry.
type lastRun struct {
	invocation string
	args       map[string]any
	// again are the nodes to run again.
	again []node.ID
	// failed and done are the batches of microbatch models of which some went well and some did not; until is when the run began, which
	// batches go up to.
	failed, done map[node.ID][]plan.Interval
	until        time.Time
	// died says that the run was found in its journal alone: its process ended before it could write run_results.json.
	died bool
}

func (o *options) retry(cmd *cobra.Command) error {
	o.verb = "retry"
	target, err := o.targetDir()
	if err != nil {
		return err
	}
	last, err := o.findLastRun(target)
	if err != nil {
		return err
	}
	verb, _ := last.args["which"].(string)
	if verb == "generate" {
		verb = "docs generate"
	}
	if err := o.restore(last.args); err != nil {
		return err
	}
	if last.died {
		o.event(eventlog.Info, "", "", "Retrying the run "+last.invocation+", which ended before its time: its journal says what is left to do", nil)
	}
	if len(last.again) == 0 {
		last.again = []node.ID{}
	}
	o.again = last.again
	o.failedBatches, o.doneBatches, o.batchesUntil = last.failed, last.done, last.until
	if o.retryState == "" {
		o.retried = last.invocation
	}
	ctx := cmd.Context()
	switch verb {
	case "build", "run", "test", "seed", "snapshot":
		return o.build(ctx, verb)
	case "run-operation":
		name, _ := last.args["macro"].(string)
		o.sql, _ = last.args["sql"].(string)
		if len(last.again) == 0 {
			return o.nothingToDo()
		}
		if args, ok := last.args["args"].(map[string]any); ok {
			text, err := json.Marshal(args)
			if err != nil {
				return err
			}
			o.macroArgs = string(text)
		}
		return o.runOperation(ctx, name)
	case "clone":
		return o.clone(ctx)
	case "docs generate":
		return o.docs(ctx)
	case "compile":
		return o.compile(cmd)
	}
	return exitError{exitUsage, fmt.Errorf("the last command was %q, which cannot be retried", verb)}
}

// targetDir is where the last run left its results.
func (o *options) targetDir() (string, error) {
	if o.retryState != "" {
		return o.path(o.retryState), nil
	}
	info, diags, err := o.outline()
	o.report(diags)
	if err != nil || diags.HasErrors() {
		return "", exitError{exitUsage, err}
	}
	return info.TargetPath, nil
}

// outline reads dbt_project.yml alone.
func (o *options) outline() (compiler.Info, diag.List, error) {
	return compiler.Outline(compiler.Options{ProjectDir: o.dir(), TargetPath: o.targetPath, Vars: o.vars, Env: o.env, Now: o.started.UTC(), InvocationID: o.invocation})
}

// findLastRun reads run_results.json, and the newest journal if that is of a later run.
func (o *options) findLastRun(target string) (lastRun, error) {
	path := filepath.Join(target, "run_results.json")
	var last lastRun
	var written time.Time
	empty := false
	f, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return last, exitError{exitUsage, err}
	default:
		defer f.Close()
		results, err := manifest.ReadRunResults(f)
		if err != nil {
			return last, exitError{exitUsage, fmt.Errorf("%s: %w", o.relative(path), err)}
		}
		written, _ = time.Parse(time.RFC3339, results.Metadata.InvocationStartedAt)
		last.invocation, last.until = results.Metadata.InvocationID, written
		if err := json.Unmarshal(results.Args, &last.args); err != nil {
			return last, exitError{exitUsage, fmt.Errorf("%s: args: %w", o.relative(path), err)}
		}
		empty = len(results.Results) == 0
		operation := last.args["which"] == "run-operation"
		for _, r := range results.Results {
			if retryable(r.Status, o.warnError) && (operation || !strings.HasPrefix(r.UniqueID, "operation.")) {
				last.again = append(last.again, node.ID(r.UniqueID))
			}
			if err := last.batches(node.ID(r.UniqueID), r.BatchResults); err != nil {
				return last, exitError{exitUsage, fmt.Errorf("%s: batch_results of %s: %w", o.relative(path), r.UniqueID, err)}
			}
		}
	}
	if o.retryState == "" {
		last.again = append(last.again, neverBegun(target, last.invocation)...)
	}
	if o.retryState == "" && last.args["which"] == "show" { // a look at rows does not take the run before it away
		if earlier, ok := o.deadRun(target, "", time.Time{}); ok {
			earlier.died = false
			return earlier, nil
		}
	}
	if o.retryState == "" {
		if died, ok := o.deadRun(target, last.invocation, written); ok {
			return died, nil
		}
	}
	if last.args != nil && empty && len(last.again) == 0 {
		return last, exitError{exitUsage, fmt.Errorf("there is no previous run in %s that could be retried: the last one had nothing to do", o.relative(target))}
	}
	if last.args == nil {
		return last, exitError{exitUsage, fmt.Errorf("there is no previous run in %s: run_results.json is missing\n  help: weft build writes it; --target-path and --state name other folders", o.relative(target))}
	}
	return last, nil
}

// neverBegun are the nodes that a run which a signal stopped had still to do: run_results.json says nothing of them.
func neverBegun(target, invocation string) []node.ID {
	r, ok := recall(target, invocation)
	if invocation == "" || !ok || !r.Ended || !r.Stopped {
		return nil
	}
	var out []node.ID
	for _, id := range r.Started.Steps {
		if _, ended := r.Status[id]; !ended {
			out = append(out, id)
		}
	}
	return out
}

// batches takes the batches of a microbatch model from a result. Of a model of which no batch went well all are run again, as in a first
// run: there may be no table to add to.
func (l *lastRun) batches(id node.ID, data json.RawMessage) error {
	var results struct{ Successful, Failed [][2]time.Time }
	if len(data) == 0 || string(data) == "null" {
		return nil
	}
	if err := json.Unmarshal(data, &results); err != nil {
		return err
	}
	if len(results.Successful) == 0 || len(results.Failed) == 0 {
		return nil
	}
	if l.failed == nil {
		l.failed, l.done = map[node.ID][]plan.Interval{}, map[node.ID][]plan.Interval{}
	}
	for _, b := range results.Failed {
		l.failed[id] = append(l.failed[id], plan.Interval{Start: b[0].UTC(), End: b[1].UTC()})
	}
	for _, b := range results.Successful {
		l.done[id] = append(l.done[id], plan.Interval{Start: b[0].UTC(), End: b[1].UTC()})
	}
	return nil
}

// took keeps the batches of a microbatch model by how they ended.
func (l *lastRun) took(id node.ID, done, failed []plan.Interval) {
	if len(done)+len(failed) == 0 {
		return
	}
	if l.failed == nil {
		l.failed, l.done = map[node.ID][]plan.Interval{}, map[node.ID][]plan.Interval{}
	}
	l.failed[id], l.done[id] = slices.Clone(failed), slices.Clone(done)
}

// ended notes that a batch went well.
func (l *lastRun) ended(id node.ID, batch plan.Interval) {
	if at := slices.IndexFunc(l.failed[id], func(i plan.Interval) bool { return i.ID == batch.ID }); at >= 0 {
		l.done[id], l.failed[id] = append(l.done[id], batch), slices.Delete(l.failed[id], at, at+1)
	}
}

// whole forgets the batches of models that are run from the first batch to the last: of which none went well, since there may be no table to
// add to, or all did and only what comes after them is missing.
func (l *lastRun) whole() {
	for id := range l.failed {
		if len(l.done[id]) == 0 || len(l.failed[id]) == 0 {
			delete(l.failed, id)
			delete(l.done, id)
		}
	}
}

func retryable(status string, warnError bool) bool {
	switch status {
	case "error", "fail", "skipped", "runtime error", "partial success":
		return true
	case "warn":
		return warnError
	}
	return false
}

// deadRun finds a run that came after the last one with results, and has only its journal.
func (o *options) deadRun(target, invocation string, after time.Time) (last lastRun, found bool) {
	var records []event.Record
	var first event.RunStarted
	for _, name := range journals(target) {
		if name == invocation {
			return last, false
		}
		path := journal.Path(target, name)
		if held, _ := effect.Held(path); held {
			continue // it goes on
		}
		contents, err := journal.Read(effect.Real{}, path)
		if err != nil || len(contents.Records) == 0 {
			continue // it was killed before it began anything
		}
		started, ok := contents.Records[0].Body.(event.RunStarted)
		if !ok || started.Args == nil || !contents.Records[0].At.After(after) {
			return last, false
		}
		records, first = contents.Records, started
		break
	}
	if records == nil {
		return last, false
	}
	last = lastRun{invocation: first.Invocation, args: first.Args, died: true, until: records[0].At}
	ended := map[node.ID]string{}
	for _, r := range records {
		switch b := r.Body.(type) {
		case event.NodeStarted:
			last.took(b.Node, nil, b.Intervals)
		case event.IntervalFinished:
			if b.Status == event.Success {
				last.ended(b.Node, b.Interval)
			}
		case event.NodeFinished:
			ended[b.Node] = string(b.Status)
			if b.Intervals != nil {
				last.took(b.Node, b.Intervals.Successful, b.Intervals.Failed)
			}
		}
	}
	last.whole()
	for _, id := range first.Steps {
		if status, ok := ended[id]; !ok || retryable(status, o.warnError) {
			last.again = append(last.again, id)
		}
	}
	return last, true
}

// restore sets the options of the last run. Those that say where things are and how they are shown are this command's own, and so are
// --vars and --threads where they are given.
func (o *options) restore(args map[string]any) error {
	for name, to := range map[string]*[]string{"select": &o.selects, "models": &o.models, "exclude": &o.excludes, "resource_types": &o.resourceTypes,
		"exclude_resource_types": &o.excludeResourceTypes} {
		if list, ok := args[name].([]any); ok {
			*to = nil
			for _, v := range list {
				*to = append(*to, fmt.Sprint(v))
			}
		}
	}
	for name, to := range map[string]*string{"selector": &o.selector, "indirect_selection": &o.indirectSelection, "target": &o.target, "sample": &o.sample, "profile": &o.profile} {
		if s, ok := args[name].(string); ok && s != "" {
			*to = s
		}
	}
	for name, to := range map[string]*bool{"full_refresh": &o.fullRefresh, "empty": &o.empty, "store_failures": &o.storeFailures, "fail_fast": &o.failFast,
		"introspect": &o.introspect, "defer": &o.deferring, "favor_state": &o.favorState} {
		if b, ok := args[name].(bool); ok {
			*to = b
		}
	}
	for _, name := range []string{"defer_state", "state"} { // --state of retry itself names the run to retry
		if s, ok := args[name].(string); ok && o.deferState == "" {
			o.deferState = s
		}
	}
	if n, ok := args["threads"].(float64); ok && !o.given["threads"] {
		o.threads = int(n)
	}
	for i, name := range []string{"event_time_start", "event_time_end"} {
		if s, ok := args[name].(string); ok {
			o.eventTime[i] = s
		}
	}
	if err := o.readEventTimes(); err != nil {
		return exitError{exitUsage, err}
	}
	if o.given["vars"] {
		return nil
	}
	switch vars := args["vars"].(type) {
	case string:
		o.vars = vars
	case map[string]any:
		if len(vars) > 0 {
			text, err := json.Marshal(vars)
			if err != nil {
				return err
			}
			o.vars = string(text)
		}
	}
	return nil
}
