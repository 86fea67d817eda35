package warehouse

import (
	"encoding/json"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/decimal"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/source"
)

// The files under testdata were written by tests/oracle/warehouse.py, which asks dbt's own adapters.

func readJSON(t testing.TB, file string, into any) {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}

// targetCase is one line of targets.json.
type targetCase struct {
	Output json.RawMessage
	Target [][2]json.RawMessage
	Error  string
}

// orderedDict makes a dict of a JSON object, keys in their order.
func orderedDict(t testing.TB, raw json.RawMessage) *jinja.Dict {
	d := jinja.NewDict(8)
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	if _, err := dec.Token(); err != nil {
		t.Fatal(err)
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		var v json.RawMessage
		if err := dec.Decode(&v); err != nil {
			t.Fatal(err)
		}
		d.Set(key.(string), jsonValue(t, v))
	}
	return d
}

func jsonValue(t testing.TB, raw json.RawMessage) jinja.Value {
	switch {
	case len(raw) > 0 && raw[0] == '{':
		return orderedDict(t, raw)
	case len(raw) > 0 && raw[0] == '[':
		var items []json.RawMessage
		if err := json.Unmarshal(raw, &items); err != nil {
			t.Fatal(err)
		}
		l := jinja.NewList()
		for _, i := range items {
			l.Items = append(l.Items, jsonValue(t, i))
		}
		return l
	case strings.ContainsAny(string(raw), ".eE") && raw[0] != '"' && raw[0] != 't' && raw[0] != 'f':
		var f float64
		_ = json.Unmarshal(raw, &f)
		return jinja.Float(f)
	}
	return fromJSON(raw)
}

// outputs are the five outputs that the expressions were rendered with: the first cases of targets.json.
func outputs(t testing.TB) map[string]*jinja.Dict {
	var cases []targetCase
	readJSON(t, "targets.json", &cases)
	out := map[string]*jinja.Dict{}
	for _, c := range cases[:5] {
		o := orderedDict(t, c.Output)
		kind, _ := o.Get("type")
		out[jinja.Text(kind)] = o
	}
	return out
}

func oracleTables() jinja.Names {
	day := time.Date(2024, 1, 31, 0, 0, 0, 0, time.UTC)
	big20, _ := new(big.Int).SetString("12345678901234567890", 10)
	num := func(s string) decimal.Decimal { d, _ := decimal.Parse(s); return d }
	table := func(columns string, rows ...[]any) *Table {
		return NewTable(&Result{Columns: strings.Fields(columns), Rows: rows})
	}
	k := jinja.NewDict(1)
	k.Set("k", jinja.Str("ü\"\n"))
	none := make([]any, 12)
	return jinja.Names{
		"ints": table("a b", []any{1, "x"}, []any{3, "y"}, []any{2, "x"}),
		"mixed": table("a b c d e f g h i", []any{nil, 1, true, 1.5, "a", nil, 1, num("1.10"), 0},
			[]any{nil, nil, nil, nil, nil, nil, 2.5, 3, 1}),
		"nums":   table("a b c", []any{num("1234567.891"), 1e16, -0.5}, []any{num("-0.0004"), 2.5, 1000}, []any{nil, nil, num("7")}),
		"empty":  table("a b"),
		"grants": table("grantee privilege_type", []any{"u1", "select"}, []any{"u2", "select"}, []any{"u1", "insert"}),
		"types": table("i num f bool s d ts l big huge bytes tz",
			[]any{1, num("1.50"), 2.0, true, "t", Date(day), day.Add(10*time.Hour + 20*time.Minute + 30*time.Second), []any{1, "a", nil, k}, big20, 1e20,
				[]byte("a\x00'b"), Zoned(day.Add(time.Hour + 2*time.Minute + 3*time.Second + 4*time.Microsecond))}, none),
		"shown": table("database_name schema_name table_name table_type table_subtype remarks owner",
			[]any{"db", "S", "T1", "TABLE", "REGULAR TABLE", "r", "o"}, []any{"db", "s", "v", "VIEW", "LATE BINDING VIEW", nil, "o"},
			[]any{"db", "s", "mv", " view ", "MATERIALIZED VIEW", nil, "o"}),
		"svv": table("database_name schema_name table_name column_name ordinal_position data_type remarks",
			[]any{"db", "s", "t1", "a", 1, "int", "c"}, []any{"db", "s", "mv", "b", 1, "int", nil}, []any{"db", "s", "zz", "b", 1, "int", nil}),
	}
}

