package openlineage

import (
	"fmt"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/event"
)

// batch names a batch of statements under way.
type batch struct {
	node           node.ID
	batch, attempt int
}

// sent is a batch and when it was sent.
type sent struct {
	at   time.Time
	work []plan.Statement
}

// send notes a batch. Its statements have no events yet: when each of them began is known once the engine has answered.
func (b *Builder) send(s event.BatchStarted, at time.Time) {
	if _, open := b.open[string(s.Node)]; open && b.o.Statements {
		b.statements[batch{s.Node, s.Batch, s.Attempt}] = sent{at, s.Work.Statements}
	}
}

// answered gives each statement that ran a run of its own, with both its events: those that succeeded, and the one that failed.
func (b *Builder) answered(f event.BatchFinished, at time.Time) (out []Event) {
	key := batch{f.Node, f.Batch, f.Attempt}
	s, known := b.statements[key]
	if !known {
		return nil
	}
	delete(b.statements, key)
	from := s.at
	for i, st := range s.work {
		failed := f.Failure != nil && f.Failure.Statement == i
		if i >= len(f.Results) && !failed {
			break
		}
		kind, to, query := Complete, at, ""
		if i < len(f.Results) {
			if to, query = from.Add(f.Results[i].Elapsed), f.Results[i].QueryID; to.After(at) {
				to = at
			}
		}
		b.counted[f.Node]++
		start := b.statement(Start, f.Node, b.counted[f.Node], st.Shown(), from)
		end := b.statement(kind, f.Node, b.counted[f.Node], st.Shown(), to)
		if failed {
			end.EventType, query = Fail, f.Failure.QueryID
			end.Run.Facets["errorMessage"] = b.errorMessage(f.Failure.Message)
			if b.cancelled[f.Node] {
				end.EventType = Abort
			}
		}
		if query != "" {
			end.Run.Facets["externalQuery"] = b.externalQuery(query, b.started.Adapter)
		}
		out = append(out, start, end)
		if from = to; failed {
			break
		}
	}
	return out
}

// statement is an event of a node's n-th statement.
func (b *Builder) statement(kind string, id node.ID, n int, sql string, at time.Time) Event {
	name := fmt.Sprintf("%s.sql.%d", id, n)
	run := Run{ID: runID(b.started.Invocation, name), Facets: b.runFacets()}
	run.Facets["parent"] = b.parent(runRef{b.o.Namespace, string(id), RunID(b.started.Invocation, id)})
	return b.event(kind, at, run, Job{Namespace: b.o.Namespace, Name: name, Facets: map[string]any{
		"jobType": b.jobType("SQL"), "sql": b.facet("1-1-0/SQLJobFacet", map[string]any{"query": sql, "dialect": b.started.Adapter}),
	}})
}

// ofInterval turns an event of a microbatch model into one of a batch of it: a run of the model's run, of a job of its own, whose nominal
// time is the batch's.
func (b *Builder) ofInterval(e *Event, i event.IntervalStarted) {
	id := i.Node
	e.Run.ID = runID(b.started.Invocation, openRun{id: id, interval: &i}.key())
	e.Run.Facets["parent"] = b.parent(runRef{b.o.Namespace, string(id), RunID(b.started.Invocation, id)})
	e.Run.Facets["nominalTime"] = b.nominalTime(i.Interval, i.Interval)
	e.Job.Name = string(id) + ".batch"
	e.node = ""
	for n := range e.Outputs { // what was made of the table is said once, by the model
		delete(e.Outputs[n].Facets, "lifecycleStateChange")
		delete(e.Outputs[n].Facets, "dbt_exposures")
	}
}

func (b *Builder) nominalTime(first, last plan.Interval) map[string]any {
	return b.facet("1-0-1/NominalTimeRunFacet", map[string]any{"nominalStartTime": first.Start.UTC().Format(time.RFC3339), "nominalEndTime": last.End.UTC().Format(time.RFC3339)})
}

// span are the batches that reach furthest back and furthest forward.
func span(list []plan.Interval) (first, last plan.Interval) {
	first, last = list[0], list[0]
	for _, i := range list[1:] {
		if i.Start.Before(first.Start) {
			first = i
		}
		if i.End.After(last.End) {
			last = i
		}
	}
	return first, last
}

// alters says that a batch changes what a table is like, and not only its rows.
func alters(b plan.Batch) bool {
	for _, s := range b.Statements {
		if s.Purpose == plan.Change && len(s.SQL) > len(alterTable) && strings.EqualFold(s.SQL[:len(alterTable)], alterTable) {
			return true
		}
	}
	return false
}

const alterTable = "alter table"
