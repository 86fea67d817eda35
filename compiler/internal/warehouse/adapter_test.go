package warehouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/compiler/source"
)

// recorder is a Warehouse that writes down what it is asked and told.
type recorder struct {
	log    []string
	result *Result
	fail   error
	found  []Found
}

func (r *recorder) GetRelation(_ context.Context, n node.Relation) (*Found, error) {
	d, _ := dialect.Get("postgres")
	return FindRelation(d, d.Relation.Quoting, r.found, n)
}
func (r *recorder) Columns(_ context.Context, n node.Relation) ([]ColumnInfo, error) {
	size := func(n int) *int { return &n }
	if n.Identifier == "narrow" {
		return []ColumnInfo{{Name: "a", Type: "character varying", Size: size(10)}, {Name: "b", Type: "integer"}}, nil
	}
	return []ColumnInfo{{Name: "a", Type: "character varying", Size: size(40)}, {Name: "b", Type: "bigint"}}, nil
}
func (r *recorder) List(context.Context, string, string) ([]Found, error) { return r.found, nil }
func (r *recorder) Schemas(context.Context, string) ([]string, error) {
	return []string{"S", "public"}, nil
}
func (r *recorder) Execute(_ context.Context, sql string, fetch bool, limit int) (*Result, error) {
	r.log = append(r.log, fmt.Sprintf("%s|%v|%d", sql, fetch, limit))
	return r.result, r.fail
}
func (r *recorder) Act(_ context.Context, a plan.Act) error {
	r.log = append(r.log, a.String())
	return r.fail
}
func (r *recorder) CacheAdded(f Found)           { r.log = append(r.log, "added "+f.String()+" "+f.Type) }
func (r *recorder) CacheDropped(n node.Relation) { r.log = append(r.log, "dropped "+n.String()) }
func (r *recorder) CacheRenamed(a, b node.Relation) {
	r.log = append(r.log, "renamed "+a.String()+" "+b.String())
}

func live(t testing.TB, name string, w Warehouse, change func(*Options)) jinja.Names {
	d, ok := dialect.Get(name)
	if !ok {
		t.Fatal(name)
	}
	o := Options{Dialect: d, Warehouse: w, Quoting: d.Relation.Quoting, ProjectName: "proj", ConnectionName: "model.p.m"}
	if change != nil {
		change(&o)
	}
	return jinja.Names{"adapter": NewAdapter(o), "api": API(d, o.Quoting)}
}

const orders = "api.Relation.create(database='db', schema='s', identifier='orders', type='table')"

func TestChangesWithoutMacros(t *testing.T) {
	for _, c := range []struct {
		dialect, call string
		want          []string
	}{
		{"duckdb", "drop_relation(" + orders + ")", []string{`drop table if exists "db"."s"."orders" cascade|false|-1`, "dropped db.s.orders"}},
		{"postgres", "drop_relation(" + orders + ".incorporate(type='materialized_view'))", []string{`drop materialized view if exists "db"."s"."orders" cascade|false|-1`, "dropped db.s.orders"}},
		{"postgres", "truncate_relation(" + orders + ")", []string{`truncate table "db"."s"."orders"|false|-1`}},
		{"duckdb", "truncate_relation(" + orders + ")", []string{`delete from "db"."s"."orders"|false|-1`}},
		{"duckdb", "rename_relation(" + orders + ", " + orders + ".incorporate(path={'identifier': 'new'}))", []string{`alter table "db"."s"."orders" rename to "new"|false|-1`, "renamed db.s.orders db.s.new"}},
		{"postgres", "create_schema(" + orders + ")", []string{`create schema if not exists "db"."s"|false|-1`}},
		{"duckdb", "drop_schema(" + orders + ")", []string{`drop schema if exists "db"."s" cascade|false|-1`}},
		{"spark", "drop_relation(api.Relation.create(schema='s', identifier='v', type='view'))", []string{"drop view if exists s.v|false|-1", "dropped s.v"}},
		{"athena", "create_schema(" + orders + ")", []string{"create schema if not exists `s`|false|-1"}},
		{"athena", "delete_from_glue_catalog(" + orders + ")", []string{"-- forget db.s.orders"}},
		{"athena", "clean_up_table(" + orders + ")", []string{"-- erase db.s.orders"}},
		{"athena", "delete_from_s3('s3://lake/old/')", []string{"-- empty s3://lake/old/"}},
		{"athena", "expire_glue_table_versions(" + orders + ", 2, true)", []string{"-- trim db.s.orders to 2 versions of its entry"}},
		{"athena", "swap_table(" + orders + ", " + orders + ")", nil},
		{"postgres", "expand_target_column_types(" + orders + ", api.Relation.create(database='db', schema='s', identifier='narrow'))", nil},
	} {
		w := &recorder{}
		_, err := render("adapter."+c.call, live(t, c.dialect, w, nil))
		if c.want == nil {
			if d := (diag.Diagnostic{}); !errors.As(err, &d) || d.Code != diag.EngineOnly {
				t.Errorf("%s: %v, want %s", c.call, err, diag.EngineOnly)
			}
			continue
		}
		if err != nil || !slices.Equal(w.log, c.want) {
			t.Errorf("%s %s: %q, %v, want %q", c.dialect, c.call, w.log, err, c.want)
		}
	}
}

