package tests

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/source"
)

// backwards lists folders from their end, as a disk may that keeps no order.
type backwards struct{ source.Disk }

func (b backwards) ReadDir(path string) ([]fs.DirEntry, error) {
	entries, err := b.Disk.ReadDir(path)
	slices.Reverse(entries)
	return entries, err
}

// clockAndIDs are what may differ between two runs over the same files.
var clockAndIDs = regexp.MustCompile(`"(generated_at|run_started_at|invocation_started_at|created_at|invocation_id)": ?("[^"]*"|[0-9.e+]+)`)

// everything is what a compilation gives: the manifest, each node's code, and what was said.
func everything(t *testing.T, dir string, files source.FS, workers int) string {
	t.Helper()
	now := time.Now().UTC()
	ids := 0
	ctx := context.Background()
	p, said, err := compiler.Parse(ctx, compiler.Options{
		FS: files, ProjectDir: dir, ProfilesDir: dir, Env: map[string]string{}, Now: now, InvocationID: fmt.Sprint(now.UnixNano()), Command: "compile",
		Workers: workers, NewID: func() string { ids++; return fmt.Sprint(ids) },
	})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if p != nil {
		selected, list := p.Select(compiler.Selection{Command: "compile", Indirect: "eager"})
		said = append(said, list...)
		compiled, list := p.Compile(ctx, compiler.CompileOptions{Selected: selected.IDs})
		said = append(said, list...)
		if err := p.WriteManifest(&out, compiled); err != nil {
			t.Fatal(err)
		}
		for _, id := range selected.IDs {
			code, _ := compiled.Code(id)
			fmt.Fprintf(&out, "\n=== %s\n%s", id, code)
		}
		fmt.Fprintf(&out, "\n=== %v\n", compiled.Messages)
	}
	said.Sort()
	for _, d := range said {
		fmt.Fprintln(&out, d.Error(), d.Hint, d.Node, len(d.Related))
	}
	return clockAndIDs.ReplaceAllString(out.String(), "")
}

// TestSameBytes compiles projects with one worker and with several, on one processor and on several, and with folders listed the
// other way round. What comes out is the same, byte for byte. One of the projects is full of mistakes, for their order must hold too.
func TestSameBytes(t *testing.T) {
	broken := map[string]string{}
	maps.Copy(broken, exampleProject)
	for i := range 40 {
		broken[fmt.Sprintf("models/m%02d.sql", i)] = fmt.Sprintf("select {{ nothing_%d() }} from {{ ref('m%02d') }}", i, (i+1)%39)
		broken[fmt.Sprintf("models/m%02d.yml", i)] = fmt.Sprintf("models:\n- {name: m%02d, colums: [], columns: [{name: id, data_tests: [unique, no_such_test]}]}\n- {name: gone_%d}\n", i, i)
	}
	dirs := []string{t.TempDir()}
	writeFiles(t, dirs[0], broken)
	for i := range 40 {
		broken[fmt.Sprintf("models/m%02d.sql", i)] = fmt.Sprintf("select {{ nothing_%d() }} from {{ ref('m%02d') }}", i, min(39, i+1))
	}
	broken["models/m39.sql"] = "select {{ 1 / 0 }}"
	dirs = append(dirs, t.TempDir())
	writeFiles(t, dirs[1], broken)
	for _, from := range []string{"../models/sales", "projects/generic_tests", "projects/versions", "projects/local_package", "projects/dispatch_override", "projects/ephemeral_chain"} {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, dir)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, dir := range dirs {
		runtime.GOMAXPROCS(1)
		want := everything(t, dir, source.Disk{}, 1)
		for _, procs := range []int{1, 4} {
			runtime.GOMAXPROCS(procs)
			for _, files := range []source.FS{source.Disk{}, backwards{}} {
				if got := everything(t, dir, files, 4); got != want {
					t.Errorf("%s: with 4 workers on %d processors and files of %T:\n%s", filepath.Base(dir), procs, files, firstDifference(want, got))
				}
			}
		}
	}
}

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func firstDifference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			at := 0
			for at < min(len(a[i]), len(b[i])) && a[i][at] == b[i][at] {
				at++
			}
			from := max(0, at-100)
			return fmt.Sprintf("line %d\nwant …%.300s\ngot  …%.300s", i+1, a[i][from:], b[i][from:])
		}
	}
	return fmt.Sprintf("%d lines, not %d", len(b), len(a))
}
