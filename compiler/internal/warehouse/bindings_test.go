package warehouse

import (
	"testing"

	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

func TestBound(t *testing.T) {
	d, ok := dialect.Get("duckdb")
	if !ok {
		t.Fatal("no data of DuckDB")
	}
	a := &Adapter{o: Options{Dialect: d}}
	list := func(v ...jinja.Value) jinja.Value { return jinja.NewList(v...) }
	for _, c := range []struct {
		sql    string
		values jinja.Value
		want   string
	}{
		{"insert into t values (?,?)", list(jinja.Str("it's"), jinja.None), "insert into t values ('it''s',NULL)"},
		{`select '?' as "a?", ?`, list(jinja.Int(3)), `select '?' as "a?", 3`},
		{"select ?, ?", jinja.Tuple{jinja.Bool(true), jinja.Str("?")}, "select true, '?'"},
	} {
		got, err := a.bound(&jinja.Call{}, c.sql, c.values)
		if err != nil || got != c.want {
			t.Errorf("%s: got %q, %v, want %q", c.sql, got, err, c.want)
		}
	}
	for _, values := range []jinja.Value{list(), list(jinja.Int(1), jinja.Int(2)), jinja.Str("x")} {
		if got, err := a.bound(&jinja.Call{}, "select ?", values); err == nil {
			t.Errorf("%s: got %q, want an error", jinja.Repr(values), got)
		}
	}
}
