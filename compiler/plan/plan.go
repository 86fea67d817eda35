// Package plan says what a run will do before it does it: steps, their batches of statements, and what must be looked at first.
//
// A plan is the border between the compiler, which decides, and the runner, which acts. It is plain data that survives JSON, so
// that it can be printed, saved, compared and carried to another machine; every statement names the node it serves, what it is
// for and why it is there. Nothing in here knows an engine: the text of statements is already spelled for one.
package plan

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/node"
)

// Version is the version of the plan's JSON form; a plan of another version is refused.
const Version = 1

// Plan is everything a run does. Steps stand in an order in which they could run one by one.
type Plan struct {
	Version int `json:"version"`
	// Setup holds what is done before the first hook: creating schemas.
	Setup []Batch `json:"setup,omitempty"`
	// OnRunStart and OnRunEnd are the project's hooks, one step each, run one after another.
	OnRunStart []Step `json:"on_run_start,omitempty"`
	Steps      []Step `json:"steps"`
	OnRunEnd   []Step `json:"on_run_end,omitempty"`
	// Observed is what the plan was made on.
	Observed Observed `json:"observed"`
	// Comment is put to statements that belong to no step.
	Comment Comment `json:"comment,omitzero"`
}

// Comment is a text that the runner puts to each statement as it sends it, so that an engine's own log says whose it is.
type Comment struct {
	Text string `json:"text,omitempty"`
	// Append puts it behind the statement instead of before it.
	Append bool `json:"append,omitempty"`
	// Line makes it a comment of one line, for engines that do not take others everywhere; statements that begin with one of Never get none.
	Line  bool     `json:"line,omitempty"`
	Never []string `json:"never,omitempty"`
}

// Add puts the comment to a statement. before is how many bytes then stand in front of it.
func (c Comment) Add(sql string) (out string, before int) {
	start := strings.ToLower(strings.TrimLeft(sql, " \t\r\n"))
	if c.Text == "" || slices.ContainsFunc(c.Never, func(word string) bool { return strings.HasPrefix(start, word) }) {
		return sql, 0
	}
	text := "/* " + c.Text + " */"
	if c.Line {
		text = "-- /* " + strings.ReplaceAll(strings.TrimSpace(c.Text), "\n", " ") + " */"
	}
	if !c.Append {
		return text + "\n" + sql, len(text) + 1
	}
	sql = strings.TrimRight(sql, " \t\r\n")
	body, ended := strings.CutSuffix(sql, ";")
	if ended && !c.Line {
		return body + "\n" + text + ";", 0
	}
	return body + "\n" + text, 0
}

// Step is one node of the plan.
type Step struct {
	Node            node.ID   `json:"node"`
	Kind            node.Kind `json:"kind"`
	Materialization string    `json:"materialization,omitempty"`
	// Engine is the name of the engine that runs the step; empty is the target's default.
	Engine string `json:"engine,omitempty"`
	// Settings go to the engine with each batch of the step, by the engine's own names ("work_group"); nil for none.
	Settings map[string]string `json:"settings,omitempty"`
	// Parents are the steps of this plan that must have ended before this one begins, in stable order. A parent that failed
	// takes its children with it.
	Parents []node.ID `json:"parents,omitempty"`

	Label Label `json:"label"`
	// Comment is put to each statement that is sent for the step.
	Comment Comment `json:"comment,omitzero"`
	// CompiledCode is what the author wrote, rendered; Compiled says that there is such a text. A late step gets it when it runs.
	Compiled     bool   `json:"compiled"`
	CompiledCode string `json:"compiled_code,omitempty"`

	// Batches are the batches of every phase that is already determined, in the order in which they run. Recover runs when a
	// batch failed: it removes what the batches before it left behind.
	Batches []Batch `json:"batches,omitempty"`
	Recover []Batch `json:"recover,omitempty"`
	// Late says that the rest of the batches is made when the step runs, by the expander, after what Needs lists was observed.
	Late  bool          `json:"late,omitempty"`
	Needs []Observation `json:"needs,omitempty"`
	// Intervals are the batches of a microbatch model, in order. Each is expanded, run and answered for by itself.
	Intervals []Interval `json:"intervals,omitempty"`
	// Batching says how they are run.
	Batching Batching `json:"batching,omitzero"`
	// Publish says how complete a reader's view is while the step publishes.
	Publish Class `json:"publish,omitempty"`

	// Test is set for data tests: how the one row that the test's query returns becomes a status.
	Test *Test `json:"test,omitempty"`
	// Report is what the step answers instead of its statement's own response, where dbt does (a seed's "INSERT 3").
	Report *Report `json:"report,omitempty"`
	// Doubts are what was strange about the step's data when it was read; they are told if the engine does not take it.
	Doubts string `json:"doubts,omitempty"`
	// Refusal is set when the step cannot run: it fails with this, and does nothing.
	Refusal *Refusal `json:"refusal,omitempty"`
	// Silent steps (ephemeral models) take part in the order and can fail, but are not counted or shown.
	Silent bool `json:"silent,omitempty"`
	// Continue is `on_error: continue`: children run although this step failed.
	Continue bool `json:"continue,omitempty"`
}

