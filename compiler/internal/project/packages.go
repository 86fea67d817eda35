package project

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
	"github.com/weft-data/weft/compiler/source"
)

// listedPackage is one entry of packages.yml, dependencies.yml or package-lock.yml.
type listedPackage struct {
	kind  string // "package", "git", "local", "tarball", "private"
	value string
	name  string // as the lock file, or a tarball entry, says
	at    source.Span
	// rendered is the entry after rendering, node as it is written.
	rendered *jinja.Dict
	node     *yamldoc.Node
}

// folder is the name that `dbt deps` gives the installed package's folder, as far as it can be told without reading it.
func (p listedPackage) folder() string {
	if p.name != "" {
		return p.name
	}
	base := strings.TrimSuffix(strings.TrimRight(p.value, "/"), ".git")
	if i := strings.LastIndexAny(base, "/:"); i >= 0 {
		base = base[i+1:]
	}
	return base
}

var packageKinds = []string{"package", "git", "local", "tarball", "private"}

// packageKeys are the keys of an entry, by its kind.
var packageKeys = map[string]map[string]shape{
	"package": {"package": 0, "version": 0, "install-prerelease": 0, "install_prerelease": 0, "name": 0, "unrendered": 0},
	"git":     {"git": 0, "revision": 0, "warn-unpinned": 0, "warn_unpinned": 0, "subdirectory": 0, "name": 0, "unrendered": 0},
	"local":   {"local": 0, "name": 0, "unrendered": 0},
	"tarball": {"tarball": 0, "name": 0, "unrendered": 0},
	"private": {"private": 0, "provider": 0, "revision": 0, "warn-unpinned": 0, "warn_unpinned": 0, "subdirectory": 0, "name": 0, "unrendered": 0},
}

// packages finds and loads the installed packages of the root project.
func (l *loader) packages(s *Set, render *basecontext.Renderer) error {
	wanted, err := l.listed(s)
	if err != nil || l.diags.HasErrors() {
		return err
	}
	install := filepath.Join(l.root, s.Root.Config.PackagesInstallPath)
	installed, err := l.installed(install)
	if err != nil {
		return err
	}
	local, missing, elsewhere := l.localPackages(wanted, installed)
	if !l.complete(s, wanted, installed, local, missing, elsewhere) {
		return nil
	}
	for _, dir := range installed {
		if err := l.addPackage(s, filepath.Join(install, dir), false); err != nil {
			return err
		}
	}
	for i := 0; i < len(local); i++ {
		if err := l.addPackage(s, local[i].dir, true); err != nil {
			return err
		}
	}
	return nil
}

// listed reads the packages that the project wants: what the lock file lists, else packages.yml or dependencies.yml.
func (l *loader) listed(s *Set) ([]listedPackage, error) {
	out, err := l.declared(s)
	if err != nil || l.diags.HasErrors() {
		return nil, err
	}
	_, lock, err := l.readYAML(filepath.Join(l.root, lockFile))
	if err != nil || lock.IsNull() {
		return out, err
	}
	if locked := l.entries(lock, basecontext.DictFromYAML(lock)); len(locked) > 0 {
		return locked, nil
	}
	return out, nil
}

// declared reads packages.yml or dependencies.yml.
func (l *loader) declared(s *Set) ([]listedPackage, error) {
	_, packages, err := l.readYAML(filepath.Join(l.root, "packages.yml"))
	if err != nil {
		return nil, err
	}
	_, dependencies, err := l.readYAML(filepath.Join(l.root, "dependencies.yml"))
	if err != nil {
		return nil, err
	}
	own, other := packages.Pair("packages"), dependencies.Pair("packages")
	s.PackageList = "packages.yml"
	if own != nil && other != nil {
		d := l.diags.Add(diag.PackageInvalid, other.Key.Span, "The 'packages' key cannot be specified in both packages.yml and dependencies.yml")
		d.Related = []diag.Related{{Span: own.Key.Span, Message: "packages.yml lists packages too"}}
		return nil, nil
	}
	if p := packages.Pair("projects"); p != nil {
		l.diags.Add(diag.PackageInvalid, p.Key.Span, "The 'projects' key cannot be specified in packages.yml")
		return nil, nil
	}
	var out []listedPackage
	if other != nil {
		s.PackageList = "dependencies.yml"
		// What stands there is not rendered, but for packages of packages.
		rendered, diags := basecontext.DictFromYAML(dependencies), diag.List(nil)
		if l.renderAll {
			rendered, diags = l.secretRenderer(s.CLIVars).Dict(dependencies)
			l.diags = append(l.diags, diags...)
		}
		if !diags.HasErrors() {
			out = l.entries(dependencies, rendered)
		}
	} else if packages != nil && !packages.IsNull() {
		vars := s.FileVars.Copy()
		for k, v := range s.CLIVars.Entries {
			if err := vars.Store(k, v); err != nil {
				return nil, err
			}
		}
		rendered, diags := l.secretRenderer(vars).Dict(packages)
		l.diags = append(l.diags, diags...)
		if diags.HasErrors() {
			return nil, nil
		}
		out = l.entries(packages, rendered)
	}
	return out, nil
}

