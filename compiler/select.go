package compiler

import (
	"slices"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/planning"
	"github.com/weft-data/weft/compiler/internal/selector"
	"github.com/weft-data/weft/compiler/node"
)

// Selection is what a command line says about which nodes to take.
type Selection struct {
	// Command is the verb: each works on its own kinds of nodes.
	Command string
	// Select and Exclude are the values of --select and --exclude; Selector a name from selectors.yml.
	Select, Exclude []string
	Selector        string
	// Indirect is --indirect-selection.
	Indirect string
	// Kinds and NotKinds are --resource-type and --exclude-resource-type.
	Kinds, NotKinds []string
	// State is what an earlier run left behind, nil if none was given.
	State *State
}

// Selected is the outcome of a selection.
type Selected = planning.Selected

// Select evaluates a selection over the project's graph.
func (p *Project) Select(s Selection) (Selected, diag.List) {
	var diags diag.List
	indirect, _ := selector.ParseIndirect(s.Indirect)
	definitions, list := selector.Define(p.set.Selectors, indirect, p.renderSelector)
	if diags = append(diags, list...); list.HasErrors() {
		return Selected{}, diags
	}
	kinds, list := selector.Kinds(s.Command, s.Kinds, s.NotKinds)
	if diags = append(diags, list...); list.HasErrors() {
		return Selected{}, diags
	}
	var spec selector.Spec
	switch {
	case s.Selector != "":
		spec, list = definitions.Lookup(s.Selector)
	case len(s.Select) == 0 && len(s.Exclude) == 0 && definitions.Default() != nil:
		spec, list = definitions.Default().Spec, nil
	default:
		spec, list = selector.Parse(s.Select, s.Exclude, indirect)
	}
	if diags = append(diags, list...); list.HasErrors() {
		return Selected{}, diags
	}
	set, list := selector.New(p.dag, selector.Options{
		Project: p.set.Root.Name, Files: p.propertiesPaths(), Definitions: definitions, Kinds: kinds, SkipEmpty: s.Command != "list", Earlier: p.earlier(s.State),
	}).Select(spec)
	if diags = append(diags, list...); list.HasErrors() {
		return Selected{}, diags
	}
	out := Selected{Set: set}
	for i := range p.dag.Len() {
		if set.Has(int32(i)) {
			out.IDs = append(out.IDs, p.dag.Node(int32(i)).ID)
		}
	}
	slices.Sort(out.IDs)
	return out, diags
}

// Only selects one node by its unique id.
func (p *Project) Only(id node.ID) (Selected, bool) {
	i, ok := p.dag.Index(id)
	if !ok {
		return Selected{}, false
	}
	set := p.dag.NewSet()
	set.Add(i)
	return Selected{IDs: []node.ID{id}, Set: set}, true
}

// SelectIDs makes a selection of nodes that are named by id; ids that the project does not have (any more) are handed back.
func (p *Project) SelectIDs(ids []node.ID) (selected Selected, unknown []node.ID) {
	at := make(map[node.ID]int32, p.dag.Len())
	for i := range p.dag.Len() {
		at[p.dag.Node(int32(i)).ID] = int32(i)
	}
	selected.Set, selected.Again = p.dag.NewSet(), true
	for _, id := range ids {
		i, ok := at[id]
		if !ok {
			unknown = append(unknown, id)
			continue
		}
		if !selected.Set.Has(i) {
			selected.Set.Add(i)
			selected.IDs = append(selected.IDs, id)
		}
	}
	slices.Sort(selected.IDs)
	return selected, unknown
}

func (p *Project) propertiesPaths() []string {
	var out []string
	for _, f := range p.set.Root.Properties {
		out = append(out, f.OriginalPath)
	}
	for _, f := range p.set.Root.Docs {
		out = append(out, f.OriginalPath)
	}
	return out
}
