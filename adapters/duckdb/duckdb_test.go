package duckdb

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

func open(t *testing.T, profile map[string]any) engine.Engine {
	t.Helper()
	e, err := Open(t.Context(), engine.Config{Profile: profile, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func session(t *testing.T, e engine.Engine) engine.Session {
	t.Helper()
	s, err := e.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func batch(atomic bool, sql ...string) plan.Batch {
	b := plan.Batch{Atomic: atomic}
	for _, s := range sql {
		b.Statements = append(b.Statements, plan.Statement{SQL: s})
	}
	return b
}

func rows(t *testing.T, s engine.Session, sql string) [][]engine.Value {
	t.Helper()
	a, err := s.Do(t.Context(), plan.Batch{Statements: []plan.Statement{{SQL: sql, Fetch: true}}})
	if err != nil {
		t.Fatal(err)
	}
	return a.Results[0].Rows
}

func TestValues(t *testing.T) {
	s := session(t, open(t, map[string]any{"path": ":memory:"}))
	for _, c := range []struct{ sql, typ, want string }{
		{"1::tinyint", "TINYINT", "int64 1"},
		{"18446744073709551615::ubigint", "UBIGINT", "*big.Int 18446744073709551615"},
		{"170141183460469231731687303715884105727::hugeint", "HUGEINT", "*big.Int 170141183460469231731687303715884105727"},
		{"1.50::decimal(9,2)", "DECIMAL(9,2)", "engine.Decimal 1.50"},
		{"(-0.05)::decimal(9,2)", "DECIMAL(9,2)", "engine.Decimal -0.05"},
		{"0.1::float", "FLOAT", "float64 0.10000000149011612"},
		{"true", "BOOLEAN", "bool true"},
		{"null::integer", "INTEGER", "<nil> <nil>"},
		{"date '2024-02-29'", "DATE", "engine.Date 2024-02-29"},
		{"time '12:34:56.789'", "TIME", "engine.TimeOfDay 12:34:56.789000"},
		{"timestamp '2024-02-29 01:02:03'", "TIMESTAMP", "engine.Timestamp 2024-02-29 01:02:03"},
		{"timestamptz '2024-02-29 01:02:03+02'", "TIMESTAMPTZ", "engine.Timestamp 2024-02-28 23:02:03+00:00"},
		{"'a b'::varchar", "VARCHAR", "string a b"},
		{"interval '1 month 2 days 3 hours'", "INTERVAL", "engine.Interval 1 months 2 days 03:00:00"},
		{"'4ac7a9e9-607c-4c8a-84f3-843f0191e3fd'::uuid", "UUID", "string 4ac7a9e9-607c-4c8a-84f3-843f0191e3fd"},
		{"[date '2024-01-01', null]", "DATE[]", "engine.List [2024-01-01 <nil>]"},
		{`{'b c': 1, 'a"': [1.5::decimal(3,1)]}`, `STRUCT("b c" INTEGER, "a""" DECIMAL(3,1)[])`, `engine.Struct [{b c 1} {a" [1.5]}]`},
		{"map {'k': date '2024-01-01'}", "MAP(VARCHAR, DATE)", "engine.Map [{k 2024-01-01}]"},
		{"'{\"a\": 1}'::json", "JSON", `string {"a":1}`},
	} {
		a, err := s.Do(t.Context(), plan.Batch{Statements: []plan.Statement{{SQL: "select " + c.sql + " as v", Fetch: true}}})
		if err != nil {
			t.Errorf("%s: %v", c.sql, err)
			continue
		}
		r := a.Results[0]
		v := r.Rows[0][0]
		if got := fmt.Sprintf("%T %v", v, v); got != c.want || r.Columns[0].Type != c.typ {
			t.Errorf("%s: %s (%s), want %s (%s)", c.sql, got, r.Columns[0].Type, c.want, c.typ)
		}
	}
}

func TestErrorsPointAtTheStatement(t *testing.T) {
	s := session(t, open(t, map[string]any{"path": ":memory:"}))
	for _, c := range []struct {
		sql, at string
		class   engine.Class
	}{
		{"select 1,\n  nope\nfrom range(3)", "nope", engine.Permanent},
		{"select 'äöü', nope from range(3)", "nope", engine.Permanent},
		{"select * from\n missing_table", "missing_table", engine.Permanent},
		{"select 1 frm x y", "x y", engine.Syntax},
		{"select " + strings.Repeat("1 + ", 60) + "nope + " + strings.Repeat("2 + ", 60) + "3", "nope", engine.Permanent},
	} {
		_, err := s.Do(t.Context(), batch(false, c.sql))
		var e *engine.Error
		if !errors.As(err, &e) {
			t.Fatalf("%s: %v", c.sql, err)
		}
		if e.Position < 0 || !strings.HasPrefix(c.sql[e.Position:], c.at) || e.Class != c.class {
			t.Errorf("%s: position %d, class %s, message %s", c.sql, e.Position, e.Class, e.Message)
		}
	}
}

func TestConflictsAreConflicts(t *testing.T) {
	e := open(t, map[string]any{"path": ":memory:"})
	a, b := session(t, e), session(t, e)
	if _, err := a.Do(t.Context(), batch(false, "create table t as select 1 as x")); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Do(t.Context(), batch(false, "begin", "update t set x = 2")); err != nil {
		t.Fatal(err)
	}
	_, err := b.Do(t.Context(), batch(true, "update t set x = 3"))
	var failure *engine.Error
	if !errors.As(err, &failure) || failure.Class != engine.Conflict {
		t.Errorf("error %v", err)
	}
}

func TestObserve(t *testing.T) {
	dir := t.TempDir()
	e := open(t, map[string]any{"path": filepath.Join(dir, "shop.duckdb"), "attach": []any{map[string]any{"path": ":memory:", "alias": "other"}},
		"settings": map[string]any{"TimeZone": "UTC"}})
	s := session(t, e)
	if _, err := s.Do(t.Context(), batch(false, "create schema Marts", `create table Marts."A b" (id int primary key, "x y" decimal(9,2))`,
		"create view v as select 1 as one", "create table other.t (a varchar)", "create temporary table tt (x int)", "comment on table Marts.\"A b\" is 'said'")); err != nil {
		t.Fatal(err)
	}
	got, err := e.Observe(t.Context(), []plan.Observation{
		{Relation: node.Relation{Database: "shop", Schema: "marts"}, Columns: true},
		{Relation: node.Relation{Schema: "main"}},
		{Relation: node.Relation{Database: "shop", Schema: "absent"}},
		{Relation: node.Relation{Database: "other", Schema: "main", Identifier: "T"}, Columns: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `[other.main. shop.Marts. shop.main.]
other.main.t table [{a VARCHAR }] ""
shop.Marts.A b table [{id INTEGER } {x y DECIMAL(9,2) }] "said"
shop.main.v view [] ""`
	text := fmt.Sprint(got.Schemas)
	for _, o := range got.Objects {
		text += fmt.Sprintf("\n%v %s %v %q", o.Relation, o.Kind, o.Columns, o.Comment)
		if o.Format != "" || o.Location != "" || o.Partitioned {
			t.Errorf("%v is a table on a lake: %+v", o.Relation, o)
		}
	}
	if text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}

func TestProfile(t *testing.T) {
	p, err := readProfile(engine.Config{Dir: "/x", Profile: map[string]any{"path": "a.db", "config_options": map[string]any{"threads": int64(2)},
		"extensions": []any{"json", map[string]any{"name": "h3", "repo": "community"}},
		"secrets":    []any{map[string]any{"type": "s3", "key_id": "it's", "scope": []any{"s3://a", "s3://b"}}},
		"attach":     []any{map[string]any{"path": "b.db", "alias": "b", "read_only": true, "options": map[string]any{"block_size": int64(16384), "mode": "x"}}},
		"settings":   map[string]any{"memory_limit": "1GB", "preserve_insertion_order": false}}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"load json | install json; load json", "load h3 | install h3 from community; load h3",
		"create or replace secret _dbt_secret_1 (type s3, key_id 'it''s', scope 's3://a', scope 's3://b')",
		"attach if not exists '/x/b.db' as b (read_only, block_size 16384, mode 'x')"}
	for i, s := range p.setup {
		if got := strings.Join(s, " | "); got != want[i] {
			t.Errorf("%s\nwant %s", got, want[i])
		}
	}
	if p.dsn != "/x/a.db?threads=2" || strings.Join(p.settings, "; ") != "set memory_limit = '1GB'; set preserve_insertion_order = 'false'" {
		t.Errorf("dsn %s, settings %v", p.dsn, p.settings)
	}
	if _, err := readProfile(engine.Config{Profile: map[string]any{"plugins": []any{"excel"}}}); err == nil {
		t.Error("a plugin was accepted")
	}
}

// TestLocked opens a file that another process has open. The other process is this test, started again.
func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "held.duckdb")
	if held := os.Getenv("WEFT_TEST_HOLD"); held != "" {
		e, err := Open(t.Context(), engine.Config{Profile: map[string]any{"path": held}})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		fmt.Println("held")
		_, _ = os.Stdin.Read(make([]byte, 1))
		return
	}
	other := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestLocked$")
	other.Env = append(os.Environ(), "WEFT_TEST_HOLD="+path)
	in, _ := other.StdinPipe()
	out, _ := other.StdoutPipe()
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = in.Close()
		_ = other.Wait()
	}()
	if _, err := out.Read(make([]byte, 4)); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), engine.Config{Profile: map[string]any{"path": path}})
	var e *engine.Error
	if !errors.As(err, &e) || e.Class != engine.Locked || !strings.Contains(e.Hint, fmt.Sprintf("process %d", other.Process.Pid)) {
		t.Errorf("error %#v", err)
	}
}

// TestCancelledStatementsLetGoOfTheFile cancels statements at any moment, and opens the file again each time. DuckDB waits without end for connections
// that were not let go of.
func TestCancelledStatementsLetGoOfTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cancelled.duckdb")
	r := rand.New(rand.NewPCG(1, 0))
	for range 12 {
		opened := make(chan engine.Engine)
		go func() {
			e, err := Open(t.Context(), engine.Config{Profile: map[string]any{"path": path}})
			if err != nil {
				t.Error(err)
			}
			opened <- e
		}()
		var e engine.Engine
		select {
		case e = <-opened:
		case <-time.After(time.Minute):
			t.Fatal("a connection of the last round was not let go of")
		}
		if e == nil {
			return
		}
		var wg sync.WaitGroup
		for range 2 {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Duration(r.IntN(4000))*time.Microsecond, cancel)
			wg.Go(func() {
				s, err := e.Session(ctx)
				for err == nil {
					_, err = s.Do(ctx, batch(false, "create or replace temp table t as select * from range(1000)"))
				}
				if s != nil {
					_ = s.Close()
				}
			})
		}
		wg.Wait()
		// Nor does an opening leave something behind that is cancelled.
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Microsecond)
		if again, err := Open(ctx, engine.Config{Profile: map[string]any{"path": path}}); err == nil {
			_ = again.Close()
		}
		cancel()
		_ = e.Close()
	}
}

