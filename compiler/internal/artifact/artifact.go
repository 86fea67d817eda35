// Package artifact turns the compiler's resources into the rows of dbt's manifest.
//
// The manifest is a contract with the world, the resources are working forms that change as the compiler does; this package is the one
// place where the two meet. It encodes nodes in parallel and in a fixed order, so that the largest file weft writes costs little and is the
// same at any number of threads.
package artifact

import (
	"cmp"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"sync"

	"github.com/weft-data/weft/compiler/internal/graph"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/manifest"
	"github.com/weft-data/weft/compiler/node"
)

// Project is everything a manifest shows.
type Project struct {
	Graph    *graph.Graph
	Disabled []*resource.Node
	Macros   []*resource.Macro
	Docs     []*resource.Doc
	Groups   []*resource.Group
	// Selectors are the normalized definitions of selectors.yml, nil if there are none.
	Selectors *jinja.Dict
}

// Options are what a manifest says beyond the project.
type Options struct {
	Metadata manifest.Metadata
	// CreatedAt is the time of the invocation in seconds, which is every entry's created_at.
	CreatedAt float64
	// Compiled gives a node's compiled text, if it has been compiled; nil: nothing has been.
	Compiled func(id node.ID) (Compiled, bool)
	// Threads is how many goroutines encode; 0 means one.
	Threads int
}

// Compiled is what compiling added to a node.
type Compiled struct {
	Path, Code string
	CTEs       []manifest.CTE
}

// ProjectID is the id that dbt gives a project: the MD5 of its name.
func ProjectID(name string) string {
	sum := md5.Sum([]byte(name))
	return hex.EncodeToString(sum[:])
}

// section says where in the manifest a kind is listed.
func section(k node.Kind) string {
	switch k {
	case node.Source:
		return "sources"
	case node.Exposure:
		return "exposures"
	case node.Metric:
		return "metrics"
	case node.SemanticModel:
		return "semantic_models"
	case node.SavedQuery:
		return "saved_queries"
	case node.UnitTest:
		return "unit_tests"
	case node.Function:
		return "functions"
	}
	return "nodes"
}

// Write writes manifest.json.
func Write(w io.Writer, p Project, o Options) error {
	out := manifest.NewWriter(w, o.Metadata)
	by := map[string][]*resource.Node{}
	for _, n := range p.Graph.Nodes() {
		s := section(n.Kind)
		by[s] = append(by[s], n)
	}
	nodes := func(name string) {
		out.Section(name)
		each(out, by[name], o.Threads, func(e *encoder, b []byte, n *resource.Node) []byte {
			b = append(manifest.AppendString(b, string(n.ID)), ':')
			return e.node(b, n, &o)
		})
	}
	nodes("nodes")
	nodes("sources")
	out.Section("macros")
	macros := sorted(p.Macros, func(m *resource.Macro) string { return m.ID })
	each(out, macros, o.Threads, func(e *encoder, b []byte, m *resource.Macro) []byte {
		b = append(manifest.AppendString(b, m.ID), ':')
		return e.macro(b, m, &o)
	})
	out.Section("docs")
	for _, d := range sorted(p.Docs, func(d *resource.Doc) string { return d.ID }) {
		row := manifest.Doc{Name: d.Name, ResourceType: "doc", PackageName: d.Package, Path: d.Path, OriginalFilePath: d.OriginalPath,
			UniqueID: d.ID, BlockContents: d.Contents}
		out.Entry(d.ID, row.AppendJSON)
	}
	nodes("exposures")
	nodes("metrics")
	out.Section("groups")
	groups := sorted(p.Groups, func(g *resource.Group) string { return g.ID })
	for _, g := range groups {
		out.Value(g.ID, group(g))
	}
	out.Section("selectors")
	if p.Selectors != nil {
		for name, definition := range p.Selectors.Entries {
			out.Entry(jinja.Text(name), func(b []byte) []byte { return AppendValue(b, definition) })
		}
	}
	out.Section("disabled")
	writeDisabled(out, p.Disabled, &o)
	writeMaps(out, p.Graph, groups)
	nodes("saved_queries")
	nodes("semantic_models")
	nodes("unit_tests")
	nodes("functions")
	return out.Close()
}

// Entry is the manifest's entry of one node.
func Entry(n *resource.Node) []byte {
	var e encoder
	return e.node(nil, n, &Options{})
}

func sorted[T any](list []T, id func(T) string) []T {
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b T) int { return cmp.Compare(id(a), id(b)) })
	return out
}

