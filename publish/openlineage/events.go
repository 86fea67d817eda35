package openlineage

import (
	"crypto/sha1"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/lineage"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/runner/event"
)

// The URLs of what the events are made of.
const (
	specURL   = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
	facetsURL = "https://openlineage.io/spec/facets/"
	// dbtRunURL is the facet with which the integration of dbt says which invocation a run belongs to.
	dbtRunURL = "https://github.com/OpenLineage/OpenLineage/tree/main/integration/common/src/openlineage/common/schema/dbt-run-run-facet.json"
)

// The types of events: a START is followed by exactly one of the others.
const (
	Start    = "START"
	Complete = "COMPLETE"
	Fail     = "FAIL"
	Abort    = "ABORT"
)

// Event is an OpenLineage RunEvent.
type Event struct {
	EventType string    `json:"eventType"`
	EventTime string    `json:"eventTime"`
	Producer  string    `json:"producer"`
	SchemaURL string    `json:"schemaURL"`
	Run       Run       `json:"run"`
	Job       Job       `json:"job"`
	Inputs    []Dataset `json:"inputs"`
	Outputs   []Dataset `json:"outputs"`
}

// Run is one execution of a job.
type Run struct {
	ID     string         `json:"runId"`
	Facets map[string]any `json:"facets,omitempty"`
}

// Job is the command or a node.
type Job struct {
	Namespace string         `json:"namespace"`
	Name      string         `json:"name"`
	Facets    map[string]any `json:"facets,omitempty"`
}

// Dataset is what a run reads or writes.
type Dataset struct {
	Namespace    string         `json:"namespace"`
	Name         string         `json:"name"`
	Facets       map[string]any `json:"facets,omitempty"`
	InputFacets  map[string]any `json:"inputFacets,omitempty"`
	OutputFacets map[string]any `json:"outputFacets,omitempty"`
}

// Options are what the records do not say.
type Options struct {
	// Namespace is that of the jobs, "" for "dbt"; Project names the command's job.
	Namespace, Project string
	// Node tells of a node's datasets; it may be nil.
	Node func(node.ID) (lineage.Node, bool)
}

// Builder makes events of records. Feed it the records of one run in order.
type Builder struct {
	o       Options
	started event.RunStarted
	begun   bool
	// open are the nodes whose START has no end yet, order the order in which they began.
	open  map[node.ID]event.NodeStarted
	order []node.ID
	// cancelled are those that were asked to stop.
	cancelled map[node.ID]bool
	stopped   string
	bad       string
	last      time.Time
}

// New makes a builder.
func New(o Options) *Builder {
	if o.Namespace == "" {
		o.Namespace = "dbt"
	}
	return &Builder{o: o, open: map[node.ID]event.NodeStarted{}, cancelled: map[node.ID]bool{}}
}

// Feed takes the next record and answers the events that it gives.
func (b *Builder) Feed(r event.Record) []Event {
	b.last = r.At
	switch body := r.Body.(type) {
	case event.RunStarted:
		if b.begun {
			return nil
		}
		b.started, b.begun = body, true
		return []Event{b.command(Start, r.At)}
	case event.NodeStarted:
		if !b.begun || body.Silent || body.Skipping || body.HookOf != "" || !told(body.Kind) {
			return nil
		}
		if _, twice := b.open[body.Node]; twice {
			return nil
		}
		b.open[body.Node] = body
		b.order = append(b.order, body.Node)
		return []Event{b.start(body, r.At)}
	case event.NodeFinished:
		return b.finished(body, r.At)
	case event.Interrupted:
		b.stopped = body.By
		for _, n := range body.Running {
			b.cancelled[n] = true
		}
	case event.RunFinished:
		if body.Interrupted != "" {
			b.stopped = body.Interrupted
		}
		return b.end(r.At)
	}
	return nil
}

// Close ends what the records left open: the run stopped without saying so. After a run that came to its end there is nothing.
func (b *Builder) Close() []Event {
	if !b.begun {
		return nil
	}
	out := b.abandon(b.last)
	b.begun = false
	return append(out, b.command(Abort, b.last))
}

// told says whether a kind of node has events: exposures and saved queries do nothing, and on-run hooks are parts of the command.
func told(k node.Kind) bool {
	switch k {
	case node.Model, node.Seed, node.Snapshot, node.Test, node.UnitTest:
		return true
	}
	return false
}

