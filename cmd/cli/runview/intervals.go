package runview

import (
	"github.com/weft-data/weft/runner/event"
)

// intervalStarted and intervalFinished are the lines of a microbatch model's batches.
func (v *View) intervalStarted(b event.IntervalStarted) {
	what := "batch " + b.Interval.Name + " of " + relationName(b.Label)
	v.add(Info, b.Node, "Batch "+v.fancy("START "+what, "RUN", b.Index, b.Total, -1, false))
	v.is("LogStartBatch", "Q045", func() map[string]any {
		return map[string]any{"description": what, "batch_index": b.Index, "total_batches": b.Total, "node_info": v.info(b.Node, "started", v.at)}
	})
}

func (v *View) intervalFinished(b event.IntervalFinished) {
	what := "batch " + b.Interval.Name + " of " + relationName(b.Label)
	verb, status, level := "OK created ", v.paint(green, b.Message), Info
	switch b.Status {
	case event.Error:
		if b.Failure != nil {
			v.add(Error, b.Node, v.paint(red, "[ERROR]")+": "+b.Message)
		}
		verb, status, level = "ERROR creating ", v.paint(red, "ERROR"), Error
	case event.Skipped:
		verb, status = "SKIP ", v.paint(yellow, "SKIPPED")
	}
	v.add(level, b.Node, "Batch "+v.fancy(verb+what, status, b.Index, b.Total, b.Elapsed, false))
	v.is("LogBatchResult", "Q046", func() map[string]any {
		return map[string]any{"description": what, "status": string(b.Status), "batch_index": b.Index, "total_batches": b.Total, "execution_time": b.Elapsed.Seconds(),
			"node_info": v.info(b.Node, string(b.Status), v.at)}
	})
}
