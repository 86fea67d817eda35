package reliability

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/adapters/adaptertest"
)

// days are the batches of the house's microbatch models.
var days = []string{"2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"}

// subject is what readers look at: a relation, or the rows of one batch of it.
type subject struct {
	relation
	day string
}

func (s subject) String() string { return strings.TrimSpace(s.name + " " + s.day) }

// subjects are all relations, those that are published in batches both as a whole and by batch.
func subjects() []subject {
	var out []subject
	for _, r := range relations {
		out = append(out, subject{relation: r})
		if r.batches {
			for _, day := range days {
				out = append(out, subject{r, day})
			}
		}
	}
	return out
}

// watch is readers of the house's database.
type watch struct {
	*adaptertest.Watch
	subjects []subject
}

// begin sends readers to subjects of a database.
func begin(t *testing.T, path string, readers int, at []subject) *watch {
	t.Helper()
	names := make([]string, len(at))
	for i, s := range at {
		names[i] = s.String()
	}
	var looks []func(int) string
	var ends []func()
	for range readers {
		// One thread is enough for a reader, and leaves the others to the build.
		db, err := openDatabase(path)
		if err != nil {
			t.Fatal(err)
		}
		looks = append(looks, func(i int) string { return db.look(at[i].relation, "", at[i].day) })
		ends = append(ends, db.close)
	}
	w := &watch{adaptertest.NewWatch(names, looks, ends...), at}
	t.Cleanup(w.End)
	return w
}

// state is what there is to see while nobody writes.
func (w *watch) state(db *database) []string {
	out := make([]string, len(w.subjects))
	for i, s := range w.subjects {
		out[i] = db.look(s.relation, "", s.day)
	}
	return out
}

// judge ends a phase: whatever was seen of a subject must be what was there before it or what is there after it, and that must be whole.
// Those that are published in batches are judged as a whole where they were built as a whole.
func (w *watch) judge(before, after []string, asWhole bool) []string {
	byBatch := func(i int) bool { return w.subjects[i].batches && w.subjects[i].day == "" }
	violations := w.Judge(before, after, func(i int) bool { return byBatch(i) && !asWhole })
	for i, s := range w.subjects {
		if after[i] != missing && !strings.Contains(after[i], " rows of the runs ") || strings.HasPrefix(after[i], "not whole") && !byBatch(i) {
			violations = append(violations, fmt.Sprintf("%s: the build left %q", s, after[i]))
		}
	}
	return violations
}

// TestReaders builds the house again and again, with new data each time, as an increment, as a full refresh, with errors, failing tests, and
// cancelled at some moment, while readers look at every relation.
func TestReaders(t *testing.T) {
	builds, readers, least := 5, 3, int64(20)
	if *whole {
		builds, least = 50, 1000
	}
	r := rand.New(rand.NewPCG(*seed, 0))
	h := newHouse(t)
	db := h.open(t)
	if err := db.exec("set threads = 2"); err != nil {
		t.Fatal(err)
	}
	w := begin(t, filepath.Join(h.dir, "house.duckdb"), readers, subjects())
	before := w.state(db)
	var plain time.Duration
	counts := map[string]int{}
	for n := range builds {
		w.Hold()
		h.next(t, db)
		w.Release()
		kind, vars, flags, want := pickBuild(n, r)
		counts[kind]++
		ctx, cancel := context.WithCancel(t.Context())
		if kind == "cancelled" {
			timer := time.AfterFunc(time.Duration(r.Int64N(int64(max(plain, time.Millisecond)))), cancel)
			defer timer.Stop()
		}
		began := time.Now()
		code, output := h.build(ctx, h.args(vars, flags...))
		took := time.Since(began)
		cancel()
		if kind == "plain" {
			plain = took
		}
		w.Hold()
		after := w.state(db)
		violations := w.judge(before, after, n == 0 || len(flags) > 0)
		w.Release()
		before = after
		for _, v := range violations {
			t.Errorf("build %d (%s%s%s): %s", n+1, kind, vars, strings.Join(flags, " "), v)
		}
		if want >= 0 && code != want {
			t.Errorf("build %d (%s%s): exit %d, not %d\n%s", n+1, kind, vars, code, want, output)
		}
		if t.Failed() && testing.Verbose() {
			t.Log(output)
		}
		// Materializations in Jinja remove the old table after they have committed, as dbt's do; one that is stopped before that leaves it to
		// the next build.
		if left := db.leftovers(t); len(left) > 0 && !strings.HasPrefix(kind, "cancelled") {
			t.Errorf("build %d (%s%s) left %v\n%s", n+1, kind, vars, left, output)
		}
	}
	for i := range w.subjects { // readers that had too little time look on at what does not change
		for w.Looks(i) < least {
			time.Sleep(10 * time.Millisecond)
		}
	}
	w.End()
	total, fewest := w.Total()
	t.Logf("%d builds %v, %d relations, %d looks, at least %d at each", builds, counts, len(relations), total, fewest)
}

