// Package compile renders nodes to what dbt calls their compiled code: the template's text with the ephemeral parents in front of it.
//
// It stands between rendering, which knows one template, and planning, which knows what is done with the text. What it gives back is
// plain: texts by node, each with the way back to the author's file.
package compile

import (
	"fmt"
	"path"
	"time"

	"github.com/weft-data/weft/compiler/internal/graph"
	"github.com/weft-data/weft/compiler/internal/project"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/resolve"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
)

// Project is a project that was read, bound and put into order: what all that renders and plans works on.
type Project struct {
	Set    *project.Set
	Engine *render.Engine
	Bound  *resolve.Graph
	DAG    *graph.Graph
	// Now is the clock at the start of the invocation, Workers how many goroutines may render.
	Now     time.Time
	Workers int
	// Deferred are the nodes that another environment has too; nil without --defer.
	Deferred map[node.ID]render.Deferred
}

// DialectOf is the dialect that a node is written in.
func (p *Project) DialectOf(n *resource.Node) string {
	if n.Dialect != "" {
		return n.Dialect
	}
	return p.Set.Profile.Type
}

// CompiledPath is where a node's compiled code is written below the target folder: "compiled/shop/models/a.sql". Nodes that share
// a file, and all snapshots, get a folder of its name, as in dbt.
func (p *Project) CompiledPath(id node.ID) string {
	n := p.Bound.ByID[id]
	if n == nil {
		return ""
	}
	file := n.OriginalPath
	switch {
	case n.Kind == node.UnitTest:
		file += "/" + UnitPath(n)
	case n.Kind == node.Snapshot:
		file += "/" + n.Name + ".sql"
	case path.Base(n.Path) != path.Base(file):
		file += "/" + n.Path
	}
	return fmt.Sprintf("compiled/%s/%s", n.Package, file)
}

// UnitPath is where dbt thinks a unit test's text stands: beside the file that declares it.
func UnitPath(n *resource.Node) string {
	return path.Join(path.Dir(n.OriginalPath), n.VersionedName()+".sql")
}
