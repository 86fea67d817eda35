// Package projecttemplate is the project that `weft init` starts a user with.
//
// It is a whole dbt project on DuckDB that builds at once, so that the first thing a newcomer sees is a green run and the second is a
// small file to change. The files are embedded as they lie here; only the project's name is put in.
package projecttemplate

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed all:files
var files embed.FS

// placeholder stands for the project's name in the template. It is not Jinja, of which the files are full.
const placeholder = "__project_name__"

// File is one file of a new project, its path slash-separated and relative to the project's folder.
type File struct {
	Path, Text string
}

// Files are the files of a new project of that name, sorted by path.
func Files(name string) ([]File, error) {
	var out []File
	err := fs.WalkDir(files, "files", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := files.ReadFile(path)
		if err != nil {
			return err
		}
		// A .gitignore would hide files of this repository; it lies here under another name.
		path = strings.TrimPrefix(path, "files/")
		if path == "gitignore" {
			path = ".gitignore"
		}
		out = append(out, File{path, strings.ReplaceAll(string(text), placeholder, name)})
		return nil
	})
	return out, err
}

// ValidName says whether dbt takes the text as a project's name: letters, digits and underscores, not beginning with a digit.
func ValidName(name string) bool {
	for i, r := range name {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}
