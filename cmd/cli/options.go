package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/weft-data/weft/cmd/cli/eventlog"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

// options is every flag of every command, filled from the command line, then from DBT_ENGINE_* and DBT_* variables.
type options struct {
	world *World
	env   map[string]string
	// given holds the names of flags set on the command line or in the environment.
	given map[string]bool

	// global
	debug, failFast, quiet, print, useColors, warnError, writeJSON, populateCache bool
	indirectSelection, logFormat, logLevel, profile, target                       string
	projectDir, profilesDir, targetPath, vars, outputFormat                       string
	printerWidth, seedMiB                                                         int

	// selection
	selects, excludes, models, resourceTypes, excludeResourceTypes []string
	selector                                                       string
	sample                                                         string
	window                                                         *compiler.Sample

	// commands
	fullRefresh, empty, storeFailures, introspect, offline, show, statements bool
	catalog, inline, output, listing, stage                                  string
	outputKeys                                                               []string
	// eventTime holds --event-time-start and --event-time-end as written; eventStart and eventEnd are what they say.
	eventTime            [2]string
	eventStart, eventEnd time.Time
	threads, limit       int

	macro, macroArgs, sql, sourcesPath, state, deferState, retryState string
	logPath, logFormatFile, logLevelFile, warnErrorOptions            string
	logFileMaxBytes                                                   int

	docsCompile, emptyCatalog, connectionOnly, static bool
	deferring, favorState                             bool
	// earlier is what --state holds; nil until it was read, or without it.
	earlier *compiler.State
	// rules are --warn-error-options; nil if there are none.
	rules *warnRules

	// this invocation
	log *eventlog.Log
	// again are the nodes of a retry; nil if it is none.
	again []node.ID
	// failedBatches are the batches that the retry runs of microbatch models, doneBatches those that need not be; batchesUntil is when the
	// run that is retried began.
	failedBatches, doneBatches map[node.ID][]plan.Interval
	batchesUntil               time.Time
	// retried is the run that a retry repeats, settled are the runs of which nothing goes on at the engine any more, and applied the nodes of
	// the retried run whose rows are published. collecting says that the command clears away what runs left.
	retried    string
	settled    []string
	applied    map[node.ID]bool
	collecting bool
	// notices is where engines say what they wait for.
	notices notices
	// progress is the line below the output of a run; nil if there is no terminal.
	progress         *progress
	verb, invocation string
	// planning says that the command only shows the plan of its verb.
	planning bool
	started  time.Time
}

// multiValue are dbt's options that take several words.
var multiValue = map[string]bool{"--select": true, "-s": true, "-m": true, "--models": true, "--model": true, "--exclude": true,
	"--resource-type": true, "--resource-types": true, "--exclude-resource-type": true, "--exclude-resource-types": true, "--output-keys": true}

// environment maps a flag to its variable without the prefix DBT_ (dbt's cli/params.py: not every flag has one).
var environment = map[string]string{
	"debug": "DEBUG", "fail-fast": "FAIL_FAST", "full-refresh": "FULL_REFRESH", "indirect-selection": "INDIRECT_SELECTION", "introspect": "INTROSPECT",
	"log-format": "LOG_FORMAT", "log-level": "LOG_LEVEL", "print": "PRINT", "printer-width": "PRINTER_WIDTH", "profile": "PROFILE", "profiles-dir": "PROFILES_DIR",
	"project-dir": "PROJECT_DIR", "quiet": "QUIET", "resource-types": "RESOURCE_TYPES", "exclude-resource-types": "EXCLUDE_RESOURCE_TYPES", "store-failures": "STORE_FAILURES",
	"target": "TARGET", "target-path": "TARGET_PATH", "log-path": "LOG_PATH", "log-format-file": "LOG_FORMAT_FILE", "log-level-file": "LOG_LEVEL_FILE", "log-file-max-bytes": "LOG_FILE_MAX_BYTES",
	"warn-error-options": "WARN_ERROR_OPTIONS", "use-colors": "USE_COLORS", "warn-error": "WARN_ERROR", "write-json": "WRITE_JSON", "empty": "EMPTY",
	"event-time-start": "EVENT_TIME_START", "event-time-end": "EVENT_TIME_END",
	"state": "STATE", "defer-state": "DEFER_STATE", "defer": "DEFER", "favor-state": "FAVOR_STATE", "populate-cache": "POPULATE_CACHE", "sample": "SAMPLE", "maximum-seed-size-mib": "MAXIMUM_SEED_SIZE_MIB",
}

// inert are dbt's flags that change nothing here: there is no partial parse, no telemetry, no other parser. Scripts pass them.
var inert = []string{"cache-selected-only", "log-cache-events", "partial-parse", "send-anonymous-usage-stats", "static-parser", "use-colors-file",
	"use-experimental-parser", "use-v2-parser", "version-check", "hints-enabled", "single-threaded", "show-all-deprecations", "use-fast-test-edges"}

