//go:build engines

package fakeaws_test

import (
	"strings"
	"testing"
)

// icebergAs is a CTAS of an Iceberg table with further properties.
func icebergAs(name, properties, query string) string {
	if properties != "" {
		properties = ", " + properties
	}
	return `CREATE TABLE "DB"."` + name + `" WITH (table_type = 'ICEBERG', is_external = false, location = 's3://lake/DB/` + name + `'` + properties + ") AS " + query
}

func hiveAs(name, properties, query string) string {
	if properties != "" {
		properties = ", " + properties
	}
	return `CREATE TABLE "DB"."` + name + `" WITH (table_type = 'HIVE', is_external = true, external_location = 's3://lake/DB/` + name + `'` + properties + ") AS " + query
}

const three = `SELECT id, CAST(name AS varchar) AS name, day FROM (VALUES (1, 'ant', date '2024-01-01'), (2, 'bee', date '2024-01-02'), (3, NULL, date '2024-02-01')) AS t (id, name, day)`

func TestIcebergTables(t *testing.T) {
	l := newLake(t)
	e := l.run(icebergAs("plain", "", three))
	if e["StatementType"] != "DDL" || e["SubstatementType"] != "CREATE_TABLE_AS_SELECT" {
		t.Errorf("a CTAS is shown as %v %v", e["StatementType"], e["SubstatementType"])
	}
	l.run(icebergAs("parted", "partitioning = ARRAY['month(day)', 'bucket(id, 4)', 'truncate(name, 2)'], format = 'orc', vacuum_min_snapshots_to_keep = 3", three))
	for _, name := range []string{"plain", "parted"} {
		l.reads("SELECT * FROM DB."+name+" ORDER BY id", "1|ant|2024-01-01", "2|bee|2024-01-02", "3|∅|2024-02-01")
		if p := l.table(name)["Parameters"].(doc); !strings.EqualFold(p["table_type"].(string), "ICEBERG") || p["metadata_location"] == nil {
			t.Errorf("%s is entered as %v", name, p)
		}
	}
	if got := l.columns("plain"); got != "id int, name string, day date" {
		t.Errorf("columns: %s", got)
	}
	l.run(`CREATE TABLE DB.by_ddl (id int, at timestamp, tags array<string>, pair struct<a:int,b:string>) PARTITIONED BY (day(at), bucket(8, id))
		LOCATION 's3://lake/DB/by_ddl' TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet')`)
	l.run("INSERT INTO DB.by_ddl VALUES (1, timestamp '2024-01-01 01:02:03.123456', ARRAY['x'], ROW(1, 'y'))")
	l.reads("SELECT id, at, tags[1], pair.b FROM DB.by_ddl", "1|2024-01-01 01:02:03.123456|x|y")
	l.run(icebergAs("empty", "", three+" WHERE false"))
	l.reads("SELECT count(*) FROM DB.empty", "0")
	l.run("DROP TABLE `DB`.`plain`")
	l.refused("SELECT * FROM DB.plain", "TABLE_NOT_FOUND")
	if n := l.files("plain/"); n > 0 {
		t.Errorf("%d files of the dropped table stay", n)
	}

	l.refused(icebergAs("bad", "partitioned_by = ARRAY['id']", three), "partitioned_by")
	l.refused(icebergAs("bad", "no_such = 1", three), "no_such")
	l.refused(icebergAs("bad", "", "SELECT timestamp '2024-01-01 00:00:00.123' AS at"), "Timestamp precision (3) not supported for Iceberg")
	l.refused(icebergAs("bad", "", "SELECT localtimestamp AS at"), "Timestamp precision")
	l.refused("CREATE TABLE DB.bad WITH (table_type = 'ICEBERG', is_external = true, location = 's3://lake/DB/bad') AS SELECT 1 AS a", "is_external")
	l.refused(icebergAs("parted", "", three), "already exists")
	l.refused("CREATE OR REPLACE TABLE DB.parted AS SELECT 1 AS a", "mismatched input")
	if n := l.files("bad"); n > 0 {
		t.Errorf("%d files of refused tables", n)
	}
}

