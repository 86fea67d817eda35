package compiler

import (
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/source"
)

// Offline is the Warehouse of a compile without one: no relation exists, and queries have no answer.
func (p *Project) Offline() Warehouse { return warehouse.Offline{} }

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
