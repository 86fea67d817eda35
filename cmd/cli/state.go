package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/weft-data/weft/compiler"
)

// readState reads the artifacts that --state names, before this command writes its own: the two may be one folder.
func (o *options) readState(p *compiler.Project) error {
	if o.state == "" {
		return nil
	}
	s, err := o.stateIn(p, o.state)
	if err != nil {
		return err
	}
	o.earlier = s
	return nil
}

// stateIn reads the artifacts in a folder. Paths that are relative begin at the project's folder, as in dbt.
func (o *options) stateIn(p *compiler.Project, folder string) (*compiler.State, error) {
	dir := folder
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(p.Info().Dir, dir)
	}
	if stat, err := os.Stat(dir); err != nil || !stat.IsDir() {
		return nil, exitError{exitUsage, fmt.Errorf("there is no folder %s, which --state names", folder)}
	}
	var files compiler.StateFiles
	for _, f := range []struct {
		path string
		to   *io.Reader
	}{
		{filepath.Join(dir, "manifest.json"), &files.Manifest}, {filepath.Join(dir, "run_results.json"), &files.Results},
		{filepath.Join(dir, "sources.json"), &files.Sources}, {filepath.Join(p.Info().TargetPath, "sources.json"), &files.Current},
	} {
		data, err := os.ReadFile(f.path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return nil, exitError{exitUsage, err}
		}
		*f.to = bytes.NewReader(data)
	}
	s, err := compiler.ReadState(files)
	if err != nil {
		return nil, exitError{exitUsage, fmt.Errorf("the artifacts in %s: %w", folder, err)}
	}
	return s, nil
}

// deferTo lets the project read what the earlier run has and this environment has not. w says what exists here.
func (o *options) deferTo(ctx context.Context, p *compiler.Project, selected compiler.Selected, command string, w compiler.Warehouse) error {
	if !o.deferring {
		return nil
	}
	s, folder := o.earlier, o.state
	if o.deferState != "" {
		var err error
		if s, err = o.stateIn(p, o.deferState); err != nil {
			return err
		}
		folder = o.deferState
	}
	switch {
	case folder == "":
		return exitError{exitUsage, fmt.Errorf("--defer needs --state or --defer-state: the folder with the manifest.json of the environment to defer to")}
	case !s.HasManifest():
		return exitError{exitUsage, fmt.Errorf("there is no manifest.json in the folder of --state, %s", folder)}
	}
	if o.offline && o.catalog == "" {
		w = nil
	}
	if err := p.Defer(ctx, s, selected, command, o.favorState, w); err != nil {
		return exitError{exitUsage, fmt.Errorf("cannot look at the warehouse: %w", err)}
	}
	return nil
}
