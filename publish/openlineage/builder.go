package openlineage

import (
	"fmt"
	"slices"
	"time"

	"github.com/weft-data/weft/compiler/lineage"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/runner/event"
)

// Builder makes events of records. Feed it the records of one run in order.
type Builder struct {
	o       Options
	started event.RunStarted
	begun   bool
	// open are the runs of nodes and of batches of microbatch models that have no end yet, order the order in which they began.
	open  map[string]openRun
	order []string
	// batches are the runs of batches of nodes that are open.
	batches map[node.ID][]string
	// statements are the batches of statements under way, counted how many statements each node has sent.
	statements map[batch]sent
	counted    map[node.ID]int
	// cancelled are the nodes that were asked to stop.
	cancelled map[node.ID]bool
	// altered are the nodes that have changed the columns of their tables.
	altered map[node.ID]bool
	stopped string
	bad     string
	last    time.Time
}

// openRun is a run that has begun: of a node, or of one batch of it.
type openRun struct {
	id       node.ID
	kind     node.Kind
	interval *event.IntervalStarted
}

// New makes a builder.
func New(o Options) *Builder {
	if o.Namespace == "" {
		o.Namespace = "dbt"
	}
	return &Builder{o: o, open: map[string]openRun{}, batches: map[node.ID][]string{}, statements: map[batch]sent{}, counted: map[node.ID]int{}, cancelled: map[node.ID]bool{}, altered: map[node.ID]bool{}}
}

