package runner

import (
	"context"
	"fmt"

	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

// nodeSession is a step's own session, for its templates.
type nodeSession struct {
	w    *worker
	step *plan.Step
}

// Execute sends one statement, journalled like any other.
func (s nodeSession) Execute(ctx context.Context, st plan.Statement) (engine.Result, error) {
	if st.Node == "" {
		st.Node = s.step.Node
	}
	answer, failure := s.w.send(s.step.Engine, plan.Batch{Phase: plan.Stage, Statements: []plan.Statement{st}}, s.step)
	if failure != nil {
		return engine.Result{}, &engine.Error{Class: engine.Class(failure.Class), Message: failure.Message, Statement: 0, Position: -1,
			QueryID: failure.QueryID, Hint: failure.Hint}
	}
	if len(answer.Results) == 0 {
		return engine.Result{RowsAffected: -1}, nil
	}
	return answer.Results[0], nil
}

// Observe asks the step's engine, or the one that an observation names.
func (s nodeSession) Observe(ctx context.Context, what []plan.Observation) (plan.Observed, error) {
	byEngine := map[string][]plan.Observation{}
	var order []string
	for _, o := range what {
		name := o.Engine
		if name == "" {
			name = s.step.Engine
		}
		if _, known := byEngine[name]; !known {
			order = append(order, name)
		}
		byEngine[name] = append(byEngine[name], o)
	}
	var seen plan.Observed
	for _, name := range order {
		var eyes engine.Observer = s.w.r.o.Engines[name]
		if eyes == nil {
			return seen, fmt.Errorf("the plan names an engine %q that is not open", name)
		}
		if session, err := s.w.session(name); err != nil {
			return seen, err
		} else if own, ok := session.(engine.Observer); ok {
			eyes = own
		}
		found, err := eyes.Observe(ctx, byEngine[name])
		if err != nil {
			return seen, err
		}
		seen.Merge(found)
	}
	return seen, nil
}
