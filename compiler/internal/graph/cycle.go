package graph

import (
	"fmt"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/source"
)

// cycle describes the shortest cycle. dbt names whichever its search meets first, which in a large project may be hundreds
// of models long; the shortest is the one a reader can mend.
func (g *Graph) cycle() diag.Diagnostic {
	ring := g.shortestCycle()
	names := make([]string, 0, len(ring)+1)
	for _, i := range ring {
		names = append(names, string(g.nodes[i].ID))
	}
	var list diag.List
	// As dbt writes it, with the way back to the first node made visible.
	d := list.Add(diag.Cycle, source.Span{}, "Found a cycle: %s --> %s", strings.Join(names, " --> "), names[0])
	for k, i := range ring {
		parent, child := g.nodes[i], g.nodes[ring[(k+1)%len(ring)]]
		at, call := edgeSpan(child, parent)
		if k == 0 {
			d.Span = at
		}
		d.Related = append(d.Related, diag.Related{Span: at, Message: fmt.Sprintf("%s depends on %s by %s", child.ID, parent.ID, call)})
	}
	d.Hint = "Remove one of these references, or move what both models need into a model of its own."
	return list[0]
}

// edgeSpan is the place in the child's files that makes it depend on the parent, and what stands there.
func edgeSpan(child, parent *resource.Node) (source.Span, string) {
	if parent.Source != nil {
		for _, s := range child.Sources {
			if s.Source == parent.Source.Name && s.Table == parent.Name {
				return s.Span, fmt.Sprintf("source('%s', '%s')", s.Source, s.Table)
			}
		}
	}
	best := -1
	for k, r := range child.Refs {
		if r.Name != parent.Name || (r.Package != "" && r.Package != parent.Package) {
			continue
		}
		if sameVersion(r.Version, parent) {
			best = k
			break
		}
		if best < 0 {
			best = k
		}
	}
	if best >= 0 {
		r := child.Refs[best]
		return r.Span, fmt.Sprintf("ref('%s')", r.Name)
	}
	if !child.Code.IsZero() {
		return place(child), "its text"
	}
	return child.Declared, "its properties"
}

func sameVersion(v jinja.Value, parent *resource.Node) bool {
	if none(v) {
		return none(parent.Version) || !none(parent.LatestVersion) && jinja.Equal(parent.Version, parent.LatestVersion)
	}
	return !none(parent.Version) && jinja.Equal(v, parent.Version)
}

func none(v jinja.Value) bool {
	_, is := v.(jinja.NoneType)
	return v == nil || is
}

// searchBudget bounds the search for the shortest cycle in a graph made to be hard: after so many edges the shortest found
// so far is good enough.
const searchBudget = 200_000_000

// shortestCycle finds a cycle with the fewest nodes; among several the one with the smallest ids. It lists parents before children,
// beginning with the smallest index.
func (g *Graph) shortestCycle() []int32 {
	n := len(g.nodes)
	// Nodes outside of every cycle are peeled off from both ends, again after each start node is done with.
	out := make([]int32, n)
	in := make([]int32, n)
	gone := make([]bool, n)
	for i := range int32(n) {
		out[i], in[i] = int32(len(g.Children(i))), int32(len(g.Parents(i)))
	}
	var peel []int32
	drop := func(i int32) {
		gone[i] = true
		for _, c := range g.Children(i) {
			if in[c]--; in[c] == 0 && !gone[c] {
				peel = append(peel, c)
			}
		}
		for _, p := range g.Parents(i) {
			if out[p]--; out[p] == 0 && !gone[p] {
				peel = append(peel, p)
			}
		}
	}
	trim := func() {
		for len(peel) > 0 {
			i := peel[len(peel)-1]
			peel = peel[:len(peel)-1]
			if !gone[i] {
				drop(i)
			}
		}
	}
	for i := range int32(n) {
		if in[i] == 0 || out[i] == 0 {
			peel = append(peel, i)
		}
	}
	trim()

	var best []int32
	from := make([]int32, n)
	seen := make([]int32, n) // the start node + 1 whose search saw a node last
	budget := searchBudget
	var layer, next []int32
search:
	for s := range int32(n) {
		if gone[s] {
			continue
		}
		seen[s] = s + 1
		layer = append(layer[:0], s)
		for depth := 1; len(layer) > 0 && (best == nil || depth < len(best)); depth++ {
			next = next[:0]
			for _, i := range layer {
				for _, c := range g.Children(i) {
					if budget--; budget < 0 && best != nil {
						break search
					}
					if c == s {
						best = best[:0]
						for j := i; j != s; j = from[j] {
							best = append(best, j)
						}
						best = append(best, s)
						for a, b := 0, len(best)-1; a < b; a, b = a+1, b-1 {
							best[a], best[b] = best[b], best[a]
						}
						next = next[:0]
						goto done
					}
					if !gone[c] && seen[c] != s+1 {
						seen[c], from[c] = s+1, i
						next = append(next, c)
					}
				}
			}
			layer, next = next, layer
		}
	done:
		// Every cycle through s is accounted for.
		drop(s)
		trim()
	}
	return best
}
