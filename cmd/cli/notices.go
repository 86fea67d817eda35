package cli

import (
	"sync"

	"github.com/weft-data/weft/cmd/cli/eventlog"
	"github.com/weft-data/weft/cmd/cli/runview"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
	"github.com/weft-data/weft/runner/journal"
)

// notices takes what engines say while they wait: into the journal while there is a run, where the views find it, else into the log.
// An engine is opened before its run begins and outlives it.
type notices struct {
	mu      sync.Mutex
	log     *eventlog.Log
	journal *journal.Writer
}

// tell may be called from several goroutines.
func (n *notices) tell(what engine.Notice) {
	n.mu.Lock()
	defer n.mu.Unlock()
	b := event.Notice{Kind: string(what.Kind), Text: what.Text, Wait: what.Wait, Times: what.Times, QueryID: what.QueryID}
	if n.journal != nil {
		_ = n.journal.Append(b) // a journal that cannot be written ends the run at its next record
		return
	}
	if n.log != nil {
		level := eventlog.Info
		if what.Kind == engine.Renewed {
			level = eventlog.Debug
		}
		n.log.Write(eventlog.Event{Level: level, Text: runview.Notice(b)})
	}
}

// record leads notices into a journal until the function that it answers is called.
func (n *notices) record(j *journal.Writer) func() {
	set := func(j *journal.Writer) {
		n.mu.Lock()
		n.journal = j
		n.mu.Unlock()
	}
	set(j)
	return func() { set(nil) }
}
