package resolve

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

func TestTestNames(t *testing.T) {
	long := strings.Repeat("x", 40)
	cases := []struct {
		kind, target string
		args         *jinja.Dict
		short, full  string
	}{
		{"unique", "a", dictOf("column_name", jinja.Str("id"), "model", jinja.Str("ignored")), "unique_a_id", "unique_a_id"},
		{"unique", "a", dictOf(), "unique_a_", "unique_a_"},
		{"t", "m", dictOf("z", jinja.Int(1), "b", jinja.NewList(jinja.Str("a b"), jinja.None), "c", dictOf("k", jinja.Bool(true))), "t_m_a_b__None__True__1", "t_m_a_b__None__True__1"},
		{"t", "m", dictOf("x", jinja.Str("é--'y'")), "t_m__y_", "t_m__y_"},
		{"accepted_values", "a_model_of_some_length", dictOf("column_name", jinja.Str(long)), "accepted_values_a_model_of_som_0287ec6bb37eb62ac3ac222b025b1e7a",
			"accepted_values_a_model_of_some_length_" + long},
	}
	for _, c := range cases {
		short, full := testNames(c.kind, c.target, c.args)
		if full != c.full || short != c.short {
			t.Errorf("names are %q and %q, want %q and %q", short, full, c.short, c.full)
		}
	}
}

func TestParseReference(t *testing.T) {
	cases := map[string]string{
		"ref('a')":                 "ref  a None",
		` ref( "p" , 'a' ) `:       "ref p a None",
		"ref('a', v=2)":            "ref  a 2",
		"ref('p', 'a', version=1)": "ref p a 1",
		"source('s', 't')":         "source s t",
		"ref('a, (b)')":            "ref  a, (b) None",
		"ref()":                    "",
		"ref(a)":                   "",
		"ref('a', 'b', 'c')":       "",
		"source('s')":              "",
		"ref('a') ~ 'x'":           "",
		"metric('m')":              "",
		"":                         "",
	}
	for text, want := range cases {
		ref, src, ok := parseReference(text, source.Span{})
		got := ""
		switch {
		case ok && ref != nil:
			got = "ref " + ref.Package + " " + ref.Name + " " + jinja.Text(ref.Version)
		case ok:
			got = "source " + src.Source + " " + src.Table
		}
		if got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
	}
}

func TestVersionOrder(t *testing.T) {
	ordered := []jinja.Value{jinja.Int(1), jinja.Str("2"), jinja.Float(2.5), jinja.Int(10)}
	for i := 1; i < len(ordered); i++ {
		if !lessVersion(ordered[i-1], ordered[i]) || lessVersion(ordered[i], ordered[i-1]) {
			t.Errorf("%s is not before %s", jinja.Text(ordered[i-1]), jinja.Text(ordered[i]))
		}
	}
	if !lessVersion(jinja.Str("alpha"), jinja.Str("beta")) {
		t.Error("alpha is not before beta")
	}
}

func TestMergeRules(t *testing.T) {
	s := newState(newSchemas().model)
	layers := []layer{
		{{"tags", jinja.Str("a")}, {"meta", dictOf("x", jinja.Int(1), "y", jinja.Int(1))}, {"materialized", jinja.Str("table")}, {"grants", dictOf("select", jinja.Str("r1"))}},
		{{"tags", jinja.NewList(jinja.Str("b"))}, {"meta", dictOf("y", jinja.Int(2))}, {"pre_hook", jinja.Str("one")}, {"own", jinja.Int(1)}},
		{{"grants", dictOf("+select", jinja.NewList(jinja.Str("r2")), "insert", jinja.Str("r3"))}, {"pre-hook", jinja.Str("two")}, {"own", jinja.Int(2)}, {"materialized", jinja.None}},
	}
	for _, l := range layers {
		if bad := s.add(l); bad != nil {
			t.Fatal(bad)
		}
	}
	d, problems := s.finish()
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := map[string]string{
		"tags": "['a', 'b']", "meta": "{'x': 1, 'y': 2}", "grants": "{'select': ['r1', 'r2'], 'insert': ['r3']}", "own": "2", "materialized": "None",
		"pre-hook": "[{'sql': 'one', 'transaction': True, 'index': None}, {'sql': 'two', 'transaction': True, 'index': None}]",
		"docs":     "{'show': True, 'node_color': None}",
	}
	for k, v := range want {
		if got := jinja.Repr(at(d, k)); got != v {
			t.Errorf("%s is %s, want %s", k, got, v)
		}
	}
	if !s.cleared {
		t.Error("a None over a value is not noted")
	}
	if bad := newState(newSchemas().model).add(layer{{"meta", jinja.Str("x")}}); bad == nil || !strings.Contains(bad.text, "expected dict") {
		t.Errorf("a text as meta is %v", bad)
	}
}

func TestTextChecksum(t *testing.T) {
	want := textChecksum("select 1 from x").Value
	for _, s := range []string{"select  1\n\tfrom x", "\n select 1 from x \n", "select\u00a01\u2003from x", "select 1\x1cfrom\r\nx"} {
		if got := textChecksum(s).Value; got != want {
			t.Errorf("%q has another checksum", s)
		}
	}
	if textChecksum("select 1 fromx").Value == want {
		t.Error("other words have the same checksum")
	}
}

// TestHintsAreBounded asks for more hints than may be compared: equal questions cost once, the last ones get no answer, and a new name is
// seen.
func TestHintsAreBounded(t *testing.T) {
	x := &nameIndex{byName: map[string][]*draft{}}
	for i := range 1000 {
		x.put(fmt.Sprintf("model_%04d", i), &draft{n: &resource.Node{Package: "p", Kind: node.Model}})
	}
	if got := x.nearest("orders", ""); got != "" {
		t.Errorf("orders is near %q", got)
	}
	x.put("order", &draft{n: &resource.Node{Package: "p", Kind: node.Seed}})
	for range 10_000 {
		if got := x.nearest("orders", "") + x.nearest("Orders", node.Seed) + x.nearest("orders", node.Model); got != "orderorder" {
			t.Fatalf("orders is near %q", got)
		}
	}
	if x.compared > 5000 {
		t.Errorf("%d words were compared", x.compared)
	}
	got, asked := x.nearest("model_0999x", ""), 0
	for ; asked < 10_000 && x.nearest(fmt.Sprintf("model_%04d_", asked), "") != ""; asked++ {
	}
	if got != "model_0999" || asked < 1000 || asked > 2000 {
		t.Errorf("model_0999x is near %q, and %d hints were given", got, asked)
	}
}
