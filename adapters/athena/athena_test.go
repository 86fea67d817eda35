package athena

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/tests/fakeaws"
	"github.com/weft-data/weft/tests/fakeaws/wire"
)

// open opens Athena on fakes without an engine behind: statements about the catalog run, queries do not. What needs Trino is
// tested with the engines.
func open(t *testing.T, change map[string]any) (*fakeaws.Stack, engine.Engine) {
	s, e, _ := openHearing(t, fakeaws.Options{}, change)
	return s, e
}

// heard are the notices of an engine.
type heard struct {
	mu   sync.Mutex
	list []engine.Notice
}

func (h *heard) count(kind engine.NoticeKind) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, x := range h.list {
		if x.Kind == kind {
			n++
		}
	}
	return n
}

// fakes starts the fakes and leads the environment to them.
func fakes(t *testing.T, o fakeaws.Options) *fakeaws.Stack {
	o.Addr = "127.0.0.1:0"
	s, err := fakeaws.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		if d := s.Defects(); len(d) > 0 {
			t.Errorf("answers against the service models: %q", d)
		}
	})
	for name, value := range s.Client() {
		t.Setenv(name, value)
	}
	return s
}

func profileOf(change map[string]any) map[string]any {
	profile := map[string]any{"region_name": fakeaws.Region, "database": "awsdatacatalog", "schema": "d", "s3_staging_dir": "s3://results/q/", "poll_interval": 0.1}
	for k, v := range change {
		profile[k] = v
	}
	return profile
}

func openHearing(t *testing.T, o fakeaws.Options, change map[string]any) (*fakeaws.Stack, engine.Engine, *heard) {
	s, h := fakes(t, o), &heard{}
	e, err := Open(t.Context(), engine.Config{Profile: profileOf(change), Notify: func(n engine.Notice) {
		h.mu.Lock()
		h.list = append(h.list, n)
		h.mu.Unlock()
	}})
	if err != nil {
		t.Fatal(err)
	}
	return s, e, h
}

func do(t *testing.T, e engine.Engine, token string, sql ...string) (engine.Answer, error) {
	t.Helper()
	s, err := e.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	b := plan.Batch{Token: token}
	for _, q := range sql {
		b.Statements = append(b.Statements, plan.Statement{SQL: q, Fetch: true})
	}
	return s.Do(t.Context(), b)
}

func TestDo(t *testing.T) {
	s, e := open(t, nil)
	a, err := do(t, e, "", "CREATE DATABASE d LOCATION 's3://lake/d'", "SHOW DATABASES")
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(a.Results[1].Rows); got != "[[d] [default]]" {
		t.Errorf("rows %s", got)
	}
	if a.Results[1].QueryID == "" {
		t.Error("a statement without query id")
	}
	// A lost answer and a repetition are one execution.
	s.Script(wire.Fault{Service: "athena", Operation: "StartQueryExecution", Count: 1, Lost: true})
	n := len(s.Athena.Queries())
	if _, err := do(t, e, "run 1, node a", "SHOW TABLES"); err != nil {
		t.Fatal(err)
	}
	if _, err := do(t, e, "run 1, node a", "SHOW TABLES"); err != nil {
		t.Fatal(err)
	}
	if got := len(s.Athena.Queries()) - n; got != 1 {
		t.Errorf("%d executions of one piece of work", got)
	}
}

func TestErrors(t *testing.T) {
	s, e := open(t, nil)
	for _, c := range []struct {
		sql   string
		fault *wire.Fault
		class engine.Class
		says  string
	}{
		{sql: "CREATE OR REPLACE TABLE t AS SELECT 1", class: engine.Syntax, says: "mismatched input"},
		{sql: "DROP TABLE nothing", class: engine.Permanent, says: "not found"},
		{sql: "SHOW TABLES", class: engine.Conflict, says: "ICEBERG_COMMIT_ERROR",
			fault: &wire.Fault{Service: "athena", Operation: "Execution", Count: 9, Message: "ICEBERG_COMMIT_ERROR: conflict", Fields: map[string]any{"ErrorType": 233, "ErrorCategory": 1}}},
		{sql: "SHOW TABLES", class: engine.Denied, says: "not authorized",
			fault: &wire.Fault{Service: "athena", Operation: "StartQueryExecution", Count: 9, Error: "AccessDeniedException", Message: "User is not authorized"}},
		{sql: strings.Repeat("x", 262145), class: engine.Permanent, says: "262145 bytes"},
	} {
		if c.fault != nil {
			s.Script(*c.fault)
		}
		_, err := do(t, e, "", c.sql)
		s.Calm()
		var f *engine.Error
		if !errors.As(err, &f) {
			t.Errorf("%.40s: %v", c.sql, err)
			continue
		}
		if f.Class != c.class || !strings.Contains(strings.ToLower(f.Message), strings.ToLower(c.says)) {
			t.Errorf("%.40s: class %s, %q; expected %s, %q", c.sql, f.Class, f.Message, c.class, c.says)
		}
		if f.Class == engine.Denied && f.Hint == "" {
			t.Errorf("%.40s: no hint", c.sql)
		}
	}
}

