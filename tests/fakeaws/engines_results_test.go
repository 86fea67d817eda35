//go:build engines

package fakeaws_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// Every value comes as text; what it was is told beside.
func TestTypedResults(t *testing.T) {
	l := newLake(t)
	cases := []struct{ expression, typ, want string }{
		{"CAST(1 AS tinyint)", "tinyint", "1"},
		{"CAST(1 AS smallint)", "smallint", "1"},
		{"1", "integer", "1"},
		{"CAST(9223372036854775807 AS bigint)", "bigint", "9223372036854775807"},
		{"CAST(1.5 AS real)", "real", "1.5"},
		{"CAST(0.1 AS double)", "double", "0.1"},
		{"CAST(1e300 AS double)", "double", "1.0E300"},
		{"CAST('123456789012345678901234567890.12345678' AS decimal(38, 8))", "decimal", "123456789012345678901234567890.12345678"},
		{"true", "boolean", "true"},
		{"CAST('text' AS varchar)", "varchar", "text"},
		{"CAST('ab' AS char(4))", "char", "ab  "},
		{"date '2024-02-29'", "date", "2024-02-29"},
		{"timestamp '2024-02-29 01:02:03.123'", "timestamp", "2024-02-29 01:02:03.123"},
		{"timestamp '2024-02-29 01:02:03.123 UTC'", "timestamp with time zone", "2024-02-29 01:02:03.123 UTC"},
		{"time '01:02:03.123'", "time", "01:02:03.123"},
		{"interval '1' day", "interval day to second", "1 00:00:00.000"},
		{"interval '2' month", "interval year to month", "0-2"},
		{"X'68c3a9'", "varbinary", "68 c3 a9"},
		{"ARRAY[1, NULL, 3]", "array", "[1, null, 3]"},
		{"ARRAY['a', 'b, c']", "array", "[a, b, c]"},
		{"MAP(ARRAY['a', 'b'], ARRAY[1, 2])", "map", "{a=1, b=2}"},
		{"CAST(ROW(1, 'x') AS ROW(n integer, w varchar))", "row", "{n=1, w=x}"},
		{"ROW(1, 'x')", "row", "{field0=1, field1=x}"},
		{"ARRAY[CAST(ROW(1, ARRAY['p']) AS ROW(n integer, ws array(varchar)))]", "array", "[{n=1, ws=[p]}]"},
		{"json_parse('{\"a\": [1]}')", "json", `{"a":[1]}`},
		{"CAST(NULL AS varchar)", "varchar", "∅"},
		{"''", "varchar", ""},
		{"uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59'", "uuid", "12151fd2-7586-11e9-8f9e-2a86e4085a59"},
		{"approx_distinct(1)", "bigint", "1"},
	}
	for _, c := range cases {
		t.Run(c.typ, func(t *testing.T) {
			l := &lake{T: t, db: l.db, catalog: l.catalog, group: l.group}
			rows, types := l.result(l.run("SELECT " + c.expression + " AS x")["QueryExecutionId"].(string))
			if len(rows) != 2 || rows[0] != "x" || rows[1] != c.want || types[0] != c.typ {
				t.Errorf("%s is %s %q, expected %s %q", c.expression, types[0], rows[1:], c.typ, c.want)
			}
		})
	}
}

