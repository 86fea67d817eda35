package render

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/compiler/source"
)

// fixture is a project as a manifest of dbt describes it: enough to scan and render its nodes without reading a project.
type fixture struct {
	dialect string
	root    string
	library *Library
	nodes   []*resource.Node
	byID    map[node.ID]*resource.Node
	raw     map[node.ID]*jinja.Dict
	macros  map[string][]string // depends_on.macros of the project's macros
	engine  *Engine
}

// decodeJSON reads JSON into values of a template, keys in their order.
func decodeJSON(t testing.TB, data []byte) jinja.Value {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	v, err := decodeValue(d)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func decodeValue(d *json.Decoder) (jinja.Value, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			out := jinja.NewDict(8)
			for d.More() {
				key, err := d.Token()
				if err != nil {
					return nil, err
				}
				v, err := decodeValue(d)
				if err != nil {
					return nil, err
				}
				out.Set(key.(string), v)
			}
			_, err := d.Token()
			return out, err
		}
		out := jinja.NewList()
		for d.More() {
			v, err := decodeValue(d)
			if err != nil {
				return nil, err
			}
			out.Items = append(out.Items, v)
		}
		_, err := d.Token()
		return out, err
	case nil:
		return jinja.None, nil
	case bool:
		return jinja.Bool(token), nil
	case string:
		return jinja.Str(token), nil
	case json.Number:
		if i, err := token.Int64(); err == nil {
			return jinja.Int(i), nil
		}
		f, err := token.Float64()
		return jinja.Float(f), err
	}
	return nil, fmt.Errorf("unexpected token %v", token)
}

func str(d *jinja.Dict, key string) string {
	if d == nil {
		return ""
	}
	v, _ := d.Get(key)
	if s, ok := v.(jinja.Str); ok {
		return string(s)
	}
	return ""
}

func dict(d *jinja.Dict, key string) *jinja.Dict {
	if d == nil {
		return nil
	}
	v, _ := d.Get(key)
	out, _ := v.(*jinja.Dict)
	return out
}

func texts(d *jinja.Dict, key string) (out []string) {
	v, ok := d.Get(key)
	if !ok {
		return nil
	}
	for item := range items(v) {
		out = append(out, jinja.Text(item))
	}
	return out
}

// loadManifest reads a manifest. vars holds the variables of each package, {} if there are none.
func loadManifest(t testing.TB, path string, vars map[string]*jinja.Dict) *fixture {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	root := decodeJSON(t, data).(*jinja.Dict)
	metadata := dict(root, "metadata")
	f := &fixture{dialect: str(metadata, "adapter_type"), root: str(metadata, "project_name"), byID: map[node.ID]*resource.Node{}, raw: map[node.ID]*jinja.Dict{}, macros: map[string][]string{}}
	f.library = NewLibrary(f.root)
	files := map[string]map[string][]string{}
	for k, v := range dict(root, "macros").Entries {
		m := v.(*jinja.Dict)
		pkg := str(m, "package_name")
		if pkg == "dbt" || strings.HasPrefix(pkg, "dbt_") && isBuiltinPackage(pkg) {
			continue
		}
		f.macros[jinja.Text(k)] = texts(dict(m, "depends_on"), "macros")
		if files[pkg] == nil {
			files[pkg] = map[string][]string{}
		}
		path := str(m, "original_file_path")
		files[pkg][path] = append(files[pkg][path], str(m, "macro_sql"))
	}
	for _, pkg := range sortedKeys(files) {
		var list []MacroFile
		for _, path := range sortedKeys(files[pkg]) {
			list = append(list, MacroFile{Text: source.NewFile(path, strings.Join(files[pkg][path], "\n")), Path: path})
		}
		if diags := f.library.LoadMacros(pkg, list); diags.HasErrors() {
			t.Fatal(diags)
		}
	}
	for _, section := range []string{"nodes", "sources"} {
		for _, v := range dict(root, section).Entries {
			d := v.(*jinja.Dict)
			n := nodeFrom(d, f.dialect)
			f.nodes = append(f.nodes, n)
			f.byID[n.ID] = n
			f.raw[n.ID] = d
		}
	}
	target := dict(root, "target")
	if target == nil {
		target = jinja.NewDict(8)
		target.Set("name", jinja.Str("dev"))
		target.Set("type", jinja.Str(f.dialect))
		target.Set("schema", jinja.Str("public"))
		for _, n := range f.nodes {
			if n.Database != "" && n.Kind == node.Model {
				target.Set("database", jinja.Str(n.Database))
				target.Set("dbname", jinja.Str(n.Database))
				break
			}
		}
	}
	if vars == nil {
		vars = map[string]*jinja.Dict{}
		if all := dict(root, "vars"); all != nil {
			for k, v := range all.Entries {
				vars[jinja.Text(k)] = v.(*jinja.Dict)
			}
		}
	}
	flags := jinja.NewDict(4)
	for _, name := range []string{"FULL_REFRESH", "STORE_FAILURES"} {
		flags.Set(name, jinja.Bool(false))
	}
	flags.Set("WHICH", jinja.Str("compile"))
	f.engine = New(Options{
		Library: f.library, Root: f.root, Default: f.dialect, Vars: func(pkg string) basecontext.Variables {
			if vars[pkg] == nil {
				pkg = f.root
			}
			return basecontext.VarMap{Values: vars[pkg]}
		},
		Flags:    flags,
		Base:     basecontext.Names(basecontext.Options{RunStartedAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), InvocationID: "00000000-0000-0000-0000-000000000000"}),
		Dispatch: testDispatch(root),
		Dialects: map[string]Dialect{f.dialect: {Target: target, Database: str(target, "database"), Schema: str(target, "schema")}},
	})
	return f
}

