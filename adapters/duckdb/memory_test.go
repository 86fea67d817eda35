package duckdb

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

func TestGateShutsOnlyWhenNothingRuns(t *testing.T) {
	var g gate
	g.enter()
	if g.close(time.Millisecond) {
		t.Fatal("the gate was shut while somebody was inside")
	}
	g.enter() // and it opened again
	g.leave()
	go func() {
		time.Sleep(5 * time.Millisecond)
		g.leave()
	}()
	if !g.close(10 * time.Second) {
		t.Fatal("the last one to leave was not seen")
	}
	var inside atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		g.enter()
		inside.Store(true)
		g.leave()
	})
	time.Sleep(5 * time.Millisecond)
	if inside.Load() || g.close(time.Millisecond) {
		t.Error("the gate is not shut")
	}
	g.open()
	wg.Wait()
	if !inside.Load() {
		t.Error("the gate did not open")
	}
}

// TestMemoryIsGivenBack builds tables with two sessions until their memory must be given back, and looks at what is held, at the limit
// and at the rows afterwards.
func TestMemoryIsGivenBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "many.duckdb")
	profile := map[string]any{"path": path, "settings": map[string]any{"memory_limit": "1234MB"}}
	e, err := Open(t.Context(), engine.Config{Profile: profile, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	const tables = 120
	columns := ""
	for i := range 40 {
		columns += fmt.Sprintf(", i + %d as c%d", i, i)
	}
	var wg sync.WaitGroup
	for worker := range 2 {
		s, err := e.Session(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			defer s.Close()
			for i := worker; i < tables; i += 2 {
				b := plan.Batch{Statements: []plan.Statement{{Purpose: plan.Build, SQL: fmt.Sprintf("create table t%d as select i%s from range(%d) r(i)", i, columns, 1+i)}}}
				if _, err := s.Do(t.Context(), b); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	own := e.(*Engine)
	u, ok := own.usage(t.Context())
	if !ok || own.pressure.ended.IsZero() || u.all >= tables*(41*16<<10) {
		t.Errorf("%d MB are held of %d tables, and nothing was given back", u.all>>20, tables)
	}
	if u.limit != own.shownLimit {
		t.Errorf("the limit is %s, was %s", u.limit, own.shownLimit)
	}
	if !own.settle() {
		t.Error("the last checkpoint failed")
	}
	if u, _ = own.usage(t.Context()); u.unwritten != 0 {
		t.Errorf("%d bytes are not written", u.unwritten)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	again := session(t, open(t, profile))
	for i := range tables {
		if got := rows(t, again, fmt.Sprintf("select count(*), sum(c39 - i) from t%d", i)); got[0][0] != int64(1+i) || fmt.Sprint(got[0][1]) != fmt.Sprint(39*(1+i)) {
			t.Fatalf("table %d has %v", i, got[0])
		}
	}
}

// TestWritingIsPaced holds when what waits is written: not while little waits, half of the time when it costs
// time, and always when much waits.
func TestWritingIsPaced(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		waiting     int64
		took, since time.Duration
		want        bool
	}{
		{unwritten - 1, 0, time.Hour, false},
		{unwritten, 0, 0, true},
		{unwritten, time.Second, time.Second / 2, false},
		{unwritten, time.Second, time.Second, true},
		{much - 1, time.Second, time.Second / 2, false},
		{much, time.Second, 0, true},
	} {
		p := pressure{took: c.took, ended: now.Add(-c.since)}
		if got := p.due(c.waiting, now); got != c.want {
			t.Errorf("%d bytes, %v after a write of %v: %v", c.waiting, c.since, c.took, got)
		}
	}
	if first := (&pressure{}); !first.due(unwritten, now) {
		t.Error("nothing is written the first time")
	}
}

func TestSizesAreRead(t *testing.T) {
	for text, want := range map[string]int64{"0 bytes": 0, "953.5 MiB": 999817216, "2.0 GiB": 2 << 30, "1.5 KiB": 1536, "": 0, "all": 0} {
		if got := bytesOf(text); got != want {
			t.Errorf("%q is %d, want %d", text, got, want)
		}
	}
}

// BenchmarkTrivialTable is what a trivial table costs through a session: staged, and swapped in.
func BenchmarkTrivialTable(b *testing.B) {
	e, err := Open(b.Context(), engine.Config{Profile: map[string]any{"path": filepath.Join(b.TempDir(), "b.duckdb")}})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	s, err := e.Session(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		for _, sql := range []string{fmt.Sprintf("create table t%d__dbt_tmp as (select 1 as id)", i), fmt.Sprintf("alter table t%d__dbt_tmp rename to t%d", i, i)} {
			if _, err := s.Do(b.Context(), plan.Batch{Statements: []plan.Statement{{SQL: sql, Purpose: plan.Build}}}); err != nil {
				b.Fatal(err)
			}
		}
	}
}
