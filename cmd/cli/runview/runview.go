// Package runview turns the records of a run into the lines that dbt prints for one.
//
// People, scripts and schedulers read these lines, so they are dbt's to the letter. The view is a function of the records alone:
// it may be fed while a run goes on, or with the journal of one that died.
package runview

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/event"
)

// Level is how much a line matters.
type Level uint8

// The levels, in dbt's sense.
const (
	Debug Level = iota
	Info
	Warn
	Error
)

// Line is one line of output; Text may hold line breaks.
type Line struct {
	At    time.Time
	Level Level
	Text  string
	// Node is the node that the line is about, if it is about one; Thread the thread that worked on it.
	Node   node.ID
	Thread string
	// Name and Code are dbt's name and code of the event that the line tells of; Data makes the event's fields.
	Name, Code string
	Data       func() map[string]any
}

// Options is how lines look.
type Options struct {
	Color bool
	// Width is how long the dotted part of a line is; 0 means dbt's 80.
	Width int
	// NodeInfo makes the constant part of dbt's node_info; nil leaves only what the records say.
	NodeInfo func(node.ID) map[string]any
	// Show is which of the lines there are.
	Show Show
	// Statements asks for lines of level Debug on every statement sent.
	Statements bool
}

// Show is what a command shows of its run.
type Show uint8

// What is shown: everything; how old sources are; the counts alone (clone); nothing but what is said on the way (run-operation).
const (
	Everything Show = iota
	Sources
	Counts
	Nothing
)

// View makes lines; feed it the records in order.
type View struct {
	o        Options
	results  []event.NodeFinished
	silent   map[node.ID]event.NodeFinished
	sawHooks map[string]bool
	lines    []Line
	at       time.Time
	// begun and executing say when nodes began and that they have sent something.
	begun     map[node.ID]time.Time
	executing map[node.ID]bool
	threadOf  map[node.ID]string
}

// New makes a view.
func New(o Options) *View {
	if o.Width == 0 {
		o.Width = 80
	}
	return &View{o: o, silent: map[node.ID]event.NodeFinished{}, sawHooks: map[string]bool{}, begun: map[node.ID]time.Time{}, executing: map[node.ID]bool{}, threadOf: map[node.ID]string{}}
}

// Nothing gives the lines that end a run for which nothing was selected.
func (v *View) Nothing() []Line {
	v.lines = nil
	v.Summary(false)
	return v.lines
}

// Feed takes the next record and answers the lines that it gives.
func (v *View) Feed(r event.Record) []Line {
	v.lines, v.at = nil, r.At
	switch b := r.Body.(type) {
	case event.RunStarted:
		if v.o.Show == Nothing {
			return nil
		}
		v.add(Info, "", "")
		v.add(Info, "", fmt.Sprintf("Concurrency: %d threads (target='%s')", b.Threads, b.Target))
		v.is("ConcurrencyLine", "Q027", func() map[string]any {
			return map[string]any{"node_count": b.Nodes, "num_threads": b.Threads, "target_name": b.Target}
		})
		v.add(Info, "", "")
	case event.IntervalStarted:
		v.intervalStarted(b)
	case event.IntervalFinished:
		v.intervalFinished(b)
	case event.NodeStarted:
		v.begun[b.Node], v.threadOf[b.Node] = r.At, b.Thread
		v.nodeEvent(b, "NodeStart", "Q024", "Began running node ", "started")
		v.started(b)
		if !b.Skipping {
			v.nodeEvent(b, "NodeCompiling", "Q030", "Began compiling node ", "compiling")
		}
	case event.BatchStarted:
		v.sent(b)
	case event.BatchFinished:
		v.answered(b)
	case event.NodeFinished:
		v.finished(b)
		v.closed(b)
	case event.Retrying:
		v.add(Warn, b.Node, fmt.Sprintf("retry %d after %s: %s (%s)", b.Attempt, b.Wait.Round(time.Millisecond), firstLine(b.Message), b.Class))
	case event.Notice:
		v.notice(b)
	case event.Log:
		v.add(level(b.Level), b.Node, b.Text)
	case event.Interrupted:
		for _, n := range b.Running {
			v.add(Error, n, v.fancy("CANCEL query "+string(n), v.paint(red, "CANCEL"), 0, 0, -1, false))
		}
		if n := len(v.results); b.By == "fail-fast" && n > 0 {
			v.failure(v.results[n-1], true)
		}
	case event.RunFinished:
		v.end(b)
	}
	return v.lines
}

