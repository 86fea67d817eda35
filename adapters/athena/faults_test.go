package athena

import (
	"errors"
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

// However many threads there are, starts, stops and looks at states together are at most twenty in any second.
func TestPaceOfSixtyFourThreads(t *testing.T) {
	s, e := open(t, nil)
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			if _, err := do(t, e, "", "SHOW DATABASES"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var at []time.Time
	for _, c := range s.Calls() {
		switch c.Operation {
		case "StartQueryExecution", "StopQueryExecution", "BatchGetQueryExecution":
			at = append(at, c.At)
		}
	}
	if len(at) < 64 {
		t.Fatalf("%d calls for 64 queries", len(at))
	}
	for i := 20; i < len(at); i++ {
		if at[i].Sub(at[i-20]) < time.Second {
			t.Errorf("twenty-one calls within %s", at[i].Sub(at[i-20]))
		}
	}
}

// An account that is throttled for longer than the ordinary attempts last fails nothing, and people are told. That a whole minute is outlasted
// follows from the waits, which the test of the retryer sums up.
func TestThrottlingIsOutlasted(t *testing.T) {
	s, e, h := openHearing(t, fakeaws.Options{}, map[string]any{"num_retries": int64(0)})
	s.Script(wire.Fault{Service: "athena", Operation: "StartQueryExecution", Seconds: 2, Error: "ThrottlingException"},
		wire.Fault{Service: "athena", Operation: "BatchGetQueryExecution", Count: 2, Error: "TooManyRequestsException"},
		wire.Fault{Service: "glue", Operation: "GetTables", Count: 1, Error: "ThrottlingException"})
	if _, err := do(t, e, "", "SHOW DATABASES"); err != nil {
		t.Error(err)
	}
	if _, err := e.Observe(t.Context(), []plan.Observation{{Relation: node.Relation{Database: "awsdatacatalog", Schema: "default"}}}); err != nil {
		t.Error(err)
	}
	if h.count(engine.Throttled) == 0 {
		t.Errorf("nobody was told: %+v", h.list)
	}
	if n := len(s.Athena.Queries()); n != 1 {
		t.Errorf("%d executions", n)
	}
}

// Keys of a role that AWS takes for expired, and keys with a short life, are renewed; no statement fails.
func TestKeysAreRenewed(t *testing.T) {
	s, e, h := openHearing(t, fakeaws.Options{KeyLife: 2 * time.Second}, map[string]any{"assume_role_arn": fakeaws.Role})
	for range 3 {
		if _, err := do(t, e, "", "SHOW DATABASES"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
	}
	s.Script(wire.Fault{Service: "athena", Operation: "BatchGetQueryExecution", Count: 1, Error: "ExpiredTokenException", Message: "expired"})
	if _, err := do(t, e, "", "SHOW DATABASES"); err != nil {
		t.Error(err)
	}
	if h.count(engine.Renewed) == 0 {
		t.Errorf("nobody was told: %+v", h.list)
	}
}

// The same with keys that have long to live as far as anybody here knows.
func TestKeysThatWereRevoked(t *testing.T) {
	s, e, _ := openHearing(t, fakeaws.Options{}, map[string]any{"assume_role_arn": fakeaws.Role})
	assumed := func() (n int) {
		for _, c := range s.Calls() {
			if c.Operation == "AssumeRole" {
				n++
			}
		}
		return n
	}
	s.Script(wire.Fault{Service: "athena", Operation: "StartQueryExecution", Count: 1, Error: "ExpiredTokenException", Message: "expired"})
	if _, err := do(t, e, "", "SHOW DATABASES"); err != nil {
		t.Error(err)
	}
	if n := assumed(); n != 2 {
		t.Errorf("the role was assumed %d times", n)
	}
}

// Keys that nothing can renew fail at once, with a mend.
func TestKeysThatCannotBeRenewed(t *testing.T) {
	s, e := open(t, nil)
	s.Script(wire.Fault{Service: "athena", Operation: "StartQueryExecution", Count: 9, Error: "ExpiredTokenException", Message: "expired"})
	start := time.Now()
	_, err := do(t, e, "", "SHOW DATABASES")
	var f *engine.Error
	if !errors.As(err, &f) || f.Class != engine.Denied || !strings.Contains(f.Hint, "assume_role_arn") || time.Since(start) > 5*time.Second {
		t.Errorf("%v after %s", err, time.Since(start))
	}
}

// An answer that got lost, of whichever call, makes no query run twice.
func TestLostAnswers(t *testing.T) {
	for _, operation := range []string{"StartQueryExecution", "BatchGetQueryExecution", "GetQueryResults"} {
		for _, cut := range []bool{false, true} {
			s, e, h := openHearing(t, fakeaws.Options{}, nil)
			s.Script(wire.Fault{Service: "athena", Operation: operation, Count: 1, Lost: !cut, Cut: cut})
			if _, err := do(t, e, "run 1, node a", "SHOW DATABASES"); err != nil {
				t.Errorf("%s: %v", operation, err)
			}
			if n := len(s.Athena.Queries()); n != 1 {
				t.Errorf("%s: %d executions", operation, n)
			}
			if h.count(engine.Repeated) != 1 {
				t.Errorf("%s: told %+v", operation, h.list)
			}
		}
	}
}

// When all answers to a submission are lost, nobody knows whether the query runs, and it is not sent again.
func TestSubmissionThatStaysUnanswered(t *testing.T) {
	s, e := open(t, map[string]any{"num_retries": int64(0)})
	s.Script(wire.Fault{Service: "athena", Operation: "StartQueryExecution", Count: 9, Lost: true})
	_, err := do(t, e, "run 1, node a", "SHOW DATABASES")
	var f *engine.Error
	if !errors.As(err, &f) || f.Class != engine.Unknown {
		t.Errorf("%v", err)
	}
}

// A statement without the right to a table says which statement and query it was, and what can be done; what it read is counted.
func TestDeniedTable(t *testing.T) {
	s, e := open(t, nil)
	for _, reason := range []string{
		"Insufficient Lake Formation permission(s) on orders (Service: AmazonDataCatalog; Status Code: 400; Error Code: AccessDeniedException)",
		"PERMISSION_DENIED: Access Denied: Cannot select from table lake.orders",
		"COLUMN_NOT_FOUND: Relation not found or not allowed: Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied)",
	} {
		s.Script(wire.Fault{Service: "athena", Operation: "Execution", Match: "TABLES", Count: 1, Message: reason, Fields: map[string]any{"ErrorCategory": 2}, Scanned: 4096})
		a, err := do(t, e, "", "SHOW DATABASES", "SHOW TABLES IN default")
		var f *engine.Error
		if !errors.As(err, &f) {
			t.Errorf("%v", err)
			continue
		}
		if f.Class != engine.Denied || f.Statement != 1 || f.QueryID == "" || f.Hint == "" || f.BytesScanned != 4096 || len(a.Results) != 1 {
			t.Errorf("%+v, answer %+v", f, a)
		}
	}
}

// Attempts that lost a race for a commit have read, too.
func TestCostOfConflicts(t *testing.T) {
	s, e := open(t, map[string]any{"num_iceberg_retries": int64(1)})
	s.Script(wire.Fault{Service: "athena", Operation: "Execution", Count: 2, Scanned: 1000, Message: "ICEBERG_COMMIT_ERROR: conflict", Fields: map[string]any{"ErrorType": 233, "ErrorCategory": 1}})
	_, err := do(t, e, "", "SHOW DATABASES")
	var f *engine.Error
	if !errors.As(err, &f) || f.Class != engine.Conflict || f.BytesScanned != 2000 || !f.Repeated {
		t.Errorf("%+v", err)
	}
}

// A query that waits for its turn is told of, once.
func TestQueued(t *testing.T) {
	s, e, h := openHearing(t, fakeaws.Options{}, nil)
	e.(*Engine).longQueue = 200 * time.Millisecond
	s.Athena.Queued = time.Second
	if _, err := do(t, e, "", "SHOW DATABASES"); err != nil {
		t.Error(err)
	}
	if h.count(engine.Queued) != 1 || h.list[0].QueryID == "" {
		t.Errorf("told %+v", h.list)
	}
}
