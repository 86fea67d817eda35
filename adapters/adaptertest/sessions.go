package adaptertest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

// soon is how long an engine may take to stop what it does.
const soon = 30 * time.Second

// stopped runs the endless query in a batch that has written before, stops it, and holds the session to what it owes.
func (p place) stopped(t *testing.T, stop func(cancel context.CancelFunc)) {
	t.Helper()
	r, after := p.relation("t"), p.relation("after")
	p.do(t, p.CreateTable(r, p.Series(1)))
	b := batch(false, p.Endless, p.CreateTable(after, p.Series(1)))
	if p.dialect.Transactions {
		b = batch(true, "delete from "+p.Relation(r), p.Endless, p.CreateTable(after, p.Series(1)))
	}
	b.Statements[len(b.Statements)-2].Fetch = true
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	time.AfterFunc(100*time.Millisecond, func() { stop(cancel) })
	begin := time.Now()
	_, err := p.session.Do(ctx, b)
	if err == nil {
		t.Fatal("the query that was stopped has an answer")
	}
	if e := failed(t, err); e.Class != engine.Cancelled {
		t.Errorf("class %s, want %s: %s", e.Class, engine.Cancelled, e.Message)
	}
	if took := time.Since(begin); took > soon {
		t.Errorf("it took %s to stop", took)
	}
	if n := p.count(t, p.session, r); n != int64(1) {
		t.Errorf("the batch that was stopped left %v rows of 1", n)
	}
	if seen := p.observe(t, plan.Observation{Relation: after}); len(seen.Objects) > 0 {
		t.Error("the batch that was stopped went on")
	}
}

func (s suite) cancel(t *testing.T) {
	p := s.place(t)
	if err := p.session.Cancel(t.Context()); err != nil {
		t.Errorf("cancelling nothing: %v", err)
	}
	p.stopped(t, func(context.CancelFunc) {
		if err := p.session.Cancel(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func (s suite) contextEnds(t *testing.T) {
	s.place(t).stopped(t, func(cancel context.CancelFunc) { cancel() })
}

func (s suite) sessions(t *testing.T) {
	p := s.place(t)
	var wg sync.WaitGroup
	names := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	for _, name := range names {
		session := open(t, p.Engine)
		wg.Go(func() {
			r := p.relation("side_" + name)
			for _, sql := range []string{s.CreateTable(r, s.Series(100)), "select count(*) as n from " + s.Relation(r)} {
				if _, err := session.Do(t.Context(), plan.Batch{Statements: []plan.Statement{{SQL: sql}}}); err != nil {
					t.Errorf("%s: %v", sql, err)
				}
			}
		})
	}
	wg.Wait()
	if seen := p.observe(t, plan.Observation{Relation: p.schema}); len(seen.Objects) != len(names) {
		t.Errorf("%d sessions made %d tables", len(names), len(seen.Objects))
	}
}

func (s suite) temporary(t *testing.T) {
	if !s.dialect.TemporaryTables {
		t.Skip("the dialect has no temporary tables")
	}
	p := s.place(t)
	p.do(t, "create temporary table mine as "+s.Series(1))
	own, ok := p.session.(engine.Observer)
	if !ok {
		t.Fatal("a session with temporary tables must be able to look at them")
	}
	seen, err := own.Observe(t.Context(), []plan.Observation{{Relation: node.Relation{Identifier: "mine"}, Columns: true}})
	if err != nil || len(seen.Objects) != 1 || seen.Objects[0].Kind != plan.Temporary || len(seen.Objects[0].Columns) != 1 {
		t.Errorf("the session sees %v (%v)", seen.Objects, err)
	}
	if _, err := open(t, p.Engine).Do(t.Context(), batch(false, "select * from mine")); err == nil {
		t.Error("another session reads the temporary table")
	}
}

func (s suite) readOnly(t *testing.T) {
	if !s.ReadOnly {
		t.Skip("the engine cannot be opened read-only")
	}
	p := s.place(t)
	r := p.relation("t")
	p.do(t, s.CreateTable(r, s.Series(1)))
	_ = p.session.Close()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	e := s.open(t, true)
	session := open(t, e)
	if n := p.count(t, session, r); n != int64(1) {
		t.Errorf("%v rows", n)
	}
	if _, err := session.Do(t.Context(), batch(false, s.CreateTable(p.relation("u"), s.Series(1)))); err == nil {
		t.Error("an engine that was opened read-only made a table")
	}
}

// stays closes the engine and opens it again; closing twice is no error.
func (s suite) stays(t *testing.T) {
	p := s.place(t)
	r := p.relation("t")
	p.do(t, s.CreateTable(r, s.Series(7)))
	_ = p.session.Close()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	e := s.open(t, false)
	if n := p.count(t, open(t, e), r); n != int64(7) {
		t.Errorf("%v rows", n)
	}
}
