package deps

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
)

// Addition is what --add-package asks for.
type Addition struct {
	// Name is the package: NAMESPACE/NAME of the hub, the address of a repository, or a folder. Version may be "" for a folder only.
	Name, Version string
	// Source is "hub", "git" or "local".
	Source string
}

// ParseAddition reads NAME@VERSION. A text with several @, such as the address of a repository, is a name alone, as dbt has it.
func ParseAddition(text, from string) (Addition, error) {
	name, version, found := strings.Cut(text, "@")
	if !found || strings.Contains(version, "@") {
		name, version = text, ""
	}
	if version == "" && from != "local" {
		return Addition{}, fmt.Errorf("Version is required in --add-package when a package when source is %s", from) //nolint:staticcheck // dbt's text
	}
	return Addition{Name: name, Version: version, Source: from}, nil
}

// Add writes a package into the project's list, in the place of entries that name it already.
func Add(o Options, a Addition) (diag.List, error) {
	s := newSession(context.Background(), o)
	project, diags, err := compiler.ReadDependencies(o.Project)
	if err != nil || project == nil || diags.HasErrors() {
		return diags, err
	}
	path := filepath.Join(project.Dir, project.List)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		s.say("Created %s", project.List)
	} else if err != nil {
		return diags, err
	}
	kind, versionKey := a.Source, "version"
	switch a.Source {
	case "hub":
		kind = "package"
	case "git":
		versionKey = "revision"
	}
	out, removed, list := compiler.AddPackage(project.List, string(text), kind, a.Name, versionKey, a.Version)
	if diags = append(diags, list...); list.HasErrors() {
		return diags, nil
	}
	for _, r := range removed {
		s.say("Found duplicate package in %s, removing: %s", project.List, r)
	}
	if err := replaceFile(path, out); err != nil {
		return diags, fmt.Errorf("cannot write %s: %w", project.List, err)
	}
	s.say("Added new package %s@%s to %s", a.Name, a.Version, filepath.ToSlash(path))
	return diags, nil
}
