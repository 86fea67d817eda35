package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"github.com/weft-data/weft/cmd/cli/eventlog"
	"github.com/weft-data/weft/cmd/cli/runview"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/publish/artifacts"
	"github.com/weft-data/weft/runner"
	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/event"
)

// sourceCommand holds what is about sources.
func sourceCommand(o *options) *cobra.Command {
	c := &cobra.Command{Use: "source", Short: "Ask sources how fresh they are"}
	fresh := &cobra.Command{
		Use:     "freshness",
		Aliases: []string{"snapshot-freshness"},
		Short:   "Ask sources how fresh they are, and write sources.json",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.freshness(cmd.Context()) },
	}
	o.selectionFlags(fresh.Flags())
	o.threadFlag(fresh.Flags())
	fresh.Flags().StringVarP(&o.sourcesPath, "output", "o", "", "the file to write instead of target/sources.json")
	c.AddCommand(fresh)
	return c
}

func (o *options) freshness(ctx context.Context) error {
	o.introspect = true
	p, err := o.open(ctx, "freshness")
	if err != nil {
		return err
	}
	o.registered(p)
	o.found(p)
	selected, err := o.choose(p, "freshness")
	if err != nil {
		return err
	}
	if err := o.writeManifest(p, nil); err != nil {
		return err
	}
	ids := slices.DeleteFunc(slices.Clone(selected.IDs), func(id node.ID) bool { return !p.HasFreshness(id) })
	if len(ids) == 0 {
		if err := o.nothingToDo(); err != nil {
			return err
		}
		o.event(eventlog.Info, "FreshnessCheckComplete", "Q003", "Done.", nil)
		return o.writeSources(p, runner.Outcome{})
	}
	e, err := o.openEngine(ctx, p, p.Info().Threads, false)
	if err != nil {
		return err
	}
	defer e.Close()
	ask := &directAsker{engine: e}
	defer ask.closeSession()
	planned, diags := p.PlanFreshness(ctx, ids, &liveWarehouse{open: func() (asker, func() error, error) { return ask, nil, nil }},
		p.Info().Flags["source_freshness_run_project_hooks"] != false)
	o.report(diags)
	outcome, err := o.run(ctx, p, e, planned, "freshness", clock{o, p, expander{planned, o.report}}, runview.Sources)
	if err != nil {
		return err
	}
	if err := o.writeSources(p, outcome); err != nil {
		return err
	}
	return o.ended(outcome)
}

func (o *options) nothingToDo() error {
	const text = "Nothing to do. Try checking your model configs and model specification args"
	if o.rules != nil && o.rules.verdict("NothingToDo", false) == "error" || o.rules == nil && o.warnError {
		return exitError{exitUsage, errors.New(text)}
	}
	o.event(eventlog.Warn, "NothingToDo", "Q035", "[WARNING]: "+text, nil)
	switch o.verb {
	case "seed", "clone": // the other commands have no more to say
		for _, l := range runview.New(runview.Options{Color: o.color(), Width: o.printerWidth}).Nothing() {
			o.viewLine(l)
		}
	}
	return nil
}

// clock asks the sources; hooks go the usual way.
type clock struct {
	o     *options
	p     *compiler.Project
	hooks expander
}

// Expand asks one source on the step's session.
func (x clock) Expand(ctx context.Context, r runner.Request) (runner.Expansion, error) {
	if r.Step.Kind != node.Source {
		return x.hooks.Expand(ctx, r)
	}
	w := &liveWarehouse{open: func() (asker, func() error, error) { return r.Session, nil, nil }}
	found, failure := x.p.SourceFreshness(ctx, r.Step.Node, w, x.o.message)
	if failure != "" {
		return runner.Expansion{Ended: &runner.Ended{Status: event.RuntimeError, Message: failure}}, nil
	}
	ended := &runner.Ended{Status: event.Status(found.Status), Freshness: &event.Freshness{MaxLoadedAt: found.MaxLoadedAt, SnapshottedAt: found.SnapshottedAt, Age: found.Age}}
	if found.Response != "" {
		ended.Response = &event.Response{Message: found.Response}
	}
	return runner.Expansion{Ended: ended}, nil
}

// Hook goes the usual way.
func (x clock) Hook(ctx context.Context, r runner.Request, hook plan.LateHook) (string, error) {
	return x.hooks.Hook(ctx, r, hook)
}

// writeSources writes sources.json, whole or not at all.
func (o *options) writeSources(p *compiler.Project, outcome runner.Outcome) error {
	if !o.writeJSON {
		return nil
	}
	path := filepath.Join(p.Info().TargetPath, "sources.json")
	if o.sourcesPath != "" {
		path = o.path(o.sourcesPath)
	}
	data, err := artifacts.Sources(artifacts.Invocation{DbtVersion: dbtVersion, ID: o.invocation, StartedAt: o.started.UTC(), GeneratedAt: o.world.Now().UTC(),
		Env: p.MetadataEnv(), Elapsed: outcome.Elapsed}, outcome.Results, func(id node.ID) any { return p.Criteria(id) })
	if err == nil {
		err = effect.Replace(effect.Real{}, path, data)
	}
	if err != nil {
		return exitError{exitUsage, fmt.Errorf("cannot write %s: %w", filepath.Base(path), err)}
	}
	return nil
}
