package runner

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/event"
)

// microbatch is a step of so many batches. words are what single batches send instead of "ok", by their number.
func microbatch(id string, n int, how plan.Batching, words map[int]string) (plan.Step, Expander) {
	s := step(id, "")
	s.Batches, s.Late, s.Batching = nil, true, how
	for i := range n {
		at := time.Date(2024, 1, 1+i, 0, 0, 0, 0, time.UTC)
		s.Intervals = append(s.Intervals, plan.Interval{ID: fmt.Sprint(i + 1), Name: fmt.Sprint(i + 1), Start: at, End: at.AddDate(0, 0, 1)})
	}
	return s, expander(func(_ context.Context, r Request) (Expansion, error) {
		word := "ok"
		switch {
		case r.Swap:
			word = "ok swap"
		case r.Discard:
			word = "ok discard"
		case r.Interval == nil:
			return Expansion{Batches: step("x", "ok "+string(r.Step.Node)).Batches}, nil
		default:
			for i, b := range r.Step.Intervals {
				if w := words[i+1]; b.ID == r.Interval.ID && w != "" {
					word = w
				}
			}
			word += " " + r.Interval.Name
		}
		return Expansion{CompiledCode: word, Batches: step("x", word).Batches}, nil
	})
}

// TestBatchesAtTheSameTime looks at how many batches run at once: never the first or the last with others, those between as many as there
// are threads, and one by one where they may not.
func TestBatchesAtTheSameTime(t *testing.T) {
	for _, c := range []struct {
		threads    int
		concurrent bool
		others     int
		most       int
	}{{4, true, 0, 4}, {4, false, 0, 1}, {1, true, 0, 1}, {2, true, 3, 2}, {16, true, 0, 8}} {
		e := newScripted()
		e.slow = 20 * time.Millisecond
		s, x := microbatch("model.m", 10, plan.Batching{Concurrent: c.concurrent}, nil)
		steps := []plan.Step{s}
		for i := range c.others {
			steps = append(steps, step(fmt.Sprintf("model.x%d", i), "ok other"))
		}
		out, records, err := begin(t, e, Options{Plan: plan.Plan{Steps: steps}, Threads: c.threads, Expander: x})
		if err != nil || out.Failed() {
			t.Fatal(statuses(out), err)
		}
		if e.mostBusy > c.most || e.mostBusy == 1 && c.most > 1 { // how many come together depends on what else the machine does
			t.Errorf("%+v: at most %d at once", c, e.mostBusy)
		}
		own := slices.DeleteFunc(slices.Clone(e.sent), func(s string) bool { return s == "ok other" })
		if len(own) != 10 || own[0] != "ok 1" || own[9] != "ok 10" {
			t.Errorf("%+v: sent %v", c, own)
		}
		tokens := map[string]bool{}
		for _, r := range records {
			if b, ok := r.Body.(event.BatchStarted); ok {
				tokens[b.Work.Token] = true
				if (b.Node == "model.m") != (b.Interval != "") {
					t.Errorf("a batch of %s is of the interval %q", b.Node, b.Interval)
				}
			}
		}
		if len(tokens) != 10+c.others {
			t.Errorf("%d different tokens", len(tokens))
		}
	}
}

// TestBatchesThatFail says what becomes of the others, of the whole, and of a table that is built aside.
func TestBatchesThatFail(t *testing.T) {
	earlier := []plan.Interval{{Start: time.Unix(0, 0)}}
	for _, c := range []struct {
		name             string
		how              plan.Batching
		words            map[int]string
		sent             string
		message          string
		good, bad        int
		status           event.Status
		interruptedAtAll bool
	}{
		{name: "none", how: plan.Batching{Earlier: earlier}, sent: "ok 1,ok 2,ok 3,ok 4", message: "SUCCESS", good: 5, status: event.Success},
		{name: "the first", words: map[int]string{1: "fail"}, how: plan.Batching{Aside: true}, sent: "fail 1", message: "ERROR", bad: 4, status: event.Error},
		{name: "one between", words: map[int]string{2: "fail"}, how: plan.Batching{Aside: true, Earlier: earlier}, sent: "ok 1,fail 2,ok 3,ok 4", message: "PARTIAL SUCCESS (3/4)", good: 4, bad: 1, status: event.PartialSuccess},
		{name: "the last", words: map[int]string{4: "fail"}, sent: "ok 1,ok 2,ok 3,fail 4", message: "PARTIAL SUCCESS (3/4)", good: 3, bad: 1, status: event.PartialSuccess},
		{name: "the last aside", words: map[int]string{4: "fail"}, how: plan.Batching{Aside: true, Replaces: true}, sent: "ok 1,ok 2,ok 3,fail 4,ok swap", message: "PARTIAL SUCCESS (3/4)", good: 3, bad: 1, status: event.PartialSuccess},
		{name: "a bug", words: map[int]string{2: "panic"}, how: plan.Batching{}, sent: "ok 1,panic 2,ok 3,ok 4", message: "PARTIAL SUCCESS (3/4)", good: 3, bad: 1, status: event.PartialSuccess},
		{name: "stopped", words: map[int]string{3: "hang"}, how: plan.Batching{}, sent: "ok 1,ok 2,hang 3", message: "PARTIAL SUCCESS (2/4)", good: 2, bad: 2, status: event.PartialSuccess, interruptedAtAll: true},
		{name: "stopped, the first time", words: map[int]string{3: "hang"}, how: plan.Batching{Aside: true}, sent: "ok 1,ok 2,hang 3,ok swap", message: "PARTIAL SUCCESS (2/4)", good: 2, bad: 2, status: event.PartialSuccess, interruptedAtAll: true},
		{name: "stopped, and there is an old table", words: map[int]string{3: "hang"}, how: plan.Batching{Aside: true, Replaces: true}, sent: "ok 1,ok 2,hang 3,ok discard", message: "ERROR", bad: 4, status: event.Error, interruptedAtAll: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := newScripted()
			s, x := microbatch("model.m", 4, c.how, c.words)
			signals := make(chan os.Signal, 1)
			if c.interruptedAtAll {
				go func() {
					<-e.hanging
					signals <- syscall.SIGTERM
				}()
			}
			out, _, err := begin(t, e, Options{Plan: plan.Plan{Steps: []plan.Step{s}}, Expander: x, Signals: signals})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(e.sent, ","); got != c.sent {
				t.Errorf("sent %s, want %s", got, c.sent)
			}
			f := out.Results[0]
			if f.Status != c.status || f.Message != c.message || len(f.Intervals.Successful) != c.good || len(f.Intervals.Failed) != c.bad {
				t.Errorf("%s %q, %d good, %d bad", f.Status, f.Message, len(f.Intervals.Successful), len(f.Intervals.Failed))
			}
			if (f.Failure == nil) != (c.name == "none") && !c.interruptedAtAll {
				t.Errorf("failure %+v", f.Failure)
			}
		})
	}
}
