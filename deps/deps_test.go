package deps

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/diag"
)

// world is a hub with archives, and a project that uses it.
type world struct {
	t        *testing.T
	dir      string
	url      string
	packages map[string]map[string]any
	archives map[string][]byte
	// fails is how many requests are answered with 503 first.
	fails    atomic.Int32
	requests atomic.Int32
	said     []string
	env      map[string]string
}

func newWorld(t *testing.T, files map[string]string) *world {
	w := &world{t: t, dir: filepath.Join(t.TempDir(), "shop"), packages: map[string]map[string]any{}, archives: map[string][]byte{}, env: map[string]string{}}
	server := httptest.NewServer(http.HandlerFunc(w.serve))
	t.Cleanup(server.Close)
	w.url = server.URL
	writeFiles(t, w.dir, map[string]string{"dbt_project.yml": "name: shop\nversion: '1.0'\n"})
	writeFiles(t, w.dir, files)
	return w
}

func (w *world) serve(out http.ResponseWriter, r *http.Request) {
	w.requests.Add(1)
	if w.fails.Add(-1) >= 0 {
		http.Error(out, "try again", http.StatusServiceUnavailable)
		return
	}
	if data, ok := w.archives[r.URL.Path]; ok {
		_, _ = out.Write(data)
		return
	}
	if p, ok := w.packages[strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/api/v1/"), ".json")]; ok {
		_ = json.NewEncoder(out).Encode(map[string]any{"name": "x", "versions": p})
		return
	}
	http.NotFound(out, r)
}

// publish puts a version of a package into the hub.
func (w *world) publish(name, version string, data []byte) {
	path := "/" + name + "-" + version + ".tar.gz"
	w.archives[path] = data
	sum := sha1.Sum(data)
	if w.packages[name] == nil {
		w.packages[name] = map[string]any{}
	}
	short := name[strings.LastIndexByte(name, '/')+1:]
	w.packages[name][version] = map[string]any{"name": short, "packages": []any{}, "downloads": map[string]any{"tarball": w.url + path, "sha1": hex.EncodeToString(sum[:])}}
}

func pack(t *testing.T, name, version string) []byte {
	return archive(t, item{name: name + "-" + version + "/dbt_project.yml", text: "name: " + name + "\n"},
		item{name: name + "-" + version + "/macros/v.sql", text: version})
}

func (w *world) options() Options {
	o := testOptions(w.dir, w.url, w.env)
	o.Say = func(s string) { w.said = append(w.said, s) }
	return o
}

func (w *world) run(change ...func(*Options)) diag.List {
	w.t.Helper()
	o := w.options()
	for _, c := range change {
		c(&o)
	}
	diags, err := Run(w.t.Context(), o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.nothingLeft()
	return diags
}

func (w *world) ok(change ...func(*Options)) {
	w.t.Helper()
	if diags := w.run(change...); len(diags) > 0 {
		w.t.Fatal(diags)
	}
}

// nothingLeft checks that no folder of work remains.
func (w *world) nothingLeft() {
	w.t.Helper()
	entries, err := os.ReadDir(w.dir)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".weft") {
			w.t.Errorf("%s was left", e.Name())
		}
	}
}

