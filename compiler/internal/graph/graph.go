// Package graph orders a project's nodes by what they depend on.
//
// Selection, compilation and the plan all ask the same questions of one graph: who is above, who is below, what may start when.
// Nodes are therefore numbered once, in the order of their unique ids, and edges live in two flat arrays; each question is
// then a scan over integers, and every answer comes out in the order of ids, whatever order files were read in.
package graph

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// Graph is the dependency graph. It is immutable and safe for concurrent use. A node is named by its index: the position of
// its unique id among all ids, sorted, so that comparing indices compares ids.
type Graph struct {
	nodes    []*resource.Node
	index    map[node.ID]int32
	parents  adjacency
	children adjacency
	// levels is dbt's score of a node: 0 for roots, else one more than the highest level among its parents.
	levels []int32
	order  []int32
}

// adjacency holds the neighbours of node i in list[start[i]:start[i+1]], ascending and without repetition.
type adjacency struct {
	start, list []int32
}

func (a adjacency) of(i int32) []int32 { return a.list[a.start[i]:a.start[i+1]:a.start[i+1]] }

// Build makes the graph of the nodes by their DependsOn. It reports ids that are missing or given twice, and the shortest
// cycle there is; with a cycle the graph is nil, because nothing below or on it has an order.
func Build(nodes []*resource.Node) (*Graph, diag.List) {
	var list diag.List
	g := &Graph{nodes: byID(nodes), index: make(map[node.ID]int32, len(nodes))}
	g.nodes = slices.CompactFunc(g.nodes, func(a, b *resource.Node) bool {
		if a.ID != b.ID {
			return false
		}
		list.Add(diag.DuplicateNode, place(b), "two resources have the unique id %s", b.ID).Related =
			[]diag.Related{{Span: place(a), Message: "the other one is here"}}
		return true
	})
	for i, n := range g.nodes {
		g.index[n.ID] = int32(i)
	}
	count, edges := 0, 0
	for _, n := range g.nodes {
		edges += len(n.DependsOn)
	}
	start, parents := make([]int32, len(g.nodes)+1), make([]int32, 0, edges)
	for i, n := range g.nodes {
		for _, id := range n.DependsOn {
			p, ok := g.index[id]
			if !ok {
				d := list.Add(diag.UnknownDependency, place(n), "%s depends on %s, which does not exist or is disabled", n.ID, id)
				d.Node = string(n.ID)
				continue
			}
			parents = append(parents, p)
		}
		own := parents[count:]
		slices.Sort(own)
		parents = parents[:count+len(slices.Compact(own))]
		count = len(parents)
		start[i+1] = int32(count)
	}
	g.parents = adjacency{start, parents}
	g.children = reverse(g.parents)
	g.levels, g.order = levels(g.parents, g.children)
	if g.order == nil {
		list = append(list, g.cycle())
		return nil, list
	}
	return g, list
}

// byID copies the nodes and sorts them by unique id; the usual input is sorted already.
func byID(nodes []*resource.Node) []*resource.Node {
	out := slices.Clone(nodes)
	less := func(a, b *resource.Node) int { return strings.Compare(string(a.ID), string(b.ID)) }
	if !slices.IsSortedFunc(out, less) {
		slices.SortStableFunc(out, less)
	}
	return out
}

// reverse turns an adjacency around. Its lists are ascending because their nodes are visited in ascending order.
func reverse(a adjacency) adjacency {
	n := len(a.start) - 1
	r := adjacency{make([]int32, n+1), make([]int32, len(a.list))}
	for _, p := range a.list {
		r.start[p+1]++
	}
	for i := range n {
		r.start[i+1] += r.start[i]
	}
	next := slices.Clone(r.start[:n])
	for i := range n {
		for _, p := range a.list[a.start[i]:a.start[i+1]] {
			r.list[next[p]] = int32(i)
			next[p]++
		}
	}
	return r
}

// levels gives each node the length of the longest path that leads to it, and the order by (level, id), which is the
// order in which dbt's queue gives nodes to a single thread. With a cycle both are nil.
func levels(parents, children adjacency) (level, order []int32) {
	n := len(parents.start) - 1
	level = make([]int32, n)
	waiting := make([]int32, n)
	queue := make([]int32, 0, n)
	for i := range n {
		waiting[i] = parents.start[i+1] - parents.start[i]
		if waiting[i] == 0 {
			queue = append(queue, int32(i))
		}
	}
	deepest := int32(0)
	for head := 0; head < len(queue); head++ {
		i := queue[head]
		below := level[i] + 1
		for _, c := range children.of(i) {
			level[c] = max(level[c], below)
			if waiting[c]--; waiting[c] == 0 {
				deepest = max(deepest, level[c])
				queue = append(queue, c)
			}
		}
	}
	if len(queue) < n {
		return nil, nil
	}
	// Counting sort: within a level the indices, and with them the ids, stay ascending.
	first := make([]int32, deepest+2)
	for _, l := range level {
		first[l+1]++
	}
	for l := range deepest {
		first[l+1] += first[l]
	}
	order = queue[:n]
	for i, l := range level {
		order[first[l]] = int32(i)
		first[l]++
	}
	return level, order
}

// Len is the number of nodes.
func (g *Graph) Len() int { return len(g.nodes) }

// Node is the node with an index.
func (g *Graph) Node(i int32) *resource.Node { return g.nodes[i] }

// Nodes are all nodes, in the order of their unique ids. The slice belongs to the graph.
func (g *Graph) Nodes() []*resource.Node { return g.nodes }

// Index finds a node by its unique id.
func (g *Graph) Index(id node.ID) (int32, bool) {
	i, ok := g.index[id]
	return i, ok
}

// Parents are what a node depends on directly, ascending. The slice belongs to the graph.
func (g *Graph) Parents(i int32) []int32 { return g.parents.of(i) }

// Children are the nodes that depend on a node directly, ascending. The slice belongs to the graph.
func (g *Graph) Children(i int32) []int32 { return g.children.of(i) }

// Edges is the number of edges.
func (g *Graph) Edges() int { return len(g.parents.list) }

// Order are all nodes so that each comes after everything it depends on: by level, then by unique id. The slice belongs
// to the graph.
func (g *Graph) Order() []int32 { return g.order }

// Level is the length of the longest path that leads to a node.
func (g *Graph) Level(i int32) int { return int(g.levels[i]) }

// place is where a node stands in its author's files: its code, or its declaration if it has none.
func place(n *resource.Node) source.Span {
	if n.Code.IsZero() {
		return n.Declared
	}
	return n.Code.Sub(0, 0)
}
