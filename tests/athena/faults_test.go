//go:build engines

package athena_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/tests/fakeaws"
	"github.com/weft-data/weft/tests/fakeaws/wire"
)

// small is a project of a table, a table on it, and rows that are merged.
var small = map[string]string{
	"orders":  "{{ config(materialized='table', table_type='iceberg') }}\nselect * from (values (1, 'a'), (2, 'b')) as t (id, name)",
	"named":   "{{ config(materialized='table', table_type='iceberg') }}\nselect id, upper(name) as name from {{ ref('orders') }}",
	"merged":  "{{ config(materialized='incremental', table_type='iceberg', incremental_strategy='merge', unique_key='id') }}\nselect id, name from {{ ref('orders') }}",
	"counted": "{{ config(materialized='table') }}\nselect count(*) as orders from {{ ref('merged') }}",
}

// sound holds a built small project to its rows.
func (p *project) sound() {
	p.Helper()
	for sql, want := range map[string]string{"select * from $named": "[1 A] [2 B]", "select * from $merged": "[1 a] [2 b]", "select * from $counted": "[2]"} {
		if got := p.rows(sql); got != want {
			p.Errorf("%s: %s, not %s", sql, got, want)
		}
	}
}

// An account that is throttled for a minute fails nothing, and people are told.
func TestThrottledForAMinute(t *testing.T) {
	p := newProject(t, small, "")
	stack.Script(wire.Fault{Service: "athena", Operation: "StartQueryExecution", Seconds: 60, Error: "TooManyRequestsException"},
		wire.Fault{Service: "athena", Operation: "BatchGetQueryExecution", Count: 3, Error: "ThrottlingException"},
		wire.Fault{Service: "glue", Operation: "GetTables", Count: 3, Error: "ThrottlingException"})
	start := time.Now()
	out := p.weft(0, "build")
	p.says(out, "PASS=4 WARN=0 ERROR=0", "AWS throttles this account's calls (TooManyRequestsException); next attempt after")
	p.sound()
	if time.Since(start) < time.Minute {
		t.Errorf("nothing was throttled: %s", time.Since(start))
	}
}

// Whatever answer gets lost, as often as a network does that, no statement runs twice.
func TestLostAnswersOfARun(t *testing.T) {
	undisturbed := newProject(t, small, "")
	n := len(stack.Athena.Queries())
	undisturbed.weft(0, "build")
	queries := len(stack.Athena.Queries()) - n
	for _, operation := range []string{"StartQueryExecution", "BatchGetQueryExecution"} {
		p := newProject(t, small, "")
		for i := range 4 {
			stack.Script(wire.Fault{Service: "athena", Operation: operation, Skip: 2 * i, Count: 1, Lost: true})
		}
		n := len(stack.Athena.Queries())
		p.says(p.weft(0, "build"), "PASS=4 WARN=0 ERROR=0", "no answer from AWS")
		if got := len(stack.Athena.Queries()) - n; got != queries {
			t.Errorf("%s: %d executions, undisturbed %d", operation, got, queries)
		}
		p.sound()
	}
}

// Keys that end in the middle of a run are renewed if they are a role's; else the nodes fail with the mend, and what is published stays.
func TestKeysEndInTheMiddle(t *testing.T) {
	expired := wire.Fault{Service: "athena", Operation: "StartQueryExecution", Skip: 3, Count: 1, Error: "ExpiredTokenException", Message: "The security token included in the request is expired"}
	p := newProject(t, small, ", assume_role_arn: '"+fakeaws.Role+"'")
	stack.Script(expired)
	p.says(p.weft(0, "build"), "PASS=4 WARN=0 ERROR=0")
	p.says(p.read("logs/dbt.log"), "the keys of "+fakeaws.Role+" were renewed")
	p.sound()
	stack.Calm()

	p = newProject(t, small, "")
	p.weft(0, "build")
	expired.Count = 1000
	stack.Script(expired)
	out := p.weft(1, "build")
	p.says(out, "The security token included in the request is expired", "assume_role_arn")
	stack.Calm()
	p.sound()
	p.weft(0, "retry")
	p.sound()
}

var queryID = regexp.MustCompile(`query [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}, statement \d+ of its batch`)

// A table that may not be read fails its readers alone. The message has the node, the statement, the query and the mend.
func TestDeniedTableInARun(t *testing.T) {
	p := newProject(t, small, "")
	p.weft(0, "build")
	stack.Script(wire.Fault{Service: "athena", Operation: "Execution", Match: "upper(name)", Count: 1, Scanned: 4096, Fields: map[string]any{"ErrorCategory": 2},
		Message: "Insufficient Lake Formation permission(s) on orders (Service: AmazonDataCatalog; Status Code: 400; Error Code: AccessDeniedException)"})
	out := p.weft(1, "build")
	p.says(out, "PASS=3 WARN=0 ERROR=1", "in model named (models/named.sql)", "Insufficient Lake Formation permission(s) on orders", "the identity lacks a right on the data")
	if !queryID.MatchString(out) {
		t.Errorf("the query is not named:\n%s", out)
	}
	r := p.results()["named"]
	if r.Status != "error" || r.Response["data_scanned_in_bytes"] != float64(4096) {
		t.Errorf("%+v", r)
	}
	p.sound()
	p.weft(0, "retry")
}