// entries reads the list `packages:` of a file.
func (l *loader) entries(root *yamldoc.Node, rendered *jinja.Dict) []listedPackage {
	if root.Kind != yamldoc.Mapping {
		l.diags.Add(diag.PackageInvalid, root.Span, "expected a mapping with the key packages, found %s", root.Kind)
		return nil
	}
	for i := range root.Pairs {
		if p := &root.Pairs[i]; p.Name != "packages" && p.Name != "projects" && p.Name != "sha1_hash" {
			d := l.diags.Add(diag.YAMLUnknownKey, p.Key.Span, "Additional properties are not allowed ('%s' was unexpected) in %s", p.Name, p.Key.Span.File.Path)
			d.Hint = didYouMean(p.Name, map[string]bool{"packages": true})
		}
	}
	list := root.Get("packages")
	if list.IsNull() {
		return nil
	}
	value, _ := rendered.Get("packages")
	items, ok := value.(*jinja.List)
	if !ok || list.Kind != yamldoc.Sequence {
		l.diags.Add(diag.PackageInvalid, list.Span, "expected `packages` to be a list, found %s", list.Kind)
		return nil
	}
	var out []listedPackage
	for i, item := range items.Items {
		if p, ok := l.entry(list.Items[i], item); ok {
			out = append(out, p)
		}
	}
	return out
}

func (l *loader) entry(n *yamldoc.Node, v jinja.Value) (listedPackage, bool) {
	d, ok := v.(*jinja.Dict)
	if !ok {
		e := l.diags.Add(diag.PackageInvalid, n.Span, "expected a package to be a mapping, found %s", describe(v))
		e.Hint = "write `- package: owner/name` with a version, `- git: URL` or `- local: PATH`"
		return listedPackage{}, false
	}
	for _, kind := range packageKinds {
		value, has := d.Get(kind)
		if !has {
			continue
		}
		p := listedPackage{kind: kind, value: jinja.Text(value), at: n.Span, rendered: d, node: n}
		if name, ok := d.Get("name"); ok && name != jinja.None {
			p.name = jinja.Text(name)
		}
		return p, l.checkEntry(n, d, p)
	}
	e := l.diags.Add(diag.PackageInvalid, n.Span, "expected a package to have one of the keys package, git, local, tarball or private")
	for _, k := range keysOf(n) {
		if best := nearest(k, packageKinds); best != "" {
			e.Hint = "Did you mean `" + best + "`?"
			break
		}
	}
	return listedPackage{}, false
}

func (l *loader) checkEntry(n *yamldoc.Node, d *jinja.Dict, p listedPackage) bool {
	keys := packageKeys[p.kind]
	ok := true
	for i := range n.Pairs {
		if q := &n.Pairs[i]; !hasKey(keys, q.Name) {
			e := l.diags.Add(diag.YAMLUnknownKey, q.Key.Span, "Additional properties are not allowed ('%s' was unexpected) in a %s package", q.Name, kindName(p.kind))
			e.Hint = didYouMean(q.Name, keys)
			ok = false
		}
	}
	if !l.checkTypes(n, d, p.kind) {
		return false
	}
	switch {
	case p.value == "":
		l.diags.Add(diag.PackageInvalid, n.Span, "A %s package is missing the value. It is a required property.", kindName(p.kind))
		ok = false
	case p.kind == "package":
		if v, has := d.Get("version"); !has || !jinja.Truth(v) {
			l.diags.Add(diag.PackageInvalid, n.Span, "%s is missing the version. When installing from the Hub package index, version is a required property", p.value)
			ok = false
		} else if !strings.Contains(p.value, "/") {
			l.diags.Add(diag.PackageInvalid, n.Span, "%s was not found in the package index. Packages on the index require a namespace, e.g dbt-labs/dbt_utils", p.value)
			ok = false
		}
	case p.kind == "tarball" && p.name == "":
		l.diags.Add(diag.PackageInvalid, n.Span, "a tarball package must have a name")
		ok = false
	}
	return ok
}

