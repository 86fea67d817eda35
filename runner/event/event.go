// Package event is the vocabulary of what happens in a run.
//
// The journal holds these records and nothing else; every view (lines on a terminal, run_results.json, lineage) is a function of
// them. A view may therefore be made while the run goes on, after it, or from the journal of a run that died.
package event

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// Record is one thing that happened. Seq counts from 1 within a run.
type Record struct {
	Seq  int64
	At   time.Time
	Body Body
}

// Body is what happened; the types of this package are all there are.
type Body interface{ kind() string }

// RunStarted is the first record.
type RunStarted struct {
	Invocation string `json:"invocation"`
	Verb       string `json:"verb"` // "build", "run", …
	Version    string `json:"version"`
	Target     string `json:"target"`
	Adapter    string `json:"adapter"`
	Threads    int    `json:"threads"`
	// Args are the options of the command, Steps the nodes that it set out to run: what a retry needs if the run dies.
	Args  map[string]any `json:"args,omitempty"`
	Steps []node.ID      `json:"steps,omitempty"`
	// Settled are earlier runs that were killed, of which nothing runs any more; Applied are the nodes among Steps whose rows an earlier run has
	// published, so that only what comes after that is done.
	Settled []string  `json:"settled,omitempty"`
	Applied []node.ID `json:"applied,omitempty"`
	// Nodes is how many steps will be counted; hooks and silent steps are not.
	Nodes int `json:"nodes"`
}

// NodeStarted says that a step was taken up. Index counts from 1 up to Total, for hooks within their list. Silent steps start with
// index 0.
type NodeStarted struct {
	Node            node.ID    `json:"node"`
	Kind            node.Kind  `json:"kind"`
	Materialization string     `json:"materialization,omitempty"`
	Label           plan.Label `json:"label"`
	Index           int        `json:"index"`
	Total           int        `json:"total"`
	Thread          string     `json:"thread"`
	Silent          bool       `json:"silent,omitempty"`
	// HookOf is "on-run-start" or "on-run-end" for hooks.
	HookOf string `json:"hook_of,omitempty"`
	// Intervals are the batches of a microbatch model that fill its table one by one.
	Intervals []plan.Interval `json:"intervals,omitempty"`
	// Skipping says that the step will be skipped: it is announced only when it has ended.
	Skipping bool `json:"skipping,omitempty"`
}

// BatchStarted says that a batch is about to be sent. For phase publish it is the intent, and durable before the batch is sent.
type BatchStarted struct {
	Node node.ID `json:"node,omitempty"`
	// Interval is the name of the batch of a microbatch model that it belongs to.
	Interval string     `json:"interval,omitempty"`
	Batch    int        `json:"batch"`
	Attempt  int        `json:"attempt"`
	Work     plan.Batch `json:"work"`
}

// BatchFinished says what came of a batch: an answer for each statement that ran, and the failure if there was one.
type BatchFinished struct {
	Node     node.ID           `json:"node,omitempty"`
	Interval string            `json:"interval,omitempty"`
	Batch    int               `json:"batch"`
	Attempt  int               `json:"attempt"`
	Results  []StatementResult `json:"results,omitempty"`
	Failure  *Failure          `json:"failure,omitempty"`
}

// StatementResult is the answer to one statement; rows are not journalled.
type StatementResult struct {
	Message      string        `json:"message,omitempty"`
	Code         string        `json:"code,omitempty"`
	RowsAffected int64         `json:"rows_affected"`
	QueryID      string        `json:"query_id,omitempty"`
	BytesScanned int64         `json:"bytes_scanned,omitempty"`
	Cost         float64       `json:"cost,omitempty"`
	Earlier      []string      `json:"earlier,omitempty"`
	Elapsed      time.Duration `json:"elapsed"`
}

// Failure is why something failed.
type Failure struct {
	// Class is the engine's class of the failure, "" if the engine was not asked.
	Class string `json:"class,omitempty"`
	// Code is a code of package diag, if it has one.
	Code    string `json:"code,omitempty"`
	Message string `json:"message"`
	// Statement is the statement that failed within its batch, -1 if none of them did; Purpose what it was for.
	Statement int          `json:"statement"`
	Purpose   plan.Purpose `json:"purpose,omitempty"`
	// CodeOffset is the byte of the node's compiled code that the engine points at, -1 if it does not.
	CodeOffset int    `json:"code_offset"`
	QueryID    string `json:"query_id,omitempty"`
	// BytesScanned is what the statement read before it failed.
	BytesScanned int64    `json:"bytes_scanned,omitempty"`
	Cost         float64  `json:"cost,omitempty"`
	Earlier      []string `json:"earlier,omitempty"`
	// Repeated says that the adapter has tried as often as it may.
	Repeated bool   `json:"repeated,omitempty"`
	Hint     string `json:"hint,omitempty"`
}

