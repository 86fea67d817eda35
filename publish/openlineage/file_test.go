package openlineage

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/lineage"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/runner/event"
	"pgregory.net/rapid"
)

// die leaves a file as a process does that is killed: nothing is flushed, ended or removed, and its locks are gone.
func (f *File) die() { _ = errors.Join(f.out.Close(), f.note.Close()) }

// TestKilledAtAnyMoment kills a run after any record, in the middle of a line, with ends that nobody had looked at yet and a journal that
// knows as much or less, while another process writes the same file. The next run must end what was begun, and harm nothing.
func TestKilledAtAnyMoment(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		records := rapid.SampledFrom([][]event.Record{aRun(), randomRun(rt)}).Draw(rt, "records")
		dir, err := os.MkdirTemp(t.TempDir(), "")
		must(t, err)
		o := FileOptions{Path: filepath.Join(dir, "events"), Notes: filepath.Join(dir, "notes"), Invocation: invocation, Options: options}
		if rapid.Bool().Draw(rt, "looks") {
			o.Look = func([]node.ID) {}
		}
		f, err := Open(o)
		must(t, err)
		fed := records[:rapid.IntRange(0, len(records)).Draw(rt, "fed")]
		for i, r := range fed {
			f.Feed(r)
			if rapid.IntRange(0, 9).Draw(rt, fmt.Sprint("released", i)) == 0 {
				f.release()
			}
		}
		f.die()
		if rapid.Bool().Draw(rt, "torn") { // the last line was not written to its end
			data, err := os.ReadFile(o.Path)
			must(t, err)
			if body := strings.TrimSuffix(string(data), "\n"); body != "" {
				last := strings.LastIndexByte(body, '\n') + 1
				must(t, os.Truncate(o.Path, int64(rapid.IntRange(last, len(body)).Draw(rt, "at"))))
			}
		}
		o.Invocation = "00000000-0000-4000-8000-000000000000"
		other, err := Open(o)
		must(t, err)
		started := record(0, event.RunStarted{Invocation: o.Invocation})
		other.Feed(started)
		known := fed[:rapid.IntRange(0, len(fed)).Draw(rt, "journalled")]
		must(t, Recover(o.Notes, func(string) []event.Record { return known }, nil))
		other.Feed(record(1, begun("model.shop.other")))
		must(t, other.Close())

		all := readEvents(t, o.Path)
		onceEach(rt, all)
		if n := len(all); n < 4 || all[n-1].Job.Name != "dbt-run-shop" || all[n-2].Job.Name != "model.shop.other" {
			rt.Errorf("the other run did not end as it should:\n%s", tell(all))
		}
		if left, _ := os.ReadDir(o.Notes); len(left) > 0 {
			rt.Errorf("%d notes are still there", len(left))
		}
	})
}

// TestFullDisk fails the writing at some event: the run's events are ended by the next one.
func TestFullDisk(t *testing.T) {
	for n := range aRun() {
		dir := t.TempDir()
		o := FileOptions{Path: filepath.Join(dir, "events"), Notes: filepath.Join(dir, "notes"), Invocation: invocation, Options: options}
		f, err := Open(o)
		must(t, err)
		for i, r := range aRun() {
			if i == n {
				full := f.out
				if f.out, err = os.Open(o.Path); err != nil { // what is opened for reading takes nothing
					t.Fatal(err)
				}
				must(t, full.Close())
			}
			f.Feed(r)
		}
		if f.Close() == nil {
			t.Fatalf("no error when writing failed at record %d", n)
		}
		if !Unpublished(o.Notes, invocation) {
			t.Fatalf("nothing says that the events have no end")
		}
		must(t, Recover(o.Notes, func(string) []event.Record { return aRun() }, nil))
		onceEach(t, readEvents(t, o.Path))
		if Unpublished(o.Notes, invocation) {
			t.Errorf("the note stays")
		}
	}
}

// TestALineWithoutAnEnd: what is left of a line of ours goes away, somebody else's text stays.
func TestALineWithoutAnEnd(t *testing.T) {
	long := strings.Repeat("x", 200_000)
	for before, want := range map[string]string{
		"":                                 "new\n",
		"old\n":                            "old\nnew\n",
		"old\n{\"eventT":                   "old\nnew\n",
		"{\"eventType\":\"START\"" + long:  "new\n",
		"old\n{\"eventType\":\"S" + long:   "old\nnew\n",
		"old\nmine":                        "old\nmine\nnew\n",
		long + "\nmine" + long:             long + "\nmine" + long + "\nnew\n",
		"{\"mine\": 1}":                    "{\"mine\": 1}\nnew\n",
		"\n":                               "\nnew\n",
		strings.Repeat("old\n", 40_000):    strings.Repeat("old\n", 40_000) + "new\n",
		strings.Repeat("o", 64<<10) + "\n": strings.Repeat("o", 64<<10) + "\nnew\n",
	} {
		path := filepath.Join(t.TempDir(), "f")
		must(t, os.WriteFile(path, []byte(before), 0o600))
		f, err := os.OpenFile(path, os.O_APPEND|os.O_RDWR, 0)
		must(t, err)
		must(t, appendLines(f, []byte("new\n")))
		must(t, f.Close())
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%.30q became %.60q, %v", before, got, err)
		}
	}
}

