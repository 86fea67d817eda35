package warehouse

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

// buildCatalogRelation finds what is said of the catalog that a node names; None if it names none.
func (a *Adapter) buildCatalogRelation(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "build_catalog_relation", "config")
	if err != nil {
		return nil, err
	}
	conf, ok := attr(args[0], "config")
	if !ok || !jinja.Truth(conf) {
		return jinja.None, nil
	}
	for _, key := range []string{"catalog_name", "catalog"} {
		name, ok := setting(c, conf, key)
		if !ok || !jinja.Truth(name) {
			continue
		}
		own, err := a.catalog(c, jinja.Text(name))
		if err != nil {
			return nil, err
		}
		for _, t := range a.o.Dialect.CatalogTypes {
			if t.Name == own.Type && t.Managed {
				own.Volume = "" // the catalog keeps the files of its tables itself
			}
		}
		return catalogValue{own, true}, nil
	}
	return jinja.None, nil
}

func (a *Adapter) catalogIntegration(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "get_catalog_integration", "name")
	if err != nil {
		return nil, err
	}
	own, err := a.catalog(c, jinja.Text(args[0]))
	if err != nil {
		return nil, err
	}
	return catalogValue{own, false}, nil
}

// catalog finds a catalog by the name that a config or a template gives.
func (a *Adapter) catalog(c *jinja.Call, name string) (dialect.Catalog, error) {
	all := slices.Concat(a.o.Dialect.Catalogs, a.o.Catalogs)
	names := make([]string, len(all))
	for i, own := range all {
		if own.Name == name {
			return own, nil
		}
		names[i] = own.Name
	}
	return dialect.Catalog{}, fail(c, diag.UnknownCatalog, "Catalog not found. Received: %s. Expected one of: %s", name, strings.Join(names, ", "))
}

// catalogValue is a catalog as templates see it: itself, or what the relations that are made in it have of it.
type catalogValue struct {
	dialect.Catalog
	relation bool
}

// TypeName is Python's.
func (v catalogValue) TypeName() string {
	if v.relation {
		return "CatalogRelation"
	}
	return "CatalogIntegration"
}

// Attr finds what a catalog says.
func (v catalogValue) Attr(name string) (jinja.Value, bool, error) {
	text := ""
	switch name {
	case "catalog_type":
		text = v.Type
	case "catalog_name":
		text = v.Called
	case "table_format":
		text = v.TableFormat
	case "file_format":
		text = v.FileFormat
	case "external_volume":
		text = v.Volume
	case "catalog_database":
		text = v.Database
	case "name", "allows_writes":
		if v.relation {
			return nil, false, nil
		}
		if name == "allows_writes" {
			return jinja.Bool(true), true, nil
		}
		text = v.Name
	default:
		return nil, false, nil
	}
	if text == "" {
		return jinja.None, true, nil
	}
	return jinja.Str(text), true, nil
}
