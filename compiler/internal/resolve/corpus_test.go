package resolve_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/weft-data/weft/compiler/diag"
)

// TestCorpus compares with dbt on project folders that have been parsed by it: WEFT_PARSED_PROJECTS names a folder of such
// folders, each with its target/manifest.json. It is for developers; without the variable there is nothing to compare.
func TestCorpus(t *testing.T) {
	root := os.Getenv("WEFT_PARSED_PROJECTS")
	if root == "" {
		t.Skip("WEFT_PARSED_PROJECTS is not set")
	}
	paths, _ := filepath.Glob(filepath.Join(root, "*", "target", "manifest.json"))
	if len(paths) == 0 {
		t.Fatalf("no parsed projects in %s", root)
	}
	builtIn := regexp.MustCompile(`^macro\.dbt(_\w+)?\.`)
	for _, path := range paths {
		dir := filepath.Dir(filepath.Dir(path))
		t.Run(filepath.Base(dir), func(t *testing.T) {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var all map[string]json.RawMessage
			if err := json.Unmarshal(raw, &all); err != nil {
				t.Fatal(err)
			}
			want := map[string]map[string]json.RawMessage{}
			for _, s := range []string{"nodes", "sources", "exposures", "metrics", "groups", "saved_queries", "semantic_models", "unit_tests", "functions", "docs", "disabled", "macros"} {
				m := map[string]json.RawMessage{}
				if err := json.Unmarshal(all[s], &m); err != nil {
					t.Fatal(err)
				}
				want[s] = m
			}
			delete(want["docs"], "doc.dbt.__overview__")
			for id, entry := range want["macros"] {
				if builtIn.MatchString(id) {
					delete(want["macros"], id)
					continue
				}
				m := map[string]json.RawMessage{}
				_ = json.Unmarshal(entry, &m)
				kept := map[string]json.RawMessage{}
				for _, k := range []string{"name", "description", "arguments", "meta", "docs", "patch_path"} {
					kept[k] = m[k]
				}
				want["macros"][id], _ = json.Marshal(kept)
			}
			g, _, diags := bind(t, dir, 2)
			for _, d := range diags {
				if d.Severity == diag.Error {
					t.Errorf("%s", d.Error())
				}
			}
			if g == nil {
				return
			}
			doc, _ := json.Marshal(want)
			for _, difference := range compare(t, show(t, g), doc) {
				t.Error(difference)
			}
		})
	}
}
