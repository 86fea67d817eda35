package selector

import (
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/graph"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// plain is a template's value as encoding/json would give it.
func plain(v jinja.Value) any {
	switch v := v.(type) {
	case jinja.Str:
		return string(v)
	case jinja.Bool:
		return bool(v)
	case jinja.Int:
		return float64(v)
	case *jinja.List:
		out := []any{}
		for _, x := range v.Items {
			out = append(out, plain(x))
		}
		return out
	case *jinja.Dict:
		out := map[string]any{}
		for k, x := range v.Entries {
			out[jinja.Text(k)] = plain(x)
		}
		return out
	}
	return nil
}

func TestManifestShowsSelectorsAsDbt(t *testing.T) {
	definitions, list := define(t, Eager)
	if len(list) > 0 {
		t.Fatal(list)
	}
	got, want := plain(definitions.Manifest()), any(load(t).selectors)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("weft %v\ndbt  %v", got, want)
	}
	var order []string
	for k := range definitions.Manifest().Entries {
		order = append(order, jinja.Text(k))
	}
	if !slices.Equal(order[:3], []string{"nightly", "deep", "inherits"}) {
		t.Error("selectors are not in the order of the file:", order)
	}
}

// The reference: criteria evaluated node by node over maps, with paths followed by recursion.
type naive struct{ g *graph.Graph }

func (r naive) selection(t *testing.T, text string) map[int32]bool {
	out := map[int32]bool{}
	for element := range strings.SplitSeq(text, " ") {
		var all map[int32]bool
		for part := range strings.SplitSeq(element, ",") {
			one := r.criterion(t, part)
			if all == nil {
				all = one
				continue
			}
			for i := range all {
				if !one[i] {
					delete(all, i)
				}
			}
		}
		for i := range all {
			if on, ok := r.g.Node(i).Config.Get("enabled"); !ok || on != jinja.Bool(false) {
				out[i] = true
			}
		}
	}
	return out
}

func (r naive) criterion(t *testing.T, text string) map[int32]bool {
	var list diag.List
	c := parseCriterion(&list, text, source.Whole(source.NewFile("", text)), Empty)
	if c == nil {
		t.Fatal(list)
	}
	out := map[int32]bool{}
	for i, n := range r.g.Nodes() {
		word := jinja.Text(c.Value)
		hit := false
		switch c.Method {
		case ByTag:
			hit = slices.Contains(n.Tags, word)
		case ByFQN:
			hit = n.Kind != node.Source && len(n.FQN) > 0 && (n.FQN[len(n.FQN)-1] == word || slices.Contains(n.FQN[:min(2, len(n.FQN))], word))
		}
		if hit {
			r.walk(int32(i), c, out)
		}
	}
	return out
}

func (r naive) walk(i int32, c *Criterion, out map[int32]bool) {
	out[i] = true
	var up, down func(i int32, depth int)
	up = func(i int32, depth int) {
		if depth == 0 {
			return
		}
		for _, p := range r.g.Parents(i) {
			out[p] = true
			up(p, depth-1)
		}
	}
	down = func(i int32, depth int) {
		if depth == 0 {
			return
		}
		for _, p := range r.g.Children(i) {
			out[p] = true
			if c.ChildrensParents {
				up(p, graph.Unbounded)
			}
			down(p, depth-1)
		}
	}
	if c.ChildrensParents {
		up(i, graph.Unbounded)
		down(i, graph.Unbounded)
	}
	if c.Parents {
		up(i, c.ParentsDepth)
	}
	if c.Children {
		down(i, c.ChildrenDepth)
	}
}

func (s shop) run(t *testing.T, include, exclude string, mode Indirect) *graph.Set {
	t.Helper()
	var minus []string
	if exclude != "" {
		minus = []string{exclude}
	}
	spec, list := Parse([]string{include}, minus, mode)
	if list.HasErrors() {
		t.Fatal(include, list)
	}
	set, list := New(s.graph, Options{Project: "shop"}).Select(spec)
	if list.HasErrors() {
		t.Fatal(include, list)
	}
	return set
}