// Batching is how the batches of a microbatch model are run.
type Batching struct {
	// Concurrent says that those between the first and the last may run at the same time.
	Concurrent bool `json:"concurrent,omitempty"`
	// Aside says that they fill a table that is built aside and takes its place when the last has ended. Replaces says that there is an
	// old one, which stays if the run is stopped.
	Aside    bool `json:"aside,omitempty"`
	Replaces bool `json:"replaces,omitempty"`
	// Earlier are the batches that the run which this one repeats has brought to a good end.
	Earlier []Interval `json:"earlier,omitempty"`
}

// Interval is a batch of a microbatch model: the half-open span of time that it replaces.
type Interval struct {
	// ID is dbt's batch id ("20240131"), Name what people are shown ("2024-01-31").
	ID    string    `json:"id"`
	Name  string    `json:"name"`
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// Label is what people are shown of a node.
type Label struct {
	Name    string `json:"name"`
	Package string `json:"package"`
	// Database, Schema and Alias are the parts of the node's relation. Lines show "schema.alias"; ShowDatabase puts the database in
	// front, as dbt does where it is not the target's own.
	Database     string `json:"database,omitempty"`
	Schema       string `json:"schema,omitempty"`
	Alias        string `json:"alias,omitempty"`
	ShowDatabase bool   `json:"show_database,omitempty"`
	// RelationName is the relation as rendered for its engine; empty if the node has none.
	RelationName string `json:"relation_name,omitempty"`
	// Path is the file the node was written in; CompiledPath where its compiled text stands, "" if nowhere.
	Path         string `json:"path,omitempty"`
	CompiledPath string `json:"compiled_path,omitempty"`
	// RunPath is where the statements sent for the node are written below target/, "" if nowhere ("run/shop/models/a.sql").
	RunPath  string `json:"run_path,omitempty"`
	Language string `json:"language,omitempty"`
	// Source is the name of the source that a table belongs to.
	Source string `json:"source,omitempty"`
	// HookName is dbt's name of an on-run hook ("shop.on-run-start.0").
	HookName string `json:"hook_name,omitempty"`
	// StoredFailures is the relation a test stores its failures in, "" if none.
	StoredFailures string `json:"stored_failures,omitempty"`
}

// Phase is a part of a step's life.
type Phase string

// The phases, in order. What is staged is not yet visible under the node's name; publishing makes it so.
const (
	Stage   Phase = "stage"
	Audit   Phase = "audit"
	Publish Phase = "publish"
	Clean   Phase = "clean"
)

// Class says what a reader can see while a step publishes.
type Class string

// The classes: one atomic act, a short gap, no promise.
const (
	Atomic Class = "atomic"
	Weak   Class = "weak"
	None   Class = "none"
)

// Batch is a list of statements for one session. Atomic batches happen wholly or not at all; BEGIN and COMMIT are never
// statements.
type Batch struct {
	Phase  Phase `json:"phase"`
	Atomic bool  `json:"atomic,omitempty"`
	// Token names one attempt at the batch. Who sends it a second time because the answer was lost gets the answer of the first from an
	// engine with request tokens; an attempt after a failure in which nothing was done has another. It is in the journal before the batch
	// is sent, so that a later run can ask what became of it.
	Token string `json:"token,omitempty"`
	// Settings are how the engine is to run the batch, beside its statements; the runner gives a batch of a step the step's.
	Settings map[string]string `json:"settings,omitempty"`
	// Again says that a batch of several statements can be sent a second time after a failure that passes: they remove what an attempt has
	// left, or find it done.
	Again bool `json:"again,omitempty"`
	// Upkeep is work on what is published and complete: if it fails, that is told, and the step goes on.
	Upkeep     bool        `json:"upkeep,omitempty"`
	Statements []Statement `json:"statements"`
}

// Purpose is what a statement is for.
type Purpose string

// The purposes of statements.
const (
	CreateSchema Purpose = "create schema"
	Build        Purpose = "build"
	Load         Purpose = "load"
	Swap         Purpose = "swap"
	Drop         Purpose = "drop"
	Change       Purpose = "change"
	Describe     Purpose = "describe"
	RunTest      Purpose = "test"
	Hook         Purpose = "hook"
	Query        Purpose = "query"
)

// Statement is one statement as the engine gets it: text of SQL, or an act.
type Statement struct {
	SQL string `json:"sql"`
	// Act stands in place of SQL for what an engine does by a call.
	Act     *Act    `json:"act,omitempty"`
	Node    node.ID `json:"node,omitempty"`
	Purpose Purpose `json:"purpose"`
	// Cause says in a few words why the statement is there ("the table exists as a view").
	Cause string `json:"cause,omitempty"`
	// Main marks the statement whose answer is the step's answer.
	Main bool `json:"main,omitempty"`
	// Fetch asks for the rows: for the first Limit of them, for all if that is 0.
	Fetch bool `json:"fetch,omitempty"`
	Limit int  `json:"limit,omitempty"`
	// Late is set for a hook that asks the engine: its text, empty until then, is rendered when the run comes to it, after what stands
	// before it in the batch was done.
	Late *LateHook `json:"late,omitempty"`
	// Split says how the statement's work is done in several, should it write more partitions than the engine lets one statement write.
	Split *Split `json:"split,omitempty"`
	// Code is the place of the node's compiled text in SQL: the offset of its first byte, and of the byte behind it. Both are 0
	// if the statement does not hold it. With it, an engine's error finds the author's line.
	CodeStart int `json:"code_start,omitempty"`
	CodeEnd   int `json:"code_end,omitempty"`
}

// Split is the work of one statement done in as many batches as its partitions need, which is known when the run comes to it. Every
// partition has a key, a number that is not negative; a batch takes the rows with keys in a range.
type Split struct {
	// Force says that the one statement is not tried first.
	Force bool `json:"force,omitempty"`
	// Limit is the most keys of a batch.
	Limit int `json:"limit"`
	// Before prepares; Keys then asks for the keys, in rising order.
	Before []Statement `json:"before,omitempty"`
	Keys   Statement   `json:"keys"`
	// Columns, if it is there, is a query whose columns but the last Extra are those of the rows. Quote is what stands around their names.
	Columns *Statement `json:"columns,omitempty"`
	Extra   int        `json:"extra,omitempty"`
	Quote   string     `json:"quote,omitempty"`
	// First are the statements of the first batch, Next those of every other one: SplitFrom and SplitTo stand for the range, SplitNumber for the
	// number of the batch, SplitColumns for the rows' columns. A batch of several statements first removes what an attempt has left.
	First []Statement `json:"first"`
	Next  []Statement `json:"next"`
	After []Statement `json:"after,omitempty"`
}

// What stands in the statements of a split for what is known when they are sent: the first and the last key of the batch, its number, and
// the names of the rows' columns.
const (
	SplitFrom    = "{from}"
	SplitTo      = "{to}"
	SplitNumber  = "{number}"
	SplitColumns = "{columns}"
)

// At is a statement of a batch of a split, for a range of keys.
func (s Statement) At(from, to int64, number int, columns string) Statement {
	fill := strings.NewReplacer(SplitFrom, strconv.FormatInt(from, 10), SplitTo, strconv.FormatInt(to, 10), SplitNumber, strconv.Itoa(number), SplitColumns, columns)
	s.SQL = fill.Replace(s.SQL)
	if s.Act != nil {
		a := *s.Act
		a.Place = fill.Replace(a.Place)
		s.Act = &a
	}
	return s
}

// LateHook names a hook of the statement's node: the config that lists it ("pre-hook", "post-hook") and its place there, from 0.
type LateHook struct {
	Config string `json:"config"`
	Index  int    `json:"index"`
}

// Test turns the row (failures, should_warn, should_error) into a status.
type Test struct {
	Severity string `json:"severity"`
	WarnIf   string `json:"warn_if"`
	ErrorIf  string `json:"error_if"`
}

// NoOp is the message of a step that found nothing to do; it has no answer of an engine.
const NoOp = "No-op"

// Report is a fixed answer: dbt's adapter_response of a statement that the adapter did not run as one.
type Report struct {
	Message      string `json:"message"`
	Code         string `json:"code,omitempty"`
	RowsAffected *int64 `json:"rows_affected,omitempty"`
}

// Refusal is why a step cannot run: a code of package diag and the sentence, as run_results.json shows it.
type Refusal struct {
	Code    string `json:"code,omitempty"`
	Message string `json:"message"`
}
