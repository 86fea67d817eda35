package artifacts

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/runner/event"
)

type sources struct {
	Metadata metadata       `json:"metadata"`
	Results  []sourceResult `json:"results"`
	Elapsed  float64        `json:"elapsed_time"`
}

type sourceResult struct {
	UniqueID      node.ID         `json:"unique_id"`
	MaxLoadedAt   string          `json:"max_loaded_at"`
	SnapshottedAt string          `json:"snapshotted_at"`
	Age           float64         `json:"max_loaded_at_time_ago_in_s"`
	Status        event.Status    `json:"status"`
	Criteria      any             `json:"criteria"`
	Response      *event.Response `json:"adapter_response"`
	Timing        []timing        `json:"timing"`
	Thread        string          `json:"thread_id"`
	Elapsed       float64         `json:"execution_time"`
}

// Sources makes sources.json (version 3) of the answers of sources; criteria are their limits. As in dbt, a source that gave no answer
// is not in it.
func Sources(inv Invocation, results []event.NodeFinished, criteria func(node.ID) any) ([]byte, error) {
	out := sources{Results: []sourceResult{}, Elapsed: inv.Elapsed.Seconds(),
		Metadata: metadata{SchemaVersion: "https://schemas.getdbt.com/dbt/sources/v3.json", DbtVersion: inv.DbtVersion, GeneratedAt: stamp(inv.GeneratedAt),
			InvocationID: inv.ID, InvocationStartedAt: stamp(inv.StartedAt), Env: inv.Env}}
	if out.Metadata.Env == nil {
		out.Metadata.Env = map[string]string{}
	}
	for _, f := range results {
		if f.Freshness == nil {
			continue
		}
		r := sourceResult{UniqueID: f.Node, MaxLoadedAt: iso(f.Freshness.MaxLoadedAt), SnapshottedAt: iso(f.Freshness.SnapshottedAt), Age: f.Freshness.Age,
			Status: f.Status, Criteria: criteria(f.Node), Response: f.Response, Timing: []timing{}, Thread: f.Thread, Elapsed: f.Elapsed.Seconds()}
		if r.Response == nil {
			r.Response = &event.Response{}
		}
		for _, t := range f.Timing {
			r.Timing = append(r.Timing, timing{t.Name, stamp(t.StartedAt), stamp(t.CompletedAt)})
		}
		out.Results = append(out.Results, r)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// iso is a time as Python's isoformat writes it, in UTC.
func iso(t time.Time) string {
	t = t.UTC()
	if t.Nanosecond() == 0 {
		return t.Format("2006-01-02T15:04:05") + "+00:00"
	}
	return t.Format("2006-01-02T15:04:05.000000") + "+00:00"
}
