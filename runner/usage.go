package runner

import (
	"sync"

	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
)

// usage sums what the statements of one node cost, whatever became of them: an engine bills what a failed statement has read.
type usage struct {
	mu    sync.Mutex
	total event.Usage
}

// add counts a batch's answer, and the statement that failed in it.
func (u *usage) add(answer engine.Answer, err error) {
	if u == nil { // what is sent before all nodes belongs to none
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	count := func(earlier []string, id string, bytes, rows int64, cost float64) {
		u.total.BytesScanned += bytes
		u.total.Rows += max(rows, 0)
		u.total.Cost += cost
		u.total.QueryIDs = append(u.total.QueryIDs, earlier...)
		if id != "" {
			u.total.QueryIDs = append(u.total.QueryIDs, id)
		}
	}
	for _, r := range answer.Results {
		count(r.Earlier, r.QueryID, r.BytesScanned, r.RowsAffected, r.Cost)
	}
	if err != nil {
		e := asEngineError(err)
		count(e.Earlier, e.QueryID, e.BytesScanned, 0, e.Cost)
	}
}

// tell writes the sum into a result: dbt's adapter_response has the bytes of the whole node, also of one that failed.
func (u *usage) tell(f *event.NodeFinished) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.total.BytesScanned == 0 && len(u.total.QueryIDs) == 0 {
		return
	}
	total := u.total
	f.Usage = &total
	if total.BytesScanned == 0 && total.Cost == 0 {
		return
	}
	if f.Response == nil {
		f.Response = &event.Response{}
	} else {
		own := *f.Response
		f.Response = &own
	}
	f.Response.BytesScanned, f.Response.Cost = total.BytesScanned, total.Cost
}
