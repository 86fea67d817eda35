package project

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/source"
)

// Load reads the root project, its profile and its packages. The set is nil if the diagnostics hold an error that leaves
// nothing to go on with; the error is for a disk that cannot be read.
func Load(o Options) (*Set, diag.List, error) {
	if o.FS == nil {
		o.FS = source.Disk{}
	}
	l := &loader{o: o, fs: o.FS, root: filepath.Clean(o.ProjectDir)}
	s, err := l.load()
	l.diags.Sort()
	return s, l.diags, err
}

// loader is the state of one Load.
type loader struct {
	o     Options
	fs    source.FS
	root  string
	diags diag.List
	// prefix stands before the names of files in messages; renderAll renders dependencies.yml too.
	prefix    string
	renderAll bool

	profile *Profile
	// legacyFlags is `config:` of profiles.yml, where flags of the project stood once.
	legacyFlags *yamldoc.Pair
}

func (l *loader) load() (*Set, error) {
	s := &Set{Dir: l.root, ProfilesDir: l.o.ProfilesDir, CLIVars: l.o.Vars, Base: l.o.Base, byName: map[string]*Package{}}
	if s.CLIVars == nil {
		s.CLIVars = jinja.NewDict(0)
	}
	root := &Package{Dir: l.root}
	raw, err := l.readProjectFile(root)
	if err != nil || raw == nil {
		return nil, err
	}
	if s.Weft, err = l.weft(root); err != nil {
		return nil, err
	}
	s.Strict = s.Weft.Strict
	if l.o.SkipProfile {
		l.profile = &Profile{TargetDict: jinja.NewDict(0), Output: jinja.NewDict(0), Credentials: jinja.NewDict(0)}
	} else if err := l.readProfile(raw); err != nil || l.profile == nil {
		return nil, err
	}
	s.Profile = l.profile
	if err := l.varsFile(s, raw); err != nil {
		return nil, err
	}
	merged := s.FileVars.Copy()
	for k, v := range s.CLIVars.Entries {
		if err := merged.Store(k, v); err != nil {
			return nil, err
		}
	}
	render := l.renderer(merged)
	if root.Config = l.config(root, raw, render); root.Config == nil {
		return nil, nil
	}
	l.flags(root, raw)
	if s.FileVars.Len() > 0 {
		root.Config.Vars = s.FileVars
	}
	if l.o.TargetPath != "" {
		root.Config.TargetPath = l.o.TargetPath
	}
	root.Name = root.Config.Name
	s.Root, s.Packages = root, []*Package{root}
	s.byName[root.Name] = root
	if err := l.selectors(s); err != nil {
		return nil, err
	}
	if !l.o.SkipPackages {
		if err := l.catalogsFile(s); err != nil {
			return nil, err
		}
		if err := l.packages(s, render); err != nil {
			return nil, err
		}
	}
	for _, p := range s.Packages {
		if err := l.files(p); err != nil {
			return nil, err
		}
	}
	if l.diags.HasErrors() {
		return s, nil
	}
	return s, nil
}

// readText reads a file that must be UTF-8. A missing file gives nil and no error.
func (l *loader) readText(abs, shown string) (*source.File, error) {
	b, err := l.fs.ReadFile(abs)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", shown, err)
	}
	f := source.NewFile(shown, string(b))
	if d, ok := notUTF8(f); ok {
		l.diags = append(l.diags, d)
		return nil, nil
	}
	return f, nil
}

// notUTF8 finds the first byte of a file that is no UTF-8.
func notUTF8(f *source.File) (diag.Diagnostic, bool) {
	if utf8.ValidString(f.Text) {
		return diag.Diagnostic{}, false
	}
	for i := 0; i < len(f.Text); {
		r, n := utf8.DecodeRuneInString(f.Text[i:])
		if r == utf8.RuneError && n <= 1 {
			return diag.Diagnostic{Code: diag.FileUnreadable, Span: source.Span{File: f, Start: i, End: i + 1},
				Detail: fmt.Sprintf("expected UTF-8 text, found byte 0x%02x", f.Text[i]), Hint: "save the file as UTF-8"}, true
		}
		i += n
	}
	return diag.Diagnostic{}, false
}

// shown is how a path is named to the user: relative to the project's folder where it lies below it.
func (l *loader) shown(abs string) string {
	if rel, err := filepath.Rel(l.root, abs); err == nil && !strings.HasPrefix(rel, "..") {
		return l.prefix + filepath.ToSlash(rel)
	}
	return filepath.ToSlash(abs)
}

// readYAML reads and parses a YAML file; a missing file gives nil.
func (l *loader) readYAML(abs string) (*source.File, *yamldoc.Node, error) {
	f, err := l.readText(abs, l.shown(abs))
	if f == nil || err != nil {
		return nil, nil, err
	}
	n, diags := yamldoc.Parse(f)
	l.diags = append(l.diags, diags...)
	return f, n, nil
}

