package cli

import (
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
			keys := split(o.outputKeys)
			for _, l := range p.List(selected.IDs) {
				line := l.Selector
				switch o.listing {
				case "name":
					line = l.Name
				case "path":
					line = l.Path
				case "json":
					line = string(l.JSON(keys))
				}
				o.emit("PrintEvent", "Z052", line, nil)
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