// pickBuild says what the n-th build is: its kind, what is put to its variables, its flags, and its exit code, -1 where that may differ.
func pickBuild(n int, r *rand.Rand) (kind, vars string, flags []string, want int) {
	broken := []string{"feed", "as_view", "as_table", "as_table_late", "replaced", "replaced_late", "appended_late", "merged", "by_day", "by_hand", "promised_keyed", "as_file", "as_file_late", "own", "columns_sync_all_columns", "flips"}
	refresh := []string{"--full-refresh"}
	switch n % 10 {
	case 0, 8:
		return "full refresh", "", refresh, 0
	case 2:
		return "an error", ", broken: " + broken[r.IntN(len(broken))], nil, 1
	case 3:
		return "a failing test", ", failing: true", nil, 1
	case 4:
		return "cancelled", "", nil, -1
	case 6:
		return "an error in a full refresh", ", broken: " + broken[r.IntN(len(broken))], refresh, 1
	case 7:
		return "cancelled full refresh", "", refresh, -1
	}
	return "plain", "", nil, -1 // where columns come and go, one model and the seed may fail, as they are meant to
}

// TestReadersSeeWhatIsNaive proves that the readers would have seen it: relations that are dropped and made again, emptied and filled, or
// changed row by row, are caught.
func TestReadersSeeWhatIsNaive(t *testing.T) {
	h := newHouse(t)
	db := h.open(t)
	h.next(t, db)
	if code, output := h.build(t.Context(), h.args("")); code != 0 {
		t.Fatal(output)
	}
	var few []subject
	for _, s := range subjects() {
		if slices.Contains([]string{"main.as_table", "main.replaced", "main.appended", "main.as_view"}, s.name) {
			few = append(few, s)
		}
	}
	w := begin(t, filepath.Join(h.dir, "house.duckdb"), 3, few)
	writer := h.open(t)
	for _, naive := range []struct{ what, saw, relation string }{
		{"drop table main.as_table; create table main.as_table as select * from main.replaced", missing, "main.as_table"},
		{"delete from main.replaced; insert into main.replaced select * from main.appended", `"empty"`, "main.replaced"},
		{"update main.appended set run = run + 1 where id < 240; update main.appended set run = run + 1 where id >= 240", "not whole", "main.appended"},
		{"drop view main.as_view; create view main.as_view as select * from main.feed", missing, "main.as_view"},
	} {
		caught := false
		for range 2000 { // a gap is short; a reader has to come by in it
			w.Hold()
			before := w.state(db)
			w.judge(before, before, true)
			w.Release()
			for _, sql := range strings.Split(naive.what, "; ") {
				if err := writer.exec(sql); err != nil {
					t.Fatal(err)
				}
			}
			w.Hold()
			for _, v := range w.judge(before, w.state(db), true) {
				caught = caught || strings.HasPrefix(v, naive.relation+":") && strings.Contains(v, naive.saw)
			}
			w.Release()
			if caught {
				break
			}
		}
		if !caught {
			t.Errorf("no reader saw that %s", naive.what)
		}
	}
}
