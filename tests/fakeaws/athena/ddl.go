package athena

import (
	"fmt"
	"strings"
)

// Hive's DDL, as far as dbt-athena, weft and ordinary clients use it. Entries of Hive tables are written into the catalog here, as Athena
// does; what concerns the files of Iceberg tables goes to Trino.

func createDatabase(r *reader) statement {
	ifNot := r.take("IF", "NOT", "EXISTS")
	name := r.name(true)
	input := doc{}
	for !r.done() && r.err == nil {
		switch {
		case r.take("COMMENT"):
			input["Description"] = r.next().text
		case r.take("LOCATION"):
			input["LocationUri"] = r.next().text
		case r.take("WITH", "DBPROPERTIES"):
			input["Parameters"] = properties(r)
		default:
			r.fail("mismatched input")
		}
	}
	return statement{kind: kind{"DDL", "CREATE_DATABASE", false, true}, do: func(s *session) error {
		input["Name"] = name[len(name)-1]
		if _, err := s.catalog.Database(name[len(name)-1]); err == nil {
			if ifNot {
				return nil
			}
			return fmt.Errorf("FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. Database %s already exists", name[0])
		}
		return s.catalog.CreateDatabase(input)
	}}
}

// properties reads ('k'='v', …).
func properties(r *reader) map[string]any {
	out := map[string]any{}
	for _, p := range r.group() {
		if len(p) != 3 || p[1].word != "=" || p[0].kind != 's' && p[0].kind != 'q' || p[2].kind != 's' && p[2].kind != 'q' {
			r.fail("mismatched input in properties")
			return out
		}
		out[p[0].text] = p[2].text
	}
	return out
}

// columns reads column definitions: name type [COMMENT 'text'].
func columns(r *reader) []any {
	var out []any
	for _, c := range r.group() {
		if len(c) < 2 || c[0].kind != 'w' && c[0].kind != 'b' {
			r.fail("cannot recognize a column definition")
			return out
		}
		d := doc{"Name": strings.ToLower(c[0].text)}
		typ := c[1:]
		if n := len(typ); n >= 3 && typ[n-2].word == "COMMENT" && typ[n-1].kind == 's' {
			d["Comment"] = typ[n-1].text
			typ = typ[:n-2]
		}
		d["Type"] = strings.ToLower(strings.Join(strings.Fields(r.text(typ)), ""))
		out = append(out, d)
	}
	return out
}

// formats are the classes behind STORED AS.
var formats = map[string][3]string{
	"PARQUET": {"org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat", "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
		"org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"},
	"ORC": {"org.apache.hadoop.hive.ql.io.orc.OrcInputFormat", "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
		"org.apache.hadoop.hive.ql.io.orc.OrcSerde"},
	"AVRO": {"org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat", "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat",
		"org.apache.hadoop.hive.serde2.avro.AvroSerDe"},
	"TEXTFILE": {"org.apache.hadoop.mapred.TextInputFormat", "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
		"org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"},
}

