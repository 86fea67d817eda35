package fakeaws

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/weft-data/weft/tests/fakeaws/wire"
)

// client sends requests as an SDK does.
type client struct {
	t   *testing.T
	url string
	// spoil changes a request after it was signed.
	spoil func(*http.Request)
}

func start(t *testing.T) (*Stack, client) {
	s, err := Start(t.Context(), Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if d := s.Defects(); len(d) > 0 {
			t.Errorf("answers against the models: %q", d)
		}
	})
	return s, client{t: t, url: s.URL}
}

// call answers the output, or an error code.
func (c client) call(service, target string, input map[string]any) (map[string]any, string) {
	c.t.Helper()
	body, err := json.Marshal(input)
	if err != nil {
		c.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("X-Amz-Target", target)
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	sum := sha256.Sum256(body)
	keys := aws.Credentials{AccessKeyID: AccessKey, SecretAccessKey: SecretKey}
	if err := v4.NewSigner().SignHTTP(c.t.Context(), keys, req, hex.EncodeToString(sum[:]), service, Region, time.Now()); err != nil {
		c.t.Fatal(err)
	}
	if c.spoil != nil {
		c.spoil(req)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, "broken connection"
	}
	defer resp.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		c.t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		return out, fmt.Sprint(out["__type"])
	}
	return out, ""
}

func (c client) ok(service, target string, input map[string]any) map[string]any {
	c.t.Helper()
	out, code := c.call(service, target, input)
	if code != "" {
		c.t.Fatalf("%s: %s: %v", target, code, out["Message"])
	}
	return out
}

type m = map[string]any

// A commit with a version that is no longer the current one must fail: Iceberg commits and weft's publishing rest on it.
func TestStaleVersion(t *testing.T) {
	_, c := start(t)
	c.ok("glue", "AWSGlue.CreateDatabase", m{"DatabaseInput": m{"Name": "D"}})
	c.ok("glue", "AWSGlue.CreateTable", m{"DatabaseName": "d", "TableInput": m{"Name": "T", "Parameters": m{"v": "0"}}})
	version := c.ok("glue", "AWSGlue.GetTable", m{"DatabaseName": "d", "Name": "t"})["Table"].(m)["VersionId"]
	update := func(version any, v string) string {
		_, code := c.call("glue", "AWSGlue.UpdateTable", m{"DatabaseName": "d", "VersionId": version, "SkipArchive": true,
			"TableInput": m{"Name": "t", "Parameters": m{"v": v}}})
		return code
	}
	if code := update(version, "1"); code != "" {
		t.Fatal(code)
	}
	if code := update(version, "2"); code != "ConcurrentModificationException" {
		t.Errorf("a stale version: %q", code)
	}
	table := c.ok("glue", "AWSGlue.GetTable", m{"DatabaseName": "d", "Name": "t"})["Table"].(m)
	if v := table["Parameters"].(m)["v"]; v != "1" {
		t.Errorf("the stale update was applied: %v", v)
	}
}

