package openlineage

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/weft-data/weft/compiler/lineage"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/event"
)

// onLake is a run on an engine of the lake as the lineage has it: what the catalog says is known only after it was asked, which is when
// events are written.
func onLake() []Event {
	const athena = "awsathena://athena.us-east-1.amazonaws.com"
	dataset := func(name string, looked bool, rows int64) lineage.Dataset {
		d := lineage.Dataset{Namespace: athena, Name: "awsdatacatalog.shop." + name}
		if looked {
			d.Kind, d.Format, d.Columns = "TABLE", "iceberg", []lineage.Column{{Name: "id", Type: "int"}}
			d.Links = []lineage.Link{{Namespace: "arn:aws:glue:us-east-1:123456789012", Name: "table/shop/" + name, Type: "TABLE"},
				{Namespace: "s3://lake", Name: "data/shop/" + name + "/6f2c1f6e", Type: "LOCATION"}}
			if rows >= 0 {
				d.Version, d.Written = "5781947118336215154", &lineage.Written{Rows: rows, Bytes: 812, Files: 2}
			}
		}
		return d
	}
	looked := false
	places := func(id node.ID) (lineage.Node, bool) {
		raw, made := dataset("raw", looked, -1), dataset("orders", looked, 4)
		switch id {
		case "model.shop.orders":
			return lineage.Node{Inputs: []lineage.Dataset{raw}, Output: &made, Change: lineage.Overwrite}, true
		case "model.shop.daily":
			daily := dataset("daily", looked, 3)
			return lineage.Node{Inputs: []lineage.Dataset{made}, Output: &daily}, true
		}
		return lineage.Node{}, false
	}
	rows := int64(7)
	orders := done("model.shop.orders", event.Success, "OK")
	orders.Materialization, orders.Response = "table", &event.Response{Message: "OK", QueryID: "0f5e8d1c-1d0a-4a56-9f0e-7f3b9f0c9a01"}
	daily := done("model.shop.daily", event.Success, "OK 7")
	daily.Materialization, daily.Response = "incremental", &event.Response{Message: "OK 7", RowsAffected: &rows, QueryID: "0f5e8d1c-1d0a-4a56-9f0e-7f3b9f0c9a02"}
	change := plan.Batch{Phase: plan.Publish, Statements: []plan.Statement{{SQL: "alter table `shop`.`daily` add columns (`n` int)", Purpose: plan.Change}, {SQL: "merge into x", Purpose: plan.Change}}}
	b := New(Options{Namespace: "nightly", Project: "shop", Node: places, Statements: true})
	var out []Event
	for n, body := range []event.Body{
		event.RunStarted{Invocation: invocation, Verb: "build", Version: "0.1.0", Target: "dev", Adapter: "athena"},
		begun("model.shop.orders"), orders,
		begun("model.shop.daily"), event.BatchStarted{Node: "model.shop.daily", Work: change},
		event.BatchFinished{Node: "model.shop.daily", Results: []event.StatementResult{{QueryID: "q1", Elapsed: time.Second}, {QueryID: "q2", Elapsed: time.Second, RowsAffected: 7}}}, daily,
		event.RunFinished{},
	} {
		out = append(out, b.Feed(record(n, body))...)
	}
	looked = true
	for i := range out {
		b.refresh(&out[i])
	}
	return out
}

// TestLakeGolden holds the events of a run on a lake to testdata/lake.ndjson: other names, versions, what was written, changed columns.
func TestLakeGolden(t *testing.T) {
	got := eventTime.ReplaceAll(lines(t, onLake()), []byte(`"eventTime":"-"`))
	path := filepath.Join("testdata", "lake.ndjson")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the events differ from %s; see the difference with -update and git diff", path)
	}
	for _, text := range []string{`"symlinks"`, `"datasetVersion":"5781947118336215154"`, `"size":812`, `"fileCount":2`, `"rowCount":4`, `"rowCount":3`, `"lifecycleStateChange":"ALTER"`,
		`"lifecycleStateChange":"OVERWRITE"`, `"externalQueryId":"0f5e8d1c-1d0a-4a56-9f0e-7f3b9f0c9a02"`, `"storageLayer":"iceberg"`} {
		if !bytes.Contains(got, []byte(text)) {
			t.Errorf("no %s", text)
		}
	}
}
