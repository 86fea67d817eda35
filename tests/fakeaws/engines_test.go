//go:build engines

package fakeaws_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/weft-data/weft/tests/fakeaws"
	"github.com/weft-data/weft/tests/fakeaws/enginetest"
)

// The tests of this file hold the fake of Athena to what is known of Athena, with Trino running the SQL. They call it by its wire, so that nothing
// between a client and the engine is left out.

var stack *fakeaws.Stack

func TestMain(m *testing.M) {
	os.Exit(enginetest.Main(m, func(s *fakeaws.Stack) { stack = s }))
}

type doc = map[string]any

var databases atomic.Int64

// lake is a database of a test's own, and a client of it.
type lake struct {
	*testing.T
	db string
	// catalog and group go with each query.
	catalog, group string
}

func newLake(t *testing.T) *lake {
	t.Parallel()
	l := &lake{T: t, db: fmt.Sprintf("db%d", databases.Add(1)), catalog: "AwsDataCatalog", group: "primary"}
	l.ok("glue", "CreateDatabase", doc{"DatabaseInput": doc{"Name": l.db, "LocationUri": "s3://lake/" + l.db + "/"}})
	return l
}

var targets = map[string]string{"glue": "AWSGlue.", "athena": "AmazonAthena."}

// call answers an operation's output, or the code and the message of its error.
func (l *lake) call(service, op string, input doc) (doc, string) {
	l.Helper()
	body, err := json.Marshal(input)
	if err != nil {
		l.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, stack.URL, bytes.NewReader(body))
	if err != nil {
		l.Fatal(err)
	}
	req.Header.Set("X-Amz-Target", targets[service]+op)
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	sum := sha256.Sum256(body)
	keys := aws.Credentials{AccessKeyID: fakeaws.AccessKey, SecretAccessKey: fakeaws.SecretKey}
	if err := v4.NewSigner().SignHTTP(l.Context(), keys, req, hex.EncodeToString(sum[:]), service, fakeaws.Region, time.Now()); err != nil {
		l.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		l.Fatal(err)
	}
	defer resp.Body.Close()
	var out doc
	d := json.NewDecoder(resp.Body)
	d.UseNumber()
	if err := d.Decode(&out); err != nil {
		l.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		return out, fmt.Sprintf("%v: %v", out["__type"], out["Message"])
	}
	return out, ""
}

func (l *lake) ok(service, op string, input doc) doc {
	l.Helper()
	out, failure := l.call(service, op, input)
	if failure != "" {
		l.Fatalf("%s: %s", op, failure)
	}
	return out
}

// submit starts a statement; DB in it stands for the database of the test.
func (l *lake) submit(sql string, parameters ...string) string {
	l.Helper()
	in := doc{"QueryString": strings.ReplaceAll(sql, "DB", l.db), "WorkGroup": l.group, "QueryExecutionContext": doc{"Catalog": l.catalog, "Database": l.db}}
	if l.group == "primary" {
		in["ResultConfiguration"] = doc{"OutputLocation": "s3://results/" + l.db + "/"}
	}
	if len(parameters) > 0 {
		in["ExecutionParameters"] = parameters
	}
	return l.ok("athena", "StartQueryExecution", in)["QueryExecutionId"].(string)
}

func (l *lake) execution(id string) doc {
	l.Helper()
	return l.ok("athena", "GetQueryExecution", doc{"QueryExecutionId": id})["QueryExecution"].(doc)
}

