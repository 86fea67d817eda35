package jinja

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/diag"
)

// TestLimits runs templates that would need too much of something. Each ends soon, in a diagnostic.
func TestLimits(t *testing.T) {
	nest := func(open, inner, shut string, n int) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(shut, n)
	}
	for name, text := range map[string]string{
		"endless recursion":     "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
		"mutual recursion":      "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
		"caller recursion":      "{% macro m() %}{{ caller() }}{% endmacro %}{% macro n() %}{% call m() %}{{ n() }}{% endcall %}{% endmacro %}{{ n() }}",
		"recursive loop":        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
		"endless self block":    "{% block a %}{{ self.a() }}{% endblock %}",
		"nested loops":          "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% endfor %}{% endfor %}",
		"growing while looping": "{% set l = [1] %}{% for x in l %}{% do l.append(x) %}{% endfor %}",
		"doubling text":         "{% set ns = namespace(s='ab') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
		"doubling list":         "{% set l = [1] %}{% for i in range(99) %}{% do l.extend(l) %}{% endfor %}",
		"doubling output":       "{% macro d(n) %}{% if n %}{{ d(n - 1) }}{{ d(n - 1) }}{% else %}abcdefghij{% endif %}{% endmacro %}{{ d(40) }}",
		"many big texts":        "{% set l = [] %}{% for i in range(9999) %}{% do l.append('x' * 999999) %}{% endfor %}",
		"concatenation":         "{% set s = 'x' * 6000000 %}{{ s" + strings.Repeat(" ~ s", 900) + " }}",
		"text times":            "{{ 'abc' * 10 ** 12 }}",
		"list times":            "{{ [0] * 10 ** 12 }}",
		"list times, less":      "{{ ([0] * 9000000) * 9000000 }}",
		"power":                 "{{ 2 ** (10 ** 9) }}",
		"tower":                 "{{ 9 ** (9 ** (9 ** 9)) }}",
		"product":               "{% set ns = namespace(n=10 ** 300) %}{% for i in range(99) %}{% set ns.n = ns.n * ns.n %}{% endfor %}",
		"percent width":         "{{ '%999999999d' % 1 }}",
		"percent star":          "{{ '%*d' % (10 ** 9, 1) }}",
		"percent precision":     "{{ '%.999999999f' % 1 }}",
		"format width":          "{{ '{:999999999}'.format(1) }}",
		"format precision":      "{{ '{:.999999999f}'.format(1.5) }}",
		"center":                "{{ 'a'.center(10 ** 12) }}",
		"indent":                "{{ 'a' | indent(10 ** 12, true) }}",
		"replace":               "{{ ('a' * 999999) | replace('a', 'b' * 999999) }}",
		"empty replace":         "{{ ('a' * 9999999) | replace('', 'b' * 9999) }}",
		"join":                  "{{ range(99999) | join('x' * 99999) }}",
		"range":                 "{{ range(10 ** 12) }}",
		"batch fill":            "{{ [1] | batch(10 ** 12, 0) | list }}",
		"slices":                "{{ [1] | slice(10 ** 12) | list }}",
		"json indent":           "{{ [[1]] | tojson(10 ** 9) }}",
		"search":                "{% set s = 'a' * 3000000 %}{% for i in range(99999) %}{% for j in range(99) %}{{ 'b' in s }}{% endfor %}{% endfor %}",
		"count":                 "{% set s = 'é' * 999999 %}{% for i in range(99999) %}{% set x = s.count('z') + s|length %}{% endfor %}",
		"membership":            "{% set l = range(99999)|list %}{% for i in range(99999) %}{{ -1 in l }}{% endfor %}",
		"big integers":          "{% for i in range(99999) %}{% set x = 3 ** 300000 % 7 %}{% endfor %}",
		"shared lists compared": "{% set ns = namespace(a=[1], b=[1]) %}{% for i in range(60) %}{% set ns.a = [ns.a, ns.a] %}{% set ns.b = [ns.b, ns.b] %}{% endfor %}{{ ns.a == ns.b }}",
		"shared tuples hashed":  "{% set ns = namespace(a=(1,)) %}{% for i in range(60) %}{% set ns.a = (ns.a, ns.a) %}{% endfor %}{{ {ns.a: 1} }}",
		"shared lists printed":  "{% set ns = namespace(a=[1]) %}{% for i in range(60) %}{% set ns.a = [ns.a, ns.a] %}{% endfor %}{{ ns.a }}",
		"shared lists as JSON":  "{% set ns = namespace(a=[1]) %}{% for i in range(60) %}{% set ns.a = [ns.a, ns.a] %}{% endfor %}{{ ns.a | tojson }}",
		"shared lists, pretty":  "{% set ns = namespace(a=[1]) %}{% for i in range(60) %}{% set ns.a = [ns.a, ns.a] %}{% endfor %}{{ ns.a | pprint }}",
		"deep list printed":     "{% set ns = namespace(a=[]) %}{% for i in range(99999) %}{% set ns.a = [ns.a] %}{% endfor %}{{ ns.a }}",
		"deep tuple hashed":     "{% set ns = namespace(a=()) %}{% for i in range(99999) %}{% set ns.a = (ns.a,) %}{% endfor %}{{ {ns.a: 1} }}",
		"deep lists ordered":    "{% set ns = namespace(a=[], b=[]) %}{% for i in range(99999) %}{% set ns.a = [ns.a] %}{% set ns.b = [ns.b] %}{% endfor %}{{ ns.a < ns.b }}",
		"deep generators":       "{% set ns = namespace(g=[1]) %}{% for i in range(99999) %}{% set ns.g = ns.g | map('string') %}{% endfor %}{{ ns.g | list }}",
		"deep parentheses":      "{{ " + nest("(", "1", ")", 100000) + " }}",
		"deep lists":            "{{ " + nest("[", "", "]", 100000) + " }}",
		"deep not":              "{{ " + strings.Repeat("not ", 100000) + "1 }}",
		"deep minus":            "{{ " + strings.Repeat("-", 100000) + "1 }}",
		"deep ifs":              nest("{% if 1 %}", "", "{% endif %}", 100000),
		"deep conditions":       "{{ " + strings.Repeat("1 if 0 else ", 100000) + "1 }}",
		"long sum":              "{{ 1" + strings.Repeat(" + 1", 100000) + " }}",
		"long filters":          "{{ 1" + strings.Repeat(" | string", 100000) + " }}",
		"long subscripts":       "{{ a" + strings.Repeat(".a", 100000) + " }}",
		"long calls":            "{{ a" + strings.Repeat("()", 100000) + " }}",
		"deep and long":         "{{ " + nest("(1"+strings.Repeat("+1", 900)+"+", "1", ")", 200) + " }}",
		"many parameters":       "{% macro m(" + manyNames(100000, ", ") + ") %}{% endmacro %}",
		"many keywords":         "{{ a(" + manyNames(100000, "=1, ") + "=1) }}",
		"typed":                 "{% macro m(a: " + nest("a[", "b", "]", 100000) + ") %}{% endmacro %}",
	} {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			tmpl, diags := parseText(text, Options{TypedMacros: true})
			var err error = nil
			if diags.HasErrors() {
				err = diags[0]
			} else {
				// A part of the default limits, to be quick.
				_, err = tmpl.Render(&Thread{Limits: Limits{Steps: defaultSteps / 50, Output: defaultOutput / 10}}, nil)
			}
			if d := time.Since(begin); d > 20*time.Second {
				t.Errorf("took %v", d)
			}
			if err == nil {
				t.Error("no error")
			}
		})
	}
}

