package deps

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
)

// oracle is what tests/oracle/deps/resolve.py asked of dbt.
type oracle struct {
	Hub   map[string]json.RawMessage
	Repos [][2]string
	Cases []struct {
		Name        string
		Files       map[string]string
		Env         map[string]string
		Moves       bool
		Lock, Error string
	}
}

func readOracle(t *testing.T) oracle {
	t.Helper()
	data, err := os.ReadFile("testdata/resolve.json")
	if err != nil {
		t.Fatal(err)
	}
	var o oracle
	if err := json.Unmarshal(data, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func serveHub(t *testing.T, packages map[string]json.RawMessage) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/api/v1/"), ".json")
		body, ok := packages[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

func needGit(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("the program git is not there")
	}
}

// makeRepos makes the repositories of the oracle, to the commit.
func makeRepos(t *testing.T, steps [][2]string) string {
	t.Helper()
	root := t.TempDir()
	dir := filepath.Join(root, "tools")
	git := func(args ...string) {
		t.Helper()
		c := exec.Command("git", args...)
		c.Dir = dir
		c.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "HOME="+root, "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a",
			"GIT_COMMITTER_EMAIL=a@example.com", "GIT_AUTHOR_DATE=2024-01-01T00:00:00Z", "GIT_COMMITTER_DATE=2024-01-01T00:00:00Z")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	writeFiles(t, dir, nil)
	git("init", "-b", "main")
	for _, step := range steps {
		switch what, value := step[0], step[1]; what {
		case "commit":
			git("add", "-A")
			git("commit", "-m", value)
		case "tag":
			git("tag", value)
		case "branch":
			if value == "main" {
				git("checkout", "main")
			} else {
				git("checkout", "-B", value)
			}
		default:
			writeFiles(t, root, map[string]string{what: value})
		}
	}
	if err := os.Symlink("tools", filepath.Join(root, "tools.git")); err != nil {
		t.Fatal(err)
	}
	return root
}

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func testOptions(dir, hub string, env map[string]string) Options {
	all := map[string]string{"PATH": os.Getenv("PATH"), "HOME": dir}
	for k, v := range env {
		all[k] = v
	}
	return Options{Project: compiler.Options{ProjectDir: dir, Env: all, Now: time.Unix(1_700_000_000, 0)}, HubURL: hub, Wait: time.Millisecond}
}

var hashLine = regexp.MustCompile(`sha1_hash: \w+`)

// TestOracle resolves what dbt was asked to resolve: the lock files are the same to the byte, and what dbt refuses is refused with
// dbt's message where it is meant for people.
func TestOracle(t *testing.T) {
	all := t
	o := readOracle(t)
	hub := serveHub(t, o.Hub)
	repos := ""
	for _, c := range o.Cases {
		t.Run(c.Name, func(t *testing.T) {
			env := map[string]string{}
			for k, v := range c.Env {
				env[k] = v
			}
			if c.Moves {
				needGit(t)
				if repos == "" {
					repos = "file://" + makeRepos(all, o.Repos)
				}
				env["REPOS"] = repos
			}
			dir := t.TempDir()
			writeFiles(t, dir, c.Files)
			options := testOptions(dir, hub, env)
			options.LockOnly = true
			diags, err := Run(t.Context(), options)
			if err != nil {
				t.Fatal(err)
			}
			lock, err := os.ReadFile(filepath.Join(dir, "package-lock.yml"))
			got := string(lock)
			if c.Moves {
				got = hashLine.ReplaceAllString(got, "sha1_hash: MOVES")
			}
			if got != c.Lock {
				t.Errorf("got\n%s\nwant\n%s\n%v (%v)", got, c.Lock, diags, err)
			}
			if c.Error != "" {
				checkMessage(t, diags, c.Error)
			}
		})
	}
}

// ownWords are messages that dbt words for nobody in particular; they only have to be given.
var ownWords = []string{"Error checking out spec", "Validator Error", "is not a valid semantic version", "No dbt_project.yml found", "git dependencies should contain",
	"'version'"}

func checkMessage(t *testing.T, diags diag.List, want string) {
	t.Helper()
	var got []string
	for _, d := range diags {
		if d.Severity == diag.Error {
			got = append(got, d.Detail)
		}
	}
	want = strings.TrimSpace(strings.Join(strings.Fields(want), " "))
	all := strings.Join(strings.Fields(strings.Join(got, "\n")), " ")
	if all == "" {
		t.Fatalf("no error; want %s", want)
	}
	for _, w := range ownWords {
		if strings.Contains(want, w) {
			return
		}
	}
	if !strings.Contains(want, all) {
		t.Errorf("got  %s\nwant %s", all, want)
	}
}
