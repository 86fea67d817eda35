package adaptertest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/plan"
)

// published is a relation that readers look at, with what must be true of its rows in every state that a build leaves. Day limits it to one
// batch of those that are published in batches.
type published struct {
	name, whole, day string
}

const (
	ofOneRun  = "count(*) = 48 and count(distinct id) = 48 and min(run) = max(run)"
	ofEachRun = "count(*) = 48 * count(distinct run)"
	ofOneDay  = "count(*) = 12 and count(distinct id) = 12 and min(run) = max(run)"
	current   = "count(case when dbt_valid_to is null then 1 end) = 48 and count(distinct case when dbt_valid_to is null then run end) = 1"
)

// publications are the relations of the project readers, but for models that the engine cannot have.
func publications(lacking []string) []published {
	out := []published{{name: "appended", whole: ofEachRun}, {name: "appended_hive", whole: ofEachRun}, {name: "history", whole: current}}
	for _, name := range []string{"as_view", "as_table", "as_hive", "in_parts", "flips", "flips_increment", "merged", "replaced", "columns", "overwritten", "hive_in_parts", "numbers"} {
		out = append(out, published{name: name, whole: ofOneRun})
	}
	for day := range 4 {
		out = append(out, published{name: "by_day", whole: ofOneDay, day: fmt.Sprintf("2024-01-0%d", day+1)})
	}
	return slices.DeleteFunc(out, func(p published) bool { return slices.Contains(lacking, p.name) })
}

func (p published) String() string { return strings.TrimSpace(p.name + " " + p.day) }

// look is one statement, so that it sees one moment: what a reader sees of a relation, as a text.
func (b *building) look(ask asker, p published) string {
	where := ""
	if p.day != "" {
		where = " where cast(happened as date) = date '" + p.day + "'"
	}
	rows, err := ask(context.Background(), "select count(*), min(run), max(run), sum(id), sum(amount), case when "+p.whole+" then 1 else 0 end from "+b.Relation(b.relation(p.name))+where)
	switch {
	case err != nil:
		return "error: " + err.Error()
	case len(rows) != 1 || len(rows[0]) != 6:
		return fmt.Sprintf("no answer: %v", rows)
	case rows[0][5] != "1" && rows[0][0] == "0":
		return "empty"
	case rows[0][5] != "1":
		return fmt.Sprintf("mixed: %s rows of the runs %s to %s", rows[0][0], rows[0][1], rows[0][2])
	}
	return fmt.Sprintf("%s rows of the runs %s to %s, %s, %s", rows[0][0], rows[0][1], rows[0][2], rows[0][3], rows[0][4])
}

// asker answers a query's rows as texts.
type asker = func(ctx context.Context, sql string) ([][]string, error)

