package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/weft-data/weft/cmd/cli/eventlog"
	"github.com/weft-data/weft/cmd/cli/runview"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/compiler/source"
	"github.com/weft-data/weft/runner"
	"github.com/weft-data/weft/runner/event"
)

// operationCommand runs one macro.
func operationCommand(o *options) *cobra.Command {
	c := &cobra.Command{
		Use:   "run-operation MACRO",
		Short: "Run a macro",
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case o.sql != "" && len(args) > 0:
				return fmt.Errorf("run-operation takes the name of a macro or --sql, not both")
			case o.sql != "" && o.macroArgs != "":
				return fmt.Errorf("--args cannot be used with --sql; write the values into the SQL")
			case o.sql != "":
				return nil
			}
			if len(args) != 1 {
				return fmt.Errorf("run-operation needs the name of one macro: weft run-operation my_macro --args '{name: value}'")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.sql != "" {
				return o.runOperation(cmd.Context(), "")
			}
			return o.runOperation(cmd.Context(), args[0])
		},
	}
	c.Flags().StringVar(&o.macroArgs, "args", "", "arguments of the macro, as YAML: {name: value}")
	c.Flags().StringVar(&o.sql, "sql", "", "SQL to run instead of a macro; it may be a template")
	o.threadFlag(c.Flags())
	return c
}

// runOperation runs the macro of a name or, without one, the text of --sql.
func (o *options) runOperation(ctx context.Context, name string) error {
	o.introspect, o.macro = true, name
	p, err := o.open(ctx, "run-operation")
	if err != nil {
		return err
	}
	o.registered(p)
	o.found(p)
	if err := o.writeManifest(p, nil); err != nil {
		return err
	}
	var op compiler.Operation
	kind := node.Macro
	if name == "" {
		kind = node.SQLOperation
		op = compiler.Operation{ID: node.Make(kind, p.Info().Name, "inline_query"), Name: "inline_query", Package: p.Info().Name}
	} else {
		var diags diag.List
		op, diags = p.Operation(name, o.macroArgs)
		o.report(diags)
		if diags.HasErrors() {
			return exitError{code: exitUsage}
		}
	}
	e, err := o.openEngine(ctx, p, 1, false)
	if err != nil {
		return err
	}
	defer e.Close()
	planned := &compiler.Planned{Plan: plan.Plan{Version: plan.Version, Steps: []plan.Step{{Node: op.ID, Kind: kind, Late: true, Label: plan.Label{Name: op.Name, Package: op.Package}}}}}
	outcome, err := o.run(ctx, p, e, planned, "run-operation", operator{o, p, op}, runview.Nothing)
	if err != nil {
		return err
	}
	for i := range outcome.Results {
		outcome.Results[i].Thread, outcome.Results[i].Compiled = "MainThread", false
	}
	if err := o.writeResults(p, outcome); err != nil {
		return err
	}
	return o.ended(outcome)
}

// operator runs the one step that an operation is.
type operator struct {
	o  *options
	p  *compiler.Project
	op compiler.Operation
}

// Expand runs the macro on the step's session.
func (x operator) Expand(ctx context.Context, r runner.Request) (runner.Expansion, error) {
	w := &liveWarehouse{open: func() (asker, func() error, error) { return r.Session, nil, nil }}
	zero, one := int64(0), int64(1)
	ended := &runner.Ended{Status: event.Success, Failures: &zero, Response: &event.Response{}}
	var diags diag.List
	if x.o.sql != "" {
		diags = x.runSQL(ctx, w, ended)
	} else {
		diags = x.p.RunOperation(ctx, x.op, w, x.o.message)
	}
	if diags.HasErrors() {
		x.o.log.Write(eventlog.Event{Level: eventlog.Error, Name: "RunningOperationCaughtError", Code: "Q001", FileOnly: !x.o.jsonTalk(),
			Text: "[ERROR]: Encountered an error while running operation: " + firstError(diags), Data: func() map[string]any { return map[string]any{"exc": firstError(diags)} }})
		ended.Status, ended.Failures, ended.Message = event.Error, &one, x.p.Failure(x.op, diags)
	}
	x.o.report(diags)
	return runner.Expansion{Ended: ended}, nil
}

// Hook is never asked for: an operation has no hooks.
func (operator) Hook(context.Context, runner.Request, plan.LateHook) (string, error) { return "", nil }

// runSQL renders the text of --sql and runs it, as a statement that commits by itself.
func (x operator) runSQL(ctx context.Context, w *liveWarehouse, ended *runner.Ended) diag.List {
	x.o.say("1 of 1 START executing inline_query ............................................ [RUN]")
	begun := x.o.world.Now()
	code, said, diags := x.p.Inline(ctx, x.o.sql, compiler.CompileOptions{Warehouse: w})
	x.o.messages(said)
	if !diags.HasErrors() {
		result, err := w.Execute(ctx, code, false, 0)
		if err != nil {
			diags.Add(diag.StatementFailed, source.Whole(source.NewFile("--sql", x.o.sql)), "%s", err)
		} else {
			ended.Response = &event.Response{Message: result.Message, Code: result.Code}
			if result.Affected >= 0 {
				ended.Response.RowsAffected = &result.Affected
			}
		}
	}
	seconds := x.o.world.Now().Sub(begun).Seconds()
	if diags.HasErrors() {
		x.o.event(eventlog.Error, "", "", fmt.Sprintf("1 of 1 ERROR executing inline_query ............................................. [ERROR in %.2fs]", seconds), nil)
	} else {
		x.o.say(fmt.Sprintf("1 of 1 OK executed inline_query ................................................ [%s in %.2fs]", orOK(ended.Response.Message), seconds))
	}
	return diags
}

func orOK(message string) string {
	if message == "" {
		return "OK"
	}
	return message
}

func firstError(list diag.List) string {
	for _, d := range list {
		if d.Severity == diag.Error {
			return d.Detail
		}
	}
	return ""
}

// relative shortens a path below the working folder.
func (o *options) relative(path string) string {
	if short, err := filepath.Rel(o.world.Dir, path); err == nil {
		return short
	}
	return path
}
