// Package resolve binds declarations to nodes: unique ids, names, config inheritance, tests, versions, groups and the
// references between nodes, exactly as dbt 1.12 does.
//
// It is the stage where a project's separate files become one consistent picture, so it is where most of a user's mistakes
// are found. It asks the template engine what a text refers to, and never touches a warehouse.
package resolve

import (
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/source"
)

// Templates is what binding needs of the template engine; package render implements it. All methods may be called from
// several goroutines at once, for different nodes.
type Templates interface {
	// Scan runs the node's text as dbt's parser does (execute=False) and says what it refers to and configures. The node's
	// config as known so far (dbt_project.yml and properties) is what config.get() answers from.
	Scan(n *resource.Node) (resource.Scan, diag.List)
	// ScanText runs a further text of the node, a hook for example, and adds what it refers to.
	ScanText(n *resource.Node, text source.Span, found *resource.Scan) diag.List
	// GenerateName calls generate_database_name, generate_schema_name or generate_alias_name as dispatched for the node's
	// package; what is "database", "schema" or "alias", custom the config's value or None.
	GenerateName(what string, custom jinja.Value, n *resource.Node) (string, diag.List)
	// RelationName renders the node's relation in its dialect, with the quoting config.
	RelationName(n *resource.Node) string
}