// TestEndsWaitForALook: the end of what was built is written once somebody has looked, and then says what was seen; the command ends last.
func TestEndsWaitForALook(t *testing.T) {
	dir := t.TempDir()
	seen := map[node.ID]bool{}
	var asked [][]node.ID
	o := FileOptions{Path: filepath.Join(dir, "events"), Notes: filepath.Join(dir, "notes"), Invocation: invocation, Options: options,
		Look: func(made []node.ID) {
			asked = append(asked, made)
			for _, id := range made {
				seen[id] = true
			}
		}}
	o.Node = func(id node.ID) (lineage.Node, bool) {
		place, known := places(id)
		if place.Output != nil && seen[id] {
			place.Output.Columns = []lineage.Column{{Name: "seen", Type: "BLOB"}}
		}
		return place, known
	}
	f, err := Open(o)
	must(t, err)
	for _, r := range aRun() {
		f.Feed(r)
		for _, e := range readEvents(t, o.Path) {
			if e.EventType == Complete && (e.Job.Name == "seed.shop.people" || e.Job.Name == "model.shop.totals") {
				t.Fatalf("%s was written before somebody looked", e.Job.Name)
			}
		}
	}
	must(t, f.Close())
	if got := fmt.Sprint(asked); got != "[[seed.shop.people model.shop.totals]]" {
		t.Errorf("asked %s", got)
	}
	all := readEvents(t, o.Path)
	onceEach(t, all)
	if last := all[len(all)-1]; last.Job.Name != "dbt-run-shop" {
		t.Errorf("%s is last", last.Job.Name)
	}
	for _, e := range all {
		if e.EventType != Complete || e.Job.Name != "model.shop.totals" {
			continue
		}
		if text, _ := json.Marshal(e.Outputs[0].Facets["schema"]); !strings.Contains(string(text), `"seen"`) {
			t.Errorf("the end does not say what was seen: %s", text)
		}
	}
}

func TestParentOf(t *testing.T) {
	const one, two = "0190a2b0-0000-7000-8000-000000000001", "0190a2b0-0000-7000-8000-000000000002"
	for name, c := range map[string]struct {
		env  map[string]string
		want string
	}{
		"none":        {nil, "<nil> <nil>"},
		"id":          {map[string]string{"OPENLINEAGE_PARENT_ID": "ns/job/" + one}, "ns job " + one},
		"root":        {map[string]string{"OPENLINEAGE_PARENT_ID": "ns/job/" + one, "OPENLINEAGE_ROOT_PARENT_ID": "r/j/" + two}, "ns job " + one + " of r j " + two},
		"only a root": {map[string]string{"OPENLINEAGE_ROOT_PARENT_ID": "r/j/" + two}, "<nil> <nil>"},
		"two parts":   {map[string]string{"OPENLINEAGE_PARENT_ID": "job/" + one}, "OPENLINEAGE_PARENT_ID"},
		"no uuid":     {map[string]string{"OPENLINEAGE_PARENT_ID": "ns/job/1"}, "OPENLINEAGE_PARENT_ID"},
		"bad root":    {map[string]string{"OPENLINEAGE_PARENT_ID": "ns/job/" + one, "OPENLINEAGE_ROOT_PARENT_ID": "x"}, "OPENLINEAGE_ROOT_PARENT_ID"},
		"context": {map[string]string{"OPENLINEAGE_PARENT_ID": "x", "OPENLINEAGE_CONTEXT": `{"parent": {"run": {"runId": "` + one + `"}, "job": {"namespace": "a", "name": "b"},
			"root": {"run": {"runId": "` + two + `"}, "job": {"namespace": "c", "name": "d"}}}}`}, "a b " + one + " of c d " + two},
		"context without root":   {map[string]string{"OPENLINEAGE_CONTEXT": `{"parent": {"run": {"runId": "` + one + `"}, "job": {"namespace": "a", "name": "b"}}}`}, "a b " + one},
		"context without parent": {map[string]string{"OPENLINEAGE_CONTEXT": `{}`}, "<nil> <nil>"},
		"context without job":    {map[string]string{"OPENLINEAGE_CONTEXT": `{"parent": {"run": {"runId": "` + one + `"}}}`}, "OPENLINEAGE_CONTEXT"},
		"no context":             {map[string]string{"OPENLINEAGE_CONTEXT": `[`}, "OPENLINEAGE_CONTEXT"},
	} {
		p, err := ParentOf(c.env)
		got := ""
		switch {
		case err != nil:
			got = err.Error()
		case p == nil:
			got = "<nil> <nil>"
		default:
			got = fmt.Sprint(p.Namespace, " ", p.Job, " ", p.Run)
			if p.Root != nil {
				got += fmt.Sprint(" of ", p.Root.Namespace, " ", p.Root.Job, " ", p.Root.Run)
			}
		}
		if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
