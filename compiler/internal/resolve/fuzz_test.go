package resolve_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/project"
	"github.com/weft-data/weft/compiler/internal/resolve"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/source"
)

// plain is a template engine that finds nothing and names everything after itself.
type plain struct{}

func (plain) Scan(*resource.Node) (resource.Scan, diag.List) { return resource.Scan{}, nil }
func (plain) ScanText(*resource.Node, source.Span, *resource.Scan) diag.List {
	return nil
}
func (plain) GenerateName(what string, custom jinja.Value, n *resource.Node) (string, diag.List) {
	if what == "alias" {
		return n.Name, nil
	}
	return jinja.Text(custom), nil
}
func (plain) RelationName(n *resource.Node) string {
	return n.Database + "." + n.Schema + "." + n.Alias
}

// FuzzProperties binds a small project with any text as its properties file and its config: it must end in diagnostics, never
// in a panic, and whatever is bound must have an id and a config.
func FuzzProperties(f *testing.F) {
	paths, _ := filepath.Glob("testdata/*.txtar")
	more, _ := filepath.Glob("testdata/errors/*.txtar")
	for _, path := range append(paths, more...) {
		a, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			if strings.HasSuffix(file.Name, ".yml") {
				f.Add(string(file.Data))
			}
		}
	}
	if found, err := os.ReadDir("testdata/fuzz/FuzzProperties"); err == nil && len(found) == 0 {
		f.Fatal("an empty corpus folder")
	}
	f.Fuzz(func(t *testing.T, text string) { bindText(t, text) })
}

// TestWrongShapes puts a value of another shape in the place of each value of the projects' properties files in turn.
func TestWrongShapes(t *testing.T) {
	shapes := []string{"null", "5", "1.5", "true", "text", "''", "[]", "[1, x]", "{}", "{a: b}", "[{name: a}]", "2020-01-01", "\"{{ nope() }}\"", "[[]]", "{name: {name: x}}"}
	paths, _ := filepath.Glob("testdata/*.txtar")
	tried := 0
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if !strings.HasSuffix(f.Name, ".yml") || f.Name == "profiles.yml" {
				continue
			}
			text := string(f.Data)
			root, _ := yamldoc.Parse(source.NewFile(f.Name, text))
			var walk func(n *yamldoc.Node)
			walk = func(n *yamldoc.Node) {
				if n == nil {
					return
				}
				if n != root && !n.Span.IsZero() {
					shape := shapes[tried%len(shapes)]
					tried++
					bindText(t, text[:n.Span.Start]+" "+shape+" "+text[n.Span.End:])
				}
				for _, c := range n.Items {
					walk(c)
				}
				for _, p := range n.Pairs {
					walk(p.Value)
				}
			}
			for range 2 { // so that a place meets several shapes
				walk(root)
			}
		}
	}
	if tried < 1000 {
		t.Errorf("only %d places were tried", tried)
	}
}

// bindText binds a project with a text as its properties file.
func bindText(t *testing.T, text string) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			t.Fatalf("%v on\n%s", r, text)
		}
	}()
	file := source.NewFile("models/y.yml", text)
	root, problems := yamldoc.Parse(file)
	if problems.HasErrors() {
		return
	}
	sql := func(name string) project.SourceFile {
		return project.SourceFile{Text: source.NewFile("models/"+name, "select 1"), Path: name, OriginalPath: "models/" + name}
	}
	config := &project.Config{Name: "shop", Flags: jinja.NewDict(0), Vars: jinja.NewDict(0), Resources: map[string]project.Hierarchy{}}
	if m := root.Get("models"); m != nil && m.Kind == yamldoc.Mapping {
		d := dictOf(m)
		config.Resources["models"] = project.Hierarchy{Rendered: d, Unrendered: d}
	}
	p := &project.Package{Name: "shop", File: source.NewFile("dbt_project.yml", "name: shop"), Config: config,
		Models:     []project.SourceFile{sql("a.sql"), sql("b.sql"), sql("dim_v1.sql"), sql("dim_old.sql"), sql("m.sql")},
		Properties: []project.PropertiesFile{{SourceFile: project.SourceFile{Text: file, Path: "y.yml", OriginalPath: "models/y.yml"}}}}
	set := &project.Set{Root: p, Packages: []*project.Package{p}, Profile: &project.Profile{Type: "duckdb", Schema: "main", Database: "memory"}}
	g, _ := resolve.Bind(set, nil, plain{}, resolve.Options{Threads: 1, ReadFile: func(string) ([]byte, error) { return nil, os.ErrNotExist }})
	for _, n := range g.All() {
		if n.ID == "" || n.Config == nil {
			t.Fatalf("%q has no id or config", n.Name)
		}
	}
}

func dictOf(n *yamldoc.Node) *jinja.Dict {
	d := jinja.NewDict(len(n.Pairs))
	for _, p := range n.Pairs {
		switch p.Value.Kind {
		case yamldoc.Mapping:
			d.Set(p.Name, dictOf(p.Value))
		case yamldoc.Bool:
			d.Set(p.Name, jinja.Bool(p.Value.Bool))
		case yamldoc.Null:
			d.Set(p.Name, jinja.None)
		default:
			d.Set(p.Name, jinja.Str(p.Value.Str))
		}
	}
	return d
}
