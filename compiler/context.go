package compiler

import (
	"path/filepath"
	"sort"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/project"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/resolve"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/source"
)

func (p *Project) base() basecontext.Options {
	o := p.set.Base
	o.Flags = p.flags()
	return o
}

// flags is `flags` of templates: the options of the command line and the project's own flags, in upper case as dbt has them.
func (p *Project) flags() jinja.Value {
	o := p.options
	flags := jinja.NewDict(16)
	flags.Set("FULL_REFRESH", jinja.Bool(o.FullRefresh))
	flags.Set("STORE_FAILURES", jinja.Bool(o.StoreFailures))
	flags.Set("WHICH", jinja.Str(o.Command))
	names := make([]string, 0, len(o.Args))
	for name := range o.Args {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		flags.Set(upper(name), jinja.FromPlain(o.Args[name]))
	}
	return render.Flags(flags)
}

func upper(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}

func (p *Project) renderOptions() render.Options {
	set, profile := p.set, p.set.Profile
	o := render.Options{
		Library: p.library, Root: set.Root.Name, Dispatch: map[string][]string{}, Default: profile.Type, Dialects: map[string]render.Dialect{},
		Quoting: warehouse.QuotingOf(set.Root.Config.Quoting), Catalogs: set.Catalogs, Env: p.options.Env,
		Vars: func(pkg string) basecontext.Variables { return set.ModelVars(pkg) },
		Base: basecontext.Names(p.base()), Flags: p.flags(), InvocationArgs: p.args(), MetadataEnvs: p.metadataEnvs(),
		StoreFailures: p.options.StoreFailures, NewID: p.options.NewID, Behavior: map[string]bool{}, Packages: map[string]render.Package{},
	}
	for _, pkg := range set.Packages {
		vars := pkg.Config.Vars
		if pkg == set.Root && set.FileVars != nil && set.FileVars.Len() > 0 {
			vars = set.FileVars
		}
		o.Packages[pkg.Name] = render.Package{Name: pkg.Name, Version: pkg.Config.Version, Vars: vars}
	}
	for _, d := range set.Root.Config.Dispatch {
		o.Dispatch[d.Namespace] = d.SearchOrder
	}
	for k, v := range set.Root.Config.Flags.Entries {
		if on, ok := v.(jinja.Bool); ok {
			o.Behavior[jinja.Text(k)] = bool(on)
		}
	}
	for _, name := range dialect.Names() {
		o.Dialects[name] = render.Dialect{Target: inDialect(profile.TargetDict, name), Database: profile.Database, Schema: profile.Schema, Credentials: profile.Credentials}
	}
	for _, name := range profile.EngineNames {
		if e := profile.EngineProfiles[name]; e != nil && e.Type != profile.Type {
			o.Dialects[e.Type] = render.Dialect{Target: e.TargetDict, Database: e.Database, Schema: e.Schema, Credentials: e.Credentials}
		}
	}
	return o
}

// inDialect is `target` as templates of a dialect see it: its type is the dialect's, all else the engine's.
func inDialect(target *jinja.Dict, name string) *jinja.Dict {
	if target == nil {
		return nil
	}
	if v, _ := target.Get("type"); v == jinja.Value(jinja.Str(name)) {
		return target
	}
	d := target.Copy()
	d.Set("type", jinja.Str(name))
	return d
}

func (p *Project) args() *jinja.Dict {
	d := jinja.NewDict(len(p.options.Args) + 1)
	names := make([]string, 0, len(p.options.Args))
	for name := range p.options.Args {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		d.Set(name, jinja.FromPlain(p.options.Args[name]))
	}
	d.Set("which", jinja.Str(p.options.Command))
	return d
}

// metadataEnvs are the variables DBT_ENV_CUSTOM_ENV_X, as X, which dbt writes into every artifact.
func (p *Project) metadataEnvs() *jinja.Dict {
	d := jinja.NewDict(0)
	for _, pair := range metadataEnv(p.options.Env) {
		d.Set(pair[0], jinja.Str(pair[1]))
	}
	return d
}

func metadataEnv(env map[string]string) [][2]string {
	const prefix = "DBT_ENV_CUSTOM_ENV_"
	var out [][2]string
	for name, v := range env {
		if len(name) > len(prefix) && name[:len(prefix)] == prefix {
			out = append(out, [2]string{name[len(prefix):], v})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i][0] < out[j][0] })
	return out
}

func (p *Project) bindOptions() resolve.Options {
	aliases := map[string]string{}
	if d, ok := dialect.Get(p.set.Profile.Type); ok {
		for _, a := range d.Profile.Aliases {
			aliases[a.Alias] = a.Key
		}
	}
	return resolve.Options{
		Threads: p.options.Workers, Aliases: aliases, StoreFailures: p.options.StoreFailures,
		Names: func(pkg *project.Package) jinja.Scope { return p.yamlScope(pkg.Name) },
	}
}

// yamlScope is what templates in the properties files of a package see.
func (p *Project) yamlScope(pkg string) jinja.Scope {
	return basecontext.Context(p.base(), &basecontext.Var{Variables: p.set.YAMLVars(pkg)}, basecontext.EnvVar(p.options.Env), p.set.Profile.TargetDict)
}

// renderSelector renders a text of selectors.yml.
func (p *Project) renderSelector(text string, at source.Span) (jinja.Value, diag.List) {
	t, diags := jinja.Parse(source.Whole(source.NewFile(at.File.Path, text)), jinja.Options{})
	if diags.HasErrors() {
		return nil, diags
	}
	v, err := t.RenderNative(&jinja.Thread{}, p.yamlScope(p.set.Root.Name))
	if err != nil {
		diags.Add(diag.SelectorRender, at, "%s", err)
		return nil, diags
	}
	return v, diags
}

func absolute(dir, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
