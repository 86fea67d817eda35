package render

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// scripted is a warehouse that answers queries from a table and remembers what it was asked.
type scripted struct {
	catalog
	answers map[string]*warehouse.Result
	asked   []string
}

func (s *scripted) Execute(_ context.Context, sql string, _ bool, _ int) (*warehouse.Result, error) {
	sql = strings.TrimSpace(sql)
	s.asked = append(s.asked, sql)
	if r := s.answers[sql]; r != nil {
		return r, nil
	}
	return &warehouse.Result{Message: "OK", Affected: -1}, nil
}

func TestStatements(t *testing.T) {
	e := small(t, "", "")
	w := &scripted{answers: map[string]*warehouse.Result{
		"select n from t": {Columns: []string{"n"}, Rows: [][]any{{int64(3)}, {int64(4)}}, Message: "SELECT 2", Affected: 2},
	}}
	n := model(`
{%- set r = run_query('select n from t') -%}
{{ r.columns[0].values() }} {{ r.rows | length }} {{ r.column_names }}
{%- call statement('mine', fetch_result=True) %}select n from t{% endcall -%}
{% set got = load_result('mine') %} {{ got['data'] }} {{ got.table.columns['n'].values()[1] }} {{ load_result('never') }}
{%- do store_raw_result('raw', message='m', code='C', rows_affected=1) %} {{ load_result('raw').response.code }}`)
	out, diags := e.Renderer(&single{}, RenderOptions{Warehouse: w}).Render(n)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	if want := "(3, 4)2('n',)[[3],[4]]4NoneC"; squeeze(out.Text) != squeeze(want) && squeeze(out.Text) != squeeze(strings.ReplaceAll(want, "(3, 4)", "(Decimal('3'),Decimal('4'))")) {
		t.Errorf("%s, want %s", out.Text, want)
	}
	if want := []string{"select n from t", "select n from t"}; !slices.Equal(w.asked, want) {
		t.Errorf("asked %q", w.asked)
	}
	_, diags = e.Renderer(&single{}, RenderOptions{Warehouse: w}).Render(model(
		"{% call statement('x') %}select 1{% endcall %}{% do load_result('x') %}{% do load_result('x') %}"))
	if len(diags) != 1 || !strings.Contains(diags[0].Detail, "The 'statement' result named 'x' has already been loaded into a variable") {
		t.Errorf("second load: %v", diags)
	}
}

func TestNoWarehouse(t *testing.T) {
	e := small(t, `{% macro asks() %}{{ return(run_query('select 1')) }}{% endmacro %}`, "")
	n := model("select 1\n{{ asks() }}")
	_, diags := e.Renderer(&single{}, RenderOptions{}).Render(n)
	if len(diags) != 1 || diags[0].Code != diag.NeedsWarehouse {
		t.Fatal(diags)
	}
	if d := diags[0]; d.Span.File.Path != "macros/root.sql" || len(d.Related) < 2 {
		t.Errorf("%s %+v", d.Span.File.Path, d.Related)
	}
}

func TestHooksAndOperations(t *testing.T) {
	e := small(t, `{% macro greet(name, n=1) %}{% do log('hello ' ~ name, info=True) %}{{ return(name ~ n ~ project_name) }}{% endmacro %}
{% macro broken() %}{{ ref('eph') }}{% endmacro %}`, `{% macro only() %}{{ print('x') }}{% endmacro %}`)
	eph := model("select 1")
	eph.ID, eph.Name, eph.Enabled = "model.root.eph", "eph", true
	eph.Config.Set("materialized", jinja.Str("ephemeral"))
	r := e.Renderer(&single{eph}, RenderOptions{})
	n := model("select 1")
	code := "select compiled"
	hook := source.Whole(source.NewFile("models/m.sql", "grant select on {{ this }} to {{ sql }} {{ results | length }}"))
	out, diags := r.RenderText(n, hook, &code, map[string]jinja.Value{"results": jinja.NewList(jinja.Int(1))})
	if want := `grant select on "db"."main"."m" to select compiled 1`; len(diags) > 0 || out.Text != want {
		t.Errorf("%s %v, want %s", out.Text, diags, want)
	}
	kwargs := jinja.NewDict(1)
	kwargs.Set("name", jinja.Str("you"))
	v, said, diags := r.RunMacro("", "greet", kwargs, "duckdb")
	if len(diags) > 0 || jinja.Text(v) != "you1root" || len(said) != 1 || said[0].Text != "hello you" || !said[0].Info {
		t.Errorf("%v %v %v", v, said, diags)
	}
	if _, said, _ := r.RunMacro("pkg", "only", nil, ""); len(said) != 1 || !said[0].Print {
		t.Errorf("print: %v", said)
	}
	if _, _, diags := r.RunMacro("", "nowhere", nil, ""); len(diags) != 1 || diags[0].Code != diag.MacroNotFound {
		t.Errorf("%v", diags)
	}
	if _, _, diags := r.RunMacro("", "broken", nil, ""); len(diags) != 1 || !strings.Contains(diags[0].Detail, "Operations can not ref() ephemeral nodes, but eph is ephemeral") {
		t.Errorf("%v", diags)
	}
}

