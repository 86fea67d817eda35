package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/weft-data/weft/adapters/athena"
	"github.com/weft-data/weft/adapters/duckdb"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/runner/engine"
)

// adapters is the table of the engines that weft runs on, by dbt's adapter type. An adapter's opener reads the output of the profile
// itself; nothing else of the command line knows an engine.
func adapters() map[string]engine.Opener {
	return map[string]engine.Opener{
		"athena": athena.Open,
		"duckdb": duckdb.Open,
	}
}

// examiners is the table of the engines that can look at their own surroundings, by dbt's adapter type.
func examiners() map[string]engine.Examiner {
	return map[string]engine.Examiner{
		"athena": athena.Examine,
	}
}

// adapterNames are the engines that weft runs on, sorted.
func adapterNames() []string { return slices.Sorted(maps.Keys(adapters())) }

// openEngine opens the target's engine.
func (o *options) openEngine(ctx context.Context, p *compiler.Project, sessions int, readOnly bool) (engine.Engine, error) {
	e, err := o.openOutput(ctx, p.Info(), sessions, readOnly)
	if err != nil {
		return nil, exitError{exitUsage, err}
	}
	return e, nil
}

// openOutput opens the engine of a profile's output.
func (o *options) openOutput(ctx context.Context, info compiler.Info, sessions int, readOnly bool) (engine.Engine, error) {
	open, ok := adapters()[info.Type]
	if !ok {
		known := adapterNames()
		return nil, diag.Diagnostic{Code: diag.EngineUnavailable,
			Detail: fmt.Sprintf("weft compiles for %s but does not run on it; it runs on %s", info.Type, strings.Join(known, ", ")),
			Hint:   "compile without a warehouse: weft compile --offline, or add an output of type " + known[0] + " to the profile and name it with --target"}
	}
	e, err := open(ctx, engine.Config{Verb: o.verb, Profile: info.Output, Dir: info.Dir, Sessions: sessions, ReadOnly: readOnly, Notify: o.notices.tell})
	if err != nil {
		d := diag.Diagnostic{Code: diag.EngineUnavailable, Detail: fmt.Sprintf("cannot open %s: %s", info.Type, err)}
		var failure *engine.Error
		if errors.As(err, &failure) {
			d.Hint = failure.Hint
		}
		return nil, d
	}
	return e, nil
}