func TestHiveTables(t *testing.T) {
	l := newLake(t)
	for _, format := range []string{"PARQUET", "ORC", "AVRO", "JSON", "TEXTFILE"} {
		name := "as_" + strings.ToLower(format)
		l.run(hiveAs(name, "format = '"+format+"'", "SELECT id, name FROM ("+three+")"))
		l.reads("SELECT * FROM DB."+name+" ORDER BY id", "1|ant", "2|bee", "3|∅")
	}
	l.run(hiveAs("parted", "partitioned_by = ARRAY['day']", three))
	l.run(hiveAs("buckets", "bucketed_by = ARRAY['id'], bucket_count = 2", three))
	l.run(hiveAs("both", "partitioned_by = ARRAY['day'], bucketed_by = ARRAY['id'], bucket_count = 2", three))
	if n := l.partitions("parted"); n != 3 {
		t.Errorf("%d partitions", n)
	}
	l.reads(`SELECT id FROM DB.parted WHERE day = date '2024-01-02'`, "2")
	l.run("INSERT INTO DB.parted SELECT 9, CAST('new' AS varchar), date '2024-03-01'")
	l.lines("SHOW PARTITIONS DB.parted", "day=2024-01-01", "day=2024-01-02", "day=2024-02-01", "day=2024-03-01")
	l.run(hiveAs("none", "", three+" WHERE false"))
	l.reads("SELECT count(*) FROM DB.none", "0")
	l.run(hiveAs("none_parted", "partitioned_by = ARRAY['day']", three+" WHERE false"))

	l.refused("INSERT INTO DB.buckets "+three, "bucketed")
	l.refused("UPDATE DB.parted SET name = 'x'", "Modifying Hive table rows")
	l.refused("DELETE FROM DB.parted WHERE id = 1", "Modifying Hive table rows")
	l.refused("DELETE FROM DB.parted WHERE day = date '2024-01-01'", "Modifying Hive table rows")
	l.refused("DELETE FROM DB.parted", "Modifying Hive table rows")
	l.refused("MERGE INTO DB.parted t USING DB.buckets s ON t.id = s.id WHEN MATCHED THEN DELETE", "Modifying Hive table rows")
	l.refused("ALTER TABLE DB.parted RENAME TO DB.other", "not an Iceberg table")
	l.refused("OPTIMIZE DB.parted REWRITE DATA USING BIN_PACK", "not an Iceberg table")
	l.refused("VACUUM DB.parted", "not an Iceberg table")
	l.refused("ALTER TABLE DB.parted DROP COLUMN name", "not an Iceberg table")
	l.put("taken/some_file", "x")
	l.refused(hiveAs("taken", "", three), "HIVE_PATH_ALREADY_EXISTS")
	l.refused(hiveAs("bad", "partitioning = ARRAY['day(day)']", three), "partitioning")
	l.refused(hiveAs("bad", "partitioned_by = ARRAY['id']", three), "")

	// The files of an external table stay when its entry goes.
	before := l.files("parted/")
	l.run("DROP TABLE IF EXISTS `DB`.`parted`")
	if n := l.files("parted/"); n != before || n == 0 {
		t.Errorf("%d files after the table was dropped, %d before", n, before)
	}
}

