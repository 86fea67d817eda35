package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/runner"
	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/journal"
)

// A process that is killed leaves statements behind that may still run at an engine. Before a new run looks at anything they are brought to
// their end, so that no late commit comes between; what they did decides what a retry has left to do. docs/reliability.md has the protocol.

// journals are the invocations that have one below a target folder, newest first.
func journals(target string) []string {
	dir := filepath.Dir(journal.Path(target, "x"))
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	type found struct {
		invocation string
		at         int64
	}
	var all []found
	for _, e := range entries {
		invocation, ok := strings.CutSuffix(e.Name(), ".journal")
		if info, err := e.Info(); err == nil && ok {
			all = append(all, found{invocation, info.ModTime().UnixNano()})
		}
	}
	slices.SortFunc(all, func(a, b found) int {
		if a.at != b.at {
			return int(min(max(b.at-a.at, -1), 1))
		}
		return strings.Compare(b.invocation, a.invocation)
	})
	out := make([]string, len(all))
	for i, f := range all {
		out[i] = f.invocation
	}
	return out
}

// recall reads the journal of a run.
func recall(target, invocation string) (runner.Recalled, bool) {
	contents, err := journal.Read(effect.Real{}, journal.Path(target, invocation))
	if err != nil {
		return runner.Recalled{}, false
	}
	return runner.Recall(contents.Records)
}

// unsettled are the runs that left something at the engine that nobody has asked about: those that were killed, and the last one if it ended
// in doubt. settled are those that need no asking any more. A run that goes on is never among them.
func (o *options) unsettled(info compiler.Info) (runs []runner.Recalled, settled []string) {
	newest := true
	for _, invocation := range journals(info.TargetPath) {
		path := journal.Path(info.TargetPath, invocation)
		if slices.Contains(settled, invocation) || !newest && invocation != o.retried && journal.Finished(path) {
			continue
		}
		held, known := effect.Held(path)
		if held || !known && invocation != o.retried && !o.collecting {
			continue
		}
		r, ok := recall(info.TargetPath, invocation)
		if !ok {
			continue
		}
		if newest {
			settled, newest = append(settled, r.Started.Settled...), false
		}
		if r.Started.Target == info.Target && (invocation == o.retried || !r.Ended || len(r.Doubts) > 0) {
			runs = append(runs, r)
		}
	}
	return runs, settled
}

// settle brings to its end what earlier runs left at the engine, and finds out what a retry need not repeat.
func (o *options) settle(ctx context.Context, info compiler.Info, e engine.Engine) error {
	inquirer, ok := e.(engine.Inquirer)
	if !ok {
		return nil
	}
	runs, settled := o.unsettled(info)
	for _, r := range runs {
		applied, err := o.settleRun(ctx, inquirer, r)
		if err != nil {
			return err
		}
		o.settled = append(o.settled, r.Invocation)
		if r.Invocation == o.retried {
			o.applied = applied
		}
	}
	for _, invocation := range settled {
		if _, err := os.Stat(journal.Path(info.TargetPath, invocation)); err == nil && !slices.Contains(o.settled, invocation) {
			o.settled = append(o.settled, invocation)
		}
	}
	return nil
}

// settleRun asks for one run, and answers the nodes that it has applied and not brought to their end.
func (o *options) settleRun(ctx context.Context, inquirer engine.Inquirer, r runner.Recalled) (map[node.ID]bool, error) {
	doubts := make([]engine.Doubt, len(r.Doubts))
	for i, d := range r.Doubts {
		doubts[i] = d.Doubt
	}
	done, err := inquirer.Settle(ctx, doubts, func(text string) {
		if o.collecting {
			fmt.Fprintln(o.world.Stderr, text)
		} else {
			o.say(text)
		}
	})
	if err != nil {
		d := diag.Diagnostic{Code: diag.Unsettled, Detail: fmt.Sprintf("the run %s was killed or got no answer, and it cannot be found out what became of its statements: %s", r.Invocation, err)}
		var failure *engine.Error
		if errors.As(err, &failure) {
			d.Hint = failure.Hint
		}
		return nil, exitError{exitUsage, d}
	}
	applied := map[node.ID]bool{}
	add := func(id node.ID) {
		if f, ended := r.Status[id]; !ended || !r.Ended || f.Status.Bad() {
			applied[id] = true
		}
	}
	for id := range r.Inherited {
		add(id)
	}
	if r.Stopped {
		for id := range r.Applied {
			add(id)
		}
	}
	for i, d := range r.Doubts {
		if done[i] && d.Decides && d.Interval == "" {
			add(d.Node)
		}
	}
	return applied, nil
}

// appliedSteps are the nodes of a retry whose rows are there already, sorted.
func (o *options) appliedSteps() []node.ID {
	var out []node.ID
	for _, id := range o.again {
		if o.applied[id] {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}
