package artifact

import (
	"bytes"
	"encoding/json"
	"fmt"

	"math/big"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/internal/graph"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/manifest"
	"github.com/weft-data/weft/compiler/node"
)

// decode reads JSON as a template's value, keeping the order of keys.
func decode(t testing.TB, text []byte) jinja.Value {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := next(d)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func next(d *json.Decoder) (jinja.Value, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch x := token.(type) {
	case json.Delim:
		list, dict := jinja.NewList(), jinja.NewDict(0)
		for d.More() {
			if x == '{' {
				k, err := d.Token()
				if err != nil {
					return nil, err
				}
				v, err := next(d)
				if err != nil {
					return nil, err
				}
				dict.Set(k.(string), v)
				continue
			}
			v, err := next(d)
			if err != nil {
				return nil, err
			}
			list.Items = append(list.Items, v)
		}
		if _, err := d.Token(); err != nil {
			return nil, err
		}
		if x == '{' {
			return dict, nil
		}
		return list, nil
	case string:
		return jinja.Str(x), nil
	case bool:
		return jinja.Bool(x), nil
	case json.Number:
		if i, err := strconv.ParseInt(x.String(), 10, 64); err == nil {
			return jinja.Int(i), nil
		}
		f, err := x.Float64()
		return jinja.Float(f), err
	}
	return jinja.None, nil
}

// entry reads the fields of a manifest's entry.
type entry struct{ d *jinja.Dict }

func (e entry) value(key string) jinja.Value {
	v, ok := e.d.Get(key)
	if !ok {
		return jinja.None
	}
	return v
}

func (e entry) text(key string) string {
	s, _ := e.value(key).(jinja.Str)
	return string(s)
}

func (e entry) dict(key string) *jinja.Dict {
	d, _ := e.value(key).(*jinja.Dict)
	return d
}

func (e entry) items(key string) []jinja.Value {
	l, ok := e.value(key).(*jinja.List)
	if !ok {
		return nil
	}
	return l.Items
}

func (e entry) texts(key string) []string {
	out := []string{}
	for _, v := range e.items(key) {
		out = append(out, jinja.Text(v))
	}
	return out
}

func (e entry) dicts(key string) (out []*jinja.Dict) {
	for _, v := range e.items(key) {
		out = append(out, v.(*jinja.Dict))
	}
	return out
}

func (e entry) lists(key string) (out [][]string) {
	for _, v := range e.items(key) {
		var inner []string
		for _, x := range v.(*jinja.List).Items {
			inner = append(inner, jinja.Text(x))
		}
		out = append(out, inner)
	}
	return out
}

func (e entry) docs() resource.Docs {
	d := e.dict("docs")
	if d == nil {
		return resource.Docs{}
	}
	return resource.Docs{Show: entry{d}.value("show") == jinja.Bool(true), NodeColor: entry{d}.text("node_color")}
}

// node turns an entry of dbt's manifest back into the resource it shows.
func (e entry) node() *resource.Node {
	n := &resource.Node{
		ID: node.ID(e.text("unique_id")), Kind: node.Kind(e.text("resource_type")), Name: e.text("name"), Package: e.text("package_name"),
		Path: e.text("path"), OriginalPath: e.text("original_file_path"), FQN: e.texts("fqn"), Language: e.text("language"),
		Database: e.text("database"), Schema: e.text("schema"), Alias: e.text("alias"), RelationName: e.text("relation_name"),
		Config: e.dict("config"), Unrendered: e.dict("unrendered_config"), Description: e.text("description"), DocBlocks: e.texts("doc_blocks"),
		PatchPath: e.text("patch_path"), Tags: e.texts("tags"), Meta: e.dict("meta"), Group: e.text("group"), Access: e.text("access"),
		Docs: e.docs(), RawCode: e.text("raw_code"), Metrics: e.lists("metrics"), Functions: e.lists("functions"),
		Version: e.value("version"), LatestVersion: e.value("latest_version"), DeprecationDate: e.text("deprecation_date"),
		Constraints: e.dicts("constraints"), PrimaryKey: e.texts("primary_key"), TimeSpine: e.value("time_spine"),
	}
	if sum := e.dict("checksum"); sum != nil {
		n.Checksum = resource.Checksum{Name: entry{sum}.text("name"), Value: entry{sum}.text("checksum")}
	} else {
		n.Checksum.Value = e.text("checksum")
	}
	if c := e.dict("contract"); c != nil {
		n.ContractChecksum = entry{c}.text("checksum")
	}
	if d := e.dict("depends_on"); d != nil {
		n.DependsOnMacros = entry{d}.texts("macros")
		for _, id := range (entry{d}).texts("nodes") {
			n.DependsOn = append(n.DependsOn, node.ID(id))
		}
	}
	for _, r := range e.dicts("refs") {
		n.Refs = append(n.Refs, resource.Ref{Package: entry{r}.text("package"), Name: entry{r}.text("name"), Version: entry{r}.value("version")})
	}
	for _, s := range e.lists("sources") {
		n.Sources = append(n.Sources, resource.SourceRef{Source: s[0], Table: s[1]})
	}
	if columns := e.dict("columns"); columns != nil {
		for _, v := range columns.Entries {
			c := entry{v.(*jinja.Dict)}
			extra := jinja.NewDict(0)
			for k, x := range c.d.Entries {
				switch key := jinja.Text(k); key {
				case "name", "description", "meta", "data_type", "constraints", "quote", "config", "tags", "granularity", "dimension", "entity", "doc_blocks":
				default:
					extra.Set(key, x)
				}
			}
			n.Columns = append(n.Columns, resource.Column{Name: c.text("name"), Description: c.text("description"), DataType: c.text("data_type"), DocBlocks: c.texts("doc_blocks"),
				ColumnDetails: &resource.ColumnDetails{Quote: c.value("quote"), Tags: c.texts("tags"), Meta: c.dict("meta"), Constraints: c.dicts("constraints"),
					Granularity: c.text("granularity"), Config: c.dict("config"), Extra: extra, Dimension: c.value("dimension"), Entity: c.value("entity")}})
		}
	}
	switch n.Kind {
	case node.Test:
		n.Test = &resource.Test{}
		if meta := e.dict("test_metadata"); meta != nil {
			n.Test = &resource.Test{Generic: true, Name: entry{meta}.text("name"), Namespace: entry{meta}.text("namespace"), Kwargs: entry{meta}.dict("kwargs"),
				ColumnName: e.text("column_name"), FileKeyName: e.text("file_key_name"), Attached: node.ID(e.text("attached_node"))}
		}
	case node.Source:
		n.Source = &resource.Source{Name: e.text("source_name"), Description: e.text("source_description"), Loader: e.text("loader"),
			Identifier: e.text("identifier"), Meta: e.dict("source_meta"), Quoting: e.dict("quoting"), LoadedAtField: e.value("loaded_at_field"),
			LoadedAtQuery: e.value("loaded_at_query"), Freshness: e.value("freshness"), External: e.value("external"),
			UnrenderedDatabase: e.text("unrendered_database"), UnrenderedSchema: e.text("unrendered_schema")}
	case node.Seed:
		n.Seed = &resource.Seed{RootPath: e.text("root_path")}
	case node.UnitTest:
		n.UnitTest = &resource.UnitTest{Model: e.text("model"), Given: e.dicts("given"), Expect: e.dict("expect"), Overrides: e.dict("overrides"),
			Versions: e.value("versions")}
	case node.Exposure, node.Metric, node.SemanticModel, node.SavedQuery, node.Function, node.Operation:
		n.Other = jinja.NewDict(0)
		for k, v := range e.d.Entries {
			switch key := jinja.Text(k); key {
			case "index", "returns", "arguments", "overloads", "type", "owner", "label", "maturity", "url", "type_params", "filter", "metadata",
				"time_granularity", "model", "node_relation", "defaults", "entities", "measures", "dimensions", "primary_entity", "query_params", "exports":
				n.Other.Set(key, v)
			}
		}
	}
	return n
}

// sample is dbt's manifest of the fixture project, and the project read back from it.
func sample(t testing.TB) (oracle entry, p Project, o Options) {
	t.Helper()
	text, err := os.ReadFile("../../manifest/testdata/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	oracle = entry{decode(t, text).(*jinja.Dict)}
	var nodes []*resource.Node
	compiled := map[node.ID]Compiled{}
	for _, name := range []string{"unit_tests", "nodes", "sources", "exposures", "metrics", "semantic_models", "saved_queries", "functions"} {
		for _, v := range oracle.dict(name).Entries {
			e := entry{v.(*jinja.Dict)}
			n := e.node()
			nodes = append(nodes, n)
			if e.value("compiled") == jinja.Bool(true) {
				c := Compiled{Path: e.text("compiled_path"), Code: e.text("compiled_code")}
				for _, x := range e.dicts("extra_ctes") {
					c.CTEs = append(c.CTEs, manifest.CTE{ID: entry{x}.text("id"), SQL: entry{x}.text("sql")})
				}
				compiled[n.ID] = c
			}
		}
	}
	slices.Reverse(nodes)
	var problems any
	p.Graph, problems = build(nodes)
	if p.Graph == nil {
		t.Fatal(problems)
	}
	for _, v := range oracle.dict("disabled").Entries {
		for _, x := range v.(*jinja.List).Items {
			p.Disabled = append(p.Disabled, entry{x.(*jinja.Dict)}.node())
		}
	}
	for _, v := range oracle.dict("macros").Entries {
		e := entry{v.(*jinja.Dict)}
		p.Macros = append(p.Macros, &resource.Macro{ID: e.text("unique_id"), Name: e.text("name"), Package: e.text("package_name"), Path: e.text("path"),
			OriginalPath: e.text("original_file_path"), Text: e.text("macro_sql"), Description: e.text("description"), Arguments: e.dicts("arguments"),
			DependsOnMacros: entry{e.dict("depends_on")}.texts("macros"), PatchPath: e.text("patch_path"), Docs: e.docs(), Meta: e.dict("meta")})
	}
	for _, v := range oracle.dict("docs").Entries {
		e := entry{v.(*jinja.Dict)}
		p.Docs = append(p.Docs, &resource.Doc{ID: e.text("unique_id"), Name: e.text("name"), Package: e.text("package_name"), Path: e.text("path"),
			OriginalPath: e.text("original_file_path"), Contents: e.text("block_contents")})
	}
	for _, v := range oracle.dict("groups").Entries {
		e := entry{v.(*jinja.Dict)}
		p.Groups = append(p.Groups, &resource.Group{ID: e.text("unique_id"), Name: e.text("name"), Package: e.text("package_name"), Path: e.text("path"),
			OriginalPath: e.text("original_file_path"), Description: e.text("description"), Owner: e.dict("owner"), Config: e.dict("config")})
	}
	p.Selectors = oracle.dict("selectors")
	o.Compiled = func(id node.ID) (Compiled, bool) { c, ok := compiled[id]; return c, ok }
	if err := json.Unmarshal(AppendValue(nil, oracle.dict("metadata")), &o.Metadata); err != nil {
		t.Fatal(err)
	}
	return oracle, p, o
}

func build(nodes []*resource.Node) (*graph.Graph, any) {
	g, list := graph.Build(nodes)
	return g, list
}

// plain reads JSON for comparison: times of creation are left out, and so is the order of the lists that dbt leaves in the order of its files.
func plain(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	for _, section := range v {
		entries, _ := section.(map[string]any)
		for _, e := range entries {
			switch e := e.(type) {
			case map[string]any:
				delete(e, "created_at")
			case []any:
				for _, x := range e {
					if d, ok := x.(map[string]any); ok {
						delete(d, "created_at")
					}
				}
			}
		}
	}
	for _, members := range v["group_map"].(map[string]any) {
		slices.SortFunc(members.([]any), func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	}
	return v
}

func TestManifestEqualsDbts(t *testing.T) {
	oracle, p, o := sample(t)
	var out bytes.Buffer
	if err := Write(&out, p, o); err != nil {
		t.Fatal(err)
	}
	got, want := plain(t, out.Bytes()), plain(t, AppendValue(nil, oracle.d))
	for section := range want {
		if reflect.DeepEqual(got[section], want[section]) {
			continue
		}
		a, b := got[section].(map[string]any), want[section].(map[string]any)
		for id := range b {
			if !reflect.DeepEqual(a[id], b[id]) {
				t.Errorf("%s %s\nweft %v\ndbt  %v", section, id, a[id], b[id])
			}
		}
		if len(a) != len(b) {
			t.Errorf("%s has %d entries, not %d", section, len(a), len(b))
		}
	}
	// Sections come in dbt's order.
	order := func(text []byte) (keys []string) {
		for k := range decode(t, text).(*jinja.Dict).Entries {
			keys = append(keys, jinja.Text(k))
		}
		return keys
	}
	if a, b := order(out.Bytes()), order(AppendValue(nil, oracle.d)); !slices.Equal(a, b) {
		t.Errorf("sections %v, not %v", a, b)
	}
}

func TestValuesAsPythonWritesThem(t *testing.T) {
	for _, c := range []struct {
		v    jinja.Value
		want string
	}{
		{nil, "null"}, {jinja.None, "null"}, {jinja.Bool(true), "true"}, {jinja.Int(-3), "-3"}, {jinja.Float(2), "2.0"},
		{&jinja.BigInt{Int: new(big.Int).Exp(big.NewInt(10), big.NewInt(20), nil)}, "100000000000000000000"},
		{jinja.Tuple{jinja.Int(1), jinja.Str("a")}, `[1,"a"]`}, {jinja.NewList(), "[]"}, {&jinja.Undefined{Name: "x"}, `""`},
		{jinja.NewDict(0), "{}"},
	} {
		if got := string(AppendValue(nil, c.v)); got != c.want {
			t.Errorf("%v: %s, want %s", c.v, got, c.want)
		}
	}
}

func TestLinesAsPythonDumpsThem(t *testing.T) {
	d := jinja.NewDict(2)
	d.Set("a", jinja.NewList(jinja.Int(1), jinja.Str("ä😀\n")))
	d.Set("b", jinja.None)
	if got, want := string(AppendLine(nil, d)), `{"a": [1, "\u00e4\ud83d\ude00\n"], "b": null}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// many makes a project of models with two generic tests each, as large as asked.
func many(t testing.TB, models int) (Project, Options) {
	_, p, o := sample(t)
	var model, test *resource.Node
	for _, n := range p.Graph.Nodes() {
		if n.Name == "customers" {
			model = n
		}
		if n.Kind == node.Test && n.Test.Generic {
			test = n
		}
	}
	var nodes []*resource.Node
	for i := range models {
		m := *model
		m.Name = fmt.Sprintf("model_%05d", i)
		m.ID, m.DependsOn = node.Make(node.Model, "shop", m.Name), nil
		if i > 0 {
			m.DependsOn = []node.ID{nodes[(i-1)*3].ID}
		}
		nodes = append(nodes, &m)
		for k := range 2 {
			n := *test
			n.Name = fmt.Sprintf("unique_%05d_%d", i, k)
			n.ID, n.DependsOn = node.Make(node.Test, "shop", n.Name), []node.ID{m.ID}
			nodes = append(nodes, &n)
		}
	}
	g, problems := build(nodes)
	if g == nil {
		t.Fatal(problems)
	}
	return Project{Graph: g, Groups: p.Groups}, o
}

func TestThreadsDoNotShow(t *testing.T) {
	p, o := many(t, 1500)
	var one bytes.Buffer
	if err := Write(&one, p, o); err != nil {
		t.Fatal(err)
	}
	for _, o.Threads = range []int{2, 3, 8} {
		var out bytes.Buffer
		if err := Write(&out, p, o); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(one.Bytes(), out.Bytes()) {
			t.Errorf("with %d threads the manifest is another", o.Threads)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	p, o := many(b, 10_667)
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprintf("threads=%d", threads), func(b *testing.B) {
			o.Threads = threads
			var n counter
			for b.Loop() {
				n = 0
				if err := Write(&n, p, o); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(n))
		})
	}
}

type counter int64

func (c *counter) Write(b []byte) (int, error) { *c += counter(len(b)); return len(b), nil }
