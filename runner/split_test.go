package runner

import (
	"slices"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/event"
)

// split is a statement that is done in batches of two keys.
func split(sql string, how plan.Split) plan.Statement {
	columns := plan.Statement{SQL: `columns a b"c key slice`, Fetch: true}
	how.Limit, how.Columns, how.Extra, how.Quote = 2, &columns, 2, `"`
	return plan.Statement{SQL: sql, Main: true, Split: &how}
}

func words(list ...string) []plan.Statement {
	out := make([]plan.Statement, len(list))
	for i, sql := range list {
		out[i] = plan.Statement{SQL: sql}
	}
	return out
}

// TestSplit runs statements that write too many partitions in batches, each of them journalled and repeated by itself.
func TestSplit(t *testing.T) {
	how := plan.Split{Before: words("ok spool"), Keys: plan.Statement{SQL: "keys 3 5 8 9 11", Fetch: true}, First: words("ok clear", "wrote first {from} {to} {columns}"),
		Next: words("ok clear {number}", "conflict next {from} {to} {number}", "wrote"), After: words("ok after")}
	forced, empty, broken := how, how, how
	forced.Force = true
	empty.Keys.SQL = "keys"
	broken.Next = words("fail {number}")
	for _, c := range []struct {
		name      string
		statement plan.Statement
		sent      string
		status    event.Status
		message   string
	}{
		{"one statement is enough", split("wrote all", how), "ok before|wrote all|ok behind", event.Success, ""},
		{"too many partitions", split("many", how), `ok before|many|ok spool|keys 3 5 8 9 11|columns a b"c key slice|` +
			`ok clear|wrote first 3 5 "a", "b""c"|ok clear 1|conflict next 8 9 1|ok clear 1|conflict next 8 9 1|ok clear 1|conflict next 8 9 1|wrote|` +
			`ok clear 2|conflict next 11 11 2|ok clear 2|conflict next 11 11 2|ok clear 2|conflict next 11 11 2|wrote|ok after|ok behind`, event.Success, "OK 30"},
		{"known beforehand", split("many", forced), "ok before|ok spool|keys", event.Success, "OK 30"},
		{"no rows", split("many", empty), `ok before|many|ok spool|keys|columns a b"c key slice|ok clear|wrote first 0 9223372036854775807 "a", "b""c"|ok after|ok behind`, event.Success, "OK 10"},
		{"a batch fails", split("many", broken), `ok before|many|ok spool|keys 3 5 8 9 11|columns a b"c key slice|ok clear|wrote first 3 5 "a", "b""c"|fail 1|ok recover`, event.Error, "permanent happened"},
		{"another failure", split("fail", how), "ok before|fail|ok recover", event.Error, "permanent happened"},
		{"nothing to split by", plan.Statement{SQL: "many", Main: true}, "ok before|many|ok recover", event.Error, "too many partitions happened"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := newScripted()
			s := step("model.a", "")
			s.Batches = []plan.Batch{{Phase: plan.Stage, Statements: []plan.Statement{{SQL: "ok before"}, c.statement, {SQL: "ok behind"}}}}
			s.Recover = []plan.Batch{{Phase: plan.Clean, Statements: words("ok recover")}}
			out, records, err := begin(t, e, Options{Plan: plan.Plan{Steps: []plan.Step{s}}})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(e.sent, "|"); got != c.sent && !(c.name == "known beforehand" && strings.HasPrefix(got, c.sent)) {
				t.Errorf("sent\n%s, not\n%s", got, c.sent)
			}
			if r := out.Results[0]; r.Status != c.status || !strings.Contains(r.Message, c.message) {
				t.Errorf("%s %q", r.Status, r.Message)
			}
			begun := 0
			for _, r := range records {
				if b, ok := r.Body.(event.BatchStarted); ok {
					begun++
					if slices.ContainsFunc(b.Work.Statements, func(s plan.Statement) bool { return s.Split != nil }) {
						t.Error("the journal holds a statement that was not sent as it is")
					}
				}
			}
			if begun < 2 {
				t.Errorf("%d batches in the journal", begun)
			}
		})
	}
}

// TestUpkeep: what fails after a node was published is told, and fails nothing.
func TestUpkeep(t *testing.T) {
	e := newScripted()
	s := step("model.a", "ok publish")
	s.Batches = append(s.Batches, plan.Batch{Phase: plan.Clean, Upkeep: true, Statements: []plan.Statement{{SQL: "fail vacuum", Node: "model.a"}}},
		plan.Batch{Phase: plan.Clean, Statements: words("ok hook")})
	out, records, err := begin(t, e, Options{Plan: plan.Plan{Steps: []plan.Step{s}}})
	if err != nil || statuses(out) != "model.a=success" || strings.Join(e.sent, "|") != "ok publish|fail vacuum|ok hook" {
		t.Errorf("%v %s %v", err, statuses(out), e.sent)
	}
	told := ""
	for _, r := range records {
		if l, ok := r.Body.(event.Log); ok && l.Level == "warn" {
			told += l.Text
		}
	}
	if told != "model.a is published, and its upkeep failed: fail vacuum: permanent happened" {
		t.Error(told)
	}
}
