package project

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/source"
)

// FindProjectDir is dbt's default for --project-dir: the working folder or the nearest folder above it that holds a
// dbt_project.yml, else the working folder.
func FindProjectDir(disk source.FS, cwd string) string {
	for dir := filepath.Clean(cwd); ; dir = filepath.Dir(dir) {
		if _, err := disk.Stat(filepath.Join(dir, "dbt_project.yml")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return filepath.Clean(cwd)
		}
	}
}

// FindProfilesDir is dbt's default for --profiles-dir: the working folder if it holds a profiles.yml, else ~/.dbt.
func FindProfilesDir(disk source.FS, cwd, home string) string {
	if _, err := disk.Stat(filepath.Join(cwd, "profiles.yml")); err == nil {
		return filepath.Clean(cwd)
	}
	return filepath.Join(home, ".dbt")
}

// profileReader reads profiles.yml. Only what is selected is rendered, so that an environment variable that another output
// needs may be missing.
type profileReader struct {
	l      *loader
	render *basecontext.Renderer
	file   *source.File
	name   string
	// outputs is `outputs:` of the profile, as written.
	outputs *yamldoc.Node
	threads int
}

func (l *loader) readProfile(project *yamldoc.Node) error {
	vars := l.o.Vars
	if vars == nil {
		vars = jinja.NewDict(0)
	}
	r := &profileReader{l: l, render: l.secretRenderer(vars), threads: l.o.Threads}
	path := filepath.Join(l.o.ProfilesDir, "profiles.yml")
	f, root, err := l.readYAML(path)
	if err != nil || l.diags.HasErrors() {
		return err
	}
	r.file = f
	if f == nil {
		r.file = source.NewFile(l.shown(path), "")
	} else if falsy(root) {
		l.diags.Add(diag.ProfileInvalid, source.Whole(f), "The profiles.yml file at %s is empty", r.file.Path).Hint = "expected a profile: " + exampleProfile(named(project))
		return nil
	}
	if config := root.Get("config"); config != nil && !falsy(config) {
		l.legacyFlags = root.Pair("config")
	}
	if r.name = r.profileName(project); r.name == "" {
		return nil
	}
	entry := root.Pair(r.name)
	if entry == nil {
		r.noProfile(project, root, f != nil)
		return nil
	}
	if falsy(entry.Value) {
		l.diags.Add(diag.ProfileInvalid, entry.Key.Span, "Profile %s in profiles.yml is empty", r.name).Hint = "expected a profile: " + exampleProfile(r.name)
		return nil
	}
	if entry.Value.Kind != yamldoc.Mapping {
		l.diags.Add(diag.ProfileInvalid, entry.Value.Span, "expected profile '%s' to be a mapping, found %s", r.name, entry.Value.Kind)
		return nil
	}
	r.selected(entry)
	return nil
}

// profileName is --profile, else `profile:` of dbt_project.yml, rendered without a target.
func (r *profileReader) profileName(project *yamldoc.Node) string {
	l := r.l
	if l.o.Profile != "" {
		return l.o.Profile
	}
	p := project.Pair("profile")
	if p == nil || p.Value.IsNull() {
		d := l.diags.Add(diag.ProfileNotFound, source.Span{File: project.Span.File}, "dbt cannot run because no profile was specified for this dbt project.")
		d.Hint = "add a line `profile: NAME` to dbt_project.yml, with the name of a profile of " + r.file.Path
		return ""
	}
	v, diags := r.render.Scalar(p.Value)
	l.diags = append(l.diags, diags...)
	if diags.HasErrors() {
		return ""
	}
	name, ok := v.(jinja.Str)
	if !ok || name == "" {
		l.diags.Add(diag.YAMLWrongType, p.Value.Span, "expected `profile` to be a string, found %s", describe(v))
		return ""
	}
	return string(name)
}

// named is the profile that a project asks for, as written.
func named(project *yamldoc.Node) string {
	if p := project.Pair("profile"); p != nil && p.Value.Kind == yamldoc.String {
		return p.Value.Str
	}
	return ""
}

// exampleProfile is the smallest profile that a project can be built with.
func exampleProfile(name string) string {
	if name == "" || strings.ContainsAny(name, "{}:#'\" \n") {
		name = "my_profile"
	}
	return "`" + name + ": {target: dev, outputs: {dev: {type: duckdb, path: " + name + ".duckdb}}}`"
}

