package cli

import (
	"bufio"
	"fmt"

	"github.com/spf13/cobra"
)

// listCommand names the selected nodes; its stdout is data only.
func listCommand(o *options) *cobra.Command {
	c := &cobra.Command{
		Use:     "ls",
		Aliases: []string{"list"},
		Short:   "List nodes",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("output", o.listing, "selector", "name", "path", "json"); err != nil {
				return err
			}
			if len(o.models) > 0 {
				if len(o.selects) > 0 || len(o.resourceTypes) > 0 {
					return fmt.Errorf("--models and --select or --resource-type are mutually exclusive")
				}
				o.resourceTypes = []string{"model"}
			}
			p, err := o.open(cmd.Context(), "list")
			if err != nil {
				return err
			}
			selected, err := o.choose(p, "list")
			if err != nil {
				return err
			}
			if err := o.writeManifest(p, nil); err != nil {
				return err
			}
			out, keys := bufio.NewWriter(o.world.Stdout), split(o.outputKeys)
			for _, l := range p.List(selected.IDs) {
				switch o.listing {
				case "name":
					fmt.Fprintln(out, l.Name)
				case "path":
					fmt.Fprintln(out, l.Path)
				case "json":
					fmt.Fprintf(out, "%s\n", l.JSON(keys))
				default:
					fmt.Fprintln(out, l.Selector)
				}
			}
			if err := out.Flush(); err != nil {
				return exitError{exitUsage, err}
			}
			if len(selected.IDs) == 0 && !o.quiet {
				fmt.Fprintln(o.world.Stderr, "No nodes selected!")
			}
			return nil
		},
	}
	f := c.Flags()
	o.selectionFlags(f)
	o.resourceTypeFlags(f)
	f.StringVar(&o.listing, "output", "selector", "selector, name, path or json")
	f.StringArrayVar(&o.outputKeys, "output-keys", nil, "keys of --output json")
	return c
}
