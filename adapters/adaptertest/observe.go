package adaptertest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

func (s suite) about(t *testing.T) {
	about := s.open(t, false).About()
	if about.Adapter != s.Dialect || about.Version == "" {
		t.Errorf("about %+v, want the adapter %s and a version", about, s.Dialect)
	}
}

// observe looks twice: through the engine, and through the session if it can look itself. Both must see the same.
func (p place) observe(t *testing.T, what ...plan.Observation) plan.Observed {
	t.Helper()
	seen, err := p.Observe(t.Context(), what)
	if err != nil {
		t.Fatal(err)
	}
	sorted := plan.Observed{Schemas: slices.Clone(seen.Schemas), Objects: slices.Clone(seen.Objects)}
	sorted.Sort()
	if fmt.Sprint(sorted) != fmt.Sprint(seen) {
		t.Errorf("what was observed is not sorted: %v", seen)
	}
	if own, ok := p.session.(engine.Observer); ok {
		again, err := own.Observe(t.Context(), what)
		if err != nil || fmt.Sprint(again) != fmt.Sprint(seen) {
			t.Errorf("the session sees %v (%v), the engine %v", again, err, seen)
		}
	}
	return seen
}

func (s suite) seesSchemas(t *testing.T) {
	p := s.place(t)
	all := plan.Observation{Relation: node.Relation{Database: s.Database}}
	seen := p.observe(t, all)
	if !seen.Index().HasSchema(p.schema) {
		t.Errorf("the database has the schemas %v, want %s among them", seen.Schemas, p.schema.Schema)
	}
	if len(seen.Objects) > 0 {
		t.Errorf("asked for schemas, found relations: %v", seen.Objects)
	}
	other := s.nextSchema()
	if seen.Index().HasSchema(other) {
		t.Fatalf("the schema %s is there already", other.Schema)
	}
	p.do(t, s.CreateSchema(other))
	if seen = p.observe(t, all); !seen.Index().HasSchema(other) {
		t.Errorf("the database has the schemas %v, want %s among them", seen.Schemas, other.Schema)
	}
	if seen = p.observe(t, plan.Observation{Relation: other}); len(seen.Schemas) != 1 || len(seen.Objects) != 0 {
		t.Errorf("one empty schema is seen as %v", seen)
	}
}

func (s suite) relations(t *testing.T) {
	p := s.place(t)
	table, view := p.relation("orders"), p.relation("orders_v")
	p.do(t, s.CreateTable(table, "select 1 as a, 'x' as b, cast(null as date) as c"), s.CreateView(view, "select 2 as z"))
	seen := p.observe(t, plan.Observation{Relation: p.schema})
	ix := seen.Index()
	for r, kind := range map[node.Relation]plan.Kind{table: plan.Table, view: plan.View} {
		if o := ix.Find(r); o == nil || o.Kind != kind {
			t.Errorf("%s is seen as %v, want a %s", r, o, kind)
		}
	}
	if len(seen.Objects) != 2 || len(seen.Schemas) != 1 {
		t.Errorf("the schema holds %v in %v", seen.Objects, seen.Schemas)
	}
	seen = p.observe(t, plan.Observation{Relation: table, Columns: true}, plan.Observation{Relation: view})
	ix = seen.Index()
	var names []string
	for _, c := range ix.Find(table).Columns {
		if c.Type == "" {
			t.Errorf("the column %s has no type", c.Name)
		}
		names = append(names, c.Name)
	}
	if fmt.Sprint(names) != "[a b c]" {
		t.Errorf("the columns are %v", names)
	}
	upper := table
	upper.Identifier, upper.Schema = "ORDERS", strings.ToUpper(upper.Schema)
	if found := p.observe(t, plan.Observation{Relation: upper}); len(found.Objects) != 1 || found.Objects[0].Relation != ix.Find(table).Relation {
		t.Errorf("asked for %s, found %v: names are found whatever their case", upper, found.Objects)
	}
}

