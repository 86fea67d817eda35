// Package project finds and reads what makes up a dbt project: dbt_project.yml, profiles.yml, installed packages, vars,
// selectors, properties files and the SQL files below the resource paths.
//
// It stops at declarations: what they mean together (names, defaults, config inheritance, tests) is for package resolve. Each
// file of configuration is rendered natively, as dbt does, except for what dbt renders late.
package project

import (
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/source"
)

// Set is the root project with its installed packages, profile and variables.
type Set struct {
	Root *Package
	// Packages are all packages, the root first, then in dbt's order of loading.
	Packages []*Package
	Profile  *Profile
	// Selectors is the raw selectors.yml of the root project, nil if there is none.
	Selectors *yamldoc.Node
	// SelectorsFile is selectors.yml, nil if there is none.
	SelectorsFile *source.File
	// Catalogs are those of catalogs.yml, in its order.
	Catalogs []dialect.Catalog
	// Strict is `strict: true` of weft.yml.
	Strict bool
	// Weft is weft.yml; never nil.
	Weft *Weft
	// CLIVars are --vars; FileVars the variables of vars.yml.
	CLIVars, FileVars *jinja.Dict
	// Base are the facts of the invocation, for the contexts of templates.
	Base basecontext.Options
	// Dir and ProfilesDir are the folders that were read.
	Dir, ProfilesDir string
	// PackageList is the file that lists the packages: packages.yml or dependencies.yml.
	PackageList string

	byName map[string]*Package
}

// Package finds a package by name, or nil.
func (s *Set) Package(name string) *Package { return s.byName[name] }

// Options say what to load, and carry what the compiler may not ask the operating system for.
type Options struct {
	// FS is where files are read; nil is the disk.
	FS source.FS
	// ProjectDir holds dbt_project.yml, ProfilesDir profiles.yml; both absolute.
	ProjectDir, ProfilesDir string
	// Profile and Target are --profile and --target; "" if not given. Threads is --threads; 0 if not given.
	Profile, Target string
	Threads         int
	// TargetPath is --target-path; "" if not given.
	TargetPath string
	// Vars are --vars, nil if not given.
	Vars *jinja.Dict
	// SkipVersionCheck is --no-version-check.
	SkipVersionCheck bool
	// SkipPackages loads the root project alone, as for `deps` and `clean`.
	SkipPackages bool
	// SkipProfile loads no profile: templates see an empty target.
	SkipProfile bool
	// Parallel is how many files are read at once; 0 is as many as there are processors.
	Parallel int
	Base     basecontext.Options
}

// Package is one project folder: the root project or an installed package.
type Package struct {
	Name string
	// Dir is the package's folder on disk; Prefix is what stands before file paths in messages ("" for the root).
	Dir, Prefix string
	// Local says that a `local:` package is read in place, because it is not installed.
	Local  bool
	File   *source.File // dbt_project.yml
	Config *Config
	// Files by what they are. Paths of source.File are as shown to the user; File.Rel is relative to the package.
	Models, Snapshots, Analyses, SingularTests, GenericTests, Macros, Docs, Functions []SourceFile
	Seeds, Fixtures                                                                   []SourceFile // read late: by path and size
	// Properties are the .yml files of all resource paths, sorted.
	Properties []PropertiesFile
}

// SourceFile is one file of a package. Text is nil for seeds and other files read late.
type SourceFile struct {
	Text *source.File
	// Path is relative to the resource path it was found under ("staging/a.sql"), OriginalPath to the package ("models/staging/a.sql").
	Path, OriginalPath string
	Abs                string
	Size               int64
}

// PropertiesFile is one properties YAML, read but not parsed.
type PropertiesFile struct{ SourceFile }

// Tree parses the file into m. Nobody keeps the tree: all trees of a large project together take several times the memory of everything
// else that is loaded.
func (f *PropertiesFile) Tree(m *yamldoc.Memory) (*yamldoc.Node, diag.List) { return m.Parse(f.Text) }

