package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"

	"github.com/spf13/cobra"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/deps"
)

// depsCommand fetches the packages of the project. It needs no profile.
func depsCommand(o *options) *cobra.Command {
	var lock, upgrade bool
	var add, from string
	c := &cobra.Command{
		Use:   "deps",
		Short: "Fetch the packages of packages.yml or dependencies.yml",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !slices.Contains([]string{"hub", "git", "local"}, from) {
				return fmt.Errorf("invalid value %q for --source: choose from hub, git, local", from)
			}
			skipCheck, err := skipVersionCheck(o, cmd)
			if err != nil {
				return err
			}
			options := deps.Options{Project: o.packageOptions(skipCheck), HubURL: o.env["DBT_PACKAGE_HUB_URL"], LockOnly: lock, Upgrade: upgrade, Say: o.say}
			if add != "" {
				addition, err := deps.ParseAddition(add, from)
				if err != nil {
					return exitError{exitUsage, err}
				}
				diags, err := deps.Add(options, addition)
				if err := o.depsOutcome(diags, err); err != nil {
					return err
				}
			}
			// An interrupt stops what is under way and leaves the installed packages as they were.
			ctx, stop := signal.NotifyContext(o.depsContext(), os.Interrupt)
			defer stop()
			diags, err := deps.Run(ctx, options)
			return o.depsOutcome(diags, err)
		},
	}
	f := c.Flags()
	f.BoolVar(&lock, "lock", false, "write package-lock.yml and install nothing")
	f.BoolVar(&upgrade, "upgrade", false, "resolve versions anew although the lock file fits")
	f.StringVar(&add, "add-package", "", "add NAME@VERSION to the list of packages first")
	f.StringVar(&from, "source", "hub", "where the added package comes from: hub, git or local")
	return c
}

func (o *options) depsContext() context.Context {
	if o.world.Context != nil {
		return o.world.Context
	}
	return context.Background()
}

// skipVersionCheck is --no-version-check, or dbt's variable for it.
func skipVersionCheck(o *options, cmd *cobra.Command) (bool, error) {
	if o.given["version-check"] {
		return cmd.Flags().GetBool("no-version-check")
	}
	for _, name := range []string{"DBT_ENGINE_VERSION_CHECK", "DBT_VERSION_CHECK"} {
		if v, set := o.env[name]; set && v != "" {
			return slices.Contains([]string{"0", "false", "f", "no", "n", "off"}, v), nil
		}
	}
	return false, nil
}

func (o *options) packageOptions(skipCheck bool) compiler.Options {
	dir := o.path(o.projectDir)
	if dir == "" {
		dir = compiler.FindProjectDir(o.world.Dir)
	}
	o.started = o.world.Now()
	return compiler.Options{ProjectDir: dir, Vars: o.vars, Env: o.env, Now: o.started.UTC(), InvocationID: newID(), SkipVersionCheck: skipCheck}
}

// depsOutcome reports and gives the exit code: 2 for everything that is in the way, as dbt does for its unhandled errors.
func (o *options) depsOutcome(diags diag.List, err error) error {
	o.report(diags)
	if err != nil {
		return exitError{exitUsage, err}
	}
	if diags.HasErrors() || o.refuses(diags) {
		return exitError{code: exitUsage}
	}
	return nil
}
