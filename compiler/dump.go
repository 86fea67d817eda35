package compiler

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/artifact"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// Stages are the stages that Dump can print, in the order of the path of data.
var Stages = []string{"files", "project", "refs", "nodes", "graph", "rendered", "plan"}

// Dump prints what a stage made of the selected nodes: one JSON value a line, but for rendered, which is text.
func (p *Project) Dump(ctx context.Context, out io.Writer, stage string, s Selected, w Warehouse, observed plan.Observed) (diag.List, error) {
	switch stage {
	case "files":
		return nil, p.dumpFiles(out)
	case "project":
		return nil, p.dumpProject(out)
	case "refs":
		return nil, p.dumpRefs(out, s.IDs)
	case "nodes":
		for _, l := range p.bound.All() {
			if contains(s.IDs, l.ID) {
				if _, err := fmt.Fprintf(out, "%s\n", artifact.AppendValue(nil, p.engine.NodeValue(l))); err != nil {
					return nil, err
				}
			}
		}
		return nil, nil
	case "graph":
		return nil, p.dumpGraph(out, s.IDs)
	case "rendered":
		return p.dumpRendered(ctx, out, s.IDs, w)
	case "plan":
		planned, diags := p.Plan(ctx, PlanOptions{Command: "build", Selected: s, Observed: observed, Warehouse: w})
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return diags, enc.Encode(planned.Plan)
	}
	return nil, fmt.Errorf("there is no stage %q", stage)
}

func contains(sorted []node.ID, id node.ID) bool {
	lo, hi := 0, len(sorted)
	for lo < hi {
		if mid := (lo + hi) / 2; sorted[mid] < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo < len(sorted) && sorted[lo] == id
}

func line(out io.Writer, v any) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func (p *Project) dumpFiles(out io.Writer) error {
	for _, pkg := range p.set.Packages {
		for _, kind := range pkg.FileKinds() {
			for _, f := range kind.Files {
				if err := line(out, map[string]any{"package": pkg.Name, "kind": kind.Name, "path": f.OriginalPath, "bytes": f.Size}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (p *Project) dumpProject(out io.Writer) error {
	for _, pkg := range p.set.Packages {
		c := pkg.Config
		sections := jinja.NewDict(0)
		for _, name := range []string{"models", "seeds", "snapshots", "sources", "data_tests", "unit_tests", "exposures", "metrics", "semantic-models", "saved-queries", "functions", "analyses"} {
			if h, ok := c.Resources[name]; ok && h.Rendered != nil && h.Rendered.Len() > 0 {
				sections.Set(name, h.Rendered)
			}
		}
		d := jinja.NewDict(8)
		d.Set("name", jinja.Str(pkg.Name))
		d.Set("version", jinja.Str(c.Version))
		d.Set("model_paths", jinja.FromPlain(c.ModelPaths))
		d.Set("vars", orEmpty(c.Vars))
		d.Set("quoting", orEmpty(c.Quoting))
		d.Set("flags", orEmpty(c.Flags))
		d.Set("config", sections)
		if pkg == p.set.Root {
			d.Set("target", orEmpty(p.set.Profile.TargetDict))
		}
		if _, err := fmt.Fprintf(out, "%s\n", artifact.AppendValue(nil, d)); err != nil {
			return err
		}
	}
	return nil
}

func orEmpty(d *jinja.Dict) jinja.Value {
	if d == nil {
		return jinja.NewDict(0)
	}
	return d
}

func (p *Project) dumpRefs(out io.Writer, ids []node.ID) error {
	for _, id := range ids {
		n := p.bound.ByID[id]
		if n == nil {
			continue
		}
		refs, sources := []string{}, []string{}
		for _, r := range n.Refs {
			s := r.Name
			if r.Package != "" {
				s = r.Package + "." + s
			}
			if r.Version != nil && r.Version != jinja.Value(jinja.None) {
				s += ".v" + jinja.Text(r.Version)
			}
			refs = append(refs, s)
		}
		for _, s := range n.Sources {
			sources = append(sources, s.Source+"."+s.Table)
		}
		if err := line(out, map[string]any{"node": id, "refs": refs, "sources": sources, "macros": n.DependsOnMacros}); err != nil {
			return err
		}
	}
	return nil
}

func (p *Project) dumpGraph(out io.Writer, ids []node.ID) error {
	for _, i := range p.dag.Order() {
		n := p.dag.Node(i)
		if !contains(ids, n.ID) {
			continue
		}
		parents := []node.ID{}
		for _, parent := range p.dag.Parents(i) {
			parents = append(parents, p.dag.Node(parent).ID)
		}
		if err := line(out, map[string]any{"node": n.ID, "level": p.dag.Level(i), "parents": parents}); err != nil {
			return err
		}
	}
	return nil
}

// dumpRendered prints the rendered text of each node with the place each stretch came from.
func (p *Project) dumpRendered(ctx context.Context, out io.Writer, ids []node.ID, w Warehouse) (diag.List, error) {
	renderer := p.engine.Renderer(p.bound, render.RenderOptions{Context: ctx, Warehouse: w, ReadOnly: true, Selected: ids})
	var all diag.List
	for _, n := range p.planner.WithText(ids) {
		t, diags := p.planner.CompileNode(renderer, n)
		if all = append(all, diags...); diags.HasErrors() {
			continue
		}
		fmt.Fprintf(out, "-- %s\n%s\n", n.ID, t.Code)
		for _, s := range t.Rendered.Map {
			at := s.Span.Position()
			path := ""
			if s.Span.File != nil {
				path = s.Span.File.Path
			}
			fmt.Fprintf(out, "-- %d: %s:%d:%d\n", s.Out, path, at.Line, at.Column)
		}
	}
	return all, nil
}