// Config is dbt_project.yml, rendered, with dbt's defaults filled in.
type Config struct {
	Name, Version, Profile                                                     string
	RequireDbtVersion                                                          []string
	ModelPaths, SeedPaths, TestPaths, AnalysisPaths, MacroPaths, SnapshotPaths []string
	DocsPaths, AssetPaths, FunctionPaths                                       []string
	TargetPath, LogPath, PackagesInstallPath                                   string
	CleanTargets                                                               []string
	OSIPaths                                                                   []string
	Quoting                                                                    *jinja.Dict
	OnRunStart, OnRunEnd                                                       []Hook
	Dispatch                                                                   []Dispatch
	// QueryCommentGiven says that the file has the key: null turns comments off.
	QueryCommentGiven bool
	QueryComment      jinja.Value
	RestrictAccess    bool
	Flags             *jinja.Dict
	// Vars is the raw `vars:` mapping, rendered (global keys and package-scoped mappings mixed, as written).
	Vars *jinja.Dict
	// Resources holds the hierarchical configs by their section: "models", "seeds", "snapshots", "sources", "data_tests"
	// (also written tests), "unit_tests", "exposures", "metrics", "semantic-models", "saved-queries", "functions", "analyses".
	Resources map[string]Hierarchy
	Raw       *yamldoc.Node
}

// Hierarchy is one resource section of dbt_project.yml: the rendered tree and the tree as written.
type Hierarchy struct{ Rendered, Unrendered *jinja.Dict }

// AllPaths are the paths of all resources, each once, without trailing slashes: where properties files are looked for.
func (c *Config) AllPaths() []string {
	var out []string
	seen := map[string]bool{}
	for _, list := range [][]string{c.ModelPaths, c.SeedPaths, c.SnapshotPaths, c.AnalysisPaths, c.MacroPaths, c.TestPaths, c.FunctionPaths} {
		for _, p := range list {
			p = strings.TrimRight(p, "/")
			if !seen[p] {
				seen[p] = true
				out = append(out, p)
			}
		}
	}
	return out
}

// Hook is one on-run-start or on-run-end entry, not rendered.
type Hook struct {
	SQL   string
	Span  source.Span
	Index int
	// Node is the YAML scalar, whose Locate finds places inside SQL.
	Node *yamldoc.Node
}

// Dispatch is one entry of `dispatch:`.
type Dispatch struct {
	Namespace   string
	SearchOrder []string
}

// Profile is the selected output of profiles.yml, rendered.
type Profile struct {
	Name, Target string
	// Credentials are what the adapter reads of the output (aliases, defaults), TargetDict the value `target`.
	Credentials, TargetDict *jinja.Dict
	// Output is the whole rendered output with its secrets; Type, Schema, Database, Threads are taken from it.
	Output                 *jinja.Dict
	Type, Schema, Database string
	Threads                int
	// Engines maps the names under `engines:` to rendered outputs; EngineNames are the names in order.
	Engines     map[string]*jinja.Dict
	EngineNames []string
	// EngineProfiles are the same as profiles of their own, with Target the name of the output.
	EngineProfiles map[string]*Profile
	File           *source.File
	Raw            *yamldoc.Node
}

// FileKind is the files of one kind of a package.
type FileKind struct {
	Name  string
	Files []SourceFile
}

// FileKinds lists a package's files by kind.
func (p *Package) FileKinds() []FileKind {
	properties := make([]SourceFile, len(p.Properties))
	for i, f := range p.Properties {
		properties[i] = f.SourceFile
	}
	return []FileKind{{"model", p.Models}, {"snapshot", p.Snapshots}, {"analysis", p.Analyses}, {"singular test", p.SingularTests},
		{"generic test", p.GenericTests}, {"macro", p.Macros}, {"docs", p.Docs}, {"function", p.Functions}, {"seed", p.Seeds},
		{"fixture", p.Fixtures}, {"properties", properties}}
}
