package tests

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/cmd/cli"
	"github.com/weft-data/weft/publish/openlineage"
)

// constant are the facets that say the same of every run; the golden events of package openlineage hold them.
var constant = []string{"dbt_run", "dbt_version", "processing_engine", "parent", "dataSource"}

// TestLineageOfProjects holds the events of whole projects to testdata/lineage: for each run, in the order in which they began, the facets
// of its start, and those that its end adds or changes.
func TestLineageOfProjects(t *testing.T) {
	for _, project := range []string{"lineage", "fail_and_skip"} {
		t.Run(project, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(filepath.Join("projects", project))); err != nil {
				t.Fatal(err)
			}
			if err := os.RemoveAll(filepath.Join(dir, "target")); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "weft.yml"), []byte("lineage: {file: events.ndjson}\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			var said bytes.Buffer
			now := time.Date(2024, 3, 5, 12, 0, 0, 0, time.UTC)
			began := time.Now()
			cli.Main(cli.World{Context: t.Context(), Name: "weft", Args: []string{"build", "--profiles-dir", ".", "--threads", "1"}, Dir: dir, Environ: []string{"NO_COLOR=1"},
				Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said, Now: func() time.Time { return now.Add(time.Since(began)) }})
			data, err := os.ReadFile(filepath.Join(dir, "events.ndjson"))
			if err != nil {
				t.Fatalf("%v\n%s", err, &said)
			}
			got := strings.ReplaceAll(lineageText(t, data), filepath.ToSlash(dir), "/PROJECT")
			path := filepath.Join("testdata", "lineage", project+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("the events differ from %s; see the difference with -update and git diff", path)
			}
		})
	}
}

// lineageText shows events without what differs from one run to the next.
func lineageText(t *testing.T, data []byte) string {
	var order []string
	starts, ends := map[string]openlineage.Event{}, map[string]openlineage.Event{}
	for line := range bytes.Lines(data) {
		var e openlineage.Event
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		if e.EventType == openlineage.Start {
			order = append(order, e.Run.ID)
			starts[e.Run.ID] = e
		} else {
			ends[e.Run.ID] = e
		}
	}
	var out strings.Builder
	for _, id := range order {
		start, end := starts[id], ends[id]
		fmt.Fprintf(&out, "%s %s\n", end.EventType, end.Job.Name)
		before, after := facetLines(start), facetLines(end)
		for _, line := range before {
			fmt.Fprintf(&out, "    %s\n", line)
		}
		for _, line := range after {
			if !slices.Contains(before, line) {
				fmt.Fprintf(&out, "  + %s\n", line)
			}
		}
	}
	return out.String()
}

func facetLines(e openlineage.Event) (out []string) {
	add := func(of string, facets map[string]any) {
		for _, key := range slices.Sorted(maps.Keys(facets)) {
			if slices.Contains(constant, key) {
				continue
			}
			f := maps.Clone(facets[key].(map[string]any))
			delete(f, "_producer")
			delete(f, "_schemaURL")
			text, _ := json.Marshal(f)
			out = append(out, of+" "+key+" "+string(text))
		}
	}
	add("run", e.Run.Facets)
	add("job", e.Job.Facets)
	for side, list := range map[string][]openlineage.Dataset{"in": e.Inputs, "out": e.Outputs} {
		for _, d := range list {
			of := side + " " + d.Namespace + " " + d.Name
			out = append(out, of)
			add(of, d.Facets)
			add(of, d.InputFacets)
			add(of, d.OutputFacets)
		}
	}
	slices.Sort(out)
	return out
}