// reader opens an asker: the harness's own, or a session of an engine of its own.
func (b *building) reader(t *testing.T) (ask asker, end func()) {
	t.Helper()
	if b.Reader != nil {
		return b.Reader(t), func() {}
	}
	e := b.Open(b.t, false)
	session, err := e.Session(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return func(ctx context.Context, sql string) ([][]string, error) {
		// A driver may prepare a statement at one moment and run it at another, and DuckDB's plan of a column that had no values then stays as it
		// is: within a transaction both see the same.
		a, err := session.Do(ctx, plan.Batch{Atomic: b.dialect.Transactions, Statements: []plan.Statement{{SQL: sql, Fetch: true}}})
		if err != nil {
			return nil, err
		}
		var out [][]string
		for _, row := range a.Results[0].Rows {
			cells := make([]string, len(row))
			for i, v := range row {
				cells[i] = fmt.Sprint(v)
			}
			out = append(out, cells)
		}
		return out, nil
	}, func() { _, _ = session.Close(), e.Close() }
}

// watch sends three readers to relations.
func (b *building) watch(t *testing.T, at []published) *Watch {
	t.Helper()
	var names []string
	for _, p := range at {
		names = append(names, p.String())
	}
	var looks []func(int) string
	var ends []func()
	for range 3 {
		ask, end := b.reader(t)
		looks, ends = append(looks, func(i int) string { return b.look(ask, at[i]) }), append(ends, end)
	}
	w := NewWatch(names, looks, ends...)
	t.Cleanup(w.End)
	return w
}

// unpromised are the nodes of a run that are not published atomically, as the run says before it begins ("note: 3 steps: 2 publish atomically,
// 1 weakly (…): daily").
func unpromised(output string) map[string]bool {
	out := map[string]bool{}
	_, note, _ := strings.Cut(output, " publish atomically")
	note, _, _ = strings.Cut(note, "\n")
	for _, word := range strings.FieldsFunc(note, func(r rune) bool { return r == ' ' || r == ',' || r == ':' }) {
		out[word] = true
	}
	return out
}

// next gives the seed the rows of a run.
func (b *building) next(t *testing.T, run int) {
	t.Helper()
	b.vars["run"], b.vars["broken"] = run, ""
	var rows strings.Builder
	rows.WriteString("id,amount,run\n")
	for id := range 48 {
		fmt.Fprintf(&rows, "%d,%d,%d\n", id, run*1000+id, run)
	}
	b.write(t, "seeds/numbers.csv", rows.String())
}

// interval is what the microbatches of a run cover.
var (
	everyDay = []string{"--event-time-start", "2024-01-01", "--event-time-end", "2024-01-05"}
	twoDays  = []string{"--event-time-start", "2024-01-02", "--event-time-end", "2024-01-04"}
)

// leastLooks is how often readers look in all.
const leastLooks = 1000

// readers builds relations of each kind again and again, a few at a time, plainly, as a full refresh, over an interval, with errors, and cancelled
// at some moment, while three readers look at them. What is published atomically is never missing, empty or mixed.
func (s suite) readers(t *testing.T) {
	b := s.loop(t)
	all := publications(s.lacking(t))
	w := b.watch(t, all)
	ask, end := b.reader(t)
	defer end()
	state := make([]string, len(all))
	look := func(at []int) {
		for _, i := range at {
			if state[i] = b.look(ask, all[i]); !strings.Contains(state[i], " rows of the runs ") {
				t.Errorf("%s: the build left %q", all[i], state[i])
			}
		}
	}
	every := make([]int, len(all))
	for i := range every {
		every[i] = i
	}
	w.Hold()
	look(every)
	w.Release()
	var nodes []string
	for _, p := range all {
		if !slices.Contains(nodes, p.name) {
			nodes = append(nodes, p.name)
		}
	}
	r := rand.New(rand.NewPCG(1, 0))
	counts, published, unsafe := map[string]int{}, map[string]int{}, map[string]int{}
	var took time.Duration
	for n := range s.Builds {
		// Each kind of build comes to each group of relations, since five and the number of groups have no common divisor.
		const groups = 4
		var group []string
		for i := n % groups; i < len(nodes); i += groups {
			group = append(group, nodes[i])
		}
		var focus []int
		for i, p := range all {
			if slices.Contains(group, p.name) {
				focus = append(focus, i)
			}
		}
		w.Hold()
		b.next(t, n+2)
		w.Focus(focus)
		w.Release()
		args := append([]string{"--select", "+" + strings.Join(group, " +")}, everyDay...)
		kind := []string{"plain", "full refresh", "an error", "an interval", "cancelled"}[n%5]
		ctx, cancel := context.WithCancel(t.Context())
		switch kind {
		case "full refresh":
			args = append(args, "--full-refresh")
		case "an interval":
			args = append(args[:2], twoDays...)
		case "an error":
			broken := group[r.IntN(len(group))]
			if n%2 == 1 && broken != "as_view" { // a view has no rows that could fail while it is made
				broken += "_late"
			}
			b.vars["broken"] = broken
		case "cancelled":
			time.AfterFunc(time.Duration(r.Int64N(int64(took))), cancel)
		}
		counts[kind]++
		began := time.Now()
		_, output := b.weft(ctx, append([]string{"build"}, args...)...)
		if cancel(); kind == "plain" {
			took = time.Since(began)
		}
		statuses, messages := b.statuses(t)
		if kind != "cancelled" {
			for id, status := range statuses {
				if name := id[strings.LastIndexByte(id, '.')+1:]; status == "success" {
					published[kind]++
				} else if strings.TrimSuffix(b.vars["broken"].(string), "_late") != name {
					t.Errorf("build %d (%s): %s is %q: %s", n+1, kind, id, status, messages[id])
				}
			}
		}
		w.Hold()
		before := slices.Clone(state)
		look(focus)
		not := unpromised(output)
		for _, name := range group {
			if not[name] {
				unsafe[name]++
			}
		}
		for _, v := range w.Judge(before, state, func(i int) bool { return not[all[i].name] }) {
			t.Errorf("build %d (%s): %s", n+1, kind, v)
		}
		w.Release()
		if t.Failed() {
			t.Log(output)
		}
	}
	w.Focus(every)
	for total, _ := w.Total(); total < leastLooks; total, _ = w.Total() { // readers that had too little time look on at what does not change
		time.Sleep(10 * time.Millisecond)
	}
	w.End()
	total, fewest := w.Total()
	t.Logf("%d builds %v, which published %v times; %d looks at %d relations and batches, at least %d at each; not promised to be atomic, in so many builds: %v",
		s.Builds, counts, published, total, len(all), fewest, unsafe)
}

// loop builds the readers' project a first time.
func (s suite) loop(t *testing.T) *building {
	t.Helper()
	b := s.build(t, "readers")
	b.vars["overwrites"] = s.overwrites()
	b.next(t, 1)
	args := append([]string{"build"}, everyDay...)
	if lacking := s.lacking(t); len(lacking) > 0 {
		args = append(args, "--exclude", strings.Join(lacking, " "))
	}
	if code, output := b.weft(t.Context(), args...); code != 0 {
		t.Fatal(output)
	}
	return b
}

// readersSee proves that the readers would have seen it: a relation that is dropped and made again, emptied and filled, or changed row by row is
// caught.
func (s suite) readersSee(t *testing.T) {
	b := s.loop(t)
	p := published{name: "naive", whole: ofOneRun}
	writer := open(t, s.open(t, false))
	query := func(run int) string {
		return fmt.Sprintf("select id, %d as amount, %d as run from %s", run, run, b.Relation(b.relation("as_table")))
	}
	naive := b.relation("naive")
	name := b.Relation(naive)
	do(t, writer, b.CreateTable(naive, query(0)))
	w := b.watch(t, []published{p})
	ask, end := b.reader(t)
	defer end()
	for _, c := range []struct {
		saw        string
		statements []string
	}{
		{"error", []string{b.DropTable(naive), b.CreateTable(naive, query(1))}},
		{"empty", []string{"delete from " + name, "insert into " + name + " " + query(1)}},
		{"mixed", []string{"update " + name + " set run = run + 1 where id < 24", "update " + name + " set run = run + 1 where id >= 24"}},
	} {
		caught := false
		for deadline := time.Now().Add(time.Minute); !caught && time.Now().Before(deadline); {
			w.Hold()
			before := []string{b.look(ask, p)}
			w.Judge(before, before, func(int) bool { return true })
			w.Release()
			do(t, writer, c.statements...)
			w.Hold()
			for _, v := range w.Judge(before, []string{b.look(ask, p)}, func(int) bool { return false }) {
				caught = caught || strings.Contains(v, `saw "`+c.saw)
			}
			w.Release()
		}
		if !caught {
			t.Errorf("no reader saw that %q", c.statements)
		}
	}
	w.End()
}
