package graph

import (
	"slices"

	"github.com/weft-data/weft/compiler/node"
)

// Queue is the part of a graph that a command works on: the selected nodes, and which of them wait for which.
type Queue struct {
	// Nodes are the selected nodes, ascending.
	Nodes []int32
	// Levels, beside Nodes, is the score by which dbt's queue prefers nodes that are ready: lower first, then by unique id.
	Levels []int32
	// Needs, beside Nodes, are the selected nodes that must be finished before, ascending: those that it depends on, directly or through
	// nodes that are not selected, and in a build the tests on what it depends on.
	Needs [][]int32
	// Order are the selected nodes in the order in which a single thread takes them.
	Order []int32
}

// Queue reduces the graph to a selection. With testEdges, as `build` wants it, a node also waits for the data tests of
// the nodes above it, if all that such a test reads lies above the node: bad data is not built upon.
func (g *Graph) Queue(selected *Set, testEdges bool) *Queue {
	parents := g.parents
	if testEdges {
		parents = g.withTestEdges()
	}
	children := reverse(parents)
	_, order := levels(parents, children)

	q := &Queue{}
	// nearest[i] are the selected nodes that i hands down: itself if selected, else what its parents hand down.
	nearest := make([][]int32, len(g.nodes))
	level := make([]int32, len(g.nodes)) // of an unselected node: the level its children have at least
	needs := make([][]int32, len(g.nodes))
	for _, i := range order {
		var above []int32
		own, lists := int32(0), 0
		for _, p := range parents.of(i) {
			own = max(own, level[p])
			if len(nearest[p]) == 0 {
				continue
			}
			if lists++; lists == 1 {
				above = nearest[p]
				continue
			}
			if lists == 2 {
				above = slices.Clone(above)
			}
			above = append(above, nearest[p]...)
		}
		if lists > 1 {
			slices.Sort(above)
			above = slices.Compact(above)
		}
		if !selected.Has(i) {
			nearest[i], level[i] = above, own
			continue
		}
		q.Nodes = append(q.Nodes, i)
		needs[i] = above
		nearest[i] = []int32{i}
		level[i] = own + 1
	}
	q.Order = slices.Clone(q.Nodes)
	slices.SortFunc(q.Order, func(a, b int32) int {
		if level[a] != level[b] {
			return int(level[a] - level[b])
		}
		return int(a - b)
	})
	slices.Sort(q.Nodes)
	q.Needs = make([][]int32, len(q.Nodes))
	q.Levels = make([]int32, len(q.Nodes))
	for k, i := range q.Nodes {
		q.Needs[k], q.Levels[k] = needs[i], level[i]-1
	}
	return q
}

// executable says whether dbt counts a node among those that wait for tests: everything it would run, but tests.
func executable(k node.Kind) bool {
	switch k {
	case node.Model, node.Seed, node.Snapshot, node.Analysis, node.Operation, node.SQLOperation:
		return true
	}
	return false
}

// withTestEdges is the parents' adjacency with an edge from each data test to the first executable nodes on every path below it whose
// ancestors include everything the test depends on. dbt gives such an edge to every node below those too, which orders nothing
// more.
func (g *Graph) withTestEdges() adjacency {
	type edge struct{ child, test int32 }
	var edges []edge
	var multi []int32 // tests that read several nodes
	seen := make([]int32, len(g.nodes))
	mark := int32(0)
	// below visits the executable nodes nearest below i for which stop holds.
	below := func(i int32, stop func(int32) bool, found func(int32)) {
		mark++
		stack := append([]int32(nil), g.Children(i)...)
		for len(stack) > 0 {
			c := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if seen[c] == mark || g.nodes[c].Kind == node.Test {
				continue
			}
			seen[c] = mark
			if executable(g.nodes[c].Kind) && stop(c) {
				found(c)
				continue
			}
			stack = append(stack, g.Children(c)...)
		}
	}
	for i, n := range g.nodes {
		if executable(n.Kind) || n.Kind == node.Source || n.Kind == node.Function {
			var tests []int32
			for _, c := range g.Children(int32(i)) {
				if g.nodes[c].Kind == node.Test && len(g.Parents(c)) == 1 {
					tests = append(tests, c)
				}
			}
			if len(tests) > 0 {
				below(int32(i), func(int32) bool { return true }, func(c int32) {
					for _, t := range tests {
						edges = append(edges, edge{c, t})
					}
				})
			}
		}
		if n.Kind == node.Test && len(g.Parents(int32(i))) > 1 {
			multi = append(multi, int32(i))
		}
	}
	// Whether a node lies below all that a test reads is a question to bit sets over the nodes that some test reads, some hundred of
	// them at a time, so that memory stays linear in the graph.
	const words = 8
	for len(multi) > 0 {
		bit := map[int32]int{}
		batch := 0
		for batch < len(multi) {
			fresh := 0
			for _, p := range g.Parents(multi[batch]) {
				if _, known := bit[p]; !known {
					fresh++
				}
			}
			if len(bit)+fresh > words*64 && batch > 0 {
				break
			}
			for _, p := range g.Parents(multi[batch]) {
				if _, known := bit[p]; !known {
					bit[p] = len(bit)
				}
			}
			batch++
		}
		width := (len(bit) + 63) / 64
		above := make([]uint64, len(g.nodes)*width)
		for _, i := range g.order {
			own := above[int(i)*width : (int(i)+1)*width]
			for _, p := range g.Parents(i) {
				for w, word := range above[int(p)*width : (int(p)+1)*width] {
					own[w] |= word
				}
				if b, ok := bit[p]; ok {
					own[b/64] |= 1 << (b % 64)
				}
			}
		}
		for _, t := range multi[:batch] {
			reads := g.Parents(t)
			last := reads[0]
			for _, p := range reads {
				if g.levels[p] > g.levels[last] {
					last = p
				}
			}
			below(last, func(c int32) bool {
				own := above[int(c)*width:]
				for _, p := range reads {
					if b := bit[p]; own[b/64]&(1<<(b%64)) == 0 {
						return false
					}
				}
				return true
			}, func(c int32) { edges = append(edges, edge{c, t}) })
		}
		multi = multi[batch:]
	}
	slices.SortFunc(edges, func(a, b edge) int {
		if a.child != b.child {
			return int(a.child - b.child)
		}
		return int(a.test - b.test)
	})
	a := adjacency{make([]int32, len(g.nodes)+1), make([]int32, 0, len(g.parents.list)+len(edges))}
	for i := range g.nodes {
		a.list = append(a.list, g.Parents(int32(i))...)
		for len(edges) > 0 && edges[0].child == int32(i) {
			a.list = append(a.list, edges[0].test)
			edges = edges[1:]
		}
		slices.Sort(a.list[a.start[i]:])
		a.start[i+1] = int32(len(a.list))
	}
	return a
}
