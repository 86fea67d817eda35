package warehouse

import (
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/seedcsv"
)

// redshiftMethods are what dbt-redshift adds.
var redshiftMethods = map[string]call{
	"use_show_apis":        func(a *Adapter, c *jinja.Call) (jinja.Value, error) { return a.truth("datasharing"), nil },
	"drop_without_cascade": func(a *Adapter, c *jinja.Call) (jinja.Value, error) { return a.truth("drop_without_cascade"), nil },
	"use_grants_extended": func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		on, _ := a.flag("redshift_grants_extended")
		return jinja.Bool(on), nil
	},
	"verify_database": func(a *Adapter, c *jinja.Call) (jinja.Value, error) {
		database, same, err := a.verifyDatabase(c)
		if err != nil || same || jinja.Truth(a.credential("ra3_node")) || jinja.Truth(a.credential("datasharing")) {
			return jinja.Str(""), err
		}
		return nil, fail(c, diag.AdapterMethod, "Cross-db references allowed only in RA3.* node or with datasharing enabled. (%s vs %s)",
			database, jinja.Text(a.credential("database")))
	},
	"standardize_grants_dict":                        (*Adapter).redshiftGrants,
	"transform_show_tables_for_list_relations":       (*Adapter).showTablesAsRelations,
	"combine_show_tables_and_function_relations":     (*Adapter).combineRelations,
	"build_catalog_from_show_tables_and_svv_columns": (*Adapter).catalogOfShowTables,
}

// redshiftGrants reads the three shapes in which Redshift tells of grants.
func (a *Adapter) redshiftGrants(c *jinja.Call) (jinja.Value, error) {
	show := jinja.Truth(a.credential("datasharing"))
	extended, _ := a.flag("redshift_grants_extended")
	if !extended && !show {
		return a.standardizeGrants(c)
	}
	t, err := tableArg(c, "standardize_grants_dict", "grants_table")
	if err != nil {
		return nil, err
	}
	user := strings.ToLower(jinja.Text(a.credential("user")))
	out := jinja.NewDict(4)
	for i := range t.rows {
		cells, err := t.texts(c, i, "identity_name", "identity_type", "privilege_type")
		if err != nil {
			return nil, err
		}
		name, kind, privilege := cells[0], strings.ToLower(cells[1]), cells[2]
		self := show && kind == "user" && strings.ToLower(name) == user
		switch {
		case self:
			continue
		case !extended:
			if kind == "user" {
				addGrant(out, jinja.Str(strings.ToLower(privilege)), jinja.Str(name))
			}
			continue
		case kind == "public", strings.HasPrefix(name, "ds:"), strings.HasPrefix(name, "sys:"):
			continue
		}
		grantee := kind + ":" + name
		if show && kind == "role" && strings.HasPrefix(name, "/") {
			grantee = "group:" + name[1:]
		}
		addGrant(out, jinja.Str(strings.ToLower(privilege)), jinja.Str(grantee))
	}
	return out, nil
}

// texts are cells of a row as text; None is "".
func (t *Table) texts(c *jinja.Call, row int, names ...string) ([]string, error) {
	out := make([]string, len(names))
	for i, n := range names {
		v, err := t.field(c, row, n)
		if err != nil {
			return nil, err
		}
		if v != jinja.None {
			out[i] = jinja.Text(v)
		}
	}
	return out, nil
}

// has says whether a table has a column.
func (t *Table) has(name string) bool {
	for _, n := range t.names {
		if n == name {
			return true
		}
	}
	return false
}

// kindOfShown reads the two columns in which SHOW TABLES tells what a relation is.
func (t *Table) kindOfShown(c *jinja.Call, row int) (kind, subkind string, err error) {
	cells, err := t.texts(c, row, "table_type")
	if err != nil {
		return "", "", err
	}
	kind = strings.ToUpper(strings.TrimSpace(cells[0]))
	if t.has("table_subtype") {
		cells, err = t.texts(c, row, "table_subtype")
		if err != nil {
			return "", "", err
		}
		subkind = strings.ToUpper(strings.TrimSpace(cells[0]))
	}
	return kind, subkind, nil
}

var relationColumns = []string{"database", "name", "schema", "type"}