func (r *profileReader) noProfile(project, root *yamldoc.Node, exists bool) {
	at := source.Span{File: r.file}
	if p := project.Pair("profile"); p != nil && r.l.o.Profile == "" {
		at = p.Value.Span
	}
	d := r.l.diags.Add(diag.ProfileNotFound, at, "Could not find profile named '%s'", r.name)
	if beside := filepath.Join(r.l.root, "profiles.yml"); !exists {
		if _, err := r.l.fs.Stat(beside); err == nil {
			d.Hint = "there is no file " + r.file.Path + ", but one in the project's folder: add --profiles-dir " + filepath.ToSlash(r.l.root)
			return
		}
		d.Hint = "there is no file " + r.file.Path + "; name the folder of yours with --profiles-dir, or write one in the folder where you run weft: " + exampleProfile(r.name)
		return
	}
	var names []string
	if root != nil && root.Kind == yamldoc.Mapping {
		names = keysOf(root)
	}
	d.Hint = r.file.Path + " has " + listed("the profiles", "no profile", names)
	if best := nearest(r.name, names); best != "" {
		d.Hint = "Did you mean `" + best + "`? " + d.Hint
	}
}

func keysOf(n *yamldoc.Node) []string {
	out := make([]string, 0, len(n.Pairs))
	for _, p := range n.Pairs {
		out = append(out, p.Name)
	}
	return out
}

func listed(some, none string, names []string) string {
	if len(names) == 0 {
		return none
	}
	return some + " " + strings.Join(names, ", ")
}

// selected picks and renders the output of the target.
func (r *profileReader) selected(entry *yamldoc.Pair) {
	l, raw := r.l, entry.Value
	target := l.o.Target
	at := entry.Key.Span
	if target == "" {
		if p := raw.Pair("target"); p != nil {
			v, diags := r.render.Scalar(p.Value)
			l.diags = append(l.diags, diags...)
			if diags.HasErrors() {
				return
			}
			at, target = p.Value.Span, jinja.Text(v)
		} else {
			target = "default"
			d := l.diags.Add(diag.DefaultTarget, entry.Key.Span, "target not specified in profile '%s', using 'default'", r.name)
			d.Hint = "add a line `target: NAME` to the profile"
		}
	}
	outputs := raw.Pair("outputs")
	if outputs == nil {
		l.diags.Add(diag.ProfileInvalid, entry.Key.Span, "outputs not specified in profile '%s'", r.name).Hint = "expected a profile: " + exampleProfile(r.name)
		return
	}
	if r.outputs = outputs.Value; r.outputs.Kind != yamldoc.Mapping {
		l.diags.Add(diag.ProfileInvalid, outputs.Key.Span, "expected `outputs` of profile '%s' to be a mapping, found %s", r.name, r.outputs.Kind)
		return
	}
	out := r.outputs.Pair(target)
	if out == nil {
		names := keysOf(r.outputs)
		d := l.diags.Add(diag.ProfileNotFound, at, "The profile '%s' does not have a target named '%s'. The valid target names for this profile are:\n - %s",
			r.name, target, strings.Join(names, "\n - "))
		if best := nearest(target, names); best != "" {
			d.Hint = "Did you mean `" + best + "`?"
		} else {
			d.Hint = "name one of them with --target, or in `target:` of the profile"
		}
		return
	}
	p := r.output(target, out)
	if p == nil {
		return
	}
	p.Raw, p.File = out.Value, r.file
	r.engines(p, out)
	l.profile = p
}

// output renders one output and reads it as its adapter does.
func (r *profileReader) output(target string, out *yamldoc.Pair) *Profile {
	l := r.l
	if out.Value.Kind != yamldoc.Mapping {
		l.diags.Add(diag.ProfileInvalid, out.Key.Span, "output '%s' of profile '%s' is misconfigured in profiles.yml: expected a mapping, found %s", target, r.name, out.Value.Kind)
		return nil
	}
	rendered, diags := r.outputDict(out.Value)
	l.diags = append(l.diags, diags...)
	if diags.HasErrors() {
		return nil
	}
	p := &Profile{Name: r.name, Target: target, Output: rendered, Threads: 1, Engines: map[string]*jinja.Dict{}, EngineProfiles: map[string]*Profile{}}
	if !r.readThreads(p, out) {
		return nil
	}
	typ, ok := rendered.Get("type")
	if !ok {
		l.diags.Add(diag.ProfileInvalid, out.Key.Span, "required field \"type\" not found in profile %s and target %s", r.name, target)
		return nil
	}
	p.Type = jinja.Text(typ)
	d, known := dialect.Get(p.Type)
	if !known {
		e := l.diags.Add(diag.ProfileInvalid, out.Value.Get("type").Span, "Credentials in profile \"%s\", target \"%s\" invalid: Could not find adapter type %s!", r.name, target, p.Type)
		names := dialect.Names()
		e.Hint = listed("weft knows the types", "", names)
		if best := nearest(p.Type, names); best != "" {
			e.Hint = "Did you mean `" + best + "`? " + e.Hint
		}
		return nil
	}
	credentials, problems := warehouse.Credentials(d, rendered)
	for _, problem := range problems {
		at := out.Key.Span
		if k := out.Value.Pair(problem.Key); k != nil {
			at = k.Key.Span
		}
		l.diags.Add(diag.ProfileInvalid, at, "Credentials in profile \"%s\", target \"%s\" invalid: %s", r.name, target, problem.Message)
	}
	if len(problems) > 0 {
		return nil
	}
	r.idle(d, out, credentials)
	p.Credentials = credentials
	p.TargetDict = warehouse.TargetDict(d, warehouse.Target{Name: target, Profile: r.name, Threads: p.Threads}, credentials)
	p.Schema, p.Database = credentialText(credentials, "schema"), credentialText(credentials, "database")
	return p
}

