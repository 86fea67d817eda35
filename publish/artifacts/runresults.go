// Package artifacts writes the files that dbt's users and tools read after a run, as views of its records.
//
// run_results.json and the statements under target/run are not state: they are made of the journal's records, and could be made
// again from them at any time.
package artifacts

import (
	"bytes"
	"encoding/json"
	"math"
	"time"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/event"
)

// Invocation is what run_results.json says of the command beyond its results.
type Invocation struct {
	// DbtVersion is the version of dbt whose artifact this is.
	DbtVersion  string
	ID          string
	StartedAt   time.Time
	GeneratedAt time.Time
	// Env are the environment's variables DBT_ENV_CUSTOM_ENV_…, without that prefix.
	Env map[string]string
	// Args are the command's arguments as dbt shows them.
	Args    map[string]any
	Elapsed time.Duration
}

// RunResults makes run_results.json (version 6) of a run's results, in the order in which they came.
func RunResults(inv Invocation, results []event.NodeFinished) ([]byte, error) {
	out := runResults{
		Metadata: metadata{SchemaVersion: "https://schemas.getdbt.com/dbt/run-results/v6.json", DbtVersion: inv.DbtVersion,
			GeneratedAt: stamp(inv.GeneratedAt), InvocationID: inv.ID, InvocationStartedAt: stamp(inv.StartedAt), Env: inv.Env},
		Results: make([]result, 0, len(results)), Elapsed: inv.Elapsed.Seconds(), Args: inv.Args,
	}
	if out.Metadata.Env == nil {
		out.Metadata.Env = map[string]string{}
	}
	if out.Args == nil {
		out.Args = map[string]any{}
	}
	for i := range results {
		if !results[i].Silent {
			out.Results = append(out.Results, entry(&results[i]))
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// Results picks the results out of a run's records.
func Results(records []event.Record) []event.NodeFinished {
	var out []event.NodeFinished
	for _, r := range records {
		if f, ok := r.Body.(event.NodeFinished); ok {
			out = append(out, f)
		}
	}
	return out
}

type runResults struct {
	Metadata metadata       `json:"metadata"`
	Results  []result       `json:"results"`
	Elapsed  float64        `json:"elapsed_time"`
	Args     map[string]any `json:"args"`
}

type metadata struct {
	SchemaVersion       string            `json:"dbt_schema_version"`
	DbtVersion          string            `json:"dbt_version"`
	GeneratedAt         string            `json:"generated_at"`
	InvocationID        string            `json:"invocation_id"`
	InvocationStartedAt string            `json:"invocation_started_at"`
	Env                 map[string]string `json:"env"`
}

type result struct {
	Status          event.Status     `json:"status"`
	Timing          []timing         `json:"timing"`
	Thread          string           `json:"thread_id"`
	Elapsed         float64          `json:"execution_time"`
	Response        *event.Response  `json:"adapter_response"`
	Message         *string          `json:"message"`
	Failures        *int64           `json:"failures"`
	UniqueID        node.ID          `json:"unique_id"`
	Compiled        *bool            `json:"compiled"`
	CompiledCode    *string          `json:"compiled_code"`
	RelationName    *string          `json:"relation_name"`
	BatchResults    *batchResults    `json:"batch_results"`
	OverloadResults *json.RawMessage `json:"overload_results"`
}

type batchResults struct {
	Successful [][2]string `json:"successful"`
	Failed     [][2]string `json:"failed"`
}

// spans are batches as dbt writes them: begin and end.
func spans(list []plan.Interval) [][2]string {
	out := make([][2]string, len(list))
	for i, b := range list {
		out[i] = [2]string{isoTime(b.Start), isoTime(b.End)}
	}
	return out
}

// isoTime is Python's isoformat() of an instant in UTC.
func isoTime(t time.Time) string {
	s := t.UTC().Format("2006-01-02T15:04:05")
	if t.Nanosecond() != 0 {
		s += t.UTC().Format(".000000")
	}
	return s + "+00:00"
}

type timing struct {
	Name        string `json:"name"`
	StartedAt   string `json:"started_at"`
	CompletedAt string `json:"completed_at"`
}

func entry(f *event.NodeFinished) result {
	r := result{Status: f.Status, Timing: make([]timing, 0, len(f.Timing)), Thread: f.Thread,
		Elapsed: math.Round(f.Elapsed.Seconds()*1e6) / 1e6, Response: f.Response, Failures: f.Failures, UniqueID: f.Node}
	for _, t := range f.Timing {
		r.Timing = append(r.Timing, timing{t.Name, stamp(t.StartedAt), stamp(t.CompletedAt)})
	}
	if r.Response == nil {
		r.Response = &event.Response{}
	}
	if f.Intervals != nil {
		r.BatchResults = &batchResults{spans(f.Intervals.Successful), spans(f.Intervals.Failed)}
	}
	if f.Message != "" {
		r.Message = &f.Message
	}
	// Seeds and exposures have no compiled text, and dbt then leaves out all three.
	switch f.Kind {
	case node.Seed, node.Exposure, node.SavedQuery:
	case node.UnitTest: // of one that did not come to its end dbt shows the declaration, which has no text
		if f.Status == event.Pass || f.Status == event.Fail {
			r.Compiled, r.CompiledCode = &f.Compiled, &f.CompiledCode
		}
	default:
		r.Compiled = &f.Compiled
		if f.Compiled {
			r.CompiledCode = &f.CompiledCode
		}
		if f.Label.RelationName != "" {
			r.RelationName = &f.Label.RelationName
		}
	}
	return r
}

// stamp is a time as dbt's artifacts write it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }
