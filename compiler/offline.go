package compiler

import (
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// Offline is the Warehouse of a compile without one: no relation exists, and queries have no answer.
// The columns of a seed are those of its file, those of a model under contract are as declared; of others they are not known.
func (p *Project) Offline() Warehouse {
	byRelation := map[node.Relation]*resource.Node{}
	for _, n := range p.bound.All() {
		if n.Kind == node.Seed || n.Kind == node.Model && n.ContractEnforced() {
			byRelation[n.Relation().Fold()] = n
		}
	}
	return warehouse.Offline{Declared: func(r node.Relation) ([]warehouse.ColumnInfo, bool) {
		n := byRelation[r.Fold()]
		if n == nil {
			return nil, false
		}
		return p.declaredColumns(n)
	}}
}

// declaredColumns are the columns that a seed's file or a contract promises.
func (p *Project) declaredColumns(n *resource.Node) ([]warehouse.ColumnInfo, bool) {
	var out []warehouse.ColumnInfo
	if n.Kind == node.Seed {
		columns, _, diags := p.planner.SeedColumns(n)
		return columns, !diags.HasErrors()
	}
	for _, c := range n.Columns {
		if c.DataType == "" {
			return nil, false
		}
		out = append(out, warehouse.ColumnInfo{Name: c.Name, Type: c.DataType})
	}
	return out, len(out) > 0
}

// Catalog is the Warehouse that dbt's catalog.json describes; path is for messages.
func (p *Project) Catalog(path string, text []byte) (Warehouse, diag.List) {
	c, err := warehouse.ReadCatalog(text)
	if err != nil {
		var diags diag.List
		d := diags.Add(diag.CatalogInvalid, source.Span{File: source.NewFile(path, "")}, "cannot read the catalog: %s", err)
		d.Hint = "expected the catalog.json that `dbt docs generate` writes"
		return nil, diags
	}
	return c, nil
}