func createTable(r *reader, external bool) statement {
	ifNot := r.take("IF", "NOT", "EXISTS")
	name := r.name(true)
	cols := columns(r)
	var keys []any
	var transforms []string
	storage := doc{}
	table := doc{}
	params := map[string]any{}
	serde := doc{}
	own := false // a SERDE was named
	text := formats["TEXTFILE"]
	storage["InputFormat"], storage["OutputFormat"], serde["SerializationLibrary"] = text[0], text[1], text[2]
	for !r.done() && r.err == nil {
		switch {
		case r.take("COMMENT"):
			table["Description"] = r.next().text
		case r.take("PARTITIONED", "BY"):
			at := r.at
			for _, p := range r.group() {
				transforms = append(transforms, strings.ReplaceAll(r.text(p), "`", ""))
			}
			end := r.at
			r.at = at
			// Iceberg's are names and transforms, Hive's are columns with types.
			if len(transforms) > 0 && strings.Contains(transforms[0], " ") && !strings.Contains(transforms[0], "(") || hasTypes(r) {
				keys = columns(r)
				transforms = nil
			}
			r.at = end
		case r.take("CLUSTERED", "BY"):
			r.group()
			r.need("INTO")
			r.next()
			r.need("BUCKETS")
		case r.take("ROW", "FORMAT", "SERDE"):
			serde["SerializationLibrary"], own = r.next().text, true
			if r.take("WITH", "SERDEPROPERTIES") {
				serde["Parameters"] = properties(r)
			}
		case r.take("ROW", "FORMAT", "DELIMITED"):
			p := map[string]any{}
			for {
				if r.take("FIELDS", "TERMINATED", "BY") {
					p["field.delim"] = unescape(r.next().text)
				} else if r.take("LINES", "TERMINATED", "BY") {
					p["line.delim"] = unescape(r.next().text)
				} else if r.take("ESCAPED", "BY") {
					p["escape.delim"] = unescape(r.next().text)
				} else {
					break
				}
			}
			p["serialization.format"] = p["field.delim"]
			serde["Parameters"] = p
		case r.take("STORED", "AS", "INPUTFORMAT"):
			storage["InputFormat"] = r.next().text
			r.need("OUTPUTFORMAT")
			storage["OutputFormat"] = r.next().text
		case r.take("STORED", "AS"):
			f, ok := formats[r.next().word]
			if !ok {
				r.fail("unknown format")
			}
			storage["InputFormat"], storage["OutputFormat"] = f[0], f[1]
			if !own {
				serde["SerializationLibrary"] = f[2]
			}
		case r.take("LOCATION"):
			storage["Location"] = r.next().text
		case r.take("TBLPROPERTIES"):
			params = properties(r)
		default:
			r.fail("mismatched input")
		}
	}
	iceberg := false
	for k, v := range params {
		iceberg = iceberg || strings.EqualFold(k, "table_type") && strings.EqualFold(fmt.Sprint(v), "ICEBERG")
	}
	if r.err == nil && !external && !iceberg {
		r.err = fmt.Errorf("FAILED: SemanticException only external tables and Iceberg tables can be created by DDL")
	}
	return statement{kind: kind{"DDL", "CREATE_TABLE", false, true}, do: func(s *session) error {
		db, n, err := s.resolve(name)
		if err != nil {
			return err
		}
		if _, err := s.catalog.Table(db, n); err == nil {
			if ifNot {
				return nil
			}
			return fmt.Errorf("FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. AlreadyExistsException: Table %s already exists", n)
		}
		location, _ := storage["Location"].(string)
		switch {
		case s.tables && (location != "" || !iceberg):
			return fmt.Errorf("FAILED: SemanticException tables of S3 Tables are Iceberg tables without a LOCATION")
		case !s.tables && location == "":
			return fmt.Errorf("FAILED: SemanticException No location is specified")
		}
		if iceberg {
			return s.createIceberg(db, n, cols, transforms, location, params)
		}
		params["EXTERNAL"] = "TRUE"
		storage["Columns"], storage["SerdeInfo"] = cols, serde
		table["Name"], table["TableType"], table["StorageDescriptor"], table["Parameters"] = n, "EXTERNAL_TABLE", storage, params
		if len(keys) > 0 {
			table["PartitionKeys"] = keys
		}
		if err := s.catalog.CreateTable(db, table); err != nil {
			return fmt.Errorf("FAILED: SemanticException %v", err)
		}
		return nil
	}}
}

// hasTypes tells whether the group that comes is of Hive columns.
func hasTypes(r *reader) bool {
	at := r.at
	defer func() { r.at = at }()
	g := r.group()
	return len(g) > 0 && len(g[0]) >= 2 && g[0][1].kind == 'w'
}

