package runner

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
)

func response(report *plan.Report, main *engine.Result) *event.Response {
	switch {
	case report != nil && report.Message == plan.NoOp: // nothing was asked, so nothing was answered
		return &event.Response{}
	case report != nil:
		return &event.Response{Message: report.Message, Code: report.Code, RowsAffected: report.RowsAffected}
	case main == nil:
		return &event.Response{Message: "OK"}
	}
	out := &event.Response{Message: main.Message, Code: main.Code, QueryID: main.QueryID, BytesScanned: main.BytesScanned}
	if main.Code != "" && main.RowsAffected >= 0 {
		out.RowsAffected = &main.RowsAffected
	}
	return out
}

// compare makes a unit test's status of the rows that its query returned for both sides.
func (w *worker) compare(step *plan.Step, main *engine.Result, f *event.NodeFinished) {
	failures := int64(0)
	f.Status, f.Response = event.Pass, response(nil, main)
	if main != nil && w.r.o.Compare != nil {
		if f.Message = w.r.o.Compare(step, *main); f.Message != "" {
			f.Status, failures = event.Fail, 1
		}
	}
	f.Failures = &failures
}

// judge makes a data test's status of the one row that its query returned.
func (w *worker) judge(t *plan.Test, main *engine.Result, f *event.NodeFinished) *event.Failure {
	bad := func(format string, args ...any) *event.Failure {
		return &event.Failure{Code: string(diag.BadTestResult), Message: fmt.Sprintf(format, args...), Statement: -1, CodeOffset: -1}
	}
	if main == nil || len(main.Rows) != 1 {
		rows := 0
		if main != nil {
			rows = len(main.Rows)
		}
		return bad("dbt internally failed to execute %s: Returned %d rows, but expected 1 row", f.Node, rows)
	}
	if len(main.Columns) != 3 {
		return bad("dbt internally failed to execute %s: Returned %d columns, but expected 3 columns", f.Node, len(main.Columns))
	}
	values := map[string]engine.Value{}
	for i, c := range main.Columns {
		values[strings.ToLower(c.Name)] = main.Rows[0][i]
	}
	failures, ok := count(values["failures"])
	if !ok {
		given := values["failures"]
		if given == nil {
			given = "NULL"
		}
		return bad("fail_calc gave %v where a whole number was expected", given)
	}
	warn, ok1 := truth(values["should_warn"])
	stop, ok2 := truth(values["should_error"])
	if !ok1 || !ok2 {
		return bad("warn_if and error_if must give true or false; they gave %v and %v", values["should_warn"], values["should_error"])
	}
	f.Response = response(nil, main)
	results := "results"
	if failures == 1 {
		results = "result"
	}
	zero := int64(0)
	switch {
	case strings.EqualFold(t.Severity, "error") && stop:
		f.Status, f.Failures = event.Fail, &failures
		f.Message = fmt.Sprintf("Got %d %s, configured to fail if %s", failures, results, t.ErrorIf)
	case warn && w.r.o.WarnError:
		f.Status, f.Failures = event.Fail, &failures
		f.Message = fmt.Sprintf("Got %d %s, configured to fail if %s", failures, results, t.WarnIf)
	case warn:
		f.Status, f.Failures = event.Warn, &failures
		f.Message = fmt.Sprintf("Got %d %s, configured to warn if %s", failures, results, t.WarnIf)
	default:
		f.Status, f.Failures = event.Pass, &zero
	}
	return nil
}

func count(v engine.Value) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case float64:
		n := int64(v)
		return n, float64(n) == v
	case *big.Int:
		return v.Int64(), v.IsInt64()
	case engine.Decimal:
		ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(v.Scale)), nil)
		q, rest := new(big.Int).QuoRem(v.Unscaled, ten, new(big.Int))
		return q.Int64(), q.IsInt64() && rest.Sign() == 0
	}
	return 0, false
}

// truth reads a condition as dbt does: a boolean, a number, or a word for one; no value is false.
func truth(v engine.Value) (bool, bool) {
	switch v := v.(type) {
	case nil:
		return false, true
	case bool:
		return v, true
	case string:
		switch strings.ToLower(v) {
		case "y", "yes", "t", "true", "on", "1":
			return true, true
		case "n", "no", "f", "false", "off", "0":
			return false, true
		}
		return false, false
	case float64:
		return v != 0, true
	case engine.Decimal:
		return v.Unscaled.Sign() != 0, true
	}
	n, ok := count(v)
	return n != 0, ok
}

// describe is dbt's message of a failed node.
func describe(step *plan.Step, f event.Failure) string {
	if f.Class == "" {
		return f.Message
	}
	where := step.Label.Name
	if step.Label.Path != "" {
		where += " (" + step.Label.Path + ")"
	}
	return "Runtime Error in " + string(step.Kind) + " " + where + "\n  " + strings.ReplaceAll(f.Message, "\n", "\n  ")
}