func TestPlacesThatAreNoFolders(t *testing.T) {
	for _, place := range []string{"s3://lake", "s3://lake/", "s3://", "/lake/x", ""} {
		w := &recorder{}
		_, err := render("adapter.delete_from_s3('"+place+"')", live(t, "athena", w, nil))
		if d := (diag.Diagnostic{}); !errors.As(err, &d) || d.Code != diag.AdapterMethod || len(w.log) > 0 {
			t.Errorf("%q: %v, %v", place, err, w.log)
		}
	}
}

func TestChangesCallMacros(t *testing.T) {
	w := &recorder{}
	var called []string
	names := live(t, "postgres", w, func(o *Options) {
		o.RunMacro = func(c *jinja.Call, name string, kwargs []jinja.Kwarg) (jinja.Value, error) {
			if name == "drop_schema" {
				return nil, diag.Diagnostic{Code: diag.MacroNotFound, Detail: `dbt could not find a macro with the name "drop_schema" in any package`}
			}
			for _, k := range kwargs {
				name += " " + k.Name + "=" + jinja.Text(k.Value)
			}
			called = append(called, name)
			return jinja.Str("ignored"), nil
		}
	})
	for _, e := range []string{"drop_relation(" + orders + ")", "drop_schema(" + orders + ")",
		"expand_target_column_types(" + orders + ", api.Relation.create(database='db', schema='s', identifier='narrow'))"} {
		if _, err := render("adapter."+e, names); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{`drop_relation relation="db"."s"."orders"`,
		`alter_column_type relation="db"."s"."narrow" column_name=a new_column_type=character varying(40)`}; !slices.Equal(called, want) {
		t.Errorf("called %q, want %q", called, want)
	}
	if want := []string{"dropped db.s.orders", `drop schema if exists "db"."s" cascade|false|-1`}; !slices.Equal(w.log, want) {
		t.Errorf("log %q, want %q", w.log, want)
	}
}

func TestReadOnlyRefusesChanges(t *testing.T) {
	for _, call := range []string{"drop_relation(" + orders + ")", "truncate_relation(" + orders + ")", "create_schema(" + orders + ")", "drop_schema(" + orders + ")",
		"rename_relation(" + orders + ", " + orders + ")"} {
		w := &recorder{}
		_, err := render("adapter."+call, live(t, "duckdb", w, func(o *Options) {
			o.ReadOnly = true
			o.RunMacro = func(*jinja.Call, string, []jinja.Kwarg) (jinja.Value, error) {
				t.Error("called a macro")
				return nil, nil
			}
		}))
		var d diag.Diagnostic
		if !errors.As(err, &d) || d.Code != diag.ReadOnly || d.Span.IsZero() || len(w.log) > 0 {
			t.Errorf("%s: %v %q", call, err, w.log)
		}
	}
}

func TestLiveAnswers(t *testing.T) {
	w := &recorder{
		result: &Result{Columns: []string{"n"}, Types: []string{"integer"}, Rows: [][]any{{int64(3)}}, Message: "SELECT 1", Code: "SELECT", Affected: 1,
			Extra: map[string]any{"query_id": "q1"}},
		found: []Found{{Relation: node.Relation{Database: "db", Schema: "s", Identifier: "orders"}, Type: "table"},
			{Relation: node.Relation{Database: "db", Schema: "s", Identifier: "Mixed"}, Type: "BASE"}},
	}
	names := live(t, "postgres", w, nil)
	for _, c := range [][2]string{
		{"adapter.execute('select 3 as n', fetch=true)[1].rows[0][0]", "3"},
		{"adapter.execute('x', fetch=true, limit=5)[1].columns['n'].values()", "(3,)"},
		{"adapter.execute('x')[1].rows | length", "0"},
		{"adapter.execute('x')[0]", "SELECT 1"},
		{"adapter.execute('x')[0].code ~ adapter.execute('x')[0].rows_affected ~ adapter.execute('x')[0].query_id", "SELECT1q1"},
		{"adapter.add_query('x')", "(None, None)"},
		{"adapter.get_column_schema_from_query('select 1')", "[PostgresColumn(column='n', dtype='integer', char_size=None, numeric_precision=None, numeric_scale=None)]"},
		{"adapter.get_relation('db', 's', 'orders')", `"db"."s"."orders"`},
		{"adapter.get_relation('db', 's', 'Mixed').type", "external"},
		{"adapter.get_relation('db', 's', 'nope')", "None"},
		{"adapter.check_schema_exists('db', 's') ~ adapter.check_schema_exists('db', 'x')", "TrueFalse"},
		{"adapter.already_exists('s', 'orders')", "True"},
		{"adapter.get_columns_in_table('s', 'orders') | map(attribute='data_type') | join(' ')", "character varying(40) bigint"},
		{"adapter.cache_added(" + orders + ") ~ adapter.cache_renamed(" + orders + ", " + orders + ") ~ adapter.cache_dropped(" + orders + ")", ""},
	} {
		if got, err := render(c[0], names); err != nil || got != c[1] {
			t.Errorf("%s: %q, %v, want %q", c[0], got, err, c[1])
		}
	}
	if !slices.Contains(w.log, "x|true|5") || !slices.Contains(w.log, "added db.s.orders table") {
		t.Errorf("log %q", w.log)
	}
	_, err := render("adapter.get_relation('db', 's', 'mixed')", names)
	var d diag.Diagnostic
	if !errors.As(err, &d) || d.Code != diag.ApproximateMatch || !strings.Contains(d.Detail, `"db"."s"."Mixed"`) {
		t.Errorf("another spelling: %v", err)
	}
	w.fail = errors.New("syntax error at x")
	if _, err = render("adapter.execute('x')", names); !errors.As(err, &d) || d.Code != diag.StatementFailed || !strings.Contains(d.Detail, "syntax error at x") {
		t.Errorf("a failed statement: %v", err)
	}
}

func TestOfflineNamesTheCall(t *testing.T) {
	names := live(t, "duckdb", nil, nil)
	for _, c := range [][2]string{
		{"adapter.execute('select\n  max(day) from t', fetch=true)", "select max(day) from t"},
		{"adapter.get_columns_in_relation(" + orders + ")", "the columns of db.s.orders"},
		{"adapter.location_exists('x.csv')", "select 1 from 'x.csv'"},
	} {
		_, err := render(c[0], names)
		var d diag.Diagnostic
		if !errors.As(err, &d) || d.Code != diag.NeedsWarehouse || !strings.Contains(d.Detail, c[1]) || d.Hint == "" || d.Span.IsZero() {
			t.Errorf("%s: %v", c[0], err)
		}
	}
	if got, err := render("adapter.get_relation('db', 's', 'x') is none", names); err != nil || got != "True" {
		t.Errorf("%s %v", got, err)
	}
	declared := live(t, "duckdb", Offline{Declared: func(r node.Relation) ([]ColumnInfo, bool) {
		return []ColumnInfo{{Name: "id", Type: "integer"}}, r.Identifier == "orders"
	}}, nil)
	if got, err := render("adapter.get_columns_in_relation("+orders+")[0].name", declared); err != nil || got != "id" {
		t.Errorf("declared columns: %s %v", got, err)
	}
}

func TestReadCatalogErrors(t *testing.T) {
	for text, line := range map[string]string{"{\n\n x": "line 3", "{\"nodes\":\n {\"a\": 5}}": "line 2", "": "line 1"} {
		if _, err := ReadCatalog([]byte(text)); err == nil || !strings.Contains(err.Error(), line) {
			t.Errorf("%q: %v, want %s", text, err, line)
		}
	}
}

// printer is a host that keeps what tables print.
type printer struct{ out strings.Builder }

func (p *printer) Print(text string) { p.out.WriteString(text) }

func TestPrintTableAsAgate(t *testing.T) {
	var want map[string]string
	readJSON(t, "printed.json", &want)
	if len(want) < 10 {
		t.Fatal("the cases are missing")
	}
	names := oracleTables()
	for expression, text := range want {
		file := source.NewFile("expression", "{% do "+expression+" %}")
		tmpl, diags := jinja.Parse(source.Whole(file), jinja.Options{})
		if tmpl == nil {
			t.Fatal(diags)
		}
		p := &printer{}
		if _, err := tmpl.Render(&jinja.Thread{Host: p}, names); err != nil {
			t.Errorf("%s: %v", expression, err)
		}
		if p.out.String() != text {
			t.Errorf("%s prints\n%s\nwant\n%s", expression, p.out.String(), text)
		}
	}
}

func FuzzColumnType(f *testing.F) {
	for _, s := range []string{"numeric(18,2)", "STRUCT(a VARCHAR, b STRUCT(c INT))", "array<array<int>>", "ARRAY(", "varchar(", ")(", "struct((,))", "array<>", "STRUCT()"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, dtype string) {
		for _, n := range dialect.Names() {
			d, _ := dialect.Get(n)
			if c, err := columnFromDescription(d, "c", dtype); err == nil {
				_, _ = c.dataType()
			}
			c := NewColumn(d, "c", dtype, nil, nil, nil)
			_, _ = c.dataType()
			_ = c.Repr()
			c.flatten()
		}
	})
}
