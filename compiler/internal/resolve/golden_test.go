package resolve_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/artifact"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/graph"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/project"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/resolve"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/manifest"
)

// unpack writes an archive into a folder and gives its comment.
func unpack(t testing.TB, path string) (dir, comment string) {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	for _, f := range a.Files {
		p := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir, string(a.Comment)
}

// bind loads a project folder and binds it.
func bind(t testing.TB, dir string, threads int) (*resolve.Graph, *project.Set, diag.List) {
	t.Helper()
	base := basecontext.Options{Env: map[string]string{}, RunStartedAt: time.Unix(1700000000, 0).UTC(), InvocationID: "id"}
	set, diags, err := project.Load(project.Options{ProjectDir: dir, ProfilesDir: dir, Base: base, Vars: jinja.NewDict(0)})
	if err != nil {
		t.Fatal(err)
	}
	if set == nil || diags.HasErrors() {
		return nil, nil, diags
	}
	library := render.NewLibrary(set.Root.Name)
	for _, p := range set.Packages {
		diags = append(diags, library.LoadMacros(p.Name, macroFiles(p.Macros))...)
		diags = append(diags, library.LoadGenericTests(p.Name, macroFiles(p.GenericTests))...)
	}
	dispatch := map[string][]string{}
	for _, d := range set.Root.Config.Dispatch {
		dispatch[d.Namespace] = d.SearchOrder
	}
	profile := set.Profile
	engine := render.New(render.Options{
		Library: library, Root: set.Root.Name, Dispatch: dispatch, Default: profile.Type, Quoting: warehouse.QuotingOf(set.Root.Config.Quoting), Vars: func(pkg string) basecontext.Variables { return set.ModelVars(pkg) },
		Dialects: map[string]render.Dialect{profile.Type: {Target: profile.TargetDict, Database: profile.Database, Schema: profile.Schema, Credentials: profile.Credentials}},
		Env:      map[string]string{}, Base: basecontext.Names(base),
	})
	g, found := resolve.Bind(set, library.Macros(profile.Type), engine, resolve.Options{Threads: threads, Names: func(p *project.Package) jinja.Scope {
		return basecontext.Context(base, &basecontext.Var{Variables: set.YAMLVars(p.Name)}, basecontext.EnvVar(base.Env), profile.TargetDict)
	}})
	return g, set, append(diags, found...)
}

func macroFiles(files []project.SourceFile) []render.MacroFile {
	var out []render.MacroFile
	for _, f := range files {
		out = append(out, render.MacroFile{Text: f.Text, Path: f.OriginalPath})
	}
	return out
}

// show writes the manifest of a graph.
func show(t testing.TB, g *resolve.Graph) []byte {
	t.Helper()
	dag, diags := graph.Build(g.All())
	if diags.HasErrors() {
		t.Fatalf("graph: %v", diags)
	}
	var out bytes.Buffer
	p := artifact.Project{Graph: dag, Disabled: g.Disabled, Macros: g.Macros, Docs: g.Docs, Groups: g.Groups()}
	if err := artifact.Write(&out, p, artifact.Options{Metadata: manifest.Metadata{}}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestAsDbt binds each project of testdata and compares every entry of the manifest with the one that dbt wrote.
func TestAsDbt(t *testing.T) {
	paths, _ := filepath.Glob("testdata/*.txtar")
	if len(paths) == 0 {
		t.Fatal("no projects")
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(strings.TrimSuffix(path, ".txtar") + ".json")
			if err != nil {
				t.Fatal(err)
			}
			dir, _ := unpack(t, path)
			g, _, diags := bind(t, dir, 2)
			for _, d := range diags {
				if d.Severity == diag.Error {
					t.Errorf("%s", d.Error())
				}
			}
			if g == nil {
				return
			}
			for _, difference := range compare(t, show(t, g), raw) {
				t.Error(difference)
			}
		})
	}
}

// compare lists the differences of two manifests in what this package decides.
func compare(t testing.TB, got, want []byte) []string {
	t.Helper()
	var have map[string]map[string]json.RawMessage
	var expect map[string]map[string]json.RawMessage
	if err := json.Unmarshal(want, &expect); err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(got, &all); err != nil {
		t.Fatal(err)
	}
	have = map[string]map[string]json.RawMessage{}
	for section := range expect {
		m := map[string]json.RawMessage{}
		if err := json.Unmarshal(all[section], &m); err != nil {
			t.Fatalf("%s: %v", section, err)
		}
		have[section] = m
	}
	var out []string
	for _, section := range sortedKeys(expect) {
		for _, id := range sortedKeys(expect[section]) {
			mine, ok := have[section][id]
			if !ok {
				out = append(out, fmt.Sprintf("%s: %s is missing", section, id))
				continue
			}
			out = append(out, compareEntry(section+" "+id, section, mine, expect[section][id])...)
		}
		for _, id := range sortedKeys(have[section]) {
			if _, ok := expect[section][id]; !ok && section != "macros" && id != "doc.dbt.__overview__" {
				out = append(out, fmt.Sprintf("%s: %s is not in dbt's manifest", section, id))
			}
		}
	}
	return out
}

func compareEntry(where, section string, got, want json.RawMessage) []string {
	if section == "disabled" {
		var a, b []json.RawMessage
		_ = json.Unmarshal(got, &a)
		_ = json.Unmarshal(want, &b)
		if len(a) != len(b) {
			return []string{fmt.Sprintf("%s: %d disabled, want %d", where, len(a), len(b))}
		}
		var out []string
		for i := range a {
			out = append(out, compareEntry(where, "", a[i], b[i])...)
		}
		return out
	}
	var a, b map[string]json.RawMessage
	if err := json.Unmarshal(got, &a); err != nil {
		return []string{where + ": " + err.Error()}
	}
	if err := json.Unmarshal(want, &b); err != nil {
		return []string{where + ": " + err.Error()}
	}
	var out []string
	for _, key := range sortedKeys(b) {
		if key == "created_at" || key == "root_path" {
			continue
		}
		x, y := decode(key, a[key]), decode(key, b[key])
		if !reflect.DeepEqual(x, y) {
			out = append(out, fmt.Sprintf("%s: %s\n\tgot  %s\n\twant %s", where, key, flat(a[key]), flat(b[key])))
		} else if key == "config" {
			if g, w := keyOrder(a[key]), keyOrder(b[key]); !slices.Equal(g, w) {
				out = append(out, fmt.Sprintf("%s: order of config\n\tgot  %s\n\twant %s", where, g, w))
			}
		}
	}
	return out
}

func flat(raw json.RawMessage) string {
	if raw == nil {
		return "nothing"
	}
	var b bytes.Buffer
	_ = json.Compact(&b, raw)
	return b.String()
}

// decode reads a value; tags of columns are sets in dbt, whose order changes from run to run.
func decode(key string, raw json.RawMessage) any {
	if raw == nil {
		return nil
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return string(raw)
	}
	switch key {
	case "columns":
		sortTags(v)
	case "sources":
		// dbt's static parser keeps sources in a set, so their order is chance
		sortList(v)
	case "depends_on":
		if m, ok := v.(map[string]any); ok {
			sortList(m["nodes"])
		}
	}
	return v
}

func sortList(v any) {
	if list, ok := v.([]any); ok {
		sort.Slice(list, func(i, j int) bool { return fmt.Sprint(list[i]) < fmt.Sprint(list[j]) })
	}
}

func sortTags(v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if k == "tags" {
				sortList(x)
			}
			sortTags(x)
		}
	case []any:
		for _, x := range v {
			sortTags(x)
		}
	}
}

