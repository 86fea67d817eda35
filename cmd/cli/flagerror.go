package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/weft-data/weft/compiler/diag"
)

// flagError says what is wrong with an option in words for users: what it takes, and which one may have been meant.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		name := unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			return fmt.Errorf("no such option: -%s\n  help: %s --help lists the options", name, cmd.CommandPath())
		}
		if near := nearFlags(cmd, name); len(near) > 0 {
			return fmt.Errorf("no such option: --%s\n  help: Did you mean --%s?", name, strings.Join(near, " or --"))
		}
		return fmt.Errorf("no such option: --%s\n  help: %s --help lists the options", name, cmd.CommandPath())
	case errors.As(err, &invalid):
		f := invalid.GetFlag()
		switch f.Value.Type() {
		case "int":
			return fmt.Errorf("invalid value %q for --%s: expected an integer", invalid.GetValue(), f.Name)
		case "bool":
			return fmt.Errorf("--%s takes no value, found %q; the opposite is --no-%[1]s", f.Name, invalid.GetValue())
		}
	}
	return err
}

// nearFlags are the options of a command that are spelt nearly like the name.
func nearFlags(cmd *cobra.Command, name string) []string {
	var near []string
	least := 1 + len(name)/3
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		d := diag.Edits(name, f.Name, least)
		if d > least || len(f.Name) <= d {
			return
		}
		if d < least {
			near, least = nil, d
		}
		near = append(near, f.Name)
	})
	slices.Sort(near)
	return near
}
