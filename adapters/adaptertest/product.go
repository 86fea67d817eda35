package adaptertest

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

// projects are what the suite builds, by the command line that the harness brings: product has everything that dbt can build once, scripts the
// materializations and hooks that open transactions themselves, readers what is looked at while it is built.
//
//go:embed all:testdata
var projects embed.FS

// building is a copy of a project with a schema of its own.
type building struct {
	suite
	t      *testing.T // whose place it is
	dir    string
	schema node.Relation
	vars   map[string]any
}

// build copies a project and gives it a profile.
func (s suite) build(t *testing.T, project string) *building {
	t.Helper()
	b := &building{suite: s, t: t, dir: t.TempDir(), schema: s.nextSchema(), vars: maps.Clone(s.Vars)}
	if b.vars == nil {
		b.vars = map[string]any{}
	}
	files, err := fs.Sub(projects, "testdata/"+project)
	if err == nil {
		err = os.CopyFS(b.dir, files)
	}
	if err != nil {
		t.Fatal(err)
	}
	output := maps.Clone(s.Output(t))
	output["schema"], output["threads"] = b.schema.Schema, 4
	profiles, err := json.Marshal(map[string]any{project: map[string]any{"target": "here", "outputs": map[string]any{"here": output}}})
	if err != nil {
		t.Fatal(err)
	}
	b.write(t, "profiles.yml", string(profiles)) // JSON is YAML
	return b
}

func (b *building) write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(b.dir, filepath.FromSlash(path)), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// weft runs a command line in the project.
func (b *building) weft(ctx context.Context, args ...string) (code int, output string) {
	vars, err := json.Marshal(b.vars)
	if err != nil {
		return -1, err.Error()
	}
	return b.Weft(ctx, b.dir, append(slices.Clone(args), "--vars", string(vars))...)
}

