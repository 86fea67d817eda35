package compiler

import (
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

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

// Lineage is a node's place in the lineage. The second result is false if there is no such node.
func (p *Project) Lineage(id node.ID) (lineage.Node, bool) {
	n := p.bound.ByID[id]
	if n == nil {
		return lineage.Node{}, false
	}
	ids := p.datasetsBelow(n, map[node.ID]bool{}, nil)
	slices.Sort(ids)
	out := lineage.Node{}
	for _, in := range ids {
		out.Inputs = append(out.Inputs, p.dataset(p.bound.ByID[in]))
	}
	switch n.Kind {
	case node.Model, node.Seed, node.Snapshot:
		if materialized(n) != "ephemeral" {
			made := p.dataset(n)
			out.Output = &made
		}
	case node.Test:
		out.Test = p.assertion(n, ids)
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
		case parent.Kind == node.Model && materialized(parent) == "ephemeral":
			list = p.datasetsBelow(parent, seen, list)
		case parent.Kind == node.Model, parent.Kind == node.Seed, parent.Kind == node.Snapshot, parent.Kind == node.Source:
			list = append(list, id)
		}
	}
	return list
}

// dataset names a node's relation, with the columns that its properties, or a seed's file, declare.
func (p *Project) dataset(n *resource.Node) lineage.Dataset {
	name := n.Alias
	if n.Kind == node.Source && n.Source != nil && n.Source.Identifier != "" {
		name = n.Source.Identifier
	}
	d := lineage.Dataset{Namespace: p.datasetNamespace(n.Database), Description: n.Description}
	for _, part := range []string{n.Database, n.Schema, name} {
		if part != "" {
			d.Name += "." + part
		}
	}
	d.Name = strings.TrimPrefix(d.Name, ".")
	for _, c := range n.Columns {
		d.Columns = append(d.Columns, lineage.Column{Name: c.Name, Type: c.DataType, Description: c.Description})
	}
	return d
}

// assertion says what a data test is about: of a generic test the node that it is attached to.
func (p *Project) assertion(n *resource.Node, inputs []node.ID) *lineage.Assertion {
	a := &lineage.Assertion{Name: n.Name, Severity: strings.ToLower(configOf(n).text("severity")), Of: -1}
	if a.Severity == "" {
		a.Severity = "error"
	}
	if len(inputs) == 1 {
		a.Of = 0
	}
	if t := n.Test; t != nil && t.Generic {
		a.Name, a.Column = t.Name, t.ColumnName
		if t.Namespace != "" {
			a.Name = t.Namespace + "." + t.Name
		}
		if at := slices.Index(inputs, t.Attached); at >= 0 {
			a.Of = at
		} else if tested := p.testedSource(n, inputs); tested >= 0 {
			a.Of = tested
		}
	}
	return a
}

// testedSource is the first input that is a source: generic tests of sources are attached to no node.
func (p *Project) testedSource(n *resource.Node, inputs []node.ID) int {
	for _, id := range n.DependsOn {
		if id.Kind() == node.Source {
			return slices.Index(inputs, id)
		}
	}
	return -1
}

// datasetNamespace is where the tables of a database live: DuckDB's file, or the server.
func (p *Project) datasetNamespace(database string) string {
	profile := p.set.Profile
	output := plainDict(profile.Credentials)
	text := func(key string) string {
		if output[key] == nil {
			return ""
		}
		return fmt.Sprint(output[key])
	}
	switch profile.Type {
	case "duckdb":
		file := text("path")
		attached, _ := output["attach"].([]any)
		for _, entry := range attached {
			m, _ := entry.(map[string]any)
			path, _ := m["path"].(string)
			alias, _ := m["alias"].(string)
			if alias == "" {
				alias = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
			}
			if path != "" && strings.EqualFold(alias, database) {
				file = path
			}
		}
		switch {
		case file == "" || strings.HasPrefix(file, ":memory:"):
			return "duckdb:///:memory:"
		case strings.HasPrefix(file, "md:") || strings.HasPrefix(file, "motherduck:") || strings.Contains(file, "://"):
			file, _, _ = strings.Cut(file, "?") // what follows may hold a token
			return file
		}
		return (&url.URL{Scheme: "duckdb", Path: filepath.ToSlash(absolute(p.set.Dir, file))}).String()
	case "postgres", "redshift":
		port := text("port")
		if port == "" {
			port = map[string]string{"postgres": "5432", "redshift": "5439"}[profile.Type]
		}
		return profile.Type + "://" + text("host") + ":" + port
	case "athena":
		return "awsathena://athena." + text("region_name") + ".amazonaws.com"
	}
	return profile.Type
}
