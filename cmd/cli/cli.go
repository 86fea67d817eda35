// Package cli is weft's command line: flags become options, options go to the compiler and the runner, and what comes back
// is shown.
//
// It exists so that everything below it is a library without flags, environment variables or exit codes. It is the only
// place that joins the compiler, the adapters, the runner and the publishers.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/weft-data/weft/cmd/cli/eventlog"
	"github.com/weft-data/weft/compiler/diag"
)

// Exit codes of the process (dbt's, but for signals and internal errors).
const (
	exitOK       = 0
	exitFailed   = 1  // a node failed
	exitUsage    = 2  // the project, the selection or the command line is wrong, or a compile error
	exitInternal = 70 // a bug of weft
)

// World is what a process is given: arguments, environment, streams, working directory and clock.
type World struct {
	Context context.Context
	// Name is the name that the program was called by, without folder; Args are its arguments.
	Name           string
	Args           []string
	Environ        []string
	Dir            string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Now            func() time.Time
	// Terminal says whether Stdout is one.
	Terminal bool
}

// System is the World of this process.
func System() World {
	dir, err := os.Getwd()
	if err != nil {
		dir = "."
	}
	return World{Context: context.Background(), Name: programName(), Args: os.Args[1:], Environ: os.Environ(), Dir: dir, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Now: time.Now, Terminal: isTerminal(os.Stdout)}
}

func programName() string {
	if len(os.Args) == 0 {
		return ""
	}
	return strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// exitError carries an exit code through cobra; what is to be said has been said already if err is nil.
type exitError struct {
	code int
	err  error
}

func (e exitError) Unwrap() error { return e.err }

func (e exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

// Main runs one command line and gives the exit code of the process.
func Main(w World) (code int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(w.Stderr, "error[%s]: %s: %v\n  help: this is a bug of weft; please report it with the lines below\n%s", diag.Internal, diag.Internal.Summary(), r, debug.Stack())
			code = exitInternal
		}
	}()
	if option := lacksWords(w.Args); option != "" {
		fmt.Fprintf(w.Stderr, "error: option %s requires an argument\n", option)
		return exitUsage
	}
	stdout := &watched{w: w.Stdout}
	w.Stdout = stdout
	root, o := newRoot(&w)
	root.SetArgs(normalize(w.Args))
	root.SetIn(w.Stdin)
	root.SetOut(w.Stdout)
	root.SetErr(w.Stderr)
	defer func() {
		o.completed(code)
		if o.log != nil {
			o.log.Close()
		}
	}()
	err := root.ExecuteContext(w.Context)
	var exit exitError
	switch {
	case err == nil && stdout.err != nil && !o.worksElsewhere():
		o.fatal(fmt.Errorf("cannot write to standard output, so what was printed is not whole: %w", stdout.err))
		return exitUsage
	case err == nil:
		return exitOK
	case errors.As(err, &exit):
		o.fatal(exit.err)
		return exit.code
	default:
		o.fatal(err)
		return exitUsage
	}
}

// fatal says what ended a command.
func (o *options) fatal(err error) {
	if err == nil {
		return
	}
	var d diag.Diagnostic
	found := errors.As(err, &d)
	if !found {
		d, found = environmental(err)
	}
	if o.log != nil {
		if found {
			o.record(diag.List{d})
		} else {
			text := err.Error()
			o.log.Write(eventlog.Event{Level: eventlog.Error, Name: "MainEncounteredError", Code: "Z002", Text: "[ERROR]: Encountered an error:\n" + text,
				FileOnly: !o.jsonTalk(), Data: func() map[string]any { return map[string]any{"exc": text} }})
		}
		if o.jsonTalk() {
			return
		}
	}
	if found {
		diagText(o.world.Stderr, diag.List{d}, false)
		return
	}
	fmt.Fprintln(o.world.Stderr, "error:", err)
}

func newRoot(w *World) (*cobra.Command, *options) {
	o := &options{world: w}
	root := &cobra.Command{
		Use:           "weft",
		Short:         "Compile and run data products: dbt projects, on all your engines",
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       Version,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return o.complete(cmd)
		},
	}
	if o.asDbt() {
		root.Use = "dbt"
		plugins := ""
		for _, name := range adapterNames() {
			plugins += "  - " + name + ": " + Version + " - Up to date!\n"
		}
		root.SetVersionTemplate("Core:\n  - installed: " + dbtVersion + "\n  - latest:    " + dbtVersion + " - Up to date!\n\nPlugins:\n" + plugins +
			"\nThis is weft {{.Version}}, called by the name of dbt.\n")
	} else {
		root.SetVersionTemplate("weft {{.Version}} (reads dbt projects as dbt " + dbtVersion + ")\n")
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(flagError)
	o.globalFlags(root.PersistentFlags())
	root.AddCommand(
		buildCommand(o, "build", "Seeds, models, snapshots and tests, in the order of the graph"),
		buildCommand(o, "run", "Models, in the order of the graph"),
		buildCommand(o, "test", "Data tests"),
		buildCommand(o, "snapshot", "Snapshots, in the order of the graph"),
		buildCommand(o, "seed", "CSV files of the project as tables"),
		compileCommand(o), planCommand(o), showCommand(o), parseCommand(o), listCommand(o), operationCommand(o), retryCommand(o), docsCommand(o), cloneCommand(o), cleanCommand(o), sourceCommand(o), initCommand(o), depsCommand(o), explainCommand(o), debugCommand(o), gcCommand(o),
	)
	return root, o
}

// lacksWords finds an option that takes words and is followed by none: a forgotten name must not select everything.
func lacksWords(args []string) string {
	for i, a := range args {
		if multiValue[a] && (i+1 == len(args) || len(args[i+1]) > 1 && args[i+1][0] == '-') {
			return a
		}
	}
	return ""
}

// normalize rewrites dbt's options that take several words (`--select a b c`) to one option per word.
func normalize(args []string) []string {
	var out []string
	multi := ""
	for _, a := range args {
		switch {
		case multiValue[a]:
			multi = a
			continue
		case strings.HasPrefix(a, "-") && a != "-":
			multi = ""
		case multi != "":
			out = append(out, multi+"="+a)
			continue
		}
		out = append(out, a)
	}
	return out
}
