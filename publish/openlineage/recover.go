package openlineage

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/weft-data/weft/compiler/lineage"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/runner/event"
)

// Recover ends the runs that were killed: those whose note is there and whose process is not. records reads the journal of an
// invocation; what it says of a node's end is told, and whatever else is open is aborted. place tells of the project's nodes as they are
// now; it may be nil.
func Recover(notes string, records func(invocation string) []event.Record, place func(node.ID) (lineage.Node, bool)) error {
	entries, err := os.ReadDir(notes)
	if os.IsNotExist(err) {
		return nil
	}
	for _, entry := range entries {
		invocation, isNote := strings.CutSuffix(entry.Name(), ".open")
		if !isNote {
			continue
		}
		if e := recoverOne(filepath.Join(notes, entry.Name()), records, invocation, place); err == nil {
			err = e
		}
	}
	return err
}

// Unpublished says whether the events of a run have yet to be ended, for which its journal is needed.
func Unpublished(notes, invocation string) bool {
	_, err := os.Stat(filepath.Join(notes, invocation+".open"))
	return err == nil
}

func recoverOne(path string, records func(string) []event.Record, invocation string, place func(node.ID) (lineage.Node, bool)) error {
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
		if err := finish(n, invocation, records(invocation), place); err != nil {
			return err
		}
	}
	return os.Remove(path)
}

// finish appends the ends that are missing in a killed run's file.
func finish(n note, invocation string, records []event.Record, place func(node.ID) (lineage.Node, bool)) error {
	if info, err := os.Stat(n.File); err == nil && !info.Mode().IsRegular() {
		return nil // a pipe cannot tell what went through it
	}
	out, err := os.OpenFile(n.File, os.O_APPEND|os.O_RDWR, 0)
	if os.IsNotExist(err) {
		return nil // whoever took the file away took the beginnings with it
	}
	if err != nil {
		return err
	}
	defer func() { _ = out.Close() }()
	open, err := openRuns(out, invocation)
	if err != nil {
		return err
	}
	var lines []byte
	for _, e := range Ends(open, records, Options{Namespace: n.Namespace, Project: n.Project, Statements: true, Node: place}) {
		line, err := e.Line()
		if err != nil {
			return err
		}
		lines = append(lines, line...)
	}
	return appendLines(out, lines)
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
			e.Run.Facets, e.Job.Facets = and(e.Run.Facets, end.Run.Facets), and(e.Job.Facets, end.Job.Facets)
			for i, d := range e.Inputs {
				if k := slices.IndexFunc(end.Inputs, d.same); k >= 0 {
					e.Inputs[i].InputFacets = end.Inputs[k].InputFacets
				}
			}
			for i, d := range e.Outputs {
				if k := slices.IndexFunc(end.Outputs, d.same); k >= 0 {
					e.Outputs[i].OutputFacets = end.Outputs[k].OutputFacets
				}
			}
		}
		out = append(out, e)
	}
	return out
}

func (d Dataset) same(other Dataset) bool {
	return d.Namespace == other.Namespace && d.Name == other.Name
}

// and are the facets of a START with those that only its end has.
func and(start, end map[string]any) map[string]any {
	out := maps.Clone(end)
	if out == nil {
		out = map[string]any{}
	}
	maps.Copy(out, start)
	return out
}

// openRuns reads the file's lines for the STARTs of an invocation that have no end. A last line that is not whole says nothing.
func openRuns(r io.Reader, invocation string) ([]Event, error) {
	var open []Event
	lines := bufio.NewReaderSize(r, 1<<16)
	mark := fmt.Appendf(nil, "%q", invocation)
	at := map[string]int{}
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return slices.DeleteFunc(open, func(e Event) bool { return e.EventType != Start }), nil
		}
		if err != nil {
			return nil, err
		}
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
