package compiler

import (
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/project"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/source"
)

// Outline reads dbt_project.yml alone, without profile and packages: what commands need that only tidy up.
func Outline(o Options) (Info, diag.List, error) {
	vars, diags := basecontext.ParseVars(o.Vars)
	if diags.HasErrors() {
		return Info{}, diags, nil
	}
	set, list, err := project.Load(project.Options{FS: o.FS, ProjectDir: o.ProjectDir, ProfilesDir: o.ProfilesDir, TargetPath: o.TargetPath, Vars: vars,
		SkipProfile: true, SkipPackages: true, Parallel: 1, Base: basecontext.Options{Env: o.Env, RunStartedAt: o.Now, InvocationID: o.InvocationID}})
	diags = append(diags, list...)
	if err != nil || set == nil || set.Root == nil {
		return Info{}, diags, err
	}
	c := set.Root.Config
	return Info{Name: set.Root.Name, Dir: set.Dir, TargetPath: absolute(set.Dir, c.TargetPath), CleanTargets: c.CleanTargets, SourcePaths: c.AllPaths(),
		AssetPaths: c.AssetPaths, Flags: jinja.PlainDict(c.Flags)}, diags, nil
}

// Mapping reads a YAML mapping of the command line as plain values; nil if it is none.
func Mapping(text string) map[string]any {
	n, diags := yamldoc.Parse(source.NewFile("option", text))
	if diags.HasErrors() || n.Kind != yamldoc.Mapping {
		return nil
	}
	return jinja.PlainDict(basecontext.DictFromYAML(n))
}

// Connection reads dbt_project.yml and the profile, without packages and nodes: what is needed to open the engine.
func Connection(o Options) (Info, diag.List, error) {
	vars, diags := basecontext.ParseVars(o.Vars)
	if diags.HasErrors() {
		return Info{}, diags, nil
	}
	set, list, err := project.Load(project.Options{FS: o.FS, ProjectDir: o.ProjectDir, ProfilesDir: o.ProfilesDir, Profile: o.Profile, Target: o.Target,
		TargetPath: o.TargetPath, Threads: o.Threads, Vars: vars, SkipPackages: true, Parallel: 1,
		Base: basecontext.Options{Env: o.Env, RunStartedAt: o.Now, InvocationID: o.InvocationID}})
	diags = append(diags, list...)
	if err != nil || set == nil || set.Profile == nil {
		return Info{}, diags, err
	}
	p := set.Profile
	return Info{Dir: set.Dir, Profile: p.Name, Target: p.Target, Type: p.Type, Output: jinja.PlainDict(p.Credentials), Database: p.Database, Schema: p.Schema,
		Threads: p.Threads}, diags, nil
}