// Throttling is outlasted, and told.
func TestThrottled(t *testing.T) {
	s, e := open(t, map[string]any{"num_retries": int64(3)})
	s.Script(wire.Fault{Service: "athena", Operation: "StartQueryExecution", Count: 2, Error: "TooManyRequestsException", Fields: map[string]any{"Reason": "CONCURRENT_QUERY_LIMIT_EXCEEDED"}})
	if _, err := do(t, e, "", "SHOW DATABASES"); err != nil {
		t.Error(err)
	}
}

// However many threads wait, one poller asks, at most five times a second.
func TestOnePoller(t *testing.T) {
	s, e := open(t, nil)
	s.Athena.Running = 700 * time.Millisecond
	start := time.Now()
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			if _, err := do(t, e, "", "SHOW DATABASES"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	polls := 0
	for _, c := range s.Calls() {
		switch c.Operation {
		case "BatchGetQueryExecution":
			polls++
		case "GetQueryExecution":
			t.Error("a query was polled by itself")
		}
	}
	if most := int(time.Since(start)/(200*time.Millisecond)) + 2; polls > most {
		t.Errorf("%d polls in %s", polls, time.Since(start))
	}
}

func TestCancel(t *testing.T) {
	s, e := open(t, nil)
	s.Athena.Running = time.Minute
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(300*time.Millisecond, cancel)
	session, err := e.Session(ctx)
	if err != nil {
		t.Fatal(err)
	}
	_, err = session.Do(ctx, plan.Batch{Statements: []plan.Statement{{SQL: "SHOW DATABASES"}}})
	var f *engine.Error
	if !errors.As(err, &f) || f.Class != engine.Cancelled {
		t.Errorf("a cancelled query: %v", err)
	}
}

func TestObserve(t *testing.T) {
	s, e := open(t, nil)
	if _, err := do(t, e, "", "CREATE DATABASE d LOCATION 's3://lake/d'",
		"CREATE EXTERNAL TABLE d.t (a int, b string COMMENT 'the b') PARTITIONED BY (p date) LOCATION 's3://lake/d/t'"); err != nil {
		t.Fatal(err)
	}
	before := len(s.Calls())
	seen, err := e.Observe(t.Context(), []plan.Observation{{Relation: node.Relation{Database: "awsdatacatalog", Schema: "d"}},
		{Relation: node.Relation{Database: "awsdatacatalog", Schema: "D", Identifier: "T"}, Columns: true},
		{Relation: node.Relation{Database: "awsdatacatalog", Schema: "nothing"}}})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(s.Calls()) - before; n != 2 {
		t.Errorf("%d calls for two databases", n)
	}
	if len(seen.Schemas) != 1 || len(seen.Objects) != 1 {
		t.Fatalf("%+v", seen)
	}
	want := []plan.Column{{Name: "a", Type: "int"}, {Name: "b", Type: "string", Comment: "the b"}, {Name: "p", Type: "date"}}
	if got := seen.Objects[0].Columns; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("columns %v", got)
	}
}

func TestOpenFails(t *testing.T) {
	s, _ := open(t, nil)
	for name, profile := range map[string]map[string]any{
		"no place for results": {"region_name": fakeaws.Region, "database": "awsdatacatalog"},
		"not found":            {"region_name": fakeaws.Region, "database": "awsdatacatalog", "s3_staging_dir": "s3://results/", "work_group": "nothing"},
		"no argument `acll`":   {"region_name": fakeaws.Region, "s3_staging_dir": "s3://results/", "seed_s3_upload_args": map[string]any{"ACLL": "b"}},
		"no place in s3":       {"region_name": fakeaws.Region, "s3_staging_dir": "results"},
	} {
		_, err := Open(t.Context(), engine.Config{Profile: profile})
		if err == nil || !strings.Contains(strings.ToLower(err.Error()), name) && !(name == "no place in s3" && strings.Contains(err.Error(), "expected a place in S3")) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_ = s
}

// Where AWS is not reached, people are told where to look.
func TestUnreachable(t *testing.T) {
	fakes(t, fakeaws.Options{})
	t.Setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
	_, err := Open(t.Context(), engine.Config{Profile: profileOf(map[string]any{"num_boto3_retries": int64(0), "num_retries": int64(0)})})
	var f *engine.Error
	if !errors.As(err, &f) || f.Class != engine.Transient || !strings.Contains(f.Hint, "AWS was not reached") {
		t.Errorf("%+v", f)
	}
}
