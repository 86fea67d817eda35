package adaptertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

func (s suite) answers(t *testing.T) {
	p := s.place(t)
	r := p.relation("t")
	b := batch(false, s.CreateTable(r, s.Series(3)), "select i from "+s.Relation(r)+" order by i", "select count(*) as n from "+s.Relation(r))
	b.Statements[1].Fetch, b.Statements[2].Fetch = true, true
	a, err := p.session.Do(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Results) != 3 || fmt.Sprint(a.Results[1].Rows) != "[[1] [2] [3]]" || fmt.Sprint(a.Results[2].Rows) != "[[3]]" || len(a.Results[0].Rows) != 0 {
		t.Errorf("answers %+v", a.Results)
	}
	for i, result := range a.Results {
		if result.Message == "" || result.Elapsed <= 0 {
			t.Errorf("statement %d is answered by %q after %s", i, result.Message, result.Elapsed)
		}
	}
}

func (s suite) values(t *testing.T) {
	p := s.place(t)
	for _, v := range s.Values {
		r := fetch(t, p.session, "select "+v.SQL+" as v", 0)
		if len(r.Rows) != 1 || len(r.Rows[0]) != 1 {
			t.Errorf("%s: rows %v", v.SQL, r.Rows)
			continue
		}
		got := r.Rows[0][0]
		if fmt.Sprintf("%T %v", got, got) != fmt.Sprintf("%T %v", v.Want, v.Want) || r.Columns[0] != (engine.Column{Name: "v", Type: v.Type}) {
			t.Errorf("%s: %T %v of type %s, want %T %v of type %s", v.SQL, got, got, r.Columns[0].Type, v.Want, v.Want, v.Type)
		}
	}
	if r := fetch(t, p.session, "select i from ("+s.Series(3)+") as s where i > 3", 0); len(r.Rows) != 0 || len(r.Columns) != 1 || r.Columns[0].Name != "i" {
		t.Errorf("no rows come back as %+v: the columns are there all the same", r)
	}
}

// pages reads more rows than an engine gives in one piece (Athena's pages have 1,000).
func (s suite) pages(t *testing.T) {
	const n = 3501
	r := fetch(t, s.place(t).session, s.Series(n), 0)
	if len(r.Rows) != n {
		t.Fatalf("%d rows, want %d", len(r.Rows), n)
	}
	for i, row := range r.Rows {
		if row[0] != int64(i+1) {
			t.Fatalf("row %d holds %T %v", i, row[0], row[0])
		}
	}
}

func (s suite) limit(t *testing.T) {
	p := s.place(t)
	for _, limit := range []int{1, 999, 1000, 1001, 5000} {
		if r := fetch(t, p.session, s.Series(3501), limit); len(r.Rows) != min(limit, 3501) {
			t.Errorf("%d rows at a limit of %d", len(r.Rows), limit)
		}
	}
	if got := fetch(t, p.session, "select 1 as one", 0); got.Rows[0][0] != int64(1) {
		t.Errorf("after results that were not read to the end the session answers %v", got.Rows)
	}
}

func (s suite) failures(t *testing.T) {
	p := s.place(t)
	classes := map[engine.Class]bool{}
	for _, f := range s.Failures {
		a, err := p.session.Do(t.Context(), batch(false, "select 1 as one", f.SQL, "select 2 as two"))
		if err == nil {
			t.Errorf("%s: no failure", f.SQL)
			continue
		}
		e := failed(t, err)
		classes[f.Class] = true
		if e.Class != f.Class || e.Statement != 1 || len(a.Results) != 1 || e.Message == "" {
			t.Errorf("%s: class %s, want %s; statement %d; %d answers; message %q", f.SQL, e.Class, f.Class, e.Statement, len(a.Results), e.Message)
		}
		switch {
		case f.At == "" && e.Position != -1:
			t.Errorf("%s: points at %d", f.SQL, e.Position)
		case f.At != "" && (e.Position < 0 || !strings.HasPrefix(f.SQL[e.Position:], f.At)):
			t.Errorf("%s: points at %d, want %q", f.SQL, e.Position, f.At)
		}
	}
	for _, class := range []engine.Class{engine.Syntax, engine.Permanent} {
		if !classes[class] {
			t.Errorf("the harness has no failure of class %s", class)
		}
	}
}

func (s suite) atomicBatch(t *testing.T) {
	if !s.dialect.Transactions {
		t.Skip("the dialect has no transactions")
	}
	p := s.place(t)
	kept, lost := p.relation("kept"), p.relation("lost")
	p.do(t, s.CreateTable(kept, s.Series(2)))
	a, err := p.session.Do(t.Context(), batch(true, s.CreateTable(lost, s.Series(1)), "delete from "+s.Relation(kept), "select * from "+s.Relation(p.relation("absent"))))
	if e := failed(t, err); e.Statement != 2 || len(a.Results) != 2 {
		t.Errorf("statement %d failed after %d answers", e.Statement, len(a.Results))
	}
	if seen := p.observe(t, plan.Observation{Relation: p.schema}); len(seen.Objects) != 1 {
		t.Errorf("the failed batch left %v", seen.Objects)
	}
	if n := p.count(t, p.session, kept); n != int64(2) {
		t.Errorf("%v rows of 2 are left", n)
	}
	if _, err := p.session.Do(t.Context(), batch(true, s.CreateTable(lost, s.Series(1)), "delete from "+s.Relation(kept))); err != nil {
		t.Errorf("the session cannot be used after a batch that failed: %v", err)
	}
	if n := p.count(t, p.session, kept); n != int64(0) {
		t.Errorf("%v rows are left by a batch that did not fail", n)
	}
}

// transaction opens one by a statement, as materializations written in Jinja do, and ends it by another.
func (s suite) transaction(t *testing.T) {
	if !s.dialect.Transactions {
		t.Skip("the dialect has no transactions")
	}
	p := s.place(t)
	r, other := p.relation("t"), open(t, p.Engine)
	p.do(t, s.CreateTable(r, s.Series(2)))
	for _, c := range []struct {
		end  string
		want int64
	}{{"rollback", 2}, {"commit", 0}} {
		p.do(t, "begin transaction")
		p.do(t, "delete from "+s.Relation(r))
		if n := p.count(t, other, r); n != int64(2) {
			t.Errorf("before the %s another session sees %v rows", c.end, n)
		}
		p.do(t, c.end)
		if n := p.count(t, other, r); n != c.want {
			t.Errorf("after the %s another session sees %v rows, want %d", c.end, n, c.want)
		}
	}
}
