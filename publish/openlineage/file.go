// Package openlineage publishes runs as OpenLineage events, one a line of a file, so that a catalog can show what was made of what.
//
// The events are a view of the run's records: START when the command or a node begins, and exactly one of COMPLETE, FAIL and ABORT for
// each of them. A run that is killed cannot write its ends; the next one writes them from the journal (Recover). Whatever goes wrong
// here is an error to warn of, never the end of a run.
package openlineage

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/weft-data/weft/runner/event"
)

// File appends a run's events to a file. Beside the journal it keeps a note for as long as the run goes on, from which a later run
// knows that this one was left open.
type File struct {
	builder *Builder
	out     *os.File
	note    *os.File
	err     error
}

// note says where an open run writes to.
type note struct {
	File      string `json:"file"`
	Namespace string `json:"namespace"`
	Project   string `json:"project"`
}

// Open begins a run's events in the file at path; notes is the folder of notes.
func Open(path, notes, invocation string, o Options) (*File, error) {
	for _, dir := range []string{filepath.Dir(path), notes} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
	}
	out, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	n, err := os.OpenFile(filepath.Join(notes, invocation+".open"), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o644)
	if err == nil {
		lock(n)
		var data []byte
		if data, err = json.Marshal(note{path, o.Namespace, o.Project}); err == nil {
			_, err = n.Write(data)
		}
	}
	if err != nil {
		_ = out.Close()
		return nil, err
	}
	return &File{builder: New(o), out: out, note: n}, nil
}

// Feed writes the events of the next record. After the first failure it writes no more.
func (f *File) Feed(r event.Record) { f.write(f.builder.Feed(r)) }

func (f *File) write(events []Event) {
	for _, e := range events {
		line, err := e.Line()
		if err == nil && f.err == nil {
			_, err = f.out.Write(line)
		}
		if err != nil && f.err == nil {
			f.err = err
		}
	}
}

// Close ends what is open and answers the first error there was. If the ends could not be written, the note stays for a later run.
func (f *File) Close() error {
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

// Recover ends the runs that were killed: those whose note is there and whose process is not. records reads the journal of an
// invocation; what it says of a node's end is told, and whatever else is open is aborted.
func Recover(notes string, records func(invocation string) []event.Record) error {
	entries, err := os.ReadDir(notes)
	if os.IsNotExist(err) {
		return nil
	}
	for _, entry := range entries {
		invocation, isNote := strings.CutSuffix(entry.Name(), ".open")
		if !isNote {
			continue
		}
		if e := recoverOne(filepath.Join(notes, entry.Name()), records, invocation); err == nil {
			err = e
		}
	}
	return err
}

func recoverOne(path string, records func(string) []event.Record, invocation string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	if !lock(f) { // the run goes on
		return nil
	}
	var n note
	data, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	if json.Unmarshal(data, &n) == nil { // a note that is not whole was written before any event
		if err := finish(n, invocation, records(invocation)); err != nil {
			return err
		}
	}
	return os.Remove(path)
}

// finish appends the ends that are missing in a killed run's file.
func finish(n note, invocation string, records []event.Record) error {
	out, err := os.OpenFile(n.File, os.O_APPEND|os.O_RDWR, 0)
	if os.IsNotExist(err) {
		return nil // whoever took the file away took the beginnings with it
	}
	if err != nil {
		return err
	}
	defer func() { _ = out.Close() }()
	open, size, err := openRuns(out, invocation)
	if err != nil {
		return err
	}
	if info, err := out.Stat(); err == nil && info.Size() > size { // a line that was not written to its end
		if err := out.Truncate(size); err != nil {
			return err
		}
	}
	var lines []byte
	for _, e := range Ends(open, records, Options{Namespace: n.Namespace, Project: n.Project}) {
		line, err := e.Line()
		if err != nil {
			return err
		}
		lines = append(lines, line...)
	}
	_, err = out.Write(lines)
	return err
}

// Ends are the events that end the runs that open holds (their STARTs, in order), by what the journal says of them.
func Ends(open []Event, records []event.Record, o Options) []Event {
	builder := New(o)
	ends := map[string]Event{}
	take := func(events []Event) {
		for _, e := range events {
			if e.EventType != Start {
				ends[e.Run.ID] = e
			}
		}
	}
	for _, r := range records {
		take(builder.Feed(r))
	}
	take(builder.Close())
	out := make([]Event, 0, len(open))
	for _, start := range slices.Backward(open) { // the command began first and ends last
		e := start
		e.EventType = Abort
		if end, known := ends[start.Run.ID]; known {
			e.EventType, e.EventTime = end.EventType, end.EventTime
			e.Run.Facets, e.Job.Facets = end.Run.Facets, end.Job.Facets
		}
		out = append(out, e)
	}
	return out
}

// openRuns reads the file's lines for the STARTs of an invocation that have no end; size is where the last whole line ends.
func openRuns(r io.Reader, invocation string) (open []Event, size int64, err error) {
	lines := bufio.NewReaderSize(r, 1<<16)
	mark := fmt.Appendf(nil, "%q", invocation)
	at := map[string]int{}
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return slices.DeleteFunc(open, func(e Event) bool { return e.EventType != Start }), size, nil
		}
		if err != nil {
			return nil, 0, err
		}
		size += int64(len(line))
		if !bytes.Contains(line, mark) {
			continue
		}
		var e Event
		if json.Unmarshal(line, &e) != nil {
			continue
		}
		if i, known := at[e.Run.ID]; known && e.EventType != Start {
			open[i].EventType = e.EventType
		} else if !known && e.EventType == Start {
			at[e.Run.ID] = len(open)
			open = append(open, e)
		}
	}
}
