package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/weft-data/weft/cmd/cli/eventlog"
)

// cleanCommand removes what can be made again.
func cleanCommand(o *options) *cobra.Command {
	var projectOnly, noProjectOnly bool
	c := &cobra.Command{
		Use:   "clean",
		Short: "Remove the folders that clean-targets names",
		Args:  noArgs,
		RunE:  func(*cobra.Command, []string) error { return o.clean(!noProjectOnly) },
	}
	c.Flags().BoolVar(&projectOnly, "clean-project-files-only", true, "refuse to remove folders outside the project")
	c.Flags().BoolVar(&noProjectOnly, "no-clean-project-files-only", false, "remove folders outside the project too")
	return c
}

func (o *options) clean(projectOnly bool) error {
	o.verb = "clean"
	o.running()
	info, diags, err := o.outline()
	o.report(diags)
	if err != nil || diags.HasErrors() {
		return exitError{exitUsage, err}
	}
	resolve := func(list []string) []string {
		var out []string
		for _, p := range list {
			if !filepath.IsAbs(p) {
				p = filepath.Join(info.Dir, p)
			}
			out = append(out, filepath.Clean(p))
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	targets, sources := resolve(info.CleanTargets), resolve(info.SourcePaths)
	for _, t := range targets {
		if slices.Contains(sources, t) {
			return exitError{exitUsage, fmt.Errorf("clean-targets names %s, which holds sources of the project; nothing was removed", o.relative(t))}
		}
		if !below(t, info.Dir) && projectOnly {
			return exitError{exitUsage, fmt.Errorf("clean-targets names %s, which is outside the project; nothing was removed\n  help: --no-clean-project-files-only removes it", t)}
		}
		// What holds the project, or a folder of sources, is never removed, whatever the flags: there would be no way back.
		for _, kept := range append([]string{info.Dir}, sources...) {
			if t == kept || below(kept, t) {
				return exitError{exitUsage, fmt.Errorf("clean-targets names %s, which holds %s; nothing was removed", t, o.relative(kept))}
			}
		}
	}
	for _, t := range targets {
		o.event(eventlog.Info, "CheckCleanPath", "Z012", "Checking "+t+"/*", map[string]any{"path": t})
		if err := os.RemoveAll(t); err != nil {
			return exitError{exitUsage, fmt.Errorf("cannot remove %s: %w", o.relative(t), err)}
		}
		o.event(eventlog.Info, "ConfirmCleanPath", "Z013", "Cleaned "+t+"/*", map[string]any{"path": t})
	}
	o.event(eventlog.Info, "FinishedCleanPaths", "Z015", "Finished cleaning all paths.", nil)
	return nil
}

// below says whether a path lies in a folder.
func below(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != "." && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