// A statement opens a hundred partitions, and not one more; buckets count.
func TestOpenPartitions(t *testing.T) {
	l := newLake(t)
	days := func(n string) string {
		return "SELECT n AS id, date_add('day', n, date '2024-01-01') AS day FROM unnest(sequence(1, " + n + ")) AS t (n)"
	}
	l.run(icebergAs("ice", "partitioning = ARRAY['day']", days("100")))
	l.run(hiveAs("hive", "partitioned_by = ARRAY['day']", days("100")))
	if n := l.partitions("hive"); n != 100 {
		t.Errorf("%d partitions", n)
	}
	l.refused(icebergAs("ice_more", "partitioning = ARRAY['day']", days("101")), "ICEBERG_TOO_MANY_OPEN_PARTITIONS")
	l.refused(hiveAs("hive_more", "partitioned_by = ARRAY['day']", days("101")), "HIVE_TOO_MANY_OPEN_PARTITIONS")
	l.refused("INSERT INTO DB.ice "+days("101"), "ICEBERG_TOO_MANY_OPEN_PARTITIONS")
	l.refused("INSERT INTO DB.hive "+days("101"), "HIVE_TOO_MANY_OPEN_PARTITIONS")
	l.refused(icebergAs("ice_buckets", "partitioning = ARRAY['bucket(id, 200)']", "SELECT n AS id FROM unnest(sequence(1, 2000)) AS t (n)"), "TOO_MANY_OPEN_PARTITIONS")
	l.refused(hiveAs("hive_buckets", "partitioned_by = ARRAY['day'], bucketed_by = ARRAY['id'], bucket_count = 5", "SELECT m AS id, day FROM ("+days("21")+") CROSS JOIN unnest(sequence(1, 50)) AS b (m)"), "TOO_MANY_OPEN_PARTITIONS")
}

func TestChangingRows(t *testing.T) {
	l := newLake(t)
	l.run(icebergAs("t", "", "SELECT id, id * 10 AS v FROM (VALUES 1, 2, 3, 4) AS x (id)"))
	e := l.run("UPDATE DB.t SET v = v + 1 WHERE id = 1")
	if e["StatementType"] != "DML" || e["SubstatementType"] != "UPDATE" {
		t.Errorf("shown as %v %v", e["StatementType"], e["SubstatementType"])
	}
	if n := l.ok("athena", "GetQueryResults", doc{"QueryExecutionId": e["QueryExecutionId"]})["UpdateCount"]; n.(interface{ String() string }).String() != "1" {
		t.Errorf("update count %v", n)
	}
	l.run("DELETE FROM DB.t WHERE id = 2")
	l.run(`MERGE INTO "DB"."t" AS target USING (SELECT * FROM (VALUES (1, 7), (3, -1), (9, 90)) AS s (id, v)) AS src ON target.id = src.id
		WHEN MATCHED AND src.v < 0 THEN DELETE WHEN MATCHED THEN UPDATE SET v = src.v WHEN NOT MATCHED THEN INSERT (id, v) VALUES (src.id, src.v)`)
	l.reads("SELECT * FROM DB.t ORDER BY id", "1|7", "4|40", "9|90")
	l.refused("MERGE INTO DB.t t USING (VALUES (1, 1), (1, 2)) AS s (id, v) ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = s.v", "MERGE_TARGET_ROW_MULTIPLE_MATCHES")
	l.refused("INSERT OVERWRITE DB.t SELECT 1, 2", "")
	l.refused("INSERT INTO DB.t SELECT 'x', 2", "TYPE_MISMATCH")
	l.refused("TRUNCATE TABLE DB.t", "mismatched input")
	for range 3 {
		l.run("INSERT INTO DB.t VALUES (10, 10)")
	}
	l.run("OPTIMIZE DB.t REWRITE DATA USING BIN_PACK")
	l.run(icebergAs("parted", "partitioning = ARRAY['day']", three))
	l.run("OPTIMIZE DB.parted REWRITE DATA USING BIN_PACK WHERE day > date '2024-01-15'")
	l.run("ALTER TABLE DB.t SET TBLPROPERTIES ('vacuum_max_snapshot_age_seconds' = '0')")
	before := l.files("t/")
	l.run("VACUUM DB.t")
	if n := l.files("t/"); n >= before {
		t.Errorf("%d files after VACUUM, %d before", n, before)
	}
	before = l.files("parted/")
	l.run("VACUUM DB.parted")
	if n := l.files("parted/"); n < before {
		t.Errorf("VACUUM removes files of the last five days: %d, %d before", n, before)
	}
	l.reads("SELECT count(*), sum(v) FROM DB.t", "6|167")
}

