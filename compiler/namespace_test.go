package compiler

import (
	"testing"

	"github.com/weft-data/weft/compiler/dialect"
)

// TestDatasetNamespace holds the places of tables to OpenLineage's names for them.
func TestDatasetNamespace(t *testing.T) {
	attach := []any{map[string]any{"path": "other/stock.db"}, map[string]any{"path": "/srv/b.db", "alias": "B"}, map[string]any{"path": "s3://bucket/c.db?token=x", "alias": "c"}}
	for _, c := range []struct {
		engine, database string
		output           map[string]any
		want             string
	}{
		{"postgres", "", map[string]any{"host": "db", "port": int64(5433)}, "postgres://db:5433"},
		{"postgres", "", map[string]any{"host": "db", "port": nil}, "postgres://db:5432"},
		{"redshift", "", map[string]any{"host": "wg.1.eu.redshift-serverless.amazonaws.com"}, "redshift://wg.1.eu.redshift-serverless.amazonaws.com:5439"},
		{"spark", "", map[string]any{"host": "localhost", "port": int64(10000)}, "spark://localhost:10000"},
		{"spark", "", map[string]any{"method": "session", "host": nil}, "spark"},
		{"athena", "", map[string]any{"region_name": "eu-west-1"}, "awsathena://athena.eu-west-1.amazonaws.com"},
		{"duckdb", "shop", map[string]any{"path": "shop.db"}, "duckdb:///data/shop.db"},
		{"duckdb", "shop", map[string]any{"path": "/srv/shop.db", "attach": attach}, "duckdb:///srv/shop.db"},
		{"duckdb", "STOCK", map[string]any{"path": "shop.db", "attach": attach}, "duckdb:///data/other/stock.db"},
		{"duckdb", "b", map[string]any{"path": "shop.db", "attach": attach}, "duckdb:///srv/b.db"},
		{"duckdb", "c", map[string]any{"path": "shop.db", "attach": attach}, "s3://bucket/c.db"},
		{"duckdb", "memory", map[string]any{}, "duckdb:///:memory:"},
		{"duckdb", "memory", map[string]any{"path": ":memory:named"}, "duckdb:///:memory:"},
		{"duckdb", "m", map[string]any{"path": "md:m?motherduck_token=x"}, "md:m"},
		{"duckdb", "m", map[string]any{"path": "cmd:m.db"}, "duckdb:///data/cmd:m.db"},
	} {
		d, _ := dialect.Get(c.engine)
		got := ""
		if d.Dataset.File != nil {
			got = fileNamespace(d.Dataset.File, c.output, "/data", c.database)
		} else {
			got = serverNamespace(d, c.output)
		}
		if got != c.want {
			t.Errorf("%s %v: %s, want %s", c.engine, c.output, got, c.want)
		}
	}
}
