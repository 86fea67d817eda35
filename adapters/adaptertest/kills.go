package adaptertest

import (
	"bytes"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Killable is an engine behind a wire that a test can stand on, with a project that weft builds on it: what the kill loop needs.
type Killable struct {
	// Reset brings the engine, and the folder of the project, to the state before the build.
	Reset func(t *testing.T)
	// Command is weft as a process of its own, in the project's folder.
	Command func(args ...string) *exec.Cmd
	// Build is the command line of the build that is killed.
	Build []string
	// Gate stands before each call of weft to the engine from now on; nil takes it away. It carries the call out by calling serve, or does
	// not; after false the caller gets no answer.
	Gate func(func(call string, serve func()) (answer bool))
	// Counts says whether a call is one to be killed at. Changes says that it changes something, so that it makes a difference whether it
	// was carried out before the kill.
	Counts, Changes func(call string) bool
	// Begun says that the build left a record that a retry can go by.
	Begun func() bool
	// Look is what readers see: the rows of each relation as one text, which is the same for the same rows.
	Look func(t *testing.T) map[string]string
	// Objects are all that the build left at the engine, by kind, as texts that do not depend on the run; Orphans are what belongs to nothing.
	Objects func(t *testing.T) []string
	Orphans func(t *testing.T) []string
}

// Kill is one kill: at the Nth call of a name, and whether that was carried out. A call that is repeated because a connection broke moves
// those of its own name alone.
type Kill struct {
	Name  string
	Nth   int
	After bool
}

func (k Kill) String() string {
	when := "before"
	if k.After {
		when = "after"
	}
	return fmt.Sprintf("%s_%s_%d", when, strings.ReplaceAll(k.Name, " ", "_"), k.Nth)
}

// Kills tries a kill at every call of a build: it is killed, looked at, retried and cleared away after, and at the end all must be as after a
// build that nobody disturbed. one says which of the kills to try.
func Kills(t *testing.T, e Killable, one func(i int, k Kill) bool) {
	e.Reset(t)
	before := e.Look(t)
	var calls []string
	var mu sync.Mutex
	e.Gate(func(call string, serve func()) bool {
		if e.Counts(call) {
			mu.Lock()
			calls = append(calls, call)
			mu.Unlock()
		}
		serve()
		return true
	})
	e.run(t, e.Build...)
	e.Gate(nil)
	after, objects := e.Look(t), e.Objects(t)
	if o := e.Orphans(t); len(o) > 0 {
		t.Fatalf("an undisturbed build leaves %q", o)
	}
	var kills []Kill
	nth := map[string]int{}
	for _, call := range calls {
		nth[call]++
		kills = append(kills, Kill{Name: call, Nth: nth[call]})
		if e.Changes(call) {
			kills = append(kills, Kill{Name: call, Nth: nth[call], After: true})
		}
	}
	begin, tried, missed := time.Now(), 0, 0
	for i, k := range kills {
		if one(i, k) {
			tried++
			t.Run(k.String(), func(t *testing.T) {
				if !e.try(t, k, before, after, objects) {
					missed++
				}
			})
		}
	}
	t.Logf("%d of %d kills at %d calls, in %s", tried-missed, len(kills), len(calls), time.Since(begin).Round(time.Second))
	// A question that a network made twice in the build that was counted need not come again; many such would mean that nothing is tried.
	if missed > 1+tried/50 {
		t.Errorf("%d of %d kills met no call", missed, tried)
	}
}

// try kills a build and looks at what follows; false says that the build ended before it came to the call.
func (e Killable) try(t *testing.T, k Kill, before, after map[string]string, objects []string) bool {
	e.Reset(t)
	if !e.kill(t, k) {
		return false
	}
	now := e.Look(t)
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if now[name] != before[name] && now[name] != after[name] {
			t.Errorf("after the kill %s is %q, neither %q nor %q", name, now[name], before[name], after[name])
		}
	}
	again := []string{"retry"}
	if !e.Begun() {
		again = e.Build
	}
	output := e.run(t, again...)
	now = e.Look(t)
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if now[name] != after[name] {
			t.Errorf("after the retry %s is %q, not %q", name, now[name], after[name])
		}
	}
	collected := e.run(t, "gc", "--yes")
	if o := e.Orphans(t); len(o) > 0 {
		t.Errorf("after gc these are left: %q", o)
	}
	if got := e.Objects(t); !slices.Equal(got, objects) {
		t.Errorf("after gc there are\n %q, not\n %q", got, objects)
	}
	if t.Failed() {
		t.Logf("the retry said:\n%s\ngc said:\n%s", output, collected)
	}
	return true
}

// kill runs the build until the call and ends its process there; false says that the build came to its end first.
func (e Killable) kill(t *testing.T, k Kill) (met bool) {
	t.Helper()
	cmd := e.Command(e.Build...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	var mu sync.Mutex
	n := 0
	dead := make(chan struct{})
	e.Gate(func(call string, serve func()) bool {
		mu.Lock()
		if e.Counts(call) && call == k.Name {
			n++
		}
		at, late := n == k.Nth && call == k.Name && !met, met
		met = met || at
		mu.Unlock()
		switch {
		case late: // a call that another goroutine of the process made as it died
			<-dead
			return false
		case !at:
			serve()
			return true
		}
		if k.After {
			serve()
		}
		_ = cmd.Process.Kill()
		<-dead
		return false
	})
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := cmd.Wait()
	close(dead)
	e.Gate(nil)
	// What a network did twice can only be a question: each change of the build that was counted must come again.
	if !met && (ended != nil || e.Changes(k.Name)) {
		t.Fatalf("the build ended after %d calls of %s: %v\n%s", n, k.Name, ended, out.String())
	}
	return met
}

func (e Killable) run(t *testing.T, args ...string) string {
	t.Helper()
	out, err := e.Command(args...).CombinedOutput()
	if err != nil {
		t.Fatalf("weft %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