// Feed takes the next record and answers the events that it gives.
func (b *Builder) Feed(r event.Record) []Event {
	b.last = r.At
	if first, ok := r.Body.(event.RunStarted); ok && !b.begun {
		b.started, b.begun = first, true
		return []Event{b.command(Start, r.At)}
	}
	if !b.begun {
		return nil
	}
	switch body := r.Body.(type) {
	case event.NodeStarted:
		if body.Silent || body.HookOf != "" || !told(body.Kind) {
			return nil
		}
		return b.begin(openRun{id: body.Node, kind: body.Kind}, r.At)
	case event.IntervalStarted:
		if _, open := b.open[string(body.Node)]; open {
			return b.begin(openRun{id: body.Node, kind: body.Node.Kind(), interval: &body}, r.At)
		}
	case event.IntervalFinished:
		return b.intervalFinished(body, r.At)
	case event.BatchStarted:
		if alters(body.Work) {
			b.altered[body.Node] = true
		}
		b.send(body, r.At)
	case event.BatchFinished:
		return b.answered(body, r.At)
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
	out := b.abandon(b.order, b.last)
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

func (o openRun) key() string {
	if o.interval == nil {
		return string(o.id)
	}
	return fmt.Sprintf("%s.batch.%d", o.id, o.interval.Index)
}

func (b *Builder) begin(o openRun, at time.Time) []Event {
	key := o.key()
	if _, twice := b.open[key]; twice {
		return nil
	}
	b.open[key] = o
	b.order = append(b.order, key)
	if o.interval != nil {
		b.batches[o.id] = append(b.batches[o.id], key)
	}
	return []Event{b.of(Start, o, at)}
}

// of is an event of a run as it stands without an outcome.
func (b *Builder) of(kind string, o openRun, at time.Time) Event {
	e, _ := b.node(kind, o.id, o.kind, at)
	if o.interval != nil {
		b.ofInterval(&e, *o.interval)
	}
	return e
}

func (b *Builder) finished(f event.NodeFinished, at time.Time) []Event {
	o, open := b.open[string(f.Node)]
	if f.Status.Bad() && (f.Silent || f.HookOf != "" || !b.cancelled[f.Node]) && b.bad == "" {
		b.bad = f.Message
		if b.bad == "" {
			b.bad = string(f.Node) + ": " + string(f.Status)
		}
	}
	if !open {
		return nil
	}
	out := b.abandon(b.batches[f.Node], at)
	delete(b.open, o.key())
	delete(b.batches, f.Node)
	kind := b.verdict(f.Node, f.Status)
	e, place := b.node(kind, f.Node, f.Kind, at)
	b.outcome(&e, f, place)
	return append(out, e)
}

// verdict is the type of the event that ends a run with such a status.
func (b *Builder) verdict(id node.ID, s event.Status) string {
	switch {
	case s == event.Skipped, s == event.Error && b.cancelled[id]:
		return Abort
	case s.Bad():
		return Fail
	}
	return Complete
}

func (b *Builder) intervalFinished(f event.IntervalFinished, at time.Time) []Event {
	begun := event.IntervalStarted{Node: f.Node, Interval: f.Interval, Index: f.Index}
	o := openRun{id: f.Node, interval: &begun}
	o, open := b.open[o.key()]
	if !open {
		return nil
	}
	delete(b.open, o.key())
	kind := b.verdict(f.Node, f.Status)
	e := b.of(kind, o, at)
	if kind == Fail {
		e.Run.Facets["errorMessage"] = b.errorMessage(f.Message)
	}
	return []Event{e}
}

// end is the end of the command, after the end of whatever has none.
func (b *Builder) end(at time.Time) []Event {
	out := b.abandon(b.order, at)
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

// abandon ends these runs if they are open. What began last ends first.
func (b *Builder) abandon(keys []string, at time.Time) (out []Event) {
	for _, key := range slices.Backward(keys) {
		if o, open := b.open[key]; open {
			delete(b.open, key)
			out = append(out, b.of(Abort, o, at))
		}
	}
	return out
}

func (b *Builder) command(kind string, at time.Time) Event {
	run := Run{ID: RunID(b.started.Invocation, ""), Facets: b.runFacets()}
	if p := b.o.Parent; p != nil {
		run.Facets["parent"] = b.parent(runRef{p.Namespace, p.Job, p.Run})
	}
	return b.event(kind, at, run, Job{Namespace: b.o.Namespace, Name: b.commandName(), Facets: map[string]any{"jobType": b.jobType("JOB")}})
}

// commandName is the name that the integration of dbt gives the job of a whole command.
func (b *Builder) commandName() string { return "dbt-run-" + b.o.Project }

func (b *Builder) event(kind string, at time.Time, run Run, job Job) Event {
	return Event{EventType: kind, EventTime: at.UTC().Format("2006-01-02T15:04:05.000000Z"), Producer: b.producer(), SchemaURL: specURL,
		Run: run, Job: job, Inputs: []Dataset{}, Outputs: []Dataset{}}
}

// node is an event of a node with its datasets.
func (b *Builder) node(kind string, id node.ID, k node.Kind, at time.Time) (Event, lineage.Node) {
	run := Run{ID: RunID(b.started.Invocation, id), Facets: b.runFacets()}
	run.Facets["parent"] = b.parent(runRef{b.o.Namespace, b.commandName(), RunID(b.started.Invocation, "")})
	e := b.event(kind, at, run, Job{Namespace: b.o.Namespace, Name: string(id), Facets: map[string]any{"jobType": b.jobType(jobTypes[k])}})
	e.node = id
	var place lineage.Node
	known := false
	if b.o.Node != nil {
		place, known = b.o.Node(id)
	}
	if known {
		b.describe(&e, id, place)
	}
	for _, in := range place.Inputs {
		e.Inputs = append(e.Inputs, b.dataset(in))
	}
	if place.Output != nil {
		e.Outputs = append(e.Outputs, b.dataset(*place.Output))
	}
	if kind == Complete {
		b.made(&e, place)
	}
	return e, place
}

var jobTypes = map[node.Kind]string{node.Model: "MODEL", node.Seed: "SEED", node.Snapshot: "SNAPSHOT", node.Test: "TEST", node.UnitTest: "UNIT_TEST"}

// refresh puts what is known of an event's datasets by now into it.
func (b *Builder) refresh(e *Event) {
	if b.o.Node == nil || e.node == "" {
		return
	}
	place, _ := b.o.Node(e.node)
	for i := range min(len(e.Inputs), len(place.Inputs)) {
		b.observed(e.Inputs[i].Facets, place.Inputs[i])
	}
	if len(e.Outputs) > 0 && place.Output != nil {
		b.observed(e.Outputs[0].Facets, *place.Output)
		if e.EventType == Complete {
			b.written(&e.Outputs[0], place.Output.Written)
		}
	}
}