func (v *View) add(l Level, n node.ID, text string) {
	line := Line{At: v.at, Level: l, Text: text, Node: n, Thread: v.threadOf[n]}
	if text == "" {
		line.Name, line.Code = "Formatting", "Z017"
	}
	v.lines = append(v.lines, line)
}

func (v *View) started(b event.NodeStarted) {
	if v.o.Show >= Counts || b.Silent || b.Skipping || b.Kind == node.Exposure || b.Kind == node.SavedQuery {
		return
	}
	if b.HookOf != "" {
		if b.HookOf == "on-run-end" && !v.sawHooks[b.HookOf] {
			v.add(Info, "", "")
		}
		v.sawHooks[b.HookOf] = true
		v.add(Info, b.Node, v.fancy("START hook: "+b.Label.HookName, "RUN", b.Index, b.Total, -1, true))
		v.is("LogHookStartLine", "Q032", func() map[string]any {
			return map[string]any{"statement": b.Label.HookName, "index": b.Index, "total": b.Total, "node_info": v.info(b.Node, "started", time.Time{})}
		})
		return
	}
	what := description(b.Kind, b.Materialization, b.Label)
	v.add(Info, b.Node, v.fancy("START "+what, "RUN", b.Index, b.Total, -1, false))
	v.is("LogStartLine", "Q011", func() map[string]any {
		return map[string]any{"description": what, "index": b.Index, "total": b.Total, "node_info": v.info(b.Node, "started", time.Time{})}
	})
}

func (v *View) finished(b event.NodeFinished) {
	if b.Silent {
		v.silent[b.Node] = b
		return
	}
	v.results = append(v.results, b)
	switch {
	case v.o.Show >= Counts:
	case b.Kind == node.Source:
		v.source(b)
	case b.HookOf != "":
		v.hook(b)
	case b.Status == event.Skipped && b.Index > 0:
		v.skipped(b)
	case b.Status == event.Skipped:
		// Ended without having begun: the run was stopped, and says so at its end.
	case b.Status == event.NoOp:
		v.add(Info, b.Node, v.fancy("NO-OP "+strings.ReplaceAll(string(b.Kind), "_", " ")+" "+b.Label.Name, v.paint(yellow, "NO-OP"), b.Index, b.Total, b.Elapsed, false))
		v.result(b, "LogNodeNoOpResult", "Q019", map[string]any{"description": strings.ReplaceAll(string(b.Kind), "_", " ") + " " + b.Label.Name, "status": "NO-OP"})
	case b.Kind == node.Test || b.Kind == node.UnitTest:
		v.caught(b)
		v.test(b)
	default:
		v.caught(b)
		v.built(b)
	}
}

func (v *View) hook(b event.NodeFinished) {
	word, color, l := "OK", green, Info
	switch b.Status {
	case event.Skipped:
		word, color = "SKIP", yellow
	case event.Success:
	default:
		word, color, l = "ERROR", red, Error
	}
	v.add(l, b.Node, v.fancy(word+" hook: "+b.Label.HookName, v.paint(color, word), b.Index, b.Total, b.Elapsed, true))
	v.result(b, "LogHookEndLine", "Q033", map[string]any{"statement": b.Label.HookName, "status": string(b.Status)})
	if b.HookOf == "on-run-start" && b.Index == b.Total {
		v.add(Info, "", "")
	}
}