func group(g *resource.Group) manifest.Group {
	row := manifest.Group{Name: g.Name, ResourceType: "group", PackageName: g.Package, Path: g.Path, OriginalFilePath: g.OriginalPath,
		UniqueID: g.ID, Owner: appendDict(nil, g.Owner), Config: json.RawMessage(`{"meta":{}}`)}
	if g.Description != "" {
		row.Description = &g.Description
	}
	if g.Config != nil {
		row.Config = appendDict(nil, g.Config)
	}
	return row
}

// writeDisabled lists the disabled nodes; several may have one id.
func writeDisabled(out *manifest.Writer, nodes []*resource.Node, o *Options) {
	list := sorted(nodes, func(n *resource.Node) string { return string(n.ID) })
	var e encoder
	for len(list) > 0 {
		same := 1
		for same < len(list) && list[same].ID == list[0].ID {
			same++
		}
		out.Entry(string(list[0].ID), func(b []byte) []byte {
			b = append(b, '[')
			for i, n := range list[:same] {
				if i > 0 {
					b = append(b, ',')
				}
				b = e.node(b, n, o)
			}
			return append(b, ']')
		})
		list = list[same:]
	}
}

// writeMaps writes who is above, who is below, and who is in which group. Graph indices are in the order of ids, so every list is
// sorted.
func writeMaps(out *manifest.Writer, g *graph.Graph, groups []*resource.Group) {
	neighbours := func(of func(int32) []int32) {
		for i, n := range g.Nodes() {
			out.Entry(string(n.ID), func(b []byte) []byte {
				b = append(b, '[')
				for k, j := range of(int32(i)) {
					if k > 0 {
						b = append(b, ',')
					}
					b = manifest.AppendString(b, string(g.Node(j).ID))
				}
				return append(b, ']')
			})
		}
	}
	out.Section("parent_map")
	neighbours(g.Parents)
	out.Section("child_map")
	neighbours(g.Children)
	out.Section("group_map")
	members := map[string][]string{}
	for _, n := range g.Nodes() {
		// Sources and exposures have no group; unit tests and functions are not listed.
		switch section(n.Kind) {
		case "nodes", "metrics", "saved_queries", "semantic_models":
			if n.Group != "" {
				members[n.Group] = append(members[n.Group], string(n.ID))
			}
		}
	}
	for _, x := range groups {
		out.Value(x.Name, append([]string{}, members[x.Name]...))
	}
}

// runLength is how many entries one goroutine encodes at a time, runBytes the room that a run gets at first. Runs are short so that
// their buffers are small: a few that stay in the processor's cache cost less than large ones that the garbage collector has to see to.
const (
	runLength = 32
	runBytes  = 128 << 10
)

// each encodes entries in runs, by as many goroutines as wanted, and writes the runs in order. Only a few runs exist at any time.
func each[T any](out *manifest.Writer, list []T, threads int, encode func(e *encoder, b []byte, item T) []byte) {
	run := func(e *encoder, b []byte, items []T) []byte {
		for i, item := range items {
			if i > 0 {
				b = append(b, ',')
			}
			b = encode(e, b, item)
		}
		return b
	}
	if threads <= 1 || len(list) <= 4*runLength {
		var e encoder
		var b []byte
		for items := range slices.Chunk(list, runLength) {
			b = run(&e, b[:0], items)
			out.Entries(len(items), b)
		}
		return
	}
	type result struct {
		count int
		text  []byte
	}
	type job struct {
		items []T
		done  chan result
	}
	jobs, order := make(chan job), make(chan job, 2*threads)
	free := make(chan []byte, 3*threads+1) // buffers that have been written: as many as there can be runs at a time
	var workers sync.WaitGroup
	for range threads {
		workers.Go(func() {
			var e encoder
			for j := range jobs {
				var b []byte
				select {
				case b = <-free:
				default:
					b = make([]byte, 0, runBytes)
				}
				j.done <- result{len(j.items), run(&e, b[:0], j.items)}
			}
		})
	}
	workers.Go(func() {
		for items := range slices.Chunk(list, runLength) {
			j := job{items, make(chan result, 1)}
			order <- j
			jobs <- j
		}
		close(jobs)
		close(order)
	})
	for j := range order {
		r := <-j.done
		out.Entries(r.count, r.text)
		select {
		case free <- r.text:
		default:
		}
	}
	workers.Wait()
}
