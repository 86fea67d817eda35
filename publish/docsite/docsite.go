// Package docsite is the page that shows a project's documentation, and the server that hands it out.
//
// The page is one file without dependencies, so that it works offline, in a pull request's artifacts and behind any web server; it reads
// manifest.json and catalog.json as they are. What people wrote in a project becomes text nodes in it, never HTML.
package docsite

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

//go:embed page
var parts embed.FS

// Page is index.html: it fetches manifest.json and catalog.json from beside it.
func Page() []byte {
	read := func(name string) []byte {
		data, err := parts.ReadFile("page/" + name)
		if err != nil {
			return nil // the files are part of the program
		}
		return data
	}
	var script []byte
	entries, _ := fs.ReadDir(parts, "page")
	for _, e := range entries { // in the order of their names
		if strings.HasSuffix(e.Name(), ".js") {
			script = append(script, read(e.Name())...)
		}
	}
	page := bytes.Replace(read("index.html"), []byte("/*STYLE*/\n"), read("page.css"), 1)
	return bytes.Replace(page, []byte("/*SCRIPT*/\n"), script, 1)
}

// sections are the parts of a manifest that the page shows. Selectors, disabled entries and the maps of parents it has no use for.
var sections = []string{"metadata", "nodes", "sources", "docs", "exposures", "metrics", "groups", "semantic_models", "saved_queries", "unit_tests", "functions"}

// Static is the page with the artifacts in it, one file that can be opened by itself. catalog may be nil.
func Static(manifest, catalog []byte) ([]byte, error) {
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(manifest, &whole); err != nil {
		return nil, fmt.Errorf("manifest.json: %w", err)
	}
	var out bytes.Buffer
	out.WriteByte('{')
	for _, name := range sections {
		if text, ok := whole[name]; ok {
			fmt.Fprintf(&out, "%q:%s,", name, text)
		}
	}
	macros, err := ownMacros(whole["macros"])
	if err != nil {
		return nil, fmt.Errorf("manifest.json: %w", err)
	}
	fmt.Fprintf(&out, "%q:%s}", "macros", macros)
	if catalog == nil {
		catalog = []byte("null")
	}
	page := inline(Page(), "manifest", out.Bytes())
	return inline(page, "catalog", catalog), nil
}

// ownMacros leaves out the macros that come with the program.
func ownMacros(text json.RawMessage) ([]byte, error) {
	var all map[string]json.RawMessage
	if len(text) > 0 {
		if err := json.Unmarshal(text, &all); err != nil {
			return nil, err
		}
	}
	builtIn := []string{"macro.dbt.", "macro.dbt_duckdb.", "macro.dbt_postgres.", "macro.dbt_athena.", "macro.dbt_redshift.", "macro.dbt_spark."}
	for id := range all {
		if slices.ContainsFunc(builtIn, func(prefix string) bool { return strings.HasPrefix(id, prefix) }) {
			delete(all, id)
		}
	}
	return json.Marshal(all)
}

// inline puts JSON into a script element. No "<" stays in it: neither an end tag nor a comment can break out of the element.
func inline(page []byte, id string, text []byte) []byte {
	text = bytes.ReplaceAll(text, []byte("<"), []byte(`\u003c`))
	empty := []byte(`id="` + id + `">null</script>`)
	full := slices.Concat([]byte(`id="`+id+`">`), text, []byte("</script>"))
	return bytes.Replace(page, empty, full, 1)
}