func (v *View) skipped(b event.NodeFinished) {
	relation := b.Label.Schema + "." + b.Label.Name
	if cause, ephemeral := v.silent[b.Cause]; ephemeral {
		v.add(Error, b.Node, v.fancy("SKIP relation "+relation+" due to ephemeral model status '"+string(cause.Status)+"'",
			v.paint(red, "ERROR SKIP"), b.Index, b.Total, -1, false))
		v.result(b, "LogSkipBecauseError", "Z034", map[string]any{"schema": b.Label.Schema, "relation": b.Label.Name, "status": string(cause.Status)})
		v.failure(cause, false)
		return
	}
	what := string(b.Kind) + " " + shortName(b.Kind, b.Label)
	switch b.Kind {
	case node.Model, node.Seed, node.Snapshot:
		what = "relation " + relation
	}
	v.add(Info, b.Node, v.fancy("SKIP "+what, v.paint(yellow, "SKIP"), b.Index, b.Total, -1, false))
	v.is("SkippingDetails", "Q034", func() map[string]any {
		return map[string]any{"resource_type": string(b.Kind), "schema": b.Label.Schema, "node_name": b.Label.Name, "index": b.Index, "total": b.Total,
			"node_info": v.info(b.Node, "skipped", time.Time{})}
	})
}

func (v *View) test(b event.NodeFinished) {
	failures := int64(0)
	if b.Failures != nil {
		failures = *b.Failures
	}
	word, color, l := "PASS", green, Info
	switch b.Status {
	case event.Error:
		word, color, l = "ERROR", red, Error
	case event.Warn:
		word, color, l = fmt.Sprintf("WARN %d", failures), yellow, Warn
	case event.Fail:
		word, color, l = fmt.Sprintf("FAIL %d", failures), red, Error
	}
	v.add(l, b.Node, v.fancy(word+" "+b.Label.Name, v.paint(color, word), b.Index, b.Total, b.Elapsed, false))
	v.is("LogTestResult", "Q007", func() map[string]any {
		info := v.info(b.Node, string(b.Status), v.at)
		if b.Kind == node.UnitTest {
			info = v.told(b.Node)
		}
		return map[string]any{"name": b.Label.Name, "status": string(b.Status), "index": b.Index, "num_models": b.Total, "execution_time": b.Elapsed.Seconds(),
			"num_failures": failures, "attached_node": v.attached(b.Node), "node_info": info}
	})
}

func (v *View) built(b event.NodeFinished) {
	verbs := [2]string{"OK created", "ERROR creating"}
	what := description(b.Kind, b.Materialization, b.Label)
	switch b.Kind {
	case node.Seed:
		verbs = [2]string{"OK loaded", "ERROR loading"}
		what = "seed file " + b.Label.Schema + "." + b.Label.Alias
	case node.Snapshot:
		verbs, what = [2]string{"OK snapshotted", "ERROR snapshotting"}, relationName(b.Label)
	}
	if b.Status == event.PartialSuccess {
		v.add(Error, b.Node, v.fancy("PARTIALLY created "+what, v.paint(yellow, b.Message), b.Index, b.Total, b.Elapsed, false))
	} else if b.Status == event.Error {
		v.add(Error, b.Node, v.fancy(verbs[1]+" "+what, v.paint(red, "ERROR"), b.Index, b.Total, b.Elapsed, false))
	} else {
		v.add(Info, b.Node, v.fancy(verbs[0]+" "+what, v.paint(green, b.Message), b.Index, b.Total, b.Elapsed, false))
	}
	v.outcome(b, what)
}

func relationName(l plan.Label) string {
	if l.ShowDatabase && l.Database != "" {
		return l.Database + "." + l.Schema + "." + l.Alias
	}
	return l.Schema + "." + l.Alias
}

