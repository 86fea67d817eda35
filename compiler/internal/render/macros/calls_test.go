package macros_test

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/render/macros"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

var dialects = []string{"postgres", "redshift", "athena", "spark", "duckdb"}

// TestCallsAsDbt renders calls of built-in macros with our engine and our library, and compares with what dbt made of the same
// calls (tests/oracle/macros/expect.py), white space left out.
func TestCallsAsDbt(t *testing.T) {
	f, err := os.Open("testdata/calls.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	e := engine()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	seen, bad := 0, 0
	for lines.Scan() {
		var call struct {
			Dialect, Text, Want string
			Config              map[string]any
		}
		if err := json.Unmarshal(lines.Bytes(), &call); err != nil {
			t.Fatal(err)
		}
		n := &resource.Node{
			ID: "model.root.m", Kind: node.Model, Name: "m", Package: "root", OriginalPath: "models/m.sql", Dialect: call.Dialect,
			Database: "db", Schema: "sch", Alias: "m", Config: value(call.Config).(*jinja.Dict), RawCode: call.Text,
		}
		n.Code = source.Whole(source.NewFile(n.OriginalPath, call.Text))
		got, diags := e.Renderer(nothing{}, render.RenderOptions{}).Render(n)
		seen++
		if len(diags) > 0 || bare(got.Text) != bare(call.Want) {
			if bad++; bad <= 20 {
				t.Errorf("%s %s %v\n got %s %v\nwant %s", call.Dialect, call.Text, call.Config, bare(got.Text), diags, bare(call.Want))
			}
		}
	}
	if seen < 1000 || bad > 0 {
		t.Errorf("%d of %d calls differ", bad, seen)
	}
}

func bare(s string) string { return strings.Join(strings.Fields(s), "") }

func engine() *render.Engine {
	o := render.Options{
		Library: render.NewLibrary("root"), Root: "root", Default: "postgres", Dialects: map[string]render.Dialect{},
		Base: basecontext.Names(basecontext.Options{RunStartedAt: time.Date(2024, 5, 6, 7, 8, 9, 101112000, time.UTC)}),
	}
	for _, name := range dialects {
		target := value(map[string]any{
			"name": "dev", "type": name, "schema": "tgt_schema", "database": "tgt_db", "method": "thrift", "endpoint": nil,
			"s3_data_dir": "s3://d", "s3_data_naming": "unique",
		})
		o.Dialects[name] = render.Dialect{Target: target.(*jinja.Dict), Database: "tgt_db", Schema: "tgt_schema"}
	}
	return render.New(o)
}

// value converts what JSON decodes to.
func value(v any) jinja.Value {
	switch v := v.(type) {
	case bool:
		return jinja.Bool(v)
	case float64:
		return jinja.Int(int64(v))
	case string:
		return jinja.Str(v)
	case []any:
		l := jinja.NewList()
		for _, x := range v {
			l.Items = append(l.Items, value(x))
		}
		return l
	case map[string]any:
		d := jinja.NewDict(len(v))
		for _, k := range sortedKeys(v) {
			d.Set(k, value(v[k]))
		}
		return d
	}
	return jinja.None
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// nothing is a graph without nodes.
type nothing struct{}

func (nothing) Ref(*resource.Node, string, string, jinja.Value) (*resource.Node, bool) {
	return nil, false
}
func (nothing) Source(*resource.Node, string, string) (*resource.Node, bool)   { return nil, false }
func (nothing) Metric(*resource.Node, string, string) (*resource.Node, bool)   { return nil, false }
func (nothing) Function(*resource.Node, string, string) (*resource.Node, bool) { return nil, false }
func (nothing) Node(node.ID) *resource.Node                                    { return nil }
func (nothing) Nodes() []*resource.Node                                        { return nil }
func (nothing) Groups() []*resource.Group                                      { return nil }

// TestLibraryParses parses every macro of every package, which is otherwise done when a macro is first called.
func TestLibraryParses(t *testing.T) {
	filters := jinja.MarkFilters()
	filters["is_list"] = jinja.NewFunc("is_list", func(*jinja.Call) (jinja.Value, error) { return jinja.None, nil })
	for _, d := range dialects {
		for _, pkg := range macros.Packages(d) {
			files := macros.Files(pkg)
			if len(files) == 0 {
				t.Errorf("no files in %s", pkg)
			}
			for _, f := range files {
				src := source.NewFile(pkg+"/"+f.Path, f.SQL)
				blocks, diags := jinja.Blocks(source.Whole(src), "macro", "materialization", "test", "data_test")
				if len(diags) > 0 || len(blocks) == 0 {
					t.Errorf("%s: %d blocks, %v", src.Path, len(blocks), diags)
				}
				for _, b := range blocks {
					if _, diags := jinja.Parse(b.Span, jinja.Options{Filters: filters}); len(diags) > 0 {
						t.Errorf("%s %s: %v", src.Path, b.Name, diags)
					}
				}
			}
		}
	}
}

func BenchmarkParseLibrary(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		for _, pkg := range macros.Packages("redshift") {
			for _, f := range macros.Files(pkg) {
				src := source.NewFile(f.Path, f.SQL)
				blocks, _ := jinja.Blocks(source.Whole(src), "macro", "materialization", "test", "data_test")
				for _, block := range blocks {
					jinja.Parse(block.Span, jinja.Options{})
				}
			}
		}
	}
}