// keyOrder is the keys of a mapping in order.
func keyOrder(raw json.RawMessage) []string {
	d := json.NewDecoder(bytes.NewReader(raw))
	var out []string
	depth := 0
	key := false
	for {
		tok, err := d.Token()
		if err != nil {
			return out
		}
		switch x := tok.(type) {
		case json.Delim:
			if x == '{' || x == '[' {
				depth++
			} else {
				depth--
			}
			key = depth == 1
			continue
		}
		if depth == 1 {
			if key {
				out = append(out, tok.(string))
			}
			key = !key
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// TestThreads: the result is the same at any number of threads, diagnostics included.
func TestThreads(t *testing.T) {
	dir, _ := unpack(t, "testdata/tests.txtar")
	var first []byte
	var said string
	for _, threads := range []int{1, 2, 7} {
		g, _, diags := bind(t, dir, threads)
		if g == nil {
			t.Fatal(diags)
		}
		var text strings.Builder
		for _, d := range diags {
			fmt.Fprintln(&text, d.Error())
		}
		for _, n := range g.All() {
			fmt.Fprintln(&text, n.ID, n.DependsOn, n.Tags)
		}
		m := show(t, g)
		if first == nil {
			first, said = m, text.String()
			continue
		}
		if !bytes.Equal(m, first) || text.String() != said {
			t.Errorf("%d threads give another result than 1", threads)
		}
	}
}
