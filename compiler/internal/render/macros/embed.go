// Package macros holds the macros that every dbt project can call: those of the package `dbt` and of the five adapters, as
// .sql files of our own, written from what they must emit.
//
// They are ordinary Jinja text, parsed, dispatched and overridden like a project's own macros, because projects replace them
// one by one and call them from theirs. The folders are the packages, named as dbt names them.
package macros

import (
	"embed"
	"io/fs"
	"slices"

	"github.com/weft-data/weft/compiler/dialect"
)

//go:embed dbt dbt_postgres dbt_redshift dbt_athena dbt_spark dbt_duckdb
var files embed.FS

// Text is one file of the library.
type Text struct {
	// Package is the macros' package ("dbt", "dbt_postgres"), Path the file's path inside it ("functions/dates.sql").
	Package, Path string
	SQL           string
}

// Packages are the built-in packages a project on the dialect sees, in the order in which names are looked up.
func Packages(name string) []string {
	names := []string{"dbt_" + name}
	if d, ok := dialect.Get(name); ok {
		for _, p := range d.Parents {
			names = append(names, "dbt_"+p)
		}
	}
	return append(names, "dbt")
}

// Files are the files of one package, sorted by path; none for a name that is no built-in package.
func Files(pkg string) []Text {
	var out []Text
	// The file system is compiled in: walking a folder that exists cannot fail, and one that does not has no files.
	_ = fs.WalkDir(files, pkg, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		data, err := files.ReadFile(path)
		if err == nil {
			out = append(out, Text{Package: pkg, Path: path[len(pkg)+1:], SQL: string(data)})
		}
		return nil
	})
	slices.SortFunc(out, func(a, b Text) int {
		if a.Path < b.Path {
			return -1
		}
		return 1
	})
	return out
}
