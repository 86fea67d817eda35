package tests

import (
	"bytes"
	"context"
	"flag"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/cmd/cli"
)

// abuse says how many damaged projects TestAbuse reads, abuseBuilds how many TestAbuseBuild builds, and abuseSeed is the first of their
// seeds: a finding is tried again by its seed.
var (
	abuse       = flag.Int("abuse", 40, "damaged projects to try")
	abuseBuilds = flag.Int("abuse-builds", 10, "damaged projects to build")
	abuseSeed   = flag.Uint64("abuse-seed", 1, "seed of the first damaged project")
)

// patience is how long a command may take over a small project before it counts as hanging.
const patience = 30 * time.Second

// strange are texts that upset readers: control bytes, half characters, marks of order, brackets that open, YAML's and Jinja's own signs.
var strange = []string{
	"\x00", "\xff\xfe", "\xef\xbb\xbf", "\xc3\x28", "\xed\xa0\x80", "\u202e", "\u2028", "\u00a0", "e\u0301", "😀", "\r", "\r\n", "\t", "\x1b[31m", "\x85", "\x7f",
	"{{", "}}", "{%", "%}", "{#", "#}", "{% raw %}", "{% if %}", "{% for x in range(10) %}", "{% endfor %}", "{% macro a(b, %}", "{{ ref( }}", "{{ ref('nowhere') }}",
	"{{ ref() }}", "{{ ref(1, none, [], {}) }}", "{{ config(materialized=[1]) }}", "{{ config(tags={1: 2}) }}", "{{ source('a') }}", "{{ var('x') }}", "{{ 1/0 }}",
	"{{ 2 ** 9999999 }}", "{{ 'a' * 10 ** 12 }}", "{{ [[]] * 10 ** 10 }}", "{{ this.is.not['there'] }}", "{{ self }}", "{{ (((((((((((((((( }}", "{{ none.x }}",
	"{% test t(model) %}select 1{% endtest %}", "{% materialization m, default %}{% endmaterialization %}", "{% docs d %}", "{% set x %}", "{% do x %}", "{% call x() %}",
	"- ", ": ", "? ", "& a", "*a", "<<: *a", "!!binary x", "!!python/object x", "!<tag:x> y", "|", ">", "|-9", "---\n", "...\n", "%YAML 9.9\n", "'", "\"", "\\", "#", "[", "]", "{", "}", ",",
	"~", "null", "yes", ".inf", ".nan", "0o77", "1e999", "-0", "99999999999999999999999999", "2026-99-99", "1:1:1", "[[[[[[[[[[[[[[[[", "{a: {a: {a: {a: ", "\n\n\n", "    ",
	"name: ", "- name:\n", "config: []\n", "version: x\n", "models: 1\n", "columns: {a: b}\n", "data_tests: [{a: 1, b: 2}]\n", "sources: [[]]\n", "select", ";", "/*", "--", "$$", "E'",
	"../../../../etc/passwd", "/", ".", "name: ../../x\n", "versions: [{v: [1]}]\n", "enabled: maybe\n", "+", "+:", "+schema: {}\n", "vars: [1]\n", "on-run-start: {a: b}\n",
}

// damage changes a text in one of the ways in which files go bad.
func damage(r *rand.Rand, text []byte) []byte {
	at := func() int { return r.IntN(len(text) + 1) }
	i, j := at(), at()
	if i > j {
		i, j = j, i
	}
	switch r.IntN(9) {
	case 0: // the rest is lost
		return text[:i]
	case 1: // a piece is lost
		return slices.Concat(text[:i], text[min(j, i+20):])
	case 2: // a piece stands twice
		return slices.Concat(text[:j], text[i:])
	case 3: // a piece stands many times
		piece := text[i:min(j, i+12)]
		return slices.Concat(text[:i], bytes.Repeat(piece, 1+r.IntN(300)), text[i:])
	case 4: // bits flip
		out := slices.Clone(text)
		for range 1 + r.IntN(3) {
			if len(out) > 0 {
				out[r.IntN(len(out))] ^= 1 << r.IntN(8)
			}
		}
		return out
	case 5: // two lines change places
		lines := bytes.SplitAfter(text, []byte("\n"))
		a, b := r.IntN(len(lines)), r.IntN(len(lines))
		lines[a], lines[b] = lines[b], lines[a]
		return bytes.Join(lines, nil)
	case 6: // one line moves in or out
		lines := bytes.SplitAfter(text, []byte("\n"))
		a := r.IntN(len(lines))
		if r.IntN(2) == 0 {
			lines[a] = slices.Concat([]byte("  "), lines[a])
		} else {
			lines[a] = bytes.TrimLeft(lines[a], " -")
		}
		return bytes.Join(lines, nil)
	default:
		return slices.Concat(text[:i], []byte(strange[r.IntN(len(strange))]), text[i:])
	}
}

