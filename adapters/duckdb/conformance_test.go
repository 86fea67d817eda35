package duckdb_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/adapters/adaptertest"
	"github.com/weft-data/weft/adapters/duckdb"
	"github.com/weft-data/weft/cmd/cli"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/runner/engine"
)

var whole = flag.Bool("whole", false, "run loops in full length")

func TestConformance(t *testing.T) {
	builds := 10
	if *whole {
		builds = 50
	}
	d, _ := dialect.Get("duckdb")
	name := func(r node.Relation) string {
		return d.EscapeIdentifier(r.Database) + "." + d.EscapeIdentifier(r.Schema) + "." + d.EscapeIdentifier(r.Identifier)
	}
	number, _ := new(big.Int).SetString("170141183460469231731687303715884105727", 10)
	day := time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)
	places := map[*testing.T]string{}
	place := func(t *testing.T) string {
		if places[t] == "" {
			places[t] = filepath.Join(t.TempDir(), "weft.duckdb")
		}
		return places[t]
	}
	adaptertest.Run(t, adaptertest.Harness{
		Dialect:  "duckdb",
		Database: "weft",
		Schema:   "weft_conformance",
		ReadOnly: true,
		Open: func(t *testing.T, readOnly bool) engine.Engine {
			t.Helper()
			e, err := duckdb.Open(t.Context(), engine.Config{Profile: map[string]any{"path": place(t), "settings": map[string]any{"TimeZone": "UTC"}}, ReadOnly: readOnly})
			if err != nil {
				t.Fatal(err)
			}
			return e
		},
		Weft: func(ctx context.Context, dir string, args ...string) (int, string) {
			var out bytes.Buffer
			code := cli.Main(cli.World{Context: ctx, Name: "weft", Args: args, Environ: []string{"HOME=" + dir}, Dir: dir, Stdin: strings.NewReader(""),
				Stdout: &out, Stderr: &out, Now: time.Now})
			return code, out.String()
		},
		Output: func(t *testing.T) map[string]any {
			return map[string]any{"type": "duckdb", "path": place(t)}
		},
		Builds: builds,
		CreateSchema: func(r node.Relation) string {
			return "create schema " + d.EscapeIdentifier(r.Database) + "." + d.EscapeIdentifier(r.Schema)
		},
		CreateTable: func(r node.Relation, query string) string { return "create table " + name(r) + " as " + query },
		CreateView:  func(r node.Relation, query string) string { return "create view " + name(r) + " as " + query },
		Relation:    name,
		DropTable:   func(r node.Relation) string { return "drop table " + name(r) },
		Identifier:  d.EscapeIdentifier,
		Series:      func(n int) string { return fmt.Sprintf("select range as i from range(1, %d)", n+1) },
		Endless:     "select count(*) as n from range(100000000) a, range(100000) b where a.range % 7 = b.range % 11",
		Values: []adaptertest.Value{
			{SQL: "1::tinyint", Want: int64(1), Type: "TINYINT"},
			{SQL: "170141183460469231731687303715884105727::hugeint", Want: number, Type: "HUGEINT"},
			{SQL: "1.50::decimal(9,2)", Want: engine.Decimal{Unscaled: big.NewInt(150), Scale: 2}, Type: "DECIMAL(9,2)"},
			{SQL: "0.1::double", Want: 0.1, Type: "DOUBLE"},
			{SQL: "true", Want: true, Type: "BOOLEAN"},
			{SQL: "null::integer", Want: nil, Type: "INTEGER"},
			{SQL: "'a''b;é'", Want: "a'b;é", Type: "VARCHAR"},
			{SQL: "'\\xAA\\x00'::blob", Want: []byte{0xaa, 0}, Type: "BLOB"},
			{SQL: "date '2024-02-29'", Want: engine.Date{Time: day}, Type: "DATE"},
			{SQL: "timestamp '2024-02-29 01:02:03'", Want: engine.Timestamp{Time: day.Add(time.Hour + 2*time.Minute + 3*time.Second)}, Type: "TIMESTAMP"},
			{SQL: "timestamptz '2024-02-29 02:00:00+02'", Want: engine.Timestamp{Time: day, Zoned: true}, Type: "TIMESTAMPTZ"},
			{SQL: "[1, null]", Want: engine.List{int64(1), nil}, Type: "INTEGER[]"},
			{SQL: "{'k': 1}", Want: engine.Struct{{Name: "k", Value: int64(1)}}, Type: `STRUCT("k" INTEGER)`},
		},
		Failures: []adaptertest.Failure{
			{SQL: "select 1 frm x y", At: "x y", Class: engine.Syntax},
			{SQL: "select nope from range(3)", At: "nope", Class: engine.Permanent},
			{SQL: "select * from weft.main.missing", At: "weft.main.missing", Class: engine.Permanent},
			{SQL: "select cast('x' as integer)", At: "cast", Class: engine.Permanent},
		},
	})
}