func (a *Adapter) showTablesAsRelations(c *jinja.Call) (jinja.Value, error) {
	t, err := tableArg(c, "transform_show_tables_for_list_relations", "show_tables")
	if err != nil {
		return nil, err
	}
	var rows [][]jinja.Value
	for i := range t.rows {
		kind, subkind, err := t.kindOfShown(c, i)
		if err != nil {
			return nil, err
		}
		relation := "table"
		if kind == "VIEW" {
			relation = "view"
			if subkind == "MATERIALIZED VIEW" {
				relation = "materialized_view"
			}
		}
		var row []jinja.Value
		for _, n := range []string{"database_name", "table_name", "schema_name"} {
			v, err := t.field(c, i, n)
			if err != nil {
				return nil, err
			}
			row = append(row, v)
		}
		rows = append(rows, append(row, jinja.Str(relation)))
	}
	return TextTable(relationColumns, rows), nil
}

func (a *Adapter) combineRelations(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "combine_show_tables_and_function_relations", "table_and_view_relations", "function_relations")
	if err != nil {
		return nil, err
	}
	var rows [][]jinja.Value
	for _, arg := range args {
		t, ok := arg.(*Table)
		if !ok {
			return nil, fail(c, diag.CallArguments, "combine_show_tables_and_function_relations() expects tables, got %s", arg.TypeName())
		}
		for i := range t.rows {
			var row []jinja.Value
			for _, n := range relationColumns {
				v, err := t.field(c, i, n)
				if err != nil {
					return nil, err
				}
				row = append(row, v)
			}
			rows = append(rows, row)
		}
	}
	return TextTable(relationColumns, rows), nil
}

var catalogColumns = []string{"table_database", "table_schema", "table_name", "table_type", "table_comment", "table_owner", "column_name",
	"column_index", "column_type", "column_comment"}

// catalogOfShowTables joins what SHOW TABLES says of relations with the columns that the system view lists.
func (a *Adapter) catalogOfShowTables(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "build_catalog_from_show_tables_and_svv_columns", "show_tables_results", "svv_columns")
	if err != nil {
		return nil, err
	}
	list, ok := args[0].(*jinja.List)
	columns, isTable := args[1].(*Table)
	if !ok || !isTable {
		return nil, fail(c, diag.CallArguments, "build_catalog_from_show_tables_and_svv_columns() expects a list of tables and a table")
	}
	type key struct{ database, schema, name string }
	relations := map[key][]jinja.Value{}
	keyOf := func(t *Table, i int) (key, error) {
		cells, err := t.texts(c, i, "database_name", "schema_name", "table_name")
		if err != nil {
			return key{}, err
		}
		return key{cells[0], strings.ToLower(cells[1]), strings.ToLower(cells[2])}, nil
	}
	for _, e := range list.Items {
		t, ok := e.(*Table)
		if !ok {
			return nil, fail(c, diag.CallArguments, "show_tables_results holds a %s, expected tables", e.TypeName())
		}
		for i := range t.rows {
			kind, subkind, err := t.kindOfShown(c, i)
			if err != nil {
				return nil, err
			}
			k, err := keyOf(t, i)
			if err != nil {
				return nil, err
			}
			var row []jinja.Value
			for _, n := range []string{"database_name", "schema_name", "table_name", "", "remarks", "owner"} {
				v := jinja.Value(jinja.Str(shownType(kind, subkind)))
				if n != "" {
					if v, err = t.field(c, i, n); err != nil {
						return nil, err
					}
				}
				row = append(row, v)
			}
			relations[k] = row
		}
	}
	var rows [][]jinja.Value
	for i := range columns.rows {
		k, err := keyOf(columns, i)
		if err != nil {
			return nil, err
		}
		row, ok := relations[k]
		if !ok {
			continue
		}
		full := append([]jinja.Value(nil), row...)
		for _, n := range []string{"column_name", "ordinal_position", "data_type", "remarks"} {
			v, err := columns.field(c, i, n)
			if err != nil {
				return nil, err
			}
			full = append(full, v)
		}
		rows = append(rows, full)
	}
	t := TextTable(catalogColumns, rows)
	t.types[7] = seedcsv.Number
	for _, row := range rows {
		row[7] = cast(seedcsv.Number, row[7])
	}
	return t, nil
}

// shownType is a relation's type as a catalog names it.
func shownType(kind, subkind string) string {
	for _, k := range []string{subkind, kind} {
		switch k {
		case "TABLE":
			return "BASE TABLE"
		case "VIEW", "MATERIALIZED VIEW", "LATE BINDING VIEW":
			return k
		}
	}
	return "BASE TABLE"
}
