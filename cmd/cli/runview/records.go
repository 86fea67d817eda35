package runview

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/runner/event"
)

// is names the event that the last line tells of.
func (v *View) is(name, code string, data func() map[string]any) {
	line := &v.lines[len(v.lines)-1]
	line.Name, line.Code, line.Data = name, code, data
}

// instant is a time as dbt's node_info has it: UTC, without a zone.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000")
}

// info is dbt's node_info: who the node is, and where it stands.
func (v *View) info(n node.ID, status string, finished time.Time) map[string]any {
	out := map[string]any{}
	if v.o.NodeInfo != nil {
		out = maps.Clone(v.o.NodeInfo(n))
		delete(out, "attached_node")
		delete(out, "database")
	}
	if len(out) == 0 {
		out = map[string]any{"unique_id": string(n), "resource_type": string(n.Kind()), "node_name": "", "node_path": "", "materialized": "",
			"meta": map[string]any{}, "node_checksum": "", "node_relation": map[string]any{"database": "", "schema": "", "alias": "", "relation_name": ""}}
	}
	out["node_status"], out["node_started_at"], out["node_finished_at"] = status, instant(v.begun[n]), instant(finished)
	return out
}

// told is node_info in the summary, where dbt has forgotten the times. A unit test has become a query by then, with a name of its own.
func (v *View) told(n node.ID) map[string]any {
	out := v.info(n, "None", time.Time{})
	out["node_started_at"] = ""
	if n.Kind() == node.UnitTest && v.o.NodeInfo != nil {
		if relation, ok := out["node_relation"].(map[string]any); ok {
			relation = maps.Clone(relation)
			relation["alias"], relation["database"] = out["node_name"], v.o.NodeInfo(n)["database"]
			out["node_relation"], out["materialized"] = relation, "unit"
		}
	}
	return out
}

// caught is the event of a node that could not be run, which readers of dbt's log take for the end of its statement.
func (v *View) caught(b event.NodeFinished) {
	if b.Status != event.Error || b.Message == "" {
		return
	}
	v.add(Debug, b.Node, b.Message)
	v.is("CatchableExceptionOnRun", "W002", func() map[string]any {
		return map[string]any{"exc": b.Message, "exc_info": "", "node_info": v.info(b.Node, "executing", time.Time{})}
	})
}

// attached is the node that a generic test belongs to.
func (v *View) attached(n node.ID) string {
	if v.o.NodeInfo == nil {
		return ""
	}
	s, _ := v.o.NodeInfo(n)["attached_node"].(string)
	return s
}

// nodeEvent adds one of the debug lines that mark the way of a node.
func (v *View) nodeEvent(b event.NodeStarted, name, code, words, status string) {
	if b.Silent || b.HookOf != "" {
		return
	}
	n, thread := b.Node, b.Thread
	v.lines = append(v.lines, Line{At: v.at, Level: Debug, Text: words + string(n), Node: n, Thread: thread, Name: name, Code: code,
		Data: func() map[string]any { return map[string]any{"node_info": v.info(n, status, time.Time{})} }})
}

// sent tells of the statements of a batch, and of the first one that the node executes.
func (v *View) sent(b event.BatchStarted) {
	if b.Node != "" && b.Node.Kind() != node.Operation && !v.executing[b.Node] {
		v.executing[b.Node] = true
		v.add(Debug, b.Node, "Began executing node "+string(b.Node))
		v.is("NodeExecuting", "Q031", func() map[string]any { return map[string]any{"node_info": v.info(b.Node, "executing", time.Time{})} })
	}
	if !v.o.Statements {
		return
	}
	for i := range b.Work.Statements {
		sql := b.Work.Statements[i].Shown()
		v.add(Debug, b.Node, "On "+connection(b.Node)+": "+sql)
		v.is("SQLQuery", "E016", func() map[string]any {
			return map[string]any{"conn_name": connection(b.Node), "sql": sql, "node_info": v.info(b.Node, "executing", time.Time{})}
		})
	}
}

// answered tells what came of them.
func (v *View) answered(b event.BatchFinished) {
	if !v.o.Statements {
		return
	}
	for _, r := range b.Results {
		status := r.Message
		if status == "" {
			status = "OK"
		}
		v.add(Debug, b.Node, fmt.Sprintf("SQL status: %s in %.3f seconds", status, r.Elapsed.Seconds()))
		v.is("SQLQueryStatus", "E017", func() map[string]any {
			return map[string]any{"status": status, "elapsed": r.Elapsed.Seconds(), "query_id": r.QueryID, "node_info": v.info(b.Node, "executing", time.Time{})}
		})
	}
	if b.Failure != nil {
		v.add(Debug, b.Node, "SQL failed: "+b.Failure.Message)
	}
}

func connection(n node.ID) string {
	if n == "" {
		return "master"
	}
	return string(n)
}

// result gives the last line the fields that every result has besides its own.
func (v *View) result(b event.NodeFinished, name, code string, own map[string]any) {
	at := v.at
	v.is(name, code, func() map[string]any {
		own["index"], own["total"], own["execution_time"] = b.Index, b.Total, b.Elapsed.Seconds()
		own["node_info"] = v.info(b.Node, string(b.Status), at)
		return own
	})
}

// outcome names the event of a node that was built.
func (v *View) outcome(b event.NodeFinished, what string) {
	word := b.Message
	if b.Status.Bad() {
		word = string(b.Status)
	}
	if strings.HasPrefix(what, "seed file ") {
		v.result(b, "LogSeedResult", "Q016", map[string]any{"status": string(b.Status), "result_message": b.Message, "schema": b.Label.Schema, "relation": b.Label.Alias})
		return
	}
	if b.Kind == node.Snapshot {
		v.result(b, "LogSnapshotResult", "Q015", map[string]any{"status": string(b.Status), "description": what, "result_message": b.Message, "cfg": map[string]any{}})
		return
	}
	v.result(b, "LogModelResult", "Q012", map[string]any{"status": word, "description": what})
}

// closed is dbt's NodeFinished, which orchestrators read: the whole result.
func (v *View) closed(b event.NodeFinished) {
	if b.Silent || b.HookOf != "" {
		return
	}
	at := v.at
	v.add(Debug, b.Node, "Finished running node "+string(b.Node))
	v.is("NodeFinished", "Q025", func() map[string]any {
		return map[string]any{"node_info": v.info(b.Node, string(b.Status), at), "run_result": runResult(b)}
	})
	delete(v.executing, b.Node)
}

func runResult(b event.NodeFinished) map[string]any {
	response := map[string]any{}
	if r := b.Response; r != nil {
		response["_message"] = r.Message
		if r.Code != "" {
			response["code"] = r.Code
		}
		if r.RowsAffected != nil {
			response["rows_affected"] = *r.RowsAffected
		}
		if r.QueryID != "" {
			response["query_id"] = r.QueryID
		}
	}
	failures := int64(0)
	if b.Failures != nil {
		failures = *b.Failures
	}
	timing := []map[string]any{}
	for _, t := range b.Timing {
		timing = append(timing, map[string]any{"name": t.Name, "started_at": instant(t.StartedAt) + "Z", "completed_at": instant(t.CompletedAt) + "Z"})
	}
	return map[string]any{"status": string(b.Status), "message": b.Message, "timing_info": timing, "thread": b.Thread, "execution_time": b.Elapsed.Seconds(),
		"adapter_response": response, "num_failures": failures}
}