func (s suite) absent(t *testing.T) {
	p := s.place(t)
	nowhere := node.Relation{Database: s.Database, Schema: s.Schema + "_is_not_here"}
	nothing := nowhere
	nothing.Identifier = "t"
	seen := p.observe(t, plan.Observation{Relation: nowhere}, plan.Observation{Relation: nothing, Columns: true}, plan.Observation{Relation: p.relation("t"), Columns: true})
	if len(seen.Objects) != 0 || seen.Index().HasSchema(nowhere) || !seen.Index().HasSchema(p.schema) {
		t.Errorf("found %v", seen)
	}
	if seen = p.observe(t); len(seen.Objects)+len(seen.Schemas) != 0 {
		t.Errorf("asked for nothing, found %v", seen)
	}
}

// many is more than a page of any catalog holds (Glue's have 100 tables). Sessions make the views side by side, since each statement may
// take its time.
func (s suite) many(t *testing.T) {
	const n, sessions = 120, 8
	p := s.place(t)
	what := []plan.Observation{{Relation: p.schema}}
	statements := make([][]string, sessions)
	for i := range n {
		r := p.relation(fmt.Sprintf("v%03d", i))
		statements[i%sessions] = append(statements[i%sessions], s.CreateView(r, fmt.Sprintf("select %d as c%d", i, i)))
		what = append(what, plan.Observation{Relation: r, Columns: true})
	}
	var wg sync.WaitGroup
	for _, list := range statements {
		session := open(t, p.Engine)
		wg.Go(func() {
			if _, err := session.Do(t.Context(), batch(false, list...)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	seen := p.observe(t, what...)
	ix := seen.Index()
	for i := range n {
		o := ix.Find(p.relation(fmt.Sprintf("v%03d", i)))
		if o == nil || len(o.Columns) != 1 || o.Columns[0].Name != fmt.Sprintf("c%d", i) {
			t.Fatalf("view %d of %d is seen as %v", i, n, o)
		}
	}
}

// nasty are identifiers that people and tools do write.
var nasty = []string{"select", "Mixed Case", "with space", "with.dot", "semi;colon", "it's", `back\slash`, "percent%s", "umlaut_äöü", "日本語", "emoji_🦆",
	"comment--", "/*comment*/", "$dollar", "@at", "#hash", "brace{{x}}", "1digit", "tab\tin", "new\nline", "a_name_that_is_much_longer_than_most_names_are_yet_shorter_than_64"}

func (s suite) identifiers(t *testing.T) {
	p := s.place(t)
	for _, name := range append(nasty, "quote"+s.dialect.Quote+"in", s.dialect.Quote) {
		r := p.relation(name)
		_, err := p.session.Do(t.Context(), batch(false, s.CreateTable(r, "select 1 as "+s.Identifier(name))))
		seen := p.observe(t, plan.Observation{Relation: r, Columns: true})
		o := seen.Index().Find(r)
		switch refused := slices.Contains(s.Refuses, name); {
		case refused && err == nil:
			t.Errorf("%q is no name that the engine refuses", name)
		case refused:
			if class := failed(t, err).Class; class != engine.Permanent && class != engine.Syntax || o != nil {
				t.Errorf("%q is refused with class %s, and %v is there", name, class, o)
			}
		case err != nil:
			t.Errorf("%q: %v", name, err)
		case o == nil:
			t.Errorf("%q is not observed", name)
		case o.Relation.Identifier != s.dialect.Fold(name), len(o.Columns) != 1, o.Columns[0].Name != s.dialect.Fold(name):
			t.Errorf("%q is observed as %v", name, *o)
		default:
			// Whether a result has the column as it is called or as it was asked for differs.
			if got := fetch(t, p.session, "select "+s.Identifier(name)+" from "+s.Relation(r), 0); !strings.EqualFold(got.Columns[0].Name, name) {
				t.Errorf("the column %q comes back as %q", name, got.Columns[0].Name)
			}
		}
	}
}