// description is how dbt names a node while it runs it.
func description(kind node.Kind, materialization string, l plan.Label) string {
	relation := relationName(l)
	switch kind {
	case node.Seed:
		return "seed file " + relation
	case node.Source:
		return "freshness of " + l.Source + "." + l.Name
	case node.Snapshot:
		return "snapshot " + relation
	case node.Test, node.UnitTest, node.SavedQuery, node.Exposure:
		return string(kind) + " " + l.Name
	}
	language := l.Language
	if language == "" {
		language = "sql"
	}
	return language + " " + materialization + " model " + relation
}

// end is what stands below a run: the counts, what failed, and the line that scripts look for.
func (v *View) end(b event.RunFinished) {
	switch v.o.Show {
	case Nothing:
		return
	case Counts:
		v.Summary(b.Interrupted != "")
		return
	}
	seconds := b.Elapsed.Seconds()
	whole := int64(seconds)
	v.add(Info, "", "")
	counts := v.counts()
	execution := fmt.Sprintf(" in %d hours %d minutes and %.2f seconds", whole/3600, whole%3600/60, seconds-float64(whole/60*60))
	v.add(Info, "", fmt.Sprintf("Finished running %s%s (%.2fs).", counts, execution, seconds))
	v.is("FinishedRunningStats", "E047", func() map[string]any {
		return map[string]any{"stat_line": counts, "execution": execution, "execution_time": seconds}
	})
	if cost := v.cost(); cost != "" {
		v.add(Info, "", cost)
	}
	if v.o.Show == Sources {
		v.sources()
		return
	}
	v.Summary(b.Interrupted != "")
}

// cost is what the run's queries read and what that costs, where the profile names a price.
func (v *View) cost() string {
	var all event.Usage
	queries := 0
	for _, r := range v.results {
		if r.Usage != nil {
			all.BytesScanned, all.Cost, queries = all.BytesScanned+r.Usage.BytesScanned, all.Cost+r.Usage.Cost, queries+len(r.Usage.QueryIDs)
		}
	}
	if all.Cost == 0 {
		return ""
	}
	return fmt.Sprintf("%d queries scanned %s, which costs %s by the profile's price.", queries, size(all.BytesScanned), strconv.FormatFloat(all.Cost, 'g', 3, 64))
}

// size is a number of bytes as people read it.
func size(n int64) string {
	x, unit := float64(n), 0
	for x >= 1024 && unit < 4 {
		x, unit = x/1024, unit+1
	}
	digits := min(unit, 1)
	return strconv.FormatFloat(x, 'f', digits, 64) + " " + []string{"B", "KB", "MB", "GB", "TB"}[unit]
}

// Summary adds the last part of a run's output.
func (v *View) Summary(interrupted bool) {
	var errors, warnings []event.NodeFinished
	partial := 0
	for _, r := range v.results {
		if r.Status == event.PartialSuccess {
			partial++
		}
		switch {
		case r.Status.Bad(), r.Status == event.Skipped && r.Message != "" && r.Kind != node.Exposure:
			errors = append(errors, r)
		case r.Status == event.Warn:
			warnings = append(warnings, r)
		}
	}
	v.add(Info, "", "")
	switch {
	case interrupted:
		v.add(Info, "", v.paint(yellow, "Exited because of keyboard interrupt"))
	case len(errors) > 0:
		v.add(Info, "", v.paint(red, "Completed with "+plural(len(errors)-partial, "error", "errors")+", "+plural(partial, "partial success", "partial successes")+", and "+plural(len(warnings), "warning", "warnings")+":"))
	case len(warnings) > 0:
		v.add(Info, "", v.paint(yellow, "Completed with "+plural(len(warnings), "warning", "warnings")+":"))
	default:
		v.add(Info, "", v.paint(green, "Completed successfully"))
	}
	v.is("EndOfRunSummary", "Z030", func() map[string]any {
		return map[string]any{"num_errors": len(errors) - partial, "num_warnings": len(warnings), "num_partial_success": partial, "keyboard_interrupt": interrupted}
	})
	for _, r := range errors {
		v.failure(r, true)
	}
	for _, r := range warnings {
		v.failure(r, true)
	}
	stats := map[string]int{}
	for _, r := range v.results {
		switch r.Status {
		case event.Error, event.Fail, event.PartialSuccess:
			stats["error"]++
		case event.Skipped:
			stats["skip"]++
		case event.Warn:
			stats["warn"]++
		case event.NoOp:
			stats["noop"]++
		default:
			stats["pass"]++
		}
	}
	v.add(Info, "", "")
	v.add(Info, "", fmt.Sprintf("Done. PASS=%d WARN=%d ERROR=%d SKIP=%d NO-OP=%d REUSED=0 TOTAL=%d",
		stats["pass"], stats["warn"], stats["error"], stats["skip"], stats["noop"], len(v.results)))
	v.is("StatsLine", "Z023", func() map[string]any {
		return map[string]any{"stats": map[string]any{"pass": stats["pass"], "warn": stats["warn"], "error": stats["error"], "skip": stats["skip"],
			"noop": stats["noop"], "reused": 0, "total": len(v.results)}}
	})
}

