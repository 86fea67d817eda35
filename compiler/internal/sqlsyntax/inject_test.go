package sqlsyntax

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestInjectAsDbt compares with what dbt's own function made of the same queries (tests/oracle/sqlsyntax/inject.py).
func TestInjectAsDbt(t *testing.T) {
	f, err := os.Open("testdata/inject.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	seen, bad := 0, 0
	for lines.Scan() {
		var row []any
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		sql, n := row[0].(string), int(row[1].(float64))
		var ctes []CTE
		for k := range n {
			ctes = append(ctes, CTE{fmt.Sprintf("__dbt__cte__e%d", k), fmt.Sprintf("select %d", k)})
		}
		got, err := InjectCTEs(sql, ctes, LexiconOf("postgres"))
		seen++
		if row[2] == nil {
			if err == nil {
				t.Errorf("%q: dbt refuses it, we made %q", sql, got.Text)
			}
			continue
		}
		if err != nil || got.Text != row[2].(string) {
			if bad++; bad <= 20 {
				t.Errorf("%q\n got %q (%v)\nwant %q", sql, got.Text, err, row[2])
			}
			continue
		}
		checkPieces(t, sql, ctes, got)
	}
	if seen < 600 || bad > 0 {
		t.Errorf("%d of %d differ", bad, seen)
	}
}

// checkPieces follows every byte of the injected text back to the same byte of its source.
func checkPieces(t *testing.T, sql string, ctes []CTE, in Injected) {
	t.Helper()
	for i := range len(in.Text) {
		o := in.Origin(i)
		switch {
		case o.Source == FromNowhere:
		case o.Source == FromQuery && (o.In >= len(sql) || sql[o.In] != in.Text[i]),
			o.Source >= 0 && (o.In >= len(ctes[o.Source].SQL) || ctes[o.Source].SQL[o.In] != in.Text[i]):
			t.Fatalf("%q: byte %d of %q maps to %+v", sql, i, in.Text, o)
		}
	}
}

func TestInjectKeepsTextWithoutCTEs(t *testing.T) {
	for _, sql := range []string{"", "select 1; select 2\n", "-- x"} {
		if got, err := InjectCTEs(sql, nil, LexiconOf("spark")); err != nil || got.Text != sql {
			t.Errorf("%q became %q, %v", sql, got.Text, err)
		}
	}
}

func BenchmarkInject(b *testing.B) {
	sql := "with a as (select 1)\n" + strings.Repeat("select a, b, 'c' as d from t where x in (1, 2) union all\n", 100) + "select 1"
	ctes := []CTE{{"__dbt__cte__a", "select 1"}}
	b.SetBytes(int64(len(sql)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := InjectCTEs(sql, ctes, LexiconOf("postgres")); err != nil {
			b.Fatal(err)
		}
	}
}
