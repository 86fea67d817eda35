package render

import (
	"slices"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/sqlsyntax"
	"github.com/weft-data/weft/compiler/node"
)

// squeeze leaves white space out: how a built-in macro spaces its text is weft's own affair.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// compile renders a node and puts its ephemeral parents in.
func compile(t *testing.T, r *Renderer, n *resource.Node) (string, Rendered) {
	t.Helper()
	out, diags := r.Render(n)
	if diags.HasErrors() {
		t.Fatalf("render %s: %v", n.ID, diags)
	}
	ctes, diags := r.CTEs(n, out.Ephemeral)
	if diags.HasErrors() {
		t.Fatalf("CTEs of %s: %v", n.ID, diags)
	}
	var list []sqlsyntax.CTE
	for _, c := range ctes {
		list = append(list, sqlsyntax.CTE{Name: c.Name, SQL: c.SQL})
	}
	injected, err := sqlsyntax.InjectCTEs(out.Text, list, sqlsyntax.LexiconOf(n.Dialect))
	if err != nil {
		t.Fatalf("CTEs of %s: %v", n.ID, err)
	}
	return injected.Text, out
}

// TestTour holds reading and rendering to what dbt itself made of testdata/tour (tests/oracle/render_golden.py).
func TestTour(t *testing.T) {
	for _, dialect := range []string{"duckdb", "postgres", "redshift", "athena", "spark"} {
		t.Run(dialect, func(t *testing.T) {
			f := loadManifest(t, "testdata/tour."+dialect+".json", nil)
			r := f.engine.Renderer(f, RenderOptions{Warehouse: loadCatalog(t, "testdata/tour/catalog.json"), ReadOnly: true})
			f.engine.CompleteMacros(dialect)
			for _, m := range f.library.Macros(dialect) {
				want, ok := f.macros[m.ID]
				if ok && !slices.Equal(m.DependsOnMacros, want) {
					t.Errorf("%s depends on %v, want %v", m.ID, m.DependsOnMacros, want)
				}
			}
			for _, n := range f.nodes {
				t.Run(string(n.ID), func(t *testing.T) { checkNode(t, f, r, n) })
			}
		})
	}
}

func checkNode(t *testing.T, f *fixture, r *Renderer, n *resource.Node) {
	raw := f.raw[n.ID]
	if want := str(raw, "relation_name"); want != "" {
		if got := f.engine.RelationName(n); got != want {
			t.Errorf("relation name %s, want %s", got, want)
		}
	}
	if n.Kind == node.Source || n.Kind == node.Seed {
		return
	}
	checkNames(t, f, n)
	scan, diags := f.engine.Scan(n)
	if len(diags) > 0 {
		t.Errorf("scan: %v", diags)
	}
	checkReferences(t, raw, scan)
	text, out := compile(t, r, n)
	if want := str(raw, "compiled_code"); squeeze(text) != squeeze(want) {
		t.Errorf("compiled\n%s\nwant\n%s", text, want)
	}
	macros := slices.Clone(scan.Macros)
	for _, id := range out.Macros {
		if !slices.Contains(macros, id) {
			macros = append(macros, id)
		}
	}
	if !slices.Equal(macros, n.DependsOnMacros) {
		t.Errorf("macros %v, want %v", macros, n.DependsOnMacros)
	}
	for _, rel := range out.Relations {
		if of := f.byID[rel.Node]; out.Text[rel.Start:rel.End] == "" || of == nil {
			t.Errorf("tracked relation %+v", rel)
		}
	}
}

// checkNames holds the generated names to those of the manifest.
func checkNames(t *testing.T, f *fixture, n *resource.Node) {
	t.Helper()
	if n.Kind == node.Snapshot || n.Kind == node.Test && n.Config == nil {
		return
	}
	for what, want := range map[string]string{"schema": n.Schema, "alias": n.Alias, "database": n.Database} {
		custom, _ := n.Config.Get(what)
		got, diags := f.engine.GenerateName(what, custom, n)
		if len(diags) > 0 || got != want {
			t.Errorf("%s %q %v, want %q", what, got, diags, want)
		}
	}
}

// checkReferences compares refs in their order, sources as a set: for simple models dbt's own order of sources is arbitrary.
func checkReferences(t *testing.T, raw *jinja.Dict, scan resource.Scan) {
	t.Helper()
	var refs, sources, wantRefs, wantSources []string
	for _, r := range scan.Refs {
		refs = append(refs, r.Package+"|"+r.Name+"|"+jinja.Text(r.Version))
	}
	for _, s := range scan.Sources {
		sources = append(sources, s.Source+"|"+s.Table)
	}
	list, _ := raw.Get("refs")
	for item := range items(list) {
		d := item.(*jinja.Dict)
		version, _ := d.Get("version")
		wantRefs = append(wantRefs, str(d, "package")+"|"+str(d, "name")+"|"+jinja.Text(version))
	}
	list, _ = raw.Get("sources")
	for item := range items(list) {
		var parts []string
		for p := range items(item) {
			parts = append(parts, jinja.Text(p))
		}
		wantSources = append(wantSources, strings.Join(parts, "|"))
	}
	slices.Sort(sources)
	slices.Sort(wantSources)
	if !slices.Equal(refs, wantRefs) {
		t.Errorf("refs %v, want %v", refs, wantRefs)
	}
	if !slices.Equal(slices.Compact(sources), slices.Compact(wantSources)) {
		t.Errorf("sources %v, want %v", sources, wantSources)
	}
}