func TestAlterTable(t *testing.T) {
	l := newLake(t)
	l.run(icebergAs("ice", "", "SELECT 1 AS id, CAST('x' AS varchar) AS name"))
	l.run(hiveAs("hive", "", "SELECT 1 AS id, CAST('x' AS varchar) AS name"))
	for _, name := range []string{"ice", "hive"} {
		l.run("ALTER TABLE `DB`.`" + name + "` ADD COLUMNS (more double, note string COMMENT 'a note')")
		l.reads("SELECT * FROM DB."+name, "1|x|∅|∅")
		if got := l.columns(name); got != "id int, name string, more double, note string" {
			t.Errorf("%s has %s", name, got)
		}
	}
	l.run("ALTER TABLE DB.ice CHANGE COLUMN id id bigint")
	l.run("ALTER TABLE DB.ice CHANGE COLUMN note remark string")
	l.run("ALTER TABLE DB.ice DROP COLUMN more")
	if got := l.columns("ice"); got != "id bigint, name string, remark string" {
		t.Errorf("ice has %s", got)
	}
	l.refused("ALTER TABLE DB.ice CHANGE COLUMN id id string", "")
	l.run("ALTER TABLE DB.hive REPLACE COLUMNS (id int, name string)")
	if got := l.columns("hive"); got != "id int, name string" {
		t.Errorf("hive has %s", got)
	}
	l.run("ALTER TABLE DB.hive SET TBLPROPERTIES ('classification' = 'parquet')")
	l.lines("SHOW TBLPROPERTIES DB.hive('classification')", "classification parquet")
	l.run("ALTER TABLE DB.ice SET TBLPROPERTIES ('vacuum_max_snapshot_age_seconds' = '3600')")
	l.refused("ALTER TABLE DB.ice SET TBLPROPERTIES ('write.format.default' = 'orc')", "Unsupported table property key")
	l.run("ALTER TABLE DB.ice RENAME TO DB.ice_two")
	l.reads("SELECT id FROM DB.ice_two", "1")
	l.refused("SELECT * FROM DB.ice", "TABLE_NOT_FOUND")
	l.run(strings.Replace(icebergAs("ice", "", "SELECT 2 AS id"), "/ice'", "/ice_again'", 1))
	l.refused("ALTER TABLE DB.ice_two RENAME TO DB.ice", "already exists")
	l.refused("ALTER TABLE DB.none ADD COLUMNS (a int)", "not found")
	l.refused(`ALTER TABLE "DB"."ice" ADD COLUMNS (a int)`, "cannot recognize input")
	l.refused("ALTER TABLE DB.ice ADD PARTITION (id = 1)", "not supported for Iceberg")
	l.refused("ALTER TABLE DB.ice DROP PARTITION (id = 1)", "not supported for Iceberg")
	l.refused("MSCK REPAIR TABLE DB.ice", "MSCK REPAIR TABLE")
}