// random makes an expression of the words and operators that the reference knows.
func random(rng *rand.Rand) string {
	words := []string{"customers", "orders", "stg_events", "stg_contacts", "tag:nightly", "tag:marts", "marts", "calendar", "rates", "shop", "helper"}
	pick := func(of ...string) string { return of[rng.IntN(len(of))] }
	var elements []string
	for range 1 + rng.IntN(3) {
		var parts []string
		for range 1 + rng.IntN(2) {
			if rng.IntN(6) == 0 {
				parts = append(parts, "@"+pick(words...))
				continue
			}
			parts = append(parts, pick("", "", "+", "1+", "2+")+pick(words...)+pick("", "", "+", "+1", "+2"))
		}
		elements = append(elements, strings.Join(parts, ","))
	}
	return strings.Join(elements, " ")
}

func TestSetLaws(t *testing.T) {
	s := load(t)
	rng := rand.New(rand.NewPCG(5, 6))
	reference := naive{s.graph}
	for range 400 {
		a, b := random(rng), random(rng)
		mode := Indirect(rng.IntN(4))
		setA, setB := s.run(t, a, "", mode), s.run(t, b, "", mode)
		if got := s.run(t, a, "", Empty); got.Len() != len(reference.selection(t, a)) {
			t.Errorf("%q selects %d nodes, the reference %d", a, got.Len(), len(reference.selection(t, a)))
		} else {
			for i := range got.Each {
				if !reference.selection(t, a)[i] {
					t.Errorf("%q selects %s", a, s.graph.Node(i).ID)
				}
			}
		}
		// Order does not matter, and nothing is gained by saying it twice.
		if !s.run(t, a+" "+b, "", mode).Equal(s.run(t, b+" "+a, "", mode)) || !s.run(t, a+" "+a, "", mode).Equal(setA) {
			t.Errorf("union of %q and %q", a, b)
		}
		// Exclusion takes away; a union holds both.
		minus := s.run(t, a, b, mode)
		if mode == Empty || mode == Eager {
			if !minus.Equal(setA.Clone().Subtract(setB)) {
				t.Errorf("%q without %q under %s", a, b, mode)
			}
			if !s.run(t, a+" "+b, "", mode).Equal(setA.Clone().Union(setB)) {
				t.Errorf("%q with %q under %s", a, b, mode)
			}
		}
		if !minus.Clone().Intersect(setA).Equal(minus) {
			t.Errorf("%q without %q has what %q has not", a, b, a)
		}
		// Modes only ever add tests: empty ⊆ cautious ⊆ buildable ⊆ eager.
		last := s.run(t, a, "", Empty)
		for _, m := range []Indirect{Cautious, Buildable, Eager} {
			next := s.run(t, a, "", m)
			if !last.Clone().Intersect(next).Equal(last) {
				t.Errorf("%q: %s loses nodes", a, m)
			}
			last = next
		}
	}
}

