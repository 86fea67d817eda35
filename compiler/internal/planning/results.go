package planning

import (
	"time"

	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
	"github.com/weft-data/weft/compiler/node"
)

// HookResult is a node's result as on-run-end hooks see it.
type HookResult struct {
	Node                    node.ID
	Status, Thread, Message string
	Seconds                 float64
	Failures                *int64
	Response                map[string]any
	Timing                  []HookTiming
}

// HookTiming is one entry of a result's timing: when the node was compiled, when it was executed.
type HookTiming struct {
	Name               string
	Started, Completed time.Time
}

// resultsValue is `results` of on-run-end hooks: a list of objects with node, status, message, execution_time, failures, ….
func (pl *Planned) resultsValue(list []HookResult) jinja.Value {
	out := jinja.NewList()
	for _, r := range list {
		d, plain := jinja.NewDict(10), jinja.NewDict(10)
		both := func(name string, v jinja.Value) {
			d.Set(name, v)
			plain.Set(name, v)
		}
		both("status", jinja.Str(r.Status))
		timing, plainTiming := jinja.NewList(), jinja.NewList()
		for _, t := range r.Timing {
			v := t.value()
			timing.Items, plainTiming.Items = append(timing.Items, v), append(plainTiming.Items, v.plain)
		}
		d.Set("timing", timing)
		plain.Set("timing", plainTiming)
		both("thread_id", jinja.Str(r.Thread))
		both("execution_time", jinja.Float(r.Seconds))
		both("adapter_response", jinja.FromPlain(r.Response))
		both("message", textOrNone(r.Message))
		both("failures", jinja.None)
		if r.Failures != nil {
			both("failures", jinja.Int(*r.Failures))
		}
		if n := pl.project.Bound.ByID[r.Node]; n != nil {
			v := pl.nodeObject(n)
			d.Set("node", v)
			plain.Set("node", v.plain)
		}
		for _, name := range []string{"agate_table", "batch_results", "overload_results"} {
			both(name, jinja.None)
		}
		d.Set("unique_id", jinja.Str(r.Node))
		d.Set("skipped", jinja.Bool(r.Status == "skipped"))
		out.Items = append(out.Items, attributes{d, plain, "RunResult"})
	}
	return out
}

// nodeObject is the node of a result: what `graph` shows of it, and its compiled text.
func (pl *Planned) nodeObject(n *resource.Node) attributes {
	d, ok := pl.project.Engine.NodeValue(n).(*jinja.Dict)
	if !ok {
		d = jinja.NewDict(0)
	}
	pl.mu.Lock()
	code, compiled := pl.Compilation.Code(n.ID)
	pl.mu.Unlock()
	if compiled && n.Kind != node.Seed {
		d.Set("compiled", jinja.Bool(true))
		d.Set("compiled_code", jinja.Str(code))
	}
	class := "ModelNode"
	switch n.Kind {
	case node.Test:
		class = "SingularTestNode"
		if n.Test != nil && n.Test.Generic {
			class = "GenericTestNode"
		}
	case node.Seed:
		class = "SeedNode"
	case node.Snapshot:
		class = "SnapshotNode"
	case node.UnitTest:
		class = "UnitTestNode"
	case node.Source:
		class = "SourceDefinition"
	case node.Operation:
		class = "HookNode"
	}
	return attributes{d, d, class}
}

// value is the object: times are datetimes without a zone, in to_dict() texts that name UTC.
func (t HookTiming) value() attributes {
	d, plain := jinja.NewDict(3), jinja.NewDict(3)
	d.Set("name", jinja.Str(t.Name))
	plain.Set("name", jinja.Str(t.Name))
	for _, x := range []struct {
		name string
		at   time.Time
	}{{"started_at", t.Started}, {"completed_at", t.Completed}} {
		moment := basecontext.NewDateTime(x.at)
		moment.Zone = nil
		d.Set(x.name, moment)
		plain.Set(x.name, jinja.Str(x.at.UTC().Format("2006-01-02T15:04:05.000000Z")))
	}
	return attributes{d, plain, "TimingInfo"}
}

// attributes is a dict whose entries are attributes, as those of dbt's result objects are; plain is what to_dict() gives of it.
type attributes struct {
	*jinja.Dict
	plain *jinja.Dict
	class string
}

// TypeName is Python's name of the class.
func (a attributes) TypeName() string { return a.class }

// Attr finds an entry, or to_dict.
func (a attributes) Attr(name string) (jinja.Value, bool, error) {
	if name == "to_dict" {
		return jinja.NewFunc(name, func(call *jinja.Call) (jinja.Value, error) {
			out := a.plain.DeepCopy()
			for _, kw := range call.Kwargs {
				if kw.Name == "omit_none" && jinja.Truth(kw.Value) {
					out = withoutNone(out)
				}
			}
			return out, nil
		}), true, nil
	}
	v, ok := a.Get(name)
	return v, ok, nil
}

// withoutNone is a dict without the keys that hold nothing, here and in the dicts below.
func withoutNone(d *jinja.Dict) *jinja.Dict {
	out := jinja.NewDict(d.Len())
	for k, v := range d.Entries {
		if v == jinja.None {
			continue
		}
		if below, ok := v.(*jinja.Dict); ok {
			v = withoutNone(below)
		}
		out.Set(jinja.Text(k), v)
	}
	return out
}
