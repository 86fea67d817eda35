package runner

import (
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
)

// Recalled is what the journal of a run says to those that come after it.
type Recalled struct {
	Invocation string
	// At is when it began, Until when it last said something.
	At, Until time.Time
	Started   event.RunStarted
	// Ended says that the run came to its end, Stopped that it was by a signal or that its process was killed.
	Ended, Stopped bool
	// Doubts are the batches that were announced and of which nobody knows what became: without an answer, or with one of class unknown.
	Doubts []Doubted
	// Applied are the nodes whose new rows readers see, and which did not come to a good end; Inherited those that an earlier run had applied.
	Applied, Inherited map[node.ID]bool
	// Status is how nodes ended, by their last record.
	Status map[node.ID]event.NodeFinished
	// Places are the folders that the run wrote files to, Staged the relations that it built aside, in order.
	Places []string
	Staged []node.Relation
}

// Doubted is a batch in doubt and the node that it was sent for.
type Doubted struct {
	engine.Doubt
	Node     node.ID
	Interval string
}

type batchKey struct {
	node           node.ID
	interval       string
	batch, attempt int
}

// Recall reads a journal's records. They are true as far as they go.
func Recall(records []event.Record) (r Recalled, ok bool) {
	if len(records) == 0 {
		return r, false
	}
	if r.Started, ok = records[0].Body.(event.RunStarted); !ok {
		return r, false
	}
	r.Invocation, r.At = r.Started.Invocation, records[0].At
	r.Stopped, r.Until = true, records[len(records)-1].At
	r.Applied, r.Inherited, r.Status = map[node.ID]bool{}, map[node.ID]bool{}, map[node.ID]event.NodeFinished{}
	for _, id := range r.Started.Applied {
		r.Inherited[id] = true
	}
	open := map[batchKey]int{}
	var doubts []*Doubted
	for _, record := range records {
		switch b := record.Body.(type) {
		case event.BatchStarted:
			r.took(b.Work)
			open[batchKey{b.Node, b.Interval, b.Batch, b.Attempt}] = len(doubts)
			doubts = append(doubts, &Doubted{Node: b.Node, Interval: b.Interval, Doubt: engine.Doubt{Batch: b.Work, Since: record.At, Decides: decides(b.Work)}})
		case event.BatchFinished:
			at, known := open[batchKey{b.Node, b.Interval, b.Batch, b.Attempt}]
			if !known {
				continue
			}
			if b.Failure == nil && doubts[at].Decides && b.Interval == "" {
				r.Applied[b.Node] = true
			}
			if b.Failure == nil || b.Failure.Class != string(engine.Unknown) {
				doubts[at] = nil
			}
		case event.NodeFinished:
			r.Status[b.Node] = b
			if b.Status == event.Success {
				delete(r.Applied, b.Node)
				delete(r.Inherited, b.Node)
			}
		case event.RunFinished:
			r.Ended, r.Stopped = true, b.Interrupted != ""
		}
	}
	for _, d := range doubts {
		if d != nil {
			r.Doubts = append(r.Doubts, *d)
		}
	}
	return r, true
}

// decides says that a batch does nothing but make readers see a node's new rows, and that its last statement is what does it.
func decides(b plan.Batch) bool {
	if b.Phase != plan.Publish || len(b.Statements) == 0 {
		return false
	}
	for _, s := range b.Statements {
		if s.Purpose != plan.Change && s.Purpose != plan.Swap || s.Late != nil {
			return false
		}
	}
	last := b.Statements[len(b.Statements)-1]
	return last.Main || last.Purpose == plan.Swap
}

// took notes where a batch puts files and what it builds aside.
func (r *Recalled) took(b plan.Batch) {
	for _, s := range b.Statements {
		if s.Act == nil {
			continue
		}
		switch s.Act.Verb {
		case plan.Empty:
			r.Places = append(r.Places, s.Act.Place)
		case plan.Upload:
			r.Places = append(r.Places, s.Act.Place[:strings.LastIndexByte(s.Act.Place, '/')+1])
		case plan.Point, plan.Overwrite, plan.Gather, plan.Adopt: // a version that was adopted may be the published one
			r.Staged = append(r.Staged, s.Act.Staged)
		case plan.Branch, plan.Discard:
			r.Staged = append(r.Staged, s.Act.Relation)
			r.Staged = append(r.Staged, s.Act.Relation)
		}
	}
}
