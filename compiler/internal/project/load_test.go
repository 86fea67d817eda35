package project

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
)

var update = flag.Bool("update", false, "rewrite the expected results")

const minimalProject = "name: shop\nversion: '1.0'\nprofile: shop\n"
const minimalProfiles = "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: ':memory:', schema: main}\n"

// TestLoad loads each project of testdata/load and compares what is found with the file "want" of the same archive. Lines of
// the archive's comment set up what an archive cannot hold: "link NAME TARGET", "bytes NAME TEXT" with Go escapes.
func TestLoad(t *testing.T) {
	archives, err := filepath.Glob("testdata/load/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			top := t.TempDir()
			dir := filepath.Join(top, "shop")
			files := map[string]string{"shop/dbt_project.yml": minimalProject, "shop/profiles.yml": minimalProfiles}
			want := ""
			for _, f := range a.Files {
				if f.Name == "want" {
					want = string(f.Data)
					continue
				}
				files["shop/"+f.Name] = string(f.Data)
			}
			write(t, top, files)
			for line := range strings.Lines(string(a.Comment)) {
				setUp(t, dir, strings.TrimSpace(line))
			}
			var outputs []string
			for _, threads := range []int{1, 4} {
				s, diags, err := Load(Options{ProjectDir: dir, ProfilesDir: dir, Parallel: threads, Base: basecontext.Options{Env: map[string]string{"PW": "x"}}})
				if err != nil {
					t.Fatal(err)
				}
				diags = append(diags, parseProperties(s)...)
				diags.Sort()
				outputs = append(outputs, strings.ReplaceAll(dump(s, diags), filepath.ToSlash(top), "TOP"))
			}
			if outputs[0] != outputs[1] {
				t.Errorf("the result depends on the number of threads:\n%s\n%s", outputs[0], outputs[1])
			}
			if *update {
				rewrite(t, path, a, outputs[0])
			} else if outputs[0] != want {
				t.Errorf("got\n%s\nwant\n%s", outputs[0], want)
			}
		})
	}
}

// parseProperties gives the diagnostics of the properties files, which Load leaves unparsed.
func parseProperties(s *Set) diag.List {
	if s == nil {
		return nil
	}
	var diags diag.List
	for _, p := range s.Packages {
		for i := range p.Properties {
			_, list := p.Properties[i].Tree(&yamldoc.Memory{})
			diags = append(diags, list...)
		}
	}
	return diags
}

func setUp(t *testing.T, dir, line string) {
	verb, rest, _ := strings.Cut(line, " ")
	name, value, _ := strings.Cut(rest, " ")
	at := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		t.Fatal(err)
	}
	var err error
	switch verb {
	case "link":
		err = os.Symlink(value, at)
	case "bytes":
		err = os.WriteFile(at, []byte(strings.NewReplacer(`\xff`, "\xff", `\n`, "\n").Replace(value)), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func rewrite(t *testing.T, path string, a *txtar.Archive, got string) {
	found := false
	for i := range a.Files {
		if a.Files[i].Name == "want" {
			a.Files[i].Data, found = []byte(got), true
		}
	}
	if !found {
		a.Files = append(a.Files, txtar.File{Name: "want", Data: []byte(got)})
	}
	if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}

// dump writes what was found in a form that people can read.
func dump(s *Set, diags diag.List) string {
	var b strings.Builder
	if s != nil {
		for _, p := range s.Packages {
			fmt.Fprintf(&b, "package %s at %q\n", p.Name, p.Prefix)
			list := func(what string, files []SourceFile) {
				for _, f := range files {
					shown := "(not read)"
					if f.Text != nil {
						shown = f.Text.Path
					}
					fmt.Fprintf(&b, "  %s %s | %s | %s | %d bytes\n", what, f.Path, f.OriginalPath, shown, f.Size)
				}
			}
			list("macro", p.Macros)
			list("model", p.Models)
			list("snapshot", p.Snapshots)
			list("analysis", p.Analyses)
			list("singular test", p.SingularTests)
			list("generic test", p.GenericTests)
			list("seed", p.Seeds)
			list("docs", p.Docs)
			list("fixture", p.Fixtures)
			list("function", p.Functions)
			for _, f := range p.Properties {
				list("properties", []SourceFile{f.SourceFile})
			}
		}
		fmt.Fprintf(&b, "profile %s target %s type %s schema %s threads %d\n", s.Profile.Name, s.Profile.Target, s.Profile.Type, s.Profile.Schema, s.Profile.Threads)
		for _, name := range s.Profile.EngineNames {
			e := s.Profile.EngineProfiles[name]
			fmt.Fprintf(&b, "engine %s: output %s type %s %s\n", name, e.Target, e.Type, jinja.Repr(e.Output))
		}
		if s.Weft.File != nil {
			fmt.Fprintf(&b, "weft strict=%v dialect=%q dialects=%v\n", s.Weft.Strict, s.Weft.Dialect, s.Weft.Dialects)
		}
	}
	for _, d := range diags {
		fmt.Fprintln(&b, d.Error())
		if d.Hint != "" {
			fmt.Fprintln(&b, "  hint:", d.Hint)
		}
		for _, r := range d.Related {
			fmt.Fprintf(&b, "  %s:%d: %s\n", r.Span.File.Path, r.Span.Position().Line, r.Message)
		}
	}
	return b.String()
}

func TestIgnorePatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, path string
		want          bool
	}{
		{"a.sql", "models/a.sql", true}, {"a.sql", "models/sub/a.sql", true}, {"a.sql", "models/ba.sql", false}, {"/a.sql", "models/a.sql", false}, {"/models", "models/x/a.sql", true},
		{"models/a.sql", "models/a.sql", true}, {"a/b.sql", "models/a/b.sql", false}, {"sub/", "models/sub/a.sql", true}, {"a.sql/", "models/a.sql", false}, {"*.sql", "models/a.sql", true},
		{"models/*.sql", "models/a.sql", true}, {"models/*.sql", "models/s/a.sql", false}, {"models/**/a.sql", "models/x/y/a.sql", true}, {"models/**/a.sql", "models/a.sql", true},
		{"**/a.sql", "x/a.sql", true}, {"**/a.sql", "a.sql", true}, {"models/**", "models/x/a.sql", true}, {"?.sql", "models/a.sql", true}, {"?.sql", "models/ab.sql", false},
		{"[ab].sql", "models/b.sql", true}, {"[!ab].sql", "models/b.sql", false}, {"# c", "# c", false}, {`\#c`, "models/#c", true}, {"models/sub", "models/sub/a.sql", true}, {"MODELS/a.sql", "models/a.sql", false},
		{"*\n!a.sql", "models/a.sql", false}, {"*\n!a.sql", "models/b.sql", true}, {"a.sql  ", "models/a.sql", true},
	} {
		if got := parseIgnore(c.pattern + "\n").matches(c.path); got != c.want {
			t.Errorf("%q on %q: %v", c.pattern, c.path, got)
		}
	}
}

func FuzzIgnore(f *testing.F) {
	f.Add("*.sql", "models/a.sql")
	f.Add("a/**/b\n!c[", "a/b")
	f.Fuzz(func(t *testing.T, pattern, path string) { parseIgnore(pattern).matches(path) })
}

func FuzzDotEnv(f *testing.F) {
	f.Add("A=1\nexport B='x'\nC=\"${A:-d}\n\"")
	f.Fuzz(func(t *testing.T, text string) { ParseDotEnv(text, map[string]string{"A": "b"}) })
}
