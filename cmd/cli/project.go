package cli

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler"
)

// readDotEnv lays the nearest .env, looked for upwards from the working folder, below the environment, as dbt does.
func (o *options) readDotEnv() error {
	pairs, err := compiler.DotEnv(o.world.Dir, o.env)
	if err != nil {
		return exitError{exitUsage, fmt.Errorf("cannot read .env: %w", err)}
	}
	for _, pair := range pairs {
		if _, set := o.env[pair.Name]; !set {
			o.env[pair.Name] = pair.Value
		}
	}
	return nil
}

// open parses the project that the command line names, and reports what is wrong with it. The error carries the exit code.
func (o *options) open(ctx context.Context, command string) (*compiler.Project, error) {
	profiles := o.path(o.profilesDir)
	if profiles == "" {
		profiles = compiler.FindProfilesDir(o.world.Dir, o.env["HOME"])
	}
	o.verb = command
	o.running()
	p, diags, err := compiler.Parse(ctx, compiler.Options{
		ProjectDir: o.dir(), ProfilesDir: profiles, Profile: o.profile, Target: o.target, TargetPath: o.targetPath, Threads: o.threads, Vars: o.vars,
		Env: o.env, Now: o.started.UTC(), InvocationID: o.invocation, NewID: newID, Command: command, Args: o.args(command),
		FullRefresh: o.fullRefresh, StoreFailures: o.storeFailures,
	})
	if p != nil {
		if err := o.projectFlags(p); err != nil {
			return nil, err
		}
	}
	o.report(diags)
	if err != nil {
		return nil, exitError{exitUsage, err}
	}
	if p == nil || diags.HasErrors() || o.refuses(diags) {
		return nil, exitError{code: exitUsage}
	}
	return p, o.readState(p)
}

// args are the options as artifacts and invocation_args_dict show them.
func (o *options) args(command string) map[string]any {
	out := map[string]any{
		"which": command, "fail_fast": o.failFast, "quiet": o.quiet, "print": o.print, "use_colors": o.useColors, "warn_error": o.warnError, "write_json": o.writeJSON,
		"indirect_selection": o.indirectSelection, "log_format": o.logFormat, "log_level": o.logLevel, "printer_width": int64(o.printerWidth),
		"project_dir": o.path(o.projectDir), "profiles_dir": o.path(o.profilesDir), "select": nonNil(o.selection()), "exclude": nonNil(o.excludes),
		"defer": o.deferring, "favor_state": o.favorState, "empty": o.empty, "populate_cache": o.populateCache, "introspect": o.introspect,
	}
	for name, v := range map[string]string{"profile": o.profile, "target": o.target, "target_path": o.targetPath, "selector": o.selector, "state": o.state, "defer_state": o.deferState} {
		if v != "" {
			out[name] = v
		}
	}
	for name, t := range map[string]time.Time{"event_time_start": o.eventStart, "event_time_end": o.eventEnd} {
		if !t.IsZero() {
			out[name] = t.Format("2006-01-02T15:04:05")
		}
	}
	if o.sample != "" {
		out["sample"] = o.sample
	}
	for name, v := range map[string]bool{"full_refresh": o.fullRefresh, "store_failures": o.storeFailures, "show": o.show} {
		if v || o.given[strings.ReplaceAll(name, "_", "-")] {
			out[name] = v
		}
	}
	for name, list := range map[string][]string{"resource_types": o.resourceTypes, "exclude_resource_types": o.excludeResourceTypes} {
		if len(list) > 0 {
			out[name] = split(list)
		}
	}
	out["vars"] = map[string]any{}
	if vars := compiler.Mapping(o.vars); o.vars != "" && vars != nil {
		out["vars"] = vars
	}
	if o.sql != "" {
		out["sql"] = o.sql
	}
	if o.macro != "" {
		out["macro"], out["args"] = o.macro, map[string]any{}
		if args := compiler.Mapping(o.macroArgs); o.macroArgs != "" && args != nil {
			out["args"] = args
		}
	}
	if o.threads > 0 {
		out["threads"] = int64(o.threads)
	}
	return out
}

func nonNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func (o *options) selection() []string {
	return append(append([]string(nil), o.selects...), o.models...)
}

// choose evaluates the selection of the command line.
func (o *options) choose(p *compiler.Project, command string) (compiler.Selected, error) {
	if o.again != nil {
		selected, gone := p.SelectIDs(o.again)
		for _, id := range gone {
			fmt.Fprintf(o.world.Stderr, "warning: %s of the last run is not in the project any more\n", id)
		}
		return selected, nil
	}
	selected, diags := p.Select(compiler.Selection{
		Command: command, Select: o.selection(), Exclude: o.excludes, Selector: o.selector, Indirect: o.indirectSelection,
		Kinds: split(o.resourceTypes), NotKinds: split(o.excludeResourceTypes), State: o.earlier,
	})
	o.report(diags)
	if diags.HasErrors() || o.refuses(diags) {
		return selected, exitError{code: exitUsage}
	}
	return selected, nil
}

func split(list []string) []string {
	var out []string
	for _, x := range list {
		out = append(out, strings.FieldsFunc(x, func(r rune) bool { return r == ',' || r == ' ' })...)
	}
	return out
}

// newID makes a random UUID.
func newID() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err)
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// writeManifest writes target/manifest.json, whole or not at all.
func (o *options) writeManifest(p *compiler.Project, c *compiler.Compilation) error {
	if !o.writeJSON {
		return nil
	}
	dir := p.Info().TargetPath
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return exitError{exitUsage, fmt.Errorf("cannot write artifacts: %w", err)}
	}
	f, err := os.CreateTemp(dir, ".manifest-*")
	if err != nil {
		return exitError{exitUsage, fmt.Errorf("cannot write artifacts: %w", err)}
	}
	err = p.WriteManifest(f, c)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, "manifest.json"))
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return exitError{exitUsage, fmt.Errorf("cannot write manifest.json: %w", err)}
	}
	return nil
}