// Retrying says that a batch failed in a way that passes, and is tried again after Wait.
type Retrying struct {
	Node    node.ID       `json:"node,omitempty"`
	Batch   int           `json:"batch"`
	Attempt int           `json:"attempt"`
	Class   string        `json:"class"`
	Message string        `json:"message"`
	Wait    time.Duration `json:"wait"`
}

// Notice is something that an engine waits for, or repeats by itself; it belongs to no node.
type Notice struct {
	// Kind is "throttled", "repeated", "queued" or "renewed".
	Kind    string        `json:"kind"`
	Text    string        `json:"text"`
	Wait    time.Duration `json:"wait,omitempty"`
	Times   int           `json:"times,omitempty"`
	QueryID string        `json:"query_id,omitempty"`
}

// Usage is what all statements of a node came to, those of failed attempts among them.
type Usage struct {
	BytesScanned int64 `json:"bytes_scanned,omitempty"`
	// Rows are those that statements wrote or changed, where the engine says.
	Rows     int64    `json:"rows,omitempty"`
	QueryIDs []string `json:"query_ids,omitempty"`
	// Cost is what the engine bills for them, by the price that the profile names; 0 where it names none.
	Cost float64 `json:"cost,omitempty"`
}

// Status is how a node ended, in dbt's words.
type Status string

// The statuses.
const (
	Success Status = "success"
	Error   Status = "error"
	Skipped Status = "skipped"
	Pass    Status = "pass"
	Fail    Status = "fail"
	Warn    Status = "warn"
	NoOp    Status = "no-op"
	// PartialSuccess: some batches of a microbatch model failed.
	PartialSuccess Status = "partial success"
	// RuntimeError is the status of a source whose freshness could not be asked.
	RuntimeError Status = "runtime error"
)

// Bad says whether the status stops descendants and makes the command fail.
func (s Status) Bad() bool {
	return s == Error || s == Fail || s == PartialSuccess || s == RuntimeError
}

// Timing is one entry of dbt's timing list.
type Timing struct {
	Name        string    `json:"name"`
	StartedAt   time.Time `json:"started_at"`
	CompletedAt time.Time `json:"completed_at"`
}

// Response is dbt's adapter_response.
type Response struct {
	Message      string `json:"_message,omitempty"`
	Code         string `json:"code,omitempty"`
	RowsAffected *int64 `json:"rows_affected,omitempty"`
	QueryID      string `json:"query_id,omitempty"`
	BytesScanned int64  `json:"data_scanned_in_bytes,omitempty"`
	// Cost is that of all statements of the node, by the price that the profile names.
	Cost float64 `json:"cost,omitempty"`
}

// Freshness is how old a source was found to be.
type Freshness struct {
	MaxLoadedAt   time.Time `json:"max_loaded_at"`
	SnapshottedAt time.Time `json:"snapshotted_at"`
	// Age is in seconds: an empty source is older than a time.Duration can say.
	Age float64 `json:"age"`
}

// NodeFinished is the result of a step.
type NodeFinished struct {
	Node            node.ID    `json:"node"`
	Kind            node.Kind  `json:"kind"`
	Materialization string     `json:"materialization,omitempty"`
	Label           plan.Label `json:"label"`
	Index           int        `json:"index"`
	Total           int        `json:"total"`
	Thread          string     `json:"thread"`
	Silent          bool       `json:"silent,omitempty"`
	HookOf          string     `json:"hook_of,omitempty"`

	Status   Status        `json:"status"`
	Message  string        `json:"message,omitempty"`
	Failures *int64        `json:"failures,omitempty"`
	Elapsed  time.Duration `json:"elapsed"`
	Timing   []Timing      `json:"timing,omitempty"`
	Response *Response     `json:"response,omitempty"`
	Failure  *Failure      `json:"failure,omitempty"`
	// Usage is set if the engine says anything of it.
	Usage *Usage `json:"usage,omitempty"`
	// Freshness is set for sources.
	Freshness *Freshness `json:"freshness,omitempty"`
	// Cause is the node that failed, for a step that is skipped because of it.
	Cause node.ID `json:"cause,omitempty"`

	// Intervals is set for microbatch models.
	Intervals *IntervalResults `json:"intervals,omitempty"`

	Compiled     bool   `json:"compiled,omitempty"`
	CompiledCode string `json:"compiled_code,omitempty"`
}

// IntervalResults is what came of the batches of a microbatch model.
type IntervalResults struct {
	Successful []plan.Interval `json:"successful"`
	Failed     []plan.Interval `json:"failed"`
}

// IntervalStarted says that a batch of a microbatch model was taken up.
type IntervalStarted struct {
	Node            node.ID       `json:"node"`
	Materialization string        `json:"materialization,omitempty"`
	Label           plan.Label    `json:"label"`
	Interval        plan.Interval `json:"interval"`
	Index           int           `json:"index"`
	Total           int           `json:"total"`
}