func TestPartitionExpressions(t *testing.T) {
	_, c := start(t)
	c.ok("glue", "AWSGlue.CreateTable", m{"DatabaseName": "default", "TableInput": m{"Name": "t", "PartitionKeys": []m{{"Name": "d", "Type": "date"}, {"Name": "n", "Type": "int"}}}})
	var parts []m
	for d := 1; d <= 3; d++ {
		for _, n := range []int{2, 10} {
			parts = append(parts, m{"Values": []string{fmt.Sprintf("2024-01-0%d", d), fmt.Sprint(n)}})
		}
	}
	c.ok("glue", "AWSGlue.BatchCreatePartition", m{"DatabaseName": "default", "TableName": "t", "PartitionInputList": parts})
	for expression, want := range map[string]int{
		"":                                 6,
		"d = '2024-01-01'":                 2,
		"n > 3":                            3, // as numbers: 10 > 3
		"d >= '2024-01-02' and (n = 2)":    2,
		"d in ('2024-01-01','2024-01-03')": 4,
		"not d = '2024-01-01'":             4,
		"d between '2024-01-01' and '2024-01-02' or n = 10": 5,
		"d like '2024-01-0_'":                               6,
	} {
		got := len(c.ok("glue", "AWSGlue.GetPartitions", m{"DatabaseName": "default", "TableName": "t", "Expression": expression})["Partitions"].([]any))
		if got != want {
			t.Errorf("%s: %d partitions, expected %d", expression, got, want)
		}
	}
	if _, code := c.call("glue", "AWSGlue.GetPartitions", m{"DatabaseName": "default", "TableName": "t", "Expression": "x = 1"}); code != "InvalidInputException" {
		t.Errorf("an unknown key: %q", code)
	}
	// Segments partition the partitions.
	total := 0
	for i := range 4 {
		total += len(c.ok("glue", "AWSGlue.GetPartitions", m{"DatabaseName": "default", "TableName": "t", "Segment": m{"SegmentNumber": i, "TotalSegments": 4}})["Partitions"].([]any))
	}
	if total != 6 {
		t.Errorf("segments hold %d partitions", total)
	}
}