// failure says what went wrong with a node: where it is written, the message, and the text that was sent.
func (v *View) failure(r event.NodeFinished, blank bool) {
	message := func() map[string]any {
		return map[string]any{"msg": r.Message, "node_info": v.told(r.Node)}
	}
	if r.Status == event.Skipped {
		v.add(Debug, r.Node, "")
		v.add(Debug, r.Node, "  "+r.Message)
		v.is("RunResultError", "Z024", message)
		return
	}
	if blank {
		v.add(Info, "", "")
	}
	where := func() map[string]any {
		return map[string]any{"resource_type": string(r.Kind), "node_name": shortName(r.Kind, r.Label), "path": r.Label.Path, "node_info": v.told(r.Node)}
	}
	if r.Status == event.RuntimeError {
		v.add(Error, r.Node, "  "+r.Message)
		v.is("RunResultError", "Z024", message)
		return
	}
	in := fmt.Sprintf("in %s %s (%s)", r.Kind, shortName(r.Kind, r.Label), r.Label.Path)
	if r.Status == event.Warn {
		tag := "[" + v.paint(yellow, "WARNING") + "]: "
		v.add(Warn, r.Node, tag+in)
		v.is("RunResultWarning", "Z021", where)
		if r.Message != "" {
			v.add(Warn, r.Node, tag+r.Message)
			v.is("RunResultWarningMessage", "Z046", message)
		}
	} else {
		v.add(Error, r.Node, "["+v.paint(red, "ERROR")+"]"+code(r)+": "+in)
		v.is("RunResultFailure", "Z022", where)
		if r.Message != "" {
			v.add(Error, r.Node, "  "+v.highlight(r))
			v.is("RunResultError", "Z024", message)
		} else {
			v.add(Error, r.Node, "  Status: "+string(r.Status))
			v.is("RunResultErrorNoMessage", "Z025", func() map[string]any {
				return map[string]any{"status": string(r.Status), "node_info": v.told(r.Node)}
			})
		}
	}
	if r.Failure != nil && r.Failure.QueryID != "" {
		v.add(Info, r.Node, "  "+asked(*r.Failure))
	}
	if r.Failure != nil && r.Failure.Hint != "" {
		v.add(Info, r.Node, "  "+r.Failure.Hint)
	}
	if r.Compiled && r.Label.CompiledPath != "" {
		v.add(Info, "", "")
		v.add(Info, r.Node, "  compiled code at "+r.Label.CompiledPath)
		v.is("SQLCompiledPath", "Z026", func() map[string]any {
			return map[string]any{"path": r.Label.CompiledPath, "node_info": v.told(r.Node)}
		})
	}
	if stored := r.Label.StoredFailures; stored != "" {
		query := "select * from " + stored
		border := strings.Repeat("-", len(query))
		v.add(Info, "", "")
		v.add(Info, r.Node, "  See test failures:\n  "+border+"\n  "+query+"\n  "+border)
		v.is("CheckNodeTestFailure", "Z027", func() map[string]any {
			return map[string]any{"relation_name": stored, "node_info": v.told(r.Node)}
		})
	}
}