// IntervalFinished is the result of a batch of a microbatch model.
type IntervalFinished struct {
	Node            node.ID       `json:"node"`
	Materialization string        `json:"materialization,omitempty"`
	Label           plan.Label    `json:"label"`
	Interval        plan.Interval `json:"interval"`
	Index           int           `json:"index"`
	Total           int           `json:"total"`
	Status          Status        `json:"status"`
	Message         string        `json:"message,omitempty"`
	Elapsed         time.Duration `json:"elapsed"`
	Failure         *Failure      `json:"failure,omitempty"`
	// CompiledCode is the batch's text; Compiled says that there is one.
	Compiled     bool   `json:"compiled,omitempty"`
	CompiledCode string `json:"compiled_code,omitempty"`
}

// Log is a line for the user: print(), log(), warnings.
type Log struct {
	Level string  `json:"level"` // debug, info, warn, error
	Node  node.ID `json:"node,omitempty"`
	Text  string  `json:"text"`
}

// Interrupted says that a signal came, or that --fail-fast stopped the run; what runs is being cancelled.
type Interrupted struct {
	By string `json:"by"` // "interrupt", "terminated", "fail-fast"
	// Running are the nodes that were asked to stop.
	Running []node.ID `json:"running,omitempty"`
}

// RunFinished is the last record of a run that came to its end.
type RunFinished struct {
	Elapsed     time.Duration `json:"elapsed"`
	Interrupted string        `json:"interrupted,omitempty"`
}

func (RunStarted) kind() string       { return "run_started" }
func (NodeStarted) kind() string      { return "node_started" }
func (BatchStarted) kind() string     { return "batch_started" }
func (BatchFinished) kind() string    { return "batch_finished" }
func (Retrying) kind() string         { return "retrying" }
func (Notice) kind() string           { return "notice" }
func (NodeFinished) kind() string     { return "node_finished" }
func (IntervalStarted) kind() string  { return "interval_started" }
func (IntervalFinished) kind() string { return "interval_finished" }
func (Log) kind() string              { return "log" }
func (Interrupted) kind() string      { return "interrupted" }
func (RunFinished) kind() string      { return "run_finished" }

// Durable says whether the record must be on stable storage before the run goes on: it announces an act that cannot be taken
// back, or it is the last.
func Durable(b Body) bool {
	switch b := b.(type) {
	case BatchStarted:
		return b.Work.Phase == plan.Publish
	case RunFinished:
		return true
	}
	return false
}

type envelope struct {
	Seq  int64           `json:"seq"`
	At   time.Time       `json:"at"`
	Type string          `json:"type"`
	Body json.RawMessage `json:"body"`
}

// MarshalJSON writes the record with the name of its type.
func (r Record) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Seq  int64     `json:"seq"`
		At   time.Time `json:"at"`
		Type string    `json:"type"`
		Body Body      `json:"body"`
	}{r.Seq, r.At, r.Body.kind(), r.Body})
}

// UnmarshalJSON reads what MarshalJSON wrote. A type that this version does not know is an error.
func (r *Record) UnmarshalJSON(data []byte) error {
	var e envelope
	if err := json.Unmarshal(data, &e); err != nil {
		return err
	}
	decode, known := decoders[e.Type]
	if !known {
		return fmt.Errorf("unknown type of record %q", e.Type)
	}
	body, err := decode(e.Body)
	if err != nil {
		return fmt.Errorf("record %d (%s): %w", e.Seq, e.Type, err)
	}
	*r = Record{Seq: e.Seq, At: e.At, Body: body}
	return nil
}

var decoders = map[string]func([]byte) (Body, error){
	"run_started":       decode[RunStarted],
	"node_started":      decode[NodeStarted],
	"batch_started":     decode[BatchStarted],
	"batch_finished":    decode[BatchFinished],
	"retrying":          decode[Retrying],
	"notice":            decode[Notice],
	"node_finished":     decode[NodeFinished],
	"interval_started":  decode[IntervalStarted],
	"interval_finished": decode[IntervalFinished],
	"log":               decode[Log],
	"interrupted":       decode[Interrupted],
	"run_finished":      decode[RunFinished],
}

func decode[T Body](data []byte) (Body, error) {
	var body T
	err := json.Unmarshal(data, &body)
	return body, err
}

// NodeOf is the node that a record is about, "" if it is about the run.
func NodeOf(b Body) node.ID {
	switch b := b.(type) {
	case NodeStarted:
		return b.Node
	case NodeFinished:
		return b.Node
	case BatchStarted:
		return b.Node
	case BatchFinished:
		return b.Node
	case Retrying:
		return b.Node
	case Log:
		return b.Node
	}
	return ""
}