func TestExternalTables(t *testing.T) {
	l := newLake(t)
	l.put("csv/a.csv", "id,name\n1,\"a,nt\"\n2,bee\n")
	l.run(`CREATE EXTERNAL TABLE DB.csv (id string, name string COMMENT 'a name') ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
		WITH SERDEPROPERTIES ('separatorChar' = ',', 'quoteChar' = '"') STORED AS TEXTFILE LOCATION 's3://lake/DB/csv/' TBLPROPERTIES ('skip.header.line.count' = '1')`)
	l.reads("SELECT * FROM DB.csv ORDER BY id", "1|a,nt", "2|bee")
	l.put("json/a.json", `{"id": 1, "tags": ["x", "y"], "inner": {"a": 5}}`+"\n")
	l.run("CREATE EXTERNAL TABLE DB.json (id bigint, tags array<string>, `inner` struct<a:int>) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/DB/json/'")
	l.reads(`SELECT id, tags[2], "inner".a FROM DB.json`, "1|y|5")
	l.put("tsv/a.tsv", "1\tant\n")
	l.run(`CREATE EXTERNAL TABLE IF NOT EXISTS DB.tsv (id int, name string) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t' LOCATION 's3://lake/DB/tsv/'`)
	l.reads("SELECT * FROM DB.tsv", "1|ant")

	l.run(hiveAs("made", "partitioned_by = ARRAY['day']", three))
	l.run("CREATE EXTERNAL TABLE DB.parquet (id int, name string) PARTITIONED BY (day date) STORED AS PARQUET LOCATION 's3://lake/DB/made/'")
	l.reads("SELECT count(*) FROM DB.parquet", "0")
	l.run("ALTER TABLE DB.parquet ADD IF NOT EXISTS PARTITION (day = '2024-01-01') LOCATION 's3://lake/DB/made/day=2024-01-01/' PARTITION (day = '2024-01-02')  LOCATION 's3://lake/DB/made/day=2024-01-02/'")
	l.reads("SELECT id, day FROM DB.parquet ORDER BY id", "1|2024-01-01", "2|2024-01-02")
	l.refused("ALTER TABLE DB.parquet ADD PARTITION (day = '2024-01-01')", "AlreadyExists")
	l.run("ALTER TABLE DB.parquet ADD IF NOT EXISTS PARTITION (day = '2024-01-01')")
	l.run("ALTER TABLE DB.parquet DROP PARTITION (day = '2024-01-01')")
	l.refused("ALTER TABLE DB.parquet DROP PARTITION (day = '2024-01-01')", "EntityNotFound")
	l.run("ALTER TABLE DB.parquet DROP IF EXISTS PARTITION (day = '2024-01-01')")
	l.run("MSCK REPAIR TABLE DB.parquet")
	l.reads("SELECT count(*) FROM DB.parquet", "3")

	l.refused("CREATE EXTERNAL TABLE DB.x (id int)", "No location")
	l.refused("CREATE TABLE DB.x (id int) LOCATION 's3://lake/DB/x'", "only external tables")
	l.refused("CREATE TABLE DB.x LIKE DB.csv", "")
	l.refused("CREATE EXTERNAL TABLE DB.csv (id string) LOCATION 's3://lake/DB/csv/'", "already exists")
}

func TestViews(t *testing.T) {
	l := newLake(t)
	l.run(icebergAs("ice", "", "SELECT 1 AS id"))
	l.run(hiveAs("hive", "", "SELECT 1 AS id, CAST('x' AS varchar) AS name"))
	l.run(`CREATE VIEW DB.v AS SELECT i.id, h.name AS "Some Name" FROM DB.ice i JOIN DB.hive h ON i.id = h.id`)
	l.reads("SELECT * FROM DB.v", "1|x")
	l.refused("CREATE VIEW DB.v AS SELECT 1 AS id", "already exists")
	l.run("CREATE OR REPLACE VIEW DB.v AS SELECT 2 AS id")
	l.reads("SELECT * FROM DB.v", "2")
	table := l.table("v")
	if table["TableType"] != "VIRTUAL_VIEW" || !strings.HasPrefix(table["ViewOriginalText"].(string), "/* Presto View: ") {
		t.Errorf("the view is entered as %v", table)
	}

	l.run("CREATE VIEW DB.typed AS SELECT 1 AS id, CAST('x' AS varchar) AS s, CAST('y' AS varchar(5)) AS v, ARRAY[CAST(ROW(1, 'x') AS ROW(n bigint, w varchar))] AS deep, " +
		"CAST(1 AS decimal(10, 2)) AS d, timestamp '2024-01-01 00:00:00.123' AS at, X'00' AS bin, MAP(ARRAY['a'], ARRAY[1.5e0]) AS m")
	if got := l.columns("typed"); got != "id int, s string, v varchar(5), deep array<struct<n:bigint,w:string>>, d decimal(10,2), at timestamp, bin binary, m map<varchar(1),double>" {
		t.Errorf("the view's columns are %s", got)
	}
	l.reads("SELECT id, deep[1].w FROM DB.typed", "1|x")

	// A view stays one when its comment is another.
	in := doc{"Name": "v", "Description": "told", "TableType": table["TableType"], "StorageDescriptor": table["StorageDescriptor"], "ViewOriginalText": table["ViewOriginalText"],
		"ViewExpandedText": table["ViewExpandedText"], "Parameters": doc{"presto_view": "true", "comment": "told"}}
	l.ok("glue", "UpdateTable", doc{"DatabaseName": l.db, "TableInput": in})
	l.reads("SELECT * FROM DB.v", "2")
	l.refused("CREATE OR REPLACE VIEW DB.v AS SELECT nothing FROM DB.ice", "COLUMN_NOT_FOUND")
	if c := l.table("v")["Parameters"].(doc)["comment"]; c != "told" {
		t.Errorf("a refused statement changes the comment to %v", c)
	}
	l.run("CREATE OR REPLACE VIEW DB.v AS SELECT 3 AS id")
	l.reads("SELECT * FROM DB.v", "3")
	l.lines("SHOW VIEWS IN DB", "typed", "v")

	l.refused("DROP TABLE DB.v", "use DROP VIEW")
	l.refused("DROP VIEW DB.ice", "use DROP TABLE")
	l.refused("CREATE OR REPLACE VIEW DB.ice AS SELECT 1 AS id", "")
	l.refused("CREATE MATERIALIZED VIEW DB.m AS SELECT 1 AS id", "mismatched input")
	l.refused("INSERT INTO DB.v VALUES (1)", "")
	l.run("DROP VIEW IF EXISTS DB.v")
	l.run("DROP VIEW IF EXISTS DB.v")
	l.refused("DROP VIEW DB.v", "not found")
}