func (b *Builder) finished(f event.NodeFinished, at time.Time) []Event {
	_, open := b.open[f.Node]
	if f.Status.Bad() && (f.Silent || f.HookOf != "" || !b.cancelled[f.Node]) && b.bad == "" {
		b.bad = f.Message
		if b.bad == "" {
			b.bad = string(f.Node) + ": " + string(f.Status)
		}
	}
	if !open {
		return nil
	}
	delete(b.open, f.Node)
	kind := Complete
	switch {
	case f.Status == event.Skipped, f.Status == event.Error && b.cancelled[f.Node]:
		kind = Abort
	case f.Status.Bad():
		kind = Fail
	}
	return []Event{b.ended(kind, f, at)}
}

// end is the end of the command, after the end of whatever has none.
func (b *Builder) end(at time.Time) []Event {
	if !b.begun {
		return nil
	}
	out := b.abandon(at)
	b.begun = false
	switch {
	case b.stopped != "" && b.stopped != "fail-fast":
		return append(out, b.command(Abort, at))
	case b.bad != "":
		e := b.command(Fail, at)
		e.Run.Facets["errorMessage"] = b.errorMessage(b.bad)
		return append(out, e)
	}
	return append(out, b.command(Complete, at))
}

func (b *Builder) abandon(at time.Time) (out []Event) {
	for _, id := range b.order {
		if s, open := b.open[id]; open {
			delete(b.open, id)
			e := b.start(s, at)
			e.EventType = Abort
			out = append(out, e)
		}
	}
	return out
}

func (b *Builder) command(kind string, at time.Time) Event {
	return b.event(kind, at, Run{ID: RunID(b.started.Invocation, ""), Facets: b.runFacets()},
		Job{Namespace: b.o.Namespace, Name: b.commandName(), Facets: map[string]any{"jobType": b.jobType("JOB")}})
}

// commandName is the name that the integration of dbt gives the job of a whole command.
func (b *Builder) commandName() string { return "dbt-run-" + b.o.Project }

func (b *Builder) event(kind string, at time.Time, run Run, job Job) Event {
	return Event{EventType: kind, EventTime: at.UTC().Format("2006-01-02T15:04:05.000000Z"), Producer: b.producer(), SchemaURL: specURL,
		Run: run, Job: job, Inputs: []Dataset{}, Outputs: []Dataset{}}
}

// start is the event of a node that has begun.
func (b *Builder) start(s event.NodeStarted, at time.Time) Event {
	e, _ := b.node(Start, s.Node, s.Kind, at)
	return e
}

// node is an event of a node with its datasets.
func (b *Builder) node(kind string, id node.ID, k node.Kind, at time.Time) (Event, lineage.Node) {
	run := Run{ID: RunID(b.started.Invocation, id), Facets: b.runFacets()}
	parent := map[string]any{"run": map[string]any{"runId": RunID(b.started.Invocation, "")},
		"job": map[string]any{"namespace": b.o.Namespace, "name": b.commandName()}}
	root := map[string]any{"run": parent["run"], "job": parent["job"]}
	parent["root"] = root
	run.Facets["parent"] = b.facet("1-2-0/ParentRunFacet", parent)
	e := b.event(kind, at, run, Job{Namespace: b.o.Namespace, Name: string(id), Facets: map[string]any{"jobType": b.jobType(jobTypes[k])}})
	var place lineage.Node
	if b.o.Node != nil {
		place, _ = b.o.Node(id)
	}
	for _, in := range place.Inputs {
		e.Inputs = append(e.Inputs, b.dataset(in))
	}
	if place.Output != nil {
		e.Outputs = append(e.Outputs, b.dataset(*place.Output))
	}
	return e, place
}

var jobTypes = map[node.Kind]string{node.Model: "MODEL", node.Seed: "SEED", node.Snapshot: "SNAPSHOT", node.Test: "TEST", node.UnitTest: "UNIT_TEST"}

