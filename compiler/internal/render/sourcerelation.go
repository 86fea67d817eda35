package render

import (
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
)

// SourceRelation is a source's table as templates see it.
func (e *Engine) SourceRelation(n *resource.Node) (jinja.Value, error) {
	d := e.dialect(n.Dialect)
	options := warehouse.RelationOptions{Quoting: e.options.Quoting}
	if n.Source != nil {
		options.Quoting = warehouse.QuotingOf(n.Source.Quoting)
	}
	external, err := externalLocation(d, n)
	if err != nil {
		return nil, err
	}
	options.External = external
	return warehouse.NewRelation(d.data, relationPath(n), options)
}

// InformationSchema is the information schema of a database as macros get it.
func (e *Engine) InformationSchema(database, schema, dialect string) (jinja.Value, error) {
	r, err := warehouse.NewRelation(e.dialect(dialect).data, warehouse.RelationPath(node.Relation{Database: database, Schema: schema, Identifier: "x"}), warehouse.RelationOptions{Quoting: e.options.Quoting})
	if err != nil {
		return nil, err
	}
	return r.InformationSchema(), nil
}
