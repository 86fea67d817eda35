// Package engine is the contract between the runner and the adapters: what every engine must be able to do, and nothing of
// how.
//
// An engine may be a file in the same process, a warehouse behind a wire, or a job that reads its batches from a bucket. The
// contract therefore speaks of sessions and batches, never of connections and cursors: a batch is sent whole, says itself
// whether it is atomic, and carries a token by which an engine with request tokens knows a repetition. There is no logic here.
package engine

import (
	"context"
	"time"

	"github.com/weft-data/weft/compiler/plan"
)

// Config is how an engine is opened: the chosen output of the profile, rendered, as plain values (nil, bool, int64, float64,
// string, []any, map[string]any).
type Config struct {
	// Name is the engine's name in the plan; empty is the target's default.
	Name    string
	Profile map[string]any
	// Dir is the folder that relative paths in the profile are relative to.
	Dir string
	// Sessions is how many sessions will be open at once (the threads).
	Sessions int
	// Verb is dbt's command that the engine is opened for ("show"); batches of steps have settings of their own.
	Verb string
	// ReadOnly asks for an engine that cannot change anything, where there is such a thing.
	ReadOnly bool
	// Notify, if set, is told what the engine waits for; it may be called from several goroutines at once.
	Notify func(Notice)
}

// Opener opens an engine; each adapter has one.
type Opener func(ctx context.Context, c Config) (Engine, error)

// Engine is one open engine. Its methods may be called from several goroutines at once.
type Engine interface {
	// About says what it is.
	About() About
	// Session opens a session: what temporary tables, settings and transactions belong to.
	Session(ctx context.Context) (Session, error)
	// Observe answers what exists. A schema that does not exist is not in the answer, and is no error. All observations come at once, so
	// that an engine whose catalog answers by schema asks once for each, and not once for each relation. Names are found whatever their
	// case, and answered as the engine has them.
	Observe(ctx context.Context, what []plan.Observation) (plan.Observed, error)
	// Close ends the engine; sessions must be closed before.
	Close() error
}

// About describes an open engine.
type About struct {
	Adapter string // "duckdb"
	Version string // the engine's own version
}

// Session runs batches, one at a time.
type Session interface {
	// Do runs a batch, statement by statement, and answers for each that ran. It returns when the engine has given its last word on it,
	// however long that takes and in whatever way the engine is asked meanwhile. At a failure the answer holds the statements before it,
	// the error is an *Error, and an atomic batch has left nothing behind. Statements with Fetch are answered with all rows they want,
	// over as many pages as the engine gives them in.
	Do(ctx context.Context, b plan.Batch) (Answer, error)
	// Cancel asks the engine to stop what the session is doing; it may be called from another goroutine while Do runs, and it is
	// Do that then answers with class Cancelled, or with its result if it came too late.
	Cancel(ctx context.Context) error
	Close() error
}

// Observer is a session that can look at what exists as it sees it itself: with its temporary tables, within its transaction. A session
// that is none sees what its engine sees.
type Observer interface {
	Observe(ctx context.Context, what []plan.Observation) (plan.Observed, error)
}

// Answer is what came of a batch.
type Answer struct{ Results []Result }

// Result is what came of one statement.
type Result struct {
	// Message is the engine's word for it ("OK", "CREATE TABLE"), Code its first word where there is one.
	Message, Code string
	// RowsAffected is -1 where the engine does not say.
	RowsAffected int64
	// Columns and Rows are set for statements with Fetch.
	Columns []Column
	Rows    [][]Value
	// QueryID is the engine's name for this execution, if it has one: each statement has its own.
	QueryID string
	// BytesScanned is 0 where the engine does not say.
	BytesScanned int64
	// Cost is what the engine bills for it, by the price that the profile names and in its currency; 0 where it names none.
	Cost float64
	// Earlier are the ids of executions of the statement that failed in a way that passes, before this one.
	Earlier []string
	Elapsed time.Duration
}

// Column is a column of a result; Type is in the engine's own spelling.
type Column struct{ Name, Type string }
