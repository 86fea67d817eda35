package athena

import (
	"fmt"
	"strings"
)

// createTableAs runs a CTAS: Athena's properties become those of Trino's connector for the table's format, and Hive tables are always
// external, as Athena's are.
func (s *session) createTableAs(name []string, ifNot bool, p map[string]string, query string, noData bool) error {
	// A CTAS is Trino's, and may name a table of a bucket while the query's own catalog is another; Hive's DDL may not.
	if !s.tables && len(name) == 3 && name[0] == tableBuckets+s.a.TableBucket {
		s.catalog, s.tables, name = s.a.Tables, true, name[1:]
	}
	db, table, err := s.resolve(name)
	if err != nil {
		return err
	}
	if _, err := s.catalog.Database(db); err != nil {
		return fmt.Errorf("SCHEMA_NOT_FOUND: line 1:1: Schema '%s' does not exist", db)
	}
	if _, err := s.catalog.Table(db, table); err == nil {
		if ifNot {
			return nil
		}
		return fmt.Errorf("TABLE_ALREADY_EXISTS: line 1:1: Destination table 'awsdatacatalog.%s.%s' already exists", db, table)
	}
	location := p["location"]
	if s.tables && (location != "" || p["external_location"] != "" || !strings.EqualFold(p["table_type"], "ICEBERG") && p["table_type"] != "") {
		return fmt.Errorf("INVALID_TABLE_PROPERTY: line 1:1: tables of S3 Tables are Iceberg tables without a location")
	}
	if s.tables || strings.EqualFold(p["table_type"], "ICEBERG") {
		err = s.icebergAs(db, table, location, p, query, noData)
	} else {
		if location == "" {
			location = p["external_location"]
		}
		err = s.hiveAs(db, table, location, p, query, noData)
	}
	return err
}

func (s *session) icebergAs(db, table, location string, p map[string]string, query string, noData bool) error {
	for _, k := range []string{"external_location", "partitioned_by", "bucketed_by", "bucket_count", "field_delimiter"} {
		if p[k] != "" {
			return fmt.Errorf("INVALID_TABLE_PROPERTY: line 1:1: Property %s is not valid for Iceberg tables", k)
		}
	}
	if !strings.EqualFold(p["is_external"], "false") && !s.tables {
		return fmt.Errorf("NOT_SUPPORTED: External Iceberg tables are not supported: is_external must be false")
	}
	if location == "" && !s.tables {
		location = s.defaultLocation(db, table)
	}
	if location == "" && !s.tables {
		return fmt.Errorf("INVALID_TABLE_PROPERTY: line 1:1: Table location can not be null. Please specify location in the WITH clause")
	}
	if err := s.sixDigits(query); err != nil {
		return err
	}
	format := strings.ToUpper(p["format"])
	if format == "" {
		format = "PARQUET"
	}
	with := []string{"format = " + literalText(format)}
	if location != "" {
		with = append(with, "location = "+literalText(strings.TrimRight(location, "/")))
	}
	if v := p["partitioning"]; v != "" {
		with = append(with, "partitioning = "+v)
	}
	sql := "CREATE TABLE " + s.iceberg(db, table) + " WITH (" + strings.Join(with, ", ") + ") AS " + query
	if noData {
		sql += " WITH NO DATA"
	}
	return s.trino(sql)
}

// sixDigits refuses timestamps that Athena's Iceberg refuses; Trino itself would round them.
func (s *session) sixDigits(query string) error {
	r, err := s.query("SELECT * FROM (" + renamed(query, s.a.TableBucket) + "\n) LIMIT 0")
	if err != nil {
		return err
	}
	for _, c := range r.Columns {
		if strings.HasPrefix(c.Type, "timestamp") && !strings.HasPrefix(c.Type, "timestamp(6)") {
			precision := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSuffix(c.Type, " with time zone"), "timestamp("), ")")
			return fmt.Errorf("NOT_SUPPORTED: Timestamp precision (%s) not supported for Iceberg. Use \"timestamp(6)\" instead", precision)
		}
	}
	return nil
}

func (s *session) hiveAs(db, table, location string, p map[string]string, query string, noData bool) error {
	for _, k := range []string{"partitioning", "format_version"} {
		if p[k] != "" {
			return fmt.Errorf("INVALID_TABLE_PROPERTY: line 1:1: Property %s is valid for Iceberg tables only", k)
		}
	}
	if location == "" {
		location = s.defaultLocation(db, table)
		if i := strings.LastIndexByte(s.e.output, '/'); location == "" && i > 0 {
			location = s.e.output[:i] + "/tables/" + s.e.id
		}
	}
	bucket, prefix, _ := strings.Cut(strings.TrimPrefix(location, "s3://"), "/")
	prefix = strings.TrimRight(prefix, "/") + "/"
	keys, err := s.a.Objects.Keys(bucket, prefix)
	if err != nil {
		return fmt.Errorf("PERMISSION_DENIED: Access Denied when checking the location: %v", err)
	}
	if len(keys) > 0 {
		return fmt.Errorf("HIVE_PATH_ALREADY_EXISTS: Target directory for table '%s.%s' already exists: %s. You may need to manually clean the data at location before retrying. Athena will not delete data in your account.", db, table, location)
	}
	format := strings.ToUpper(p["format"])
	if format == "" {
		format = "PARQUET"
	}
	with := []string{"external_location = " + literalText("s3://"+bucket+"/"+prefix), "format = " + literalText(format)}
	for _, k := range []string{"partitioned_by", "bucketed_by", "bucket_count"} {
		if v := p[k]; v != "" {
			with = append(with, k+" = "+v)
		}
	}
	if v := p["field_delimiter"]; v != "" && format == "TEXTFILE" {
		with = append(with, "textfile_field_separator = "+literalText(v))
	}
	sql := "CREATE TABLE " + quoted("awsdatacatalog", db, table) + " WITH (" + strings.Join(with, ", ") + ") AS " + query
	if noData {
		sql += " WITH NO DATA"
	}
	return s.trino(sql)
}

// defaultLocation is below the database's location, if it has one.
func (s *session) defaultLocation(db, table string) string {
	d, err := s.catalog.Database(db)
	if err != nil {
		return ""
	}
	l, _ := d["LocationUri"].(string)
	if l == "" {
		return ""
	}
	return strings.TrimRight(l, "/") + "/" + table
}

func literalText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