func TestShow(t *testing.T) {
	l := newLake(t)
	l.run("CREATE SCHEMA IF NOT EXISTS `DB`")
	l.refused("CREATE DATABASE DB", "already exists")
	l.run(hiveAs("parted", "partitioned_by = ARRAY['day']", three))
	l.run(icebergAs("ice", "", three))
	l.lines("SHOW TABLES IN DB", "ice", "parted")
	l.lines("SHOW TABLES IN DB 'i*'", "ice")
	l.lines("SHOW TABLES", "ice", "parted")
	l.lines("SHOW COLUMNS IN DB.parted", "id", "name", "day")
	l.lines("SHOW DATABASES LIKE 'DB'", l.db)
	l.lines("DESCRIBE DB.ice", "id int", "name string", "day date")
}

func TestShowCreate(t *testing.T) {
	l := newLake(t)
	l.run(icebergAs("ice", "", three))
	rows, _ := l.result(l.run("SHOW CREATE TABLE DB.ice")["QueryExecutionId"].(string))
	if text := strings.Join(rows, "\n"); !strings.HasPrefix(text, "CREATE TABLE `"+l.db+".ice`(") || !strings.Contains(text, "  `day` date)") {
		t.Errorf("SHOW CREATE TABLE gives %s", text)
	}
	l.refused("SHOW PARTITIONS DB.ice", "not a partitioned table")
	l.refused("SHOW CATALOGS", "")
	l.refused("DROP DATABASE DB", "not empty")
	l.run("DROP DATABASE IF EXISTS DB CASCADE")
	l.refused("SHOW CREATE TABLE DB.ice", "")
}

