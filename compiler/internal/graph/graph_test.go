package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// parse reads "c: a b" lines: node c depends on a and b. A name with a dot keeps its kind ("test.t"), others are models.
func parse(text string) []*resource.Node {
	id := func(name string) node.ID {
		if kind, rest, ok := strings.Cut(name, "."); ok {
			return node.Make(node.Kind(kind), "p", rest)
		}
		return node.Make(node.Model, "p", name)
	}
	var nodes []*resource.Node
	for line := range strings.Lines(text) {
		name, above, _ := strings.Cut(strings.TrimSpace(line), ":")
		if name == "" {
			continue
		}
		n := &resource.Node{ID: id(name)}
		n.Kind = n.ID.Kind()
		_, n.Name, _ = strings.Cut(string(n.ID), ".p.")
		n.Package = "p"
		f := source.NewFile("models/"+n.Name+".sql", "")
		for _, a := range strings.Fields(above) {
			f.Text += "select * from {{ ref('" + a + "') }}\n"
			n.DependsOn = append(n.DependsOn, id(a))
			at := strings.LastIndex(f.Text, "ref(")
			n.Refs = append(n.Refs, resource.Ref{Name: a, Span: source.Span{File: f, Start: at, End: at + len(a) + 7}})
		}
		n.Code = source.Whole(f)
		nodes = append(nodes, n)
	}
	return nodes
}

func build(t testing.TB, text string) *Graph {
	t.Helper()
	g, list := Build(parse(text))
	if len(list) > 0 {
		t.Fatal(list)
	}
	return g
}

func (g *Graph) names(indices []int32) string {
	var out []string
	for _, i := range indices {
		_, name, _ := strings.Cut(string(g.nodes[i].ID), ".p.")
		out = append(out, name)
	}
	return strings.Join(out, " ")
}

func (g *Graph) set(names string) *Set {
	s := g.NewSet()
	for _, name := range strings.Fields(names) {
		for i, n := range g.nodes {
			if n.Name == name {
				s.Add(int32(i))
			}
		}
	}
	return s
}

func TestOrderIsByLevelThenName(t *testing.T) {
	g := build(t, "z:\nb: z\na: z b\nc:\nd: c\ne: d a")
	if got := g.names(g.Order()); got != "c z b d a e" {
		t.Error(got)
	}
}

func TestAncestorsAndDescendantsByDepth(t *testing.T) {
	g := build(t, "a:\nb: a\nc: b\nd: c\ne: b")
	for _, c := range []struct {
		of   string
		d    int
		up   string
		down string
	}{
		{"c", Unbounded, "a b", "d"}, {"c", 1, "b", "d"}, {"c", 0, "", ""}, {"b", 1, "a", "c e"}, {"b", 2, "a", "c d e"},
		// Members of the set count only if another member leads to them.
		{"b c", 1, "a b", "c d e"}, {"b d", Unbounded, "a b c", "c d e"},
	} {
		if got := g.Ancestors(g.set(c.of), c.d); !got.Equal(g.set(c.up)) {
			t.Errorf("ancestors of %s, depth %d: %s", c.of, c.d, g.names(slices.Collect(got.Each)))
		}
		if got := g.Descendants(g.set(c.of), c.d); !got.Equal(g.set(c.down)) {
			t.Errorf("descendants of %s, depth %d: %s", c.of, c.d, g.names(slices.Collect(got.Each)))
		}
	}
}

func TestShortestCycleIsShownWithItsPlaces(t *testing.T) {
	g, list := Build(parse("a: f\nb: a\nc: b\nd: c\ne: d\nf: e\nx: c e\ny: x\nx2: y x3\nx3: x2\nroot:\na2: root a"))
	if g != nil || len(list) != 1 {
		t.Fatal(g, list)
	}
	d := list[0]
	if d.Code != diag.Cycle || d.Detail != "Found a cycle: model.p.x2 --> model.p.x3 --> model.p.x2" {
		t.Error(d)
	}
	var edges []string
	for _, r := range d.Related {
		edges = append(edges, fmt.Sprintf("%s:%d %s", r.Span.File.Path, r.Span.Position().Line, r.Message))
	}
	want := "models/x3.sql:1 model.p.x3 depends on model.p.x2 by ref('x2')\nmodels/x2.sql:2 model.p.x2 depends on model.p.x3 by ref('x3')"
	if got := strings.Join(edges, "\n"); got != want {
		t.Error(got)
	}
}

