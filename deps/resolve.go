package deps

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/semver"
)

// unpinned is a package with all that is asked of it so far.
type unpinned struct {
	spec       compiler.PackageSpec
	versions   []semver.Specifier
	prerelease bool
	revisions  []string
	warn       bool
	// askers say who asked for what, for messages.
	askers []string
}

// pinned is a package of which one version is chosen.
type pinned struct {
	// spec has the one version or revision.
	spec compiler.PackageSpec
	// latest is the newest version that could be installed, of a package of the hub.
	latest string
	hub    hubVersion
	// name is the name of the package's project, packages what it depends on.
	name     string
	packages []compiler.PackageSpec
	fetched  *fetchedPackage
	warn     bool
}

// listing is packages by their names, in the order in which they were asked for.
type listing struct{ list []*unpinned }

// title is what messages call a package.
func title(spec compiler.PackageSpec) string {
	if spec.Kind == "git" && spec.Subdirectory != "" {
		return spec.Address + "/" + spec.Subdirectory
	}
	return spec.Address
}

// names are all names under which a package may be listed: a repository has one with and one without ".git".
func names(spec compiler.PackageSpec) []string {
	if spec.Kind != "git" {
		return []string{spec.Address}
	}
	other := spec
	if base, ok := strings.CutSuffix(spec.Address, ".git"); ok {
		other.Address = base
	} else {
		other.Address += ".git"
	}
	return []string{title(spec), title(other)}
}

func (l *listing) find(spec compiler.PackageSpec) *unpinned {
	for _, name := range names(spec) {
		for _, u := range l.list {
			if title(u.spec) == name {
				return u
			}
		}
	}
	return nil
}

// unpin makes a requirement of an entry of a list.
func (s *session) unpin(spec compiler.PackageSpec, asker string) (*unpinned, error) {
	u := &unpinned{spec: spec, prerelease: spec.Prerelease, warn: spec.WarnUnpinned}
	switch spec.Kind {
	case "package":
		var err error
		if u.versions, err = semver.ParseAll(spec.Versions); err != nil {
			return nil, s.fail(diag.VersionInvalid, spec.At, "write versions with three numbers: \"1.1.1\", or a range [\">=1.0.0\", \"<2.0.0\"]", "%s: %s", spec.Address, err)
		}
		u.askers = []string{asker + " wants " + strings.Join(spec.Versions, " and ")}
	case "git":
		if spec.Revision != "" {
			u.revisions = []string{spec.Revision}
		}
		u.askers = []string{asker + " wants " + orElse(spec.Revision, "any revision")}
	case "private":
		return nil, s.fail(diag.PackagePrivate, spec.At, "list it as a git package, with a token in the address: {{ env_var('DBT_ENV_SECRET_…') }}",
			"the private package %s is fetched by dbt's platform, which weft does not use", spec.Address)
	}
	return u, nil
}

// incorporate adds requirements to a listing; news says whether they ask for anything that was not asked before.
func (s *session) incorporate(l *listing, u *unpinned) (news bool, err error) {
	old := l.find(u.spec)
	if old == nil {
		kept := *u
		l.list = append(l.list, &kept)
		return true, nil
	}
	if old.spec.Kind != u.spec.Kind {
		return false, s.fail(diag.PackageConflict, u.spec.At, "list the package in one way only", "Cannot incorporate %s (%s) in %s (%s): mismatched types",
			title(u.spec), kindName(u.spec.Kind), title(old.spec), kindName(old.spec.Kind))
	}
	for _, v := range u.versions {
		news = news || !slices.Contains(old.versions, v)
	}
	for _, r := range u.revisions {
		news = news || !slices.Contains(old.revisions, r)
	}
	old.versions = append(slices.Clip(old.versions), u.versions...)
	old.revisions = append(slices.Clip(old.revisions), u.revisions...)
	for _, a := range u.askers {
		if !slices.Contains(old.askers, a) {
			old.askers = append(slices.Clip(old.askers), a)
		}
	}
	old.warn = old.warn && u.warn
	return news, nil
}

func kindName(kind string) string {
	if kind == "package" {
		return "hub"
	}
	return kind
}

// resolve chooses a version of each package that is listed, and of what those depend on: level by level, each time the newest that
// all askers so far allow, without going back, as dbt does.
func (s *session) resolve(specs []compiler.PackageSpec) ([]*pinned, error) {
	pending, final := &listing{}, &listing{}
	if err := s.addAll(pending, specs, s.project.Name); err != nil {
		return nil, err
	}
	for news := true; news && len(pending.list) > 0; {
		next := &listing{}
		news = false
		for _, u := range pending.list {
			changed, err := s.incorporate(final, u)
			if err != nil {
				return nil, err
			}
			news = news || changed
			target, err := s.pin(final.find(u.spec))
			if err != nil {
				return nil, err
			}
			if err := s.describe(target); err != nil {
				return nil, err
			}
			if err := s.addAll(next, target.packages, target.name); err != nil {
				return nil, err
			}
		}
		pending = next
	}
	resolved, err := s.pinAll(final)
	if err != nil {
		return nil, err
	}
	return resolved, s.uniqueNames(resolved)
}

