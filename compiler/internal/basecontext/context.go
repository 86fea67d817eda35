// Package basecontext is what the templates of YAML and of SQL files share: var, env_var, target, modules, fromjson and their
// kin, and the native rendering of YAML trees.
//
// dbt gives every template the same ground, and projects lean on its Python behaviour: datetime objects, regular expressions,
// JSON with Python's spacing. The clock, the environment and the identity of the run are handed in as data; nothing here asks
// the operating system.
package basecontext

import (
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// DbtVersion is the version of dbt that weft presents itself as.
const DbtVersion = "1.12.6"

// Options are the facts of an invocation.
type Options struct {
	Env map[string]string
	// RunStartedAt is when the run began.
	RunStartedAt time.Time
	// Now is the clock of datetime.now(); nil stands still at RunStartedAt.
	Now          func() time.Time
	InvocationID string
	ThreadID     string
	// Flags is the value `flags`; nil is an empty one.
	Flags jinja.Value
	// Log receives log(), Print receives print(); nil drops the message.
	Log   func(message string, info bool)
	Print func(message string)
}

// Names are the names that every template has, but for var, env_var, target and context. They hold no state of a node, so
// one value serves all nodes of a run, on any number of threads.
func Names(o Options) jinja.Names {
	now := o.Now
	if now == nil {
		now = func() time.Time { return o.RunStartedAt }
	}
	var started jinja.Value = jinja.None
	if !o.RunStartedAt.IsZero() {
		started = NewDateTime(o.RunStartedAt)
	}
	flags := o.Flags
	if flags == nil {
		flags = jinja.NewDict(0)
	}
	thread := o.ThreadID
	if thread == "" {
		thread = "MainThread"
	}
	zeros := func(name string, n int) *jinja.Func {
		return getter(name, func() jinja.Value { return jinja.Str(strings.Repeat("0", n)) })
	}
	return jinja.Names{
		"dbt_version": jinja.Str(DbtVersion), "invocation_id": jinja.Str(o.InvocationID), "run_started_at": started,
		"thread_id": jinja.Str(thread), "flags": flags, "return": jinja.Return,
		"modules": module(map[string]jinja.Value{
			"datetime": datetimeModule(now), "pytz": pytzModule(), "re": reModule(), "itertools": itertoolsModule(),
		}),
		"fromjson": fromJSON(), "tojson": toJSON(), "fromyaml": fromYAMLText(), "toyaml": toYAMLText(),
		"set": makeSet("set", false), "set_strict": makeSet("set_strict", true),
		"zip": makeZip("zip", false), "zip_strict": makeZip("zip_strict", true),
		"log": logFunc(o.Log), "print": printFunc(o.Print), "local_md5": localMD5(), "diff_of_two_dicts": diffOfTwoDicts(),
		// No tracing is done, so these say what dbt says without it.
		"otel_trace_id": zeros("otel_trace_id", 32), "otel_span_id": zeros("otel_span_id", 16),
	}
}

// Context is a whole context: the names of every template with the given var, env_var and target (nil: none), and with
// `builtins` and `context`, the two dicts of all of it.
func Context(o Options, v *Var, env *jinja.Func, target jinja.Value) jinja.Names {
	n := Names(o)
	n["var"] = v
	n["env_var"] = env
	if target != nil {
		n["target"] = target
	}
	all := jinja.NewDict(len(n) + 2)
	for _, name := range sortedKeys(n) {
		all.Set(name, n[name])
	}
	n["builtins"] = all.Copy()
	all.Set("builtins", n["builtins"])
	n["context"] = all
	all.Set("context", all)
	return n
}