func (o *options) globalFlags(f *pflag.FlagSet) {
	f.BoolVarP(&o.debug, "debug", "d", false, "say what is done, step by step")
	f.BoolVarP(&o.failFast, "fail-fast", "x", false, "stop at the first failure")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print errors only")
	f.BoolVar(&o.print, "print", true, "show what templates print()")
	f.BoolVar(&o.useColors, "use-colors", true, "colour on a terminal")
	f.BoolVar(&o.warnError, "warn-error", false, "take dbt's warnings as errors")
	f.BoolVar(&o.writeJSON, "write-json", true, "write manifest.json and run_results.json")
	f.BoolVar(&o.populateCache, "populate-cache", true, "look at the schemas of the project before running")
	for _, name := range []string{"debug", "fail-fast", "quiet", "print", "use-colors", "write-json", "populate-cache"} {
		negate(f, name)
	}
	f.StringVar(&o.indirectSelection, "indirect-selection", "eager", "which tests come with a selected node: eager, cautious, buildable or empty")
	f.StringVar(&o.logFormat, "log-format", "default", "text, debug, json or default")
	f.StringVar(&o.logLevel, "log-level", "info", "debug, info, warn, error or none")
	f.IntVar(&o.printerWidth, "printer-width", 80, "columns of the progress lines")
	f.IntVar(&o.seedMiB, "maximum-seed-size-mib", 1, "seeds above this size are compared by path")
	f.StringVar(&o.profile, "profile", "", "profile of profiles.yml")
	f.StringVarP(&o.target, "target", "t", "", "target of the profile")
	f.StringVar(&o.projectDir, "project-dir", "", "folder of dbt_project.yml")
	f.StringVar(&o.profilesDir, "profiles-dir", "", "folder of profiles.yml")
	f.StringVar(&o.targetPath, "target-path", "", "folder for what weft writes")
	f.StringVar(&o.vars, "vars", "", "variables, as YAML")
	f.StringVar(&o.outputFormat, "output-format", "text", "how problems are shown: text, json or github")
	for _, name := range inert {
		f.Bool(name, false, "accepted for dbt's sake, changes nothing")
		f.Bool("no-"+name, false, "")
		f.Lookup(name).Hidden, f.Lookup("no-"+name).Hidden = true, true
	}
	f.StringVar(&o.state, "state", "", "folder with the artifacts of an earlier run, to compare with and to defer to")
	f.StringVar(&o.deferState, "defer-state", "", "takes the place of --state for what is deferred")
	f.BoolVar(&o.deferring, "defer", false, "read what is not built here where the run of --state has it")
	f.BoolVar(&o.favorState, "favor-state", false, "with --defer: read it there even if it exists here")
	negate(f, "defer")
	negate(f, "favor-state")
	f.StringVar(&o.logPath, "log-path", "", "folder of dbt.log")
	f.StringVar(&o.logFormatFile, "log-format-file", "debug", "form of dbt.log: text, debug, json or default")
	f.StringVar(&o.logLevelFile, "log-level-file", "debug", "debug, info, warn, error or none")
	f.IntVar(&o.logFileMaxBytes, "log-file-max-bytes", 10<<20, "size at which dbt.log begins anew; 0 for never")
	f.StringVar(&o.warnErrorOptions, "warn-error-options", "", "which warnings are errors, as YAML: {error: [...], warn: [...], silence: [...]}")
	for _, name := range []string{"record-timing-info"} {
		f.String(name, "", "")
		f.Lookup(name).Hidden = true
	}
}

// negate adds --no-NAME to a boolean flag, as click's pairs do.
func negate(f *pflag.FlagSet, name string) {
	f.Var(negated{f.Lookup(name).Value}, "no-"+name, "")
	no := f.Lookup("no-" + name)
	no.NoOptDefVal, no.Hidden = "true", true
}

type negated struct{ of pflag.Value }

func (n negated) String() string { return "" }
func (n negated) Type() string   { return "bool" }
func (n negated) Set(s string) error {
	v, err := strconv.ParseBool(s)
	if err != nil {
		return err
	}
	return n.of.Set(strconv.FormatBool(!v))
}

func (o *options) selectionFlags(f *pflag.FlagSet) {
	f.StringArrayVarP(&o.selects, "select", "s", nil, "nodes to take")
	f.StringArrayVarP(&o.models, "models", "m", nil, "models to take")
	f.StringArrayVar(&o.models, "model", nil, "")
	f.Lookup("model").Hidden = true
	f.StringArrayVar(&o.excludes, "exclude", nil, "nodes to leave out")
	f.StringVar(&o.selector, "selector", "", "a selector of selectors.yml")
}

