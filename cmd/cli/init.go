package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	projecttemplate "github.com/weft-data/weft/project-template"
)

// initCommand writes a project that builds at once. It never writes over a file.
func initCommand(o *options) *cobra.Command {
	var skipProfile, skipDebug bool
	c := &cobra.Command{
		Use:   "init NAME",
		Short: "Start a new project that builds at once on DuckDB",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("init needs the name of the new project: weft init my_project")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return o.initProject(args[0]) },
	}
	c.Flags().BoolVarP(&skipProfile, "skip-profile-setup", "s", false, "accepted for dbt's sake; the profile comes with the project")
	c.Flags().BoolVar(&skipDebug, "skip-debug", false, "accepted for dbt's sake")
	return c
}

func (o *options) initProject(name string) error {
	if !projecttemplate.ValidName(name) {
		return fmt.Errorf("%q is not a valid project name: use letters, digits and underscores, not beginning with a digit", name)
	}
	dir := filepath.Join(o.path(orDot(o.projectDir, o.world.Dir)), name)
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return exitError{exitUsage, fmt.Errorf("the folder %s is not empty; choose another name", name)}
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return exitError{exitUsage, err}
	}
	files, err := projecttemplate.Files(name)
	if err != nil {
		return err
	}
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return exitError{exitUsage, err}
		}
		if err := os.WriteFile(path, []byte(f.Text), 0o644); err != nil {
			return exitError{exitUsage, err}
		}
	}
	fmt.Fprintf(o.world.Stdout, "Your new project is in %s. Next:\n\n    cd %s\n    weft build\n", name, name)
	return nil
}

func orDot(dir, otherwise string) string {
	if dir == "" {
		return otherwise
	}
	return dir
}
