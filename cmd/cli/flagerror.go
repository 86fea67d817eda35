package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
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
		d := slips(name, f.Name)
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

// slips counts the letters to insert, delete or replace between two words.
func slips(a, b string) int {
	a = a[:min(len(a), 64)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