// end waits for the end of an execution and gives it with its state and the reason of it.
func (l *lake) end(id string) (e doc, state, reason string) {
	l.Helper()
	deadline := time.Now().Add(4 * time.Minute)
	for {
		e := l.execution(id)
		status := e["Status"].(doc)
		switch state := status["State"].(string); state {
		case "SUCCEEDED", "FAILED", "CANCELLED":
			reason, _ := status["StateChangeReason"].(string)
			return e, state, reason
		}
		if time.Now().After(deadline) {
			l.Fatalf("query %s does not end", id)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// run runs a statement that must succeed.
func (l *lake) run(sql string, parameters ...string) doc {
	l.Helper()
	e, state, reason := l.end(l.submit(sql, parameters...))
	if state != "SUCCEEDED" {
		l.Fatalf("%s\n%s: %s", sql, state, reason)
	}
	return e
}

// refused runs a statement that must fail with a reason that holds want.
func (l *lake) refused(sql, want string) {
	l.Helper()
	_, state, reason := l.end(l.submit(sql))
	if state != "FAILED" || !strings.Contains(reason, want) {
		l.Errorf("%s\n%s: %s, expected a failure with %q", sql, state, reason, want)
	}
}

// result is all pages of an execution: the lines of its rows, with null as ∅, and its types.
func (l *lake) result(id string) (rows, types []string) {
	l.Helper()
	for token := any(nil); ; {
		in := doc{"QueryExecutionId": id}
		if token != nil {
			in["NextToken"] = token
		}
		out := l.ok("athena", "GetQueryResults", in)
		set := out["ResultSet"].(doc)
		if token == nil {
			for _, c := range set["ResultSetMetadata"].(doc)["ColumnInfo"].([]any) {
				types = append(types, c.(doc)["Type"].(string))
			}
		}
		for _, r := range set["Rows"].([]any) {
			var values []string
			for _, v := range r.(doc)["Data"].([]any) {
				text, ok := v.(doc)["VarCharValue"].(string)
				if !ok {
					text = "∅"
				}
				values = append(values, text)
			}
			rows = append(rows, strings.Join(values, "|"))
		}
		if token = out["NextToken"]; token == nil {
			return rows, types
		}
	}
}

// reads checks what a query gives, after its header.
func (l *lake) reads(sql string, want ...string) {
	l.Helper()
	rows, _ := l.result(l.run(sql)["QueryExecutionId"].(string))
	if len(rows) == 0 {
		l.Fatalf("%s: no header", sql)
	}
	if got := strings.Join(rows[1:], "\n"); got != strings.Join(want, "\n") {
		l.Errorf("%s gives\n%s\nexpected\n%s", sql, got, strings.Join(want, "\n"))
	}
}

// lines checks what a statement of DDL tells.
func (l *lake) lines(sql string, want ...string) {
	l.Helper()
	rows, _ := l.result(l.run(sql)["QueryExecutionId"].(string))
	for i, r := range rows {
		rows[i] = strings.Join(strings.Fields(r), " ")
	}
	if got := strings.Join(rows, "\n"); got != strings.Join(want, "\n") {
		l.Errorf("%s gives\n%s\nexpected\n%s", sql, got, strings.Join(want, "\n"))
	}
}

func (l *lake) table(name string) doc {
	l.Helper()
	return l.ok("glue", "GetTable", doc{"DatabaseName": l.db, "Name": name})["Table"].(doc)
}

func (l *lake) partitions(name string) int {
	l.Helper()
	return len(l.ok("glue", "GetPartitions", doc{"DatabaseName": l.db, "TableName": name, "MaxResults": 1000})["Partitions"].([]any))
}

// files counts the objects below a prefix of the bucket.
func (l *lake) files(prefix string) int {
	l.Helper()
	keys, err := stack.Objects.Keys(fakeaws.Bucket, l.db+"/"+prefix)
	if err != nil {
		l.Fatal(err)
	}
	return len(keys)
}

func (l *lake) put(key, text string) {
	l.Helper()
	if err := stack.Objects.Put(fakeaws.Bucket, l.db+"/"+key, []byte(text)); err != nil {
		l.Fatal(err)
	}
}

// columns are a table's columns and types in the catalog.
func (l *lake) columns(name string) string {
	l.Helper()
	var out []string
	for _, c := range l.table(name)["StorageDescriptor"].(doc)["Columns"].([]any) {
		c := c.(doc)
		if p, _ := c["Parameters"].(doc); p["iceberg.field.current"] != "false" {
			out = append(out, fmt.Sprintf("%v %v", c["Name"], c["Type"]))
		}
	}
	return strings.Join(out, ", ")
}

// workgroup makes one with a configuration and uses it from now on.
func (l *lake) workgroup(configuration doc) {
	l.Helper()
	l.group = "group_" + l.db
	l.ok("athena", "CreateWorkGroup", doc{"Name": l.group, "Configuration": configuration})
}
