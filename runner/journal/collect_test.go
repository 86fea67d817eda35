package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/event"
)

// leave writes a journal with these records, as if it had been written some hours ago.
func leave(t *testing.T, target, invocation string, hours int, bodies ...event.Body) {
	t.Helper()
	path := Path(target, invocation)
	w, err := Create(effect.Real{}, path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range bodies {
		if err := w.Append(b); err != nil {
			t.Fatal(err)
		}
	}
	at := time.Now().Add(-time.Duration(hours) * time.Hour)
	if err := errors.Join(w.Close(), os.Chtimes(path, at, at)); err != nil {
		t.Fatal(err)
	}
}

func left(t *testing.T, target string) string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(Path(target, "")))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

// runs leaves more journals than are kept: of newer runs, and of older ones of every sort.
func runs(t *testing.T) string {
	target := t.TempDir()
	for n := range Keep {
		leave(t, target, fmt.Sprintf("new%02d", n), n, event.RunStarted{})
	}
	leave(t, target, "ended", 100, bodies()...)
	leave(t, target, "ended-too", 101, bodies()...)
	leave(t, target, "told", 102, bodies()...)
	leave(t, target, "going-on", 103, bodies()[:5]...)
	leave(t, target, "empty", 104)
	leave(t, target, "dead", 24*31, bodies()[:5]...)
	// A log may hold what looks like a record; and the last frame of a run that ended may be torn.
	leave(t, target, "quoting", 105, event.RunStarted{}, event.Log{Text: `{"seq":9,"type":"run_finished"}`})
	leave(t, target, "torn", 106, bodies()...)
	path := Path(target, "torn")
	info, err := os.Stat(path)
	if err == nil {
		err = errors.Join(os.Truncate(path, info.Size()-1), os.Chtimes(path, info.ModTime(), info.ModTime()))
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(filepath.Dir(path), "notes.txt"), []byte("mine"), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return target
}

func told(invocation string) bool { return invocation == "told" }

const kept = "empty.journal going-on.journal new00.journal new01.journal new02.journal new03.journal new04.journal new05.journal new06.journal " +
	"new07.journal new08.journal new09.journal new10.journal new11.journal new12.journal new13.journal new14.journal new15.journal new16.journal " +
	"new17.journal new18.journal new19.journal notes.txt quoting.journal told.journal torn.journal"

func TestCollectKeepsWhatIsNeeded(t *testing.T) {
	target := runs(t)
	if err := Collect(effect.Real{}, target, told); err != nil {
		t.Fatal(err)
	}
	if got := left(t, target); got != kept {
		t.Errorf("left are\n%s\nwant\n%s", got, kept)
	}
	if err := Collect(effect.Real{}, t.TempDir(), nil); err != nil {
		t.Errorf("where nothing ever ran: %v", err)
	}
}

// TestCollectAfterACrash fails each removal in turn, as a process does that is killed there; the next time finishes the work.
func TestCollectAfterACrash(t *testing.T) {
	for n := int64(1); n <= 3; n++ {
		target := runs(t)
		world := &effect.Faulty{World: effect.Real{}, Before: func(call int64, _ string) error {
			if call >= n {
				return errors.New("killed")
			}
			return nil
		}}
		if err := Collect(world, target, told); err == nil {
			t.Errorf("removal %d: no error", n)
		}
		if err := Collect(effect.Real{}, target, told); err != nil {
			t.Fatal(err)
		}
		if got := left(t, target); got != kept {
			t.Errorf("after a crash at removal %d left are\n%s", n, got)
		}
	}
}

// TestCollectByTwo: two processes that collect at once do not trip over each other.
func TestCollectByTwo(t *testing.T) {
	target := runs(t)
	world := &effect.Faulty{World: effect.Real{}, Before: func(_ int64, call string) error {
		return os.Remove(strings.TrimPrefix(call, "remove "))
	}}
	if err := Collect(world, target, told); err != nil {
		t.Errorf("what another process removed is an error: %v", err)
	}
	if got := left(t, target); got != kept {
		t.Errorf("left are\n%s", got)
	}
}