// readProjectFile reads dbt_project.yml of a package as written; nil with a diagnostic if it is not there or no mapping.
func (l *loader) readProjectFile(p *Package) (*yamldoc.Node, error) {
	abs := filepath.Join(p.Dir, "dbt_project.yml")
	if _, err := l.fs.Stat(abs); errors.Is(err, fs.ErrNotExist) {
		d := l.diags.Add(diag.ProjectNotFound, source.Span{File: source.NewFile(l.shown(abs), "")}, "No dbt_project.yml found at expected path %s", filepath.ToSlash(abs))
		d.Hint = "run weft in the project's folder, or name it with --project-dir"
		for _, near := range []string{"dbt_project.yaml", "dbt-project.yml"} {
			if _, err := l.fs.Stat(filepath.Join(p.Dir, near)); err == nil {
				d.Hint = "rename " + near + " to dbt_project.yml"
			}
		}
		if _, err := l.fs.Stat(p.Dir); errors.Is(err, fs.ErrNotExist) {
			d.Hint = "there is no folder " + filepath.ToSlash(p.Dir) + "; name the project's with --project-dir"
		}
		if p.Dir != l.root {
			d.Hint = "each entry of packages.yml, and of what it depends on, must contain a file named dbt_project.yml"
		}
		return nil, nil
	}
	f, n, err := l.readYAML(abs)
	if err != nil || f == nil || n == nil {
		return nil, err
	}
	p.File = f
	if n.Kind != yamldoc.Mapping {
		l.diags.Add(diag.ProjectInvalid, n.Span, "dbt_project.yml does not parse to a dictionary: found %s", n.Kind)
		return nil, nil
	}
	return n, nil
}

// renderer renders dbt_project.yml, selectors.yml and the like: base context, target, and the given variables.
func (l *loader) renderer(vars *jinja.Dict) *basecontext.Renderer {
	v := &basecontext.Var{Variables: basecontext.VarMap{Values: vars}}
	var target jinja.Value = l.profile.TargetDict
	if l.o.SkipProfile {
		target = noTarget{}
	}
	return &basecontext.Renderer{
		Scope: basecontext.Context(l.o.Base, v, basecontext.EnvVar(l.o.Base.Env), target),
		Late:  lateInProject,
	}
}

// secretRenderer renders profiles.yml and packages.yml, where there is no target yet and secrets are allowed.
func (l *loader) secretRenderer(vars *jinja.Dict) *basecontext.Renderer {
	v := &basecontext.Var{Variables: basecontext.VarMap{Values: vars}}
	return &basecontext.Renderer{
		Scope:   basecontext.Context(l.o.Base, v, basecontext.SecretEnvVar(l.o.Base.Env), nil),
		Secrets: l.o.Base.Env,
	}
}

// lateInProject says which values of dbt_project.yml dbt renders later: hooks, the query comment and variables.
func lateInProject(path []basecontext.Step) bool {
	if len(path) == 0 {
		return false
	}
	switch path[0].Name {
	case "on-run-start", "on-run-end", "query-comment", "vars":
		return true
	case "seeds", "models", "snapshots", "tests", "data_tests":
		for _, s := range path {
			switch strings.TrimLeft(s.Name, "+ ") {
			case "pre-hook", "post-hook", "pre_hook", "post_hook":
				return true
			}
		}
	}
	return false
}

// varsFile reads vars.yml. Its variables may be used in dbt_project.yml, which then may define none.
func (l *loader) varsFile(s *Set, raw *yamldoc.Node) error {
	s.FileVars = jinja.NewDict(0)
	_, n, err := l.readYAML(filepath.Join(l.root, "vars.yml"))
	if err != nil || n.IsNull() {
		return err
	}
	if n.Kind != yamldoc.Mapping {
		l.diags.Add(diag.ProjectInvalid, n.Span, "vars.yml must hold a mapping with the key vars, found %s", n.Kind)
		return nil
	}
	vars := n.Get("vars")
	if vars.IsNull() {
		return nil
	}
	if vars.Kind != yamldoc.Mapping {
		l.diags.Add(diag.YAMLWrongType, vars.Span, "expected `vars` to be a mapping, found %s", vars.Kind)
		return nil
	}
	s.FileVars = basecontext.DictFromYAML(vars)
	if own := raw.Pair("vars"); own != nil && s.FileVars.Len() > 0 && !falsy(own.Value) {
		d := l.diags.Add(diag.VarsTwice, own.Key.Span, "Variables cannot be defined in both vars.yml and dbt_project.yml.")
		d.Hint = "move the variables of dbt_project.yml to vars.yml"
		d.Related = []diag.Related{{Span: n.Pair("vars").Key.Span, Message: "vars.yml defines variables too"}}
	}
	return nil
}

// falsy is Python's `not value` for a YAML value.
func falsy(n *yamldoc.Node) bool {
	switch {
	case n.IsNull():
		return true
	case n.Kind == yamldoc.Mapping:
		return len(n.Pairs) == 0
	case n.Kind == yamldoc.Sequence:
		return len(n.Items) == 0
	case n.Kind == yamldoc.String:
		return n.Str == ""
	case n.Kind == yamldoc.Bool:
		return !n.Bool
	case n.Kind == yamldoc.Int:
		return n.Int == 0 && !n.Big
	}
	return false
}

// flags takes the flags of profiles.yml where the project has none; dbt does so with a deprecation.
func (l *loader) flags(root *Package, raw *yamldoc.Node) {
	old := l.legacyFlags
	if old == nil {
		return
	}
	if own := raw.Pair("flags"); own != nil && !falsy(own.Value) {
		d := l.diags.Add(diag.ProjectInvalid, old.Key.Span, "Do not specify both 'config' in profiles.yml and 'flags' in dbt_project.yml. Using 'config' in profiles.yml is deprecated.")
		d.Related = []diag.Related{{Span: own.Key.Span, Message: "flags stand here too"}}
		return
	}
	d := l.diags.Add(diag.DeprecatedKey, old.Key.Span, "the key `config` in profiles.yml is deprecated")
	d.Deprecation, d.Hint = true, "write `flags` in dbt_project.yml"
	root.Config.Flags = basecontext.DictFromYAML(old.Value)
}

func (l *loader) selectors(s *Set) error {
	f, n, err := l.readYAML(filepath.Join(l.root, "selectors.yml"))
	if err != nil || f == nil {
		return err
	}
	s.SelectorsFile, s.Selectors = f, n
	return nil
}