// TestReadersSeeOldOrNew polls a table while it is rebuilt 50 times: every read is one whole version.
func TestReadersSeeOldOrNew(t *testing.T) {
	e := open(t, map[string]any{"path": filepath.Join(t.TempDir(), "r.duckdb")})
	writer, reader := session(t, e), session(t, e)
	build := func(n int) {
		if _, err := writer.Do(t.Context(), batch(false, fmt.Sprintf("create or replace table t__dbt_tmp as select %d as version, range as i from range(1000)", n))); err != nil {
			t.Error(err)
		}
		if _, err := writer.Do(t.Context(), batch(true, "drop table if exists t", "alter table t__dbt_tmp rename to t")); err != nil {
			t.Error(err)
		}
	}
	build(0)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 1; n <= 50; n++ {
			build(n)
		}
	}()
	reads := 0
	last := int64(0)
	for {
		a, err := reader.Do(t.Context(), plan.Batch{Statements: []plan.Statement{{SQL: "select min(version), max(version), count(*) from t", Fetch: true}}})
		if err != nil {
			t.Fatalf("read %d: %v", reads, err)
		}
		row := a.Results[0].Rows[0]
		if row[0] != row[1] || row[2] != int64(1000) || row[0].(int64) < last {
			t.Fatalf("read %d saw %v after version %d", reads, row, last)
		}
		last = row[0].(int64)
		reads++
		select {
		case <-done:
			if reads < 20 {
				t.Errorf("only %d reads happened", reads)
			}
			return
		default:
		}
	}
}
