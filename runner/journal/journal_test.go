package journal

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/event"
)

// bodies is one record of every type, with as many fields set as there are.
func bodies() []event.Body {
	n := int64(3)
	return []event.Body{
		event.RunStarted{Invocation: "i", Verb: "build", Version: "1", Target: "dev", Adapter: "duckdb", Threads: 4, Nodes: 2},
		event.NodeStarted{Node: "model.a.b", Kind: "model", Materialization: "table", Label: plan.Label{Name: "b", Schema: "<main>"}, Index: 1, Total: 2, Thread: "t"},
		event.BatchStarted{Node: "model.a.b", Batch: 1, Attempt: 1, Work: plan.Batch{Phase: plan.Publish, Atomic: true, Token: "x", Statements: []plan.Statement{
			{SQL: "select 'ä\u2028\x00' & 1", Purpose: plan.Build, Cause: "c", Main: true, Fetch: true, CodeStart: 1, CodeEnd: 2}}}},
		event.BatchFinished{Node: "model.a.b", Batch: 1, Attempt: 1, Results: []event.StatementResult{{Message: "OK", RowsAffected: -1, Elapsed: time.Second}},
			Failure: &event.Failure{Class: "permanent", Message: "no\nyes", Statement: 1, CodeOffset: -1}},
		event.Notice{Kind: "throttled", Text: "t", Wait: time.Second, Times: 3},
		event.Retrying{Node: "model.a.b", Attempt: 2, Class: "conflict", Message: "m", Wait: time.Millisecond},
		event.NodeFinished{Node: "model.a.b", Kind: "model", Status: event.Fail, Failures: &n, Message: "m", Elapsed: 5, Compiled: true, CompiledCode: "select 1",
			Response: &event.Response{Message: "OK", RowsAffected: &n}, Timing: []event.Timing{{Name: "compile", StartedAt: time.Unix(1, 0).UTC(), CompletedAt: time.Unix(2, 0).UTC()}}},
		event.Log{Level: "info", Text: "hello"},
		event.Interrupted{By: "interrupt"},
		event.RunFinished{Elapsed: time.Minute},
	}
}

func write(t testing.TB) ([]byte, []event.Record) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a", "b", "j")
	var seen []event.Record
	w, err := Create(effect.Real{}, path, func(r event.Record) { seen = append(seen, r) })
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range bodies() {
		if err := w.Append(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if w.Append(event.Log{}) == nil {
		t.Error("a closed journal took a record")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data, seen
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	data, seen := write(t)
	c, err := Decode(data)
	if err != nil || c.Torn != 0 || len(c.Records) != len(bodies()) {
		t.Fatalf("%d records, %d torn, %v", len(c.Records), c.Torn, err)
	}
	for i, r := range c.Records {
		if r.Seq != int64(i+1) || !reflect.DeepEqual(r.Body, bodies()[i]) || !r.At.Equal(seen[i].At) {
			t.Errorf("record %d is %+v, want %+v", i, r, bodies()[i])
		}
	}
}

func TestEveryTornTailIsIgnored(t *testing.T) {
	data, _ := write(t)
	whole, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	for n := range len(data) {
		c, err := Decode(data[:n])
		if err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if len(c.Records) < last || !reflect.DeepEqual(c.Records, whole.Records[:len(c.Records):len(c.Records)]) && len(c.Records) > 0 {
			t.Fatalf("%d bytes give %d records that are not the first ones", n, len(c.Records))
		}
		last = len(c.Records)
	}
	if last != len(whole.Records)-1 {
		t.Errorf("all bytes but one give %d records", last)
	}
}

func TestOtherFilesAreRefused(t *testing.T) {
	for _, s := range []string{"{}", "weftjnl9........", strings.Repeat("x", 100)} {
		if _, err := Decode([]byte(s)); err == nil {
			t.Errorf("%q was read as a journal", s)
		}
	}
	if _, err := Create(effect.Real{}, filepath.Join("/dev/null", "x"), nil); err == nil {
		t.Error("a journal was made below a file")
	}
}

func TestTheSameJournalTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	w, err := Create(effect.Real{}, path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := Create(effect.Real{}, path, nil); err == nil {
		t.Error("a journal was written over another")
	}
}

// FuzzJournal changes bytes of a journal: what is read is a prefix of what was written, or nothing is.
func FuzzJournal(f *testing.F) {
	data, _ := write(f)
	f.Add(0, byte(1), len(data))
	f.Add(len(magic), byte(255), len(data))
	f.Add(len(data)/2, byte(7), len(data)-3)
	whole, err := Decode(data)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, at int, flip byte, cut int) {
		damaged := bytes.Clone(data[:max(0, min(cut, len(data)))])
		if at >= 0 && at < len(damaged) {
			damaged[at] ^= flip
		}
		c, err := Decode(damaged)
		if err != nil {
			return
		}
		if len(c.Records) > len(whole.Records) {
			t.Fatal("records came out of nowhere")
		}
		for i := range c.Records {
			got, _ := json.Marshal(c.Records[i])
			want, _ := json.Marshal(whole.Records[i])
			if !bytes.Equal(got, want) {
				t.Fatalf("record %d is not what was written: %s", i, got)
			}
		}
	})
}