// An outside writer who commits just before weft's MERGE does makes that fail; weft repeats it, and both writers' rows are there.
func TestOutsideWriterDuringMerge(t *testing.T) {
	p := newProject(t, small, "")
	p.weft(0, "build")
	written := 0
	outside := func() {
		written++
		p.rows("insert into $merged values (7, 'theirs')")
	}
	stack.Script(wire.Fault{Service: "glue", Operation: "UpdateTable", Match: `"merged"`, Count: 1, Meanwhile: outside})
	n := len(stack.Athena.Queries())
	p.weft(0, "build")
	merges := 0
	for _, q := range stack.Athena.Queries()[n:] {
		if strings.Contains(q, "merge into") {
			merges++
		}
	}
	if got := p.rows("select * from $merged"); got != "[1 a] [2 b] [7 theirs]" || written != 1 {
		t.Errorf("rows %s after %d outside commits", got, written)
	}
	if merges != 2 {
		t.Errorf("%d merges: the first did not lose the race, or was not repeated", merges)
	}
}

// When outside writers are always faster, the node fails in the end and says so; none of its rows are there, and what the attempts read is counted.
func TestOutsideWriterWinsAlways(t *testing.T) {
	p := newProject(t, small, ", num_iceberg_retries: 1")
	p.weft(0, "build")
	stack.Script(wire.Fault{Service: "athena", Operation: "Execution", Match: "merge into", Count: 100, Scanned: 1000, Fields: map[string]any{"ErrorType": 233, "ErrorCategory": 1},
		Message: "ICEBERG_COMMIT_ERROR: Failed to commit the transaction during write: Found conflicting files that can contain records matching true"})
	p.write("models/merged.sql", strings.Replace(small["merged"], "id, name", "id + 10 as id, name", 1))
	earlier := len(stack.Athena.Queries())
	out := p.weft(1, "build")
	p.says(out, "in model merged (models/merged.sql)", "ICEBERG_COMMIT_ERROR", "another writer")
	merges := 0
	for _, sql := range stack.Athena.Queries()[earlier:] {
		if strings.Contains(strings.ToLower(sql), "merge into") {
			merges++
		}
	}
	if merges != 2 {
		t.Errorf("%d attempts; the profile allows one, and its repetition", merges)
	}
	if !queryID.MatchString(out) {
		t.Errorf("the query is not named:\n%s", out)
	}
	stack.Calm()
	if r := p.results()["merged"]; r.Response["data_scanned_in_bytes"] == nil {
		t.Errorf("%+v", r)
	}
	if got := p.rows("select * from $merged"); got != "[1 a] [2 b]" {
		t.Errorf("rows %s", got)
	}
	p.weft(0, "retry")
	if got := p.rows("select * from $merged"); got != "[1 a] [11 a] [12 b] [2 b]" {
		t.Errorf("rows %s", got)
	}
}

// An outside writer who changes the entry just before weft's compare-and-set makes that fail as a conflict; it is tried again on what is there then,
// and the table is the new one.
func TestOutsideWriterDuringPublish(t *testing.T) {
	p := newProject(t, small, "")
	p.weft(0, "build")
	stack.Script(wire.Fault{Service: "glue", Operation: "UpdateTable", Match: `"named"`, Count: 1, Meanwhile: func() { p.rows("insert into $named values (7, 'THEIRS')") }})
	p.says(p.weft(0, "build"), "PASS=4 WARN=0 ERROR=0")
	p.sound()
}

// Rows of more partitions than a statement may write are written in batches, and nobody notices. Where there is nothing to split them by, the
// node fails with the query and the mend, and what was published stays.
func TestTooManyPartitions(t *testing.T) {
	const days = "select cast(date_add('day', i, date '2024-01-01') as date) as day, i as id from unnest(sequence(0, %s)) as t (i)"
	by := func(partition, last string) string {
		return "{{ config(materialized='table', table_type='iceberg', partitioned_by=['" + partition + "']) }}\n" + strings.Replace(days, "%s", last, 1)
	}
	p := newProject(t, map[string]string{"by_day": by("day", "249"), "by_bucket": by("bucket(id, 200)", "9")}, "")
	p.weft(0, "build")
	if got := p.rows("select count(*), count(distinct day) from $by_day"); got != "[250 250]" {
		t.Errorf("rows and days %s", got)
	}
	p.write("models/by_bucket.sql", by("bucket(id, 200)", "9999"))
	out := p.weft(1, "build")
	p.says(out, "PASS=1 WARN=0 ERROR=1", "in model by_bucket (models/by_bucket.sql)", "ICEBERG_TOO_MANY_OPEN_PARTITIONS", "at most 100 partitions")
	if !queryID.MatchString(out) {
		t.Errorf("the query is not named:\n%s", out)
	}
	if got := p.rows("select count(*) from $by_bucket"); got != "[10]" {
		t.Errorf("rows %s", got)
	}
}