// ended is the event of a node that has ended.
func (b *Builder) ended(kind string, f event.NodeFinished, at time.Time) Event {
	e, place := b.node(kind, f.Node, f.Kind, at)
	if f.Compiled && strings.TrimSpace(f.CompiledCode) != "" {
		e.Job.Facets["sql"] = b.facet("1-1-0/SQLJobFacet", map[string]any{"query": f.CompiledCode, "dialect": b.started.Adapter})
	}
	if kind == Fail {
		message := f.Message
		if message == "" {
			message = string(f.Node) + ": " + string(f.Status)
		}
		e.Run.Facets["errorMessage"] = b.errorMessage(message)
	}
	if t := place.Test; t != nil && t.Of >= 0 && kind != Abort && f.Status != event.Error {
		e.Inputs[t.Of].InputFacets = map[string]any{"dataQualityAssertions": b.assertion(*t, f)}
	}
	if r := f.Response; len(e.Outputs) > 0 && kind == Complete && r != nil && r.RowsAffected != nil && *r.RowsAffected >= 0 && f.Materialization != "view" {
		e.Outputs[0].OutputFacets = map[string]any{"outputStatistics": b.facet("1-0-2/OutputStatisticsOutputDatasetFacet", map[string]any{"rowCount": *r.RowsAffected})}
	}
	return e
}

func (b *Builder) assertion(t lineage.Assertion, f event.NodeFinished) map[string]any {
	a := map[string]any{"assertion": t.Name, "name": string(f.Node), "success": f.Status == event.Pass, "severity": t.Severity, "expected": "0"}
	if t.Column != "" {
		a["column"] = t.Column
	}
	if f.Failures != nil {
		a["actual"] = strconv.FormatInt(*f.Failures, 10)
	}
	return b.facet("1-1-0/DataQualityAssertionsDatasetFacet", map[string]any{"assertions": []any{a}})
}

func (b *Builder) dataset(d lineage.Dataset) Dataset {
	out := Dataset{Namespace: d.Namespace, Name: d.Name, Facets: map[string]any{
		"dataSource": b.facet("1-0-1/DatasourceDatasetFacet", map[string]any{"name": d.Namespace, "uri": d.Namespace}),
	}}
	if d.Description != "" {
		out.Facets["documentation"] = b.facet("1-1-0/DocumentationDatasetFacet", map[string]any{"description": d.Description})
	}
	if len(d.Columns) > 0 {
		fields := make([]any, len(d.Columns))
		for i, c := range d.Columns {
			field := map[string]any{"name": c.Name, "ordinal_position": i + 1}
			if c.Type != "" {
				field["type"] = c.Type
			}
			if c.Description != "" {
				field["description"] = c.Description
			}
			fields[i] = field
		}
		out.Facets["schema"] = b.facet("1-2-0/SchemaDatasetFacet", map[string]any{"fields": fields})
	}
	return out
}

func (b *Builder) runFacets() map[string]any {
	dbt := b.facet("", map[string]any{"invocation_id": b.started.Invocation})
	dbt["_schemaURL"] = dbtRunURL
	return map[string]any{
		"dbt_run":           dbt,
		"processing_engine": b.facet("1-1-1/ProcessingEngineRunFacet", map[string]any{"name": "weft", "version": b.started.Version, "openlineageAdapterVersion": b.started.Version}),
	}
}

func (b *Builder) jobType(kind string) map[string]any {
	return b.facet("2-0-4/JobTypeJobFacet", map[string]any{"processingType": "BATCH", "integration": "DBT", "jobType": kind})
}

func (b *Builder) errorMessage(text string) map[string]any {
	return b.facet("1-0-1/ErrorMessageRunFacet", map[string]any{"message": text, "programmingLanguage": "SQL"})
}

// facet adds to a facet who made it and what it is: "1-1-0/SQLJobFacet" is a version and a name.
func (b *Builder) facet(of string, fields map[string]any) map[string]any {
	_, name, _ := strings.Cut(of, "/")
	fields["_producer"], fields["_schemaURL"] = b.producer(), facetsURL+of+".json#/$defs/"+name
	return fields
}

func (b *Builder) producer() string {
	return "https://github.com/weft-data/weft/tree/" + b.started.Version
}

// RunID is the id of a node's run, or with "" of the command's: the same for the same invocation and node (a UUID of version 5).
func RunID(invocation string, id node.ID) string {
	h := sha1.New()
	h.Write([]byte("weft openlineage\x00" + invocation + "\x00" + string(id)))
	u := h.Sum(nil)[:16]
	u[6], u[8] = u[6]&0x0f|0x50, u[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// Line is the event as a line of a file, with its end.
func (e Event) Line() ([]byte, error) {
	data, err := json.Marshal(e)
	return append(data, '\n'), err
}