func TestSelectionOfNothingWarns(t *testing.T) {
	s := load(t)
	spec, _ := Parse([]string{"orders nope", "tag:nightly,tag:no"}, []string{"gone"}, Eager)
	_, list := New(s.graph, Options{}).Select(spec)
	var got []string
	for _, d := range list {
		if d.Severity != diag.Warning {
			t.Error(d)
		}
		got = append(got, d.Detail+" "+d.Span.Text())
	}
	want := []string{
		"The selection criterion 'nope' does not match any enabled nodes nope",
		"The selection criterion 'tag:nightly,tag:no' does not match any enabled nodes tag:nightly,tag:no",
		"The selection criterion 'gone' does not match any enabled nodes gone",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestMistakesAreExplained(t *testing.T) {
	s := load(t)
	for _, c := range []struct{ text, code, hint string }{
		{"tags:nightly", "G011", `Did you mean "tag"?`},
		{"confg.materialized:table", "G011", `Did you mean "config"?`},
		{"zzzzzzzz:x", "G011", "Expected one of: access, config, "},
		{"state:modified", "G013", "--state"},
		{"resource_type:models", "G012", `Did you mean "model"?`},
		{"selector:nightli", "G015", `Did you mean "nightly"?`},
		{"@orders+", "G010", "leave out"},
		{"source:a.b.c.d", "G012", "source_name.table_name"},
	} {
		_, list := s.list(t, []string{"--select", c.text})
		if len(list) != 1 || string(list[0].Code) != c.code || !strings.Contains(list[0].Hint, c.hint) {
			t.Errorf("%s: %v", c.text, list)
		}
	}
}

func TestSelectorFileMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"selectors: {}":                          "selectors must be a list, but is a mapping",
		"[]":                                     "selectors.yml must be a mapping, but is a list",
		"version: 2":                             "'selectors' is a required property",
		"selectors: [{name: a, definition: []}]": "the definition of selector a is a list",
		"selectors: [{definition: a}]":           "a selector needs a 'name', which is a text",
		"selectors: [{name: a}]":                 "selector a has no 'definition'",
		"selectors: [{name: a, definition: a, default: true}, {name: b, definition: b, default: true}]":        "Found multiple selectors with `default: true`: a and b",
		"selectors: [{name: a, definition: {union: [a], method: tag}}]":                                        "Only a single 'union' or 'intersection' key is allowed in a root level selector definition; found union, method",
		"selectors: [{name: a, definition: {union: [a, exclude: [b], exclude: [c]]}}]":                         "",
		"selectors: [{name: a, definition: {union: [{exclude: [b]}, {exclude: [c]}]}}]":                        "You cannot provide multiple exclude arguments to the same selector set operator",
		"selectors: [{name: a, definition: {method: tag, values: x}}]":                                         `Expected either 1 key or else "method" and "value" keys, but got [method, values]`,
		"selectors: [{name: a, definition: {method: tagg, value: x}}]":                                         "'tagg' is not a valid method name",
		"selectors: [{name: a, definition: {method: tag, value: x, indirect_selection: shy}}]":                 `"shy" is not a mode of indirect selection`,
		"selectors: [{name: a, definition: {method: tag, value: x, children: true, childrens_parents: true}}]": "incompatible",
		"selectors: [{name: a, definition: {method: tag, value: x, parents: true, parents_depth: deep}}]":      "could not handle depth deep",
		"selectors: [{name: a, definition: {union: a}}]":                                                       "union must be a list, but is a text",
		"selectors: [{name: a, definition: x, descripton: y}]":                                                 `a selector has a key that is not known: "descripton"`,
		"selectors: [{name: a, definition: {method: tag, value: [x, y]}}]":                                     "the value of tag: is a list",
	} {
		root, _ := yamldoc.Parse(source.NewFile("selectors.yml", text))
		_, list := Define(root, Eager, nil)
		found := want == ""
		for _, d := range list {
			found = found || strings.Contains(d.Detail, want)
			if d.Span.IsZero() {
				t.Errorf("%s: no place: %v", text, d)
			}
		}
		if !found {
			t.Errorf("%s\n got %v\n want %s", text, list, want)
		}
	}
}

func TestCircularSelectors(t *testing.T) {
	root, _ := yamldoc.Parse(source.NewFile("selectors.yml", "selectors: [{name: a, definition: 'selector:b'}, {name: b, definition: {method: selector, value: 'a*'}}]"))
	definitions, list := Define(root, Eager, nil)
	if len(list) > 0 {
		t.Fatal(list)
	}
	spec, _ := Parse([]string{"selector:b"}, nil, Eager)
	_, list = New(load(t).graph, Options{Definitions: definitions}).Select(spec)
	if len(list) != 1 || list[0].Code != diag.SelectorCycle || !strings.Contains(list[0].Detail, "b --> a --> b") {
		t.Error(list)
	}
}

