// Package compiler is the way into weft's compiler: Parse reads a project, Compile renders its nodes, Plan turns them into
// statements.
//
// It joins the stages below compiler/internal and hands plain data on to those who run, show and publish it. Nothing in here or
// below reads a clock, the environment or the network: what a project may depend on arrives in Options, and what exists in a
// warehouse through the one interface Warehouse.
package compiler

import (
	"context"
	"maps"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/compile"
	"github.com/weft-data/weft/compiler/internal/graph"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/planning"
	"github.com/weft-data/weft/compiler/internal/project"
	"github.com/weft-data/weft/compiler/internal/render"
	"github.com/weft-data/weft/compiler/internal/resolve"
	"github.com/weft-data/weft/compiler/internal/warehouse"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/source"
)

// Warehouse answers what templates ask of the warehouse while they are rendered.
type Warehouse = warehouse.Warehouse

// The parts of a Warehouse's answers.
type (
	Found      = warehouse.Found
	ColumnInfo = warehouse.ColumnInfo
	Result     = warehouse.Result
)

// Options are everything that a project may depend on besides its files.
type Options struct {
	// FS is where files are read; nil is the disk.
	FS source.FS
	// ProjectDir holds dbt_project.yml, ProfilesDir profiles.yml; both absolute.
	ProjectDir, ProfilesDir string
	Profile, Target         string
	TargetPath              string
	// Threads is --threads, 0 if not given.
	Threads int
	// Vars is --vars as written: a YAML mapping.
	Vars string
	// Env are the environment variables, Now the clock at the start of the invocation, NewID gives random UUIDs.
	Env          map[string]string
	Now          time.Time
	InvocationID string
	NewID        func() string
	// Command is the verb; Args the options of the command line as invocation_args_dict shows them.
	Command string
	Args    map[string]any

	FullRefresh, StoreFailures bool
	// SkipVersionCheck is --no-version-check; only the commands of packages heed it.
	SkipVersionCheck bool
	// Workers is how many goroutines read, bind and render; 0 is as many as there are processors.
	Workers int
}

// Project is a parsed project: its nodes, bound and in order.
type Project struct {
	options Options
	set     *project.Set
	library *render.Library
	engine  *render.Engine
	bound   *resolve.Graph
	dag     *graph.Graph
	// planner renders and plans what the fields before it hold.
	planner planning.Project
}

// Parse reads a project as far as its graph. The project is nil if the diagnostics leave nothing to go on with; the error is for
// an environment that fails.
func Parse(ctx context.Context, o Options) (*Project, diag.List, error) {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	p := &Project{options: o}
	diags, err := p.parse(ctx)
	p.beStrict(diags)
	if err != nil || diags.HasErrors() {
		return nil, diags, err
	}
	return p, diags, nil
}

// beStrict makes errors of what dbt tolerates, if weft.yml says so. Installed packages are left alone: the user cannot mend them.
func (p *Project) beStrict(diags diag.List) {
	if p.set == nil || !p.set.Strict {
		return
	}
	installed := path.Clean(filepath.ToSlash(p.set.Root.Config.PackagesInstallPath)) + "/"
	for i := range diags {
		d := &diags[i]
		if d.Deprecation && (d.Span.IsZero() || !strings.HasPrefix(d.Span.File.Path, installed)) {
			d.Severity = diag.Error
		}
	}
}

func (p *Project) parse(ctx context.Context) (diag.List, error) {
	o := p.options
	var diags diag.List
	base := basecontext.Options{Env: o.Env, RunStartedAt: o.Now, InvocationID: o.InvocationID}
	vars, list := basecontext.ParseVars(o.Vars)
	if diags = append(diags, list...); list.HasErrors() {
		return diags, nil
	}
	var err error
	p.set, list, err = project.Load(project.Options{
		FS: o.FS, ProjectDir: o.ProjectDir, ProfilesDir: o.ProfilesDir, Profile: o.Profile, Target: o.Target, TargetPath: o.TargetPath,
		Threads: o.Threads, Vars: vars, Parallel: o.Workers, Base: base,
	})
	if diags = append(diags, list...); err != nil || p.set == nil || list.HasErrors() {
		return diags, err
	}
	set := p.set
	p.library = render.NewLibrary(set.Root.Name)
	for _, pkg := range set.Packages {
		diags = append(diags, p.library.LoadMacros(pkg.Name, macroFiles(pkg.Macros))...)
		diags = append(diags, p.library.LoadGenericTests(pkg.Name, macroFiles(pkg.GenericTests))...)
	}
	if diags.HasErrors() {
		return diags, nil
	}
	p.engine = render.New(p.renderOptions())
	p.bound, list = resolve.Bind(set, p.library.Macros(set.Profile.Type), p.engine, p.bindOptions())
	if diags = append(diags, list...); list.HasErrors() {
		return diags, nil
	}
	p.dag, list = graph.Build(p.bound.All())
	diags = append(diags, list...)
	p.planner = planning.Project{Project: &compile.Project{Set: set, Engine: p.engine, Bound: p.bound, DAG: p.dag, Now: o.Now, Workers: o.Workers}}
	return diags, nil
}

func macroFiles(files []project.SourceFile) []render.MacroFile {
	out := make([]render.MacroFile, len(files))
	for i, f := range files {
		out[i] = render.MacroFile{Text: f.Text, Path: f.OriginalPath}
	}
	return out
}

// Info is what commands need to know of a project as a whole.
type Info struct {
	Name, Dir string
	// Version is the project's own, "" if it has none.
	Version string
	// TargetPath is absolute.
	TargetPath string
	Profile    string
	Target     string
	// Type is the profile's adapter type, Output the rendered output with its secrets, as plain values.
	Type             string
	Output           map[string]any
	Database, Schema string
	Threads          int
	// CleanTargets, SourcePaths and AssetPaths are the folders that `clean` removes, those that it never removes, and those that documentation
	// needs; as written, relative to Dir.
	CleanTargets, SourcePaths, AssetPaths []string
	// Flags are the project's own `flags:`.
	Flags map[string]any
	// Nodes counts the enabled resources by kind, macros included.
	Nodes map[node.Kind]int
}

// Info describes the project.
func (p *Project) Info() Info {
	profile := p.set.Profile
	info := Info{
		Name: p.set.Root.Name, Version: p.set.Root.Config.Version, Dir: p.set.Dir, TargetPath: absolute(p.set.Dir, p.set.Root.Config.TargetPath), Profile: profile.Name, Target: profile.Target,
		Type: profile.Type, Output: jinja.PlainDict(profile.Credentials), Database: profile.Database, Schema: profile.Schema, Threads: profile.Threads,
		Flags: jinja.PlainDict(p.set.Root.Config.Flags), Nodes: map[node.Kind]int{},
	}
	info.CleanTargets, info.AssetPaths = p.set.Root.Config.CleanTargets, p.set.Root.Config.AssetPaths
	info.SourcePaths = p.set.Root.Config.AllPaths()
	for _, n := range p.bound.All() {
		if n.Enabled {
			info.Nodes[n.Kind]++
		}
	}
	info.Nodes[node.Macro] = len(p.bound.Macros)
	maps.DeleteFunc(info.Nodes, func(_ node.Kind, n int) bool { return n == 0 })
	return info
}
