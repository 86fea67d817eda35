package render

import (
	"slices"
	"strings"
	"sync"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
)

// CTE is an ephemeral model as it is put into its readers: under Name, the text SQL.
type CTE struct {
	ID   node.ID
	Name string
	SQL  string
}

// Clause is the CTE as the manifest keeps it in extra_ctes.
func (c CTE) Clause() string { return " " + c.Name + " as (\n" + c.SQL + "\n)" }

// ephemeral is an ephemeral model, rendered once for all its readers.
type ephemeral struct {
	once  sync.Once
	out   Rendered
	diags diag.List
}

// RenderEphemeral renders an ephemeral model, once however many ask.
func (r *Renderer) RenderEphemeral(n *resource.Node) (Rendered, diag.List) {
	r.mu.Lock()
	e := r.ephemeral[n.ID]
	if e == nil {
		e = &ephemeral{}
		r.ephemeral[n.ID] = e
	}
	r.mu.Unlock()
	e.once.Do(func() { e.out, e.diags = r.Render(n) })
	return e.out, e.diags
}

// CTEs lists what has to be put in front of a rendered node: its ephemeral parents and theirs, each after those it reads, as dbt
// orders them. What fails in a parent fails the node; the diagnostics say in which.
func (r *Renderer) CTEs(n *resource.Node, direct []node.ID) ([]CTE, diag.List) {
	w := cteWalk{renderer: r}
	w.add(n, direct)
	if w.diags.HasErrors() && r.options.Unit != nil {
		return nil, w.diags
	}
	if w.diags.HasErrors() {
		for i := range w.diags {
			w.diags[i].Node = string(n.ID)
		}
		return nil, w.diags
	}
	return w.ctes, nil
}

type cteWalk struct {
	renderer *Renderer
	ctes     []CTE
	path     []node.ID
	diags    diag.List
}

func (w *cteWalk) add(reader *resource.Node, parents []node.ID) {
	for _, id := range parents {
		if slices.ContainsFunc(w.ctes, func(c CTE) bool { return c.ID == id }) {
			continue
		}
		if slices.Contains(w.path, id) {
			names := make([]string, 0, len(w.path)+1)
			for _, p := range append(slices.Clone(w.path), id) {
				names = append(names, string(p))
			}
			w.diags.Add(diag.EphemeralCycle, reader.Code, "ephemeral models refer to each other: %s", strings.Join(names, " --> "))
			return
		}
		parent := w.renderer.graph.Node(id)
		if parent == nil {
			w.diags.Add(diag.TargetNotFound, reader.Code, "During compilation, found a cte reference that could not be resolved: %s", id)
			continue
		}
		out, diags := w.renderer.RenderEphemeral(parent)
		if diags.HasErrors() {
			w.diags = append(w.diags, diags...)
			continue
		}
		w.path = append(w.path, id)
		w.add(parent, out.Ephemeral)
		w.path = w.path[:len(w.path)-1]
		name := warehouse.EphemeralPrefix + w.renderer.options.Unit.name(parent)
		w.ctes = append(w.ctes, CTE{ID: id, Name: name, SQL: out.Text})
	}
}
