// Package runner carries out a plan: many steps at once, in the order of the graph, each recorded before and after it acts.
//
// It knows no engine, no SQL and no project: a plan says what to send, an engine contract says how to send it, and what is
// rendered late comes from an interface that this package declares and others implement. What happened is in the journal, and
// only there.
package runner

import (
	"context"
	"os"
	"time"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
	"github.com/weft-data/weft/runner/journal"
)

// Options is a run.
type Options struct {
	Plan plan.Plan
	// Engines are the open engines by the names that the plan uses; "" is the target's default.
	Engines map[string]engine.Engine
	// Journal gets every record; its observers are the views.
	Journal *journal.Writer
	World   effect.World

	// What the first record says.
	Invocation, Verb, Version, Target, Adapter string
	Args                                       map[string]any
	// Settled and Applied are the first record's, too.
	Settled []string
	Applied []node.ID

	Threads  int
	FailFast bool
	// WarnError makes a test that would warn fail.
	WarnError bool
	// RunDespiteHook runs the nodes although an on-run-start hook failed (dbt's flag skip_nodes_if_on_run_start_fails: false).
	RunDespiteHook bool
	// Attempts is how often a batch that failed in a way that passes is tried in all; 0 means 3.
	Attempts int

	// Expander makes the batches of late steps; nil if the plan has none.
	Expander Expander
	// Describe turns the failure of a step into the message that its result shows; nil takes the failure's own text.
	Describe func(step *plan.Step, f event.Failure) string
	// Compare says how the rows that a unit test's query returned differ from those it expects, "" if they do not.
	Compare func(step *plan.Step, r engine.Result) string
	// Signals, if set, are watched: the first stops the run in good order, the second at once.
	Signals <-chan os.Signal
}

// Expander makes what a plan could not determine beforehand. It is called when all parents of the step have ended, possibly for
// several steps at once.
type Expander interface {
	Expand(ctx context.Context, r Request) (Expansion, error)
	// Hook renders a late hook of a step. The text is "" where nothing is left to send.
	Hook(ctx context.Context, r Request, hook plan.LateHook) (string, error)
}

// Request is what an expander is asked.
type Request struct {
	Step *plan.Step
	// Observed is what the step's Needs found.
	Observed plan.Observed
	// Interval is the batch of a microbatch model to expand, nil for other steps; First and Last say that it is the step's first, and
	// its last. Swap asks instead that the table which the step's batches built aside is published, Discard that it is removed.
	Interval      *plan.Interval
	First, Last   bool
	Swap, Discard bool
	// Session runs the template's own queries, on the step's session.
	Session NodeSession
	// Results are the results so far, for on-run-end hooks.
	Results []event.NodeFinished
}

// Expansion is the answer: the batches to run, and the compiled text. An error instead fails the step with the error's text.
type Expansion struct {
	Batches      []plan.Batch
	Recover      []plan.Batch
	CompiledCode string
	Test         *plan.Test
	Report       *plan.Report
	// Compiled says, with an error, that the text was made all the same.
	Compiled bool
	// Main is the step's answer where the template has asked for it already, while it was rendered.
	Main *engine.Result
	// Ended is set where nothing is left to run: it is how the step ended.
	Ended *Ended
}

// Ended is the result of a step that its expander has carried out itself, on the step's session: an operation, a question to a source.
type Ended struct {
	Status    event.Status
	Message   string
	Response  *event.Response
	Failures  *int64
	Freshness *event.Freshness
}

// Refused is an expander's error that says why the step cannot run, as a refusal in the plan would: its message is the result's.
type Refused struct{ Refusal plan.Refusal }

func (r *Refused) Error() string { return r.Refusal.Message }

// NodeSession is what a template may do while it is rendered in a run. Its statements are journalled, cancellable, and on the
// node's own session.
type NodeSession interface {
	// Execute runs one statement.
	Execute(ctx context.Context, s plan.Statement) (engine.Result, error)
	// Observe looks at what exists now.
	Observe(ctx context.Context, what []plan.Observation) (plan.Observed, error)
}

// Outcome is how a run ended. The results stand in the order in which the nodes ended.
type Outcome struct {
	Results []event.NodeFinished
	Elapsed time.Duration
	// Interrupted is the signal that stopped the run, nil if none did; Unfinished are the nodes that may still run at their engine
	// because the second signal came before they answered.
	Interrupted os.Signal
	Unfinished  []node.ID
}

// Failed says whether anything did not end well: what dbt's exit code 1 says.
func (o Outcome) Failed() bool {
	for _, r := range o.Results {
		if !r.Silent && (r.Status.Bad() || r.Status == event.Skipped && r.Kind != node.Exposure) {
			return true
		}
	}
	return false
}
