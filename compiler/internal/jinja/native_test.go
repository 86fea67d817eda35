package jinja

import (
	"bufio"
	"encoding/json"
	"maps"
	"os"
	"strings"
	"testing"
)

// TestNative compares native rendering with dbt's own environment: testdata/native.jsonl is what its get_template and
// render_template give (tests/oracle/jinja/native.py).
func TestNative(t *testing.T) {
	f, err := os.Open("testdata/native.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	one := NewDict(1)
	one.Set("a", Int(1))
	scope := Names{"x": Int(5), "s": Str("str"), "n": Str("5"), "b": Str("true"), "l": NewList(Int(1), Int(2)), "d": one,
		"none": None, "num": Str("1.5"), "neg": Str("-3"), "tup": Str("(1, 2)"), "lit": Str("[1, 'a', {'b': None}]"), "bad": Str("1 +")}
	filters := MarkFilters()
	maps.Copy(filters, map[string]Callable{"is_list": NewFunc("is_list", func(c *Call) (Value, error) {
		_, ok := c.Args[0].(*List)
		return Bool(ok), nil
	})})
	lines := bufio.NewScanner(f)
	n := 0
	for lines.Scan() {
		var c struct {
			Template string
			Value    []string
			Error    *string
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		n++
		v, err := renderNative(c.Template, Options{Filters: filters, MacroPrefix: "dbt_macro__"}, scope)
		switch {
		case c.Value == nil && err == nil:
			t.Errorf("%s\n  gives %s\n  dbt refuses: %s", c.Template, Repr(v), *c.Error)
		case c.Value != nil && err != nil:
			t.Errorf("%s\n  is refused: %v\n  dbt gives %s", c.Template, err, c.Value[0])
		case c.Value != nil && (Repr(v) != c.Value[0] || v.TypeName() != strings.Replace(c.Value[1], "NativeMarker", "str", 1)):
			t.Errorf("%s\n  gives     %s (%s)\n  dbt gives %s (%s)", c.Template, Repr(v), v.TypeName(), c.Value[0], c.Value[1])
		}
	}
	if n < 100 {
		t.Fatalf("only %d cases", n)
	}
}

func renderNative(text string, o Options, scope Scope) (Value, error) {
	tmpl, diags := parseText(text, o)
	if diags.HasErrors() {
		return nil, diags[0]
	}
	return tmpl.RenderNative(&Thread{}, scope)
}
