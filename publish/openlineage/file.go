// Package openlineage publishes runs as OpenLineage events, one a line of a file, so that a catalog can show what was made of what.
//
// The events are a view of the run's records: START when the command or a node begins, and exactly one of COMPLETE, FAIL and ABORT for
// each of them. A run that is killed cannot write its ends; the next one writes them from the journal (Recover). Whatever goes wrong
// here is an error to warn of, never the end of a run.
package openlineage

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/runner/event"
)

// File appends a run's events to a file. Beside the journal it keeps a note for as long as the run goes on, from which a later run
// knows that this one was left open.
type File struct {
	o    FileOptions
	out  *os.File
	note *os.File

	mu      sync.Mutex
	builder *Builder
	// held are ends that wait until somebody has looked at what was built.
	held  []Event
	ended bool
	err   error
	// stop ends the goroutine that looks, which closes stopped.
	stop, stopped chan struct{}
}

// FileOptions say where events go, and how.
type FileOptions struct {
	// Path is the file, Notes the folder of notes.
	Path, Notes string
	Invocation  string
	// Look asks the engine what nodes have made, so that Node of the builder's options can tell of it; nil if there is no asking. It is
	// called for many nodes at once, and what goes wrong with it is no concern of the events.
	Look func([]node.ID)
	// Every is how long the end of a node may wait for it; 0 is until the run ends.
	Every time.Duration
	Options
}

// note says where an open run writes to.
type note struct {
	File      string `json:"file"`
	Namespace string `json:"namespace"`
	Project   string `json:"project"`
}

// Open begins a run's events.
func Open(o FileOptions) (*File, error) {
	for _, dir := range []string{filepath.Dir(o.Path), o.Notes} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
	}
	out, err := os.OpenFile(o.Path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	n, err := os.OpenFile(filepath.Join(o.Notes, o.Invocation+".open"), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o644)
	if err == nil {
		lock(n)
		var data []byte
		if data, err = json.Marshal(note{o.Path, o.Namespace, o.Project}); err == nil {
			_, err = n.Write(data)
		}
	}
	if err != nil {
		_ = out.Close()
		return nil, err
	}
	f := &File{o: o, builder: New(o.Options), out: out, note: n}
	if o.Look != nil && o.Every > 0 {
		f.stop, f.stopped = make(chan struct{}), make(chan struct{})
		go f.look()
	}
	return f, nil
}

// look lets go of the ends that wait, now and then.
func (f *File) look() {
	defer close(f.stopped)
	tick := time.NewTicker(f.o.Every)
	defer tick.Stop()
	for {
		select {
		case <-f.stop:
			return
		case <-tick.C:
			f.release()
		}
	}
}

// Feed writes the events of the next record, or holds them: the end of a node that made something until the columns of what it made are
// known, the end of the command until all others are written. After the first failure it writes no more.
func (f *File) Feed(r event.Record) {
	f.mu.Lock()
	defer f.mu.Unlock()
	events := f.builder.Feed(r)
	if _, last := r.Body.(event.RunFinished); last {
		f.ended = true
	}
	if f.o.Look == nil {
		f.write(events)
		return
	}
	now := events[:0:0]
	for _, e := range events {
		if f.ended || e.EventType == Complete && len(e.Outputs) > 0 && e.node != "" {
			f.held = append(f.held, e)
		} else {
			now = append(now, e)
		}
	}
	f.write(now)
}

// release looks at what the nodes have made whose ends are held, and writes these.
func (f *File) release() {
	f.mu.Lock()
	held := f.held
	f.held = nil
	f.mu.Unlock()
	var made []node.ID
	for _, e := range held {
		if e.node != "" && e.EventType == Complete {
			made = append(made, e.node)
		}
	}
	if len(made) > 0 {
		f.o.Look(made)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range held {
		f.builder.refresh(&held[i])
	}
	f.write(held)
}

func (f *File) write(events []Event) {
	if f.err != nil || len(events) == 0 {
		return
	}
	var lines []byte
	for _, e := range events {
		line, err := e.Line()
		if err != nil {
			f.err = err
			return
		}
		lines = append(lines, line...)
	}
	f.err = appendLines(f.out, lines)
}

// appendLines adds whole lines to a file that other processes may write to. A line that somebody began and did not finish, for want of
// space or because he was killed, is taken away: whoever writes holds the file.
func appendLines(out *os.File, lines []byte) error {
	release, err := hold(out)
	if err != nil {
		return err
	}
	defer release()
	size, err := mend(out)
	if err != nil {
		return err
	}
	if _, err := out.Write(lines); err != nil {
		if size >= 0 {
			_ = out.Truncate(size)
		}
		return err
	}
	return nil
}

// began is how a line of ours begins.
const began = `{"eventType":`

// mend cuts off a last line of ours without an end, and answers the size of what is left; -1 for what is no file. What somebody else left
// without an end is given one.
func mend(f *os.File) (int64, error) {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return -1, err
	}
	size := info.Size()
	end, buf := size, []byte(nil)
	for chunk := int64(1); end > 0; chunk = 64 << 10 {
		buf = make([]byte, min(chunk, end))
		if _, err := f.ReadAt(buf, end-int64(len(buf))); err != nil {
			return 0, err
		}
		if i := bytes.LastIndexByte(buf, '\n'); i >= 0 {
			end -= int64(len(buf) - 1 - i)
			break
		}
		end -= int64(len(buf))
	}
	if end == size {
		return size, nil
	}
	buf = make([]byte, min(int64(len(began)), size-end))
	if _, err := f.ReadAt(buf, end); err != nil {
		return 0, err
	}
	if strings.HasPrefix(began, string(buf)) {
		return end, f.Truncate(end)
	}
	_, err = f.Write([]byte{'\n'})
	return size + 1, err
}

// Close ends what is open and answers the first error there was. If the ends could not be written, the note stays for a later run.
func (f *File) Close() error {
	if f.stop != nil {
		close(f.stop)
		<-f.stopped
	}
	f.release()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.write(f.builder.Close())
	if err := f.out.Close(); f.err == nil {
		f.err = err
	}
	if f.err == nil {
		f.err = os.Remove(f.note.Name())
	}
	_ = f.note.Close()
	return f.err
}
