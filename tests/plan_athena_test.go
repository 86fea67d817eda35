package tests

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/weft-data/weft/cmd/cli"
	"github.com/weft-data/weft/tests/fakeaws"
)

// manyModels is how many models the project of these tests has, in four schemas.
const manyModels = 400

// manyOnAthena writes a project of views, tables and incremental models that stand on each other, and starts fakes of AWS in whose catalog all of
// them exist.
func manyOnAthena(tb testing.TB) (dir string, stack *fakeaws.Stack, world func(args ...string) (cli.World, *bytes.Buffer)) {
	dir = tb.TempDir()
	write := func(path, text string) {
		tb.Helper()
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	stack, err := fakeaws.Start(context.Background(), fakeaws.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { stack.Close() })
	exists := func(operation string, request map[string]any) {
		tb.Helper()
		if _, err := stack.Call(context.Background(), "glue", operation, request); err != nil {
			tb.Fatal(err)
		}
	}
	write("dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\n")
	write("profiles.yml", "shop:\n  target: dev\n  outputs:\n    dev: {type: athena, region_name: us-east-1, database: awsdatacatalog, schema: shop, threads: 8,\n"+
		"      s3_staging_dir: 's3://results/q/', s3_data_dir: 's3://lake/d'}\n")
	for i := range 4 {
		exists("CreateDatabase", map[string]any{"DatabaseInput": map[string]any{"Name": fmt.Sprintf("shop_s%d", i)}})
	}
	for i := range manyModels {
		name, schema := fmt.Sprintf("m%d", i), i%4
		config := []string{"materialized='view'", "materialized='table', table_type='iceberg'", "materialized='incremental', table_type='iceberg', incremental_strategy='merge', unique_key='id'",
			"materialized='table'"}[i%4]
		from := "(select 1 as id, 2.0 as amount, current_timestamp as updated_at)"
		if i >= 20 {
			from = fmt.Sprintf("{{ ref('m%d') }}", i-20)
		}
		sql := fmt.Sprintf("{{ config(%s, schema='s%d') }}\nselect id, amount, updated_at from %s", config, schema, from)
		if i%4 == 2 {
			sql += "\n{% if is_incremental() %}where updated_at > (select max(updated_at) from {{ this }}){% endif %}"
		}
		write("models/"+name+".sql", sql+"\n")
		columns := []any{map[string]any{"Name": "id", "Type": "int"}, map[string]any{"Name": "amount", "Type": "double"}, map[string]any{"Name": "updated_at", "Type": "timestamp"}}
		table := map[string]any{"Name": name, "TableType": "EXTERNAL_TABLE", "StorageDescriptor": map[string]any{"Columns": columns, "Location": "s3://lake/d/" + name},
			"Parameters": map[string]any{"table_type": "ICEBERG", "metadata_location": "s3://lake/d/" + name + "/metadata/0.json"}}
		switch i % 4 {
		case 0:
			table["TableType"], table["Parameters"] = "VIRTUAL_VIEW", map[string]any{"presto_view": "true"}
		case 3:
			table["Parameters"] = map[string]any{}
		}
		exists("CreateTable", map[string]any{"DatabaseName": fmt.Sprintf("shop_s%d", schema), "TableInput": table})
	}
	env := stack.Client()
	env["HOME"], env["NO_COLOR"] = dir, "1"
	var environ []string
	for name, value := range env {
		environ = append(environ, name+"="+value)
		tb.Setenv(name, value) // the SDK reads the process's own
	}
	return dir, stack, func(args ...string) (cli.World, *bytes.Buffer) {
		var out bytes.Buffer
		return cli.World{Context: context.Background(), Name: "weft", Args: args, Environ: environ, Dir: dir, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Now: time.Now}, &out
	}
}

// A plan looks at each schema once, however many models are in it: the quotas of calls are the account's, and each call costs a journey.
func TestPlanAsksEachSchemaOnce(t *testing.T) {
	_, stack, world := manyOnAthena(t)
	w, out := world("plan")
	if code := cli.Main(w); code != 0 {
		t.Fatalf("code %d\n%s", code, out)
	}
	if !strings.Contains(out.String(), "400 steps: 400 publish atomically") {
		t.Errorf("%s", out)
	}
	calls := map[string]int{}
	for _, c := range stack.Calls() {
		calls[c.Service+" "+c.Operation]++
	}
	if fmt.Sprint(calls) != "map[athena GetWorkGroup:1 glue GetTables:4]" {
		t.Errorf("calls %v", calls)
	}
	if d := stack.Defects(); len(d) > 0 {
		t.Errorf("answers against the service models: %q", d)
	}
}

// BenchmarkPlanOnAthena reads the project, looks and plans: a whole `weft plan` of 400 models but for the start of the process. The answers of
// the fakes are made in the same process.
func BenchmarkPlanOnAthena(b *testing.B) {
	_, _, world := manyOnAthena(b)
	b.ReportAllocs()
	for b.Loop() {
		w, out := world("plan")
		if code := cli.Main(w); code != 0 {
			b.Fatalf("code %d\n%s", code, out)
		}
	}
}
