package runner

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
)

// splits says that a statement of the batch may have to be done in several.
func splits(b plan.Batch) bool {
	return slices.ContainsFunc(b.Statements, func(s plan.Statement) bool { return s.Split != nil })
}

// aroundSplits sends a batch in parts, so that a statement that may have to be split stands by itself. What stands before it is sent as one
// batch, and what stands behind it.
func (w *worker) aroundSplits(step *plan.Step, b plan.Batch) (engine.Answer, *event.Failure) {
	var all engine.Answer
	part := b
	part.Statements = nil
	flush := func() *event.Failure {
		if len(part.Statements) == 0 {
			return nil
		}
		answer, failure := w.send(step.Engine, part, step)
		all.Results = append(all.Results, answer.Results...)
		part.Statements = nil
		return failure
	}
	for _, s := range b.Statements {
		if s.Split == nil {
			part.Statements = append(part.Statements, s)
			continue
		}
		if failure := flush(); failure != nil {
			return all, failure
		}
		result, failure := w.split(step, b.Phase, s)
		if failure != nil {
			return all, failure
		}
		all.Results = append(all.Results, result)
	}
	return all, flush()
}

// split tries a statement, unless it is known not to pass, and does its work in batches if it writes too many partitions. Each batch is sent,
// journalled and repeated by itself.
func (w *worker) split(step *plan.Step, phase plan.Phase, s plan.Statement) (engine.Result, *event.Failure) {
	how := s.Split
	s.Split = nil
	group := func(list []plan.Statement) plan.Batch {
		return plan.Batch{Phase: phase, Again: len(list) > 1, Statements: list}
	}
	if !how.Force {
		answer, failure := w.send(step.Engine, group([]plan.Statement{s}), step)
		if failure == nil {
			return first(answer), nil
		}
		if failure.Class != string(engine.TooManyPartitions) {
			return engine.Result{}, failure
		}
	}
	total := engine.Result{RowsAffected: 0}
	if len(how.Before) > 0 {
		if _, failure := w.send(step.Engine, group(how.Before), step); failure != nil {
			return total, failure
		}
	}
	answer, failure := w.send(step.Engine, group([]plan.Statement{how.Keys}), step)
	if failure != nil {
		return total, failure
	}
	ranges, failure := ranges(first(answer), max(how.Limit, 1))
	if failure != nil {
		return total, failure
	}
	columns := ""
	if how.Columns != nil {
		answer, failure := w.send(step.Engine, group([]plan.Statement{*how.Columns}), step)
		if failure != nil {
			return total, failure
		}
		columns = names(first(answer).Columns, how.Extra, how.Quote)
	}
	for i, r := range ranges {
		list := how.Next
		if i == 0 {
			list = how.First
		}
		at := make([]plan.Statement, len(list))
		for k := range list {
			at[k] = list[k].At(r[0], r[1], i, columns)
			at[k].Cause = "batch " + strconv.Itoa(i+1) + " of " + strconv.Itoa(len(ranges)) + " of partitions"
		}
		answer, failure := w.send(step.Engine, group(at), step)
		if failure != nil {
			return total, failure
		}
		for _, x := range answer.Results {
			total.QueryID = x.QueryID
			if x.RowsAffected > 0 {
				total.RowsAffected += x.RowsAffected
			}
		}
	}
	if len(how.After) > 0 {
		if _, failure := w.send(step.Engine, group(how.After), step); failure != nil {
			return total, failure
		}
	}
	total.Message, total.Code = "OK "+strconv.FormatInt(total.RowsAffected, 10), "OK"
	return total, nil
}

func first(a engine.Answer) engine.Result {
	if len(a.Results) == 0 {
		return engine.Result{RowsAffected: -1}
	}
	return a.Results[0]
}

// names lists columns, all but the last so many, as they are written in a statement.
func names(columns []engine.Column, extra int, quote string) string {
	var out []string
	for _, c := range columns[:max(len(columns)-extra, 0)] {
		out = append(out, quote+strings.ReplaceAll(c.Name, quote, quote+quote)+quote)
	}
	return strings.Join(out, ", ")
}

// ranges cuts keys in rising order into ranges of so many. Without keys there is one range, of all: the first batch makes the table even so.
func ranges(keys engine.Result, limit int) ([][2]int64, *event.Failure) {
	const last = int64(^uint64(0) >> 1)
	var out [][2]int64
	for i, row := range keys.Rows {
		key, ok := int64(0), false
		if len(row) > 0 {
			key, ok = row[0].(int64)
		}
		if !ok {
			return nil, &event.Failure{Code: string(diag.Internal), Message: fmt.Sprintf("the key of a partition is a whole number, and the engine gave %v", row), Statement: -1, CodeOffset: -1}
		}
		if i%limit == 0 {
			out = append(out, [2]int64{key, key})
		}
		out[len(out)-1][1] = key
	}
	if out == nil {
		out = [][2]int64{{0, last}}
	}
	return out, nil
}
