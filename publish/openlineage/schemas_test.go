//go:build corpora

package openlineage

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestEventsAreWhatTheSchemasSay holds events and facets to OpenLineage's JSON schemas ($SHARED/corpora/openlineage).
func TestEventsAreWhatTheSchemasSay(t *testing.T) {
	root := filepath.Join(os.Getenv("SHARED"), "corpora", "openlineage")
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	add := func(path string) {
		f, err := os.Open(path)
		must(t, err)
		defer func() { _ = f.Close() }()
		doc, err := jsonschema.UnmarshalJSON(f)
		must(t, err)
		id, _ := doc.(map[string]any)["$id"].(string)
		must(t, c.AddResource(id, doc))
	}
	add(filepath.Join(root, "OpenLineage.json"))
	facets, err := filepath.Glob(filepath.Join(root, "facets", "*.json"))
	must(t, err)
	for _, path := range facets {
		add(path)
	}
	schema, err := c.Compile(strings.TrimSuffix(specURL, "#/$defs/RunEvent"))
	must(t, err)
	seen := map[string]bool{}
	runs := [][]Event{onLake()}
	for n := range aRun() {
		runs = append(runs, events(aRun()[:n+1], options))
	}
	for _, run := range runs {
		for line := range bytes.Lines(lines(t, run)) {
			doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
			must(t, err)
			if err := schema.Validate(doc); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			eachFacet(doc, func(url string, facet any) {
				if strings.HasPrefix(url, dbtURL) { // not of the specification
					return
				}
				seen[url] = true
				s, err := c.Compile(url)
				must(t, err)
				if err := s.Validate(facet); err != nil {
					t.Fatalf("%s: %v", line, err)
				}
			})
		}
	}
	if len(seen) < 21 {
		t.Errorf("only these facets were seen: %v", seen)
	}
}

// eachFacet calls visit for whatever says of which schema it is.
func eachFacet(v any, visit func(url string, facet any)) {
	switch v := v.(type) {
	case map[string]any:
		if url, ok := v["_schemaURL"].(string); ok {
			visit(url, v)
		}
		for _, x := range v {
			eachFacet(x, visit)
		}
	case []any:
		for _, x := range v {
			eachFacet(x, visit)
		}
	}
}
