package render

import (
	"sync"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
)

// flatGraph is `graph`: every resource as the manifest shows it. It is made once, when the first template asks, and each
// template gets its own copy, so that what one does to it cannot reach another.
type flatGraph struct {
	once     sync.Once
	sections []graphSection
}

type graphSection struct {
	name    string
	entries *jinja.Dict
}

// graphSections are the keys of `graph` with the kinds of resource behind each.
var graphSections = []struct {
	name  string
	kinds []node.Kind
}{
	{"exposures", []node.Kind{node.Exposure}},
	{"functions", []node.Kind{node.Function}},
	{"groups", nil},
	{"metrics", []node.Kind{node.Metric}},
	{"nodes", []node.Kind{node.Model, node.Test, node.Seed, node.Snapshot, node.Analysis, node.Operation, node.SQLOperation}},
	{"sources", []node.Kind{node.Source}},
	{"semantic_models", []node.Kind{node.SemanticModel}},
	{"saved_queries", []node.Kind{node.SavedQuery}},
	{"unit_tests", []node.Kind{node.UnitTest}},
}

// graphValue is `graph`. While parsing it is empty, as in dbt.
func (c *nodeContext) graphValue() jinja.Value {
	if c.run == nil || c.run.graph == nil {
		return jinja.NewDict(0)
	}
	c.run.flat.build(c.run.graph)
	out := jinja.NewDict(len(c.run.flat.sections))
	for _, s := range c.run.flat.sections {
		out.Set(s.name, s.entries.DeepCopy())
	}
	return out
}

func (f *flatGraph) build(g Graph) {
	f.once.Do(func() {
		section := map[node.Kind]int{}
		for i, s := range graphSections {
			f.sections = append(f.sections, graphSection{s.name, jinja.NewDict(0)})
			for _, k := range s.kinds {
				section[k] = i
			}
		}
		for _, n := range g.Nodes() {
			if i, ok := section[n.Kind]; ok {
				f.sections[i].entries.Set(string(n.ID), nodeDict(n, true))
			}
		}
		for i := range f.sections {
			if f.sections[i].name == "groups" {
				for _, group := range g.Groups() {
					f.sections[i].entries.Set(group.ID, groupDict(group))
				}
			}
		}
	})
}

func groupDict(g *resource.Group) *jinja.Dict {
	d := jinja.NewDict(8)
	d.Set("name", jinja.Str(g.Name))
	d.Set("resource_type", jinja.Str(node.Group))
	d.Set("package_name", jinja.Str(g.Package))
	d.Set("path", jinja.Str(g.Path))
	d.Set("original_file_path", jinja.Str(g.OriginalPath))
	d.Set("unique_id", jinja.Str(g.ID))
	d.Set("owner", dictOrEmpty(g.Owner))
	d.Set("description", textOrNone(g.Description))
	d.Set("config", dictOrEmpty(g.Config))
	return d
}