func (w *world) file(name string) string {
	b, err := os.ReadFile(filepath.Join(w.dir, filepath.FromSlash(name)))
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func code(list diag.List) diag.Code {
	for _, d := range list {
		if d.Severity == diag.Error {
			return d.Code
		}
	}
	if len(list) > 0 {
		return list[0].Code
	}
	return ""
}

const wantsUtils = "packages:\n  - package: acme/utils\n    version: [\">=1.0.0\", \"<2.0.0\"]\n"

// TestInstall follows a project through its life: first install, a lock that holds, an upgrade, a package that goes.
func TestInstall(t *testing.T) {
	w := newWorld(t, map[string]string{"packages.yml": wantsUtils})
	w.publish("acme/utils", "1.0.0", pack(t, "utils", "1.0.0"))
	w.ok()
	if got := w.file("dbt_packages/utils/macros/v.sql"); got != "1.0.0" {
		t.Fatal(got)
	}
	w.publish("acme/utils", "1.1.0", pack(t, "utils", "1.1.0"))
	w.said = nil
	w.ok()
	if got := w.file("dbt_packages/utils/macros/v.sql"); got != "1.0.0" {
		t.Errorf("the lock was not heeded: %s", got)
	}
	if !slices.Contains(w.said, "Updated version available: 1.1.0") {
		t.Errorf("said %q", w.said)
	}
	w.ok(func(o *Options) { o.Upgrade = true })
	if got := w.file("dbt_packages/utils/macros/v.sql"); got != "1.1.0" {
		t.Errorf("not upgraded: %s", got)
	}
	writeFiles(t, w.dir, map[string]string{"packages.yml": "packages:\n  - local: own\n", "own/dbt_project.yml": "name: mine\n"})
	w.ok()
	if entries, _ := os.ReadDir(filepath.Join(w.dir, "dbt_packages")); len(entries) != 1 || entries[0].Name() != "mine" {
		t.Errorf("installed %v", entries)
	}
	if target, err := os.Readlink(filepath.Join(w.dir, "dbt_packages", "mine")); err != nil || target != filepath.Join(w.dir, "own") {
		t.Errorf("%s, %v", target, err)
	}
	writeFiles(t, w.dir, map[string]string{"packages.yml": "packages: []\n"})
	w.ok()
	if entries, _ := os.ReadDir(filepath.Join(w.dir, "dbt_packages")); len(entries) != 0 {
		t.Errorf("installed %v", entries)
	}
	if got := w.file("package-lock.yml"); !strings.HasPrefix(got, "packages: []\n") {
		t.Errorf("lock file %s", got)
	}
}

// TestLockOnly writes the lock file and touches nothing else.
func TestLockOnly(t *testing.T) {
	w := newWorld(t, map[string]string{"packages.yml": wantsUtils})
	w.publish("acme/utils", "1.0.0", []byte("no archive"))
	w.ok(func(o *Options) { o.LockOnly = true })
	if _, err := os.Stat(filepath.Join(w.dir, "dbt_packages")); err == nil {
		t.Error("something was installed")
	}
	if !strings.Contains(w.file("package-lock.yml"), "version: 1.0.0") {
		t.Error(w.file("package-lock.yml"))
	}
}

// TestNothingHalfInstalled fails at the second package and keeps what was installed before.
func TestNothingHalfInstalled(t *testing.T) {
	w := newWorld(t, map[string]string{"packages.yml": wantsUtils})
	w.publish("acme/utils", "1.0.0", pack(t, "utils", "1.0.0"))
	w.ok()
	w.publish("acme/utils", "1.1.0", pack(t, "utils", "1.1.0"))
	for name, data := range map[string][]byte{
		"evil":    archive(t, item{name: "evil-1/dbt_project.yml", text: "name: evil\n"}, item{name: "evil-1/../../../evil", text: "x"}),
		"damaged": pack(t, "damaged", "1")[:100],
		"nothing": archive(t, item{name: "nothing-1/readme", text: "no project"}),
	} {
		w.publish("acme/"+name, "1.0.0", data)
		writeFiles(t, w.dir, map[string]string{"packages.yml": wantsUtils + "  - package: acme/" + name + "\n    version: 1.0.0\n"})
		want := map[string]diag.Code{"evil": diag.ArchiveRefused, "damaged": diag.FetchFailed, "nothing": diag.ProjectNotFound}[name]
		if got := code(w.run()); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		if got := w.file("dbt_packages/utils/macros/v.sql"); got != "1.0.0" {
			t.Errorf("%s: the installed package changed: %s", name, got)
		}
		if _, err := os.Stat(filepath.Join(w.dir, "dbt_packages", name)); err == nil {
			t.Errorf("%s is installed", name)
		}
	}
}

func TestRetries(t *testing.T) {
	w := newWorld(t, map[string]string{"packages.yml": wantsUtils})
	w.publish("acme/utils", "1.0.0", pack(t, "utils", "1.0.0"))
	w.fails.Store(5)
	w.ok()
	w.fails.Store(6)
	w.requests.Store(0)
	diags := w.run(func(o *Options) { o.Upgrade = true })
	if code(diags) != diag.FetchFailed || w.requests.Load() != 6 || !strings.Contains(diags[0].Detail, "503") {
		t.Errorf("%v after %d requests", diags, w.requests.Load())
	}
	w.requests.Store(0)
	w.fails.Store(0)
	writeFiles(t, w.dir, map[string]string{"packages.yml": "packages:\n  - package: acme/none\n    version: 1.0.0\n"})
	if diags := w.run(); code(diags) != diag.PackageUnknown || w.requests.Load() != 1 {
		t.Errorf("%v after %d requests", diags, w.requests.Load())
	}
}

// TestNoNetwork asks a hub that is not there.
func TestNoNetwork(t *testing.T) {
	w := newWorld(t, map[string]string{"packages.yml": wantsUtils})
	diags := w.run(func(o *Options) { o.HubURL = "http://127.0.0.1:1" })
	if code(diags) != diag.FetchFailed || !strings.Contains(diags[0].Hint, "network") {
		t.Error(diags)
	}
}

func TestCancel(t *testing.T) {
	w := newWorld(t, map[string]string{"packages.yml": wantsUtils})
	ctx, stop := context.WithCancel(t.Context())
	w.fails.Store(1000)
	o := w.options()
	o.Wait = time.Hour
	o.Say = nil
	go func() {
		for w.requests.Load() == 0 {
			time.Sleep(time.Millisecond)
		}
		stop()
	}()
	if _, err := Run(ctx, o); err == nil || !strings.Contains(err.Error(), "canceled") {
		t.Error(err)
	}
	w.nothingLeft()
}

// TestSecrets fetches an archive by an address with a secret: it stands in no file and in no line that is said.
func TestSecrets(t *testing.T) {
	w := newWorld(t, nil)
	w.env["DBT_ENV_SECRET_TOKEN"] = "tok3n"
	w.archives["/tok3n/p.tar.gz"] = pack(t, "p", "1")
	writeFiles(t, w.dir, map[string]string{"packages.yml": fmt.Sprintf("packages:\n  - tarball: \"%s/{{ env_var('DBT_ENV_SECRET_TOKEN') }}/p.tar.gz\"\n    name: p\n", w.url)})
	w.ok()
	w.ok() // from the lock file
	all := strings.Join(w.said, "\n") + w.file("package-lock.yml")
	if strings.Contains(all, "tok3n") || !strings.Contains(all, "env_var('") && !strings.Contains(all, "env_var(''") {
		t.Error(all)
	}
	// Written out, it is hidden, with a warning.
	writeFiles(t, w.dir, map[string]string{"packages.yml": fmt.Sprintf("packages:\n  - tarball: \"%s/tok3n/p.tar.gz\"\n    name: p\n", w.url)})
	diags := w.run()
	if code(diags) != diag.SecretInLock || strings.Contains(fmt.Sprint(diags)+w.file("package-lock.yml"), "tok3n") {
		t.Errorf("%v\n%s", diags, w.file("package-lock.yml"))
	}
	// Nor does it show in what fails.
	delete(w.archives, "/tok3n/p.tar.gz")
	writeFiles(t, w.dir, map[string]string{"packages.yml": fmt.Sprintf("packages:\n  - tarball: \"%s/{{ env_var('DBT_ENV_SECRET_TOKEN') }}/p.tar.gz\"\n    name: p\n", w.url)})
	if diags := w.run(func(o *Options) { o.Upgrade = true }); code(diags) != diag.FetchFailed || strings.Contains(fmt.Sprint(diags), "tok3n") {
		t.Error(diags)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name, packages string
		want           diag.Code
	}{
		{"private", "packages:\n  - private: acme/secret\n", diag.PackagePrivate},
		{"tarball that names another place", "packages:\n  - tarball: URL/p.tar.gz\n    name: ../p\n", diag.PackageInvalid},
		{"not the web", "packages:\n  - tarball: file:///etc/passwd\n    name: p\n", diag.FetchFailed},
		{"option for git", "packages:\n  - git: --upload-pack=touch evil\n", diag.PackageInvalid},
		{"subdirectory outside", "packages:\n  - git: https://example.com/x\n    subdirectory: ../..\n", diag.PackageInvalid},
		{"hub name that is an address", "packages:\n  - package: ../../evil\n    version: 1.0.0\n", diag.PackageUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.archives["/p.tar.gz"] = pack(t, "p", "1")
			writeFiles(t, w.dir, map[string]string{"packages.yml": strings.ReplaceAll(c.packages, "URL", w.url)})
			if diags := w.run(); code(diags) != c.want {
				t.Errorf("got %v, want %s", diags, c.want)
			}
		})
	}
}

