//go:build engines

package athena_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/adapters/adaptertest"
	"github.com/weft-data/weft/adapters/athena"
	"github.com/weft-data/weft/cmd/cli"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/tests/fakeaws"
)

// trino reads what Athena would, without its queue and its results in S3, so that readers look more often. The server keeps no catalog
// in memory: each query asks Glue.
func trino(*testing.T) func(ctx context.Context, sql string) ([][]string, error) {
	return func(ctx context.Context, sql string) ([][]string, error) {
		r, err := stack.Athena.Trino.Run(ctx, sql)
		if err != nil {
			return nil, err
		}
		var out [][]string
		for _, row := range r.Rows {
			cells := make([]string, len(row))
			for i, v := range row {
				cells[i] = fmt.Sprint(v)
			}
			out = append(out, cells)
		}
		return out, nil
	}
}

// TestConformance holds the adapter to what every adapter must do.
func TestConformance(t *testing.T) {
	for name, value := range environment() {
		t.Setenv(name, value)
	}
	d, _ := dialect.Get("athena")
	profile := map[string]any{"region_name": fakeaws.Region, "database": "awsdatacatalog", "schema": "conformance", "s3_staging_dir": "s3://results/conformance/", "poll_interval": 0.05}
	name := func(r node.Relation) string {
		return d.EscapeIdentifier(r.Database) + "." + d.EscapeIdentifier(r.Schema) + "." + d.EscapeIdentifier(r.Identifier)
	}
	// A folder's name may have fewer characters than that of a table.
	folder := func(parts ...string) string {
		sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
		return "s3://lake/" + hex.EncodeToString(sum[:8])
	}
	day := time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)
	adaptertest.Run(t, adaptertest.Harness{
		Dialect:  "athena",
		Database: "awsdatacatalog",
		Schema:   "weft_conformance",
		Open: func(t *testing.T, _ bool) engine.Engine {
			t.Helper()
			e, err := athena.Open(t.Context(), engine.Config{Profile: profile})
			if err != nil {
				t.Fatal(err)
			}
			return e
		},
		Weft: func(ctx context.Context, dir string, args ...string) (int, string) {
			var out bytes.Buffer
			code := cli.Main(cli.World{Context: ctx, Name: "weft", Args: args, Environ: append(os.Environ(), "HOME="+dir), Dir: dir, Stdin: strings.NewReader(""),
				Stdout: &out, Stderr: &out, Now: time.Now})
			return code, out.String()
		},
		Output: func(*testing.T) map[string]any {
			output := maps.Clone(profile)
			output["type"], output["s3_data_dir"], output["s3_data_naming"] = "athena", "s3://lake/conformance/", "schema_table_unique"
			return output
		},
		Reader: trino,
		Vars:   map[string]any{"moment": "timestamp(6)"},
		Builds: 50,
		CreateSchema: func(r node.Relation) string {
			return "create database `" + r.Schema + "` location '" + folder(r.Schema) + "'"
		},
		CreateTable: func(r node.Relation, query string) string {
			return "create table " + name(r) + " with (table_type = 'iceberg', is_external = false, location = '" + folder(r.Schema, r.Identifier) + "/') as " + query
		},
		CreateView: func(r node.Relation, query string) string {
			return "create or replace view " + name(r) + " as " + query
		},
		Relation:   name,
		DropTable:  func(r node.Relation) string { return "drop table " + "`" + r.Schema + "`.`" + r.Identifier + "`" },
		Identifier: d.EscapeIdentifier,
		// Trino keeps names with $ and @ for an Iceberg table's own tables; Glue has no names of two lines.
		Refuses: []string{"$dollar", "@at", "new\nline"},
		Series: func(n int) string {
			return fmt.Sprintf("select i from unnest(sequence(1, %d)) as s (i) order by i", n)
		},
		Endless: "select count(*) as n from unnest(sequence(1, 10000)) a (x), unnest(sequence(1, 10000)) b (x), unnest(sequence(1, 10000)) c (x), unnest(sequence(1, 10000)) d (x) where (a.x * b.x + c.x) % 7 = d.x % 11",
		Values: []adaptertest.Value{
			{SQL: "cast(1 as tinyint)", Want: int64(1), Type: "tinyint"},
			{SQL: "9223372036854775807", Want: int64(9223372036854775807), Type: "bigint"},
			{SQL: "decimal '-1.50'", Want: engine.Decimal{Unscaled: big.NewInt(-150), Scale: 2}, Type: "decimal(3,2)"},
			{SQL: "decimal '-0.05'", Want: engine.Decimal{Unscaled: big.NewInt(-5), Scale: 2}, Type: "decimal(2,2)"},
			{SQL: "double '0.1'", Want: 0.1, Type: "double"},
			{SQL: "real '0.5'", Want: 0.5, Type: "real"},
			{SQL: "true", Want: true, Type: "boolean"},
			{SQL: "cast(null as integer)", Want: nil, Type: "integer"},
			{SQL: "cast('a''b;é' as varchar)", Want: "a'b;é", Type: "varchar"},
			{SQL: "cast('' as varchar)", Want: "", Type: "varchar"},
			{SQL: "X'AA00'", Want: []byte{0xaa, 0}, Type: "varbinary"},
			{SQL: "date '2024-02-29'", Want: engine.Date{Time: day}, Type: "date"},
			{SQL: "timestamp '2024-02-29 01:02:03.000'", Want: engine.Timestamp{Time: day.Add(time.Hour + 2*time.Minute + 3*time.Second)}, Type: "timestamp"},
			{SQL: "timestamp '2024-02-29 02:00:00.000 +02:00'", Want: engine.Timestamp{Time: day, Zoned: true}, Type: "timestamp with time zone"},
			{SQL: "timestamp '2024-02-29 01:00:00.000 Europe/Berlin'", Want: engine.Timestamp{Time: day, Zoned: true}, Type: "timestamp with time zone"},
			{SQL: "array[1, null]", Want: "[1, null]", Type: "array"},
			{SQL: "cast(row(1) as row(k integer))", Want: "{k=1}", Type: "row"},
			{SQL: "map(array['k'], array[1])", Want: "{k=1}", Type: "map"},
		},
		Failures: []adaptertest.Failure{
			{SQL: "select 1 frm x y", At: "x y", Class: engine.Syntax},
			{SQL: "select nope from unnest(array[1]) as t (a)", At: "nope", Class: engine.Permanent},
			{SQL: "select * from awsdatacatalog.default.missing", At: "awsdatacatalog", Class: engine.Permanent},
			{SQL: "select cast('x' as integer)", Class: engine.Permanent},
			{SQL: "create or replace table t as select 1", At: "table", Class: engine.Syntax},
			{SQL: "drop table default.missing", Class: engine.Permanent},
		},
	})
}