func manyNames(n int, sep string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString("n" + Text(Int(i)))
	}
	return b.String()
}

// TestLargeFiles reads large files of one thing again and again; none takes more than time in proportion to its size.
func TestLargeFiles(t *testing.T) {
	for name, piece := range map[string]string{
		"tags": "{% set x = 1 %}", "expressions": "{{ x }}", "strings": "{{ 'a' 'b' }}", "comments": "{# c #}", "raw": "{% raw %}{{{% endraw %}",
		"open": "{{", "tag openings": "{%", "comment openings": "{#", "braces": "{ { { ", "quotes": "{% if '", "macros": "{% macro m() %}{{ a.b }}{% endmacro %}\n",
		"strips": " {%- if x -%} {%- endif -%} ", "blanks": "  \n\t ", "blocks": "{% docs d %}{% enddocs %}", "raw openings": "{% raw %}", "closings": "}}%}#}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Repeat(piece, 300_000/len(piece))
			names := "{{ [" + manyNames(20_000, ", ") + "] }}"
			begin := time.Now()
			for _, text := range []string{text, "{{ '" + text, "{{ " + text + " }}", "{% set x = " + text, names} {
				tmpl, diags := parseText(text, Options{})
				if tmpl == nil && !diags.HasErrors() {
					t.Error("neither a template nor an error")
				}
				_, _ = Blocks(tmplSpan(text), "macro", "docs")
			}
			if d := time.Since(begin); d > 10*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
}

func TestLimitsAreConfigurable(t *testing.T) {
	tmpl := parse(t, "{% for i in range(100) %}{{ i }}{% endfor %}", Options{})
	for _, l := range []Limits{{Steps: 50}, {Output: 50}} {
		_, err := tmpl.Render(&Thread{Limits: l}, nil)
		var e *Error
		if !errors.As(err, &e) || e.Code != diag.TemplateLimit {
			t.Errorf("%+v: %v", l, err)
		}
	}
}

// TestCopiesCostWhatTheyKeep: what copies items takes memory with few evaluations, so it is counted by items.
func TestCopiesCostWhatTheyKeep(t *testing.T) {
	for _, copying := range []string{"l[:]", "t[:]", "s.split()", "d.copy()"} {
		text := "{% set l = range(5000) | list %}{% set t = (1,) * 5000 %}{% set s = 'a ' * 5000 %}{% set d = dict(kept) %}" +
			"{% for i in range(5) %}{% set x = " + copying + " %}{% endfor %}"
		kept := NewDict(5000)
		for i := range 5000 {
			kept.Set("k"+Text(Int(i)), Int(i))
		}
		var steps [2]int
		for i, times := range []string{"range(5)", "range(25)"} {
			tmpl, diags := parseText(strings.Replace(text, "range(5)", times, 1), Options{})
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			th := &Thread{}
			if _, err := tmpl.Render(th, Names{"kept": kept}); err != nil {
				t.Fatal(err)
			}
			steps[i] = th.Steps()
		}
		if grown := steps[1] - steps[0]; grown < 20*5000*itemCost {
			t.Errorf("%s: 20 copies more of 5,000 items cost %d steps more", copying, grown)
		}
	}
}
