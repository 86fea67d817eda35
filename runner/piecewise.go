package runner

import (
	"errors"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
)

// piecewise sends a batch whose late hooks get their texts on the way, one statement at a time, within a transaction that it opens and
// ends itself if the batch is atomic. Nothing is tried again: what a template has asked cannot be taken back.
func (w *worker) piecewise(step *plan.Step, b plan.Batch, interval *plan.Interval) (engine.Answer, *event.Failure) {
	control := func(sql, cause string) plan.Batch {
		return plan.Batch{Phase: b.Phase, Statements: []plan.Statement{{SQL: sql, Node: step.Node, Purpose: plan.Change, Cause: cause}}}
	}
	if b.Atomic {
		if _, failure := w.once(step, control("begin transaction", "a hook within the transaction asks the engine")); failure != nil {
			return engine.Answer{}, failure
		}
	}
	answer, failure := w.pieces(step, b, interval)
	if b.Atomic && failure == nil {
		_, failure = w.once(step, control("commit", "all statements are done"))
	}
	if b.Atomic && failure != nil {
		w.recover(step, []plan.Batch{control("rollback", "a statement failed")})
	}
	return answer, failure
}

func (w *worker) pieces(step *plan.Step, b plan.Batch, interval *plan.Interval) (engine.Answer, *event.Failure) {
	var answer engine.Answer
	for _, st := range b.Statements {
		result := engine.Result{RowsAffected: -1}
		if st.Late != nil {
			sql, failure := w.hook(step, *st.Late, interval)
			if failure != nil {
				return answer, failure
			}
			st.SQL, st.Late = sql, nil
		}
		if st.Split != nil {
			var failure *event.Failure
			if result, failure = w.split(step, b.Phase, st); failure != nil {
				return answer, failure
			}
		} else if st.SQL != "" || st.Act != nil {
			a, failure := w.once(step, plan.Batch{Phase: b.Phase, Statements: []plan.Statement{st}})
			if failure != nil {
				return answer, failure
			}
			if len(a.Results) > 0 {
				result = a.Results[0]
			}
		}
		answer.Results = append(answer.Results, result)
	}
	return answer, nil
}

// hook asks for the text of a late hook.
func (w *worker) hook(step *plan.Step, hook plan.LateHook, interval *plan.Interval) (string, *event.Failure) {
	if w.r.o.Expander == nil {
		return "", &event.Failure{Code: string(diag.Internal), Message: "the plan holds a late hook and there is nobody to expand it", Statement: -1, CodeOffset: -1}
	}
	sql, err := w.r.o.Expander.Hook(w.r.ctx, Request{Step: step, Session: nodeSession{w: w, step: step}, Interval: interval}, hook)
	if err == nil {
		return sql, nil
	}
	return "", unexpanded(err)
}

// unexpanded is the failure of a step, or of a hook, that its expander could not make.
func unexpanded(err error) *event.Failure {
	e := asEngineError(err)
	f := &event.Failure{Class: string(e.Class), Message: e.Message, Statement: -1, CodeOffset: -1, QueryID: e.QueryID, Hint: e.Hint}
	var refused *Refused
	var failed *engine.Error
	switch {
	case errors.As(err, &refused):
		f.Class, f.Code = "", refused.Refusal.Code
	case !errors.As(err, &failed):
		f.Class = ""
	}
	return f
}

// once sends a batch without trying again.
func (w *worker) once(step *plan.Step, b plan.Batch) (engine.Answer, *event.Failure) {
	number := w.batch
	w.batch++
	b.Token = token(w.r.o.Invocation, w.node, w.interval, number, 1)
	return w.try(step.Engine, b, number, 1, step)
}
