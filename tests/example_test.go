package tests

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// exampleDir is the project that newcomers read and most tests damage.
const exampleDir = "../models/sales"

// copyProject copies a project's own files, and not what a build of it left there.
func copyProject(to, from string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch {
		case d.IsDir() && (d.Name() == "target" || d.Name() == "logs"):
			return filepath.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, relative), 0o755)
		case strings.Contains(d.Name(), ".duckdb"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, relative), text, 0o600)
	})
}