func TestManyPages(t *testing.T) {
	l := newLake(t)
	e := l.run("SELECT n, cast(n AS varchar) AS s FROM unnest(sequence(1, 2500)) AS t (n) ORDER BY n")
	id := e["QueryExecutionId"].(string)
	first := l.ok("athena", "GetQueryResults", doc{"QueryExecutionId": id})
	if n := len(first["ResultSet"].(doc)["Rows"].([]any)); n != 1000 {
		t.Errorf("the first page has %d rows with its header", n)
	}
	rows, _ := l.result(id)
	if len(rows) != 2501 || rows[0] != "n|s" || rows[1] != "1|1" || rows[2500] != "2500|2500" {
		t.Errorf("%d rows, %q … %q", len(rows), rows[0], rows[len(rows)-1])
	}
	small := l.ok("athena", "GetQueryResults", doc{"QueryExecutionId": id, "MaxResults": 3})
	if n := len(small["ResultSet"].(doc)["Rows"].([]any)); n != 3 || small["NextToken"] == nil {
		t.Errorf("a page of three has %d", n)
	}
	if _, failure := l.call("athena", "GetQueryResults", doc{"QueryExecutionId": id, "MaxResults": 1001}); !strings.HasPrefix(failure, "InvalidRequestException") {
		t.Errorf("pages of 1,001: %s", failure)
	}
	if _, failure := l.call("athena", "GetQueryResults", doc{"QueryExecutionId": id, "NextToken": "no"}); !strings.HasPrefix(failure, "InvalidRequestException") {
		t.Errorf("a token that never was: %s", failure)
	}
	// DDL and UTILITY have no header.
	l.lines("SHOW TABLES IN DB")
}

func TestExecutionParameters(t *testing.T) {
	l := newLake(t)
	id := l.run("SELECT ? + 1, ?, ? IS NULL", "41", "'it''s'", "NULL")["QueryExecutionId"].(string)
	if rows, _ := l.result(id); rows[1] != "42|it's|true" {
		t.Errorf("%q", rows)
	}
	_, state, reason := l.end(l.submit("SELECT ?, ?", "1"))
	if state != "FAILED" {
		t.Errorf("too few parameters: %s %s", state, reason)
	}
	l.run(icebergAs("t", "", "SELECT 1 AS id"))
	l.run("INSERT INTO DB.t VALUES (?)", "2")
	l.reads("SELECT sum(id) FROM DB.t", "3")
}

func TestStatistics(t *testing.T) {
	l := newLake(t)
	l.run(hiveAs("t", "", "SELECT n, cast(n AS varchar) AS s FROM unnest(sequence(1, 10000)) AS t (n)"))
	e := l.run("SELECT count(*), max(s) FROM DB.t")
	s := e["Statistics"].(doc)
	if n, _ := s["DataScannedInBytes"].(json.Number).Int64(); n <= 0 {
		t.Errorf("%d bytes scanned", n)
	}
	if r := s["ResultReuseInformation"].(doc)["ReusedPreviousResult"]; r != false {
		t.Errorf("reused: %v", r)
	}
	rows := l.ok("athena", "GetQueryRuntimeStatistics", doc{"QueryExecutionId": e["QueryExecutionId"]})["QueryRuntimeStatistics"].(doc)["Rows"].(doc)
	if n, _ := rows["InputRows"].(json.Number).Int64(); n != 10000 {
		t.Errorf("%v input rows", rows["InputRows"])
	}
	if n, _ := rows["OutputRows"].(json.Number).Int64(); n != 1 {
		t.Errorf("%v output rows", rows["OutputRows"])
	}
	// The result is a file in the output location.
	location := e["ResultConfiguration"].(doc)["OutputLocation"].(string)
	if !strings.HasSuffix(location, e["QueryExecutionId"].(string)+".csv") {
		t.Errorf("the result is at %s", location)
	}
}

