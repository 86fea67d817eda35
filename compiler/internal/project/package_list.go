package project

import (
	"crypto/sha1"
	"encoding/hex"
	"path/filepath"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/source"
)

const lockFile = "package-lock.yml"

// PackageSpec is one entry of packages.yml, dependencies.yml or package-lock.yml, rendered.
type PackageSpec struct {
	// Kind is the key that says what the package is: "package" (of the hub), "git", "tarball", "local" or "private".
	Kind string
	// Address is the value of that key; Written is what the lock file says: addresses that may hold secrets, with their templates.
	Address, Written string
	// Name is what a tarball is called, or the name that the lock file gives.
	Name string
	// Versions are the requirements on a package of the hub.
	Versions   []string
	Prerelease bool
	// Revision is the branch, tag or commit of a git package, "" if none is given.
	Revision, Subdirectory string
	WarnUnpinned           bool
	At                     source.Span
}

// Dependencies is what a project depends on, as far as its files say.
type Dependencies struct {
	// Name is the project's, Dir its folder, InstallPath the absolute folder of its packages.
	Name, Dir, InstallPath string
	// List is the file that lists the packages; Specs are its entries, Hash what dbt knows them by.
	List  string
	Specs []PackageSpec
	Hash  string
	// Locked are the entries of package-lock.yml and LockHash its hash; HasLock says whether there is the file.
	Locked   []PackageSpec
	LockHash string
	HasLock  bool
}

// LoadDependencies reads the lists of packages of the root project; variables that are not given are empty then, as nothing but
// names and paths is wanted of dbt_project.yml.
func LoadDependencies(o Options) (*Dependencies, diag.List, error) {
	l := newDependencyLoader(o, o.ProjectDir)
	d, err := l.dependencies()
	l.diags.Sort()
	return d, l.diags, err
}

func newDependencyLoader(o Options, dir string) *loader {
	if o.FS == nil {
		o.FS = source.Disk{}
	}
	return &loader{o: o, fs: o.FS, root: filepath.Clean(dir), profile: &Profile{TargetDict: jinja.NewDict(0), Output: jinja.NewDict(0), Credentials: jinja.NewDict(0)}}
}

func (l *loader) dependencies() (*Dependencies, error) {
	s := &Set{Dir: l.root, CLIVars: l.o.Vars, byName: map[string]*Package{}}
	if s.CLIVars == nil {
		s.CLIVars = jinja.NewDict(0)
	}
	root := &Package{Dir: l.root}
	raw, err := l.readProjectFile(root)
	if err != nil || raw == nil {
		return nil, err
	}
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
	render.Scope = basecontext.Context(l.o.Base, &basecontext.Var{Variables: basecontext.VarMap{Values: merged}, Optional: true},
		basecontext.EnvVar(l.o.Base.Env), noTarget{})
	if root.Config = l.config(root, raw, render); root.Config == nil {
		return nil, nil
	}
	wanted, err := l.declared(s)
	if err != nil || l.diags.HasErrors() {
		return nil, err
	}
	d := &Dependencies{Name: root.Config.Name, Dir: l.root, List: s.PackageList, InstallPath: root.Config.PackagesInstallPath, Specs: specs(wanted)}
	if !filepath.IsAbs(d.InstallPath) {
		d.InstallPath = filepath.Join(l.root, d.InstallPath)
	}
	if d.Hash, err = listHash(wanted); err != nil {
		return nil, err
	}
	_, lock, err := l.readYAML(filepath.Join(l.root, lockFile))
	if err != nil || lock.IsNull() || l.diags.HasErrors() {
		return d, err
	}
	rendered, diags := l.secretRenderer(s.CLIVars).Dict(lock)
	l.diags = append(l.diags, diags...)
	d.HasLock, d.Locked = true, specs(l.entries(lock, rendered))
	if v, ok := rendered.Get("sha1_hash"); ok {
		d.LockHash = jinja.Text(v)
	}
	return d, nil
}

// LoadPackage reads the name of a package that lies in a folder, and what it depends on itself. shown is how its files are
// called in messages.
func LoadPackage(o Options, dir, shown string) (string, []PackageSpec, diag.List, error) {
	l := newDependencyLoader(o, dir)
	l.prefix = shown + "/"
	name, list, err := l.metadata()
	l.diags.Sort()
	return name, list, l.diags, err
}

