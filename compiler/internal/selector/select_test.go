package selector

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/graph"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// fixture is a node of testdata/nodes.json.
type fixture struct {
	ID, Kind, Name, Package, Path, Patch, Group, Access, Code, Test, Source string
	FQN, Tags                                                               []string
	Config                                                                  map[string]any
	Version, Latest                                                         any
	DependsOn                                                               []string `json:"depends_on"`
}

func (f fixture) node() *resource.Node {
	n := &resource.Node{
		ID: node.ID(f.ID), Kind: node.Kind(f.Kind), Name: f.Name, Package: f.Package, FQN: f.FQN, OriginalPath: f.Path, PatchPath: f.Patch,
		Tags: f.Tags, Group: f.Group, Access: f.Access, RawCode: f.Code, Config: jinjaValue(f.Config).(*jinja.Dict), Enabled: true,
		Version: jinjaValue(f.Version), LatestVersion: jinjaValue(f.Latest),
	}
	for _, d := range f.DependsOn {
		n.DependsOn = append(n.DependsOn, node.ID(d))
	}
	switch n.Kind {
	case node.Test:
		n.Test = &resource.Test{Generic: f.Test != "", Name: f.Test}
	case node.Source:
		n.Source = &resource.Source{Name: f.Source}
	}
	return n
}

// jinjaValue turns JSON into a template's value.
func jinjaValue(v any) jinja.Value {
	switch v := v.(type) {
	case string:
		return jinja.Str(v)
	case bool:
		return jinja.Bool(v)
	case float64:
		if v == float64(int64(v)) {
			return jinja.Int(v)
		}
		return jinja.Float(v)
	case []any:
		l := jinja.NewList()
		for _, x := range v {
			l.Items = append(l.Items, jinjaValue(x))
		}
		return l
	case map[string]any:
		d := jinja.NewDict(len(v))
		for _, k := range slices.Sorted(keysOf(v)) {
			d.Set(k, jinjaValue(v[k]))
		}
		return d
	}
	return jinja.None
}

func keysOf(m map[string]any) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

type shop struct {
	graph     *graph.Graph
	selectors map[string]any
}

func load(t testing.TB) shop {
	t.Helper()
	var data struct {
		Nodes     []fixture
		Selectors map[string]any
	}
	read(t, "testdata/nodes.json", &data)
	nodes := make([]*resource.Node, len(data.Nodes))
	for i, f := range data.Nodes {
		nodes[i] = f.node()
	}
	g, list := graph.Build(nodes)
	if len(list) > 0 {
		t.Fatal(list)
	}
	return shop{g, data.Selectors}
}

func read(t testing.TB, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func define(t testing.TB, indirect Indirect) (*Definitions, diag.List) {
	t.Helper()
	text, err := os.ReadFile("testdata/project/selectors.yml")
	if err != nil {
		t.Fatal(err)
	}
	root, list := yamldoc.Parse(source.NewFile("selectors.yml", string(text)))
	if len(list) > 0 {
		t.Fatal(list)
	}
	return Define(root, indirect, nil)
}

// list runs `ls` with the arguments of a case, which are those of dbt.
func (s shop) list(t testing.TB, args []string) ([]string, diag.List) {
	options := map[string][]string{}
	name := ""
	for _, a := range args {
		if strings.HasPrefix(a, "--") {
			name = a
			options[name] = []string{}
			continue
		}
		options[name] = append(options[name], strings.Split(a, " ")...)
	}
	indirect := Eager
	if mode := options["--indirect-selection"]; mode != nil {
		indirect, _ = ParseIndirect(mode[0])
	}
	definitions, list := define(t, indirect)
	kinds, problems := Kinds("ls", options["--resource-type"], options["--exclude-resource-type"])
	list = append(list, problems...)
	include := options["--select"]
	if options["--models"] != nil {
		kinds, include = []node.Kind{node.Model}, options["--models"]
	}
	var spec Spec
	if named := options["--selector"]; named != nil {
		spec, problems = definitions.Lookup(named[0])
	} else {
		spec, problems = Parse(include, options["--exclude"], indirect)
	}
	list = append(list, problems...)
	if list.HasErrors() {
		return nil, list
	}
	set, problems := New(s.graph, Options{Project: "shop", Files: []string{"macros/balanced.sql", "packages.yml", "packages/helper/dbt_project.yml"},
		Definitions: definitions, Kinds: kinds}).Select(spec)
	ids := []string{}
	for i := range set.Each {
		ids = append(ids, string(s.graph.Node(i).ID))
	}
	return ids, append(list, problems...)
}

func TestAgainstDbt(t *testing.T) {
	var cases []struct {
		Args  []string
		IDs   []string
		Error string
	}
	read(t, "testdata/expected.json", &cases)
	if len(cases) < 300 {
		t.Fatal("cases are missing")
	}
	s := load(t)
	for _, c := range cases {
		if strings.Contains(c.Error, "mutually exclusive") {
			continue // of options, which is for the command line to say
		}
		ids, list := s.list(t, c.Args)
		switch {
		case c.Error != "":
			if !list.HasErrors() {
				t.Errorf("%q: dbt refuses (%s), weft selects %v", c.Args, c.Error, ids)
			}
		case list.HasErrors():
			t.Errorf("%q: dbt selects %v, weft says %v", c.Args, c.IDs, list)
		case !slices.Equal(ids, c.IDs):
			t.Errorf("%q\n dbt  %v\n weft %v", c.Args, c.IDs, ids)
		}
		for _, d := range list {
			if d.Detail == "" || d.Span.IsZero() {
				t.Errorf("%q: a diagnostic without text or place: %v", c.Args, d)
			}
		}
	}
}