func TestDefinitionsAreRendered(t *testing.T) {
	root, _ := yamldoc.Parse(source.NewFile("selectors.yml", "selectors: [{name: a, default: true, definition: \"tag:{{ var('t') }}\"}]"))
	definitions, list := Define(root, Cautious, func(text string, _ source.Span) (jinja.Value, diag.List) {
		return jinja.Str(strings.ReplaceAll(text, "{{ var('t') }}", "nightly")), nil
	})
	if len(list) > 0 || definitions.Default() == nil {
		t.Fatal(list)
	}
	c := definitions.Default().Spec.(*Criterion)
	if c.Method != ByTag || c.Value != jinja.Str("nightly") || c.Indirect != Cautious {
		t.Error(c)
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		name, pattern string
		want          bool
	}{
		{"abc", "a*c", true}, {"abc", "a?c", true}, {"abc", "*", true}, {"", "*", true}, {"", "", true}, {"a", "", false},
		{"a.b/c", "a*c", true}, {"abc", "[a-b]bc", true}, {"abc", "[!a]bc", false}, {"]", "[]]", true}, {"a", "[!]]", true},
		{"[", "[", true}, {"[a", "[a", true}, {"é", "?", true}, {"é", "[é]", true}, {"aXbXc", "a*b*c", true}, {"aXbX", "a*b*c", false},
		{"-", "[a-]", true}, {"b", "[z-a]", false}, {"a*", "a[*]", true}, {"ab", "a[*]", false}, {"aaaaaaaaab", "*a*a*a*a*b", true},
	} {
		if got := match(c.name, c.pattern); got != c.want {
			t.Errorf("match(%q, %q) = %v", c.name, c.pattern, got)
		}
	}
}

// Where the standard library's path.Match means the same, both must agree.
func TestMatchAgainstPathMatch(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	word := func(alphabet string, n int) string {
		var b strings.Builder
		for range rng.IntN(n) {
			b.WriteByte(alphabet[rng.IntN(len(alphabet))])
		}
		return b.String()
	}
	for range 20_000 {
		name, pattern := word("ab", 8), word("ab*?", 8)
		want, err := path.Match(pattern, name)
		if err != nil {
			t.Fatal(err)
		}
		if got := match(name, pattern); got != want {
			t.Fatalf("match(%q, %q) = %v", name, pattern, got)
		}
	}
}

func FuzzSelector(f *testing.F) {
	s := load(f)
	for _, text := range []string{"+orders+", "@a,b c", "2+tag:x*+3", "config.meta.owner:core", "path:**/*.sql", "source:a.b", "[!a-", "selector:deep+", "a:b:c"} {
		f.Add(text, "selectors: [{name: a, definition: {union: ['"+text+"', exclude: [b]]}}]")
	}
	f.Fuzz(func(t *testing.T, text, file string) {
		definitions, _ := define(t, Eager)
		if root, list := yamldoc.Parse(source.NewFile("selectors.yml", file)); root != nil && !list.HasErrors() {
			if own, list := Define(root, Buildable, nil); !list.HasErrors() {
				definitions = own
			}
		}
		for _, mode := range []Indirect{Eager, Cautious, Buildable, Empty} {
			spec, list := Parse([]string{text}, []string{text}, mode)
			if list.HasErrors() {
				continue
			}
			set, list := New(s.graph, Options{Project: "shop", Definitions: definitions}).Select(spec)
			if !list.HasErrors() && !set.Empty() {
				t.Errorf("%q without itself leaves %d nodes", text, set.Len())
			}
		}
		for _, name := range definitions.Names() {
			spec, _ := definitions.Lookup(name)
			New(s.graph, Options{Definitions: definitions}).Select(spec)
		}
	})
}

func BenchmarkSelect(b *testing.B) {
	s := load(b)
	for b.Loop() {
		spec, _ := Parse([]string{"+tag:marts", "shop.staging.*"}, []string{"test_type:unit"}, Cautious)
		New(s.graph, Options{Project: "shop"}).Select(spec)
	}
}