func (o *options) resourceTypeFlags(f *pflag.FlagSet) {
	f.StringArrayVar(&o.resourceTypes, "resource-types", nil, "kinds of nodes to take")
	f.StringArrayVar(&o.excludeResourceTypes, "exclude-resource-types", nil, "kinds of nodes to leave out")
	f.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		switch name {
		case "resource-type", "exclude-resource-type":
			name += "s"
		}
		return pflag.NormalizedName(name)
	})
}

func (o *options) compileFlags(f *pflag.FlagSet) {
	o.refreshFlag(f)
	o.emptyFlag(f)
	f.BoolVar(&o.offline, "offline", false, "compile without a warehouse")
	f.StringVar(&o.catalog, "catalog", "", "catalog.json that answers for the warehouse (with --offline)")
}

func (o *options) refreshFlag(f *pflag.FlagSet) {
	f.BoolVarP(&o.fullRefresh, "full-refresh", "f", false, "rebuild incremental models and seeds from nothing")
}

func (o *options) emptyFlag(f *pflag.FlagSet) {
	f.BoolVar(&o.empty, "empty", false, "read no rows from refs and sources")
	negate(f, "empty")
}

func (o *options) storeFailuresFlag(f *pflag.FlagSet) {
	f.BoolVar(&o.storeFailures, "store-failures", false, "keep the rows that fail tests")
}

func (o *options) threadFlag(f *pflag.FlagSet) { f.IntVar(&o.threads, "threads", 0, "nodes at once") }

// complete takes from the environment what the command line does not say, and checks the closed sets of values.
func (o *options) complete(cmd *cobra.Command) error {
	o.env = map[string]string{}
	for _, pair := range o.world.Environ {
		name, value, _ := strings.Cut(pair, "=")
		o.env[name] = value
	}
	if err := o.readDotEnv(); err != nil {
		return err
	}
	o.given = map[string]bool{}
	var failed error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed {
			o.given[strings.TrimPrefix(f.Name, "no-")] = true
		}
	})
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		name, has := environment[f.Name]
		if !has || o.given[f.Name] || failed != nil {
			return
		}
		value, set := o.env["DBT_ENGINE_"+name]
		if !set {
			value, set = o.env["DBT_"+name]
		}
		if !set || value == "" {
			return
		}
		if f.Value.Type() == "bool" {
			lower := strings.ToLower(strings.TrimSpace(value))
			no := slices.Contains([]string{"0", "false", "f", "no", "n", "off"}, lower)
			if !no && !slices.Contains([]string{"1", "true", "t", "yes", "y", "on"}, lower) {
				failed = fmt.Errorf("invalid value %q of DBT_%s: expected a boolean", value, name)
				return
			}
			value = strconv.FormatBool(!no)
		}
		if f.Value.Type() == "stringArray" {
			value = strings.Join(strings.Fields(value), ",")
		}
		if err := f.Value.Set(value); err != nil {
			failed = fmt.Errorf("invalid value %q of DBT_%s: expected %s", value, name, strings.ReplaceAll(f.Value.Type(), "int", "an integer"))
		}
		o.given[f.Name] = true
	})
	if failed != nil {
		return failed
	}
	o.invocation, o.started = newID(), o.world.Now()
	if !slices.Contains(quietVerbs, cmd.Name()) {
		o.logFlags()
	}
	for _, c := range []struct {
		flag, value string
		allowed     []string
	}{
		{"indirect-selection", o.indirectSelection, []string{"eager", "cautious", "buildable", "empty"}},
		{"log-format", o.logFormat, []string{"text", "debug", "json", "default"}},
		{"log-format-file", o.logFormatFile, []string{"text", "debug", "json", "default"}},
		{"log-level-file", o.logLevelFile, []string{"debug", "info", "warn", "error", "none"}},
		{"log-level", o.logLevel, []string{"debug", "info", "warn", "error", "none"}},
		{"output-format", o.outputFormat, []string{"text", "json", "github"}},
	} {
		if !slices.Contains(c.allowed, c.value) {
			return fmt.Errorf("invalid value %q for --%s: choose from %s", c.value, c.flag, strings.Join(c.allowed, ", "))
		}
	}
	if err := o.readEventTimes(); err != nil {
		return err
	}
	if o.threads < 0 {
		return fmt.Errorf("invalid value %d for --threads: at least 1", o.threads)
	}
	if o.warnErrorOptions != "" {
		if o.given["warn-error"] {
			return fmt.Errorf("--warn-error and --warn-error-options are mutually exclusive")
		}
		rules, err := parseWarnRules(compiler.Mapping(o.warnErrorOptions))
		if err != nil {
			return err
		}
		o.rules = &rules
	}
	o.openLog(cmd.Name())
	return nil
}

// path makes a path of the command line absolute.
func (o *options) path(p string) string {
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(o.world.Dir, p)
}