func TestSelfReferenceIsACycle(t *testing.T) {
	_, list := Build(parse("a:\nb: a b"))
	if len(list) != 1 || list[0].Detail != "Found a cycle: model.p.b --> model.p.b" {
		t.Error(list)
	}
}

// A ring of many nodes must not make the search quadratic.
func TestLongCycle(t *testing.T) {
	nodes := make([]*resource.Node, 50_000)
	for i := range nodes {
		nodes[i] = &resource.Node{ID: node.Make(node.Model, "p", fmt.Sprintf("m%06d", i)), Kind: node.Model,
			DependsOn: []node.ID{node.Make(node.Model, "p", fmt.Sprintf("m%06d", (i+1)%len(nodes)))}}
	}
	_, list := Build(nodes)
	if len(list) != 1 || len(list[0].Related) != len(nodes) {
		t.Error(len(list))
	}
}

func TestShortestCycleAgainstBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		n := 2 + rng.IntN(8)
		nodes := make([]*resource.Node, n)
		id := func(i int) node.ID { return node.Make(node.Model, "p", string(rune('a'+i))) }
		edge := make([][]bool, n)
		for i := range nodes {
			nodes[i] = &resource.Node{ID: id(i), Kind: node.Model}
			edge[i] = make([]bool, n)
			for j := range n {
				if rng.IntN(n) == 0 {
					edge[i][j] = true
					nodes[i].DependsOn = append(nodes[i].DependsOn, id(j))
				}
			}
		}
		shortest := 0
		reach := make([][]bool, n) // by walks of exactly k edges
		for i := range reach {
			reach[i] = make([]bool, n)
			reach[i][i] = true
		}
		for k := 1; k <= n && shortest == 0; k++ {
			next := make([][]bool, n)
			for i := range next {
				next[i] = make([]bool, n)
				for j := range n {
					for m := range n {
						next[i][j] = next[i][j] || reach[i][m] && edge[m][j]
					}
				}
				if next[i][i] {
					shortest = k
				}
			}
			reach = next
		}
		_, list := Build(nodes)
		got := 0
		if len(list) > 0 {
			got = len(list[0].Related)
		}
		if got != shortest {
			t.Fatalf("found a cycle of %d, the shortest has %d", got, shortest)
		}
	}
}

func TestMissingAndDuplicateIDs(t *testing.T) {
	g, list := Build(parse("a: gone\na:\nb: a"))
	if len(list) != 2 || list[0].Code != diag.DuplicateNode || list[1].Code != diag.UnknownDependency {
		t.Error(list)
	}
	if g.names(g.Order()) != "a b" {
		t.Error(g.names(g.Order()))
	}
}

func TestQueueKeepsOrderAcrossUnselectedNodes(t *testing.T) {
	g := build(t, "a:\nb: a\nc: b\nd: b c\nx:\ny: x\nz: y d")
	q := g.Queue(g.set("a d y z"), false)
	var got []string
	for k, i := range q.Nodes {
		got = append(got, g.names([]int32{i})+"<"+g.names(q.Needs[k])+fmt.Sprint(">", q.Levels[k]))
	}
	if s := strings.Join(got, " "); s != "a<>0 d<a>1 y<>0 z<d y>2" {
		t.Error(s)
	}
	if s := g.names(q.Order); s != "a y d z" {
		t.Error(s)
	}
}

func TestTestEdges(t *testing.T) {
	g := build(t, `
source.s:
a: source.s
b: a
c: b
d: a
e: c d
test.s_ok: source.s
test.a_ok: a
test.e_ok: e
test.c_d: c d
test.a_c: a c
unit_test.u: b
`)
	q := g.Queue(g.All(), true)
	needs := map[string]string{}
	for k, i := range q.Nodes {
		needs[g.nodes[i].Name] = g.names(q.Needs[k])
	}
	for name, want := range map[string]string{"a": "s s_ok", "b": "a a_ok", "c": "b", "d": "a a_ok", "e": "c d a_c c_d", "a_c": "a c", "e_ok": "e", "u": "b"} {
		if needs[name] != want {
			t.Errorf("%s needs %q, want %q", name, needs[name], want)
		}
	}
}