// TestGuard refuses install paths that hold more than packages.
func TestGuard(t *testing.T) {
	for _, path := range []string{".", "..", "sub"} {
		w := newWorld(t, map[string]string{"packages.yml": wantsUtils, "sub/dbt_project.yml": "name: sub\n"})
		writeFiles(t, w.dir, map[string]string{"dbt_project.yml": "name: shop\npackages-install-path: " + path + "\n"})
		w.publish("acme/utils", "1.0.0", pack(t, "utils", "1.0.0"))
		if diags := w.run(); code(diags) != diag.PackageInvalid {
			t.Errorf("%s: %v", path, diags)
		}
	}
}

func TestChangedArchive(t *testing.T) {
	w := newWorld(t, map[string]string{"packages.yml": wantsUtils})
	w.publish("acme/utils", "1.0.0", pack(t, "utils", "1.0.0"))
	w.archives["/acme/utils-1.0.0.tar.gz"] = pack(t, "utils", "other")
	if diags := w.run(); code(diags) != diag.ArchiveChanged || diags.HasErrors() {
		t.Error(diags)
	}
}

// TestCycle ends where packages depend on each other.
func TestCycle(t *testing.T) {
	w := newWorld(t, map[string]string{"packages.yml": "packages:\n  - local: a\n", "a/dbt_project.yml": "name: a\n", "a/packages.yml": "packages:\n  - local: b\n",
		"b/dbt_project.yml": "name: b\n", "b/packages.yml": "packages:\n  - local: a\n"})
	w.ok()
	if entries, _ := os.ReadDir(filepath.Join(w.dir, "dbt_packages")); len(entries) != 2 {
		t.Errorf("installed %v", entries)
	}
}

