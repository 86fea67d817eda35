package render

import (
	"slices"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// small makes an engine of a root project "root" and a package "pkg", with the given macro files, for DuckDB.
func small(t testing.TB, root, pkg string) *Engine {
	t.Helper()
	l := NewLibrary("root")
	if diags := l.LoadMacros("root", []MacroFile{{source.NewFile("macros/root.sql", root), "macros/root.sql"}}); len(diags) > 0 {
		t.Fatal(diags)
	}
	if diags := l.LoadMacros("pkg", []MacroFile{{source.NewFile("macros/pkg.sql", pkg), "macros/pkg.sql"}}); len(diags) > 0 {
		t.Fatal(diags)
	}
	target := jinja.NewDict(4)
	target.Set("name", jinja.Str("dev"))
	target.Set("type", jinja.Str("duckdb"))
	target.Set("schema", jinja.Str("main"))
	target.Set("database", jinja.Str("db"))
	dialects := map[string]Dialect{}
	for _, name := range []string{"duckdb", "redshift"} {
		dialects[name] = Dialect{Target: target, Database: "db", Schema: "main"}
	}
	return New(Options{Library: l, Root: "root", Default: "duckdb", Dialects: dialects, Base: jinja.Names{"return": jinja.Return}})
}

// model makes a node with the given text.
func model(text string) *resource.Node {
	n := &resource.Node{
		ID: "model.root.m", Kind: node.Model, Name: "m", Package: "root", OriginalPath: "models/m.sql", Dialect: "duckdb",
		Database: "db", Schema: "main", Alias: "m", Config: jinja.NewDict(0), RawCode: text,
	}
	n.Code = source.Whole(source.NewFile(n.OriginalPath, text))
	return n
}

// single is a graph of some nodes that any reference by name finds.
type single []*resource.Node

func (s single) find(name string) (*resource.Node, bool) {
	for _, n := range s {
		if n.Name == name {
			return n, !n.Enabled
		}
	}
	return nil, false
}

func (s single) Ref(_ *resource.Node, _, name string, _ jinja.Value) (*resource.Node, bool) {
	return s.find(name)
}
func (s single) Source(_ *resource.Node, _, table string) (*resource.Node, bool) {
	return s.find(table)
}
func (s single) Metric(*resource.Node, string, string) (*resource.Node, bool)   { return nil, false }
func (s single) Function(*resource.Node, string, string) (*resource.Node, bool) { return nil, false }
func (s single) Nodes() []*resource.Node                                        { return s }
func (s single) Groups() []*resource.Group                                      { return nil }
func (s single) Node(id node.ID) *resource.Node {
	for _, n := range s {
		if n.ID == id {
			return n
		}
	}
	return nil
}

func render(t *testing.T, e *Engine, text string, g Graph) (string, diag.List) {
	t.Helper()
	out, diags := e.Renderer(g, RenderOptions{}).Render(model(text))
	return out.Text, diags
}

func TestMacroLookup(t *testing.T) {
	e := small(t, `
{% macro here() %}root here{% endmacro %}
{% macro calls_here() %}{{ here() }}{% endmacro %}
{% macro dbt_only() %}x{% endmacro %}`, `
{% macro here() %}pkg here{% endmacro %}
{% macro calls_here() %}{{ here() }}{% endmacro %}
{% macro only() %}pkg only{% endmacro %}`)
	for text, want := range map[string]string{
		"{{ here() }}":                                                 "root here",
		"{{ pkg.here() }}":                                             "pkg here",
		"{{ root.here() }}":                                            "root here",
		"{{ pkg.calls_here() }}":                                       "root here", // names are those of the node's package
		"{{ context['pkg']['only']() }}":                               "pkg only",
		"{{ only is defined }}":                                        "False",
		"{{ pkg.only is defined }} {{ pkg.x is defined }}":             "True False",
		"{{ dbt.type_string() }}":                                      "TEXT",
		"{{ adapter.dispatch('type_string')() }}":                      "TEXT",
		"{{ builtins.ref is defined }} {{ builtins.here is defined }}": "True False",
	} {
		got, diags := render(t, e, text, single{})
		if len(diags) > 0 || got != want {
			t.Errorf("%s: %q %v, want %q", text, got, diags, want)
		}
	}
}

func TestErrors(t *testing.T) {
	e := small(t, `
{% macro outer() %}{{ inner() }}{% endmacro %}
{% macro inner() %}{{ exceptions.raise_compiler_error("no: " ~ 1) }}{% endmacro %}`, ``)
	other := model("select 1")
	other.ID, other.Name, other.Alias, other.Enabled = "model.root.other", "other", "other", true
	off := model("select 1")
	off.ID, off.Name = "model.root.off", "off"
	g := single{other, off}
	for _, c := range []struct {
		text string
		code diag.Code
		want string
	}{
		{"{{ outer() }}", diag.RaisedError, "no: 1"},
		{"{{ ref('gone') }}", diag.TargetNotFound, "Model 'model.root.m' (models/m.sql) depends on a node named 'gone' which was not found"},
		{"{{ ref('p', 'gone', v=2) }}", diag.TargetNotFound, "Model 'model.root.m' (models/m.sql) depends on a node named 'gone' with version '2' in package or project 'p' which was not found"},
		{"{{ ref('off') }}", diag.TargetNotFound, "Model 'model.root.m' (models/m.sql) depends on a node named 'off' which is disabled"},
		{"{{ ref('other') }}", diag.UndeclaredRef, "dbt was unable to infer all dependencies for the model \"m\"."},
		{"{{ source('a', 'b') }}", diag.TargetNotFound, "Model 'model.root.m' (models/m.sql) depends on a source named 'a.b' which was not found"},
		{"{{ ref() }}", diag.TemplateArguments, "ref() takes at most two arguments (0 given)"},
		{"{{ ref(1) }}", diag.TemplateArguments, "The name argument to ref() must be a string, got <class 'int'>"},
		{"{{ source('a') }}", diag.TemplateArguments, "source() takes exactly two arguments (1 given)"},
		{"{{ adapter.dispatch('zz', 'dbt')() }}", diag.MacroNotFound, "In dispatch: No macro named 'zz' found within namespace: 'dbt'\n    Searched for: 'root.duckdb__zz', 'root.default__zz', 'dbt.duckdb__zz', 'dbt.default__zz'"},
		{"{{ adapter.dispatch('zz') }}", diag.MacroNotFound, "Searched for: 'duckdb__zz', 'default__zz'"},
		{"{{ adapter.dispatch('a.b') }}", diag.MacroNotFound, "Did you mean `adapter.dispatch(\"b\", macro_namespace=\"a\")`?"},
		{"{{ config.require('nope') }}", diag.MissingConfig, "Model 'model.root.m' does not define a required config parameter 'nope'."},
	} {
		_, diags := render(t, e, c.text, g)
		if len(diags) != 1 || diags[0].Code != c.code || !strings.Contains(diags[0].Detail, c.want) || diags[0].Node != "model.root.m" {
			t.Errorf("%s: %+v, want %s %q", c.text, diags, c.code, c.want)
			continue
		}
		if diags[0].Span.IsZero() {
			t.Errorf("%s: no place", c.text)
		}
	}
	_, diags := render(t, e, "select\n{{ outer() }}", g)
	if len(diags) != 1 || len(diags[0].Related) != 2 {
		t.Fatalf("chain: %+v", diags)
	}
	if at := diags[0].Related[1].Span; at.File.Path != "models/m.sql" || at.Position().Line != 2 {
		t.Errorf("the chain ends at %s %v", at.File.Path, at.Position())
	}
}

func TestDuplicateMacro(t *testing.T) {
	l := NewLibrary("root")
	diags := l.LoadMacros("root", []MacroFile{
		{source.NewFile("macros/a.sql", "{% macro m() %}{% endmacro %}"), "macros/a.sql"},
		{source.NewFile("macros/b.sql", "{% macro m() %}{% endmacro %}"), "macros/b.sql"},
	})
	if len(diags) != 1 || diags[0].Code != diag.DuplicateMacro || len(diags[0].Related) != 1 {
		t.Fatal(diags)
	}
}

func TestMaterializationNames(t *testing.T) {
	l := NewLibrary("root")
	text := `{% materialization mine, default %}{% endmaterialization %}
{%- materialization mine, adapter="duckdb", supported_languages=['sql', 'python'] -%}{%- endmaterialization -%}
{% test t(model) %}{% endtest %}{% data_test u(model) %}{% enddata_test %}`
	if diags := l.LoadMacros("root", []MacroFile{{source.NewFile("macros/a.sql", text), "macros/a.sql"}}); len(diags) > 0 {
		t.Fatal(diags)
	}
	var names []string
	for _, m := range l.packages["root"].order {
		names = append(names, m.res.Name+" "+strings.Join(m.res.SupportedLanguages, ","))
	}
	want := []string{"materialization_mine_default sql", "materialization_mine_duckdb sql,python", "test_t ", "test_u "}
	if !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
}

func TestConfigCalls(t *testing.T) {
	e := small(t, "", "")
	for text, want := range map[string]string{
		"{{ config(a=1) }}{{ config(a=2, b=3) }}":                                                    "{'a': 2, 'b': 3}",
		"{{ config(tags='x') }}{{ config(tags=['y']) }}":                                             "{'tags': ['x', 'y']}",
		"{{ config(a=1) }}{{ config(tags='x') }}":                                                    "{'a': 1, 'tags': ['x']}",
		"{{ config(meta={'a': 1}) }}{{ config({'meta': {'b': 2}}) }}":                                "{'meta': {'a': 1, 'b': 2}}",
		"{{ config(pre_hook='x') }}":                                                                 "{'pre-hook': 'x'}",
		"{{ config(grants={'select': 'a'}) }}{{ config(grants={'+select': ['b'], 'insert': 'c'}) }}": "{'grants': {'select': ['a'], '+select': ['b'], 'insert': ['c']}}",
		"{% if execute %}{{ config(a=1) }}{% else %}{{ config(a=config.get('z')) }}{% endif %}":      "{'a': ''}",
	} {
		scan, diags := e.Scan(model(text))
		if len(diags) > 0 || scan.Config == nil || jinja.Repr(scan.Config) != want {
			t.Errorf("%s: %v %v, want %s", text, scan.Config, diags, want)
		}
	}
	for _, text := range []string{"{{ config() }}", "{{ config(1) }}", "{{ config(pre_hook='a', **{'pre-hook': 'b'}) }}"} {
		if _, diags := e.Scan(model(text)); !diags.HasErrors() {
			t.Errorf("%s: no error", text)
		}
	}
}

func TestCapture(t *testing.T) {
	e := small(t, `
{% macro deep() %}{{ ref('from_macro') }}{{ nested() }}{% endmacro %}
{% macro nested() %}x{% endmacro %}`, "")
	scan, diags := e.Scan(model(`
{{ unknown(1).a['b'] }} {{ pkg.unknown(ref('inside')) }} {% for x in unknown2 %}{{ ref('never') }}{% endfor %}
{% set q = run_query('select 1') %}{{ deep() }} {{ ref('plain').identifier }}
{% if adapter.get_relation('a', 'b', 'c') is none %}{{ ref('none') }}{% endif %}
{% for c in adapter.get_columns_in_relation(this) %}{{ ref('never') }}{% endfor %}{{ var('missing') }}{{ source('s', 't') }}`))
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	var refs []string
	for _, r := range scan.Refs {
		refs = append(refs, r.Name)
	}
	if want := []string{"inside", "from_macro", "plain", "none"}; !slices.Equal(refs, want) {
		t.Errorf("refs %v, want %v", refs, want)
	}
	if want := []string{"macro.dbt.run_query", "macro.root.deep"}; !slices.Equal(scan.Macros, want) {
		t.Errorf("macros %v, want %v", scan.Macros, want)
	}
	if len(scan.Sources) != 1 {
		t.Errorf("sources %v", scan.Sources)
	}
	if _, diags := e.Scan(model("{{ nope_in_macro() }}")); len(diags) > 0 {
		t.Errorf("an unknown macro in a model's text: %v", diags)
	}
}

// TestStaticScan holds the shortcut for the built-in tests to what running them finds.
func TestStaticScan(t *testing.T) {
	e := small(t, "", "")
	slow := small(t, "", "")
	slow.noShortcuts = true
	for _, kwargs := range []string{
		"{'model': \"{{ get_where_subquery(ref('a')) }}\", 'column_name': 'c', 'values': ['a', 1]}",
		"{'to': \"ref('b')\", 'field': 'id', 'model': \"{{ get_where_subquery(source('s', 't')) }}\", 'column_name': 'c'}",
		"{'to': \"ref( 'b' )\", 'field': '{{ 1 }}', 'model': \"{{ get_where_subquery(ref('a', version='2')) }}\", 'column_name': 'c'}",
	} {
		for _, name := range []string{"accepted_values", "relationships"} {
			n := model("{{ test_" + name + "(**_dbt_generic_test_kwargs) }}{{ config(severity='warn',tags=['a']) }}")
			n.Kind, n.ID = node.Test, "test.root.t"
			n.Test = &resource.Test{Generic: true, Name: name, Kwargs: evaluate(t, kwargs).(*jinja.Dict)}
			if _, ok := n.Test.Kwargs.Get("values"); ok != (name == "accepted_values") {
				continue
			}
			a, ad := e.Scan(n)
			b, bd := slow.Scan(n)
			if len(ad) != len(bd) || describe(a) != describe(b) {
				t.Errorf("%s %s:\n%s %v\nwant\n%s %v", name, kwargs, describe(a), ad, describe(b), bd)
			}
		}
	}
}

// evaluate gives the value of an expression.
func evaluate(t testing.TB, text string) jinja.Value {
	t.Helper()
	e, diags := jinja.ParseExpression(source.Whole(source.NewFile("x", text)), jinja.Options{})
	if e == nil {
		t.Fatal(diags)
	}
	v, err := e.RenderNative(&jinja.Thread{}, jinja.Names{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// describe is a scan as text, without places.
func describe(s resource.Scan) string {
	var b strings.Builder
	for _, r := range s.Refs {
		b.WriteString("ref " + r.Package + " " + r.Name + " " + jinja.Repr(r.Version) + "\n")
	}
	for _, r := range s.Sources {
		b.WriteString("source " + r.Source + " " + r.Table + "\n")
	}
	if s.Config != nil {
		b.WriteString("config " + jinja.Repr(s.Config) + "\n")
	}
	b.WriteString("macros " + strings.Join(s.Macros, " ") + "\n")
	return b.String()
}

func TestTrackedRelations(t *testing.T) {
	e := small(t, `{% macro both(r) %}{{ r }}, "{{ r.identifier }}"{% endmacro %}`, "")
	other := model("")
	other.ID, other.Name, other.Alias, other.Enabled = "model.root.other", "other", "other", true
	n := model(`select "db"."main"."other" from {{ ref('other') }} join {{ both(ref('other')) }} where {{ this }}`)
	n.DependsOn = []node.ID{other.ID}
	out, diags := e.Renderer(single{other}, RenderOptions{}).Render(n)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	var found []string
	for _, r := range out.Relations {
		found = append(found, string(r.Node)+"="+out.Text[r.Start:r.End])
	}
	want := []string{`model.root.other="db"."main"."other"`, `model.root.other="db"."main"."other"`, `model.root.m="db"."main"."m"`}
	if !slices.Equal(found, want) {
		t.Errorf("%q, want %q in %s", found, want, out.Text)
	}
	if first := out.Relations[0].Start; first != strings.Index(out.Text, "from ")+5 {
		t.Errorf("what the author wrote by hand was taken for a reference: %d in %s", first, out.Text)
	}
}

func TestEphemeralOrder(t *testing.T) {
	e := small(t, "", "")
	ephemeral := func(name string, text string, depends ...node.ID) *resource.Node {
		n := model(text)
		n.ID, n.Name, n.Alias, n.Enabled, n.DependsOn = node.ID("model.root."+name), name, name, true, depends
		n.Config = jinja.NewDict(1)
		n.Config.Set("materialized", jinja.Str("ephemeral"))
		return n
	}
	g := single{
		ephemeral("a", "select 1"),
		ephemeral("b", "select * from {{ ref('a') }}", "model.root.a"),
		ephemeral("c", "select * from {{ ref('a') }}", "model.root.a"),
		ephemeral("x", "{{ ref('y') }}", "model.root.y"),
		ephemeral("y", "{{ ref('x') }}", "model.root.x"),
	}
	r := e.Renderer(g, RenderOptions{})
	n := model("{{ ref('c') }} {{ ref('b') }} {{ ref('c') }}")
	n.DependsOn = []node.ID{"model.root.b", "model.root.c"}
	out, diags := r.Render(n)
	if len(diags) > 0 || out.Text != "__dbt__cte__c __dbt__cte__b __dbt__cte__c" {
		t.Fatal(out.Text, diags)
	}
	ctes, diags := r.CTEs(n, out.Ephemeral)
	var names []string
	for _, c := range ctes {
		names = append(names, c.Name)
	}
	if want := []string{"__dbt__cte__a", "__dbt__cte__c", "__dbt__cte__b"}; len(diags) > 0 || !slices.Equal(names, want) {
		t.Errorf("%v %v, want %v", names, diags, want)
	}
	if want := " __dbt__cte__a as (\nselect 1\n)"; len(ctes) > 0 && ctes[0].Clause() != want {
		t.Errorf("%q, want %q", ctes[0].Clause(), want)
	}
	n = model("{{ ref('x') }}")
	n.DependsOn = []node.ID{"model.root.x"}
	out, _ = r.Render(n)
	if _, diags := r.CTEs(n, out.Ephemeral); len(diags) != 1 || diags[0].Code != diag.EphemeralCycle {
		t.Errorf("a cycle: %v", diags)
	}
}

func TestOverrides(t *testing.T) {
	e := small(t, `{% macro duckdb__create_table_as(a, b, c) %}{% endmacro %}{% macro run_hooks(h, inside_transaction=True) %}{% endmacro %}
{% macro redshift__drop_relation(r) %}{% endmacro %}`, `{% macro create_view_as(a, b) %}{% endmacro %}`)
	for materialized, want := range map[string]string{"table": "create_table_as run_hooks", "view": "run_hooks", "ephemeral": ""} {
		n := model("")
		n.Config.Set("materialized", jinja.Str(materialized))
		var names []string
		for _, o := range e.Overrides(n) {
			names = append(names, o.Helper)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: %q, want %q", materialized, got, want)
		}
	}
}

func TestGenerateName(t *testing.T) {
	e := small(t, `{% macro generate_alias_name(custom_alias_name=none, node=none) %} {{ node.config.get('team', 'none') }}_{{ node.name }} {% endmacro %}`,
		`{% macro generate_schema_name(custom_schema_name, node) %}{{ return(none) }}{% endmacro %}`)
	n := model("")
	n.Config.Set("team", jinja.Str("core"))
	for _, c := range []struct {
		what   string
		custom jinja.Value
		pkg    string
		want   string
	}{
		{"alias", jinja.None, "root", "core_m"},
		{"schema", jinja.None, "root", "main"},
		{"schema", jinja.Str("x "), "root", "main_x"},
		{"schema", jinja.None, "pkg", ""},
		{"database", jinja.None, "root", "db"},
		{"database", jinja.Str("other"), "root", "other"},
	} {
		n.Package = c.pkg
		got, diags := e.GenerateName(c.what, c.custom, n)
		if len(diags) > 0 || got != c.want {
			t.Errorf("%s %v in %s: %q %v, want %q", c.what, c.custom, c.pkg, got, diags, c.want)
		}
	}
}

func TestPythonScan(t *testing.T) {
	e := small(t, "", "")
	n := model(`
def model(dbt, session):
    dbt.config(materialized="table", packages=["numpy"])  # dbt.ref("comment")
    text = "dbt.ref('string')"
    a = dbt.ref("a").limit(1)
    b = dbt.source('s', "t")
    my_dbt.ref("not")
    c = f(dbt.ref('p', 'c', v=2), dbt.config.get("x", 1))
    return a
`)
	n.Language = "python"
	scan, diags := e.Scan(n)
	want := "ref  a None\nref p c 2\nsource s t\nconfig {'materialized': 'table', 'packages': ['numpy'], 'config_keys_used': ['x'], 'config_keys_defaults': [1], 'meta_keys_used': [], 'meta_keys_defaults': []}\nmacros \n"
	if len(diags) > 0 || describe(scan) != want {
		t.Errorf("%s %v, want %s", describe(scan), diags, want)
	}
}

func TestExternalLocation(t *testing.T) {
	e := small(t, "", "")
	d := e.dialect("duckdb")
	for pattern, want := range map[string]string{
		"s3://b/{name}.parquet|":        "'s3://b/t.parquet'",
		"read_csv('{identifier}.csv')|": "read_csv('i.csv')",
		"%(schema)s/%(name)s|oldstyle":  "'sch/t'",
		"$schema/${name}_x/$$|template": "'sch/t_x/$'",
		"'quoted'|":                     "'quoted'",
	} {
		text, formatter, _ := strings.Cut(pattern, "|")
		n := &resource.Node{Kind: node.Source, Name: "t", Schema: "sch", Source: &resource.Source{Name: "s", Identifier: "i"}, Meta: jinja.NewDict(2)}
		n.Meta.Set("external_location", jinja.Str(text))
		if formatter != "" {
			n.Meta.Set("formatter", jinja.Str(formatter))
		}
		if got, err := externalLocation(d, n); err != nil || got != want {
			t.Errorf("%s: %q %v, want %q", pattern, got, err, want)
		}
	}
}

func TestEmptyAndSample(t *testing.T) {
	e := small(t, "", "")
	other := model("")
	other.ID, other.Name, other.Alias, other.Enabled = "model.root.other", "other", "other", true
	other.Config = jinja.NewDict(1)
	other.Config.Set("event_time", jinja.Str("at"))
	n := model("{{ ref('other') }}")
	n.DependsOn = []node.ID{other.ID}
	out, _ := e.Renderer(single{other}, RenderOptions{Empty: true}).Render(n)
	if want := `(select * from "db"."main"."other" where false limit 0)`; out.Text != want {
		t.Errorf("%s, want %s", out.Text, want)
	}
	out, _ = e.Renderer(single{other}, RenderOptions{Sample: &Sample{Start: "2024-01-01 00:00:00+00:00"}}).Render(n)
	if want := `(select * from "db"."main"."other" where at >= '2024-01-01 00:00:00+00:00')`; out.Text != want {
		t.Errorf("%s, want %s", out.Text, want)
	}
}