// query runs a statement to its end and gives the execution.
func (c client) query(sql string, more m) m {
	c.t.Helper()
	in := m{"QueryString": sql, "ResultConfiguration": m{"OutputLocation": "s3://results/q/"}}
	for k, v := range more {
		in[k] = v
	}
	id := c.ok("athena", "AmazonAthena.StartQueryExecution", in)["QueryExecutionId"]
	deadline := time.Now().Add(3 * time.Minute)
	for {
		e := c.ok("athena", "AmazonAthena.GetQueryExecution", m{"QueryExecutionId": id})["QueryExecution"].(m)
		switch e["Status"].(m)["State"] {
		case "SUCCEEDED", "FAILED", "CANCELLED":
			return e
		}
		if time.Now().After(deadline) {
			c.t.Fatalf("%s does not end", sql)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestStatesAndTokens(t *testing.T) {
	s, c := start(t)
	token := strings.Repeat("t", 32)
	in := m{"QueryString": "SHOW DATABASES", "ClientRequestToken": token, "ResultConfiguration": m{"OutputLocation": "s3://results/"}}
	first := c.ok("athena", "AmazonAthena.StartQueryExecution", in)["QueryExecutionId"]
	if again := c.ok("athena", "AmazonAthena.StartQueryExecution", in)["QueryExecutionId"]; again != first {
		t.Error("the same token with the same parameters starts a second query")
	}
	in["QueryString"] = "SHOW TABLES"
	if _, code := c.call("athena", "AmazonAthena.StartQueryExecution", in); code != "InvalidRequestException" {
		t.Errorf("the same token with other parameters: %q", code)
	}
	if n := len(s.Athena.Queries()); n != 1 {
		t.Errorf("%d queries ran", n)
	}
	if _, code := c.call("athena", "AmazonAthena.StartQueryExecution", m{"QueryString": "SHOW TABLES"}); code != "InvalidRequestException" {
		t.Errorf("a query without output location: %q", code)
	}
}

func TestPages(t *testing.T) {
	_, c := start(t)
	for i := range 1200 {
		c.ok("glue", "AWSGlue.CreateDatabase", m{"DatabaseInput": m{"Name": fmt.Sprintf("d%04d", i)}})
	}
	e := c.query("SHOW DATABASES", nil)
	rows, pages, token := 0, 0, any(nil)
	for {
		in := m{"QueryExecutionId": e["QueryExecutionId"]}
		if token != nil {
			in["NextToken"] = token
		}
		out := c.ok("athena", "AmazonAthena.GetQueryResults", in)
		rows += len(out["ResultSet"].(m)["Rows"].([]any))
		pages++
		if token = out["NextToken"]; token == nil {
			break
		}
	}
	if rows != 1201 || pages != 2 {
		t.Errorf("%d rows on %d pages", rows, pages)
	}
}

// What Athena's grammar does not have must fail, whatever Trino could do.
func TestRefused(t *testing.T) {
	_, c := start(t)
	for _, sql := range []string{
		"CREATE OR REPLACE TABLE t AS SELECT 1 a",
		"CREATE TEMPORARY TABLE t AS SELECT 1 a",
		"TRUNCATE TABLE t",
		"CALL system.runtime.kill_query('x')",
		"GRANT SELECT ON t TO x",
		"START TRANSACTION",
		"SELECT 1; SELECT 2",
		`DROP TABLE "t"`,
		"INSERT OVERWRITE t SELECT 1",
		"CREATE TABLE t (a int)",
		"CREATE TABLE t WITH (no_such = 'x') AS SELECT 1 a",
		"CREATE TABLE t (a int) LOCATION 's3://lake/t' TBLPROPERTIES ('table_type'='ICEBERG', 'write.format.default'='x')",
	} {
		if e := c.query(sql, nil); e["Status"].(m)["State"] != "FAILED" {
			t.Errorf("%s: %v", sql, e["Status"])
		}
	}
}

func TestFaults(t *testing.T) {
	s, c := start(t)
	s.Script(wire.Fault{Service: "athena", Operation: "StartQueryExecution", Count: 1, Error: "ThrottlingException"},
		wire.Fault{Service: "athena", Operation: "StartQueryExecution", Count: 1, Lost: true})
	in := m{"QueryString": "SHOW DATABASES", "ClientRequestToken": strings.Repeat("a", 40), "ResultConfiguration": m{"OutputLocation": "s3://results/"}}
	if _, code := c.call("athena", "AmazonAthena.StartQueryExecution", in); code != "ThrottlingException" {
		t.Errorf("first call: %q", code)
	}
	if _, code := c.call("athena", "AmazonAthena.StartQueryExecution", in); code != "broken connection" {
		t.Errorf("second call: %q", code)
	}
	c.ok("athena", "AmazonAthena.StartQueryExecution", in)
	if n := len(s.Athena.Queries()); n != 1 {
		t.Errorf("%d queries ran after a lost answer and a repetition with the same token", n)
	}
}

// A request that was not signed with the secret of its key, or was changed or kept after that, works nowhere on AWS.
func TestSignatures(t *testing.T) {
	_, c := start(t)
	for what, x := range map[string]struct {
		spoil func(*http.Request)
		want  string
	}{
		"nothing": {func(r *http.Request) {}, ""},
		"signature": {func(r *http.Request) {

			a := r.Header.Get("Authorization")
			r.Header.Set("Authorization", a[:len(a)-64]+strings.Repeat("0", 64))

		}, "InvalidSignatureException"},
		"target": {func(r *http.Request) { r.Header.Set("X-Amz-Target", "AWSGlue.GetTables") }, "InvalidSignatureException"},
		"body":   {func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("{ }")); r.ContentLength = 3 }, "InvalidSignatureException"},
		"other key": {func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), AccessKey, "AKIAOTHER", 1))
		}, "UnrecognizedClientException"},
		"older":       {func(r *http.Request) { r.Header.Set("X-Amz-Date", "20200101T000000Z") }, "IncompleteSignatureException"},
		"other query": {func(r *http.Request) { r.URL.RawQuery = "a=b" }, "InvalidSignatureException"},
	} {
		c.spoil = x.spoil
		_, code := c.call("glue", "AWSGlue.GetDatabases", m{})
		if code != x.want {
			t.Errorf("%s: %q, expected %q", what, code, x.want)
		}
	}
	for _, bucket := range []string{"lake", "results"} {
		resp, err := http.Get(c.url + "/" + bucket)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusForbidden {
			t.Errorf("%s without a signature: %s", bucket, resp.Status)
		}
	}
}
