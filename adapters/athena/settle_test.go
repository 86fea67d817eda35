package athena

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/tests/fakeaws/wire"
)

func settled(t *testing.T, e engine.Engine, token string, decides bool, sql ...string) (bool, []string) {
	t.Helper()
	var said []string
	done, err := e.(engine.Inquirer).Settle(t.Context(), []engine.Doubt{{Batch: batchOf(token, sql...), Since: time.Now().Add(-time.Second), Decides: decides}},
		func(text string) { said = append(said, text) })
	if err != nil {
		t.Fatal(err)
	}
	return done[0], said
}

func batchOf(token string, sql ...string) plan.Batch {
	b := plan.Batch{Token: token}
	for _, q := range sql {
		b.Statements = append(b.Statements, plan.Statement{SQL: q, Purpose: plan.Change})
	}
	return b
}

func send(ctx context.Context, e engine.Engine, b plan.Batch) error {
	s, err := e.Session(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	_, err = s.Do(ctx, b)
	return err
}

// What was done is found again, however it was sent; what fails is not done.
func TestSettleFindsWhatWasDone(t *testing.T) {
	_, e := open(t, nil)
	both := []string{"create database a", "create database b"}
	if err := send(t.Context(), e, batchOf("t1", both...)); err != nil {
		t.Fatal(err)
	}
	if done, _ := settled(t, e, "t1", true, both...); !done {
		t.Error("a batch that was done counts as not done")
	}
	if err := send(t.Context(), e, batchOf("t2", "create database a")); err == nil {
		t.Fatal("a database was made twice")
	}
	if done, _ := settled(t, e, "t2", true, "create database a"); done {
		t.Error("a batch that failed counts as done")
	}
	// Statements without comments are found by their text.
	if err := send(t.Context(), e, batchOf("t3", "drop database b")); err != nil {
		t.Fatal(err)
	}
	if done, _ := settled(t, e, "t3", true, "drop database b"); !done {
		t.Error("a statement that takes no comments was not found")
	}
}

// What never arrived is not done by asking for it, and cannot arrive any more.
func TestSettleKeepsOutWhatNeverArrived(t *testing.T) {
	s, e := open(t, nil)
	if done, _ := settled(t, e, "t", true, "create database late"); done {
		t.Error("what was never sent counts as done")
	}
	err := send(t.Context(), e, batchOf("t", "create database late"))
	if err == nil {
		t.Error("a statement began after it was settled")
	}
	for _, q := range s.Athena.Queries() {
		if strings.HasPrefix(q, "create database") {
			t.Errorf("it ran: %s", q)
		}
	}
	// Asking again gives the same answer.
	if done, _ := settled(t, e, "t", true, "create database late"); done {
		t.Error("the second answer is another one")
	}
}

// What still runs is waited for if it publishes, and stopped if it does not.
func TestSettleEndsWhatRuns(t *testing.T) {
	for _, decides := range []bool{true, false} {
		s, e := open(t, nil)
		s.Athena.Queued = time.Second
		// The sender's connection is lost, as if it had been killed.
		ctx, cancel := context.WithCancel(t.Context())
		s.Script(wire.Fault{Service: "athena", Operation: "BatchGetQueryExecution", Count: 1, Error: "InvalidRequestException"})
		err := send(ctx, e, batchOf("t", "create database slow"))
		cancel()
		var failure *engine.Error
		if !errors.As(err, &failure) || failure.Class != engine.Unknown {
			t.Fatalf("%v is not of class unknown", err)
		}
		done, said := settled(t, e, "t", decides, "create database slow")
		if done != decides || decides != (len(said) > 0) {
			t.Errorf("publishes %v: done %v, told %q", decides, done, said)
		}
	}
}

// An account that may not be asked is told which right is missing.
func TestSettleWithoutRight(t *testing.T) {
	s, e := open(t, nil)
	s.Script(wire.Fault{Service: "athena", Operation: "ListQueryExecutions", Count: 1, Error: "AccessDeniedException", Message: "not authorized"})
	_, err := e.(engine.Inquirer).Settle(t.Context(), []engine.Doubt{{Batch: batchOf("t", "x"), Since: time.Now()}}, func(string) {})
	var failure *engine.Error
	if !errors.As(err, &failure) || failure.Class != engine.Denied || !strings.Contains(failure.Hint, "athena:ListQueryExecutions") {
		t.Errorf("%v", err)
	}
}

func TestMarked(t *testing.T) {
	token := requestToken("t", 0)
	for sql, want := range map[string]string{
		"select 1":                    "select 1" + mark(token),
		"insert into t select 1 ; \n": "insert into t select 1 " + mark(token),
		"/* a */\n-- b\nalter table t add columns (x int)": "",
		"drop table t": "", "VACUUM t": "",
	} {
		if want == "" {
			want = sql
		}
		if got := marked(plan.Statement{SQL: sql}, token); got != want {
			t.Errorf("%q becomes %q, not %q", sql, got, want)
		}
	}
	if got := marked(plan.Statement{SQL: "select 1", Fetch: true}, token); got != "select 1" {
		t.Errorf("a query that fetches rows is marked: %q", got)
	}
}
