package athena

import (
	"fmt"
	"testing"

	"github.com/weft-data/weft/adapters/aws/lake"
	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
)

func TestLinks(t *testing.T) {
	for _, c := range []struct {
		table        lake.Table
		region, want string
	}{
		{lake.Table{Database: "d", Name: "t", Account: "123456789012", Location: "s3://b/x/y/"}, "eu-west-1", "[{arn:aws:glue:eu-west-1:123456789012 table/d/t TABLE} {s3://b x/y LOCATION}]"},
		{lake.Table{Database: "ns", Name: "t", Account: "123456789012", Path: "s3tablescatalog/b"}, "us-gov-west-1", "[{arn:aws-us-gov:glue:us-gov-west-1:123456789012 table/s3tablescatalog/b/ns/t TABLE}]"},
		{lake.Table{Database: "d", Name: "v", Account: "123456789012", View: true, Location: "s3://b/x"}, "cn-north-1", "[{arn:aws-cn:glue:cn-north-1:123456789012 table/d/v TABLE}]"},
	} {
		if got := fmt.Sprint(links(c.table, c.region)); got != c.want {
			t.Errorf("%s, expected %s", got, c.want)
		}
	}
}

// Links and snapshots are answered where they are asked for, and nowhere else; metadata that cannot be read is no failure.
func TestTold(t *testing.T) {
	_, e := open(t, nil)
	if _, err := do(t, e, "", "CREATE DATABASE d LOCATION 's3://lake/d'", "CREATE EXTERNAL TABLE d.t (a int) LOCATION 's3://lake/d/t'"); err != nil {
		t.Fatal(err)
	}
	r := node.Relation{Database: "awsdatacatalog", Schema: "d", Identifier: "t"}
	for links, want := range map[bool]string{true: "[{arn:aws:glue:us-east-1:123456789012 table/d/t TABLE} {s3://lake d/t LOCATION}]", false: "[]"} {
		seen, err := e.Observe(t.Context(), []plan.Observation{{Relation: r, Links: links, Snapshot: true}})
		if err != nil || len(seen.Objects) != 1 {
			t.Fatal(seen, err)
		}
		if got := fmt.Sprint(seen.Objects[0].Links); got != want || seen.Objects[0].Snapshot != nil {
			t.Errorf("links %v: %s %v", links, got, seen.Objects[0].Snapshot)
		}
	}
}