func (s *session) addAll(l *listing, specs []compiler.PackageSpec, asker string) error {
	for _, spec := range specs {
		u, err := s.unpin(spec, asker)
		if err != nil {
			return err
		}
		if _, err := s.incorporate(l, u); err != nil {
			return err
		}
	}
	return nil
}

// pinAll chooses versions and reads what the packages are called.
func (s *session) pinAll(l *listing) ([]*pinned, error) {
	out := make([]*pinned, len(l.list))
	for i, u := range l.list {
		p, err := s.pin(u)
		if err != nil {
			return nil, err
		}
		if err := s.describe(p); err != nil {
			return nil, err
		}
		out[i] = p
	}
	return out, nil
}

func (s *session) uniqueNames(list []*pinned) error {
	seen := map[string]bool{}
	for _, p := range list {
		switch {
		case seen[p.name]:
			return s.fail(diag.PackageNameClash, p.spec.At, "list the package once", "Found duplicate project \"%s\". This occurs when a dependency has the same project name as some other dependency.", p.name)
		case p.name == s.project.Name:
			return s.fail(diag.PackageNameClash, p.spec.At, "", "Found a dependency with the same name as the root project \"%s\". Package names must be unique in a project. Please rename one of these packages.", p.name)
		}
		seen[p.name] = true
	}
	return nil
}

// pin chooses one version of what is asked for.
func (s *session) pin(u *unpinned) (*pinned, error) {
	p := &pinned{spec: u.spec, warn: u.warn}
	switch u.spec.Kind {
	case "package":
		return p, s.pinHub(p, u)
	case "git":
		requested := slices.Compact(slices.Sorted(slices.Values(u.revisions)))
		if len(requested) > 1 {
			return nil, s.fail(diag.PackageConflict, u.spec.At, strings.Join(u.askers, "; "), "git dependencies should contain exactly one version. %s contains: {'%s'}",
				title(u.spec), strings.Join(requested, "', '"))
		}
		p.spec.Revision = "HEAD"
		if len(requested) == 1 {
			p.spec.Revision = requested[0]
		}
	}
	return p, nil
}

func (s *session) pinHub(p *pinned, u *unpinned) error {
	all, err := s.hub.versions(u.spec.Address, u.spec.At)
	if err != nil {
		return err
	}
	wanted, ok := semver.Reduce(u.versions...)
	if !ok {
		texts := make([]string, len(u.versions))
		for i, v := range u.versions {
			texts[i] = "'" + v.String() + "'"
		}
		return s.fail(diag.PackageConflict, u.spec.At, strings.Join(u.askers, "; "), "Version error for package %s: Could not find a satisfactory version from options: [%s]",
			u.spec.Address, strings.Join(texts, ", "))
	}
	fail := func(err error) error {
		return s.fail(diag.VersionInvalid, u.spec.At, "", "%s: %s", u.spec.Address, err)
	}
	compatible, prerelease := make([]string, 0, len(all)), u.prerelease
	for _, v := range all {
		fits := s.o.Project.SkipVersionCheck
		if !fits {
			if fits, err = fitsDbt(v.Requires); err != nil {
				return fail(err)
			}
		}
		if fits {
			compatible = append(compatible, v.Version)
		}
	}
	for _, v := range u.versions {
		prerelease = prerelease || v.Prerelease != ""
	}
	installable, err := semver.Installable(compatible, prerelease)
	if err != nil {
		return fail(err)
	}
	target, err := semver.Newest(wanted, installable)
	if err != nil {
		return fail(err)
	}
	if target == "" {
		hint := strings.Join(u.askers, "; ")
		if !s.o.Project.SkipVersionCheck && len(compatible) < len(all) {
			hint += "; versions that are incompatible with dbt " + compiler.DbtVersion + " are not shown: to include them, run `weft --no-version-check deps`"
		}
		return s.fail(diag.PackageUnknown, u.spec.At, hint, "Could not find a matching compatible version for package %s\n  Requested range: %s\n  Compatible versions: %s",
			u.spec.Address, wanted, quoted(installable))
	}
	for _, v := range all {
		if v.Version == target {
			p.hub = v
		}
	}
	p.latest = installable[len(installable)-1]
	p.spec.Versions = []string{target}
	return nil
}

// fitsDbt says whether a package that requires versions of dbt takes the one that weft reads projects as.
func fitsDbt(required []string) (bool, error) {
	if len(required) == 0 {
		return true, nil
	}
	specs, err := semver.ParseAll(required)
	if err != nil {
		return false, err
	}
	own, err := semver.Parse(compiler.DbtVersion)
	return err == nil && semver.Compatible(append([]semver.Specifier{own}, specs...)...), err
}

// quoted is a list as Python shows it.
func quoted(list []string) string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = "'" + v + "'"
	}
	return fmt.Sprintf("[%s]", strings.Join(out, ", "))
}
