package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/plan"
)

// debugCommand holds what looks into weft itself.
func debugCommand(o *options) *cobra.Command {
	c := &cobra.Command{Use: "debug", Short: "Look into weft: dump what a stage made"}
	dump := &cobra.Command{
		Use:   "dump --stage STAGE [NODE]",
		Short: "Print what a stage of the compiler made, as text or JSON",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("stage", o.stage, compiler.Stages...); err != nil {
				return err
			}
			p, err := o.open(cmd.Context(), "dump")
			if err != nil {
				return err
			}
			w, err := o.warehouse(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer w.Close()
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			selected, err := o.dumped(p, name)
			if err != nil {
				return err
			}
			var observed plan.Observed
			diags, err := p.Dump(cmd.Context(), o.world.Stdout, o.stage, selected, w, observed)
			o.report(diags)
			if err != nil {
				return exitError{exitUsage, err}
			}
			if diags.HasErrors() {
				return exitError{code: exitUsage}
			}
			return nil
		},
	}
	o.compileFlags(dump.Flags())
	dump.Flags().StringVar(&o.stage, "stage", "nodes", "the stage: "+strings.Join(compiler.Stages, ", "))
	dump.Flags().BoolVar(&o.introspect, "introspect", true, "let templates query the warehouse")
	c.AddCommand(dump)
	return c
}

// dumped are the nodes to dump: all, or those that a selector names.
func (o *options) dumped(p *compiler.Project, name string) (compiler.Selected, error) {
	if name != "" {
		o.selects = []string{name}
	}
	selected, err := o.choose(p, "list")
	if err == nil && name != "" && len(selected.IDs) == 0 {
		return selected, exitError{exitUsage, fmt.Errorf("there is no node %q; `weft ls` lists all", name)}
	}
	return selected, err
}
