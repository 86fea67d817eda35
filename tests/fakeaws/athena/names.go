package athena

import (
	"fmt"
	"strings"
)

// resolve completes a name with the query's database.
func (s *session) resolve(name []string) (db, table string, err error) {
	switch len(name) {
	case 1:
		return strings.ToLower(s.e.in.QueryExecutionContext.Database), name[0], nil
	case 2:
		return name[0], name[1], nil
	case 3:
		if name[0] == "awsdatacatalog" {
			return name[1], name[2], nil
		}
	}
	return "", "", fmt.Errorf("FAILED: SemanticException Catalog '%s' does not exist", strings.Join(name, "."))
}

// quoted is a table's name for Trino in one of its catalogs: Hive tables are in awsdatacatalog, Iceberg tables are made and
// maintained in iceglue, which shows the same Glue catalog.
func quoted(catalog, db, table string) string {
	q := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	return catalog + "." + q(db) + "." + q(table)
}

func isIceberg(t map[string]any) bool {
	v, _ := walk(t, "Parameters", "table_type").(string)
	return strings.EqualFold(v, "ICEBERG")
}

func isView(t map[string]any) bool { return t["TableType"] == "VIRTUAL_VIEW" }

// onIceberg runs f with the name of an Iceberg table, and refuses any other.
func (s *session) onIceberg(name []string, f func(table string) error) error {
	db, table, err := s.resolve(name)
	if err != nil {
		return err
	}
	t, err := s.a.Catalog.Table(db, table)
	if err != nil {
		return fmt.Errorf("TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.%s.%s' does not exist", db, table)
	}
	if !isIceberg(t) {
		return fmt.Errorf("NOT_SUPPORTED: %s.%s is not an Iceberg table", db, table)
	}
	return f(quoted("iceglue", db, table))
}