// checkTypes holds the values of an entry to the types that dbt expects.
func (l *loader) checkTypes(n *yamldoc.Node, d *jinja.Dict, kind string) bool {
	ok := true
	for key, v := range d.Entries {
		name := jinja.Text(key)
		expected := ""
		_, isText := v.(jinja.Str)
		_, isBool := v.(jinja.Bool)
		list, isList := v.(*jinja.List)
		switch {
		case name == kind:
			if !isText {
				expected = "a string"
			}
		case v == jinja.None:
			if name == "version" {
				continue
			}
		case name == "name", name == "subdirectory", name == "provider":
			if !isText {
				expected = "a string"
			}
		case name == "install_prerelease", name == "install-prerelease", name == "warn-unpinned", name == "warn_unpinned":
			if !isBool {
				expected = "true or false"
			}
		case name == "revision":
			if !isRawVersion(v) {
				expected = "a string"
			}
		case name == "version":
			if !isRawVersion(v) && !(isList && !slices.ContainsFunc(list.Items, func(x jinja.Value) bool { return !isRawVersion(x) })) {
				expected = "a string or a list of strings"
			}
		}
		if expected == "" {
			continue
		}
		at := n.Span
		if p := n.Pair(name); p != nil && p.Value != nil && p.Value.Span.Start < p.Value.Span.End {
			at = p.Value.Span
		}
		l.diags.Add(diag.PackageInvalid, at, "expected `%s` of a %s package to be %s, found %s", name, kindName(kind), expected, describe(v))
		ok = false
	}
	return ok
}

// isRawVersion says whether a value may stand for a version or a revision: a text or a number.
func isRawVersion(v jinja.Value) bool {
	switch v.(type) {
	case jinja.Str, jinja.Int, *jinja.BigInt, jinja.Float:
		return true
	}
	return false
}

// kindName is what people call a kind of package.
func kindName(kind string) string {
	if kind == "package" {
		return "hub"
	}
	return kind
}

// installed lists the folders of the install path, sorted; links to folders count.
func (l *loader) installed(install string) ([]string, error) {
	entries, err := l.fs.ReadDir(install)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "__") {
			continue
		}
		isDir := e.IsDir()
		if e.Type()&fs.ModeSymlink != 0 {
			if info, err := l.fs.Stat(filepath.Join(install, e.Name())); err == nil {
				isDir = info.IsDir()
			}
		}
		if isDir {
			out = append(out, e.Name())
		}
	}
	slices.Sort(out)
	return out, nil
}

// localFolder is a `local:` package that is read where it lies.
type localFolder struct {
	dir  string
	name string
}

// localPackages finds the local packages that are not installed, with those that they list themselves; dbt wants them
// installed, weft does not. missing are the entries that are nowhere, elsewhere counts local ones that are not read in place.
func (l *loader) localPackages(wanted []listedPackage, installed []string) (local []localFolder, missing []listedPackage, elsewhere int) {
	seen := map[string]bool{}
	var visit func(from string, list []listedPackage)
	visit = func(from string, list []listedPackage) {
		for _, p := range list {
			if p.kind != "local" {
				if from != l.root && !l.isInstalled(p, installed) {
					missing = append(missing, p)
				}
				continue
			}
			dir := p.value
			if !filepath.IsAbs(dir) {
				dir = filepath.Join(from, dir)
			}
			name := l.projectName(dir)
			if seen[dir] {
				continue
			}
			seen[dir] = true
			if name == "" {
				elsewhere++
				if !l.isInstalled(p, installed) {
					missing = append(missing, p)
				}
				continue
			}
			if slices.Contains(installed, name) {
				elsewhere++
				continue
			}
			local = append(local, localFolder{dir: dir, name: name})
			_, nested, err := l.readYAML(filepath.Join(dir, "packages.yml"))
			if err == nil && !nested.IsNull() && nested.Kind == yamldoc.Mapping {
				visit(dir, l.entries(nested, basecontext.DictFromYAML(nested)))
			}
		}
	}
	visit(l.root, wanted)
	return local, missing, elsewhere
}

