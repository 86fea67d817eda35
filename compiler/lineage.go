package compiler

import (
	"slices"
	"strings"
	"sync"

	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/lineage"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// LineageFile is the file that weft.yml wants lineage in, absolute; "" if none. statements says whether single statements belong there.
func (p *Project) LineageFile() (path string, statements bool) {
	w := p.set.Weft
	if w == nil || w.LineageFile == "" {
		return "", false
	}
	return absolute(p.set.Dir, w.LineageFile), !w.LineageNoStatements
}

// Lineage answers where the nodes of a plan stand in the lineage. What many nodes share is worked out once, and what the engine says of
// datasets during the run is learned. It may be used by several goroutines at once.
type Lineage struct {
	project *Project
	planned *Planned

	mu         sync.Mutex
	namespaces map[string]string
	datasets   map[node.ID]lineage.Dataset
	exposures  map[node.ID][]lineage.Exposure
	// observed are the relations that were looked at, nil for those that are not there; folded.
	observed map[node.Relation]*plan.Object
}

// Lineage begins with what is known before the run.
func (p *Project) Lineage(planned *Planned) *Lineage {
	return &Lineage{project: p, planned: planned, namespaces: map[string]string{}, datasets: map[node.ID]lineage.Dataset{}, exposures: p.exposures(),
		observed: map[node.Relation]*plan.Object{}}
}

// Node is a node's place; false if there is no such node.
func (l *Lineage) Node(id node.ID) (lineage.Node, bool) {
	n := l.project.bound.ByID[id]
	if n == nil {
		return lineage.Node{}, false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	out := lineage.Node{File: n.OriginalPath, Database: n.Database, Schema: n.Schema, Alias: n.Alias, Description: n.Description, Tags: n.Tags, Meta: metaTags(n.Meta)}
	if n.Kind == node.UnitTest { // its rows are its own
		return out, true
	}
	ids := l.project.datasetsBelow(n, map[node.ID]bool{}, nil)
	slices.Sort(ids)
	for _, in := range ids {
		out.Inputs = append(out.Inputs, l.dataset(l.project.bound.ByID[in]))
	}
	switch n.Kind {
	case node.Model, node.Seed, node.Snapshot:
		if n.HasRelation() {
			made := l.dataset(n)
			out.Output, out.Change = &made, l.change(n)
		}
	case node.Test:
		out.Test = assertion(n, ids)
		if n.HasRelation() {
			made := l.dataset(n)
			out.Output, out.Change = &made, l.change(n)
		}
	}
	return out, true
}

// change says what building a node does to its relation, by what was there before the run.
func (l *Lineage) change(n *resource.Node) string {
	old, afresh := l.planned.Before(n)
	switch {
	case old == nil:
		return lineage.Create
	case n.Kind == node.Snapshot, n.Materialized() == "incremental" && old.Kind != plan.View && !afresh:
		return ""
	}
	return lineage.Overwrite
}

// Unobserved is what to ask the engine once these nodes are built: the columns of what they made, and of what they read where nobody
// has asked before.
func (l *Lineage) Unobserved(ids []node.ID) []plan.Observation {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []plan.Observation
	seen := map[node.Relation]bool{}
	ask := func(n *resource.Node, made bool) {
		r := datasetRelation(n)
		key := r.Fold()
		if _, known := l.observed[key]; seen[key] || known && !made {
			return
		}
		seen[key] = true
		// Whose version it is that was read can be said of what the run has made alone, without asking more.
		out = append(out, plan.Observation{Relation: r, Columns: true, Links: true, Snapshot: made})
	}
	for _, id := range ids {
		n := l.project.bound.ByID[id]
		if n == nil {
			continue
		}
		if n.HasRelation() {
			ask(n, true)
		}
		for _, in := range l.project.datasetsBelow(n, map[node.ID]bool{}, nil) {
			ask(l.project.bound.ByID[in], false)
		}
	}
	return out
}

// Learn takes what the engine answered.
func (l *Lineage) Learn(asked []plan.Observation, found plan.Observed) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range asked {
		l.observed[a.Relation.Fold()] = nil
	}
	for i := range found.Objects {
		l.observed[found.Objects[i].Relation.Fold()] = &found.Objects[i]
	}
	clear(l.datasets)
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

// datasetRelation is the relation of a node or of a source, by its name in the engine.
func datasetRelation(n *resource.Node) node.Relation {
	r := n.Relation()
	if n.Kind == node.Source && n.Source != nil && n.Source.Identifier != "" {
		r.Identifier = n.Source.Identifier
	}
	return r
}

// dataset names a node's relation and says what is known of it: the columns that the engine has, or that were found in a seed's file, or
// that its properties declare.
func (l *Lineage) dataset(n *resource.Node) lineage.Dataset {
	if d, known := l.datasets[n.ID]; known {
		return d
	}
	r := datasetRelation(n)
	namespace, known := l.namespaces[n.Database]
	if !known {
		namespace = l.project.datasetNamespace(n.Database)
		l.namespaces[n.Database] = namespace
	}
	d := lineage.Dataset{Namespace: namespace, Description: n.Description, Owners: owners(n), Model: modelConfig(n), Exposures: l.exposures[n.ID]}
	for _, part := range []string{r.Database, r.Schema, r.Identifier} {
		if part != "" {
			d.Name += "." + part
		}
	}
	d.Name = strings.TrimPrefix(d.Name, ".")
	for _, c := range n.Columns {
		d.Columns = append(d.Columns, lineage.Column{Name: c.Name, Type: c.DataType, Description: c.Description})
	}
	if seed := l.planned.Seed(n.ID); seed != nil {
		d.Columns = foundColumns(n, seed)
	}
	if found := l.observed[r.Fold()]; found != nil {
		d.Kind = strings.ToUpper(string(found.Kind))
		if len(found.Columns) > 0 {
			d.Columns = withDescriptions(n, found.Columns)
		}
		for _, x := range found.Links {
			d.Links = append(d.Links, lineage.Link(x))
		}
		d.Format = found.Format
		if s := found.Snapshot; s != nil {
			d.Version, d.Written = s.ID, &lineage.Written{Rows: s.Rows, Bytes: s.Bytes, Files: s.Files}
		}
	}
	l.datasets[n.ID] = d
	return d
}

// withDescriptions are an engine's columns with the descriptions that the node's properties have for them.
func withDescriptions(n *resource.Node, columns []plan.Column) []lineage.Column {
	out := make([]lineage.Column, len(columns))
	for i, c := range columns {
		out[i] = lineage.Column{Name: c.Name, Type: c.Type}
		for _, declared := range n.Columns {
			if strings.EqualFold(declared.Name, c.Name) {
				out[i].Description = declared.Description
			}
		}
	}
	return out
}

// foundColumns are the columns of a seed's file, with the descriptions that its properties have for them.
func foundColumns(n *resource.Node, seed *lower.Seed) []lineage.Column {
	columns := make([]plan.Column, len(seed.Columns))
	for i, c := range seed.Columns {
		name := c.Name
		if quote := name[:min(1, len(name))]; (quote == `"` || quote == "`") && len(name) > 1 && strings.HasSuffix(name, quote) {
			name = strings.ReplaceAll(name[1:len(name)-1], quote+quote, quote)
		}
		columns[i] = plan.Column{Name: name, Type: c.Type}
	}
	return withDescriptions(n, columns)
}
