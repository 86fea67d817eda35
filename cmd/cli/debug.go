package cli

import (
	"context"
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
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/event"
	"github.com/weft-data/weft/runner/journal"
)

// debugCommand holds what looks into weft itself.
func debugCommand(o *options) *cobra.Command {
	var configDir bool
	c := &cobra.Command{Use: "debug", Short: "Check the project, the profile and the connection; look into weft", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.check(cmd.Context(), configDir) }}
	c.Flags().BoolVar(&configDir, "config-dir", false, "say only where profiles.yml is")
	c.Flags().BoolVar(&o.connectionOnly, "connection", false, "check the connection alone")
	c.Flags().StringVar(&o.output, "output", "text", "text or json")
	dump := &cobra.Command{
		Use:   "dump --stage STAGE [NODE]",
		Short: "Print what a stage of the compiler made, as text or JSON",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("stage", o.stage, stages()...); err != nil {
				return err
			}
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			return o.dump(cmd.Context(), name)
		},
	}
	o.compileFlags(dump.Flags())
	dump.Flags().StringVar(&o.stage, "stage", "nodes", "the stage: "+strings.Join(stages(), ", "))
	dump.Flags().BoolVar(&o.introspect, "introspect", true, "let templates query the warehouse")
	c.AddCommand(dump)
	return c
}

// events is the stage behind the compiler's: what the last run recorded.
const events = "events"

func stages() []string { return append(slices.Clone(compiler.Stages), events) }

func (o *options) dump(ctx context.Context, name string) error {
	p, err := o.open(ctx, "dump")
	if err != nil {
		return err
	}
	if o.stage == events {
		return o.dumpEvents(p, name)
	}
	w, err := o.warehouse(ctx, p)
	if err != nil {
		return err
	}
	defer w.Close()
	selected, err := o.dumped(p, name)
	if err != nil {
		return err
	}
	var observed plan.Observed
	if o.stage == "plan" && !o.offline {
		if observed, err = o.observe(ctx, p, selected); err != nil {
			return err
		}
	}
	diags, err := p.Dump(ctx, o.world.Stdout, o.stage, selected, w, observed)
	o.report(diags)
	if err != nil {
		return exitError{exitUsage, err}
	}
	if diags.HasErrors() {
		return exitError{code: exitUsage}
	}
	return nil
}

// observe looks at what exists, without changing anything.
func (o *options) observe(ctx context.Context, p *compiler.Project, selected compiler.Selected) (plan.Observed, error) {
	e, err := o.openEngine(ctx, p, 1, true)
	if err != nil {
		return plan.Observed{}, err
	}
	defer e.Close()
	return e.Observe(ctx, p.Schemas(selected))
}

// dumpEvents prints the journal of the last run, a record a line; with a name only the records of that node.
func (o *options) dumpEvents(p *compiler.Project, name string) error {
	folder := filepath.Dir(journal.Path(p.Info().TargetPath, ""))
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return exitError{exitUsage, err}
	}
	last, at := "", time.Time{}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && !info.ModTime().Before(at) {
			last, at = filepath.Join(folder, e.Name()), info.ModTime()
		}
	}
	if last == "" {
		return exitError{exitUsage, fmt.Errorf("there is no journal below %s: nothing has been run", p.Info().TargetPath)}
	}
	contents, err := journal.Read(effect.Real{}, last)
	if err != nil {
		return exitError{exitUsage, err}
	}
	enc := json.NewEncoder(o.world.Stdout)
	enc.SetEscapeHTML(false)
	for _, r := range contents.Records {
		if name != "" && !strings.HasSuffix(string(event.NodeOf(r.Body)), name) {
			continue
		}
		if err := enc.Encode(r); err != nil {
			return err
		}
	}
	return nil
}

// dumped are the nodes to dump: all, the one of a unique id, or those that a selector names.
func (o *options) dumped(p *compiler.Project, name string) (compiler.Selected, error) {
	if name != "" {
		if one, ok := p.Only(node.ID(name)); ok {
			return one, nil
		}
		o.selects = []string{name}
	}
	selected, err := o.choose(p, "list")
	if err == nil && name != "" && len(selected.IDs) == 0 {
		return selected, exitError{exitUsage, fmt.Errorf("there is no node %q; `weft ls` lists all", name)}
	}
	return selected, err
}