// projectName reads the name in a folder's dbt_project.yml, "" if there is none.
func (l *loader) projectName(dir string) string {
	b, err := l.fs.ReadFile(filepath.Join(dir, "dbt_project.yml"))
	if err != nil {
		return ""
	}
	n, _ := yamldoc.Parse(source.NewFile(l.shown(filepath.Join(dir, "dbt_project.yml")), string(b)))
	if name := n.Get("name"); name != nil {
		return name.Str
	}
	return ""
}

func (l *loader) isInstalled(p listedPackage, installed []string) bool {
	want := strings.ToLower(strings.ReplaceAll(p.folder(), "-", "_"))
	for _, dir := range installed {
		have := strings.ToLower(strings.ReplaceAll(dir, "-", "_"))
		if have == want || p.name == "" && p.kind != "package" && (strings.HasSuffix(want, have) || strings.HasPrefix(want, have)) {
			return true
		}
	}
	return false
}

// complete reports packages that are listed and not installed, all in one message. Like dbt it counts: what a package is
// called is known for certain only once it is installed.
func (l *loader) complete(s *Set, wanted []listedPackage, installed []string, local []localFolder, missing []listedPackage, elsewhere int) bool {
	direct := elsewhere
	for _, p := range wanted {
		if p.kind != "local" {
			direct++
			if !l.isInstalled(p, installed) {
				missing = append(missing, p)
			}
		}
	}
	found := len(installed) + len(local)
	direct += len(local)
	if found == direct && (len(local) == 0 || len(missing) == 0) {
		// The numbers agree: where names do not, a package is installed under one that its address does not tell.
		return true
	}
	if len(local) > 0 && len(missing) == 0 && found > direct {
		// What a local package depends on is installed too, and counted nowhere.
		return true
	}
	if found > direct {
		missing = nil
	}
	names := make([]string, len(missing))
	for i, p := range missing {
		names[i] = p.folder()
		if p.kind == "local" {
			names[i] = p.value
		}
	}
	at := source.Span{File: source.NewFile(s.PackageList, "")}
	if len(missing) > 0 {
		at = missing[0].at
	}
	detail := "dbt expects %d package(s) based on packages specified in %s, but found only %d package(s) installed in %s."
	if len(names) > 0 {
		detail += " Following packages were not found: " + strings.ReplaceAll(strings.Join(names, ", "), "%", "%%") + "."
	}
	d := l.diags.Add(diag.PackagesNotInstalled, at, detail+" Run \"weft deps\" to install package dependencies.", direct, s.PackageList, found, s.Root.Config.PackagesInstallPath)
	d.Hint = "run `weft deps`"
	return false
}

// addPackage loads one package folder.
func (l *loader) addPackage(s *Set, dir string, local bool) error {
	p := &Package{Dir: dir, Local: local, Prefix: l.shown(dir)}
	raw, err := l.readProjectFile(p)
	if err != nil || raw == nil {
		return err
	}
	// A package's own file sees no variables of the command line.
	if p.Config = l.config(p, raw, l.renderer(jinja.NewDict(0))); p.Config == nil {
		return nil
	}
	p.Name = p.Config.Name
	if p.Name == "dbt" || p.Name == "dbt_"+l.profile.Type {
		l.diags.Add(diag.PackageNameClash, raw.Pair("name").Value.Span, "dbt found more than one package with the name \"%s\" included in this project: it is the name of a package of dbt's own.", p.Name)
		return nil
	}
	if other := s.byName[p.Name]; other != nil {
		d := l.diags.Add(diag.PackageNameClash, raw.Pair("name").Value.Span, "dbt found more than one package with the name \"%s\" included in this project. Package names must be unique in a project. Please rename one of these packages.", p.Name)
		d.Related = []diag.Related{{Span: other.Config.Raw.Pair("name").Value.Span, Message: "the other package of that name"}}
		return nil
	}
	s.byName[p.Name] = p
	s.Packages = append(s.Packages, p)
	return nil
}
