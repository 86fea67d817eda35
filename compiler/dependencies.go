package compiler

import (
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/project"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/source"
)

// DbtVersion is the version of dbt that weft reads projects as.
const DbtVersion = basecontext.DbtVersion

// PackageSpec is one entry of a list of packages; Dependencies is what a project lists.
type (
	PackageSpec  = project.PackageSpec
	Dependencies = project.Dependencies
)

// ReadDependencies reads what the project depends on: packages.yml or dependencies.yml, and package-lock.yml. It needs no profile,
// and no package need be installed.
func ReadDependencies(o Options) (*Dependencies, diag.List, error) {
	p, diags := o.dependencies()
	if diags.HasErrors() {
		return nil, diags, nil
	}
	d, list, err := project.LoadDependencies(p)
	return d, append(diags, list...), err
}

// ReadPackage reads the name of the package in a folder, and what it depends on. shown is how messages call the folder.
func ReadPackage(o Options, dir, shown string) (string, []PackageSpec, diag.List, error) {
	p, diags := o.dependencies()
	if diags.HasErrors() {
		return "", nil, diags, nil
	}
	name, specs, list, err := project.LoadPackage(p, dir, shown)
	return name, specs, append(diags, list...), err
}

func (o Options) dependencies() (project.Options, diag.List) {
	vars, diags := basecontext.ParseVars(o.Vars)
	return project.Options{FS: o.FS, ProjectDir: o.ProjectDir, Vars: vars, SkipProfile: true, SkipPackages: true, SkipVersionCheck: o.SkipVersionCheck,
		Base: basecontext.Options{Env: o.Env, RunStartedAt: o.Now, InvocationID: o.InvocationID}}, diags
}

// LockedPackage is an entry of package-lock.yml.
type LockedPackage struct {
	Spec PackageSpec
	Name string
}

// LockText is package-lock.yml for resolved packages.
func LockText(packages []LockedPackage, hash string) (string, error) {
	list := make([]jinja.Value, len(packages))
	for i, p := range packages {
		d := jinja.NewDict(4)
		d.Set(p.Spec.Kind, jinja.Str(p.Spec.Written))
		if p.Spec.Kind == "package" && len(p.Spec.Versions) == 1 {
			d.Set("version", jinja.Str(p.Spec.Versions[0]))
		}
		if p.Spec.Revision != "" {
			d.Set("revision", jinja.Str(p.Spec.Revision))
		}
		if p.Spec.Subdirectory != "" {
			d.Set("subdirectory", jinja.Str(p.Spec.Subdirectory))
		}
		d.Set("name", jinja.Str(p.Name))
		list[i] = d
	}
	root := jinja.NewDict(2)
	root.Set("packages", jinja.NewList(list...))
	root.Set("sha1_hash", jinja.Str(hash))
	return basecontext.PackagesYAML(root)
}

// AddPackage gives the text of a list of packages with one more entry, whose key kind holds the address and versionKey the version.
// Entries that name the same package go; their addresses are returned. Like dbt it writes the file anew, without comments.
func AddPackage(path, text, kind, address, versionKey, version string) (out string, removed []string, diags diag.List) {
	f := source.NewFile(path, text)
	n, diags := yamldoc.Parse(f)
	if diags.HasErrors() {
		return "", nil, diags
	}
	if !n.IsNull() && n.Kind != yamldoc.Mapping {
		diags.Add(diag.PackageInvalid, n.Span, "expected a mapping with the key packages, found %s", n.Kind)
		return "", nil, diags
	}
	root := basecontext.DictFromYAML(n)
	var kept []jinja.Value
	switch v, _ := root.Get("packages"); v := v.(type) {
	case *jinja.List:
		for _, item := range v.Items {
			if d, ok := item.(*jinja.Dict); ok {
				if a := addressOf(d); a != "" && samePackage(address, a) {
					removed = append(removed, a)
					continue
				}
			}
			kept = append(kept, item)
		}
	case nil, jinja.NoneType:
	default:
		diags.Add(diag.PackageInvalid, n.Span, "expected `packages` to be a list")
		return "", nil, diags
	}
	entry := jinja.NewDict(2)
	entry.Set(kind, jinja.Str(address))
	if parts := strings.Split(version, ","); len(parts) > 1 {
		list := make([]jinja.Value, len(parts))
		for i, p := range parts {
			list[i] = jinja.Str(p)
		}
		entry.Set(versionKey, jinja.NewList(list...))
	} else if version != "" {
		entry.Set(versionKey, jinja.Str(version))
	}
	root.Set("packages", jinja.NewList(append(kept, entry)...))
	out, err := basecontext.PackagesYAML(root)
	if err != nil {
		diags.Add(diag.PackageInvalid, n.Span, "%s", err)
	}
	return out, removed, diags
}

func addressOf(entry *jinja.Dict) string {
	for _, kind := range []string{"package", "git", "local", "tarball", "private"} {
		if v, ok := entry.Get(kind); ok && jinja.Truth(v) {
			return jinja.Text(v)
		}
	}
	return ""
}

// samePackage says whether an entry's address names the package that is being added, as dbt finds out: the name, or its part
// behind the namespace, with either dashes or underscores, stands in the address between slashes and dots.
func samePackage(added, address string) bool {
	short := added[strings.LastIndexByte(added, '/')+1:]
	var names []string
	for _, n := range []string{added, short} {
		names = append(names, n, strings.ReplaceAll(n, "_", "-"), strings.ReplaceAll(n, "-", "_"))
	}
	return slices.ContainsFunc(names, func(name string) bool {
		i := strings.Index(address, name)
		if i < 0 || name == "" {
			return false
		}
		border := func(j int) bool { return j < 0 || j >= len(address) || address[j] == '/' || address[j] == '.' }
		return border(i-1) && border(i+len(name))
	})
}
