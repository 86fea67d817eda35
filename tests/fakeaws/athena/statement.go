package athena

import (
	"fmt"
	"strings"
)

// kind is what a statement is, in the terms of GetQueryExecution and of results.
type kind struct {
	statement, sub string
	// header: its results begin with a row of names. text: its results are lines, not a table.
	header, text bool
}

// statement is a parsed statement: do runs it.
type statement struct {
	kind
	properties map[string]string // of a CTAS, as written
	do         func(s *session) error
}

var (
	ddl     = kind{statement: "DDL", text: true}
	utility = kind{statement: "UTILITY", text: true}
)

// parse tells what a statement is, and refuses what Athena has no grammar for. What is Trino's to judge (queries, DML) is passed on.
func parse(sql string) (statement, error) {
	toks, err := lex(sql)
	if err != nil {
		return statement{kind: ddl}, fmt.Errorf("line 1:1: %v", err)
	}
	for len(toks) > 0 && toks[len(toks)-1].word == ";" {
		toks = toks[:len(toks)-1]
	}
	for i, t := range toks {
		if t.word == ";" {
			return statement{kind: ddl}, fmt.Errorf("Only one sql statement is allowed. Got: %s", toks[i:][0].text)
		}
	}
	if len(toks) == 0 {
		return statement{kind: ddl}, fmt.Errorf("line 1:1: mismatched input '<EOF>'")
	}
	sql = sql[:toks[len(toks)-1].end]
	r := &reader{sql: sql, toks: toks}
	if err := foreign(toks); err != nil {
		return statement{kind: ddl}, err
	}
	st := classify(r)
	if r.err != nil {
		return statement{kind: st.kind}, r.err
	}
	return st, nil
}

// foreign refuses names in catalogs that the engine behind the fake has and Athena has not.
func foreign(toks []tok) error {
	for i, t := range toks {
		if i+1 >= len(toks) || toks[i+1].word != "." || t.kind == 's' || i > 0 && toks[i-1].word == "." {
			continue
		}
		switch c := strings.ToLower(t.text); c {
		case "iceglue", "tpch", "system", "s3tables":
			return fmt.Errorf("CATALOG_NOT_FOUND: line 1:1: Catalog '%s' does not exist", c)
		}
	}
	return nil
}

func classify(r *reader) statement {
	first := r.next().word
	switch first {
	case "SELECT", "WITH", "VALUES", "TABLE", "(":
		return statement{kind: kind{"DML", "SELECT", true, false}, do: func(s *session) error { return s.trino(r.sql) }}
	case "INSERT":
		r.need("INTO")
		return dml(r, "INSERT", checkInsert)
	case "UPDATE":
		return dml(r, "UPDATE", checkModify)
	case "DELETE":
		r.need("FROM")
		return dml(r, "DELETE", checkModify)
	case "MERGE":
		r.need("INTO")
		return dml(r, "MERGE", checkModify)
	case "EXPLAIN":
		return statement{kind: kind{"UTILITY", "EXPLAIN", false, true}, do: func(s *session) error { return s.trino(r.sql) }}
	case "CREATE":
		return create(r)
	case "DROP":
		return drop(r)
	case "ALTER":
		return alter(r)
	case "SHOW":
		return show(r)
	case "DESCRIBE", "DESC":
		return describe(r)
	case "OPTIMIZE":
		return optimize(r)
	case "VACUUM":
		return vacuum(r)
	case "MSCK":
		return repair(r)
	}
	r.at = 0
	r.err = fmt.Errorf("line 1:1: mismatched input '%s'. Expecting: 'ALTER', 'CREATE', 'DELETE', 'DESCRIBE', 'DROP', 'EXPLAIN', 'INSERT', 'MERGE', 'MSCK', 'OPTIMIZE', 'SHOW', 'UPDATE', 'VACUUM', <query>", r.peek().text)
	return statement{kind: ddl}
}

// dml is a statement that changes the rows of a table whose name comes next; check refuses what Trino would do and Athena does not.
func dml(r *reader, sub string, check func(db, name string, t map[string]any) error) statement {
	name := r.name(false)
	return statement{kind: kind{"DML", sub, false, false}, do: func(s *session) error {
		db, n, err := s.resolve(name)
		if err != nil && len(name) == 3 && strings.HasPrefix(name[0], tableBuckets) {
			return s.trino(r.sql) // a table of another catalog, which DML may name
		}
		if err != nil {
			return err
		}
		// A table that is not there is Trino's to tell, after all else that is wrong.
		if t, err := s.catalog.Table(db, n); err == nil {
			if err := check(db, n, t); err != nil {
				return err
			}
		}
		return s.trino(r.sql)
	}}
}

func checkInsert(db, name string, t map[string]any) error {
	if buckets := integer(walk(t, "StorageDescriptor", "NumberOfBuckets")); buckets > 0 && !isIceberg(t) {
		return fmt.Errorf("NOT_SUPPORTED: INSERT INTO is not supported for the bucketed table %s.%s", db, name)
	}
	return nil
}

// checkModify refuses Hive tables, of which Trino would delete whole partitions, and merges that Athena cannot plan.
func checkModify(db, name string, t map[string]any) error {
	if !isIceberg(t) {
		return fmt.Errorf("NOT_SUPPORTED: Modifying Hive table rows is only supported for transactional tables: %s.%s", db, name)
	}
	return nil
}