func (l *loader) metadata() (string, []PackageSpec, error) {
	p := &Package{Dir: l.root}
	raw, err := l.readProjectFile(p)
	if err != nil || raw == nil {
		return "", nil, err
	}
	name := raw.Get("name")
	if name.IsNull() || name.Str == "" {
		l.diags.Add(diag.ProjectInvalid, raw.Span, "Package defined in dbt_project.yml must have a name!")
		return "", nil, nil
	}
	vars := l.o.Vars
	if vars == nil {
		vars = jinja.NewDict(0)
	}
	s := &Set{Dir: l.root, CLIVars: vars, FileVars: jinja.NewDict(0)}
	// In a package, dbt renders the packages of dependencies.yml too.
	l.renderAll = true
	wanted, err := l.declared(s)
	return name.Str, specs(wanted), err
}

// specs are the entries as plain data.
func specs(list []listedPackage) []PackageSpec {
	out := make([]PackageSpec, len(list))
	for i, p := range list {
		s := PackageSpec{Kind: p.kind, Address: p.value, Name: p.name, At: p.at, Written: p.value, WarnUnpinned: true}
		if n := p.node.Get(p.kind); n != nil && n.Str != "" && (p.kind == "git" || p.kind == "tarball") {
			s.Written = n.Str
		}
		value := func(keys ...string) jinja.Value {
			for _, k := range keys {
				if v, ok := p.rendered.Get(k); ok && v != jinja.None {
					return v
				}
			}
			return jinja.None
		}
		switch v := value("version").(type) {
		case jinja.NoneType:
		case *jinja.List:
			for _, item := range v.Items {
				s.Versions = append(s.Versions, jinja.Text(item))
			}
		default:
			s.Versions = []string{jinja.Text(v)}
		}
		s.Prerelease = jinja.Truth(value("install_prerelease", "install-prerelease"))
		s.WarnUnpinned = value("warn-unpinned", "warn_unpinned") != jinja.Bool(false)
		if v := value("revision"); v != jinja.None {
			s.Revision = jinja.Text(v)
		}
		if v := value("subdirectory"); v != jinja.None {
			s.Subdirectory = jinja.Text(v)
		}
		out[i] = s
	}
	return out
}

// listHash is the hash by which the lock file knows the list that it was made from: of the entries with dbt's defaults filled in,
// in any order, each with its text before rendering.
func listHash(list []listedPackage) (string, error) {
	texts := make([]string, len(list))
	for i, p := range list {
		d := jinja.NewDict(8)
		get := func(keys ...string) jinja.Value {
			for _, k := range keys {
				if v, ok := p.rendered.Get(k); ok {
					return v
				}
			}
			return jinja.None
		}
		d.Set(p.kind, get(p.kind))
		d.Set("unrendered", basecontext.FromYAML(p.node))
		if name := get("name"); name != jinja.None {
			d.Set("name", name)
		}
		switch p.kind {
		case "package":
			d.Set("version", rawVersion(get("version")))
			d.Set("install_prerelease", get("install_prerelease", "install-prerelease"))
			if _, given := p.rendered.Get("install_prerelease"); !given && get("install-prerelease") == jinja.None {
				d.Set("install_prerelease", jinja.Bool(false))
			}
		case "git", "private":
			d.Set("revision", rawVersion(get("revision")))
			d.Set("warn-unpinned", get("warn-unpinned", "warn_unpinned"))
			d.Set("subdirectory", get("subdirectory"))
			if p.kind == "private" {
				d.Set("provider", get("provider"))
			}
		}
		var err error
		if texts[i], err = basecontext.SortedJSON(d); err != nil {
			return "", err
		}
	}
	slices.Sort(texts)
	sum := sha1.Sum([]byte(strings.Join(texts, "\n")))
	return hex.EncodeToString(sum[:]), nil
}

// rawVersion is a version as dbt keeps it: whole numbers become texts.
func rawVersion(v jinja.Value) jinja.Value {
	switch v := v.(type) {
	case jinja.Int, *jinja.BigInt:
		return jinja.Str(jinja.Text(v))
	case *jinja.List:
		out := make([]jinja.Value, len(v.Items))
		for i, item := range v.Items {
			out[i] = rawVersion(item)
		}
		return jinja.NewList(out...)
	}
	return v
}
