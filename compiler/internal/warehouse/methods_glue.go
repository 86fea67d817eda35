package warehouse

import (
	"strings"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// glue finds a relation and what Glue would say of its type.
func (a *Adapter) glue(c *jinja.Call, fn string) (*Found, error) {
	r, err := onlyRelation(c, fn, "relation")
	if err != nil {
		return nil, err
	}
	f, err := a.warehouse().GetRelation(a.o.Context, r.Name())
	if err != nil {
		return nil, asked(c, err, "looking up "+r.Name().String())
	}
	return f, nil
}

// extraText is a fact of a relation as text.
func extraText(f *Found, key string) string {
	if v, ok := f.Extra[key]; ok && v != nil {
		return jinja.Text(cell(v))
	}
	return ""
}

func (a *Adapter) glueTable(c *jinja.Call) (jinja.Value, error) {
	f, err := a.glue(c, "get_glue_table")
	if err != nil || f == nil {
		return jinja.None, err
	}
	table := jinja.NewDict(5)
	table.Set("Name", jinja.Str(f.Identifier))
	table.Set("DatabaseName", jinja.Str(f.Schema))
	kind := "EXTERNAL_TABLE"
	if f.Type == "view" {
		kind = "VIRTUAL_VIEW"
	}
	table.Set("TableType", jinja.Str(kind))
	parameters := jinja.NewDict(1)
	if t := extraText(f, "detailed_table_type"); t != "" {
		parameters.Set("table_type", jinja.Str(t))
	}
	table.Set("Parameters", parameters)
	storage := jinja.NewDict(1)
	if l := extraText(f, "location"); l != "" {
		storage.Set("Location", jinja.Str(l))
	}
	table.Set("StorageDescriptor", storage)
	out := jinja.NewDict(1)
	out.Set("Table", table)
	return out, nil
}

func (a *Adapter) glueTableType(c *jinja.Call) (jinja.Value, error) {
	f, err := a.glue(c, "get_glue_table_type")
	if err != nil || f == nil {
		return jinja.None, err
	}
	return glueType(f), nil
}

func glueType(f *Found) tableType {
	switch {
	case strings.EqualFold(extraText(f, "detailed_table_type"), "iceberg"):
		return "iceberg_table"
	case f.Type == "view":
		return "view"
	}
	return "table"
}

// tableType is dbt-athena's enumeration of what Glue knows.
type tableType string

// TypeName is Python's.
func (tableType) TypeName() string { return "TableType" }

// String and Repr are Python's for an enumeration.
func (t tableType) String() string { return "TableType." + t.name() }

// Repr is Python's repr().
func (t tableType) Repr() string { return "<TableType." + t.name() + ": '" + string(t) + "'>" }

func (t tableType) name() string {
	if t == "iceberg_table" {
		return "ICEBERG"
	}
	return strings.ToUpper(string(t))
}

// Attr finds value, name and is_physical().
func (t tableType) Attr(name string) (jinja.Value, bool, error) {
	switch name {
	case "value":
		return jinja.Str(t), true, nil
	case "name":
		return jinja.Str(t.name()), true, nil
	case "is_physical":
		return method(name, func(*jinja.Call) (jinja.Value, error) { return jinja.Bool(t == "table" || t == "iceberg_table"), nil }), true, nil
	}
	return nil, false, nil
}

func (a *Adapter) glueTableLocation(c *jinja.Call) (jinja.Value, error) {
	f, err := a.glue(c, "get_glue_table_location")
	if err != nil || f == nil || f.Type == "view" {
		return jinja.None, err
	}
	return orNone(extraText(f, "location")), nil
}

func (a *Adapter) listSchemas(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "list_schemas", "database")
	if err != nil {
		return nil, err
	}
	database, _ := str(args[0])
	names, err := a.warehouse().Schemas(a.o.Context, database)
	if err != nil {
		return nil, asked(c, err, "listing the schemas of "+database)
	}
	return texts(names), nil
}

func (a *Adapter) listRelations(c *jinja.Call) (jinja.Value, error) {
	r, err := onlyRelation(c, "list_relations_without_caching", "schema_relation")
	if err != nil {
		return nil, err
	}
	name := r.Name()
	list, err := a.warehouse().List(a.o.Context, name.Database, name.Schema)
	if err != nil {
		return nil, asked(c, err, "listing "+name.Schema)
	}
	out := jinja.NewList()
	for i := range list {
		found, err := a.found(c, &list[i])
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, found)
	}
	return out, nil
}