// statuses are what became of the nodes of the last run, by their ids.
func (b *building) statuses(t *testing.T) (statuses, messages map[string]string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(b.dir, "target", "run_results.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Results []struct {
			Unique  string `json:"unique_id"`
			Status  string
			Message any
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	statuses, messages = map[string]string{}, map[string]string{}
	for _, r := range file.Results {
		statuses[r.Unique], messages[r.Unique] = r.Status, fmt.Sprint(r.Message)
	}
	return statuses, messages
}

// relation names a relation of the building; one of another schema is written with what is behind the building's ("_audit.failures").
func (b *building) relation(name string) node.Relation {
	r := b.schema
	if suffix, rest, ok := strings.Cut(name, "."); ok {
		r.Schema, name = r.Schema+suffix, rest
	}
	r.Identifier = name
	return r
}

// rows are a relation's rows as texts, in an order of their own. Columns of which each run makes others are left out, or as much of them as each
// run makes others.
func (b *building) rows(t *testing.T, session engine.Session, name string, columns []string) []string {
	t.Helper()
	var list []string
	for _, c := range columns {
		// A snapshot by time has the times of its rows. How times are written in what is hashed is the engine's affair.
		if expression, ok := timeless[c]; ok && (c == "dbt_scd_id" || !strings.HasSuffix(name, "_by_time")) {
			c = expression
		} else {
			c = b.Identifier(c)
		}
		if c != "" {
			list = append(list, c)
		}
	}
	r := fetch(t, session, "select "+strings.Join(list, ", ")+" from "+b.Relation(b.relation(name)), 0)
	out := make([]string, len(r.Rows))
	for i, row := range r.Rows {
		cells := make([]string, len(row))
		for j, v := range row {
			if cells[j] = fmt.Sprint(v); v == nil {
				cells[j] = "∅"
			}
		}
		out[i] = strings.Join(cells, " | ")
	}
	slices.Sort(out)
	return out
}

// timeless are columns of snapshots that hold the time of the run, with what is compared in their place.
var timeless = map[string]string{"dbt_updated_at": "", "dbt_valid_from": "", "dbt_scd_id": "", "dbt_valid_to": "case when dbt_valid_to is null then 'current' else 'past' end"}

// expected is what a step of the product leaves, as dbt says: tests/oracle/conformance.py asked it.
type expected struct {
	Name string
	// Statuses are those of the nodes; Columns and Rows those of the relations.
	Statuses map[string]string
	Columns  map[string][]string
	Rows     map[string][]string
}

// step is one build of the product: its flags, and the rows of its seed.
type step struct {
	Name  string
	Flags []string
	Seed  string
}

// data reads a file of the suite.
func data[T any](t *testing.T, name string) (out T) {
	t.Helper()
	text, err := projects.ReadFile("testdata/" + name)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// materializes builds the product step by step, and compares what became of each node, and all rows, with what dbt left.
func (s suite) materializes(t *testing.T) {
	want := data[[]expected](t, "product.json")
	b := s.build(t, "product")
	b.vars["overwrites"] = s.overwrites()
	lacking := s.lacking(t)
	for i, step := range data[[]step](t, "steps.json") {
		t.Run(step.Name, func(t *testing.T) {
			b.vars["step"] = i + 1
			b.write(t, "seeds/sizes.csv", step.Seed)
			args := append([]string{"build"}, step.Flags...)
			if len(lacking) > 0 {
				want[i].without(lacking)
				args = append(args, "--exclude", strings.Join(lacking, " "))
			}
			_, output := b.weft(t.Context(), args...)
			statuses, messages := b.statuses(t)
			for _, id := range slices.Sorted(maps.Keys(want[i].Statuses)) {
				if statuses[id] != want[i].Statuses[id] {
					t.Errorf("%s: %q (%s), dbt says %q", id, statuses[id], messages[id], want[i].Statuses[id])
				}
			}
			if len(statuses) != len(want[i].Statuses) {
				t.Errorf("%d nodes were run, dbt runs %d\n%s", len(statuses), len(want[i].Statuses), output)
			}
			b.compare(t, want[i])
			if t.Failed() {
				t.Log(output)
			}
		})
	}
}

// compare holds the relations to what is expected, and finds those that nobody expects.
func (b *building) compare(t *testing.T, want expected) {
	t.Helper()
	e, err := b.Open(b.t, false), error(nil)
	defer e.Close()
	session, err := e.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	var what []plan.Observation
	for _, schema := range []string{"", "_dbt_test__audit"} {
		r := b.schema
		r.Schema += schema
		what = append(what, plan.Observation{Relation: r})
	}
	for _, name := range slices.Sorted(maps.Keys(want.Columns)) {
		what = append(what, plan.Observation{Relation: b.relation(name), Columns: true})
	}
	seen, err := e.Observe(t.Context(), what)
	if err != nil {
		t.Fatal(err)
	}
	there := seen.Index()
	for _, name := range slices.Sorted(maps.Keys(want.Columns)) {
		o := there.Find(b.relation(name))
		if o == nil {
			t.Errorf("%s is not there", name)
			continue
		}
		var columns []string
		for _, c := range o.Columns {
			columns = append(columns, strings.ToLower(c.Name))
		}
		if !slices.Equal(columns, want.Columns[name]) {
			t.Errorf("%s has the columns %v, dbt's has %v", name, columns, want.Columns[name])
			continue
		}
		if got := b.rows(t, session, name, columns); !slices.Equal(got, want.Rows[name]) {
			t.Errorf("%s has the rows\n\t%s\ndbt's has\n\t%s", name, strings.Join(got, "\n\t"), strings.Join(want.Rows[name], "\n\t"))
		}
	}
	for _, o := range seen.Objects {
		name := o.Relation.Identifier
		// What a view under the name of a table shows is the table's own affair.
		if table, _, ok := strings.Cut(name, "__weft_"); ok {
			if shown := there.Find(b.relation(table)); shown != nil && shown.Behind {
				continue
			}
		}
		if suffix := strings.TrimPrefix(o.Relation.Schema, b.schema.Schema); suffix != "" {
			name = suffix + "." + name
		}
		if want.Columns[name] == nil {
			t.Errorf("%s is left, which dbt does not leave", name)
		}
	}
}

// scripts builds twice what opens and ends transactions by statements, whether the engine has any or not.
func (s suite) scripts(t *testing.T) {
	b := s.build(t, "scripts")
	for range 2 {
		code, output := b.weft(t.Context(), "build")
		if code != 0 {
			t.Fatal(output)
		}
		e := s.Open(t, false)
		session, err := e.Session(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"by_script", "by_hooks"} {
			if got := b.rows(t, session, name, []string{"id"}); !slices.Equal(got, []string{"1"}) {
				t.Errorf("%s has the rows %v", name, got)
			}
		}
		_ = session.Close()
		_ = e.Close()
	}
}

// byStrategy are the models of the product and of the readers' project that have an incremental strategy.
var byStrategy = map[string][]string{
	"append":           {"appended", "appended_hive", "columns_ignore", "columns_append_new_columns", "columns_sync_all_columns", "columns_fail"},
	"merge":            {"merged", "merged_some", "merged_but"},
	"delete+insert":    {"replaced", "replaced_by_two", "flips_increment", "columns"},
	"microbatch":       {"by_day"},
	"insert_overwrite": nil, // where it is missing, the model overwritten has another
}

// lacking are the models whose strategy the engine does not have. A strategy that the projects have no model for is a gap in them.
func (s suite) lacking(t *testing.T) (models []string) {
	t.Helper()
	has := s.strategies()
	for _, name := range has {
		if _, known := byStrategy[name]; !known {
			t.Errorf("no model has the strategy %s", name)
		}
	}
	for name, list := range byStrategy {
		if !slices.Contains(has, name) {
			models = append(models, list...)
		}
	}
	slices.Sort(models)
	return models
}

func (s suite) strategies() []string {
	if len(s.dialect.Build.Strategies) > 0 {
		return s.dialect.Build.Strategies
	}
	return s.dialect.Strategies
}

// overwrites says that the engine has the strategy insert_overwrite.
func (s suite) overwrites() bool { return slices.Contains(s.strategies(), "insert_overwrite") }

// without takes out of what is expected the models that an engine cannot have, and their tests.
func (e expected) without(models []string) {
	for _, name := range models {
		delete(e.Columns, name)
		for id := range e.Statuses {
			if strings.HasSuffix(id, "."+name) || strings.Contains(id, "_"+name+"_") {
				delete(e.Statuses, id)
			}
		}
	}
}