func create(r *reader) statement {
	replace := r.take("OR", "REPLACE")
	switch {
	case r.take("VIEW"):
		return createView(r)
	case replace:
		// Athena documents no CREATE OR REPLACE TABLE.
		r.fail("mismatched input 'TABLE'. Expecting: 'VIEW'")
		return statement{kind: ddl}
	case r.take("DATABASE"), r.take("SCHEMA"):
		return createDatabase(r)
	case r.take("EXTERNAL", "TABLE"):
		return createTable(r, true)
	case r.take("TABLE"):
		if at := r.at; isCTAS(r) {
			r.at = at
			return ctas(r)
		}
		return createTable(r, false)
	}
	r.fail("mismatched input")
	return statement{kind: ddl}
}

// isCTAS tells CREATE TABLE name [WITH (…)] AS from Hive's CREATE TABLE name (…).
func isCTAS(r *reader) bool {
	depth := 0
	for i := r.at; i < len(r.toks); i++ {
		switch r.toks[i].word {
		case "(":
			if depth == 0 && i > r.at && r.toks[i-1].word != "WITH" {
				return false
			}
			depth++
		case ")":
			depth--
		case "AS":
			if depth == 0 {
				return true
			}
		}
	}
	return false
}

// literal is the text of a property's value: a string without quotes, anything else as written.
func literal(r *reader, toks []tok) string {
	if len(toks) == 1 && toks[0].kind == 's' {
		return toks[0].text
	}
	return strings.TrimSpace(r.text(toks))
}

// ctasProperties are the properties of CREATE TABLE AS that Athena documents.
var ctasProperties = map[string]bool{"table_type": true, "is_external": true, "location": true, "external_location": true, "format": true,
	"partitioned_by": true, "partitioning": true, "bucketed_by": true, "bucket_count": true, "write_compression": true, "parquet_compression": true,
	"orc_compression": true, "compression_level": true, "field_delimiter": true, "format_version": true, "vacuum_max_snapshot_age_seconds": true,
	"vacuum_min_snapshots_to_keep": true, "vacuum_max_metadata_files_to_keep": true, "optimize_rewrite_min_data_file_size_bytes": true,
	"optimize_rewrite_max_data_file_size_bytes": true, "optimize_rewrite_data_file_threshold": true, "optimize_rewrite_delete_file_threshold": true,
	"write_target_data_file_size_bytes": true}

func ctas(r *reader) statement {
	st := statement{kind: kind{"DDL", "CREATE_TABLE_AS_SELECT", false, true}, properties: map[string]string{}}
	ifNot := r.take("IF", "NOT", "EXISTS")
	name := r.name(false)
	if r.take("WITH") {
		for _, p := range r.group() {
			if len(p) < 3 || p[1].word != "=" {
				r.fail("mismatched input in WITH")
				return st
			}
			key := strings.ToLower(p[0].text)
			if !ctasProperties[key] {
				r.err = fmt.Errorf("INVALID_TABLE_PROPERTY: line 1:1: Catalog 'awsdatacatalog' table property '%s' does not exist", key)
				return st
			}
			st.properties[key] = literal(r, p[2:])
		}
	}
	r.need("AS")
	query := r.rest()
	noData := false
	if n := len(r.toks); n >= 3 && r.toks[n-1].word == "DATA" && r.toks[n-2].word == "NO" && r.toks[n-3].word == "WITH" {
		noData = true
		query = r.sql[r.peek().start:r.toks[n-3].start]
	}
	st.do = func(s *session) error { return s.createTableAs(name, ifNot, st.properties, query, noData) }
	return st
}

func optimize(r *reader) statement {
	name := r.name(true)
	for _, w := range []string{"REWRITE", "DATA", "USING", "BIN_PACK"} {
		r.need(w)
	}
	where := ""
	if !r.done() {
		where = " " + r.rest()
		r.need("WHERE")
	}
	return statement{kind: kind{"DML", "OPTIMIZE", false, true}, do: func(s *session) error {
		if err := s.ofTables("OPTIMIZE"); err != nil {
			return err
		}
		return s.onIceberg(name, func(table string) error { return s.trino("ALTER TABLE " + table + " EXECUTE optimize" + where) })
	}}
}

func vacuum(r *reader) statement {
	name := r.name(true)
	if !r.done() {
		r.fail("mismatched input")
	}
	return statement{kind: kind{"DML", "VACUUM", false, true}, do: func(s *session) error {
		if err := s.ofTables("VACUUM"); err != nil {
			return err
		}
		// Snapshots, and files of none, are kept for five days if the table does not say otherwise.
		age := "432000"
		if db, n, err := s.resolve(name); err == nil {
			if t, err := s.catalog.Table(db, n); err == nil {
				if v, ok := walk(t, "Parameters", "vacuum_max_snapshot_age_seconds").(string); ok {
					age = v
				}
			}
		}
		return s.onIceberg(name, func(table string) error {
			if err := s.trino("ALTER TABLE " + table + " EXECUTE expire_snapshots(retention_threshold => '" + age + "s')"); err != nil {
				return err
			}
			return s.trino("ALTER TABLE " + table + " EXECUTE remove_orphan_files(retention_threshold => '" + age + "s')")
		})
	}}
}
