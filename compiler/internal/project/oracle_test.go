package project

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/source"
)

// oracleCase is a project with what dbt makes of it; tests/oracle/project_load.py writes them.
type oracleCase struct {
	Name    string            `json:"name"`
	Files   map[string]string `json:"files"`
	Options struct {
		Profile, Target string
		Threads         int
		Vars            json.RawMessage
	} `json:"options"`
	Result struct {
		Error    string `json:"error"`
		Packages map[string]struct {
			Paths    [][]string                 `json:"paths"`
			Target   string                     `json:"target-path"`
			Install  string                     `json:"install"`
			Version  *string                    `json:"version"`
			Sections map[string]json.RawMessage `json:"sections"`
			Hooks    [][]string                 `json:"hooks"`
		} `json:"packages"`
		Vars   map[string]map[string][2]any `json:"vars"`
		Target any                          `json:"target"`
	} `json:"result"`
}

// typed writes a value as the oracle script does.
func typed(v jinja.Value) any {
	switch v := v.(type) {
	case jinja.NoneType:
		return []any{"n"}
	case jinja.Bool:
		return []any{"b", bool(v)}
	case jinja.Int, *jinja.BigInt:
		return []any{"i", jinja.Text(v)}
	case jinja.Float:
		return []any{"f", jinja.Text(v)}
	case jinja.Str:
		return []any{"s", string(v)}
	case basecontext.Date:
		return []any{"d", v.String()}
	case jinja.Tuple:
		return typed(jinja.NewList(v...))
	case *jinja.List:
		items := []any{}
		for _, item := range v.Items {
			items = append(items, typed(item))
		}
		return []any{"l", items}
	case *jinja.Dict:
		pairs := []any{}
		for k, item := range v.Entries {
			pairs = append(pairs, []any{jinja.Text(k), typed(item)})
		}
		return []any{"m", pairs}
	}
	return []any{"?", v.TypeName()}
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	w, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	g, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if string(w) != string(g) {
		t.Errorf("%s\n  dbt  %s\n  weft %s", what, w, g)
	}
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	writeAll(t, dir, files)
}

func writeAll(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

var oracleEnv = map[string]string{"TARGET": "prod", "THREADS": "7", "DBT_ENV_SECRET_PW": "s3cret", "SCHEMA": "from_env", "FLAG": "true"}

func TestLoadAsDbt(t *testing.T) {
	raw, err := os.ReadFile("testdata/projects.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []oracleCase
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, c.Files)
			o := Options{ProjectDir: dir, ProfilesDir: dir, Profile: c.Options.Profile, Target: c.Options.Target, Threads: c.Options.Threads, Base: basecontext.Options{Env: oracleEnv}}
			if len(c.Options.Vars) > 0 {
				n, _ := yamldoc.Parse(source.NewFile("vars", string(c.Options.Vars)))
				o.Vars = basecontext.DictFromYAML(n)
			}
			s, diags, err := Load(o)
			if err != nil {
				t.Fatal(err)
			}
			diags = append(diags, parseProperties(s)...)
			for _, d := range diags {
				t.Log(d, d.Hint)
			}
			if (c.Result.Error != "") != diags.HasErrors() {
				t.Fatalf("dbt %q, weft %v", c.Result.Error, diags)
			}
			if c.Result.Error != "" {
				t.Log("dbt:", c.Result.Error)
				return
			}
			compareSet(t, c, s)
		})
	}
}

func compareSet(t *testing.T, c oracleCase, s *Set) {
	var names []string
	for _, p := range s.Packages {
		names = append(names, p.Name)
		want, ok := c.Result.Packages[p.Name]
		if !ok {
			continue
		}
		docs := slices.Sorted(slices.Values(p.Config.DocsPaths))
		same(t, p.Name+" paths", want.Paths, [][]string{p.Config.ModelPaths, p.Config.SeedPaths, p.Config.TestPaths, p.Config.AnalysisPaths, p.Config.MacroPaths,
			p.Config.SnapshotPaths, docs, append([]string{}, p.Config.AssetPaths...), p.Config.FunctionPaths, p.Config.CleanTargets})
		version := ""
		if want.Version != nil {
			version = *want.Version
		}
		same(t, p.Name+" other", []string{want.Target, want.Install, version}, []string{p.Config.TargetPath, p.Config.PackagesInstallPath, p.Config.Version})
		for _, section := range slices.Sorted(func(yield func(string) bool) {
			for k := range want.Sections {
				if !yield(k) {
					return
				}
			}
		}) {
			same(t, p.Name+" "+section, want.Sections[section], typed(p.Config.Resources[section].Rendered))
		}
		hooks := [][]string{{}, {}}
		for i, list := range [][]Hook{p.Config.OnRunStart, p.Config.OnRunEnd} {
			for _, h := range list {
				hooks[i] = append(hooks[i], h.SQL)
			}
		}
		same(t, p.Name+" hooks", want.Hooks, hooks)
	}
	if len(names) != len(c.Result.Packages) {
		t.Errorf("packages: dbt has %d, weft %q", len(c.Result.Packages), names)
	}
	for pkg, seen := range c.Result.Vars {
		vars := s.YAMLVars(pkg)
		for name, want := range seen {
			v, ok := vars.Lookup(name)
			if !ok {
				v = jinja.Str("<none>")
			}
			same(t, "var "+name+" in "+pkg, want, [2]any{typed(v), vars.Has(name)})
		}
	}
	same(t, "target", sortPairs(c.Result.Target), sortPairs(typed(s.Profile.TargetDict)))
}

// sortPairs makes the order of a dict's keys not count.
func sortPairs(v any) any {
	pairs := v.([]any)[1].([]any)
	slices.SortFunc(pairs, func(a, b any) int {
		x, y := a.([]any)[0].(string), b.([]any)[0].(string)
		if x < y {
			return -1
		} else if x > y {
			return 1
		}
		return 0
	})
	return pairs
}