// Tables of a table bucket: Iceberg without a location, in a catalog of their own, and without what their service does itself.
func TestS3Tables(t *testing.T) {
	l := newLake(t)
	own := l.db
	l.run(icebergAs("ordinary", "", "SELECT 1 AS id"))
	l.catalog = "s3tablescatalog/tables"
	l.run("CREATE DATABASE ns_DB")
	l.db = "ns_" + own
	l.run("CREATE TABLE DB.made (id int, day date) PARTITIONED BY (month(day)) TBLPROPERTIES ('table_type' = 'ICEBERG')")
	l.run("CREATE TABLE DB.selected WITH (format = 'PARQUET', partitioning = ARRAY['id']) AS SELECT 1 AS id, CAST('x' AS varchar) AS name")
	l.run("INSERT INTO DB.made VALUES (1, date '2024-01-01'), (2, date '2024-02-01')")
	l.run("MERGE INTO DB.made t USING (VALUES (1), (3)) AS s (id) ON t.id = s.id WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)")
	l.reads("SELECT id FROM DB.made ORDER BY id", "2", "3")
	l.run("ALTER TABLE DB.selected ADD COLUMNS (more int)")
	l.lines("SHOW TABLES IN DB", "made", "selected")
	l.lines("SHOW DATABASES LIKE 'DB'", l.db)
	id := stack.Athena.Tables.ID()
	tables := l.ok("glue", "GetTables", doc{"CatalogId": id, "DatabaseName": l.db})["TableList"].([]any)
	if len(tables) != 2 || tables[0].(doc)["CatalogId"] != id {
		t.Errorf("in the catalog: %v", tables)
	}
	if _, failure := l.call("glue", "GetDatabase", doc{"Name": l.db}); !strings.HasPrefix(failure, "EntityNotFoundException") {
		t.Errorf("the namespace is seen in the account's own catalog: %q", failure)
	}
	l.refused("ALTER TABLE DB.made RENAME TO DB.other", "not supported for S3 Tables")
	l.refused("CREATE OR REPLACE VIEW DB.v AS SELECT 1 AS id", "not supported for S3 Tables")
	l.refused("OPTIMIZE DB.made REWRITE DATA USING BIN_PACK", "not supported for S3 Tables")
	l.refused("VACUUM DB.made", "not supported for S3 Tables")
	l.refused("CREATE TABLE DB.x WITH (table_type = 'ICEBERG', location = 's3://lake/x') AS SELECT 1 AS id", "without a location")
	l.refused("CREATE TABLE DB.x (id int) LOCATION 's3://lake/x' TBLPROPERTIES ('table_type' = 'ICEBERG')", "without a LOCATION")
	l.refused("CREATE TABLE DB.x WITH (table_type = 'HIVE') AS SELECT 1 AS id", "Iceberg tables")
	l.refused("ALTER DATABASE DB SET DBPROPERTIES ('a' = 'b')", "ALTER DATABASE")
	if _, failure := l.call("athena", "StartQueryExecution", doc{"QueryString": "SELECT 1", "QueryExecutionContext": doc{"Catalog": l.catalog, "Database": l.db},
		"ResultConfiguration":      doc{"OutputLocation": "s3://results/x/"},
		"ResultReuseConfiguration": doc{"ResultReuseByAgeConfiguration": doc{"Enabled": true}}}); !strings.Contains(failure, "reuse") {
		t.Errorf("reuse of results: %q", failure)
	}
	if _, failure := l.call("athena", "StartQueryExecution", doc{"QueryString": "SELECT 1", "QueryExecutionContext": doc{"Catalog": "s3tablescatalog/other"}}); !strings.HasPrefix(failure, "InvalidRequestException") {
		t.Errorf("a bucket that is not there: %q", failure)
	}
	// Either catalog reads and writes the other's tables in DML.
	l.reads(`SELECT a.id, b.id FROM DB.selected a JOIN awsdatacatalog.`+own+`.ordinary b ON a.id = b.id`, "1|1")
	l.catalog, l.db = "AwsDataCatalog", own
	l.run(`INSERT INTO "s3tablescatalog/tables"."ns_DB"."selected" (id) SELECT 2`)
	l.run(`CREATE TABLE "s3tablescatalog/tables"."ns_DB"."from_afar" WITH (table_type = 'ICEBERG', is_external = false, format = 'PARQUET') AS SELECT id FROM DB.ordinary`)
	l.reads(`SELECT count(*) FROM "s3tablescatalog/tables".ns_DB.from_afar`, "1")
	l.refused(`CREATE TABLE "s3tablescatalog/other"."ns_DB"."x" WITH (table_type = 'ICEBERG', is_external = false) AS SELECT 1 AS id`, "does not exist")
	l.reads(`SELECT count(*) FROM "s3tablescatalog/tables".ns_DB.selected`, "2")
	l.catalog, l.db = "s3tablescatalog/tables", "ns_"+own
	l.run("DROP TABLE DB.made")
	l.refused("SELECT * FROM DB.made", "TABLE_NOT_FOUND")
}