func unescape(s string) string {
	return strings.NewReplacer(`\t`, "\t", `\n`, "\n", `\\`, `\`, `\001`, "\x01").Replace(s)
}

// icebergProperties are the TBLPROPERTIES that Athena allows for Iceberg tables.
var icebergProperties = map[string]bool{"table_type": true, "format": true, "write_compression": true, "compression_level": true,
	"write_target_data_file_size_bytes": true, "optimize_rewrite_min_data_file_size_bytes": true, "optimize_rewrite_max_data_file_size_bytes": true,
	"optimize_rewrite_data_file_threshold": true, "optimize_rewrite_delete_file_threshold": true, "vacuum_min_snapshots_to_keep": true,
	"vacuum_max_snapshot_age_seconds": true, "vacuum_max_metadata_files_to_keep": true}

func checkIcebergProperties(p map[string]any) error {
	for _, k := range sortedKeys(p) {
		if !icebergProperties[strings.ToLower(k)] {
			return fmt.Errorf("FAILED: SemanticException Unsupported table property key: %s", k)
		}
	}
	return nil
}

func (s *session) createIceberg(db, table string, cols []any, transforms []string, location string, params map[string]any) error {
	if err := checkIcebergProperties(params); err != nil {
		return err
	}
	var defs []string
	for _, c := range cols {
		c := c.(doc)
		d := `"` + c["Name"].(string) + `" ` + trinoType(c["Type"].(string), true)
		if t, _ := c["Comment"].(string); t != "" {
			d += " COMMENT " + literalText(t)
		}
		defs = append(defs, d)
	}
	with := "format_version = 2"
	if location != "" {
		with += ", location = " + literalText(strings.TrimRight(location, "/"))
	}
	if len(transforms) > 0 {
		for i, t := range transforms {
			// Hive's grammar has the number first: bucket(16, id).
			if f, rest, ok := strings.Cut(t, "("); ok {
				args := strings.Split(strings.TrimSuffix(rest, ")"), ",")
				if len(args) == 2 {
					t = strings.TrimSpace(f) + "(" + strings.TrimSpace(args[1]) + ", " + strings.TrimSpace(args[0]) + ")"
				}
			}
			transforms[i] = literalText(t)
		}
		with += ", partitioning = ARRAY[" + strings.Join(transforms, ", ") + "]"
	}
	return s.trino("CREATE TABLE " + s.iceberg(db, table) + " (" + strings.Join(defs, ", ") + ") WITH (" + with + ")")
}

// trinoType writes a type of Hive's DDL for Trino.
func trinoType(t string, iceberg bool) string {
	switch {
	case t == "string":
		return "varchar"
	case t == "int":
		return "integer"
	case t == "float":
		return "real"
	case t == "binary":
		return "varbinary"
	case t == "timestamp" && iceberg:
		return "timestamp(6)"
	case t == "timestamptz":
		return "timestamp(6) with time zone"
	case strings.HasPrefix(t, "array<"):
		return "array(" + trinoType(t[6:len(t)-1], iceberg) + ")"
	case strings.HasPrefix(t, "map<"):
		k, v := splitTypes(t[4 : len(t)-1])
		return "map(" + trinoType(k, iceberg) + ", " + trinoType(v, iceberg) + ")"
	case strings.HasPrefix(t, "struct<"):
		var fields []string
		for rest := t[7 : len(t)-1]; rest != ""; {
			var f string
			f, rest = splitTypes(rest)
			n, ft, _ := strings.Cut(f, ":")
			fields = append(fields, `"`+n+`" `+trinoType(ft, iceberg))
		}
		return "row(" + strings.Join(fields, ", ") + ")"
	}
	return t
}

// splitTypes cuts at the first comma outside of <> and ().
func splitTypes(s string) (string, string) {
	depth := 0
	for i, c := range s {
		switch c {
		case '<', '(':
			depth++
		case '>', ')':
			depth--
		case ',':
			if depth == 0 {
				return s[:i], s[i+1:]
			}
		}
	}
	return s, ""
}

func drop(r *reader) statement {
	switch {
	case r.take("DATABASE"), r.take("SCHEMA"):
		ifExists := r.take("IF", "EXISTS")
		name := r.name(true)
		cascade := r.take("CASCADE")
		return statement{kind: kind{"DDL", "DROP_DATABASE", false, true}, do: func(s *session) error {
			n := name[len(name)-1]
			if _, err := s.catalog.Database(n); err != nil {
				if ifExists {
					return nil
				}
				return fmt.Errorf("FAILED: SemanticException [Error 10072]: Database does not exist: %s", n)
			}
			if len(s.catalog.Tables(n)) > 0 && !cascade {
				return fmt.Errorf("FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. InvalidOperationException(message:Database %s is not empty. One or more tables exist.)", n)
			}
			return s.catalog.DropDatabase(n)
		}}
	case r.take("VIEW"):
		ifExists := r.take("IF", "EXISTS")
		name := r.name(!hasDoubleQuote(r))
		return statement{kind: kind{"DDL", "DROP_VIEW", false, true}, do: func(s *session) error { return s.drop(name, ifExists, true) }}
	case r.take("TABLE"):
		ifExists := r.take("IF", "EXISTS")
		name := r.name(true)
		if !r.done() {
			r.fail("mismatched input")
		}
		return statement{kind: kind{"DDL", "DROP_TABLE", false, true}, do: func(s *session) error { return s.drop(name, ifExists, false) }}
	}
	r.fail("mismatched input")
	return statement{kind: ddl}
}

func hasDoubleQuote(r *reader) bool {
	for _, t := range r.toks[r.at:] {
		if t.kind == 'q' {
			return true
		}
	}
	return false
}

// drop removes an entry. The files of Iceberg tables go with it, those of external tables stay.
func (s *session) drop(name []string, ifExists, view bool) error {
	db, n, err := s.resolve(name)
	if err != nil {
		return err
	}
	t, err := s.catalog.Table(db, n)
	switch {
	case err != nil && ifExists:
		return nil
	case err != nil:
		return fmt.Errorf("FAILED: SemanticException [Error 10001]: Table not found %s.%s", db, n)
	case view != isView(t):
		return fmt.Errorf("FAILED: SemanticException %s.%s is not what is dropped: use DROP %s", db, n, map[bool]string{true: "TABLE", false: "VIEW"}[view])
	case isIceberg(t):
		return s.trino("DROP TABLE " + s.iceberg(db, n))
	}
	return s.catalog.DropTable(db, n)
}

func repair(r *reader) statement {
	r.need("REPAIR")
	r.need("TABLE")
	name := r.name(true)
	return statement{kind: kind{"DDL", "MSCK_REPAIR_TABLE", false, true}, do: func(s *session) error {
		db, n, err := s.resolve(name)
		if err != nil {
			return err
		}
		if t, err := s.catalog.Table(db, n); err != nil || isIceberg(t) {
			return fmt.Errorf("FAILED: SemanticException MSCK REPAIR TABLE needs a partitioned table that is not an Iceberg table: %s.%s", db, n)
		}
		return s.trino("CALL awsdatacatalog.system.sync_partition_metadata(" + literalText(db) + ", " + literalText(n) + ", 'ADD')")
	}}
}
