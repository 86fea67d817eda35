package warehouse

import (
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/node"
)

// FindRelation looks a name up in the relations of a schema as dbt's adapters do: exactly, but that parts which the project does
// not quote are looked for in lower case. A relation that only letter case keeps from fitting is an error, and so are two that fit.
// It is how a Warehouse over a live engine answers GetRelation.
func FindRelation(d *dialect.Dialect, quoting dialect.Policy, list []Found, r node.Relation) (*Found, error) {
	fold := func(s string, quoted bool) string {
		if quoted {
			return s
		}
		return strings.ToLower(s)
	}
	search := RelationPath(node.Relation{
		Database: fold(r.Database, quoting.Database), Schema: fold(r.Schema, quoting.Schema), Identifier: fold(r.Identifier, quoting.Identifier)})
	if d.Relation.NoDatabase {
		search.Database = nil
	}
	var match *Found
	for i := range list {
		have := &Relation{d: d, path: RelationPath(list[i].Relation), include: d.Relation.Include, quoting: dialect.Policy{Database: true, Schema: true, Identifier: true}}
		ok, err := have.Matches(search)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if match != nil {
			return nil, fail(nil, diag.ApproximateMatch,
				"get_relation returned more than one relation with the given args. Please specify a database or schema to narrow down the result set.\n%s and %s",
				match.Relation, list[i].Relation)
		}
		match = &list[i]
	}
	return match, nil
}
