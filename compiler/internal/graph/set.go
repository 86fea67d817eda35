package graph

import "math/bits"

// Set is a set of nodes of one graph, a bit for each.
type Set struct {
	words []uint64
}

// NewSet makes an empty set for the nodes of the graph.
func (g *Graph) NewSet() *Set { return &Set{make([]uint64, (len(g.nodes)+63)/64)} }

// All is the set of all nodes.
func (g *Graph) All() *Set {
	s := g.NewSet()
	for i := range s.words {
		s.words[i] = ^uint64(0)
	}
	if spare := len(s.words)*64 - len(g.nodes); spare > 0 {
		s.words[len(s.words)-1] >>= spare
	}
	return s
}

// Add puts a node into the set.
func (s *Set) Add(i int32) { s.words[i>>6] |= 1 << (i & 63) }

// Remove takes a node out of the set.
func (s *Set) Remove(i int32) { s.words[i>>6] &^= 1 << (i & 63) }

// Has says whether a node is in the set.
func (s *Set) Has(i int32) bool { return s.words[i>>6]&(1<<(i&63)) != 0 }

// Len counts the nodes in the set.
func (s *Set) Len() int {
	n := 0
	for _, w := range s.words {
		n += bits.OnesCount64(w)
	}
	return n
}

// Empty says that no node is in the set.
func (s *Set) Empty() bool {
	for _, w := range s.words {
		if w != 0 {
			return false
		}
	}
	return true
}

// Equal says that both sets hold the same nodes.
func (s *Set) Equal(other *Set) bool {
	for i, w := range s.words {
		if w != other.words[i] {
			return false
		}
	}
	return true
}

// Clone is a copy of the set.
func (s *Set) Clone() *Set { return &Set{append([]uint64(nil), s.words...)} }

// Union adds the nodes of another set and returns the set.
func (s *Set) Union(other *Set) *Set {
	for i, w := range other.words {
		s.words[i] |= w
	}
	return s
}

// Intersect keeps the nodes that are in the other set too and returns the set.
func (s *Set) Intersect(other *Set) *Set {
	for i, w := range other.words {
		s.words[i] &= w
	}
	return s
}

// Subtract removes the nodes of another set and returns the set.
func (s *Set) Subtract(other *Set) *Set {
	for i, w := range other.words {
		s.words[i] &^= w
	}
	return s
}

// Each yields the nodes in ascending order: for i := range s.Each.
func (s *Set) Each(yield func(i int32) bool) {
	for w, word := range s.words {
		for word != 0 {
			if !yield(int32(w<<6 + bits.TrailingZeros64(word))) {
				return
			}
			word &= word - 1
		}
	}
}

// Unbounded is the depth that reaches everything.
const Unbounded = -1

// Ancestors are the nodes from which a path of at least one edge leads to a node of the set, at most depth edges long.
func (g *Graph) Ancestors(of *Set, depth int) *Set { return g.reach(g.parents, of, depth) }

// Descendants are the nodes to which a path of at least one edge leads from a node of the set, at most depth edges long.
func (g *Graph) Descendants(of *Set, depth int) *Set { return g.reach(g.children, of, depth) }

func (g *Graph) reach(next adjacency, from *Set, depth int) *Set {
	found := g.NewSet()
	layer := make([]int32, 0, 64)
	for i := range from.Each {
		layer = append(layer, i)
	}
	for step := 0; len(layer) > 0 && step != depth; step++ {
		var reached []int32
		for _, i := range layer {
			for _, j := range next.of(i) {
				if found.Has(j) {
					continue
				}
				found.Add(j)
				// What the set holds is expanded in the first step; meeting it again leads nowhere new.
				if !from.Has(j) {
					reached = append(reached, j)
				}
			}
		}
		layer = reached
	}
	return found
}
