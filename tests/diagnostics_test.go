// Package tests holds what tests weft as a whole: scripts of command lines, the pages of the diagnostics, and the rules of the
// house (who may import whom, what every package must say of itself).
package tests

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/cmd/cli"
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/docs"
	"golang.org/x/tools/txtar"
)

// exampleProject is what an example need not bring along.
var exampleProject = map[string]string{
	"dbt_project.yml": "name: shop\nversion: '1.0'\nprofile: shop\nmodel-paths: [models]\n",
	"profiles.yml":    "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: shop.duckdb, schema: main}\n",
}

// TestDiagnosticPages checks that each code has a page whose example gives that code. An example is the page's first block
// marked txtar: the command line on its first line, then the project's files. A page without one says why ("No example:").
func TestDiagnosticPages(t *testing.T) {
	t.Parallel()
	codes := diag.Codes()
	slices.Sort(codes)
	pages, err := docs.Diagnostics.ReadDir("diagnostics")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		if !slices.Contains(codes, diag.Code(strings.TrimSuffix(p.Name(), ".md"))) {
			t.Errorf("docs/diagnostics/%s: there is no such code", p.Name())
		}
	}
	for _, code := range codes {
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			page, err := docs.Diagnostics.ReadFile("diagnostics/" + string(code) + ".md")
			if err != nil {
				t.Fatal("the code has no page")
			}
			text := string(page)
			if want := "# " + string(code) + ": " + code.Summary() + "\n"; !strings.HasPrefix(text, want) {
				t.Errorf("the page must begin with %q", want)
			}
			_, rest, found := strings.Cut(text, "```txtar\n")
			if !found {
				if !strings.Contains(text, "No example:") {
					t.Error("the page has neither an example nor a sentence \"No example: …\"")
				}
				return
			}
			block, _, _ := strings.Cut(rest, "\n```")
			checkExample(t, code, txtar.Parse([]byte(block+"\n")))
		})
	}
}

func checkExample(t *testing.T, code diag.Code, example *txtar.Archive) {
	dir := t.TempDir()
	files := map[string]string{}
	for name, text := range exampleProject {
		files[name] = text
	}
	for _, f := range example.Files {
		files[f.Name] = string(f.Data)
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	command := strings.Fields(string(example.Comment))
	if len(command) < 2 || command[0] != "weft" {
		t.Fatalf("the example must begin with a command line, is %q", example.Comment)
	}
	var out, errs bytes.Buffer
	code1 := cli.Main(cli.World{Context: context.Background(), Args: command[1:], Environ: []string{"HOME=" + dir}, Dir: dir, Stdin: strings.NewReader(""),
		Stdout: &out, Stderr: &errs, Now: time.Now})
	said := errs.String() + out.String()
	if !strings.Contains(said, "["+string(code)+"]") {
		t.Errorf("exit %d, and the code is not in what was said:\n%s", code1, said)
	}
}
