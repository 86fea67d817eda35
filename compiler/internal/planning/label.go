package planning

import (
	"strings"

	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// label is what people are shown of a node.
func (p *Project) label(n *resource.Node) plan.Label {
	if n.Kind == node.UnitTest {
		name := n.UnitTest.Model + "::" + n.VersionedName()
		return plan.Label{
			Name: name, Package: n.Package, Path: n.OriginalPath, Language: n.Language,
			CompiledPath: strings.TrimSuffix(p.Set.Root.Config.TargetPath, "/") + "/" + p.CompiledPath(n.ID),
			RunPath:      "run" + strings.TrimPrefix(p.CompiledPath(n.ID), "compiled"),
		}
	}
	l := plan.Label{
		Name: n.Name, Package: n.Package, Database: n.Database, Schema: n.Schema, Alias: n.Alias, RelationName: n.RelationName, Path: n.OriginalPath, Language: n.Language,
	}
	if n.Kind != node.Seed {
		l.CompiledPath = strings.TrimSuffix(p.Set.Root.Config.TargetPath, "/") + "/" + p.CompiledPath(n.ID)
	}
	l.RunPath = "run" + strings.TrimPrefix(p.CompiledPath(n.ID), "compiled")
	if n.Kind == node.Test && n.StoresFailures() {
		l.StoredFailures = n.RelationName
	}
	return l
}