func TestWorkgroups(t *testing.T) {
	t.Run("managed results", func(t *testing.T) {
		l := newLake(t)
		l.workgroup(doc{"ManagedQueryResultsConfiguration": doc{"Enabled": true}})
		e := l.run("SELECT 1 AS a")
		if e["ResultConfiguration"] != nil || e["ManagedQueryResultsConfiguration"] == nil {
			t.Errorf("shown as %v", e)
		}
		if rows, _ := l.result(e["QueryExecutionId"].(string)); len(rows) != 2 || rows[1] != "1" {
			t.Errorf("%q", rows)
		}
		_, failure := l.call("athena", "StartQueryExecution", doc{"QueryString": "SELECT 1", "WorkGroup": l.group, "ResultConfiguration": doc{"OutputLocation": "s3://results/x/"}})
		if !strings.HasPrefix(failure, "InvalidRequestException") {
			t.Errorf("an output location beside managed results: %s", failure)
		}
		l.run(hiveAs("t", "", "SELECT 1 AS a"))
	})
	t.Run("enforced location", func(t *testing.T) {
		l := newLake(t)
		l.workgroup(doc{"EnforceWorkGroupConfiguration": true, "ResultConfiguration": doc{"OutputLocation": "s3://results/enforced/"}})
		l.refused(hiveAs("t", "", "SELECT 1 AS a"), "external_location")
		e := l.run("CREATE TABLE DB.t WITH (format = 'PARQUET') AS SELECT 1 AS a")
		if at := e["ResultConfiguration"].(doc)["OutputLocation"].(string); !strings.HasPrefix(at, "s3://results/enforced/") {
			t.Errorf("results at %s", at)
		}
		l.reads("SELECT * FROM DB.t", "1")
		l.run(icebergAs("ice", "", "SELECT 1 AS a"))
		id := l.ok("athena", "StartQueryExecution", doc{"QueryString": "SELECT 1", "WorkGroup": l.group, "ResultConfiguration": doc{"OutputLocation": "s3://results/other/"}})["QueryExecutionId"].(string)
		e, _, _ = l.end(id)
		if at := e["ResultConfiguration"].(doc)["OutputLocation"].(string); !strings.HasPrefix(at, "s3://results/enforced/") {
			t.Errorf("a location that the workgroup enforces is overridden by %s", at)
		}
	})
	t.Run("cut-off", func(t *testing.T) {
		l := newLake(t)
		l.run(hiveAs("t", "", "SELECT n, to_hex(sha512(cast(cast(n AS varchar) AS varbinary))) AS s FROM (SELECT a + b * 10000 AS n FROM unnest(sequence(1, 10000)) AS a (a) CROSS JOIN unnest(sequence(0, 29)) AS b (b))"))
		l.workgroup(doc{"EnforceWorkGroupConfiguration": false, "BytesScannedCutoffPerQuery": 10000000, "ResultConfiguration": doc{"OutputLocation": "s3://results/cut/"}})
		e, state, reason := l.end(l.submit("SELECT count(DISTINCT s) FROM DB.t"))
		if state != "CANCELLED" || !strings.Contains(reason, "Bytes scanned limit was exceeded") {
			t.Errorf("%s %s after %v", state, reason, e["Statistics"])
		}
		l.reads("SELECT count(*) FROM (VALUES 1, 2)", "2")
	})
	t.Run("disabled", func(t *testing.T) {
		l := newLake(t)
		l.workgroup(doc{"ResultConfiguration": doc{"OutputLocation": "s3://results/d/"}})
		l.ok("athena", "UpdateWorkGroup", doc{"WorkGroup": l.group, "State": "DISABLED"})
		if _, failure := l.call("athena", "StartQueryExecution", doc{"QueryString": "SELECT 1", "WorkGroup": l.group}); !strings.Contains(failure, "disabled") {
			t.Errorf("a disabled workgroup: %s", failure)
		}
	})
}

const heavy = "SELECT count(*) FROM unnest(sequence(1, 10000)) AS a (n) CROSS JOIN unnest(sequence(1, 10000)) AS b (n) CROSS JOIN unnest(sequence(1, 1000)) AS c (n) WHERE a.n * b.n % 7 = c.n % 5"