// idle tells of keys that nothing heeds: those that the adapter does not have, and those that do something in dbt alone.
func (r *profileReader) idle(d *dialect.Dialect, out *yamldoc.Pair, credentials *jinja.Dict) {
	for i := range out.Value.Pairs {
		p := &out.Value.Pairs[i]
		if p.Name == "type" || p.Name == "threads" || p.Name == "engines" {
			continue
		}
		key, known := d.Profile.Key(p.Name)
		if !known {
			w := r.l.diags.Add(diag.IdleProfileKey, p.Key.Span, "outputs of type %s have no key `%s`", d.Name, p.Name)
			names := make([]string, 0, len(d.Profile.Keys)+len(d.Profile.Aliases))
			for _, k := range d.Profile.Keys {
				names = append(names, k.Name)
			}
			for _, a := range d.Profile.Aliases {
				names = append(names, a.Alias)
			}
			if best := nearest(p.Name, names); best != "" {
				w.Hint = "Did you mean `" + best + "`?"
			} else {
				w.Hint = "it has no effect, in dbt neither; take it out"
			}
			continue
		}
		if value, ok := credentials.Get(key.Name); key.Unused != "" && ok && value != jinja.None && !warehouse.IsDefault(key, value) {
			r.l.diags.Add(diag.IdleProfileKey, p.Key.Span, "`%s` has no effect in weft", p.Name).Hint = key.Unused
		}
	}
}

func credentialText(d *jinja.Dict, key string) string {
	if s, ok := d.Get(key); ok && s != jinja.None {
		return jinja.Text(s)
	}
	return ""
}

// outputDict renders an output but for `engines:`, whose entries are rendered one by one. A password that is no valid
// template is taken as it is written.
func (r *profileReader) outputDict(out *yamldoc.Node) (*jinja.Dict, diag.List) {
	var all diag.List
	d := jinja.NewDict(len(out.Pairs))
	for i := range out.Pairs {
		p := &out.Pairs[i]
		if p.Name == "engines" {
			continue
		}
		v, diags := r.render.TreeAt(p.Value, []basecontext.Step{{Name: p.Name}})
		if diags.HasErrors() && p.Name == "password" && p.Value.Kind == yamldoc.String {
			v, diags = jinja.Str(p.Value.Str), nil
		}
		all = append(all, diags...)
		d.Set(p.Name, v)
	}
	return d, all
}

func (r *profileReader) readThreads(p *Profile, out *yamldoc.Pair) bool {
	if v, ok := p.Output.Get("threads"); ok {
		n, isInt := v.(jinja.Int)
		if !isInt && r.threads == 0 {
			d := r.l.diags.Add(diag.ProfileInvalid, out.Value.Get("threads").Span, "expected `threads` to be an integer, found %s", describe(v))
			d.Hint = "a template gives a number with the filter as_number"
			return false
		}
		p.Threads = int(n)
	}
	if r.threads != 0 {
		p.Threads = r.threads
	}
	return true
}

// engines reads `engines:` of the selected output: each entry is the name of a sibling output, or an output of its own.
func (r *profileReader) engines(p *Profile, out *yamldoc.Pair) {
	pair := out.Value.Pair("engines")
	if pair == nil || pair.Value.IsNull() {
		return
	}
	l := r.l
	if pair.Value.Kind != yamldoc.Mapping {
		l.diags.Add(diag.YAMLWrongType, pair.Value.Span, "expected `engines` to be a mapping of names to outputs, found %s", pair.Value.Kind)
		return
	}
	for i := range pair.Value.Pairs {
		e := &pair.Value.Pairs[i]
		if slices.Contains(p.EngineNames, e.Name) {
			continue
		}
		var engine *Profile
		if e.Value.Kind == yamldoc.String {
			v, diags := r.render.Scalar(e.Value)
			l.diags = append(l.diags, diags...)
			if diags.HasErrors() {
				continue
			}
			sibling := r.outputs.Pair(jinja.Text(v))
			if sibling == nil {
				names := keysOf(r.outputs)
				d := l.diags.Add(diag.ProfileNotFound, e.Value.Span, "the engine `%s` names the output '%s', which profile '%s' does not have", e.Name, jinja.Text(v), r.name)
				d.Hint = listed("the outputs are", "", names)
				continue
			}
			engine = r.output(sibling.Name, sibling)
		} else {
			engine = r.output(e.Name, e)
		}
		if engine == nil {
			continue
		}
		p.EngineNames = append(p.EngineNames, e.Name)
		p.Engines[e.Name], p.EngineProfiles[e.Name] = engine.Output, engine
	}
}