// TestGraphIsSharedInTheRun: what is rendered ahead of its turn has its own graph and says that it kept something; in the run there is one.
func TestGraphIsSharedInTheRun(t *testing.T) {
	e := small(t, "", "")
	other := model("")
	other.ID, other.Name, other.Enabled = "model.root.other", "other", true
	other.Config.Set("materialized", jinja.Str("table"))
	g, kept := &single{other}, 0
	ahead := e.Renderer(g, RenderOptions{Ahead: func() { kept++ }})
	r := e.Renderer(g, RenderOptions{})
	text := `{% set n = graph.nodes['model.root.other'] %}{{ n.config.materialized }} {{ n.config.get('x', 'none') }}{% do n.config.update({'x': 1}) %} {{ n.config.x }}
{%- do graph.update({'mine': 1}) %} {{ graph.mine }} {{ graph.nodes.values() | map(attribute='name') | join(',') }} {{ n is mapping }} {{ 'name' in n }}
{%- for id, x in graph.nodes.items() %} {{ id }}={{ x.resource_type }}{% endfor %} {{ n.get('nope', 7) }}`
	want := "table none 1 1 other True True model.root.other=model 7"
	for range 2 { // what the first template changed, the second must not see
		out, diags := ahead.Render(model(text))
		if len(diags) > 0 || out.Text != want {
			t.Errorf("%q %v, want %q", out.Text, diags, want)
		}
	}
	if _, diags := ahead.Render(model("{{ graph.nodes | length }}")); len(diags) > 0 || kept != 2 {
		t.Errorf("%d templates kept something, want 2: %v", kept, diags)
	}
	hook := model("{% if 'seen' in graph %}again{% else %}first{% endif %}{% do graph.update({'seen': 1}) %}")
	hook.Kind = node.Operation
	for _, want := range []string{"first", "again"} {
		if out, diags := r.Render(hook); len(diags) > 0 || out.Text != want {
			t.Errorf("%q %v, want %q", out.Text, diags, want)
		}
	}
	// Templates on many goroutines add to one list; none is lost.
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if _, diags := r.Render(model("{% do graph.setdefault('list', []).append(1) %}")); len(diags) > 0 {
				t.Error(diags)
			}
		})
	}
	wait.Wait()
	if out, _ := r.Render(model("{{ graph.list | length }}")); out.Text != "20" {
		t.Errorf("%s entries, want 20", out.Text)
	}
	// Where a hook kept something, all who look are told to wait for their turn.
	hook.Kind = node.Operation
	ahead.Render(hook)
	before := kept
	if ahead.Render(model("{{ graph.get('seen') }}")); kept != before+1 {
		t.Error("a template that looks at the graph was not told to wait")
	}
}

func TestWarnings(t *testing.T) {
	e := small(t, "", "")
	out, diags := e.Renderer(&single{}, RenderOptions{}).Render(model("{{ exceptions.warn('careful') }}ok"))
	if out.Text != "ok" || len(diags) != 1 || diags[0].Severity != diag.Warning || diags[0].Detail != "careful" || diags.HasErrors() {
		t.Errorf("%q %v", out.Text, diags)
	}
}

func TestTestFailuresPointAtTheDeclaration(t *testing.T) {
	e := small(t, "{% test odd(model) %}{{ exceptions.raise_compiler_error('bad') }}{% endtest %}", "")
	yml := source.NewFile("models/schema.yml", "models:\n  - name: m\n    data_tests: [odd]\n")
	n := model("{{ test_odd(**_dbt_generic_test_kwargs) }}")
	n.Kind, n.ID, n.OriginalPath = node.Test, "test.root.odd_m", "models/schema.yml"
	n.Declared = source.Span{File: yml, Start: 40, End: 43}
	n.Test = &resource.Test{Generic: true, Name: "odd", Kwargs: evaluate(t, "{'model': '{{ this }}'}").(*jinja.Dict)}
	_, diags := e.Renderer(&single{}, RenderOptions{}).Render(n)
	if len(diags) != 1 || diags[0].Span.File.Path != "macros/root.sql" || len(diags[0].Related) != 1 || diags[0].Related[0].Span != n.Declared {
		t.Fatalf("%+v", diags)
	}
	n.Test.Kwargs = evaluate(t, "{'model': '{{ ref(1) }}'}").(*jinja.Dict)
	if _, diags := e.Scan(n); len(diags) != 1 || diags[0].Span != n.Declared {
		t.Fatalf("%+v", diags)
	}
}

// TestConcurrent renders everything on several goroutines and expects the same text each time; run with -race.
func TestConcurrent(t *testing.T) {
	f := loadManifest(t, "testdata/tour.duckdb.json", nil)
	r := f.engine.Renderer(f, RenderOptions{Warehouse: loadCatalog(t, "testdata/tour/catalog.json"), ReadOnly: true})
	var wait sync.WaitGroup
	texts := make([][]string, 4)
	for i := range texts {
		texts[i] = make([]string, len(f.nodes))
		wait.Add(1)
		go func() {
			defer wait.Done()
			for k := range f.nodes {
				n := f.nodes[(k+i*7)%len(f.nodes)]
				if n.Kind == node.Source || n.Kind == node.Seed {
					continue
				}
				scan, _ := f.engine.Scan(n)
				out, _ := r.Render(n)
				texts[i][(k+i*7)%len(f.nodes)] = describe(scan) + out.Text
			}
		}()
	}
	wait.Wait()
	for i := 1; i < len(texts); i++ {
		if !slices.Equal(texts[0], texts[i]) {
			t.Errorf("goroutine %d rendered something else", i)
		}
	}
}