func TestCancel(t *testing.T) {
	l := newLake(t)
	id := l.submit(heavy)
	for deadline := time.Now().Add(time.Minute); l.execution(id)["Status"].(doc)["State"] != "RUNNING"; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the query does not start")
		}
	}
	time.Sleep(500 * time.Millisecond)
	if _, failure := l.call("athena", "GetQueryResults", doc{"QueryExecutionId": id}); !strings.Contains(failure, "not yet finished") {
		t.Errorf("results of a running query: %s", failure)
	}
	l.ok("athena", "StopQueryExecution", doc{"QueryExecutionId": id})
	begin := time.Now()
	if _, state, _ := l.end(id); state != "CANCELLED" {
		t.Errorf("a stopped query is %s", state)
	}
	if d := time.Since(begin); d > 20*time.Second {
		t.Errorf("it took %s to stop", d)
	}
	l.ok("athena", "StopQueryExecution", doc{"QueryExecutionId": id})
	if _, failure := l.call("athena", "GetQueryResults", doc{"QueryExecutionId": id}); !strings.Contains(failure, "CANCELLED") {
		t.Errorf("results of a stopped query: %s", failure)
	}
	// The engine has stopped too.
	r, err := stack.Athena.Trino.Run(t.Context(), "SELECT count(*) FROM system.runtime.queries WHERE state = 'RUNNING' AND query LIKE '%CROSS JOIN unnest(sequence(1, 1000))%' AND query NOT LIKE '%runtime%'")
	if err != nil || fmt.Sprint(r.Rows) != "[[0]]" {
		t.Errorf("still running in the engine: %v %v", r.Rows, err)
	}
}

// Many clients at a time: each has its own rows, and two writers of one Iceberg table lose nothing silently.
func TestConcurrency(t *testing.T) {
	l := newLake(t)
	l.run(icebergAs("t", "", "SELECT 0 AS id"))
	var wg sync.WaitGroup
	states := make([]string, 8)
	for i := range states {
		wg.Go(func() {
			_, state, reason := l.end(l.submit(fmt.Sprintf("INSERT INTO DB.t VALUES (%d)", i+1)))
			states[i] = state + " " + reason
		})
	}
	wg.Wait()
	written := 0
	for _, s := range states {
		switch {
		case strings.HasPrefix(s, "SUCCEEDED"):
			written++
		case !strings.Contains(s, "ICEBERG_COMMIT_ERROR"):
			t.Errorf("a writer failed with %s", s)
		}
	}
	l.reads("SELECT count(*) FROM DB.t", fmt.Sprint(written+1))
}

func TestErrors(t *testing.T) {
	l := newLake(t)
	for sql, want := range map[string]string{
		"SELEC 1":                            "mismatched input",
		"SELECT x FROM (VALUES 1) AS t(a)":   "COLUMN_NOT_FOUND",
		"SELECT * FROM no_such":              "TABLE_NOT_FOUND",
		"SELECT * FROM no_such.t":            "SCHEMA_NOT_FOUND",
		"SELECT no_such(1)":                  "FUNCTION_NOT_FOUND",
		"SELECT 1 / 0":                       "DIVISION_BY_ZERO",
		"SELECT CAST('x' AS integer)":        "INVALID_CAST_ARGUMENT",
		"SELECT 1 +":                         "SYNTAX_ERROR",
		"SELECT * FROM tpch.tiny.nation":     "CATALOG_NOT_FOUND",
		`SELECT * FROM "iceglue".x.y`:        "CATALOG_NOT_FOUND",
		"SELECT 1; SELECT 2":                 "Only one sql statement is allowed",
		"SELECT `a` FROM (VALUES 1) AS t(a)": "backquoted",
	} {
		l.refused(sql, want)
	}
	e, _, _ := l.end(l.submit("SELECT * FROM no_such"))
	if n := e["Status"].(doc)["AthenaError"].(doc); fmt.Sprint(n["ErrorType"]) != "1110" || fmt.Sprint(n["ErrorCategory"]) != "2" {
		t.Errorf("a missing table is %v", n)
	}
	if _, failure := l.call("athena", "StartQueryExecution", doc{"QueryString": "SELECT '" + strings.Repeat("é", 131070) + "'", "WorkGroup": "primary"}); !strings.HasPrefix(failure, "InvalidRequestException") {
		t.Errorf("262,148 bytes of text: %.200s", failure)
	}
}
