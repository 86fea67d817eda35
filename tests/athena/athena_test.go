//go:build engines

// Package athena_test tries whole runs of weft on Athena: the command line, with the fakes of AWS and Trino behind it, and what goes wrong there.
package athena_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weft-data/weft/cmd/cli"
	"github.com/weft-data/weft/tests/fakeaws"
	"github.com/weft-data/weft/tests/fakeaws/enginetest"
)

var stack *fakeaws.Stack

func TestMain(m *testing.M) {
	os.Exit(enginetest.Main(m, func(s *fakeaws.Stack) { stack = s }))
}

var schemas atomic.Int64

// project is a project in a folder and a schema of its own.
type project struct {
	*testing.T
	dir, schema string
}

// newProject writes files; models stand in them by name. change is added to the output of the profile.
func newProject(t *testing.T, models map[string]string, change string) *project {
	t.Helper()
	p := &project{T: t, dir: t.TempDir(), schema: fmt.Sprintf("whole%d", schemas.Add(1))}
	p.write("dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\n")
	p.write("profiles.yml", fmt.Sprintf("shop:\n  target: dev\n  outputs:\n    dev: {type: athena, region_name: %s, database: awsdatacatalog, schema: %s, threads: 2, poll_interval: 0.2,\n"+
		"      s3_staging_dir: 's3://results/%[2]s/', s3_data_dir: 's3://lake/%[2]s'%s}\n", fakeaws.Region, p.schema, change))
	for name, sql := range models {
		p.write("models/"+name+".sql", sql)
	}
	for name, value := range environment() {
		t.Setenv(name, value)
	}
	t.Setenv("HOME", p.dir)
	t.Cleanup(stack.Calm)
	return p
}

// environment leads AWS clients to the fakes.
func environment() map[string]string {
	env := stack.Client()
	env["NO_COLOR"] = "1"
	return env
}

func (p *project) write(path, text string) {
	p.Helper()
	path = filepath.Join(p.dir, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.Fatal(err)
	}
}

func (p *project) read(path string) string {
	p.Helper()
	text, err := os.ReadFile(filepath.Join(p.dir, path))
	if err != nil {
		p.Fatal(err)
	}
	return string(text)
}

// weft runs a command line, and fails the test if it ends with another code.
func (p *project) weft(code int, args ...string) (output string) {
	p.Helper()
	var out bytes.Buffer
	got := cli.Main(cli.World{Context: context.Background(), Name: "weft", Args: args, Environ: os.Environ(), Dir: p.dir, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Now: time.Now})
	if got != code {
		p.Fatalf("weft %s ended with %d, not %d\n%s", strings.Join(args, " "), got, code, &out)
	}
	return out.String()
}

// says fails the test if a text lacks parts.
func (p *project) says(text string, parts ...string) {
	p.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			p.Errorf("nothing says %q in\n%s", part, text)
		}
	}
}

// result is a node's entry of run_results.json.
type result struct {
	UniqueID string         `json:"unique_id"`
	Status   string         `json:"status"`
	Message  string         `json:"message"`
	Response map[string]any `json:"adapter_response"`
}

func (p *project) results() map[string]result {
	p.Helper()
	var doc struct{ Results []result }
	if err := json.Unmarshal([]byte(p.read("target/run_results.json")), &doc); err != nil {
		p.Fatal(err)
	}
	out := map[string]result{}
	for _, r := range doc.Results {
		out[strings.TrimPrefix(r.UniqueID, "model.shop.")] = r
	}
	return out
}

// rows asks the engine itself, and gives them sorted.
func (p *project) rows(sql string) string {
	p.Helper()
	r, err := stack.Athena.Trino.Run(p.Context(), strings.ReplaceAll(sql, "$", "awsdatacatalog."+p.schema+"."))
	if err != nil {
		p.Fatal(err)
	}
	var lines []string
	for _, row := range r.Rows {
		lines = append(lines, fmt.Sprint(row))
	}
	slices.Sort(lines)
	return strings.Join(lines, " ")
}
