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
		if name[0] == "awsdatacatalog" && !s.tables {
			return name[1], name[2], nil
		}
		if s.tables && name[0] == strings.ToLower(s.e.in.QueryExecutionContext.Catalog) {
			return name[1], name[2], nil
		}
	}
	return "", "", fmt.Errorf("FAILED: SemanticException Catalog '%s' does not exist", strings.Join(name, "."))
}

// iceberg is the name under which Trino makes and maintains an Iceberg table.
func (s *session) iceberg(db, table string) string {
	if s.tables {
		return quoted("s3tables", db, table)
	}
	return quoted("iceglue", db, table)
}

// tableBuckets is how the catalogs of table buckets begin.
const tableBuckets = "s3tablescatalog/"

// ofTables refuses what S3 Tables do not have.
func (s *session) ofTables(what string) error {
	if s.tables {
		return fmt.Errorf("NOT_SUPPORTED: %s is not supported for S3 Tables", what)
	}
	return nil
}

// renamed gives the catalogs of table buckets the name that Trino knows them by.
func renamed(sql, bucket string) string {
	if !strings.Contains(sql, tableBuckets) {
		return sql
	}
	toks, err := lex(sql)
	if err != nil {
		return sql
	}
	var b strings.Builder
	at := 0
	for i, t := range toks {
		if t.kind == 'q' && strings.EqualFold(t.text, tableBuckets+bucket) && i+1 < len(toks) && toks[i+1].word == "." {
			b.WriteString(sql[at:t.start] + "s3tables")
			at = t.end
		}
	}
	return b.String() + sql[at:]
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
	t, err := s.catalog.Table(db, table)
	if err != nil {
		return fmt.Errorf("TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.%s.%s' does not exist", db, table)
	}
	if !isIceberg(t) {
		return fmt.Errorf("NOT_SUPPORTED: %s.%s is not an Iceberg table", db, table)
	}
	return f(s.iceberg(db, table))
}
