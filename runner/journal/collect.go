package journal

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/event"
)

// Keep is how many journals stay however old they are: the newest, which `weft retry` and those who look for a mistake read.
const Keep = 20

// KeepUnfinished is how long the journal of a run stays that did not say that it ended: it may be going on in another process.
const KeepUnfinished = 30 * 24 * time.Hour

// Collect removes journals below a project's target folder that nobody needs any more: those of runs that came to their end, but for the
// Keep newest, and those of runs that did not once they are KeepUnfinished old. Whatever pinned says yes to stays: somebody has yet to
// publish it. Each journal goes at once or stays whole, so that a crash on the way leaves nothing but work for the next time; what
// another process has removed meanwhile is no error.
func Collect(world effect.World, target string, pinned func(invocation string) bool) error {
	dir := filepath.Dir(Path(target, ""))
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	type found struct {
		invocation string
		at         time.Time
	}
	var all []found
	for _, e := range entries {
		invocation, isJournal := strings.CutSuffix(e.Name(), ".journal")
		if info, err := e.Info(); err == nil && isJournal && info.Mode().IsRegular() {
			all = append(all, found{invocation, info.ModTime()})
		}
	}
	slices.SortFunc(all, func(a, b found) int {
		return cmp.Or(b.at.Compare(a.at), cmp.Compare(b.invocation, a.invocation))
	})
	var failed error
	for i, j := range all {
		if i < Keep || pinned != nil && pinned(j.invocation) {
			continue
		}
		path := Path(target, j.invocation)
		if world.Now().Sub(j.at) < KeepUnfinished && !finished(path) {
			continue
		}
		if err := world.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) && failed == nil {
			failed = err
		}
	}
	return failed
}

// Finished says whether the run of a journal came to its end.
func Finished(path string) bool { return finished(path) }

// finished says whether a journal's last record is the end of its run. It reads no more than the end of the file.
func finished(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return false
	}
	tail := make([]byte, min(info.Size(), 4096))
	if _, err := f.ReadAt(tail, info.Size()-int64(len(tail))); err != nil {
		return false
	}
	// A frame is known by its length and checksum, wherever it begins.
	for at := 8; ; {
		n := bytes.Index(tail[min(at, len(tail)):], []byte(`{"seq":`))
		if n < 0 {
			return false
		}
		at += n
		payload, ok := frame(tail[at-8:])
		if ok && at+len(payload) == len(tail) {
			var r event.Record
			if json.Unmarshal(payload, &r) != nil {
				return false
			}
			_, end := r.Body.(event.RunFinished)
			return end
		}
		at++
	}
}
