package compiler

import (
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/node"
)

// NodeInfo is what dbt's event records say of a node that does not change while it runs; nil if there is no such node. Attached is the
// node that a generic test belongs to, under a key of its own; database is where a unit test runs.
func (p *Project) NodeInfo(id node.ID) map[string]any {
	n := p.bound.ByID[id]
	if n == nil {
		return nil
	}
	meta := jinja.PlainDict(n.Meta)
	if meta == nil {
		meta = map[string]any{}
	}
	alias, materialization, checksum, path := n.Alias, n.Materialized(), n.Checksum.Value, n.Path
	switch n.Kind {
	case node.Source:
		alias, materialization, checksum = "", "", ""
	case node.UnitTest:
		checksum = ""
	}
	out := map[string]any{
		"unique_id": string(n.ID), "resource_type": string(n.Kind), "node_name": n.Name, "node_path": path, "materialized": materialization,
		"meta": meta, "node_checksum": checksum,
		"node_relation": map[string]any{"database": n.Database, "schema": n.Schema, "alias": alias, "relation_name": n.RelationName},
	}
	if n.Test != nil && n.Test.Attached != "" {
		out["attached_node"] = string(n.Test.Attached)
	}
	if n.Kind == node.UnitTest {
		out["database"] = p.set.Profile.Database
	}
	return out
}

// MetadataEnv are the variables DBT_ENV_CUSTOM_ENV_X, as X: dbt writes them into every artifact.
func (p *Project) MetadataEnv() map[string]string {
	out := map[string]string{}
	for _, pair := range metadataEnv(p.options.Env) {
		out[pair[0]] = pair[1]
	}
	return out
}

// Name is a node's name.
func (p *Project) Name(id node.ID) string {
	if n := p.bound.ByID[id]; n != nil {
		return n.Name
	}
	return ""
}
