package compiler

import (
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// datasetNamespace is where the tables of a database live, as OpenLineage names places: a file, or the server.
func (p *Project) datasetNamespace(database string) string {
	profile := p.set.Profile
	d, known := dialect.Get(profile.Type)
	if !known {
		return profile.Type
	}
	output := jinja.PlainDict(profile.Credentials)
	if d.Dataset.File != nil {
		return fileNamespace(d.Dataset.File, output, p.set.Dir, database)
	}
	return serverNamespace(d, output)
}

// serverNamespace puts a profile's values into the dialect's text.
func serverNamespace(d *dialect.Dialect, output map[string]any) string {
	var out strings.Builder
	rest := d.Dataset.Namespace
	for {
		before, key, found := strings.Cut(rest, "{")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		key, rest, _ = strings.Cut(key, "}")
		value := d.Dataset.Defaults[key]
		if v := output[key]; v != nil && v != "" {
			value = fmt.Sprint(v)
		}
		if value == "" {
			return d.Name
		}
		out.WriteString(value)
	}
}

// fileNamespace is the database's file: the profile's own, or one that it attaches under that name.
func fileNamespace(f *dialect.DatasetFile, output map[string]any, dir, database string) string {
	file, _ := output[f.Path].(string)
	attached, _ := output[f.Attach].([]any)
	for _, entry := range attached {
		m, _ := entry.(map[string]any)
		path, _ := m["path"].(string)
		alias, _ := m["alias"].(string)
		if alias == "" {
			alias = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		}
		if path != "" && strings.EqualFold(alias, database) {
			file = path
		}
	}
	if file == "" || strings.HasPrefix(file, f.Memory) {
		return (&url.URL{Scheme: f.Scheme, Path: "/" + f.Memory}).String()
	}
	if strings.Contains(file, "://") || slices.ContainsFunc(f.Remote, func(prefix string) bool { return strings.HasPrefix(file, prefix) }) {
		file, _, _ = strings.Cut(file, "?") // what follows may hold a token
		return file
	}
	return (&url.URL{Scheme: f.Scheme, Path: filepath.ToSlash(absolute(dir, file))}).String()
}
