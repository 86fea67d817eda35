package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/weft-data/weft/cmd/cli/eventlog"
	"github.com/weft-data/weft/cmd/cli/runview"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/manifest"
	"github.com/weft-data/weft/runner"
)

// cloneCommand makes relations of another environment appear in this one.
func cloneCommand(o *options) *cobra.Command {
	c := &cobra.Command{
		Use:   "clone",
		Short: "Make what another environment has built appear in this one, without building it",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return o.clone(cmd.Context()) },
	}
	f := c.Flags()
	o.selectionFlags(f)
	o.resourceTypeFlags(f)
	o.threadFlag(f)
	f.BoolVarP(&o.fullRefresh, "full-refresh", "f", false, "replace what is there")
	return c
}

func (o *options) clone(ctx context.Context) error {
	o.introspect = true
	p, err := o.open(ctx, "clone")
	if err != nil {
		return err
	}
	o.registered(p)
	o.found(p)
	state, err := o.otherManifest(p)
	if err != nil {
		return err
	}
	selected, err := o.choose(p, "clone")
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
	e, err := o.openEngine(ctx, p, p.Info().Threads, false)
	if err != nil {
		return err
	}
	defer e.Close()
	observed, err := e.Observe(ctx, p.Schemas(selected))
	if err != nil {
		return exitError{exitUsage, fmt.Errorf("cannot look at the warehouse: %w", err)}
	}
	ask := &directAsker{engine: e}
	defer ask.closeSession()
	planned, said, diags := p.PlanClone(ctx, compiler.PlanOptions{Command: "clone", Selected: selected, Observed: observed, FullRefresh: o.fullRefresh,
		Warehouse: &liveWarehouse{open: func() (asker, func() error, error) { return ask, nil, nil }}}, state)
	o.report(diags)
	for _, line := range said {
		o.event(eventlog.Info, "JinjaLogInfo", "I062", line, map[string]any{"msg": line})
	}
	outcome, err := o.run(ctx, p, e, planned, "clone", expander{planned, o.report}, runview.Counts)
	if err != nil {
		return err
	}
	if err := o.writeResults(p, outcome); err != nil {
		return err
	}
	return o.ended(outcome)
}

// otherManifest reads the manifest of the environment to clone from.
func (o *options) otherManifest(p *compiler.Project) (*manifest.Manifest, error) {
	dir := o.state
	if o.deferState != "" {
		dir = o.deferState
	}
	if dir == "" {
		return nil, exitError{exitUsage, fmt.Errorf("clone needs --state: the folder with the manifest.json of the environment to clone from")}
	}
	path := filepath.Join(dir, "manifest.json")
	if !filepath.IsAbs(dir) {
		path = filepath.Join(p.Info().Dir, path)
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, exitError{exitUsage, fmt.Errorf("there is no manifest.json in the folder of --state, %s", dir)}
	} else if err != nil {
		return nil, exitError{exitUsage, err}
	}
	defer f.Close()
	m, err := manifest.Read(f)
	if err != nil {
		return nil, exitError{exitUsage, fmt.Errorf("%s: %w", o.relative(path), err)}
	}
	return m, nil
}