// asked says by which query of the engine a node failed, and which of its statements that was.
func asked(f event.Failure) string {
	text := "query " + f.QueryID
	if f.Statement >= 0 {
		text += fmt.Sprintf(", statement %d of its batch", f.Statement+1)
	}
	if f.Purpose != "" {
		text += " (" + string(f.Purpose) + ")"
	}
	return text
}

// shortName is a node's name; a unit test's label has its model's in front.
func shortName(kind node.Kind, l plan.Label) string {
	if kind == node.UnitTest {
		if _, name, ok := strings.Cut(l.Name, "::"); ok {
			return name
		}
	}
	return l.Name
}

// highlight is a result's message; the difference of rows that a failed unit test has for one is painted.
func (v *View) highlight(r event.NodeFinished) string {
	if r.Kind != node.UnitTest || r.Status != event.Fail || !v.o.Color {
		return r.Message
	}
	lines := strings.Split(r.Message, "\n")
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "actual differs from expected"):
			lines[i] = v.paint(green, "actual") + " differs from " + v.paint(red, "expected") + ":"
		case strings.HasPrefix(line, "+++"):
			lines[i] = v.paint(green, line)
		case strings.HasPrefix(line, "---"):
			lines[i] = v.paint(red, line)
		case strings.HasPrefix(line, "→"):
			lines[i] = v.paint(yellow, line)
		}
	}
	return strings.Join(lines, "\n")
}

// code is the code of a failure that is weft's own to explain; what an engine says is said as dbt says it.
func code(r event.NodeFinished) string {
	if r.Failure == nil || r.Failure.Code == "" || r.Failure.Class != "" {
		return ""
	}
	return "[" + r.Failure.Code + "]"
}

// counts is "2 table models, 5 data tests": kinds by name, models by materialization.
func (v *View) counts() string {
	n := map[string]int{}
	for _, r := range v.results {
		name := string(r.Kind)
		switch r.Kind {
		case node.Model:
			name = r.Materialization + " model"
		case node.Operation:
			name = "project hook"
		}
		n[name]++
	}
	names := make([]string, 0, len(n))
	for name := range n {
		names = append(names, name)
	}
	sort.Strings(names)
	for i, name := range names {
		many := name + "s"
		switch node.Kind(name) {
		case node.Test:
			many = "data_tests"
		case node.Analysis:
			many = "analyses"
		case node.SavedQuery:
			many = "saved_queries"
		}
		names[i] = strings.ReplaceAll(plural(n[name], name, many), "_", " ")
	}
	return strings.Join(names, ", ")
}

// fancy is dbt's dotted line. A negative time is left out; a total of 0 leaves out the numbers.
func (v *View) fancy(message, status string, index, total int, took time.Duration, truncate bool) string {
	prefix := message + " "
	if total > 0 {
		prefix = fmt.Sprintf("%d of %d %s", index, total, prefix)
	}
	if dots := v.o.Width - len([]rune(prefix)); dots > 0 {
		prefix += strings.Repeat(".", dots)
	}
	if cut := v.o.Width - 3; truncate && len([]rune(prefix)) > v.o.Width-3 {
		prefix = string([]rune(prefix)[:cut]) + "..."
	}
	if took >= 0 {
		status += fmt.Sprintf(" in %.2fs", took.Seconds())
	}
	return prefix + " [" + status + "]"
}

const (
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	reset  = "\x1b[0m"
)

func (v *View) paint(color, text string) string {
	if !v.o.Color {
		return text
	}
	return color + text + reset
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func level(name string) Level {
	switch name {
	case "debug":
		return Debug
	case "warn":
		return Warn
	case "error":
		return Error
	}
	return Info
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