func oracleNames(t testing.TB, name string, output *jinja.Dict, parse bool) jinja.Names {
	d, ok := dialect.Get(name)
	if !ok {
		t.Fatalf("no dialect %s", name)
	}
	raw, err := os.ReadFile("testdata/catalog.json")
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := ReadCatalog(raw)
	if err != nil {
		t.Fatal(err)
	}
	credentials, problems := Credentials(d, output)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	macros := jinja.NewDict(8)
	for _, s := range []string{"default", "append", "delete_insert", "merge", "insert_overwrite", "microbatch", "custom"} {
		macros.Set("get_incremental_"+s+"_sql", jinja.Str(s))
	}
	model := func(key, value string) jinja.Value {
		config, m := jinja.NewDict(1), jinja.NewDict(1)
		config.Set(key, jinja.Str(value))
		m.Set("config", config)
		return m
	}
	names := oracleTables()
	names["adapter"] = NewAdapter(Options{Dialect: d, Parse: parse, Warehouse: catalog, Quoting: d.Relation.Quoting, Credentials: credentials, ProjectName: "proj"})
	names["api"] = API(d, d.Relation.Quoting)
	names["macros"] = macros
	names["m_nocatalog"], names["m_catalog"] = model("materialized", "table"), model("catalog_name", "nope")
	return names
}

func render(expression string, names jinja.Names) (text string, err error) {
	file := source.NewFile("expression", "{{ "+expression+" }}")
	tmpl, diags := jinja.Parse(source.Whole(file), jinja.Options{})
	if tmpl == nil {
		return "", diags[0]
	}
	out, err := tmpl.Render(&jinja.Thread{}, names)
	return out.Text, err
}

func TestExpressionsAsDbt(t *testing.T) {
	var lines [][2]json.RawMessage
	readJSON(t, "expressions.json", &lines)
	outs := outputs(t)
	for _, name := range dialect.Names() {
		t.Run(name, func(t *testing.T) {
			running, parsing := oracleNames(t, name, outs[name], false), oracleNames(t, name, outs[name], true)
			for _, line := range lines {
				var expression string
				if err := json.Unmarshal(line[0], &expression); err != nil {
					t.Fatal(err)
				}
				var want *string
				if err := json.Unmarshal(line[1], &want); err != nil {
					var each map[string]*string
					if err := json.Unmarshal(line[1], &each); err != nil {
						t.Fatal(err)
					}
					var asked bool
					if want, asked = each[name]; !asked {
						continue
					}
				}
				names := running
				e, isParse := strings.CutPrefix(expression, "parse: ")
				if isParse {
					names = parsing
				}
				got, err := render(e, names)
				switch {
				case err != nil && want != nil:
					t.Errorf("%s\n\tfails: %v\n\tdbt gives: %q", expression, err, *want)
				case err == nil && want == nil:
					t.Errorf("%s\n\tgives %q, dbt refuses it", expression, got)
				case err == nil && got != *want:
					t.Errorf("%s\n\tgives     %q\n\tdbt gives %q", expression, got, *want)
				}
			}
		})
	}
}

func TestTargetsAsDbt(t *testing.T) {
	var cases []targetCase
	readJSON(t, "targets.json", &cases)
	for _, c := range cases {
		output := orderedDict(t, c.Output)
		kind, _ := output.Get("type")
		d, _ := dialect.Get(jinja.Text(kind))
		credentials, problems := Credentials(d, output)
		if (len(problems) > 0) != (c.Error != "") {
			t.Errorf("%s\n\tproblems: %v\n\tdbt says: %q", c.Output, problems, c.Error)
			continue
		}
		if c.Error != "" {
			if !slices.ContainsFunc(problems, func(p CredentialProblem) bool { return strings.Contains(squeeze(c.Error), squeeze(p.Message)) }) {
				t.Errorf("%s\n\tproblems: %v\n\tdbt says: %q", c.Output, problems, c.Error)
			}
			continue
		}
		threads := 1
		if n, ok := output.Get("threads"); ok {
			threads = int(n.(jinja.Int))
		}
		target := TargetDict(d, Target{Name: "dev", Profile: "prof", Threads: threads}, credentials)
		i := 0
		for k, v := range target.Entries {
			if i >= len(c.Target) {
				t.Errorf("%s: more keys than dbt: %s", c.Output, jinja.Text(k))
				break
			}
			if want := c.Target[i]; jinja.Text(k) != jinja.Text(jsonValue(t, want[0])) || !jinja.Equal(v, jsonValue(t, want[1])) {
				t.Errorf("%s\n\tkey %d is %s: %s, dbt has %s: %s", c.Output, i, jinja.Text(k), jinja.Repr(v), want[0], want[1])
			}
			i++
		}
		if i < len(c.Target) {
			t.Errorf("%s: dbt also has %s", c.Output, c.Target[i:])
		}
	}
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }
