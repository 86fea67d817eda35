package compiler

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/lineage"
	"github.com/weft-data/weft/compiler/node"
)

// LineageFile is the file that weft.yml wants lineage in, absolute; "" if none.
func (p *Project) LineageFile() string {
	if p.set.Weft == nil || p.set.Weft.LineageFile == "" {
		return ""
	}
	return absolute(p.set.Dir, p.set.Weft.LineageFile)
}

// places answers where nodes stand in the lineage; what many nodes share is worked out once.
type places struct {
	project    *Project
	planned    *Planned
	namespaces map[string]string
	datasets   map[node.ID]lineage.Dataset
}

// Lineage makes a function that answers the place in the lineage that a node of the plan has; its second result is false if there is no such node. The
// function may be called during the run, but not by several at once.
func (p *Project) Lineage(planned *Planned) func(node.ID) (lineage.Node, bool) {
	at := places{p, planned, map[string]string{}, map[node.ID]lineage.Dataset{}}
	return at.of
}

func (p places) of(id node.ID) (lineage.Node, bool) {
	n := p.project.bound.ByID[id]
	if n == nil {
		return lineage.Node{}, false
	}
	if n.Kind == node.UnitTest { // its rows are its own
		return lineage.Node{}, true
	}
	ids := p.project.datasetsBelow(n, map[node.ID]bool{}, nil)
	slices.Sort(ids)
	out := lineage.Node{}
	for _, in := range ids {
		out.Inputs = append(out.Inputs, p.dataset(p.project.bound.ByID[in]))
	}
	switch n.Kind {
	case node.Model, node.Seed, node.Snapshot:
		if n.Materialized() != "ephemeral" {
			made := p.dataset(n)
			out.Output = &made
		}
	case node.Test:
		out.Test = assertion(n, ids)
	}
	return out, true
}

// datasetsBelow adds to list the nodes with a relation that n reads, looking through ephemeral models.
func (p *Project) datasetsBelow(n *resource.Node, seen map[node.ID]bool, list []node.ID) []node.ID {
	for _, id := range n.DependsOn {
		parent := p.bound.ByID[id]
		if parent == nil || seen[id] {
			continue
		}
		seen[id] = true
		switch {
		case parent.Kind == node.Model && parent.Materialized() == "ephemeral":
			list = p.datasetsBelow(parent, seen, list)
		case parent.Kind == node.Model, parent.Kind == node.Seed, parent.Kind == node.Snapshot, parent.Kind == node.Source:
			list = append(list, id)
		}
	}
	return list
}

// dataset names a node's relation, with the columns that its properties declare, or that were found in a seed's file.
func (p places) dataset(n *resource.Node) lineage.Dataset {
	if d, known := p.datasets[n.ID]; known {
		return d
	}
	name := n.Alias
	if n.Kind == node.Source && n.Source != nil && n.Source.Identifier != "" {
		name = n.Source.Identifier
	}
	namespace, known := p.namespaces[n.Database]
	if !known {
		namespace = p.project.datasetNamespace(n.Database)
		p.namespaces[n.Database] = namespace
	}
	d := lineage.Dataset{Namespace: namespace, Description: n.Description}
	for _, part := range []string{n.Database, n.Schema, name} {
		if part != "" {
			d.Name += "." + part
		}
	}
	d.Name = strings.TrimPrefix(d.Name, ".")
	for _, c := range n.Columns {
		d.Columns = append(d.Columns, lineage.Column{Name: c.Name, Type: c.DataType, Description: c.Description})
	}
	if seed := p.planned.Seed(n.ID); seed != nil {
		d.Columns = foundColumns(n, seed)
	}
	p.datasets[n.ID] = d
	return d
}

// foundColumns are the columns of a seed's file, with the descriptions that its properties have for them.
func foundColumns(n *resource.Node, seed *lower.Seed) []lineage.Column {
	out := make([]lineage.Column, len(seed.Columns))
	for i, c := range seed.Columns {
		name := c.Name
		if quote := name[:min(1, len(name))]; (quote == `"` || quote == "`") && len(name) > 1 && strings.HasSuffix(name, quote) {
			name = strings.ReplaceAll(name[1:len(name)-1], quote+quote, quote)
		}
		out[i] = lineage.Column{Name: name, Type: c.Type}
		for _, declared := range n.Columns {
			if strings.EqualFold(declared.Name, name) {
				out[i].Description = declared.Description
			}
		}
	}
	return out
}

// assertion says what a data test is about: of a generic test the node that it is attached to.
func assertion(n *resource.Node, inputs []node.ID) *lineage.Assertion {
	a := &lineage.Assertion{Name: n.Name, Severity: strings.ToLower(n.Settings().Text("severity")), Of: -1}
	if a.Severity == "" {
		a.Severity = "error"
	}
	t := n.Test
	switch {
	case t == nil || !t.Generic:
		if len(inputs) == 1 {
			a.Of = 0
		}
		return a
	case t.Attached != "": // of an ephemeral model nothing is found: there is no table that the test is about
		a.Of = slices.Index(inputs, t.Attached)
	default:
		a.Of = testedSource(n, inputs)
	}
	a.Name, a.Column = t.Name, t.ColumnName
	if t.Namespace != "" {
		a.Name = t.Namespace + "." + t.Name
	}
	return a
}

// testedSource is the first input that is a source: generic tests of sources are attached to no node.
func testedSource(n *resource.Node, inputs []node.ID) int {
	for _, id := range n.DependsOn {
		if id.Kind() == node.Source {
			return slices.Index(inputs, id)
		}
	}
	return -1
}
