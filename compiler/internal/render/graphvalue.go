package render

import (
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
)

// flatGraph is what `graph` shows: every resource as the manifest shows it. It is made once, when the first template asks.
type flatGraph struct{ sections []graphSection }

type graphSection struct {
	name string
	ids  []string
	byID map[string]*jinja.Dict
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

// sharedGraph is the `graph` of all templates that are rendered with one graph, and what it is made of.
type sharedGraph struct {
	of    Graph
	flat  *flatGraph
	value *jinja.Dict
}

// graphValue is `graph`. While parsing it is empty, as in dbt. While a run goes on all templates share one, since packages keep things
// in it; what is rendered ahead of its turn has its own.
func (c *nodeContext) graphValue() jinja.Value {
	if c.run == nil || c.run.graph == nil {
		return jinja.NewDict(0)
	}
	c.takeTurn()
	shared := c.engine.sharedGraph(c.run.graph)
	if c.run.options.Ahead == nil {
		return shared.value
	}
	c.endTurn()
	c.ownGraph = shared.flat.value()
	return c.ownGraph
}

// keptInGraph tells who renders ahead of its turn that the template has put something into the graph that others should find there, or
// looked at the graph of a project whose hooks do.
func (c *nodeContext) keptInGraph() {
	if c.ownGraph == nil {
		return
	}
	if c.ownGraph.Len() != len(graphSections) {
		if c.node != nil && c.node.Kind == node.Operation {
			c.engine.hooksKeep.Store(true)
		}
		c.run.options.Ahead()
	} else if c.engine.hooksKeep.Load() {
		c.run.options.Ahead()
	}
}

func (e *Engine) sharedGraph(g Graph) *sharedGraph {
	for i := range e.graphs {
		if e.graphs[i].of == g {
			return &e.graphs[i]
		}
	}
	flat := &flatGraph{}
	flat.build(g)
	e.graphs = append(e.graphs, sharedGraph{g, flat, flat.value()})
	return &e.graphs[len(e.graphs)-1]
}

func (f *flatGraph) value() *jinja.Dict {
	out := jinja.NewDict(len(f.sections))
	for i := range f.sections {
		out.Set(f.sections[i].name, &sectionValue{section: &f.sections[i]})
	}
	return out
}

func (f *flatGraph) build(g Graph) {
	section := map[node.Kind]int{}
	for i, s := range graphSections {
		f.sections = append(f.sections, graphSection{name: s.name, byID: map[string]*jinja.Dict{}})
		for _, k := range s.kinds {
			section[k] = i
		}
	}
	add := func(s *graphSection, id string, d *jinja.Dict) {
		s.ids = append(s.ids, id)
		s.byID[id] = d
	}
	for _, n := range g.Nodes() {
		if i, ok := section[n.Kind]; ok && n.Enabled {
			add(&f.sections[i], string(n.ID), graphNode(n))
		}
	}
	for i := range f.sections {
		if f.sections[i].name == "groups" {
			for _, group := range g.Groups() {
				add(&f.sections[i], group.ID, groupDict(group))
			}
		}
	}
}

// graphNode is a node in `graph`: as it was parsed. dbt does not render not_null and unique tests while it parses, so that it knows of no
// macro that they call but the test itself.
func graphNode(n *resource.Node) *jinja.Dict {
	d := nodeDict(n, true)
	macros := n.DependsOnMacros
	if n.ParsedMacros != nil {
		macros = n.ParsedMacros
	}
	if n.Test != nil && n.Test.Generic && len(macros) > 1 {
		switch macros[0] {
		case "macro.dbt.test_not_null", "macro.dbt.test_unique":
			macros = macros[:1]
		}
	}
	if v, ok := d.Get("depends_on"); ok && len(macros) != len(n.DependsOnMacros) {
		if depends, ok := v.(*jinja.Dict); ok {
			depends.Set("macros", textList(macros))
		}
	}
	return d
}

// sectionValue is graph.nodes and its like: a mapping of unique ids to resources. What a template changes in it, all others see, but
// not weft itself: a resource is a view of a dict that stays as it is, and a list or dict in it is copied when it is first touched, so
// that looking through ten thousand resources costs no ten thousand copies.
type sectionValue struct {
	section *graphSection
	views   map[string]jinja.Value
}

// TypeName is dbt's class.
func (*sectionValue) TypeName() string { return "FlatGraphMapping" }

// IsMapping makes `x is mapping` true.
func (*sectionValue) IsMapping() {}

// Len counts the resources.
func (s *sectionValue) Len() int { return len(s.section.ids) }

// Each yields the ids.
func (s *sectionValue) Each(yield func(jinja.Value) bool) {
	for _, id := range s.section.ids {
		if !yield(jinja.Str(id)) {
			return
		}
	}
}

func (s *sectionValue) get(id string) (jinja.Value, bool) {
	if v, ok := s.views[id]; ok {
		return v, true
	}
	d := s.section.byID[id]
	if d == nil {
		return nil, false
	}
	if s.views == nil {
		s.views = make(map[string]jinja.Value, len(s.section.ids))
	}
	v := &resourceValue{shared: d}
	s.views[id] = v
	return v, true
}

// Index finds a resource by its id.
func (s *sectionValue) Index(key jinja.Value) (jinja.Value, bool, error) {
	id, ok := key.(jinja.Str)
	if !ok {
		return nil, false, nil
	}
	v, ok := s.get(string(id))
	return v, ok, nil
}

// Attr gives the methods of a mapping, or a resource by its id.
func (s *sectionValue) Attr(name string) (jinja.Value, bool, error) {
	o := &object{kind: s.TypeName(), keys: func() []string { return s.section.ids }, attr: s.get}
	v, ok := lookupMethods(o, name)
	return v, ok, nil
}

// resourceValue is one resource in `graph`.
type resourceValue struct {
	shared *jinja.Dict
	own    *jinja.Dict // what was copied, or changed by the template
}

// TypeName is what templates take it for.
func (*resourceValue) TypeName() string { return "dict" }

// IsMapping makes `x is mapping` true.
func (*resourceValue) IsMapping() {}

// Len counts the keys.
func (r *resourceValue) Len() int { return r.all().Len() }

// Each yields the keys.
func (r *resourceValue) Each(yield func(jinja.Value) bool) {
	for k := range r.all().Entries {
		if !yield(k) {
			return
		}
	}
}

func (r *resourceValue) String() string { return jinja.Text(r.all()) }

// Repr is Python's repr of the dict.
func (r *resourceValue) Repr() string { return jinja.Repr(r.all()) }

// Equal compares as dicts do.
func (r *resourceValue) Equal(other jinja.Value) bool {
	if o, ok := other.(*resourceValue); ok {
		return r == o || jinja.Equal(r.all(), o.all())
	}
	return jinja.Equal(r.all(), other)
}

// all is the whole dict, as the template's own.
func (r *resourceValue) all() *jinja.Dict {
	full := r.shared.DeepCopy()
	if r.own != nil {
		for k, v := range r.own.Entries {
			full.Set(jinja.Text(k), v)
		}
	}
	r.shared, r.own = full, nil
	return full
}

func (r *resourceValue) get(name string) (jinja.Value, bool) {
	if r.own != nil {
		if v, ok := r.own.Get(name); ok {
			return v, true
		}
	}
	v, ok := r.shared.Get(name)
	if !ok {
		return nil, false
	}
	switch x := v.(type) {
	case *jinja.Dict:
		v = x.DeepCopy()
	case *jinja.List:
		one := jinja.NewDict(1)
		one.Set("", x)
		v, _ = one.DeepCopy().Get("")
	default:
		return v, true
	}
	if r.own == nil {
		r.own = jinja.NewDict(4)
	}
	r.own.Set(name, v)
	return v, true
}

// Index finds a key.
func (r *resourceValue) Index(key jinja.Value) (jinja.Value, bool, error) {
	name, ok := key.(jinja.Str)
	if !ok {
		return nil, false, nil
	}
	v, ok := r.get(string(name))
	return v, ok, nil
}

// Attr gives the methods of a dict; its keys are found by Index.
func (r *resourceValue) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "get":
		o := &object{kind: "dict", attr: r.get}
		v, ok := lookupMethods(o, name)
		return v, ok, nil
	case "items", "keys", "values", "copy":
		return function(name, func(call *jinja.Call) (jinja.Value, error) {
			d := r.all()
			if name == "copy" {
				return d.Copy(), nil
			}
			out := jinja.NewList()
			for k, v := range d.Entries {
				switch name {
				case "keys":
					v = k
				case "items":
					v = jinja.Tuple{k, v}
				}
				out.Items = append(out.Items, v)
			}
			return out, nil
		}), true, nil
	case "update":
		return function(name, func(call *jinja.Call) (jinja.Value, error) {
			d := r.all()
			for _, a := range call.Args {
				if given, ok := a.(*jinja.Dict); ok {
					for k, v := range given.Entries {
						if err := d.Store(k, v); err != nil {
							return nil, err
						}
					}
				}
			}
			for _, kw := range call.Kwargs {
				d.Set(kw.Name, kw.Value)
			}
			return jinja.None, nil
		}), true, nil
	}
	return nil, false, nil
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