// The test edges must order exactly what dbt's rule orders: for each executable node, after each test all of whose parents are its
// ancestors.
func TestTestEdgesAgainstTheirDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		n := 3 + rng.IntN(12)
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, "m%02d:", i)
			for j := range i {
				if rng.IntN(4) == 0 {
					fmt.Fprintf(&text, " m%02d", j)
				}
			}
			text.WriteByte('\n')
		}
		for k := range 6 {
			fmt.Fprintf(&text, "test.t%d:", k)
			for range 1 + rng.IntN(3) {
				fmt.Fprintf(&text, " m%02d", rng.IntN(n))
			}
			text.WriteByte('\n')
		}
		g := build(t, text.String())
		parents := g.withTestEdges()
		if _, order := levels(parents, reverse(parents)); order == nil {
			t.Fatal("test edges make a cycle")
		}
		full := *g
		full.parents = parents
		one := func(i int32) *Set { s := g.NewSet(); s.Add(i); return s }
		// The definition, closed transitively: edges test → node, then reachability.
		want := make([][]int32, g.Len())
		for i := range want {
			want[i] = slices.Clone(g.Parents(int32(i)))
			if g.nodes[i].Kind == node.Test {
				continue
			}
			above := g.Ancestors(one(int32(i)), Unbounded)
			for k, m := range g.nodes {
				if m.Kind != node.Test {
					continue
				}
				in := true
				for _, p := range g.Parents(int32(k)) {
					in = in && above.Has(p)
				}
				if in {
					want[i] = append(want[i], int32(k))
				}
			}
		}
		for i := range want {
			closure := g.NewSet()
			var visit func(int32)
			visit = func(j int32) {
				for _, p := range want[j] {
					if !closure.Has(p) {
						closure.Add(p)
						visit(p)
					}
				}
			}
			visit(int32(i))
			if got := full.Ancestors(one(int32(i)), Unbounded); !got.Equal(closure) {
				t.Fatalf("%s\n%s waits for %s, not for %s", text.String(), g.nodes[i].Name, g.names(slices.Collect(got.Each)), g.names(slices.Collect(closure.Each)))
			}
		}
	}
}

func TestSetLaws(t *testing.T) {
	g := build(t, "a:\nb:\nc:\nd:")
	ab, bc := g.set("a b"), g.set("b c")
	if !ab.Clone().Union(bc).Equal(g.set("a b c")) || !ab.Clone().Intersect(bc).Equal(g.set("b")) || !ab.Clone().Subtract(bc).Equal(g.set("a")) {
		t.Error("set operations")
	}
	if g.All().Len() != 4 || !g.NewSet().Empty() || g.All().Empty() {
		t.Error("All, Empty")
	}
	all := g.All()
	all.Remove(2)
	if !all.Equal(g.set("a b d")) {
		t.Error("Remove")
	}
}

func random(nodes, edges int) []*resource.Node {
	rng := rand.New(rand.NewPCG(7, 7))
	out := make([]*resource.Node, nodes)
	for i := range out {
		out[i] = &resource.Node{ID: node.Make(node.Model, "shop", fmt.Sprintf("model_%05d", i)), Kind: node.Model}
		for k := 0; i > 0 && k < edges/nodes; k++ {
			out[i].DependsOn = append(out[i].DependsOn, out[rng.IntN(i)].ID)
		}
	}
	return out
}

func BenchmarkBuild(b *testing.B) {
	nodes := random(10_000, 40_000)
	for b.Loop() {
		Build(nodes)
	}
}

func BenchmarkOrder(b *testing.B) {
	g, _ := Build(random(10_000, 40_000))
	for b.Loop() {
		levels(g.parents, g.children)
	}
}

func BenchmarkAncestors(b *testing.B) {
	g, _ := Build(random(10_000, 40_000))
	last := g.NewSet()
	last.Add(9_999)
	for b.Loop() {
		g.Ancestors(last, Unbounded)
	}
}

func BenchmarkQueue(b *testing.B) {
	nodes := random(10_000, 40_000)
	for i := range 22_000 {
		n := &resource.Node{ID: node.Make(node.Test, "shop", fmt.Sprintf("test_%05d", i)), Kind: node.Test, DependsOn: []node.ID{nodes[i%10_000].ID}}
		if i%10 == 0 {
			n.DependsOn = append(n.DependsOn, nodes[(i*7)%10_000].ID)
		}
		nodes = append(nodes, n)
	}
	g, _ := Build(nodes)
	for b.Loop() {
		g.Queue(g.All(), true)
	}
}
