package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strings"

	"github.com/weft-data/weft/cmd/cli/eventlog"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

// check is `debug`: is the project there, is the profile, does the engine answer. It says all that is wrong, not only the first.
func (o *options) check(ctx context.Context, configDir bool) error {
	o.verb = "debug"
	if err := oneOf("output", o.output, "text", "json"); err != nil {
		return err
	}
	o.running()
	out := func(text string) {
		o.event(eventlog.Info, "DebugCmdOut", "Z047", text, map[string]any{"msg": text})
	}
	profiles := o.path(o.profilesDir)
	if profiles == "" {
		profiles = compiler.FindProfilesDir(o.world.Dir, o.env["HOME"])
	}
	if configDir {
		out("profiles.yml is looked for in " + profiles)
		return nil
	}
	out("weft version: " + Version)
	out("dbt version: " + dbtVersion)
	out("os info: " + runtime.GOOS + "-" + runtime.GOARCH)
	out("Using profiles dir at " + profiles)
	out("Using profiles.yml file at " + filepath.Join(profiles, "profiles.yml"))
	out("Using dbt_project.yml file at " + filepath.Join(o.dir(), "dbt_project.yml"))

	info, profileProblem, projectProblem := o.readConfiguration(profiles)
	var failed []string
	var checks []engine.Check
	word := func(problem, path string) string {
		if problem == "" {
			return "OK found and valid"
		}
		failed = append(failed, problem)
		if _, err := os.Stat(path); err != nil {
			return "ERROR not found"
		}
		return "ERROR invalid"
	}
	if profileProblem == "" {
		out("adapter type: " + info.Type)
	}
	first := word(profileProblem, filepath.Join(profiles, "profiles.yml"))
	second := word(projectProblem, filepath.Join(o.dir(), "dbt_project.yml"))
	if o.connectionOnly {
		out("Skipping steps before connection verification")
	} else {
		out("Configuration:")
		out("  profiles.yml file [" + first + "]")
		out("  dbt_project.yml file [" + second + "]")
		out("Required dependencies:")
		// git fetches packages and nothing else: without it, projects whose packages are there build all the same.
		if _, err := exec.LookPath("git"); err == nil {
			out(" - git [OK found]\n")
		} else {
			out(" - git [not found; packages from git cannot be fetched]\n")
		}
	}
	if profileProblem != "" {
		out("Connection test skipped since no profile was found")
	} else {
		out("Connection:")
		for _, line := range connectionInfo(info) {
			out("  " + line)
		}
		var problems []string
		if examiner, ok := examiners()[info.Type]; ok {
			checks, problems = o.examined(ctx, info, examiner)
		} else if about, err := o.tryConnection(ctx, info); err != nil {
			problems = append(problems, err.Error())
		} else {
			out("  engine: " + about.Adapter + " " + about.Version)
		}
		if failed = append(failed, problems...); len(problems) > 0 {
			out("  Connection test: [ERROR]\n")
		} else {
			out("  Connection test: [OK connection ok]\n")
		}
	}
	if o.output == "json" {
		if err := o.checkedJSON(failed, checks); err != nil {
			return err
		}
	}
	if len(failed) == 0 {
		o.event(eventlog.Info, "DebugCmdResult", "Z048", "All checks passed!", map[string]any{"msg": "All checks passed!"})
		return nil
	}
	count := "1 check failed:"
	if len(failed) > 1 {
		count = fmt.Sprintf("%d checks failed:", len(failed))
	}
	for _, text := range append([]string{count}, failed...) {
		o.event(eventlog.Info, "DebugCmdResult", "Z048", text, map[string]any{"msg": text})
	}
	return exitError{code: exitFailed}
}

// readConfiguration reads project and profile, each for itself, and says what is wrong with either.
func (o *options) readConfiguration(profiles string) (info compiler.Info, profileProblem, projectProblem string) {
	_, diags, err := o.outline()
	projectProblem = problem(diags, err)
	info, diags, err = compiler.Connection(compiler.Options{ProjectDir: o.dir(), ProfilesDir: profiles, Profile: o.profile, Target: o.target, Threads: o.threads,
		TargetPath: o.targetPath, Vars: o.vars, Env: o.env, Now: o.started.UTC(), InvocationID: o.invocation})
	profileProblem = problem(diags, err)
	if projectProblem != "" && profileProblem == projectProblem {
		profileProblem = "the profile is named in dbt_project.yml, which cannot be read"
	}
	return info, profileProblem, projectProblem
}

func problem(diags diag.List, err error) string {
	if err != nil {
		return err.Error()
	}
	if !diags.HasErrors() {
		return ""
	}
	var b strings.Builder
	diagText(&b, diags, true)
	return strings.TrimRight(b.String(), "\n")
}

// secretWords mark the keys of a profile that are never shown.
var secretWords = []string{"password", "pass", "token", "secret", "key", "credential"}

// connectionInfo are the profile's settings, without secrets.
func connectionInfo(info compiler.Info) []string {
	var names []string
	for name := range info.Output {
		names = append(names, name)
	}
	sort.Strings(names)
	out := []string{"database: " + info.Database, "schema: " + info.Schema}
	for _, name := range names {
		switch name {
		case "database", "schema", "type", "threads", "dbname":
			continue
		}
		secret := false
		for _, w := range secretWords {
			secret = secret || strings.Contains(strings.ToLower(name), w)
		}
		switch v := info.Output[name].(type) {
		case nil, map[string]any, []any:
		default:
			if secret {
				out = append(out, name+": *****")
			} else {
				out = append(out, fmt.Sprintf("%s: %v", name, v))
			}
		}
	}
	return out
}

// tryConnection opens the engine and asks it one question; it answers what the engine says of itself.
func (o *options) tryConnection(ctx context.Context, info compiler.Info) (about engine.About, err error) {
	e, err := o.openOutput(ctx, info, 1, false)
	if err != nil {
		var d diag.Diagnostic
		if errors.As(err, &d) && d.Hint != "" {
			return about, fmt.Errorf("%s\n  help: %s", d.Detail, d.Hint)
		}
		return about, errors.New(d.Detail)
	}
	defer e.Close()
	ask := &directAsker{engine: e}
	defer ask.closeSession()
	if _, err := ask.Execute(ctx, plan.Statement{SQL: "select 1 as id", Purpose: plan.Query, Fetch: true}); err != nil {
		return about, fmt.Errorf("%s does not answer: %w", info.Type, err)
	}
	return e.About(), nil
}
