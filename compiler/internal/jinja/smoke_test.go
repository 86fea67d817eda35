package jinja

import (
	"testing"

	"github.com/weft-data/weft/compiler/source"
)

func parse(t testing.TB, text string, o Options) *Template {
	t.Helper()
	tmpl, diags := Parse(source.Whole(source.NewFile("t.sql", text)), o)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", text, diags)
	}
	return tmpl
}

func TestSmoke(t *testing.T) {
	for _, c := range [][2]string{
		{"a{{ 1 + 2 }}b", "a3b"},
		{"{% for x in [1,2,3] if x != 2 %}{{ loop.index }}:{{ x }}{{ ',' if not loop.last }}{% endfor %}", "1:1,2:3"},
		{"{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}{{ m(1, b=2) }}", "1112"},
		{"{% set x = [] %}{% do x.append(1) %}{{ x }}{{ {'a': 1.5, 'b': 'it\\'s'} }}", "[1]{'a': 1.5, 'b': \"it's\"}"},
		{"{{ 'a,b'.split(',') | map('upper') | join('-') }}", "A-B"},
		{"{% call(x) f() %}<{{ x }}>{% endcall %}", "<1>"},
		{"{{ '%05.2f|%s' % (3.14159, 'x') }}{{ '{:>5}|{!r}'.format(1, 'a') }}", "03.14|x    1|'a'"},
	} {
		scope := Names{"f": NewFunc("f", func(c *Call) (Value, error) {
			return c.Invoke(c.Kwargs[0].Value, []Value{Int(1)})
		})}
		out, err := parse(t, c[0], Options{}).Render(&Thread{}, scope)
		if err != nil || out.Text != c[1] {
			t.Errorf("%s: %q, %v; want %q", c[0], out.Text, err, c[1])
		}
	}
}
