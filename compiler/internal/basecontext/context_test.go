package basecontext

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/source"
)

// oracleContext is the context in which the oracle script renders.
func oracleContext() jinja.Names {
	env := map[string]string{"PLAIN": "v", "NUMBER": "4", "EMPTY": "", "DBT_ENV_SECRET_KEY": "hush", "TRUE": "true"}
	vars := jinja.NewDict(0)
	for _, p := range []struct {
		name string
		v    jinja.Value
	}{{"a", jinja.Int(1)}, {"s", jinja.Str("text")}, {"l", jinja.NewList(jinja.Int(1), jinja.Int(2))}, {"n", jinja.None}, {"t", jinja.Str("{{ 1 + 1 }}")},
		{"d", Date{2024, 1, 2}}, {"f", jinja.Float(1.5)}, {"b", jinja.Bool(true)}} {
		vars.Set(p.name, p.v)
	}
	v := &Var{Variables: VarMap{Values: vars}}
	ctx := Context(Options{Env: env, RunStartedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}, v, EnvVar(env), nil)
	v.Text = func(c *jinja.Call, template string) (jinja.Value, error) {
		t, diags := jinja.Parse(source.Whole(source.NewFile("var", template)), jinja.Options{})
		if diags.HasErrors() {
			return nil, diags[0]
		}
		out, err := t.Render(c.Thread, ctx)
		return jinja.Str(out.Text), err
	}
	return ctx
}

func renderOnce(template string, native bool) (string, string) {
	t, diags := jinja.Parse(source.Whole(source.NewFile("t", template)), NativeOptions())
	if diags.HasErrors() {
		return "", diags[0].Detail
	}
	if !native {
		out, err := t.Render(&jinja.Thread{}, oracleContext())
		if err != nil {
			return "", err.Error()
		}
		return out.Text, ""
	}
	v, err := t.RenderNative(&jinja.Thread{}, oracleContext())
	if err != nil {
		return "", err.Error()
	}
	return jinja.Repr(v), ""
}

func TestBaseContextAsDbt(t *testing.T) {
	raw, err := os.ReadFile("testdata/context.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		template string
		native   bool
		want     map[string]string
	}
	var rows [][3]json.RawMessage
	if err := json.Unmarshal(raw, &rows); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		var c struct {
			template string
			native   bool
			want     map[string]string
		}
		for i, dst := range []any{&c.template, &c.native, &c.want} {
			if err := json.Unmarshal(row[i], dst); err != nil {
				t.Fatal(err)
			}
		}
		cases = append(cases, c)
	}
	if len(cases) < 600 {
		t.Fatalf("only %d cases", len(cases))
	}
	bad := 0
	for _, c := range cases {
		got, problem := renderOnce(c.template, c.native)
		want, ok := c.want["text"]
		if ok != (problem == "") || ok && got != want {
			if bad++; bad <= 60 {
				t.Errorf("%s\n  dbt  %q %s\n  weft %q %s", c.template, want, c.want["error"], got, problem)
			}
		}
	}
	if bad > 0 {
		t.Errorf("%d of %d differ", bad, len(cases))
	}
}
