package cli

import "github.com/spf13/cobra"

// parseCommand reads a project and writes its manifest.
func parseCommand(o *options) *cobra.Command {
	c := &cobra.Command{
		Use:   "parse",
		Short: "Read the project and write manifest.json",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := o.open(cmd.Context(), "parse")
			if err != nil {
				return err
			}
			o.registered(p)
			o.found(p)
			return o.writeManifest(p, nil)
		},
	}
	o.threadFlag(c.Flags())
	return c
}