// TestGit installs from a repository: a subdirectory alone, links within kept, links that lead out left.
func TestGit(t *testing.T) {
	needGit(t)
	repos := "file://" + makeRepos(t, readOracle(t).Repos)
	w := newWorld(t, map[string]string{"packages.yml": "packages:\n  - git: " + repos + "/tools\n    subdirectory: sub/inner\n  - git: " + repos + "/tools.git\n    revision: v1\n"})
	diags := w.run()
	if code(diags) != diag.PackageUnpinned || diags.HasErrors() || len(diags) != 1 {
		t.Fatal(diags)
	}
	if w.file("dbt_packages/inner/dbt_project.yml") != "name: inner\n" || w.file("dbt_packages/tools/dbt_project.yml") != "name: tools\n" {
		t.Error("not installed")
	}
	if _, err := os.Stat(filepath.Join(w.dir, "dbt_packages", "tools", ".git")); err == nil {
		t.Error("the history is installed")
	}
	w.said = nil
	w.ok() // by the commits of the lock file, which are pinned
	if !slices.Contains(w.said, "and subdirectory sub/inner") {
		t.Errorf("said %q", w.said)
	}
	if diags := w.run(func(o *Options) { o.Git, o.Upgrade = "no-such-git", true }); code(diags) != diag.GitFailed || !strings.Contains(diags[0].Hint, "install git") {
		t.Error(diags)
	}
}

func TestDropLinks(t *testing.T) {
	w := newWorld(t, nil)
	dir := filepath.Join(w.dir, "p")
	writeFiles(t, dir, map[string]string{"a/file": "x"})
	for link, target := range map[string]string{"in": "a/file", "out": "../dbt_project.yml", "a/far": "/etc", "dangling": "none"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	s := newSession(t.Context(), w.options())
	if err := s.dropLinks(dir); err != nil {
		t.Fatal(err)
	}
	for link, stays := range map[string]bool{"in": true, "out": false, "a/far": false, "dangling": true} {
		if _, err := os.Lstat(filepath.Join(dir, link)); (err == nil) != stays {
			t.Errorf("%s: %v", link, err)
		}
	}
}

func TestAdd(t *testing.T) {
	w := newWorld(t, map[string]string{"packages.yml": "# mine\npackages:\n  - package: acme/old_utils\n    version: 1.0.0\n  - git: https://example.com/acme/utils.git\n    revision: v1\n"})
	for _, step := range []struct{ add, source, want string }{
		{"acme/utils@>=1.0.0,<2.0.0", "hub", "packages:\n  - package: acme/old_utils\n    version: 1.0.0\n  - package: acme/utils\n    version:\n      - '>=1.0.0'\n      - <2.0.0\n"},
		{"acme/utils@1.0.0", "hub", "packages:\n  - package: acme/old_utils\n    version: 1.0.0\n  - package: acme/utils\n    version: 1.0.0\n"},
		{"https://example.com/x/y.git@main", "git", "packages:\n  - package: acme/old_utils\n    version: 1.0.0\n  - package: acme/utils\n    version: 1.0.0\n  - git: https://example.com/x/y.git\n    revision: main\n"},
	} {
		a, err := ParseAddition(step.add, step.source)
		if err != nil {
			t.Fatal(err)
		}
		diags, err := Add(w.options(), a)
		if err != nil || len(diags) > 0 {
			t.Fatal(diags, err)
		}
		if got := w.file("packages.yml"); got != step.want {
			t.Errorf("%s: got\n%s\nwant\n%s", step.add, got, step.want)
		}
	}
	if _, err := ParseAddition("acme/utils", "hub"); err == nil {
		t.Error("a package of the hub needs a version")
	}
}
