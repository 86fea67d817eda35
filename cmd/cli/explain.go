package cli

import (
	"fmt"
	"sort"
	"strings"

	"github.com/spf13/cobra"
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/docs"
)

// explainCommand prints the page of a diagnostic code, or lists the codes.
func explainCommand(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [CODE]",
		Short: "What a diagnostic code means, with an example and the mend",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			codes := diag.Codes()
			sort.Slice(codes, func(i, j int) bool { return codes[i] < codes[j] })
			if len(args) == 0 {
				for _, c := range codes {
					fmt.Fprintf(o.world.Stdout, "%s  %s\n", c, c.Summary())
				}
				return nil
			}
			code := strings.ToUpper(args[0])
			page, err := docs.Diagnostics.ReadFile("diagnostics/" + code + ".md")
			if err != nil {
				return fmt.Errorf("there is no code %q; `weft explain` lists all", args[0])
			}
			_, err = o.world.Stdout.Write(page)
			return err
		},
	}
}
