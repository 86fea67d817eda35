package lower_test

// These tests run lowered plans on a real DuckDB, through the runner: what the batches do matters, not how they look.

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/weft-data/weft/adapters/duckdb"
	"github.com/weft-data/weft/cmd/cli/runview"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/lower"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/publish/artifacts"
	"github.com/weft-data/weft/runner"
	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
	"github.com/weft-data/weft/runner/journal"
)

var spelling = func() lower.Dialect {
	d, _ := dialect.Get("duckdb")
	return lower.NewDialect(d, func(r node.Relation) string {
		s := quote(r.Database) + "." + quote(r.Schema)
		if r.Identifier != "" {
			s += "." + quote(r.Identifier)
		}
		return s
	}, quote)
}()

func quote(s string) string { return `"` + s + `"` }

// product is a small project on a database file of its own.
type product struct {
	t       *testing.T
	dir     string
	engine  engine.Engine
	runs    int
	records []event.Record
	lines   []string

	failFast bool
}

func newProduct(t *testing.T) *product {
	dir := t.TempDir()
	e, err := duckdb.Open(t.Context(), engine.Config{Profile: map[string]any{"path": "p1.duckdb"}, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return &product{t: t, dir: dir, engine: e}
}

type step struct {
	lower.Node
	parents []string
	path    string
	// failure is why it cannot be compiled.
	failure string
}

func relation(name string) node.Relation {
	return node.Relation{Database: "p1", Schema: "main", Identifier: name}
}

func model(name, materialized, sql string, parents ...string) step {
	return step{Node: lower.Node{ID: node.ID("model.p1." + name), Kind: node.Model, Materialization: materialized, Relation: relation(name),
		SQL: sql}, parents: parents, path: "models/" + name + ".sql"}
}

func test(id, severity, sql string, parents ...string) step {
	name, _, _ := strings.Cut(id, "#")
	return step{Node: lower.Node{ID: node.ID("test.p1." + strings.ReplaceAll(id, "#", ".")), Kind: node.Test, Materialization: "test", Relation: relation(name),
		SQL: sql, Test: &lower.Test{Severity: severity, WarnIf: "!= 0", ErrorIf: "!= 0", FailCalc: "count(*)", Limit: -1}},
		parents: parents, path: "tests/" + name + ".sql"}
}

func exposure(name, parent string) step {
	return step{Node: lower.Node{ID: node.ID("exposure.p1." + name), Kind: node.Exposure, Relation: relation(name)}, parents: []string{parent}}
}

func (p *product) run(steps ...step) runner.Outcome { return p.runWith(nil, nil, steps...) }

func (p *product) runWith(start, end []string, steps ...step) runner.Outcome {
	p.t.Helper()
	p.runs++
	seen, err := p.engine.Observe(p.t.Context(), []plan.Observation{{Relation: node.Relation{Database: "p1", Schema: "main"}, Columns: true}})
	if err != nil {
		p.t.Fatal(err)
	}
	made := plan.Plan{Version: plan.Version, Observed: seen, OnRunStart: hooks("on-run-start", start), OnRunEnd: hooks("on-run-end", end)}
	for _, s := range steps {
		_, _, name := cut2(string(s.ID))
		l := lower.Lower(s.Node, spelling, seen.Index())
		ps := plan.Step{Node: s.ID, Kind: s.Kind, Materialization: s.Materialization, Compiled: s.Kind != node.Seed, CompiledCode: s.SQL,
			Batches: l.Batches, Recover: l.Recover, Test: l.Test, Report: l.Report, Refusal: l.Refusal, Publish: l.Publish,
			Label: plan.Label{Name: name, Package: "p1", Schema: "main", Alias: s.Relation.Identifier, Path: s.path,
				CompiledPath: "target/compiled/p1/" + s.path, RunPath: "run/p1/" + s.path, RelationName: spelling.Render(s.Relation)}}
		if s.Test != nil && !s.Test.Store {
			ps.Label.RelationName = ""
		}
		if s.path == "models/schema.yml" {
			ps.Label.CompiledPath += "/" + name + ".sql"
		}
		if s.Kind == node.Exposure {
			ps.Refusal, ps.Label.RunPath = nil, ""
		}
		if s.Materialization == "ephemeral" {
			ps.Silent, ps.Refusal = true, nil
		}
		if s.failure != "" {
			ps.Compiled, ps.Refusal = false, &plan.Refusal{Message: s.failure}
		}
		for _, parent := range s.parents {
			ps.Parents = append(ps.Parents, node.ID(parent))
		}
		made.Steps = append(made.Steps, ps)
	}
	view := runview.New(runview.Options{})
	p.records, p.lines = nil, nil
	world := effect.Real{}
	files := artifacts.NewRunFiles(world, filepath.Join(p.dir, "target"))
	path := journal.Path(filepath.Join(p.dir, "target"), fmt.Sprint("run", p.runs))
	j, err := journal.Create(world, path, func(r event.Record) {
		p.records = append(p.records, r)
		files.Feed(r)
		for _, l := range view.Feed(r) {
			if l.Level > runview.Debug {
				p.lines = append(p.lines, l.Text)
			}
		}
	})
	if err != nil {
		p.t.Fatal(err)
	}
	out, err := runner.Run(p.t.Context(), runner.Options{Plan: made, Engines: map[string]engine.Engine{"": p.engine}, Journal: j, World: world,
		Invocation: fmt.Sprint("i", p.runs), Verb: "build", Target: "dev", Adapter: "duckdb", Threads: 1, FailFast: p.failFast})
	if err != nil {
		p.t.Fatal(err)
	}
	if err := files.Close(); err != nil {
		p.t.Error(err)
	}
	if err := j.Close(); err != nil {
		p.t.Error(err)
	}
	kept, err := journal.Read(world, path)
	if err != nil || kept.Torn != 0 || len(kept.Records) != len(p.records) {
		p.t.Errorf("the journal keeps %d of %d records, %d bytes torn, error %v", len(kept.Records), len(p.records), kept.Torn, err)
	}
	return out
}

func hooks(of string, sql []string) []plan.Step {
	var out []plan.Step
	for i, s := range sql {
		name := fmt.Sprintf("p1-%s-%d", of, i)
		out = append(out, plan.Step{Node: node.ID("operation.p1." + name), Kind: node.Operation, Compiled: true, CompiledCode: s,
			Batches: lower.Operation(node.ID("operation.p1."+name), s), Label: plan.Label{Name: name, HookName: fmt.Sprintf("p1.%s.%d", of, i), Path: "./dbt_project.yml",
				CompiledPath: "target/compiled/p1/./dbt_project.yml/hooks/" + name + ".sql"}})
	}
	return out
}

func cut2(id string) (kind, pkg, name string) {
	kind, rest, _ := strings.Cut(id, ".")
	pkg, rest, _ = strings.Cut(rest, ".")
	name, _, _ = strings.Cut(rest, ".")
	return kind, pkg, name
}

// rows asks the database, on a connection of its own.
func (p *product) rows(sql string) string {
	p.t.Helper()
	s, err := p.engine.Session(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	defer s.Close()
	a, err := s.Do(p.t.Context(), plan.Batch{Statements: []plan.Statement{{SQL: sql, Fetch: true}}})
	if err != nil {
		p.t.Fatalf("%s: %v", sql, err)
	}
	return fmt.Sprint(a.Results[0].Rows)
}

func (p *product) status(out runner.Outcome) string {
	var s []string
	for _, r := range out.Results {
		_, _, name := cut2(string(r.Node))
		s = append(s, name+":"+string(r.Status))
	}
	return strings.Join(s, " ")
}

// TestRunsAsDbtRuns builds the projects of tests/oracle/run_lines.py and compares the lines and the results with what dbt wrote.
func TestRunsAsDbtRuns(t *testing.T) {
	csv, err := filepath.Abs("testdata/s.csv")
	if err != nil {
		t.Fatal(err)
	}
	id := lower.SeedColumn{Name: `"id"`, Type: "integer"}
	seed := func(rows int64, columns ...lower.SeedColumn) step {
		return step{Node: lower.Node{ID: "seed.p1.s", Kind: node.Seed, Materialization: "seed", Relation: relation("s"),
			Seed: &lower.Seed{Path: csv, Delimiter: ",", Rows: rows, Columns: columns}}, path: "seeds/s.csv"}
	}
	table := model("t", "table", `select * from "p1"."main"."v"`, "model.p1.v")
	table.PostHooks = []lower.Hook{{SQL: "insert into hooklog values ('post')", Transaction: true}}
	a, b := model("a", "view", "select 1 as x"), model("b", "view", "select * from a", "model.p1.a", "test.p1.broken")
	broken := test("broken", "ERROR", `select nope from "p1"."main"."a"`, "model.p1.a")
	failing := model("eph", "ephemeral", "")
	failing.failure = "Compilation Error in model eph (models/eph.sql)\n  no"
	useeph := model("useeph", "view", "with __dbt__cte__eph as (\n select 1 as x\n) select * from __dbt__cte__eph", "model.p1.eph")
	for _, c := range []struct {
		name       string
		start, end []string
		failFast   bool
		steps      []step
	}{
		{"build", []string{"create table if not exists hooklog (x varchar)", "insert into hooklog values ('start')"}, []string{"insert into hooklog values ('end')"}, false, []step{
			model("bad", "table", " select * from nope_table"), model("child", "view", "select * from bad", "model.p1.bad"),
			model("eph", "ephemeral", "select 1 as x"), useeph, model("inc", "incremental", "select 1 as x"),
			model("v", "view", `select id, name from "p1"."main"."s"`, "seed.p1.s"),
			seed(3, id, lower.SeedColumn{Name: "name", Type: "text"}, lower.SeedColumn{Name: "amt", Type: "float8"}, lower.SeedColumn{Name: "d", Type: "date"}), table,
			test("not_null_t_id#a3af787eb8", "ERROR", "select id from t where id is null", "model.p1.t"),
			test("not_null_t_name#2e6ed18fa1", "ERROR", "select name from t where name is null", "model.p1.t"),
			test("unique_t_id#8ad39b758b", "error", "select id from t group by id having count(*) > 1", "model.p1.t"),
			test("sing", "ERROR", "select * from t where id = 2", "model.p1.t"), test("singwarn", "warn", "select * from t where id > 1 -- two", "model.p1.t")}},
		{"hookfail", []string{"select * from nowhere", "select 1"}, []string{"select 2"}, false, []step{a}},
		{"ephemeral", nil, nil, false, []step{a, b, failing, useeph, broken}},
		{"failfast", nil, nil, true, []step{a, b, broken}},
		{"exposure", nil, nil, false, []step{a, model("bad", "view", "select * from nowhere"), exposure("page", "model.p1.a"), exposure("lost", "model.p1.bad")}},
		{"fine", nil, nil, false, []step{seed(1, id, id, id, id), model("a", "view", "select 1 as id", "seed.p1.s"),
			test("t", "warn", "select * from a", "model.p1.a"), test("u", "ERROR", "select * from a where id > 1", "model.p1.a")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newProduct(t)
			p.failFast = c.failFast
			if c.name == "fine" {
				c.steps[0].Seed.Path = filepath.Join(p.dir, "s.csv")
				c.steps[0].Seed.Columns = []lower.SeedColumn{id}
				if err := os.WriteFile(c.steps[0].Seed.Path, []byte("id\n1\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for i := range c.steps {
				if strings.Contains(string(c.steps[i].ID), "_t_") {
					c.steps[i].path = "models/schema.yml"
				}
			}
			out := p.runWith(c.start, c.end, c.steps...)
			if out.Failed() != (c.name != "fine") {
				t.Error("the run says that it failed:", out.Failed())
			}
			want, err := os.ReadFile("testdata/" + c.name + ".dbt.txt")
			if err != nil {
				t.Fatal(err)
			}
			if got, want := mask(strings.Join(p.lines, "\n")), mask(string(want)); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
			compareResults(t, c.name, out)
			if c.name == "build" {
				p.checkBuild(c.start, c.steps)
			}
		})
	}
}

// compareResults holds run_results.json to dbt's; order counts.
func compareResults(t *testing.T, name string, out runner.Outcome) {
	t.Helper()
	text, err := artifacts.RunResults(artifacts.Invocation{DbtVersion: "1.12.6"}, out.Results)
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Results []map[string]any }
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	var want []map[string]any
	golden, err := os.ReadFile("testdata/" + name + ".dbt.json")
	if err == nil {
		err = json.Unmarshal(golden, &want)
	}
	if err != nil || len(want) != len(got.Results) {
		t.Fatalf("%d results, want %d (%v)", len(got.Results), len(want), err)
	}
	for i, w := range want {
		g := got.Results[i]
		var names []any
		for _, t := range g["timing"].([]any) {
			names = append(names, t.(map[string]any)["name"])
		}
		g["timing"] = names
		for key, value := range w {
			if key == "message" && value != nil && g[key] != nil {
				value, g[key] = mask(value.(string)+"\n"), mask(g[key].(string)+"\n")
			}
			if a, b := fmt.Sprint(g[key]), fmt.Sprint(value); a != b {
				t.Errorf("%s: %s is %s, want %s", w["unique_id"], key, a, b)
			}
		}
		for _, key := range []string{"execution_time", "compiled_code", "batch_results", "overload_results"} {
			if _, ok := g[key]; !ok {
				t.Errorf("%s: there is no %s", w["unique_id"], key)
			}
		}
	}
}

// checkBuild looks at what the build left, and builds again.
func (p *product) checkBuild(start []string, steps []step) {
	p.t.Helper()
	if got := p.rows("select * from hooklog"); got != "[[start] [post] [end]]" {
		p.t.Error("hooks left", got)
	}
	if got := p.rows("select * from t order by id"); got != "[[1 a] [2 <nil>] [3 c]]" {
		p.t.Error("t holds", got)
	}
	sent, err := os.ReadFile(filepath.Join(p.dir, "target/run/p1/models/v.sql"))
	if want := "create or replace view \"p1\".\"main\".\"v\" as (\nselect id, name from \"p1\".\"main\".\"s\"\n);\n"; err != nil || string(sent) != want {
		p.t.Errorf("target/run holds %q (%v), want %q", sent, err, want)
	}
	p.runWith(start, nil, steps...)
	if got := p.rows("select table_name from duckdb_tables() order by 1"); got != "[[hooklog] [inc] [s] [t]]" {
		p.t.Error("tables:", got)
	}
}

var (
	times = regexp.MustCompile(`in \d+\.\d\ds\]|and \d+\.\d\d seconds \(\d+\.\d\ds\)`)
	place = regexp.MustCompile(`(?m)^ *LINE .*\n +\^\n`)
	idle  = regexp.MustCompile(`(?m)^CANCEL query .*\n`)
)

// mask hides times, and the line of the statement, which weft writes in another form than dbt. dbt also cancels connections on which
// nothing runs, and says so.
func mask(s string) string {
	return strings.TrimSpace(idle.ReplaceAllString(place.ReplaceAllString(times.ReplaceAllString(s, "in 0s"), ""), ""))
}

func TestTableReplacesWhateverIsThere(t *testing.T) {
	p := newProduct(t)
	for _, materialized := range []string{"table", "table", "view", "view", "table", "incremental", "view", "incremental"} {
		m := model("m", materialized, fmt.Sprintf("select %d as n", p.runs))
		m.FullRefresh = p.runs%2 == 1
		m.Indexes = []lower.Index{{Columns: []string{"n"}, Unique: true}}
		want := fmt.Sprintf("[[%d]]", p.runs)
		if out := p.run(m); out.Failed() {
			t.Fatal(materialized, out.Results[0].Message)
		}
		if got := p.rows("select * from m"); got != want {
			t.Errorf("%s: %s, want %s", materialized, got, want)
		}
	}
}

func TestFailureLeavesTheOldRowsAndNothingElse(t *testing.T) {
	p := newProduct(t)
	good := model("m", "table", "select 1 as n")
	if out := p.run(good); out.Failed() {
		t.Fatal(out.Results[0].Message)
	}
	p.rows("select 1")
	for _, hooked := range []bool{false, true} {
		for _, bad := range []step{model("m", "table", "select 'x'::int as n"), model("m", "view", "select * from nowhere"), model("m", "table", "select 2 as n")} {
			if strings.Contains(bad.SQL, "2") {
				bad.PostHooks = []lower.Hook{{SQL: "select 'x'::int from m", Transaction: true}}
			}
			if hooked {
				bad.PreHooks = []lower.Hook{{SQL: "create table from_hook (x int)", Transaction: true}}
			}
			if out := p.run(bad); !out.Failed() || out.Results[0].Status != event.Error {
				t.Errorf("%s: %s", bad.SQL, p.status(out))
			}
			if got := p.rows("select table_name, (select n from m) from duckdb_tables() where not temporary"); got != "[[m 1]]" {
				t.Errorf("%s: %s is left", bad.SQL, got)
			}
		}
	}
}

func TestHooksOutsideTheTransaction(t *testing.T) {
	p := newProduct(t)
	m := model("m", "table", "select 1 as n")
	m.PreHooks = []lower.Hook{{SQL: "create table log (x varchar)"}, {SQL: "insert into log values ('pre')", Transaction: true}}
	m.PostHooks = []lower.Hook{{SQL: "insert into log values ('after')"}, {SQL: "insert into log values ('post')", Transaction: true}, {}}
	if out := p.run(m); out.Failed() {
		t.Fatal(out.Results[0].Message)
	}
	if got := p.rows("select * from log"); got != "[[pre] [post] [after]]" {
		t.Error(got)
	}
}

func TestIncremental(t *testing.T) {
	for _, c := range []struct {
		name   string
		config lower.Incremental
		second string
		want   string
	}{
		{"append", lower.Incremental{Strategy: "append"}, "select 2 as id, 'new' as s union all select 3, 'new'", "[[1 old] [2 old] [2 new] [3 new]]"},
		{"default without key", lower.Incremental{}, "select 2 as id, 'new' as s", "[[1 old] [2 old] [2 new]]"},
		{"delete+insert", lower.Incremental{Strategy: "delete+insert", UniqueKey: []string{"id"}}, "select 'new' as s, 2 as id union all select 'new', 3", "[[1 old] [2 new] [3 new]]"},
		{"delete+insert by list", lower.Incremental{UniqueKey: []string{"id", "s"}, KeyIsList: true}, "select 2 as id, 'old' as s union all select 2, 'new'", "[[1 old] [2 old] [2 new]]"},
		{"merge", lower.Incremental{Strategy: "merge", UniqueKey: []string{"id"}}, "select 2 as id, 'new' as s union all select 3, 'new'", "[[1 old] [2 new] [3 new]]"},
		{"merge, nothing to update", lower.Incremental{Strategy: "merge", UniqueKey: []string{"id"}, ExcludeColumns: []string{"ID", "s"}}, "select 2 as id, 'new' as s", "[[1 old] [2 old]]"},
		{"merge, other columns", lower.Incremental{Strategy: "merge", UniqueKey: []string{"id"}}, "select 3 as id union all select 1", "[[1 old] [2 old] [3 <nil>]]"},
		{"merge, one column", lower.Incremental{Strategy: "merge", UniqueKey: []string{"id"}, UpdateColumns: []string{"s"}}, "select 2 as id, 'new' as s", "[[1 old] [2 new]]"},
		{"merge without key", lower.Incremental{Strategy: "merge"}, "select 2 as id, 'new' as s", "[[1 old] [2 old] [2 new]]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newProduct(t)
			m := model("m", "incremental", "select 1 as id, 'old' as s union all select 2, 'old'")
			m.Incremental = c.config
			if out := p.run(m); out.Failed() {
				t.Fatal(out.Results[0].Message)
			}
			m.SQL = c.second
			if out := p.run(m); out.Failed() {
				t.Fatal(out.Results[0].Message)
			}
			if got := p.rows("select id, s from m order by id, s desc"); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			broken := m
			broken.SQL = "select 1 as id, 'x' as s, error('no') as t"
			if out := p.run(broken); !out.Failed() {
				t.Error("a broken model was built")
			}
			if got := p.rows("select id, s from m order by id, s desc"); got != c.want {
				t.Errorf("after a failure: %s, want %s", got, c.want)
			}
			if got := p.rows("select count(*) from duckdb_tables() where table_name <> 'm'"); got != "[[0]]" {
				t.Error("temporary tables are left")
			}
		})
	}
}

func TestSeedAgain(t *testing.T) {
	p := newProduct(t)
	file := filepath.Join(p.dir, "it's.csv")
	seed := step{Node: lower.Node{ID: "seed.p1.s", Kind: node.Seed, Materialization: "seed", Relation: relation("s"), Seed: &lower.Seed{Path: file,
		Delimiter: ";", Rows: 2, Columns: []lower.SeedColumn{{Name: `"id"`, Type: "integer"}, {Name: "name", Type: "text"}}}}, path: "seeds/s.csv"}
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("id;name\n1;a\n2;\n")
	out := p.run(seed)
	if r := out.Results[0]; r.Message != "INSERT 2" || *r.Response.RowsAffected != 2 || r.Response.Code != "INSERT" {
		t.Errorf("answer %+v", r)
	}
	write("id;name\n3;c\n4;d\n")
	p.run(seed)
	if got := p.rows("select * from s"); got != "[[3 c] [4 d]]" {
		t.Error(got)
	}
	write("id;name\nx;c\n4;d\n")
	if out := p.run(seed); out.Results[0].Status != event.Error {
		t.Error("a bad file was loaded")
	}
	if got := p.rows("select * from s"); got != "[[3 c] [4 d]]" {
		t.Error("after the failure:", got)
	}
	write("id;name\n5;e\n6;f\n")
	seed.FullRefresh = true
	if out := p.run(seed); out.Results[0].Message != "CREATE 2" {
		t.Error(out.Results[0].Message)
	}
	p.run(model("w", "view", "select 1 as x"))
	seed.Relation = relation("w")
	if out := p.run(seed); out.Results[0].Failure.Code != "E005" {
		t.Errorf("a seed replaced a view: %+v", out.Results[0])
	}
}

func TestStoredFailures(t *testing.T) {
	p := newProduct(t)
	p.run(model("m", "table", "select * from range(5) r(i)"))
	for _, as := range []string{"table", "view", "table"} {
		s := test("big", "error", "select * from m where i > 1")
		s.Test.Store, s.Test.StoreAs, s.Test.Limit, s.Test.FailCalc, s.Test.ErrorIf = true, as, 2, "sum(i)", "> 4"
		out := p.run(s)
		if r := out.Results[0]; r.Status != event.Fail || *r.Failures != 5 || r.Message != "Got 5 results, configured to fail if > 4" {
			t.Errorf("result %+v", r)
		}
		if got := p.rows("select count(*), (select count(*) from duckdb_views() where view_name = 'big') from big"); got != map[string]string{"table": "[[2 0]]", "view": "[[2 1]]"}[as] {
			t.Errorf("%s: %s", as, got)
		}
	}
}

func TestRefusals(t *testing.T) {
	p := newProduct(t)
	python := model("py", "table", "def model")
	python.Language = "python"
	out := p.run(python, model("mv", "materialized_view", "select 1"), model("own", "mine", "select 1"))
	var got []string
	for _, r := range out.Results {
		if r.Failure == nil {
			t.Fatalf("%s was run", r.Node)
		}
		got = append(got, r.Failure.Code)
	}
	if s := strings.Join(got, " "); s != "E003 E004 E003" {
		t.Error(s)
	}
	if !slices.Contains(p.lines, "[ERROR][E004]: in model own (models/own.sql)") {
		t.Error("the code is not shown")
	}
}

// TestContract fills a table that its contract creates, refuses rows that break a constraint, and keeps the old table then.
func TestContract(t *testing.T) {
	p := newProduct(t)
	m := model("c", "table", "select 'x' as b, 1 as a")
	m.Contract = &lower.Contract{Columns: "(a integer not null, b varchar)", Names: "(a, b)", Before: "select a, b from (", After: ") q"}
	m.Docs = lower.Docs{Relation: "it's", Columns: []lower.ColumnDoc{{Name: "a", Text: "the $1"}}}
	if out := p.run(m); out.Failed() {
		t.Fatalf("%+v", out.Results[0])
	}
	if got := p.rows("select (select comment from duckdb_tables() where table_name = 'c'), (select comment from duckdb_columns() where table_name = 'c' and column_name = 'a'), a, b from c"); got != "[[it's the $1 1 x]]" {
		t.Error(got)
	}
	m.SQL = "select 'y' as b, cast(null as integer) as a"
	if out := p.run(m); !out.Failed() {
		t.Error("a null was taken")
	}
	if got := p.rows("select a, b from c"); got != "[[1 x]]" {
		t.Error(got)
	}
}

// TestReadersSeeOldOrNew rebuilds relations of every kind 50 times while another connection reads them: each read is one whole
// version, and no version goes back.
func TestReadersSeeOldOrNew(t *testing.T) {
	p := newProduct(t)
	csv := filepath.Join(p.dir, "s.csv")
	build := func(n int) {
		var text strings.Builder
		text.WriteString("n,i\n")
		for i := range 100 {
			fmt.Fprintf(&text, "%d,%d\n", n, i)
		}
		if err := os.WriteFile(csv, []byte(text.String()), 0o644); err != nil {
			t.Error(err)
		}
		sql := fmt.Sprintf("select %d as n, i from range(100) r(i)", n)
		flips := model("flips", []string{"table", "view"}[n%2], sql)
		fresh := model("fresh", "incremental", sql)
		fresh.FullRefresh = true
		merged := model("merged", "incremental", sql)
		merged.Incremental = lower.Incremental{Strategy: "merge", UniqueKey: []string{"i"}}
		replaced := model("replaced", "incremental", sql)
		replaced.Incremental = lower.Incremental{Strategy: "delete+insert", UniqueKey: []string{"i"}}
		failing := model("failing", "table", "select 'x'::int as n")
		if n == 0 {
			failing.SQL = "select 0 as n, i from range(100) r(i)"
		}
		seed := step{Node: lower.Node{ID: "seed.p1.s", Kind: node.Seed, Materialization: "seed", Relation: relation("s"), Seed: &lower.Seed{Path: csv,
			Delimiter: ",", Rows: 100, Columns: []lower.SeedColumn{{Name: "n", Type: "integer"}, {Name: "i", Type: "integer"}}}}, path: "seeds/s.csv"}
		seed.FullRefresh = n%3 == 0
		for _, r := range p.run(model("t", "table", sql), model("v", "view", sql), flips, fresh, merged, replaced, failing, seed).Results {
			if r.Status == event.Error && r.Node != "model.p1.failing" {
				t.Error(n, r.Node, r.Message)
			}
		}
	}
	build(0)
	s, err := p.engine.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 1; n <= 50; n++ {
			build(n)
		}
	}()
	last, reads := map[string]int64{}, 0
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		for _, name := range []string{"t", "v", "flips", "fresh", "merged", "replaced", "failing", "s"} {
			a, err := s.Do(t.Context(), plan.Batch{Statements: []plan.Statement{{SQL: `select min(n)::bigint, max(n)::bigint, count(*) from "p1"."main"."` + name + `"`, Fetch: true}}})
			if err != nil {
				t.Errorf("read %d of %s: %v", reads, name, err)
				continue
			}
			row := a.Results[0].Rows[0]
			low, _ := row[0].(int64)
			if row[0] != row[1] || row[2] != int64(100) || low < last[name] {
				t.Errorf("read %d of %s saw %v after version %d", reads, name, row, last[name])
			}
			last[name] = low
			reads++
		}
	}
	if reads < 400 || last["t"] != 50 || last["failing"] != 0 {
		t.Errorf("%d reads, last %v", reads, last)
	}
}