func testDispatch(root *jinja.Dict) map[string][]string {
	out := map[string][]string{}
	v, ok := root.Get("dispatch")
	if !ok {
		return nil
	}
	for item := range items(v) {
		d := item.(*jinja.Dict)
		out[str(d, "macro_namespace")] = texts(d, "search_order")
	}
	return out
}

func isBuiltinPackage(name string) bool {
	for _, d := range []string{"postgres", "redshift", "athena", "spark", "duckdb"} {
		if name == "dbt_"+d {
			return true
		}
	}
	return false
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func nodeFrom(d *jinja.Dict, dialect string) *resource.Node {
	n := &resource.Node{
		ID: node.ID(str(d, "unique_id")), Kind: node.Kind(str(d, "resource_type")), Name: str(d, "name"), Package: str(d, "package_name"),
		Path: str(d, "path"), OriginalPath: str(d, "original_file_path"), FQN: texts(d, "fqn"), Language: str(d, "language"),
		Database: str(d, "database"), Schema: str(d, "schema"), Alias: str(d, "alias"), RelationName: str(d, "relation_name"),
		Dialect: dialect, Config: dict(d, "config"), Unrendered: dict(d, "unrendered_config"), Enabled: true,
		Description: str(d, "description"), PatchPath: str(d, "patch_path"), Tags: texts(d, "tags"), Meta: dict(d, "meta"),
		Group: str(d, "group"), Access: str(d, "access"), RawCode: str(d, "raw_code"),
		Checksum: resource.Checksum{Name: str(dict(d, "checksum"), "name"), Value: str(dict(d, "checksum"), "checksum")},
	}
	n.Code = source.Whole(source.NewFile(n.OriginalPath, n.RawCode))
	n.Version, _ = d.Get("version")
	if depends := dict(d, "depends_on"); depends != nil {
		for _, id := range texts(depends, "nodes") {
			n.DependsOn = append(n.DependsOn, node.ID(id))
		}
		n.DependsOnMacros = texts(depends, "macros")
	}
	if columns := dict(d, "columns"); columns != nil {
		for _, v := range columns.Entries {
			c := v.(*jinja.Dict)
			column := resource.Column{Name: str(c, "name"), Description: str(c, "description"), DataType: str(c, "data_type"),
				ColumnDetails: &resource.ColumnDetails{Meta: dict(c, "meta"), Config: dict(c, "config")}}
			column.Quote, _ = c.Get("quote")
			n.Columns = append(n.Columns, column)
		}
	}
	if n.Kind == node.Source {
		n.Source = &resource.Source{Name: str(d, "source_name"), Identifier: str(d, "identifier"), Loader: str(d, "loader"), Quoting: dict(d, "quoting"), Meta: dict(d, "source_meta")}
		n.Alias = n.Source.Identifier
	}
	if n.Kind == node.Test {
		n.Test = &resource.Test{}
		if metadata := dict(d, "test_metadata"); metadata != nil {
			n.Test.Generic = true
			n.Test.Name, n.Test.Namespace, n.Test.Kwargs = str(metadata, "name"), str(metadata, "namespace"), dict(metadata, "kwargs")
			n.Test.ColumnName = str(d, "column_name")
		}
	}
	return n
}

// Ref, Source and the others make a fixture a Graph.
func (f *fixture) Ref(from *resource.Node, pkg, name string, version jinja.Value) (*resource.Node, bool) {
	var found *resource.Node
	for _, n := range f.nodes {
		if n.Name != name || n.Kind != node.Model && n.Kind != node.Seed && n.Kind != node.Snapshot {
			continue
		}
		if pkg != "" && n.Package != pkg {
			continue
		}
		if version != nil && !isNone(version) && (n.Version == nil || jinja.Text(n.Version) != jinja.Text(version)) {
			continue
		}
		if found == nil || n.Package == from.Package {
			found = n
		}
	}
	return found, false
}

func (f *fixture) Source(from *resource.Node, source, table string) (*resource.Node, bool) {
	for _, n := range f.nodes {
		if n.Source != nil && n.Source.Name == source && n.Name == table {
			return n, false
		}
	}
	return nil, false
}

func (f *fixture) Metric(*resource.Node, string, string) (*resource.Node, bool)   { return nil, false }
func (f *fixture) Function(*resource.Node, string, string) (*resource.Node, bool) { return nil, false }
func (f *fixture) Node(id node.ID) *resource.Node                                 { return f.byID[id] }
func (f *fixture) Nodes() []*resource.Node                                        { return f.nodes }
func (f *fixture) Groups() []*resource.Group                                      { return nil }

// catalog answers from a catalog.json.
type catalog struct{ relations map[string]catalogEntry }

type catalogEntry struct {
	kind    string
	columns []warehouse.ColumnInfo
}

func loadCatalog(t testing.TB, path string) *catalog {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := &catalog{relations: map[string]catalogEntry{}}
	root := decodeJSON(t, data).(*jinja.Dict)
	for _, section := range []string{"nodes", "sources"} {
		for _, v := range dict(root, section).Entries {
			d := v.(*jinja.Dict)
			m := dict(d, "metadata")
			e := catalogEntry{kind: "table"}
			if strings.Contains(strings.ToLower(str(m, "type")), "view") {
				e.kind = "view"
			}
			type column struct {
				index int64
				info  warehouse.ColumnInfo
			}
			var columns []column
			for _, v := range dict(d, "columns").Entries {
				cd := v.(*jinja.Dict)
				index, _ := cd.Get("index")
				i, _ := index.(jinja.Int)
				columns = append(columns, column{int64(i), warehouse.ColumnInfo{Name: str(cd, "name"), Type: str(cd, "type")}})
			}
			sort.Slice(columns, func(i, j int) bool { return columns[i].index < columns[j].index })
			for _, col := range columns {
				e.columns = append(e.columns, col.info)
			}
			c.relations[strings.ToLower(str(m, "schema")+"."+str(m, "name"))] = e
		}
	}
	return c
}

func (c *catalog) GetRelation(_ context.Context, r node.Relation) (*warehouse.Found, error) {
	e, ok := c.relations[strings.ToLower(r.Schema+"."+r.Identifier)]
	if !ok {
		return nil, nil
	}
	return &warehouse.Found{Relation: r, Type: e.kind}, nil
}

func (c *catalog) Columns(_ context.Context, r node.Relation) ([]warehouse.ColumnInfo, error) {
	return c.relations[strings.ToLower(r.Schema+"."+r.Identifier)].columns, nil
}

func (c *catalog) List(context.Context, string, string) ([]warehouse.Found, error) { return nil, nil }
func (c *catalog) Schemas(context.Context, string) ([]string, error)               { return nil, nil }
func (c *catalog) Act(context.Context, plan.Act) error                             { return fmt.Errorf("no warehouse") }
func (c *catalog) Execute(context.Context, string, bool, int) (*warehouse.Result, error) {
	return nil, fmt.Errorf("no warehouse")
}