// damageProject damages so many files of a folder, and now and then takes one away or puts a folder in its place.
func damageProject(t *testing.T, r *rand.Rand, dir string, files int) {
	t.Helper()
	var paths []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for range files {
		path := paths[r.IntN(len(paths))]
		switch r.IntN(20) {
		case 0:
			err = os.RemoveAll(path)
		case 1:
			if err = os.RemoveAll(path); err == nil {
				err = os.MkdirAll(path, 0o755)
			}
		default:
			var text []byte
			if text, err = os.ReadFile(path); err != nil {
				err = nil // an earlier round took it
				continue
			}
			err = os.WriteFile(path, damage(r, text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// weft runs a command line in this process, as a user in dir would, and gives what it wrote and the exit code. It fails the test if the
// command does not end.
func weft(t *testing.T, dir string, args ...string) (out string, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	done := make(chan int, 1)
	go func() {
		done <- cli.Main(cli.World{
			Context: context.Background(), Args: args, Environ: []string{"HOME=" + dir}, Dir: dir, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Now: time.Now,
		})
	}()
	select {
	case code = <-done:
		return stdout.String() + stderr.String(), code
	case <-time.After(patience):
		stacks := make([]byte, 1<<20)
		t.Fatalf("weft %s does not end\n%s", strings.Join(args, " "), stacks[:runtime.Stack(stacks, true)])
		return "", 0
	}
}

// TestAbuse holds the commands that read a project to their promise: whatever bytes lie in its files, they end soon, with an exit code
// that means something, and say so in a diagnostic and not by a panic.
func TestAbuse(t *testing.T) {
	projects, err := filepath.Glob("projects/*/dbt_project.yml")
	if err != nil || len(projects) == 0 {
		t.Fatal("no projects to damage:", err)
	}
	projects = append(projects, exampleDir+"/dbt_project.yml")
	commands := [][]string{{"parse"}, {"compile", "--offline"}, {"ls"}, {"ls", "--output", "json"}, {"seed"}}
	for i := range uint64(*abuse) {
		seed := *abuseSeed + i
		r := rand.New(rand.NewPCG(seed, 0))
		dir := filepath.Join(t.TempDir(), "p")
		from := filepath.Dir(projects[r.IntN(len(projects))])
		if err := copyProject(dir, from); err != nil {
			t.Fatal(err)
		}
		damageProject(t, r, dir, 1+r.IntN(3))
		args := commands[r.IntN(len(commands))]
		began := time.Now()
		out, code := weft(t, dir, args...)
		if code < 0 || code > 2 || strings.Contains(out, "X001") || strings.Contains(out, "goroutine ") {
			t.Errorf("seed %d: weft %s on a damaged %s ends with code %d:\n%s", seed, strings.Join(args, " "), from, code, out)
		}
		if code == 2 && strings.TrimSpace(out) == "" {
			t.Errorf("seed %d: weft %s on a damaged %s fails and does not say why", seed, strings.Join(args, " "), from)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("seed %d: weft %s on a damaged %s takes %s", seed, strings.Join(args, " "), from, took)
		}
		if !t.Failed() {
			os.RemoveAll(filepath.Dir(dir))
		}
	}
}
