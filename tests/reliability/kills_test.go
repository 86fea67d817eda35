package reliability

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/event"
	"github.com/weft-data/weft/runner/journal"
)

// scene is a situation in which a build is killed: the house before it, and what an undisturbed build makes of it.
type scene struct {
	name  string
	base  string // the folder of the house before the build
	run   int
	flags []string
	// before is what was there, after what the build makes, again what a plain build makes of each of the two.
	before, after           []string
	againBefore, againAfter []string
	exit                    int
	took                    time.Duration
}

// TestKills kills the process of a build at random moments, spread over the whole of it. Directly afterwards each relation is the old
// one or the new one; after another build each is what it would have been without the kill, and nothing is left behind.
func TestKills(t *testing.T) {
	kills := 3
	if *whole {
		kills = 200
	}
	scenes := prepare(t)
	r := rand.New(rand.NewPCG(*seed, 0))
	torn := 0
	counts := map[string]int{}
	for n := range kills {
		s := scenes[n%len(scenes)]
		// The moments are random, but evenly spread: one in each of as many equal parts of the build as there are kills.
		part := time.Duration(float64(s.took) * float64(len(scenes)) / float64(kills))
		at := time.Duration(n/len(scenes))*part + time.Duration(r.Int64N(int64(part)))
		counts[s.name]++
		t.Run(fmt.Sprintf("%s_%d", strings.ReplaceAll(s.name, " ", "_"), n+1), func(t *testing.T) {
			h := s.house(t)
			for !h.kill(t, h.args("", s.flags...), at) { // it ended before: this time it was faster
				at = at * 3 / 4
				h = s.house(t)
			}
			h.compare(t, "directly after the kill", s.before, s.after, s.name != "next build")
			if code, output := h.process(t, h.args("")); code != s.exit {
				t.Errorf("killed after %v: the next build ends with %d, not %d\n%s", at, code, s.exit, output)
			}
			h.compare(t, "after the next build", s.againBefore, s.againAfter, true)
			db := h.open(t)
			if left := db.leftovers(t); len(left) > 0 {
				t.Errorf("killed after %v: left %v", at, left)
			}
			db.close()
			torn += h.records(t)
			h.lineage(t)
			if t.Failed() {
				t.Logf("killed after %v of %v, with -seed %d", at, s.took, *seed)
			}
		})
	}
	t.Logf("%d builds were killed %v; %d journals ended within a record", kills, counts, torn)
}

// prepare makes the scenes: a first build, one with new data, a full refresh.
func prepare(t *testing.T) []*scene {
	t.Helper()
	h := newHouse(t)
	var scenes []*scene
	for _, s := range []*scene{{name: "first build"}, {name: "next build"}, {name: "full refresh", flags: []string{"--full-refresh"}}} {
		db := h.open(t)
		h.next(t, db)
		db.close()
		s.base, s.run = h.dir, h.run
		s.before = h.looks(t)

		done := s.house(t)
		began := time.Now()
		done.process(t, done.args("", s.flags...))
		s.took = time.Since(began)
		s.after = done.looks(t)
		h = &house{dir: t.TempDir(), run: s.run}
		if err := os.CopyFS(h.dir, os.DirFS(done.dir)); err != nil {
			t.Fatal(err)
		}
		done.process(t, done.args(""))
		s.againAfter = done.looks(t)

		undisturbed := s.house(t)
		s.exit, _ = undisturbed.process(t, undisturbed.args(""))
		s.againBefore = undisturbed.looks(t)
		scenes = append(scenes, s)
	}
	return scenes
}

// house is a copy of the scene's.
func (s *scene) house(t *testing.T) *house {
	t.Helper()
	h := &house{dir: t.TempDir(), run: s.run}
	if err := os.CopyFS(h.dir, os.DirFS(s.base)); err != nil {
		t.Fatal(err)
	}
	return h
}

// command is weft as a process of its own.
func (h *house) command(t *testing.T, args []string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Dir, cmd.Env = h.dir, append(h.environ("files"), asWeft+"=1", "NO_COLOR=1")
	return cmd
}

func (h *house) process(t *testing.T, args []string) (code int, output string) {
	t.Helper()
	cmd := h.command(t, args)
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// kill starts a process and kills it after a time. It says whether the process was still there.
func (h *house) kill(t *testing.T, args []string, after time.Duration) bool {
	t.Helper()
	cmd := h.command(t, args)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	return !cmd.ProcessState.Exited()
}

// looks is what is in the relations, but for the times of runs.
func (h *house) looks(t *testing.T) []string {
	t.Helper()
	db := h.open(t)
	defer db.close()
	var out []string
	for _, s := range subjects() {
		out = append(out, db.look(s.relation, s.columns, s.day))
	}
	return out
}

// compare holds the relations to two states, each of which may be in the one or the other. Those that are published in batches are compared
// as a whole only where they were built as a whole.
func (h *house) compare(t *testing.T, when string, one, other []string, asWhole bool) {
	t.Helper()
	all := subjects()
	for i, look := range h.looks(t) {
		if look != one[i] && look != other[i] && (asWhole || !all[i].batches || all[i].day != "") {
			t.Errorf("%s: %s is %q, not %q or %q", when, all[i], look, one[i], other[i])
		}
	}
}

// records reads the journals: all can be read, that of the last build came to its end, and only one may end within a record. It answers
// whether one does.
func (h *house) records(t *testing.T) (torn int) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(h.dir, "target/weft/journal/*.journal"))
	slices.SortFunc(files, func(a, b string) int { return modified(a).Compare(modified(b)) })
	for i, path := range files {
		c, err := journal.Read(effect.Real{}, path)
		if err != nil {
			t.Error(err)
			continue
		}
		if c.Torn > 0 {
			torn++
		}
		if i < len(files)-1 {
			continue
		}
		if end, ok := c.Records[len(c.Records)-1].Body.(event.RunFinished); !ok || end.Interrupted != "" || c.Torn > 0 {
			t.Errorf("the journal of the last build is not closed: %T", c.Records[len(c.Records)-1].Body)
		}
	}
	if torn > 1 {
		t.Errorf("%d journals end within a record", torn)
	}
	return torn
}

func modified(path string) time.Time {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// lineage reads the events: every run that was begun has exactly one end.
func (h *house) lineage(t *testing.T) {
	t.Helper()
	f, err := os.Open(filepath.Join(h.dir, "lineage.ndjson"))
	if err != nil {
		t.Error(err)
		return
	}
	defer f.Close()
	begun, ended := map[string]int{}, map[string]int{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var e struct {
			EventType string
			Run       struct{ RunID string }
		}
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Errorf("a line of the lineage is no event: %v", err)
		}
		if e.EventType == "START" {
			begun[e.Run.RunID]++
		} else {
			ended[e.Run.RunID]++
		}
	}
	for id, n := range begun {
		if n != 1 || ended[id] != 1 {
			t.Errorf("the run %s has %d beginnings and %d ends", id, n, ended[id])
		}
	}
	for id := range ended {
		if begun[id] == 0 {
			t.Errorf("the run %s has no beginning", id)
		}
	}
	if len(begun) == 0 {
		t.Error("the lineage is empty")
	}
}
